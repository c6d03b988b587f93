"""Analyses: stored whole or not at all, older ones kept beside the current one."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select, update

from tracker.errors import NotThereError
from tracker.model import Analysis, ExerciseSet, Placement, Repetition, SensorQuality
from tracker.store.analysis_rows import (
    AnyRow,
    alignment_of,
    alignment_row,
    notice_of,
    notice_row,
    range_of,
    range_row,
    repetition_of,
    repetition_row,
    rest_test_of,
    rest_test_row,
    sensor_of,
    sensor_row,
    set_of,
    set_row,
)
from tracker.store.sessions import no_such_session
from tracker.store.tables import (
    AnalysisSensorTable,
    AnalysisTable,
    ExerciseSetTable,
    NoticeTable,
    RecordingTable,
    RepetitionTable,
    RestTestTable,
    SensorAlignmentTable,
    SessionTable,
    ShownRangeTable,
    Table,
)
from tracker.store.values import AnalysisNumbers, StoredAnalysis


def save_analysis(
    connection: Connection, session_id: int, analysis: Analysis, created_at: datetime | None = None
) -> int:
    """Store an analysis of a session's recording and make it the current one; returns its id.

    All of it belongs to the transaction of `connection`. Refused rest tests are stored too.

    Args:
        created_at: the instant to keep; now where None.

    Raises:
        UsageError: no such session.
        ValueError: a measured number is not finite.
    """
    # The lock makes two programs on one server take turns, so that one analysis only stays current.
    query = select(RecordingTable.id).where(RecordingTable.session_id == session_id).with_for_update()
    recording_id = connection.execute(query).scalar()
    if recording_id is None:
        raise no_such_session(session_id)
    older = update(AnalysisTable).where(
        AnalysisTable.recording_id == recording_id, AnalysisTable.is_current.is_(True)
    )
    connection.execute(older.values(is_current=False))
    head = {
        "recording_id": recording_id,
        "version": analysis.version,
        "parameters": analysis.parameters,
        "created_at": created_at or datetime.now(UTC),
        "is_current": True,
        "duration_s": float(analysis.duration_s),
    }
    analysis_id = connection.execute(insert(AnalysisTable).returning(AnalysisTable.id), head).scalar_one()
    _insert(connection, AnalysisSensorTable, (sensor_row(analysis_id, one) for one in analysis.sensors))
    _insert(connection, RestTestTable, (rest_test_row(analysis_id, one) for one in analysis.rest_tests))
    _insert(connection, ShownRangeTable, (range_row(analysis_id, one) for one in analysis.ranges))
    _insert(
        connection, SensorAlignmentTable, (alignment_row(analysis_id, one) for one in analysis.alignments)
    )
    _insert(connection, NoticeTable, (notice_row(analysis_id, one) for one in analysis.notices))
    _insert_sets(connection, analysis_id, analysis.sets)
    return analysis_id


def read_analysis(connection: Connection, session_id: int) -> StoredAnalysis | None:
    """The current analysis of a session with all its results; None where it has not been analysed.

    Raises:
        UsageError: no such session.
    """
    query = _analyses_of(session_id).where(AnalysisTable.is_current.is_(True))
    row = connection.execute(query).one_or_none()
    if row is None:
        known = select(SessionTable.id).where(SessionTable.id == session_id)
        if connection.execute(known).scalar() is None:
            raise no_such_session(session_id)
        return None
    return _stored(connection, session_id, row)


def read_earlier_analysis(connection: Connection, session_id: int, analysis_id: int) -> StoredAnalysis:
    """One analysis of a session by its id, the current one or an older one.

    Raises:
        UsageError: the session has no such analysis.
    """
    query = _analyses_of(session_id).where(AnalysisTable.id == analysis_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotThereError(
            f"session {session_id} has no analysis {analysis_id}",
            advice=f"`tracker sessions show {session_id}` lists its analyses.",
            session_id=session_id,
            analysis_id=analysis_id,
        )
    return _stored(connection, session_id, row)


def analyses_of(connection: Connection, session_id: int) -> tuple[AnalysisNumbers, ...]:
    """All analyses of a session with what they come to, the earliest first."""

    def of_sets(value: ColumnElement[int]) -> ColumnElement[int]:
        inner = select(func.coalesce(value, 0)).where(ExerciseSetTable.analysis_id == AnalysisTable.id)
        return inner.correlate(AnalysisTable).scalar_subquery()

    def of_rest_tests(value: ColumnElement[int]) -> ColumnElement[int]:
        inner = select(value).where(RestTestTable.analysis_id == AnalysisTable.id)
        return inner.correlate(AnalysisTable).scalar_subquery()

    query = _analyses_of(session_id).add_columns(
        of_sets(func.count(ExerciseSetTable.id)).label("sets"),
        of_sets(func.sum(ExerciseSetTable.valid_reps)).label("valid_reps"),
        of_sets(func.sum(ExerciseSetTable.partial_reps)).label("partial_reps"),
        of_rest_tests(func.count(RestTestTable.id)).label("rest_tests"),
        of_rest_tests(func.count(RestTestTable.refused)).label("refused_rest_tests"),
    )
    return tuple(
        AnalysisNumbers(
            analysis_id=row.id,
            version=row.version,
            created_at=row.created_at,
            is_current=row.is_current,
            sets=row.sets,
            valid_reps=row.valid_reps,
            partial_reps=row.partial_reps,
            rest_tests=row.rest_tests,
            refused_rest_tests=row.refused_rest_tests,
        )
        for row in connection.execute(query.order_by(AnalysisTable.created_at, AnalysisTable.id))
    )


def _analyses_of(session_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(AnalysisTable.__table__)
        .join(RecordingTable, RecordingTable.id == AnalysisTable.recording_id)
        .where(RecordingTable.session_id == session_id)
    )


def _stored(connection: Connection, session_id: int, row: AnyRow) -> StoredAnalysis:
    analysis = Analysis(
        version=row.version,
        parameters=row.parameters,
        duration_s=row.duration_s,
        sensors=_read_sensors(connection, row.id),
        rest_tests=_read(connection, RestTestTable, row.id, rest_test_of),
        sets=_read_sets(connection, row.id),
        ranges=_read(connection, ShownRangeTable, row.id, range_of),
        alignments=_read(connection, SensorAlignmentTable, row.id, alignment_of),
        notices=_read(connection, NoticeTable, row.id, notice_of),
    )
    return StoredAnalysis(row.id, session_id, row.created_at, row.is_current, analysis)


def _insert(connection: Connection, table: type[Table], rows: Iterable[dict[str, Any]]) -> None:
    # An empty list would insert one row of defaults.
    if values := list(rows):
        connection.execute(insert(table), values)


def _insert_sets(connection: Connection, analysis_id: int, sets: tuple[ExerciseSet, ...]) -> None:
    if not sets:
        return
    new = insert(ExerciseSetTable).returning(ExerciseSetTable.id, sort_by_parameter_order=True)
    starts_s = sorted({one.start_s for one in sets})
    numbered = [set_row(analysis_id, one, starts_s.index(one.start_s) + 1) for one in sets]
    keys = connection.execute(new, numbered).scalars().all()
    rows = (repetition_row(key, rep) for key, one in zip(keys, sets, strict=True) for rep in one.repetitions)
    _insert(connection, RepetitionTable, rows)


def _read_sensors(connection: Connection, analysis_id: int) -> tuple[SensorQuality, ...]:
    query = select(AnalysisSensorTable.__table__).where(AnalysisSensorTable.analysis_id == analysis_id)
    found = {one.placement: one for one in map(sensor_of, connection.execute(query))}
    return tuple(found[placement] for placement in Placement if placement in found)


Result = TypeVar("Result")


def _read(
    connection: Connection,
    table: type[RestTestTable | ShownRangeTable | SensorAlignmentTable | NoticeTable],
    analysis_id: int,
    of: Callable[[AnyRow], Result],
) -> tuple[Result, ...]:
    """The rows of an analysis in a table, in the order in which they were stored."""
    query = select(table.__table__).where(table.analysis_id == analysis_id).order_by(table.id)
    return tuple(map(of, connection.execute(query)))


def _read_sets(connection: Connection, analysis_id: int) -> tuple[ExerciseSet, ...]:
    sets = select(ExerciseSetTable.__table__).where(ExerciseSetTable.analysis_id == analysis_id)
    repetitions: dict[int, list[Repetition]] = {}
    query = (
        select(RepetitionTable.__table__)
        .join(ExerciseSetTable, ExerciseSetTable.id == RepetitionTable.set_id)
        .where(ExerciseSetTable.analysis_id == analysis_id)
        .order_by(RepetitionTable.id)
    )
    for row in connection.execute(query):
        repetitions.setdefault(row.set_id, []).append(repetition_of(row))
    return tuple(
        set_of(row, repetitions.get(row.id, ()))
        for row in connection.execute(sets.order_by(ExerciseSetTable.id))
    )
