"""How fast a sensor's clock runs against the host's, from arrival times that are late but never early.

Arrival less device time lies above the line of the true difference. The line that lies below all of them
and closest to them together is the edge of their lower convex hull at the mean device time: the
solution of the linear programme of Moon, Skelly and Towsley (IEEE INFOCOM 1999) for one-way delays.

For a few seconds, in which arrivals may all be late at first, the median of the slopes between the earliest
arrivals is safer: of ten it stands three that are late (Theil and Sen).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tracker.model import FloatArray

_LOOKED_AT_S = 2.0
_FEWEST_SPANS = 7
"""Fewer earliest arrivals do not stand two that are late."""


@dataclass(frozen=True, slots=True)
class DriftEstimate:
    """The slope of the line below all differences of arrival and device time.

    Attributes:
        drift_ppm: by how much the device's clock runs faster than the host's, parts a million.
        span_s: device time between the line's two points: the longer, the surer.
    """

    drift_ppm: float
    span_s: float


class LowerHull:
    """Lower convex hull of points whose abscissae, seconds, do not fall; added in blocks, few are kept.

    Of the points within some seconds only the lowest is looked at: the true difference changes by a tenth of
    a millisecond in that time.
    """

    def __init__(self) -> None:
        self._hull: list[tuple[float, float]] = []
        self._lowest: tuple[float, float] | None = None
        self._count = 0
        self._sum_x = 0.0

    def add(self, x: FloatArray, y: FloatArray) -> None:
        """Add points, (N,) each."""
        spans = np.floor(x / _LOOKED_AT_S)
        starts = (spans[1:] != spans[:-1]).nonzero()[0] + 1
        edges = [0, *starts.tolist(), len(x)]
        for start, stop in pairwise(edges):
            place = start + int(y[start:stop].argmin())
            self._add_lowest(float(x[place]), float(y[place]))

    def estimate(self) -> DriftEstimate | None:
        """The edge at the mean abscissa; None where there are not two points."""
        if self._lowest is None or len(self._hull) < 1:
            return None
        hull = [*self._hull]
        _extend(hull, self._lowest)
        mean_x = (self._sum_x + self._lowest[0]) / (self._count + 1)
        right = next(place for place, (x, _) in enumerate(hull) if x >= mean_x and place > 0)
        (left_x, left_y), (right_x, right_y) = hull[right - 1], hull[right]
        return DriftEstimate(_drift_ppm((right_y - left_y) / (right_x - left_x)), right_x - left_x)

    def _add_lowest(self, x: float, y: float) -> None:
        """Take the lowest point of a span, or of a part of one."""
        if self._lowest is not None and x // _LOOKED_AT_S <= self._lowest[0] // _LOOKED_AT_S:
            if y < self._lowest[1]:
                self._lowest = (x, y)
            return
        if self._lowest is not None:
            _extend(self._hull, self._lowest)
            self._count += 1
            self._sum_x += self._lowest[0]
        self._lowest = (x, y)


def steady_drift_ppm(x: FloatArray, y: FloatArray) -> float | None:
    """By how much a device's clock runs faster than the host's, from few seconds, parts a million.

    Args:
        x: (N,) device time of frames, seconds.
        y: (N,) arrival less device time, seconds.

    Returns:
        None where there are too few spans of some seconds with frames.
    """
    spans = np.floor(x / _LOOKED_AT_S)
    lowest = np.array([np.flatnonzero(spans == span)[y[spans == span].argmin()] for span in np.unique(spans)])
    if len(lowest) < _FEWEST_SPANS:
        return None
    first, second = np.triu_indices(len(lowest), 1)
    slopes = (y[lowest[second]] - y[lowest[first]]) / (x[lowest[second]] - x[lowest[first]])
    return _drift_ppm(float(np.median(slopes)))


def _drift_ppm(slope: float) -> float:
    """From the slope of arrival less device time over device time.

    A device that runs fast by s passes 1 + s seconds a second: the difference falls by s / (1 + s).
    """
    return -slope / (1.0 + slope) * 1e6


def _extend(hull: list[tuple[float, float]], point: tuple[float, float]) -> None:
    """Add a point to the right of a lower hull, and drop those that lie above it then."""
    while len(hull) > 1 and not _turns_up(hull[-2], hull[-1], point):
        hull.pop()
    hull.append(point)


def _turns_up(first: tuple[float, float], middle: tuple[float, float], last: tuple[float, float]) -> bool:
    """True where the middle one of three points lies below the line through the others."""
    rise = (last[1] - first[1]) * (middle[0] - first[0])
    return (middle[1] - first[1]) * (last[0] - first[0]) < rise
