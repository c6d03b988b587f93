"""The slopes between all pairs of points: those of chosen ranks, without all of them at hand.

Ten years of days are 6.7 million pairs. They are gone through block by block, each small enough for the
processor's own memory; only those near the ranks are kept, and a sample tells beforehand where these lie.
"""

from collections.abc import Iterator, Sequence
from math import inf

import numpy as np

from tracker.model import FloatArray

_ROWS = 32
"""Points that are paired with all later ones at once: with 3650 of these a megabyte."""

_ALL_UP_TO = 200_000
"""So few slopes are ordered as fast as they are looked through."""

_SAMPLED = 60_000
_MARGIN = 0.008
"""Share of the slopes that is kept beyond the ranks. A share of so many drawn at random has a standard error
of 0.002; this margin is four of them."""

_STEPS = 0.7548776662466927, 0.5698402909980532
"""Of the sequence that fills a square most evenly, so that no chance is needed: powers of 1 / 1.3247..."""


def pair_count(times: FloatArray) -> int:
    """How many pairs of points have different times.

    Args:
        times: ascending.
    """
    return _all_pairs(len(times)) - sum(map(_all_pairs, np.unique(times, return_counts=True)[1].tolist()))


def slopes_of_ranks(times: FloatArray, values: FloatArray, ranks: Sequence[int]) -> FloatArray:
    """The slopes that have these ranks among those of all pairs of different times; as precise as all.

    Args:
        times: ascending, not all the same.
        ranks: ascending, from 0; below `pair_count`.
    """
    count = pair_count(times)
    if count > _ALL_UP_TO:
        low, high = _about(times, values, ranks[0] / count - _MARGIN, ranks[-1] / count + _MARGIN)
        found = _within(times, values, ranks, low, high)
        if found is not None:
            return found
    return _ordered(np.concatenate(list(_blocks(times, values))), ranks)


def _within(
    times: FloatArray, values: FloatArray, ranks: Sequence[int], low: float, high: float
) -> FloatArray | None:
    """The same where all of them lie between two slopes; None where one does not."""
    below, kept = 0, []
    for slopes in _blocks(times, values):
        under, up_to = slopes < low, slopes <= high
        below += int(np.count_nonzero(under))
        kept.append(slopes[up_to ^ under])
    near = np.concatenate(kept)
    if ranks[0] < below or ranks[-1] >= below + len(near):
        return None
    return _ordered(near, [rank - below for rank in ranks])


def _ordered(slopes: FloatArray, ranks: Sequence[int]) -> FloatArray:
    slopes.partition(sorted(set(ranks)))
    return slopes[list(ranks)]


def _about(times: FloatArray, values: FloatArray, low_share: float, high_share: float) -> tuple[float, float]:
    """Slopes below which about these shares of all lie, from some of the pairs."""
    numbers = np.arange(1, _SAMPLED + 1)
    one, other = ((len(times) * (step * numbers % 1.0)).astype(int) for step in _STEPS)
    slopes = np.sort(_slopes(times[other] - times[one], values[other] - values[one]))
    if not len(slopes):
        return -inf, inf
    places = (min(max(int(share * len(slopes)), 0), len(slopes) - 1) for share in (low_share, high_share))
    low, high = (float(slopes[place]) for place in places)
    return low, high


def _blocks(times: FloatArray, values: FloatArray) -> Iterator[FloatArray]:
    """The slopes of all pairs of different times, each once."""
    for begin in range(0, len(times), _ROWS):
        end = min(begin + _ROWS, len(times))
        own = slice(begin, end)
        earlier, later = (place + begin for place in np.triu_indices(end - begin, 1))
        yield _slopes(times[later] - times[earlier], values[later] - values[earlier])
        yield _slopes(
            (times[end:] - times[own, np.newaxis]).ravel(), (values[end:] - values[own, np.newaxis]).ravel()
        )


def _slopes(apart: FloatArray, rise: FloatArray) -> FloatArray:
    if not apart.all():
        different = apart != 0.0
        apart, rise = apart[different], rise[different]
    return np.divide(rise, apart, out=rise)


def _all_pairs(count: int) -> int:
    return count * (count - 1) // 2
