"""Storing how a session or a set felt, of values that nobody has checked yet."""

from dataclasses import fields

from tracker.errors import UsageError
from tracker.model import SessionFelt, SetFelt
from tracker.plan.pain import HIGHEST, LOWEST
from tracker.session.felt_session import FeltSession, Said, felt_session, say_of_session, say_of_set
from tracker.store.database import Database
from tracker.store.values import Person

_SCALES = ("pain_before", "pain_worst", "pain_next_morning", "pain", "effort")

LONGEST_NOTE_CHARS = 2000
"""About a page: whatever is longer was not meant as a note."""


def say_felt(
    database: Database, person: Person, session_id: int | None, said: Said, set_number: int | None = None
) -> FeltSession:
    """Store how a session, or one of its sets, felt; None takes a value back.

    Args:
        session_id: the person's last session where None.
        said: by fields of `SessionFelt` or, with a set's number, of `SetFelt`.

    Raises:
        UsageError: no such session, set or field, or a value that cannot be.
    """
    _check(said, SessionFelt if set_number is None else SetFelt)
    with database.write() as connection:
        one = felt_session(connection, person.person_id, session_id)
        if set_number is None:
            say_of_session(connection, one, said)
        else:
            say_of_set(connection, one, set_number, said)
        return felt_session(connection, person.person_id, one.session.session_id)


def _check(said: Said, kind: type[SessionFelt] | type[SetFelt]) -> None:
    known = [field.name for field in fields(kind)]
    for name, value in said.items():
        if name not in known:
            raise UsageError(
                f"nothing is called {name[:40]!r} of what can be said",
                advice=f"There is: {', '.join(known)}.",
                field=name,
            )
        if value is None:
            continue
        if name in _SCALES and not _is_on_scale(value):
            raise UsageError(
                f"{name} cannot be {str(value)[:40]!r}",
                advice=f"Give a whole number from {LOWEST} to {HIGHEST}.",
                field=name,
            )
        if name == "notes" and not _can_be_kept(value):
            raise UsageError(
                "these notes cannot be kept",
                advice=f"Give up to {LONGEST_NOTE_CHARS} letters that can be shown.",
                field=name,
            )


def _is_on_scale(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and LOWEST <= value <= HIGHEST


def _can_be_kept(note: object) -> bool:
    return (
        isinstance(note, str)
        and len(note) <= LONGEST_NOTE_CHARS
        and all(char.isprintable() or char == "\n" for char in note)
    )
