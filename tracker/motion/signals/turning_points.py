"""Turning points of a signal with a prominence: the causal core of counting.

There is no baseline, no look-ahead and no upper limit of time, so drift, pauses and slow tempo do not
matter. The machine holds explicit state and only compares numbers, so any cutting into blocks gives the
same points.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from tracker.model import FloatArray

_WINDOW_SAMPLES = 512
"""Search window: a bound on the work that is repeated after each turning point of a long block."""


@dataclass(frozen=True, slots=True)
class Point:
    """One sample: its number since the machine's start, and its value."""

    index: int
    value: float


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise by the prominence above `low` was reached at sample `at`."""

    low: Point
    at: int


@dataclass(frozen=True, slots=True)
class Excursion:
    """From `low` up to `high` and back down by the prominence, reached at sample `at`."""

    low: Point
    high: Point
    at: int


class _Heading(Enum):
    UNKNOWN = 0
    UP = 1
    DOWN = 2


class TurningPointMachine:
    """Finds rises and excursions in a signal that arrives in blocks.

    Args:
        prominence: by how much the signal must turn back before a turning point is one; in its unit.
        first_either_way: True where an excursion may begin downwards: the first movement then decides
            which way is up, and `sign` tells it.
        falling_from: the last sample before the first one that is fed, where the signal is known to fall.
    """

    def __init__(
        self, prominence: float, *, first_either_way: bool = False, falling_from: Point | None = None
    ) -> None:
        self._prominence = prominence
        self._either_way = first_either_way
        self._heading = _Heading.UNKNOWN if falling_from is None else _Heading.DOWN
        self._count = 0 if falling_from is None else falling_from.index + 1
        self._begun = falling_from is not None
        self._low = falling_from or Point(0, 0.0)
        self._high = self._low
        self.sign = 1

    @property
    def low(self) -> Point:
        """Lowest sample since the last excursion, or the one that the present rise began from."""
        return self._low

    @property
    def rising(self) -> bool:
        """True from a rise until the excursion closes."""
        return self._heading is _Heading.UP

    def feed(self, values: FloatArray) -> list[Rise | Excursion]:
        """What the next samples, (N,), complete, in order."""
        found: list[Rise | Excursion] = []
        if not len(values):
            return found
        if not self._begun:
            self._low = self._high = Point(0, float(values[0]))
            self._begun = True
        position, count = 0, len(values)
        while position < count:
            window = values[position : position + _WINDOW_SAMPLES]
            used = self._advance(window if self.sign > 0 else -window, found)
            position += used
            self._count += used
        return found

    def _advance(self, window: FloatArray, found: list[Rise | Excursion]) -> int:
        """Take samples up to and including the next turning; how many were taken."""
        if self._heading is _Heading.DOWN:
            return self._seek_rise(window, found)
        if self._heading is _Heading.UP:
            return self._seek_fall(window, found)
        return self._seek_first(window, found)

    def _seek_rise(self, window: FloatArray, found: list[Rise | Excursion]) -> int:
        lows = np.minimum.accumulate(window)
        if lows[0] > self._low.value:
            np.minimum(lows, self._low.value, out=lows)
        turned, taken = _first(np.subtract(window, lows, out=lows) >= self._prominence)
        self._lower(window[:taken])
        if turned:
            self._begin_rise(float(window[taken - 1]), self._count + taken - 1, found)
        return taken

    def _seek_fall(self, window: FloatArray, found: list[Rise | Excursion]) -> int:
        highs = np.maximum.accumulate(window)
        if highs[0] < self._high.value:
            np.maximum(highs, self._high.value, out=highs)
        turned, taken = _first(np.subtract(highs, window, out=highs) >= self._prominence)
        self._raise(window[:taken])
        if turned:
            at = self._count + taken - 1
            found.append(Excursion(self._low, self._high, at))
            self._heading = _Heading.DOWN
            self._low = Point(at, float(window[taken - 1]))
        return taken

    def _seek_first(self, window: FloatArray, found: list[Rise | Excursion]) -> int:
        lows = np.minimum(np.minimum.accumulate(window), self._low.value)
        highs = np.maximum(np.maximum.accumulate(window), self._high.value)
        rising = window - lows >= self._prominence
        turned, taken = _first(rising | (highs - window >= self._prominence))
        self._lower(window[:taken])
        self._raise(window[:taken])
        if not turned:
            return taken
        at, value = self._count + taken - 1, float(window[taken - 1])
        if rising[taken - 1]:
            self._begin_rise(value, at, found)
        elif self._either_way:
            self.sign = -1
            self._low = Point(self._high.index, -self._high.value)
            self._begin_rise(-value, at, found)
        else:
            self._heading = _Heading.DOWN
            self._low = Point(at, value)
        return taken

    def _begin_rise(self, value: float, at: int, found: list[Rise | Excursion]) -> None:
        self._heading = _Heading.UP
        self._high = Point(at, value)
        found.append(Rise(self._low, at))

    def _lower(self, window: FloatArray) -> None:
        """Take the first smallest of a window's samples for the low, if it lies below it."""
        position = int(window.argmin())
        value = float(window[position])
        if value < self._low.value:
            self._low = Point(self._count + position, value)

    def _raise(self, window: FloatArray) -> None:
        """Take the first largest of a window's samples for the high, if it lies above it."""
        position = int(window.argmax())
        value = float(window[position])
        if value > self._high.value:
            self._high = Point(self._count + position, value)


def _first(condition: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[bool, int]:
    """Whether a condition comes true, and how many samples that takes, else their number."""
    position = int(condition.argmax())
    return (True, position + 1) if condition[position] else (False, len(condition))
