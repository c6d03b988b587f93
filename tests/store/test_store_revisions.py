"""From every released schema to this version's and back, on data, killed, locked and read-only ones too."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgres_server import new_database
from revision_samples import (
    RELEASED,
    Rows,
    columns_of,
    insert_all,
    make_released,
    plain_engine,
    plain_rows,
    revision_of,
    rows_of,
)
from sqlalchemy import inspect, text
from test_store_opening import ordinary_user

from tracker.errors import DatabaseError, StorageError
from tracker.store.database import Database, open_database
from tracker.store.schema import HEAD, REVISIONS, alembic_config, stored_revision
from tracker.store.tables import Table

OLDER = REVISIONS[:-1]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "tracker.db") if request.param == "sqlite" else new_database()


@pytest.fixture(params=OLDER)
def revision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def location(empty: str, revision: str) -> str:
    """A database of a released schema that holds rows."""
    make_released(empty, revision)
    return empty


def test_every_released_schema_has_its_rows_here() -> None:
    assert tuple(RELEASED) == OLDER


def test_up_keeps_every_value_and_makes_the_tables_of_a_new_database(location: str, revision: str) -> None:
    columns = columns_of(revision)
    before = plain_rows(location, columns)
    assert {name: len(rows) for name, rows in before.items()} == {
        name: len(rows) for name, rows in RELEASED[revision].items()
    }
    with open_database(location) as database, database.read() as connection:
        assert stored_revision(connection, database.name) == HEAD
        assert rows_of(connection, columns) == before
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Table.metadata) == []


def test_down_again_every_value_is_as_it_was_and_up_once_more(location: str, revision: str) -> None:
    columns = columns_of(revision)
    before = plain_rows(location, columns)
    with open_database(location) as database, database.migrate() as connection:
        command.downgrade(alembic_config(connection), revision)
        known = inspect(connection)
        tables = {name: known.get_columns(name) for name in known.get_table_names() if name in columns}
    assert {name: {one["name"] for one in found} for name, found in tables.items()} == {
        name: set(names) for name, names in columns.items()
    }
    assert revision_of(location) == revision
    assert plain_rows(location, columns) == before
    with open_database(location) as database, database.read() as connection:
        assert rows_of(connection, columns) == before


def held_by(revision: str, rows: Rows) -> Rows:
    """What a schema can hold of the rows of a later one; in the first one every repetition has a range."""
    return {
        table: [
            {name: row[name] for name in names}
            for row in rows[table]
            if revision > "0001" or row.get("rom_deg", 0.0) is not None
        ]
        for table, names in columns_of(revision).items()
    }


def test_step_by_step_down_and_up(empty: str) -> None:
    """Each schema in turn: what it cannot hold goes, all else stays."""
    make_released(empty, OLDER[-1])
    first = plain_rows(empty, columns_of(OLDER[-1]))
    with open_database(empty) as database:
        for revision in reversed(OLDER):
            with database.migrate() as connection:
                command.downgrade(alembic_config(connection), revision)
            found, expected = plain_rows(empty, columns_of(revision)), held_by(revision, first)
            for table, rows in expected.items():
                assert sorted(map(str, found[table])) == sorted(map(str, rows)), (revision, table)
        for revision in REVISIONS[1:]:
            with database.migrate() as connection:
                command.upgrade(alembic_config(connection), revision)
        with database.read() as connection:
            assert stored_revision(connection, database.name) == HEAD


SETS = (
    (1, 2, "left", 60.0),
    (2, 2, "right", 60.0),
    (3, 2, "right", 180.5),
    (4, 2, "left", 180.5),
    (5, 2, None, 300.0),
    (6, 1, "left", 5.0),
    (7, 3, "right", 10.0),
    (8, 3, "left", 400.0),
)


def test_sets_are_numbered_by_their_start_and_both_legs_of_one_are_one(empty: str) -> None:
    """Within each analysis by itself; rows in no order."""
    rows = dict(RELEASED["0003"])
    rows["exercise_set"] = [
        {**rows["exercise_set"][0], "id": number, "analysis_id": of, "side": side, "start_s": start_s}
        for number, of, side, start_s in reversed(SETS)
    ]
    with plain_engine(empty) as engine, engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0003")
        insert_all(connection, rows)
    with open_database(empty) as database, database.read() as connection:
        rows_found = connection.execute(text("SELECT id, set_number FROM exercise_set")).all()
        found = {row.id: row.set_number for row in rows_found}
    assert found == {1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 6: 1, 7: 1, 8: 2}


BY_HAND: dict[str, list[dict[str, object]]] = {
    "person": [{"id": 50, "name": "Zoë", "time_zone": "UTC", "created_at": "2026-11-17 18:30:00.000000"}],
    "session": [
        {
            "id": 50,
            "person_id": 50,
            "started_at": "2026-11-17 18:30:00.000000",
            "ended_at": None,
            "time_zone": "UTC",
            "state": "complete",
            "simulated": False,
            "recorder": None,
            "by_hand": True,
            "deleted_at": None,
            "rest_left_out": False,
        }
    ],
    "manual_set": [{"id": 1, "session_id": 50, "exercise": "generic", "side": "left", "sets": 3, "reps": 10}],
    "session_felt": [{"session_id": 50, "pain_worst": 3}, {"session_id": 1, "pain_worst": 5}],
    "set_correction": [
        {"session_id": 1, "set_number": 1, "side": "left", "valid_reps": 9, "left_out": False}
    ],
}


def test_what_only_this_version_knows_goes_and_the_rest_survives(location: str, revision: str) -> None:
    columns = columns_of(revision)
    before = plain_rows(location, columns)
    with open_database(location) as database:
        with database.write() as connection:
            insert_all(connection, BY_HAND)
            connection.execute(text("UPDATE session SET deleted_at = :at WHERE id = 7"), {"at": "2026-11-18"})
        with database.migrate() as connection:
            command.downgrade(alembic_config(connection), revision)
    after = plain_rows(location, columns)
    assert [row["name"] for row in after["person"] if row not in before["person"]] == ["Zoë"]
    assert {**after, "person": before["person"]} == before
    with open_database(location) as database, database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM session_felt")).scalar() == 0
        numbers = connection.execute(text("SELECT DISTINCT set_number FROM exercise_set")).scalars().all()
    assert numbers == [1]


KILLED = """
import sys, time
from tracker.store import database as module
migrate = module.upgrade
def slow(connection, name, **options):
    migrate(connection, name, **options)
    print("migrated", flush=True)
    time.sleep(60)
module.upgrade = slow
module.open_database(sys.argv[1])
"""


def test_killed_in_the_middle_it_is_the_old_one_whole(location: str, revision: str) -> None:
    columns = columns_of(revision)
    before = plain_rows(location, columns)
    command_line = [sys.executable, "-c", textwrap.dedent(KILLED), location]
    with subprocess.Popen(command_line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "migrated\n"
        process.kill()
    assert revision_of(location) == revision
    assert plain_rows(location, columns) == before
    with open_database(location) as database, database.read() as connection:
        assert rows_of(connection, columns) == before


def test_the_copy_is_asked_for_first_and_while_nobody_else_can_write(location: str, revision: str) -> None:
    before = plain_rows(location, columns_of(revision))
    asked = []

    def protect(database: Database, old: str) -> None:
        asked.append(old)
        with database.read() as connection:
            assert rows_of(connection, columns_of(revision)) == before
        if "://" not in location:
            with (
                closing(sqlite3.connect(location, timeout=0.0)) as other,
                pytest.raises(sqlite3.OperationalError, match="locked"),
            ):
                other.execute("UPDATE person SET name = 'you'")

    open_database(location, protect=protect).close()
    open_database(location, protect=protect).close()
    assert asked == [revision]


def test_without_a_copy_nothing_is_changed(location: str, revision: str) -> None:
    before = plain_rows(location, columns_of(revision))

    def refuse(_database: Database, _old: str) -> None:
        raise StorageError("the disk is full", advice="Make room.")

    with pytest.raises(StorageError, match="disk is full"):
        open_database(location, protect=refuse)
    assert revision_of(location) == revision
    assert plain_rows(location, columns_of(revision)) == before


def test_a_new_database_needs_no_copy(empty: str) -> None:
    def refuse(_database: Database, _old: str) -> None:
        raise StorageError("never", advice="never")

    open_database(empty, protect=refuse).close()


def test_a_locked_one_is_told_and_left_alone(tmp_path: Path, revision: str) -> None:
    path = tmp_path / "tracker.db"
    make_released(str(path), revision)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        # The switch to the log needs the file alone; it was made by the version that wrote it.
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="locked by another program"):
            open_database(path, busy_timeout_s=0.05)
        other.execute("ROLLBACK")
    assert revision_of(str(path)) == revision
    open_database(path).close()


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that users other than the owner can reach; those of pytest are closed to them."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-store-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions otherwise")
def test_a_read_only_one_is_told_and_left_alone(public_folder: Path, revision: str) -> None:
    path = public_folder / "tracker.db"
    make_released(str(path), revision)
    before = path.read_bytes()
    path.chmod(0o444)
    public_folder.chmod(0o555)
    with ordinary_user(), pytest.raises(StorageError) as refusal:
        open_database(path)
    assert refusal.value.advice
    assert path.read_bytes() == before
    assert [one.name for one in public_folder.iterdir()] == ["tracker.db"]
