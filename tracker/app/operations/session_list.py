"""A person's sessions, a page of them at a time, with what was done in each."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from tracker.errors import UsageError
from tracker.model import Side
from tracker.plan.catalogue import Catalogue
from tracker.store.database import Database
from tracker.store.plan_sets import plan_sets
from tracker.store.sessions import list_sessions
from tracker.store.values import Person, SessionSummary

PER_PAGE = 25
"""Two months with three sessions a week."""


@dataclass(frozen=True, slots=True)
class DoneExercise:
    """What was done of one exercise in a session, corrections in it.

    Attributes:
        name, title: of the catalogue; the title is the name where it is no longer in it.
        sets: how many, both legs of one together.
        valid_reps: of all legs together.
        both_legs: the repetitions are those of two legs.
    """

    name: str
    title: str
    sets: int
    valid_reps: int
    both_legs: bool


@dataclass(frozen=True, slots=True)
class ListedSession:
    """One line of the list."""

    session: SessionSummary
    done: tuple[DoneExercise, ...]


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """Some sessions, the latest first.

    Attributes:
        earlier_before: begin the next page with sessions before this instant; None where there are none.
    """

    sessions: tuple[ListedSession, ...]
    earlier_before: datetime | None


def sessions_page(
    database: Database,
    person: Person,
    catalogue: Catalogue,
    before: datetime | None = None,
    *,
    deleted: bool = False,
    limit: int = PER_PAGE,
) -> SessionsPage:
    """Read a page of a person's sessions.

    Args:
        before: those that began earlier than this.
        deleted: those that were deleted in place of those that were not.

    Raises:
        UsageError: no calendar has that instant.
        DatabaseError: the database cannot be read.
    """
    try:
        until = None if before is None else before.astimezone(UTC)
    except OverflowError:
        raise UsageError("the address names no instant", advice="Begin at the page Review again.") from None
    with database.read() as connection:
        found = list_sessions(connection, person.person_id, until=until, limit=limit + 1, deleted=deleted)
        shown = found[:limit]
        done = _done(connection, shown, catalogue)
    return SessionsPage(
        tuple(ListedSession(one, done.get(one.session_id, ())) for one in shown),
        shown[-1].started_at if len(found) > limit else None,
    )


def _done(
    connection: Connection, sessions: tuple[SessionSummary, ...], catalogue: Catalogue
) -> dict[int, tuple[DoneExercise, ...]]:
    numbers: dict[tuple[int, str], set[int]] = {}
    reps: dict[tuple[int, str], int] = {}
    sides: dict[tuple[int, str], set[Side | None]] = {}
    for one in plan_sets(connection, [session.session_id for session in sessions]):
        key = one.session_id, one.exercise
        numbers.setdefault(key, set())
        if not one.goes_on:
            numbers[key].add(one.set_number)
        reps[key] = reps.get(key, 0) + one.valid_reps
        sides.setdefault(key, set()).add(one.side)
    found: dict[int, list[DoneExercise]] = {}
    for (session_id, name), sets in numbers.items():
        entry = catalogue.get(name)
        title = name if entry is None else entry.title
        key = session_id, name
        done = DoneExercise(name, title, len(sets), reps[key], len(sides[key]) > 1)
        found.setdefault(session_id, []).append(done)
    return {session_id: tuple(done) for session_id, done in found.items()}
