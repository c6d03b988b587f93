"""What re-analysis looks at, and what corrections leave out of weeks, trend and plan; on both databases."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from corrected_sessions import counted, told
from postgres_server import new_database
from store_samples import STARTED_AT, analysis, begin

from tracker.model import SetTarget, Side
from tracker.store.analyses import save_analysis
from tracker.store.corrections import FieldEdit, delete_session, edit_session
from tracker.store.database import Database, open_database
from tracker.store.persons import add_person
from tracker.store.plans import save_targets, start_plan, targets_of
from tracker.store.recorded import RecordedSession, current_analysis_id, recorded_sessions
from tracker.store.recorder import Recorder
from tracker.store.rested import refused_tests, rested_sessions
from tracker.store.revisions import Field
from tracker.store.sessions import begin_session, read_session
from tracker.store.trained import sets_between

DAY = timedelta(days=1)
WHY = "as told"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    location = tmp_path / "tracker.db" if request.param == "sqlite" else new_database()
    with open_database(location) as opened:
        yield opened


def test_recordings_are_looked_at_with_their_current_analysis(database: Database) -> None:
    with database.write() as connection:
        session_id = counted(connection)
        told(connection)
        deleted = counted(connection, STARTED_AT + DAY)
        delete_session(connection, deleted, reason=WHY)
        now = begin(connection, started_at=STARTED_AT + 2 * DAY)
        person_id = read_session(connection, now).person_id
        killed = begin_session(
            connection,
            person_id=add_person(connection, "anna", time_zone="UTC").person_id,
            started_at=STARTED_AT + 3 * DAY,
            time_zone="UTC",
            recording_path="killed.mcap",
            recorder=Recorder(Recorder.current().host, Recorder.current().pid, "another boot:1"),
        )
        first = current_analysis_id(connection, session_id)
        second = save_analysis(connection, session_id, analysis(version="2"))
        assert current_analysis_id(connection, session_id, hold=True) == second != first
        assert current_analysis_id(connection, now) is None
        found = list(recorded_sessions(connection))
        own = [one.session_id for one in recorded_sessions(connection, person_id=person_id)]
        named = [one.session_id for one in recorded_sessions(connection, sessions=[killed, session_id])]
    assert [(one.session_id, one.is_recorded_now) for one in found] == [
        (session_id, False),
        (now, True),
        (killed, False),
    ]
    assert found[0] == RecordedSession(
        session_id, False, found[0].path, second, "2", analysis(version="2").parameters
    )
    assert (found[2].analysis_id, found[2].version, found[2].parameters) == (None, None, None)
    assert (own, named) == ([session_id, now], [session_id, killed])


def test_sets_left_out_and_sessions_deleted_are_in_no_trend(database: Database) -> None:
    """The ranges of a set that was left out are no ranges of the person's; nor are its rest tests."""
    with database.write() as connection:
        session_id = counted(connection)
        person_id = read_session(connection, session_id).person_id
        span = person_id, STARTED_AT - DAY, STARTED_AT + DAY
        assert [(one.set_number, one.side) for one in sets_between(connection, *span)] == [
            (1, Side.LEFT),
            (1, Side.RIGHT),
            (2, None),
        ]
        edits = [
            FieldEdit(Field.LEFT_OUT, "yes", 1, Side.LEFT),
            FieldEdit(Field.EXERCISE, "bridge", 1, Side.RIGHT),
        ]
        edit_session(connection, session_id, edits, reason=WHY)
        assert [(one.set_number, one.exercise) for one in sets_between(connection, *span)] == [
            (1, "bridge"),
            (2, "generic"),
        ]
        assert [one.session_id for one in rested_sessions(connection, *span)] == [session_id]
        assert refused_tests(connection, *span) == (("moving", 1),)
        edit_session(connection, session_id, [FieldEdit(Field.REST_LEFT_OUT, "yes")], reason=WHY)
        assert (rested_sessions(connection, *span), refused_tests(connection, *span)) == ((), ())
        edit_session(connection, session_id, [FieldEdit(Field.REST_LEFT_OUT, None)], reason=WHY)
        delete_session(connection, session_id, reason=WHY)
        assert (rested_sessions(connection, *span), sets_between(connection, *span)) == ((), ())


def test_a_session_that_was_moved_is_not_held_against_the_plan_of_another_person(database: Database) -> None:
    target = SetTarget("roll", "A", "clamshell", Side.LEFT, 3, 8, 12)
    with database.write() as connection:
        session_id = counted(connection)
        me = read_session(connection, session_id).person_id
        anna = add_person(connection, "anna", time_zone="UTC").person_id
        plan_id = start_plan(connection, me, "mine", "", date(2026, 11, 1), None)
        save_targets(connection, session_id, plan_id, [target])
        found = [targets_of(connection, [session_id])]
        for person_id in (anna, me):
            edit_session(connection, session_id, [FieldEdit(Field.PERSON, str(person_id))], reason=WHY)
            found.append(targets_of(connection, [session_id]))
    assert found == [{session_id: (target,)}, {}, {session_id: (target,)}]
