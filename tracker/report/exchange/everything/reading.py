"""Reads an archive of everything into an empty home: all of it, or nothing."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, func, select, update

from tracker.backup.opening import open_home_database
from tracker.errors import UsageError
from tracker.home import HOME_VARIABLE, Home
from tracker.recording.files import create_file, storage_error, sync_data, sync_folder
from tracker.report.exchange.everything.checking import CheckedArchive, checked_archive
from tracker.report.exchange.everything.filling import fill_tables
from tracker.report.exchange.everything.manifest import Entry
from tracker.report.exchange.everything.rows import stored_tables
from tracker.report.exchange.formats import LeftOut, Progress
from tracker.store.dialects import lock_schema
from tracker.store.tables import PersonTable, RecordingTable, SessionTable
from tracker.store.values import SessionState

_STAGING = ".importing-"
_OWNER_FOLDER = 0o700
_CHECKING_SHARE = 0.5
"""Of the time: everything is read twice, once before anything is written."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came in.

    Attributes:
        rows: of the database.
        files: recordings and settings, relative to the home.
        interrupted: sessions that were being recorded when the archive was made.
        moved: recordings that lay outside the home: where they were, and where they are now.
        left_out: what was not in the archive, and why.
    """

    rows: int
    files: tuple[Path, ...]
    interrupted: tuple[int, ...]
    moved: tuple[tuple[str, Path], ...]
    left_out: tuple[LeftOut, ...]


def import_everything(path: Path, home: Home, progress: Progress) -> ImportReport:
    """Fill an empty home with all that an archive has, of this version's schema or an older one.

    Rows and files come in by one transaction. A process that is killed leaves no rows; files that it had
    placed already are taken as they are by the next import of the same archive.

    Raises:
        InputError: the archive cannot be used; nothing was written.
        UsageError: the home has data already.
        StorageError, DatabaseError: it cannot be written; the home is as empty as before.
    """
    with checked_archive(path, home.folder, lambda share: progress(share * _CHECKING_SHARE)) as archive:
        home.create()
        with (
            open_home_database(home) as database,
            _removed_on_failure() as placed,
            database.migrate() as connection,
        ):
            # From here on nobody else writes, and no second import runs.
            lock_schema(connection)
            _refuse_data(connection, home, archive)
            connection.execute(delete(PersonTable))
            rows = fill_tables(connection, archive)
            moved = _move_recordings(connection, archive)
            interrupted = _interrupt(connection)
            with _staging(home) as folder:
                _unpack(archive, folder, lambda share: progress(_CHECKING_SHARE + share / 2))
                _place(archive, folder, home, placed)
    return ImportReport(
        rows,
        tuple(sorted(archive.files.values())),
        interrupted,
        moved,
        archive.manifest.left_out,
    )


def _refuse_data(connection: Connection, home: Home, archive: CheckedArchive) -> None:
    """Refuse where there is more than commands make that were only tried."""
    for table in stored_tables(connection):
        count = connection.execute(select(func.count()).select_from(table)).scalar_one()
        # Every command makes the default person.
        if count > (1 if table.name == PersonTable.__tablename__ else 0):
            raise _not_empty(home, f"its database has rows of {table.name}")
    expected = {
        home.folder / place: archive.manifest.entries[entry] for entry, place in archive.files.items()
    }
    present = [*home.folder.glob("*.toml"), *(one for one in home.recordings.rglob("*") if not one.is_dir())]
    for file in sorted(present):
        # A file of an import that was killed.
        same = file in expected and not file.is_symlink() and _same(file, expected[file])
        if not same:
            raise _not_empty(home, f"there is {file.relative_to(home.folder)}")


def _same(file: Path, entry: Entry) -> bool:
    if file.stat().st_size != entry.size_bytes:
        return False
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == entry.sha256


def _not_empty(home: Home, why: str) -> UsageError:
    return UsageError(
        f"{home.folder} is not empty: {why}",
        advice=f"Nothing was imported. Choose an empty folder with {HOME_VARIABLE}.",
        path=str(home.folder),
    )


def _move_recordings(connection: Connection, archive: CheckedArchive) -> tuple[tuple[str, Path], ...]:
    """Let the database find the recordings that lay outside."""
    moved = []
    for entry, place in archive.files.items():
        if (outside := archive.manifest.elsewhere.get(entry)) is not None:
            own = update(RecordingTable).where(RecordingTable.id == outside.recording_id)
            connection.execute(own.values(path=place.as_posix()))
            moved.append((outside.path, place))
    return tuple(moved)


def _interrupt(connection: Connection) -> tuple[int, ...]:
    """Nobody writes here what was being recorded where the archive was made; those sessions."""
    going_on = update(SessionTable).where(SessionTable.state == SessionState.RECORDING.value)
    values = going_on.values(state=SessionState.INTERRUPTED.value, recorder=None)
    return tuple(sorted(connection.execute(values.returning(SessionTable.id)).scalars()))


@contextmanager
def _staging(home: Home) -> Iterator[Path]:
    """A folder on the same disk; those that killed imports left go away with it."""
    for left in home.folder.glob(f"{_STAGING}*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = home.folder / f"{_STAGING}{secrets.token_hex(4)}"
    try:
        folder.mkdir(mode=_OWNER_FOLDER)
        yield folder
    except OSError as error:
        raise storage_error(folder, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(archive: CheckedArchive, folder: Path, progress: Progress) -> None:
    total = sum(archive.manifest.entries[entry].size_bytes for entry in archive.files) or 1
    done = 0
    for entry, place in archive.files.items():
        file = folder / place
        file.parent.mkdir(mode=_OWNER_FOLDER, parents=True, exist_ok=True)
        descriptor = create_file(file)
        with os.fdopen(descriptor, "wb") as opened:
            for block in archive.blocks(entry):
                opened.write(block)
                done += len(block)
                progress(done / total)
            opened.flush()
            sync_data(descriptor)


def _place(archive: CheckedArchive, folder: Path, home: Home, placed: list[Path]) -> None:
    for place in archive.files.values():
        target = home.folder / place
        target.parent.mkdir(mode=_OWNER_FOLDER, parents=True, exist_ok=True)
        # Where a killed import placed it, it is the same.
        (folder / place).replace(target)
        placed.append(target)
        sync_folder(target)


@contextmanager
def _removed_on_failure() -> Iterator[list[Path]]:
    """Files to take away again where the block fails: entered before the transaction, left after it."""
    placed: list[Path] = []
    try:
        yield placed
    except BaseException:
        for file in placed:
            file.unlink(missing_ok=True)
        raise
