"""From a sensor's ticks to the host's clock, by the lower envelope of arrival times.

A notification can arrive late but never early, so the smallest difference of arrival and device time
is the closest to the truth. The envelope follows it down at once and creeps up slowly, so that clocks
that drift apart stay followed. Ticks that run wrong by more than crystals do are counted at the pace
that arrivals show, so that times and rates come out right.

The model is causal and depends on nothing but ticks and stamps, so a recording gives the same sample times as
the live stream, however many frames are looked at together.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tracker.model import BoolArray, FloatArray, steps_after
from tracker.sensing.clock_model.drift import DriftEstimate, LowerHull
from tracker.sensing.clock_model.envelope import Envelope, Offsets, SlewLimits
from tracker.sensing.clock_model.lateness import ArrivalLateness
from tracker.sensing.clock_model.pace import Pace
from tracker.sensing.clock_model.pace_judge import PaceJudge
from tracker.sensing.clock_model.parameters import ClockParameters

__all__ = ["ClockParameters", "FrameTicks", "FrameTimes", "SensorClock"]

Int64Array = npt.NDArray[np.int64]

_TICK_WRAP = 1 << 32
_FARTHEST_STEP = _TICK_WRAP // 2
"""Ticks further ahead than half the range lie behind."""


@dataclass(frozen=True, slots=True, eq=False)
class FrameTicks:
    """Ticks of F frames with S samples together, in the order of arrival.

    Attributes:
        samples: (S,) tick of each sample, unwrapped within its frame only.
        counts: (F,) samples in each frame, at least one.
        received_ns: (F,) host monotonic clock when each frame arrived.
        fetched: (F,) true where a frame was sent again later: when it arrived says nothing of the clock, so
            it gets times alone. None where no frame was.
    """

    samples: Int64Array
    counts: Int64Array
    received_ns: Int64Array
    fetched: BoolArray | None = None

    def first(self, frames: int) -> "FrameTicks":
        """The first so many frames."""
        samples = self.samples[: int(self.counts[:frames].sum())]
        fetched = None if self.fetched is None else self.fetched[:frames]
        return FrameTicks(samples, self.counts[:frames], self.received_ns[:frames], fetched)


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
        limits = SlewLimits(
            parameters.slew, parameters.start_slew, parameters.stall_s, parameters.pace_after_s
        )
        self._envelope = Envelope(limits)
        self._hull = LowerHull()
        self._lateness = ArrivalLateness()
        self._judge = PaceJudge(parameters)
        self._paces = paces

    @property
    def drift(self) -> DriftEstimate | None:
        """How the device's clock runs against the host's; None before frames tell."""
        return self._hull.estimate()

    @property
    def residual_s(self) -> float | None:
        """What 95 % of the frames arrived at most after the line that tells the drift; None without one."""
        line = self._hull.line()
        return None if line is None else self._lateness.residual_s(line)

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
        until_look = _leading(counted_s[ends] < self._judge.look_at_s) + 1
        if until_look < len(ends):
            return self.sample_times(frames.first(until_look))
        arrival_s = self._arrival_s(frames)
        pace = self.pace
        device_s: FloatArray = counted_s * pace
        offsets = self._envelope.offsets(arrival_s, device_s[ends], self._creep)
        times_s = np.multiply(device_s, np.repeat(1.0 + offsets.slope, frames.counts), dtype=np.float64)
        times_s += np.repeat(offsets.base_s, frames.counts)
        later = times_s[starts] > np.concatenate([[self._after_s], times_s[ends[:-1]]])
        good = _leading(later & (steps < _FARTHEST_STEP))
        if good:
            self._last_tick, self._unwrapped = int(firsts[good - 1]), int(unwrapped[good - 1])
            ends = ends[:good]
            self._go_on(offsets, counted_s[ends], arrival_s[:good], times_s[ends])
        return FrameTimes(times_s[: int(frames.counts[:good].sum())], good, good < len(starts), pace)

    def _arrival_s(self, frames: FrameTicks) -> FloatArray:
        """When frames arrived, (F,) on the time line; inf where that says nothing of the clock."""
        arrival_s: FloatArray = (frames.received_ns - self._origin_ns).astype(np.float64) * 1e-9
        if frames.fetched is None:
            return arrival_s
        # there is no time line before a first arrival
        unheard = frames.fetched & (np.arange(len(arrival_s)) >= (self._last_tick is None))
        return np.where(unheard, np.inf, arrival_s)

    def _go_on(
        self, offsets: Offsets, counted_s: FloatArray, arrival_s: FloatArray, times_s: FloatArray
    ) -> None:
        """Keep what the next frames need of good ones, by the ends of each of them, (N,) all."""
        last = len(times_s) - 1
        self._envelope.keep(offsets, last)
        self._after_s = float(times_s[last])
        reached = offsets.reached[: last + 1]
        if self._paces and self._paces[-1].settled_s is None and reached.any():
            settled = replace(self._paces[-1], settled_s=float(times_s[np.argmax(reached)]))
            self._paces = (*self._paces[:-1], settled)
        heard = np.isfinite(arrival_s)
        if heard.any():
            self._learn(counted_s[heard], arrival_s[heard] - counted_s[heard])
        if counted_s[last] >= self._judge.look_at_s:
            factor = self._judge.judged(float(counted_s[last]), self.pace, corrected=bool(self._paces))
            if factor is not None:
                self._count_at(factor)

    def _learn(self, counted_s: FloatArray, late_s: FloatArray) -> None:
        self._hull.add(counted_s, late_s)
        self._lateness.add(counted_s, late_s)
        self._judge.add(counted_s, late_s)

    def _count_at(self, factor: float) -> None:
        """Count at another pace from here on: what was counted so far stays."""
        change, parameters = factor / self.pace, self._parameters
        taken_back = abs(1.0 / factor - 1.0) <= parameters.small_share
        if self._paces and abs(change - 1.0) <= parameters.notice_share and not taken_back:
            self._paces = (*self._paces[:-1], replace(self._paces[-1], factor=factor))
        else:
            self._paces = (*self._paces[:1], Pace(factor, self._after_s))
        floor_s = self._judge.least_offset_s(factor * (1.0 + self._creep))
        self._envelope.count_at(change, floor_s)

    @property
    def _creep(self) -> float:
        return self._parameters.paced_creep if self._paces else self._parameters.creep


def _leading(condition: BoolArray) -> int:
    """How many values from the first one on are true."""
    return len(condition) if condition.all() else int(np.argmin(condition))
