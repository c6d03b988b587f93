"""Accelerometer and gyroscope samples that come in turns without times, brought together by their order.

One oscillator samples both, so each notification of one stream ends between two ends of the other: before,
at, or after them, nobody knows. Half a notification is taken, which is wrong by as much at most, and stays
the same for as long as none is lost. A notification that is missing from one stream shifts the turns for
good, and is left out of both.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

_WATCHED: Final = 8
"""Notifications after which a shift is one for good: four of each stream."""

Counts = tuple[int, ...]
"""x, y, z of one sample."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One sample of both streams.

    Attributes:
        accelerometer_twice: sum of the two samples around the gyroscope's, that is, twice the mean.
        gyroscope: counts.
        largest: largest count, of all that went in, without its sign.
    """

    accelerometer_twice: Counts
    gyroscope: Counts
    largest: int


@dataclass(slots=True)
class _Turns:
    """How the streams take turns: how many accelerometer samples more have come than gyroscope samples."""

    least: int
    most: int
    ahead: int = 0
    seen: deque[tuple[bool, int]] = field(default_factory=lambda: deque(maxlen=_WATCHED))

    def take(self, of_gyroscope: bool, samples: int) -> None:
        self.ahead += -samples if of_gyroscope else samples
        self.seen.append((of_gyroscope, self.ahead))

    @property
    def one_is_silent(self) -> bool:
        return len(self.seen) == _WATCHED and len({of_gyroscope for of_gyroscope, _ in self.seen}) == 1

    @property
    def lost(self) -> int:
        """Samples missing from the gyroscope; below zero from the accelerometer."""
        if len(self.seen) < _WATCHED:
            return 0
        counts = [ahead for _, ahead in self.seen]
        shifts = sorted((min(counts) - self.least, max(counts) - self.most))
        # turns that only vary are wider, not shifted
        return max(0, shifts[0]) + min(0, shifts[1])

    def settle(self, lost: int) -> None:
        """Begin to watch anew once as many samples have been left out of the other stream."""
        self.ahead -= lost
        self.seen.clear()


class SamplePairs:
    """Pairs the samples of the two streams of one sensor. Some notifications wait at most.

    Every gyroscope sample is in a pair or told as missing, so that all are counted where acceleration is
    not known.
    """

    def __init__(self) -> None:
        self._waiting: dict[bool, deque[Counts]] = {False: deque(), True: deque()}
        self._turns: _Turns | None = None

    def begin_anew(self) -> list[None]:
        """Forget what waits: the streams were interrupted.

        Returns:
            None for each gyroscope sample that is forgotten.
        """
        self._turns = None
        _drop(self._waiting[False], len(self._waiting[False]))
        return _drop(self._waiting[True], len(self._waiting[True]))

    def add(self, samples: Sequence[Counts], *, of_gyroscope: bool) -> list[Pair | None]:
        """Take a notification's samples.

        Returns:
            Pairs that are complete now, oldest first; None for each that is missing.
        """
        if self._turns is None:
            return self._add_first(samples, of_gyroscope)
        self._turns.take(of_gyroscope, len(samples))
        if self._turns.one_is_silent:
            return [*self.begin_anew(), *self._add_first(samples, of_gyroscope)]
        self._waiting[of_gyroscope].extend(samples)
        return [*self._leave_out(self._turns), *self._complete(len(samples))]

    def _add_first(self, samples: Sequence[Counts], of_gyroscope: bool) -> list[Pair | None]:
        """Take a notification before the streams take turns: the newest of each waits for the other."""
        mine, other = self._waiting[of_gyroscope], self._waiting[not of_gyroscope]
        forgotten = _drop(mine, len(mine))
        mine.extend(samples)
        missing = forgotten if of_gyroscope else []
        if other:
            missing += self._begin(len(other), len(samples), gyroscope_first=not of_gyroscope)
        return [*missing, *self._complete(len(samples))] if other else [*missing]

    def _begin(self, earlier: int, later: int, *, gyroscope_first: bool) -> list[None]:
        """Shift the streams by half a notification; the pairs' own mean makes half a sample of it."""
        if gyroscope_first:
            self._turns = _Turns(-earlier, 0, later - earlier)
            return _drop(self._waiting[True], (earlier + 1) // 2)
        self._turns = _Turns(0, earlier, earlier - later)
        _drop(self._waiting[False], earlier // 2)
        return []

    def _leave_out(self, turns: _Turns) -> list[None]:
        lost = turns.lost
        surplus = self._waiting[lost < 0]
        if lost == 0 or len(surplus) <= abs(lost):
            return []
        turns.settle(lost)
        return _drop(surplus, abs(lost))

    def _complete(self, at_once: int) -> list[Pair]:
        """Pairs by whole notifications, so that they are counted as regularly as they come."""
        accelerometer, gyroscope = self._waiting[False], self._waiting[True]
        ready = min(len(accelerometer) - 1, len(gyroscope))
        pairs = []
        for _ in range(ready - ready % at_once):
            before, turning = accelerometer.popleft(), gyroscope.popleft()
            after = accelerometer[0]
            twice = tuple(one + two for one, two in zip(before, after, strict=True))
            pairs.append(Pair(twice, turning, max(map(abs, before + after + turning))))
        return pairs


def _drop(waiting: deque[Counts], count: int) -> list[None]:
    """Take out the oldest; None for each."""
    count = min(count, len(waiting))
    for _ in range(count):
        waiting.popleft()
    return [None] * count
