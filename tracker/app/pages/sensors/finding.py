"""Finding sensors, and saying where each is worn."""

from functools import partial

from tracker.app.engine.jobs import Job, JobKind
from tracker.app.forms import FieldError, Form, Sent
from tracker.app.html import tag
from tracker.app.live.names import placement_name
from tracker.app.live.sensor_words import signal_text
from tracker.app.operations.radio_work import (
    HeardSensor,
    SensorsHeard,
    check_work,
    pair_work,
    place_work,
    scan_work,
    show_work,
    start_radio_work,
)
from tracker.app.pages.job_card import JobCard
from tracker.app.pages.sensors.radio import RadioButtons
from tracker.app.site import View
from tracker.app.words import Words
from tracker.errors import UsageError
from tracker.model import Placement


def show_finding(view: View, buttons: RadioButtons) -> None:
    """The search, what it heard, and two ways to say where each is worn."""
    site, words = view.site, view.words
    simulated = site.simulated
    with tag("section", classes="card", aria_labelledby="find"):
        tag("h2", words("Find and place"), id="find")
        tag(
            "p",
            words(
                "Charge the sensors, move them so that they wake up, and bring them within two metres of the "
                "computer. A sensor that is connected to a phone cannot be found."
            ),
        )
        with tag("div", classes="row"):
            buttons.add(
                words("Find sensors"),
                JobKind.SCAN,
                partial(scan_work, site.place, simulated=simulated),
                classes="main-action",
            )
            buttons.add(
                words("Find out by lifting a knee"),
                JobKind.RADIO,
                partial(place_work, site.place, site.database, simulated=simulated),
            )
            buttons.add(
                words("Check Bluetooth and this computer"),
                JobKind.RADIO,
                partial(check_work, site.place, simulated=simulated),
            )
        tag(
            "p",
            words(
                "For lifting a knee: strap the sensors on, lie on your back, and follow what is asked above."
            ),
            classes="soft",
        )
        JobCard(
            view,
            JobKind.SCAN,
            words("Sensors are searched for."),
            lambda job: _show_found(view, buttons, job),
            lambda job: _show_heard(words, job.news),
        )


def _show_heard(words: Words, heard: object) -> None:
    sensors = heard.sensors if isinstance(heard, SensorsHeard) else ()
    if not sensors:
        tag("p", words("None is heard yet."))
    with tag("ul"):
        for one in sensors:
            tag("li", _heard_text(words, one))


def _heard_text(words: Words, one: HeardSensor) -> str:
    return words(
        "{sensor}, {kind}: {signal}", sensor=one.label, kind=one.kind, signal=signal_text(words, one.rssi_dbm)
    )


def _show_found(view: View, buttons: RadioButtons, job: Job) -> None:
    site, words, heard = view.site, view.words, job.result
    if not isinstance(heard, SensorsHeard):
        return

    async def keep(sent: Sent) -> None:
        chosen: dict[Placement, str] = {}
        for number, sensor in enumerate(heard.sensors):
            place = sent.get(f"sensor-{number}", "")
            if not place:
                continue
            if Placement(place) in chosen:
                raise FieldError(f"sensor-{number}", words("Another sensor is worn there already."))
            chosen[Placement(place)] = sensor.address
        if not chosen:
            raise UsageError("no sensor was chosen", advice="Say of one sensor at least where it is worn.")
        work = pair_work(site.place, site.database, chosen, simulated=site.simulated)
        start_radio_work(site.jobs, site.engine, JobKind.RADIO, work)

    text = words.plural("{count} sensor is heard.", "{count} sensors are heard.", len(heard.sensors))
    tag("p", text, classes="strong")
    with tag("div", classes="row"):
        for one in heard.sensors:
            buttons.add(
                words("Let {sensor} blink", sensor=one.label),
                JobKind.RADIO,
                partial(show_work, site.place, one.address, simulated=site.simulated),
            )
    options = [("", words("worn nowhere"))]
    options += [(one.value, placement_name(words, one)) for one in Placement]
    with Form(words, keep, action=words("Keep where they are worn"), name="places", main=False) as form:
        for number, one in enumerate(heard.sensors):
            form.choice(f"sensor-{number}", _heard_text(words, one), options, "")
