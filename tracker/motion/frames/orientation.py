"""The direction of up in a sensor's own frame, sample by sample, through movement and gaps.

The filter is VQF (Laidig and Seel, Information Fusion 91, 2023; doi 10.1016/j.inffus.2022.10.014) on
accelerometer and gyroscope. It takes a rate for the whole interval before its sample, so it is given the
mean of the rates at both ends (trapezoidal rule): that errs by h^3 / 12 times the rate's second derivative
instead of half an interval of the rate itself. It gives the same numbers for any cutting into blocks.
"""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from vqf import VQF

from tracker.model import GAP_IN_INTERVALS, FloatArray, TimedBlock
from tracker.motion.parameters import OrientationParameters


class OrientationFilter:
    """Orientation of one sensor against gravity.

    Args:
        rate_hz: sample rate; the filter integrates with its inverse.
    """

    def __init__(self, rate_hz: float, parameters: OrientationParameters) -> None:
        self._interval_s = 1.0 / rate_hz
        self._stretch = 1.0
        self._parameters = parameters
        self._filter = self._new_filter()
        self._last: TimedBlock | None = None
        self._last_rate: FloatArray | None = None

    def set_rate(self, rate_hz: float) -> None:
        """The samples from here on are taken at another rate than was thought."""
        change = 1.0 / rate_hz / self._interval_s
        self._stretch *= change
        self._interval_s = 1.0 / rate_hz
        # What the filter keeps of earlier rates is stretched as they were: the next ones are by more or less.
        self._filter.setBiasEstimate(self._filter.getBiasEstimate()[0] * change)

    def update(self, block: TimedBlock) -> tuple[FloatArray, FloatArray]:
        """Up in the sensor frame and angular rate less its estimated offset, both (N, 3), for a block.

        The block must follow the one before it in time. Up to `bridge_s` of missing samples are
        interpolated for the filter's integration alone; after a longer gap it begins anew from gravity
        and keeps its estimate of the gyroscope's offset.
        """
        quaternion, rate = self.update_orientation(block)
        return up_from_quaternion(quaternion), rate

    def update_orientation(self, block: TimedBlock) -> tuple[FloatArray, FloatArray]:
        """As `update`, with the whole orientation in place of up: sensor-to-earth, scalar first, (N, 4).

        The earth's z is up; its heading is arbitrary, drifts, and is another one after a gap longer than
        `bridge_s`: there is no magnetometer.
        """
        if not len(block):
            return np.empty((0, 4)), np.empty((0, 3))
        quaternions, rates = [], []
        for part in self._unbroken_parts(block):
            self._cross_gap_to(part)
            result = self._filter.updateBatch(
                self._interval_rates(part.gyroscope_rad_per_s),
                np.ascontiguousarray(part.accelerometer_m_per_s2),
            )
            quaternions.append(result["quat6D"])
            rates.append(part.gyroscope_rad_per_s - result["bias"] / self._stretch)
            self._last = part.part(len(part) - 1, len(part))
        if len(quaternions) == 1:
            return quaternions[0], rates[0]
        return np.concatenate(quaternions), np.concatenate(rates)

    def _new_filter(self) -> VQF:
        return VQF(
            self._interval_s,
            tauAcc=self._parameters.tau_accelerometer_s,
            restThGyr=math.degrees(self._parameters.rest_rate_rad_per_s),
        )

    def _unbroken_parts(self, block: TimedBlock) -> Iterator[TimedBlock]:
        steps = block.time_s[1:] - block.time_s[:-1]
        starts = np.flatnonzero(steps > GAP_IN_INTERVALS * self._interval_s) + 1
        edges = [0, *starts.tolist(), len(block)]
        for start, stop in pairwise(edges):
            yield block.part(start, stop)

    def _cross_gap_to(self, part: TimedBlock) -> None:
        if self._last is None:
            return
        step_s = float(part.time_s[0] - self._last.time_s[0])
        if step_s <= GAP_IN_INTERVALS * self._interval_s:
            return
        if step_s > self._parameters.bridge_s:
            bias, sigma = self._filter.getBiasEstimate()
            self._filter = self._new_filter()
            self._filter.setBiasEstimate(bias / self._stretch, sigma / self._stretch)
            self._stretch = 1.0
            self._last_rate = None
            return
        missing = round(step_s / self._interval_s) - 1
        share = (np.arange(1, missing + 1) / (missing + 1))[:, np.newaxis]
        before, after = self._last, part
        rates = before.gyroscope_rad_per_s + share * (
            after.gyroscope_rad_per_s[:1] - before.gyroscope_rad_per_s
        )
        forces = before.accelerometer_m_per_s2 + share * (
            after.accelerometer_m_per_s2[:1] - before.accelerometer_m_per_s2
        )
        self._filter.updateBatch(self._interval_rates(rates), forces)

    def _interval_rates(self, rates: FloatArray) -> FloatArray:
        """Mean rate of the interval before each of the next samples, (N, 3); the first one is its own.

        The filter multiplies with the interval that it was made with: rates are stretched to the true one.
        """
        means = np.empty_like(rates)
        means[0] = rates[0] if self._last_rate is None else 0.5 * (self._last_rate + rates[0])
        means[1:] = 0.5 * (rates[:-1] + rates[1:])
        self._last_rate = rates[-1].copy()
        return means if self._stretch == 1.0 else means * self._stretch


def up_from_quaternion(quaternion: FloatArray) -> FloatArray:
    """Unit up vectors in the sensor frame, (N, 3), from sensor-to-earth quaternions, scalar first (N, 4).

    The third row of the rotation matrix of a unit quaternion.
    """
    w, x, y, z = quaternion[:, 0], quaternion[:, 1], quaternion[:, 2], quaternion[:, 3]
    up = np.empty((len(quaternion), 3))
    up[:, 0] = 2.0 * (x * z - w * y)
    up[:, 1] = 2.0 * (y * z + w * x)
    up[:, 2] = w * w - x * x - y * y + z * z
    return up
