"""What a person did within a span of time: the queries behind the week and the trend."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select

from tracker.model import SensorAlignment, Side
from tracker.store.analysis_rows import alignment_of, rest_test_of
from tracker.store.tables import (
    AnalysisTable,
    ExerciseSetTable,
    RecordingTable,
    RestTestTable,
    SensorAlignmentTable,
    SessionTable,
)
from tracker.store.values import RestTestInSpan, SessionInSpan, SetCounts, SpanRows

_CURRENT: ColumnElement[bool] = and_(
    AnalysisTable.recording_id == RecordingTable.id, AnalysisTable.is_current.is_(True)
)


def week_rows(connection: Connection, person_id: int, start: datetime, end: datetime) -> SpanRows:
    """All that one person did in sessions that began within [start, end): a week, or any other span.

    Only current analyses count. Repetitions are not looked at: the sets carry their counts.

    Args:
        start, end: aware instants.
    """
    within = and_(
        SessionTable.person_id == person_id, SessionTable.started_at >= start, SessionTable.started_at < end
    )
    sessions = tuple(
        SessionInSpan(row.id, row.started_at, row.simulated, row.version, row.parameters)
        for row in connection.execute(session_query(within))
    )
    sets = tuple(
        SetCounts(row.id, row.exercise, _side(row.side), row.sets, row.valid_reps, row.partial_reps)
        for row in connection.execute(set_query(within))
    )
    rest_tests = tuple(
        RestTestInSpan(row.session_id, rest_test_of(row))
        for row in connection.execute(rest_test_query(within))
    )
    alignments: dict[int, list[SensorAlignment]] = {}
    for row in connection.execute(alignment_query(within)):
        alignments.setdefault(row.session_id, []).append(alignment_of(row))
    of_session = {session_id: tuple(found) for session_id, found in alignments.items()}
    return SpanRows(sessions, sets, rest_tests, of_session)


def session_query(within: ColumnElement[bool]) -> Select[int, datetime, bool, str | None, str | None]:
    """Sessions with the recipe of their current analysis."""
    return (
        select(
            SessionTable.id,
            SessionTable.started_at,
            SessionTable.simulated,
            AnalysisTable.version,
            AnalysisTable.parameters,
        )
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .outerjoin(AnalysisTable, _CURRENT)
        .where(within)
        .order_by(SessionTable.started_at, SessionTable.id)
    )


def set_query(within: ColumnElement[bool]) -> Select[int, str, str | None, int, int, int]:
    """Counts of sets and repetitions by session, exercise and side."""
    return (
        select(
            SessionTable.id,
            ExerciseSetTable.exercise,
            ExerciseSetTable.side,
            func.count().label("sets"),
            func.sum(ExerciseSetTable.valid_reps).label("valid_reps"),
            func.sum(ExerciseSetTable.partial_reps).label("partial_reps"),
        )
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _CURRENT)
        .join(ExerciseSetTable, ExerciseSetTable.analysis_id == AnalysisTable.id)
        .where(within)
        .group_by(SessionTable.id, SessionTable.started_at, ExerciseSetTable.exercise, ExerciseSetTable.side)
        .order_by(SessionTable.started_at, SessionTable.id, ExerciseSetTable.exercise, ExerciseSetTable.side)
    )


def rest_test_query(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Rest tests, refused ones included."""
    return (
        select(SessionTable.id.label("session_id"), RestTestTable.__table__)
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _CURRENT)
        .join(RestTestTable, RestTestTable.analysis_id == AnalysisTable.id)
        .where(within)
        .order_by(SessionTable.started_at, SessionTable.id, RestTestTable.id)
    )


def alignment_query(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Alignments of the sessions with rest tests."""
    return (
        select(SessionTable.id.label("session_id"), SensorAlignmentTable.__table__)
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _CURRENT)
        .join(SensorAlignmentTable, SensorAlignmentTable.analysis_id == AnalysisTable.id)
        .where(within, exists().where(RestTestTable.analysis_id == AnalysisTable.id))
        .order_by(SessionTable.id, SensorAlignmentTable.id)
    )


def _side(value: str | None) -> Side | None:
    return None if value is None else Side(value)
