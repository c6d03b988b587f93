"""Opens the database: a file of the person's own, or PostgreSQL by its address."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from tracker.errors import DatabaseError, StorageError
from tracker.store.dialects import (
    postgresql_engine,
    sqlite_engine,
    transaction_options,
    use_write_ahead_log,
    without_foreign_keys,
)
from tracker.store.failures import translated
from tracker.store.schema import HEAD, refuse_dangling_rows, stored_revision, upgrade

BUSY_TIMEOUT_S = 5.0
"""How long to wait for another writer. A write takes some milliseconds; a migration may take seconds."""


class Database:
    """An open database; a context manager that closes it.

    Attributes:
        name: path or address, without password, for messages.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self.name = name

    def __enter__(self) -> "Database":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that reads: everything in it is seen as at one moment.

        Raises:
            DatabaseError, StorageError: the database cannot be read.
        """
        with self._transaction(writes=False) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: all of it is stored when the block ends, nothing when it raises.

        Raises:
            DatabaseError, StorageError: the database cannot be written.
        """
        with self._transaction(writes=True) as connection:
            yield connection

    @contextmanager
    def migrate(self) -> Iterator[Connection]:
        """A transaction that writes and may make tables anew; no row of another table is lost by that.

        Raises:
            DatabaseError, StorageError: the database cannot be written, or rows would refer to nothing.
        """
        with translated(self.name), self._engine.connect() as plain:
            connection = plain.execution_options(**transaction_options(self._engine, writes=True))
            with without_foreign_keys(connection), connection.begin():
                yield connection
                refuse_dangling_rows(connection, self.name)

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        with translated(self.name), self._engine.connect() as plain:
            connection = plain.execution_options(**transaction_options(self._engine, writes=writes))
            with connection.begin():
                yield connection


def open_database(location: str | Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Database:
    """Open a database, and create it or bring its tables to this version where needed.

    Args:
        location: path of a file (folders are made, the file can be read by its owner only), or an address
            `sqlite:///path` or `postgresql://user@host/name`.
        busy_timeout_s: how long to wait for another writer.

    Raises:
        DatabaseError: not a database, another program's, made by a newer version, damaged, locked,
            unreachable.
        StorageError: the file or its folder cannot be made, read or written.
    """
    url = _url(location)
    if url.get_backend_name() == "sqlite":
        database = _open_file(url, busy_timeout_s)
    else:
        database = _open_server(url, busy_timeout_s)
    try:
        with database.read() as connection:
            current = stored_revision(connection, database.name) == HEAD
        if not current:
            with database.migrate() as connection:
                upgrade(connection, database.name)
    except BaseException:
        database.close()
        raise
    return database


def _url(location: str | Path) -> URL:
    text = str(location)
    if isinstance(location, Path) or "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise DatabaseError(
            f"this is not a database's address: {text.partition('://')[0]}://...",
            advice="Give a file's path, or postgresql://user@host/name.",
        ) from error
    kind = url.drivername.partition("+")[0]
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and url.database not in (None, "", ":memory:"):
        return url.set(drivername="sqlite")
    raise DatabaseError(
        f"databases of the kind {url.render_as_string()} are not supported",
        advice="Give a file's path, or postgresql://user@host/name.",
    )


def _open_file(url: URL, busy_timeout_s: float) -> Database:
    path = Path(url.database or "").absolute()
    name = str(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Made here, since SQLite would let others read it; its side files take the same mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StorageError(
            f"the database {name} cannot be opened: {(error.strerror or str(error)).lower()}",
            advice="Check the path and your right to write there, or set TRACKER_HOME to another folder.",
            database=name,
        ) from error
    with translated(name):
        use_write_ahead_log(path, busy_timeout_s)
    return Database(sqlite_engine(url.set(database=name), busy_timeout_s), name)


def _open_server(url: URL, busy_timeout_s: float) -> Database:
    name = url.set(drivername="postgresql").render_as_string(hide_password=True)
    try:
        return Database(postgresql_engine(url, busy_timeout_s), name)
    except ModuleNotFoundError as error:
        raise DatabaseError(
            "the driver for PostgreSQL is not installed",
            advice="Install the extra `postgresql`: pip install --require-hashes -r requirements/all.txt",
            database=name,
        ) from error
