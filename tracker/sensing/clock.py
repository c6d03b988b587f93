"""From a sensor's ticks to the host's clock, by the lower envelope of arrival times.

A notification can arrive late but never early, so the smallest difference of arrival and device time
is the closest to the truth. The envelope follows it down at once and creeps up slowly, so that clocks
that drift apart stay followed. The model is causal and depends on nothing but ticks and stamps, so a
recording gives the same sample times as the live stream, however many frames are looked at together.
"""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tracker.model import FloatArray
from tracker.sensing.drift import DriftEstimate, LowerHull

Int64Array = npt.NDArray[np.int64]

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
        notice_share: a clock that runs wrong by more is told. Crystals keep to a hundredth of it.
    """

    creep: float = field(default=200e-6, metadata={"below": 0.01})
    slew: float = field(default=0.05, metadata={"above": 0.0, "below": 1.0})
    notice_share: float = field(default=0.01, metadata={"above": 0.0, "below": 1.0})


@dataclass(frozen=True, slots=True, eq=False)
class FrameTicks:
    """Ticks of F frames with S samples together, in the order of arrival.

    Attributes:
        samples: (S,) tick of each sample, unwrapped within its frame only.
        counts: (F,) samples in each frame, at least one.
        received_ns: (F,) host monotonic clock when each frame arrived.
    """

    samples: Int64Array
    counts: Int64Array
    received_ns: Int64Array


@dataclass(frozen=True, slots=True, eq=False)
class _Offsets:
    """Difference of host and device time at the end of each of F frames, and how it got there.

    Attributes:
        device_s: (F,) device time of each frame's last sample.
        floor_s: (F,) least difference so far, less what the envelope has crept up by.
        offset_s: (F,) the difference that is used.
        slope, base_s: (F,) host time of a frame's samples is device time times (1 + slope) plus base.
    """

    device_s: FloatArray
    floor_s: FloatArray
    offset_s: FloatArray
    slope: FloatArray
    base_s: FloatArray


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
        self._floor_s = math.inf
        self._offset_s = 0.0
        self._hull = LowerHull()

    @property
    def drift(self) -> DriftEstimate | None:
        """How the device's clock runs against the host's; None before frames tell."""
        return self._hull.estimate()

    def sample_times(self, frames: FrameTicks) -> tuple[FloatArray, int]:
        """Times of the samples on the time line, rising seconds, and how many frames they are of.

        Fewer frames than were given mean that the next one is refused: its times would not be later than
        those given out before. It leaves the clock as it is. Ticks may wrap at 32 bits between two frames.
        """
        starts = np.cumsum(frames.counts) - frames.counts
        firsts = frames.samples[starts]
        before = firsts[0] if self._last_tick is None else self._last_tick
        steps = np.diff(firsts, prepend=before) % _TICK_WRAP
        good = _leading(steps < _FARTHEST_STEP)
        unwrapped = self._unwrapped + np.cumsum(steps)
        device_s: FloatArray = (
            frames.samples + np.repeat(unwrapped - firsts, frames.counts)
        ) / self._tick_rate_hz
        arrival_s = (frames.received_ns - self._origin_ns).astype(np.float64) * 1e-9
        offsets = self._offsets(arrival_s, device_s[starts + frames.counts - 1])
        times_s = np.multiply(device_s, np.repeat(1.0 + offsets.slope, frames.counts), dtype=np.float64)
        times_s += np.repeat(offsets.base_s, frames.counts)
        lasts_s = times_s[starts + frames.counts - 1]
        later = times_s[starts] > np.concatenate([[self._after_s], lasts_s[:-1]])
        good = min(good, _leading(later))
        if good:
            self._last_tick, self._unwrapped = int(firsts[good - 1]), int(unwrapped[good - 1])
            self._floor_s = float(offsets.floor_s[good - 1])
            self._device_s = float(offsets.device_s[good - 1])
            self._offset_s, self._after_s = float(offsets.offset_s[good - 1]), float(lasts_s[good - 1])
            self._hull.add(offsets.device_s[:good], arrival_s[:good] - offsets.device_s[:good])
        return times_s[: int(frames.counts[:good].sum())], good

    def _offsets(self, arrival_s: FloatArray, device_s: FloatArray) -> _Offsets:
        """Envelope and offset once each of the frames has arrived."""
        seen_s, crept_s = arrival_s - device_s, self._parameters.creep * device_s
        floor_s = np.minimum(np.minimum.accumulate(seen_s - crept_s), self._floor_s)
        envelope_s = floor_s + crept_s
        first = self._last_tick is None
        device_before_s = np.concatenate([[device_s[0] if first else self._device_s], device_s[:-1]])
        passed_s = np.maximum(device_s - device_before_s, 0.0)
        offset_s = self._slewed(envelope_s, self._parameters.slew * passed_s)
        offset_before_s = np.concatenate([[offset_s[0] if first else self._offset_s], offset_s[:-1]])
        moves = (passed_s > 0.0) & (offset_s != offset_before_s)
        slope = np.where(moves, (offset_s - offset_before_s) / np.where(moves, passed_s, 1.0), 0.0)
        base_s = np.where(moves, offset_before_s - slope * device_before_s, offset_s)
        return _Offsets(device_s, floor_s, offset_s, slope, base_s)

    def _slewed(self, envelope_s: FloatArray, limit_s: FloatArray) -> FloatArray:
        """The offset on its way to the envelope, by at most the limit for each frame."""
        offset = float(envelope_s[0]) if self._last_tick is None else self._offset_s
        change_s = np.abs(envelope_s - np.concatenate([[offset], envelope_s[:-1]]))
        if (change_s <= limit_s).all():
            return envelope_s
        offsets = []
        for envelope, limit in zip(envelope_s.tolist(), limit_s.tolist(), strict=True):
            change = envelope - offset
            offset = envelope if abs(change) <= limit else offset + math.copysign(limit, change)
            offsets.append(offset)
        return np.array(offsets)


def _leading(condition: npt.NDArray[np.bool_]) -> int:
    """How many values from the first one on are true."""
    return len(condition) if condition.all() else int(np.argmin(condition))
