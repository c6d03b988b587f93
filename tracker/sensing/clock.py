"""From a sensor's ticks to the host's clock, by the lower envelope of arrival times.

A notification can arrive late but never early, so the smallest difference of arrival and device time
is the closest to the truth. The envelope follows it down at once and creeps up slowly, so that clocks
that drift apart stay followed. The model is causal and depends on nothing but ticks and stamps, so a
recording gives the same sample times as the live stream.
"""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tracker.model import FloatArray

_TICK_WRAP = 1 << 32
_FARTHEST_STEP = _TICK_WRAP // 2
"""Ticks further ahead than half the range lie behind."""


@dataclass(frozen=True, slots=True)
class ClockParameters:
    """How the envelope moves.

    Attributes:
        creep: rise of the envelope for each second of device time. Crystals differ by 100 ppm at most;
            twice that follows them, and between the packets that arrive without delay it adds little:
            0.2 ms after a second.
        slew: largest change of the offset for each second of device time once sample times have been given
            out; it is spread over the samples, so that they keep their distance but for this share.
    """

    creep: float = field(default=200e-6, metadata={"below": 0.01})
    slew: float = field(default=0.05, metadata={"above": 0.0, "below": 1.0})


class SensorClock:
    """The clock model of one sensor.

    Args:
        tick_rate_hz: device ticks a second, from the sensor's capabilities.
        origin_ns: host monotonic clock at the start of the time line.
        after_s: all times that are given out are later than this.
    """

    def __init__(
        self, tick_rate_hz: float, origin_ns: int, parameters: ClockParameters, after_s: float = -math.inf
    ) -> None:
        self._tick_rate_hz = tick_rate_hz
        self._origin_ns = origin_ns
        self._parameters = parameters
        self._after_s = after_s
        self._last_tick: int | None = None
        self._unwrapped = 0
        self._device_s = 0.0
        self._envelope_s = 0.0
        self._offset_s = 0.0

    def sample_times(self, ticks: npt.NDArray[np.int64], received_ns: int) -> FloatArray | None:
        """Times of a frame's samples on the time line, (N,) rising seconds, from their ticks in the frame.

        Ticks may wrap at 32 bits between two frames. None where the times would not be later than those
        given out before; such a frame leaves the clock as it is.
        """
        first = int(ticks[0])
        step = 0 if self._last_tick is None else (first - self._last_tick) % _TICK_WRAP
        if step >= _FARTHEST_STEP:
            return None
        device_s = (self._unwrapped + step + (ticks - first)) / self._tick_rate_hz
        arrival_s = (received_ns - self._origin_ns) * 1e-9
        envelope_s, offset_s = self._followed(arrival_s, float(device_s[-1]))
        times = self._laid_out(device_s, offset_s)
        if times[0] <= self._after_s:
            return None
        self._last_tick, self._unwrapped, self._device_s = first, self._unwrapped + step, float(device_s[-1])
        self._envelope_s, self._offset_s, self._after_s = envelope_s, offset_s, float(times[-1])
        return times

    def _followed(self, arrival_s: float, device_s: float) -> tuple[float, float]:
        """Envelope and offset once a frame whose last sample was taken at `device_s` has arrived."""
        seen_s = arrival_s - device_s
        if self._last_tick is None:
            return seen_s, seen_s
        passed_s = max(0.0, device_s - self._device_s)
        envelope_s = min(seen_s, self._envelope_s + self._parameters.creep * passed_s)
        limit_s = self._parameters.slew * passed_s
        return envelope_s, self._offset_s + min(max(envelope_s - self._offset_s, -limit_s), limit_s)

    def _laid_out(self, device_s: FloatArray, offset_s: float) -> FloatArray:
        """Times of samples, their offset on its way from that of the last one given out to the new one."""
        passed_s = float(device_s[-1]) - self._device_s
        if self._last_tick is None or passed_s <= 0.0 or offset_s == self._offset_s:
            return device_s + offset_s
        slope = (offset_s - self._offset_s) / passed_s
        return device_s * (1.0 + slope) + (self._offset_s - slope * self._device_s)
