"""The DOT's bytes: golden vectors, round trips, losses told by its clock, and bytes that are none."""

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
from firmware_protocol.makers import movella_dot
from firmware_protocol.makers.movella_dot_stream import PAYLOAD_BYTES, MovellaDotDecoder, encode_sample
from firmware_protocol.makers.stream_settings import StreamSettings

GOLDEN: dict[str, Any] = json.loads(
    resources.files("firmware_protocol.makers")
    .joinpath("golden/movella_dot.json")
    .read_text(encoding="utf-8")
)
MARKS = {"recorded", "vendor", "constructed"}
SETTINGS = StreamSettings(60.0, movella_dot.ACCELEROMETER_RANGE_G, movella_dot.GYROSCOPE_RANGE_DPS)
INTERVAL_US = 16_667
WRAP = 1 << 32

Floats = npt.NDArray[np.float64]


def cases(group: str) -> list[Any]:
    return [pytest.param(vector, id=vector["name"]) for vector in GOLDEN[group]]


def decode(
    payloads: list[bytes], decoder: MovellaDotDecoder | None = None, received_us: list[int] | None = None
) -> FrameBatch:
    arrivals = np.arange(len(payloads)) * INTERVAL_US if received_us is None else np.array(received_us)
    return (decoder or MovellaDotDecoder(SETTINGS)).decode(payloads, arrivals.astype(np.int64) * 1000)


def payload(tick: int) -> bytes:
    """At rest."""
    return encode_sample(tick, np.array([0.0, 0.0, 9.80665]), np.zeros(3))


def payloads_at(*steps: int, first: int = 1_000_000) -> list[bytes]:
    return [payload((first + step) % WRAP) for step in steps]


def six_values(rows: int) -> st.SearchStrategy[Floats]:
    """Accelerations in m/s2 and rates in deg/s, within the ranges, that float32 has."""
    accelerations = arrays(np.float64, (rows, 3), elements=st.floats(-150, 150, width=32))
    rates = arrays(np.float64, (rows, 3), elements=st.floats(-1900, 1900, width=32))
    return st.tuples(accelerations, rates).map(np.hstack)


def test_is_a_stream_decoder() -> None:
    decoder: StreamDecoder = MovellaDotDecoder(SETTINGS)
    assert decoder.description.tick_rate_hz == 1_000_000
    assert decoder.description.sample_rates_hz == (60.0,)
    assert decoder.description.lacks == {Lack.BACKFILL}


@pytest.mark.parametrize("vector", cases("payloads"))
def test_golden_payloads(vector: dict[str, Any]) -> None:
    assert vector["mark"] in MARKS
    data = bytes.fromhex(vector["hex"])
    batch = decode([data])
    assert batch.first_ticks.tolist() == [vector["tick"]]
    # every value of these vectors is one that float32 has
    assert batch.accelerometer_m_per_s2.tolist() == [vector["accelerometer_m_per_s2"]]
    np.testing.assert_allclose(np.degrees(batch.gyroscope_rad_per_s), [vector["gyroscope_dps"]], rtol=1e-12)
    assert batch.saturated.tolist() == [vector["saturated"]]
    rates_rad_per_s = np.radians(vector["gyroscope_dps"])
    encoded = encode_sample(
        vector["tick"], np.array(vector["accelerometer_m_per_s2"], float), rates_rad_per_s
    )
    assert encoded == data


@pytest.mark.parametrize("vector", cases("ticks"))
def test_recorded_times_are_one_interval_apart(vector: dict[str, Any]) -> None:
    # payloads of another mode, whose time is in the same place: with values of ours behind it
    data = [bytes.fromhex(text)[:4] + payload(0)[4:] for text in vector["hex"]]
    batch = decode(data)
    assert batch.first_ticks.tolist() == vector["ticks"]
    assert np.diff(batch.first_sample_indices).tolist() == [1]


@pytest.mark.parametrize("vector", cases("controls"))
def test_golden_measurement_controls(vector: dict[str, Any]) -> None:
    assert vector["mark"] in MARKS
    assert movella_dot.is_measuring(bytes.fromhex(vector["hex"])) is vector["measuring"]


def test_start_and_stop_are_read_back_as_such() -> None:
    assert movella_dot.is_measuring(movella_dot.START)
    assert not movella_dot.is_measuring(movella_dot.STOP)
    assert not movella_dot.is_measuring(b"")
    assert bytes.fromhex("010115") == movella_dot.START


@pytest.mark.parametrize("vector", cases("device_controls"))
def test_golden_device_controls(vector: dict[str, Any]) -> None:
    assert vector["mark"] in MARKS
    data = bytes.fromhex(vector["hex"])
    assert movella_dot.rate_hz(data) == vector["rate_hz"]
    changed = movella_dot.with_rate(data, 30.0)
    # 0x10 says that the rate is what is changed; all else is as it was
    assert changed == b"\x10" + data[1:24] + b"\x1e\x00" + data[26:]
    assert movella_dot.changes_rate(changed)
    blinking = movella_dot.with_identify(data)
    assert blinking == b"\x01\x01" + data[2:]
    assert movella_dot.asks_to_identify(blinking)
    assert not movella_dot.changes_rate(blinking)
    assert not movella_dot.asks_to_identify(changed)


@given(st.sampled_from(movella_dot.RATES_HZ))
def test_device_control_round_trip(rate_hz: float) -> None:
    data = movella_dot.encode_device_control(rate_hz)
    assert len(data) == 32
    assert movella_dot.rate_hz(data) == rate_hz


@given(st.binary(max_size=25))
def test_a_device_control_that_is_too_short(data: bytes) -> None:
    with pytest.raises(FrameError):
        movella_dot.rate_hz(data)
    with pytest.raises(FrameError):
        movella_dot.with_rate(data, 60.0)


@pytest.mark.parametrize("vector", cases("information"))
def test_golden_information(vector: dict[str, Any]) -> None:
    assert vector["mark"] in MARKS
    data = bytes.fromhex(vector["hex"])
    information = movella_dot.decode_information(data)
    assert information.address.hex() == vector["address"]
    assert list(information.firmware) == vector["firmware"]
    assert information.serial == vector["serial"]
    assert information.product == vector["product"]
    assert movella_dot.encode_information(information) == data
    with pytest.raises(FrameError):
        movella_dot.decode_information(data[:-1])


@pytest.mark.parametrize(
    ("data", "percent"), [(b"\x5f\x00", 95), (b"\x00\x01", 0), (b"", None), (b"\xff", None)]
)
def test_charge(data: bytes, percent: int | None) -> None:
    assert movella_dot.battery_percent(data) == percent


@pytest.mark.parametrize(
    ("name", "uuids", "known"),
    [
        ("Movella DOT", (), True),
        ("Xsens DOT", (), True),
        ("Movella Dot", (), True),
        ("", (movella_dot.CONFIGURATION_SERVICE_UUID,), True),
        ("DOT", (), False),
        ("HIP-AABB", (), False),
    ],
)
def test_by_what_it_is_recognised(name: str, uuids: tuple[str, ...], known: bool) -> None:
    assert movella_dot.is_dot(name, uuids) is known


@given(values=st.integers(1, 8).flatmap(six_values), first=st.integers(0, WRAP - 1))
def test_round_trip(values: Floats, first: int) -> None:
    ticks = [(first + number * INTERVAL_US) % WRAP for number in range(len(values))]
    data = [
        encode_sample(tick, row[:3], np.radians(row[3:])) for tick, row in zip(ticks, values, strict=True)
    ]
    assert {len(one) for one in data} == {PAYLOAD_BYTES}
    batch = decode(data)
    assert batch.first_ticks.tolist() == ticks
    assert batch.accelerometer_m_per_s2.tolist() == values[:, :3].tolist()
    # to radians and back may round by one bit of float64, which may be one of float32: 6e-8
    np.testing.assert_allclose(np.degrees(batch.gyroscope_rad_per_s), values[:, 3:], rtol=2e-7, atol=1e-40)
    assert np.diff(batch.first_sample_indices).tolist() == [1] * (len(values) - 1)
    assert not batch.flags.any()


@given(cuts=st.sets(st.integers(1, 9)), lost=st.sets(st.integers(0, 9)), junk=st.sets(st.integers(0, 9)))
def test_the_same_samples_however_the_calls_are_cut(cuts: set[int], lost: set[int], junk: set[int]) -> None:
    kept = [number for number in range(10) if number not in lost]
    data = [b"\x01" if number in junk else payload(number * INTERVAL_US) for number in kept]
    received_us = [number * INTERVAL_US + 5_000 for number in kept]
    together = decode(data, received_us=received_us)
    decoder, parts = MovellaDotDecoder(SETTINGS), []
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    for start, end in pairwise(edges):
        parts.append((start, decode(data[start:end], decoder, received_us[start:end])))
    for name in ("accelerometer_m_per_s2", "first_ticks", "first_sample_indices", "flags"):
        none = getattr(together, name)[:0]
        joined = np.concatenate([none, *(getattr(part, name) for _, part in parts)])
        np.testing.assert_array_equal(joined, getattr(together, name))
    bad = [start + one.position for start, part in parts for one in part.bad_frames]
    assert bad == [one.position for one in together.bad_frames]
    assert bad == [place for place, number in enumerate(kept) if number in junk]


@given(first=st.integers(0, WRAP - 1), lost=st.integers(1, 590))
def test_what_was_lost_is_left_out_also_over_the_wrap(first: int, lost: int) -> None:
    batch = decode(payloads_at(0, INTERVAL_US, (lost + 2) * INTERVAL_US, first=first))
    assert np.diff(batch.first_sample_indices).tolist() == [1, lost + 1]
    assert not batch.flags.any()


def test_a_long_loss_is_one_where_arrivals_pause_too() -> None:
    data = payloads_at(0, 1200 * INTERVAL_US)
    paused = decode(data, received_us=[0, 1200 * INTERVAL_US + 300_000])
    assert np.diff(paused.first_sample_indices).tolist() == [1200]
    assert not paused.flags.any()
    at_once = decode(data, received_us=[0, INTERVAL_US])
    assert at_once.flags.tolist() == [FrameFlag.NONE, FrameFlag.TIME_JUMP]


def test_a_sensor_switched_off_and_on_begins_anew() -> None:
    batch = decode([payload(500_000_000), payload(2 * INTERVAL_US)])
    assert batch.flags.tolist() == [FrameFlag.NONE, FrameFlag.TIME_JUMP]
    assert batch.first_sample_indices[1] == 2


def test_a_notification_that_comes_twice_has_the_same_index() -> None:
    batch = decode(payloads_at(0, INTERVAL_US, INTERVAL_US, 2 * INTERVAL_US))
    assert np.diff(batch.first_sample_indices).tolist() == [1, 0, 1]
    assert not batch.flags.any()


def test_index_goes_on_over_a_new_connection() -> None:
    before = decode(payloads_at(0, INTERVAL_US))
    after = decode(payloads_at(120 * INTERVAL_US))
    assert after.first_sample_indices[0] - before.first_sample_indices[0] == 120


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 400.0, 1e30])
def test_values_that_no_sensor_measures_are_refused(value: float) -> None:
    bad = encode_sample(0, np.array([0.0, value, 0.0]), np.zeros(3))
    batch = decode([payload(0), bad])
    assert batch.positions.tolist() == [0]
    (refused,) = batch.bad_frames
    # time takes 4 bytes, x another 4
    assert (refused.position, refused.error.field, refused.error.offset) == (1, "value", 8)


@given(st.lists(st.binary(max_size=70)))
def test_no_bytes_raise(data: list[bytes]) -> None:
    batch = decode(data)
    assert len(batch) + len(batch.bad_frames) == len(data)
    assert all(len(data[bad.position]) < 28 or bad.error.field == "value" for bad in batch.bad_frames)
