"""WitMotion's bytes: golden vectors, round trips, cuts, and bytes that are none."""

import json
from importlib import resources
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from firmware_protocol import FrameError, FrameFlag
from firmware_protocol.decoder import Lack, StreamDecoder
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.makers import witmotion, witmotion_stream
from firmware_protocol.makers.stream_settings import StreamSettings
from firmware_protocol.makers.witmotion_stream import (
    RECORD_BYTES,
    RecordReader,
    WitMotionDecoder,
    encode_records,
)

GOLDEN: dict[str, Any] = json.loads(
    resources.files("firmware_protocol.makers").joinpath("golden/witmotion.json").read_text(encoding="utf-8")
)
SETTINGS = StreamSettings(100.0, witmotion.ACCELEROMETER_RANGE_G, witmotion.GYROSCOPE_RANGE_DPS)
G_PER_COUNT, DPS_PER_COUNT = 16 / 32768, 2000 / 32768
MARKS = {"recorded", "vendor", "constructed"}


def cases(group: str) -> list[Any]:
    return [pytest.param(vector, id=vector["name"]) for vector in GOLDEN[group]]


def decode(payloads: list[bytes], decoder: WitMotionDecoder | None = None, first: int = 0) -> FrameBatch:
    """Decode notifications that arrive 10 ms apart, the first of them as the given one."""
    received_ns = (1 + first + np.arange(len(payloads), dtype=np.int64)) * 10_000_000
    return (decoder or WitMotionDecoder(SETTINGS)).decode(payloads, received_ns)


def counts_of(batch: FrameBatch) -> npt.NDArray[np.float64]:
    accelerometer = batch.accelerometer_m_per_s2 / 9.80665 / G_PER_COUNT
    gyroscope = np.degrees(batch.gyroscope_rad_per_s) / DPS_PER_COUNT
    return np.hstack([accelerometer, gyroscope])


def some_counts(rows: int = 4) -> npt.NDArray[np.int16]:
    return (np.arange(6 * rows).reshape(rows, 6) * 137 % 20_000).astype(np.int16)


def all_counts(fewest: int = 1, most: int = 24) -> st.SearchStrategy[npt.NDArray[np.int16]]:
    """Counts that hold no head of a record, so that a cut stream can be told."""
    elements = st.integers(-0x4000, 0x4000)
    return st.integers(fewest, most).flatmap(lambda rows: arrays(np.int16, (rows, 6), elements=elements))


def test_is_a_stream_decoder() -> None:
    decoder: StreamDecoder = WitMotionDecoder(SETTINGS)
    assert decoder.description.tick_rate_hz == 1_000_000
    assert decoder.description.sample_rates_hz == (100.0,)
    assert decoder.description.lacks == {Lack.TIMESTAMPS, Lack.LOSS_COUNT, Lack.BACKFILL}


@pytest.mark.parametrize("vector", cases("records"))
def test_golden_records(vector: dict[str, Any]) -> None:
    assert vector["mark"] in MARKS
    batch = decode([bytes.fromhex(vector["hex"])])
    expected = np.hstack([vector["accelerometer_counts"], vector["gyroscope_counts"]])
    np.testing.assert_allclose(counts_of(batch), expected, atol=1e-9)
    assert batch.bad_frames == ()
    full = np.abs(expected).max(axis=1) >= 0.99 * 32768
    assert batch.saturated.tolist() == full.tolist()


def test_a_recorded_sensor_at_rest_measures_gravity() -> None:
    batch = decode([bytes.fromhex(GOLDEN["records"][0]["hex"])])
    size_m_per_s2 = np.linalg.norm(batch.accelerometer_m_per_s2, axis=1)
    # its accelerometer is uncalibrated: 1 % is what the maker states
    np.testing.assert_allclose(size_m_per_s2, 9.80665, rtol=0.01)


@pytest.mark.parametrize("vector", cases("commands"))
def test_golden_commands(vector: dict[str, Any]) -> None:
    assert vector["mark"] in MARKS
    data = bytes.fromhex(vector["hex"])
    assert witmotion.write_register(vector["register"], vector["value"]) == data
    assert witmotion.parse_command(data) == (vector["register"], vector["value"])


def test_commands_are_those_of_the_golden_vectors() -> None:
    data = {vector["name"]: bytes.fromhex(vector["hex"]) for vector in GOLDEN["commands"]}
    assert data["unlock"] == witmotion.UNLOCK
    assert witmotion.read_register(witmotion.BATTERY_REGISTER) == data["read charge"]
    assert witmotion.register_that_is_read(witmotion.parse_command(data["read charge"])) == 0x64
    assert witmotion.register_that_is_read(witmotion.parse_command(data["100 Hz"])) is None
    for rate_hz in (10.0, 50.0, 100.0, 200.0):
        assert witmotion.set_rate(rate_hz) == data[f"{rate_hz:g} Hz"]


@pytest.mark.parametrize("data", [b"", b"\xff\xaa\x03\x09", b"\xff\xab\x03\x09\x00", bytes(6)])
def test_bytes_that_are_no_command(data: bytes) -> None:
    with pytest.raises(FrameError):
        witmotion.parse_command(data)


@pytest.mark.parametrize("vector", cases("replies"))
def test_golden_replies(vector: dict[str, Any]) -> None:
    assert vector["mark"] in MARKS
    data = bytes.fromhex(vector["hex"])
    reply = witmotion.decode_reply(data)
    assert reply == witmotion.RegisterReply(vector["first"], tuple(vector["values"]))
    assert witmotion.encode_reply(reply) == data
    if "battery_percent" in vector:
        assert witmotion.battery_percent(reply) == vector["battery_percent"]


@pytest.mark.parametrize(("centivolt", "percent"), [(0, 0), (339, 0), (346, 3), (389, 65), (420, 100)])
def test_charge_between_the_makers_points(centivolt: int, percent: int) -> None:
    reply = witmotion.RegisterReply(witmotion.BATTERY_REGISTER, (centivolt,) + (0,) * 7)
    # 3.46 V is 6/10 of the way from 0 to 5 %, 3.89 V a third of the way from 60 to 75 %
    assert witmotion.battery_percent(reply) == percent


@given(st.integers(0, 0xFFFF))
def test_charge_is_never_outside_its_range(centivolt: int) -> None:
    reply = witmotion.RegisterReply(witmotion.BATTERY_REGISTER, (centivolt,) + (0,) * 7)
    assert 0 <= witmotion.battery_percent(reply) <= 100


@pytest.mark.parametrize(
    ("name", "uuids", "known"),
    [
        ("WT901BLE67", (), True),
        ("WT9011DCL-BT50", (), True),
        ("WTSDCL", (), True),
        ("my thigh", (witmotion.SERVICE_UUID,), True),
        ("WTVB01-BT50", (witmotion.SERVICE_UUID,), False),
        ("HIP-AABB", (), False),
        ("", (), False),
    ],
)
def test_by_what_it_is_recognised(name: str, uuids: tuple[str, ...], known: bool) -> None:
    assert witmotion.is_witmotion(name, uuids) is known


@given(all_counts())
def test_round_trip_to_the_bit(counts: npt.NDArray[np.int16]) -> None:
    batch = decode([encode_records(counts)])
    np.testing.assert_array_equal(np.rint(counts_of(batch)).astype(np.int16), counts)
    assert batch.bad_frames == ()
    again = witmotion_stream.counts_of(batch.accelerometer_m_per_s2, batch.gyroscope_rad_per_s)
    np.testing.assert_array_equal(again, counts)


def test_what_is_beyond_a_range_is_sent_as_its_end() -> None:
    # 20 g and 3000 deg/s
    counts = witmotion_stream.counts_of(np.array([[196.0, -196.0, 0.0]]), np.array([[52.0, 0.0, -52.0]]))
    assert counts.tolist() == [[32767, -32768, 0, 32767, 0, -32768]]
    assert decode([encode_records(counts)]).saturated.tolist() == [True]


@given(counts=all_counts(8, 24), cuts=st.sets(st.integers(1, 7)))
def test_the_same_samples_however_the_calls_are_cut(counts: npt.NDArray[np.int16], cuts: set[int]) -> None:
    payloads = [encode_records(part) for part in np.array_split(counts, 8)]
    together = decode(payloads)
    decoder, parts = WitMotionDecoder(SETTINGS), []
    for start, end in pairwise([0, *sorted(cuts), 8]):
        batch = decode(payloads[start:end], decoder, start)
        parts.append((batch, start))
    np.testing.assert_array_equal(counts_of(together), np.vstack([counts_of(part) for part, _ in parts]))
    for name in ("first_ticks", "first_sample_indices", "sample_counts", "flags"):
        joined = np.concatenate([getattr(part, name) for part, _ in parts])
        np.testing.assert_array_equal(joined, getattr(together, name))
    positions = np.concatenate([part.positions + start for part, start in parts])
    np.testing.assert_array_equal(positions, together.positions)


@given(cuts=st.sets(st.integers(1, 399)))
def test_samples_in_doubt_are_kept_from_call_to_call(cuts: set[int]) -> None:
    # two samples each 20 ms; two seconds are lost after four, and what follows is in doubt for one more
    payloads = [encode_records(some_counts(2) + number) for number in range(400)]
    received_ns = np.delete(np.arange(1, 501, dtype=np.int64), slice(200, 300)) * 20_000_000
    together = WitMotionDecoder(SETTINGS).decode(payloads, received_ns)
    decoder = WitMotionDecoder(SETTINGS)
    parts = [
        decoder.decode(payloads[start:end], received_ns[start:end])
        for start, end in pairwise([0, *sorted(cuts), 400])
    ]
    assert together.sample_counts.max() > 90
    for name in ("accelerometer_m_per_s2", "device_ticks", "first_sample_indices", "sample_counts"):
        joined = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(joined, getattr(together, name))


@given(counts=all_counts(), size=st.integers(1, 60))
def test_records_parted_between_notifications_are_joined(counts: npt.NDArray[np.int16], size: int) -> None:
    stream = encode_records(counts)
    reader, records = RecordReader(), []
    for at in range(0, len(stream), size):
        found, error = reader.read(stream[at : at + size])
        assert error is None
        records += found
    assert b"".join(records) == stream


@given(counts=all_counts(3, 12), cut=st.integers(1, RECORD_BYTES - 1))
def test_after_a_cut_record_the_next_one_is_found(counts: npt.NDArray[np.int16], cut: int) -> None:
    payloads = [encode_records(row[None]) for row in counts]
    batch = decode([payloads[0], payloads[1][:cut], *payloads[2:]])
    expected = np.delete(counts, 1, axis=0)
    np.testing.assert_array_equal(np.rint(counts_of(batch)).astype(np.int16), expected)
    assert [bad.position for bad in batch.bad_frames] == [2]


@given(counts=all_counts(2, 6), junk=st.binary(min_size=1, max_size=30).filter(lambda data: 0x55 not in data))
def test_junk_is_told_and_what_follows_it_is_read(counts: npt.NDArray[np.int16], junk: bytes) -> None:
    batch = decode([junk + encode_records(counts)])
    np.testing.assert_array_equal(np.rint(counts_of(batch)).astype(np.int16), counts)
    assert [bad.position for bad in batch.bad_frames] == [0]


@given(
    st.lists(st.one_of(st.binary(max_size=100), st.binary(max_size=60).map(lambda data: b"\x55\x61" + data)))
)
def test_no_bytes_raise(payloads: list[bytes]) -> None:
    batch = decode(payloads)
    assert len(batch) * RECORD_BYTES <= sum(map(len, payloads))
    assert all(0 <= bad.position < len(payloads) for bad in batch.bad_frames)


def test_an_empty_notification_is_told() -> None:
    assert [bad.position for bad in decode([b""]).bad_frames] == [0]


def test_answers_among_the_records_are_no_samples() -> None:
    counts = some_counts()
    reply = witmotion.encode_reply(witmotion.RegisterReply(0x64, (382,) + (0,) * 7))
    payload = encode_records(counts[:2]) + reply + encode_records(counts[2:])
    batch = decode([payload])
    np.testing.assert_allclose(counts_of(batch), counts, atol=1e-9)
    assert batch.bad_frames == ()
    assert witmotion.decode_reply(payload) == witmotion.RegisterReply(0x64, (382,) + (0,) * 7)
    assert witmotion.decode_reply(encode_records(counts)) is None


def test_ticks_are_microseconds_of_the_receivers_clock_and_wrap() -> None:
    before_wrap_ns = ((1 << 32) - 5_000) * 1000
    batch = WitMotionDecoder(SETTINGS).decode(
        [encode_records(some_counts(1))] * 2, np.array([before_wrap_ns, before_wrap_ns + 10_000_000])
    )
    assert batch.first_ticks.tolist() == [(1 << 32) - 5_000, 5_000]
    assert batch.interval_ticks.tolist() == [10_000, 10_000]
    assert batch.flags.tolist() == [FrameFlag.TIME_JUMP, FrameFlag.NONE]


def test_lost_notifications_leave_out_as_many_indices_and_ticks() -> None:
    # 100 Hz in notifications of two samples, without jitter; 50 of them, one second, are lost after five
    payloads = [encode_records(some_counts(2))] * 600
    received_ns = np.arange(1, 651, dtype=np.int64) * 20_000_000
    batch = WitMotionDecoder(SETTINGS).decode(payloads, np.delete(received_ns, slice(250, 300)))
    ends = batch.first_sample_indices + batch.sample_counts
    gaps = batch.first_sample_indices[1:] - ends[:-1]
    (place,) = np.flatnonzero(gaps)
    assert gaps[place] == 100
    assert ends[place] == 500
    steps = batch.first_ticks[1:] - batch.first_ticks[:-1] - batch.sample_counts[:-1] * 10_000
    assert steps[place] == 1_000_000
    assert np.count_nonzero(steps) == 1
    assert len(batch) == 1200
