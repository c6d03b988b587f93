"""The account of imported samples: rate and gaps from their times alone."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.model import FloatArray, Placement, TimedBlock
from tracker.session.imported import ImportIngest

LEFT = Placement.LEFT_THIGH


def block(time_s: FloatArray) -> TimedBlock:
    """Samples at some times."""
    zeros = np.zeros((len(time_s), 3))
    return TimedBlock(LEFT, time_s, zeros, zeros, np.zeros(len(time_s), dtype=bool))


def rate_of(time_s: FloatArray) -> float:
    """Nominal rate that is told with the first samples."""
    taken = ImportIngest(LEFT).take(block(time_s))
    assert taken is not None
    return taken[0]


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 100.0, 142.86, 200.0])
def test_the_rate_comes_from_the_times(rate_hz: float) -> None:
    assert rate_of(np.arange(100) / rate_hz) == pytest.approx(rate_hz)


@pytest.mark.parametrize(("rate_hz", "decimals"), [(60.0, 2), (120.0, 3), (104.0, 3), (59.5, 2)])
def test_rounded_times_still_give_the_true_rate(rate_hz: float, decimals: int) -> None:
    """At 60 Hz and hundredths the steps are 10 and 20 ms; their median is a fifth too long."""
    time_s = np.round(np.arange(round(rate_hz)) / rate_hz, decimals)
    # the ends are off by half a unit of the last digit each
    assert rate_of(time_s) == pytest.approx(rate_hz, rel=10.0**-decimals)


def test_a_gap_at_the_beginning_is_no_rate() -> None:
    time_s = np.concatenate([[0.0, 0.01], 5.0 + np.arange(50) / 100])
    assert rate_of(time_s) == pytest.approx(100.0)


def test_steps_with_samples_missing_are_gaps() -> None:
    one = ImportIngest(LEFT)
    time_s = np.arange(400) / 100
    keep = np.ones(400, dtype=bool)
    keep[[100, 101, 250]] = False
    one.take(block(time_s[keep]))
    quality = one.quality()
    assert (quality.samples, quality.missing) == (397, 3)
    assert [(gap.start_s, gap.end_s, gap.missing, gap.cause) for gap in quality.gaps] == [
        (0.99, 1.02, 2, "lost"),
        (2.49, 2.51, 1, "lost"),
    ]
    assert quality.rate_hz == pytest.approx(100.0)


def test_a_single_sample_waits_for_the_next() -> None:
    one = ImportIngest(LEFT)
    assert one.take(block(np.array([0.0]))) is None
    assert one.quality().samples == 0
    taken = one.take(block(np.array([0.01, 0.02])))
    assert taken is not None
    assert taken[1].time_s.tolist() == [0.0, 0.01, 0.02]
    assert one.quality().samples == 3


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(100, 500), max_size=6).map(sorted))
def test_cutting_after_the_first_second_changes_nothing(seed: int, cuts: list[int]) -> None:
    rng = np.random.default_rng(seed)
    steps_s = rng.choice([0.01, 0.01, 0.01, 0.01, 0.03, 0.5], 500)
    steps_s[:100] = 0.01
    time_s = np.cumsum(steps_s)
    whole, parts = ImportIngest(LEFT), ImportIngest(LEFT)
    whole.take(block(time_s))
    edges = [0, 100, *cuts, 500]
    for start, stop in pairwise(edges):
        if stop > start:
            parts.take(block(time_s[start:stop]))
    assert parts.quality().gaps == whole.quality().gaps
    assert parts.quality().missing == whole.quality().missing
