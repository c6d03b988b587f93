"""Analyses: stored whole or not at all, older ones kept beside the current one."""

import json
import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tracker.model import (
    Analysis,
    ExerciseSet,
    Gap,
    Placement,
    RelativeTo,
    Repetition,
    RestTest,
    SensorQuality,
    Side,
)
from tracker.store.sessions import no_such_session
from tracker.store.tables import (
    AnalysisSensorTable,
    AnalysisTable,
    ExerciseSetTable,
    RecordingTable,
    RepetitionTable,
    RestTestTable,
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
    _insert(connection, AnalysisSensorTable, (_sensor_row(analysis_id, one) for one in analysis.sensors))
    _insert(connection, RestTestTable, (_rest_test_row(analysis_id, one) for one in analysis.rest_tests))
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
        rest_tests=_read_rest_tests(connection, row.id),
        sets=_read_sets(connection, row.id),
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
    keys = connection.execute(new, [_set_row(analysis_id, one) for one in sets]).scalars().all()
    rows = (_repetition_row(key, rep) for key, one in zip(keys, sets, strict=True) for rep in one.repetitions)
    _insert(connection, RepetitionTable, rows)


def _sensor_row(analysis_id: int, sensor: SensorQuality) -> dict[str, Any]:
    return {
        "analysis_id": analysis_id,
        "placement": sensor.placement.value,
        "rate_hz": _finite(sensor.rate_hz),
        "samples": int(sensor.samples),
        "missing": int(sensor.missing),
        "saturated": int(sensor.saturated),
        "bad_frames": int(sensor.bad_frames),
        "duplicates": int(sensor.duplicates),
        "gaps": json.dumps(
            [[_finite(gap.start_s), _finite(gap.end_s), int(gap.missing), gap.cause] for gap in sensor.gaps]
        ),
    }


def _rest_test_row(analysis_id: int, test: RestTest) -> dict[str, Any]:
    return {
        "analysis_id": analysis_id,
        "side": test.side.value,
        "start_s": _finite(test.start_s),
        "end_s": _finite(test.end_s),
        "hip_rotation_deg": None if test.hip_rotation_rad is None else _degrees(test.hip_rotation_rad),
        "uncertainty_deg": None if test.uncertainty_rad is None else _degrees(test.uncertainty_rad),
        "relative_to": test.relative_to.value,
        "observability": None if test.observability is None else _finite(test.observability),
        "flags": json.dumps(test.flags),
        "refused": test.refused,
    }


def _set_row(analysis_id: int, one: ExerciseSet) -> dict[str, Any]:
    return {
        "analysis_id": analysis_id,
        "exercise": one.exercise,
        "side": None if one.side is None else one.side.value,
        "start_s": _finite(one.start_s),
        "end_s": _finite(one.end_s),
        "valid_reps": one.valid_reps,
        "partial_reps": one.partial_reps,
        "flags": json.dumps(one.flags),
    }


def _repetition_row(set_id: int, rep: Repetition) -> dict[str, Any]:
    return {
        "set_id": set_id,
        "side": None if rep.side is None else rep.side.value,
        "start_s": _finite(rep.start_s),
        "peak_s": _finite(rep.peak_s),
        "end_s": _finite(rep.end_s),
        "rom_deg": _degrees(rep.rom_rad),
        "peak_velocity_deg_per_s": _degrees(rep.peak_velocity_rad_per_s),
        "concentric_s": _finite(rep.concentric_s),
        "hold_s": _finite(rep.hold_s),
        "eccentric_s": _finite(rep.eccentric_s),
        "valid": bool(rep.valid),
        "flags": json.dumps(rep.flags),
    }


def _finite(value: float) -> float:
    """A plain float; SQLite would turn NaN into NULL without a word."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is not a measured number")
    return number


def _degrees(angle_rad: float) -> float:
    return math.degrees(_finite(angle_rad))


def _read_sensors(connection: Connection, analysis_id: int) -> tuple[SensorQuality, ...]:
    query = select(AnalysisSensorTable.__table__).where(AnalysisSensorTable.analysis_id == analysis_id)
    found = {
        Placement(row.placement): SensorQuality(
            placement=Placement(row.placement),
            rate_hz=row.rate_hz,
            samples=row.samples,
            missing=row.missing,
            gaps=tuple(Gap(*gap) for gap in json.loads(row.gaps)),
            saturated=row.saturated,
            bad_frames=row.bad_frames,
            duplicates=row.duplicates,
        )
        for row in connection.execute(query)
    }
    return tuple(found[placement] for placement in Placement if placement in found)


def _read_rest_tests(connection: Connection, analysis_id: int) -> tuple[RestTest, ...]:
    query = select(RestTestTable.__table__).where(RestTestTable.analysis_id == analysis_id)
    return tuple(
        RestTest(
            side=Side(row.side),
            start_s=row.start_s,
            end_s=row.end_s,
            hip_rotation_rad=None if row.hip_rotation_deg is None else math.radians(row.hip_rotation_deg),
            uncertainty_rad=None if row.uncertainty_deg is None else math.radians(row.uncertainty_deg),
            relative_to=RelativeTo(row.relative_to),
            observability=row.observability,
            flags=tuple(json.loads(row.flags)),
            refused=row.refused,
        )
        for row in connection.execute(query.order_by(RestTestTable.id))
    )


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
        repetitions.setdefault(row.set_id, []).append(
            Repetition(
                side=None if row.side is None else Side(row.side),
                start_s=row.start_s,
                peak_s=row.peak_s,
                end_s=row.end_s,
                rom_rad=math.radians(row.rom_deg),
                peak_velocity_rad_per_s=math.radians(row.peak_velocity_deg_per_s),
                concentric_s=row.concentric_s,
                hold_s=row.hold_s,
                eccentric_s=row.eccentric_s,
                valid=row.valid,
                flags=tuple(json.loads(row.flags)),
            )
        )
    return tuple(
        ExerciseSet(
            exercise=row.exercise,
            side=None if row.side is None else Side(row.side),
            start_s=row.start_s,
            end_s=row.end_s,
            repetitions=tuple(repetitions.get(row.id, ())),
            flags=tuple(json.loads(row.flags)),
        )
        for row in connection.execute(sets.order_by(ExerciseSetTable.id))
    )
