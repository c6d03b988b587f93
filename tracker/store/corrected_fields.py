"""How each field that can be corrected is read and written, as the text that revisions keep.

Times are ISO 8601 in UTC, `left_out` and `rest_left_out` are `yes` or None, a person is a number.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from tracker.errors import NotThereError, UsageError
from tracker.model import Side
from tracker.store.found_sets import SetCorrection, correction_of, has_set
from tracker.store.manual_sets import refused_set, told_row, update_told
from tracker.store.revisions import Field
from tracker.store.tables import PersonTable, SessionTable, SetCorrectionTable
from tracker.store.upserts import replace_row

YES = "yes"
"""What a field that is true holds; one that is not holds None."""

_OF_SESSION = (Field.STARTED_AT, Field.TIME_ZONE, Field.PERSON, Field.REST_LEFT_OUT, Field.DELETED_AT)
_NUMBERS = (Field.VALID_REPS, Field.PARTIAL_REPS, Field.SETS, Field.REPS)
_OF_COUNTED_SET = (Field.EXERCISE, Field.VALID_REPS, Field.PARTIAL_REPS, Field.LEFT_OUT)
_OF_TOLD_SET = (Field.EXERCISE, Field.SIDE, Field.SETS, Field.REPS, Field.HOLD_S)


def read_field(
    connection: Connection, session_id: int, field: Field, set_number: int | None, side: Side | None
) -> str | None:
    """What a field holds now.

    Raises:
        UsageError: a session by hand has no such set.
    """
    row = _session(connection, session_id)
    if field is Field.MINUTES:
        return _minutes(row.started_at, row.ended_at)
    if field in _OF_SESSION:
        return _text(getattr(row, field.value))
    number = set_number or 0
    if row.by_hand:
        return _text(getattr(told_row(connection, session_id, number), field.value))
    return _text(getattr(correction_of(connection, session_id, number, side), field.value))


def check_field(
    connection: Connection, session_id: int, field: Field, set_number: int | None, side: Side | None
) -> None:
    """Refuse what a session has nothing of.

    Raises:
        UsageError: no such set, or no such field of a session like this one.
    """
    if field in _OF_SESSION:
        return
    by_hand = _session(connection, session_id).by_hand
    if field is Field.MINUTES:
        _refuse_other(field, (Field.MINUTES,) if by_hand else (), by_hand=by_hand)
        return
    _refuse_other(field, _OF_TOLD_SET if by_hand else _OF_COUNTED_SET, by_hand=by_hand)
    if by_hand:
        told_row(connection, session_id, set_number or 0)
    elif not has_set(connection, session_id, set_number or 0, side):
        raise refused_set(session_id, set_number or 0)


def write_field(
    connection: Connection,
    session_id: int,
    field: Field,
    value: str | None,
    set_number: int | None,
    side: Side | None,
) -> None:
    """Let a field hold a value that `read_field` gave, or one like it.

    Raises:
        NotThereError: it would be the session of a person who was deleted.
    """
    row = _session(connection, session_id)
    if field is Field.PERSON:
        _refuse_deleted_person(connection, session_id, value)
    if field is Field.STARTED_AT:
        _move(connection, row, _instant(value))
    elif field is Field.MINUTES:
        ended_at = row.started_at + timedelta(minutes=float(value or 0.0))
        _update_session(connection, session_id, ended_at=ended_at)
    elif field in _OF_SESSION:
        _update_session(connection, session_id, **{field.value: _VALUES[field](value)})
    elif row.by_hand:
        update_told(connection, session_id, set_number or 0, **{field.value: _value(field, value)})
    else:
        _correct_set(connection, session_id, set_number or 0, side, field, value)


def _correct_set(
    connection: Connection, session_id: int, number: int, side: Side | None, field: Field, value: str | None
) -> None:
    held = correction_of(connection, session_id, number, side)
    wanted: Any = value == YES if field is Field.LEFT_OUT else _value(field, value)
    corrected = replace(held, **{field.value: wanted})
    key = {"session_id": session_id, "set_number": number, "side": "" if side is None else side.value}
    if corrected == SetCorrection(number, side):
        # Nothing is said of the set any more: what was found holds.
        own = [getattr(SetCorrectionTable, name) == of for name, of in key.items()]
        connection.execute(delete(SetCorrectionTable).where(*own))
    else:
        replace_row(connection, SetCorrectionTable, {**asdict(corrected), **key})


def _move(connection: Connection, row: Any, started_at: datetime) -> None:  # noqa: ANN401
    """Let a session have begun at another time; it stays as long as it was."""
    ended_at = None if row.ended_at is None else started_at + (row.ended_at - row.started_at)
    _update_session(connection, row.id, started_at=started_at, ended_at=ended_at)


def _refuse_deleted_person(connection: Connection, session_id: int, value: str | None) -> None:
    known = select(PersonTable.id).where(PersonTable.id == int(value or ""))
    if connection.execute(known).one_or_none() is None:
        raise NotThereError(
            f"the person whom session {session_id} was of is deleted",
            advice=f"Give it to somebody who is here: tracker sessions edit {session_id} --person-to NAME",
            session_id=session_id,
        )


def _session(connection: Connection, session_id: int) -> Any:  # noqa: ANN401
    return connection.execute(select(SessionTable.__table__).where(SessionTable.id == session_id)).one()


def _update_session(connection: Connection, session_id: int, **values: object) -> None:
    connection.execute(update(SessionTable).where(SessionTable.id == session_id).values(values))


def _minutes(started_at: datetime, ended_at: datetime | None) -> str | None:
    return None if ended_at is None else number_text((ended_at - started_at) / timedelta(minutes=1))


def number_text(value: float) -> str:
    """Minutes, holds and other numbers as revisions keep them: without a point where they are whole."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _refuse_other(field: Field, known: tuple[Field, ...], *, by_hand: bool) -> None:
    if field not in known:
        names = ", ".join(one.value for one in (_OF_TOLD_SET if by_hand else _OF_COUNTED_SET))
        raise UsageError(
            f"a session that was done {'by hand' if by_hand else 'with sensors'} has no {field.value}",
            advice=f"What can be corrected of its sets: {names}.",
            field=field.value,
        )


def _text(value: object) -> str | None:
    match value:
        case None | False:
            return None
        case True:
            return YES
        case datetime():
            return value.isoformat()
        case float():
            return number_text(value)
        case _:
            return str(value)


def _instant(value: str | None) -> datetime:
    return datetime.fromisoformat(value or "")


_VALUES: dict[Field, Callable[[str | None], object]] = {
    Field.TIME_ZONE: lambda value: value,
    Field.PERSON: lambda value: int(value or ""),
    Field.REST_LEFT_OUT: lambda value: value == YES,
    Field.DELETED_AT: lambda value: None if value is None else _instant(value),
}


def _value(field: Field, value: str | None) -> object:
    if value is None:
        return None
    if field in _NUMBERS:
        return int(value)
    return float(value) if field is Field.HOLD_S else value
