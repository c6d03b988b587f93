"""A person is deleted for good: all of theirs is gone, whoever is killed meanwhile, and nothing of others."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from killed_deletions import PLACES, killed_deletion
from postgres_server import new_database
from shared_homes import (
    ANNA,
    OF_THE_COMPUTER,
    copied,
    person_of,
    rows_belonging_to,
    rows_of,
    secret_of,
    shared_home,
)
from sqlalchemy import text

from tracker.backup.opening import open_home_database
from tracker.errors import StorageError, UsageError
from tracker.home import Home
from tracker.session.person_deletion import (
    delete_person,
    finish_deletion,
    person_data,
    unfinished_deletions,
)
from tracker.store.bands import bands_of
from tracker.store.corrections import FieldEdit, edit_session, undo_revision
from tracker.store.database import Database
from tracker.store.felt import sets_felt
from tracker.store.persons import add_person, make_default, person_meant
from tracker.store.plans import verdicts_of
from tracker.store.revisions import Field
from tracker.store.sessions import begin_session, list_sessions

MY_SESSION, HER_SESSION = 1, 2
"""The first one of each."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return shared_home(tmp_path_factory.mktemp("filled") / "home")


@pytest.fixture
def home(filled: Home, tmp_path: Path) -> Home:
    return copied(filled, tmp_path / "home")


@pytest.fixture
def database(home: Home) -> Iterator[Database]:
    with open_home_database(home) as opened:
        yield opened


def delete_anna(home: Home, database: Database) -> None:
    delete_person(home, database, person_of(database, ANNA).person_id, ANNA)


def files_of(home: Home) -> dict[str, bytes]:
    """Every file of the folder but the database's."""
    found = [path for path in home.folder.rglob("*") if path.is_file() and "tracker.db" not in path.name]
    return {path.relative_to(home.folder).as_posix(): path.read_bytes() for path in found}


def files_with(home: Home, secret: str) -> list[str]:
    """Names of the files in the folder that hold a text."""
    found = (path for path in home.folder.rglob("*") if path.is_file())
    return sorted(path.name for path in found if secret.encode() in path.read_bytes())


def recordings_in(home: Home) -> list[str]:
    return sorted(path.name for path in home.recordings.rglob("*") if not path.is_dir())


MY_RECORDINGS = ["1-0.mcap", "1-1.mcap", "1-2.mcap"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_row_of_the_person_goes_and_none_of_another(kind: str, tmp_path: Path) -> None:
    home = shared_home(tmp_path / "home", new_database() if kind == "postgresql" else None)
    with open_home_database(home) as database:
        anna = person_of(database, ANNA)
        before, files = rows_of(database), files_of(home)
        hers = rows_belonging_to(before, anna.person_id)
        assert {name for name, rows in hers.items() if not rows} == OF_THE_COMPUTER
        told = person_data(home, database, anna.person_id)
        assert delete_person(home, database, anna.person_id, ANNA) == told
        assert rows_of(database) == {name: rows - hers[name] for name, rows in before.items()}
    assert files_of(home) == {name: data for name, data in files.items() if "recordings/2-" not in name}
    assert (told.rows.sessions, told.rows.deleted_sessions, told.rows.rest_tests) == (4, 1, 6)
    assert (told.rows.notes, told.rows.bands, told.rows.plans) == (7, 3, 1)
    assert len(told.files.own) == 3
    assert told.files.size_bytes == sum(len(data) for name, data in files.items() if "/2-" in name)


def test_no_byte_of_what_was_said_stays_in_the_folder(home: Home, database: Database) -> None:
    earlier = f"{secret_of(ANNA)} as it was said first"
    with closing(sqlite3.connect(home.folder / "tracker.db", isolation_level=None)) as plain:
        # As a build of SQLite does that does not clear by itself what is written over or deleted.
        plain.execute("PRAGMA secure_delete = OFF")
        for notes in (earlier * 200, "short"):
            own = {"notes": notes, "id": HER_SESSION}
            plain.execute("UPDATE session_felt SET notes = :notes WHERE session_id = :id", own)
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert files_with(home, earlier) == ["tracker.db"]
    assert files_with(home, secret_of(ANNA)) and files_with(home, ANNA)
    delete_anna(home, database)
    # Others go on to use it: what they keep open holds nothing either.
    assert files_with(home, secret_of(ANNA)) == files_with(home, ANNA) == []
    assert files_with(home, secret_of("me"))


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_a_deletion_that_was_killed_is_all_or_nothing_and_is_brought_to_its_end(
    place: str, home: Home, database: Database
) -> None:
    anna, before = person_of(database, ANNA), rows_of(database)
    hers = rows_belonging_to(before, anna.person_id)
    killed_deletion(home.folder, anna.person_id, ANNA, place)
    without = {name: rows - hers[name] for name, rows in before.items()}
    left = unfinished_deletions(home, database)
    if place in ("rows", "commit"):
        # Nothing has begun, as far as anybody can see.
        assert rows_of(database) == before
        assert (left, len(recordings_in(home))) == ((), 6)
        delete_person(home, database, anna.person_id, ANNA)
    else:
        assert rows_of(database) == without
        assert [(one.person_id, one.name) for one in left] == [(anna.person_id, ANNA)]
        finish_deletion(home, database, left[0])
    assert rows_of(database) == without
    assert recordings_in(home) == MY_RECORDINGS
    assert files_with(home, secret_of(ANNA)) == files_with(home, ANNA) == []
    assert unfinished_deletions(home, database) == ()


def test_a_file_that_cannot_be_removed_leaves_a_deletion_that_goes_on(
    home: Home, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, **_options: bool) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        with pytest.raises(StorageError, match="not all of it is gone") as told:
            delete_anna(home, database)
    assert "once more" in told.value.advice
    (begun,) = unfinished_deletions(home, database)
    finish_deletion(home, database, begun)
    assert recordings_in(home) == MY_RECORDINGS


@pytest.mark.parametrize("name", ["", "anna", "me"])
def test_another_name_than_the_person_s_deletes_nothing(name: str, home: Home, database: Database) -> None:
    before = rows_of(database)
    with pytest.raises(UsageError, match="nothing was deleted"):
        delete_person(home, database, person_of(database, ANNA).person_id, name)
    assert rows_of(database) == before
    assert len(recordings_in(home)) == 6


def test_whoever_is_needed_stays(home: Home, database: Database) -> None:
    me, anna = person_of(database, "me"), person_of(database, ANNA)
    with pytest.raises(UsageError, match="default person") as told:
        delete_person(home, database, me.person_id, "me")
    assert "--default" in told.value.advice
    with database.write() as connection:
        make_default(connection, anna)
    delete_person(home, database, me.person_id, "me")
    with pytest.raises(UsageError, match="only person") as told:
        delete_anna(home, database)
    assert str(home.folder) in told.value.advice
    assert person_of(database, ANNA).person_id == anna.person_id


def test_nobody_goes_while_a_session_is_recorded(home: Home, database: Database) -> None:
    anna = person_of(database, ANNA)
    with database.write() as connection:
        session_id = begin_session(
            connection,
            person_id=anna.person_id,
            started_at=datetime.now(UTC),
            time_zone="UTC",
            recording_path="recordings/now.mcap",
        )
    before = rows_of(database)
    with pytest.raises(UsageError, match=f"session {session_id} is being recorded"):
        delete_anna(home, database)
    assert rows_of(database) == before
    with database.write() as connection:
        # Its recorder has ended.
        connection.execute(text("UPDATE session SET recorder = NULL"))
    delete_anna(home, database)


def test_a_recording_that_another_process_reads_stands_against_it(home: Home, database: Database) -> None:
    before = rows_of(database)
    reads = "import sys; file = open(sys.argv[1]); print('reads', flush=True); sys.stdin.read()"
    arguments = [sys.executable, "-c", reads, str(home.recordings / "2-1.mcap")]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None and reader.stdout.readline() == b"reads\n"
        with pytest.raises(UsageError, match=r"another process .* 2-1\.mcap"):
            delete_anna(home, database)
        reader.communicate()
    assert rows_of(database) == before
    delete_anna(home, database)


def test_sessions_that_were_moved_between_persons_stay_whole_for_who_has_them(
    home: Home, database: Database
) -> None:
    me, anna = person_of(database, "me"), person_of(database, ANNA)
    with database.write() as connection:
        # Of each one session went to the other: a plan, a band and targets refer across.
        for session_id, to in ((MY_SESSION, anna), (HER_SESSION, me)):
            moved = FieldEdit(Field.PERSON, str(to.person_id))
            edit_session(connection, session_id, [moved], reason="was the other one's")
    before = rows_of(database)
    hers_of_bands = {row for row in before["band"] if row[1] == anna.person_id}
    with database.read() as connection:
        band_id = sets_felt(connection, [HER_SESSION])[HER_SESSION][1].band_id
    delete_anna(home, database)
    with database.read() as connection:
        assert [one.session_id for one in list_sessions(connection, me.person_id, deleted=True)] == [5]
        assert {one.session_id for one in list_sessions(connection, me.person_id)} == {HER_SESSION, 3, 7}
        assert sets_felt(connection, [HER_SESSION])[HER_SESSION][1].band_id == band_id
        mine = {one.band_id: one for one in bands_of(connection, me.person_id)}
        # It was put away, so that nothing else is done with it.
        assert mine[band_id].retired and len(mine) == 4
        (verdict,) = verdicts_of(connection, plan_id=1)
        assert (verdict.session_id, verdict.reason) == (None, secret_of("me"))
        assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    after = rows_of(database)
    of_session = {row for row in before["repetition"] if row in after["repetition"]}
    assert after["repetition"] == of_session
    assert {row[0] for row in after["band"] & hers_of_bands} == set()
    assert recordings_in(home) == ["1-1.mcap", "1-2.mcap", "2-0.mcap"]


def test_a_number_that_somebody_had_is_nobody_s_again(home: Home, database: Database) -> None:
    anna = person_of(database, ANNA)
    with database.write() as connection:
        to_me = FieldEdit(Field.PERSON, str(person_meant(connection, "me", time_zone="UTC").person_id))
        edit_session(connection, HER_SESSION, [to_me], reason="was mine")
    delete_anna(home, database)
    with database.write() as connection:
        later = add_person(connection, ANNA, time_zone="UTC")
        assert later.person_id == anna.person_id + 1
        assert list_sessions(connection, later.person_id) == ()
    with pytest.raises(UsageError, match="deleted"), database.write() as connection:
        undo_revision(connection, HER_SESSION, reason="was hers after all")


def test_backups_and_what_was_set_aside_are_named_and_stay(home: Home, database: Database) -> None:
    weekly = home.backups / "weekly-2026-11-22T18-00-00Z.tar"
    home.backups.mkdir()
    weekly.write_bytes(b"of then")
    aside = home.folder.with_name("home.before-restore-2026-11-20T10-00-00Z")
    aside.mkdir()
    told = delete_person(home, database, person_of(database, ANNA).person_id, ANNA)
    assert told.copies == (weekly, aside)
    assert weekly.read_bytes() == b"of then" and aside.is_dir()
