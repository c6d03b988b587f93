"""A copy holds the same rows as the database did at one moment, whatever others do meanwhile."""

import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from postgres_server import new_database
from sqlalchemy import Connection, select, text
from store_samples import analysis, begin

from tracker.errors import DatabaseError, TrackerError
from tracker.store.analyses import save_analysis
from tracker.store.copies import check_file, copy_to_file, holds_data, migrate_file, put_rows
from tracker.store.database import open_database
from tracker.store.persons import get_or_create_person
from tracker.store.schema import HEAD
from tracker.store.tables import Table


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "tracker.db") if request.param == "sqlite" else new_database()


def all_rows(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, with values as Python has them."""
    return {
        name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for name, table in Table.metadata.tables.items()
    }


def fill(location: str, sessions: int = 3) -> dict[str, list[tuple[Any, ...]]]:
    """Store some sessions, and give all rows."""
    with open_database(location) as database, database.write() as connection:
        for _ in range(sessions):
            save_analysis(connection, begin(connection), analysis())
        connection.execute(text("UPDATE person SET name = 'Zoë Ω'"))
        return all_rows(connection)


def test_a_copy_holds_the_same_rows_in_one_file_of_its_owner(location: str, tmp_path: Path) -> None:
    rows = fill(location)
    copy = tmp_path / "copies" / "copy.db"
    copy.parent.mkdir()
    with open_database(location) as database:
        made = copy_to_file(database, copy)
    assert (made.path, made.revision) == (copy, HEAD)
    assert made.counts == {name: len(of) for name, of in rows.items()}
    assert [path.name for path in copy.parent.iterdir()] == ["copy.db"]
    with open_database(copy) as database, database.read() as connection:
        assert all_rows(connection) == rows


def test_rows_of_a_file_replace_those_of_a_database(location: str, tmp_path: Path) -> None:
    source = str(tmp_path / "source.db")
    rows = fill(source)
    fill(location, sessions=1)
    with open_database(location) as database:
        with database.write() as connection:
            put_rows(Path(source), connection)
        with database.read() as connection:
            assert all_rows(connection) == rows
        with database.write() as connection:
            # new rows get keys that are free
            save_analysis(connection, begin(connection), analysis())
            assert len(all_rows(connection)["session"]) == 4


def test_putting_rows_is_all_or_nothing(location: str, tmp_path: Path) -> None:
    source = str(tmp_path / "source.db")
    fill(source)
    rows = fill(location, sessions=1)
    with open_database(location) as database:
        with pytest.raises(KeyError), database.write() as connection:
            put_rows(Path(source), connection)
            raise KeyError
        with database.read() as connection:
            assert all_rows(connection) == rows


def test_an_empty_database_is_copied_too(location: str, tmp_path: Path) -> None:
    with open_database(location) as database:
        made = copy_to_file(database, tmp_path / "copy.db")
    assert made.revision == HEAD
    assert set(made.counts.values()) == {0}


def test_what_counts_as_data(location: str) -> None:
    with open_database(location) as database, database.write() as connection:
        assert not holds_data(connection)
        get_or_create_person(connection, time_zone="UTC")
        assert not holds_data(connection)
        begin(connection)
        assert holds_data(connection)


WRITER = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from store_samples import analysis, begin
from tracker.store.analyses import save_analysis
from tracker.store.database import open_database
with open_database(sys.argv[1]) as database:
    while True:
        with database.write() as connection:
            save_analysis(connection, begin(connection), analysis())
        print("stored", flush=True)
"""


def test_copies_while_another_process_keeps_storing(location: str, tmp_path: Path) -> None:
    """In each copy every session is whole: its analysis has all its repetitions."""
    fill(location, sessions=1)
    per_session = 15
    command = [sys.executable, "-c", textwrap.dedent(WRITER), location]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        seen = []
        try:
            with open_database(location) as database:
                for number in range(5):
                    assert writer.stdout is not None
                    assert writer.stdout.readline() == "stored\n"
                    made = copy_to_file(database, tmp_path / f"{number}.db")
                    assert made.counts["repetition"] == per_session * made.counts["session"]
                    assert made.counts["analysis"] == made.counts["session"]
                    seen.append(made.counts["session"])
        finally:
            writer.kill()
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]


def spoil(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("PRAGMA foreign_keys = OFF")
        plain.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE repetition SET set_id = 999 WHERE id = 1",
        "CREATE TRIGGER more AFTER DELETE ON session BEGIN DELETE FROM person; END",
        "CREATE VIEW more AS SELECT * FROM session",
        "UPDATE alembic_version SET version_num = '9999'",
        "DROP TABLE alembic_version",
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "tracker.db"
    fill(str(path))
    spoil(path, statement)
    with pytest.raises(DatabaseError):
        check_file(path)


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE other (id INTEGER)", "ALTER TABLE person ADD COLUMN other TEXT"]
)
def test_tables_of_another_program_are_refused(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "tracker.db"
    fill(str(path))
    spoil(path, statement)
    with pytest.raises(DatabaseError, match="another program"):
        migrate_file(path)


@pytest.mark.parametrize("content", [b"", b"nothing like a database " * 1000])
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tracker.db"
    path.write_bytes(content)
    with pytest.raises(TrackerError):
        migrate_file(path) if content else check_file(tmp_path / "missing.db")


def test_damage_in_a_page_is_found(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    fill(str(path), sessions=20)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 600)
    with pytest.raises(DatabaseError):
        check_file(path)
