"""SEM and MDC: published formulas, assumed values at first, a person's own later."""

import math

import numpy as np
import pytest

from tracker.motion.parameters import RestTestParameters
from tracker.progress.trend.measurement_error import OWN_FROM_DONNINGS, measurement_error
from tracker.progress.trend.values import MeasurementError

PARAMETERS = RestTestParameters()


def error(donning_deg: float, within_deg: float, repeats: int = 3) -> MeasurementError:
    return MeasurementError(within_deg, donning_deg, repeats, donnings=10, pooled=False)


@pytest.mark.parametrize(
    ("donning_deg", "within_deg", "sem_deg", "mdc_deg"),
    [
        (2.0, 1.5, 2.2, {1: 6.0, 3: 3.5, 5: 2.7, 6: 2.5}),
        (3.0, 1.5, 3.1, {1: 8.7, 3: 5.0, 5: 3.9, 6: 3.5}),
        (5.0, 2.0, 5.1, {1: 14.2, 3: 8.2, 5: 6.4, 6: 5.8}),
    ],
)
def test_smallest_changes_are_those_of_the_table(
    donning_deg: float, within_deg: float, sem_deg: float, mdc_deg: dict[int, float]
) -> None:
    """The measurement basis's table, three repeats; its numbers are rounded to 0.1 degrees."""
    found = error(donning_deg, within_deg)
    assert found.sem_deg == pytest.approx(sem_deg, abs=0.051)
    assert {n: found.mdc_deg(n, n) for n in mdc_deg} == pytest.approx(mdc_deg, abs=0.051)


def test_one_against_one_is_the_usual_mdc95() -> None:
    assert error(3.0, 0.0).mdc_deg(1, 1) == pytest.approx(1.96 * math.sqrt(2.0) * 3.0, rel=1e-4)


def test_repeats_hardly_help_and_donning_anew_does() -> None:
    single, five = (error(3.0, 1.5, repeats).mdc_deg(1, 1) for repeats in (1, 5))
    assert [single, five] == pytest.approx([9.3, 8.5], abs=0.05)
    assert error(3.0, 1.5).mdc_deg(3, 3) == pytest.approx(5.0, abs=0.05)


def test_nothing_is_known_without_a_donning() -> None:
    assert measurement_error([], PARAMETERS) is None


def test_one_donning_leaves_the_assumption() -> None:
    found = measurement_error([[-20.0]], PARAMETERS)
    assert found is not None
    assert [found.sd_donning_deg, found.sd_within_deg] == pytest.approx([3.0, 1.0])
    assert (found.repeats, found.donnings, found.pooled) == (1, 1, True)


@pytest.mark.parametrize(
    ("legs", "expected"), [(math.sqrt(2.0), 3.0 * math.sqrt(2.0)), (math.sqrt(0.5), 2.1213)]
)
def test_the_assumption_is_that_of_the_quantity(legs: float, expected: float) -> None:
    found = measurement_error([[10.0]], PARAMETERS, legs)
    assert found is not None
    assert found.sd_donning_deg == pytest.approx(expected, rel=1e-4)


def test_the_assumption_counts_until_the_sixth_donning_and_then_no_more() -> None:
    """Every step is 1 degree: half its square is a variance of 0.5, all of it the donning's."""
    found = [
        measurement_error([[float(number % 2)] * 2 for number in range(count)], PARAMETERS)
        for count in (OWN_FROM_DONNINGS - 1, OWN_FROM_DONNINGS)
    ]
    before, after = found
    assert before is not None
    assert after is not None
    assert before.pooled
    assert before.sd_donning_deg > 2.0
    assert not after.pooled
    assert after.sd_donning_deg == pytest.approx(math.sqrt(0.5), rel=1e-6)
    assert after.sd_within_deg == pytest.approx(0.0, abs=1e-4)


def test_the_assumption_stands_where_no_donning_has_a_repeat() -> None:
    found = measurement_error([[float(number)] for number in range(12)], PARAMETERS)
    assert found is not None
    assert found.sd_within_deg == pytest.approx(1.0)


def test_own_scatter_is_found_also_beside_a_slow_change() -> None:
    """300 donnings of three repeats, 4 and 2 degrees, while the leg turns by 30. The estimate scatters by
    4 / sqrt(2 * 200) = 0.2: three times that."""
    rng = np.random.default_rng(5)
    levels = np.linspace(-30.0, 0.0, 300) + rng.normal(0.0, 4.0, 300)
    found = measurement_error([rng.normal(level, 2.0, 3).tolist() for level in levels], PARAMETERS)
    assert found is not None
    assert found.sd_donning_deg == pytest.approx(4.0, abs=0.6)
    assert found.sd_within_deg == pytest.approx(2.0, abs=0.18)
    assert found.repeats == 3


def test_ten_repeats_once_do_not_pass_for_the_usual_number() -> None:
    found = measurement_error([[1.0], [2.0], [3.0] * 10], PARAMETERS)
    assert found is not None
    assert found.repeats == 1
