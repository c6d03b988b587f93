"""Reads a backup through, and takes nothing of it for granted."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tracker.backup.manifest import (
    ABOUT,
    DATABASE,
    KEY,
    MANIFEST,
    PAYLOAD,
    RECORDINGS,
    Entry,
    Manifest,
    read_about,
    read_manifest,
)
from tracker.backup.packing import Unpacker
from tracker.backup.sealing import decrypted, unlocked
from tracker.backup.tar_stream import Member, members, refuse
from tracker.errors import UsageError
from tracker.recording.files import open_input

_MAX_KEY_BYTES = 1 << 16
_PACKED_AT_MOST = 1000
"""How much smaller a database can get by packing; what claims more wants to keep the computer busy."""
_SMALL_BYTES = 1 << 24

Progress = Callable[[float], None]


class Sink:
    """Where members go to; this one looks at them and keeps nothing."""

    def begin(self, name: str, size: int) -> None:
        """A member of so many bytes follows; what is raised here ends the reading."""

    def write(self, piece: bytes) -> None:
        """The next bytes of it."""

    def end(self) -> None:
        """It is complete."""


def read_backup(
    path: Path, sink: Sink, *, passphrase: str | None, progress: Progress = lambda _share: None
) -> Manifest:
    """Read a whole backup into a sink; when this returns, every byte was as it was written.

    Raises:
        InputError: no backup, cut, damaged, hostile, of a newer version, another passphrase.
        UsageError: it is encrypted, and there is no passphrase.
    """
    file, size = open_input(path)
    with file, _clear_members(file, passphrase) as (clear, finish):
        found: list[tuple[Entry, tuple[int, str] | None]] = []
        names: set[str] = set()
        for member in clear:
            if member.name == MANIFEST:
                manifest = read_manifest(member)
                break
            if member.size > size:
                refuse("it is cut")
            if member.name in names:
                refuse(f"{member.name!r} is in it twice")
            names.add(member.name)
            found.append(_passed(member, sink))
            progress(min(file.tell() / size, 1.0))
        else:
            refuse("its list of contents is missing")
        if next(clear, None) is not None:
            refuse("something follows its list of contents")
        finish()
    _compare(manifest, found)
    return manifest


def is_encrypted(path: Path) -> bool:
    """Whether a passphrase is needed.

    Raises:
        InputError: no backup, or of a newer version.
    """
    file, _ = open_input(path)
    with file:
        return read_about(next(members(file.read), _NOTHING)).encrypted


_NOTHING = Member("", 0, lambda _length: b"")


@contextmanager
def _clear_members(
    file: BinaryIO, passphrase: str | None
) -> Iterator[tuple[Iterator[Member], Callable[[], None]]]:
    """The members in the clear, and what looks at the rest of the file afterwards."""
    outer = members(file.read)
    first = next(outer, _NOTHING)
    if not read_about(first).encrypted:
        file.seek(0)
        yield members(file.read), lambda: None
        return
    if passphrase is None:
        raise UsageError(
            "this backup is encrypted", advice="Give a file with the passphrase: --passphrase-file FILE."
        )
    key = next(outer, _NOTHING)
    if key.name != KEY or key.size > _MAX_KEY_BYTES:
        refuse("its key is missing")
    opened = unlocked(key.read(), passphrase)
    payload = next(outer, _NOTHING)
    if payload.name != PAYLOAD:
        refuse("its contents are missing")

    def finish() -> None:
        if next(outer, None) is not None:
            refuse("something follows its contents")

    with decrypted(payload, opened) as read:
        yield members(read), finish


def _passed(member: Member, sink: Sink) -> tuple[Entry, tuple[int, str] | None]:
    """Hand a member on; what it was, and for the database also what was packed in it."""
    if not (member.name in (ABOUT, DATABASE) or _is_content(member.name)):
        refuse(f"{member.name!r} in it is nothing that belongs there")
    sink.begin(member.name, member.size)
    unpacker = Unpacker(_PACKED_AT_MOST * member.size + _SMALL_BYTES) if member.name == DATABASE else None
    digest = hashlib.sha256()
    for piece in member.pieces():
        digest.update(piece)
        sink.write(piece)
        if unpacker is not None:
            unpacker.feed(piece)
    sink.end()
    unpacked = None if unpacker is None else (unpacker.size, unpacker.sha256)
    return Entry(member.name, member.size, digest.hexdigest()), unpacked


def _is_content(name: str) -> bool:
    is_settings = "/" not in name and name.endswith(".toml")
    return is_settings or (name.startswith(RECORDINGS) and name != RECORDINGS)


def _compare(manifest: Manifest, found: list[tuple[Entry, tuple[int, str] | None]]) -> None:
    there = [(entry.name, entry.size, entry.sha256) for entry, _ in found]
    said = [(entry.name, entry.size, entry.sha256) for entry in manifest.entries]
    if missing := {name for name, _, _ in said} - {name for name, _, _ in there}:
        refuse(f"{min(missing)} is missing")
    if there != said or not {ABOUT, DATABASE} <= {name for name, _, _ in there}:
        refuse("its contents are not those of its list")
    database = next(unpacked for entry, unpacked in found if entry.name == DATABASE)
    if database != (manifest.database_size, manifest.database_sha256):
        refuse("its database is damaged")
