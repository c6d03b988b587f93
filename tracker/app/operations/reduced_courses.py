"""A leg's course over time with as few points as a screen shows; extremes, gaps and marked instants stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from tsdownsample import MinMaxLTTBDownsampler

from tracker.model import GAP_IN_INTERVALS, BoolArray, FloatArray, Side
from tracker.session.looked_courses import LegCourse

Places: TypeAlias = npt.NDArray[np.int64]

FEWEST_POINTS = 16
MOST_POINTS = 20_000
"""More than any screen has columns, and little enough to be sent at once."""

_DIGITS = 2
"""Of degrees: the sensors are not better than a tenth."""


@dataclass(frozen=True, slots=True)
class ReducedCourse:
    """One leg's hip rotation over time, thinned.

    Attributes:
        time_s: rising.
        hip_rotation_deg: internal is positive; None parts what is not to be joined: samples are missing
            there, or the rotation cannot be seen.
    """

    side: Side
    time_s: tuple[float, ...]
    hip_rotation_deg: tuple[float | None, ...]


def reduced(
    course: LegCourse, from_s: float, until_s: float, points: int, marked_s: Sequence[float] = ()
) -> ReducedCourse:
    """What lies between two times, in about so many points.

    The largest and the smallest value stay what they are, and every point is a sample. A sample beside either
    end is among them, so that a line goes on beyond the picture's edge.

    Args:
        marked_s: the samples nearest to these times stay too, such as turning points of repetitions.
    """
    begin, end = np.searchsorted(course.time_s, [from_s, until_s]).tolist()
    here = slice(max(0, begin - 1), min(len(course.time_s), end + 1))
    time_s, value_deg = course.time_s[here], course.hip_rotation_deg[here]
    seen = np.flatnonzero(~np.isnan(value_deg))
    if not len(seen):
        return ReducedCourse(course.side, (), ())
    apart = _apart(seen, time_s, _interval_s(course.time_s))
    time_s = np.ascontiguousarray(time_s[seen])
    value_deg = np.ascontiguousarray(value_deg[seen])
    chosen = _with_breaks(_chosen(time_s, value_deg, points, marked_s), apart)
    return _joined(course.side, time_s, value_deg, chosen, apart)


def _chosen(
    time_s: FloatArray, value_deg: npt.NDArray[np.float32], points: int, marked_s: Sequence[float]
) -> Places:
    """Places of the samples that stay, rising, (M,)."""
    points = min(MOST_POINTS, max(FEWEST_POINTS, points))
    if len(time_s) <= points:
        return np.arange(len(time_s))
    thinner = MinMaxLTTBDownsampler()  # type: ignore[no-untyped-call]
    thinned = thinner.downsample(time_s, value_deg, n_out=points).astype(np.int64)
    kept = [0, len(time_s) - 1, int(np.argmin(value_deg)), int(np.argmax(value_deg))]
    inside = np.asarray([at_s for at_s in marked_s if time_s[0] <= at_s <= time_s[-1]], dtype=np.float64)
    later = np.clip(np.searchsorted(time_s, inside), 1, len(time_s) - 1)
    nearest = later - (inside - time_s[later - 1] < time_s[later] - inside)
    return np.unique(np.concatenate([thinned, np.asarray(kept, dtype=np.int64), nearest[:points]]))


def _apart(seen: Places, time_s: FloatArray, interval_s: float) -> BoolArray:
    """For each sample that is seen whether it is apart from the one before, (N,)."""
    apart = np.zeros(len(seen), dtype=bool)
    steps_s = np.diff(time_s[seen])
    apart[1:] = (np.diff(seen) > 1) | (steps_s > GAP_IN_INTERVALS * interval_s)
    return apart


def _with_breaks(chosen: Places, apart: BoolArray) -> Places:
    """The same with the samples at both sides of a break between two that were chosen."""
    breaks = np.flatnonzero(apart)
    if not len(breaks) or len(chosen) < 2:
        return chosen
    first = np.searchsorted(breaks, chosen[:-1], side="right")
    last = np.searchsorted(breaks, chosen[1:], side="right") - 1
    broken = last >= first
    sides = [breaks[first[broken]] - 1, breaks[last[broken]]]
    return np.unique(np.concatenate([chosen, *sides]))


def _joined(
    side: Side,
    time_s: FloatArray,
    value_deg: npt.NDArray[np.float32],
    chosen: Places,
    apart: BoolArray,
) -> ReducedCourse:
    """The chosen samples, with a hole wherever there is a break between two of them."""
    passed = np.cumsum(apart)[chosen]
    holes = np.flatnonzero(np.diff(passed) > 0) + 1
    middle_s = (time_s[chosen[holes - 1]] + time_s[chosen[holes]]) / 2.0
    times = np.insert(time_s[chosen], holes, middle_s)
    values = np.insert(value_deg[chosen].astype(np.float64), holes, np.nan)
    rounded = np.round(values, _DIGITS).tolist()
    return ReducedCourse(
        side,
        tuple(np.round(times, 4).tolist()),
        tuple(None if value != value else value for value in rounded),
    )


def _interval_s(time_s: FloatArray) -> float:
    """The usual step between samples."""
    return float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
