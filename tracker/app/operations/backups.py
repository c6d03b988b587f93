"""Backups: those that were made by themselves, and one made now as a file to be kept elsewhere."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from tracker.app.engine.jobs import JobLine, Work
from tracker.app.operations.made_file import MadeFile
from tracker.app.operations.own_folder import OwnFolder
from tracker.backup.automatic import AutomaticBackup, automatic_backups
from tracker.backup.writing import write_backup
from tracker.errors import NotThereError, UsageError
from tracker.session.workplace import Workplace
from tracker.store.database import Database

LEAST_PASSPHRASE_CHARS = 8
"""Shorter ones are tried out in no time."""


@dataclass(frozen=True, slots=True)
class BackupAsked:
    """A backup to be made.

    Attributes:
        passphrase: encrypts it; None leaves it readable.
    """

    with_recordings: bool = True
    passphrase: str | None = None

    def __repr__(self) -> str:
        """Without the passphrase: it must stand in no log."""
        return f"BackupAsked(with_recordings={self.with_recordings}, encrypted={self.passphrase is not None})"


def backup_asked(*, with_recordings: bool, passphrase: str = "", again: str = "") -> BackupAsked:
    """What is asked for by a form.

    Args:
        passphrase: empty leaves it readable for whoever has the file.
        again: the same once more, since one that is mistyped locks everybody out.

    Raises:
        UsageError: the two differ, or it is too short.
    """
    if passphrase != again:
        raise UsageError("the two passphrases differ", advice="Type the same one twice; nothing was written.")
    if passphrase and len(passphrase) < LEAST_PASSPHRASE_CHARS:
        raise UsageError(
            f"the passphrase is shorter than {LEAST_PASSPHRASE_CHARS} letters",
            advice="Choose one of some words.",
        )
    return BackupAsked(with_recordings, passphrase or None)


def kept_backups(place: Workplace) -> tuple[AutomaticBackup, ...]:
    """The backups in the program's own folder, the newest first."""
    return automatic_backups(place.home)


def kept_backup(place: Workplace, name: str) -> AutomaticBackup:
    """One of them by the name of its file.

    Raises:
        InputError: there is none of that name.
    """
    for one in automatic_backups(place.home):
        if one.path.name == name:
            return one
    raise NotThereError("this backup is not there any more", advice="Choose another one of the list.")


def backup_work(place: Workplace, database: Database, asked: BackupAsked, *, simulated: bool = False) -> Work:
    """Makes the file and reads it back; its result is a `MadeFile`.

    Args:
        simulated: all that is in this home is.

    The work raises:
        StorageError, DatabaseError: it cannot be written or read.
    """

    def work(line: JobLine) -> MadeFile:
        folder = OwnFolder(place.home.folder)
        try:
            return replace(_made(place, database, asked, folder, line), simulated=simulated)
        except BaseException:
            folder.discard()
            raise

    return work


def _made(
    place: Workplace, database: Database, asked: BackupAsked, folder: OwnFolder, line: JobLine
) -> MadeFile:
    line.say("backing up")
    name = f"hip-rotation-backup-{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}.tar"
    written = write_backup(
        place.home,
        database,
        Path(folder.path, name),
        passphrase=asked.passphrase,
        with_recordings=asked.with_recordings,
        progress=line.progress,
    )
    return MadeFile(
        folder,
        written.path,
        name,
        written.size_bytes,
        left_out=tuple(f"{one.path}: {one.reason}" for one in written.left_out),
        encrypted=written.encrypted,
    )
