"""Slopes of chosen ranks: bit for bit those of all pairs laid out and sorted."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import FloatArray
from tracker.progress.trend.pair_slopes import pair_count, slopes_of_ranks

Generator = np.random.Generator


def sorted_slopes(times: FloatArray, values: FloatArray) -> FloatArray:
    """All of them, pair by pair, as the definition has it."""
    earlier, later = np.triu_indices(len(times), 1)
    apart, rise = times[later] - times[earlier], values[later] - values[earlier]
    return np.sort(rise[apart > 0.0] / apart[apart > 0.0])


def ranks_of(count: int) -> tuple[int, ...]:
    return int(0.48 * count), (count - 1) // 2, count // 2, int(0.52 * count)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(-9, 9)), min_size=2, max_size=80))
def test_few_points_with_ties_of_both(points: list[tuple[int, int]]) -> None:
    times, values = (np.array(one, float) for one in zip(*sorted(points), strict=True))
    slopes = sorted_slopes(times, values)
    assert pair_count(times) == len(slopes)
    if len(slopes):
        every = range(len(slopes))
        assert np.array_equal(slopes_of_ranks(times, values, every), slopes)


def scattered(rng: Generator, count: int) -> FloatArray:
    return rng.normal(0.0, 3.0, count)


def drifting(rng: Generator, count: int) -> FloatArray:
    return np.cumsum(rng.normal(0.0, 1.0, count))


def rounded(rng: Generator, count: int) -> FloatArray:
    return np.round(rng.normal(0.0, 1.0, count))


def in_weeks(rng: Generator, count: int) -> FloatArray:
    """Each seventh day far off: what a sample of pairs at even steps would take for all."""
    values = rng.normal(0.0, 1.0, count)
    values[::7] += 40.0
    return values


def with_a_step(rng: Generator, count: int) -> FloatArray:
    return np.where(np.arange(count) < count // 3, 0.0, 25.0) + rng.normal(0.0, 0.1, count)


@pytest.mark.parametrize("values_of", [scattered, drifting, rounded, in_weeks, with_a_step])
@pytest.mark.parametrize("twice", [False, True])
def test_of_years_only_those_near_the_ranks_are_kept(
    values_of: Callable[[Generator, int], FloatArray], twice: bool
) -> None:
    rng = np.random.default_rng(8)
    days = np.sort(rng.choice(2000, 1100, replace=False)).astype(float)
    times = np.sort(np.concatenate((days, days[::5]))) if twice else days
    values = values_of(rng, len(times))
    slopes = sorted_slopes(times, values)
    assert pair_count(times) == len(slopes)
    ranks = ranks_of(len(slopes))
    assert np.array_equal(slopes_of_ranks(times, values, ranks), slopes[list(ranks)])


@pytest.mark.parametrize("ranks", [(0, 1), (0, -1), (-2, -1)])
def test_ranks_at_the_very_ends_and_far_apart(ranks: tuple[int, int]) -> None:
    rng = np.random.default_rng(9)
    times, values = np.arange(800.0), rng.standard_cauchy(800)
    slopes = sorted_slopes(times, values)
    places = [rank % len(slopes) for rank in ranks]
    assert np.array_equal(slopes_of_ranks(times, values, places), slopes[places])


def test_where_the_sample_was_wrong_all_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.progress.trend.pair_slopes._about", lambda *_: (1e6, 1e7))
    rng = np.random.default_rng(10)
    times, values = np.arange(700.0), scattered(rng, 700)
    slopes = sorted_slopes(times, values)
    ranks = ranks_of(len(slopes))
    assert np.array_equal(slopes_of_ranks(times, values, ranks), slopes[list(ranks)])
