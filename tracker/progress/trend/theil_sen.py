"""The line through the donnings: Theil and Sen's slope, with an interval for neighbours that are alike.

scipy.stats has the same estimator and costs 0.8 s to import, most of the second that a week may take: it is
done here in numpy and held against scipy in a test.
"""

from math import sqrt
from statistics import median

import numpy as np

from tracker.model import FloatArray
from tracker.motion.parameters import NORMAL_95
from tracker.progress.trend.pair_slopes import pair_count, slopes_of_ranks
from tracker.progress.trend.values import Slope

MIN_POINTS = 3
"""Fewer leave nothing that scatters about a line."""

_LARGEST_PHI = 0.9
"""Above it the interval would be wider than four times; so few donnings cannot tell such a phi from drift."""


def slope_of(weeks: FloatArray, values_deg: FloatArray) -> Slope | None:
    """The Theil-Sen slope with its 95 % interval; None with too few points, or all at one time.

    The interval is Sen's (1968), by the variance of Kendall's tau with ties. It holds for independent
    residuals; where neighbours resemble each other with a lag-1 autocorrelation phi, it is wider by
    sqrt((1 + phi) / (1 - phi)).

    Args:
        weeks: times in weeks, ascending.
    """
    if len(weeks) < MIN_POINTS or weeks[-1] <= weeks[0]:
        return None
    slope, low, high = _median_and_interval(weeks, values_deg)
    # Not numpy's median: it brings masked arrays along, which take longer than a half year's trend.
    at_zero = median((values_deg - slope * weeks).tolist())
    phi = autocorrelation(values_deg - slope * weeks - at_zero)
    wider = sqrt((1.0 + phi) / (1.0 - phi))
    return Slope(
        deg_per_week=slope,
        low_deg_per_week=slope - wider * (slope - low),
        high_deg_per_week=slope + wider * (high - slope),
        at_first_deg=at_zero + slope * float(weeks[0]),
        phi=phi,
        weeks=float(weeks[-1] - weeks[0]),
    )


def autocorrelation(residuals: FloatArray) -> float:
    """Lag-1 autocorrelation within 0 and 0.9; its bias in short series is corrected by + (1 + 3 phi) / n."""
    about = residuals - residuals.mean()
    squares = float(about @ about)
    if squares == 0.0:
        return 0.0
    phi = float(about[1:] @ about[:-1]) / squares
    return min(max(phi + (1.0 + 3.0 * phi) / len(about), 0.0), _LARGEST_PHI)


def _median_and_interval(weeks: FloatArray, values_deg: FloatArray) -> tuple[float, float, float]:
    """Median, and the slopes by ranks 1.96 standard deviations of tau's numerator apart."""
    count, tau_sd = pair_count(weeks), _tau_sd(weeks, values_deg)
    low_rank = max(round((count - NORMAL_95 * tau_sd) / 2.0) - 1, 0)
    high_rank = min(round((count + NORMAL_95 * tau_sd) / 2.0), count - 1)
    ranks = low_rank, (count - 1) // 2, count // 2, high_rank
    low, lower_middle, upper_middle, high = slopes_of_ranks(weeks, values_deg, ranks)
    return float(np.mean((lower_middle, upper_middle))), float(low), float(high)


def _tau_sd(weeks: FloatArray, values_deg: FloatArray) -> float:
    """Standard deviation of Kendall's concordant less discordant pairs where there is no trend."""
    count = len(weeks)
    ties = sum(_tied(values) for values in (weeks, values_deg))
    return sqrt(max(0.0, (count * (count - 1) * (2 * count + 5) - ties) / 18.0))


def _tied(values: FloatArray) -> float:
    same = np.unique(values, return_counts=True)[1]
    return float(np.sum(same * (same - 1) * (2 * same + 5)))
