"""A file that work has made, to be fetched by a browser."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tracker.app.operations.own_folder import OwnFolder
from tracker.recording.files import storage_error

_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One file; it goes with its folder when it is discarded.

    Attributes:
        name: that the browser keeps it under.
        left_out: what is not in it, and why, in English.
        notes: what to know of it, in English.
        encrypted: only whoever has the passphrase can read it.
        simulated: no person and no sensor was measured.
    """

    folder: OwnFolder
    path: Path
    name: str
    size_bytes: int
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    encrypted: bool = False
    simulated: bool = False

    def discard(self) -> None:
        """Remove it."""
        self.folder.discard()


def zipped(folder: Path, out: Path, progress: Callable[[float], None]) -> None:
    """One file of a folder, with the folder's name before each of its files.

    Raises:
        StorageError: it cannot be written.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    whole = sum(path.stat().st_size for path in files) or 1
    done = 0
    try:
        with zipfile.ZipFile(out, "x", zipfile.ZIP_DEFLATED) as archive:
            for path in files:
                name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
                with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as member:
                    while piece := source.read(_PIECE_BYTES):
                        member.write(piece)
                        done += len(piece)
                        progress(min(done / whole, 1.0))
        out.chmod(0o600)
    except OSError as error:
        raise storage_error(out, error) from error
