"""Analyses: stored whole or not at all, older ones kept beside the current one."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select, update

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
    ShownRangeTable,
    Table,
)
from tracker.store.values import StoredAnalysis


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
    recording = select(RecordingTable.id).where(RecordingTable.session_id == session_id)
    recording_id = connection.execute(recording).scalar()
    if recording_id is None:
        raise no_such_session(session_id)
    query = select(AnalysisTable.__table__).where(
        AnalysisTable.recording_id == recording_id, AnalysisTable.is_current.is_(True)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
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
    keys = connection.execute(new, [set_row(analysis_id, one) for one in sets]).scalars().all()
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
