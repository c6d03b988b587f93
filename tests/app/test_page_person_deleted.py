"""A person is deleted on the page Persons: what goes is shown, the name is typed, nothing of theirs stays."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser_fixtures import OpenPage, Serve
from data_homes import default_of, place_in
from history_home import OTHER_PERSON, copied_home
from killed_deletions import killed_deletion
from playwright.sync_api import expect

from tracker.model import SessionFelt
from tracker.store.corrections import FieldEdit, edit_session
from tracker.store.database import Database
from tracker.store.felt import save_session_felt
from tracker.store.persons import person_meant
from tracker.store.revisions import Field
from tracker.store.sessions import list_sessions

pytestmark = pytest.mark.browser

WORK_MS = 30_000
DONE = "The person was deleted"
NOTE = "zwickt-in-der-leiste"


@dataclass(frozen=True, slots=True)
class Shared:
    """A home folder in which the other person has two sessions, and what belongs to whom."""

    folder: Path
    other_id: int
    of_other: frozenset[str]
    of_default: frozenset[str]

    @property
    def recordings(self) -> frozenset[str]:
        """Names of those that are there."""
        return frozenset(path.name for path in (self.folder / "simulated" / "recordings").iterdir())

    def files_with(self, text: str) -> list[str]:
        """Names of the files that hold a text."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return [path.name for path in found if text.encode() in path.read_bytes()]


@pytest.fixture
def shared(history: Path, tmp_path: Path) -> Shared:
    folder = copied_home(history, tmp_path / "home")
    place = place_in(folder)
    with place.database() as database:
        default = default_of(database)
        with database.write() as connection:
            other = person_meant(connection, OTHER_PERSON, time_zone="UTC")
            moved = list_sessions(connection, default.person_id, limit=2)
            for one in moved:
                to_other = FieldEdit(Field.PERSON, str(other.person_id))
                edit_session(connection, one.session_id, [to_other], reason="was the other one's")
                save_session_felt(connection, one.session_id, SessionFelt(notes=NOTE))
        return Shared(
            folder,
            other.person_id,
            _recordings(database, other.person_id),
            _recordings(database, default.person_id),
        )


def _recordings(database: Database, person_id: int) -> frozenset[str]:
    with database.read() as connection:
        paths = [one.recording_path or "" for one in list_sessions(connection, person_id)]
    return frozenset(Path(path).name for path in paths)


def test_a_person_goes_once_the_name_is_typed(shared: Shared, open_page: OpenPage, serve: Serve) -> None:
    assert len(shared.of_other) == 2 and shared.of_other | shared.of_default == shared.recordings
    app = serve(shared.folder)
    other_page = open_page(app, "/en/persons")
    other_page.page.get_by_role("button", name=f"Show {OTHER_PERSON}").click()
    expect(other_page.page.get_by_role("link", name=f"Person: {OTHER_PERSON}")).to_be_visible()

    watched = open_page(app, "/en/persons", width=360)
    page = watched.page
    expect(page.get_by_text("The default person cannot be deleted.")).to_have_count(1)
    page.get_by_role("button", name=f"Delete {OTHER_PERSON}").click()
    dialog = page.get_by_role("dialog", name=f"Delete {OTHER_PERSON} for good?")
    expect(dialog.get_by_text("2 sessions")).to_be_visible(timeout=WORK_MS)
    expect(dialog.get_by_text("2 notes")).to_be_visible()
    expect(dialog.get_by_text(re.compile(r"2 recordings: [0-9.]+ MB"))).to_be_visible()
    expect(dialog.get_by_text("Backups and exports that you keep elsewhere")).to_be_visible()
    assert watched.serious_findings() == []
    assert watched.too_wide() == []

    dialog.get_by_role("button", name=f"Keep {OTHER_PERSON}").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name=f"Delete {OTHER_PERSON}").click()
    dialog.get_by_role("button", name="Delete for good").click()
    expect(dialog.get_by_text(f"Type the name {OTHER_PERSON}.")).to_be_visible(timeout=WORK_MS)
    assert shared.of_other <= shared.recordings

    dialog.get_by_label(f"Type the name {OTHER_PERSON} to go on").fill(OTHER_PERSON)
    dialog.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name=OTHER_PERSON)).to_have_count(0, timeout=WORK_MS)
    told = page.get_by_role("status").filter(has_text=DONE)
    expect(told).to_be_focused(timeout=WORK_MS)
    assert watched.serious_findings() == []
    # What others had open of the person is loaded anew, and shows the default one.
    expect(other_page.page.get_by_role("link", name=f"Person: {OTHER_PERSON}")).to_have_count(
        0, timeout=WORK_MS
    )
    assert shared.recordings == shared.of_default
    assert shared.files_with(NOTE) == shared.files_with(OTHER_PERSON) == []
    # The only one is not asked for.
    expect(page.get_by_role("button", name=re.compile("^Delete "))).to_have_count(0)


def test_a_deletion_that_was_killed_is_finished(shared: Shared, open_page: OpenPage, serve: Serve) -> None:
    killed_deletion(shared.folder / "simulated", shared.other_id, OTHER_PERSON)
    assert shared.of_other <= shared.recordings
    app = serve(shared.folder)
    watched = open_page(app, "/en/persons")
    region = watched.page.get_by_role("region", name=f"The deletion of {OTHER_PERSON} is not finished")
    region.get_by_role("button", name="Finish it").click()
    expect(region).to_have_count(0, timeout=WORK_MS)
    expect(watched.page.get_by_role("status").filter(has_text=DONE)).to_be_visible(timeout=WORK_MS)
    assert shared.recordings == shared.of_default


def test_of_a_person_who_is_there_no_address_says_otherwise(
    shared: Shared, open_page: OpenPage, serve: Serve
) -> None:
    app = serve(shared.folder)
    page = open_page(app, f"/en/persons?deleted={shared.other_id}").page
    expect(page.get_by_role("heading", name=OTHER_PERSON)).to_be_visible()
    expect(page.get_by_text(DONE)).to_have_count(0)
