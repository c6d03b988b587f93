"""The week's estimate and its error: against numbers worked out by hand, and against simulation."""

import math
import random
from statistics import median

import pytest

from tracker.progress.estimates import Donning, estimate_of


def donnings(*values_deg: float, uncertainty_deg: float) -> list[Donning]:
    return [Donning(value, uncertainty_deg, 1) for value in values_deg]


def test_without_a_donning_there_is_nothing_to_say() -> None:
    assert estimate_of([]) is None


def test_one_donning_says_what_its_test_says() -> None:
    one = estimate_of(donnings(-20.0, uncertainty_deg=5.0))
    assert one is not None
    assert (one.value_deg, one.uncertainty_deg, one.tests, one.donnings) == (-20.0, 5.0, 1, 1)


def test_donnings_that_agree_keep_the_error_that_each_states() -> None:
    one = estimate_of(donnings(-20.0, -20.0, -20.0, -20.0, uncertainty_deg=6.0))
    assert one is not None
    assert one.uncertainty_deg == pytest.approx(3.0)


def test_donnings_that_scatter_more_than_they_state_tell_by_their_scatter() -> None:
    one = estimate_of(donnings(-10.0, -20.0, -30.0, uncertainty_deg=1.0))
    assert one is not None
    assert one.value_deg == -20.0
    assert one.uncertainty_deg == pytest.approx(1.959964 * 1.2533 * 10 / math.sqrt(3))


@pytest.mark.parametrize("count", [3, 5, 7])
def test_the_interval_holds_the_truth_where_tests_state_their_error_rightly(count: int) -> None:
    """Donnings that scatter by 3 degrees and say so: the interval is one of 95 %."""
    chance = random.Random(20261116)  # noqa: S311
    weeks = 2000
    held = 0
    for _ in range(weeks):
        week = donnings(*(chance.gauss(-20.0, 3.0) for _ in range(count)), uncertainty_deg=1.96 * 3.0)
        estimate = estimate_of(week)
        assert estimate is not None
        assert estimate.value_deg == median(one.value_deg for one in week)
        held += abs(estimate.value_deg + 20.0) <= estimate.uncertainty_deg
    assert held / weeks >= 0.94
