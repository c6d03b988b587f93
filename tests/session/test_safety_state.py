"""When the safety questions are due, and when their answers hold back the training."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tracker.errors import RefusedError, UsageError
from tracker.model import SessionFelt, SetFelt
from tracker.session.safety_state import Occasion, clear_training, refuse_held_back, safety_state
from tracker.store.database import Database, open_database
from tracker.store.felt import save_session_felt, save_set_felt
from tracker.store.persons import add_person, get_or_create_person
from tracker.store.screenings import Screening, save_screening
from tracker.store.sessions import begin_session, finish_session
from tracker.store.values import Person

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
CLEAR = Screening(NOON, "first", {"fall_or_injury": False}, flagged=False, emergency=False)
FLAGGED = replace(CLEAR, answers={"fall_or_injury": True}, flagged=True)
EMERGENCY = replace(CLEAR, answers={"cannot_bear_weight": True}, flagged=True, emergency=True)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "tracker.db") as opened:
        yield opened


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as opened:
        yield opened


@pytest.fixture
def person(connection: Connection) -> Person:
    return get_or_create_person(connection, time_zone="Pacific/Auckland")


def train(connection: Connection, person: Person, begins: datetime, *, minutes: int | None = 40) -> int:
    """A session; without minutes it is still being recorded."""
    session_id = begin_session(
        connection,
        person_id=person.person_id,
        started_at=begins,
        time_zone=person.time_zone,
        recording_path=f"{begins:%d%H%M}.mcap",
    )
    if minutes is not None:
        ends = begins + timedelta(minutes=minutes)
        finish_session(connection, session_id, ended_at=ends, duration_s=60.0 * minutes, size_bytes=1)
    return session_id


def due(connection: Connection, person: Person, now: datetime) -> Occasion | None:
    return safety_state(connection, person, now).due


def test_they_are_due_before_the_first_session_for_each_person(
    connection: Connection, person: Person
) -> None:
    assert due(connection, person, NOON) is Occasion.FIRST
    save_screening(connection, person.person_id, CLEAR)
    assert due(connection, person, NOON) is None
    anna = add_person(connection, "anna", time_zone="UTC")
    assert due(connection, anna, NOON) is Occasion.FIRST


def test_a_week_ends_at_the_person_s_own_midnight(connection: Connection, person: Person) -> None:
    # 12:00 UTC is 01:00 on the 19th in Auckland (13 h ahead), where the 26th begins at 11:00 UTC on the 25th.
    save_screening(connection, person.person_id, CLEAR)
    assert due(connection, person, datetime(2026, 11, 25, 10, 59, tzinfo=UTC)) is None
    assert due(connection, person, datetime(2026, 11, 25, 11, 0, tzinfo=UTC)) is Occasion.WEEKLY


def test_answers_from_the_future_are_asked_for_again(connection: Connection, person: Person) -> None:
    save_screening(connection, person.person_id, CLEAR)
    assert due(connection, person, NOON - timedelta(days=1)) is Occasion.WEEKLY


@pytest.mark.parametrize(
    "felt", [SessionFelt(pain_before=6), SessionFelt(pain_worst=10), SessionFelt(pain_next_morning=7)]
)
def test_high_pain_after_the_answers_asks_again_until_it_is_answered(
    connection: Connection, person: Person, felt: SessionFelt
) -> None:
    save_screening(connection, person.person_id, CLEAR)
    session_id = train(connection, person, NOON + timedelta(hours=2))
    assert due(connection, person, NOON + timedelta(days=2)) is None
    save_session_felt(connection, session_id, felt)
    assert due(connection, person, NOON + timedelta(days=2)) is Occasion.PAIN
    answered = replace(CLEAR, asked_at=NOON + timedelta(days=2), occasion="pain")
    save_screening(connection, person.person_id, answered)
    assert due(connection, person, NOON + timedelta(days=2)) is None


def test_pain_of_a_set_and_of_a_session_that_is_being_recorded_count(
    connection: Connection, person: Person
) -> None:
    save_screening(connection, person.person_id, CLEAR)
    session_id = train(connection, person, NOON + timedelta(hours=2), minutes=None)
    save_set_felt(connection, session_id, 1, SetFelt(pain=5))
    assert due(connection, person, NOON + timedelta(hours=3)) is None
    save_set_felt(connection, session_id, 2, SetFelt(pain=6))
    assert due(connection, person, NOON + timedelta(hours=3)) is Occasion.PAIN


def test_pain_before_the_answers_asks_for_nothing(connection: Connection, person: Person) -> None:
    save_screening(connection, person.person_id, CLEAR)
    before = train(connection, person, NOON - timedelta(hours=3))
    save_session_felt(connection, before, SessionFelt(pain_worst=8))
    begun_with = train(connection, person, NOON + timedelta(minutes=1))
    save_session_felt(connection, begun_with, SessionFelt(pain_before=8))
    assert due(connection, person, NOON + timedelta(hours=2)) is None


def test_a_yes_holds_back_until_it_is_cleared_or_answered_anew(
    connection: Connection, person: Person
) -> None:
    save_screening(connection, person.person_id, FLAGGED)
    state = safety_state(connection, person, NOON)
    assert state.held_back and not state.emergency
    with pytest.raises(RefusedError, match="safety questions"):
        refuse_held_back(state)
    later = NOON + timedelta(hours=1)
    clear_training(connection, person, "Dr Hill, 18 November", later)
    state = safety_state(connection, person, later)
    refuse_held_back(state)
    assert state.holding is not None
    assert state.holding.note == "Dr Hill, 18 November"
    assert state.answered is not None
    assert state.answered.answers == {"fall_or_injury": True}
    # A clearance is no answer: a week after the answers they are asked for again.
    assert due(connection, person, NOON + timedelta(days=7)) is Occasion.WEEKLY
    save_screening(connection, person.person_id, replace(FLAGGED, asked_at=later))
    assert safety_state(connection, person, later).held_back
    save_screening(connection, person.person_id, replace(CLEAR, asked_at=later))
    assert not safety_state(connection, person, later).held_back


def test_an_emergency_is_not_cleared_by_a_note_but_by_answers(connection: Connection, person: Person) -> None:
    save_screening(connection, person.person_id, EMERGENCY)
    with pytest.raises(RefusedError, match="emergency") as refused:
        refuse_held_back(safety_state(connection, person, NOON))
    assert "emergency care" in refused.value.advice
    with pytest.raises(RefusedError, match="not cleared by a note"):
        clear_training(connection, person, "Dr Hill", NOON)
    assert safety_state(connection, person, NOON).emergency
    save_screening(connection, person.person_id, CLEAR)
    refuse_held_back(safety_state(connection, person, NOON))


def test_what_was_said_last_holds_where_the_clock_was_set_back(
    connection: Connection, person: Person
) -> None:
    save_screening(connection, person.person_id, CLEAR)
    save_screening(connection, person.person_id, replace(FLAGGED, asked_at=NOON - timedelta(hours=1)))
    assert safety_state(connection, person, NOON).held_back


@pytest.mark.parametrize("note", ["", "   ", "x" * 501, "Dr\x1b[2J"])
def test_a_note_that_says_nothing_clears_nothing(connection: Connection, person: Person, note: str) -> None:
    save_screening(connection, person.person_id, FLAGGED)
    with pytest.raises(UsageError):
        clear_training(connection, person, note, NOON)
    assert safety_state(connection, person, NOON).held_back


def test_there_must_be_something_to_clear(connection: Connection, person: Person) -> None:
    with pytest.raises(UsageError, match="stands against"):
        clear_training(connection, person, "Dr Hill", NOON)
