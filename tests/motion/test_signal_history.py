"""The recent past of a signal, by sample number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.motion.signal_history import SignalHistory


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(-5, 300)), max_size=20))
def test_it_holds_what_was_put_in_and_not_let_go(steps: list[tuple[int, int]]) -> None:
    history, total, first = SignalHistory(), 0, 0
    for length, behind in steps:
        numbers = np.arange(total, total + length, dtype=np.float64)
        history.append(numbers / 10, numbers * 2, numbers % 3 == 0)
        total += length
        history.forget_before(total - behind)
        first = max(first, min(total - behind, total - 1), 0)
        assert history.stop == total
        assert history.last_time_s == ((total - 1) / 10 if total else None)
        if total:
            expected = np.arange(first, total, dtype=np.float64)
            time_s, signal, marks = history.window(first, total - 1)
            np.testing.assert_array_equal(time_s, expected / 10)
            np.testing.assert_array_equal(signal, expected * 2)
            np.testing.assert_array_equal(marks, expected % 3 == 0)


def test_samples_that_are_gone_or_not_yet_there_are_refused() -> None:
    history = SignalHistory()
    history.append(np.arange(10.0), np.arange(10.0), np.zeros(10, dtype=bool))
    history.forget_before(5)
    for first, last in ((4, 6), (5, 10)):
        with pytest.raises(IndexError, match="samples"):
            history.window(first, last)


def test_memory_follows_what_is_kept() -> None:
    history = SignalHistory()
    for second in range(1000):
        times = second + np.arange(100) / 100
        history.append(times, times, np.zeros(100, dtype=bool))
        history.forget_before(history.stop - 300)
    assert len(history._time_s) <= 1000


def test_a_window_is_a_copy() -> None:
    history = SignalHistory()
    history.append(np.arange(3.0), np.arange(3.0), np.zeros(3, dtype=bool))
    history.window(0, 2)[1][:] = 9.0
    np.testing.assert_array_equal(history.window(0, 2)[1], np.arange(3.0))
