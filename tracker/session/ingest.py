"""Notifications in the order of arrival to samples on one time line, with what was lost on the way."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from firmware_protocol import FrameFlag, decode_capabilities, decode_frames
from firmware_protocol.errors import ProtocolError
from tracker.errors import InputError
from tracker.model import (
    AccelerometerCalibration,
    FloatArray,
    Gap,
    Notification,
    Placement,
    SensorIdentity,
    SensorQuality,
    steps_after,
)
from tracker.sensing.clock import ClockParameters, FrameTimes, SensorClock
from tracker.sensing.pace import Pace
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
class BadFrameNote:
    """A notification that could not be read; the stream goes on."""

    placement: Placement
    received_ns: int
    reason: str


@dataclass(frozen=True, slots=True)
class Ingested:
    """What some notifications brought, each kind in order."""

    taken: tuple[TakenFrames, ...]
    notes: tuple[BadFrameNote, ...]


class SensorIngest:
    """Turns one sensor's notifications into samples and keeps the account of what is missing.

    Args:
        origin_ns: host monotonic clock at the start of the recording's time line.
        calibrations: of accelerometers, by sensor id.

    Raises:
        InputError: the sensor's capabilities cannot be read, so its frames cannot either.
    """

    def __init__(
        self,
        placement: Placement,
        identity: SensorIdentity,
        origin_ns: int,
        clock: ClockParameters,
        calibrations: Mapping[str, AccelerometerCalibration] | None = None,
    ) -> None:
        self._placement = placement
        self._calibrations = calibrations or {}
        self._origin_ns = origin_ns
        self._clock_parameters = clock
        self._sensor_id, self._tick_rate_hz = "", 0.0
        self._last_s: float | None = None
        self._rate_hz: float | None = None
        self._paces: dict[str, tuple[Pace, ...]] = {}
        self.begin(identity)
        self._samples = 0
        self._missing = 0
        self._gaps: list[Gap] = []
        self._saturated = 0
        self._bad_frames = 0
        self._duplicates = 0

    def begin(self, identity: SensorIdentity) -> None:
        """Go on with a sensor that was connected, again or for the first time.

        The same sensor goes on with its ticks and its sample index, so that what was lost is counted; one
        that was switched off in between says so in its first frame.
        """
        try:
            capabilities = decode_capabilities(identity.capabilities)
        except ProtocolError as error:
            raise InputError(
                f"the capabilities of the sensor at {self._placement.value} cannot be read: {error}",
                advice="Update the sensor's firmware or this program, so that both speak the same protocol.",
            ) from error
        known = (self._sensor_id, self._tick_rate_hz) == (identity.sensor_id, capabilities.tick_rate_hz)
        self._scale = capabilities.scale
        self._offered_hz = capabilities.sample_rates_hz
        self._sensor_id, self._tick_rate_hz = identity.sensor_id, float(capabilities.tick_rate_hz)
        self._calibration = self._calibrations.get(identity.sensor_id)
        if not known:
            self._clock = self._new_clock()
            self._next_index: int | None = None
            self._next_tick = 0

    @property
    def rate_hz(self) -> float | None:
        """Sample rate by the device's own clock, from its first frame; None before that."""
        return self._rate_hz

    @property
    def clock(self) -> SensorClock:
        """The clock of the sensor's newest start; how it is corrected goes on from one start to the next."""
        return self._clock

    @property
    def calibrated(self) -> bool:
        """True where a calibration of the sensor's accelerometer is applied."""
        return self._calibration is not None

    def take(self, notifications: Sequence[Notification]) -> Ingested:
        """The samples that were not there yet; the same, however many notifications come together."""
        received_ns = np.array([one.received_ns for one in notifications], dtype=np.int64)
        batch = decode_frames([one.payload for one in notifications], self._scale)
        refused = [(bad.position, str(bad.error)) for bad in batch.bad_frames]
        frames = ReceivedFrames.of(batch, received_ns[batch.positions])
        taken: list[TakenFrames] = []
        while len(frames):
            plain = frames.first(self._plain(frames))
            used, found, reason = self._take_plain(plain) if len(plain) else self._take_first(frames)
            if found is not None:
                taken.append(found)
            if reason is not None:
                refused.append((int(frames.positions[used - 1]), reason))
            frames = frames.less(used)
        self._bad_frames += len(refused)
        notes = (
            BadFrameNote(self._placement, notifications[position].received_ns, reason)
            for position, reason in sorted(refused)
        )
        return Ingested(tuple(taken), tuple(notes))

    def quality(self) -> SensorQuality:
        """The account so far."""
        drift = self._clock.drift
        return SensorQuality(
            placement=self._placement,
            rate_hz=self._rate_hz or 0.0,
            samples=self._samples,
            missing=self._missing,
            gaps=tuple(self._gaps),
            saturated=self._saturated,
            bad_frames=self._bad_frames,
            duplicates=self._duplicates,
            drift_ppm=None if drift is None else drift.drift_ppm,
            drift_uncertainty_ppm=None if drift is None else drift.uncertainty_ppm,
            clock_residual_s=None if drift is None else self._clock.residual_s,
            calibrated_on=None if self._calibration is None else self._calibration.calibrated_on,
        )

    def _plain(self, frames: ReceivedFrames) -> int:
        """How many frames from the first one on follow the one before them without doubt."""
        if self._next_index is None or self._rate_hz is None:
            return 0
        next_index = np.concatenate([[self._next_index], frames.next_indices[:-1]])
        next_tick = np.concatenate([[self._next_tick], frames.next_ticks[:-1]])
        ahead = _signed(frames.first_indices - next_index)
        passed = ahead * frames.interval_ticks
        off = _signed(frames.first_ticks - next_tick - passed)
        rate_hz = self._tick_rate_hz / frames.interval_ticks
        plain = (
            (ahead >= 0)
            & (passed < _FARTHEST_STEP)
            & (np.abs(off) <= _JUMP_S * self._tick_rate_hz)
            & (frames.flags & FrameFlag.TIME_JUMP == 0)
            & (np.abs(rate_hz - self._rate_hz) <= _RATE_SHARE * self._rate_hz)
        )
        return len(plain) if plain.all() else int(np.argmin(plain))

    def _take_plain(self, frames: ReceivedFrames) -> tuple[int, TakenFrames | None, str | None]:
        """Take frames that follow each other; how many were used up, and why the last of them was refused."""
        times = self._clock.sample_times(frames.ticks)
        found = None
        if times.frames:
            taken = frames.first(times.frames)
            self._account_plain(taken, times.time_s)
            found = self._timed(taken, times)
        return times.frames + times.refused, found, _BACKWARDS if times.refused else None

    def _take_first(self, frames: ReceivedFrames) -> tuple[int, TakenFrames | None, str | None]:
        """The same for one frame that may be anything: first, late, twice, after a restart, nonsense."""
        frame = frames.first(1)
        interval = int(frame.interval_ticks[0])
        rate_hz = self._tick_rate_hz / interval
        if not self._fits(rate_hz):
            return 1, None, f"its sample rate of {rate_hz:g} Hz is not the sensor's"
        jumped = self._jumped(frame)
        skip = 0 if jumped else self._skip(frame)
        if skip >= int(frame.counts[0]):
            self._duplicates += int(frame.counts[0])
            return 1, None, None
        # Nothing of a refused frame is kept: the next good one must still find what came before it.
        clock = self._new_clock() if jumped else self._clock
        new = frame.without_first(skip)
        times = clock.sample_times(new.ticks)
        if times.refused:
            return 1, None, _BACKWARDS
        self._clock, self._rate_hz = clock, self._rate_hz or rate_hz
        if self._last_s is not None:
            begins_anew = jumped or self._next_index is None
            self._note_gap(frame, self._last_s, float(times.time_s[0]), None if begins_anew else skip)
        self._duplicates += skip
        self._go_on(new, times.time_s)
        return 1, self._timed(new, times), None

    def _timed(self, frames: ReceivedFrames, times: FrameTimes) -> TakenFrames:
        rate_hz = (self._rate_hz or 0.0) / times.pace
        return frames.timed(self._placement, times.time_s, rate_hz, self._calibration)

    def _new_clock(self) -> SensorClock:
        """A clock for ticks that begin anew; a sensor that was here before keeps its pace."""
        after_s = -math.inf if self._last_s is None else self._last_s
        paces = self._paces.get(self._sensor_id, ())
        return SensorClock(self._tick_rate_hz, self._origin_ns, self._clock_parameters, after_s, paces)

    def _fits(self, rate_hz: float) -> bool:
        """True for the rate that the sensor began with; before that for those that it offers."""
        known_hz = self._offered_hz if self._rate_hz is None else (self._rate_hz,)
        return any(abs(rate_hz - one_hz) <= _RATE_SHARE * one_hz for one_hz in known_hz)

    def _jumped(self, frame: ReceivedFrames) -> bool:
        """True where the frame does not follow from the one before: index and ticks tell different times."""
        if self._next_index is None:
            return False
        flags, interval = int(frame.flags[0]), int(frame.interval_ticks[0])
        if flags & FrameFlag.TIME_JUMP:
            return True
        ahead = int(_signed(frame.first_indices - self._next_index)[0])
        off = int(_signed(frame.first_ticks - self._next_tick - ahead * interval)[0])
        if abs(off) > _JUMP_S * self._tick_rate_hz or ahead * interval >= _FARTHEST_STEP:
            return True
        return -ahead * interval > _LATE_S * self._tick_rate_hz and not flags & FrameFlag.BACKFILL

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
        self._paces[self._sensor_id] = self._clock.paces
        self._samples += len(times_s)
        self._saturated += int(np.count_nonzero(frames.saturated))

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
            self._missing += missing
            self._gaps.append(Gap(last_s, first_s, missing, cause))


def _signed(difference: Int64Array) -> Int64Array:
    """Differences of 32-bit counters, within half their range of zero."""
    wrapped: Int64Array = (difference + _FARTHEST_STEP) % INDEX_WRAP - _FARTHEST_STEP
    return wrapped
