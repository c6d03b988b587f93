"""Home folders to back up, and what is in them."""

import hashlib
import os
import random
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text
from store_samples import STARTED_AT, analysis, begin

from tracker.backup.opening import open_home_database
from tracker.backup.writing import write_backup
from tracker.home import Home
from tracker.model import WallClockAnchor
from tracker.recording.header import RecordingHeader
from tracker.recording.writer import RecordingWriter
from tracker.store.analyses import save_analysis
from tracker.store.sessions import finish_session
from tracker.store.tables import Table
from tracker.store.values import SessionState

SETTINGS = "[guide]\nsettle_s = 45.0\n"

Rows = dict[str, list[tuple[Any, ...]]]


def filled_home(folder: Path, *, sessions: int = 2, database_url: str | None = None) -> Home:
    """A home folder with sessions, their recordings, settings and a recording in a folder below."""
    home = Home(folder, database_url)
    home.create()
    home.settings.write_text(SETTINGS, encoding="utf-8")
    (folder / "plan.toml").write_text('name = "Übung"\n', encoding="utf-8")
    with open_home_database(home) as database, database.write() as connection:
        for number in range(sessions):
            add_session(home, connection, f"recordings/{number}.mcap")
    below = home.recordings / "of anna"
    below.mkdir()
    (below / "läuft 1.mcap").write_bytes(random.Random(7).randbytes(5000))  # noqa: S311
    return home


def add_session(home: Home, connection: Connection, path: str, *, size: int = 3000) -> int:
    """One complete session with an analysis, and a file in place of its recording."""
    session_id = begin(connection)
    connection.execute(
        text("UPDATE recording SET path = :path WHERE session_id = :id"), {"path": path, "id": session_id}
    )
    file = home.folder / path
    with RecordingWriter(file, RecordingHeader(WallClockAnchor(10**18, 10**9), "0", simulated=True)):
        pass
    with file.open("ab") as grown:
        grown.write(os.urandom(size))
    finish_session(
        connection,
        session_id,
        ended_at=STARTED_AT,
        duration_s=1.0,
        size_bytes=size,
        state=SessionState.COMPLETE,
        recording_path=path,
    )
    save_analysis(connection, session_id, analysis())
    return session_id


def rows_of(home: Home) -> Rows:
    """Every row of every table, with values as Python has them."""
    with open_home_database(home) as database, database.read() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for name, table in Table.metadata.tables.items()
        }


_DATABASE = ("tracker.db", "tracker.db-wal", "tracker.db-shm")


def files_of(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file by its path; those of the database change by being looked at."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in _DATABASE
    }


def write(
    home: Home,
    out: Path,
    *,
    passphrase: str | None = None,
    with_recordings: bool = True,
    replace: bool = False,
) -> Path:
    """Back up a home folder; the file."""
    with open_home_database(home) as database:
        return write_backup(
            home, database, out, passphrase=passphrase, with_recordings=with_recordings, replace=replace
        ).path
