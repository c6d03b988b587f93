"""What the rules of a plan look at: the sets of some sessions, corrected, with the pelvis's share in each."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from tracker.model import Side
from tracker.store.corrected import (
    corrected_exercise,
    corrected_partial_reps,
    corrected_valid_reps,
    corrects_set,
    counts,
)
from tracker.store.goes_on import goes_on
from tracker.store.spans import sessions_within
from tracker.store.tables import (
    AnalysisTable,
    ExerciseSetTable,
    ManualSetTable,
    RecordingTable,
    RepetitionTable,
    SessionTable,
    SetCorrectionTable,
)

_CURRENT: ColumnElement[bool] = and_(
    AnalysisTable.recording_id == RecordingTable.id, AnalysisTable.is_current.is_(True)
)


@dataclass(frozen=True, slots=True)
class PlanSession:
    """A session that a plan may look at."""

    session_id: int
    started_at: datetime
    simulated: bool


@dataclass(frozen=True, slots=True)
class PlanSet:
    """One leg of one set, corrections in it.

    Attributes:
        set_number: which set of the session, from 1; of sets told by hand in the order of telling.
        partial_reps: None of sets that were told by hand.
        pelvis_shares: of its repetitions, as far as they were measured, 0 to 1.
        goes_on: with the set of the number before, which a pause broke off: they are one.
    """

    session_id: int
    set_number: int
    exercise: str
    side: Side | None
    valid_reps: int
    partial_reps: int | None
    pelvis_shares: tuple[float, ...] = ()
    goes_on: bool = False


def plan_sessions(
    connection: Connection, person_id: int, start: datetime, end: datetime, *, limit: int | None = None
) -> tuple[PlanSession, ...]:
    """Sessions that began within [start, end), the latest first, at most so many."""
    query = (
        select(SessionTable.id, SessionTable.started_at, SessionTable.simulated)
        .where(sessions_within(person_id, start, end))
        .order_by(SessionTable.started_at.desc(), SessionTable.id.desc())
        .limit(limit)
    )
    return tuple(PlanSession(row.id, row.started_at, row.simulated) for row in connection.execute(query))


def plan_sets(connection: Connection, sessions: Collection[int]) -> tuple[PlanSet, ...]:
    """The sets of some sessions: those of their current analyses that count, and those told by hand."""
    shares: dict[int, list[float]] = {}
    for row in connection.execute(share_query(sessions)):
        shares.setdefault(row.set_id, []).append(row.pelvis_share)
    counted = [
        PlanSet(
            session_id=row.session_id,
            set_number=row.set_number,
            exercise=row.exercise,
            side=_side(row.side),
            valid_reps=row.valid_reps,
            partial_reps=row.partial_reps,
            pelvis_shares=tuple(shares.get(row.set_id, ())),
            goes_on=bool(row.goes_on),
        )
        for row in connection.execute(counted_query(sessions))
    ]
    numbers: Counter[int] = Counter()
    told = []
    for row in connection.execute(told_query(sessions)):
        for _ in range(row.sets):
            numbers[row.session_id] += 1
            number, side = numbers[row.session_id], _side(row.side)
            told.append(PlanSet(row.session_id, number, row.exercise, side, row.reps, None))
    return (*counted, *told)


def counted_query(sessions: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Sets with the person's corrections over them; those left out are not among them."""
    return (
        select(
            SessionTable.id.label("session_id"),
            ExerciseSetTable.id.label("set_id"),
            ExerciseSetTable.set_number,
            corrected_exercise().label("exercise"),
            ExerciseSetTable.side,
            corrected_valid_reps().label("valid_reps"),
            corrected_partial_reps().label("partial_reps"),
            goes_on().label("goes_on"),
        )
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _CURRENT)
        .join(ExerciseSetTable, ExerciseSetTable.analysis_id == AnalysisTable.id)
        .outerjoin(SetCorrectionTable, corrects_set())
        .where(SessionTable.id.in_(sessions), counts())
        .order_by(SessionTable.id, ExerciseSetTable.id)
    )


def share_query(sessions: Collection[int]) -> Select[*tuple[Any, ...]]:
    """The pelvis's shares that were measured."""
    return (
        select(RepetitionTable.set_id, RepetitionTable.pelvis_share)
        .join(ExerciseSetTable, ExerciseSetTable.id == RepetitionTable.set_id)
        .join(AnalysisTable, AnalysisTable.id == ExerciseSetTable.analysis_id)
        .join(RecordingTable, RecordingTable.id == AnalysisTable.recording_id)
        .where(
            RecordingTable.session_id.in_(sessions),
            AnalysisTable.is_current.is_(True),
            RepetitionTable.pelvis_share.is_not(None),
        )
        .order_by(RepetitionTable.id)
    )


def told_query(sessions: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Sets that were told by hand."""
    return (
        select(ManualSetTable.session_id, ManualSetTable.exercise, ManualSetTable.side, ManualSetTable.sets)
        .add_columns(ManualSetTable.reps)
        .where(ManualSetTable.session_id.in_(sessions))
        .order_by(ManualSetTable.id)
    )


def trained_days_query(person_id: int, start: datetime, end: datetime) -> Select[*tuple[Any, ...]]:
    """Begins of sessions within [start, end), with each exercise that was counted or told in them."""
    within = sessions_within(person_id, start, end)
    exercise = corrected_exercise()
    counted = (
        select(SessionTable.started_at, exercise.label("exercise"), ExerciseSetTable.side)
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _CURRENT)
        .join(ExerciseSetTable, ExerciseSetTable.analysis_id == AnalysisTable.id)
        .outerjoin(SetCorrectionTable, corrects_set())
        .where(within, counts(), or_(corrected_valid_reps() > 0, corrected_partial_reps() > 0))
    )
    told = (
        select(SessionTable.started_at, ManualSetTable.exercise, ManualSetTable.side)
        .join(ManualSetTable, ManualSetTable.session_id == SessionTable.id)
        .where(within)
    )
    both = counted.union(told).subquery()
    return select(both).order_by(both.c.started_at)


def trained_exercises(
    connection: Connection, person_id: int, start: datetime, end: datetime
) -> tuple[tuple[datetime, str, Side | None], ...]:
    """When which exercise was done with which leg, in sessions that began within [start, end)."""
    rows = connection.execute(trained_days_query(person_id, start, end))
    return tuple((row.started_at, row.exercise, _side(row.side)) for row in rows)


def _side(text: str | None) -> Side | None:
    return None if text is None else Side(text)
