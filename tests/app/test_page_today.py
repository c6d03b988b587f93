"""The page Today as a person uses it: one large button, and the session that the plan asks for."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import session_driver as person
from app_process import ServedApp
from browser_fixtures import SHORT_GUIDE, OpenPage, Serve
from playwright.sync_api import expect

from tracker.home import Home
from tracker.local_time import local_time_zone
from tracker.plan.plan_table import FILE_NAME, shipped_plan_text
from tracker.session.plan_answers import begin_plan
from tracker.session.workplace import workplace
from tracker.store.analyses import read_analysis
from tracker.store.persons import person_meant
from tracker.store.plans import targets_of
from tracker.store.sessions import list_sessions

pytestmark = pytest.mark.browser

FIRST = "supine_roll_in"
TITLE = "Rolling the legs in, lying"


@pytest.fixture
def planned(tmp_path: Path, serve: Serve) -> ServedApp:
    """An app whose person begins the shipped plan today."""
    (tmp_path / "settings.toml").write_text(SHORT_GUIDE, encoding="utf-8")
    home = Home(tmp_path)
    home.create()
    place = workplace(home, simulated=True)
    with place.database() as database, database.write() as connection:
        someone = person_meant(connection, None, time_zone=local_time_zone())
        today = datetime.now(UTC).astimezone(ZoneInfo(someone.time_zone)).date()
        begin_plan(
            connection,
            someone.person_id,
            shipped_plan_text(),
            FILE_NAME,
            place.catalogue,
            today=today,
            starts_on=today,
        )
    return serve(tmp_path)


def test_the_large_button_begins_what_the_plan_asks_for(planned: ServedApp, open_page: OpenPage) -> None:
    page = open_page(planned, "/en/today").page
    expect(page.get_by_role("article").first).to_contain_text(TITLE)
    boxes = [(one.bounding_box(), one) for one in page.locator("#content :is(.button, button)").all()]
    shown = [(box["width"] * box["height"], one) for box, one in boxes if box is not None]
    [(area, large), (next_area, _)] = sorted(shown, key=lambda one: one[0], reverse=True)[:2]
    assert area > next_area
    expect(large).to_have_text("Start")
    large.click()
    page.wait_for_url("**/en/session?what=plan")
    expect(page.get_by_label("What the plan asks for today")).to_be_checked()
    page.get_by_label("Begin with the rest test").uncheck()
    person.start(page)
    step = page.locator(".live[data-phase=on] .live-step").filter(has_text=TITLE)
    expect(step).to_contain_text("set 1 of 2", timeout=person.SESSION_LIMIT_MS)
    person.wait_for_count(page, 1)
    person.stop(page)
    expect(page.get_by_role("table").first).to_contain_text(TITLE)

    with (
        workplace(Home(planned.folder), simulated=True).database() as database,
        database.read() as connection,
    ):
        someone = person_meant(connection, None, time_zone=local_time_zone())
        [session] = list_sessions(connection, someone.person_id)
        asked = targets_of(connection, [session.session_id])[session.session_id]
        analysis = read_analysis(connection, session.session_id)
    assert asked[0].exercise == FIRST
    assert analysis is not None
    assert {one.exercise for one in analysis.analysis.sets} == {FIRST}
