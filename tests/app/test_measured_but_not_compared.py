"""A rest test measured otherwise than those before: so it is said, and not that nothing was measured."""

from pathlib import Path

import pytest
import session_driver as person_does
from browser_fixtures import SHORT_GUIDE, OpenPage, Serve
from data_homes import default_of, place_in
from history_home import copied_home
from playwright.sync_api import expect
from sqlalchemy import update

from tracker.app.operations.after_session import after_session
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.sessions import list_sessions
from tracker.store.tables import AnalysisTable
from tracker.store.values import Person

OLD_VERSION = "0"
REANALYZE = "measures the older recordings by the present version"


def test_what_the_trend_leaves_out_of_the_newest_session_is_told(
    place: Workplace, database: Database, person: Person
) -> None:
    with database.write() as connection:
        newest, *others = sorted(list_sessions(connection, person.person_id), key=lambda one: -one.session_id)
    assert len(others) >= 2
    before = after_session(place, database, person, newest.session_id)
    assert {"left", "right"} <= {one.name for one in before.resting}
    assert before.not_compared == ()
    _analysed_by(database, OLD_VERSION, newest.session_id)
    after = after_session(place, database, person, newest.session_id)
    assert any(test.refused is None for test in after.rest_tests)
    assert after.resting == ()
    [left_out, advice] = after.not_compared
    assert f"analysed by version {OLD_VERSION}" in left_out
    assert REANALYZE in advice


@pytest.mark.browser
def test_the_page_says_so_above_the_angles(
    week_home: Path, tmp_path: Path, serve: Serve, open_page: OpenPage
) -> None:
    folder = copied_home(week_home, tmp_path / "home", SHORT_GUIDE)
    with place_in(folder).database() as database:
        default_of(database)
        _analysed_by(database, OLD_VERSION)
    page = open_page(serve(folder), "/en/session").page
    person_does.choose_rest_test(page)
    person_does.start(page)
    person_does.wait_for_done(page)
    person_does.finish(page)
    resting = page.get_by_role("region", name="Resting hip rotation")
    expect(resting).to_contain_text("It was measured, but cannot be compared with your earlier ones.")
    expect(resting).not_to_contain_text("Nothing could be measured")
    expect(resting).to_contain_text("analysed by version")
    expect(resting.locator(".rest-tests li").first).to_contain_text("±")


def _analysed_by(database: Database, version: str, session_id: int | None = None) -> None:
    """Let an older version of the program have analysed one session, or all of them."""
    with database.write() as connection:
        change = update(AnalysisTable).values(version=version)
        if session_id is not None:
            change = change.where(AnalysisTable.recording_id == session_id)
        connection.execute(change)
