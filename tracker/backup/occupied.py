"""What stands in the way of a restore: data that are there, and a session that is being recorded."""

import contextlib
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from tracker.backup.opening import open_home_database
from tracker.errors import DatabaseError, DatabaseInUseError, StorageError
from tracker.home import PAGE_PASSPHRASE, Home
from tracker.store.copies import holds_data, opened_file
from tracker.store.recorder import Recorder
from tracker.store.values import SessionState

_NOTHING_YET = frozenset({"tracker.db", "tracker.db-wal", "tracker.db-shm", "recordings", PAGE_PASSPHRASE})
"""What the program makes in a new folder, to be looked into; a passphrase stays where it is."""


def is_occupied(home: Home) -> bool:
    """True where restoring would take something away; what cannot be read is taken for something.

    Raises:
        DatabaseError: a session is being recorded there, and would go on in what is set aside; or the server
            cannot be reached.
    """
    if home.database_url is not None:
        with open_home_database(home) as database, database.read() as connection:
            recording, rows = _is_recording(connection), holds_data(connection)
    else:
        recording, rows = _look_into(home.folder / "tracker.db")
    if recording:
        raise DatabaseInUseError(
            f"a session is being recorded in {home.folder}",
            advice="End it first.",
            database=str(home.database),
        )
    return rows or folder_holds_data(home.folder)


def folder_holds_data(folder: Path) -> bool:
    """True for a folder with more in it than what the program makes in a new one."""
    if not folder.exists():
        return False
    try:
        if any(path.name not in _NOTHING_YET for path in folder.iterdir()):
            return True
        recordings = folder / "recordings"
        if recordings.exists() and any(recordings.iterdir()):
            return True
    except OSError:
        return True
    return _look_into(folder / "tracker.db")[1]


def _look_into(path: Path) -> tuple[bool, bool]:
    """Whether a session is being recorded to a database's file, and whether it holds data."""
    if not path.exists() or path.stat().st_size == 0:
        return False, False
    with (
        contextlib.suppress(DatabaseError, StorageError),
        opened_file(path) as database,
        database.read() as connection,
    ):
        return _is_recording(connection), holds_data(connection)
    return False, True


def _is_recording(connection: Connection) -> bool:
    if "session" not in inspect(connection).get_table_names():
        return False
    # By words: the tables may be those of any version.
    query = text("SELECT recorder FROM session WHERE state = :state AND recorder IS NOT NULL")
    for (recorder,) in connection.execute(query, {"state": SessionState.RECORDING.value}).all():
        with contextlib.suppress(ValueError):
            if Recorder.from_text(recorder).is_alive():
                return True
    return False
