"""Backups of older versions, before a migration, and between a file and a server."""

from pathlib import Path

import pytest
from backup_samples import add_session, files_of, filled_home, rows_of, write
from postgres_server import new_database
from revision_samples import columns_of, make_released, plain_engine, plain_rows, revision_of
from sqlalchemy import Connection, make_url, text

from tracker.backup.automatic import BEFORE_MIGRATION, automatic_backups
from tracker.backup.opening import open_home_database
from tracker.backup.reading import Sink, read_backup
from tracker.backup.restoring import restore_backup
from tracker.errors import DatabaseError, StorageError, UsageError
from tracker.home import Home
from tracker.store.copies import copy_to_file, put_rows
from tracker.store.database import Database, open_database
from tracker.store.dialects import postgresql_engine
from tracker.store.schema import HEAD, REVISIONS

OLDER = REVISIONS[:-1]


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """A new folder, with its database in it or on a server."""
    home = Home(tmp_path / "home", None if request.param == "sqlite" else new_database())
    home.create()
    return home


@pytest.mark.parametrize("revision", OLDER)
def test_a_migration_leaves_a_copy_of_the_older_schema_that_restores(
    home: Home, tmp_path: Path, revision: str
) -> None:
    location, columns = str(home.database), columns_of(revision)
    make_released(location, revision)
    (home.recordings / "a.mcap").write_bytes(b"recorded")
    before = plain_rows(location, columns)
    open_home_database(home).close()
    assert revision_of(location) == HEAD
    (copy,) = automatic_backups(home)
    assert copy.kind == BEFORE_MIGRATION
    manifest = read_backup(copy.path, Sink(), passphrase=None)
    assert (manifest.revision, manifest.with_recordings) == (revision, False)
    assert manifest.counts == {table: len(rows) for table, rows in before.items()}
    target = Home(tmp_path / "new")
    done = restore_backup(copy.path, target)
    assert done.migrated_from == revision
    settled = rows_of(home)
    # nobody records where it was restored to
    settled["session"] = [
        tuple("interrupted" if one == "recording" else one for one in row) for row in settled["session"]
    ]
    assert rows_of(target) == settled
    # once more nothing is to do
    open_home_database(home).close()
    assert len(automatic_backups(home)) == 1


def test_without_room_for_the_copy_an_older_database_is_left_alone(home: Home) -> None:
    make_released(str(home.database), "0003")
    home.backups.write_text("in the way")
    with pytest.raises(StorageError, match="could not be copied") as refusal:
        open_home_database(home)
    assert "Nothing was changed" in refusal.value.advice
    assert revision_of(str(home.database)) == "0003"


def test_an_older_database_without_rows_needs_no_copy(home: Home) -> None:
    make_released(str(home.database), "0003")
    with open_database(home.database) as database, database.write() as connection:
        for table in ("session", "sensor", "person"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    open_home_database(home).close()
    assert automatic_backups(home) == ()


def test_only_the_newest_copies_stay(home: Home) -> None:
    home.backups.mkdir()
    for day in range(1, 6):
        (home.backups / f"before-migration-0001-2026-11-0{day}T10-00-00Z.tar").touch()
    make_released(str(home.database), "0003")
    open_home_database(home).close()
    kept = automatic_backups(home)
    assert len(kept) == 3
    assert kept[0].size_bytes > 0


@pytest.mark.parametrize("revision", OLDER)
def test_a_copy_of_a_server_s_older_schema_is_that_schema(tmp_path: Path, revision: str) -> None:
    """Value by value what the same rows are in a file of that version."""
    address, file = new_database(), str(tmp_path / "old.db")
    make_released(address, revision)
    make_released(file, revision)
    # as the program has it open before its migration
    with Database(postgresql_engine(make_url(address), 5.0), "server") as database:
        copy_to_file(database, tmp_path / "copy.db")
    assert revision_of(str(tmp_path / "copy.db")) == revision
    assert plain_rows(str(tmp_path / "copy.db"), columns_of(revision)) == plain_rows(
        file, columns_of(revision)
    )


def test_from_a_server_to_a_file(tmp_path: Path) -> None:
    home = filled_home(tmp_path / "home", database_url=new_database())
    target = Home(tmp_path / "new")
    restore_backup(write(home, tmp_path / "backup.tar"), target)
    assert rows_of(target) == rows_of(home)
    assert files_of(target.folder) == files_of(home.folder)


def test_from_a_file_to_a_server(tmp_path: Path) -> None:
    home = filled_home(tmp_path / "home")
    target = Home(tmp_path / "new", new_database())
    file = write(home, tmp_path / "backup.tar")
    assert restore_backup(file, target).set_aside is None
    assert rows_of(target) == rows_of(home)
    assert files_of(target.folder) == files_of(home.folder)
    assert not (target.folder / "tracker.db").exists()
    with open_home_database(target) as database, database.write() as connection:
        assert add_session(target, connection, "recordings/next.mcap") == 3


def test_a_server_that_holds_data_is_written_to_a_backup_before_they_are_replaced(tmp_path: Path) -> None:
    file = write(filled_home(tmp_path / "home"), tmp_path / "backup.tar")
    other = filled_home(tmp_path / "other", sessions=1, database_url=new_database())
    rows, files = rows_of(other), files_of(other.folder)
    with pytest.raises(UsageError, match="holds data"):
        restore_backup(file, other)
    assert (rows_of(other), files_of(other.folder)) == (rows, files)
    # rows on the server alone count too
    with pytest.raises(UsageError, match="holds data"):
        restore_backup(file, Home(tmp_path / "empty", other.database_url))
    done = restore_backup(file, other, replace=True)
    assert rows_of(other) == rows_of(Home(tmp_path / "home"))
    assert done.set_aside is not None
    assert files_of(done.set_aside) == files
    (copy,) = automatic_backups(other)
    assert copy.kind == "before-restore"
    restore_backup(copy.path, Home(tmp_path / "back"))
    assert rows_of(Home(tmp_path / "back")) == rows


def test_a_restore_that_fails_at_the_end_leaves_the_server_s_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(filled_home(tmp_path / "home"), tmp_path / "backup.tar")
    other = filled_home(tmp_path / "other", sessions=1, database_url=new_database())
    rows, files = rows_of(other), files_of(other.folder)

    def refuse(_first: Path, _second: Path) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr("tracker.backup.restoring.swap", refuse)
    with pytest.raises(StorageError):
        restore_backup(file, other, replace=True)
    assert (rows_of(other), files_of(other.folder)) == (rows, files)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "home", "other"]


@pytest.mark.parametrize("there", [True, False])
def test_a_server_that_goes_away_at_the_end_leaves_the_old_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    file = write(filled_home(tmp_path / "home"), tmp_path / "backup.tar")
    other = Home(tmp_path / "other", new_database())
    if there:
        filled_home(other.folder, sessions=1, database_url=other.database_url)
    rows, files = rows_of(other), files_of(other.folder)

    def put_and_end_all(path: Path, connection: Connection) -> None:
        put_rows(path, connection)
        with plain_engine(str(other.database)) as engine, engine.begin() as killer:
            killer.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )

    monkeypatch.setattr("tracker.backup.restoring.put_rows", put_and_end_all)
    with pytest.raises(DatabaseError):
        restore_backup(file, other, replace=True)
    assert (rows_of(other), files_of(other.folder)) == (rows, files)
    assert not list(tmp_path.glob(".*"))
    assert other.folder.exists() is there
