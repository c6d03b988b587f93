"""What was backed up comes back: every row, every byte of every recording."""

import os
import stat
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from backup_samples import add_session, files_of, filled_home, rows_of, write
from sqlalchemy import text

from tracker.backup.opening import open_home_database
from tracker.backup.reading import Sink, is_encrypted, read_backup
from tracker.backup.restoring import restore_backup
from tracker.backup.writing import write_backup
from tracker.errors import DatabaseError, StorageError, UsageError
from tracker.home import Home
from tracker.model import WallClockAnchor
from tracker.recording.header import RecordingHeader
from tracker.recording.writer import RecordingWriter
from tracker.report.exchange.everything.writing import export_everything
from tracker.store.persons import get_or_create_person
from tracker.store.sessions import begin_session, read_session
from tracker.store.values import SessionState


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return filled_home(tmp_path / "home")


def test_rows_and_bytes_are_the_same_in_an_empty_place(home: Home, tmp_path: Path) -> None:
    file = write(home, tmp_path / "backup.tar")
    target = Home(tmp_path / "new" / "computer" / ".tracker")
    done = restore_backup(file, target)
    assert (done.folder, done.set_aside, done.migrated_from) == (target.folder, None, None)
    assert rows_of(target) == rows_of(home)
    assert files_of(target.folder) == files_of(home.folder)
    assert len(files_of(target.folder)) == 5
    assert sorted(path.name for path in target.folder.parent.iterdir()) == [".tracker"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions otherwise")
def test_everything_is_its_owner_s_alone(home: Home, tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        file = write(home, tmp_path / "backup.tar")
        restore_backup(file, Home(tmp_path / "new"))
    finally:
        os.umask(previous)
    for path in [file, tmp_path / "new", *(tmp_path / "new").rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO), path


def test_the_file_is_an_ordinary_tar_and_nothing_else_is_left(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    file = write(home, out / "backup.tar")
    assert list(out.iterdir()) == [file]
    assert not list(home.folder.glob(".tracker-backup*"))
    with tarfile.open(file) as archive:
        names = archive.getnames()
    assert names[:2] == ["about.json", "tracker.db.zst"]
    assert names[-1] == "manifest.json"
    assert "recordings/of anna/läuft 1.mcap" in names
    assert not is_encrypted(file)


def test_long_names_come_back(home: Home, tmp_path: Path) -> None:
    long = home.recordings / ("ü" * 60) / ("n" * 200 + ".mcap")
    long.parent.mkdir()
    long.write_bytes(b"long")
    restore_backup(write(home, tmp_path / "backup.tar"), Home(tmp_path / "new"))
    assert files_of(tmp_path / "new") == files_of(home.folder)


def test_a_recording_being_written_goes_in_as_far_as_it_is(home: Home, tmp_path: Path) -> None:
    path = home.recordings / "now.mcap"
    header = RecordingHeader(WallClockAnchor(10**18, 10**9), "0", simulated=True)
    with RecordingWriter(path, header) as writer, open_home_database(home) as database:
        with database.write() as connection:
            session_id = begin_session(
                connection,
                person_id=get_or_create_person(connection, time_zone="UTC").person_id,
                started_at=datetime(2026, 11, 28, tzinfo=UTC),
                time_zone="UTC",
                recording_path="recordings/now.mcap",
                simulated=True,
            )
        writer.write_event("something", 2 * 10**9, {"long": "x" * 10_000})
        writer.tick(10**10)
        there = path.read_bytes()
        written = write_backup(home, database, tmp_path / "backup.tar")
        writer.write_event("more", 3 * 10**9)
    closed = {entry.name: entry.closed for entry in written.manifest.recordings}
    assert closed["recordings/now.mcap"] is False
    target = Home(tmp_path / "new")
    restore_backup(tmp_path / "backup.tar", target)
    assert (target.recordings / "now.mcap").read_bytes() == there
    # nobody writes it there
    with open_home_database(target) as database, database.read() as connection:
        assert read_session(connection, session_id).state is SessionState.INTERRUPTED
    with open_home_database(home) as database, database.read() as connection:
        assert read_session(connection, session_id).state is SessionState.RECORDING
    with pytest.raises(DatabaseError, match="being recorded"):
        restore_backup(tmp_path / "backup.tar", home, replace=True)


def test_recordings_from_elsewhere_come_along(home: Home, tmp_path: Path) -> None:
    outside = tmp_path / "downloads"
    outside.mkdir()
    with open_home_database(home) as database, database.write() as connection:
        session_id = add_session(Home(outside), connection, "imported.mcap")
        gone = add_session(Home(outside), connection, "gone.mcap")
        connection.execute(
            text("UPDATE recording SET path = :folder || '/' || path WHERE session_id >= :id"),
            {"folder": str(outside), "id": session_id},
        )
    (outside / "gone.mcap").unlink()
    target = Home(tmp_path / "new")
    restore_backup(write(home, tmp_path / "backup.tar"), target)
    with open_home_database(target) as database, database.read() as connection:
        found = read_session(connection, session_id).recording_file(target.folder)
        missing = read_session(connection, gone).recording_path
    assert found is not None
    assert found.is_relative_to(target.recordings)
    assert found.read_bytes() == (outside / "imported.mcap").read_bytes()
    assert missing == str(outside / "gone.mcap")


def test_a_file_elsewhere_that_is_no_recording_stays_out(home: Home, tmp_path: Path) -> None:
    """A database that others made could name any file of the person's."""
    secret = tmp_path / "key"
    secret.write_text("secret", encoding="utf-8")
    with open_home_database(home) as database:
        with database.write() as connection:
            connection.execute(text("UPDATE recording SET path = :path WHERE id = 1"), {"path": str(secret)})
        written = write_backup(home, database, tmp_path / "backup.tar")
        report = export_everything(database, home, tmp_path / "all.zip", lambda _share: None)
    assert [(one.path, one.reason) for one in written.left_out] == [(secret, "it is no recording")]
    assert [one.reason for one in report.left_out] == [f"{secret} is no recording"]
    assert b"secret" not in (tmp_path / "backup.tar").read_bytes()


def test_without_recordings_those_of_the_folder_stay(home: Home, tmp_path: Path) -> None:
    rows, files = rows_of(home), files_of(home.folder)
    file = write(home, tmp_path / "backup.tar", with_recordings=False)
    home.settings.write_text("[guide]\nsettle_s = 1.0\n")
    with open_home_database(home) as database, database.write() as connection:
        add_session(home, connection, "recordings/later.mcap")
    later = (home.recordings / "later.mcap").read_bytes()
    done = restore_backup(file, home, replace=True)
    assert rows_of(home) == rows
    assert (home.recordings / "later.mcap").read_bytes() == later
    (home.recordings / "later.mcap").unlink()
    assert files_of(home.folder) == files
    assert done.set_aside is not None
    # what is set aside is all that was there, and does not share its fate
    assert (done.set_aside / "recordings" / "later.mcap").read_bytes() == later
    assert len(rows_of(Home(done.set_aside))["session"]) == 3


def test_data_that_are_there_are_refused_and_with_replace_set_aside(home: Home, tmp_path: Path) -> None:
    file = write(home, tmp_path / "backup.tar")
    other = filled_home(tmp_path / "other", sessions=1)
    rows, files = rows_of(other), files_of(other.folder)
    with pytest.raises(UsageError, match="holds data already") as refusal:
        restore_backup(file, other)
    assert "--replace" in refusal.value.advice
    assert (rows_of(other), files_of(other.folder)) == (rows, files)
    done = restore_backup(file, other, replace=True)
    assert (rows_of(other), files_of(other.folder)) == (rows_of(home), files_of(home.folder))
    assert done.set_aside is not None
    assert done.set_aside.parent == other.folder.parent
    assert (rows_of(Home(done.set_aside)), files_of(done.set_aside)) == (rows, files)


def test_data_that_come_while_a_backup_is_read_stay_where_they_are(home: Home, tmp_path: Path) -> None:
    file, other = write(home, tmp_path / "backup.tar"), Home(tmp_path / "other")
    came: list[Home] = []

    def begin_to_use(_share: float) -> None:
        if not came:
            came.append(filled_home(other.folder, sessions=1))

    with pytest.raises(UsageError, match="holds data already"):
        restore_backup(file, other, progress=begin_to_use)
    assert len(rows_of(other)["session"]) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "home", "other"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no such names")
def test_files_that_a_backup_cannot_hold_are_told_and_all_else_goes_in(home: Home, tmp_path: Path) -> None:
    before = files_of(home.folder)
    no_text = Path(os.fsdecode(os.fsencode(home.recordings) + b"/\xff.mcap"))
    for path in (no_text, home.recordings / "a\\b.mcap"):
        path.write_bytes(b"x")
    with open_home_database(home) as database:
        written = write_backup(home, database, tmp_path / "backup.tar")
    assert {one.path for one in written.left_out} == {no_text, home.recordings / "a\\b.mcap"}
    restore_backup(written.path, Home(tmp_path / "new"))
    assert files_of(tmp_path / "new") == before


@pytest.mark.parametrize("content", ["settings.toml", "recordings/x.mcap", "simulated/tracker.db", "notes"])
def test_any_file_counts_as_data(home: Home, tmp_path: Path, content: str) -> None:
    file = write(home, tmp_path / "backup.tar")
    path = tmp_path / "other" / content
    path.parent.mkdir(parents=True)
    path.write_bytes(b"mine")
    with pytest.raises(UsageError, match="holds data"):
        restore_backup(file, Home(tmp_path / "other"))
    assert path.read_bytes() == b"mine"


def test_a_folder_that_was_only_looked_at_is_no_obstacle(home: Home, tmp_path: Path) -> None:
    target = Home(tmp_path / "new")
    target.create()
    with open_home_database(target) as database, database.write() as connection:
        get_or_create_person(connection, time_zone="UTC")
    assert restore_backup(write(home, tmp_path / "backup.tar"), target).set_aside is None
    assert rows_of(target) == rows_of(home)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "home", "new"]


def test_a_damaged_database_can_be_replaced(home: Home, tmp_path: Path) -> None:
    rows = rows_of(home)
    file = write(home, tmp_path / "backup.tar")
    (home.folder / "tracker.db").write_bytes(b"nothing like a database " * 1000)
    with pytest.raises(UsageError, match="holds data"):
        restore_backup(file, home)
    restore_backup(file, home, replace=True)
    assert rows_of(home) == rows


def test_a_home_that_is_a_link_stays_one(home: Home, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(home.folder, target_is_directory=True)
    rows = rows_of(home)
    done = restore_backup(write(home, tmp_path / "backup.tar"), Home(link), replace=True)
    assert link.is_symlink()
    assert rows_of(Home(link)) == rows
    assert done.set_aside is not None


def test_a_file_that_exists_is_replaced_only_on_demand(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "backup.tar"
    out.write_bytes(b"precious")
    with pytest.raises(StorageError, match="exists already") as refusal:
        write(home, out)
    assert "--replace" in refusal.value.advice
    assert out.read_bytes() == b"precious"
    write(home, out, replace=True)
    assert read_backup(out, Sink(), passphrase=None).counts["session"] == 2


@pytest.mark.parametrize("place", ["missing/backup.tar", ".", "home/recordings/backup.tar"])
def test_a_place_that_will_not_do(home: Home, tmp_path: Path, place: str) -> None:
    with pytest.raises((StorageError, UsageError)) as refusal:
        write(home, tmp_path / place)
    assert refusal.value.advice
    assert not (home.recordings / "backup.tar").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_only_an_ordinary_file_is_replaced(home: Home, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(StorageError, match="not an ordinary file"):
        write(home, pipe, replace=True)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_home_without_anything_is_backed_up_too(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    file = write(home, tmp_path / "backup.tar")
    restore_backup(file, Home(tmp_path / "new"))
    assert rows_of(Home(tmp_path / "new")) == rows_of(home)
