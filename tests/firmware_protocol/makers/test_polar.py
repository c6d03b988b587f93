"""Polar Verity Sense: bytes to samples and back."""

import itertools
import json
import math
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocol.blocks import Int64Array
from firmware_protocol.decoder import Lack, StreamDecoder
from firmware_protocol.errors import FrameError, ProtocolError
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.makers.polar import PolarDecoder, PolarSettings
from firmware_protocol.makers.polar_control import (
    PolarAnswer,
    Setting,
    decode_answer,
    decode_settings,
    encode_answer,
    get_settings_request,
    start_request,
    stop_request,
)
from firmware_protocol.makers.polar_frames import (
    DIFFERENCES,
    Measurement,
    Sample,
    decode_frame,
    encode_frame,
    samples_that_fit,
)
from firmware_protocol.service import FrameFlag

GOLDEN: dict[str, Any] = json.loads(
    resources.files("firmware_protocol.makers").joinpath("golden/polar.json").read_text(encoding="utf-8")
)
ACCELEROMETER, GYROSCOPE = Measurement.ACCELEROMETER, Measurement.GYROSCOPE
INTERVAL_NS = 1e9 / 52
GRAVITY = 9.80665
SETTINGS = PolarSettings(52.0, 8.0, 2000.0, accelerometer_factor=2.44e-4, gyroscope_factor=0.07)


def cases(group: str, *kinds: str) -> list[Any]:
    """The vectors of a group, each with a name for the report."""
    found = [vector for vector in GOLDEN[group] if not kinds or vector["kind"] in kinds]
    return [pytest.param(vector, id=vector["name"]) for vector in found]


def counts_of(values: dict[str, list[float]]) -> dict[Setting, tuple[float, ...]]:
    """Settings of a vector."""
    return {Setting[name]: tuple(numbers) for name, numbers in values.items()}


@pytest.mark.parametrize("vector", cases("frames"))
def test_frames_hold_what_their_source_says(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    if "error" in vector:
        with pytest.raises(FrameError) as caught:
            decode_frame(data)
        assert caught.value.field == vector["error"]
        return
    frame = decode_frame(data)
    assert (frame.measurement, frame.last_ns) == (vector["measurement"], vector["last_ns"])
    assert frame.sample is Sample[vector["sample"]]
    assert len(frame.values) == vector["count"]
    for row, expected in vector["rows"].items():
        assert frame.values[int(row)].tolist() == expected


@pytest.mark.parametrize("vector", cases("control", "answer"))
def test_answers_hold_what_their_source_says(vector: dict[str, Any]) -> None:
    answer = decode_answer(bytes.fromhex(vector["hex"]))
    assert answer == PolarAnswer(
        vector["opcode"], vector["measurement"], vector["error"], vector["more"], answer.settings
    )
    assert decode_settings(answer.settings) == counts_of(vector["settings"])
    again = encode_answer(answer.opcode, answer.measurement, answer.error, decode_settings(answer.settings))
    assert again.hex() == vector["hex"]


@pytest.mark.parametrize("vector", cases("control", "settings"))
def test_settings_hold_what_their_source_says(vector: dict[str, Any]) -> None:
    assert decode_settings(bytes.fromhex(vector["hex"])) == counts_of(vector["settings"])


def test_settings_of_later_firmware_do_not_hide_those_that_are_known() -> None:
    data = bytes.fromhex("000134000601" + "00" * 16)
    assert decode_settings(data) == {Setting.RATE_HZ: (52,)}


@pytest.mark.parametrize("data", ["0001", "00", "0002340000", "05010000c07f", "050100000000", "0501000080bf"])
def test_cut_settings_and_factors_that_are_none_are_refused(data: str) -> None:
    with pytest.raises(FrameError):
        decode_settings(bytes.fromhex(data))


@pytest.mark.parametrize("vector", cases("control", "start", "get", "stop"))
def test_requests_are_the_bytes_that_work(vector: dict[str, Any]) -> None:
    measurement = Measurement(vector["measurement"])
    made = {
        "start": lambda: start_request(measurement, counts_of(vector["settings"])),
        "get": lambda: get_settings_request(measurement),
        "stop": lambda: stop_request(measurement),
    }
    assert made[vector["kind"]]().hex() == vector["hex"]


@st.composite
def int16_rows(draw: st.DrawFn, most: int = 80) -> Int64Array:
    """(N, 3) counts: noise, steps from one end to the other, or all alike."""
    rows = draw(st.integers(1, most))
    width = draw(st.sampled_from([1, 3, 100, 5000, 32_768]))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return generator.integers(-width, width, (rows, 3))


@given(int16_rows(), st.sampled_from([(ACCELEROMETER, 0), (ACCELEROMETER, 1), (GYROSCOPE, 0)]))
def test_counts_survive_the_wire(counts: Int64Array, kind: tuple[Measurement, int]) -> None:
    data = encode_frame(kind[0], 5, counts, frame_type=DIFFERENCES | kind[1])
    np.testing.assert_array_equal(decode_frame(data).values, counts)


@given(st.lists(st.lists(st.floats(-2000, 2000, width=32), min_size=3, max_size=3), min_size=1, max_size=30))
def test_float_samples_survive_the_wire(rows: list[list[float]]) -> None:
    values = np.array(rows, dtype="<f4")
    bits = values.view("<i4").astype(np.int64)
    # a step of more than 32 bits between signs cannot be sent as a difference
    if len(bits) > 1 and np.abs(np.diff(bits, axis=0)).max() >= 1 << 31:
        return
    frame = decode_frame(encode_frame(GYROSCOPE, 5, bits, frame_type=DIFFERENCES | 1))
    np.testing.assert_array_equal(frame.values, values.astype(np.float64))


@given(int16_rows(300), st.integers(60, 232))
def test_as_many_samples_as_fit(counts: Int64Array, most_bytes: int) -> None:
    fitting = samples_that_fit(counts, most_bytes)
    assert 1 <= fitting <= len(counts)
    assert len(encode_frame(GYROSCOPE, 0, counts[:fitting], frame_type=DIFFERENCES)) <= most_bytes


def test_values_that_do_not_fit_are_not_sent() -> None:
    for counts in (np.array([[32_768, 0, 0]]), np.array([[0, -32_769, 0]]), np.empty((0, 3), dtype=np.int64)):
        with pytest.raises(ProtocolError, match="fit"):
            encode_frame(GYROSCOPE, 0, counts, frame_type=DIFFERENCES)


def stream(
    accelerometer: Int64Array,
    gyroscope: Int64Array,
    size: int,
    *,
    start_ns: int = 10**18,
    lost: int | None = None,
) -> tuple[list[bytes], npt.NDArray[np.int64]]:
    """Both streams in notifications of one size, sampled at the same times; arrivals 20 ms after."""
    sent = []
    for first in range(0, len(gyroscope), size):
        last_ns = start_ns + round((min(first + size, len(gyroscope)) - 1) * INTERVAL_NS)
        if first != lost:
            part = slice(first, first + size)
            sent.append(
                (encode_frame(ACCELEROMETER, last_ns, accelerometer[part], frame_type=DIFFERENCES), last_ns)
            )
            sent.append((encode_frame(GYROSCOPE, last_ns, gyroscope[part], frame_type=DIFFERENCES), last_ns))
    arrivals = np.array([at_ns - start_ns + 20_000_000 for _, at_ns in sent], dtype=np.int64)
    return [payload for payload, _ in sent], arrivals


def decoded(payloads: list[bytes], received_ns: Int64Array, settings: PolarSettings = SETTINGS) -> FrameBatch:
    """All in one call."""
    return PolarDecoder(settings).decode(payloads, received_ns)


def noise(count: int, seed: int = 3) -> Int64Array:
    """(count, 3) counts that differ from sample to sample."""
    return np.random.default_rng(seed).integers(-3000, 3000, (count, 3))


def test_samples_are_in_si_units() -> None:
    # 4098 counts of 0.244 mg are 1 g, 1286 of 0.07 deg/s are 90 deg/s, to half a count.
    acceleration = np.tile([0, 0, 4098], (40, 1))
    rate = np.tile([1286, 0, 0], (40, 1))
    batch = decoded(*stream(acceleration, rate, 20))
    assert len(batch) == 40
    np.testing.assert_allclose(batch.accelerometer_m_per_s2, np.tile([0, 0, GRAVITY], (40, 1)), atol=0.0012)
    np.testing.assert_allclose(batch.gyroscope_rad_per_s, np.tile([math.pi / 2, 0, 0], (40, 1)), atol=0.0007)


def test_frames_in_mg_are_in_si_units_too() -> None:
    data = encode_frame(ACCELEROMETER, 10**9, np.tile([0, -1000, 0], (30, 1)), frame_type=DIFFERENCES | 1)
    turning = encode_frame(GYROSCOPE, 10**9, np.tile([0, 0, 0], (30, 1)), frame_type=DIFFERENCES)
    batch = decoded([data, turning], np.array([0, 0]), PolarSettings(52.0, 8.0, 2000.0))
    np.testing.assert_allclose(batch.accelerometer_m_per_s2, np.tile([0, -GRAVITY, 0], (30, 1)), rtol=1e-12)


def test_ticks_and_numbers_go_on_and_wrap() -> None:
    # The clock's microseconds pass 2**32 in the middle of the stream.
    start_ns = (2**32 - 1_000_000) * 1000
    batch = decoded(*stream(noise(520), noise(520, 4), 52, start_ns=start_ns))
    assert len(batch) == 520
    assert batch.first_ticks.max() < 2**32
    expected = 2**32 - 1_000_000 + np.arange(520) * INTERVAL_NS / 1000
    # within 2**32 of each other modulo 2**32; one tick of rounding for each sample of a notification
    off = (batch.device_ticks - expected + 2**31) % 2**32 - 2**31
    assert np.abs(off).max() <= 52
    assert batch.flags.tolist() == [0] * len(batch.flags)


def test_lost_notifications_are_a_gap_in_the_numbers() -> None:
    payloads, received_ns = stream(noise(520), noise(520, 4), 52, lost=260)
    batch = decoded(payloads, received_ns)
    firsts, counts = batch.first_sample_indices, batch.sample_counts
    got = [first + step for first, count in zip(firsts, counts, strict=True) for step in range(count)]
    assert got == [*range(260), *range(312, 520)]
    after = int(np.flatnonzero(firsts == 312)[0])
    assert batch.first_ticks[after] == pytest.approx((10**15 + 312 * INTERVAL_NS / 1000) % 2**32, abs=52)


@pytest.mark.parametrize("size", [1, 2, 4])
def test_notifications_that_come_twice_add_nothing(size: int) -> None:
    payloads, received_ns = stream(noise(520), noise(520, 4), 26)
    order = [place for start in range(0, len(payloads), size) for place in [*range(start, start + size)] * 2]
    batch = decoded([payloads[place] for place in order], received_ns[order])
    firsts, counts = batch.first_sample_indices, batch.sample_counts
    got = [first + step for first, count in zip(firsts, counts, strict=True) for step in range(count)]
    assert sorted(set(got)) == list(range(520))
    assert not batch.flags.any()


def test_restarted_clock_is_a_jump() -> None:
    before, before_ns = stream(noise(208), noise(208, 4), 52)
    after, after_ns = stream(noise(208), noise(208, 4), 52, start_ns=10**15)
    batch = decoded(before + after, np.concatenate([before_ns, after_ns + before_ns[-1]]))
    jumps = np.flatnonzero(batch.flags & FrameFlag.TIME_JUMP)
    assert len(jumps) == 1
    assert batch.first_sample_indices[jumps[0]] >= 208


@given(st.data())
def test_cuts_between_calls_change_nothing(data: st.DataObject) -> None:
    payloads, received_ns = stream(noise(260), noise(260, 4), 26)
    whole = decoded(payloads, received_ns)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(payloads)), max_size=8)) | {0, len(payloads)})
    decoder = PolarDecoder(SETTINGS)
    parts = [
        decoder.decode(payloads[start:end], received_ns[start:end]) for start, end in itertools.pairwise(cuts)
    ]
    for name in ("accelerometer_m_per_s2", "gyroscope_rad_per_s", "device_ticks", "first_sample_indices"):
        joined = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(joined, getattr(whole, name))


def test_saturated_samples_are_marked() -> None:
    # 99 % of 2000 deg/s are 28 286 counts of 0.07 deg/s; 99 % of 8 g are 32 459 counts of 0.244 mg,
    # but counts end at 32 767, and 99 % of that is enough.
    for column, count in ((3, 28_285), (3, 28_286), (0, 32_440), (0, -32_441)):
        both = np.zeros((40, 6), dtype=np.int64)
        both[20, column] = count
        batch = decoded(*stream(both[:, :3], both[:, 3:], 20))
        full = abs(count) not in (28_285, 32_440)
        assert np.flatnonzero(batch.saturated).tolist() in ([[20], [20, 21]] if full else [[]])


HEADS = st.sampled_from([bytes((kind, *([0] * 8), form)) for kind in (2, 5) for form in (0, 1, 0x80, 0x81)])


@given(
    st.lists(st.builds(bytes.__add__, st.one_of(HEADS, st.just(b"")), st.binary(max_size=80)), max_size=12)
)
def test_random_bytes_are_bad_frames_or_numbers(payloads: list[bytes]) -> None:
    batch = decoded(payloads, np.zeros(len(payloads), dtype=np.int64))
    bad = [one.position for one in batch.bad_frames]
    assert bad == sorted(set(bad))
    assert not set(bad) & set(batch.positions.tolist())
    assert np.isfinite(batch.accelerometer_m_per_s2).all()
    assert np.isfinite(batch.gyroscope_rad_per_s).all()


@given(st.integers(0, 200))
def test_cut_notifications_are_bad_frames_but_at_the_end_of_a_block(end: int) -> None:
    counts = noise(40)
    payload = encode_frame(GYROSCOPE, 10**9, counts, frame_type=DIFFERENCES)
    whole = {len(encode_frame(GYROSCOPE, 0, counts[:n], frame_type=DIFFERENCES)): n for n in (1, 11, 21, 31)}
    batch = decoded([payload[:end]], np.array([0]))
    assert [one.position for one in batch.bad_frames] == ([] if end in whole or end >= len(payload) else [0])
    if end in whole:
        np.testing.assert_array_equal(decode_frame(payload[:end]).values, counts[: whole[end]])


@given(st.binary(max_size=40))
def test_random_answers_raise_nothing_else(data: bytes) -> None:
    for decode in (decode_answer, decode_settings):
        try:
            decode(data)
        except FrameError as error:
            assert error.advice


def test_settings_are_kept_with_their_factors() -> None:
    assert PolarSettings.decode(SETTINGS.encode()) == SETTINGS
    for wrong in (0.0, -1.0, math.nan, math.inf, True, "1"):
        with pytest.raises(ProtocolError, match="factor"):
            PolarSettings(52.0, 8.0, 2000.0, gyroscope_factor=wrong)  # type: ignore[arg-type]
    with pytest.raises(ProtocolError, match="rate_hz"):
        PolarSettings(0.0, 8.0, 2000.0)


def test_says_what_it_lacks() -> None:
    decoder: StreamDecoder = PolarDecoder(SETTINGS)
    assert decoder.description.lacks == {Lack.BACKFILL, Lack.COMMON_SAMPLING}
    assert decoder.description.sample_rates_hz == (52.0,)
