"""Whether arrivals show that a sensor's ticks run wrong, and at which pace they have to be counted.

A link that starts late looks like a clock that runs wrong while it works off what has waited. Its lateness
ends or changes, a clock goes on: so arrivals are believed only where the line below all of them and the lines
below their earlier and their later half have one slope. Few and scattered ones, as around an outage, agree by
chance: how sure the slope is tells.
"""

import math
from collections import deque
from dataclasses import dataclass

from tracker.model import FloatArray
from tracker.sensing.clock_model.drift import LOOKED_AT_S, Point, SpanLowest, drift_share, line_below

_FEWEST_SPANS = 7
"""Halves of fewer than three earliest arrivals do not stand a late one."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace at which ticks are counted, and since when.

    Attributes:
        factor: host seconds in which the device counts a second.
        since_s: time on the time line from which on it is used.
        settled_s: time on the time line from which on sample times were right too: they change slowly, and
            first have to make up for what the wrong pace had cost them. None where they have not yet.
    """

    factor: float
    since_s: float
    settled_s: float | None = None


@dataclass(frozen=True, slots=True)
class PaceWindow:
    """Which of the newest arrivals a pace is judged by, and how well they have to agree.

    Attributes:
        fewest_s, most_s: device time that is looked at, at least and at most.
        tolerance: by which slopes may differ that are the same.
    """

    fewest_s: float
    most_s: float
    tolerance: float

    @property
    def fewest(self) -> int:
        """Points, one for each span of some seconds."""
        return max(_FEWEST_SPANS, math.ceil(self.fewest_s / LOOKED_AT_S))

    @property
    def most(self) -> int:
        """Points, one for each span of some seconds."""
        return max(self.fewest, math.ceil(self.most_s / LOOKED_AT_S))


@dataclass(frozen=True, slots=True)
class FoundDrift:
    """What the line below all arrivals of a window shows.

    Attributes:
        slope: of that line.
        share: by which the device's clock runs fast.
        share_95: half width of its 95 % interval.
        span_s: device time of the arrivals that show it.
    """

    slope: float
    share: float
    share_95: float
    span_s: float


class PaceEvidence:
    """The earliest arrivals of the newest seconds: a bounded number of them.

    Args:
        kept_s: device time that is kept.
        plausible: largest share by which a clock runs wrong.
    """

    def __init__(self, kept_s: float, plausible: float) -> None:
        self._plausible = plausible
        self._spans = SpanLowest()
        self._points: deque[Point] = deque(maxlen=max(_FEWEST_SPANS, math.ceil(kept_s / LOOKED_AT_S)))

    def add(self, device_s: FloatArray, late_s: FloatArray) -> None:
        """Add frames: device time, arrival less device time, both (N,) with at least one."""
        self._points.extend(self._spans.add(device_s, late_s))

    def drift(self, window: PaceWindow) -> FoundDrift | None:
        """What the newest arrivals agree on; None where they do not, are too few, or no clock runs so."""
        found = self.unproven(window)
        return found if found is not None and self.agrees(window, found) else None

    def unproven(self, window: PaceWindow) -> FoundDrift | None:
        """What the newest arrivals show together, whether they agree or not."""
        points = self._newest(window.most)
        if len(points) < window.fewest:
            return None
        line = line_below(points)
        share = drift_share(line.slope)
        if share is None or line.slope_95 is None or abs(share) > self._plausible:
            return None
        return FoundDrift(line.slope, share, line.slope_95 * (1.0 + share) ** 2, points[-1][0] - points[0][0])

    def agrees(self, window: PaceWindow, found: FoundDrift) -> bool:
        """Whether the earlier and the later half of the arrivals show the same as all of them."""
        points = self._newest(window.most)
        half = len(points) // 2
        slopes = [found.slope, line_below(points[:half]).slope, line_below(points[half:]).slope]
        return max(slopes) - min(slopes) <= window.tolerance

    def least_offset_s(self, pace: float, window: PaceWindow) -> float:
        """Least difference of arrival and device time, counted at a pace; inf before the first frame."""
        newest = self._spans.newest
        points = [*self._newest(window.most), *([] if newest is None else [newest])]
        return min((late_s + device_s * (1.0 - pace) for device_s, late_s in points), default=math.inf)

    def _newest(self, most: int) -> list[Point]:
        return list(self._points)[-most:]
