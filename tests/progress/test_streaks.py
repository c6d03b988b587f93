"""Weeks in a row: the running week breaks none, an empty one does."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.progress.iso_week import IsoWeek
from tracker.progress.streaks import streak_of
from tracker.progress.week_history import weeks_until, weeks_with

RUNNING = IsoWeek.parse("2026-W47")


def back(*weeks_ago: int) -> set[IsoWeek]:
    """Weeks so many before the running one."""
    all_weeks = weeks_until(RUNNING, 60)
    return {all_weeks[-1 - number] for number in weeks_ago}


@pytest.mark.parametrize(
    ("trained", "weeks", "longest", "is_open"),
    [
        ((), 0, 0, True),
        ((0,), 1, 1, False),
        ((1,), 1, 1, True),
        ((0, 1, 2), 3, 3, False),
        ((1, 2, 3), 3, 3, True),
        # Two weeks ago nothing was trained.
        ((0, 1, 3, 4, 5), 2, 3, False),
        ((2, 3), 0, 2, True),
    ],
)
def test_the_running_week_breaks_no_streak(
    trained: tuple[int, ...], weeks: int, longest: int, is_open: bool
) -> None:
    found = streak_of(back(*trained), RUNNING, RUNNING)
    assert (found.weeks, found.longest, found.open) == (weeks, longest, is_open)


def test_a_week_that_is_over_breaks_it() -> None:
    shown = RUNNING.previous
    found = streak_of(back(0, 2, 3), shown, RUNNING)
    assert (found.weeks, found.longest, found.open) == (0, 2, False)


def test_new_year_and_the_53rd_week_break_nothing() -> None:
    weeks = {IsoWeek.parse(text) for text in ("2026-W52", "2026-W53", "2027-W01", "2027-W02")}
    assert streak_of(weeks, IsoWeek.parse("2027-W02"), IsoWeek.parse("2027-W02")).weeks == 4


@given(st.sets(st.integers(0, 50)))
def test_a_streak_is_the_row_that_one_counts(trained: set[int]) -> None:
    found = streak_of(back(*trained), RUNNING, RUNNING)
    first = 0 if 0 in trained else 1
    row = next(number for number in range(first, 60) if number not in trained) - first
    assert found.weeks == row
    assert found.longest >= found.weeks
    assert found.longest <= len(trained)


def test_weeks_are_those_of_the_person_s_own_midnights() -> None:
    """Sunday 23:30 in Auckland, in summer time 13 hours ahead, is Sunday 10:30 UTC."""
    auckland = ZoneInfo("Pacific/Auckland")
    instants = [datetime(2026, 11, 22, 10, 30, tzinfo=UTC), datetime(2026, 11, 22, 11, 30, tzinfo=UTC)]
    assert list(map(str, weeks_with(instants, auckland))) == ["2026-W47", "2026-W48"]
    assert list(map(str, weeks_with(instants, ZoneInfo("Europe/Berlin")))) == ["2026-W47"]
