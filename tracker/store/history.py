"""What a person's earlier sessions say that a new one takes over.

Simulated sessions tell nothing of a person's own ones, nor the other way round: every query takes one kind.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, select

from tracker.model import Placement, Posture, ReferenceRange, RelativeTo, SensorAlignment, Side
from tracker.motion.parameters import AlignmentParameters
from tracker.motion.rest.donnings import donned_anew_s, donning_at
from tracker.store.analysis_rows import alignment_of, range_of
from tracker.store.tables import (
    AnalysisTable,
    RecordingTable,
    RestTestTable,
    SensorAlignmentTable,
    SensorTable,
    SessionSensorTable,
    SessionTable,
    ShownRangeTable,
)

_CURRENT: ColumnElement[bool] = and_(
    AnalysisTable.recording_id == RecordingTable.id, AnalysisTable.is_current.is_(True)
)


@dataclass(frozen=True, slots=True)
class RestedDonning:
    """The rest tests of one leg in one posture and one donning of a session.

    Attributes:
        hip_rotations_deg: in order of time.
    """

    session_id: int
    side: Side
    posture: Posture
    hip_rotations_deg: tuple[float, ...]


def rested_donnings(
    connection: Connection,
    person_id: int,
    relative_to: RelativeTo,
    version: str,
    limit: int,
    parameters: AlignmentParameters | None = None,
    *,
    simulated: bool = False,
) -> tuple[RestedDonning, ...]:
    """The measured rest tests of the latest sessions by donning, leg and posture, the earliest first.

    Args:
        version: analyses of other versions are left out.
        limit: look at so many rest tests.
        parameters: what alignments are taken by; they tell the donnings of a session.
    """
    query = (
        select(
            SessionTable.id,
            RestTestTable.analysis_id,
            RestTestTable.side,
            RestTestTable.start_s,
            RestTestTable.posture,
            RestTestTable.hip_rotation_deg,
        )
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _CURRENT)
        .join(RestTestTable, RestTestTable.analysis_id == AnalysisTable.id)
        .where(
            _sessions_of(person_id, simulated=simulated),
            SessionTable.rest_left_out.is_(False),
            AnalysisTable.version == version,
            RestTestTable.relative_to == relative_to.value,
            RestTestTable.hip_rotation_deg.is_not(None),
        )
        .order_by(SessionTable.started_at.desc(), SessionTable.id.desc(), RestTestTable.id.desc())
        .limit(limit)
    )
    rows = list(reversed(connection.execute(query).all()))
    alignments = _alignments(connection, {row.analysis_id for row in rows})
    of_alignment = parameters or AlignmentParameters()
    donned_s = {
        (analysis_id, side): donned_anew_s(found, side, of_alignment)
        for analysis_id, found in alignments.items()
        for side in (Side.LEFT, Side.RIGHT)
    }
    found: dict[tuple[int, int, Side, Posture], list[float]] = {}
    for row in rows:
        side = Side(row.side)
        number = donning_at(row.start_s, donned_s.get((row.analysis_id, side), ()))
        of_donning = row.id, number, side, Posture(row.posture or Posture.SUPINE)
        found.setdefault(of_donning, []).append(row.hip_rotation_deg)
    return tuple(
        RestedDonning(session_id, side, posture, tuple(tests))
        for (session_id, _, side, posture), tests in found.items()
    )


def _alignments(connection: Connection, analyses: Collection[int]) -> dict[int, list[SensorAlignment]]:
    """The alignments of some analyses."""
    query = select(SensorAlignmentTable.__table__).where(SensorAlignmentTable.analysis_id.in_(analyses))
    found: dict[int, list[SensorAlignment]] = {}
    for row in connection.execute(query.order_by(SensorAlignmentTable.id)):
        found.setdefault(row.analysis_id, []).append(alignment_of(row))
    return found


def newest_ranges(
    connection: Connection, person_id: int, version: str, *, simulated: bool = False
) -> tuple[ReferenceRange, ...]:
    """The last own range that was shown of each exercise and leg.

    Args:
        version: analyses of other versions are left out: they may have measured ranges otherwise.
    """
    query = (
        select(ShownRangeTable.__table__)
        .join(AnalysisTable, AnalysisTable.id == ShownRangeTable.analysis_id)
        .join(RecordingTable, _CURRENT)
        .join(SessionTable, SessionTable.id == RecordingTable.session_id)
        .where(_sessions_of(person_id, simulated=simulated), AnalysisTable.version == version)
        .order_by(SessionTable.started_at, SessionTable.id, ShownRangeTable.id)
    )
    newest = {(row.exercise, row.side): range_of(row) for row in connection.execute(query)}
    return tuple(newest.values())


def newest_fronts(
    connection: Connection, person_id: int, *, simulated: bool = False
) -> dict[tuple[Placement, str], tuple[float, float, float]]:
    """Up in each sensor in the last reference pose that it was worn in, by placement and sensor id."""
    query = (
        select(
            SensorAlignmentTable.placement,
            SensorTable.sensor_id,
            SensorAlignmentTable.front_x,
            SensorAlignmentTable.front_y,
            SensorAlignmentTable.front_z,
        )
        .join(AnalysisTable, AnalysisTable.id == SensorAlignmentTable.analysis_id)
        .join(RecordingTable, _CURRENT)
        .join(SessionTable, SessionTable.id == RecordingTable.session_id)
        .join(
            SessionSensorTable,
            and_(
                SessionSensorTable.session_id == SessionTable.id,
                SessionSensorTable.placement == SensorAlignmentTable.placement,
            ),
        )
        .join(SensorTable, SensorTable.id == SessionSensorTable.sensor_id)
        .where(_sessions_of(person_id, simulated=simulated), SensorAlignmentTable.front_x.is_not(None))
        .order_by(SessionTable.started_at, SessionTable.id, SensorAlignmentTable.id)
    )
    return {
        (Placement(row.placement), row.sensor_id): (row.front_x, row.front_y, row.front_z)
        for row in connection.execute(query)
    }


def _sessions_of(person_id: int, *, simulated: bool) -> ColumnElement[bool]:
    return and_(
        SessionTable.person_id == person_id,
        SessionTable.simulated.is_(simulated),
        SessionTable.deleted_at.is_(None),
    )
