"""Frames: round trips, physics, limits, and many at once against one by one."""

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol_strategies import (
    SCALE,
    U16,
    U32,
    broken_frames,
    good_frames,
    same_samples,
    sample_counts,
)

from firmware_protocol import (
    MINIMUM_MTU,
    FrameError,
    FrameFlag,
    ProtocolError,
    StreamScale,
    decode_frame,
    decode_frames,
    encode_frame,
    samples_per_frame,
)


def frame_of(counts: list[list[int]], **values: int) -> bytes:
    """A frame with the given counts."""
    header = {"first_sample_index": 0, "first_tick": 0, "interval_ticks": 10_000, "sequence": 0} | values
    flags = FrameFlag(header.pop("flags", 0))
    return encode_frame(np.array(counts, dtype=np.int16), flags=flags, **header)


@given(
    counts=sample_counts(),
    index=st.integers(0, U32),
    tick=st.integers(0, U32),
    interval=st.integers(1, U16),
    sequence=st.integers(0, U16),
    flags=st.integers(0, 0x7F),
)
def test_round_trip(
    counts: "np.typing.NDArray[np.int16]", index: int, tick: int, interval: int, sequence: int, flags: int
) -> None:
    data = encode_frame(
        counts,
        first_sample_index=index,
        first_tick=tick,
        interval_ticks=interval,
        sequence=sequence,
        flags=FrameFlag(flags),
    )
    block = decode_frame(data, SCALE)
    assert len(data) == 16 + 12 * len(counts)
    assert len(block) == len(counts)
    head = (block.first_sample_index, block.interval_ticks, block.sequence, block.flags)
    assert head == (index, interval, sequence, flags)
    assert block.device_ticks.tolist() == [tick + i * interval for i in range(len(counts))]
    again = np.hstack(
        [
            block.accelerometer_m_per_s2 / SCALE.accelerometer_m_per_s2_per_count,
            block.gyroscope_rad_per_s / SCALE.gyroscope_rad_per_s_per_count,
        ]
    )
    np.testing.assert_array_equal(np.rint(again).astype(np.int64), counts.astype(np.int64))
    beyond = np.abs(counts.astype(np.int64)) >= 0.99 * 32768
    np.testing.assert_array_equal(block.saturated, beyond.any(axis=1))


@pytest.mark.parametrize(("range_g", "one_g"), [(2, 16384), (4, 8192), (8, 4096), (16, 2048)])
def test_rest_reads_one_g_upwards(range_g: int, one_g: int) -> None:
    scale = StreamScale.from_ranges(range_g, 2000)
    block = decode_frame(frame_of([[0, 0, one_g, 0, 0, 0]]), scale)
    np.testing.assert_allclose(block.accelerometer_m_per_s2, [[0, 0, 9.80665]], rtol=1e-15)
    assert block.accelerometer_m_per_s2.dtype == np.float64
    assert block.gyroscope_rad_per_s.dtype == np.float64


def test_a_quarter_turn_is_a_quarter_turn() -> None:
    """90 degrees/s for a second at 1000 degrees/s full scale, half a turn back at twice the speed."""
    scale = StreamScale.from_ranges(16, 1000)
    there = round(90 / 1000 * 32768)
    block = decode_frame(frame_of([[0, 0, 0, there, -2 * there, 0]] * 100), scale)
    turned_rad = block.gyroscope_rad_per_s.sum(axis=0) * 0.01
    np.testing.assert_allclose(turned_rad, [math.pi / 2, -math.pi, 0], rtol=1e-4)


@pytest.mark.parametrize(
    ("count", "saturated"),
    [(32440, False), (32441, True), (32767, True), (-32440, False), (-32441, True), (-32768, True)],
)
@pytest.mark.parametrize("axis", range(6))
def test_saturation_begins_at_99_percent_of_full_scale(count: int, saturated: bool, axis: int) -> None:
    counts = [[0] * 6 for _ in range(3)]
    counts[1][axis] = count
    data = frame_of(counts)
    assert decode_frame(data, SCALE).saturated.tolist() == [False, saturated, False]
    assert decode_frames([data], SCALE).saturated.tolist() == [False, saturated, False]


def test_counters_wrap_when_they_are_sent() -> None:
    data = frame_of([[0] * 6], first_sample_index=(1 << 32) + 5, first_tick=(1 << 40) + 7, sequence=65536 + 9)
    block = decode_frame(data, SCALE)
    assert (block.first_sample_index, block.device_ticks[0], block.sequence) == (5, 7, 9)


@pytest.mark.parametrize(
    "values",
    [
        {"first_sample_index": -1},
        {"first_tick": -1},
        {"sequence": -1},
        {"interval_ticks": 0},
        {"interval_ticks": 65536},
        {"flags": 0x80},
    ],
)
def test_values_without_a_place_on_the_wire_are_refused(values: dict[str, int]) -> None:
    with pytest.raises(ProtocolError) as caught:
        frame_of([[0] * 6], **values)
    assert caught.value.advice


@pytest.mark.parametrize(
    "counts",
    [
        np.zeros((0, 6), dtype=np.int16),
        np.zeros((256, 6), dtype=np.int16),
        np.zeros((3, 5), dtype=np.int16),
        np.zeros(6, dtype=np.int16),
        np.zeros((3, 6), dtype=np.int32),
        np.zeros((3, 6), dtype=np.uint16),
        np.zeros((3, 6)),
    ],
)
def test_counts_of_another_shape_or_type_are_refused(counts: "np.typing.NDArray[np.int16]") -> None:
    with pytest.raises(ProtocolError):
        encode_frame(counts, first_sample_index=0, first_tick=0, interval_ticks=1, sequence=0)


def test_counts_in_any_memory_order_give_the_same_bytes() -> None:
    counts = np.arange(24, dtype=np.int16).reshape(4, 6)
    encode = partial(encode_frame, first_sample_index=0, first_tick=0, interval_ticks=1, sequence=0)
    assert encode(np.asfortranarray(counts)) == encode(counts)
    assert encode(counts.astype(">i2")) == encode(counts)


@pytest.mark.parametrize("ranges", [(0, 2000), (16, 0), (-2, 2000), (math.nan, 2000), (16, math.inf)])
def test_ranges_that_are_none_are_refused(ranges: tuple[float, float]) -> None:
    with pytest.raises(ProtocolError):
        StreamScale.from_ranges(*ranges)


def test_samples_per_frame_fit_and_no_more_would() -> None:
    for mtu in range(1025):
        samples = samples_per_frame(mtu)
        room = min(mtu - 3, 512)
        assert samples == 0 or 16 + 12 * samples <= room
        assert 16 + 12 * (samples + 1) > room


def test_minimum_mtu_carries_seven_samples() -> None:
    assert samples_per_frame(MINIMUM_MTU) == 7
    assert samples_per_frame(MINIMUM_MTU - 1) == 6


@given(data=good_frames())
def test_truncation_at_every_length_is_refused(data: bytes) -> None:
    for length in range(len(data)):
        with pytest.raises(FrameError):
            decode_frame(data[:length], SCALE)
    cuts = [data[:length] for length in range(len(data))]
    batch = decode_frames(cuts, SCALE)
    assert len(batch) == 0
    assert [bad.position for bad in batch.bad_frames] == list(range(len(data)))


@given(frames=st.lists(st.one_of(good_frames(), broken_frames()), max_size=12))
def test_many_at_once_are_the_same_as_one_by_one(frames: list[bytes]) -> None:
    blocks, positions, errors = [], [], []
    for position, data in enumerate(frames):
        try:
            blocks.append(decode_frame(data, SCALE))
            positions.append(position)
        except FrameError as error:
            errors.append((position, error.field, error.offset, error.message))
    batch = decode_frames(frames, SCALE)
    together = list(batch.blocks())
    assert len(together) == len(blocks)
    assert all(same_samples(one, other) for one, other in zip(blocks, together, strict=True))
    assert len(batch) == sum(len(block) for block in blocks)
    assert batch.positions.tolist() == positions
    assert batch.sample_counts.tolist() == [len(block) for block in blocks]
    assert batch.first_ticks.tolist() == [block.device_ticks[0] for block in blocks]
    assert [
        (bad.position, bad.error.field, bad.error.offset, bad.error.message) for bad in batch.bad_frames
    ] == errors


@given(data=good_frames())
def test_a_bytearray_is_as_good_as_bytes(data: bytes) -> None:
    assert same_samples(decode_frame(bytearray(data), SCALE), decode_frame(data, SCALE))
    assert same_samples(next(decode_frames([bytearray(data)], SCALE).blocks()), decode_frame(data, SCALE))


def test_a_block_does_not_change_with_the_buffer_it_came_from() -> None:
    buffer = bytearray(frame_of([[1, 2, 3, 4, 5, 6]]))
    block = decode_frame(buffer, SCALE)
    before = block.accelerometer_m_per_s2.copy()
    buffer[16:] = bytes(12)
    np.testing.assert_array_equal(block.accelerometer_m_per_s2, before)


def test_no_frames_give_an_empty_batch() -> None:
    batch = decode_frames([], SCALE)
    assert len(batch) == 0
    assert batch.accelerometer_m_per_s2.shape == (0, 3)
    assert list(batch.blocks()) == []
    assert batch.bad_frames == ()
