"""Individuals chart (XmR): does a point lie further off than the first ones scatter?"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

from tracker.progress.trend.values import ControlChart

MIN_BASELINE, USUAL_BASELINE = 8, 12
"""Of later points 5.7 % are false alarms with limits from 5 points, 3.1 % from 8, 1.9 % from 12."""

_LIMIT_IN_MOVING_RANGES = 2.66
"""Three standard deviations: 3 / 1.128, the mean range of two normal values in their standard deviations."""

RUN = 8
"""Points in a row on one side of the centre: by chance once in 128 stretches of eight."""


def control_chart(values_deg: Sequence[float]) -> ControlChart | None:
    """The chart with limits from the first 12 points, from all where there are 8 to 11; None with fewer."""
    made_of = min(len(values_deg), USUAL_BASELINE)
    if made_of < MIN_BASELINE:
        return None
    lower, centre, upper = limits(values_deg[:made_of])
    outside = tuple(
        place for place in range(made_of, len(values_deg)) if not lower <= values_deg[place] <= upper
    )
    return ControlChart(centre, lower, upper, made_of, outside, tuple(_runs(values_deg, centre)))


def limits(first_deg: Sequence[float]) -> tuple[float, float, float]:
    """Lower limit, centre and upper limit: mean ± 2.66 times the mean moving range."""
    centre = fmean(first_deg)
    reach = _LIMIT_IN_MOVING_RANGES * fmean(abs(after - before) for before, after in pairwise(first_deg))
    return centre - reach, centre, centre + reach


def _runs(values_deg: Sequence[float], centre: float) -> list[int]:
    ends, length, side = [], 0, 0
    for place, value in enumerate(values_deg):
        now = (value > centre) - (value < centre)
        length = length + 1 if now and now == side else int(bool(now))
        side = now
        if length >= RUN:
            ends.append(place)
    return ends
