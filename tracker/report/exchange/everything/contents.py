"""Which files of a home belong into an archive, and which cannot be had."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tracker.home import Home
from tracker.recording.container import begins_as_recording
from tracker.report.exchange.everything.manifest import Elsewhere
from tracker.report.exchange.everything.names import elsewhere_entry, home_entry
from tracker.report.exchange.formats import LeftOut


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """Where the database says that a recording lies; `path` as stored."""

    recording_id: int
    session_id: int
    path: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Files by the names of their entries, those from outside the home, and what is not there."""

    files: dict[str, Path]
    elsewhere: dict[str, Elsewhere]
    left_out: tuple[LeftOut, ...]


def contents_of(home: Home, recordings: Iterable[StoredRecording]) -> Contents:
    """What there is now: all recordings of the folder, those that only the database knows, all settings."""
    files: dict[str, Path] = {}
    left_out: list[LeftOut] = []
    for file in _files_in(home):
        relative = PurePosixPath(file.relative_to(home.folder).as_posix())
        if not file.is_file():
            left_out.append(LeftOut(str(relative), "it is no ordinary file"))
        elif (entry := home_entry(relative)) is None:
            left_out.append(LeftOut(str(relative), "its name is temporary, or none for every system"))
        else:
            files[entry] = file
    elsewhere: dict[str, Elsewhere] = {}
    inside = {file.resolve() for file in files.values()}
    for one in recordings:
        file = home.folder / one.path
        if file.resolve() in inside:
            continue
        if not file.is_file():
            left_out.append(LeftOut(f"recording of session {one.session_id}", f"{file} is not there"))
            continue
        if not begins_as_recording(file):
            # A database that others made could name any file of the person's.
            left_out.append(LeftOut(f"recording of session {one.session_id}", f"{file} is no recording"))
            continue
        entry = elsewhere_entry(one.recording_id)
        files[entry] = file
        elsewhere[entry] = Elsewhere(one.recording_id, one.path)
    if home.simulated.database != home.database and Path(home.simulated.database).exists():
        left_out.append(
            LeftOut("simulated sessions that are kept apart", "export them of their own with --simulated")
        )
    return Contents(files, elsewhere, tuple(left_out))


def _files_in(home: Home) -> Iterator[Path]:
    yield from sorted(home.folder.glob("*.toml"))
    for where, folders, names in os.walk(home.recordings):
        folders.sort()
        for name in sorted(names):
            yield Path(where, name)
