"""What goes into a backup: the files of the home folder, and recordings that lie elsewhere."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from sqlalchemy import Connection, select

from tracker.backup.manifest import RECORDINGS
from tracker.backup.tar_stream import is_harmless
from tracker.home import Home
from tracker.recording.container import MAGIC, begins_as_recording
from tracker.store.tables import RecordingTable

ELSEWHERE = RECORDINGS + "elsewhere/"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that becomes a member.

    Attributes:
        was: where it lies, if that is outside the home folder.
    """

    name: str
    path: Path
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Unfit:
    """A file that cannot become a member, and why."""

    path: Path
    reason: str


def settings_of(home: Home) -> Iterator[Source | Unfit]:
    """The person's own settings, exercises and plan: all TOML files of the folder."""
    for path in sorted(home.folder.glob("*.toml")):
        yield _member(path.name, path)


def recordings_of(home: Home) -> Iterator[Source | Unfit]:
    """All files of the folder of recordings; hidden ones are being written under a name for the time."""
    for folder, folders, names in os.walk(home.recordings):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if not name.startswith("."):
                yield _member(RECORDINGS + path.relative_to(home.recordings).as_posix(), path)


def recordings_elsewhere(connection: Connection) -> Iterator[Source | Unfit]:
    """Recordings of sessions, from their database, that were imported from outside the home folder."""
    query = select(RecordingTable.id, RecordingTable.path).order_by(RecordingTable.id)
    for row in connection.execute(query):
        path = Path(row.path)
        if path.is_absolute():
            found = _member(f"{ELSEWHERE}{row.id}-{PurePath(row.path).name}", path, was=row.path)
            # A database that others made could name any file of the person's.
            no_recording = isinstance(found, Source) and not begins_as_recording(path)
            yield Unfit(path, "it is no recording") if no_recording else found


def is_closed(path: Path) -> bool:
    """False for a recording that is being written, or that ends in the middle."""
    with path.open("rb") as file:
        file.seek(max(file.seek(0, os.SEEK_END) - len(MAGIC), 0))
        return file.read() == MAGIC or path.suffix != ".mcap"


def _member(name: str, path: Path, was: str | None = None) -> Source | Unfit:
    try:
        ordinary = stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        return Unfit(path, f"it is not there: {error.strerror or error}")
    except ValueError:
        return Unfit(path, "its name is none")
    if not ordinary:
        return Unfit(path, "it is no ordinary file")
    return Source(name, path, was) if is_harmless(name) else Unfit(path, "its name is none for every system")
