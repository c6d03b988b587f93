"""The individuals chart: limits, runs, and how often it cries wolf."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.progress.trend.control_chart import control_chart, limits


def test_limits_are_the_textbook_s() -> None:
    """Mean 12, moving ranges 2, 4 and 6: 12 ± 2.66 * 4."""
    reach = 2.66 * 4.0
    assert limits([11.0, 13.0, 9.0, 15.0]) == pytest.approx((12.0 - reach, 12.0, 12.0 + reach))


def test_fewer_than_eight_points_make_no_chart() -> None:
    assert control_chart([1.0, 2.0] * 3 + [1.0]) is None
    made = control_chart([1.0, 2.0] * 4)
    assert made is not None
    assert made.made_of == 8


def test_twelve_points_make_the_limits_and_later_ones_are_held_against_them() -> None:
    chart = control_chart([1.0, 2.0] * 6 + [1.5, 9.0, 1.0, -9.0])
    assert chart is not None
    assert (chart.made_of, chart.centre_deg) == (12, 1.5)
    assert (chart.lower_deg, chart.upper_deg) == pytest.approx((1.5 - 2.66, 1.5 + 2.66))
    assert chart.outside == (13, 15)


def test_eight_in_a_row_on_one_side_are_told_and_seven_are_not() -> None:
    usual = [1.0, 2.0] * 6
    # The last of the usual ones is above, too.
    seven, eight = control_chart([*usual, *[1.6] * 6]), control_chart([*usual, *[1.6] * 7])
    assert seven is not None
    assert eight is not None
    assert seven.runs == ()
    assert eight.runs == (18,)
    on_the_centre = control_chart([*usual, *[1.6] * 3, 1.5, *[1.6] * 6])
    assert on_the_centre is not None
    assert on_the_centre.runs == ()


@pytest.mark.parametrize(
    ("made_of", "exact_percent", "basis_percent"),
    [(5, 5.72, 5.3), (8, 3.10, 3.3), (12, 1.89, 1.75), (20, 1.09, 1.25)],
)
def test_false_alarms_are_as_rare_as_the_basis_says(
    made_of: int, exact_percent: float, basis_percent: float
) -> None:
    """Of 20,000 charts the share beyond the limits, by the normal distribution: within 0.08 %.
    The basis counted alarms and rounded: half a percent."""
    rng = np.random.default_rng(8)
    shares = []
    for values in rng.normal(size=(20_000, made_of)).tolist():
        lower, _, upper = limits(values)
        shares.append(math.erfc(upper / math.sqrt(2.0)) + math.erfc(-lower / math.sqrt(2.0)))
    found = 50.0 * float(np.mean(shares))
    assert found == pytest.approx(exact_percent, abs=0.25)
    assert found == pytest.approx(basis_percent, abs=0.5)


@given(st.lists(st.floats(-60.0, 60.0), min_size=8, max_size=30))
def test_signs_turn_the_chart(values: list[float]) -> None:
    chart, turned = control_chart(values), control_chart([-one for one in values])
    assert chart is not None
    assert turned is not None
    assert (turned.lower_deg, turned.upper_deg) == pytest.approx((-chart.upper_deg, -chart.lower_deg))
    assert (turned.outside, turned.runs) == (chart.outside, chart.runs)
