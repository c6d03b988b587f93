"""The rotation about an axis that an unknown movement shows itself."""

import numpy as np

from tracker.model import BoolArray, FloatArray
from tracker.motion.exercise import SelfFoundAxis
from tracker.motion.signals.counted_samples import Integrator
from tracker.motion.signals.turning_points import Excursion, TurningPointMachine

_LOW_PERCENTILE, _HIGH_PERCENTILE = 5.0, 95.0
_TURNED_SHARE = 0.5
_HELD_SHARE = 2.0
"""Samples are held for this share of the time after which the axis is taken from what there is: what went on
before was no such movement, and a long quiet beginning must cost neither memory nor time."""


class MovementSignal:
    """Angle about the principal axis of the first movements, positive the way the first one goes.

    Samples are held back until the first movement there and back is complete; then axis, direction and
    range are frozen, and the signal runs from the first sample held. It is the integral of the rate and may
    drift, which turning points do not mind. Of a beginning without movement only the end is held.

    Args:
        interval_s: nominal sample interval, for how often is looked: angles go by the samples' times.
    """

    def __init__(self, parameters: SelfFoundAxis, interval_s: float) -> None:
        self._parameters = parameters
        self._step = max(1, round(parameters.step_s / interval_s))
        self._held: list[tuple[FloatArray, FloatArray, BoolArray]] = []
        self._held_count = 0
        self._looked_at = 0
        self._axis: FloatArray | None = None
        self._integrator = Integrator()
        self.range_rad: float | None = None

    def update(
        self, time_s: FloatArray, rate_rad_per_s: FloatArray, saturated: BoolArray
    ) -> tuple[FloatArray, FloatArray, BoolArray]:
        """Time, angle and saturation of the samples that the axis is known for by now, each (M,)."""
        if self._axis is not None:
            return time_s, self._angle_of(time_s, rate_rad_per_s), saturated
        self._held.append((time_s, rate_rad_per_s, saturated))
        self._held_count += len(time_s)
        if self._held_count >= self._looked_at + self._step:
            self._look_step_by_step()
        return self._release()

    def finish(self) -> tuple[FloatArray, FloatArray, BoolArray]:
        """The same for a set that ends before its axis was found: what is there has to do."""
        if self._axis is None and self._held_count:
            times, rates, _ = self._merge_held()
            self._look(times, rates, last=True)
        return self._release()

    def _look_step_by_step(self) -> None:
        times, rates, _ = self._merge_held()
        first = 0
        while self._axis is None and self._looked_at + self._step <= len(times):
            self._looked_at += self._step
            look = slice(first, self._looked_at)
            self._look(times[look], rates[look], last=False)
            if self._axis is None:
                oldest_s = self._needed_from_s(times[look], rates[look])
                first = max(first, int(np.searchsorted(times, oldest_s)))
        if first:
            self._held = [(part[0][first:], part[1][first:], part[2][first:]) for part in self._held]
            self._held_count -= first
            self._looked_at -= first

    def _needed_from_s(self, time_s: FloatArray, rate: FloatArray) -> float:
        """Time before which nothing can belong to the first movement."""
        moved_s = time_s[self._is_moving(rate)]
        quiet = not len(moved_s) or time_s[-1] - moved_s[-1] >= self._parameters.pause_s
        span_s = self._parameters.pause_s if quiet else _HELD_SHARE * self._parameters.maximum_s
        return float(time_s[-1] - span_s)

    def _is_moving(self, rate: FloatArray) -> BoolArray:
        moving: BoolArray = np.sqrt((rate * rate).sum(axis=1)) > self._parameters.begin_rate_rad_per_s
        return moving

    def _merge_held(self) -> tuple[FloatArray, FloatArray, BoolArray]:
        times, rates, marks = (np.concatenate(parts) for parts in zip(*self._held, strict=True))
        self._held = [(times, rates, marks)]
        return times, rates, marks

    def _release(self) -> tuple[FloatArray, FloatArray, BoolArray]:
        if self._axis is None or not self._held:
            return np.empty(0), np.empty(0), np.empty(0, dtype=bool)
        times, rates, marks = self._merge_held()
        self._held = []
        return times, self._angle_of(times, rates), marks

    def _look(self, time_s: FloatArray, rate: FloatArray, *, last: bool) -> None:
        """Take axis, direction and range from the samples so far, if they show a movement there and back."""
        moving = self._is_moving(rate)
        if not moving.any():
            return
        begin = int(np.argmax(moving))
        since_s = float(time_s[-1] - time_s[begin])
        if since_s < self._parameters.minimum_s and not last:
            return
        axis = _principal_axis(rate[begin:])
        angle = Integrator().update(time_s, _about(axis, rate))
        low, high = np.percentile(angle[begin:], [_LOW_PERCENTILE, _HIGH_PERCENTILE])
        extent = float(high - low)
        if extent < self._parameters.minimum_range_rad:
            return
        machine = TurningPointMachine(_TURNED_SHARE * extent, first_either_way=True)
        returned = any(isinstance(found, Excursion) for found in machine.feed(angle))
        if returned or last or since_s >= self._parameters.maximum_s:
            self._axis = machine.sign * axis
            self.range_rad = extent

    def _angle_of(self, time_s: FloatArray, rate: FloatArray) -> FloatArray:
        """Integral of the rate about the axis over real time, going on from the last block."""
        if self._axis is None:
            return np.empty(0)
        return self._integrator.update(time_s, _about(self._axis, rate))


def _about(axis: FloatArray, rate: FloatArray) -> FloatArray:
    """Rates about an axis, (N,), by the same operations for any N: the same bits however samples are cut."""
    about: FloatArray = rate[:, 0] * axis[0] + rate[:, 1] * axis[1] + rate[:, 2] * axis[2]
    return about


def _principal_axis(rate: FloatArray) -> FloatArray:
    """Unit axis, (3,), about which most of the turning happens."""
    products = np.array([[(rate[:, i] * rate[:, j]).sum() for j in range(3)] for i in range(3)])
    axis: FloatArray = np.linalg.eigh(products)[1][:, -1]
    return axis
