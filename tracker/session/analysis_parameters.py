"""What the result of an analysis depends on beside the recording."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.model import AccelerometerCalibration
from tracker.motion.exercise import Exercise
from tracker.motion.parameters import MotionParameters
from tracker.motion.person import PersonalRecord
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.session.backfill_parameters import BackfillParameters


@dataclass(frozen=True, slots=True)
class AnalysisParameters:
    """Everything that the result depends on beside the recording.

    Attributes:
        person: what is taken over from the person's earlier sessions.
        calibrations: of accelerometers, by sensor id.
        backfill: for how long what was lost on the way is waited for.
    """

    motion: MotionParameters
    clock: ClockParameters
    exercises: Mapping[str, Exercise]
    person: PersonalRecord = field(default_factory=PersonalRecord)
    calibrations: Mapping[str, AccelerometerCalibration] = field(default_factory=dict)
    backfill: BackfillParameters = field(default_factory=BackfillParameters)
