"""The slope and its interval: against scipy's, and what must not change them."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import theilslopes
from trend_series import random_series, usual_days

from tracker.model import FloatArray
from tracker.progress.trend.theil_sen import autocorrelation, slope_of
from tracker.progress.trend.values import Slope

angles = st.lists(st.floats(-60.0, 60.0), min_size=3, max_size=40)


def there(slope: Slope | None) -> Slope:
    assert slope is not None
    return slope


def found(values: FloatArray | list[float], weeks: FloatArray | None = None) -> Slope:
    array = np.array(values, float)
    return there(slope_of(np.arange(len(array), dtype=float) if weeks is None else weeks, array))


def unwidened(slope: Slope) -> tuple[float, float]:
    wider = math.sqrt((1 + slope.phi) / (1 - slope.phi))
    middle = slope.deg_per_week
    return (
        middle - (middle - slope.low_deg_per_week) / wider,
        middle + (slope.high_deg_per_week - middle) / wider,
    )


@given(angles, st.booleans(), st.integers(0, 2**32 - 1))
def test_slope_and_interval_are_those_of_scipy(values: list[float], tied: bool, seed: int) -> None:
    """Tied angles and tied times included; at the very edge of a rank rounding may choose its neighbour."""
    rng = np.random.default_rng(seed)
    own = np.round(values, -1) if tied else np.array(values)
    weeks = np.sort(rng.integers(0, 3 * len(own), len(own)) / 7.0)
    if weeks[0] == weeks[-1]:
        weeks[-1] += 1.0
    ours = found(own, weeks)
    with warnings.catch_warnings():
        # More ties than its variance can hold: it then gives no interval.
        warnings.simplefilter("ignore", RuntimeWarning)
        theirs = theilslopes(own, weeks)
    assume(math.isfinite(theirs.low_slope))
    assert ours.deg_per_week == pytest.approx(theirs.slope, abs=1e-9)
    assert unwidened(ours) == pytest.approx((theirs.low_slope, theirs.high_slope), abs=1e-6)


@given(angles, st.floats(-50.0, 50.0), st.floats(0.0, 500.0))
def test_a_shift_of_angle_or_time_changes_no_slope(values: list[float], angle: float, weeks: float) -> None:
    at = np.arange(len(values), dtype=float)
    plain, shifted = found(values), found(np.array(values) + angle, at + weeks)
    assert shifted.deg_per_week == pytest.approx(plain.deg_per_week, abs=1e-6)
    assert shifted.at_first_deg == pytest.approx(plain.at_first_deg + angle, abs=1e-5)


@given(angles)
def test_a_turned_sign_turns_slope_and_interval(values: list[float]) -> None:
    plain, turned = found(values), found([-one for one in values])
    assert turned.deg_per_week == pytest.approx(-plain.deg_per_week, abs=1e-9)
    assert turned.low_deg_per_week == pytest.approx(-plain.high_deg_per_week, abs=1e-6)
    assert turned.phi == pytest.approx(plain.phi, abs=1e-9)


@given(angles)
def test_the_interval_holds_the_slope(values: list[float]) -> None:
    slope = found(values)
    assert slope.low_deg_per_week <= slope.deg_per_week + 1e-9
    assert slope.high_deg_per_week >= slope.deg_per_week - 1e-9
    assert 0.0 <= slope.phi <= 0.9


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0]])
def test_too_few_points_have_no_slope(values: list[float]) -> None:
    assert slope_of(np.arange(len(values), dtype=float), np.array(values)) is None


def test_points_of_one_time_have_no_slope() -> None:
    assert slope_of(np.zeros(5), np.arange(5.0)) is None


def test_a_line_is_found_exactly_and_one_outlier_does_not_move_it() -> None:
    weeks = np.array(usual_days(18)) / 7.0
    values = -20.0 + 0.75 * weeks
    values[9] += 40.0
    slope = found(values, weeks)
    assert slope.deg_per_week == pytest.approx(0.75)
    assert slope.at_first_deg == pytest.approx(-20.0)
    assert slope.weeks == pytest.approx(39.0 / 7.0)


@pytest.mark.parametrize(("weeks", "half_width"), [(4, 1.80), (6, 0.92), (12, 0.31)])
def test_half_widths_are_those_of_the_basis(weeks: int, half_width: float) -> None:
    """Independent donnings of 3.1 degrees, three a week; the basis's widths are without the widening. Medians
    of 300 scatter by 2 % and its own were rounded: 7 %."""
    rng = np.random.default_rng(3)
    at = np.array(usual_days(3 * weeks)) / 7.0
    ends = [unwidened(found(random_series(rng, weeks, 0.0), at)) for _ in range(300)]
    assert np.median([(high - low) / 2.0 for low, high in ends]) == pytest.approx(half_width, rel=0.07)


@pytest.mark.parametrize(("phi", "least_plain", "most_plain"), [(0.0, 0.91, 0.98), (0.6, 0.68, 0.80)])
def test_the_widened_interval_holds_the_truth_where_the_plain_one_does_not(
    phi: float, least_plain: float, most_plain: float
) -> None:
    """The basis: 0.95 without autocorrelation, 0.74 with 0.6. Shares of 400 scatter by 2 %. Widened, a phi
    that is estimated of 36 donnings holds 0.9 or more."""
    rng = np.random.default_rng(4)
    at = np.array(usual_days(36)) / 7.0
    slopes = [found(random_series(rng, 12, phi), at) for _ in range(400)]
    plain = np.mean([low <= 0.0 <= high for low, high in map(unwidened, slopes)])
    assert least_plain <= plain <= most_plain
    assert np.mean([not one.excludes_zero for one in slopes]) >= 0.89


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
def test_autocorrelation_is_found_without_much_bias(phi: float) -> None:
    """Of 36 residuals; those below zero count as zero, which lifts the mean of none by 0.07."""
    rng = np.random.default_rng(6)
    estimated = [autocorrelation(random_series(rng, 12, phi)) for _ in range(400)]
    assert np.mean(estimated) == pytest.approx(phi, abs=0.09)


def test_residuals_that_do_not_scatter_resemble_nothing() -> None:
    assert autocorrelation(np.zeros(10)) == 0.0
