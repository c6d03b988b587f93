"""What was trained within a span of time, repetition by repetition, and at which instants there was any."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, or_, select

from tracker.model import Placement, Side
from tracker.store.analysis_rows import AnyRow
from tracker.store.corrected import (
    corrected_exercise,
    corrected_partial_reps,
    corrected_valid_reps,
    corrects_set,
    counts,
)
from tracker.store.spans import sessions_within
from tracker.store.tables import (
    AnalysisSensorTable,
    AnalysisTable,
    ExerciseSetTable,
    ManualSetTable,
    RecordingTable,
    RepetitionTable,
    SessionTable,
    SetCorrectionTable,
    SetFeltTable,
)

_CURRENT: ColumnElement[bool] = and_(
    AnalysisTable.recording_id == RecordingTable.id, AnalysisTable.is_current.is_(True)
)


@dataclass(frozen=True, slots=True)
class MovedRepetition:
    """What the week looks at of one repetition; None where it was withheld or not seen.

    Attributes:
        pelvis_share: share of the pelvis in the movement, 0 to 1.
    """

    valid: bool
    rom_deg: float | None
    concentric_s: float
    hold_s: float
    eccentric_s: float
    pelvis_share: float | None


@dataclass(frozen=True, slots=True)
class MovedSet:
    """One set of one leg with the repetitions that were found in it.

    Attributes:
        exercise, valid_reps: as they were corrected.
        reference_rom_deg: the range that its repetitions were held against; None where there was none.
    """

    session_id: int
    set_number: int
    exercise: str
    side: Side | None
    valid_reps: int
    reference_rom_deg: float | None
    repetitions: tuple[MovedRepetition, ...]


@dataclass(frozen=True, slots=True)
class SessionWork:
    """How much was done in one session: counted by sensors, and apart from it told by hand."""

    started_at: datetime
    simulated: bool
    valid_reps: int
    partial_reps: int
    told_reps: int


@dataclass(frozen=True, slots=True)
class UsedBand:
    """That an exercise was done with a band in a session; the length is the band's at the movement's end."""

    started_at: datetime
    exercise: str
    band_id: int
    stretched_length_m: float | None


@dataclass(frozen=True, slots=True)
class UsedSensor:
    """In how many sessions a sensor was worn somewhere, and in how many of them it was a calibrated one."""

    placement: Placement
    sessions: int
    calibrated: int


def sets_between(
    connection: Connection, person_id: int, start: datetime, end: datetime
) -> tuple[MovedSet, ...]:
    """The counted sets of sessions that began within [start, end), in the order in which they were done."""
    rows = connection.execute(repetition_query(sessions_within(person_id, start, end)))
    return tuple(_set(list(own)) for _, own in groupby(rows, attrgetter("set_id")))


def work_between(
    connection: Connection, person_id: int, start: datetime, end: datetime
) -> tuple[SessionWork, ...]:
    """How much was done in each session within [start, end), in the order of their starts."""
    within = sessions_within(person_id, start, end)
    told = {row.session_id: row.reps for row in connection.execute(told_reps_query(within))}
    return tuple(
        SessionWork(
            started_at=row.started_at,
            simulated=row.simulated,
            valid_reps=row.valid_reps or 0,
            partial_reps=row.partial_reps or 0,
            told_reps=told.get(row.id, 0),
        )
        for row in connection.execute(work_query(within))
    )


def trained_at(
    connection: Connection, person_id: int, start: datetime, end: datetime
) -> tuple[datetime, ...]:
    """When the sessions within [start, end) began in which something was counted or told, in order."""
    return tuple(connection.execute(trained_query(sessions_within(person_id, start, end))).scalars())


def bands_between(
    connection: Connection, person_id: int, start: datetime, end: datetime
) -> tuple[UsedBand, ...]:
    """The bands that were told of for counted sets of sessions within [start, end), once for each session."""
    return tuple(
        UsedBand(row.started_at, row.exercise, row.band_id, row.stretched_length_m)
        for row in connection.execute(band_query(sessions_within(person_id, start, end)))
    )


def sensors_between(
    connection: Connection, person_id: int, start: datetime, end: datetime
) -> tuple[UsedSensor, ...]:
    """Where sensors were worn in the sessions within [start, end), and in how many of them."""
    return tuple(
        UsedSensor(Placement(row.placement), row.sessions, row.calibrated)
        for row in connection.execute(sensor_query(sessions_within(person_id, start, end)))
    )


def repetition_query(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Repetitions with their sets; sets without any are not among them."""
    return (
        select(
            SessionTable.id.label("session_id"),
            ExerciseSetTable.id.label("set_id"),
            ExerciseSetTable.set_number,
            corrected_exercise().label("exercise"),
            ExerciseSetTable.side,
            corrected_valid_reps().label("valid_reps"),
            ExerciseSetTable.reference_rom_deg,
            RepetitionTable.valid,
            RepetitionTable.rom_deg,
            RepetitionTable.concentric_s,
            RepetitionTable.hold_s,
            RepetitionTable.eccentric_s,
            RepetitionTable.pelvis_share,
        )
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _CURRENT)
        .join(ExerciseSetTable, ExerciseSetTable.analysis_id == AnalysisTable.id)
        .join(RepetitionTable, RepetitionTable.set_id == ExerciseSetTable.id)
        .outerjoin(SetCorrectionTable, corrects_set())
        .where(within, counts())
        .order_by(SessionTable.started_at, SessionTable.id, ExerciseSetTable.id, RepetitionTable.id)
    )


def work_query(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Counted repetitions by session; none where nothing was counted."""
    kept = case((counts(), 1), else_=0)
    return (
        select(
            SessionTable.id,
            SessionTable.started_at,
            SessionTable.simulated,
            func.sum(kept * corrected_valid_reps()).label("valid_reps"),
            func.sum(kept * corrected_partial_reps()).label("partial_reps"),
        )
        .outerjoin(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .outerjoin(AnalysisTable, _CURRENT)
        .outerjoin(ExerciseSetTable, ExerciseSetTable.analysis_id == AnalysisTable.id)
        .outerjoin(SetCorrectionTable, corrects_set())
        .where(within)
        .group_by(SessionTable.id, SessionTable.started_at, SessionTable.simulated)
        .order_by(SessionTable.started_at, SessionTable.id)
    )


def told_reps_query(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Told repetitions by session."""
    return (
        select(ManualSetTable.session_id, func.sum(ManualSetTable.sets * ManualSetTable.reps).label("reps"))
        .join(SessionTable, SessionTable.id == ManualSetTable.session_id)
        .where(within)
        .group_by(ManualSetTable.session_id)
    )


def band_query(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Bands by session and exercise."""
    exercise = corrected_exercise()
    return (
        select(
            SessionTable.started_at,
            exercise.label("exercise"),
            SetFeltTable.band_id,
            SetFeltTable.stretched_length_m,
        )
        .join(SetFeltTable, SetFeltTable.session_id == SessionTable.id)
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _CURRENT)
        .join(
            ExerciseSetTable,
            and_(
                ExerciseSetTable.analysis_id == AnalysisTable.id,
                ExerciseSetTable.set_number == SetFeltTable.set_number,
            ),
        )
        .outerjoin(SetCorrectionTable, corrects_set())
        .where(within, counts(), SetFeltTable.band_id.is_not(None))
        .distinct()
        .order_by(SessionTable.started_at, exercise)
    )


def sensor_query(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Placements with the number of sessions."""
    return (
        select(
            AnalysisSensorTable.placement,
            func.count().label("sessions"),
            func.count(AnalysisSensorTable.calibrated_on).label("calibrated"),
        )
        .select_from(SessionTable)
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _CURRENT)
        .join(AnalysisSensorTable, AnalysisSensorTable.analysis_id == AnalysisTable.id)
        .where(within)
        .group_by(AnalysisSensorTable.placement)
        .order_by(AnalysisSensorTable.placement)
    )


def trained_query(within: ColumnElement[bool]) -> Select[*tuple[datetime]]:
    """Begins of the sessions in which something was trained."""
    counted = (
        select(ExerciseSetTable.id)
        .select_from(RecordingTable)
        .join(AnalysisTable, _CURRENT)
        .join(ExerciseSetTable, ExerciseSetTable.analysis_id == AnalysisTable.id)
        .outerjoin(SetCorrectionTable, corrects_set())
        .where(
            RecordingTable.session_id == SessionTable.id,
            counts(),
            corrected_valid_reps() + corrected_partial_reps() > 0,
        )
        .correlate(SessionTable)
        .exists()
    )
    told = exists().where(ManualSetTable.session_id == SessionTable.id)
    return select(SessionTable.started_at).where(within, or_(counted, told)).order_by(SessionTable.started_at)


def _set(rows: Iterable[AnyRow]) -> MovedSet:
    found = list(rows)
    first = found[0]
    return MovedSet(
        session_id=first.session_id,
        set_number=first.set_number,
        exercise=first.exercise,
        side=None if first.side is None else Side(first.side),
        valid_reps=first.valid_reps,
        reference_rom_deg=first.reference_rom_deg,
        repetitions=tuple(
            MovedRepetition(
                row.valid, row.rom_deg, row.concentric_s, row.hold_s, row.eccentric_s, row.pelvis_share
            )
            for row in found
        ),
    )
