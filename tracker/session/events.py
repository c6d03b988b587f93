"""What the pipeline tells while a session goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tracker.model import ExerciseSet, FloatArray, Notice, PhaseKind, Placement, RestTest, Side
from tracker.motion.counting.closed import RepetitionClosed


@dataclass(frozen=True, slots=True)
class PoseTaken:
    """A calibration pose of one sensor was taken, or refused with a reason."""

    placement: Placement
    kind: PhaseKind
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


PipelineEvent: TypeAlias = (
    PoseTaken | KneeLifted | RangeShown | RestTest | RepetitionClosed | ExerciseSet | Notice
)
TraceSink: TypeAlias = Callable[[Placement, FloatArray, FloatArray, FloatArray | None], None]
