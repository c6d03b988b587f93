"""How well one person repeats a rest test: an assumption at first, their own tests more and more.

A standard deviation that is itself estimated from few values is worth few degrees of freedom, and an
interval built on it must be wider: by Student's t instead of the normal distribution (JCGM 100:2008, the
GUM, annex G).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from tracker.motion.parameters import NORMAL_95, RestTestParameters

_EXPANDED_FROM_DOF = 5.0
"""The expansion is off by 0.01 % here, by 0.12 % at 3 and by 11 % at 1."""
_LEAST_DOF = 0.5


@dataclass(frozen=True, slots=True)
class Repeatability:
    """Standard deviations of one person's rest tests, with their degrees of freedom.

    Attributes:
        reference_sd_rad: of a test about the others in the same donning.
        donning_sd_rad: of a donning about the others.
    """

    reference_sd_rad: float
    reference_dof: float
    donning_sd_rad: float
    donning_dof: float


def assumed_repeatability(parameters: RestTestParameters) -> Repeatability:
    """What is taken for a person of whom nothing is known."""
    weight = parameters.prior_tests
    return Repeatability(parameters.reference_sd_rad, weight, parameters.donning_sd_rad, weight)


def own_repeatability(parameters: RestTestParameters, donnings: Sequence[Sequence[float]]) -> Repeatability:
    """The assumption pooled with what a person's own tests of one leg say.

    Variances are pooled with their degrees of freedom. That of a donning is half the mean square of the
    steps from one donning to the next, less what its repeats explain: a slow change of the leg itself then
    adds little to it.

    Args:
        donnings: hip rotations in rad, a list for each donning, in order of time.
    """
    assumed = assumed_repeatability(parameters)
    within = [(value - fmean(tests)) ** 2 for tests in donnings for value in tests]
    within_dof = sum(len(tests) - 1 for tests in donnings if tests)
    reference = _pooled(assumed.reference_sd_rad, assumed.reference_dof, sum(within), within_dof)
    tested = [tests for tests in donnings if tests]
    steps = [0.5 * (fmean(after) - fmean(before)) ** 2 for before, after in pairwise(tested)]
    if not steps:
        return Repeatability(reference, assumed.reference_dof + within_dof, *_donning_of(assumed))
    repeats = 1.0 / fmean(1.0 / len(tests) for tests in tested)
    between = max(0.0, fmean(steps) - reference**2 / repeats)
    # Neighbouring steps share a donning: the mean of n of them is worth about two thirds of n.
    dof = 2.0 / 3.0 * len(steps)
    donning = _pooled(assumed.donning_sd_rad, assumed.donning_dof, between * dof, dof)
    return Repeatability(reference, assumed.reference_dof + within_dof, donning, assumed.donning_dof + dof)


def coverage_factor(terms: Sequence[tuple[float, float]]) -> float:
    """Half width of the 95 % interval of a sum, in its standard deviations.

    Args:
        terms: standard deviation and degrees of freedom of each part; infinite ones for a known deviation.

    The effective degrees of freedom are those of Welch and Satterthwaite (GUM G.4.1).
    """
    variance = sum(deviation**2 for deviation, _ in terms)
    spread = sum(deviation**4 / dof for deviation, dof in terms)
    return student_95(math.inf if spread == 0.0 else variance**2 / spread)


def student_95(dof: float) -> float:
    """97.5 % quantile of Student's t, within 0.02 % down to half a degree of freedom.

    Fewer than that say nothing: the quantile is then that of a half, more than 160 standard deviations.
    From 5 on it is the expansion in powers of 1 / dof (Abramowitz, Stegun 26.7.5).
    """
    if dof < _EXPANDED_FROM_DOF:
        # Imported here: it takes as long as all else, and nobody needs it who keeps the assumption's weight.
        from scipy.special import stdtrit

        return float(stdtrit(max(dof, _LEAST_DOF), 0.975))
    z, part = NORMAL_95, 1.0 / dof
    first = (z**3 + z) / 4.0
    second = (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0
    third = (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / 384.0
    fourth = (79.0 * z**9 + 776.0 * z**7 + 1482.0 * z**5 - 1920.0 * z**3 - 945.0 * z) / 92160.0
    return z + part * (first + part * (second + part * (third + part * fourth)))


def _pooled(assumed_sd: float, assumed_dof: float, squares: float, dof: float) -> float:
    return math.sqrt((assumed_dof * assumed_sd**2 + squares) / (assumed_dof + dof))


def _donning_of(assumed: Repeatability) -> tuple[float, float]:
    return assumed.donning_sd_rad, assumed.donning_dof
