"""An archive of an older schema becomes one of this version's, as the database itself would have."""

from pathlib import Path

import pytest
from alembic import command
from exchange_samples import all_rows, no_progress
from postgres_server import new_database
from revision_samples import insert_all
from sqlalchemy import URL
from test_everything_round_trip import in_utc

from tracker.backup.automatic import automatic_backups
from tracker.errors import InputError, UsageError
from tracker.home import Home
from tracker.report.exchange.everything.reading import import_everything
from tracker.report.exchange.everything.writing import export_everything
from tracker.store.database import Database, open_database
from tracker.store.dialects import sqlite_engine
from tracker.store.schema import HEAD, REVISIONS, alembic_config


def database_of(home: Home, revision: str) -> Database:
    """A database that stopped at a revision, with rows of the first one."""
    home.create()
    engine = sqlite_engine(URL.create("sqlite", database=str(home.database)), 1.0)
    database = Database(engine, "old")
    with database.migrate() as connection:
        command.upgrade(alembic_config(connection), "0001")
        insert_all(connection)
        command.upgrade(alembic_config(connection), revision)
    return database


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
@pytest.mark.parametrize("revision", REVISIONS)
def test_rows_are_those_of_a_database_that_was_migrated(tmp_path: Path, revision: str, target: str) -> None:
    home = Home(tmp_path / "home")
    with database_of(home, revision) as old:
        export_everything(old, home, tmp_path / "old.zip", no_progress)
    new = Home(tmp_path / "new", None if target == "sqlite" else new_database())
    import_everything(tmp_path / "old.zip", new, no_progress)
    with open_database(home.database) as migrated, open_database(new.database) as imported:
        assert in_utc(all_rows(imported)) == in_utc(all_rows(migrated))


def test_a_home_of_an_older_version_is_copied_before_its_tables_change(
    tmp_path: Path,
) -> None:
    home, new = Home(tmp_path / "home"), Home(tmp_path / "new")
    for one in (home, new):
        with database_of(one, "0003") as old:
            export_everything(old, one, one.folder.with_suffix(".zip"), no_progress)
    with pytest.raises(UsageError, match="not empty"):
        import_everything(tmp_path / "home.zip", new, no_progress)
    assert [one.kind for one in automatic_backups(new)] == ["before-migration"]


def test_tables_that_no_revision_has_are_refused(tmp_path: Path) -> None:
    home, new = Home(tmp_path / "home"), Home(tmp_path / "new")
    with database_of(home, "0001") as old:
        with old.write() as connection:
            connection.exec_driver_sql("ALTER TABLE person ADD COLUMN shoe_size INTEGER")
        export_everything(old, home, tmp_path / "old.zip", no_progress)
    with pytest.raises(InputError, match="'person' has other columns"):
        import_everything(tmp_path / "old.zip", new, no_progress)
    with open_database(new.database) as database, database.read() as connection:
        stamp = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    assert stamp == HEAD
