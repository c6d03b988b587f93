"""An export appears whole at its name, or not at all."""

import contextlib
import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from tracker.backup.publishing import delete_forgotten
from tracker.backup.swapping import swap
from tracker.errors import StorageError
from tracker.recording.files import move_to_free_name, storage_error, sync_folder

MARKER = ".tracker-export"
"""Lists the files of an exported folder, so that replacing it takes nothing else with it."""

_OWNER_FILE = 0o600
_OWNER_FOLDER = 0o700


@contextlib.contextmanager
def staged(out: Path, *, replace: bool = False, home: Path | None = None) -> Iterator[Path]:
    """A free name to export to; what stands there becomes `out` when the block ends well, else it vanishes.

    The name lies in a folder beside `out` that only its owner can look into.

    Args:
        out: must not exist, unless `replace`.
        replace: put it in the place of an earlier export.
        home: the program's folder: nothing in it is ever replaced.

    Raises:
        StorageError: `out` exists, is no earlier export, or cannot be written.
    """
    out = Path(os.path.abspath(out))  # noqa: PTH100 - a link at its end must stay visible
    _check_target(out, replace=replace, home=home)
    delete_forgotten(out.parent, out.name)
    folder = out.with_name(f".{out.name[:200]}.{secrets.token_hex(4)}.part")
    try:
        try:
            folder.mkdir(mode=_OWNER_FOLDER)
            made = folder / out.name
            yield made
            _close_to_others(made)
            _check_target(out, replace=replace, home=home)
            _place(made, out, replace=replace)
        except OSError as error:
            raise storage_error(out, error) from error
        sync_folder(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_target(out: Path, *, replace: bool, home: Path | None) -> None:
    if not os.path.lexists(out):
        return
    if not replace:
        raise StorageError(
            f"{out} exists", advice="Choose another name, or replace it with --replace.", path=str(out)
        )
    if home is not None and out.resolve().is_relative_to(home.resolve()):
        raise _not_replaced(out, "it lies in the program's own folder")
    if out.is_symlink():
        raise _not_replaced(out, "it is a link")
    if out.is_dir():
        try:
            known = set(json.loads((out / MARKER).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            raise _not_replaced(out, "it is a folder that no export made") from None
        others = sorted(one.as_posix() for one in _files_of(out) if one.as_posix() not in known)
        if others:
            raise _not_replaced(out, f"no export made {others[0]} in it")


def _not_replaced(out: Path, why: str) -> StorageError:
    return StorageError(
        f"{out} is not replaced: {why}", advice="Nothing was changed. Choose another name.", path=str(out)
    )


def _files_of(folder: Path) -> list[Path]:
    """All that is not a folder, below `folder` and relative to it, but for the marker."""
    found = (Path(where, name) for where, _, names in os.walk(folder) for name in names)
    return sorted(one for path in found if (one := path.relative_to(folder)) != Path(MARKER))


def _close_to_others(made: Path) -> None:
    """Nobody but the owner reads what was made; all of it goes to the disk."""
    files = [made]
    if made.is_dir():
        names = _files_of(made)
        marker = json.dumps([one.as_posix() for one in names], indent=0)
        (made / MARKER).write_text(marker, encoding="utf-8")
        for where, _, _ in os.walk(made):
            Path(where).chmod(_OWNER_FOLDER)
        files = [made / one for one in (*names, Path(MARKER))]
    for file in files:
        file.chmod(_OWNER_FILE)
        with file.open("rb+") as opened:
            os.fsync(opened.fileno())


def _place(made: Path, out: Path, *, replace: bool) -> None:
    if replace and made.is_dir() and out.exists():
        # The earlier export goes away with the folder in which this one was made.
        swap(made, out)
    elif made.is_dir():
        try:
            # A folder takes the place of none but an empty one.
            made.rename(out)
        except OSError as error:
            if error.errno == errno.ENOTEMPTY:
                raise FileExistsError(errno.EEXIST, "exists") from error
            raise
    elif replace:
        made.replace(out)
    else:
        move_to_free_name(made, out)
