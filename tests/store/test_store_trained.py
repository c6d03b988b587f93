"""Repetitions, bands and sensors of a span, on SQLite and PostgreSQL, and the way of their queries."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from postgres_server import new_database
from sqlalchemy import Connection, Select, insert, text
from sqlalchemy.dialects import sqlite
from store_samples import STARTED_AT, analysis, begin, exercise_set

from tracker.model import Band, SessionFelt, SetFelt, SetTarget, Side
from tracker.store.analyses import save_analysis
from tracker.store.bands import add_band
from tracker.store.database import Database, open_database
from tracker.store.felt import save_session_felt, save_set_felt
from tracker.store.persons import find_person
from tracker.store.plans import save_targets, start_plan
from tracker.store.spans import sessions_within
from tracker.store.tables import SetCorrectionTable
from tracker.store.trained import (
    band_query,
    bands_between,
    repetition_query,
    sensor_query,
    sensors_between,
    sets_between,
    told_reps_query,
    trained_at,
    trained_query,
    work_between,
    work_query,
)

END = STARTED_AT + timedelta(days=7)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    location = tmp_path / "tracker.db" if request.param == "sqlite" else new_database()
    with open_database(location) as opened:
        yield opened


def person_of(connection: Connection) -> int:
    person = find_person(connection)
    assert person is not None
    return person.person_id


def test_sets_come_with_their_repetitions_as_they_were_corrected(database: Database) -> None:
    sets = (exercise_set("clamshell", Side.LEFT, 3, 1), exercise_set("bridge", None, 2, 0))
    with database.write() as connection:
        session_id = begin(connection)
        save_analysis(connection, session_id, analysis(version="1"))
        save_analysis(connection, session_id, analysis(version="2", sets=sets))
        row = {"session_id": session_id, "set_number": 1, "side": "left", "left_out": False}
        connection.execute(
            insert(SetCorrectionTable), {**row, "valid_reps": 2, "exercise": "reverse_clamshell"}
        )
        person_id = person_of(connection)
        found = sets_between(connection, person_id, STARTED_AT, END)
        [work] = work_between(connection, person_id, STARTED_AT, END)
    assert [(one.exercise, one.side, one.valid_reps, len(one.repetitions)) for one in found] == [
        ("reverse_clamshell", Side.LEFT, 2, 4),
        ("bridge", None, 2, 2),
    ]
    assert [one.valid for one in found[0].repetitions].count(True) == 3
    assert (work.valid_reps, work.partial_reps, work.told_reps) == (4, 1, 0)


def test_only_sessions_with_a_repetition_are_training(database: Database) -> None:
    nothing = (exercise_set("bridge", None, 0, 0),)
    with database.write() as connection:
        trained = begin(connection)
        save_analysis(connection, trained, analysis())
        empty = begin(connection, started_at=STARTED_AT + timedelta(hours=1))
        save_analysis(connection, empty, analysis(sets=nothing))
        begin(connection, started_at=STARTED_AT + timedelta(hours=2))
        person_id = person_of(connection)
        assert trained_at(connection, person_id, STARTED_AT, END) == (STARTED_AT,)
        work = work_between(connection, person_id, STARTED_AT, END)
    assert [one.valid_reps + one.partial_reps > 0 for one in work] == [True, False, False]


def test_a_band_of_a_set_counts_once_a_session_and_both_legs(database: Database) -> None:
    sets = tuple(exercise_set("clamshell", side, 3, 0) for side in (Side.LEFT, Side.RIGHT)) * 2
    with database.write() as connection:
        session_id = begin(connection)
        save_analysis(connection, session_id, analysis(sets=sets))
        person_id = person_of(connection)
        band_id = add_band(connection, person_id, Band(None, "TheraBand", "red", 0.3, False, 16.5, 24.5))
        for number in (1, 2):
            save_set_felt(connection, session_id, number, SetFelt(band_id=band_id, stretched_length_m=0.5))
        [found] = bands_between(connection, person_id, STARTED_AT, END)
        sensors = sensors_between(connection, person_id, STARTED_AT, END)
    assert (found.exercise, found.band_id, found.stretched_length_m) == ("clamshell", band_id, 0.5)
    assert {one.sessions for one in sensors} == {1}


def query_plan(connection: Connection, query: Select[*tuple[object, ...]]) -> list[str]:
    compiled = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    return [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]


@pytest.mark.parametrize("analyzed", [False, True])
def test_queries_of_a_week_find_their_way_by_index(tmp_path: Path, analyzed: bool) -> None:
    within = sessions_within(1, STARTED_AT, END)
    with open_database(tmp_path / "tracker.db") as database:
        with database.write() as connection:
            _write_sessions(connection, 60)
            if analyzed:
                connection.execute(text("ANALYZE"))
        with database.read() as connection:
            plans = {
                name: query_plan(connection, query)
                for name, query in {
                    "repetitions": repetition_query(within),
                    "trained": trained_query(within),
                    "work": work_query(within),
                    "told": told_reps_query(within),
                    "bands": band_query(within),
                    "sensors": sensor_query(within),
                }.items()
            }
    for name, plan in plans.items():
        assert not [step for step in plan if step.startswith("SCAN")], (name, plan)
        assert any("session USING INDEX ix_session_week" in step for step in plan), (name, plan)


def _write_sessions(connection: Connection, count: int) -> None:
    for day in range(count):
        session_id = begin(connection, started_at=STARTED_AT + timedelta(days=day))
        save_analysis(connection, session_id, analysis())
        save_session_felt(connection, session_id, SessionFelt(effort=6))
        save_set_felt(connection, session_id, 1, SetFelt(pain=1))
        if not day:
            plan_id = start_plan(connection, 1, "Plan", "", STARTED_AT.date(), None)
        save_targets(connection, session_id, plan_id, [SetTarget("x", "A", "clamshell", Side.BOTH, 2, 8, 12)])
