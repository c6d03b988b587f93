"""Of the files only those that are one person's own recordings go, whatever rows, links and notes say."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared_homes import ANNA, copied, person_of, recording, shared_home
from sqlalchemy import text

from tracker.backup.opening import open_home_database
from tracker.home import Home
from tracker.recording.recover import recover
from tracker.session.begun_deletion import BegunDeletion, notes, write_note
from tracker.session.person_deletion import delete_person, finish_deletion, person_data
from tracker.session.person_files import PersonFiles
from tracker.store.database import Database

HER_SESSION = 2


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


def files_below(folder: Path) -> set[str]:
    """Every file and link, but the database's."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return {str(path.relative_to(folder)) for path in found if "tracker.db" not in path.name}


def delete_anna(home: Home, database: Database) -> PersonFiles:
    return delete_person(home, database, person_of(database, ANNA).person_id, ANNA).files


def let_lie_at(database: Database, path: str) -> None:
    """Somebody wrote into the database where a recording lies."""
    with database.write() as connection:
        query = text("UPDATE recording SET path = :path WHERE session_id = :id")
        connection.execute(query, {"path": path, "id": HER_SESSION})


HERS = {"home/recordings/2-1.mcap", "home/recordings/2-2.mcap"}
"""Those of the sessions whose paths are as the program wrote them."""


@pytest.mark.parametrize(
    "path",
    [
        "settings.toml",
        "recordings/../settings.toml",
        "recordings/../../outside.mcap",
        "recordings/below/../../settings.toml",
        "../outside.mcap",
        "{outside}",
        "recordings/link.mcap",
        "recordings/folder-link/outside.mcap",
        "recordings/../home-link/settings.toml",
        "recordings/1-0.mcap",
        "recordings/./below/../1-0.mcap",
        "recordings/below",
        "recordings",
        "recordings/..",
        "recordings/link-to-hers.mcap",
        "recordings/loop/x.mcap",
        "recordings/no\0name.mcap",
        "recordings/" + "x" * 5000,
        "",
        "/",
        "/dev/null",
    ],
)
def test_a_hostile_path_removes_no_other_file(
    path: str, home: Home, database: Database, tmp_path: Path
) -> None:
    outside = tmp_path / "elsewhere" / "outside.mcap"
    outside.parent.mkdir()
    outside.write_bytes(b"of somebody")
    (tmp_path / "outside.mcap").write_bytes(b"of somebody")
    (home.recordings / "below").mkdir()
    (home.recordings / "link.mcap").symlink_to(outside)
    (home.recordings / "link-to-hers.mcap").symlink_to(home.recordings / "1-1.mcap")
    (home.recordings / "folder-link").symlink_to(outside.parent)
    (home.recordings / "loop").symlink_to(home.recordings / "loop")
    (home.folder / "home-link").symlink_to(home.folder)
    let_lie_at(database, path.format(outside=outside))
    before = files_below(tmp_path)
    delete_anna(home, database)
    # What was at the place that the row had before belongs to no session any more.
    assert before - files_below(tmp_path) == HERS
    assert outside.read_bytes() == (tmp_path / "outside.mcap").read_bytes() == b"of somebody"


def test_a_recording_elsewhere_stays_and_is_named(home: Home, database: Database, tmp_path: Path) -> None:
    elsewhere = recording(tmp_path / "evening.mcap", 13 * 10**17)
    let_lie_at(database, str(elsewhere))
    files = delete_anna(home, database)
    assert files.left == (str(elsewhere),)
    assert elsewhere.is_file()


def test_a_file_of_two_persons_stays_for_the_other_under_each_of_its_names(
    home: Home, database: Database
) -> None:
    os.link(home.recordings / "1-0.mcap", home.recordings / "again.mcap")
    let_lie_at(database, "recordings/again.mcap")
    assert delete_anna(home, database).left == ("recordings/again.mcap",)
    assert (home.recordings / "1-0.mcap").is_file()


def test_the_folder_of_recordings_may_be_a_link_to_another_disk(
    home: Home, database: Database, tmp_path: Path
) -> None:
    home.recordings.rename(tmp_path / "disk")
    home.recordings.symlink_to(tmp_path / "disk")
    delete_anna(home, database)
    assert {path.name for path in (tmp_path / "disk").iterdir()} == {"1-0.mcap", "1-1.mcap", "1-2.mcap"}


def test_copies_of_a_recording_go_with_it_and_those_of_others_stay(home: Home, database: Database) -> None:
    cut = home.recordings / "2-0.mcap"
    recover(cut, home.recordings / "2-0.recovered.mcap")
    let_lie_at(database, "recordings/2-0.recovered.mcap")
    recover(cut, home.recordings / "of another name.mcap")
    (home.recordings / ".2-0.recovered.mcap.0011aabb.part").write_bytes(cut.read_bytes()[:-8])
    (home.recordings / "2-1.recovered.mcap").write_bytes(b"")
    mine = home.recordings / "1-0.mcap"
    recover(mine, home.recordings / "1-0.recovered.mcap")
    recording(home.recordings / "of nobody.mcap", 15 * 10**17)
    files = delete_anna(home, database)
    stay = {"1-0.mcap", "1-0.recovered.mcap", "1-1.mcap", "1-2.mcap", "of nobody.mcap"}
    assert {path.name for path in home.recordings.iterdir()} == stay
    assert (len(files.own), files.unclaimed) == (7, 2)


def test_imports_that_began_at_the_same_moment_are_told_apart(home: Home, database: Database) -> None:
    start_ns = 14 * 10**17
    recording(home.recordings / "1-0.mcap.new", start_ns).replace(home.recordings / "1-0.mcap")
    recording(home.recordings / "2-0.mcap.new", start_ns).replace(home.recordings / "2-0.mcap")
    recording(home.recordings / "whose.mcap", start_ns)
    files = delete_anna(home, database)
    assert (home.recordings / "whose.mcap").is_file()
    assert (len(files.own), files.unclaimed) == (3, 1)


def test_looking_changes_nothing(home: Home, database: Database) -> None:
    before = files_below(home.folder)
    person_data(home, database, person_of(database, ANNA).person_id)
    assert files_below(home.folder) == before


@pytest.mark.parametrize(
    "name", ["1-0.mcap", "../settings.toml", "../recordings/1-0.mcap", "/etc/hostname", "below", "", "\0"]
)
def test_a_hostile_note_removes_no_file_of_others(name: str, home: Home, database: Database) -> None:
    (home.recordings / "below").mkdir()
    delete_anna(home, database)
    before = files_below(home.folder)
    begun = BegunDeletion(2, ANNA, "", (name,))
    write_note(home, begun)
    assert notes(home, "") == (begun,)
    assert finish_deletion(home, database, begun) == 0
    assert files_below(home.folder) == before


def test_files_of_a_person_who_was_brought_back_meanwhile_stay(home: Home, database: Database) -> None:
    # As a restored backup does, between the rows and the files of a deletion.
    before = files_below(home.folder)
    anna = person_of(database, ANNA)
    begun = BegunDeletion(anna.person_id, ANNA, "", ("2-0.mcap", "2-1.mcap"))
    assert finish_deletion(home, database, begun) == 0
    assert files_below(home.folder) == before
