"""Opens the database of a home folder; one of an older version is copied before its tables are changed."""

from datetime import UTC, datetime

from tracker.backup.automatic import BEFORE_MIGRATION, automatic_name, thin_out
from tracker.backup.parameters import BackupParameters
from tracker.errors import DatabaseError, StorageError
from tracker.home import Home
from tracker.store.copies import holds_data
from tracker.store.database import Database, open_database


def open_home_database(home: Home, parameters: BackupParameters | None = None) -> Database:
    """The database of a home folder, created or brought to this version where needed; a context manager.

    Args:
        parameters: how many copies from before a migration are kept.

    Raises:
        DatabaseError, StorageError: as `open_database`; also where an older database could not be copied
            before its tables are changed, which then stay as they are.
    """
    kept = (parameters or BackupParameters()).before_migration_kept

    def protect(database: Database, revision: str) -> None:
        # Only here: it brings the recording file's format along, and every command comes by.
        from tracker.backup.writing import write_backup

        with database.read() as connection:
            if not holds_data(connection):
                return
        try:
            home.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
            name = automatic_name(f"{BEFORE_MIGRATION}-{revision}", datetime.now(UTC))
            write_backup(home, database, home.backups / name, with_recordings=False)
        except (StorageError, DatabaseError, OSError) as error:
            raise StorageError(
                f"{database.name} is of an older version, and could not be copied before its change: {error}",
                advice="Nothing was changed. Make room or correct the permissions, then try again.",
                path=str(home.backups),
            ) from error
        thin_out(home, BEFORE_MIGRATION, kept)

    return open_database(home.database, protect=protect)
