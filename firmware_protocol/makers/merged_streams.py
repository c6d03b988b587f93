"""Accelerometer and gyroscope that come apart, brought together by time onto the gyroscope's samples."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from firmware_protocol.blocks import BoolArray, FloatArray, Int64Array
from firmware_protocol.makers.frame_builder import FrameBuilder
from firmware_protocol.service import FrameFlag

_WAIT_S: Final = 10.0
"""What waits longer for the other stream is dropped: three of the longest notifications."""
_WIDEST_INTERVALS: Final = 2.5
"""Acceleration is not interpolated over a wider hole: there a notification is missing."""
_NS_PER_TICK: Final = 1000
_EDGE_NS: Final = 1_000_000
"""Times of the two streams are rounded: so much outside of what is covered is still at its edge."""


@dataclass(frozen=True, slots=True, eq=False)
class TimedSamples:
    """N samples of one stream that follow each other.

    Attributes:
        first_index: number of the first sample in its stream.
        first_ns: the sensor's clock at the first sample.
        interval_ns: between two samples.
        values: (N, 3) in SI units.
        saturated: (N,) true where any axis is at 99 % of its range or above.
        received_ns: receiver's monotonic clock when they arrived.
        flags: TIME_JUMP where they do not follow from those before.
    """

    first_index: int
    first_ns: int
    interval_ns: float
    values: FloatArray
    saturated: BoolArray
    received_ns: int
    flags: FrameFlag = FrameFlag.NONE

    @property
    def times_ns(self) -> Int64Array:
        """(N,) the sensor's clock at each sample."""
        steps = np.rint(np.arange(len(self.values)) * self.interval_ns).astype(np.int64)
        times_ns: Int64Array = self.first_ns + steps
        return times_ns

    def part(self, start: int, end: int) -> "TimedSamples":
        """Samples `start` up to, not including, `end`; a jump is told by the first part only."""
        return TimedSamples(
            self.first_index + start,
            self.first_ns + round(start * self.interval_ns),
            self.interval_ns,
            self.values[start:end],
            self.saturated[start:end],
            self.received_ns,
            self.flags if start == 0 else FrameFlag.NONE,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Accelerometer:
    """N samples that gyroscope samples may still need: (N,) rising times, (N, 3) and (N,)."""

    times_ns: Int64Array
    values: FloatArray
    saturated: BoolArray

    def with_later(self, samples: TimedSamples) -> "_Accelerometer":
        """With those of the samples that are later."""
        times_ns = samples.times_ns
        later = times_ns > self.times_ns[-1] if len(self.times_ns) else np.ones(len(times_ns), dtype=np.bool_)
        return _Accelerometer(
            np.concatenate([self.times_ns, times_ns[later]]),
            np.concatenate([self.values, samples.values[later]]),
            np.concatenate([self.saturated, samples.saturated[later]]),
        )

    def since(self, place: int) -> "_Accelerometer":
        """Without those before a place; negative places count from the end."""
        return _Accelerometer(self.times_ns[place:], self.values[place:], self.saturated[place:])


_NONE: Final = _Accelerometer(np.empty(0, dtype=np.int64), np.empty((0, 3)), np.empty(0, dtype=np.bool_))


class MergedStreams:
    """Gives out gyroscope samples as soon as the accelerometer covers their time, interpolated linearly.

    Samples that the accelerometer never covers, at the start or where it lost some, are left out: they show
    as a gap in the numbers.

    Args:
        rate_hz: samples a second, nominal, of both streams.
    """

    def __init__(self, rate_hz: float) -> None:
        self._most_samples = max(2, round(_WAIT_S * rate_hz))
        self._widest_ns = _WIDEST_INTERVALS * 1e9 / rate_hz
        self._accelerometer = _NONE
        self._waiting: list[TimedSamples] = []
        self._jumped = False

    def add_accelerometer(self, builder: FrameBuilder, position: int, samples: TimedSamples) -> None:
        """Take accelerometer samples; frames that they complete go to the builder."""
        if samples.flags & FrameFlag.TIME_JUMP:
            self._forget()
        self._accelerometer = self._accelerometer.with_later(samples).since(-self._most_samples)
        self._give_out(builder, position, samples.received_ns)

    def add_gyroscope(self, builder: FrameBuilder, position: int, samples: TimedSamples) -> None:
        """Take gyroscope samples; frames that are covered already go to the builder."""
        if samples.flags & FrameFlag.TIME_JUMP:
            self._jumped = True
            self._forget()
        self._waiting.append(samples)
        while len(self._waiting) > 1 and sum(len(one.values) for one in self._waiting) > self._most_samples:
            del self._waiting[0]
        self._give_out(builder, position, samples.received_ns)

    def _forget(self) -> None:
        """What was before a jump of the clock fits nothing that comes after it."""
        self._waiting.clear()
        self._accelerometer = _NONE

    def _give_out(self, builder: FrameBuilder, position: int, now_ns: int) -> None:
        while self._waiting and len(self._accelerometer.times_ns) > 1:
            samples, last_ns = self._waiting.pop(0), self._accelerometer.times_ns[-1]
            reached = int(np.searchsorted(samples.times_ns, last_ns + _EDGE_NS, side="right"))
            self._add_covered(builder, position, now_ns, samples.part(0, reached))
            if reached < len(samples.values):
                self._waiting.insert(0, samples.part(reached, len(samples.values)))
                break
        if self._waiting:
            self._drop_before(self._waiting[0].first_ns)

    def _drop_before(self, next_ns: int) -> None:
        """Keep what interpolating needs from a time on: the sample before it, and two at least."""
        times_ns = self._accelerometer.times_ns
        done = int(np.searchsorted(times_ns, next_ns, side="right")) - 1
        self._accelerometer = self._accelerometer.since(max(0, min(done, len(times_ns) - 2)))

    def _add_covered(self, builder: FrameBuilder, position: int, now_ns: int, samples: TimedSamples) -> None:
        """Add those that lie between two accelerometer samples, one frame for each run of them."""
        known, at_ns = self._accelerometer, samples.times_ns
        after = np.clip(np.searchsorted(known.times_ns, at_ns), 1, len(known.times_ns) - 1)
        width_ns = known.times_ns[after] - known.times_ns[after - 1]
        since_ns, until_ns = at_ns - known.times_ns[after - 1], known.times_ns[after] - at_ns
        at_one = np.minimum(np.abs(since_ns), np.abs(until_ns)) <= _EDGE_NS
        covered = (since_ns >= -_EDGE_NS) & (at_one | (width_ns <= self._widest_ns))
        share = np.clip(since_ns / width_ns, 0.0, 1.0)[:, None]
        acceleration = known.values[after - 1] * (1 - share) + known.values[after] * share
        saturated = samples.saturated | known.saturated[after - 1] | known.saturated[after]
        edges = np.flatnonzero(np.diff(np.concatenate([[False], covered, [False]]))).reshape(-1, 2)
        for start, end in edges.tolist():
            run = samples.part(start, end)
            builder.add(
                position,
                first_sample_index=run.first_index,
                first_tick=round(run.first_ns / _NS_PER_TICK),
                interval_ticks=round(run.interval_ns / _NS_PER_TICK),
                accelerometer_m_per_s2=acceleration[start:end],
                gyroscope_rad_per_s=run.values,
                saturated=saturated[start:end],
                flags=FrameFlag.TIME_JUMP if self._jumped else FrameFlag.NONE,
                held_ns=now_ns - run.received_ns,
            )
            self._jumped = False
