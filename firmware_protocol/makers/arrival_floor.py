"""How late a counted stream's notifications arrive at least, and whether samples are missing from it.

Samples that are counted at a nominal rate fall behind the arrivals where the sensor is slower than that, and
steadily so: the least lateness moves along a line, which is followed. Where samples were lost, all that come
after them are later at once, and stay so. Notifications that only waited come in a burst, and lateness is
soon what it was before.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

import numpy as np

_S: Final = 1e6
"""Microseconds a second."""

STEP_US: Final = 50e3
"""A step that is certain: links with several connections a second are later than that only now and then."""

_LOOKED_AT_US: Final = 1.0 * _S
"""How long all notifications must be late for samples to be missing: a burst is over much sooner."""

_STILL_FALLING_US: Final = 20e3
"""Lateness that falls by this much is that of a link that catches up: nothing is certain before that ends."""

_SILENCE_US: Final = 0.25 * _S
"""Arrivals before and after a longer silence do not tell the same."""

_LONGEST_DOUBT_US: Final = 15.0 * _S
"""A link that never catches up, or seldom sends, is believed all the same. It must exceed every stall."""

_BLOCKS: Final = 60
"""Seconds that the line is laid through: enough to know a rate to some parts in a hundred thousand."""

_SETTLED_BLOCKS: Final = 4
"""Before so many seconds have passed, the line's slope is not known."""

_UNKNOWN_SLOPE: Final = 0.2
"""A sensor set to 10 Hz was seen to send up to 12; oscillators themselves are wrong by a few percent."""

_KNOWN_SLOPE: Final = 0.005
"""What the line leaves open of the slope, for looking ahead over a pause."""


_NEWEST_SHARE: Final = 0.5
"""The step is read from the newest part of the doubt: what began it may only have been late."""


@dataclass(frozen=True, slots=True)
class Judged:
    """That there is no doubt any more.

    Attributes:
        step_us: what is missing; 0 where nothing is.
        only_late: how many of the notifications that were in doubt came before what is missing.
    """

    step_us: float = 0.0
    only_late: int = 0


_NOTHING_MISSING: Final = Judged()


@dataclass(slots=True)
class _Rise:
    """Notifications that are all too late: when each came, and by how much it was too late."""

    since_us: float
    least_us: float
    arrivals: list[tuple[float, float]] = field(default_factory=list)


class ArrivalFloor:
    """Follows the least lateness of one stream.

    Args:
        step_us: smallest step that is told; at least `STEP_US`.
    """

    def __init__(self, step_us: float = STEP_US) -> None:
        self._step_us = max(step_us, STEP_US)
        self._blocks: deque[tuple[float, float]] = deque(maxlen=_BLOCKS)
        self._block_ends_us = -np.inf
        self._least: tuple[float, float] | None = None
        self._line: tuple[float, float, float] = (0.0, 0.0, 0.0)
        self._rise: _Rise | None = None

    def line_at(self, received_us: float) -> tuple[float, float] | None:
        """Least lateness at a time, and by how much it grows in a microsecond; None before that is known."""
        if len(self._blocks) < _SETTLED_BLOCKS:
            return None
        at_us, level_us, slope = self._line
        return level_us + slope * (received_us - at_us), slope

    def judge(self, received_us: float, lateness_us: float) -> Judged | None:
        """What a notification tells.

        Args:
            received_us: when it arrived.
            lateness_us: by how much that is after its last sample's counted time.

        Returns:
            None while it is in doubt whether samples are missing before it or before others in doubt. After a
            step the caller counts on, so that lateness is as before.
        """
        expected_us, open_us = self._expected(received_us)
        over_us = lateness_us - expected_us
        if over_us > self._step_us + open_us:
            return self._risen(received_us, over_us)
        self._rise = None
        if over_us < -self._step_us - open_us:
            # all before was late, so nothing is known of the line
            self._blocks.clear()
            self._least = None
        self._note(received_us, lateness_us)
        return _NOTHING_MISSING

    def _risen(self, received_us: float, over_us: float) -> Judged | None:
        rise = self._rise
        if rise is None:
            rise = self._rise = _Rise(received_us, over_us)
        elif received_us - rise.arrivals[-1][0] > _SILENCE_US:
            rise.since_us, rise.least_us = received_us, over_us
        elif over_us < rise.least_us - _STILL_FALLING_US:
            rise.since_us = received_us
        rise.least_us = min(rise.least_us, over_us)
        rise.arrivals.append((received_us, over_us))
        waited = received_us - rise.since_us >= _LOOKED_AT_US
        if not waited and received_us - rise.arrivals[0][0] < _LONGEST_DOUBT_US:
            return None
        self._rise = None
        return self._step(rise)

    def _step(self, rise: _Rise) -> Judged:
        newest_us = rise.arrivals[-1][0] - _NEWEST_SHARE * _LOOKED_AT_US
        step_us = min(over_us for received_us, over_us in rise.arrivals if received_us >= newest_us)
        late = (
            place for place, (_, over_us) in enumerate(rise.arrivals) if over_us < step_us - self._step_us
        )
        return Judged(step_us, max(late, default=-1) + 1)

    def _expected(self, received_us: float) -> tuple[float, float]:
        """The least lateness by now, and by how much that may be wrong."""
        line = self.line_at(received_us)
        if line is not None:
            return line[0], _KNOWN_SLOPE * (received_us - self._blocks[-1][0])
        known = self._blocks[-1] if self._blocks else self._least
        if known is None:
            return 0.0, np.inf
        return known[1], _UNKNOWN_SLOPE * abs(received_us - known[0])

    def _note(self, received_us: float, lateness_us: float) -> None:
        if self._least is None or received_us >= self._block_ends_us:
            if self._least is not None:
                self._blocks.append(self._least)
                self._line = _line_through(self._blocks)
            self._block_ends_us = received_us + _LOOKED_AT_US
            self._least = (received_us, lateness_us)
        elif lateness_us < self._least[1]:
            self._least = (received_us, lateness_us)


def _line_through(points: deque[tuple[float, float]]) -> tuple[float, float, float]:
    """Mean time, mean level and slope of the line of least squares."""
    times, levels = np.array(points).T
    at, level = float(times.mean()), float(levels.mean())
    spread = float(((times - at) ** 2).sum())
    slope = float(((times - at) * (levels - level)).sum()) / spread if spread else 0.0
    return at, level, slope
