"""Opens the database: a file of the person's own, or PostgreSQL by its address."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from tracker.errors import DatabaseError, DatabaseInUseError, StorageError
from tracker.store.database_users import DatabaseUsers
from tracker.store.dialects import (
    postgresql_engine,
    rewrite_file,
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
        self._users = DatabaseUsers()
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
    def kept_closed(self) -> Iterator[None]:
        """Nobody of this process uses the database while the block runs, so that its file can be replaced.

        Transactions that have begun are waited for; those that want to begin wait, and then meet what is at
        the same place.

        Raises:
            DatabaseError: a transaction does not end.
        """
        with self._users.none(self.name):
            self._engine.dispose()
            yield

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
        with self._users.one(), translated(self.name), self._engine.connect() as plain:
            connection = plain.execution_options(**transaction_options(self._engine, writes=True))
            with without_foreign_keys(connection), connection.begin():
                yield connection
                refuse_dangling_rows(connection, self.name)

    def erase_deleted(self) -> None:
        """Let no byte of a deleted row stay in a SQLite file or its log; needs the file's size of free disk.

        Raises:
            DatabaseInUseError: another program uses the database.
            StorageError: there is no room.
        """
        with self._users.one(), translated(self.name), self._engine.connect() as plain:
            if not rewrite_file(plain):
                raise DatabaseInUseError(
                    f"the database {self.name} is being read by another program",
                    advice="Close other programs that use the database, then do the same once more.",
                    database=self.name,
                )

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        with self._users.one(), translated(self.name), self._engine.connect() as plain:
            connection = plain.execution_options(**transaction_options(self._engine, writes=writes))
            with connection.begin():
                yield connection


Protection: TypeAlias = Callable[[Database, str], None]
"""Copies a database before its tables are changed; given the database and its old revision."""


def open_database(
    location: str | Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S, protect: Protection | None = None
) -> Database:
    """Open a database, and create it or bring its tables to this version where needed.

    Args:
        location: path of a file (folders are made, the file can be read by its owner only), or an address
            `sqlite:///path` or `postgresql://user@host/name`.
        busy_timeout_s: how long to wait for another writer.
        protect: called before the tables of an older version are changed, while nobody else can write; what
            it raises leaves them as they are.

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
                guard = None if protect is None else partial(protect, database)
                upgrade(connection, database.name, protect=guard)
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
        _make_file(path)
    except OSError as error:
        raise StorageError(
            f"the database {name} cannot be opened: {(error.strerror or str(error)).lower()}",
            advice="Check the path and your right to write there, or set TRACKER_HOME to another folder.",
            database=name,
        ) from error
    with translated(name):
        use_write_ahead_log(path, busy_timeout_s)
    return Database(sqlite_engine(url.set(database=name), busy_timeout_s), name)


def _make_file(path: Path) -> None:
    """Make a file for its owner alone, as SQLite would let others read it; its side files take the same mode.

    One that is there is not opened: to close it again would drop the locks that this process holds on it, and
    others would write beside it.

    Raises:
        OSError: it cannot be made, is a folder, or is not for this user.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not os.access(path, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


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
