"""Opens an archive of everything and believes nothing of it that was not looked at."""

import hashlib
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn

from tracker.errors import InputError, StorageError
from tracker.recording.files import open_input
from tracker.report.exchange.everything.manifest import MAX_BYTES, Manifest, NewerArchiveError
from tracker.report.exchange.everything.names import (
    MANIFEST,
    README,
    SCHEMA,
    file_of_entry,
    rows_entry,
    table_of_entry,
)
from tracker.report.exchange.formats import Progress
from tracker.store.schema import REVISIONS

_BLOCK_BYTES = 1 << 20
_MAX_LINE_BYTES = 64 << 20
"""A row holds at most a plan's text or a list of gaps: some kilobytes."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1

_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    RuntimeError,
)
"""What reading a zip file raises that is cut, altered or of another making."""


class CheckedArchive:
    """An archive whose every entry was read and is as its manifest says.

    Attributes:
        path: of the archive, for messages.
    """

    def __init__(
        self, path: Path, opened: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo], manifest: Manifest
    ) -> None:
        self.path = path
        self.manifest = manifest
        self._zip, self._infos = opened, infos

    @property
    def files(self) -> dict[str, Path]:
        """Where the files go, relative to a home, by their entries."""
        places = ((entry, file_of_entry(entry)) for entry in self.manifest.entries)
        return {entry: Path(place) for entry, place in places if place is not None}

    def blocks(self, entry: str) -> Iterator[bytes]:
        """The bytes of an entry, in pieces.

        Raises:
            InputError: they are others than the manifest says.
        """
        promised = self.manifest.entries[entry]
        digest, size = hashlib.sha256(), 0
        with _damage_told(self.path), self._zip.open(self._infos[entry]) as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
                size += len(block)
                if size > promised.size_bytes:
                    break
                yield block
        if (size, digest.hexdigest()) != (promised.size_bytes, promised.sha256):
            refuse(self.path, f"{entry} is not as its manifest says")

    def lines(self, table: str) -> Iterator[bytes]:
        """The lines of a table's rows.

        Raises:
            InputError: they are others than the manifest says, or too long.
        """
        rest = b""
        for block in self.blocks(rows_entry(table)):
            *lines, rest = (rest + block).split(b"\n")
            yield from lines
            if len(rest) > _MAX_LINE_BYTES:
                refuse(self.path, f"a row of {table} is too long")
        if rest:
            refuse(self.path, f"the last row of {table} is cut")


@contextmanager
def checked_archive(path: Path, home: Path, progress: Progress) -> Iterator[CheckedArchive]:
    """Open an archive and check all of it; nothing is written.

    Args:
        home: the folder that it is to go to: it must have room for it.

    Raises:
        InputError: not an archive, cut, altered, hostile, or made by a newer version.
        StorageError: there is no room for it.
    """
    file, _ = open_input(path)
    with file, _opened(path, file) as opened:
        infos = _checked_names(path, opened)
        manifest = _read_manifest(path, opened, infos)
        _check_entries(path, infos, manifest)
        _check_room(home, sum(one.size_bytes for one in manifest.entries.values()))
        archive = CheckedArchive(path, opened, infos, manifest)
        total = sum(one.size_bytes for one in manifest.entries.values()) or 1
        done = 0
        for entry in manifest.entries:
            for block in archive.blocks(entry):
                done += len(block)
                progress(done / total)
        yield archive


def refuse(path: Path, why: str) -> NoReturn:
    """Refuse the archive.

    Raises:
        InputError: always.
    """
    raise InputError(
        f"{path} cannot be imported: {why}",
        advice="Nothing was imported. Take another copy of the archive, or export it again.",
        path=str(path),
    )


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGES as error:
        raise InputError(
            f"{path} cannot be imported: it is no archive, damaged or cut",
            advice="Nothing was imported. Take another copy of the archive, or export it again.",
            path=str(path),
            cause=str(error),
        ) from error


def _opened(path: Path, file: BinaryIO) -> zipfile.ZipFile:
    with _damage_told(path):
        return zipfile.ZipFile(file)


def _checked_names(path: Path, opened: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos: dict[str, zipfile.ZipInfo] = {}
    for info in opened.infolist():
        # The name as it stands in the file: `filename` is cut at a zero byte, or another one beside it.
        name = info.orig_filename
        if name in infos:
            refuse(path, f"it has two entries {name!r}")
        if name not in (MANIFEST, README, SCHEMA) and not (table_of_entry(name) or file_of_entry(name)):
            refuse(path, f"the entry {name!r} belongs nowhere")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            refuse(path, f"the entry {name!r} is no ordinary file")
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
            refuse(path, f"the entry {name!r} is packed or encrypted in another way")
        infos[name] = info
    return infos


def _read_manifest(path: Path, opened: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo]) -> Manifest:
    if MANIFEST not in infos:
        refuse(path, "it has no manifest")
    if infos[MANIFEST].file_size > MAX_BYTES:
        refuse(path, "its manifest is too large")
    with _damage_told(path), opened.open(infos[MANIFEST]) as file:
        text = file.read(MAX_BYTES)
    try:
        manifest = Manifest.from_json(text)
    except NewerArchiveError as error:
        raise _newer(path, str(error)) from error
    except ValueError as error:
        refuse(path, f"its manifest cannot be used: {error}")
    if manifest.schema_revision not in REVISIONS:
        raise _newer(path, manifest.program_version)
    return manifest


def _newer(path: Path, version: str) -> InputError:
    return InputError(
        f"{path} was made by a newer version of this program ({version[:40]!r})",
        advice="Nothing was imported. Install the newest version and import it again.",
        path=str(path),
    )


def _check_entries(path: Path, infos: dict[str, zipfile.ZipInfo], manifest: Manifest) -> None:
    if infos.keys() - {MANIFEST} != manifest.entries.keys():
        refuse(path, "it has other entries than its manifest says")
    for name, entry in manifest.entries.items():
        if infos[name].file_size != entry.size_bytes:
            refuse(path, f"{name} is not as its manifest says")
    if {table_of_entry(name) for name in manifest.entries} - {None} != manifest.tables.keys():
        refuse(path, "it has other tables than its manifest says")
    outside = {name for name in manifest.entries if file_of_entry(name) and not name.startswith("home/")}
    if outside != manifest.elsewhere.keys():
        refuse(path, "it has other recordings from elsewhere than its manifest says")


def _check_room(home: Path, needed_bytes: int) -> None:
    folder = home
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free_bytes = shutil.disk_usage(folder).free
    if needed_bytes > free_bytes:
        raise StorageError(
            f"there is no room in {folder}: {needed_bytes / 1e9:.1f} GB are needed, "
            f"{free_bytes / 1e9:.1f} GB are free",
            advice="Nothing was imported. Free some space, or choose another folder with TRACKER_HOME.",
            path=str(folder),
            needed_bytes=needed_bytes,
            free_bytes=free_bytes,
        )
