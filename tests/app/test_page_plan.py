"""The plan's page as a person uses it: begin, change, answer, take up again, bands, two pages at once."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from app_process import ServedApp
from browser_fixtures import OpenPage, Serve
from playwright.sync_api import Locator, Page, expect

from tracker.home import Home
from tracker.local_time import local_time_zone
from tracker.plan.growth import Change, ChangeKind, Strength
from tracker.plan.plan_table import FILE_NAME, shipped_plan_text
from tracker.plan.rules import RuleName
from tracker.session.plan_answers import begin_plan
from tracker.session.workplace import workplace
from tracker.store.persons import person_meant
from tracker.store.plans import ACCEPTED, RuleVerdict, save_verdicts

pytestmark = pytest.mark.browser

ROLL_IN = "Rolling the legs in, lying"
REASON = "2 sessions in a row were at the top: from 2 sets to 3 sets"


@pytest.fixture
def planned(tmp_path: Path, serve: Serve) -> ServedApp:
    """An app whose person has a plan; one of its exercises would be harder, another is left out."""
    home = Home(tmp_path)
    home.create()
    place = workplace(home, simulated=True)
    now = datetime.now(UTC)
    with place.database() as database, database.write() as connection:
        person = person_meant(connection, None, time_zone=local_time_zone())
        today = now.date()
        plan_id = begin_plan(
            connection,
            person.person_id,
            shipped_plan_text(),
            FILE_NAME,
            place.catalogue,
            today=today,
            starts_on=today - timedelta(days=8),
        )
        harder = Change(ChangeKind.HARDER, "roll_in", Strength(3, None))
        stop = Change(ChangeKind.STOP, "press_in")
        save_verdicts(
            connection,
            plan_id,
            [
                verdict(stop, RuleName.STOP_ON_PAIN, "worst pain was 6 of 10", now, ACCEPTED),
                verdict(harder, RuleName.DOUBLE_PROGRESSION, REASON, now, None),
            ],
        )
    return serve(tmp_path)


def verdict(change: Change, rule: RuleName, reason: str, at: datetime, answer: str | None) -> RuleVerdict:
    """What a rule said an hour ago."""
    hour_ago = at - timedelta(hours=1)
    answered_at = None if answer is None else hour_ago
    return RuleVerdict(
        None, None, change.prescription, rule.value, True, reason, {}, change.as_mapping(), hour_ago, answer,
        answered_at,
    )  # fmt: skip


def card(page: Page, title: str) -> Locator:
    """The card of an exercise."""
    return page.get_by_role("article", name=title)


def unfold(place: Locator, text: str) -> None:
    """Open what is folded away."""
    place.locator("summary", has_text=text).first.click()


def test_a_person_without_a_plan_begins_the_shipped_one(served: ServedApp, open_page: OpenPage) -> None:
    page = open_page(served, "/en/plan").page
    expect(page.get_by_text("No plan is on.")).to_be_visible()
    page.get_by_role("button", name="Begin this plan").click()
    expect(page.get_by_role("heading", name="Internal rotation, twelve weeks")).to_be_visible()
    expect(page.locator("p.done")).to_have_text("The plan is kept.")
    expect(page.locator("[aria-current=step]")).to_contain_text("Activation")


def test_a_plan_that_is_no_plan_is_refused_beside_the_field(served: ServedApp, open_page: OpenPage) -> None:
    watched = open_page(served, "/en/plan")
    page = watched.page
    field = page.get_by_label("Text of a plan of your own")
    field.fill('name = "Mine"\nphases = 3')
    page.get_by_role("button", name="Begin this plan").click()
    expect(page.locator(".fault", has_text="phases")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value('name = "Mine"\nphases = 3')
    assert watched.serious_findings() == []


def test_a_plan_of_one_s_own_comes_from_a_file(
    served: ServedApp, open_page: OpenPage, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(shipped_plan_text().replace('name = "Internal', 'name = "My internal'), encoding="utf-8")
    page = open_page(served, "/en/plan").page
    page.get_by_label("Fill it from a file").set_input_files(file)
    expect(page.get_by_label("Text of a plan of your own")).to_have_value(re.compile("My internal"))
    page.get_by_role("button", name="Begin this plan").click()
    expect(page.get_by_role("heading", name="My internal rotation, twelve weeks")).to_be_visible()


def test_a_later_plan_can_be_called_off(served: ServedApp, open_page: OpenPage) -> None:
    page = open_page(served, "/en/plan").page
    later = datetime.now(UTC).date() + timedelta(days=10)
    page.get_by_label("Its first day").fill(later.isoformat())
    page.get_by_role("button", name="Begin this plan").click()
    page.get_by_role("button", name="Call it off").click()
    expect(page.locator("p.done")).to_contain_text("It is called off")
    expect(page.get_by_role("button", name="Call it off")).to_have_count(0)


def test_a_prescription_is_changed_and_a_wrong_value_is_told_at_its_field(
    planned: ServedApp, open_page: OpenPage
) -> None:
    page = open_page(planned, "/en/plan").page
    roll_in = card(page, ROLL_IN)
    unfold(roll_in, "Change")
    hold = roll_in.get_by_label("Held for, in seconds")
    hold.fill("5")
    roll_in.get_by_role("button", name="Change it from now on").click()
    tempo = roll_in.get_by_label("Tempo", exact=True)
    expect(tempo).to_have_attribute("aria-invalid", "true")
    expect(roll_in.get_by_text("it holds for 3 s, hold_s for 5 s")).to_be_visible()
    expect(tempo).to_be_focused()
    expect(hold).to_have_value("5")
    tempo.fill("2-5-2")
    roll_in.get_by_label("Repetitions, at least").fill("6")
    tempo.press("Enter")
    expect(page.locator("p.done")).to_contain_text("It holds from now on")
    expect(page.locator("p.done")).to_be_focused()
    expect(card(page, ROLL_IN)).to_contain_text("2 × 6–12")
    expect(card(page, ROLL_IN)).to_contain_text("5 secs")


def test_what_is_no_number_is_told_at_its_field(planned: ServedApp, open_page: OpenPage) -> None:
    page = open_page(planned, "/en/plan").page
    roll_in = card(page, ROLL_IN)
    unfold(roll_in, "Change")
    roll_in.get_by_label("Rest between sets, in seconds").fill("long")
    roll_in.get_by_role("button", name="Change it from now on").click()
    expect(roll_in.get_by_text("Write a number, or leave it empty.")).to_be_visible()
    roll_in.get_by_label("Rest between sets, in seconds").fill("60")
    roll_in.get_by_label("Sets, growing to").or_(roll_in.get_by_label("growing to")).fill("1")
    roll_in.get_by_role("button", name="Change it from now on").click()
    expect(roll_in.get_by_text("This is less than the number before it.")).to_be_visible()


def test_a_phase_whose_weeks_are_over_says_why_it_goes_on(looked_at: ServedApp, open_page: OpenPage) -> None:
    page = open_page(looked_at, "/en/plan").page
    expect(page.locator("[aria-current=step]")).to_contain_text("weeks 1 to 2")
    expect(page.get_by_text("The weeks of this phase are over.")).to_be_visible()


def test_a_yes_holds_from_then_on(planned: ServedApp, open_page: OpenPage) -> None:
    page = open_page(planned, "/en/plan").page
    waiting = page.get_by_role("group", name=f"Make it harder: {ROLL_IN}")
    expect(waiting).to_contain_text(REASON)
    expect(waiting).to_contain_text("Now: 2 sets. Then: 3 sets.")
    waiting.get_by_role("button", name="Accept").click()
    expect(page.locator("p.done")).to_contain_text("It holds from now on")
    expect(card(page, ROLL_IN)).to_contain_text("3 × 10–12")
    expect(waiting).to_have_count(0)


def test_a_no_changes_nothing(planned: ServedApp, open_page: OpenPage) -> None:
    page = open_page(planned, "/en/plan").page
    page.get_by_role("button", name="Decline").click()
    expect(page.locator("p.done")).to_contain_text("Nothing changes")
    expect(card(page, ROLL_IN)).to_contain_text("2 × 10–12")


def test_an_exercise_that_was_left_out_is_taken_up_again(planned: ServedApp, open_page: OpenPage) -> None:
    page = open_page(planned, "/en/plan").page
    name = "Pressing the feet inwards with a level pelvis"
    expect(card(page, name)).to_have_count(0)
    page.get_by_role("button", name=f"Take it up again: {name}").click()
    expect(card(page, name)).to_be_visible()


def test_of_two_pages_the_second_is_told_and_keeps_what_was_typed(
    planned: ServedApp, open_page: OpenPage
) -> None:
    first, second = (open_page(planned, "/en/plan").page for _ in range(2))
    for page in (first, second):
        unfold(card(page, ROLL_IN), "Change")
    card(first, ROLL_IN).get_by_label("Rest between sets, in seconds").fill("75")
    card(first, ROLL_IN).get_by_role("button", name="Change it from now on").click()
    expect(first.locator("p.done")).to_contain_text("It holds from now on")
    rest = card(second, ROLL_IN).get_by_label("Rest between sets, in seconds")
    rest.fill("30")
    card(second, ROLL_IN).get_by_role("button", name="Change it from now on").click()
    expect(second.get_by_text("the plan was changed meanwhile")).to_be_visible()
    expect(rest).to_have_value("30")
    second.reload()
    expect(card(second, ROLL_IN)).to_contain_text("1 min 15 secs")


def test_the_whole_text_can_be_changed(planned: ServedApp, open_page: OpenPage) -> None:
    page = open_page(planned, "/en/plan").page
    unfold(page.locator("#content"), "The whole plan as text")
    field = page.get_by_label("Text of the plan")
    text = field.input_value()
    assert text == shipped_plan_text()
    field.fill(text.replace("[phases.A]", "[phases.Z]").replace("phases.A.", "phases.Z."))
    page.get_by_role("button", name="Keep this text").click()
    expect(page.get_by_text("the plan is in it now")).to_be_visible()
    field.fill(text.replace("reps = [10, 12]", "reps = [5, 9]"))
    page.get_by_role("button", name="Keep this text").click()
    expect(page.locator("p.done")).to_have_text("The plan holds as you wrote it.")
    expect(card(page, ROLL_IN)).to_contain_text("2 × 5–9")


def test_a_plan_ends(planned: ServedApp, open_page: OpenPage) -> None:
    page = open_page(planned, "/en/plan").page
    unfold(page.locator("#content"), "End the plan")
    last = datetime.now(UTC).date() - timedelta(days=1)
    page.get_by_label("Its last day", exact=True).fill(last.isoformat())
    page.get_by_role("button", name="End the plan").click()
    expect(page.get_by_text("No plan is on.")).to_be_visible()


def test_bands_are_added_and_put_away(served: ServedApp, open_page: OpenPage) -> None:
    page = open_page(served, "/en/plan").page
    section = page.get_by_role("region", name="Bands")
    unfold(section, "Add a band")
    section.get_by_label("Colour").fill("red")
    section.get_by_label("Length at rest, in cm").fill("3000")
    section.get_by_role("button", name="Add the band").click()
    expect(section.get_by_text("Choose one: a loop pulls double.")).to_be_visible()
    section.get_by_label("Kind").select_option("loop")
    section.get_by_role("button", name="Add the band").click()
    expect(section.get_by_text("no length of a band")).to_be_visible()
    section.get_by_label("Length at rest, in cm").fill("30")
    section.get_by_role("button", name="Add the band").click()
    expect(section.get_by_role("status")).to_have_text("The band is added.")
    expect(section).to_contain_text("about 33 N at 100%")
    section.get_by_role("button", name="Put away: red, TheraBand").click()
    expect(section).to_contain_text("Put away: red, TheraBand")
    expect(section.get_by_role("button", name="Put away: red, TheraBand")).to_have_count(0)


def test_the_sheet_has_the_exercises_of_the_phase_with_their_drawings(
    planned: ServedApp, open_page: OpenPage
) -> None:
    watched = open_page(planned, "/en/plan/exercises", width=360)
    assert watched.page.get_by_role("article").count() == 3
    assert watched.page.locator("article svg").count() == 3
    assert watched.too_wide() == []


@pytest.mark.parametrize("path", ["/ar/plan", "/ko/plan"])
def test_what_is_unfolded_fits_a_phone(path: str, planned: ServedApp, open_page: OpenPage) -> None:
    watched = open_page(planned, path, width=360, dark=True)
    for summary in watched.page.locator("summary").all():
        summary.click()
    assert watched.too_wide() == []
    assert watched.scrolls_sideways() == []
    assert watched.serious_findings() == []
