"""The golden vectors, worked out by hand, decode to what they say and encode to their bytes."""

import dataclasses
import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import numpy as np
import pytest

import firmware_protocol as protocol
from firmware_protocol import FrameError, FrameFlag, StreamScale
from firmware_protocol.backfill import decode_backfill_record, encode_backfill_record

COUNTS = StreamScale(1.0, 1.0)
"""A scale that leaves counts as they are."""

VECTORS: dict[str, Any] = json.loads(
    resources.files("firmware_protocol").joinpath("golden_vectors.json").read_text(encoding="utf-8")
)


def cases(group: str) -> list[Any]:
    """The vectors of a group, each with a name for the report."""
    return [pytest.param(vector, id=vector.get("name") or vector["hex"]) for vector in VECTORS[group]]


def plain(message: object) -> dict[str, Any]:
    """A message's fields as JSON has them."""
    fields = dataclasses.fields(message)  # type: ignore[arg-type]
    values = {field.name: getattr(message, field.name) for field in fields}
    values = {name: value.hex() if isinstance(value, bytes) else value for name, value in values.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


@pytest.mark.parametrize("vector", cases("frames"))
def test_frame_decodes_to_the_values_worked_out_by_hand(vector: dict[str, Any]) -> None:
    scale = StreamScale.from_ranges(vector["accelerometer_range_g"], vector["gyroscope_range_dps"])
    block = protocol.decode_frame(bytes.fromhex(vector["hex"]), scale)
    assert len(block) == len(vector["counts"])
    assert block.flags == vector["flags"]
    assert block.sequence == vector["sequence"]
    assert block.first_sample_index == vector["first_sample_index"]
    assert block.interval_ticks == vector["interval_ticks"]
    assert block.device_ticks.tolist() == vector["device_ticks"]
    assert block.saturated.tolist() == vector["saturated"]
    expected = np.array(vector["accelerometer_g"]) * 9.80665
    np.testing.assert_allclose(block.accelerometer_m_per_s2, expected, rtol=1e-14)
    expected = np.array(vector["gyroscope_dps"]) * np.pi / 180
    np.testing.assert_allclose(block.gyroscope_rad_per_s, expected, rtol=1e-14)


@pytest.mark.parametrize("vector", cases("frames"))
def test_frame_encodes_to_its_bytes(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    frame = protocol.encode_frame(
        np.array(vector["counts"], dtype=np.int16),
        first_sample_index=vector["first_sample_index"],
        first_tick=vector["device_ticks"][0],
        interval_ticks=vector["interval_ticks"],
        sequence=vector["sequence"],
        flags=FrameFlag(vector["flags"]),
    )
    header_bytes = vector.get("header_bytes", 16)
    assert frame[1:16] == data[1:16]
    assert frame[16:] == data[header_bytes:]
    assert frame[0] == 0x14
    assert data[0] == 0x10 + header_bytes // 4


@pytest.mark.parametrize("vector", cases("backfill_records"))
def test_records_of_backfill(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    block = protocol.decode_frame(decode_backfill_record(data), COUNTS)
    assert (block.flags, block.sequence) == (vector["flags"], vector["sequence"])
    assert block.first_sample_index == vector["first_sample_index"]
    assert block.device_ticks.tolist() == vector["device_ticks"]
    counts = np.hstack([block.accelerometer_m_per_s2, block.gyroscope_rad_per_s])
    assert counts.tolist() == vector["counts"]
    frame = protocol.encode_frame(
        np.array(vector["counts"], dtype=np.int16),
        first_sample_index=vector["first_sample_index"],
        first_tick=vector["device_ticks"][0],
        interval_ticks=vector["interval_ticks"],
        sequence=vector["sequence"],
        flags=FrameFlag(vector["flags"]),
    )
    assert encode_backfill_record(frame) == data


@pytest.mark.parametrize("vector", cases("capabilities"))
def test_capabilities(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    decoded = protocol.decode_capabilities(data)
    assert plain(decoded) == vector["decoded"]
    assert protocol.decode_capabilities(protocol.encode_capabilities(decoded)) == decoded
    if vector["exact"]:
        assert protocol.encode_capabilities(decoded) == data


@pytest.mark.parametrize("vector", cases("requests"))
def test_requests(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    request = protocol.decode_request(data)
    assert type(request).__name__ == vector["kind"]
    assert plain(request) == vector["decoded"]
    assert protocol.encode_request(request) == data


@pytest.mark.parametrize("vector", cases("answers"))
def test_answers(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    answer = protocol.decode_answer(data)
    assert type(answer).__name__ == vector["kind"]
    assert plain(answer) == vector["decoded"]
    assert protocol.encode_answer(answer) == data


@pytest.mark.parametrize("vector", cases("statuses"))
def test_statuses(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    status = protocol.decode_status(data)
    assert plain(status) == vector["decoded"]
    assert protocol.encode_status(status) == data


@pytest.mark.parametrize(
    ("group", "decode"),
    [
        ("bad_frames", lambda data: protocol.decode_frame(data, StreamScale.from_ranges(2, 250))),
        ("bad_backfill_records", decode_backfill_record),
        ("bad_capabilities", protocol.decode_capabilities),
        ("bad_requests", protocol.decode_request),
        ("bad_answers", protocol.decode_answer),
        ("bad_statuses", protocol.decode_status),
    ],
)
def test_bad_bytes_name_field_and_offset(group: str, decode: Callable[[bytes], object]) -> None:
    for vector in VECTORS[group]:
        with pytest.raises(FrameError) as caught:
            decode(bytes.fromhex(vector["hex"]))
        assert (caught.value.field, caught.value.offset) == (vector["field"], vector["offset"]), vector[
            "name"
        ]
        assert f"{vector['field']} at byte {vector['offset']}" in caught.value.message
        assert caught.value.reason
        assert caught.value.advice


def test_a_batch_leaves_out_each_bad_frame_and_keeps_each_good_one() -> None:
    scale = StreamScale.from_ranges(2, 250)
    for good in VECTORS["frames"]:
        for bad in VECTORS["bad_frames"]:
            frames = [bytes.fromhex(vector["hex"]) for vector in (good, bad, good)]
            batch = protocol.decode_frames(frames, scale)
            assert batch.positions.tolist() == [0, 2], bad["name"]
            (left_out,) = batch.bad_frames
            place = (left_out.position, left_out.error.field, left_out.error.offset)
            assert place == (1, bad["field"], bad["offset"])
            assert len(batch) == 2 * len(good["counts"])


@pytest.mark.parametrize("vector", cases("bad_requests"))
def test_a_sensor_refuses_what_it_cannot_read(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    with pytest.raises(FrameError) as caught:
        protocol.decode_request(data)
    refusal = protocol.refusal_of(data, caught.value)
    encoded = None if refusal is None else protocol.encode_answer(refusal).hex()
    assert encoded == vector["refusal"]


def test_every_request_and_answer_has_a_vector() -> None:
    opcodes = set(protocol.Opcode)
    assert {bytes.fromhex(vector["hex"])[0] for vector in VECTORS["requests"]} == opcodes
    done = [vector for vector in VECTORS["answers"] if vector["kind"] != "RefusedAnswer"]
    assert {bytes.fromhex(vector["hex"])[0] & 0x7F for vector in done} == opcodes
