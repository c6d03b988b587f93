"""Copies of a whole database: to a file of its own while others write, and from such a file to a server."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, DateTime, MetaData, Table, event, func, inspect, select

from tracker.errors import DatabaseError, StorageError
from tracker.store.database import Database
from tracker.store.dialects import continue_numbering, sqlite_engine
from tracker.store.failures import translated
from tracker.store.schema import STAMP, stored_revision, upgrade
from tracker.store.tables import Table as Model
from tracker.store.tables import UtcDateTime

_OTHERS = "SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')"
"""Triggers and views: the program makes none, so that somebody else did."""

_ROWS_AT_ONCE = 2000
"""Some hundred kilobytes: a table of any length is copied in little memory."""


@dataclass(frozen=True, slots=True)
class DatabaseCopy:
    """A file that holds all rows of a database as they were at one moment.

    Attributes:
        revision: the schema's; None where the database had no tables yet.
        counts: rows of each table.
    """

    path: Path
    revision: str | None
    counts: Mapping[str, int]


def copy_to_file(database: Database, path: Path) -> DatabaseCopy:
    """Copy a database to a new SQLite file, as it is at one moment, and check the copy.

    Others may read and write meanwhile. Rows of a server become those of a file with the same schema.

    Raises:
        DatabaseError, StorageError: the database cannot be read or is damaged, the file cannot be written.
    """
    with database.read() as connection:
        revision = stored_revision(connection, database.name)
        counts = row_counts(connection)
        if connection.dialect.name == "sqlite":
            _copy_pages(connection, path)
        else:
            _copy_to_new_tables(connection, path, revision)
    found = check_file(path)
    if (found.revision, dict(found.counts)) != (revision, counts):
        raise DatabaseError(
            f"the copy of {database.name} does not hold the same rows",
            advice="Try again; check the disk if that does not help.",
            database=database.name,
        )
    return found


def check_file(path: Path) -> DatabaseCopy:
    """Read a SQLite file through and tell what it holds.

    Raises:
        DatabaseError: it is damaged, holds more than tables and their rows, another program's or a newer
            version's.
        StorageError: it cannot be read.
    """
    name = str(path)
    with translated(name), closing(sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)) as plain:
        problem = plain.execute("PRAGMA integrity_check(1)").fetchone()[0]
        dangling = plain.execute("PRAGMA foreign_key_check").fetchone()
        others = plain.execute(_OTHERS).fetchone()
    if problem != "ok" or dangling or others:
        raise DatabaseError(
            f"the database {name} is damaged",
            advice="Take another copy of it.",
            database=name,
            problem=str(problem) if problem != "ok" else str(dangling or others),
        )
    with opened_file(path) as database, database.read() as connection:
        return DatabaseCopy(path, stored_revision(connection, name), row_counts(connection))


def migrate_file(path: Path) -> None:
    """Bring a copy's tables to this version, and refuse what does not have this version's tables then.

    Raises:
        DatabaseError: the rows do not fit, or the tables are not this program's.
    """
    with opened_file(path) as database:
        with database.migrate() as connection:
            upgrade(connection, database.name)
        with database.read() as connection:
            known = inspect(connection)
            found = {
                table: {column["name"] for column in known.get_columns(table)}
                for table in known.get_table_names()
                if table != STAMP.name
            }
    wanted = {name: set(table.columns.keys()) for name, table in Model.metadata.tables.items()}
    if found != wanted:
        raise DatabaseError(
            f"the database {path} belongs to another program",
            advice="Take another copy of it.",
            database=str(path),
        )


def put_rows(path: Path, connection: Connection) -> None:
    """Replace all rows of a database by those of a file; both have this version's tables.

    Within the caller's transaction: all of it, or nothing.

    Raises:
        DatabaseError, StorageError: rows cannot be read or written.
    """
    with opened_file(path) as database, database.read() as source:
        tables = _reflected(source)
        for table in reversed(tables):
            connection.execute(table.delete())
        _copy_rows(source, connection, tables)
        continue_numbering(connection, [table.name for table in tables if "id" in table.columns])


def row_counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = inspect(connection).get_table_names()
    counts = {}
    for name in sorted(set(names) - {STAMP.name}):
        table = Table(name, MetaData())
        counts[name] = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return counts


def holds_data(connection: Connection) -> bool:
    """True where anything was stored; the default person alone, who comes by looking, is nothing."""
    counts = row_counts(connection)
    return counts.pop("person", 0) > 1 or any(counts.values())


def opened_file(path: Path) -> Database:
    """A copy as it is: one file, without the write-ahead log's files beside it, not migrated."""
    return Database(sqlite_engine(URL.create("sqlite", database=str(path)), 0.0), str(path))


def _copy_pages(connection: Connection, path: Path) -> None:
    driver: Any = connection.connection.driver_connection
    with _writing(path), closing(sqlite3.connect(path, isolation_level=None)) as target:
        # In one step: a copy in several begins anew whenever somebody writes in between.
        driver.backup(target, pages=-1)
        # A copy is one file; with the log it would be three as soon as somebody looks into it.
        target.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Name the copy where it is the one that cannot be written."""
    try:
        yield
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise StorageError(
                f"{path} cannot be written: the disk is full, or reports an error",
                advice="Free some space there, or choose another disk.",
                path=str(path),
            ) from error
        raise


def _copy_to_new_tables(connection: Connection, path: Path, revision: str | None) -> None:
    with opened_file(path) as database, database.migrate() as target:
        if revision is not None:
            upgrade(target, database.name, revision)
            _copy_rows(connection, target, _reflected(target))


def _reflected(connection: Connection) -> list[Table]:
    """The tables as they are, also those of an older version, in an order in which rows can be inserted."""
    metadata = MetaData()

    @event.listens_for(metadata, "column_reflect")
    def _keep_zone(_inspector: object, _table: object, column: dict[str, Any]) -> None:
        if isinstance(column["type"], DateTime):
            column["type"] = UtcDateTime()

    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != STAMP.name]


def _copy_rows(source: Connection, target: Connection, tables: list[Table]) -> None:
    for table in tables:
        rows = source.execution_options(yield_per=_ROWS_AT_ONCE).execute(select(table)).mappings()
        for some in rows.partitions():
            target.execute(table.insert(), [dict(row) for row in some])
