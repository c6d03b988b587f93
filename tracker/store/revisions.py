"""Revisions of sessions: what a person corrected, when and why. They are only ever added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, func, insert, select

from tracker.errors import UsageError
from tracker.model import Side
from tracker.store.tables import SessionRevisionTable, SessionTable

MAX_REASON_CHARS = 500


class Action(StrEnum):
    """What a revision did to a session."""

    ADD = "add"
    EDIT = "edit"
    DELETE = "delete"
    RESTORE = "restore"
    UNDO = "undo"


class Field(StrEnum):
    """What of a session can be corrected, by the name that revisions keep.

    `EXERCISE` to `LEFT_OUT` are of a counted set; `EXERCISE`, `SIDE` and those after it of sets by hand.
    """

    STARTED_AT = "started_at"
    TIME_ZONE = "time_zone"
    PERSON = "person_id"
    REST_LEFT_OUT = "rest_left_out"
    DELETED_AT = "deleted_at"
    EXERCISE = "exercise"
    VALID_REPS = "valid_reps"
    PARTIAL_REPS = "partial_reps"
    LEFT_OUT = "left_out"
    SIDE = "side"
    SETS = "sets"
    REPS = "reps"
    HOLD_S = "hold_s"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a session before and after, as text.

    Attributes:
        set_number, side: the set that is meant; None where the whole session is, or the set has no side.
        before, after: None where nothing is said: of a counted set then what was found holds.
    """

    field: Field
    before: str | None
    after: str | None
    set_number: int | None = None
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """What a person did to a session at one moment.

    Attributes:
        changes: every field that changed; empty where a session was added.
    """

    made_at: datetime
    action: Action
    reason: str
    changes: tuple[Change, ...]


def revisions_of(connection: Connection, session_id: int) -> tuple[Revision, ...]:
    """All revisions of a session, the earliest first."""
    query = (
        select(SessionRevisionTable.__table__)
        .where(SessionRevisionTable.session_id == session_id)
        .order_by(SessionRevisionTable.made_at, SessionRevisionTable.id)
    )
    found: dict[datetime, tuple[Action, str, list[Change]]] = {}
    for row in connection.execute(query):
        _, _, changes = found.setdefault(row.made_at, (Action(row.action), row.reason, []))
        if row.field is not None:
            side = None if row.side is None else Side(row.side)
            changes.append(Change(Field(row.field), row.before, row.after, row.set_number, side))
    return tuple(
        Revision(made_at, action, reason, tuple(changes))
        for made_at, (action, reason, changes) in found.items()
    )


def add_revision(
    connection: Connection, session_id: int, action: Action, reason: str, changes: Iterable[Change] = ()
) -> Revision:
    """Store a revision, a row for each change; the session must be held by `hold_session`."""
    latest = select(func.max(SessionRevisionTable.made_at)).where(
        SessionRevisionTable.session_id == session_id
    )
    before: datetime | None = connection.execute(latest).scalar()
    made_at = datetime.now(UTC)
    # The moment is what holds the rows of a revision together, so no two of a session may share one.
    if before is not None and made_at <= before:
        made_at = before + timedelta(microseconds=1)
    revision = Revision(made_at, action, reason, tuple(changes))
    head = {"session_id": session_id, "made_at": made_at, "action": action.value, "reason": reason}
    rows = [
        {
            **head,
            "field": one.field.value,
            "set_number": one.set_number,
            "side": None if one.side is None else one.side.value,
            "before": one.before,
            "after": one.after,
        }
        for one in revision.changes
    ]
    connection.execute(insert(SessionRevisionTable), rows or [head])
    return revision


def hold_session(connection: Connection, session_id: int) -> None:
    """Hold a session until the transaction ends: of two who correct it at once the second one waits."""
    connection.execute(select(SessionTable.id).where(SessionTable.id == session_id).with_for_update())


def checked_reason(reason: str) -> str:
    """The reason, if it says something in one line.

    Raises:
        UsageError: it is empty, too long, or has characters that do not show.
    """
    text = reason.strip()
    if not text or len(text) > MAX_REASON_CHARS or not text.isprintable():
        raise UsageError(
            "a correction needs its reason",
            advice=f"Say in one line of at most {MAX_REASON_CHARS} letters why, with --reason.",
            reason=reason,
        )
    return text
