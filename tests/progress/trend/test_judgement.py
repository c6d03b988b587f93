"""What is said of a row of donnings: T25, the borders of each verdict, and what must not change it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trend_series import donnings, ever_changed_percent, judged, usual_days, verdict_shares

from tracker.motion.parameters import RestTestParameters
from tracker.progress.trend.judgement import LEAST_CHANGE_DEG, quantity_trend
from tracker.progress.trend.values import LeftOut, QuantityTrend
from tracker.progress.verdict import Verdict

PERSONS = 400
"""Shares of so many scatter by 1.1 % near 5 %, by 2 % near 80 %: three times that is allowed."""

WOBBLE_DEG = (0.0, 2.0, -2.0, 1.0, -1.0, 0.5)
"""What donnings are off by in turn."""

OF_A_BASELINE = "not enough data: a baseline takes 3 strappings-on, on 3 days, and has"


def wobbling(count: int, deg_per_donning: float = 0.0) -> list[float]:
    return [-20.0 + WOBBLE_DEG[n % len(WOBBLE_DEG)] + deg_per_donning * n for n in range(count)]


@pytest.mark.parametrize(("weeks", "limit"), [(12, 5.0), (6, 8.0)])
@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
def test_no_change_is_seldom_called_one(weeks: int, limit: float, phi: float) -> None:
    assert verdict_shares(PERSONS, weeks, phi, seed=1)[Verdict.CHANGED] <= limit + 3.3


@pytest.mark.parametrize(("phi", "least"), [(0.0, 95.0), (0.3, 95.0), (0.6, 80.0)])
def test_a_degree_a_week_is_found_in_twelve(phi: float, least: float) -> None:
    found = verdict_shares(PERSONS, 12, phi, deg_per_week=-1.0, seed=2)
    assert found[Verdict.CHANGED] >= least - (3.3 if least == 95.0 else 6.0)


def test_at_six_weeks_mostly_too_little_is_known() -> None:
    assert verdict_shares(PERSONS, 6, 0.0, seed=3)[Verdict.NOT_ENOUGH_DATA] > 50.0


@pytest.mark.parametrize("weeks", [1, 2, 4, 5])
def test_before_the_sixth_week_it_is_too_early_however_large_the_change(weeks: int) -> None:
    found = judged(wobbling(3 * weeks, deg_per_donning=3.0))
    assert found.text == f"not enough data: too early, week {weeks} of 6"


def test_who_looks_every_week_is_told_a_change_that_is_none_more_often() -> None:
    """Seven looks between the 6th and the 12th week find one at least once more often than one look does."""
    once = verdict_shares(100, 12, 0.3, seed=7)[Verdict.CHANGED]
    assert once <= ever_changed_percent(100, 0.3, seed=7) <= 20.0


def test_a_large_steady_change_is_changed() -> None:
    found = judged(wobbling(36, deg_per_donning=0.4))
    assert found.text == "changed"
    assert found.change_deg is not None
    assert found.error_deg is not None
    assert found.change_deg > found.error_deg


def test_a_clear_slope_of_less_than_the_error_is_probably_a_change() -> None:
    found = judged(wobbling(36, deg_per_donning=0.12))
    assert found.slope is not None
    assert found.slope.excludes_zero
    assert found.text == "probably changed"


def test_a_slope_beside_a_change_within_its_error_is_no_change() -> None:
    """The weeks between rise and make the line rise, and the last one lies where the first ones did."""
    between = [value + 0.35 * place for place, value in enumerate(wobbling(24))]
    found = judged([*wobbling(9), *between, *wobbling(3)])
    assert found.slope is not None
    assert found.slope.excludes_zero
    assert found.verdict is Verdict.NO_CHANGE


def test_a_large_change_without_a_slope_is_probably_one_too() -> None:
    """Only the last week lies elsewhere: no line shows it."""
    found = judged([*wobbling(33), -12.0, -12.0, -12.0])
    assert found.slope is not None
    assert not found.slope.excludes_zero
    assert found.verdict is Verdict.PROBABLY


def test_no_change_names_what_it_could_not_see() -> None:
    found = judged(wobbling(36))
    assert found.verdict is Verdict.NO_CHANGE
    assert found.text == f"no change beyond error (±{LEAST_CHANGE_DEG:.1f}°)"


def test_a_line_that_leaves_too_much_open_is_no_proof_of_no_change() -> None:
    """Waves of eight weeks: neighbours differ by little, so the line through them is not known well."""
    found = judged([-20.0 + 5.0 * np.sin(2.0 * np.pi * n / 24.0) for n in range(36)])
    assert found.slope is not None
    open_deg = found.slope.total_half_width_deg
    assert found.text == f"not enough data: the line through the strappings-on leaves ±{open_deg:.1f}° open"
    assert found.error_deg is not None
    assert open_deg > found.error_deg


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ([], "not enough data: no rest test was measured"),
        ([0], f"{OF_A_BASELINE} 1 strapping-on so far, on 1 day"),
        ([0, 0], f"{OF_A_BASELINE} 2 strappings-on so far, on 1 day"),
        ([0, 0, 0, 60], f"{OF_A_BASELINE} 4 strappings-on so far, on 2 days"),
        ([0, 1, 60], "not enough data: 3 strappings-on of at least 6"),
        ([0, 1, 2, 40, 60], "not enough data: 5 strappings-on of at least 6"),
    ],
)
def test_what_is_lacking_is_said(days: list[int], text: str) -> None:
    assert judged([float(n % 2) for n in range(len(days))], days=days).text == text


def test_the_baseline_is_the_first_three_to_five_donnings() -> None:
    def baseline(days: list[int]) -> tuple[int, int]:
        level = judged([0.0] * len(days), days=days).baseline
        assert level is not None
        return level.donnings, level.days

    assert baseline(usual_days(36)) == (5, 5)
    assert baseline([0, 7, 14, 21, 28, 35, 42]) == (3, 3)  # later ones may already hold a change
    assert baseline([0, 0, 0, 1, 1, 2, 2, 9, 30]) == (6, 3)  # it takes so many for three days


def test_the_last_week_are_the_last_seven_days_that_have_any() -> None:
    found = judged([0.0] * 5 + [8.0, 9.0, 10.0, 20.0], days=[0, 2, 4, 6, 8, 50, 51, 57, 57])
    assert found.last_week is not None
    # Day 51 is the first of the seven until day 57.
    assert (found.last_week.donnings, found.last_week.median_deg, found.last_week.mean_deg) == (3, 10.0, 13.0)
    assert found.change_deg == pytest.approx(13.0)


def test_a_baseline_donning_is_never_of_the_last_week() -> None:
    found = judged([1.0, 2.0, 3.0, 4.0], days=[0, 1, 2, 3])
    assert found.last_week is None
    assert found.change_deg is None


def test_a_quantity_of_both_legs_has_its_own_assumed_error() -> None:
    left, difference, mean = (judged([1.0] * 3, name) for name in ("left", "difference", "mean"))
    sems = [one.error.sem_deg for one in (left, difference, mean) if one.error is not None]
    assert sems[1] / sems[0] == pytest.approx(np.sqrt(2.0), rel=0.02)
    assert sems[2] / sems[0] == pytest.approx(np.sqrt(0.5), rel=0.02)


@pytest.mark.parametrize(("weeks", "limit"), [(12, 5.0), (6, 8.0)])
def test_the_difference_of_two_legs_is_not_called_changed_more_often_than_one(
    weeks: int, limit: float
) -> None:
    """It scatters by sqrt(2) times as much, and so much larger is its least change."""
    called = verdict_shares(PERSONS, weeks, 0.6, seed=9, name="difference")[Verdict.CHANGED]
    assert called <= limit + 3.3


def test_what_was_left_out_stays_with_the_trend() -> None:
    left_out = (LeftOut(3, "measured prone"),)
    assert quantity_trend("left", donnings([1.0]), left_out, RestTestParameters()).left_out == left_out


series = st.lists(st.floats(-40.0, 40.0), min_size=1, max_size=40)


def signs_aside(found: QuantityTrend) -> tuple[object, ...]:
    return found.verdict, found.reason, len(found.points)


@given(series, st.floats(-30.0, 30.0))
def test_where_zero_lies_changes_nothing(values: list[float], shift: float) -> None:
    plain, shifted = judged(rounded(values)), judged([one + round(shift) for one in rounded(values)])
    assert signs_aside(plain) == signs_aside(shifted)


@given(series)
def test_inward_and_outward_are_judged_alike(values: list[float]) -> None:
    plain, turned = judged(rounded(values)), judged([-one for one in rounded(values)])
    assert signs_aside(plain) == signs_aside(turned)
    if plain.change_deg is not None:
        assert turned.change_deg == pytest.approx(-plain.change_deg)


@given(series, st.integers(0, 3000))
def test_the_date_changes_nothing(values: list[float], days: int) -> None:
    usual = usual_days(len(values))
    plain, later = judged(rounded(values)), judged(rounded(values), days=[one + days for one in usual])
    assert signs_aside(plain) == signs_aside(later)


@given(series)
def test_a_verdict_keeps_its_own_rule(values: list[float]) -> None:
    found = judged(values)
    if found.verdict is Verdict.NOT_ENOUGH_DATA:
        assert found.reason
        return
    assert found.slope is not None
    assert found.change_deg is not None
    assert found.error_deg is not None
    assert found.mdc_deg is not None
    assert found.error_deg == max(found.mdc_deg, LEAST_CHANGE_DEG)
    change_deg, rises = abs(found.change_deg), found.slope.excludes_zero
    if change_deg <= found.mdc_deg:
        assert found.verdict is Verdict.NO_CHANGE
    elif change_deg <= found.error_deg:
        assert found.verdict is (Verdict.PROBABLY if rises else Verdict.NO_CHANGE)
    else:
        assert found.verdict is (Verdict.CHANGED if rises else Verdict.PROBABLY)


def rounded(values: list[float]) -> list[float]:
    """To eighths of a degree, which a shift by whole ones leaves exact: no rank is decided by rounding."""
    return [round(8.0 * one) / 8.0 for one in values]


def test_two_donnings_at_one_time_are_no_trouble() -> None:
    days = [0, 0, 2, 2, 4, 4, 40, 40, 42, 42]
    found = judged([float(n % 3) for n in range(10)], days=days)
    assert found.slope is not None
    assert found.slope.weeks == 6.0
    assert found.verdict is Verdict.NO_CHANGE
