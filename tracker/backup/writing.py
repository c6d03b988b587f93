"""Writes a backup, and reads it back before it counts as one."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from tracker import __version__
from tracker.backup.contents import Source, Unfit, is_closed, recordings_elsewhere, recordings_of, settings_of
from tracker.backup.manifest import (
    ABOUT,
    DATABASE,
    KEY,
    MANIFEST,
    PAYLOAD,
    About,
    Entry,
    Manifest,
    about_bytes,
    manifest_bytes,
)
from tracker.backup.packing import pack
from tracker.backup.publishing import WORK_PREFIX, delete_forgotten, published
from tracker.backup.reading import Sink, read_backup
from tracker.backup.sealing import Seal
from tracker.backup.tar_stream import BLOCK_BYTES, END, member_head, padding
from tracker.errors import UsageError
from tracker.home import Home
from tracker.recording.files import first_bytes, storage_error, unreadable
from tracker.store.copies import DatabaseCopy, copy_to_file, opened_file
from tracker.store.database import Database

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that was written and read back.

    Attributes:
        left_out: files that could not go into it.
    """

    path: Path
    size_bytes: int
    encrypted: bool
    manifest: Manifest
    left_out: tuple[Unfit, ...] = ()


def write_backup(
    home: Home,
    database: Database,
    out: Path,
    *,
    passphrase: str | None = None,
    with_recordings: bool = True,
    replace: bool = False,
    progress: Progress = lambda _share: None,
) -> Written:
    """Write all that the home folder and its database hold to one file, while others may write there.

    The database comes first and is as at one moment; each recording of a session in it follows, with the
    bytes that are there when its turn comes. The file gets its name once it was read back and all is in it.

    Raises:
        StorageError: `out` exists, or cannot be written; a recording cannot be read.
        DatabaseError: the database cannot be read, or is damaged.
        UsageError: `out` lies among the recordings.
    """
    out = out.absolute()
    if out.is_relative_to(home.recordings.resolve()) or out.is_relative_to(home.recordings):
        raise UsageError(
            "a backup among the recordings would go into the next one",
            advice="Choose another folder, on another disk if you can.",
        )
    # What is encrypted there must not stand beside it in the clear, not even for a moment.
    near = out.parent if passphrase is None else home.folder
    delete_forgotten(out.parent, out.name)
    delete_forgotten(near, out.name)
    with ExitStack() as stack:
        temporary = stack.enter_context(published(out, replace=replace))
        try:
            work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=near)))
        except OSError as error:
            raise storage_error(near, error) from error
        copy = copy_to_file(database, work / "tracker.db")
        stream = _Stream(home, copy, work, with_recordings=with_recordings, progress=progress)
        with temporary.open("wb") as file:
            if passphrase is None:
                for piece in stream.pieces():
                    file.write(piece)
            else:
                _write_sealed(stream.pieces(), file, Seal(passphrase))
        manifest = read_backup(temporary, Sink(), passphrase=passphrase, progress=stream.second_half)
        size_bytes = temporary.stat().st_size
    return Written(out, size_bytes, passphrase is not None, manifest, stream.left_out)


def _write_sealed(pieces: Iterator[bytes], file: BinaryIO, seal: Seal) -> None:
    about = about_bytes(About(encrypted=True))
    for name, data in ((ABOUT, about), (KEY, seal.locked_key)):
        file.write(member_head(name, len(data)) + data + padding(len(data)))
    head_at = file.tell()
    # How long it gets is known only then.
    file.write(bytes(BLOCK_BYTES))
    seal.encrypt(pieces, file)
    end = file.tell()
    size = end - head_at - BLOCK_BYTES
    file.write(padding(size) + END)
    file.seek(head_at)
    file.write(member_head(PAYLOAD, size))


class _Stream:
    """The bytes of a backup in the clear, one piece after the other."""

    def __init__(
        self, home: Home, copy: DatabaseCopy, work: Path, *, with_recordings: bool, progress: Progress
    ) -> None:
        self._copy, self._progress = copy, progress
        self._with_recordings = with_recordings
        found = [*settings_of(home)]
        if with_recordings:
            found += [*recordings_of(home), *_elsewhere(copy)]
        self._sources = [one for one in found if isinstance(one, Source)]
        self.left_out = tuple(one for one in found if isinstance(one, Unfit))
        self._packed = work / DATABASE
        self._database_size, self._database_sha256 = pack(copy.path, self._packed)
        copy.path.unlink()
        self._all = sum(one.path.stat().st_size for one in self._sources if one.path.exists()) + 1
        self._passed = 0
        self._entries: list[Entry] = []

    def pieces(self) -> Iterator[bytes]:
        """All of it."""
        yield from self._bytes_member(ABOUT, about_bytes(About()), listed=True)
        yield from self._file_member(Source(DATABASE, self._packed))
        for source in self._sources:
            yield from self._file_member(source)
        yield from self._bytes_member(MANIFEST, manifest_bytes(self._manifest()), listed=False)
        yield END

    def second_half(self, share: float) -> None:
        """Tell the progress of reading back."""
        self._progress(0.5 + 0.5 * share)

    def _bytes_member(self, name: str, data: bytes, *, listed: bool) -> Iterator[bytes]:
        if listed:
            self._entries.append(Entry(name, len(data), hashlib.sha256(data).hexdigest()))
        yield member_head(name, len(data)) + data + padding(len(data))

    def _file_member(self, source: Source) -> Iterator[bytes]:
        try:
            file = source.path.open("rb")
        except FileNotFoundError:
            # Moved away since it was listed: then nobody asks for it.
            return
        except OSError as error:
            raise unreadable(source.path, error.strerror or str(error)) from error
        with file:
            closed = is_closed(source.path)
            # A recording grows while it is copied: what is there now is taken.
            size = os.fstat(file.fileno()).st_size
            yield member_head(source.name, size)
            digest = hashlib.sha256()
            for piece in first_bytes(file, source.path, size):
                digest.update(piece)
                self._passed += len(piece)
                self._progress(min(0.5 * self._passed / self._all, 0.5))
                yield piece
            yield padding(size)
        self._entries.append(Entry(source.name, size, digest.hexdigest(), closed, source.was))

    def _manifest(self) -> Manifest:
        return Manifest(
            program=__version__,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            with_recordings=self._with_recordings,
            revision=self._copy.revision,
            counts=dict(self._copy.counts),
            database_size=self._database_size,
            database_sha256=self._database_sha256,
            entries=tuple(self._entries),
        )


def _elsewhere(copy: DatabaseCopy) -> list[Source | Unfit]:
    if not copy.counts.get("recording"):
        return []
    with opened_file(copy.path) as database, database.read() as connection:
        return list(recordings_elsewhere(connection))
