"""From a sensor's ticks to the host's clock, by the lower envelope of arrival times.

A notification can arrive late but never early, so the smallest difference of arrival and device time
is the closest to the truth. The envelope follows it down at once and creeps up slowly, so that clocks
that drift apart stay followed. Ticks that run wrong by more than crystals do are counted at the pace
that arrivals show, so that times and rates come out right.

The model is causal and depends on nothing but ticks and stamps, so a recording gives the same sample times as
the live stream, however many frames are looked at together.
"""

import math
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from tracker.model import FloatArray, steps_after
from tracker.sensing.drift import LOOKED_AT_S, DriftEstimate, LowerHull
from tracker.sensing.pace import Pace, PaceEvidence

Int64Array = npt.NDArray[np.int64]

_TICK_WRAP = 1 << 32
_FARTHEST_STEP = _TICK_WRAP // 2
"""Ticks further ahead than half the range lie behind."""

_AGREEING_SHARE = 0.5
"""Of `notice_share`: slopes that differ by less are the same. Those of 10 s of arrivals that are late by up
to 40 ms, eleven in two seconds, are off by 0.06 % (one sigma)."""


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
        plausible_share: no oscillator runs wrong by more: arrivals that say so show the link.
        pace_after_s: device time over which the pace is judged, as soon as its arrivals agree. It must be
            over before exercises begin, and long enough that packets late by some ms show no wrong pace.
        paced_creep: `creep` of a clock that is corrected: what arrivals of `pace_after_s` leave open of its
            pace, and what warmth changes, follows by this. A pace that is off by more is taken anew.
    """

    creep: float = field(default=200e-6, metadata={"below": 0.01})
    slew: float = field(default=0.05, metadata={"above": 0.0, "below": 1.0})
    notice_share: float = field(default=0.01, metadata={"above": 0.0, "below": 1.0})
    plausible_share: float = field(default=0.1, metadata={"above": 0.0, "below": 0.5})
    pace_after_s: float = field(default=20.0, metadata={"above": 4.0})
    paced_creep: float = field(default=2e-3, metadata={"below": 0.01})


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
        pace: host seconds in which the device counted a second of these frames.
    """

    time_s: FloatArray
    frames: int
    refused: bool
    pace: float


@dataclass(frozen=True, slots=True, eq=False)
class _Offsets:
    """Difference of host and device time at the end of each of F frames, and how it got there.

    Attributes:
        device_s: (F,) device time of each frame's last sample.
        floor_s: (F,) least difference so far, less what the envelope has crept up by.
        offset_s: (F,) the difference that is used.
        reached: (F,) true where that is the envelope.
        slope, base_s: (F,) host time of a frame's samples is device time times (1 + slope) plus base.
    """

    device_s: FloatArray
    floor_s: FloatArray
    offset_s: FloatArray
    reached: npt.NDArray[np.bool_]
    slope: FloatArray
    base_s: FloatArray


class SensorClock:
    """The clock model of one sensor.

    Args:
        tick_rate_hz: device ticks a second, from the sensor's capabilities.
        origin_ns: host monotonic clock at the start of the time line.
        after_s: all times that are given out are later than this.
        paces: what an earlier start of the same sensor showed, as `paces` tells it.
    """

    def __init__(
        self,
        tick_rate_hz: float,
        origin_ns: int,
        parameters: ClockParameters,
        after_s: float = -math.inf,
        paces: tuple[Pace, ...] = (),
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
        self._paces = paces
        self._look_at_s = parameters.pace_after_s
        tolerance = _AGREEING_SHARE * parameters.notice_share
        self._evidence = PaceEvidence(parameters.pace_after_s, tolerance, parameters.plausible_share)

    @property
    def drift(self) -> DriftEstimate | None:
        """How the device's clock runs against the host's; None before frames tell."""
        return self._hull.estimate()

    @property
    def paces(self) -> tuple[Pace, ...]:
        """Paces at which ticks that run wrong were counted: the first one and the newest, if another."""
        return self._paces

    @property
    def pace(self) -> float:
        """Host seconds in which the device counts a second; 1 where it is not known to run wrong."""
        return self._paces[-1].factor if self._paces else 1.0

    def sample_times(self, frames: FrameTicks) -> FrameTimes:
        """Times of the samples of as many frames as go at one pace and follow from those before.

        A refused frame leaves the clock as it is. Ticks may wrap at 32 bits between two frames.
        """
        starts = np.cumsum(frames.counts) - frames.counts
        ends = starts + frames.counts - 1
        firsts = frames.samples[starts]
        before = firsts[0] if self._last_tick is None else self._last_tick
        steps = steps_after(before, firsts) % _TICK_WRAP
        unwrapped = self._unwrapped + np.cumsum(steps)
        counted_s: FloatArray = (
            frames.samples + np.repeat(unwrapped - firsts, frames.counts)
        ) / self._tick_rate_hz
        # The pace is judged after the first frame from then on, whatever comes together with it.
        until_look = _leading(counted_s[ends] < self._look_at_s) + 1
        if until_look < len(ends):
            return self.sample_times(frames.first(until_look))
        arrival_s = (frames.received_ns - self._origin_ns).astype(np.float64) * 1e-9
        pace = self.pace
        device_s: FloatArray = counted_s * pace
        offsets = self._offsets(arrival_s, device_s[ends])
        times_s = np.multiply(device_s, np.repeat(1.0 + offsets.slope, frames.counts), dtype=np.float64)
        times_s += np.repeat(offsets.base_s, frames.counts)
        later = times_s[starts] > np.concatenate([[self._after_s], times_s[ends[:-1]]])
        good = _leading(later & (steps < _FARTHEST_STEP))
        if good:
            self._last_tick, self._unwrapped = int(firsts[good - 1]), int(unwrapped[good - 1])
            ends = ends[:good]
            self._go_on(offsets, counted_s[ends], arrival_s[:good], times_s[ends])
        return FrameTimes(times_s[: int(frames.counts[:good].sum())], good, good < len(starts), pace)

    def _go_on(
        self, offsets: _Offsets, counted_s: FloatArray, arrival_s: FloatArray, times_s: FloatArray
    ) -> None:
        """Keep what the next frames need of good ones, by the ends of each of them, (N,) all."""
        last = len(times_s) - 1
        self._floor_s, self._offset_s = float(offsets.floor_s[last]), float(offsets.offset_s[last])
        self._device_s, self._after_s = float(offsets.device_s[last]), float(times_s[last])
        reached = offsets.reached[: last + 1]
        if self._paces and self._paces[-1].settled_s is None and reached.any():
            settled = replace(self._paces[-1], settled_s=float(times_s[np.argmax(reached)]))
            self._paces = (*self._paces[:-1], settled)
        self._hull.add(counted_s, arrival_s - counted_s)
        if self._look_at_s < math.inf:
            self._evidence.add(counted_s, arrival_s - counted_s)
            if counted_s[last] >= self._look_at_s:
                self._judge_pace(float(counted_s[last]))

    def _judge_pace(self, counted_s: float) -> None:
        """Count at another pace from here on, if arrivals say that the ticks run wrong; when to look again.

        Where they do not agree, the next ones may. A clock that was found wrong stays looked at: it changes
        with warmth, and the link may have fooled the judgement.
        """
        drift, parameters = self._evidence.drift(), self._parameters
        if drift is None:
            self._look_at_s = (counted_s // LOOKED_AT_S + 1.0) * LOOKED_AT_S
            return
        if not self._paces and abs(drift) <= parameters.notice_share:
            self._look_at_s = math.inf
            return
        self._look_at_s = counted_s + parameters.pace_after_s
        factor = 1.0 / (1.0 + drift)
        if not self._paces or abs(factor / self.pace - 1.0) > parameters.paced_creep:
            self._count_at(factor)

    def _count_at(self, factor: float) -> None:
        """Count at another pace from here on: what was counted so far stays."""
        paced_s = self._device_s / self.pace * factor
        self._offset_s += self._device_s - paced_s
        self._device_s = paced_s
        if self._paces and abs(factor / self.pace - 1.0) <= self._parameters.notice_share:
            self._paces = (*self._paces[:-1], replace(self._paces[-1], factor=factor))
        else:
            self._paces = (*self._paces[:1], Pace(factor, self._after_s))
        self._floor_s = self._evidence.least_offset_s(factor * (1.0 + self._creep))

    @property
    def _creep(self) -> float:
        return self._parameters.paced_creep if self._paces else self._parameters.creep

    def _offsets(self, arrival_s: FloatArray, device_s: FloatArray) -> _Offsets:
        """Envelope and offset once each of the frames has arrived."""
        seen_s, crept_s = arrival_s - device_s, self._creep * device_s
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
        return _Offsets(device_s, floor_s, offset_s, offset_s == envelope_s, slope, base_s)

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
