"""How fast a sensor's clock runs against the host's, from arrival times that are late but never early.

Arrival less device time lies above the line of the true difference. The line that lies below all of them
and closest to them together is the edge of their lower convex hull at the mean device time: the
solution of the linear programme of Moon, Skelly and Towsley (IEEE INFOCOM 1999) for one-way delays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from tracker.model import FloatArray

Point: TypeAlias = tuple[float, float]
"""Device time and arrival less device time, seconds."""

LOOKED_AT_S = 2.0
"""Of the points within so many seconds only the lowest is looked at: the true difference changes by a tenth
of a millisecond in that time."""

_UNLIKE_A_CLOCK = 0.5
"""No clock is wrong by such a share: frames that had waited came together."""

_ON_LINE_S = 0.001
"""Points this close to a line lie on it: the earliest arrivals of some seconds are about as late."""

_SLOPE_95 = 17.0
"""Half width of the slope's 95 % interval over (mean height of points * seconds of a span / time squared).
Where delays come by chance, arrivals near the line are as dense anywhere: the error, so divided, then has one
distribution for any height and time. Simulated for delays of several shapes over 30 to 300 s, its 95 % point
is 12 to 17."""


@dataclass(frozen=True, slots=True)
class DriftEstimate:
    """The slope of the line below all differences of arrival and device time.

    Attributes:
        drift_ppm: by how much the device's clock runs faster than the host's, parts a million.
        span_s: device time between the outermost arrivals that lie on the line: the longer, the surer.
        uncertainty_ppm: half width of the drift's 95 % interval for delays that come by chance; None where
            fewer than three points tell. What a link hides is not in it: where the time between frames is a
            multiple of the connection interval, the delay grows as the clocks drift apart, until a frame
            waits for the next interval.
    """

    drift_ppm: float
    span_s: float
    uncertainty_ppm: float | None = None


@dataclass(frozen=True, slots=True)
class HullLine:
    """The line below points.

    Attributes:
        slope: its rise for each second.
        through: a point on it.
        span_s: between the outermost points that lie on it.
        slope_95: half width of the slope's 95 % interval; None for fewer than three points.
    """

    slope: float
    through: Point
    span_s: float
    slope_95: float | None


class SpanLowest:
    """The lowest point of each span of some seconds, of points whose abscissae do not fall."""

    def __init__(self) -> None:
        self.newest: Point | None = None
        """Of the span that is not over."""

    def add(self, x: FloatArray, y: FloatArray) -> list[Point]:
        """Take points, (N,) each; those of spans that are over now."""
        over: list[Point] = []
        spans = np.floor(x / LOOKED_AT_S)
        starts = (spans[1:] != spans[:-1]).nonzero()[0] + 1
        for start, stop in pairwise([0, *starts.tolist(), len(x)]):
            place = start + int(y[start:stop].argmin())
            point = float(x[place]), float(y[place])
            if self.newest is None or _span(point) > _span(self.newest):
                over += [] if self.newest is None else [self.newest]
                self.newest = point
            elif point[1] < self.newest[1]:
                self.newest = point
        return over


class LowerHull:
    """Lower convex hull of points whose abscissae, seconds, do not fall; added in blocks, few are kept."""

    def __init__(self) -> None:
        self._hull: list[Point] = []
        self._lowest = SpanLowest()
        self._count = 0
        self._sum_x = 0.0
        self._sum_y = 0.0
        self._first_x = 0.0

    def add(self, x: FloatArray, y: FloatArray) -> None:
        """Add points, (N,) each, at least one."""
        for point in self._lowest.add(x, y):
            _extend(self._hull, point)
            self._first_x = self._first_x if self._count else point[0]
            self._count += 1
            self._sum_x += point[0]
            self._sum_y += point[1]

    def line(self) -> HullLine | None:
        """The edge at the mean abscissa; None where there are not two points."""
        newest = self._lowest.newest
        if newest is None or not self._hull:
            return None
        hull = [*self._hull]
        _extend(hull, newest)
        count = self._count + 1
        mean = (self._sum_x + newest[0]) / count, (self._sum_y + newest[1]) / count
        return _line(hull, mean, count, newest[0] - self._first_x)

    def estimate(self) -> DriftEstimate | None:
        """The drift by the line; None where there is none, or where no clock runs so."""
        line = self.line()
        share = None if line is None else drift_share(line.slope)
        if line is None or share is None:
            return None
        uncertainty_ppm = None if line.slope_95 is None else line.slope_95 * (1.0 + share) ** 2 * 1e6
        return DriftEstimate(share * 1e6, line.span_s, uncertainty_ppm)


def line_below(points: Sequence[Point]) -> HullLine:
    """The line below points, at least two, whose abscissae rise, one for each span of some seconds.

    An outage between them makes the slope no surer: by chance the line lies on the few points of one side.
    """
    hull: list[Point] = []
    for point in points:
        _extend(hull, point)
    count = len(points)
    mean = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    between = min(points[-1][0] - points[0][0], LOOKED_AT_S * (count - 1))
    return _line(hull, mean, count, between)


def drift_share(slope: float) -> float | None:
    """By which share a device's clock runs fast, from the slope of arrival less device time over device time.

    A device that runs fast by s passes 1 + s seconds a second: the difference falls by s / (1 + s).

    Returns:
        None for a slope that no clock has.
    """
    if slope <= -1.0:
        return None
    share = -slope / (1.0 + slope)
    return share if abs(share) <= _UNLIKE_A_CLOCK else None


def _line(hull: Sequence[Point], mean: Point, count: int, between: float) -> HullLine:
    """The edge of a hull at the mean of so many points that lie between its ends."""
    left, right = _edge_at(hull, mean[0])
    slope = _slope(left, right)
    on_line = [x for x, y in hull if y - left[1] - slope * (x - left[0]) <= _ON_LINE_S]
    height = mean[1] - left[1] - slope * (mean[0] - left[0])
    return HullLine(slope, left, on_line[-1] - on_line[0], _slope_95(height, count, between))


def _slope_95(mean_height: float, points: int, between: float) -> float | None:
    """Half width of the slope's 95 % interval, of points so high above the line on the average."""
    if points < 3 or between <= 0.0:
        return None
    height = max(mean_height, 0.0) * points / (points - 2)
    return _SLOPE_95 * height * LOOKED_AT_S / between**2


def _span(point: Point) -> float:
    return point[0] // LOOKED_AT_S


def _edge_at(hull: Sequence[Point], x: float) -> tuple[Point, Point]:
    """The two corners of a lower hull that an abscissa lies between."""
    right = next((place for place in range(1, len(hull)) if hull[place][0] >= x), len(hull) - 1)
    return hull[right - 1], hull[right]


def _slope(left: Point, right: Point) -> float:
    return (right[1] - left[1]) / (right[0] - left[0])


def _extend(hull: list[Point], point: Point) -> None:
    """Add a point to the right of a lower hull, and drop those that lie above it then."""
    while len(hull) > 1 and not _turns_up(hull[-2], hull[-1], point):
        hull.pop()
    hull.append(point)


def _turns_up(first: Point, middle: Point, last: Point) -> bool:
    """True where the middle one of three points lies below the line through the others."""
    rise = (last[1] - first[1]) * (middle[0] - first[0])
    return (middle[1] - first[1]) * (last[0] - first[0]) < rise
