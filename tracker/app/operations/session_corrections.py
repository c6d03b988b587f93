"""Corrections of a session: each is kept with its reason, and the plan's rules look at the session again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from tracker.errors import TrackerError, UsageError
from tracker.model import Side
from tracker.plan.catalogue import Catalogue
from tracker.session.after_session import reviewed
from tracker.session.felt_session import felt_session
from tracker.session.session_limits import MAX_HOLD_S, MAX_REPS, MAX_SETS
from tracker.store.corrected_fields import YES, number_text
from tracker.store.corrections import (
    FieldEdit,
    delete_session,
    edit_session,
    restore_session,
    undo_revision,
)
from tracker.store.database import Database
from tracker.store.found_sets import sides_of_set
from tracker.store.manual_sets import refused_set
from tracker.store.revisions import Field, Revision
from tracker.store.sessions import no_such_session, read_session
from tracker.store.values import Person


@dataclass(frozen=True, slots=True)
class SetSaid:
    """What a person says of one leg of a set that sensors counted; None leaves as it is.

    Attributes:
        side: None of a set that was counted without one.
        exercise: the one that it was.
        left_out: it does not count at all.
        as_found: take all corrections of it back; goes with nothing else.
    """

    set_number: int
    side: Side | None = None
    exercise: str | None = None
    valid_reps: int | None = None
    partial_reps: int | None = None
    left_out: bool | None = None
    as_found: bool = False


@dataclass(frozen=True, slots=True)
class ToldSaid:
    """What a person says of sets that were told by hand; None leaves as it is.

    Attributes:
        set_number: which of what was told, from 1.
        hold_s: 0 for not held.
    """

    set_number: int
    exercise: str | None = None
    sets: int | None = None
    reps: int | None = None
    hold_s: float | None = None


def correct_set(
    database: Database, person: Person, session_id: int, said: SetSaid, reason: str, catalogue: Catalogue
) -> Revision:
    """Correct one leg of a set; what was recorded and measured stays as it is.

    Raises:
        UsageError: no such session of this person, or set; a value cannot be; nothing would change.
    """

    def change(connection: Connection) -> Revision:
        if said.side not in sides_of_set(connection, session_id, said.set_number):
            raise refused_set(session_id, said.set_number)
        return edit_session(connection, session_id, _set_edits(said, catalogue), reason=reason)

    return _changed(database, person, session_id, change, catalogue)


def correct_told(
    database: Database, person: Person, session_id: int, said: ToldSaid, reason: str, catalogue: Catalogue
) -> Revision:
    """Correct what was told by hand.

    Raises:
        UsageError: no such session of this person, or set; a value cannot be; nothing would change.
    """

    def change(connection: Connection) -> Revision:
        return edit_session(connection, session_id, _told_edits(said, catalogue), reason=reason)

    return _changed(database, person, session_id, change, catalogue)


def count_rest_tests(
    database: Database, person: Person, session_id: int, *, counts: bool, reason: str, catalogue: Catalogue
) -> Revision:
    """Let a session's rest tests count, or leave them out of weeks and trend.

    Raises:
        UsageError: no such session of this person; it is like that already.
    """
    edit = FieldEdit(Field.REST_LEFT_OUT, None if counts else YES)

    def change(connection: Connection) -> Revision:
        return edit_session(connection, session_id, (edit,), reason=reason)

    return _changed(database, person, session_id, change, catalogue)


def undo_correction(
    database: Database, person: Person, session_id: int, reason: str, catalogue: Catalogue
) -> Revision:
    """Bring back what was before the last correction.

    Raises:
        UsageError: no such session of this person; nothing was corrected.
    """
    return _changed(
        database,
        person,
        session_id,
        lambda connection: undo_revision(connection, session_id, reason=reason),
        catalogue,
    )


def delete(
    database: Database, person: Person, session_id: int, reason: str, catalogue: Catalogue
) -> Revision:
    """Let a session count no more; all of it stays, and it can be restored.

    Raises:
        UsageError: no such session of this person; it is being recorded or was deleted before.
    """
    return _changed(
        database,
        person,
        session_id,
        lambda connection: delete_session(connection, session_id, reason=reason),
        catalogue,
    )


def restore(
    database: Database, person: Person, session_id: int, reason: str, catalogue: Catalogue
) -> Revision:
    """Let a deleted session count again.

    Raises:
        UsageError: no such session of this person; it was not deleted.
    """
    return _changed(
        database,
        person,
        session_id,
        lambda connection: restore_session(connection, session_id, reason=reason),
        catalogue,
    )


def check_own(connection: Connection, person: Person, session_id: int) -> None:
    """Refuse a session of somebody else as if it were not there.

    Raises:
        UsageError: no such session of this person.
    """
    if read_session(connection, session_id).person_id != person.person_id:
        raise no_such_session(session_id)


def _changed(
    database: Database,
    person: Person,
    session_id: int,
    change: Callable[[Connection], Revision],
    catalogue: Catalogue,
) -> Revision:
    with database.write() as connection:
        check_own(connection, person, session_id)
        revision = change(connection)
    judge_again(database, person, session_id, catalogue)
    return revision


def judge_again(database: Database, person: Person, session_id: int, catalogue: Catalogue) -> None:
    """Let the plan's rules look at the session as it counts now; the correction stands in any case."""
    with database.read() as connection:
        if read_session(connection, session_id).deleted_at is not None:
            return
        one = felt_session(connection, person.person_id, session_id)
    try:
        reviewed(database, person, one, catalogue)
    except TrackerError:
        # A plan that cannot be judged says so on its own page.
        return


def _set_edits(said: SetSaid, catalogue: Catalogue) -> Iterator[FieldEdit]:
    number, side = said.set_number, said.side
    if said.as_found:
        for field in (Field.EXERCISE, Field.VALID_REPS, Field.PARTIAL_REPS, Field.LEFT_OUT):
            yield FieldEdit(field, None, number, side)
        return
    if said.exercise is not None:
        yield FieldEdit(Field.EXERCISE, catalogue.find(said.exercise).name, number, side)
    counts = ((Field.VALID_REPS, said.valid_reps), (Field.PARTIAL_REPS, said.partial_reps))
    for field, value in counts:
        if value is not None:
            yield FieldEdit(field, str(_within(value, 0, MAX_REPS)), number, side)
    if said.left_out is not None:
        yield FieldEdit(Field.LEFT_OUT, YES if said.left_out else None, number, side)


def _told_edits(said: ToldSaid, catalogue: Catalogue) -> Iterable[FieldEdit]:
    number = said.set_number
    if said.exercise is not None:
        yield FieldEdit(Field.EXERCISE, catalogue.find(said.exercise).name, number)
    if said.sets is not None:
        yield FieldEdit(Field.SETS, str(_within(said.sets, 1, MAX_SETS)), number)
    if said.reps is not None:
        yield FieldEdit(Field.REPS, str(_within(said.reps, 1, MAX_REPS)), number)
    if said.hold_s is not None:
        if not 0.0 <= said.hold_s <= MAX_HOLD_S:
            raise _beyond(said.hold_s, 0, MAX_HOLD_S)
        yield FieldEdit(Field.HOLD_S, number_text(said.hold_s) if said.hold_s else None, number)


def _within(value: int, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _beyond(value, low, high)
    return value


def _beyond(value: object, low: int, high: int) -> UsageError:
    return UsageError(
        f"{str(value)[:40]!r} cannot be", advice=f"Give a number from {low} to {high}.", value=str(value)[:40]
    )
