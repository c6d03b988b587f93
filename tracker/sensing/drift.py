"""How fast a sensor's clock runs against the host's, from arrival times that are late but never early.

Arrival less device time lies above the line of the true difference. The line that lies below all of them
and closest to them together is the edge of their lower convex hull at the mean device time: the
solution of the linear programme of Moon, Skelly and Towsley (IEEE INFOCOM 1999) for one-way delays.
"""

from dataclasses import dataclass

import numpy as np

from tracker.model import FloatArray


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

    Of the points within one second only the lowest is looked at: the true difference changes by
    microseconds in that time.
    """

    def __init__(self) -> None:
        self._hull: list[tuple[float, float]] = []
        self._lowest: tuple[float, float] | None = None
        self._count = 0
        self._sum_x = 0.0

    def add(self, x: FloatArray, y: FloatArray) -> None:
        """Add points, (N,) each."""
        starts = np.flatnonzero(np.diff(np.floor(x), prepend=-np.inf)).tolist()
        for start, stop in zip(starts, [*starts[1:], len(x)], strict=True):
            place = start + int(np.argmin(y[start:stop]))
            self._add_lowest(float(x[place]), float(y[place]))

    def estimate(self) -> DriftEstimate | None:
        """The edge at the mean abscissa; None where there are not two points."""
        if self._lowest is None or len(self._hull) < 1:
            return None
        hull = _extended(self._hull, self._lowest)
        mean_x = (self._sum_x + self._lowest[0]) / (self._count + 1)
        right = next(place for place, (x, _) in enumerate(hull) if x >= mean_x and place > 0)
        (left_x, left_y), (right_x, right_y) = hull[right - 1], hull[right]
        slope = (right_y - left_y) / (right_x - left_x)
        # A device that runs fast by s passes 1 + s seconds a second: the difference falls by s / (1 + s).
        return DriftEstimate(-slope / (1.0 + slope) * 1e6, right_x - left_x)

    def _add_lowest(self, x: float, y: float) -> None:
        """Take the lowest point of a second, or of a part of one."""
        if self._lowest is not None and x // 1.0 <= self._lowest[0] // 1.0:
            if y < self._lowest[1]:
                self._lowest = (x, y)
            return
        if self._lowest is not None:
            self._hull = _extended(self._hull, self._lowest)
            self._count += 1
            self._sum_x += self._lowest[0]
        self._lowest = (x, y)


def _extended(hull: list[tuple[float, float]], point: tuple[float, float]) -> list[tuple[float, float]]:
    """The lower hull with one point more to its right."""
    kept = len(hull)
    while kept > 1 and not _turns_up(hull[kept - 2], hull[kept - 1], point):
        kept -= 1
    return [*hull[:kept], point]


def _turns_up(first: tuple[float, float], middle: tuple[float, float], last: tuple[float, float]) -> bool:
    """True where the middle one of three points lies below the line through the others."""
    rise = (last[1] - first[1]) * (middle[0] - first[0])
    return (middle[1] - first[1]) * (last[0] - first[0]) < rise
