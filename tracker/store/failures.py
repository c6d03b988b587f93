"""Turns what a database driver raises into the program's errors: one line, and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from tracker.errors import DatabaseError, DatabaseInUseError, StorageError, TrackerError

_RESTORE = "Move the file away, or put a copy of yours in its place; the recordings are kept."

_LOCKED = (
    DatabaseInUseError,
    "is locked by another program",
    "Close other programs that use the database. What was recorded is safe: tracker recover FILE stores it.",
)

_SQLITE: dict[int, tuple[type[TrackerError], str, str]] = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_NOTADB: (
        DatabaseError,
        "is not a database",
        "Check the path. If it is right, the file is damaged. " + _RESTORE,
    ),
    sqlite3.SQLITE_CORRUPT: (DatabaseError, "is damaged", _RESTORE),
    sqlite3.SQLITE_READONLY: (
        StorageError,
        "cannot be written",
        "Give yourself the right to write the file and its folder, or set TRACKER_HOME to another folder.",
    ),
    sqlite3.SQLITE_PERM: (
        StorageError,
        "cannot be opened: no permission",
        "Give yourself the right to read and write the file and its folder.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StorageError,
        "cannot be opened",
        "Check that the folder exists and that you may write in it, or set TRACKER_HOME to another folder.",
    ),
    sqlite3.SQLITE_FULL: (
        StorageError,
        "cannot be written: the disk is full",
        "Free some space, then try again; what was stored before is safe.",
    ),
    sqlite3.SQLITE_IOERR: (
        StorageError,
        "cannot be read or written: input/output error",
        "Check the disk and its free space, then try again.",
    ),
}

_POSTGRESQL: dict[str, tuple[type[TrackerError], str, str]] = {
    "42501": (DatabaseError, "forbids this", "Ask for the right to create and write tables there."),
    "53100": (StorageError, "cannot be written: the server's disk is full", "Free some space on the server."),
    "55P03": _LOCKED,
    "57P": (DatabaseError, "ended the connection", "Wait until the server runs again, then try again."),
}


def sqlite_failure(error: sqlite3.Error, name: str) -> TrackerError:
    """What an error of the SQLite driver means for the database `name`."""
    code = getattr(error, "sqlite_errorcode", None)
    known = None if code is None else _SQLITE.get(code & 0xFF)
    return _failure(known, error, name)


def driver_failure(error: DBAPIError, name: str) -> TrackerError:
    """What an error from SQLAlchemy means for the database `name`."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return sqlite_failure(cause, name)
    state = getattr(cause, "sqlstate", None)
    if state is None and (error.connection_invalidated or not error.statement):
        return DatabaseError(
            f"the database {name} cannot be reached: {_first_line(cause)}",
            advice="Check that the server runs, and that user, password and database are right.",
            database=name,
            cause=str(cause),
        )
    known = next((value for prefix, value in _POSTGRESQL.items() if state and state.startswith(prefix)), None)
    return _failure(known, cause or error, name)


def _failure(
    known: tuple[type[TrackerError], str, str] | None, cause: BaseException, name: str
) -> TrackerError:
    if known is None:
        return DatabaseError(
            f"the database {name} refused: {_first_line(cause)}",
            advice="Check the database and its server; the recordings are kept.",
            database=name,
            cause=str(cause),
        )
    kind, what, advice = known
    return kind(f"the database {name} {what}", advice=advice, database=name, cause=str(cause))


def _first_line(cause: BaseException | None) -> str:
    return str(cause).strip().partition("\n")[0]


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Raise the program's errors in place of the driver's, for the database `name`."""
    try:
        yield
    except DBAPIError as error:
        raise driver_failure(error, name) from error
    except sqlite3.Error as error:
        raise sqlite_failure(error, name) from error
