"""Frames of the encoder in C against those of the Python code, byte for byte."""

import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from c_messages import expect, frame_numbers, python_frame
from c_targets import TARGETS, Encoder, Target, need_a_target
from hypothesis import given
from hypothesis import strategies as st
from protocol_strategies import U8, U16, U32, U64, sample_counts
from test_protocol_golden import cases

import firmware_protocol as protocol
from firmware_protocol.backfill import encode_backfill_record, samples_per_record

need_a_target()


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_the_processor_has_the_byte_order_that_it_is_tried_for(target: Target, tmp_path: Path) -> None:
    missing = target.missing()
    if missing:
        pytest.skip(missing)
    with Encoder(target.build(tmp_path)) as running:
        assert running.ask("byte_order") == (target.byte_order or sys.byteorder)


@pytest.mark.parametrize("vector", cases("frames"))
def test_golden_frames(encoder: Encoder, vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    counts = np.array(vector["counts"], dtype=np.int16)
    header = {**vector, "first_tick": vector["device_ticks"][0]}
    # A sensor of this version writes a header of four words; a longer one differs in its first byte alone.
    without_extension = b"\x14" + data[1:16] + data[vector.get("header_bytes", 16) :]
    expect(encoder, "frame", frame_numbers(counts, header), without_extension)


@given(
    counts=sample_counts(),
    index=st.integers(0, U32),
    tick=st.integers(0, U64),
    interval=st.integers(1, U16),
    sequence=st.integers(0, U16),
    flags=st.integers(0, 0x7F),
)
def test_random_frames(
    encoder: Encoder,
    counts: npt.NDArray[np.int16],
    index: int,
    tick: int,
    interval: int,
    sequence: int,
    flags: int,
) -> None:
    header = {"flags": flags, "sequence": sequence, "first_sample_index": index, "interval_ticks": interval}
    header["first_tick"] = tick
    expect(encoder, "frame", frame_numbers(counts, header), python_frame(counts, header))


def test_frames_of_every_length_that_a_notification_carries(encoder: Encoder) -> None:
    most = protocol.samples_per_frame(U16)
    counts = np.random.default_rng(7).integers(-0x8000, 0x8000, (most, 6)).astype(np.int16)
    header = {"flags": 0, "sequence": 1, "first_sample_index": 2, "first_tick": 3, "interval_ticks": 4}
    for samples in range(1, most + 1):
        numbers = frame_numbers(counts[:samples], header)
        expect(encoder, "frame", numbers, python_frame(counts[:samples], header))


@pytest.mark.parametrize("value", [-0x8000, -0x7FFF, -1, 0, 1, 0x7FFF])
def test_ends_of_the_range_in_every_place(encoder: Encoder, value: int) -> None:
    header = {"flags": 0, "sequence": 0, "first_sample_index": 0, "first_tick": 0, "interval_ticks": 1}
    for axis in range(6):
        counts = np.zeros((2, 6), dtype=np.int16)
        counts[1, axis] = value
        expect(encoder, "frame", frame_numbers(counts, header), python_frame(counts, header))


def test_counters_go_on_at_0_after_their_largest_value(encoder: Encoder) -> None:
    """Three frames of ten samples, the second across the end of index, tick and sequence."""
    counts = np.ones((10, 6), dtype=np.int16)
    for number in range(3):
        header = {
            "flags": 0,
            "sequence": (U16 + number) & U16,
            "first_sample_index": (U32 - 14 + 10 * number) & U32,
            "first_tick": U32 - 14_000 + 10_000 * number,
            "interval_ticks": 1000,
        }
        unwrapped = header | {"sequence": U16 + number, "first_sample_index": U32 - 14 + 10 * number}
        expect(encoder, "frame", frame_numbers(counts, header), python_frame(counts, unwrapped))


@pytest.mark.parametrize(
    "change",
    [
        {"interval_ticks": 0},
        {"flags": 0x80},
        {"flags": 0xFF},
        {"claimed": 0},
        {"claimed": 42},
        {"claimed": 255},
        {"claimed": 256},
        {"claimed": 257},
        {"claimed": U16 + 2},
        {"claimed": U32},
    ],
)
def test_frames_that_the_protocol_has_not_are_refused(encoder: Encoder, change: dict[str, int]) -> None:
    sound = {"flags": 0, "sequence": 1, "index": 2, "tick": 3, "interval_ticks": 4, "claimed": 1}
    samples = [1, 10, 20, 30, 40, 50, 60]
    assert encoder.ask("frame", 10_000, *sound.values(), *samples) != "-"
    assert encoder.ask("frame", 10_000, *(sound | change).values(), *samples) == "-"


@given(counts=sample_counts())
def test_saturation_flags_are_those_of_the_samples(encoder: Encoder, counts: npt.NDArray[np.int16]) -> None:
    beyond = np.abs(counts.astype(np.int64)) >= 0.99 * 32768
    expected = int(beyond[:, :3].any()) | int(beyond[:, 3:].any()) << 1
    assert encoder.ask("saturation", len(counts), *counts.ravel().tolist()) == str(expected)


@pytest.mark.parametrize("axis", range(6))
@pytest.mark.parametrize(
    ("value", "saturated"),
    [(32440, False), (32441, True), (32767, True), (-32440, False), (-32441, True), (-32768, True)],
)
def test_saturation_begins_at_99_percent_of_full_scale(
    encoder: Encoder, axis: int, value: int, saturated: bool
) -> None:
    counts = [0] * 18
    counts[6 + axis] = value
    flag = (0x01 if axis < 3 else 0x02) if saturated else 0
    assert encoder.ask("saturation", 3, *counts) == str(flag)


@pytest.mark.parametrize("vector", cases("backfill_records"))
def test_golden_records(encoder: Encoder, vector: dict[str, Any]) -> None:
    counts = np.array(vector["counts"], dtype=np.int16)
    header = {**vector, "first_tick": vector["device_ticks"][0]}
    expect(encoder, "record", frame_numbers(counts, header), bytes.fromhex(vector["hex"]))


@given(
    counts=sample_counts(),
    index=st.integers(0, U32),
    sequence=st.integers(0, U16),
    flags=st.integers(0, 0x7F),
)
def test_random_records(
    encoder: Encoder, counts: npt.NDArray[np.int16], index: int, sequence: int, flags: int
) -> None:
    header = {"flags": flags | 0x20, "sequence": sequence, "first_sample_index": index, "interval_ticks": 9}
    header["first_tick"] = 2 * index
    record = encode_backfill_record(python_frame(counts, header))
    expect(encoder, "record", frame_numbers(counts, header), record)


def test_a_record_of_41_samples_fills_a_value(encoder: Encoder) -> None:
    counts = np.random.default_rng(7).integers(-0x8000, 0x8000, (41, 6)).astype(np.int16)
    header = {"flags": 0x20, "sequence": 1, "first_sample_index": 2, "first_tick": 3, "interval_ticks": 4}
    record = encode_backfill_record(python_frame(counts, header))
    assert len(record) == 512
    expect(encoder, "record", frame_numbers(counts, header), record)


@pytest.mark.parametrize(
    "change", [{"flags": 0x00}, {"flags": 0x5F}, {"flags": 0xA0}, {"interval_ticks": 0}, {"claimed": 0}]
)
def test_records_that_the_protocol_has_not_are_refused(encoder: Encoder, change: dict[str, int]) -> None:
    sound = {"flags": 0x20, "sequence": 1, "index": 2, "tick": 3, "interval_ticks": 4, "claimed": 1}
    samples = [1, 10, 20, 30, 40, 50, 60]
    assert encoder.ask("record", 10_000, *sound.values(), *samples) != "-"
    assert encoder.ask("record", 10_000, *(sound | change).values(), *samples) == "-"


@given(data=st.lists(st.integers(0, U8), max_size=520))
def test_checksums_are_those_of_zlib(encoder: Encoder, data: list[int]) -> None:
    assert encoder.ask("crc32", len(data), *data) == str(zlib.crc32(bytes(data)))


def test_samples_per_record_for_every_mtu(encoder: Encoder) -> None:
    for mtu in [*range(600), 0x7FFF, U16]:
        assert encoder.ask("samples_per_record", mtu) == str(samples_per_record(mtu))


def test_samples_per_frame_for_every_mtu(encoder: Encoder) -> None:
    for mtu in [*range(600), 0x7FFF, U16]:
        assert encoder.ask("samples_per_frame", mtu) == str(protocol.samples_per_frame(mtu))
