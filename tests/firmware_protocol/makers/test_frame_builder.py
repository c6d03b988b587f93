"""Frames gathered into a batch: samples in order, ticks by their frame, index and tick wrapped."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocol import FrameError, FrameFlag
from firmware_protocol.makers.frame_builder import FrameBuilder

WRAP = 2**32


def frame(samples: int, **changes: object) -> dict[str, Any]:
    """A frame whose samples tell their place in it."""
    values = np.arange(3.0 * samples).reshape(samples, 3)
    usual = {
        "first_sample_index": 0,
        "first_tick": 0,
        "interval_ticks": 10,
        "accelerometer_m_per_s2": values,
        "gyroscope_rad_per_s": -values,
        "saturated": np.zeros(samples, dtype=np.bool_),
    }
    return {**usual, **changes}


def test_nothing_added_is_an_empty_batch() -> None:
    batch = FrameBuilder().batch()
    assert len(batch) == 0
    assert batch.accelerometer_m_per_s2.shape == batch.gyroscope_rad_per_s.shape == (0, 3)
    assert batch.bad_frames == ()
    assert list(batch.blocks()) == []
    kinds = [batch.saturated.dtype.name, batch.flags.dtype.name, batch.device_ticks.dtype.name]
    assert kinds == ["bool", "uint8", "int64"]


def test_frames_come_out_as_they_were_added() -> None:
    builder = FrameBuilder()
    saturated = np.array([False, True])
    builder.add(3, **frame(2, first_sample_index=7, first_tick=100, saturated=saturated))
    builder.add(5, **frame(3, first_sample_index=9, first_tick=150, flags=FrameFlag.TIME_JUMP))
    batch = builder.batch()
    assert batch.positions.tolist() == [3, 5]
    assert batch.first_sample_indices.tolist() == [7, 9]
    assert batch.device_ticks.tolist() == [100, 110, 150, 160, 170]
    assert batch.saturated.tolist() == [False, True, False, False, False]
    assert batch.accelerometer_m_per_s2[:, 0].tolist() == [0, 3, 0, 3, 6]
    assert batch.gyroscope_rad_per_s[:, 2].tolist() == [-2, -5, -2, -5, -8]
    one, other = batch.blocks()
    assert (len(one), one.flags, one.interval_ticks) == (2, FrameFlag.NONE, 10)
    assert (len(other), other.flags, other.first_sample_index) == (3, FrameFlag.TIME_JUMP, 9)


@given(index=st.integers(-(2**70), 2**70), tick=st.integers(-(2**70), 2**70), interval=st.integers(-5, 2**31))
def test_index_and_tick_of_any_size_are_wrapped(index: int, tick: int, interval: int) -> None:
    builder = FrameBuilder()
    builder.add(0, **frame(2, first_sample_index=index, first_tick=tick, interval_ticks=interval))
    batch = builder.batch()
    assert batch.first_sample_indices.tolist() == [index % WRAP]
    assert batch.first_ticks.tolist() == [tick % WRAP]
    # no clock stands still
    assert batch.interval_ticks.tolist() == [max(1, interval)]
    # unwrapped within the frame only
    assert batch.device_ticks.tolist() == [tick % WRAP, tick % WRAP + max(1, interval)]


@given(sizes=st.lists(st.integers(1, 9), max_size=12))
def test_blocks_part_the_batch_into_its_frames(sizes: list[int]) -> None:
    builder = FrameBuilder()
    for position, size in enumerate(sizes):
        builder.add(position, **frame(size, first_tick=1000 * position))
    batch = builder.batch()
    assert [len(block) for block in batch.blocks()] == sizes
    assert [block.device_ticks[0] for block in batch.blocks()] == [1000 * at for at in range(len(sizes))]
    assert len(batch) == sum(sizes)


def test_a_frame_without_samples_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="one sample at least"):
        FrameBuilder().add(0, **frame(0))


def test_what_cannot_be_read_is_told_by_its_place() -> None:
    builder = FrameBuilder()
    error = FrameError("length", 3, "3 bytes are no notification")
    builder.refuse(4, error)
    (bad,) = builder.batch().bad_frames
    assert (bad.position, bad.error) == (4, error)


def test_a_later_change_of_the_samples_does_not_reach_the_batch() -> None:
    builder, given_frame = FrameBuilder(), frame(2)
    builder.add(0, **given_frame)
    batch = builder.batch()
    given_frame["accelerometer_m_per_s2"][:] = 99.0
    assert batch.accelerometer_m_per_s2[0].tolist() == [0.0, 1.0, 2.0]
