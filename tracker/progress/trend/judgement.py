"""What may be said of a row of donnings: its baseline, its last week, the change between them, the verdict.

`changed` needs a slope whose interval excludes zero and a change beyond the error: the MDC and the least
change. `probably changed` is a change beyond the error without such a slope, or beyond the MDC with one.
Else it is `no change beyond error`, as long as the slope is known well enough to tell such a change from
none; else there is not enough data. Simulated with donnings of 3.1 degrees, three a week and no change,
`changed` is said in at most 8 % of cases at 6 weeks and 5 % at 12, neighbours alike by up to 0.6; a true
degree a week over 12 weeks is found in at least 95 % (alike by up to 0.3) or 80 % (0.6).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from statistics import fmean, median

import numpy as np

from tracker.motion.parameters import RestTestParameters
from tracker.progress.trend.comparable import MeasuredDonning
from tracker.progress.trend.control_chart import control_chart
from tracker.progress.trend.measurement_error import measurement_error
from tracker.progress.trend.theil_sen import slope_of
from tracker.progress.trend.values import (
    Comparable,
    LeftOut,
    Level,
    MeasurementError,
    QuantityTrend,
    Slope,
    TrendPoint,
)
from tracker.progress.verdict import Verdict

LEAST_CHANGE_DEG = 5.0
"""No smaller change is called one: it takes false alarms at 12 weeks from 3, 5 and 7 % to 0.4, 3 and 5 % for
neighbours alike by 0, 0.3 and 0.6, and smaller ones are within what good examiners differ by. Of donnings of
3.1 degrees, those of one leg; the difference of two scatters by sqrt(2) times that, and so much larger is its
least change: at 5 degrees 7 % would be false alarms at 12 weeks and 12 % at 6."""

BASELINE_DONNINGS, BASELINE_DAYS, MOST_BASELINE_DONNINGS = 3, 3, 5
_BASELINE_WITHIN = timedelta(weeks=2)
"""Up to five donnings make the baseline where they come soon; a change may already be in later ones."""

MIN_DONNINGS = 6
"""Three of the baseline and three later ones. With four in all, chance alone makes every pair rise in 4 % of
cases and fall in as many: no interval of 95 % can be had of them."""

MIN_WEEKS = 6
"""In the sixth week half of a true degree a week is found; before, hardly any."""

_OF_LEGS: dict[str, float] = {"left": 1.0, "right": 1.0, "difference": 2.0**0.5, "mean": 0.5**0.5}
"""Standard deviation of a quantity, in that of one leg, for legs that err apart."""


@dataclass(frozen=True, slots=True)
class _Change:
    """The last week less the baseline, and what it must exceed."""

    change_deg: float
    mdc_deg: float
    least_deg: float

    @property
    def error_deg(self) -> float:
        return max(self.mdc_deg, self.least_deg)

    @property
    def exceeds_chance(self) -> bool:
        return abs(self.change_deg) > self.mdc_deg

    @property
    def exceeds(self) -> bool:
        return abs(self.change_deg) > self.error_deg


def quantity_trend(
    name: str,
    donnings: Sequence[MeasuredDonning],
    left_out: Sequence[LeftOut],
    parameters: RestTestParameters,
) -> QuantityTrend:
    """The trend of one angle.

    Args:
        donnings: that may be compared with each other, in order of time.
        left_out: what could not be compared with them.
        parameters: what is assumed of a person's repeatability.
    """
    points = tuple(one.point for one in donnings)
    values_deg = [one.value_deg for one in points]
    error = measurement_error([one.repeats_deg for one in donnings], parameters, _OF_LEGS[name])
    first = _baseline(points)
    last = _last_week(points[len(first) :])
    slope = _slope(points)
    change = _change(first, last, error, least_change_deg(name))
    verdict, reason = _verdict(points, first, slope, change)
    return QuantityTrend(
        name=name,
        comparable=_shared(donnings),
        points=points,
        left_out=tuple(left_out),
        error=error,
        baseline=_level(first),
        last_week=_level(last),
        change_deg=None if change is None else change.change_deg,
        mdc_deg=None if change is None else change.mdc_deg,
        error_deg=None if change is None else change.error_deg,
        slope=slope,
        verdict=verdict,
        reason=reason,
        chart=control_chart(values_deg),
    )


def least_change_deg(name: str) -> float:
    """What a change of an angle must exceed at the least; the mean of both legs has no smaller one."""
    return LEAST_CHANGE_DEG * max(1.0, _OF_LEGS[name])


def _shared(donnings: Sequence[MeasuredDonning]) -> Comparable | None:
    return donnings[-1].comparable if donnings else None


def _baseline(points: Sequence[TrendPoint]) -> Sequence[TrendPoint]:
    """The first donnings, as many as it takes for three on three days, and up to five; none where too few."""
    for count in range(BASELINE_DONNINGS, len(points) + 1):
        if len({one.day for one in points[:count]}) >= BASELINE_DAYS:
            soon = sum(one.at - points[0].at < _BASELINE_WITHIN for one in points[:MOST_BASELINE_DONNINGS])
            return points[: max(count, soon)]
    return ()


def _last_week(later: Sequence[TrendPoint]) -> Sequence[TrendPoint]:
    """Of the donnings after the baseline those of the last seven days that have any."""
    return [one for one in later if one.day > later[-1].day - timedelta(days=7)]


def _slope(points: Sequence[TrendPoint]) -> Slope | None:
    weeks = np.array([(one.at - points[0].at) / timedelta(weeks=1) for one in points])
    return slope_of(weeks, np.array([one.value_deg for one in points]))


def _change(
    first: Sequence[TrendPoint],
    last: Sequence[TrendPoint],
    error: MeasurementError | None,
    least_deg: float,
) -> _Change | None:
    if not first or not last or error is None:
        return None
    change_deg = fmean(one.value_deg for one in last) - fmean(one.value_deg for one in first)
    return _Change(change_deg, error.mdc_deg(len(first), len(last)), least_deg)


def _verdict(
    points: Sequence[TrendPoint], baseline: Sequence[TrendPoint], slope: Slope | None, change: _Change | None
) -> tuple[Verdict, str]:
    if lacking := _lacking(points, baseline):
        return Verdict.NOT_ENOUGH_DATA, lacking
    if slope is None or change is None:
        return Verdict.NOT_ENOUGH_DATA, "all strappings-on are of one time"
    if slope.excludes_zero and change.exceeds:
        return Verdict.CHANGED, ""
    # A slope alone is none: beside a change within its own MDC it would contradict what is shown.
    if change.exceeds or (slope.excludes_zero and change.exceeds_chance):
        return Verdict.PROBABLY, ""
    if slope.total_half_width_deg > change.error_deg:
        could_be = f"the line through the strappings-on leaves ±{slope.total_half_width_deg:.1f}° open"
        return Verdict.NOT_ENOUGH_DATA, could_be
    return Verdict.NO_CHANGE, ""


def _lacking(points: Sequence[TrendPoint], baseline: Sequence[TrendPoint]) -> str:
    """What is lacking for any statement, in words; empty where nothing is."""
    if not points:
        return "no rest test was measured"
    if not baseline:
        days = len({one.day for one in points})
        return (
            f"a baseline takes {BASELINE_DONNINGS} strappings-on, on {BASELINE_DAYS} days, and has "
            f"{strappings_on(len(points))} so far, on {'1 day' if days == 1 else f'{days} days'}"
        )
    week = ceil(((points[-1].day - points[0].day).days + 1) / 7)
    if week < MIN_WEEKS:
        return f"too early, week {week} of {MIN_WEEKS}"
    if len(points) < MIN_DONNINGS:
        return f"{len(points)} strappings-on of at least {MIN_DONNINGS}"
    return ""


def strappings_on(count: int) -> str:
    """So many donnings, as a person reads it."""
    return f"{count} strapping{'' if count == 1 else 's'}-on"


def _level(points: Sequence[TrendPoint]) -> Level | None:
    if not points:
        return None
    values_deg = [one.value_deg for one in points]
    days = {one.day for one in points}
    return Level(fmean(values_deg), median(values_deg), len(points), len(days), min(days), max(days))
