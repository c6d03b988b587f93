"""Whether the values of tables are words that this program knows: others would stop a command later."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.errors import UsageError
from tracker.model import Gap, NoticeKind, Placement, Posture, RelativeTo, Side
from tracker.store.persons import checked_time_zone
from tracker.store.revisions import Action, Field
from tracker.store.tables import (
    AnalysisSensorTable,
    AnalysisTable,
    ExerciseSetTable,
    HabitDayTable,
    ManualSetTable,
    NoticeTable,
    PersonTable,
    PlanTable,
    RecordingTable,
    RepetitionTable,
    RestTestTable,
    RuleVerdictTable,
    ScreeningTable,
    SensorAlignmentTable,
    SensorTable,
    SessionRevisionTable,
    SessionSensorTable,
    SessionTable,
    SessionTargetTable,
    SetCorrectionTable,
    ShownRangeTable,
)
from tracker.store.values import SessionState

_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
"""Beyond them weeks and zones reach the calendar's ends."""

Check = Callable[[str], object]
TextColumn = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


def _side_or_none(text: str) -> None:
    if text:
        Side(text)


def _words(text: str) -> None:
    found = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError(f"{text[:60]!r} is no list of words")


def _gaps(text: str) -> None:
    for gap in json.loads(text):
        Gap(*gap)


def _object(text: str) -> None:
    if not isinstance(json.loads(text), dict):
        raise ValueError(f"{text[:60]!r} is no object")


def _inner_path(text: str) -> None:
    if ".." in PurePosixPath(text).parts:
        raise ValueError(f"the recording {text[:60]!r} lies nowhere")


_CHECKS: tuple[tuple[TextColumn, Check], ...] = (
    (PersonTable.time_zone, checked_time_zone),
    (SessionTable.time_zone, checked_time_zone),
    (SessionTable.state, SessionState),
    (SensorTable.placement, Placement),
    (SessionSensorTable.placement, Placement),
    (RecordingTable.path, _inner_path),
    (AnalysisTable.parameters, _object),
    (AnalysisSensorTable.placement, Placement),
    (AnalysisSensorTable.gaps, _gaps),
    (SensorAlignmentTable.placement, Placement),
    (SensorAlignmentTable.side, Side),
    (ShownRangeTable.side, Side),
    (NoticeTable.kind, NoticeKind),
    (NoticeTable.placement, Placement),
    (ExerciseSetTable.side, Side),
    (ExerciseSetTable.flags, _words),
    (RepetitionTable.side, Side),
    (RepetitionTable.flags, _words),
    (RestTestTable.side, Side),
    (RestTestTable.relative_to, RelativeTo),
    (RestTestTable.posture, Posture),
    (RestTestTable.flags, _words),
    (SessionRevisionTable.action, Action),
    (SessionRevisionTable.field, Field),
    (SessionRevisionTable.side, _side_or_none),
    (SetCorrectionTable.side, _side_or_none),
    (ManualSetTable.side, Side),
    (SessionTargetTable.side, Side),
    (PlanTable.starts_on, date.fromisoformat),
    (PlanTable.ends_on, date.fromisoformat),
    (RuleVerdictTable.inputs, _object),
    (RuleVerdictTable.change, _object),
    (HabitDayTable.day, date.fromisoformat),
    (ScreeningTable.answers, _object),
)


def check_meaning(connection: Connection) -> None:
    """Look at every value that has to be one of a few words, or to be read further.

    Raises:
        ValueError: one is not; it names table and column.
    """
    for column, check in _CHECKS:
        for text in connection.scalars(select(column).distinct().where(column.is_not(None))):
            try:
                check(str(text))
            except (ValueError, TypeError, KeyError, RecursionError, UsageError) as error:
                raise ValueError(f"{column}: {error}") from error
    _check_times(connection, SessionTable.started_at)


def _check_times(connection: Connection, column: InstrumentedAttribute[Any]) -> None:
    for instant in connection.execute(select(func.min(column), func.max(column))).one():
        if instant is not None and not _EARLIEST <= instant <= _LATEST:
            raise ValueError(f"{column}: there were no sessions in the year {instant.year}")
