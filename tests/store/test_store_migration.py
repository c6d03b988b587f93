"""A database of the first schema becomes one of this version and back, and loses nothing."""

import math
from contextlib import nullcontext
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgres_server import new_database
from revision_samples import OLD, insert_all, plain_rows, rows_of
from sqlalchemy import create_engine, inspect, text
from store_samples import STARTED_AT, analysis

from tracker.errors import DatabaseError
from tracker.model import Form, Placement, Posture, RelativeTo, Side
from tracker.store.analyses import read_analysis, save_analysis
from tracker.store.calibrations import newest_calibrations
from tracker.store.database import Database, open_database
from tracker.store.history import newest_fronts, newest_ranges, rested_donnings
from tracker.store.persons import find_person
from tracker.store.schema import HEAD, alembic_config, stored_revision
from tracker.store.sensors import paired_sensors
from tracker.store.sessions import read_session
from tracker.store.tables import Table
from tracker.store.values import SessionState


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database at the first revision that holds rows."""
    place = str(tmp_path / "tracker.db") if request.param == "sqlite" else new_database()
    url = f"sqlite:///{place}" if request.param == "sqlite" else place.replace("://", "+psycopg://", 1)
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            command.upgrade(alembic_config(connection), "0001")
            insert_all(connection)
    finally:
        engine.dispose()
    return place


OLD_COLUMNS = {table: list(rows[0]) for table, rows in OLD.items()}


def migrated(location: str) -> Database:
    """The database as this version opens it."""
    database = open_database(location)
    with database.read() as connection:
        assert stored_revision(connection, database.name) == HEAD
    return database


def test_every_row_and_every_value_is_still_there(location: str) -> None:
    before = plain_rows(location, OLD_COLUMNS)
    assert {table: len(rows) for table, rows in before.items()} == {
        table: len(rows) for table, rows in OLD.items()
    }
    with migrated(location) as database, database.read() as connection:
        assert rows_of(connection, OLD_COLUMNS) == before
    # Opening it once more changes nothing either.
    with migrated(location) as database, database.read() as connection:
        assert rows_of(connection, OLD_COLUMNS) == before


ALL_NEW = {
    "session": {"by_hand": {0}, "rest_left_out": {0}},
    "exercise_set": {"set_number": {1}},
}
"""What old rows have in new columns that cannot be null: sessions with sensors, each with one set."""


def test_what_was_not_known_then_is_null_and_the_new_tables_are_empty(location: str) -> None:
    with migrated(location) as database, database.read() as connection:
        known = inspect(connection)
        for table in Table.metadata.tables:
            names = [column["name"] for column in known.get_columns(table)]
            new = [name for name in names if name not in OLD_COLUMNS.get(table, [])]
            for row in rows_of(connection, {table: new})[table] if new else ():
                assert table in OLD, table
                filled = ALL_NEW.get(table, {})
                assert {name for name in row if row[name] is not None} == set(filled), table
                assert all(row[name] in values for name, values in filled.items()), table


def test_the_tables_are_those_of_a_new_database(location: str) -> None:
    with migrated(location) as database, database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Table.metadata) == []


def test_old_results_are_read_as_what_they_say(location: str) -> None:
    with migrated(location) as database, database.read() as connection:
        stored = read_analysis(connection, 1)
        summary = read_session(connection, 1)
        interrupted = read_session(connection, 2)
        assert read_analysis(connection, 2) is None
        assert list(paired_sensors(connection)) == [Placement.LEFT_THIGH]
    assert (summary.started_at, summary.size_bytes) == (STARTED_AT, 3_000_000_000)
    assert (summary.analysis_version, summary.sets, summary.rest_tests) == ("1", 2, 2)
    assert (interrupted.state, interrupted.simulated) == (SessionState.INTERRUPTED, True)
    assert stored is not None
    left, right = stored.analysis.rest_tests
    assert left.hip_rotation_rad == pytest.approx(math.radians(-15.25))
    # What one number was then is taken as if strapping on were all of it: repeats do not make it smaller.
    assert left.uncertainty is not None
    assert left.uncertainty_rad == pytest.approx(math.radians(6.4))
    assert left.uncertainty.reference_rad == left.uncertainty.wander_rad == left.uncertainty.sensor_rad == 0.0
    assert (left.posture, left.relative_to, left.reference_age_s) == (Posture.SUPINE, RelativeTo.PELVIS, None)
    assert (right.refused, right.uncertainty) == ("moving: not still for 5 s", None)
    done = stored.analysis.sets[0]
    assert (done.reference, done.flags) == (None, ("gap",))
    first = done.repetitions[0]
    assert first.rom_rad == pytest.approx(math.radians(30.0 + 2.0 / 3.0))
    assert (first.rom_uncertainty_rad, first.phase_rate_rad_per_s, first.form) == (None, 0.0, Form())
    [sensor] = stored.analysis.sensors
    assert (sensor.gaps[0].missing, sensor.drift_ppm, sensor.calibrated_on) == (20, None, None)
    assert (sensor.drift_uncertainty_ppm, sensor.clock_residual_s, sensor.backfilled) == (None, None, 0)
    assert (stored.analysis.ranges, stored.analysis.alignments, stored.analysis.notices) == ((), (), ())


def test_old_sessions_give_a_new_one_nothing_that_they_did_not_hold(location: str) -> None:
    with migrated(location) as database, database.read() as connection:
        person = find_person(connection)
        assert person is not None
        assert newest_ranges(connection, person.person_id, "1") == ()
        assert newest_fronts(connection, person.person_id) == {}
        assert newest_calibrations(connection, ["S-1", "S-2"]) == {}
        assert rested_donnings(connection, person.person_id, RelativeTo.PELVIS, "2", 100) == ()
        [old] = rested_donnings(connection, person.person_id, RelativeTo.PELVIS, "1", 100)
    assert (old.session_id, old.side, old.hip_rotations_deg) == (1, Side.LEFT, (-15.25,))


def test_an_old_session_can_be_analysed_anew(location: str) -> None:
    with migrated(location) as database:
        with database.write() as connection:
            save_analysis(connection, 1, analysis(version="2"))
        with database.read() as connection:
            stored = read_analysis(connection, 1)
            untouched = rows_of(connection, {"repetition": ["id", "set_id", "rom_deg"]})["repetition"]
    assert stored is not None
    assert stored.analysis.version == "2"
    assert stored.analysis.rest_tests[0].uncertainty is not None
    old = {row["id"]: row for row in OLD["repetition"]}
    assert [row for row in untouched if row["id"] in old] == sorted(
        ({name: row[name] for name in ("id", "set_id", "rom_deg")} for row in OLD["repetition"]),
        key=lambda row: str(list(row.values())),
    )
    assert stored.analysis.sets[0].repetitions[0].rom_uncertainty_rad == pytest.approx(math.radians(0.8))


def test_what_belonged_together_still_does(location: str) -> None:
    """The table of repetitions was made anew on SQLite: its keys must not have been lost with it."""
    with migrated(location) as database:
        with pytest.raises(DatabaseError), database.write() as connection:
            connection.execute(text("UPDATE repetition SET set_id = 99 WHERE id = 1"))
        with database.write() as connection:
            connection.execute(text("DELETE FROM session WHERE id = 1"))
            left = rows_of(connection, {name: ["id"] for name in ("repetition", "rest_test", "exercise_set")})
    assert {name: [row["id"] for row in rows] for name, rows in left.items()} == {
        "repetition": [],
        "rest_test": [6],
        "exercise_set": [],
    }


def test_down_and_up_again_keeps_every_row_and_every_value(location: str) -> None:
    """Making a table anew drops the old one, and with it whatever a foreign key deletes along."""
    before = plain_rows(location, OLD_COLUMNS)
    with migrated(location) as database:
        with database.migrate() as connection:
            command.downgrade(alembic_config(connection), "0001")
            assert rows_of(connection, OLD_COLUMNS) == before
        with database.read() as connection:
            assert stored_revision(connection, database.name) == "0001"
            assert rows_of(connection, OLD_COLUMNS) == before
            columns = {
                table: [one["name"] for one in inspect(connection).get_columns(table)] for table in OLD
            }
        assert {table: set(names) for table, names in columns.items()} == {
            table: set(names) for table, names in OLD_COLUMNS.items()
        }
    with migrated(location) as database, database.read() as connection:
        assert rows_of(connection, OLD_COLUMNS) == before


def test_going_down_leaves_out_what_the_first_schema_cannot_hold(location: str) -> None:
    """A hold without a range is none of version 1; what it stands beside stays."""
    with migrated(location) as database:
        with database.write() as connection:
            connection.execute(text("UPDATE repetition SET rom_deg = NULL WHERE id = 3"))
        with database.migrate() as connection:
            command.downgrade(alembic_config(connection), "0001")
            left = rows_of(connection, {name: ["id"] for name in ("repetition", "exercise_set")})
    assert [row["id"] for row in left["repetition"]] == [1, 2, 8]
    assert [row["id"] for row in left["exercise_set"]] == [1, 2, 5]


@pytest.mark.parametrize("fails", [False, True])
def test_keys_are_enforced_again_after_a_migration(location: str, fails: bool) -> None:
    with migrated(location) as database:
        with pytest.raises(KeyError) if fails else nullcontext(), database.migrate() as connection:
            connection.execute(text("UPDATE person SET name = 'you' WHERE id = 1"))
            if fails:
                raise KeyError
        with database.read() as connection:
            name = connection.execute(text("SELECT name FROM person WHERE id = 1")).scalar()
        with pytest.raises(DatabaseError), database.write() as connection:
            connection.execute(text("UPDATE repetition SET set_id = 99 WHERE id = 1"))
    assert name == ("me" if fails else "you")


def test_a_migration_that_would_leave_rows_of_nothing_changes_nothing(location: str) -> None:
    before = plain_rows(location, OLD_COLUMNS)
    with migrated(location) as database:
        with pytest.raises(DatabaseError) as refusal, database.migrate() as connection:
            connection.execute(text("UPDATE repetition SET set_id = 99 WHERE id = 1"))
        if database.name.endswith(".db"):
            assert "rows of repetition" in refusal.value.message
        with database.read() as connection:
            assert rows_of(connection, OLD_COLUMNS) == before


def test_a_migration_in_a_plain_transaction_is_refused_where_it_would_lose_rows(tmp_path: Path) -> None:
    with open_database(tmp_path / "tracker.db") as database:
        with pytest.raises(ValueError, match="foreign keys"), database.write() as connection:
            command.downgrade(alembic_config(connection), "0001")
        with database.read() as connection:
            assert stored_revision(connection, database.name) == HEAD
