"""What can be said of a session and its sets, and of which ones."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tracker.errors import UsageError
from tracker.home import shipped_text
from tracker.model import Band, SessionFelt, SetFelt, Side
from tracker.plan.pain_limits import PainLimits
from tracker.session.felt_session import MOST_SETS, felt_session, say_of_session, say_of_set
from tracker.store.bands import add_band
from tracker.store.database import open_database
from tracker.store.manual_sets import ManualSet, add_session_by_hand
from tracker.store.persons import add_person, get_or_create_person
from tracker.store.plans import start_plan
from tracker.store.sessions import begin_session
from tracker.store.values import Person

BEGAN = datetime(2026, 11, 17, 18, 30, tzinfo=UTC)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with open_database(tmp_path / "tracker.db") as database, database.write() as opened:
        yield opened


@pytest.fixture
def person(connection: Connection) -> Person:
    return get_or_create_person(connection, time_zone="Europe/Berlin")


def by_hand(connection: Connection, person: Person) -> int:
    """A session of two sets of one exercise and one of another."""
    return add_session_by_hand(
        connection,
        person_id=person.person_id,
        started_at=BEGAN,
        time_zone="Europe/Berlin",
        minutes=20.0,
        done=[ManualSet("bridge", Side.BOTH, 2, 10), ManualSet("hip_hike", Side.LEFT, 1, 8)],
    )


def test_what_is_said_later_replaces_only_what_it_names(connection: Connection, person: Person) -> None:
    own = by_hand(connection, person)
    say_of_session(
        connection, felt_session(connection, person.person_id, own), {"pain_worst": 4, "effort": 6}
    )
    say_of_session(connection, felt_session(connection, person.person_id, own), {"pain_worst": 2})
    assert felt_session(connection, person.person_id, own).felt == SessionFelt(pain_worst=2, effort=6)
    say_of_session(connection, felt_session(connection, person.person_id, own), {"effort": None})
    assert felt_session(connection, person.person_id, own).felt == SessionFelt(pain_worst=2)


def test_the_sets_of_a_session_by_hand_are_counted_through(connection: Connection, person: Person) -> None:
    one = felt_session(connection, person.person_id, by_hand(connection, person))
    assert one.exercises == {1: "bridge", 2: "bridge", 3: "hip_hike"}
    say_of_set(connection, one, 3, {"pain": 6, "notes": "left"})
    one = felt_session(connection, person.person_id, one.session.session_id)
    assert one.sets == {3: SetFelt(pain=6, notes="left")}
    assert 6 in one.pains
    for number in (0, 4, -1):
        with pytest.raises(UsageError, match=f"no set {number}"):
            say_of_set(connection, one, number, {"pain": 1})


def test_a_session_that_is_being_recorded_can_be_felt(connection: Connection, person: Person) -> None:
    own = begin_session(
        connection,
        person_id=person.person_id,
        started_at=BEGAN,
        time_zone="Europe/Berlin",
        recording_path="one.mcap",
    )
    one = felt_session(connection, person.person_id, None)
    assert (one.session.session_id, one.exercises) == (own, None)
    say_of_set(connection, one, 2, {"pain": 3})
    with pytest.raises(UsageError, match="no set"):
        say_of_set(connection, one, MOST_SETS + 1, {"pain": 3})


def test_sessions_of_others_and_none_at_all_are_refused(connection: Connection, person: Person) -> None:
    anna = add_person(connection, "anna", time_zone="UTC")
    with pytest.raises(UsageError, match="no session yet"):
        felt_session(connection, anna.person_id, None)
    own = by_hand(connection, person)
    for session_id in (own, own + 1):
        with pytest.raises(UsageError, match=f"no session {session_id}"):
            felt_session(connection, anna.person_id, session_id)


def test_pain_is_held_against_the_limits_of_the_day_s_plan(connection: Connection, person: Person) -> None:
    one = felt_session(connection, person.person_id, by_hand(connection, person))
    assert one.limits == PainLimits(continue_up_to=3, stop_from=5)
    text = shipped_text("plan.toml").replace("pain_stop_from = 5", "pain_stop_from = 6")
    start_plan(connection, person.person_id, "mine", text, date(2026, 11, 2), None)
    one = felt_session(connection, person.person_id, None)
    assert one.limits == PainLimits(continue_up_to=3, stop_from=6)


def test_a_band_is_the_person_s_own_and_stretched(connection: Connection, person: Person) -> None:
    anna = add_person(connection, "anna", time_zone="UTC")
    red = Band(None, "TheraBand", "red", 0.30, True, 16.5, 24.5)
    own, hers = add_band(connection, person.person_id, red), add_band(connection, anna.person_id, red)
    one = felt_session(connection, person.person_id, by_hand(connection, person))
    with pytest.raises(UsageError, match=f"no band {hers}"):
        say_of_set(connection, one, 1, {"band_id": hers})
    with pytest.raises(UsageError, match="shorter than the slack band"):
        say_of_set(connection, one, 1, {"band_id": own, "stretched_length_m": 0.29})
    assert felt_session(connection, person.person_id, one.session.session_id).sets == {}
    say_of_set(connection, one, 1, {"band_id": own, "stretched_length_m": 0.60})
    one = felt_session(connection, person.person_id, one.session.session_id)
    assert one.sets[1].band_id == own
