"""From a sensor's ticks to the host's clock, by the lower envelope of arrival times.

A notification can arrive late but never early, so the smallest difference of arrival and device time
is the closest to the truth. The envelope follows it down at once and creeps up slowly, so that clocks
that drift apart stay followed. Ticks that run wrong by more than crystals do are counted at the pace that
the first arrivals show, so that times and rates come out right.

The model is causal and depends on nothing but ticks and stamps, so a recording gives the same sample times as
the live stream, however many frames are looked at together.
"""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tracker.model import FloatArray
from tracker.sensing.drift import DriftEstimate, LowerHull, steady_drift_ppm

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
        notice_share: a clock that runs wrong by more is told and corrected. Crystals keep to a hundredth of
            it; chips that count by their own oscillator do not.
        pace_after_s: device time after which the pace is judged, once. It must be over before exercises begin
            and long enough that late packets, of some ms, do not look like a wrong pace.
    """

    creep: float = field(default=200e-6, metadata={"below": 0.01})
    slew: float = field(default=0.05, metadata={"above": 0.0, "below": 1.0})
    notice_share: float = field(default=0.01, metadata={"above": 0.0, "below": 1.0})
    pace_after_s: float = field(default=20.0, metadata={"above": 4.0})


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

    def first(self, frames: int) -> "FrameTicks":
        """The first so many frames."""
        samples = self.samples[: int(self.counts[:frames].sum())]
        return FrameTicks(samples, self.counts[:frames], self.received_ns[:frames])


@dataclass(frozen=True, slots=True, eq=False)
class FrameTimes:
    """Times of the samples of the first frames of several.

    Attributes:
        time_s: (S,) rising seconds on the time line.
        frames: how many frames they are of.
        refused: the next frame's times would not be later than those given out before.
    """

    time_s: FloatArray
    frames: int
    refused: bool


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
        self._pace = 1.0
        self._judged = False
        self._early: list[FloatArray] = []

    @property
    def drift(self) -> DriftEstimate | None:
        """How the device's clock runs against the host's; None before frames tell."""
        return self._hull.estimate()

    @property
    def pace(self) -> float:
        """Host seconds in which the device counts a second; 1 where it is not known to run wrong."""
        return self._pace

    def sample_times(self, frames: FrameTicks) -> FrameTimes:
        """Times of the samples of as many frames as go at one pace and follow from those before.

        A refused frame leaves the clock as it is. Ticks may wrap at 32 bits between two frames.
        """
        starts = np.cumsum(frames.counts) - frames.counts
        firsts = frames.samples[starts]
        before = firsts[0] if self._last_tick is None else self._last_tick
        steps = np.diff(firsts, prepend=before) % _TICK_WRAP
        unwrapped = self._unwrapped + np.cumsum(steps)
        counted_s: FloatArray = (
            frames.samples + np.repeat(unwrapped - firsts, frames.counts)
        ) / self._tick_rate_hz
        ends = starts + frames.counts - 1
        if not self._judged:
            at_pace = _leading(counted_s[ends] < self._parameters.pace_after_s)
            if not at_pace and self._early:
                self._judge_pace()
            elif 0 < at_pace < len(ends):
                return self.sample_times(frames.first(at_pace))
        arrival_s = (frames.received_ns - self._origin_ns).astype(np.float64) * 1e-9
        device_s: FloatArray = counted_s * self._pace
        offsets = self._offsets(arrival_s, device_s[ends])
        times_s = np.multiply(device_s, np.repeat(1.0 + offsets.slope, frames.counts), dtype=np.float64)
        times_s += np.repeat(offsets.base_s, frames.counts)
        later = times_s[starts] > np.concatenate([[self._after_s], times_s[ends[:-1]]])
        good = _leading(later & (steps < _FARTHEST_STEP))
        if good:
            self._last_tick, self._unwrapped = int(firsts[good - 1]), int(unwrapped[good - 1])
            self._floor_s = float(offsets.floor_s[good - 1])
            self._device_s = float(offsets.device_s[good - 1])
            self._offset_s, self._after_s = float(offsets.offset_s[good - 1]), float(times_s[ends[good - 1]])
            ends_s = counted_s[ends[:good]]
            self._hull.add(ends_s, arrival_s[:good] - ends_s)
            if not self._judged:
                self._early.append(np.array([ends_s, arrival_s[:good] - ends_s]))
        return FrameTimes(times_s[: int(frames.counts[:good].sum())], good, good < len(ends))

    def _judge_pace(self) -> None:
        """Count at another pace from here on, if arrivals say that the ticks run wrong."""
        self._judged = True
        drift_ppm = steady_drift_ppm(*np.concatenate(self._early, axis=1))
        self._early.clear()
        if drift_ppm is None or abs(drift_ppm) * 1e-6 <= self._parameters.notice_share:
            return
        self._pace = 1.0 / (1.0 + drift_ppm * 1e-6)
        paced_s = self._device_s * self._pace
        self._offset_s += self._device_s - paced_s
        self._device_s = paced_s
        self._floor_s = math.inf

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
