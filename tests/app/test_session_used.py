"""A session as a person has it: in the browser, on a body that does what the page asks."""

from pathlib import Path

import pytest
import session_driver as person
from app_process import ServedApp
from browser_fixtures import OpenPage, Serve, short_guide
from playwright.sync_api import expect

from tracker.home import Home
from tracker.model import ExerciseSet, Side
from tracker.session.set_counter import GAP
from tracker.session.workplace import workplace
from tracker.store.analyses import read_analysis
from tracker.store.persons import person_meant
from tracker.store.sessions import list_sessions

pytestmark = pytest.mark.browser


def stored_sets(app: ServedApp) -> list[tuple[ExerciseSet, ...]]:
    """The sets of each session in the store of an app."""
    place = workplace(Home(app.folder), simulated=True)
    with place.database() as database, database.read() as connection:
        person_id = person_meant(connection, None, time_zone="UTC").person_id
        found = [read_analysis(connection, one.session_id) for one in list_sessions(connection, person_id)]
    return [() if one is None else one.analysis.sets for one in found]


def test_from_start_to_the_week(served: ServedApp, open_page: OpenPage) -> None:
    window = open_page(served, "/en/today")
    page = window.page
    page.get_by_role("navigation").get_by_role("link", name="Session").click()
    person.choose_exercise(page, repetitions=3, rest_test=True)
    person.note_steps(page)
    person.start(page)
    for step in ("Stand still", "Reference pose", "Rest test"):
        person.wait_for_noted(page, step)
    expect(page.locator(".live-tests article")).to_have_count(1, timeout=person.SESSION_LIMIT_MS)
    expect(page.locator(".live-tests .care")).to_have_count(0)
    person.wait_for_count(page, 1)
    assert window.serious_findings() == []
    person.wait_for_count(page, 3)
    person.say_felt(page, 1, pain=2, effort=6)
    person.finish(page)
    sets = page.get_by_role("table").first
    expect(sets).to_contain_text("Rolling the legs in, lying")
    assert window.serious_findings() == []
    window.resize(360, 740)
    assert window.scrolls_sideways() == []
    window.resize(1280)
    page.get_by_role("navigation").get_by_role("link", name="Week").click()
    page.wait_for_url("**/week")
    expect(page.locator("#content")).to_contain_text("Rolling the legs in, lying")
    expect(page.locator(".simulated")).to_be_visible()
    ((left, right),) = stored_sets(served)
    assert {left.valid_reps, right.valid_reps} == {3}


def test_a_rest_test_that_was_refused_says_why_and_is_repeated(
    served: ServedApp, open_page: OpenPage
) -> None:
    page = open_page(served, "/en/session").page
    person.choose_rest_test(page)
    served.restless(2)
    person.start(page)
    tests = page.locator(".live-tests article")
    refused = tests.filter(has_text="Rest test 1").locator(".care")
    expect(refused).to_have_count(1, timeout=person.SESSION_LIMIT_MS)
    expect(refused).to_contain_text("Both legs")
    expect(refused).to_contain_text("Could not be measured")
    # once by itself
    expect(page.locator(".live")).to_contain_text("That could not be measured; once more.")
    again = tests.filter(has_text="Rest test 2").locator(".care")
    expect(again).to_have_count(1, timeout=person.SESSION_LIMIT_MS)
    person.wait_for_done(page)
    # and as often as the person likes
    page.get_by_role("button", name="Repeat the rest test").click()
    third = tests.filter(has_text="Rest test 3")
    expect(third).to_be_visible(timeout=person.SESSION_LIMIT_MS)
    expect(third.locator(".care")).to_have_count(0)
    expect(third).to_contain_text("°")
    person.finish(page)


def test_a_sensor_that_is_lost_in_a_set_is_told_in_words_and_comes_back(
    served: ServedApp, open_page: OpenPage
) -> None:
    page = open_page(served, "/en/session").page
    person.choose_exercise(page, repetitions=0)
    person.start(page)
    person.wait_for_count(page, 2)
    served.lose("left_thigh", 3.0)
    alarm = page.locator(".alarm[data-placement=left_thigh]")
    expect(alarm).to_contain_text("the connection is lost", timeout=person.SESSION_LIMIT_MS)
    expect(alarm).to_contain_text("Bring it closer")
    expect(alarm).to_have_count(0, timeout=person.SESSION_LIMIT_MS)
    row = page.locator(".live-sensors [data-placement=left_thigh]")
    expect(row).to_have_attribute("data-state", "streaming", timeout=person.SESSION_LIMIT_MS)
    person.wait_for_count(page, 6, Side.RIGHT)
    person.stop(page)


def test_a_page_that_is_closed_and_opened_again_in_a_set_shows_the_same_session(
    served: ServedApp, open_page: OpenPage
) -> None:
    first = open_page(served, "/en/session")
    person.choose_exercise(first.page, repetitions=30)
    person.start(first.page)
    person.wait_for_count(first.page, 2)
    first.close()
    again = open_page(served, "/en/session", width=360).page
    person.wait_for_count(again, 2)
    # it does not only show what was: it goes on
    person.wait_for_count(again, int(person.count_of(again, Side.RIGHT).inner_text()) + 1)
    # the other leg may close its repetition a moment later
    person.wait_for_count(again, 3, Side.LEFT)
    person.stop(again)
    for done in stored_sets(served)[0]:
        assert done.valid_reps >= 3
        assert GAP not in done.flags


def test_two_pages_see_one_session_and_both_steer_it(served: ServedApp, open_page: OpenPage) -> None:
    first = open_page(served, "/en/session").page
    second = open_page(served, "/ko/session", width=360).page
    person.choose_exercise(first, repetitions=0)
    person.start(first)
    for page in (first, second):
        person.wait_for_count(page, 1)
    second.locator("body").press("Space")
    for page in (first, second):
        expect(page.locator(".live[data-phase=paused]")).to_be_visible(timeout=person.SESSION_LIMIT_MS)
    first.get_by_role("button", name="Go on").click()
    for page in (first, second):
        expect(page.locator(".live[data-phase=paused]")).to_have_count(0, timeout=person.SESSION_LIMIT_MS)
    second.locator("body").press("Escape")
    person.wait_until_saved(first)
    expect(second.locator(".live")).to_be_hidden()


def test_a_repetition_that_was_none_is_taken_back_on_the_page(
    tmp_path: Path, serve: Serve, open_page: OpenPage
) -> None:
    # the set waits until the last one is taken back
    (tmp_path / "settings.toml").write_text(short_guide(set_finish_s=15.0), encoding="utf-8")
    page = open_page(serve(tmp_path), "/en/session").page
    person.choose_exercise(page, repetitions=3)
    person.start(page)
    person.wait_for_count(page, 3, Side.LEFT)
    page.get_by_role("button", name="Take one back: Left leg").click()
    expect(person.count_of(page, Side.LEFT)).to_have_text("2")
    person.finish(page)
    row = page.get_by_role("row").filter(has_text="Left leg")
    expect(row).to_contain_text("2")
