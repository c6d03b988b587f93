"""All that differs between SQLite and PostgreSQL; everywhere else the SQL is the same for both."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
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
