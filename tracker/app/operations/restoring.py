"""A backup becomes the program's data again, while pages are open."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tracker.app.engine.jobs import JobLine, Work
from tracker.app.recordings.dropped import DropFolder
from tracker.backup.manifest import Manifest
from tracker.backup.reading import Sink, is_encrypted, read_backup
from tracker.backup.restoring import restore_backup
from tracker.errors import ConflictError, TrackerError, UsageError
from tracker.session.workplace import Workplace, workplace
from tracker.store.database import Database


@dataclass(frozen=True, slots=True)
class BackupInside:
    """What a backup holds, once all of it was read.

    Attributes:
        name: of its file.
        sessions, persons, recordings: how many of each.
    """

    path: Path
    name: str
    manifest: Manifest
    passphrase: str | None = field(default=None, repr=False)

    @property
    def sessions(self) -> int:
        """How many are in it."""
        return self.manifest.counts.get("session", 0)

    @property
    def persons(self) -> int:
        """How many are in it."""
        return self.manifest.counts.get("person", 0)

    @property
    def recordings(self) -> int:
        """How many are in it."""
        return len(self.manifest.recordings)


@dataclass(frozen=True, slots=True)
class RestoredNow:
    """What was done.

    Attributes:
        set_aside: where what was there before is now; None where nothing was.
        settings_differ: the settings or exercises are others, and hold once the program is started again.
    """

    manifest: Manifest
    folder: Path
    set_aside: Path | None
    migrated: bool
    settings_differ: bool


def look_work(path: Path, name: str, passphrase: str) -> Work:
    """Reads a backup through; its result is `BackupInside`.

    The work raises:
        InputError: no whole backup, a hostile one, a newer version's, another passphrase.
        UsageError: it is encrypted, and there is no passphrase.
    """

    def work(line: JobLine) -> BackupInside:
        line.say("reading the backup")
        encrypted = is_encrypted(path)
        if encrypted and not passphrase:
            raise UsageError("this backup is encrypted", advice="Type its passphrase, and look once more.")
        key = passphrase if encrypted else None
        manifest = read_backup(path, Sink(), passphrase=key, progress=line.progress)
        return BackupInside(path, name, manifest, key)

    return work


def restore_work(
    place: Workplace,
    database: Database,
    inside: BackupInside,
    is_busy: Callable[[], bool],
    before_it: Callable[[], None] = lambda: None,
    *,
    simulated: bool = False,
) -> Work:
    """Puts a backup in place of what is there, which is set aside; its result is `RestoredNow`.

    The database stays open for all pages: they wait for the moment in which it is replaced.

    Args:
        is_busy: whether a session runs.
        before_it: is called right before the folder is replaced, to let go of files in it.
        simulated: the home is the one for simulated sessions, whose settings are the outer home's.

    The work raises:
        UsageError: a session runs.
        InputError: the backup cannot be used.
        StorageError: no room, no permission.
        DatabaseError: the database does not come to rest, or another process records to it.
    """

    @contextmanager
    def replaced() -> Iterator[None]:
        with database.kept_closed():
            # Who begins a session from here on waits for the database first.
            refuse_while_busy(is_busy())
            before_it()
            yield

    def work(line: JobLine) -> RestoredNow:
        refuse_while_busy(is_busy())
        line.say("restoring")
        done = restore_backup(
            inside.path,
            place.home,
            passphrase=inside.passphrase,
            replace=True,
            progress=line.progress,
            while_replaced=replaced,
        )
        return RestoredNow(
            manifest=done.manifest,
            folder=done.folder,
            set_aside=done.set_aside,
            migrated=done.migrated_from is not None,
            settings_differ=not simulated and _settings_differ(place),
        )

    return work


def let_go_of_files(home: Path, *folders: DropFolder) -> None:
    """What pages keep in the folder for a moment must not lie in what is set aside."""
    for one in folders:
        one.close()
    for own in home.glob(".page.*"):
        shutil.rmtree(own, ignore_errors=True)


def refuse_while_busy(busy: bool) -> None:
    """Refuse what must not happen while a session runs.

    Raises:
        UsageError: it does.
    """
    if busy:
        raise ConflictError("a session runs", advice="Stop and save it first, on the page Session.")


def _settings_differ(place: Workplace) -> bool:
    try:
        now = workplace(place.home)
    except TrackerError:
        return True
    return now.settings != place.settings or now.catalogue != place.catalogue
