"""Notifications in the order of arrival to samples on one time line, with what was lost on the way."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from firmware_protocol import (
    FrameError,
    FrameFlag,
    ImuBlock,
    decode_capabilities,
    decode_frame,
    decode_frames,
)
from firmware_protocol.errors import ProtocolError
from tracker.errors import InputError
from tracker.model import FloatArray, Gap, Notification, Placement, SensorIdentity, SensorQuality, TimedBlock
from tracker.sensing.clock import ClockParameters, SensorClock

_INDEX_WRAP = 1 << 32
_FARTHEST_STEP = 1 << 31
"""An index further ahead than half the range lies behind: the frame is late or came twice. Ticks that went
on by as much cannot be told from ticks that went back."""

_JUMP_S = 1.0
"""Ticks and sample index that disagree by this much mean that the sensor began anew; jitter stays below."""

_LATE_S = 10.0
"""No link holds a frame back for so long: an index further behind means that the sensor counts anew."""

_RATE_SHARE = 0.2
"""Chips keep their sample rate within some percent; a frame further off is not what it seems."""


@dataclass(frozen=True, slots=True)
class BadFrameNote:
    """A notification that could not be read; the stream goes on."""

    placement: Placement
    received_ns: int
    reason: str


class SensorIngest:
    """Turns one sensor's notifications into samples and keeps the account of what is missing.

    Args:
        origin_ns: host monotonic clock at the start of the recording's time line.

    Raises:
        InputError: the sensor's capabilities cannot be read, so its frames cannot either.
    """

    def __init__(
        self, placement: Placement, identity: SensorIdentity, origin_ns: int, clock: ClockParameters
    ) -> None:
        self._placement = placement
        self._origin_ns = origin_ns
        self._clock_parameters = clock
        self._sensor_id, self._tick_rate_hz = "", 0.0
        self._last_s: float | None = None
        self._rate_hz: float | None = None
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
        if not known:
            self._clock = self._new_clock()
            self._next_index: int | None = None
            self._next_tick = 0

    @property
    def rate_hz(self) -> float | None:
        """Sample rate by the device's own clock, from its first frame; None before that."""
        return self._rate_hz

    def take(self, notification: Notification) -> TimedBlock | BadFrameNote | None:
        """The samples of a notification that were not there yet; None where all came before."""
        try:
            block = decode_frame(notification.payload, self._scale)
        except FrameError as error:
            return self._refuse(notification.received_ns, str(error))
        return self._take_block(block, notification.received_ns)

    def take_many(self, notifications: Sequence[Notification]) -> list[tuple[int, TimedBlock]]:
        """The same for many notifications at once: their samples, each with its notification's place."""
        batch = decode_frames([one.payload for one in notifications], self._scale)
        self._bad_frames += len(batch.bad_frames)
        taken: list[tuple[int, TimedBlock]] = []
        for position, block in zip(batch.positions.tolist(), batch.blocks(), strict=True):
            timed = self._take_block(block, notifications[position].received_ns)
            if isinstance(timed, TimedBlock):
                taken.append((position, timed))
        return taken

    def _refuse(self, received_ns: int, reason: str) -> BadFrameNote:
        self._bad_frames += 1
        return BadFrameNote(self._placement, received_ns, reason)

    def _take_block(self, block: ImuBlock, received_ns: int) -> TimedBlock | BadFrameNote | None:
        rate_hz = self._tick_rate_hz / block.interval_ticks
        if not self._fits(rate_hz):
            return self._refuse(received_ns, f"its sample rate of {rate_hz:g} Hz is not the sensor's")
        jumped = self._jumped(block)
        skip = 0 if jumped else self._skip(block)
        if skip >= len(block):
            self._duplicates += len(block)
            return None
        # Nothing of a refused frame is kept: the next good one must still find what came before it.
        clock = self._new_clock() if jumped else self._clock
        time_s = clock.sample_times(block.device_ticks[skip:], received_ns)
        if time_s is None:
            return self._refuse(received_ns, "its times run backwards")
        self._clock, self._rate_hz = clock, self._rate_hz or rate_hz
        self._account(block, time_s, skip, new_start=jumped or self._next_index is None)
        return TimedBlock(
            self._placement,
            time_s,
            block.accelerometer_m_per_s2[skip:],
            block.gyroscope_rad_per_s[skip:],
            block.saturated[skip:],
        )

    def quality(self) -> SensorQuality:
        """The account so far."""
        return SensorQuality(
            placement=self._placement,
            rate_hz=self._rate_hz or 0.0,
            samples=self._samples,
            missing=self._missing,
            gaps=tuple(self._gaps),
            saturated=self._saturated,
            bad_frames=self._bad_frames,
            duplicates=self._duplicates,
        )

    def _new_clock(self) -> SensorClock:
        after_s = -math.inf if self._last_s is None else self._last_s
        return SensorClock(self._tick_rate_hz, self._origin_ns, self._clock_parameters, after_s)

    def _fits(self, rate_hz: float) -> bool:
        """True for the rate that the sensor began with; before that for those that it offers."""
        known_hz = self._offered_hz if self._rate_hz is None else (self._rate_hz,)
        return any(abs(rate_hz - one_hz) <= _RATE_SHARE * one_hz for one_hz in known_hz)

    def _jumped(self, block: ImuBlock) -> bool:
        """True where the frame does not follow from the one before: index and ticks tell different times."""
        if self._next_index is None:
            return False
        if block.flags and block.flags & FrameFlag.TIME_JUMP:
            return True
        ahead = (block.first_sample_index - self._next_index) % _INDEX_WRAP
        ahead = ahead if ahead < _FARTHEST_STEP else ahead - _INDEX_WRAP
        ticks = int(block.device_ticks[0]) - self._next_tick - ahead * block.interval_ticks
        off = (ticks + _FARTHEST_STEP) % _INDEX_WRAP - _FARTHEST_STEP
        if abs(off) > _JUMP_S * self._tick_rate_hz or ahead * block.interval_ticks >= _FARTHEST_STEP:
            return True
        late = -ahead * block.interval_ticks > _LATE_S * self._tick_rate_hz
        return late and not block.flags & FrameFlag.BACKFILL

    def _skip(self, block: ImuBlock) -> int:
        """How many of the block's samples came before."""
        if self._next_index is None:
            return 0
        ahead = (block.first_sample_index - self._next_index) % _INDEX_WRAP
        return 0 if ahead < _FARTHEST_STEP else _INDEX_WRAP - ahead

    def _account(self, block: ImuBlock, time_s: FloatArray, skip: int, *, new_start: bool) -> None:
        if self._last_s is not None:
            self._note_gap(block, self._last_s, float(time_s[0]), None if new_start else skip)
        self._next_index = (block.first_sample_index + len(block)) % _INDEX_WRAP
        self._next_tick = int(block.device_ticks[-1]) + block.interval_ticks
        self._last_s = float(time_s[-1])
        self._samples += len(time_s)
        self._duplicates += skip
        self._saturated += int(block.saturated[skip:].sum())

    def _note_gap(self, block: ImuBlock, last_s: float, first_s: float, skip: int | None) -> None:
        """Note what is missing before a block; `skip` is None where the sensor began anew."""
        if skip is None or self._next_index is None:
            missing = max(0, round((first_s - last_s) * (self._rate_hz or 0.0)) - 1)
            cause = "restart"
        else:
            missing = (block.first_sample_index + skip - self._next_index) % _INDEX_WRAP
            cause = "overflow" if missing and block.flags & FrameFlag.OVERFLOW else "lost"
        if missing:
            self._missing += missing
            self._gaps.append(Gap(last_s, first_s, missing, cause))
