"""All that differs between SQLite and PostgreSQL; everywhere else the SQL is the same for both."""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, column, create_engine, event, func, select, table
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

# Any number will do, as long as every version of the program takes the same.
_MIGRATION_LOCK = 4_820_113
_WRITES = "tracker_writes"


def sqlite_engine(url: URL, busy_timeout_s: float) -> Engine:
    """An engine on a SQLite file, without touching the file yet."""
    engine = create_engine(url, connect_args={"timeout": busy_timeout_s})

    @event.listens_for(engine, "connect")
    def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver's own BEGIN comes late and never before DDL; `_begin` does it instead.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        # FULL: in WAL mode NORMAL may lose the last commits in a power cut. A session makes few commits, each
        # costs one sync (0.1 ms to some ms), so nothing speaks for losing one.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer asks for its lock at once: SQLite does not wait for the lock when a reader turns writer.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def postgresql_engine(url: URL, lock_timeout_s: float) -> Engine:
    """An engine on a PostgreSQL database, not connected yet.

    Raises:
        ModuleNotFoundError: the driver is not installed.
    """
    engine = create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = {round(lock_timeout_s * 1000)}")
        cursor.close()
        connection.commit()

    return engine


def transaction_options(engine: Engine, *, writes: bool) -> dict[str, Any]:
    """Execution options of a transaction: a reader sees one moment, a writer waits for its turn."""
    if engine.dialect.name == "sqlite":
        return {_WRITES: writes}
    return {"isolation_level": "READ COMMITTED" if writes else "REPEATABLE READ"}


def lock_schema(connection: Connection) -> None:
    """Hold all others back from changing the schema until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let tables be made anew: on SQLite dropping the old one would else delete every row that refers to it.

    To be entered before the transaction begins: within one SQLite ignores the setting.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    _enforce_foreign_keys(connection, "OFF")
    try:
        yield
    finally:
        _enforce_foreign_keys(connection, "ON")


def _enforce_foreign_keys(connection: Connection, setting: str) -> None:
    # By the driver's own connection: SQLAlchemy's would begin a transaction.
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys = {setting}")
    cursor.close()


def keeps_rows_of_new_tables(connection: Connection) -> bool:
    """True where a table may be made anew without losing what refers to it."""
    if connection.dialect.name != "sqlite":
        return True
    return not connection.exec_driver_sql("PRAGMA foreign_keys").scalar()


def dangling_tables(connection: Connection) -> list[str]:
    """Tables with rows that refer to rows that are not there; a server does not let that happen."""
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return sorted({str(row[0]) for row in rows})


def continue_numbering(connection: Connection, tables: Iterable[str]) -> None:
    """After rows that brought their own `id`: let new ones get higher numbers; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for name in tables:
        ids = table(name, column("id")).c.id
        sequence = func.pg_get_serial_sequence(name, "id")
        # Without rows there is no highest number: the first one is next then.
        newest = func.coalesce(func.max(ids), 1)
        connection.execute(select(func.setval(sequence, newest, func.count(ids) > 0)))


def retire_person_number(connection: Connection, person_id: int) -> None:
    """Within a transaction that deletes a person: nobody gets that number again; a server sees to it itself.

    A browser, a program or a revision may still hold the number, and would mean somebody else by it.
    """
    if connection.dialect.name == "sqlite":
        highest = max(person_id, highest_person_ever(connection))
        # A number in the file's head for the program's own use; goes with the transaction and with copies.
        connection.exec_driver_sql(f"PRAGMA user_version = {highest}")


def highest_person_ever(connection: Connection) -> int:
    """The highest number of a person who was deleted; 0 on a server, which counts on by itself."""
    if connection.dialect.name != "sqlite":
        return 0
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def rewrite_file(connection: Connection) -> bool:
    """Make a SQLite file anew of the rows that are in it, so that no byte of a deleted one stays.

    To be called outside of a transaction. On a server nothing is done: it has its own ways.

    Returns:
        False where another program reads at this moment, so that its log still holds what was deleted.

    Raises:
        sqlite3.Error: locked, no room on the disk.
    """
    if connection.dialect.name != "sqlite":
        return True
    # By the driver's own connection: SQLAlchemy's would begin a transaction.
    cursor = connection.connection.cursor()
    try:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        row = cursor.fetchone()
        return row is None or row[0] == 0
    finally:
        cursor.close()


def use_write_ahead_log(path: Path, timeout_s: float) -> None:
    """Switch a SQLite file to write-ahead logging, where it isn't yet: readers and a writer side by side.

    Raises:
        sqlite3.Error: not a database, locked, not writable.
    """
    deadline = time.monotonic() + timeout_s
    connection = sqlite3.connect(path, timeout=timeout_s, isolation_level=None)
    try:
        while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                # The switch does not obey the busy timeout when two processes do it at once.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                break
    finally:
        connection.close()
