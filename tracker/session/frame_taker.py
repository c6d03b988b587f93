"""Frames in the order of their samples to samples on one time line, with what is missing between them."""

import math
from dataclasses import dataclass, field

import numpy as np

from firmware_protocol import FrameFlag
from tracker.model import AccelerometerCalibration, FloatArray, Gap, Placement, steps_after
from tracker.sensing.clock_model.clock import FrameTimes, SensorClock
from tracker.sensing.clock_model.pace import Pace
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.session.received_frames import INDEX_WRAP, Int64Array, ReceivedFrames, TakenFrames

_FARTHEST_STEP = INDEX_WRAP // 2
"""An index further ahead than half the range lies behind: the frame is late or came twice. Ticks that went
on by as much cannot be told from ticks that went back."""

_JUMP_S = 1.0
"""Ticks and sample index that disagree by this much mean that the sensor began anew; jitter stays below."""

_LATE_S = 10.0
"""No link holds a frame back for so long: an index further behind means that the sensor counts anew."""

_RATE_SHARE = 0.2
"""Chips keep their sample rate within some percent; a frame further off is not what it seems."""

_BACKWARDS = "its times run backwards"


@dataclass(frozen=True, slots=True)
class SensorStream:
    """What is known of a sensor before its first frame.

    Attributes:
        tick_rate_hz: ticks a second in which its frames tell time.
        offered_hz: nominal sample rates that it may have.
        calibration: of its accelerometer, where there is one.
        numbered: whether the sensor itself numbers its samples, also while the link is gone.
    """

    sensor_id: str
    tick_rate_hz: float
    offered_hz: tuple[float, ...]
    calibration: AccelerometerCalibration | None = None
    numbered: bool = True

    def counts_on(self, before: "SensorStream") -> bool:
        """Whether ticks and sample index go on where those of the stream before ended."""
        same = (self.sensor_id, self.tick_rate_hz) == (before.sensor_id, before.tick_rate_hz)
        return same and self.numbered


@dataclass(frozen=True, slots=True)
class RefusedFrame:
    """A frame that brought nothing.

    Attributes:
        position: place of the notification with which its turn came.
        received_ns: host monotonic clock when it arrived.
    """

    position: int
    received_ns: int
    reason: str


@dataclass(frozen=True, slots=True)
class FoundFrames:
    """What frames brought so far, in order."""

    taken: list[TakenFrames] = field(default_factory=list)
    refused: list[RefusedFrame] = field(default_factory=list)

    def refuse(self, frames: ReceivedFrames, place: int, reason: str) -> None:
        """Note one of some frames as refused."""
        position, received_ns = int(frames.positions[place]), int(frames.received_ns[place])
        self.refused.append(RefusedFrame(position, received_ns, reason))


class FrameTaker:
    """Turns one sensor's frames into samples and keeps the account of what is missing.

    Args:
        origin_ns: host monotonic clock at the start of the recording's time line.

    Attributes:
        gaps: intervals without samples so far.
        samples, missing, saturated, duplicates, backfilled: numbers of samples so far.
    """

    def __init__(
        self, placement: Placement, stream: SensorStream, origin_ns: int, clock: ClockParameters
    ) -> None:
        self._placement = placement
        self._origin_ns = origin_ns
        self._clock_parameters = clock
        self._last_s: float | None = None
        self._rate_hz: float | None = None
        self._paces: dict[str, tuple[Pace, ...]] = {}
        self.gaps: list[Gap] = []
        self.samples = self.missing = self.saturated = self.duplicates = self.backfilled = 0
        self.stream = stream
        self._begin_anew()

    def begin(self, stream: SensorStream) -> None:
        """Go on with a sensor that was connected again, or with another one."""
        counts_on = stream.counts_on(self.stream)
        self.stream = stream
        if not counts_on:
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._clock = self._new_clock()
        self._next_index: int | None = None
        self._next_tick = 0

    @property
    def rate_hz(self) -> float | None:
        """Sample rate by the device's own clock, from its first frame; None before that."""
        return self._rate_hz

    @property
    def clock(self) -> SensorClock:
        """The clock of the sensor's newest start."""
        return self._clock

    @property
    def next_index(self) -> int:
        """Index of the sample that is expected next; 0 before the first."""
        return self._next_index or 0

    def in_order(self, frames: ReceivedFrames) -> int:
        """How many frames from the first one on follow each other without a gap and without doubt."""
        plain = self._plain(frames)
        if not plain:
            return 0
        steps = steps_after(self.next_index, frames.first_indices[:plain])
        steps[1:] -= frames.counts[: plain - 1]
        follows = steps % INDEX_WRAP == 0
        return plain if follows.all() else int(np.argmin(follows))

    def missing_before(self, frame: ReceivedFrames) -> int | None:
        """How many samples are missing between those taken and a frame that lies ahead.

        0 for a frame that is not ahead, and for one that will be refused; None where the sensor begins anew.
        """
        rate_hz = self.stream.tick_rate_hz / int(frame.interval_ticks[0])
        if self._next_index is None or not self._fits(rate_hz):
            return 0
        if self._jumped(frame):
            return None
        return max(0, int(_signed(frame.first_indices - self._next_index)[0]))

    def take(self, frames: ReceivedFrames, found: FoundFrames) -> None:
        """Add the samples that were not there yet; the same, however many frames come together."""
        while len(frames):
            plain = frames.first(self._plain(frames))
            used = self._take_plain(plain, found) if len(plain) else self._take_first(frames, found)
            frames = frames.less(used)

    def take_in_order(self, frames: ReceivedFrames, found: FoundFrames) -> int:
        """The same for frames that are in order, up to one that is refused; how many were used up."""
        used = self._take_plain(frames, found)
        while used < len(frames) and int(frames.next_indices[used - 1]) == self._next_index:
            used += self._take_plain(frames.less(used), found)
        return used

    def _plain(self, frames: ReceivedFrames) -> int:
        """How many frames from the first one on follow the one before them without doubt."""
        if self._next_index is None or self._rate_hz is None:
            return 0
        next_index = np.concatenate([[self._next_index], frames.next_indices[:-1]])
        next_tick = np.concatenate([[self._next_tick], frames.next_ticks[:-1]])
        ahead = _signed(frames.first_indices - next_index)
        passed = ahead * frames.interval_ticks
        off = _signed(frames.first_ticks - next_tick - passed)
        rate_hz = self.stream.tick_rate_hz / frames.interval_ticks
        plain = (
            (ahead >= 0)
            & (passed < _FARTHEST_STEP)
            & (np.abs(off) <= _JUMP_S * self.stream.tick_rate_hz)
            & (frames.flags & FrameFlag.TIME_JUMP == 0)
            & (np.abs(rate_hz - self._rate_hz) <= _RATE_SHARE * self._rate_hz)
        )
        return len(plain) if plain.all() else int(np.argmin(plain))

    def _take_plain(self, frames: ReceivedFrames, found: FoundFrames) -> int:
        """Take frames that follow each other, up to one that is refused; how many were used up."""
        times = self._clock.sample_times(frames.ticks)
        if times.frames:
            taken = frames.first(times.frames)
            self._account_plain(taken, times.time_s)
            found.taken.append(self._timed(taken, times))
        if times.refused:
            found.refuse(frames, times.frames, _BACKWARDS)
        return times.frames + times.refused

    def _take_first(self, frames: ReceivedFrames, found: FoundFrames) -> int:
        """The same for one frame that may be anything: first, late, twice, after a restart, nonsense."""
        frame = frames.first(1)
        interval = int(frame.interval_ticks[0])
        rate_hz = self.stream.tick_rate_hz / interval
        if not self._fits(rate_hz):
            found.refuse(frame, 0, f"its sample rate of {rate_hz:g} Hz is not the sensor's")
            return 1
        jumped = self._jumped(frame)
        skip = 0 if jumped else self._skip(frame)
        if skip >= int(frame.counts[0]):
            self.duplicates += int(frame.counts[0])
            return 1
        # Nothing of a refused frame is kept: the next good one must still find what came before it.
        clock = self._new_clock() if jumped else self._clock
        new = frame.without_first(skip)
        times = clock.sample_times(new.ticks)
        if times.refused:
            found.refuse(frame, 0, _BACKWARDS)
            return 1
        self._clock, self._rate_hz = clock, self._rate_hz or rate_hz
        if self._last_s is not None:
            begins_anew = jumped or self._next_index is None
            self._note_gap(frame, self._last_s, float(times.time_s[0]), None if begins_anew else skip)
        self.duplicates += skip
        self._go_on(new, times.time_s)
        found.taken.append(self._timed(new, times))
        return 1

    def _timed(self, frames: ReceivedFrames, times: FrameTimes) -> TakenFrames:
        rate_hz = (self._rate_hz or 0.0) / times.pace
        return frames.timed(self._placement, times.time_s, rate_hz, self.stream.calibration)

    def _new_clock(self) -> SensorClock:
        """A clock for ticks that begin anew; a sensor that was here before keeps its pace."""
        after_s = -math.inf if self._last_s is None else self._last_s
        paces = self._paces.get(self.stream.sensor_id, ())
        return SensorClock(self.stream.tick_rate_hz, self._origin_ns, self._clock_parameters, after_s, paces)

    def _fits(self, rate_hz: float) -> bool:
        """True for the rate that the sensor began with; before that for those that it offers."""
        known_hz = self.stream.offered_hz if self._rate_hz is None else (self._rate_hz,)
        return any(abs(rate_hz - one_hz) <= _RATE_SHARE * one_hz for one_hz in known_hz)

    def _jumped(self, frame: ReceivedFrames) -> bool:
        """True where the frame does not follow from the one before: index and ticks tell different times."""
        if self._next_index is None:
            return False
        flags, interval = int(frame.flags[0]), int(frame.interval_ticks[0])
        # a record of memory keeps the flags of its frame, and comes when the jump is long over
        if flags & FrameFlag.TIME_JUMP and not flags & FrameFlag.BACKFILL:
            return True
        ahead = int(_signed(frame.first_indices - self._next_index)[0])
        off = int(_signed(frame.first_ticks - self._next_tick - ahead * interval)[0])
        if abs(off) > _JUMP_S * self.stream.tick_rate_hz or ahead * interval >= _FARTHEST_STEP:
            return True
        return -ahead * interval > _LATE_S * self.stream.tick_rate_hz and not flags & FrameFlag.BACKFILL

    def _skip(self, frame: ReceivedFrames) -> int:
        """How many of the frame's samples came before."""
        if self._next_index is None:
            return 0
        return max(0, -int(_signed(frame.first_indices - self._next_index)[0]))

    def _account_plain(self, frames: ReceivedFrames, times_s: FloatArray) -> None:
        ahead = steps_after(self._next_index or 0, frames.first_indices)
        ahead[1:] -= frames.counts[:-1]
        for place in np.flatnonzero(ahead % INDEX_WRAP).tolist():
            start = int(frames.counts[:place].sum())
            last_s = self._last_s if start == 0 else float(times_s[start - 1])
            missing = int(ahead[place]) % INDEX_WRAP
            cause = "overflow" if frames.flags[place] & FrameFlag.OVERFLOW else "lost"
            self._add_gap(last_s, float(times_s[start]), missing, cause)
        self._go_on(frames, times_s)

    def _go_on(self, frames: ReceivedFrames, times_s: FloatArray) -> None:
        self._next_index = int(frames.next_indices[-1])
        self._next_tick = int(frames.next_ticks[-1])
        self._last_s = float(times_s[-1])
        self._paces[self.stream.sensor_id] = self._clock.paces
        self.samples += len(times_s)
        self.saturated += int(np.count_nonzero(frames.saturated))
        if frames.backfilled is not None:
            self.backfilled += int(frames.counts[frames.backfilled].sum())

    def _note_gap(self, frame: ReceivedFrames, last_s: float, first_s: float, skip: int | None) -> None:
        """Note what is missing before a frame; `skip` is None where the sensor began anew."""
        if skip is None or self._next_index is None:
            missing = max(0, round((first_s - last_s) * (self._rate_hz or 0.0)) - 1)
            cause = "restart"
        else:
            missing = (int(frame.first_indices[0]) + skip - self._next_index) % INDEX_WRAP
            cause = "overflow" if missing and frame.flags[0] & FrameFlag.OVERFLOW else "lost"
        if missing:
            self._add_gap(last_s, first_s, missing, cause)

    def _add_gap(self, last_s: float | None, first_s: float, missing: int, cause: str) -> None:
        if last_s is not None:
            self.missing += missing
            self.gaps.append(Gap(last_s, first_s, missing, cause))


def _signed(difference: Int64Array) -> Int64Array:
    """Differences of 32-bit counters, within half their range of zero."""
    wrapped: Int64Array = (difference + _FARTHEST_STEP) % INDEX_WRAP - _FARTHEST_STEP
    return wrapped
