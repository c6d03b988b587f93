"""Rest tests of a span for the trend, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from postgres_server import new_database
from sqlalchemy import update
from store_samples import STARTED_AT, analysis, begin

from tracker.store.analyses import save_analysis
from tracker.store.database import Database, open_database
from tracker.store.persons import find_person
from tracker.store.rested import RestedSession, refused_tests, rested_sessions
from tracker.store.tables import SessionTable

WEEK = timedelta(days=7)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    location = tmp_path / "tracker.db" if request.param == "sqlite" else new_database()
    with open_database(location) as opened:
        yield opened


def sessions(database: Database, days: int = 7, person_id: int | None = None) -> tuple[RestedSession, ...]:
    with database.read() as connection:
        person = find_person(connection)
        assert person is not None
        whose = person.person_id if person_id is None else person_id
        return rested_sessions(connection, whose, STARTED_AT, STARTED_AT + timedelta(days=days))


def refused(database: Database) -> tuple[tuple[str, int], ...]:
    with database.read() as connection:
        person = find_person(connection)
        assert person is not None
        return refused_tests(connection, person.person_id, STARTED_AT, STARTED_AT + WEEK)


def test_measured_tests_and_the_thighs_alignments_come_with_their_session(database: Database) -> None:
    own = analysis(version="7")
    with database.write() as connection:
        session_id = begin(connection)
        save_analysis(connection, session_id, analysis(version="6"))
        save_analysis(connection, session_id, own)
    (found,) = sessions(database)
    measured = [one for one in own.rest_tests if one.refused is None]
    assert (found.session_id, found.started_at, found.analysis_version) == (session_id, STARTED_AT, "7")
    assert found.analysis_parameters == own.parameters
    assert [(one.side, one.start_s, one.relative_to) for one in found.tests] == [
        (one.side, one.start_s, one.relative_to) for one in measured
    ]
    assert [one.hip_rotation_rad for one in found.tests] == pytest.approx(
        [one.hip_rotation_rad for one in measured]
    )
    thighs = [one for one in own.alignments if "thigh" in one.placement]
    assert [(one.placement, one.since_s) for one in found.alignments] == [
        (one.placement, one.since_s) for one in thighs
    ]


def test_a_span_holds_its_start_and_not_its_end(database: Database) -> None:
    with database.write() as connection:
        for moment in (-timedelta(seconds=1), timedelta(0), WEEK - timedelta(seconds=1), WEEK):
            save_analysis(connection, begin(connection, started_at=STARTED_AT + moment), analysis())
    assert [one.started_at for one in sessions(database)] == [
        STARTED_AT,
        STARTED_AT + WEEK - timedelta(seconds=1),
    ]
    assert sessions(database, person_id=99) == ()


def test_sessions_without_a_measured_test_are_not_there(database: Database) -> None:
    with database.write() as connection:
        begin(connection)
        none_measured = tuple(one for one in analysis().rest_tests if one.refused is not None)
        session_id = begin(connection, started_at=STARTED_AT + timedelta(hours=1))
        save_analysis(connection, session_id, replace(analysis(), rest_tests=none_measured))
    assert sessions(database) == ()
    assert refused(database) == (("moving", 1),)


@pytest.mark.parametrize("change", [{"deleted_at": STARTED_AT}, {"rest_left_out": True}])
def test_what_the_person_took_out_does_not_count(database: Database, change: dict[str, object]) -> None:
    with database.write() as connection:
        kept, out = begin(connection), begin(connection, started_at=STARTED_AT + timedelta(hours=1))
        for session_id in (kept, out):
            save_analysis(connection, session_id, analysis())
        connection.execute(update(SessionTable).where(SessionTable.id == out).values(change))
    assert [one.session_id for one in sessions(database)] == [kept]
    assert refused(database) == (("moving", 1),)
