"""The recent past of a signal, by sample number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.motion.signals.counted_samples import CountedSamples
from tracker.motion.signals.sample_history import SampleHistory


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(-5, 300)), max_size=20))
def test_it_holds_what_was_put_in_and_not_let_go(steps: list[tuple[int, int]]) -> None:
    history, total, first = SampleHistory(), 0, 0
    for length, behind in steps:
        numbers = np.arange(total, total + length, dtype=np.float64)
        history.append(CountedSamples.of(numbers / 10, numbers * 2, numbers % 3 == 0))
        total += length
        history.forget_before(total - behind)
        first = max(first, min(total - behind, total - 1), 0)
        assert history.stop == total
        assert history.last_time_s == ((total - 1) / 10 if total else None)
        if total:
            expected = np.arange(first, total, dtype=np.float64)
            kept = history.window(first, total - 1)
            np.testing.assert_array_equal(kept.time_s, expected / 10)
            np.testing.assert_array_equal(kept.signal_rad, expected * 2)
            np.testing.assert_array_equal(kept.saturated, expected % 3 == 0)


def test_samples_that_are_gone_or_not_yet_there_are_refused() -> None:
    history = SampleHistory()
    history.append(CountedSamples.of(np.arange(10.0), np.arange(10.0)))
    history.forget_before(5)
    for first, last in ((4, 6), (5, 10)):
        with pytest.raises(IndexError, match="samples"):
            history.window(first, last)


def test_memory_follows_what_is_kept() -> None:
    history = SampleHistory()
    for second in range(1000):
        times = second + np.arange(100) / 100
        history.append(CountedSamples.of(times, times))
        history.forget_before(history.stop - 300)
    assert history._table.shape[1] <= 1000


def test_a_window_stays_what_it_was_when_more_samples_come() -> None:
    history = SampleHistory()
    history.append(CountedSamples.of(np.arange(200.0), np.arange(200.0)))
    window = history.window(100, 199)
    history.forget_before(190)
    for _ in range(5):
        history.append(CountedSamples.of(np.full(200, 9.0), np.full(200, 9.0)))
    np.testing.assert_array_equal(window.signal_rad, np.arange(100.0, 200.0))
