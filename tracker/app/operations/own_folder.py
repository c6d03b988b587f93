"""A folder for the files of one piece of work, that only its owner can look into."""

import os
import secrets
import shutil
from pathlib import Path

from tracker.app.recordings.dropped import DropFolder, remove_forgotten, shown_name
from tracker.recording.files import storage_error

_PREFIX = ".page."
_OWNER_ONLY = 0o700


class OwnFolder:
    """Made in the program's folder, and removed with all in it.

    Args:
        home: the program's folder: what is large fits on its disk, or nowhere.

    Raises:
        StorageError: it cannot be made.
    """

    def __init__(self, home: Path) -> None:
        remove_forgotten(home, _PREFIX)
        self.path = home / f"{_PREFIX}{secrets.token_hex(6)}"
        try:
            self.path.mkdir(mode=_OWNER_ONLY, parents=True)
        except OSError as error:
            raise storage_error(self.path, error) from error

    def take(self, uploads: DropFolder, token: str, name: str | None = None) -> Path:
        """Have a file here that was handed in; it can be taken again, should this work fail.

        Args:
            name: that it gets; its own where None.

        Raises:
            UsageError: it is not there any more.
            StorageError: it cannot be had.
        """
        file = uploads.find(token)
        target = self.path / (name or shown_name(file.name).lstrip(".") or "file")
        try:
            os.link(file.path, target)
        except OSError:
            # Not every disk can give a file two names.
            _copy(file.path, target)
        return target

    def discard(self) -> None:
        """Remove it; again changes nothing."""
        shutil.rmtree(self.path, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copy2(source, target)
    except OSError as error:
        raise storage_error(target, error) from error
