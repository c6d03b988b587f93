"""Buttons that take the radio, and what is being done with it."""

from collections.abc import Callable

from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from tracker.app.engine.jobs import AsyncWork, Job, JobKind
from tracker.app.frame import show_error
from tracker.app.html import button, tag
from tracker.app.live.names import placement_name
from tracker.app.operations.calibration_work import Calibrated, CalibratingNow
from tracker.app.operations.radio_work import Checked, PairedNow, Shown, start_radio_work
from tracker.app.pages.job_card import JobCard
from tracker.app.pages.sensors.findings import show_findings
from tracker.app.site import View
from tracker.app.words import Words
from tracker.errors import TrackerError
from tracker.motion.frames.six_positions import Face
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2
from tracker.session.placing import PlacingNews

_MILLI_G = 1000.0 / STANDARD_GRAVITY_M_PER_S2


class RadioButtons:
    """Buttons that cannot be pressed while a session has the radio."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._buttons: list[TextElement] = []
        self._is_busy: bool | None = None
        self._faults = tag("div")

    def add(self, text: str, kind: JobKind, make_work: Callable[[], AsyncWork], **attributes: str) -> None:
        """A button that begins some work."""

        def press(_event: GenericEventArguments) -> None:
            self.start(kind, make_work)

        one = button(text, press, **attributes)
        self._set(one)
        self._buttons.append(one)

    def start(self, kind: JobKind, make_work: Callable[[], AsyncWork]) -> None:
        """Begin some work; why it cannot begin is shown at the top of the page."""
        site = self._view.site
        self._faults.clear()
        try:
            start_radio_work(site.jobs, site.engine, kind, make_work())
        except TrackerError as error:
            with self._faults:
                show_error(self._view.words, error)

    def set_busy(self, busy: bool) -> bool:
        """Whether a session has the radio; true where that is news."""
        if busy == self._is_busy:
            return False
        self._is_busy = busy
        self._buttons = [one for one in self._buttons if not one.is_deleted]
        for one in self._buttons:
            self._set(one)
        return True

    def _set(self, one: TextElement) -> None:
        if self._is_busy:
            one.props["disabled"] = True
        else:
            one.props.pop("disabled", None)


def show_radio_job(view: View) -> None:
    """What is being done with sensors, step by step, and what came of it."""
    words = view.words
    JobCard(
        view,
        JobKind.RADIO,
        words("The sensors are at work."),
        lambda job: _show_result(view, job),
        lambda job: _show_news(words, job),
    )


def _show_news(words: Words, job: Job) -> None:
    match job.news:
        case PlacingNews() as news:
            tag("p", words.told(news.text), classes="strong")
        case CalibratingNow() as news:
            _show_calibrating(words, news)
        case _:
            tag("p", words("Connecting; this takes some seconds."))


def _show_calibrating(words: Words, news: CalibratingNow) -> None:
    if news.lost:
        tag(
            "p",
            words("The sensor is not heard any more. Lay it nearer to the computer; what was taken counts."),
            classes="strong bad",
        )
    elif not news.streaming:
        tag("p", words("Connecting; this takes some seconds."))
    elif news.missing:
        tag(
            "p",
            words(
                "Lay the sensor on a firm table, on each of its six sides in turn, "
                "still for two seconds each."
            ),
            classes="strong",
        )
    else:
        tag("p", words("Now lean it against something, so that no side is level."), classes="strong")
    with tag("ul", classes="row plain"):
        for face in Face:
            taken, side = face not in news.missing, face.value
            text = words("{side} up: taken", side=side) if taken else words("{side} up: to come", side=side)
            tag("li", text, classes="good strong" if taken else "soft")


def _show_result(view: View, job: Job) -> None:
    words = view.words
    match job.result:
        case Shown(label=label, shows=True):
            tag("p", words("{sensor} blinks now, for half a minute.", sensor=label), classes="strong")
        case Shown(label=label):
            tag(
                "p",
                words(
                    "{sensor} cannot show itself. Tell it by its name, or by lifting a knee.", sensor=label
                ),
                classes="strong",
            )
        case PairedNow(sensors=sensors):
            tag("p", words("Kept:"), classes="strong")
            with tag("ul"):
                for placement, identity in sensors.items():
                    name = identity.name or identity.address
                    tag("li", words("{place}: {sensor}", place=placement_name(words, placement), sensor=name))
        case Calibrated() as done:
            _show_calibrated(words, done)
        case Checked(findings=findings):
            show_findings(words, findings)


def _show_calibrated(words: Words, done: Calibrated) -> None:
    calibration, name = done.calibration, done.identity.name or done.identity.sensor_id
    tag("p", words("{sensor} is calibrated.", sensor=name), classes="strong")
    offsets = [words.number(_MILLI_G * one, 1, signed=True) for one in calibration.offset_m_per_s2]
    scales = [words.number(one, 4) for one in calibration.scale]
    with tag("ul"):
        tag("li", words("offsets of x, y and z in mg: {values}", values=words.listed(offsets)))
        tag("li", words("scales of x, y and z: {values}", values=words.listed(scales)))
        residual = words.number(_MILLI_G * calibration.residual_m_per_s2, 1)
        tag("li", words("the slanted position is off by {value} mg", value=residual))
