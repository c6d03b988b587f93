"""How sessions and sets felt, as the person said last."""

from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy import Connection, select

from tracker.model import SessionFelt, SetFelt
from tracker.store.tables import SessionFeltTable, SetFeltTable
from tracker.store.upserts import replace_row


def save_session_felt(connection: Connection, session_id: int, felt: SessionFelt) -> None:
    """Store how a session felt in place of what was said before."""
    replace_row(connection, SessionFeltTable, {"session_id": session_id, **asdict(felt)})


def save_set_felt(connection: Connection, session_id: int, set_number: int, felt: SetFelt) -> None:
    """Store how a set felt in place of what was said before; sets count from 1."""
    row = {"session_id": session_id, "set_number": set_number, **asdict(felt)}
    replace_row(connection, SetFeltTable, row)


def sessions_felt(connection: Connection, sessions: Collection[int]) -> dict[int, SessionFelt]:
    """What was said of some sessions, by their ids; those of which nothing was said are missing."""
    query = select(SessionFeltTable.__table__).where(SessionFeltTable.session_id.in_(sessions))
    return {
        row.session_id: SessionFelt(
            row.pain_before, row.pain_worst, row.pain_next_morning, row.effort, row.notes
        )
        for row in connection.execute(query)
    }


def sets_felt(connection: Connection, sessions: Collection[int]) -> dict[int, dict[int, SetFelt]]:
    """What was said of the sets of some sessions, by session id and number of the set."""
    query = (
        select(SetFeltTable.__table__)
        .where(SetFeltTable.session_id.in_(sessions))
        .order_by(SetFeltTable.session_id, SetFeltTable.set_number)
    )
    found: dict[int, dict[int, SetFelt]] = {}
    for row in connection.execute(query):
        felt = SetFelt(row.pain, row.effort, row.notes, row.band_id, row.stretched_length_m)
        found.setdefault(row.session_id, {})[row.set_number] = felt
    return found
