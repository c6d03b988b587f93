"""Makes the weekly backup when it is due."""

from datetime import UTC, datetime

from tracker.backup.automatic import WEEKLY, automatic_name, is_due, thin_out_weekly
from tracker.backup.opening import open_home_database
from tracker.backup.parameters import BackupParameters
from tracker.backup.writing import Written, write_backup
from tracker.errors import StorageError
from tracker.home import Home
from tracker.store.copies import holds_data


def back_up_when_due(home: Home, parameters: BackupParameters, now: datetime | None = None) -> Written | None:
    """Copy database and settings into the folder of backups, if the newest copy there is too old.

    Recordings are left out: they never change, and ten years of them are gigabytes.

    Args:
        now: the instant to judge by; the clock's where None.

    Returns:
        What was written; None where nothing was due, or nothing is there yet.

    Raises:
        StorageError, DatabaseError: it cannot be made.
    """
    at = now or datetime.now(UTC)
    if not is_due(home, parameters, at) or not (home.database_url or (home.folder / "tracker.db").exists()):
        return None
    with open_home_database(home, parameters) as database:
        with database.read() as connection:
            if not holds_data(connection):
                return None
        try:
            home.backups.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"the folder {home.backups} cannot be made: {error.strerror}",
                advice="Check its permissions.",
                path=str(home.backups),
            ) from error
        out = home.backups / automatic_name(WEEKLY, at)
        written = write_backup(home, database, out, with_recordings=False, replace=True)
    thin_out_weekly(home, parameters)
    return written
