"""Sessions that were done without sensors and told afterwards: kept apart from what sensors counted."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from tracker.errors import ConflictError, NotThereError
from tracker.model import Side
from tracker.store.analysis_rows import AnyRow
from tracker.store.persons import checked_time_zone
from tracker.store.revisions import Action, add_revision
from tracker.store.tables import ManualSetTable, SessionTable
from tracker.store.values import SessionState

_ADDED = "done without sensors"


@dataclass(frozen=True, slots=True)
class ManualSet:
    """Sets of one exercise and side as the person tells them; `reps` of each set."""

    exercise: str
    side: Side | None
    sets: int
    reps: int
    hold_s: float | None = None


def add_session_by_hand(
    connection: Connection,
    *,
    person_id: int,
    started_at: datetime,
    time_zone: str,
    minutes: float,
    done: Sequence[ManualSet],
) -> int:
    """Store a session that was done without sensors; returns its id.

    Args:
        started_at: aware instant.
        time_zone: IANA name of the zone in which it took place.
        done: what was done, at least one.

    Raises:
        UsageError: no such time zone; a session by hand that began at that moment is there already.
    """
    refuse_told_twice(connection, person_id, started_at)
    row = {
        "person_id": person_id,
        "started_at": started_at,
        "ended_at": started_at + timedelta(minutes=minutes),
        "time_zone": checked_time_zone(time_zone),
        "state": SessionState.COMPLETE.value,
        "simulated": False,
        "by_hand": True,
        "rest_left_out": False,
    }
    session_id = connection.execute(insert(SessionTable).returning(SessionTable.id), row).scalar_one()
    told = [{"session_id": session_id, **asdict(one)} for one in done]
    connection.execute(insert(ManualSetTable), told)
    add_revision(connection, session_id, Action.ADD, _ADDED)
    return session_id


def refuse_told_twice(
    connection: Connection, person_id: int, started_at: datetime, session_id: int | None = None
) -> None:
    """Refuse a session by hand at a moment at which another one of the person began that counts.

    Args:
        session_id: its own number, where it has one.

    Raises:
        UsageError: names the other one.
    """
    own = select(SessionTable.id).where(
        SessionTable.person_id == person_id,
        SessionTable.started_at == started_at,
        SessionTable.by_hand.is_(True),
        SessionTable.deleted_at.is_(None),
    )
    known = next((one for one in connection.execute(own).scalars() if one != session_id), None)
    if known is not None:
        raise ConflictError(
            f"session {known} was told already and began at the same moment",
            advice=f"Correct that one: tracker sessions edit {known}; or give another time.",
            session_id=known,
        )


def manual_sets_of(connection: Connection, session_id: int) -> tuple[ManualSet, ...]:
    """What was done in a session by hand, in the order in which it was told; corrections count from 1."""
    return tuple(
        ManualSet(row.exercise, None if row.side is None else Side(row.side), row.sets, row.reps, row.hold_s)
        for row in _rows(connection, session_id)
    )


def told_row(connection: Connection, session_id: int, number: int) -> AnyRow:
    """One of the rows of a session by hand, counted from 1.

    Raises:
        UsageError: there is no such row.
    """
    rows = _rows(connection, session_id)
    if not 1 <= number <= len(rows):
        raise refused_set(session_id, number)
    return rows[number - 1]


def update_told(connection: Connection, session_id: int, number: int, **values: object) -> None:
    """Change one of the rows of a session by hand, counted from 1."""
    row = told_row(connection, session_id, number)
    connection.execute(update(ManualSetTable).where(ManualSetTable.id == row.id).values(values))


def refused_set(session_id: int, number: int) -> NotThereError:
    """The error to raise where a set is corrected that isn't there."""
    return NotThereError(
        f"session {session_id} has no such set: {number}",
        advice=f"`tracker sessions show {session_id}` numbers its sets and names their legs.",
        session_id=session_id,
        set_number=number,
    )


def _rows(connection: Connection, session_id: int) -> Sequence[AnyRow]:
    query = select(ManualSetTable.__table__).where(ManualSetTable.session_id == session_id)
    return connection.execute(query.order_by(ManualSetTable.id)).all()
