"""Samples are numbered by their timestamps: losses show as whole samples, jumps of the clock as jumps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocol.makers.stamped_index import Placed, StampedIndex
from firmware_protocol.service import FrameFlag

RATE_HZ = 52.0
SECOND_NS = 1_000_000_000


def placed(sizes: list[int], *, lost: set[int], interval_ns: float, jitter_ns: int = 0) -> list[Placed]:
    """Notifications of some sizes, stamped at their last sample, of which some are lost."""
    index = StampedIndex(RATE_HZ)
    rng = np.random.default_rng(7)
    ends = np.cumsum(sizes)
    found = []
    for number, (size, end) in enumerate(zip(sizes, ends.tolist(), strict=True)):
        stamp_ns = round((end - 1) * interval_ns) + int(rng.integers(-jitter_ns, jitter_ns + 1))
        if number not in lost:
            found.append(index.place(stamp_ns, stamp_ns, samples=size, stamped=size - 1))
    return found


@given(
    st.lists(st.integers(8, 130), min_size=6, max_size=30),
    st.floats(-0.05, 0.05),
    st.sets(st.integers(4, 29), max_size=6),
)
def test_numbers_are_those_of_the_sensor(sizes: list[int], off: float, lost: set[int]) -> None:
    # Three steps without a loss tell the interval; timestamps in ns leave nothing open after that.
    interval_ns = 1e9 / RATE_HZ * (1 + off)
    lost = {number for number in lost if number < len(sizes)}
    got = placed(sizes, lost=lost, interval_ns=interval_ns)
    starts = np.cumsum(sizes) - sizes
    expected = [int(start) for number, start in enumerate(starts) if number not in lost]
    assert [one.first_index for one in got] == expected
    assert all(one.flags == FrameFlag.NONE for one in got)


@pytest.mark.parametrize(("place", "number"), [(4, 4 * 130 + 8), (1, 130)])
def test_short_loss_beside_many_samples_shows_once_the_interval_is_known(place: int, number: int) -> None:
    # 8 of 138 samples are 5.8 %: at first the oscillator might be off by as much
    sizes = [130] * 7
    sizes.insert(place, 8)
    got = placed(sizes, lost={place}, interval_ns=1e9 / RATE_HZ)
    assert got[place].first_index == number


def test_time_of_the_first_sample_follows_from_the_sensors_own_interval() -> None:
    interval_ns = 1e9 / RATE_HZ * 1.03
    got = placed([50] * 20, lost=set(), interval_ns=interval_ns)
    for number, one in enumerate(got[1:], start=1):
        assert one.first_ns == pytest.approx(number * 50 * interval_ns, abs=100.0)
        assert one.interval_ns == pytest.approx(interval_ns, rel=1e-6)


def test_interval_is_a_mean_where_timestamps_are_rounded() -> None:
    # ±0.5 ms on 10 samples of 19 ms is ±0.5 % of one step; of the mean of 16 it is a quarter at most.
    got = placed([10] * 60, lost=set(), interval_ns=1e9 / RATE_HZ, jitter_ns=500_000)
    assert [one.first_index for one in got] == list(range(0, 600, 10))
    assert got[-1].interval_ns == pytest.approx(1e9 / RATE_HZ, rel=2.5e-3)


@pytest.mark.parametrize("back_ns", [SECOND_NS, 20 * SECOND_NS, 10**17])
def test_step_back_is_a_jump(back_ns: int) -> None:
    index = StampedIndex(RATE_HZ)
    index.place(10**18, 0, samples=52, stamped=51)
    got = index.place(10**18 - back_ns, SECOND_NS, samples=52, stamped=51)
    assert got.flags == FrameFlag.TIME_JUMP
    assert got.first_index == 52


def test_long_step_is_a_loss_only_where_the_arrivals_have_the_same_pause() -> None:
    for pause_s, flags in ((60, FrameFlag.NONE), (1, FrameFlag.TIME_JUMP)):
        index = StampedIndex(RATE_HZ)
        index.place(0, 0, samples=52, stamped=51)
        got = index.place(60 * SECOND_NS, pause_s * SECOND_NS, samples=52, stamped=51)
        assert got.flags == flags
        assert got.first_index == (52 if flags else 60 * 52)


def test_first_sample_may_have_the_timestamp() -> None:
    index = StampedIndex(104.0)
    interval_ns = 1e9 / 104
    for number in (0, 1, 2, 3, 5, 6):
        stamp_ns = round(8 * number * interval_ns / 1e6) * 1_000_000
        got = index.place(stamp_ns, stamp_ns, samples=8, stamped=0)
        assert got.first_index == 8 * number
        assert got.first_ns == stamp_ns


def test_notifications_that_come_again_are_known_again() -> None:
    index = StampedIndex(RATE_HZ)
    stamps = [round(10 * number * 1e9 / RATE_HZ) for number in (0, 1, 1, 2, 3, 2, 3, 4)]
    got = [index.place(stamp_ns, stamp_ns, samples=10, stamped=0) for stamp_ns in stamps]
    assert [one.first_index for one in got] == [0, 10, 10, 20, 30, 20, 30, 40]
    assert all(one.flags == FrameFlag.NONE for one in got)
