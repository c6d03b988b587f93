"""Movesense sensors: bytes to samples and back."""

import itertools
import json
import math
from importlib import resources
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocol.blocks import FloatArray, Int64Array
from firmware_protocol.decoder import Lack, StreamDecoder
from firmware_protocol.errors import FrameError
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.makers.movesense import MovesenseDecoder, encode_message
from firmware_protocol.makers.movesense_control import (
    Command,
    Hello,
    decode_answer,
    decode_command,
    decode_hello,
    encode_answer,
    encode_hello,
    get_command,
    hello_command,
    samples_per_message,
    subscribe_command,
    unsubscribe_command,
)
from firmware_protocol.makers.stream_settings import StreamSettings
from firmware_protocol.service import FrameFlag

GOLDEN: dict[str, Any] = json.loads(
    resources.files("firmware_protocol.makers").joinpath("golden/movesense.json").read_text(encoding="utf-8")
)
MOST_BYTES = 158
"""Of a notification: the sensors take an MTU of 161."""
STEP_M_PER_S2 = 8 * 9.80665 / 32768
GRAVITY = 9.80665


def cases(group: str) -> list[Any]:
    """The vectors of a group, each with a name for the report."""
    return [pytest.param(vector, id=vector["name"]) for vector in GOLDEN[group]]


def settings(rate_hz: float = 104.0) -> StreamSettings:
    """As the sensors are delivered."""
    return StreamSettings(rate_hz, 8, 2000)


def decoded(
    payloads: list[bytes], rate_hz: float = 104.0, received_ns: Int64Array | None = None
) -> FrameBatch:
    """All in one call."""
    arrivals = np.zeros(len(payloads), dtype=np.int64) if received_ns is None else received_ns
    return MovesenseDecoder(settings(rate_hz)).decode(payloads, arrivals)


@pytest.mark.parametrize("vector", cases("messages"))
def test_messages_hold_what_their_source_says(vector: dict[str, Any]) -> None:
    batch = decoded([bytes.fromhex(part) for part in vector["notifications"]], vector["rate_hz"])
    np.testing.assert_array_equal(batch.accelerometer_m_per_s2, vector["acc_m_per_s2"])
    np.testing.assert_allclose(np.degrees(batch.gyroscope_rad_per_s), vector["gyr_dps"], rtol=1e-14)
    assert batch.first_ticks.tolist() == [vector["stamp_ms"] * 1000]
    assert batch.positions.tolist() == [len(vector["notifications"]) - 1]
    # recorded at rest: gravity and a small offset, to the accuracy of an uncalibrated sensor
    np.testing.assert_allclose(np.linalg.norm(batch.accelerometer_m_per_s2, axis=1), GRAVITY, rtol=0.01)


def test_recorded_samples_lie_on_the_steps_of_the_ranges_as_delivered() -> None:
    # The chip's steps are 0.244 mg at 8 g and 0.07 deg/s at 2000 deg/s; the firmware takes g as 9.807 m/s².
    vector = GOLDEN["messages"][0]
    for values, step in ((vector["acc_m_per_s2"], 0.244e-3 * 9.807), (vector["gyr_dps"], 0.07)):
        counts = np.array(values) / step
        np.testing.assert_allclose(counts, np.rint(counts), atol=0.01)


@pytest.mark.parametrize("vector", cases("commands"))
def test_commands_are_the_bytes_that_work(vector: dict[str, Any]) -> None:
    reference, resource = vector["reference"], vector["resource"]
    made = {
        "hello": lambda: hello_command(reference),
        "subscribe": lambda: subscribe_command(reference, resource),
        "unsubscribe": lambda: unsubscribe_command(reference),
        "get": lambda: get_command(reference, resource),
    }[vector["kind"]]()
    assert made.hex() == vector["hex"]
    assert decode_command(made) == (Command[vector["kind"].upper()], reference, resource)


@pytest.mark.parametrize("vector", cases("answers"))
def test_answers_hold_what_their_source_says(vector: dict[str, Any]) -> None:
    data, value = bytes.fromhex(vector["hex"]), bytes.fromhex(vector["value"])
    assert decode_answer(data) == (vector["status"], value)
    assert encode_answer(vector["reference"], vector["status"], value) == data


@pytest.mark.parametrize("vector", cases("hello"))
def test_hello_tells_what_the_sensor_is(vector: dict[str, Any]) -> None:
    hello = Hello(*vector["fields"])
    assert decode_hello(bytes.fromhex(vector["hex"])) == hello
    assert encode_hello(vector["reference"], hello).hex() == vector["hex"]


def motion(count: int, seed: int = 5) -> tuple[FloatArray, FloatArray]:
    """(count, 3) accelerations and rates that float32 can hold exactly."""
    generator = np.random.default_rng(seed)
    return generator.integers(-70, 70, (count, 3)) / 4, generator.integers(-30, 30, (count, 3)) / 4


def stream(
    messages: int,
    *,
    rate_hz: float = 104.0,
    start_ms: int = 5000,
    lost: int | None = None,
    most_bytes: int = 158,
) -> tuple[list[bytes], Int64Array]:
    """Messages at a true rate, those of a number lost; arrivals at their ends."""
    size = samples_per_message(rate_hz)
    acceleration, rate = motion(messages * size)
    payloads: list[bytes] = []
    arrivals: list[int] = []
    for number in range(messages):
        part = slice(number * size, number * size + size)
        stamp_ms = start_ms + round(number * size / rate_hz * 1000)
        sent = encode_message(1, stamp_ms, acceleration[part], rate[part], most_bytes=most_bytes)
        if number != lost:
            payloads += sent
            arrivals += [(stamp_ms - start_ms + 80) * 1_000_000] * len(sent)
    return payloads, np.array(arrivals, dtype=np.int64)


@given(st.sampled_from([13.0, 26.0, 52.0, 104.0, 208.0]), st.integers(20, 512), st.integers(1, 10))
def test_samples_survive_the_wire(rate_hz: float, most_bytes: int, messages: int) -> None:
    payloads, received_ns = stream(messages, rate_hz=rate_hz, most_bytes=most_bytes)
    assert max(map(len, payloads)) <= most_bytes
    batch = decoded(payloads, rate_hz, received_ns)
    acceleration, rate = motion(messages * samples_per_message(rate_hz))
    np.testing.assert_array_equal(batch.accelerometer_m_per_s2, acceleration)
    # deg/s in float32: 24 bits
    np.testing.assert_allclose(batch.gyroscope_rad_per_s, rate, rtol=2**-23, atol=1e-12)
    assert batch.bad_frames == ()


def test_message_of_another_length_comes_with_the_next() -> None:
    acceleration, rate = motion(4)
    sent = [encode_message(1, stamp_ms, acceleration, rate, most_bytes=158)[0] for stamp_ms in (0, 38, 77)]
    received_ns = np.array([50, 90, 130], dtype=np.int64) * 1_000_000
    batch = decoded(sent, 104.0, received_ns)
    assert batch.positions.tolist() == [1, 2]
    assert batch.held_ns is not None
    assert batch.held_ns.tolist() == [40_000_000, 40_000_000]
    np.testing.assert_array_equal(batch.accelerometer_m_per_s2, np.tile(acceleration, (2, 1)))


def test_first_part_alone_is_never_taken_for_a_message() -> None:
    # 4 + 6 * 24 bytes of 8 samples: they look like 6, with accelerations where the rates should be.
    most_bytes = 2 + 4 + 6 * 24
    payloads, received_ns = stream(6, most_bytes=most_bytes)
    del payloads[5]
    batch = decoded(payloads, 104.0, np.delete(received_ns, 5))
    assert batch.sample_counts.tolist() == [8] * 5
    assert [bad.error.field for bad in batch.bad_frames] == ["length"]


def test_second_part_alone_is_a_bad_frame() -> None:
    payloads, received_ns = stream(3)
    batch = decoded(payloads[1:], 104.0, received_ns[1:])
    assert batch.sample_counts.tolist() == [8, 8]
    assert [(bad.position, bad.error.field) for bad in batch.bad_frames] == [(0, "response")]


def test_ticks_and_numbers_go_on_when_the_clock_wraps() -> None:
    # 2**32 ms are a whole number of times 2**32 us: ticks go on there as anywhere.
    start_ms = 2**32 - 1000
    payloads, received_ns = stream(40, start_ms=start_ms)
    batch = decoded(payloads, 104.0, received_ns)
    assert batch.first_sample_indices.tolist() == list(range(0, 320, 8))
    expected = (start_ms * 1000 + np.arange(40) * 8e6 / 104) % 2**32
    off = (batch.first_ticks - expected + 2**31) % 2**32 - 2**31
    assert np.abs(off).max() <= 501
    assert not batch.flags.any()


def test_lost_message_is_a_gap_in_the_numbers() -> None:
    payloads, received_ns = stream(20, lost=9)
    batch = decoded(payloads, 104.0, received_ns)
    assert batch.first_sample_indices.tolist() == [8 * number for number in range(20) if number != 9]


def doubled(payloads: list[bytes], received_ns: Int64Array, size: int) -> tuple[list[bytes], Int64Array]:
    """Every group of so many notifications twice."""
    starts = range(0, len(payloads), size)
    order = [place for start in starts for place in [*range(start, start + size)] * 2]
    return [payloads[place] for place in order], received_ns[order]


@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize("most_bytes", [158, 512])
def test_notifications_that_come_twice_are_the_same_samples(size: int, most_bytes: int) -> None:
    payloads, received_ns = stream(16, most_bytes=most_bytes)
    once = decoded(payloads, 104.0, received_ns)
    again, again_ns = doubled(payloads, received_ns, size)
    twice = decoded(again, 104.0, again_ns)
    assert twice.bad_frames == ()
    assert not twice.flags.any()
    assert set(twice.first_sample_indices.tolist()) == set(once.first_sample_indices.tolist())
    rows = dict(zip(twice.first_sample_indices.tolist(), twice.accelerometer_m_per_s2[::8], strict=True))
    for index, row in zip(once.first_sample_indices.tolist(), once.accelerometer_m_per_s2[::8], strict=True):
        np.testing.assert_array_equal(rows[index], row)


def test_rate_that_is_off_by_some_percent_loses_nothing() -> None:
    size, true_hz = 8, 104 * 1.04
    acceleration, rate = motion(size)
    sent = [
        encode_message(1, round(number * size / true_hz * 1000), acceleration, rate, most_bytes=512)[0]
        for number in range(100)
    ]
    batch = decoded(sent)
    assert batch.first_sample_indices.tolist() == list(range(0, 800, 8))
    # ±0.5 ms of 74 ms are 0.7 % of one step; a mean of 16 leaves a quarter
    assert batch.interval_ticks[-1] == pytest.approx(1e6 / true_hz, rel=0.002)


def test_restart_is_a_jump() -> None:
    before, before_ns = stream(10, start_ms=900_000)
    after, after_ns = stream(10, start_ms=3000)
    batch = decoded(before + after, 104.0, np.concatenate([before_ns, before_ns[-1] + after_ns]))
    assert batch.flags.tolist() == [0] * 10 + [FrameFlag.TIME_JUMP] + [0] * 9


@given(st.data())
def test_cuts_between_calls_change_nothing(data: st.DataObject) -> None:
    payloads, received_ns = stream(12, lost=5)
    whole = decoded(payloads, 104.0, received_ns)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(payloads)), max_size=8)) | {0, len(payloads)})
    decoder = MovesenseDecoder(settings())
    parts = [decoder.decode(payloads[a:b], received_ns[a:b]) for a, b in itertools.pairwise(cuts)]
    for name in ("accelerometer_m_per_s2", "gyroscope_rad_per_s", "device_ticks", "first_sample_indices"):
        joined = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(joined, getattr(whole, name))


def test_saturated_samples_are_marked() -> None:
    limit_rad_per_s = 0.99 * math.radians(2000)
    acceleration, rate = np.zeros((8, 3)), np.zeros((8, 3))
    acceleration[:4, 1] = [0.989 * 8 * GRAVITY, -0.991 * 8 * GRAVITY, 0.991 * 8 * GRAVITY, 0.0]
    rate[4:, 2] = [limit_rad_per_s * 1.001, -limit_rad_per_s * 1.001, limit_rad_per_s * 0.999, 0.0]
    batch = decoded(encode_message(1, 0, acceleration, rate, most_bytes=512))
    assert np.flatnonzero(batch.saturated).tolist() == [1, 2, 4, 5]


@given(
    st.lists(
        st.builds(bytes.__add__, st.sampled_from([b"", b"\x02\x01", b"\x03\x01"]), st.binary(max_size=120))
    )
)
def test_random_bytes_are_bad_frames_or_plausible(payloads: list[bytes]) -> None:
    batch = decoded(payloads, 52.0)
    positions = [bad.position for bad in batch.bad_frames]
    assert positions == sorted(positions)
    assert (np.abs(batch.accelerometer_m_per_s2) <= 1.3 * 16 * GRAVITY).all()
    assert (np.abs(batch.gyroscope_rad_per_s) <= 1.3 * math.radians(2000)).all()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e30, 300.0])
def test_numbers_that_are_no_acceleration_are_a_bad_frame(value: float) -> None:
    acceleration, rate = motion(8)
    acceleration[3, 1] = value
    batch = decoded(encode_message(1, 0, acceleration, rate, most_bytes=512))
    assert len(batch) == 0
    assert [bad.error.field for bad in batch.bad_frames] == ["samples"]


@given(st.integers(0, 99))
def test_cut_notifications_are_bad_frames(end: int) -> None:
    payloads, received_ns = stream(3, rate_hz=52.0)
    whole = payloads[1]
    batch = decoded([payloads[0], whole[:end], payloads[2]], 52.0, received_ns)
    # a multiple of a sample looks like a shorter message, as some firmware might send
    looks_whole = end > 6 and (end - 6) % 24 == 0
    assert len(batch.bad_frames) == (0 if looks_whole else 1)
    assert batch.first_sample_indices[[0, -1]].tolist() == [0, 8]
    assert batch.sample_counts[[0, -1]].tolist() == [4, 4]


@given(st.binary(max_size=40))
def test_random_answers_raise_nothing_else(data: bytes) -> None:
    for decode in (decode_answer, decode_hello, decode_command):
        try:
            decode(data)
        except FrameError as error:
            assert error.advice


def test_says_what_it_lacks() -> None:
    decoder: StreamDecoder = MovesenseDecoder(settings())
    assert decoder.description.lacks == {Lack.BACKFILL}
    assert decoder.description.tick_rate_hz == 1_000_000
