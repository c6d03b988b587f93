"""Recordings that were dropped onto the page: in a folder that only its owner can look into."""

import errno
import os
import secrets
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import InputError, NotThereError
from tracker.recording.files import create_file, storage_error

MOST_FILES = 4
"""So many lie there at once; the oldest gives way to a new one."""

_FOLDER = ".dropped."
_OWNER_ONLY = 0o700
_FORGOTTEN_S = 86_400.0
"""What a program that was killed left behind is removed after a day: no page stays open for longer."""

LEAST_FREE_BYTES = 100_000_000
"""Room on the disk that files leave: a session records some 10 MB an hour, and its end is stored too."""

_LONGEST_NAME = 100
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """A recording that was dropped.

    Attributes:
        token: tells it from others, and cannot be guessed.
        name: of the file, as the person knows it.
    """

    token: str
    name: str
    path: Path


class Receiving:
    """A file that is coming in; to be used as a context manager: what is not whole vanishes."""

    def __init__(self, path: Path, name: str, limit_bytes: int, least_free_bytes: int = 0) -> None:
        self.path = path
        self.name = name
        self.size_bytes = 0
        self._limit_bytes = limit_bytes
        self._least_free_bytes = least_free_bytes
        self._descriptor = create_file(path)
        self._is_whole = False

    def __enter__(self) -> "Receiving":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)
        if not self._is_whole:
            self.path.unlink(missing_ok=True)

    def take(self, data: bytes) -> None:
        """Write what came.

        Raises:
            InputError: the file is too large.
            StorageError: it cannot be written, or would leave too little room on the disk.
        """
        self.size_bytes += len(data)
        if self.size_bytes > self._limit_bytes:
            raise too_large(self.name, self._limit_bytes)
        rest = memoryview(data)
        try:
            if shutil.disk_usage(self.path.parent).free < self._least_free_bytes + len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            raise storage_error(self.path, error) from error

    def end(self) -> None:
        """All of it has come.

        Raises:
            InputError: nothing has come.
        """
        if self.size_bytes == 0:
            raise InputError(f"{self.name} is empty", advice="Take another copy of the file.")
        self._is_whole = True


class DropFolder:
    """Where dropped recordings lie; the folder is made with the first one, and removed with the program.

    Args:
        least_free_bytes: room on the disk that is left for a session that runs.
    """

    def __init__(self, least_free_bytes: int = LEAST_FREE_BYTES) -> None:
        self._least_free_bytes = least_free_bytes
        self._folder: Path | None = None
        self._files: dict[str, DroppedFile] = {}
        self._making = threading.Lock()

    def begin(self, home: Path, name: str, limit_bytes: int) -> Receiving:
        """A file of its own for what comes.

        Args:
            home: the program's folder, in which the folder of dropped ones lies.

        Raises:
            StorageError: it cannot be made.
        """
        path = self._own_folder(home) / f"{secrets.token_hex(8)}.mcap"
        return Receiving(path, shown_name(name), limit_bytes, self._least_free_bytes)

    def add(self, received: Receiving) -> DroppedFile:
        """Keep what has come whole."""
        received.end()
        token = secrets.token_urlsafe(16)
        dropped = DroppedFile(token, received.name, received.path)
        self._files[token] = dropped
        return dropped

    def too_many(self) -> tuple[DroppedFile, ...]:
        """Those that must give way."""
        return tuple(self._files.values())[: max(0, len(self._files) - MOST_FILES)]

    def find(self, token: str) -> DroppedFile:
        """A dropped recording.

        Raises:
            UsageError: it is not there, or was removed.
        """
        if token not in self._files:
            raise NotThereError(
                "this recording is not here any more", advice="Drop it onto the page once more."
            )
        return self._files[token]

    def remove(self, token: str) -> None:
        """Remove a recording; nothing happens where it is gone."""
        dropped = self._files.pop(token, None)
        if dropped is not None:
            dropped.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove all of them."""
        self._files.clear()
        folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _own_folder(self, home: Path) -> Path:
        # Of two that come in at once, in threads, the folder of one would be left behind.
        with self._making:
            if self._folder is not None and self._folder.is_dir():
                return self._folder
            remove_forgotten(home, _FOLDER)
            folder = home / f"{_FOLDER}{secrets.token_hex(4)}"
            try:
                folder.mkdir(mode=_OWNER_ONLY)
            except OSError as error:
                raise storage_error(folder, error) from error
            self._folder = folder
            return folder


def remove_forgotten(home: Path, prefix: str) -> None:
    """Remove the folders that an earlier run left behind because it was killed; their names begin alike."""
    for folder in home.glob(f"{prefix}*"):
        try:
            forgotten = time.time() - folder.stat().st_mtime > _FORGOTTEN_S
        except OSError:
            continue
        if forgotten and folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)


def shown_name(name: str) -> str:
    """A file's name as it may be shown: without folders, and without what does not show."""
    plain = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in plain if char.isprintable())[:_LONGEST_NAME].strip() or "recording"


def too_large(name: str, limit_bytes: int) -> InputError:
    """The error of a file above the limit."""
    return InputError(
        f"{name} is larger than {limit_bytes / _MEGABYTE:.0f} MB",
        advice="An hour of three sensors takes about 8 MB; a larger limit is upload_mb in settings.toml.",
    )
