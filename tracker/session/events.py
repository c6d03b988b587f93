"""What the pipeline tells while a session goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tracker.model import ExerciseSet, FloatArray, Notice, PhaseKind, Placement, RestTest, Side
from tracker.motion.counting.closed import RepetitionClosed
from tracker.motion.exercise import CountedSignal


@dataclass(frozen=True, slots=True)
class PoseTaken:
    """A calibration pose of one sensor was taken, or refused with a reason; it ended at `end_s`."""

    placement: Placement
    kind: PhaseKind
    end_s: float
    recipe: str
    refused: str | None


@dataclass(frozen=True, slots=True)
class KneeLifted:
    """How far one thigh moved while a knee was to be lifted.

    Attributes:
        asked: the leg that was to be lifted; None or `both` for either.
        start_s: when the lift was marked, the same for both thighs.
        end_s: when the movement was over.
        refused: why it shows nothing of this thigh, in plain words; None where it does.
    """

    placement: Placement
    asked: Side | None
    start_s: float
    end_s: float
    range_rad: float
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class RangeShown:
    """A demonstration is over: the person's own range, or why it could not be taken."""

    side: Side | None
    exercise: str
    end_s: float
    rom_rad: float | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class LegState:
    """The newest sample of a leg, for a view.

    Attributes:
        hip_rotation_rad: None where it cannot be seen.
    """

    side: Side
    time_s: float
    hip_rotation_rad: float | None
    observability: float


@dataclass(frozen=True, slots=True)
class Gauge:
    """How far a leg is in the movement that the exercise which is on counts, for a view.

    Attributes:
        signal: the angle that is counted; not every exercise counts hip rotation.
        time_s: of the newest sample that shows it.
        value_rad: how far it is now from where its movement begins, the lowest point before it, positive the
            way that counts; None where it cannot be seen, or counting has not begun.
        valid_from_rad: from this range on a repetition is large enough.
        target_rad: the range to reach: the person's own shown one, else the exercise's.
        hold_target_s: where holds are counted, how long each should last; else None.
        ready: the leg is, or was still, in the exercise's pose: false says that nothing is counted now.
    """

    side: Side | None
    signal: CountedSignal
    time_s: float
    value_rad: float | None
    valid_from_rad: float
    target_rad: float
    hold_target_s: float | None = None
    ready: bool = True


PipelineEvent: TypeAlias = (
    PoseTaken | KneeLifted | RangeShown | RestTest | RepetitionClosed | ExerciseSet | Notice
)
TraceSink: TypeAlias = Callable[[Placement, FloatArray, FloatArray, FloatArray | None], None]
