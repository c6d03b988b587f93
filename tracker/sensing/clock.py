"""From a sensor's ticks to the host's clock, by the lower envelope of arrival times.

A notification can arrive late but never early, so the smallest difference of arrival and device time
is the closest to the truth. The envelope follows it down at once and creeps up slowly, so that clocks
that drift apart stay followed. The model is causal and depends on nothing but ticks and stamps, so a
recording gives the same sample times as the live stream.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.model import FloatArray

_TICK_WRAP = 1 << 32


@dataclass(frozen=True, slots=True)
class ClockParameters:
    """How the envelope moves.

    Attributes:
        creep: rise of the envelope for each second of device time. Crystals differ by 100 ppm at most;
            twice that follows them, and between the packets that arrive without delay it adds little:
            0.2 ms after a second.
        slew: largest change of the offset for each second of device time once sample times have been given
            out, so that they never run backwards.
    """

    creep: float = 200e-6
    slew: float = 0.05


class SensorClock:
    """The clock model of one sensor.

    Args:
        tick_rate_hz: device ticks a second, from the sensor's capabilities.
        origin_ns: host monotonic clock at the start of the time line.
    """

    def __init__(self, tick_rate_hz: float, origin_ns: int, parameters: ClockParameters) -> None:
        self._tick_rate_hz = tick_rate_hz
        self._origin_ns = origin_ns
        self._parameters = parameters
        self._last_tick: int | None = None
        self._unwrapped = 0
        self._device_s = 0.0
        self._envelope_s = 0.0
        self._offset_s = 0.0

    def sample_times(self, ticks: npt.NDArray[np.int64], received_ns: int) -> FloatArray:
        """Times of a frame's samples on the time line, (N,) seconds, from their ticks within the frame.

        Frames must come in order; ticks may wrap at 32 bits between two frames.
        """
        first = int(ticks[0])
        if self._last_tick is not None:
            self._unwrapped += (first - self._last_tick) % _TICK_WRAP
        previous, self._last_tick = self._last_tick, first
        device_s = (self._unwrapped + (ticks - first)) / self._tick_rate_hz
        arrival_s = (received_ns - self._origin_ns) * 1e-9
        self._follow(arrival_s, float(device_s[-1]), started=previous is not None)
        times: FloatArray = device_s + self._offset_s
        return times

    def _follow(self, arrival_s: float, device_s: float, *, started: bool) -> None:
        seen_s = arrival_s - device_s
        if not started:
            self._envelope_s = self._offset_s = seen_s
            self._device_s = device_s
            return
        passed_s = device_s - self._device_s
        self._device_s = device_s
        self._envelope_s = min(seen_s, self._envelope_s + self._parameters.creep * passed_s)
        limit_s = self._parameters.slew * passed_s
        self._offset_s += min(max(self._envelope_s - self._offset_s, -limit_s), limit_s)
