"""What a span of time holds, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from postgres_server import new_database
from store_samples import STARTED_AT, analysis, begin, exercise_set

from tracker.model import Side
from tracker.store.analyses import save_analysis
from tracker.store.database import Database, open_database
from tracker.store.persons import find_person
from tracker.store.spans import week_rows


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    location = tmp_path / "tracker.db" if request.param == "sqlite" else new_database()
    with open_database(location) as opened:
        yield opened


def test_a_span_holds_its_start_and_not_its_end(database: Database) -> None:
    start, end = STARTED_AT, STARTED_AT + timedelta(days=7)
    moments = (start - timedelta(microseconds=1), start, end - timedelta(microseconds=1), end)
    with database.write() as connection:
        ids = [begin(connection, started_at=moment) for moment in moments]
        for session_id in ids:
            save_analysis(connection, session_id, analysis())
        person = find_person(connection)
        assert person is not None
        rows = week_rows(connection, person.person_id, start, end)
        nobody = week_rows(connection, person.person_id + 1, start, end)
    assert [one.session_id for one in rows.sessions] == ids[1:3]
    assert {one.session_id for one in rows.sets} == set(ids[1:3])
    assert {one.session_id for one in rows.rest_tests} == set(ids[1:3])
    assert (nobody.sessions, nobody.sets, nobody.rest_tests) == ((), (), ())


def test_a_span_counts_by_exercise_and_side(database: Database) -> None:
    sets = (
        exercise_set("clamshell", Side.LEFT, 8, 1),
        exercise_set("clamshell", Side.RIGHT, 9, 0),
        exercise_set("clamshell", Side.LEFT, 10, 2),
        exercise_set("generic", None, 4, 4),
    )
    with database.write() as connection:
        session_id = begin(connection)
        save_analysis(connection, session_id, analysis(version="1"))
        save_analysis(connection, session_id, analysis(version="2", sets=sets))
        unanalysed = begin(connection, started_at=STARTED_AT + timedelta(hours=1))
        person = find_person(connection)
        assert person is not None
        rows = week_rows(connection, person.person_id, STARTED_AT, STARTED_AT + timedelta(days=1))
    assert [(one.session_id, one.analysis_version) for one in rows.sessions] == [
        (session_id, "2"),
        (unanalysed, None),
    ]
    assert [(one.exercise, one.side, one.sets, one.valid_reps, one.partial_reps) for one in rows.sets] == [
        ("clamshell", Side.LEFT, 2, 18, 3),
        ("clamshell", Side.RIGHT, 1, 9, 0),
        ("generic", None, 1, 4, 4),
    ]
    # the current analysis's own tests, whole
    own = analysis(version="2").rest_tests
    assert [one.session_id for one in rows.rest_tests] == [session_id] * 2
    assert [(one.test.side, one.test.refused) for one in rows.rest_tests] == [
        (Side.LEFT, None),
        (Side.RIGHT, "moving"),
    ]
    for one, saved in zip(rows.rest_tests, own, strict=True):
        assert (one.test.start_s, one.test.end_s, one.test.posture) == (
            saved.start_s,
            saved.end_s,
            saved.posture,
        )
    found, saved_rad = rows.rest_tests[0].test.hip_rotation_rad, own[0].hip_rotation_rad
    assert found is not None
    assert saved_rad is not None
    assert found == pytest.approx(saved_rad, rel=1e-14)
    assert rows.rest_tests[1].test.hip_rotation_rad is None
    assert rows.alignments == {session_id: analysis().alignments}
