"""What a person did within a span of time: the queries behind the week and the trend."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select

from tracker.model import SensorAlignment, Side
from tracker.store.corrected import (
    corrected_exercise,
    corrected_partial_reps,
    corrected_valid_reps,
    corrects_set,
    counts,
)
from tracker.store.goes_on import goes_on_query
from tracker.store.rest_rows import (
    ALIGNMENT_COLUMNS,
    REST_TEST_COLUMNS,
    alignment_of_values,
    rest_test_of_values,
)
from tracker.store.tables import (
    AnalysisTable,
    ExerciseSetTable,
    ManualSetTable,
    RecordingTable,
    RestTestTable,
    SensorAlignmentTable,
    SessionTable,
    SetCorrectionTable,
)
from tracker.store.values import RestTestInSpan, SessionInSpan, SetCounts, SpanRows, ToldSets

_CURRENT: ColumnElement[bool] = and_(
    AnalysisTable.recording_id == RecordingTable.id, AnalysisTable.is_current.is_(True)
)


def week_rows(connection: Connection, person_id: int, start: datetime, end: datetime) -> SpanRows:
    """All that one person did in sessions that began within [start, end): a week, or any other span.

    Only current analyses count. Repetitions are not looked at: the sets carry their counts.

    Args:
        start, end: aware instants.
    """
    within = sessions_within(person_id, start, end)
    sessions = tuple(
        SessionInSpan(
            session_id=row.id,
            started_at=row.started_at,
            simulated=row.simulated,
            by_hand=row.by_hand,
            rest_left_out=row.rest_left_out,
            ended_at=row.ended_at,
            analysis_version=row.version,
            analysis_parameters=row.parameters,
        )
        for row in connection.execute(session_query(within))
    )
    parts = {(row.id, row.exercise, row.side): row.sets for row in connection.execute(goes_on_query(within))}
    sets = tuple(
        SetCounts(
            session_id=row.id,
            exercise=row.exercise,
            side=_side(row.side),
            sets=row.sets - parts.get((row.id, row.exercise, row.side), 0),
            valid_reps=row.valid_reps,
            partial_reps=row.partial_reps,
        )
        for row in connection.execute(set_query(within))
    )
    told = tuple(
        ToldSets(row.session_id, row.exercise, _side(row.side), row.sets, row.reps, row.hold_s)
        for row in connection.execute(told_query(within))
    )
    rest_tests = tuple(
        RestTestInSpan(row[0], rest_test_of_values(row[1:]))
        for row in connection.execute(rest_test_query(within))
    )
    alignments: dict[int, list[SensorAlignment]] = {}
    for row in connection.execute(alignment_query(within)):
        alignments.setdefault(row[0], []).append(alignment_of_values(row[1:]))
    of_session = {session_id: tuple(found) for session_id, found in alignments.items()}
    return SpanRows(sessions, sets, told, rest_tests, of_session)


def sessions_within(person_id: int, start: datetime, end: datetime) -> ColumnElement[bool]:
    """What holds for the sessions of one person that began within [start, end) and were not deleted."""
    return and_(
        SessionTable.person_id == person_id,
        SessionTable.started_at >= start,
        SessionTable.started_at < end,
        SessionTable.deleted_at.is_(None),
    )


def session_query(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Sessions with the recipe of their current analysis."""
    return (
        select(
            SessionTable.id,
            SessionTable.started_at,
            SessionTable.simulated,
            SessionTable.by_hand,
            SessionTable.rest_left_out,
            SessionTable.ended_at,
            AnalysisTable.version,
            AnalysisTable.parameters,
        )
        .outerjoin(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .outerjoin(AnalysisTable, _CURRENT)
        .where(within)
        .order_by(SessionTable.started_at, SessionTable.id)
    )


def set_query(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Counts of sets and repetitions by session, exercise and side, as they were corrected.

    A set with a pause in it counts once for each part: how often that was is another query, as only this one
    is answered by the index alone.
    """
    exercise, side = corrected_exercise(), ExerciseSetTable.side
    return (
        select(
            SessionTable.id,
            exercise.label("exercise"),
            side,
            func.count().label("sets"),
            func.sum(corrected_valid_reps()).label("valid_reps"),
            func.sum(corrected_partial_reps()).label("partial_reps"),
        )
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _CURRENT)
        .join(ExerciseSetTable, ExerciseSetTable.analysis_id == AnalysisTable.id)
        .outerjoin(SetCorrectionTable, corrects_set())
        .where(within, counts())
        .group_by(SessionTable.id, SessionTable.started_at, exercise, side)
        .order_by(SessionTable.started_at, SessionTable.id, exercise, side)
    )


def told_query(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Sets that were done without sensors."""
    return (
        select(ManualSetTable.__table__)
        .join(SessionTable, SessionTable.id == ManualSetTable.session_id)
        .where(within)
        .order_by(SessionTable.started_at, SessionTable.id, ManualSetTable.id)
    )


def rest_test_query(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Sessions and their rest tests by `REST_TEST_COLUMNS`, refused ones included."""
    return (
        select(SessionTable.id, *REST_TEST_COLUMNS)
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _CURRENT)
        .join(RestTestTable, RestTestTable.analysis_id == AnalysisTable.id)
        .where(within, SessionTable.rest_left_out.is_(False))
        .order_by(SessionTable.started_at, SessionTable.id, RestTestTable.id)
    )


def alignment_query(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Sessions with rest tests and their alignments by `ALIGNMENT_COLUMNS`."""
    return (
        select(SessionTable.id, *ALIGNMENT_COLUMNS)
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _CURRENT)
        .join(SensorAlignmentTable, SensorAlignmentTable.analysis_id == AnalysisTable.id)
        .where(within, exists().where(RestTestTable.analysis_id == AnalysisTable.id))
        .order_by(SessionTable.id, SensorAlignmentTable.id)
    )


def _side(value: str | None) -> Side | None:
    return None if value is None else Side(value)
