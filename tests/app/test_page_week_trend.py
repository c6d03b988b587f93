"""Week and trend as a person looks through them: other weeks, the PDF, figures, habits, other times."""

import re
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from app_process import ServedApp
from browser_fixtures import OpenPage
from playwright.sync_api import Locator, expect

from tracker.app.words import words_for
from tracker.progress.iso_week import IsoWeek

pytestmark = pytest.mark.browser


@pytest.fixture
def last_week() -> IsoWeek:
    """It has all of its sessions, whatever day it is today."""
    return IsoWeek.of_date(datetime.now().astimezone().date()).previous


def dots(figure: Locator, colour: str) -> Locator:
    """The marks of a series."""
    return figure.locator(f"path[fill='var(--{colour})']")


def test_the_weeks_before_are_one_step_away(
    looked_at: ServedApp, last_week: IsoWeek, open_page: OpenPage
) -> None:
    page = open_page(looked_at, "/en/week").page
    page.get_by_role("link", name="The week before").click()
    expect(page.get_by_text(f"Week {last_week}")).to_be_visible()
    page.get_by_role("link", name="This week").click()
    expect(page.get_by_text("still running")).to_be_visible()


def test_a_rest_test_says_its_angle_and_error_when_it_is_hovered(
    looked_at: ServedApp, last_week: IsoWeek, open_page: OpenPage
) -> None:
    page = open_page(looked_at, f"/en/week?week={last_week}").page
    figure = page.get_by_role("region", name="Resting hip rotation").locator(".figure")
    marks = dots(figure, "left")
    figure.scroll_into_view_if_needed()
    expect(marks.last).to_be_visible()
    marks.last.hover(force=True)
    expect(figure).to_contain_text("left leg")
    expect(figure).to_contain_text("° ± ")


def test_the_left_leg_comes_first(looked_at: ServedApp, last_week: IsoWeek, open_page: OpenPage) -> None:
    page = open_page(looked_at, "/en/trend").page
    heads = page.locator("section.part h2").all_inner_texts()
    assert [one.split(" ")[0] for one in heads[:4]] == ["left", "right", "difference,", "mean"]
    page = open_page(looked_at, f"/en/week?week={last_week}").page
    rows = page.get_by_role("region", name="Resting hip rotation").locator("tbody th").all_inner_texts()
    assert rows == ["left leg", "right leg", "right − left, outward", "mean, outward"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_time_runs_to_the_right(
    language: str, looked_at: ServedApp, last_week: IsoWeek, open_page: OpenPage
) -> None:
    page = open_page(looked_at, f"/{language}/trend").page
    figure = page.locator(".figure").first
    figure.scroll_into_view_if_needed()
    marks = dots(figure, "left")
    expect(marks.last).to_be_visible()
    boxes = [one.bounding_box() for one in marks.all()]
    places = [one["x"] for one in boxes if one is not None]
    assert len(places) > 10
    assert places == sorted(places)
    page = open_page(looked_at, f"/{language}/week?week={last_week}").page
    course = page.locator("td svg[role=img]").first
    assert course.evaluate("one => getComputedStyle(one).transform") == "none"
    on_screen = course.locator(".point").evaluate_all("all => all.map(one => one.getBoundingClientRect().x)")
    assert len(on_screen) > 2
    assert on_screen == sorted(on_screen)


def test_a_day_says_its_repetitions_when_it_is_hovered(
    looked_at: ServedApp, last_week: IsoWeek, open_page: OpenPage
) -> None:
    page = open_page(looked_at, f"/en/week?week={last_week}").page
    figure = page.get_by_role("region", name="What was done").locator(".figure")
    figure.scroll_into_view_if_needed()
    dots(figure, "mark").first.hover(force=True)
    expect(figure).to_contain_text("1 session")
    expect(figure).to_contain_text("valid: ")


def test_on_a_phone_a_table_stands_row_by_row_and_is_still_a_table(
    looked_at: ServedApp, last_week: IsoWeek, open_page: OpenPage
) -> None:
    page = open_page(looked_at, f"/en/week?week={last_week}", width=390, height=844).page
    table = page.get_by_role("region", name="What was done").get_by_role("table")
    assert table.get_by_role("columnheader").all_inner_texts()[:3] == ["exercise", "sets", "valid"]
    row = table.get_by_role("row").filter(has_text="mini-band")
    title = row.get_by_role("rowheader", name="Supine in-toeing with a mini-band")
    sets = row.get_by_role("cell").first
    # The head is seen above the value, and is no part of it for those who hear the table.
    assert sets.evaluate("one => getComputedStyle(one, '::before').content").startswith('"sets"')
    name = sets.get_by_text(re.compile(r"^[0-9]+$")).inner_text()
    expect(sets).to_have_role("cell")
    expect(row.get_by_role("cell", name=name, exact=True).first).to_be_visible()
    above, below = title.bounding_box(), sets.bounding_box()
    assert above is not None and below is not None
    assert above["y"] + above["height"] <= below["y"]


@pytest.mark.parametrize("language", ["en", "ko", "ar"])
def test_on_a_phone_every_day_of_the_week_has_its_name(
    language: str, looked_at: ServedApp, last_week: IsoWeek, open_page: OpenPage
) -> None:
    page = open_page(looked_at, f"/{language}/week?week={last_week}", width=360).page
    figure = page.locator(".figure.low")
    figure.scroll_into_view_if_needed()
    words = words_for(language)
    names = [words.short_weekday(last_week.monday + timedelta(days=day)) for day in range(7)]
    boxes = []
    for name in names:
        box = figure.locator("text", has_text=name).bounding_box()
        assert box is not None
        boxes.append(box)
    for before, after in pairwise(boxes):
        assert before["x"] + before["width"] <= after["x"]


@pytest.mark.parametrize("width", [1280, 390])
def test_on_paper_a_figure_stands_above_its_table(
    width: int, looked_at: ServedApp, last_week: IsoWeek, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(looked_at, f"/en/week?week={last_week}", width=width).page
    expect(page.locator(".figure.low svg")).to_be_visible()
    page.pdf(path=tmp_path / "printed.pdf", format="A4")
    with pdfium.PdfDocument(tmp_path / "printed.pdf") as printed:
        texts = [one.get_textpage() for one in printed]
        sheet = next(one for one in texts if one.search("What was done").get_next() is not None)
        days = [height_of(sheet, day) for day in ("Mo", "Su")]
        title, heads = height_of(sheet, "What was done"), height_of(sheet, "told by hand")
    assert title > max(days) >= min(days) > heads
    # On the screen it is as wide as before.
    figure = page.locator(".figure.low")
    drawn, room = figure.locator("svg").bounding_box(), figure.bounding_box()
    assert drawn is not None and room is not None
    assert (drawn["width"], drawn["height"]) == pytest.approx((room["width"], room["height"]), abs=1)


def height_of(sheet: pdfium.PdfTextPage, text: str) -> float:
    """Where a text stands on a sheet, from below."""
    found = sheet.search(text, match_case=True, match_whole_word=True).get_next()
    assert found is not None, text
    _, bottom, _, _ = sheet.get_charbox(found[0])
    return float(bottom)


def test_the_pdf_is_named_after_its_week(
    looked_at: ServedApp, last_week: IsoWeek, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(looked_at, f"/en/week?week={last_week}").page
    with page.expect_download() as waiting:
        page.get_by_role("button", name="One page as PDF").click()
    assert waiting.value.suggested_filename == f"week-{last_week}.pdf"
    waiting.value.save_as(tmp_path / "week.pdf")
    assert (tmp_path / "week.pdf").read_bytes().startswith(b"%PDF-")


def test_a_week_that_is_none_is_told_with_a_way_back(looked_at: ServedApp, open_page: OpenPage) -> None:
    page = open_page(looked_at, "/en/week?week=2026-W99").page
    expect(page.get_by_role("alert")).to_contain_text("there is no week 2026-W99")
    page.get_by_role("link", name="This week").click()
    expect(page.get_by_text("still running")).to_be_visible()


def test_habits_are_kept_and_a_wrong_number_is_told_at_its_field(
    served: ServedApp, open_page: OpenPage
) -> None:
    page = open_page(served, "/en/week").page
    page.get_by_text("Say how a day was").click()
    form = page.locator("form").filter(has_text="Sitting for long")
    form.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("alert")).to_contain_text("nothing was said")
    form.get_by_label("Sitting for long").first.select_option("much")
    form.locator("#habits-sitting_long-minutes").fill("2000")
    form.get_by_role("button", name="Keep").click()
    expect(form.locator(".fault", has_text="Write whole minutes")).to_be_visible()
    form.locator("#habits-sitting_long-minutes").fill("300")
    form.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Kept for")).to_be_visible()
    days = page.get_by_label("Day", exact=True)
    days.select_option(index=5)
    expect(form.get_by_label("Sitting for long").first).to_have_value("")
    days.select_option(index=6)
    expect(form.get_by_label("Sitting for long").first).to_have_value("much")
    page.reload()
    habits = page.get_by_role("region", name="Habits, in days, as told")
    expect(habits.get_by_role("row", name="sitting long")).to_contain_text("300")


def test_each_angle_has_its_verdict_figure_and_table(looked_at: ServedApp, open_page: OpenPage) -> None:
    page = open_page(looked_at, "/en/trend").page
    for name in ("right leg", "left leg", "difference", "mean of both legs"):
        part = page.locator("section.part").filter(has=page.get_by_role("heading", name=name))
        expect(part.locator(".figure svg")).to_be_visible()
        part.get_by_text("Each rest test as a table").click()
        expect(part.get_by_role("row").nth(10)).to_be_visible()
    expect(page.get_by_text("refused rest tests: 0")).to_be_visible()


def test_a_donning_says_its_day_and_error_when_it_is_hovered(
    looked_at: ServedApp, open_page: OpenPage
) -> None:
    page = open_page(looked_at, "/en/trend").page
    part = page.locator("section.part").filter(has=page.get_by_role("heading", name="left leg"))
    figure = part.locator(".figure")
    figure.scroll_into_view_if_needed()
    dots(figure, "left").nth(3).hover(force=True)
    expect(figure).to_contain_text("repeat")
    expect(figure).to_contain_text("° ± ")


def test_another_time_can_be_chosen(looked_at: ServedApp, open_page: OpenPage) -> None:
    page = open_page(looked_at, "/en/trend").page
    page.get_by_role("link", name="12 weeks").click()
    expect(page.get_by_role("link", name="12 weeks")).to_have_attribute("aria-current", "page")
    page.get_by_text("From one day to another").click()
    since = datetime.now().astimezone().date() - timedelta(days=20)
    page.get_by_label("First day").fill(since.isoformat())
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("as asked for")).to_be_visible()
    page.get_by_text("From one day to another").click()
    expect(page.get_by_label("First day")).to_have_value(since.isoformat())


def test_a_time_that_makes_no_sense_is_told(looked_at: ServedApp, open_page: OpenPage) -> None:
    page = open_page(looked_at, "/en/trend?since=2999-01-01").page
    expect(page.get_by_role("alert")).to_contain_text("in the future")
    expect(page.get_by_role("link", name="12 weeks")).to_be_visible()


def test_without_a_rest_test_the_way_to_a_session_is_shown(served: ServedApp, open_page: OpenPage) -> None:
    page = open_page(served, "/en/trend").page
    expect(page.get_by_role("link", name="To a session")).to_be_visible()
    assert page.locator(".figure").count() == 0


@pytest.mark.parametrize("path", ["/ar/week", "/ar/trend", "/ko/trend"])
def test_what_is_unfolded_fits_a_phone(path: str, looked_at: ServedApp, open_page: OpenPage) -> None:
    watched = open_page(looked_at, path, width=360)
    for summary in watched.page.locator("summary").all():
        summary.click()
    assert watched.too_wide() == []
    assert watched.scrolls_sideways() == []
    assert watched.serious_findings() == []
