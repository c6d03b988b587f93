"""What counts of a set: what was found, with the person's corrections over it. Parts of queries."""

from sqlalchemy import ColumnElement, and_, func

from tracker.store.tables import ExerciseSetTable, SessionTable, SetCorrectionTable


def corrects_set() -> ColumnElement[bool]:
    """What joins a correction to its set, in a query of sessions and sets."""
    return and_(
        SetCorrectionTable.session_id == SessionTable.id,
        SetCorrectionTable.set_number == ExerciseSetTable.set_number,
        SetCorrectionTable.side == func.coalesce(ExerciseSetTable.side, ""),
    )


def counts() -> ColumnElement[bool]:
    """False for a set that the person left out."""
    return func.coalesce(SetCorrectionTable.left_out, False).is_(False)


def corrected_exercise() -> ColumnElement[str]:
    """The exercise that a set was."""
    return func.coalesce(SetCorrectionTable.exercise, ExerciseSetTable.exercise)


def corrected_valid_reps() -> ColumnElement[int]:
    """Repetitions of a set that count."""
    return func.coalesce(SetCorrectionTable.valid_reps, ExerciseSetTable.valid_reps)


def corrected_partial_reps() -> ColumnElement[int]:
    """Repetitions of a set that were too small or too short."""
    return func.coalesce(SetCorrectionTable.partial_reps, ExerciseSetTable.partial_reps)
