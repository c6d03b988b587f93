"""What a person did within a span of time: the queries behind the week and the trend."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from tracker.model import RelativeTo, Side
from tracker.store.analysis_rows import uncertainty_of
from tracker.store.tables import AnalysisTable, ExerciseSetTable, RecordingTable, RestTestTable, SessionTable
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
        RestTestInSpan(
            row.id,
            Side(row.side),
            row.hip_rotation_deg,
            uncertainty_of(row),
            RelativeTo(row.relative_to),
            row.refused,
        )
        for row in connection.execute(rest_test_query(within))
    )
    return SpanRows(sessions, sets, rest_tests)


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
        select(
            SessionTable.id,
            RestTestTable.side,
            RestTestTable.hip_rotation_deg,
            RestTestTable.uncertainty_deg,
            RestTestTable.sensor_sd_deg,
            RestTestTable.crosstalk_sd_deg,
            RestTestTable.reference_sd_deg,
            RestTestTable.donning_sd_deg,
            RestTestTable.wander_sd_deg,
            RestTestTable.coverage,
            RestTestTable.relative_to,
            RestTestTable.refused,
        )
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _CURRENT)
        .join(RestTestTable, RestTestTable.analysis_id == AnalysisTable.id)
        .where(within)
        .order_by(SessionTable.started_at, SessionTable.id, RestTestTable.id)
    )


def _side(value: str | None) -> Side | None:
    return None if value is None else Side(value)
