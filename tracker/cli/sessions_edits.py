"""From the options of `tracker sessions edit` to the fields that it changes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.cli.opening import open_home_database
from tracker.cli.output import note, print_tables
from tracker.cli.person_option import person_of
from tracker.errors import UsageError
from tracker.home import home_from_environment
from tracker.local_time import past_instant
from tracker.model import Side
from tracker.plan.catalogue import load_catalogue
from tracker.report.session_history import read_history
from tracker.report.session_history_tables import revision_lines
from tracker.session.told_session import check_end, refuse_future_end
from tracker.store.corrected_fields import YES, number_text
from tracker.store.corrections import FieldEdit, edit_session, held_session, undo_revision
from tracker.store.found_sets import sides_of_set
from tracker.store.manual_sets import manual_sets_of, refused_set
from tracker.store.persons import checked_time_zone
from tracker.store.revisions import Field
from tracker.store.values import SessionSummary

_LEGS = {"left": Side.LEFT, "right": Side.RIGHT}


@dataclass(frozen=True, slots=True)
class SessionWishes:
    """What of the whole session shall be otherwise; None leaves as it is."""

    started_at: str | None = None
    time_zone: str | None = None
    person_to: str | None = None
    rest_left_out: bool | None = None
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class SetWishes:
    """What of one set shall be otherwise; None leaves as it is."""

    set_number: int | None = None
    leg: str | None = None
    exercise: str | None = None
    valid_reps: int | None = None
    partial_reps: int | None = None
    left_out: bool | None = None
    as_found: bool = False
    sets: int | None = None
    reps: int | None = None
    hold_s: float | None = None


def change_session(
    number: int, wishes: SessionWishes, of_set: SetWishes, *, reason: str, undo: bool = False
) -> None:
    """Correct a session, or undo the last revision, and print what has changed.

    Raises:
        UsageError: nothing, or too much at once, is asked for; a value cannot be.
    """
    nothing = wishes == SessionWishes() and of_set == SetWishes()
    if undo and not nothing:
        raise UsageError("--undo goes with --reason alone", advice="Correct in a second command.")
    if nothing and not undo:
        raise UsageError("nothing to change", advice="Say what: `tracker sessions edit --help` lists it.")
    with open_home_database() as database, database.write() as connection:
        if undo:
            made = undo_revision(connection, number, reason=reason)
        else:
            session = held_session(connection, number)
            edits = (
                *_session_edits(connection, session, wishes),
                *_set_edits(connection, session, of_set),
            )
            made = edit_session(connection, number, edits, reason=reason)
        history = read_history(connection, number)
    print_tables(f"Session {number}:", *(f"  {line}" for line in revision_lines(history, made)))
    if history.targets:
        note(f"Let the rules of the plan look at it again: tracker plan review {number}")


def _session_edits(
    connection: Connection, session: SessionSummary, wishes: SessionWishes
) -> Iterator[FieldEdit]:
    zone = session.time_zone if wishes.time_zone is None else checked_time_zone(wishes.time_zone)
    if wishes.time_zone is not None:
        yield FieldEdit(Field.TIME_ZONE, zone)
    now = datetime.now(UTC)
    started_at = session.started_at
    if wishes.started_at is not None:
        started_at = past_instant(wishes.started_at, ZoneInfo(zone), now)
        yield FieldEdit(Field.STARTED_AT, started_at.isoformat())
    if wishes.minutes is not None:
        check_end(started_at, wishes.minutes, now)
        yield FieldEdit(Field.MINUTES, number_text(wishes.minutes))
    elif wishes.started_at is not None and session.ended_at is not None:
        # It stays as long as it was.
        refuse_future_end(started_at + (session.ended_at - session.started_at), now)
    if wishes.person_to is not None:
        yield FieldEdit(Field.PERSON, str(person_of(connection, wishes.person_to).person_id))
    if wishes.rest_left_out is not None:
        yield FieldEdit(Field.REST_LEFT_OUT, YES if wishes.rest_left_out else None)


def _set_edits(connection: Connection, session: SessionSummary, wishes: SetWishes) -> Iterator[FieldEdit]:
    if wishes == SetWishes():
        return
    if wishes.exercise is not None:
        load_catalogue(home_from_environment()).find(wishes.exercise)
    side = leg_named(wishes.leg)
    if session.by_hand:
        yield from _told_edits(connection, session, wishes, side)
        return
    if wishes.set_number is None:
        raise UsageError(
            "which set is meant?",
            advice=f"Give --set; `tracker sessions show {session.session_id}` numbers them.",
        )
    sides = sides_of_set(connection, session.session_id, wishes.set_number)
    if not sides or (side is not None and side not in sides):
        raise refused_set(session.session_id, wishes.set_number)
    meant = sides if side is None else (side,)
    if len(meant) > 1 and (wishes.valid_reps is not None or wishes.partial_reps is not None):
        raise UsageError(
            f"set {wishes.set_number} was counted of both legs",
            advice="Say which leg's repetitions are meant: --leg left or --leg right.",
        )
    for of_leg in meant:
        yield from _counted_edits(wishes, wishes.set_number, of_leg)


def _counted_edits(wishes: SetWishes, number: int, side: Side | None) -> Iterator[FieldEdit]:
    if wishes.as_found:
        if replace(wishes, set_number=None, leg=None, as_found=False) != SetWishes():
            raise UsageError("--as-found goes with --set and --leg alone", advice="Correct in two commands.")
        for field in (Field.EXERCISE, Field.VALID_REPS, Field.PARTIAL_REPS, Field.LEFT_OUT):
            yield FieldEdit(field, None, number, side)
        return
    said = {
        Field.EXERCISE: wishes.exercise,
        Field.VALID_REPS: wishes.valid_reps,
        Field.PARTIAL_REPS: wishes.partial_reps,
        Field.SETS: wishes.sets,
        Field.REPS: wishes.reps,
        Field.HOLD_S: wishes.hold_s,
    }
    for field, value in said.items():
        if value is not None:
            yield FieldEdit(field, str(value), number, side)
    if wishes.left_out is not None:
        yield FieldEdit(Field.LEFT_OUT, YES if wishes.left_out else None, number, side)


def _told_edits(
    connection: Connection, session: SessionSummary, wishes: SetWishes, side: Side | None
) -> Iterator[FieldEdit]:
    number = wishes.set_number
    if number is None and len(manual_sets_of(connection, session.session_id)) == 1:
        number = 1
    if number is None:
        raise UsageError(
            "which of the exercises is meant?",
            advice=f"Give --set; `tracker sessions show {session.session_id}` numbers them.",
        )
    if wishes.left_out is not None or wishes.as_found:
        raise UsageError(
            "what was done by hand has nothing that was found",
            advice="Correct its numbers, or delete the session and add it anew.",
        )
    plain = replace(wishes, hold_s=None)
    yield from _counted_edits(plain, number, None)
    if side is not None:
        yield FieldEdit(Field.SIDE, side.value, number)
    if wishes.hold_s is not None:
        yield FieldEdit(Field.HOLD_S, number_text(wishes.hold_s) if wishes.hold_s else None, number)


def leg_named(name: str | None) -> Side | None:
    """The leg that an option names; None where it is not given.

    Raises:
        UsageError: another word.
    """
    if name is None:
        return None
    if name not in _LEGS:
        raise UsageError(f"{name!r} is no leg", advice="Say left or right.", leg=name)
    return _LEGS[name]
