"""Opening, creating and publishing files, with errors that say the cause and what to do."""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from io import BufferedReader, FileIO
from pathlib import Path
from typing import BinaryIO

from tracker.errors import InputError, MissingFileError, StorageError

OWNER_ONLY = 0o600
_READ_BUFFER_BYTES = 1 << 16
_PIECE_BYTES = 1 << 20

_CAUSES: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("the disk is full", "Free some space on that disk, or record to another one."),
    errno.EDQUOT: ("your share of the disk is used up", "Delete files of yours there, or ask for more."),
    errno.EFBIG: ("no larger file is allowed here", "Lift the limit, or record to another disk."),
    errno.EIO: ("the disk reports an error", "Check the disk and its cable; use another disk until then."),
    errno.EROFS: ("the disk cannot be written to", "Choose a folder on another disk."),
    errno.EACCES: ("there is no permission", "Choose a folder of yours, or correct the permissions."),
    errno.EPERM: ("there is no permission", "Choose a folder of yours, or correct the permissions."),
    errno.ENOENT: ("the folder does not exist", "Create the folder first, or choose another one."),
    errno.ENOTDIR: ("a part of its path is not a folder", "Check the path."),
    errno.EEXIST: ("a file of this name exists", "Choose another name: a recording is never overwritten."),
    errno.EISDIR: ("it is a folder", "Give the name of a file."),
    errno.ENAMETOOLONG: ("its name is too long", "Choose a shorter name."),
}


def storage_error(path: Path, error: OSError) -> StorageError:
    """The error that tells a person why `path` could not be written."""
    cause, advice = _CAUSES.get(
        error.errno or 0, (error.strerror or str(error), "Check the disk, or choose another folder.")
    )
    return StorageError(
        f"{path} cannot be written: {cause}", advice=advice, path=str(path), errno=error.errno
    )


def create_file(path: Path) -> int:
    """Create a file that only its owner can read and return its descriptor.

    Raises:
        StorageError: it exists, or cannot be created.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        return os.open(path, flags, OWNER_ONLY)
    except OSError as error:
        raise storage_error(path, error) from error


def sync_data(descriptor: int) -> None:
    """Put what was written onto the disk; blocks until it is there."""
    # macOS and Windows have no fdatasync.
    getattr(os, "fdatasync", os.fsync)(descriptor)


def sync_folder(path: Path) -> None:
    """Put the name of a new file onto the disk, where the system offers that for folders."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def open_input(path: Path) -> tuple[BufferedReader, int]:
    """Open a file for reading and return it with its size in bytes.

    Raises:
        InputError: it is missing, not a regular file, or must not be read.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{path} is a folder", advice="Give the name of a file.", path=str(path))
        if not stat.S_ISREG(status.st_mode):
            # A pipe or a device would block for ever or never end.
            raise InputError(
                f"{path} is not an ordinary file", advice="Copy the data to a file first.", path=str(path)
            )
        return BufferedReader(FileIO(path), _READ_BUFFER_BYTES), status.st_size
    except FileNotFoundError as error:
        raise MissingFileError(f"{path} does not exist", advice="Check the name.", path=str(path)) from error
    except PermissionError as error:
        raise InputError(
            f"{path} must not be read", advice="Correct its permissions, or run as its owner.", path=str(path)
        ) from error
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}", advice="Check the path.", path=str(path)
        ) from error


def first_bytes(file: BinaryIO, path: Path, size: int) -> Iterator[bytes]:
    """The first bytes of a file in pieces: of one that grows meanwhile what was there.

    Raises:
        StorageError: it cannot be read, or has become shorter.
    """
    left = size
    while left:
        try:
            piece = file.read(min(left, _PIECE_BYTES))
        except OSError as error:
            raise unreadable(path, error.strerror or str(error)) from error
        if not piece:
            raise unreadable(path, "it became shorter meanwhile")
        left -= len(piece)
        yield piece


def unreadable(path: Path, why: str) -> StorageError:
    """The error that tells a person that a file cannot be copied into another one."""
    return StorageError(
        f"{path} cannot be read: {why}",
        advice="Nothing was written. Check its permissions and the disk, or move it out of the folder.",
        path=str(path),
    )


@contextlib.contextmanager
def publishing(out: Path) -> Iterator[Path]:
    """A temporary name beside `out` that becomes `out` when the block ends well, and vanishes otherwise.

    Raises:
        StorageError: `out` exists, or cannot be created.
    """
    if os.path.lexists(out):
        raise storage_error(out, FileExistsError(errno.EEXIST, "exists"))
    temporary = out.with_name(f".{out.name[:200]}.{secrets.token_hex(4)}.part")
    try:
        yield temporary
        try:
            move_to_free_name(temporary, out)
        except OSError as error:
            raise storage_error(out, error) from error
        sync_folder(out)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def move_to_free_name(source: Path, target: Path) -> None:
    """Give a file another name on its disk, unless something has that name.

    Raises:
        FileExistsError: it has.
        OSError: the system refuses.
    """
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        # FAT has no hard links; the name was free a moment ago.
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "exists") from None
        source.rename(target)
