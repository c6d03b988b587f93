"""For how long the legs wait for the pelvis: up to which time nothing of it is expected any more."""

import math
from collections.abc import Sequence

import numpy as np

from tracker.model import FloatArray
from tracker.session.received_frames import TakenFrames

LATENESS_S = 1.0
"""Samples of the pelvis that arrive later than this after their time are not waited for, unless the sensor
can send again what was lost."""


class PelvisWait:
    """The time up to which the legs go on whether or not the pelvis is known; it never goes back.

    It lags what arrives by `LATENESS_S`. Where a pelvis that keeps its samples is not heard, or something of
    it is missing, it stays where the pelvis is known to, for a little longer than the sensor's own frames
    wait at most, and then goes on without it.

    Args:
        origin_ns: host monotonic clock at the start of the time line.
    """

    def __init__(self, origin_ns: int) -> None:
        self._origin_ns = origin_ns
        self._arrived_s = -math.inf
        self._known_s = -math.inf
        self._heard_s = -math.inf
        self.limit_s = -math.inf

    def limits(
        self, received_ns: Sequence[int], taken: Sequence[TakenFrames], own: Sequence[int], wait_s: float
    ) -> FloatArray:
        """The time before which samples come too late, for each of N notifications of any sensors, (N,).

        Args:
            received_ns: when each arrived.
            taken: what those of the pelvis brought.
            own: which of the N are of the pelvis, in order.
            wait_s: for how long the pelvis can send again what was lost; 0 where it keeps nothing.
        """
        if not len(received_ns):
            return np.empty(0)
        received_s = np.array([(one - self._origin_ns) * 1e-9 for one in received_ns], dtype=np.float64)
        arrived_s = _highest_so_far(received_s, self._arrived_s)
        self._arrived_s = float(arrived_s[-1])
        limits_s: FloatArray = arrived_s - LATENESS_S
        if wait_s > 0.0:
            known_s, heard_s = self._pelvis_after_each(len(received_ns), taken, own)
            waits = arrived_s <= heard_s + wait_s + LATENESS_S
            limits_s = np.where(waits, np.minimum(limits_s, known_s), limits_s)
            self._known_s, self._heard_s = float(known_s[-1]), float(heard_s[-1])
        limits_s = np.maximum.accumulate(np.concatenate([[self.limit_s], limits_s]))
        self.limit_s = float(limits_s[-1])
        return limits_s[:-1]

    def see_released(self, taken: Sequence[TakenFrames]) -> None:
        """Samples of the pelvis do not wait any more."""
        for one in taken:
            self._known_s = max(self._known_s, float(one.samples.time_s[-1]))
            self._heard_s = max(self._heard_s, float(self._live_s(one).max()))

    def _pelvis_after_each(
        self, count: int, taken: Sequence[TakenFrames], own: Sequence[int]
    ) -> tuple[FloatArray, FloatArray]:
        """Up to when the pelvis is known, and when it was last heard, after each of N notifications, (N,)."""
        known_s: FloatArray = np.full(count, -math.inf)
        heard_s: FloatArray = np.full(count, -math.inf)
        places = np.array(own, dtype=np.int64)
        for one in taken:
            at = places[one.positions]
            np.maximum.at(known_s, at, one.samples.time_s[np.cumsum(one.counts) - 1])
            np.maximum.at(heard_s, at, self._live_s(one))
        return _highest_so_far(known_s, self._known_s), _highest_so_far(heard_s, self._heard_s)

    def _live_s(self, taken: TakenFrames) -> FloatArray:
        """When each frame arrived, (F,); minus infinity for those that were sent again."""
        arrived_s: FloatArray = (taken.received_ns - self._origin_ns).astype(np.float64) * 1e-9
        return arrived_s if taken.backfilled is None else np.where(taken.backfilled, -math.inf, arrived_s)


def _highest_so_far(values: FloatArray, before: float) -> FloatArray:
    """The highest of each value, those before it and one before all, (N,)."""
    highest: FloatArray = np.maximum.accumulate(np.concatenate([[before], values]))
    return highest[1:]
