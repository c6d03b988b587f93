"""Sessions and persons, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from postgres_server import new_database
from sqlalchemy.exc import StatementError
from store_samples import STARTED_AT, analysis, begin

from tracker.errors import DatabaseError, UsageError
from tracker.store.analyses import read_analysis, save_analysis
from tracker.store.database import Database, open_database
from tracker.store.persons import find_person, get_or_create_person
from tracker.store.recorder import Recorder
from tracker.store.sessions import (
    begin_session,
    find_session,
    finish_session,
    list_sessions,
    mark_interrupted,
    read_session,
)
from tracker.store.values import SessionState, stored_path

ELSEWHERE = Recorder(host="another machine", pid=1, birth="x")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    location = tmp_path / "tracker.db" if request.param == "sqlite" else new_database()
    with open_database(location) as opened:
        yield opened


def test_a_session_from_begin_to_end(database: Database) -> None:
    with database.write() as connection:
        session_id = begin(connection, simulated=True)
        before = read_session(connection, session_id)
        save_analysis(connection, session_id, analysis())
        finish_session(
            connection,
            session_id,
            ended_at=STARTED_AT + timedelta(seconds=125),
            duration_s=125.0,
            size_bytes=3_000_000_000,
        )
    with database.read() as connection:
        after = read_session(connection, session_id)
    assert before.state is SessionState.RECORDING
    assert (before.ended_at, before.duration_s, before.analysis_version, before.sets) == (None, None, None, 0)
    assert after.state is SessionState.COMPLETE
    assert after.simulated
    assert after.started_at == STARTED_AT
    assert after.started_at.utcoffset() == timedelta(0)
    assert after.ended_at == STARTED_AT + timedelta(seconds=125)
    assert (after.time_zone, after.duration_s, after.size_bytes) == ("Europe/Berlin", 125.0, 3_000_000_000)
    assert (after.sets, after.valid_reps, after.partial_reps) == (2, 13, 2)
    assert (after.rest_tests, after.refused_rest_tests) == (2, 1)
    assert after.recording_file(Path("/home")) == Path("/home/recordings/20261117T183000.mcap")


def test_sessions_are_listed_latest_first_and_by_time(database: Database) -> None:
    with database.write() as connection:
        ids = [begin(connection, started_at=STARTED_AT + timedelta(days=day)) for day in range(5)]
        person = find_person(connection)
        assert person is not None
        other = get_or_create_person(connection, time_zone="UTC", name="other")
        everything = list_sessions(connection, person.person_id)
        two = list_sessions(connection, person.person_id, limit=2)
        middle = list_sessions(
            connection,
            person.person_id,
            since=STARTED_AT + timedelta(days=1),
            until=STARTED_AT + timedelta(days=3),
        )
        nobody = list_sessions(connection, other.person_id)
    assert [one.session_id for one in everything] == ids[::-1]
    assert [one.session_id for one in two] == ids[:2:-1]
    assert [one.session_id for one in middle] == [ids[2], ids[1]]
    assert nobody == ()


def test_times_of_other_zones_are_the_same_instant(database: Database) -> None:
    local = STARTED_AT.astimezone(timezone(timedelta(hours=5, minutes=45)))
    with database.write() as connection:
        session_id = begin(connection, started_at=local)
    with database.read() as connection:
        assert read_session(connection, session_id).started_at == STARTED_AT


def test_a_time_without_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="no time zone"), database.write() as connection:
        begin(connection, started_at=datetime(2026, 11, 17, 18, 30))  # noqa: DTZ001


def test_an_unknown_zone_is_refused(database: Database) -> None:
    with pytest.raises(UsageError, match="Europe/Atlantis"), database.write() as connection:
        get_or_create_person(connection, time_zone="Europe/Atlantis")


def test_a_person_must_exist(database: Database) -> None:
    with pytest.raises(DatabaseError, match="refused"), database.write() as connection:
        begin_session(
            connection, person_id=99, started_at=STARTED_AT, time_zone="UTC", recording_path="x.mcap"
        )


def test_an_unknown_session_is_named(database: Database) -> None:
    for act in (read_session, read_analysis):
        with pytest.raises(UsageError, match="no session 7"), database.read() as connection:
            act(connection, 7)
    with pytest.raises(UsageError, match="no session 7"), database.write() as connection:
        save_analysis(connection, 7, analysis())
    with pytest.raises(UsageError, match="no session 7"), database.write() as connection:
        finish_session(connection, 7, ended_at=STARTED_AT, duration_s=0.0, size_bytes=0)


def test_a_session_of_another_machine_counts_as_written_for_a_day(database: Database) -> None:
    now = datetime.now(UTC)
    with database.write() as connection:
        person = get_or_create_person(connection, time_zone="UTC")
        young, old = (
            begin_session(
                connection,
                person_id=person.person_id,
                started_at=now - age,
                time_zone="UTC",
                recording_path="x.mcap",
                recorder=ELSEWHERE,
            )
            for age in (timedelta(hours=2), timedelta(hours=25))
        )
        states = {one.session_id: one.state for one in list_sessions(connection, person.person_id)}
        marked = mark_interrupted(connection, now)
        again = mark_interrupted(connection, now)
    assert states == {young: SessionState.RECORDING, old: SessionState.INTERRUPTED}
    assert marked == (old,)
    assert again == ()


def test_an_interrupted_session_gets_its_recovered_recording(database: Database) -> None:
    with database.write() as connection:
        session_id = begin(connection)
        finish_session(
            connection,
            session_id,
            ended_at=STARTED_AT,
            duration_s=60.0,
            size_bytes=1,
            state=SessionState.INTERRUPTED,
            recording_path="recordings/recovered.mcap",
        )
        summary = read_session(connection, session_id)
        assert find_session(connection, "recordings/recovered.mcap") == session_id
        assert find_session(connection, "recordings/other.mcap") is None
    assert summary.state is SessionState.INTERRUPTED
    assert summary.recording_path == "recordings/recovered.mcap"
    with pytest.raises(ValueError, match="not recording"), database.write() as connection:
        finish_session(
            connection,
            session_id,
            ended_at=STARTED_AT,
            duration_s=1.0,
            size_bytes=1,
            state=SessionState.RECORDING,
        )


def test_the_default_person_is_made_once(database: Database) -> None:
    with database.write() as connection:
        assert find_person(connection) is None
        first = get_or_create_person(connection, time_zone="Europe/Berlin")
        again = get_or_create_person(connection, time_zone="America/New_York")
    assert again == first
    assert first.time_zone == "Europe/Berlin"


def test_a_recording_inside_the_folder_is_kept_relative_to_it(tmp_path: Path) -> None:
    assert stored_path(tmp_path / "recordings" / "a.mcap", tmp_path) == "recordings/a.mcap"
    assert stored_path(tmp_path / ".." / "a.mcap", tmp_path) == str(tmp_path.parent / "a.mcap")
    assert stored_path(Path("/elsewhere/a.mcap"), tmp_path) == "/elsewhere/a.mcap"
