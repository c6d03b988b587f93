"""Corrects sessions: each change is a revision, and what was recorded and measured stays as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from tracker.errors import ConflictError, UsageError
from tracker.model import Side
from tracker.store.corrected_fields import check_field, read_field, write_field
from tracker.store.manual_sets import refuse_told_twice
from tracker.store.revisions import (
    Action,
    Change,
    Field,
    Revision,
    add_revision,
    checked_reason,
    hold_session,
    revisions_of,
)
from tracker.store.sessions import read_session
from tracker.store.values import SessionState, SessionSummary


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """What one field shall be; `corrected_fields` says how each is written.

    Attributes:
        value: None takes a correction of a counted set back, and leaves a hold without its time.
    """

    field: Field
    value: str | None
    set_number: int | None = None
    side: Side | None = None


def edit_session(
    connection: Connection, session_id: int, edits: Iterable[FieldEdit], *, reason: str
) -> Revision:
    """Correct fields of a session, all of them or none.

    Raises:
        UsageError: no such session or set; it is being recorded or was deleted; a value cannot be; nothing
            would change.
    """
    said = checked_reason(reason)
    session = held_session(connection, session_id)
    if session.deleted_at is not None:
        raise ConflictError(
            f"session {session_id} was deleted",
            advice=f"Bring it back first: tracker sessions restore {session_id}",
            session_id=session_id,
        )
    wanted = tuple(edits)
    for one in wanted:
        check_field(connection, session_id, one.field, one.set_number, one.side)
    return _change(connection, session_id, wanted, Action.EDIT, said)


def delete_session(connection: Connection, session_id: int, *, reason: str) -> Revision:
    """Let a session count no more; all of it stays.

    Raises:
        UsageError: no such session; it is being recorded or was deleted before.
    """
    said = checked_reason(reason)
    if held_session(connection, session_id).deleted_at is not None:
        raise ConflictError(
            f"session {session_id} was deleted already",
            advice="`tracker sessions --deleted` lists those.",
            session_id=session_id,
        )
    now = FieldEdit(Field.DELETED_AT, datetime.now(UTC).isoformat())
    return _change(connection, session_id, (now,), Action.DELETE, said)


def restore_session(connection: Connection, session_id: int, *, reason: str) -> Revision:
    """Let a deleted session count again, as it was corrected before.

    Raises:
        UsageError: no such session, it was not deleted, or was told anew meanwhile.
    """
    said = checked_reason(reason)
    if held_session(connection, session_id).deleted_at is None:
        raise ConflictError(
            f"session {session_id} was not deleted",
            advice="`tracker sessions --deleted` lists those that were.",
            session_id=session_id,
        )
    return _change(connection, session_id, (FieldEdit(Field.DELETED_AT, None),), Action.RESTORE, said)


def undo_revision(connection: Connection, session_id: int, *, reason: str) -> Revision:
    """Bring back the state before the last revision, as a new one: to undo that one too does it again.

    Raises:
        UsageError: no such session; it is being recorded; nothing was corrected.
    """
    said = checked_reason(reason)
    held_session(connection, session_id)
    made = revisions_of(connection, session_id)
    if not made or not made[-1].changes:
        raise ConflictError(
            f"nothing of session {session_id} was corrected",
            advice=f"`tracker sessions show {session_id}` shows its revisions.",
            session_id=session_id,
        )
    back = [FieldEdit(one.field, one.before, one.set_number, one.side) for one in reversed(made[-1].changes)]
    return _change(connection, session_id, back, Action.UNDO, said)


def held_session(connection: Connection, session_id: int) -> SessionSummary:
    """A session that may be corrected, held until the transaction ends: whoever else corrects it waits.

    Raises:
        UsageError: no such session, or it is being recorded.
    """
    hold_session(connection, session_id)
    session = read_session(connection, session_id)
    if session.state is SessionState.RECORDING:
        raise ConflictError(
            f"session {session_id} is being recorded",
            advice="End the recording first, then correct the session.",
            session_id=session_id,
        )
    return session


def _change(
    connection: Connection, session_id: int, edits: Iterable[FieldEdit], action: Action, reason: str
) -> Revision:
    """Change fields and keep the revision; where it raises, the caller's transaction takes all of it back."""
    changes: list[Change] = []
    for one in edits:
        before = read_field(connection, session_id, one.field, one.set_number, one.side)
        if before != one.value:
            write_field(connection, session_id, one.field, one.value, one.set_number, one.side)
            changes.append(Change(one.field, before, one.value, one.set_number, one.side))
    _refuse_no_change(session_id, changes)
    session = read_session(connection, session_id)
    if session.by_hand and session.deleted_at is None:
        refuse_told_twice(connection, session.person_id, session.started_at, session_id)
    return add_revision(connection, session_id, action, reason, changes)


def _refuse_no_change(session_id: int, changes: Sequence[Change]) -> None:
    if not changes:
        raise UsageError(
            f"session {session_id} is like that already: nothing to change",
            advice=f"`tracker sessions show {session_id}` shows it.",
            session_id=session_id,
        )
