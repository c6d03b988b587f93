"""A file that has its name only once it is whole; what was left of those that never were."""

import contextlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from tracker.errors import StorageError
from tracker.recording.files import OWNER_ONLY, move_to_free_name, storage_error, sync_folder

WORK_PREFIX = ".tracker-backup-"
"""Of folders in which a backup is prepared."""

_FORGOTTEN_S = 86400.0
"""Nothing is in the making for a day: its process was killed."""


@contextlib.contextmanager
def published(out: Path, *, replace: bool) -> Iterator[Path]:
    """A new file beside `out`, its owner's alone, that becomes `out` when the block ends well.

    Args:
        replace: take the place of a file that is there.

    Raises:
        StorageError: `out` exists, or cannot be made.
    """
    refuse_existing(out, replace=replace)
    temporary = out.with_name(f".{out.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
        yield temporary
        try:
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            if replace:
                temporary.replace(out)
            else:
                move_to_free_name(temporary, out)
        except FileExistsError:
            refuse_existing(out, replace=False)
            raise
        sync_folder(out)
    except OSError as error:
        raise storage_error(out, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def refuse_existing(out: Path, *, replace: bool) -> None:
    """Refuse a name that is taken, before any work is done.

    Raises:
        StorageError: it is taken.
    """
    if out.is_dir():
        raise StorageError(f"{out} is a folder", advice="Give the name of a file.", path=str(out))
    if out.exists() and not out.is_file():
        # A device or a pipe: as its owner one could put a file in its place.
        raise StorageError(f"{out} is not an ordinary file", advice="Give another name.", path=str(out))
    if os.path.lexists(out) and not replace:
        raise StorageError(
            f"{out} exists already", advice="Choose another name, or replace it: --replace.", path=str(out)
        )


def delete_forgotten(folder: Path, out_name: str = "") -> None:
    """Delete what killed backups and exports left in a folder: it holds data in the clear, and takes room.

    Args:
        out_name: of the file that was to be written.
    """
    limit_s = time.time() - _FORGOTTEN_S
    part = re.compile(rf"\.{re.escape(out_name[:100])}.*\.[0-9a-f]{{8}}\.part", re.DOTALL)
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if (
                not (part.fullmatch(path.name) or path.name.startswith(WORK_PREFIX))
                or path.lstat().st_mtime > limit_s
            ):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
