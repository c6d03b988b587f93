"""By how much frames arrive after the line below all arrivals: the residual of the clock's fit."""

import numpy as np

from tracker.model import FloatArray
from tracker.sensing.clock_model.drift import HullLine

_MOST_KEPT = 4096
"""Frames that are kept: the 95 % of as many are known to 0.4 % of the frames (one sigma of a share)."""

_SHARE = 0.95
"""The residual is what so many of the frames keep within."""


class ArrivalLateness:
    """Arrivals of a sensor's frames, evenly thinned to a bounded number."""

    def __init__(self) -> None:
        self._count = 0
        self._stride = 1
        self._device_s: FloatArray = np.empty(0)
        self._late_s: FloatArray = np.empty(0)

    def add(self, device_s: FloatArray, late_s: FloatArray) -> None:
        """Add frames: device time, arrival less device time, (N,) both."""
        # by the frames' numbers, so that it is the same however many come together
        chosen = slice(-self._count % self._stride, None, self._stride)
        self._device_s = np.concatenate([self._device_s, device_s[chosen]])
        self._late_s = np.concatenate([self._late_s, late_s[chosen]])
        self._count += len(device_s)
        while len(self._device_s) > _MOST_KEPT:
            self._device_s, self._late_s = self._device_s[::2], self._late_s[::2]
            self._stride *= 2

    def residual_s(self, line: HullLine) -> float:
        """What 95 % of the frames arrived at most later than a line; there is at least one frame."""
        (at_s, late_s), slope = line.through, line.slope
        above_s = self._late_s - late_s - slope * (self._device_s - at_s)
        return float(np.quantile(above_s, _SHARE))
