"""How well a person repeats: pooled variances by hand and in simulation, Student's t, effective freedom."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from motion_samples import rad
from scipy import stats

from tracker.motion.parameters import RestTestParameters
from tracker.motion.rest.repeatability import (
    Repeatability,
    assumed_repeatability,
    coverage_factor,
    own_repeatability,
    student_95,
)

PARAMETERS = RestTestParameters()
ASSUMED_REFERENCE_DEG, ASSUMED_DONNING_DEG, WEIGHT = 1.0, 3.0, 6.0
NORMAL_95 = float(stats.norm.ppf(0.975))
STUDENT_REL = 2e-4
"""What the quantile of Student's t claims."""

tests_deg = st.lists(st.floats(-60.0, 40.0), max_size=4)
donnings_deg = st.lists(tests_deg, max_size=6)


def own(donnings: Sequence[Sequence[float]], parameters: RestTestParameters = PARAMETERS) -> Repeatability:
    """The repeatability after donnings in degrees."""
    return own_repeatability(parameters, [[rad(value) for value in tests] for tests in donnings])


def variances_deg2(found: Repeatability) -> tuple[float, float]:
    """Of a test and of a donning, in square degrees."""
    return math.degrees(found.reference_sd_rad) ** 2, math.degrees(found.donning_sd_rad) ** 2


def drawn(
    rng: np.random.Generator, number: int, tests: int, reference_sd: float, donning_sd: float
) -> list[list[float]]:
    """So many donnings of a leg that lies at -20 degrees."""
    strapped = rng.normal(-20.0, donning_sd, (number, 1))
    values: list[list[float]] = (strapped + rng.normal(0.0, reference_sd, (number, tests))).tolist()
    return values


def test_the_assumption_is_what_the_parameters_say() -> None:
    found = assumed_repeatability(PARAMETERS)
    assert variances_deg2(found) == pytest.approx((ASSUMED_REFERENCE_DEG**2, ASSUMED_DONNING_DEG**2))
    assert (found.reference_dof, found.donning_dof) == (WEIGHT, WEIGHT)


@pytest.mark.parametrize("nothing", [[], [[]], [[], [], []]])
def test_without_tests_of_ones_own_the_assumption_holds(nothing: list[list[float]]) -> None:
    assert own(nothing) == assumed_repeatability(PARAMETERS)


def test_a_single_test_says_nothing_of_repeating() -> None:
    assert own([[-23.0]]) == assumed_repeatability(PARAMETERS)


def test_one_donning_says_how_tests_repeat_and_nothing_of_strapping_on() -> None:
    """-20, -22, -27 are 3, 1 and -4 from their mean: 26 square degrees with 2 degrees of freedom."""
    found = own([[-20.0, -22.0, -27.0]])
    assert variances_deg2(found) == pytest.approx(((6.0 * 1.0 + 26.0) / 8.0, 9.0))
    assert (found.reference_dof, found.donning_dof) == (8.0, 6.0)


def test_three_donnings_of_two_tests_are_pooled_as_by_hand() -> None:
    """Within: three times 2 square degrees, 3 degrees of freedom: (6 + 6) / 9 = 4/3.

    Steps of the means by 4 and 3: half their squares are 8 and 4.5, 6.25 in the mean; repeats explain half of
    4/3 of it: 67/12. Two steps are worth 4/3 degrees of freedom: (6 x 9 + 4/3 x 67/12) / (22/3) = 553/66.
    """
    found = own([[-20.0, -22.0], [-24.0, -26.0], [-21.0, -23.0]])
    assert variances_deg2(found) == pytest.approx((4.0 / 3.0, 553.0 / 66.0))
    assert (found.reference_dof, found.donning_dof) == pytest.approx((9.0, 22.0 / 3.0))


def test_donnings_with_unlike_numbers_of_tests_are_pooled_as_by_hand() -> None:
    """Means -20 and -26: half the square is 18. Means of 1 and of 3 tests: 2/3 of a test's variance, 1.75."""
    found = own([[-20.0], [-24.0, -26.0, -28.0]])
    between = 18.0 - 1.75 * (1.0 + 1.0 / 3.0) / 2.0
    assert variances_deg2(found) == pytest.approx((1.75, (54.0 + between * 2.0 / 3.0) / (20.0 / 3.0)))
    assert (found.reference_dof, found.donning_dof) == pytest.approx((8.0, 20.0 / 3.0))


def test_donnings_without_any_test_are_passed_over() -> None:
    assert own([[], [-20.0, -22.0], [], [-24.0, -26.0], []]) == own([[-20.0, -22.0], [-24.0, -26.0]])


@pytest.mark.parametrize(("reference_deg", "donning_deg"), [(2.0, 1.5), (0.4, 5.0), (1.0, 3.0), (3.0, 3.0)])
def test_very_many_tests_of_ones_own_leave_nothing_of_the_assumption(
    reference_deg: float, donning_deg: float
) -> None:
    """A variance with n degrees of freedom is off by the root of 2 / n of itself; five times that."""
    number, repeats = 6000, 3
    found = own(drawn(np.random.default_rng(31), number, repeats, reference_deg, donning_deg))
    within_dof, between_dof = 2.0 * number, 2.0 / 3.0 * number
    of_means = donning_deg**2 + reference_deg**2 / repeats
    reference, donning = variances_deg2(found)
    assert reference == pytest.approx(
        reference_deg**2, abs=5.0 * math.sqrt(2.0 / within_dof) * reference_deg**2
    )
    assert donning == pytest.approx(donning_deg**2, abs=5.0 * math.sqrt(2.0 / between_dof) * of_means)
    assert found.reference_dof == pytest.approx(WEIGHT + within_dof)
    assert found.donning_dof == pytest.approx(WEIGHT + between_dof, abs=1.0)


def test_a_step_is_worth_two_thirds_of_a_degree_of_freedom() -> None:
    """A mean with n degrees of freedom varies by 2 / n of its square: found from 4000 series of 31 donnings.

    The variance of a variance from 4000 series is off by a fortieth; five times that.
    """
    rng = np.random.default_rng(32)
    light = replace(PARAMETERS, prior_tests=1e-9, reference_sd_rad=0.0)
    series = [own(drawn(rng, 31, 1, 0.0, 2.0), light) for _ in range(4000)]
    between = np.array([variances_deg2(found)[1] for found in series])
    dof = 2.0 * between.mean() ** 2 / between.var()
    assert series[0].donning_dof == pytest.approx(20.0)
    assert dof == pytest.approx(series[0].donning_dof, rel=0.125)
    # the mean of 4000 with 20 degrees of freedom each
    assert between.mean() == pytest.approx(4.0, rel=5.0 * math.sqrt(2.0 / (20.0 * 4000)))


def test_a_slow_change_of_the_leg_is_not_taken_for_strapping_on() -> None:
    """4 degrees from each donning to the next: half the square is 8, however far they are apart in all."""
    found = own([[4.0 * number] for number in range(30)])
    steps_dof = 2.0 / 3.0 * 29.0
    # 1 square degree of a single test is explained by its repeating
    expected = (54.0 + (8.0 - 1.0) * steps_dof) / (WEIGHT + steps_dof)
    assert variances_deg2(found)[1] == pytest.approx(expected)
    assert expected < 9.0
    assert np.var([4.0 * number for number in range(30)]) > 1000.0


def test_tests_that_scatter_more_than_donnings_leave_nothing_for_strapping_on_and_no_less() -> None:
    """Equal means: the mean square of the steps is zero, less than what repeats explain."""
    found = own([[-30.0, -10.0]] * 4)
    assert variances_deg2(found)[1] == pytest.approx(54.0 / (6.0 + 2.0))


@given(donnings_deg)
def test_any_tests_give_finite_deviations_between_the_assumption_and_the_persons_own(
    donnings: list[list[float]],
) -> None:
    found = own(donnings)
    tested = [tests for tests in donnings if tests]
    squares = sum(float(np.var(tests)) * len(tests) for tests in tested)
    dof = sum(len(tests) - 1 for tests in tested)
    steps = max(0, len(tested) - 1)
    assert found.reference_dof == WEIGHT + dof
    assert found.donning_dof == pytest.approx(WEIGHT + 2.0 / 3.0 * steps)
    reference, donning = variances_deg2(found)
    assert reference == pytest.approx((WEIGHT + squares) / (WEIGHT + dof))
    assert 54.0 / found.donning_dof - 1e-9 <= donning
    means = [float(np.mean(tests)) for tests in tested]
    largest = max((0.5 * (after - before) ** 2 for before, after in pairwise(means)), default=0.0)
    assert donning <= max(9.0, largest) + 1e-9


@given(donnings_deg, st.floats(-30.0, 30.0))
def test_neither_where_the_leg_lies_nor_its_side_nor_the_order_of_repeats_matters(
    donnings: list[list[float]], moved_deg: float
) -> None:
    expected = variances_deg2(own(donnings))
    others = (
        [[value + moved_deg for value in tests] for tests in donnings],
        [[-value for value in tests] for tests in donnings],
        [tests[::-1] for tests in donnings],
        donnings[::-1],
    )
    for other in others:
        assert variances_deg2(own(other)) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    "dof",
    [0.5, 0.7, 1.0, 1.5, 2.0, 2.9, 3.0, 3.5, 4.0, 4.999, 5.0, 6.0, 7.3, 8.0, 10.0, 16.76, 30.0, 120.0, 1e4],
)
def test_students_quantile_is_within_what_it_claims(dof: float) -> None:
    expected = float(stats.t.ppf(0.975, dof))
    assert student_95(dof) == pytest.approx(expected, rel=STUDENT_REL)
    # from the assumption's own weight on it is better
    if dof >= WEIGHT:
        assert student_95(dof) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("dof", [1e12, 1e77, 1e100, 1e300, 1.7976931348623157e308])
def test_with_very_much_freedom_students_quantile_is_still_a_number(dof: float) -> None:
    assert student_95(dof) == pytest.approx(NORMAL_95, abs=1e-6)
    # deviations of which one is known all but exactly
    assert coverage_factor([(1e-30, 6.0), (1.0, math.inf)]) == pytest.approx(NORMAL_95, abs=1e-6)


@pytest.mark.parametrize("dof", [1e-300, 0.001, 0.01, 0.499])
def test_with_hardly_any_freedom_students_quantile_is_that_of_a_half(dof: float) -> None:
    """Of 1 / 100 it would be 1e128."""
    assert student_95(dof) == student_95(0.5) == pytest.approx(164.56, abs=0.01)


@given(st.floats(0.01, 1e6), st.floats(1.0, 2.0))
def test_more_freedom_never_widens_the_interval(dof: float, times: float) -> None:
    """Within what the quantile claims: two ways of finding it meet at 5."""
    assert student_95(dof * times) <= student_95(dof) * (1.0 + STUDENT_REL)


def test_with_endless_freedom_students_quantile_is_the_normal_one() -> None:
    assert student_95(math.inf) == pytest.approx(NORMAL_95, abs=1e-6)


HAND_COMPUTED = {
    "one with 6": ([(2.0, 6.0)], 6.0),
    "two alike": ([(1.0, 6.0), (1.0, 6.0)], 12.0),
    "1 and 3 degrees": ([(1.0, 6.0), (3.0, 6.0)], 100.0 / (82.0 / 6.0)),
    "with a known one": ([(1.0, 6.0), (3.0, 6.0), (2.0, math.inf)], 196.0 / (82.0 / 6.0)),
    "unlike freedoms": ([(1.0, 4.0), (2.0, 9.0)], 25.0 / (1.0 / 4.0 + 16.0 / 9.0)),
    "nearly known": ([(0.5, 6.0), (3.0, math.inf)], 9.25**2 / (0.0625 / 6.0)),
    "four": ([(25.0, 18.0), (9.7, 25.6), (2.9, 50.0), (16.6, 2.0)], 1003.06**2 / 60_015.0),
}
"""Terms, and the square of the sum of squares over the sum of fourth powers by their freedoms (GUM G.4.1)."""


@pytest.mark.parametrize(("terms", "dof"), HAND_COMPUTED.values(), ids=list(HAND_COMPUTED))
def test_the_coverage_is_that_of_welch_and_satterthwaite(
    terms: list[tuple[float, float]], dof: float
) -> None:
    assert coverage_factor(terms) == pytest.approx(float(stats.t.ppf(0.975, dof)), rel=3e-4)


@pytest.mark.parametrize("terms", [[], [(0.0, math.inf)], [(0.0, 6.0)], [(2.0, math.inf), (1.0, math.inf)]])
def test_known_deviations_are_covered_by_the_normal_quantile(terms: list[tuple[float, float]]) -> None:
    assert coverage_factor(terms) == pytest.approx(NORMAL_95, abs=1e-6)


@given(st.lists(st.tuples(st.floats(0.01, 10.0), st.floats(6.0, 200.0)), min_size=1, max_size=5))
def test_the_freedom_of_a_sum_lies_between_the_smallest_and_the_sum_of_all(
    terms: list[tuple[float, float]],
) -> None:
    freedoms = [dof for _, dof in terms]
    widest, narrowest = (float(stats.t.ppf(0.975, dof)) for dof in (min(freedoms), sum(freedoms)))
    found = coverage_factor(terms)
    assert narrowest * (1.0 - 1e-4) <= found <= widest * (1.0 + 1e-4)
    # in which unit the deviations are does not matter
    assert coverage_factor([(1000.0 * deviation, dof) for deviation, dof in terms]) == pytest.approx(found)


def test_the_interval_of_deviations_that_are_themselves_estimated_holds_95_of_100() -> None:
    """Known 1, estimated 1 from 6 and 3 from 6 degrees of freedom: how often is the sum within the interval?

    40000 draws leave a standard deviation of 0.0011; Welch and Satterthwaite's approximation is within 0.01.
    """
    rng, number, freedom = np.random.default_rng(33), 40_000, 6.0
    reference, donning = (true * np.sqrt(rng.chisquare(freedom, number) / freedom) for true in (1.0, 3.0))
    error = rng.normal(0.0, math.sqrt(1.0 + 1.0 + 9.0), number)
    half_widths = np.array(
        [
            coverage_factor([(1.0, math.inf), (one, freedom), (other, freedom)]) * math.hypot(1.0, one, other)
            for one, other in zip(reference.tolist(), donning.tolist(), strict=True)
        ]
    )
    assert float(np.mean(np.abs(error) <= half_widths)) == pytest.approx(0.95, abs=0.013)
    # with the normal quantile it would not: 3 degrees from 6 tests are not known well enough
    normal = NORMAL_95 * np.hypot(np.hypot(1.0, reference), donning)
    assert float(np.mean(np.abs(error) <= normal)) < 0.93
