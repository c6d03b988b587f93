"""Ticks for sensors that tell no times and number nothing: samples counted, at the rate at which they come.

The count is laid on the host's clock by the first arrival. It begins at the nominal rate; after some seconds
arrivals tell the real one. A pause in what arrives shows as sample indices and ticks that are left out, by as
many whole sample intervals as are missing.
"""

from dataclasses import dataclass
from typing import Final

from firmware_protocol.makers.arrival_floor import ArrivalFloor
from firmware_protocol.service import FrameFlag

TICK_RATE_HZ: Final = 1_000_000

_LONGEST_PAUSE_US: Final = 10e6
"""No link holds a notification back for so long: after that the count begins anew from the arrival."""

_MOST_OF_AN_INTERVAL: Final = 0.6
"""A step of less than half an interval would be no missing sample."""


_MADE_UP_WITHIN_US: Final = 5e6
"""Ticks come back to the line of arrivals in about this time, slowly enough not to follow single arrivals."""

_MOST_MADE_UP: Final = 0.05
"""Share by which the count runs faster or slower meanwhile; what is measured hardly feels it."""


_MOST_STRETCHED: Final = 0.15
"""Of an interval; a rate further off is not the one that the sensor was set to."""


@dataclass(frozen=True, slots=True)
class CountedFrame:
    """Samples that follow each other without a pause.

    Attributes:
        first_sample_index: of any size; it wraps where frames are built.
        first_tick: microseconds, of any size.
        interval_ticks: ticks between two samples, by what is known of the rate.
        samples: how many, counted from the first that was not given out yet.
        flags: TIME_JUMP where the count began anew.
    """

    first_sample_index: int
    first_tick: int
    interval_ticks: int
    samples: int
    flags: FrameFlag


class CountedTicks:
    """Counts the samples of one stream of one connection.

    Lateness is judged by a count at the nominal rate; ticks are given out stretched by what that shows.

    Args:
        rate_hz: nominal samples a second; the real rate may be some percent off.
    """

    def __init__(self, rate_hz: float) -> None:
        self._interval_us = TICK_RATE_HZ / rate_hz
        self._next_index = 0
        self._base_us = 0.0
        self._tick_us = 0.0
        self._tick_index = 0
        self._stretch = 1.0
        self._won_us = 0.0
        self._received_us: float | None = None
        self._held: list[int] = []
        self._begin_floor()

    def take(self, samples: int, received_ns: int) -> tuple[CountedFrame, ...]:
        """Count what one notification completed.

        Args:
            samples: that it completed, at least one.
            received_ns: receiver's monotonic clock when it arrived.

        Returns:
            Frames of the samples whose times are known by now, oldest first. None while it is in doubt
            whether samples are missing before them; they come together, mostly after a second.
            Those in doubt when a connection ends are not given out.
        """
        received_us = received_ns / 1000
        before_us, self._received_us = self._received_us, received_us
        if before_us is None or not 0 <= received_us - before_us <= _LONGEST_PAUSE_US:
            return self._begin_anew(samples, received_us, before_us)
        self._held.append(samples)
        last_us = self._counted_us(self._next_index + sum(self._held) - 1)
        judged = self._floor.judge(received_us, received_us - last_us)
        if judged is None:
            return ()
        late = self._give_out_held(judged.only_late)
        self._next_index += round(judged.step_us / self._interval_us)
        self._follow(received_us)
        return (*late, *self._give_out_held(len(self._held)))

    def _begin_anew(
        self, samples: int, received_us: float, before_us: float | None
    ) -> tuple[CountedFrame, ...]:
        held = self._give_out_held(len(self._held))
        if before_us is not None and received_us > before_us:
            missing = round((received_us - before_us) / self._interval_us) - samples
            self._next_index += max(0, missing)
        self._base_us += received_us - self._counted_us(self._next_index + samples - 1)
        self._tick_index = self._next_index
        self._tick_us = received_us - (samples - 1) * self._interval_us * self._stretch
        self._won_us = 0.0
        self._begin_floor()
        self._floor.judge(received_us, 0.0)
        return (*held, self._give_out(samples, FrameFlag.TIME_JUMP))

    def _follow(self, received_us: float) -> None:
        """Count at the rate that arrivals show, and make up for what a slow count has lost.

        What a quick count has won is left: nobody who takes the earliest arrivals for the truth would notice
        it being taken back.
        """
        line = self._floor.line_at(received_us)
        if line is None:
            return
        lateness_us, slope = line
        real_us = self._counted_us(self._next_index) + lateness_us - self._won_us
        behind_us = real_us - self._tick_of(self._next_index)
        self._won_us += max(0.0, -behind_us)
        made_up = min(_MOST_MADE_UP, max(0.0, behind_us) / _MADE_UP_WITHIN_US)
        stretch = 1.0 / (1.0 - slope) + made_up
        self._stretch = min(1.0 + _MOST_STRETCHED, max(1.0 - _MOST_STRETCHED, stretch))

    def _begin_floor(self) -> None:
        self._floor = ArrivalFloor(_MOST_OF_AN_INTERVAL * self._interval_us)

    def _give_out_held(self, notifications: int) -> tuple[CountedFrame, ...]:
        samples = sum(self._held[:notifications])
        del self._held[:notifications]
        return (self._give_out(samples, FrameFlag.NONE),) if samples else ()

    def _give_out(self, samples: int, flags: FrameFlag) -> CountedFrame:
        first, interval_us = self._next_index, self._interval_us * self._stretch
        first_us = self._tick_of(first)
        self._next_index = first + samples
        self._tick_index, self._tick_us = self._next_index, first_us + samples * interval_us
        return CountedFrame(first, round(first_us), max(1, round(interval_us)), samples, flags)

    def _tick_of(self, index: int) -> float:
        return self._tick_us + (index - self._tick_index) * self._interval_us * self._stretch

    def _counted_us(self, index: int) -> float:
        return self._base_us + index * self._interval_us
