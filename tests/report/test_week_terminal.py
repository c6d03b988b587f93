"""The page on a terminal: whole at any width, and nothing in it steers the terminal."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from full_weeks import MONDAY, write_full_weeks
from rich.console import Console

from tracker.plan.catalogue import load_catalogue
from tracker.progress.iso_week import IsoWeek
from tracker.progress.streaks import Streak
from tracker.progress.week_page import week_page
from tracker.report.week_parts import Course, CoursePoint, Page
from tracker.report.week_sections import FOOTER, page_of, streak_figure
from tracker.report.week_terminal import blocks, week_tables
from tracker.store.database import open_database
from tracker.store.persons import get_or_create_person


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """A full week, with a note that would clear the screen."""
    with open_database(tmp_path_factory.mktemp("full") / "tracker.db") as database:
        person = write_full_weeks(database, note="stiff \x1b[2J\x07 [bold]", weeks=4)
        week = IsoWeek.of_date(MONDAY.date())
        return page_of(week_page(database, person, load_catalogue(), week), weeks=5)


def printed(page: Page, columns: int) -> str:
    """What a terminal of so many columns shows."""
    out = io.StringIO()
    console = Console(file=out, width=columns, highlight=False, markup=False, emoji=False)
    console.print(week_tables(page))
    return out.getvalue()


@pytest.mark.parametrize("columns", [160, 100, 80, 60, 50])
def test_no_number_is_cut_and_no_line_is_too_long(page: Page, columns: int) -> None:
    text = printed(page, columns)
    assert all(len(line) <= columns for line in text.splitlines())
    # Only the page's own words shorten anything.
    assert "…" not in re.sub(r"…\s+and", "", text)
    for part in page.parts:
        numbers = [
            cell
            for row in part.rows
            for place, cell in enumerate(row)
            if place not in part.text_columns and isinstance(cell, str)
        ]
        for number in numbers:
            assert number in text, (part.title, number)


def test_the_left_leg_comes_first(page: Page) -> None:
    assert [row[0] for row in page.resting.rows] == [
        "left leg",
        "right leg",
        "right − left, outward",
        "mean, outward",
    ]


@pytest.mark.parametrize(
    ("streak", "said"),
    [
        (Streak(0, 0, False), "0 weeks in a row with training"),
        (Streak(0, 1, True), "0 weeks in a row with training (this week still open)"),
        (Streak(0, 3, False), "0 weeks in a row with training (the most so far: 3)"),
        (Streak(1, 1, False), "1 week with training"),
        (Streak(1, 4, False), "1 week with training (the most so far: 4)"),
        (Streak(2, 2, False), "2 weeks in a row with training (the most so far)"),
        (Streak(2, 5, False), "2 weeks in a row with training (the most so far: 5)"),
    ],
)
def test_weeks_in_a_row_are_said_in_plain_words(page: Page, streak: Streak, said: str) -> None:
    """One week is no row, and none of its own is the longest."""
    shown = printed(replace(page, figures=(page.figures[0], streak_figure(streak))), 160)
    assert shown.splitlines()[2 + page.simulated].rstrip().endswith(f" · {said}")


def test_nothing_steers_the_terminal_or_is_taken_for_markup(page: Page) -> None:
    text = printed(page, 100)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "stiff ?[2J? [bold]" in text
    assert " ".join(FOOTER.split()[:8]) in text


def test_blocks_stand_between_the_ends_of_the_intervals() -> None:
    points = tuple(CoursePoint(at, value, 0.0) for at, value in ((0.0, 1.0), (0.5, 2.0), (1.0, 8.0)))
    assert blocks(Course(points, None, "")).plain == "▁▂█"
    # Within the error nothing looks like a change.
    wide = tuple(CoursePoint(at, value, 100.0) for at, value in ((0.0, 1.0), (1.0, 2.0)))
    assert blocks(Course(wide, None, "")).plain in ("▄▄", "▄▅")
    assert blocks(Course((), None, "")).plain == "–"


def test_a_week_without_anything_is_short(tmp_path: Path) -> None:
    with open_database(tmp_path / "tracker.db") as database:
        with database.write() as connection:
            person = get_or_create_person(connection, time_zone="Europe/Berlin")
        week = IsoWeek.of_date(MONDAY.date())
        text = printed(page_of(week_page(database, person, load_catalogue(), week), weeks=5), 80)
    assert "Habits, in days, as told: nothing was said." in text
    assert len(text.splitlines()) < 55
