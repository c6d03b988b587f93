"""Looking through sessions on a real database: the list, one over time, corrections, dropped files."""

import asyncio
import json
import os
import stat
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from data_homes import leftovers

from tracker.app.operations.dropped_recordings import keep, open_dropped, plain_error, receive
from tracker.app.operations.review import (
    ShownRecording,
    courses_document,
    open_session,
    read_review,
    timeline_document,
)
from tracker.app.operations.session_corrections import (
    SetSaid,
    ToldSaid,
    correct_set,
    correct_told,
    count_rest_tests,
    delete,
    restore,
    undo_correction,
)
from tracker.app.operations.session_list import sessions_page
from tracker.app.recordings.dropped import DropFolder, remove_forgotten, shown_name
from tracker.app.recordings.measurer import Measurer
from tracker.app.recordings.shelf import Shelf
from tracker.errors import InputError, StorageError, TrackerError, UsageError
from tracker.model import Side
from tracker.session.page_parameters import PageParameters
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.manual_sets import ManualSet, add_session_by_hand
from tracker.store.persons import add_person
from tracker.store.revisions import Action
from tracker.store.sessions import list_sessions
from tracker.store.values import Person, SessionSummary

RECORDINGS = Path(__file__).parents[2] / "recordings"
SIMULATED = RECORDINGS / "simulated_session.mcap"
REAL = RECORDINGS / "spar_band_internal_rotation" / "s01_left.mcap"
LONGEST_WAIT_S = 60.0


@pytest.fixture(scope="module")
def measurer() -> Iterator[Measurer]:
    """One process for all tests."""
    one = Measurer()
    yield one
    one.close()


@pytest.fixture
def shelf(measurer: Measurer) -> Shelf:
    """A shelf of one's own; the process is shared."""
    return Shelf(measurer)


@pytest.fixture
def dropped() -> Iterator[DropFolder]:
    folder = DropFolder()
    yield folder
    folder.close()


@pytest.fixture
def newest(database: Database, person: Person) -> SessionSummary:
    """The person's last session."""
    with database.read() as connection:
        return list_sessions(connection, person.person_id, limit=1)[0]


@pytest.fixture
def stranger(database: Database) -> Person:
    """Somebody else."""
    with database.write() as connection:
        return add_person(connection, "Somebody else", time_zone="Asia/Seoul")


async def parts_of(content: bytes) -> AsyncIterator[bytes]:
    """A body as it comes."""
    for start in range(0, len(content), 50_000):
        yield content[start : start + 50_000]


async def timeline_of(shown: ShownRecording, points: int = 200) -> dict[str, object]:
    """The whole timeline of a recording."""
    assert await shown.opened.over(LONGEST_WAIT_S)
    found: dict[str, object] = json.loads(await timeline_document(shown, points))
    assert found["complete"] is True
    return found


def test_the_list_goes_back_page_by_page_and_holds_every_session(
    place: Workplace, database: Database, person: Person
) -> None:
    with database.read() as connection:
        all_of_them = list_sessions(connection, person.person_id)
    found, before = [], None
    while True:
        page = sessions_page(database, person, place.catalogue, before, limit=2)
        found += [one.session.session_id for one in page.sessions]
        before = page.earlier_before
        if before is None:
            break
    assert found == [one.session_id for one in all_of_them]
    assert len(found) > 2


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_instant_that_no_calendar_has_is_refused(
    place: Workplace, database: Database, person: Person, instant: str
) -> None:
    with pytest.raises(UsageError, match="no instant"):
        sessions_page(database, person, place.catalogue, datetime.fromisoformat(instant))


def test_the_list_says_what_was_done(place: Workplace, database: Database, person: Person) -> None:
    page = sessions_page(database, person, place.catalogue)
    for one in page.sessions:
        [done] = one.done
        assert done.both_legs
        assert (done.sets, done.valid_reps) == (1, one.session.valid_reps)
        assert done.title == place.catalogue.find(done.name).title


async def test_a_session_over_time_agrees_with_what_is_stored(
    place: Workplace, database: Database, person: Person, newest: SessionSummary, shelf: Shelf
) -> None:
    stored = read_review(database, person, newest.session_id)
    assert stored.analysis is not None
    found = await timeline_of(await open_session(shelf, place, stored))
    repetitions = found["repetitions"]
    assert isinstance(repetitions, list)
    assert sum(one["valid"] for one in repetitions) == newest.valid_reps
    assert len(repetitions) == newest.valid_reps + newest.partial_reps
    for one in repetitions:
        assert one["start_s"] < one["peak_s"] < one["counted_s"] <= one["end_s"] + 2.0
        assert one["counted_s"] != one["end_s"], "the moment it was told is known"
    courses = found["courses"]
    assert isinstance(courses, list)
    assert {one["side"] for one in courses} == {"left", "right"}
    phases = found["phases"]
    assert isinstance(phases, list)
    assert {"standing", "reference", "rest", "set"} <= {one["kind"] for one in phases}


async def test_a_stretch_has_more_of_it_than_the_whole(
    place: Workplace, database: Database, person: Person, newest: SessionSummary, shelf: Shelf
) -> None:
    shown = await open_session(shelf, place, read_review(database, person, newest.session_id))
    whole = await timeline_of(shown, points=40)
    stretch = json.loads(await courses_document(shown, 10.0, 14.0, 500))
    of_left = next(one for one in stretch["courses"] if one["side"] == "left")
    assert len(of_left["time_s"]) == 402
    courses = whole["courses"]
    assert isinstance(courses, list)
    assert all(sum(10.0 <= at_s < 14.0 for at_s in one["time_s"]) < 40 for one in courses)
    with pytest.raises(UsageError):
        await courses_document(shown, 14.0, 10.0, 400)


async def test_a_session_whose_file_is_gone_says_so(
    place: Workplace, database: Database, person: Person, newest: SessionSummary, shelf: Shelf
) -> None:
    file = newest.recording_file(place.home.folder)
    assert file is not None
    file.unlink()
    with pytest.raises(InputError, match="cannot be opened"):
        await open_session(shelf, place, read_review(database, person, newest.session_id))


def test_somebody_elses_session_is_as_if_it_were_not_there(
    place: Workplace, database: Database, stranger: Person, newest: SessionSummary
) -> None:
    with pytest.raises(UsageError, match="there is no session"):
        read_review(database, stranger, newest.session_id)
    said = SetSaid(1, Side.LEFT, valid_reps=1)
    with pytest.raises(UsageError, match="there is no session"):
        correct_set(database, stranger, newest.session_id, said, "mine", place.catalogue)
    for change in (delete, undo_correction):
        with pytest.raises(UsageError, match="there is no session"):
            change(database, stranger, newest.session_id, "mine", place.catalogue)


def test_a_correction_counts_is_kept_with_its_reason_and_can_be_undone(
    place: Workplace, database: Database, person: Person, newest: SessionSummary
) -> None:
    number, catalogue = newest.session_id, place.catalogue
    before = read_review(database, person, number)
    left = next(one for one in before.history.sets if one.side is Side.LEFT)
    said = SetSaid(left.set_number, Side.LEFT, valid_reps=left.valid_reps - 1, partial_reps=3)
    correct_set(database, person, number, said, "counted aloud", catalogue)
    after = read_review(database, person, number)
    corrected = next(one for one in after.history.sets if one.side is Side.LEFT)
    assert corrected.counted_valid_reps == left.valid_reps - 1
    assert (corrected.valid_reps, corrected.counted_partial_reps) == (left.valid_reps, 3)
    assert after.analysis == before.analysis, "what was measured stays"
    [made] = after.history.revisions
    assert (made.action, made.reason) == (Action.EDIT, "counted aloud")
    undo_correction(database, person, number, "it was right", catalogue)
    again = read_review(database, person, number).history
    assert again.sets == before.history.sets
    assert [one.action for one in again.revisions] == [Action.EDIT, Action.UNDO]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (SetSaid(1, Side.LEFT, valid_reps=-1), "why"),
        (SetSaid(1, Side.LEFT, valid_reps=10_001), "why"),
        (SetSaid(1, Side.LEFT, exercise="no_such"), "why"),
        (SetSaid(9, Side.LEFT, valid_reps=1), "why"),
        (SetSaid(1, None, valid_reps=1), "why"),
        (SetSaid(1, Side.LEFT), "why"),
        (SetSaid(1, Side.LEFT, valid_reps=1), "  "),
        (SetSaid(1, Side.LEFT, valid_reps=1), "two\nlines"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    said: SetSaid,
    reason: str,
    place: Workplace,
    database: Database,
    person: Person,
    newest: SessionSummary,
) -> None:
    before = read_review(database, person, newest.session_id)
    with pytest.raises(UsageError):
        correct_set(database, person, newest.session_id, said, reason, place.catalogue)
    assert read_review(database, person, newest.session_id) == before


def test_a_deleted_session_is_listed_apart_and_comes_back(
    place: Workplace, database: Database, person: Person, newest: SessionSummary
) -> None:
    def listed(*, deleted: bool) -> list[int]:
        page = sessions_page(database, person, place.catalogue, deleted=deleted)
        return [one.session.session_id for one in page.sessions]

    number = newest.session_id
    delete(database, person, number, "on the table", place.catalogue)
    assert number not in listed(deleted=False)
    assert listed(deleted=True) == [number]
    assert read_review(database, person, number).history.session.deleted_at is not None
    restore(database, person, number, "it counts", place.catalogue)
    assert number in listed(deleted=False)


def test_rest_tests_can_be_left_out(
    place: Workplace, database: Database, person: Person, newest: SessionSummary
) -> None:
    def change(*, counts: bool) -> None:
        count_rest_tests(
            database, person, newest.session_id, counts=counts, reason="moved", catalogue=place.catalogue
        )

    change(counts=False)
    assert read_review(database, person, newest.session_id).history.session.rest_left_out
    with pytest.raises(UsageError):
        change(counts=False)
    change(counts=True)
    assert not read_review(database, person, newest.session_id).history.session.rest_left_out


async def test_what_was_told_by_hand_has_no_recording_and_is_corrected(
    place: Workplace, database: Database, person: Person, shelf: Shelf
) -> None:
    with database.write() as connection:
        number = add_session_by_hand(
            connection,
            person_id=person.person_id,
            started_at=datetime.now(UTC) - timedelta(hours=2),
            time_zone="Europe/Berlin",
            minutes=20.0,
            done=(ManualSet("bridge", Side.LEFT, 3, 10), ManualSet("bridge", Side.RIGHT, 3, 10)),
        )
    said = ToldSaid(2, sets=2, reps=8, hold_s=5.0)
    correct_told(database, person, number, said, "looked it up", place.catalogue)
    stored = read_review(database, person, number)
    assert stored.history.told[1] == ManualSet("bridge", Side.RIGHT, 2, 8, 5.0)
    with pytest.raises(UsageError, match="without sensors"):
        await open_session(shelf, place, stored)


async def test_a_dropped_recording_is_for_its_owner_alone_and_goes_when_it_is_removed(
    place: Workplace, dropped: DropFolder, shelf: Shelf
) -> None:
    content = REAL.read_bytes()
    file = await receive(place, dropped, shelf, "C:\\from\\s01_left.mcap", parts_of(content), len(content))
    assert file.name == "s01_left.mcap"
    assert file.path.read_bytes() == content
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    found = await timeline_of(await open_dropped(shelf, place, file))
    assert found["sets"]
    dropped.close()
    assert leftovers(place) == []
    with pytest.raises(UsageError, match="not here any more"):
        dropped.find(file.token)


@pytest.mark.parametrize("announced", [True, False])
async def test_what_is_too_large_is_refused_and_leaves_nothing(
    announced: bool, place: Workplace, dropped: DropFolder, shelf: Shelf
) -> None:
    content = bytes(300_000)
    small = replace(place, settings=replace(place.settings, page=PageParameters(upload_mb=0.2)))
    with pytest.raises(InputError, match="larger than"):
        await receive(
            small, dropped, shelf, "big.mcap", parts_of(content), len(content) if announced else None
        )
    assert leftovers(place) == []


async def test_what_breaks_off_or_is_empty_leaves_nothing(
    place: Workplace, dropped: DropFolder, shelf: Shelf
) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield bytes(2_000_000)
        raise ConnectionError("the browser went away")

    with pytest.raises(ConnectionError):
        await receive(place, dropped, shelf, "half.mcap", broken())
    with pytest.raises(InputError, match="is empty"):
        await receive(place, dropped, shelf, "empty.mcap", parts_of(b""))
    assert leftovers(place) == []


async def test_a_wrong_file_is_refused_by_the_name_that_the_person_knows(
    place: Workplace, dropped: DropFolder, shelf: Shelf
) -> None:
    file = await receive(place, dropped, shelf, "holiday.mcap", parts_of(b"\xff\xd8\xff\xe0 a picture"))
    shown = await open_dropped(shelf, place, file)
    assert await shown.opened.over(LONGEST_WAIT_S)
    with pytest.raises(TrackerError) as refused:
        await timeline_document(shown, 100)
    told = plain_error(refused.value, file)
    assert "holiday.mcap" in told.message
    assert str(file.path) not in told.message


async def test_the_oldest_dropped_recording_gives_way(
    place: Workplace, dropped: DropFolder, shelf: Shelf
) -> None:
    content = REAL.read_bytes()
    files = [await receive(place, dropped, shelf, f"{number}.mcap", parts_of(content)) for number in range(5)]
    with pytest.raises(UsageError):
        dropped.find(files[0].token)
    assert not files[0].path.exists()
    assert all(dropped.find(one.token) == one for one in files[1:])


async def test_recordings_that_come_in_at_once_disturb_each_other_in_nothing(
    place: Workplace, dropped: DropFolder, shelf: Shelf
) -> None:
    for number in range(4):
        await receive(place, dropped, shelf, f"{number}.mcap", parts_of(b"before"))
    many = [receive(place, dropped, shelf, f"{number}.mcap", parts_of(b"x")) for number in range(12)]
    files = await asyncio.gather(*many)
    here = [one for one in files if one.path.exists()]
    assert len(here) == 4
    assert all(dropped.find(one.token) == one for one in here)


async def test_a_file_leaves_room_on_the_disk_for_the_session_that_runs(
    place: Workplace, shelf: Shelf
) -> None:
    crowded = DropFolder(least_free_bytes=1 << 60)
    with pytest.raises(StorageError, match=r"cannot be written: .*full"):
        await receive(place, crowded, shelf, "one.mcap", parts_of(b"x"))
    assert leftovers(place) == []
    crowded.close()


def test_files_that_begin_at_once_lie_in_one_folder(tmp_path: Path, dropped: DropFolder) -> None:
    together = threading.Barrier(8)

    def begun() -> Path:
        together.wait()
        with dropped.begin(tmp_path, "one.mcap", 10) as receiving:
            return receiving.path.parent

    with ThreadPoolExecutor(8) as threads:
        folders = {one.result() for one in [threads.submit(begun) for _ in range(8)]}
    assert len(folders) == 1
    dropped.close()
    assert list(tmp_path.iterdir()) == []


async def test_a_dropped_recording_becomes_a_session_once(
    place: Workplace, database: Database, person: Person, dropped: DropFolder, shelf: Shelf
) -> None:
    async def keep_it() -> int:
        file = await receive(place, dropped, shelf, "one.mcap", parts_of(SIMULATED.read_bytes()))
        shown = await open_dropped(shelf, place, file)
        assert await shown.opened.over(LONGEST_WAIT_S)
        return await keep(place, database, person, dropped, shelf, file, shown)

    number = await keep_it()
    stored = read_review(database, person, number).history
    assert stored.session.simulated, "what is simulated stays marked"
    assert stored.session.valid_reps + stored.session.partial_reps == 20
    file = stored.session.recording_file(place.home.folder)
    assert file is not None
    assert file.parent == place.home.recordings
    assert file.read_bytes() == SIMULATED.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="began at that moment"):
        await keep_it()


async def test_a_cut_recording_is_shown_and_not_kept(
    place: Workplace, database: Database, person: Person, dropped: DropFolder, shelf: Shelf
) -> None:
    content = SIMULATED.read_bytes()
    file = await receive(place, dropped, shelf, "cut.mcap", parts_of(content[: len(content) * 2 // 3]))
    shown = await open_dropped(shelf, place, file)
    assert (await timeline_of(shown))["courses"]
    with pytest.raises(InputError, match="not whole"):
        await keep(place, database, person, dropped, shelf, file, shown)
    assert dropped.find(file.token) == file


def test_what_a_killed_program_left_is_removed_after_a_day(tmp_path: Path) -> None:
    old, new = tmp_path / ".dropped.old", tmp_path / ".dropped.new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "one.mcap").write_bytes(b"x")
    yesterday = datetime.now(UTC).timestamp() - 90_000.0
    os.utime(old, (yesterday, yesterday))
    remove_forgotten(tmp_path, ".dropped.")
    assert not old.exists()
    assert new.exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\x1b[31mb.mcap", "a[31mb.mcap"),
        ("", "recording"),
        ("/", "recording"),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_name_is_shown_without_folders_and_without_what_steers(name: str, shown: str) -> None:
    assert shown_name(name) == shown


async def test_a_disk_that_cannot_be_written_says_so(
    place: Workplace, dropped: DropFolder, shelf: Shelf
) -> None:
    gone = replace(place, home=replace(place.home, folder=place.home.folder / "missing"))
    with pytest.raises(StorageError):
        await receive(gone, dropped, shelf, "one.mcap", parts_of(b"x"))
