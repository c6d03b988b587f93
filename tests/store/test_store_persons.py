"""Several persons in one database: each has sessions of their own, and one is meant where nobody is named."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from postgres_server import new_database
from sqlalchemy import Connection
from store_samples import STARTED_AT, analysis

from tracker.errors import UsageError
from tracker.store.analyses import save_analysis
from tracker.store.database import Database, open_database
from tracker.store.persons import (
    DEFAULT_NAME,
    add_person,
    change_person,
    find_person,
    list_persons,
    make_default,
    person_meant,
)
from tracker.store.sessions import begin_session, list_sessions
from tracker.store.spans import week_rows
from tracker.store.values import Person

ZONE = "Europe/Berlin"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    location = tmp_path / "tracker.db" if request.param == "sqlite" else new_database()
    with open_database(location) as opened:
        yield opened


def train(connection: Connection, person: Person, *, days: int = 0) -> int:
    """An analysed session of a person, so many days after the first one."""
    session_id = begin_session(
        connection,
        person_id=person.person_id,
        started_at=STARTED_AT + timedelta(days=days),
        time_zone=ZONE,
        recording_path=f"recordings/{person.name}-{days}.mcap",
    )
    save_analysis(connection, session_id, analysis())
    return session_id


def test_whoever_is_alone_is_made_when_first_meant(database: Database) -> None:
    with database.write() as connection:
        first = person_meant(connection, None, time_zone=ZONE)
        again = person_meant(connection, None, time_zone="UTC")
    assert (first.name, first.time_zone) == (DEFAULT_NAME, ZONE)
    assert again == first


def test_each_person_has_sessions_of_their_own(database: Database) -> None:
    with database.write() as connection:
        me = person_meant(connection, None, time_zone=ZONE)
        anna = add_person(connection, "anna", time_zone="Pacific/Auckland")
        mine = [train(connection, me), train(connection, me, days=1)]
        hers = train(connection, anna)
    with database.read() as connection:
        of_anna = list_sessions(connection, anna.person_id)
        of_me = list_sessions(connection, me.person_id)
        week = week_rows(connection, anna.person_id, STARTED_AT, STARTED_AT + timedelta(days=7))
    assert [one.session_id for one in of_anna] == [hers]
    assert [one.session_id for one in of_me] == mine[::-1]
    assert {one.session_id for one in week.sessions} == {hers}
    assert {one.session_id for one in week.sets} == {hers}
    assert {one.session_id for one in week.rest_tests} == {hers}


def test_an_unknown_name_is_refused_and_makes_nobody(database: Database) -> None:
    with database.write() as connection:
        person_meant(connection, None, time_zone=ZONE)
        with pytest.raises(UsageError, match="'ana'") as refusal:
            person_meant(connection, "ana", time_zone=ZONE)
        assert [one.name for one in list_persons(connection)] == [DEFAULT_NAME]
    assert "There is: me" in refusal.value.advice


def test_one_person_is_the_default_at_a_time(database: Database) -> None:
    with database.write() as connection:
        me = person_meant(connection, None, time_zone=ZONE)
        others = [add_person(connection, name, time_zone=ZONE) for name in ("anna", "ben")]
        for person in (*others, me, others[0]):
            make_default(connection, person)
            assert person_meant(connection, None, time_zone=ZONE).person_id == person.person_id
            assert [one.name for one in list_persons(connection) if one.is_default] == [person.name]


def test_a_renamed_person_keeps_sessions_and_zone(database: Database) -> None:
    with database.write() as connection:
        anna = add_person(connection, "anna", time_zone="Asia/Seoul")
        session_id = train(connection, anna)
        changed = change_person(connection, anna, name="서연")
        assert changed == Person(anna.person_id, "서연", "Asia/Seoul")
        assert find_person(connection, "anna") is None
        assert [one.session_id for one in list_sessions(connection, changed.person_id)] == [session_id]
        moved = change_person(connection, changed, time_zone="Europe/Madrid")
        assert find_person(connection, "서연") == moved


@pytest.mark.parametrize("name", ["", "   ", "a" * 101, "two\nlines", "bell\a"])
def test_what_is_no_name_is_refused(database: Database, name: str) -> None:
    with database.write() as connection:
        with pytest.raises(UsageError, match="no name"):
            add_person(connection, name, time_zone=ZONE)
        assert list_persons(connection) == ()


def test_a_name_that_is_taken_is_refused(database: Database) -> None:
    with database.write() as connection:
        anna = add_person(connection, "anna", time_zone=ZONE)
        ben = add_person(connection, "ben", time_zone=ZONE)
        with pytest.raises(UsageError, match="already"):
            add_person(connection, "anna", time_zone=ZONE)
        with pytest.raises(UsageError, match="already"):
            change_person(connection, ben, name="anna")
        assert list_persons(connection) == (anna, ben)


def test_a_zone_that_does_not_exist_is_refused(database: Database) -> None:
    with database.write() as connection:
        with pytest.raises(UsageError, match="time zone"):
            add_person(connection, "anna", time_zone="Europe/Atlantis")
        me = person_meant(connection, None, time_zone=ZONE)
        with pytest.raises(UsageError, match="time zone"):
            change_person(connection, me, time_zone="Mars/Phobos")
        assert list_persons(connection) == (me,)
