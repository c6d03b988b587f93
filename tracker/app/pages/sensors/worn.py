"""The paired sensors: who is worn where, with what can be done to each."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import partial

from nicegui.events import GenericEventArguments

from tracker.app.engine.jobs import JobKind
from tracker.app.frame import show_error
from tracker.app.html import button, tag
from tracker.app.live.names import placement_name
from tracker.app.operations.calibration_work import calibration_work
from tracker.app.operations.radio_work import show_work
from tracker.app.operations.sensors import PairedSensor, unpaired
from tracker.app.pages.sensors.radio import RadioButtons
from tracker.app.site import View
from tracker.app.words import Words
from tracker.errors import TrackerError
from tracker.model import Placement

Refresh = Callable[[], Awaitable[None]]


def show_paired(view: View, buttons: RadioButtons, paired: Sequence[PairedSensor], refresh: Refresh) -> None:
    """A line for each place.

    Args:
        refresh: shows all of it anew.
    """
    words = view.words
    tag("h2", words("Which sensor is worn where"), id="paired")
    by_place = {one.placement: one for one in paired}
    if view.site.simulated and not paired:
        tag("p", words("Simulated sessions need no pairing; here it can be tried out."), classes="soft")
    for placement in Placement:
        with tag("div", classes="worn-place"):
            tag("h3", placement_name(words, placement))
            one = by_place.get(placement)
            if one is None:
                tag("p", words("no sensor"), classes="soft")
            else:
                _show_one(view, buttons, one, refresh)


def _show_one(view: View, buttons: RadioButtons, one: PairedSensor, refresh: Refresh) -> None:
    words, site = view.words, view.site
    place, sensor = placement_name(words, one.placement), one.identity.sensor_id
    with tag("dl", classes="fact-grid small"):
        _fact(words("Name"), one.identity.name or "–")
        _fact(words("Kind"), one.kind)
        _fact(words("Id"), sensor)
        _fact(words("Address"), one.identity.address or "–")
        _fact(words("Firmware"), one.firmware or words("not told"))
        percent = one.battery_percent
        _fact(words("Last battery"), words("not told") if percent is None else words.percent(percent / 100))
        _fact(words("Calibrated"), _calibrated_text(words, one.calibrated_on))
    with tag("div", classes="row"):
        simulated = site.simulated
        buttons.add(
            words("Let it blink"),
            JobKind.RADIO,
            partial(show_work, site.place, sensor, simulated=simulated),
            aria_label=words("{place}: let it blink", place=place),
        )
        buttons.add(
            words("Calibrate"),
            JobKind.RADIO,
            partial(calibration_work, site.place, site.database, sensor, simulated=simulated),
            aria_label=words("{place}: calibrate", place=place),
        )
        button(
            words("Take it out"),
            partial(_unpair, view, one.placement, refresh),
            aria_label=words("{place}: take it out", place=place),
        )


def _fact(title: str, text: str) -> None:
    with tag("div"):
        tag("dt", title)
        tag("dd", text)


def _calibrated_text(words: Words, day: str | None) -> str:
    return words("not yet") if day is None else words.date(date.fromisoformat(day))


async def _unpair(view: View, placement: Placement, refresh: Refresh, _event: GenericEventArguments) -> None:
    try:
        await asyncio.to_thread(unpaired, view.site.database, placement)
    except TrackerError as error:
        show_error(view.words, error)
        return
    await refresh()
