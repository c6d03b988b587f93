"""Streams that come apart are brought together by time; what is not covered is left out."""

import numpy as np
import pytest

from firmware_protocol.blocks import FloatArray
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.makers.frame_builder import FrameBuilder
from firmware_protocol.makers.merged_streams import MergedStreams, TimedSamples
from firmware_protocol.service import FrameFlag

RATE_HZ = 100.0
STEP_NS = 10_000_000.0


def samples(
    first: int,
    count: int,
    values: FloatArray | None = None,
    *,
    offset_ns: int = 0,
    jump: bool = False,
    received_ns: int = 0,
) -> TimedSamples:
    """Samples `first` on, at 100 Hz; values of a straight line in time where none are given."""
    line = np.arange(first, first + count)[:, None] * np.array([1.0, 2.0, -1.0]) + offset_ns / STEP_NS
    return TimedSamples(
        first,
        round(first * STEP_NS) + offset_ns,
        STEP_NS,
        line if values is None else values,
        np.zeros(count, dtype=np.bool_),
        received_ns,
        FrameFlag.TIME_JUMP if jump else FrameFlag.NONE,
    )


def merged(*steps: tuple[str, TimedSamples], streams: MergedStreams | None = None) -> FrameBatch:
    """What comes out of steps of accelerometer (`a`) and gyroscope (`g`)."""
    streams = streams or MergedStreams(RATE_HZ)
    builder = FrameBuilder()
    for position, (which, one) in enumerate(steps):
        add = streams.add_accelerometer if which == "a" else streams.add_gyroscope
        add(builder, position, one)
    return builder.batch()


def test_acceleration_is_interpolated_to_the_time_of_the_gyroscope() -> None:
    # A quarter of an interval later the line has risen by a quarter of its step.
    slope = np.array([4.0, -8.0, 2.0])
    acceleration = np.arange(20)[:, None] * slope
    batch = merged(("a", samples(0, 20, acceleration)), ("g", samples(0, 19, offset_ns=2_500_000)))
    expected = (np.arange(19)[:, None] + 0.25) * slope
    np.testing.assert_allclose(batch.accelerometer_m_per_s2, expected, atol=1e-12)
    assert batch.first_ticks.tolist() == [2500]
    assert batch.interval_ticks.tolist() == [10_000]


def test_frames_come_once_both_sides_cover_the_time() -> None:
    batch = merged(("g", samples(0, 10)), ("a", samples(0, 6)), ("a", samples(6, 6)))
    assert batch.positions.tolist() == [1, 2]
    assert batch.first_sample_indices.tolist() == [0, 6]
    assert batch.sample_counts.tolist() == [6, 4]


def test_how_long_samples_waited_for_the_other_stream_is_told() -> None:
    batch = merged(
        ("g", samples(0, 10, received_ns=1_000)),
        ("a", samples(0, 6, received_ns=41_000)),
        ("a", samples(6, 30, received_ns=71_000)),
        ("g", samples(10, 10, received_ns=90_000)),
    )
    assert batch.sample_counts.tolist() == [6, 4, 10]
    assert batch.held_ns is not None
    assert batch.held_ns.tolist() == [40_000, 70_000, 0]
    assert merged(("a", samples(0, 20)), ("g", samples(0, 10))).held_ns is None


def test_what_comes_before_the_accelerometer_is_left_out() -> None:
    batch = merged(("g", samples(0, 10)), ("a", samples(4, 10)))
    assert batch.first_sample_indices.tolist() == [4]
    assert batch.sample_counts.tolist() == [6]


def test_hole_in_the_accelerometer_is_a_gap_and_not_filled() -> None:
    batch = merged(("g", samples(0, 40)), ("a", samples(0, 10)), ("a", samples(20, 20)))
    firsts, counts = batch.first_sample_indices, batch.sample_counts
    covered = [first + step for first, count in zip(firsts, counts, strict=True) for step in range(count)]
    assert covered == [*range(10), *range(20, 40)]


def test_one_missing_sample_is_interpolated() -> None:
    batch = merged(("g", samples(0, 20)), ("a", samples(0, 10)), ("a", samples(11, 10)))
    assert len(batch) == 20


def test_saturated_acceleration_marks_what_is_made_of_it() -> None:
    one = samples(0, 10)
    one.saturated[5] = True
    batch = merged(("a", one), ("g", samples(0, 9, offset_ns=5_000_000)))
    assert np.flatnonzero(batch.saturated).tolist() == [4, 5]


@pytest.mark.parametrize("first", ["a", "g"])
def test_after_a_jump_nothing_of_before_is_used(first: str) -> None:
    other = "g" if first == "a" else "a"
    streams = MergedStreams(RATE_HZ)
    merged(("g", samples(100, 10)), ("a", samples(100, 5)), streams=streams)
    steps = [(first, samples(0, 20, jump=True)), (other, samples(0, 20, jump=True))]
    steps += [(first, samples(20, 20)), (other, samples(20, 20))]
    batch = merged(*steps, streams=streams)
    assert (batch.first_sample_indices >= 0).all()
    assert batch.first_sample_indices[-1] + batch.sample_counts[-1] == 40
    assert batch.flags.tolist() == [FrameFlag.TIME_JUMP, *[0] * (len(batch.flags) - 1)]


@pytest.mark.parametrize("first", ["a", "g"])
def test_acceleration_of_before_a_small_step_back_is_not_used(first: str) -> None:
    other = "g" if first == "a" else "a"
    streams = MergedStreams(RATE_HZ)
    merged(("a", samples(100, 20, np.full((20, 3), 1e6))), ("g", samples(100, 10)), streams=streams)
    steps = [(first, samples(105, 20, jump=True)), (other, samples(105, 20, jump=True))]
    batch = merged(*steps, (first, samples(125, 20)), (other, samples(125, 20)), streams=streams)
    assert len(batch) > 0
    assert (batch.accelerometer_m_per_s2 < 1e6).all()


@pytest.mark.parametrize("which", ["a", "g"])
def test_memory_is_bounded_where_one_side_never_comes(which: str) -> None:
    streams = MergedStreams(RATE_HZ)
    for first in range(0, 200_000, 50):
        merged((which, samples(first, 50)), streams=streams)
    assert len(streams._accelerometer.times_ns) <= 1000
    assert sum(len(one.values) for one in streams._waiting) <= 1000
    # and it goes on once the other side comes
    other = "g" if which == "a" else "a"
    assert len(merged((other, samples(199_900, 100)), streams=streams)) == 100
