"""Numbers for samples of sensors that stamp their notifications but do not count samples."""

from collections import deque
from dataclasses import dataclass, replace
from typing import Final

from firmware_protocol.service import FrameFlag

_LONGEST_LOSS_NS: Final = 10_000_000_000
"""A longer step of the timestamps is a loss only where the arrivals have the same pause."""
_LATEST_NS: Final = 4_000_000_000
"""A notification is late by less: that of the most samples holds three seconds of them."""

_FIRST_SHARE: Final = 0.06
"""Oscillators of cheap chips are off by some percent, and at first nothing tells by how much."""
_LEARNED_SHARE: Final = 0.01
"""What temperature and rounding leave open once the sensor's own interval is known."""
_LEARNED_STEPS: Final = 3
_REMEMBERED: Final = 16
"""Notifications that are known again where they come twice, as some systems deliver them."""
_SLOWEST_WEIGHT: Final = 1 / 16
"""Of one step in the mean interval: timestamps in whole milliseconds are off by a percent of a step."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the samples of one notification are.

    Attributes:
        first_index: number of its first sample.
        first_ns: the sensor's clock at the first sample.
        interval_ns: between two samples.
        flags: TIME_JUMP where the timestamp cannot follow from the one before.
    """

    first_index: int
    first_ns: int
    interval_ns: float
    flags: FrameFlag


@dataclass(slots=True)
class _Last:
    stamp_ns: int
    received_ns: int
    samples_after: int
    next_index: int


class StampedIndex:
    """Numbers the samples of one stream, so that losses show as gaps in whole sample intervals.

    The interval is taken from timestamps that follow each other without a loss: the nominal one is off by
    more than a sample in a long notification.

    Args:
        rate_hz: nominal samples a second.
    """

    def __init__(self, rate_hz: float) -> None:
        self._interval_ns = 1e9 / rate_hz
        self._steps = 0
        self._last: _Last | None = None
        self._placed: deque[tuple[tuple[int, int], Placed]] = deque(maxlen=_REMEMBERED)

    def place(self, stamp_ns: int, received_ns: int, *, samples: int, stamped: int) -> Placed:
        """Number the samples of the next notification.

        Args:
            stamp_ns: its timestamp, of any origin, unwrapped.
            received_ns: receiver's monotonic clock when it arrived.
            samples: how many it holds, at least one.
            stamped: which of them has the timestamp, counted from 0.

        Returns:
            Where they are; the same as before for a notification that comes again.
        """
        again = next((placed for key, placed in self._placed if key == (stamp_ns, samples)), None)
        if again is not None:
            return replace(again, flags=FrameFlag.NONE)
        flags, first_index = FrameFlag.NONE, 0
        if self._last is not None:
            between = self._last.samples_after + stamped
            lost = self._lost(stamp_ns - self._last.stamp_ns, received_ns - self._last.received_ns, between)
            flags = FrameFlag.TIME_JUMP if lost is None else FrameFlag.NONE
            first_index = self._last.next_index + (lost or 0)
            if lost == 0 and between > 0:
                self._learn((stamp_ns - self._last.stamp_ns) / between)
        self._last = _Last(stamp_ns, received_ns, samples - stamped, first_index + samples)
        first_ns = round(stamp_ns - stamped * self._interval_ns)
        placed = Placed(first_index, first_ns, self._interval_ns, flags)
        self._placed.append(((stamp_ns, samples), placed))
        return placed

    def _lost(self, step_ns: int, pause_ns: int, between: int) -> int | None:
        """Samples that are missing before a notification; None where the clock must have jumped."""
        off = step_ns / self._interval_ns - between
        share = _LEARNED_SHARE if self._steps >= _LEARNED_STEPS else _FIRST_SHARE
        if abs(off) <= 0.5 + share * between:
            return 0
        if off < 0 or (step_ns > _LONGEST_LOSS_NS and abs(step_ns - pause_ns) > _LATEST_NS):
            return None
        return max(1, round(off))

    def _learn(self, interval_ns: float) -> None:
        self._steps += 1
        self._interval_ns += max(1 / self._steps, _SLOWEST_WEIGHT) * (interval_ns - self._interval_ns)
