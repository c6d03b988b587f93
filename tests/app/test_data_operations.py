"""Exports, backups, restoring, imports and what was deleted, as pages and programs begin them."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from data_homes import default_of, full_disk, handed_in, leftovers, place_in, result_of, unheard_line

from tracker.app.engine.jobs import JobStopped
from tracker.app.operations.backups import backup_asked, backup_work, kept_backup, kept_backups
from tracker.app.operations.data_files import (
    bring_back,
    data_files,
    deleted_sessions,
    remove_recording,
)
from tracker.app.operations.exports import export_asked, export_work
from tracker.app.operations.imports import TablesKept, everything_work, tables_asked, tables_work
from tracker.app.operations.made_file import MadeFile
from tracker.app.operations.reanalysing import ReanalysisDone, due_now, reanalysis_work
from tracker.app.operations.restoring import BackupInside, RestoredNow, look_work, restore_work
from tracker.app.recordings.dropped import DropFolder
from tracker.errors import InputError, NotThereError, StorageError, TrackerError, UsageError
from tracker.model import Placement
from tracker.report.exchange.everything.reading import ImportReport
from tracker.report.exchange.formats import Format
from tracker.session.workplace import Workplace
from tracker.store.corrections import delete_session
from tracker.store.database import Database
from tracker.store.persons import add_person, list_persons
from tracker.store.sessions import list_sessions
from tracker.store.values import Person


@pytest.mark.parametrize("chosen", [Format.CSV, Format.FHIR, Format.EVERYTHING])
def test_an_export_is_one_file_for_its_owner_and_goes_with_its_folder(
    chosen: Format, place: Workplace, database: Database, person: Person
) -> None:
    work = export_work(place, database, person, export_asked(chosen), simulated=True)
    made = result_of(work, MadeFile)
    assert made.path.stat().st_size == made.size_bytes > 0
    assert made.path.parent.stat().st_mode & 0o077 == 0
    assert made.simulated
    if made.name.endswith(".zip"):
        with zipfile.ZipFile(made.path) as archive:
            assert archive.testzip() is None
            assert archive.namelist()
    else:
        assert json.loads(made.path.read_text(encoding="utf-8"))["resourceType"] == "Bundle"
    made.discard()
    made.discard()
    assert leftovers(place) == []


def test_an_export_that_is_stopped_or_refused_leaves_nothing(
    place: Workplace, database: Database, person: Person
) -> None:
    line = unheard_line()
    line.stop()
    with pytest.raises(JobStopped):
        export_work(place, database, person, export_asked("csv"))(line)
    with pytest.raises(UsageError, match="no session"):
        result_of(
            export_work(place, database, person, export_asked("csv", "1999-01-01", "1999-01-02")), MadeFile
        )
    assert leftovers(place) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("xlsx", "", ""), "unknown format"),
        (("csv", "yesterday", ""), "is no day"),
        (("csv", "2026-02-02", "2026-02-01"), "before it begins"),
        (("everything", "2026-02-02", ""), "no choice of days"),
    ],
)
def test_what_makes_no_sense_is_refused_before_any_work(given: tuple[str, str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        export_asked(*given)


@pytest.mark.parametrize("chosen", [Format.CSV, Format.FHIR, Format.EVERYTHING])
@pytest.mark.parametrize("largest_bytes", [0, 2_000])
def test_a_full_disk_ends_an_export_and_a_backup_in_words(
    largest_bytes: int, chosen: Format, place: Workplace, database: Database, person: Person
) -> None:
    export = export_work(place, database, person, export_asked(chosen))
    backup = backup_work(place, database, backup_asked(with_recordings=True))
    for work in (export, backup):
        with pytest.raises(StorageError), full_disk(largest_bytes):
            work(unheard_line())
    assert leftovers(place) == []


def test_a_full_disk_takes_in_no_file(place: Workplace) -> None:
    uploads = DropFolder()
    with pytest.raises(StorageError), full_disk(1_000):
        handed_in(place, uploads, "backup.tar", bytes(5_000))
    assert leftovers(place) == []
    uploads.close()


def test_a_backup_is_read_through_and_takes_the_place_of_what_is_there(
    place: Workplace, database: Database, person: Person
) -> None:
    secret = "some plain words"  # noqa: S105 - of a test
    asked = backup_asked(with_recordings=True, passphrase=secret, again=secret)
    assert "plain" not in repr(asked)
    made = result_of(backup_work(place, database, asked, simulated=True), MadeFile)
    kept = made.path.rename(place.home.folder.parent / made.name)
    made.discard()
    with database.write() as connection:
        before = list_sessions(connection, person.person_id)
        add_person(connection, "came later", time_zone="UTC")
    with pytest.raises(UsageError, match="encrypted"):
        look_work(kept, kept.name, "")(unheard_line())
    with pytest.raises(InputError):
        look_work(kept, kept.name, "other words")(unheard_line())
    inside = result_of(look_work(kept, kept.name, secret), BackupInside)
    assert (inside.sessions, inside.persons) == (len(before), 2)
    assert inside.recordings == len(before)
    assert "plain" not in repr(inside)

    done = result_of(restore_work(place, database, inside, lambda: False, simulated=True), RestoredNow)
    with database.read() as connection:
        assert list_sessions(connection, person.person_id) == before
        assert "came later" not in [one.name for one in list_persons(connection)]
    with database.write() as connection:
        add_person(connection, "came after", time_zone="UTC")
    assert done.set_aside is not None
    assert (done.set_aside / "tracker.db").is_file()
    assert not done.settings_differ
    with place.database() as anew, anew.read() as connection:
        assert "came after" in [one.name for one in list_persons(connection)]


def test_nothing_is_restored_while_a_session_runs(place: Workplace, database: Database) -> None:
    made = result_of(backup_work(place, database, backup_asked(with_recordings=False)), MadeFile)
    inside = result_of(look_work(made.path, made.name, ""), BackupInside)
    with pytest.raises(UsageError, match="a session runs"):
        restore_work(place, database, inside, lambda: True)(unheard_line())
    asked_twice = iter([False, True])
    with pytest.raises(UsageError, match="a session runs"):
        restore_work(place, database, inside, lambda: next(asked_twice))(unheard_line())
    with database.read() as connection:
        assert len(list_persons(connection)) == 2


def test_cut_and_foreign_files_are_no_backups(place: Workplace, database: Database) -> None:
    made = result_of(backup_work(place, database, backup_asked(with_recordings=False)), MadeFile)
    content = made.path.read_bytes()
    made.discard()
    uploads = DropFolder()
    for damaged in (content[: len(content) // 2], b"PK\x03\x04 no backup", content + b"more"):
        file = uploads.find(handed_in(place, uploads, "../../backup.tar", damaged))
        assert file.name == "backup.tar"
        with pytest.raises(InputError):
            look_work(file.path, file.name, "")(unheard_line())
    uploads.close()
    assert leftovers(place) == []


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [("some plain words", "some plain wards", "differ"), ("short", "short", "shorter than")],
)
def test_a_passphrase_that_would_lock_out_or_protect_nobody_is_refused(
    first: str, second: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        backup_asked(with_recordings=True, passphrase=first, again=second)


def test_only_files_of_the_folder_of_backups_can_be_fetched(place: Workplace) -> None:
    place.home.backups.mkdir()
    (place.home.backups / "weekly-2026-11-01T18-00-00Z.tar").write_bytes(b"x")
    (place.home.folder / "weekly-2026-11-02T18-00-00Z.tar").write_bytes(b"x")
    assert [one.path.name for one in kept_backups(place)] == ["weekly-2026-11-01T18-00-00Z.tar"]
    assert kept_backup(place, "weekly-2026-11-01T18-00-00Z.tar").kind == "weekly"
    for name in ("../weekly-2026-11-02T18-00-00Z.tar", "tracker.db", "", "../tracker.db"):
        with pytest.raises(NotThereError, match="not there"):
            kept_backup(place, name)


def test_everything_moves_into_an_empty_home_only(
    place: Workplace, database: Database, person: Person, tmp_path: Path
) -> None:
    made = result_of(export_work(place, database, person, export_asked("everything")), MadeFile)
    content, uploads = made.path.read_bytes(), DropFolder()
    made.discard()
    token = handed_in(place, uploads, "all.zip", content)
    with pytest.raises(UsageError, match="not empty"):
        everything_work(place, uploads, token)(unheard_line())
    empty = place_in(tmp_path / "empty")
    with empty.database() as other:
        report = result_of(everything_work(empty, uploads, token), ImportReport)
        assert report.rows > 0
        with other.read() as connection:
            assert len(list_sessions(connection, default_of(other).person_id)) == len(report.files)
    uploads.close()


def test_hostile_archives_bring_nothing_in(tmp_path: Path) -> None:
    empty, uploads = place_in(tmp_path / "empty"), DropFolder()
    empty.home.create()
    bomb, climbing = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b"0" * 50_000_000)
    with zipfile.ZipFile(climbing, "w") as archive:
        archive.writestr("manifest.json", b"{}")
        archive.writestr("../../climbed.toml", b"x = 1")
    for content in (bomb.getvalue(), climbing.getvalue(), b"no archive", climbing.getvalue()[:40]):
        token = handed_in(empty, uploads, "all.zip", content)
        with pytest.raises(InputError):
            everything_work(empty, uploads, token)(unheard_line())
    uploads.close()
    assert leftovers(empty) == []
    assert not (tmp_path / "climbed.toml").exists()
    assert list(empty.home.recordings.iterdir()) == []


CSV = "time_s,ax,ay,az,gx,gy,gz\n" + "".join(f"{n / 100},0,0,9.81,0,0,0.1\n" for n in range(600))


def test_tables_become_a_session_of_the_person(place: Workplace, database: Database, person: Person) -> None:
    uploads = DropFolder()
    asked = tables_asked(
        {Placement.LEFT_THIGH: handed_in(place, uploads, "a.csv", CSV.encode())},
        accelerometer_unit="m/s2",
        gyroscope_unit="deg/s",
        person=person,
        exercise="generic",
        started_at="2026-11-01T18:30",
    )
    kept = result_of(tables_work(place, database, person, uploads, asked), TablesKept)
    with database.read() as connection:
        session = next(
            one for one in list_sessions(connection, person.person_id) if one.session_id == kept.session_id
        )
    assert session.recording_file(place.home.folder) is not None
    assert session.duration_s == pytest.approx(6.0, abs=0.1)
    uploads.close()
    assert leftovers(place) == []


@pytest.mark.parametrize(
    "content", [b"", b"time_s,ax\n1,2\n", b"\xff\xfe\x00", CSV.replace("9.81", "cat").encode()]
)
def test_tables_with_faults_bring_nothing_in(
    content: bytes, place: Workplace, database: Database, person: Person
) -> None:
    uploads = DropFolder()
    recordings = sorted(place.home.recordings.iterdir())
    with pytest.raises(TrackerError):
        asked = tables_asked(
            {Placement.LEFT_THIGH: handed_in(place, uploads, "a.csv", content)},
            accelerometer_unit="m/s2",
            gyroscope_unit="rad/s",
            person=person,
        )
        tables_work(place, database, person, uploads, asked)(unheard_line())
    uploads.close()
    assert leftovers(place) == []
    assert sorted(place.home.recordings.iterdir()) == recordings


def test_a_deleted_session_comes_back_or_loses_its_recording_for_good(
    place: Workplace, database: Database, person: Person
) -> None:
    with database.write() as connection:
        first, second = (one.session_id for one in list_sessions(connection, person.person_id)[:2])
        other = add_person(connection, "somebody else", time_zone="UTC")
    with pytest.raises(UsageError, match="was not deleted"):
        remove_recording(place, database, person, first)
    for session_id in (first, second):
        with database.write() as connection:
            delete_session(connection, session_id, reason="the sensors lay on the table")
    found = {one.session.session_id: one for one in deleted_sessions(place, database, person)}
    assert set(found) == {first, second}
    assert (found[first].recording_bytes or 0) > 1000
    with pytest.raises(UsageError, match="is not one of"):
        remove_recording(place, database, other, first)
    with pytest.raises(UsageError, match="is not one of"):
        bring_back(database, other, first, "it is mine")
    remove_recording(place, database, person, first)
    bring_back(database, person, second, "it counts after all")
    left = deleted_sessions(place, database, person)
    assert [(one.session.session_id, one.recording_bytes) for one in left] == [(first, None)]
    with pytest.raises(UsageError, match="no recording"):
        remove_recording(place, database, person, first)


def test_sizes_are_those_of_the_files(place: Workplace, database: Database) -> None:
    files = data_files(place, database)
    recordings = list(place.home.recordings.iterdir())
    assert files.recordings == len(recordings)
    assert files.recordings_bytes == sum(one.stat().st_size for one in recordings)
    database_files = [place.home.folder / name for name in ("tracker.db", "tracker.db-wal")]
    assert files.database_bytes == sum(one.stat().st_size for one in database_files if one.exists()) > 10_000
    assert (files.free_bytes or 0) > 0


def test_what_is_due_is_looked_at_first_and_then_kept(place: Workplace, database: Database) -> None:
    assert due_now(place, database).sessions == ()
    stillness = replace(place.settings.motion.stillness, rate_spread_rad_per_s=0.036)
    motion = replace(place.settings.motion, stillness=stillness)
    other = replace(place, settings=replace(place.settings, motion=motion))
    count = len(due_now(other, database).sessions)
    assert count == len(list(place.home.recordings.iterdir()))
    looked = result_of(reanalysis_work(other, database, store=False), ReanalysisDone)
    assert (looked.stored, looked.analysed, looked.not_measured) == (False, count, ())
    assert len(due_now(other, database).sessions) == count
    kept = result_of(reanalysis_work(other, database, store=True), ReanalysisDone)
    assert (kept.stored, kept.summary.sessions) == (True, count)
    assert due_now(other, database).sessions == ()
