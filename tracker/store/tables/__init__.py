"""The tables. Angles are degrees and times UTC; the unit is in the column's name.

Changing anything here needs a migration in `migrations/versions`; a test compares the two.
"""

from tracker.store.tables.base import Table, UtcDateTime
from tracker.store.tables.corrections import ManualSetTable, SessionRevisionTable, SetCorrectionTable
from tracker.store.tables.diary import (
    BandTable,
    HabitDayTable,
    ScreeningTable,
    SessionFeltTable,
    SetFeltTable,
)
from tracker.store.tables.planned import PlanTable, RuleVerdictTable, SessionTargetTable
from tracker.store.tables.results import (
    AnalysisSensorTable,
    AnalysisTable,
    ExerciseSetTable,
    NoticeTable,
    RepetitionTable,
    RestTestTable,
    SensorAlignmentTable,
    ShownRangeTable,
)
from tracker.store.tables.sessions import (
    PersonTable,
    RecordingTable,
    SensorCalibrationTable,
    SensorTable,
    SessionSensorTable,
    SessionTable,
)

__all__ = [
    "AnalysisSensorTable",
    "AnalysisTable",
    "BandTable",
    "ExerciseSetTable",
    "HabitDayTable",
    "ManualSetTable",
    "NoticeTable",
    "PersonTable",
    "PlanTable",
    "RecordingTable",
    "RepetitionTable",
    "RestTestTable",
    "RuleVerdictTable",
    "ScreeningTable",
    "SensorAlignmentTable",
    "SensorCalibrationTable",
    "SensorTable",
    "SessionFeltTable",
    "SessionRevisionTable",
    "SessionSensorTable",
    "SessionTable",
    "SessionTargetTable",
    "SetCorrectionTable",
    "SetFeltTable",
    "ShownRangeTable",
    "Table",
    "UtcDateTime",
]
