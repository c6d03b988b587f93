"""Where the data are and how much room they take; what was deleted, and what can be removed for good."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import ConflictError, NotThereError
from tracker.recording.files import storage_error
from tracker.session.workplace import Workplace
from tracker.store.corrections import restore_session
from tracker.store.database import Database
from tracker.store.sessions import list_sessions, read_session
from tracker.store.values import Person, SessionSummary


@dataclass(frozen=True, slots=True)
class DataFiles:
    """The program's folder.

    Attributes:
        database: a file, or the address of a server.
        database_bytes: None on a server.
        recordings, recordings_bytes, backups, backups_bytes: files and their sizes.
        free_bytes: of the disk; None where it cannot be asked.
    """

    folder: Path
    database: str
    database_bytes: int | None
    recordings: int
    recordings_bytes: int
    backups: int
    backups_bytes: int
    free_bytes: int | None


@dataclass(frozen=True, slots=True)
class DeletedSession:
    """A session that does not count any more.

    Attributes:
        recording_bytes: of its file; None where there is none any more.
    """

    session: SessionSummary
    recording_bytes: int | None


def data_files(place: Workplace, database: Database) -> DataFiles:
    """Look at the folder."""
    home = place.home
    recordings, recordings_bytes = _sizes(home.recordings)
    backups, backups_bytes = _sizes(home.backups)
    return DataFiles(
        folder=home.folder,
        database=database.name,
        database_bytes=_database_bytes(home.folder) if home.database_url is None else None,
        recordings=recordings,
        recordings_bytes=recordings_bytes,
        backups=backups,
        backups_bytes=backups_bytes,
        free_bytes=_free(home.folder),
    )


def deleted_sessions(place: Workplace, database: Database, person: Person) -> tuple[DeletedSession, ...]:
    """A person's sessions that were deleted, the latest first.

    Raises:
        DatabaseError: the database cannot be read.
    """
    with database.read() as connection:
        found = list_sessions(connection, person.person_id, deleted=True)
    return tuple(DeletedSession(one, _recording_bytes(place, one)) for one in found)


def bring_back(database: Database, person: Person, session_id: int, reason: str) -> None:
    """Let a deleted session count again.

    Raises:
        UsageError: it is no session of this person, or was not deleted.
    """
    with database.write() as connection:
        _refuse_others(read_session(connection, session_id), person)
        restore_session(connection, session_id, reason=reason)


def remove_recording(place: Workplace, database: Database, person: Person, session_id: int) -> None:
    """Remove the recording's file of a deleted session for good; what was measured of it stays in the store.

    Raises:
        UsageError: it is no session of this person, was not deleted, or has no file in the program's folder.
        StorageError: the file cannot be removed.
    """
    with database.read() as connection:
        session = read_session(connection, session_id)
    _refuse_others(session, person)
    if session.deleted_at is None:
        raise ConflictError(
            f"session {session_id} was not deleted",
            advice="Delete it first, on its page in Review.",
            session_id=session_id,
        )
    path = _own_recording(place, session)
    if path is None:
        raise NotThereError(
            f"session {session_id} has no recording in the program's folder",
            advice="Files elsewhere are yours alone to remove.",
            session_id=session_id,
        )
    try:
        path.unlink()
    except OSError as error:
        raise storage_error(path, error) from error


def _refuse_others(session: SessionSummary, person: Person) -> None:
    if session.person_id != person.person_id:
        raise NotThereError(
            f"session {session.session_id} is not one of {person.name}",
            advice="Choose its person on the page Persons.",
            session_id=session.session_id,
        )


def _own_recording(place: Workplace, session: SessionSummary) -> Path | None:
    path = session.recording_file(place.home.folder)
    if path is None or not path.is_file():
        return None
    inside = path.resolve().is_relative_to(place.home.recordings.resolve())
    return path if inside else None


def _recording_bytes(place: Workplace, session: SessionSummary) -> int | None:
    path = _own_recording(place, session)
    return None if path is None else _size(path)


def _sizes(folder: Path) -> tuple[int, int]:
    sizes = [size for path in folder.rglob("*") if (size := _size(path)) is not None]
    return len(sizes), sum(sizes)


def _database_bytes(folder: Path) -> int:
    """What was written last stands in the log beside the database until SQLite takes it over."""
    return sum(_size(folder / name) or 0 for name in ("tracker.db", "tracker.db-wal"))


def _size(path: Path) -> int | None:
    """None where there is no such file."""
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
