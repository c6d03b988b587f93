"""The step of a session in words: what to do, how long, and its drawing."""

from dataclasses import dataclass

from tracker.app.drawings import drawing_of
from tracker.app.engine.values import SessionNow, Stage, StepNow
from tracker.app.live.names import exercise_title, leg_name
from tracker.app.words import Words
from tracker.model import PhaseKind
from tracker.plan.catalogue import Catalogue

_COUNTED = (PhaseKind.SET, PhaseKind.DEMONSTRATION)


@dataclass(frozen=True, slots=True)
class TempoGuide:
    """The tempo of a set: seconds there, held and back, with a name for each."""

    seconds: tuple[float, float, float]
    there: str
    hold: str
    back: str
    label: str


@dataclass(frozen=True, slots=True)
class StepShown:
    """What a person reads of the present step.

    Attributes:
        key: differs from step to step.
        phase: `waiting`, `resting`, `on`, `paused` or `done`.
        counted: repetitions are counted in it, so that the count fills the screen.
        drawing: SVG; empty where there is none.
    """

    key: str
    phase: str
    counted: bool
    place: str
    title: str
    details: tuple[str, ...]
    state: str
    text: str
    drawing: str = ""
    alt: str = ""
    tempo: TempoGuide | None = None


@dataclass(frozen=True, slots=True)
class Countdown:
    """The seconds that are left, rounded up.

    Attributes:
        seconds: for the page's own tones.
        aloud: the sentence that a screen reader hears now and then.
    """

    seconds: int
    text: str
    label: str


def step_shown(words: Words, catalogue: Catalogue, now: SessionNow) -> StepShown | None:
    """The present step; None where no session is on."""
    if now.stage is Stage.CONNECTING or (now.stage is Stage.RUNNING and not now.time_s):
        return _before(words)
    if now.stage not in (Stage.RUNNING, Stage.SAVING):
        return None
    step = now.step
    if now.stage is Stage.SAVING:
        text = words("What was recorded is being saved.")
        return StepShown("saving", "done", False, "", words("Saving"), (), "", text)
    return _after_all(words, now) if step is None else _step(words, catalogue, step)


def countdown(words: Words, now: SessionNow) -> Countdown | None:
    """The seconds to the beginning or end of the step; None where that is open."""
    step = now.step
    if now.stage is not Stage.RUNNING:
        return None
    left_s = now.ends_in_s if step is None else step.seconds_left
    if left_s is None:
        return None
    seconds = max(0, -int(-left_s // 1))
    if step is None:
        label = words("until it is saved by itself")
    elif step.running:
        label = words("still to hold")
    else:
        label = words("until it begins")
    return Countdown(seconds, _clock(words, seconds), label)


def _clock(words: Words, seconds: int) -> str:
    if seconds < 100:
        return words.number(seconds, 0)
    return words.duration(seconds, short=True)


def _before(words: Words) -> StepShown:
    return StepShown(
        "connecting",
        "waiting",
        False,
        "",
        words("The sensors are searched for"),
        (),
        "",
        words("Keep them close to the computer. It begins by itself as soon as they send."),
    )


def _after_all(words: Words, now: SessionNow) -> StepShown:
    if now.rest_only:
        text = words("Save it now, or repeat a test that was refused. Nothing is lost.")
    else:
        text = words("Say how the last set felt, and save it.")
    return StepShown("done", "done", False, "", words("All steps are done"), (), "", text)


def _step(words: Words, catalogue: Catalogue, step: StepNow) -> StepShown:
    kind = PhaseKind(step.kind)
    picture = drawing_of(step.kind, step.exercise, step.recipe)
    phase = _phase(step)
    return StepShown(
        key=f"{step.number}/{step.total}/{step.text}",
        phase=phase,
        counted=kind in _COUNTED,
        place=words("Step {number} of {total}", number=step.number, total=step.total),
        title=_title(words, catalogue, kind, step),
        details=tuple(_details(words, kind, step)),
        state=_state(words, kind, phase),
        text=words.told(step.text),
        drawing="" if picture is None else picture.svg,
        alt="" if picture is None else words.told(picture.alt),
        tempo=None if step.tempo is None else _tempo(words, step.tempo),
    )


def _phase(step: StepNow) -> str:
    if step.paused:
        return "paused"
    if step.running:
        return "on"
    return "resting" if step.resting else "waiting"


def _title(words: Words, catalogue: Catalogue, kind: PhaseKind, step: StepNow) -> str:
    match kind:
        case PhaseKind.STANDING:
            return words("Stand still")
        case PhaseKind.REFERENCE:
            return words("Reference pose")
        case PhaseKind.REST:
            return words("Rest test")
        case PhaseKind.KNEE_LIFT:
            return words("Slide one heel")
        case PhaseKind.DEMONSTRATION:
            return words("Show your own range")
        case PhaseKind.SET if step.exercise is not None:
            return exercise_title(words, catalogue, step.exercise)
    return words("Next step")


def _details(words: Words, kind: PhaseKind, step: StepNow) -> list[str]:
    found = []
    if step.side is not None:
        found.append(leg_name(words, step.side))
    if step.set_number is not None and step.sets is not None:
        found.append(words("Set {number} of {total}", number=step.set_number, total=step.sets))
    if kind in _COUNTED and step.repetitions is not None:
        found.append(words.plural("{count} repetition", "{count} repetitions", step.repetitions))
    return found


def _state(words: Words, kind: PhaseKind, phase: str) -> str:
    match phase:
        case "paused":
            return words("Paused")
        case "resting":
            return words("Rest")
        case "waiting":
            return words("Get ready")
    return words("Go") if kind in (*_COUNTED, PhaseKind.KNEE_LIFT) else words("Hold still")


def _tempo(words: Words, tempo: str) -> TempoGuide | None:
    """The guide of a tempo like `2-1-3`; None of one that cannot be read."""
    try:
        there, hold, back = (float(part) for part in tempo.split("-"))
    except ValueError:
        return None
    label = words(
        "Tempo: {there} seconds there, {hold} held, {back} back",
        there=words.number(there, 0),
        hold=words.number(hold, 0),
        back=words.number(back, 0),
    )
    return TempoGuide((there, hold, back), words("There"), words("Hold"), words("Back"), label)
