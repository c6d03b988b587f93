"""Puts a backup in place: beside the folder first, then all at once."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update

from tracker.backup.manifest import DATABASE, Manifest
from tracker.backup.occupied import folder_holds_data, is_occupied
from tracker.backup.opening import open_home_database
from tracker.backup.packing import unpack
from tracker.backup.reading import read_backup
from tracker.backup.staging import (
    StageSink,
    delete_forgotten_stages,
    finish_stage,
    refuse_too_large,
    stage_beside,
)
from tracker.backup.swapping import swap
from tracker.backup.writing import write_backup
from tracker.errors import DatabaseError, InputError, UsageError
from tracker.home import PAGE_PASSPHRASE, Home
from tracker.recording.files import create_file, storage_error, sync_folder
from tracker.store.copies import check_file, holds_data, migrate_file, opened_file, put_rows
from tracker.store.schema import HEAD, REVISIONS
from tracker.store.tables import RecordingTable, SessionTable
from tracker.store.values import SessionState

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored.

    Attributes:
        folder: the home folder that now holds it.
        set_aside: where what was there before is now; None where nothing was.
        migrated_from: the older schema that the backup had.
    """

    folder: Path
    set_aside: Path | None
    migrated_from: str | None
    manifest: Manifest


def restore_backup(
    path: Path,
    home: Home,
    *,
    passphrase: str | None = None,
    replace: bool = False,
    progress: Progress = lambda _share: None,
    while_replaced: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext,
) -> Restored:
    """Make a home folder of a backup. Before the last step nothing of the old one is changed.

    The new folder is made whole beside the old one, checked, brought to this version's schema, and then takes
    its place. What was there is set aside, never deleted. A backup without recordings keeps those of the
    folder. With a database on a server its rows are replaced too; its old ones are written to a backup first.

    Args:
        replace: do so where the home holds data already.
        while_replaced: is entered for the moment in which the folder is replaced; what it raises leaves all
            as it was.

    Raises:
        InputError: no whole backup, a hostile one, a newer version's, another passphrase.
        UsageError: the home holds data; it is encrypted and there is no passphrase.
        StorageError: no room, no permission.
        DatabaseError: the server's database cannot be used; a session is being recorded there.
    """
    folder = home.folder.resolve()
    old = Home(folder, home.database_url)
    _refuse_occupied(old, replace=replace)
    delete_forgotten_stages(folder)
    stage = stage_beside(folder)
    placing = False
    try:
        with contextlib.closing(StageSink(stage)) as sink:
            manifest = read_backup(path, sink, passphrase=passphrase, progress=progress)
        migrated_from = _finish_database(stage, manifest)
        with while_replaced():
            # Reading takes minutes: somebody may have begun to record meanwhile.
            _refuse_occupied(old, replace=replace)
            _take_over(folder, stage, manifest)
            finish_stage(stage)
            placing = True
            set_aside = _put_in_place(stage, old)
    except BaseException:
        if not placing:
            shutil.rmtree(stage, ignore_errors=True)
        raise
    return Restored(home.folder, set_aside, migrated_from, manifest)


def _refuse_occupied(old: Home, *, replace: bool) -> None:
    if is_occupied(old) and not replace:
        raise UsageError(
            f"{old.folder} holds data already",
            advice="Restore elsewhere with --into FOLDER, or replace it: --replace sets aside what is there.",
            path=str(old.folder),
        )


def _finish_database(stage: Path, manifest: Manifest) -> str | None:
    """Unpack, check and migrate the database of the new folder; the older schema that it had."""
    if manifest.revision is not None and manifest.revision not in REVISIONS:
        raise InputError(
            "this backup was made by a newer version of this program",
            advice="Install the newest version; nothing was changed.",
            revision=manifest.revision,
        )
    path, packed = stage / "tracker.db", stage / DATABASE
    refuse_too_large(stage, "the database", manifest.database_size)
    try:
        with packed.open("rb") as file, os.fdopen(create_file(path), "wb") as out:
            unpack(file, out, manifest.database_size)
        packed.unlink()
    except OSError as error:
        raise storage_error(path, error) from error
    try:
        found = check_file(path)
    except DatabaseError as error:
        raise InputError(
            "the database in this backup is damaged", advice="Nothing was changed. Take another backup."
        ) from error
    if (found.revision, dict(found.counts)) != (manifest.revision, manifest.counts):
        raise InputError(
            "the database in this backup is not the one of its list", advice="Take another backup."
        )
    migrate_file(path)
    _settle(path, manifest)
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    sync_folder(path)
    return None if found.revision in (HEAD, None) else found.revision


def _settle(path: Path, manifest: Manifest) -> None:
    """What was true where the backup was made, and is not here."""
    with opened_file(path) as database, database.write() as connection:
        # Nobody writes these sessions any more: the process that did so writes to another folder.
        connection.execute(
            update(SessionTable)
            .where(SessionTable.state == SessionState.RECORDING.value)
            .values(state=SessionState.INTERRUPTED.value, recorder=None)
        )
        for entry in manifest.entries:
            if entry.was is not None:
                connection.execute(
                    update(RecordingTable).where(RecordingTable.path == entry.was).values(path=entry.name)
                )


def _take_over(folder: Path, stage: Path, manifest: Manifest) -> None:
    """What the backup does not hold goes on in the new folder: automatic backups, recordings left out."""
    (stage / "recordings").mkdir(mode=0o700, exist_ok=True)
    names = ["backups"] if manifest.with_recordings else ["backups", "recordings"]
    for name in names:
        source, target = folder / name, stage / name
        if source.is_dir():
            with contextlib.suppress(FileNotFoundError):
                target.rmdir()
            try:
                if source.is_symlink():
                    target.symlink_to(source.readlink())
                else:
                    # Never changed, so that both folders may have the same file: it costs no room.
                    hidden = shutil.ignore_patterns(".*")
                    shutil.copytree(source, target, symlinks=True, ignore=hidden, copy_function=_link)
            except OSError as error:
                raise storage_error(target, error) from error
    _keep_passphrase(folder / PAGE_PASSPHRASE, stage / PAGE_PASSPHRASE)


def _keep_passphrase(source: Path, target: Path) -> None:
    """Who may open the page is this computer's matter, whatever data are on it."""
    try:
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(source, target)
    except OSError as error:
        raise storage_error(target, error) from error


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _put_in_place(stage: Path, old: Home) -> Path | None:
    """The last step; where what was there is now."""
    there, placed = old.folder.exists(), False
    try:
        with _server_rows_replaced(old, stage) if old.database_url else contextlib.nullcontext():
            if there:
                swap(stage, old.folder)
            else:
                stage.rename(old.folder)
            placed = True
    except BaseException as error:
        if placed and there:
            # The server did not take the rows.
            swap(stage, old.folder)
        elif placed:
            old.folder.rename(stage)
        shutil.rmtree(stage, ignore_errors=True)
        if isinstance(error, OSError):
            raise storage_error(old.folder, error) from error
        raise
    if not there:
        return None
    # From here on `stage` is what was there before.
    if not folder_holds_data(stage):
        shutil.rmtree(stage, ignore_errors=True)
        return None
    return _set_aside(stage, old.folder)


def _set_aside(stage: Path, folder: Path) -> Path:
    name = f"{folder.name}.before-restore-{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}"
    aside, number = folder.with_name(name), 1
    while aside.exists():
        number += 1
        aside = folder.with_name(f"{name}-{number}")
    try:
        stage.rename(aside)
    except OSError:
        # The new folder is in place: then the old one stays where it is.
        return stage
    return aside


@contextlib.contextmanager
def _server_rows_replaced(old: Home, stage: Path) -> Iterator[None]:
    """Rows of a database on a server, replaced when the block ends well.

    The folder is put in place within the block: a kill in the instant between the two leaves the new
    recordings with the old rows, and restoring once more mends it.
    """
    with open_home_database(old) as database:
        with database.read() as connection:
            holds = holds_data(connection)
        if holds:
            (stage / "backups").mkdir(mode=0o700, exist_ok=True)
            name = f"before-restore-{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}.tar"
            write_backup(old, database, stage / "backups" / name, with_recordings=False)
        with database.write() as connection:
            put_rows(stage / "tracker.db", connection)
            # The folder's own database would be taken for the real one if the address is forgotten once.
            (stage / "tracker.db").unlink()
            yield
