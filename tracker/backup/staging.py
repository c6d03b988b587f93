"""The folder in which a backup is unpacked, beside the one that it becomes."""

import contextlib
import glob
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from io import BufferedWriter
from pathlib import Path

from tracker.backup.manifest import ABOUT
from tracker.backup.reading import Sink
from tracker.errors import StorageError
from tracker.recording.files import create_file, storage_error

_LEAST_FREE_BYTES = 20_000_000
"""Room that must be left: a full disk keeps the program from working afterwards."""

_UNFINISHED = ".unfinished"
"""A file in a folder that is being made."""

_FORGOTTEN_S = 86400.0
"""Nobody restores for a day: the process was killed."""


class StageSink(Sink):
    """Writes members into a new folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder
        self._file: BufferedWriter | io.BytesIO = io.BytesIO()

    def begin(self, name: str, size: int) -> None:
        refuse_too_large(self._folder, name, size)
        self._path = self._folder / name
        if name == ABOUT:
            # Of the backup, not of the folder.
            self._file = io.BytesIO()
            return
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise storage_error(self._path, error) from error
        self._file = os.fdopen(create_file(self._path), "wb")

    def write(self, piece: bytes) -> None:
        with self._writing() as file:
            file.write(piece)

    def end(self) -> None:
        with self._writing() as file:
            file.flush()
            if isinstance(file, BufferedWriter):
                os.fsync(file.fileno())
            file.close()

    def close(self) -> None:
        """Let go of a member that was not completed."""
        # Closing tries to write what is left, which fails once more on a full disk.
        with contextlib.suppress(OSError):
            self._file.close()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[BufferedWriter | io.BytesIO]:
        try:
            yield self._file
        except OSError as error:
            raise storage_error(self._path, error) from error


def stage_beside(folder: Path) -> Path:
    """A new folder beside one that it will take the place of, marked as unfinished.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=_stage_prefix(folder), dir=folder.parent))
        (stage / _UNFINISHED).touch()
    except OSError as error:
        raise storage_error(folder.parent, error) from error
    return stage


def _stage_prefix(folder: Path) -> str:
    return f".{folder.name[:100]}.restoring-"


def delete_forgotten_stages(folder: Path) -> None:
    """Delete what killed restores began. What lacks the mark may be what was there before: it stays."""
    limit_s = time.time() - _FORGOTTEN_S
    with contextlib.suppress(OSError):
        for stage in folder.parent.glob(glob.escape(_stage_prefix(folder)) + "*"):
            if (stage / _UNFINISHED).exists() and stage.stat().st_mtime < limit_s:
                shutil.rmtree(stage, ignore_errors=True)


def finish_stage(stage: Path) -> None:
    """Take the mark away: from now on the folder is never deleted as a leftover."""
    (stage / _UNFINISHED).unlink()


def refuse_too_large(folder: Path, name: str, size: int) -> None:
    """Refuse what a disk has no room for.

    Raises:
        StorageError: says so.
    """
    if size + _LEAST_FREE_BYTES > shutil.disk_usage(folder).free:
        raise StorageError(
            f"the disk of {folder.parent} has no room for {name} ({size / 1e6:,.0f} MB)",
            advice="Make room, or restore to another disk: --into FOLDER. Nothing was changed.",
            needed_bytes=size,
        )
