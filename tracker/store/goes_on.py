"""Sets that went on after a pause: measured apart, they count as one. Parts of queries."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from tracker.model import GOES_ON
from tracker.store.corrected import corrected_exercise, corrects_set, counts
from tracker.store.tables import (
    AnalysisTable,
    ExerciseSetTable,
    RecordingTable,
    SessionTable,
    SetCorrectionTable,
)


def goes_on() -> ColumnElement[bool]:
    """True for a set that goes on with the one before it, in a query of sessions, sets and corrections.

    Where the person left the one before out, or made another exercise of one of both, it stands alone.
    """
    before, said = aliased(ExerciseSetTable), aliased(SetCorrectionTable)
    with_it = (
        select(before.id)
        .select_from(before)
        .outerjoin(
            said,
            and_(
                said.session_id == SessionTable.id,
                said.set_number == before.set_number,
                said.side == func.coalesce(before.side, ""),
            ),
        )
        .where(
            before.analysis_id == ExerciseSetTable.analysis_id,
            before.set_number == ExerciseSetTable.set_number - 1,
            func.coalesce(before.side, "") == func.coalesce(ExerciseSetTable.side, ""),
            func.coalesce(said.exercise, before.exercise) == corrected_exercise(),
            func.coalesce(said.left_out, False).is_(False),
        )
        .correlate(SessionTable, ExerciseSetTable, SetCorrectionTable)
        .exists()
    )
    return and_(ExerciseSetTable.flags.contains(f'"{GOES_ON}"', autoescape=True), with_it)


def goes_on_query(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """How many sets only went on with the one before, by session, exercise and side."""
    exercise, side = corrected_exercise(), ExerciseSetTable.side
    return (
        select(SessionTable.id, exercise.label("exercise"), side, func.count().label("sets"))
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(
            AnalysisTable,
            and_(AnalysisTable.recording_id == RecordingTable.id, AnalysisTable.is_current.is_(True)),
        )
        .join(ExerciseSetTable, ExerciseSetTable.analysis_id == AnalysisTable.id)
        .outerjoin(SetCorrectionTable, corrects_set())
        .where(within, counts(), goes_on())
        .group_by(SessionTable.id, exercise, side)
    )
