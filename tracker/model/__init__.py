"""The project's words as values: what is measured, where, when, and with what result.

Angles are radians, times seconds since the recording's start, frames ISB (x anterior, y proximal,
z to the right on both legs). Internal rotation is positive on both legs.
"""

from tracker.model.analysis import Analysis, Notice, NoticeKind
from tracker.model.body import THIGH_SIDES, Placement, Posture, Side
from tracker.model.calibration import AccelerometerCalibration
from tracker.model.diary import Band, SessionFelt, SetFelt
from tracker.model.phases import Edge, Phase, PhaseKind, PhaseMark, ReferenceRecipe
from tracker.model.prescription import SetTarget
from tracker.model.rest import RelativeTo, RestTest, RestUncertainty, SensorAlignment
from tracker.model.samples import (
    GAP_IN_INTERVALS,
    BoolArray,
    FloatArray,
    Gap,
    Notification,
    SensorIdentity,
    SensorQuality,
    TimedBlock,
    WallClockAnchor,
    steps_after,
)
from tracker.model.training import GOES_ON, ExerciseSet, Form, ReferenceRange, Repetition

__all__ = [
    "GAP_IN_INTERVALS",
    "GOES_ON",
    "THIGH_SIDES",
    "AccelerometerCalibration",
    "Analysis",
    "Band",
    "BoolArray",
    "Edge",
    "ExerciseSet",
    "FloatArray",
    "Form",
    "Gap",
    "Notice",
    "NoticeKind",
    "Notification",
    "Phase",
    "PhaseKind",
    "PhaseMark",
    "Placement",
    "Posture",
    "ReferenceRange",
    "ReferenceRecipe",
    "RelativeTo",
    "Repetition",
    "RestTest",
    "RestUncertainty",
    "SensorAlignment",
    "SensorIdentity",
    "SensorQuality",
    "SessionFelt",
    "SetFelt",
    "SetTarget",
    "Side",
    "TimedBlock",
    "WallClockAnchor",
    "steps_after",
]
