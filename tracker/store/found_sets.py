"""The sets of one session: what was found in each, and what the person says of it instead."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from tracker.model import Side
from tracker.store.analysis_rows import AnyRow
from tracker.store.tables import AnalysisTable, ExerciseSetTable, RecordingTable, SetCorrectionTable


@dataclass(frozen=True, slots=True)
class SetCorrection:
    """What a person says of a counted set; None where what was found stands.

    Attributes:
        side: the counted set's; None where it has none.
    """

    set_number: int
    side: Side | None
    exercise: str | None = None
    valid_reps: int | None = None
    partial_reps: int | None = None
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class FoundSet:
    """One leg of a set as an analysis found it, with the correction over it.

    Attributes:
        set_number: which set of the session, from 1.
        start_s, end_s: on the recording's time line.
        correction: None where the person said nothing.
    """

    set_number: int
    side: Side | None
    exercise: str
    start_s: float
    end_s: float
    valid_reps: int
    partial_reps: int
    flags: tuple[str, ...]
    correction: SetCorrection | None

    @property
    def counts(self) -> bool:
        """False where the person left it out."""
        return self.correction is None or not self.correction.left_out

    @property
    def counted_exercise(self) -> str:
        """The exercise that it counts as."""
        said = None if self.correction is None else self.correction.exercise
        return self.exercise if said is None else said

    @property
    def counted_valid_reps(self) -> int:
        """Repetitions that count."""
        said = None if self.correction is None else self.correction.valid_reps
        return self.valid_reps if said is None else said

    @property
    def counted_partial_reps(self) -> int:
        """Repetitions that were too small or too short."""
        said = None if self.correction is None else self.correction.partial_reps
        return self.partial_reps if said is None else said


def found_sets(connection: Connection, session_id: int, analysis_id: int) -> tuple[FoundSet, ...]:
    """The sets of one analysis of a session, with what the person said of them."""
    corrections = {(one.set_number, one.side): one for one in corrections_of(connection, session_id)}
    query = (
        select(ExerciseSetTable.__table__)
        .where(ExerciseSetTable.analysis_id == analysis_id)
        .order_by(ExerciseSetTable.set_number, ExerciseSetTable.id)
    )
    return tuple(
        FoundSet(
            set_number=row.set_number,
            side=_side(row.side),
            exercise=row.exercise,
            start_s=row.start_s,
            end_s=row.end_s,
            valid_reps=row.valid_reps,
            partial_reps=row.partial_reps,
            flags=tuple(json.loads(row.flags)),
            correction=corrections.get((row.set_number, _side(row.side))),
        )
        for row in connection.execute(query)
    )


def corrections_of(connection: Connection, session_id: int) -> tuple[SetCorrection, ...]:
    """All that the person said of the sets of a session, those too that no analysis finds any more."""
    query = (
        select(SetCorrectionTable.__table__)
        .where(SetCorrectionTable.session_id == session_id)
        .order_by(SetCorrectionTable.set_number, SetCorrectionTable.side)
    )
    return tuple(map(_correction, connection.execute(query)))


def correction_of(
    connection: Connection, session_id: int, set_number: int, side: Side | None
) -> SetCorrection:
    """What the person said of one set; all of it empty where that is nothing."""
    known = [one for one in corrections_of(connection, session_id) if one.set_number == set_number]
    return next((one for one in known if one.side is side), SetCorrection(set_number, side))


def sides_of_set(connection: Connection, session_id: int, set_number: int) -> tuple[Side | None, ...]:
    """The legs of a set that the current analysis found; empty where there is no such set."""
    query = (
        select(ExerciseSetTable.side)
        .join(AnalysisTable, AnalysisTable.id == ExerciseSetTable.analysis_id)
        .join(RecordingTable, RecordingTable.id == AnalysisTable.recording_id)
        .where(
            RecordingTable.session_id == session_id,
            AnalysisTable.is_current.is_(True),
            ExerciseSetTable.set_number == set_number,
        )
        .order_by(ExerciseSetTable.id)
    )
    return tuple(dict.fromkeys(_side(row.side) for row in connection.execute(query)))


def has_set(connection: Connection, session_id: int, set_number: int, side: Side | None) -> bool:
    """Whether the current analysis found such a set, or something was said of one before."""
    if side in sides_of_set(connection, session_id, set_number):
        return True
    said = select(func.count()).where(
        SetCorrectionTable.session_id == session_id,
        SetCorrectionTable.set_number == set_number,
        SetCorrectionTable.side == ("" if side is None else side.value),
    )
    return bool(connection.execute(said).scalar())


def _correction(row: AnyRow) -> SetCorrection:
    return SetCorrection(
        set_number=row.set_number,
        side=_side(row.side),
        exercise=row.exercise,
        valid_reps=row.valid_reps,
        partial_reps=row.partial_reps,
        left_out=row.left_out,
    )


def _side(value: str | None) -> Side | None:
    return Side(value) if value else None
