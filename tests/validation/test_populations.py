"""Random people, sets and hours, as many as a minute allows; `make validate` runs the full numbers."""

import pytest
from checks import Check
from population_rest import coverage
from population_sets import random_set
from scenarios_populations import p2
from scenarios_trend import p4

SETS = 150
TESTS = 300


def failed(checks: "list[Check]") -> list[str]:
    """What did not pass, in words."""
    return [f"{one.what}: expected {one.expected}, got {one.got}" for one in checks if not one.passed]


def test_random_sets_are_counted_exactly() -> None:
    """Seeds that the full run does not use. Of 150 a counter that is right in 99 % misses more than 5 once in
    250 runs."""
    off = [random_set(10_000 + number).off for number in range(SETS)]
    assert max(map(abs, off)) <= 1
    assert sum(one != 0 for one in off) <= 5


def test_a_quiet_quarter_of_an_hour_holds_no_repetition() -> None:
    assert failed(list(p2(minutes=12.0))) == []


@pytest.mark.parametrize(("repeats", "own_donnings"), [(1, 0), (3, 5)])
def test_the_stated_interval_holds_the_true_value(repeats: int, own_donnings: int) -> None:
    """95 % of 300 with a binomial standard deviation of 1.3 %: three of them each way."""
    found = coverage(TESTS, repeats, own_donnings=own_donnings, seed=99)
    assert 0.91 <= found.share <= 0.99


@pytest.mark.slow
def test_the_trend_of_persons_is_told_rightly() -> None:
    """Two of each kind, of whom the full run has twenty."""
    assert failed(list(p4(number=2))) == []
