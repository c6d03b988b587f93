"""Opening databases that cannot be opened: one line that says what is wrong, and what to do."""

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from store_samples import analysis, begin

from tracker.errors import DatabaseError, StorageError, TrackerError
from tracker.store.analyses import save_analysis
from tracker.store.database import Database, open_database
from tracker.store.persons import find_person


def check_words(error: TrackerError) -> None:
    """What the command line prints: one line and an advice."""
    assert "\n" not in error.message
    assert error.advice
    assert "\n" not in error.advice


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that users other than the owner can reach; those of pytest are closed to them."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-store-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """As somebody whom permission bits hold back; root is not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_the_file_and_its_folder_are_the_owner_s_alone(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        with open_database(tmp_path / "home" / "tracker.db") as database, database.write() as connection:
            begin(connection)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "home").iterdir()}
    finally:
        os.umask(previous)
    assert modes == {"tracker.db": 0o600, "tracker.db-wal": 0o600, "tracker.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_a_path_may_hold_anything(tmp_path: Path) -> None:
    path = tmp_path / "50 % läuft #1?" / "tracker.db"
    with open_database(path) as database, database.write() as connection:
        begin(connection)
    with open_database(str(path)) as database, database.read() as connection:
        assert find_person(connection) is not None
    assert path.is_file()


def test_an_address_of_a_file_is_that_file(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/tracker.db").close()
    assert (tmp_path / "tracker.db").is_file()


def test_the_file_is_in_write_ahead_mode_and_syncs(tmp_path: Path) -> None:
    with open_database(tmp_path / "tracker.db") as database, database.read() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


@pytest.mark.parametrize("content", [b"not a database at all\n" * 100, b"\x00" * 4096, b"hi"])
def test_what_is_not_a_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(DatabaseError, match="is not a database") as refusal:
        open_database(path)
    check_words(refusal.value)
    assert path.read_bytes() == content


def test_damage_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    with open_database(path) as database, database.write() as connection:
        for _ in range(20):
            save_analysis(connection, begin(connection), analysis())
    with closing(sqlite3.connect(path)) as plain:
        size = plain.execute("PRAGMA page_size").fetchone()[0]
        page = plain.execute("SELECT rootpage FROM sqlite_master WHERE name = 'person'").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with (
        open_database(path) as database,
        pytest.raises(DatabaseError, match="is damaged") as refusal,
        database.read() as connection,
    ):
        find_person(connection)
    check_words(refusal.value)
    assert "Move the file away" in refusal.value.advice


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    with open_database(path) as database, database.write() as connection:
        save_analysis(connection, begin(connection), analysis())
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 // 4096 * 4096)
    with pytest.raises(DatabaseError) as refusal, open_database(path) as database:
        read_everything(database)
    check_words(refusal.value)


def read_everything(database: Database) -> None:
    with database.read() as connection:
        names = (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        )
        for name in names:
            connection.execute(text(f'SELECT * FROM "{name}"')).all()  # noqa: S608


def test_a_locked_database_is_named_after_the_wait(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    open_database(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with open_database(path, busy_timeout_s=0.05) as database:
            with database.read() as connection:
                assert find_person(connection) is None
            with pytest.raises(DatabaseError, match="locked by another program") as refusal, database.write():
                pass
    check_words(refusal.value)


def test_a_file_locked_at_its_first_opening_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseError, match="locked by another program"):
            open_database(path, busy_timeout_s=0.05)


def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is a directory") as refusal:
        open_database(tmp_path)
    check_words(refusal.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "tracker.db", Path("/proc/nowhere/tracker.db")):
        with pytest.raises(StorageError, match="cannot be opened") as refusal:
            open_database(path)
        check_words(refusal.value)


def test_a_read_only_folder_is_named(public_folder: Path) -> None:
    public_folder.chmod(0o555)
    with ordinary_user(), pytest.raises(StorageError, match="permission denied") as refusal:
        open_database(public_folder / "tracker.db")
    check_words(refusal.value)


def test_a_file_of_somebody_else_is_named(public_folder: Path) -> None:
    path = public_folder / "tracker.db"
    open_database(path).close()
    path.chmod(0o444)
    with ordinary_user(), pytest.raises(StorageError, match="permission denied") as refusal:
        open_database(path)
    check_words(refusal.value)


def test_an_own_file_in_a_read_only_folder_is_named(public_folder: Path) -> None:
    path = public_folder / "tracker.db"
    open_database(path).close()
    path.chmod(0o666)
    public_folder.chmod(0o555)
    with ordinary_user(), pytest.raises(StorageError) as refusal:
        open_database(path)
    check_words(refusal.value)


def test_a_full_disk_is_named_and_keeps_what_was_stored(tmp_path: Path) -> None:
    def fill(connection: Connection) -> None:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages + 1}"))
        for _ in range(50):
            save_analysis(connection, begin(connection), analysis())

    with open_database(tmp_path / "tracker.db") as database:
        with database.write() as connection:
            begin(connection)
        with pytest.raises(StorageError, match="the disk is full") as refusal, database.write() as connection:
            fill(connection)
        with database.read() as connection:
            assert connection.execute(text("SELECT count(*) FROM session")).scalar() == 1
    check_words(refusal.value)


@pytest.mark.parametrize("address", ["mysql://u:secret@host/db", "sqlite://", "sqlite:///:memory:", "://x"])
def test_other_kinds_of_databases_are_refused_without_their_password(address: str) -> None:
    with pytest.raises(DatabaseError) as refusal:
        open_database(address)
    check_words(refusal.value)
    assert "secret" not in refusal.value.message


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"cannot be reached|is not installed") as refusal:
        open_database(f"postgresql://someone:secret@/nothing?host={tmp_path}")
    check_words(refusal.value)
    assert "secret" not in str(refusal.value.data) + refusal.value.message
