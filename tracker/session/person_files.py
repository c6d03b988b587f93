"""Which files of the folder of recordings are one person's alone, and may be removed with them."""

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tracker.errors import InputError
from tracker.home import Home
from tracker.recording.reader import read_recording
from tracker.store.person_rows import RecordingPaths

_RECOVERED = ".recovered"
"""What `tracker recover` adds to a name."""

_Identity: TypeAlias = tuple[int, int]
"""Device and number of a file: the same under each of its names."""

_Start: TypeAlias = tuple[int, int]
"""Of a recording on both clocks, ns: the same in each copy of it."""


@dataclass(frozen=True, slots=True)
class PersonFiles:
    """A person's recordings.

    Attributes:
        own: ordinary files in the folder of recordings that nobody else's session has: those of the sessions,
            and other copies of them, as what they were recovered of.
        size_bytes: of those.
        left: paths of sessions, as stored, that stay: they lie elsewhere, behind a link, or are another
            person's too.
        unclaimed: how many files of the folder belong to no session; nobody can tell whose they are.
    """

    own: tuple[Path, ...]
    size_bytes: int
    left: tuple[str, ...]
    unclaimed: int


def person_files(home: Home, paths: RecordingPaths) -> PersonFiles:
    """Look for a person's recordings; nothing is changed."""
    of_others = {one for path in paths.others if (one := _identity(home.folder / path)) is not None}
    own: dict[Path, int] = {}
    left = []
    for path in paths.own:
        file = own_file(home, path)
        if file is not None and _identity(file) not in of_others:
            own[file] = file.stat().st_size
        elif file is not None or _identity(home.folder / path) is not None:
            left.append(path)
    of_sessions = of_others | {_identity(file) for file in own}
    loose = [file for file in _files(home.recordings) if _identity(file) not in of_sessions]
    copies = _copies(home, loose, tuple(own), paths)
    own |= {file: file.stat().st_size for file in copies}
    return PersonFiles(tuple(own), sum(own.values()), tuple(left), len(loose) - len(copies))


def own_file(home: Home, path: str | Path) -> Path | None:
    """An ordinary file within the folder of recordings, by the path that is stored for it, links resolved.

    None for everything else, whatever a path says: elsewhere, a link, a folder, nothing at all.
    """
    named = home.folder / path
    try:
        folder = os.path.realpath(home.recordings)
        file = Path(os.path.realpath(named.parent), named.name)
        if not file.parent.is_relative_to(folder) or not stat.S_ISREG(file.lstat().st_mode):
            return None
    except (OSError, ValueError):
        return None
    return file


def _identity(path: Path) -> _Identity | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _files(recordings: Path) -> Iterator[Path]:
    """All ordinary files of the folder, by where they really lie; killed processes leave hidden ones."""
    for folder, _, names in os.walk(os.path.realpath(recordings)):
        for name in sorted(names):
            file = Path(folder, name)
            with contextlib.suppress(OSError):
                if stat.S_ISREG(file.lstat().st_mode):
                    yield file


def _copies(home: Home, loose: list[Path], own: tuple[Path, ...], paths: RecordingPaths) -> list[Path]:
    """Those of the files without a session that are copies of a person's recordings, and of nobody else's."""
    if not loose:
        return []
    names, starts = {_plain_name(file) for file in own}, set(_starts(own))
    found = [file for file in loose if _plain_name(file) in names or starts.intersection(_starts([file]))]
    if not found:
        return []
    # Two persons can have imported what began at the same moment.
    others = [file for path in paths.others if (file := own_file(home, path)) is not None]
    foreign = set(_starts(others))
    return [file for file in found if not foreign.intersection(_starts([file]))]


def _plain_name(file: Path) -> Path:
    """The name of what a file was recovered of."""
    name = file.name
    while _RECOVERED in name:
        name = name.replace(_RECOVERED, "")
    return file.with_name(name)


def _starts(files: Iterable[Path]) -> Iterator[_Start]:
    for file in files:
        # What cannot be read tells nothing.
        with contextlib.suppress(InputError):
            header = read_recording(file).header
            yield header.anchor.wall_ns, header.anchor.monotonic_ns
