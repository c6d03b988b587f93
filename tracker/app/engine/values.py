"""What a page needs to know of the running session, in degrees and seconds, ready to be sent."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """How far the session is."""

    IDLE = "idle"
    CONNECTING = "connecting"
    """The sensors are searched for and started."""
    RUNNING = "running"
    SAVING = "saving"
    """Stopped; the rest of the data is written and the result stored."""
    OVER = "over"
    """Stored; what it was is still shown, and how it felt can be said."""
    FAILED = "failed"
    """It could not begin, or ended early: `failure` says why."""


@dataclass(frozen=True, slots=True)
class StepNow:
    """What the person does or is asked to do next.

    Attributes:
        kind: of the phase, as `PhaseKind`.
        text: what to do, in English; the page translates it.
        recipe: how a reference pose is made neutral, as `ReferenceRecipe`.
        number, total: place of the step in the session, from 1.
        set_number, sets: place of the set among those of its exercise, from 1; None where it is no set.
        running: true while the phase is on; false while it is announced.
        paused: nothing goes on until the person resumes.
        resting: it is announced, and the rest after the set before is waited for.
        seconds_left: to the beginning or end of the phase; None where that is open.
        tempo: of a set: seconds there, held and back, as `2-1-3`; None where it does not matter.
    """

    kind: str
    text: str
    exercise: str | None
    side: str | None
    recipe: str | None
    repetitions: int | None
    number: int
    total: int
    set_number: int | None
    sets: int | None
    running: bool
    paused: bool
    resting: bool
    seconds_left: float | None
    tempo: str | None = None


@dataclass(frozen=True, slots=True)
class SensorNow:
    """One sensor.

    Attributes:
        state: as `LinkState`.
        loss: share of samples that did not arrive, 0 to 1.
        packet_age_s: since its newest packet; None before the first.
        detail: what is wrong with it, in English; empty where nothing is.
    """

    placement: str
    state: str
    battery_percent: int | None
    rssi_dbm: int | None
    rate_hz: float
    loss: float
    packet_age_s: float | None
    detail: str


@dataclass(frozen=True, slots=True)
class GaugeNow:
    """How far a leg is in the movement that is counted.

    Attributes:
        signal: what is counted, as `CountedSignal`.
        value_deg: from where the movement begins; None where it cannot be seen.
        valid_from_deg, target_deg: from where a repetition is valid, and where it should reach.
        hold_target_s: where holds are counted, how long each should last; else None.
        ready: false where the leg is not in the exercise's pose: nothing is counted then.
    """

    signal: str
    value_deg: float | None
    valid_from_deg: float
    target_deg: float
    hold_target_s: float | None
    ready: bool


@dataclass(frozen=True, slots=True)
class LegNow:
    """One leg, or the movement of an exercise that has no side.

    Attributes:
        hip_rotation_deg: internal is positive; None where it cannot be seen.
        valid, partial: repetitions of the present set, less those that were taken back.
        gauge: None where nothing is counted.
    """

    side: str | None
    hip_rotation_deg: float | None
    valid: int
    partial: int
    last_rom_deg: float | None
    last_valid: bool
    gauge: GaugeNow | None = None


@dataclass(frozen=True, slots=True)
class HeardRepetition:
    """A repetition that was completed; each has a number of its own, so that it is heard once.

    Attributes:
        serial: rises by one with each of the session.
        rom_deg: its range; None where the sensor was at its range's end.
        reasons: why it is partial.
    """

    serial: int
    side: str | None
    valid: bool
    rom_deg: float | None
    time_s: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TraceNow:
    """The last seconds of one leg.

    Attributes:
        points: time in s of the recording, and hip rotation in deg or None where it cannot be seen.
    """

    side: str
    points: tuple[tuple[float, float | None], ...]


@dataclass(frozen=True, slots=True)
class RestTestNow:
    """One rest test, measured or refused."""

    side: str
    start_s: float
    hip_rotation_deg: float | None
    uncertainty_deg: float | None
    relative_to: str
    refused: str | None


@dataclass(frozen=True, slots=True)
class SetNow:
    """One finished set of one leg; `number` counts the sets of the session from 1."""

    number: int
    exercise: str
    side: str | None
    valid: int
    partial: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why it went no further, in English."""

    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class SessionNow:
    """The running session at one moment.

    Attributes:
        version: rises with every change.
        session_id: known once something is recorded.
        rest_only: only the resting rotation is measured.
        time_s: of the newest sample, on the recording's time line.
        step: None before the first one, and after the last while it is waited whether one is repeated.
        ends_in_s: after the last step: when the session ends by itself.
        can_repeat_rest_test: a further rest test can be asked for.
        closed: the newest repetitions, the last one last.
        sets_begun: how many sets have begun: of these it can be said how they felt.
        notes: the newest news, in English.
    """

    version: int = 0
    stage: Stage = Stage.IDLE
    simulated: bool = False
    person_id: int | None = None
    person_name: str | None = None
    session_id: int | None = None
    rest_only: bool = False
    time_s: float = 0.0
    step: StepNow | None = None
    ends_in_s: float | None = None
    can_repeat_rest_test: bool = False
    sensors: tuple[SensorNow, ...] = ()
    legs: tuple[LegNow, ...] = ()
    traces: tuple[TraceNow, ...] = ()
    closed: tuple[HeardRepetition, ...] = ()
    rest_tests: tuple[RestTestNow, ...] = ()
    sets: tuple[SetNow, ...] = ()
    sets_begun: int = 0
    notes: tuple[str, ...] = ()
    failure: Failure | None = None
