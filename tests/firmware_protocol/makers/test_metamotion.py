"""MetaMotion's bytes: golden vectors, round trips, turns of the streams, losses, and bytes that are none."""

import json
import math
from collections.abc import Sequence
from importlib import resources
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocol import FrameError, FrameFlag
from firmware_protocol.blocks import FloatArray
from firmware_protocol.decoder import Lack, StreamDecoder
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.makers.metamotion import (
    MetaMotionDecoder,
    MetaMotionEncoder,
    decode_samples,
    units_of,
)
from firmware_protocol.makers.metamotion_registers import Chip, Module
from firmware_protocol.makers.stream_settings import StreamSettings

GOLDEN: dict[str, Any] = json.loads(
    resources.files("firmware_protocol.makers").joinpath("golden/metamotion.json").read_text(encoding="utf-8")
)
SETTINGS = StreamSettings(100.0, 4.0, 1000.0)
UNITS = units_of(SETTINGS)
GRAVITY = 9.80665
INTERVAL_S = 0.01
START_S = 50.0

Notifications = list[tuple[float, bytes]]
"""When each was sent, s, and its bytes."""


def notifications(
    accelerometer: FloatArray, gyroscope: FloatArray, behind: int = 1, chip: Chip = Chip.BMI270
) -> Notifications:
    """What a sensor sends that takes these samples."""
    encoder = MetaMotionEncoder(chip, SETTINGS, gyroscope_behind=behind)
    return [
        (START_S + INTERVAL_S * place, payload)
        for place in range(len(gyroscope))
        for payload in encoder.encode(accelerometer[place : place + 1], gyroscope[place : place + 1])
    ]


def decode(sent: Notifications, decoder: MetaMotionDecoder | None = None) -> FrameBatch:
    """Decode notifications that arrive as soon as they are sent."""
    received_ns = np.array([round(at_s * 1e9) for at_s, _ in sent], dtype=np.int64)
    return (decoder or MetaMotionDecoder(SETTINGS)).decode([payload for _, payload in sent], received_ns)


def numbered(samples: int) -> tuple[FloatArray, FloatArray]:
    """Samples that tell their number: acceleration and rate rise by 16 counts each time."""
    numbers = 16.0 * np.arange(samples)[:, None] * np.ones(3)
    return numbers * UNITS[:3], numbers * UNITS[3:]


def places(batch: FrameBatch) -> tuple[FloatArray, FloatArray]:
    """Which `numbered` accelerometer and gyroscope sample each sample was made of."""
    accelerometer = batch.accelerometer_m_per_s2[:, 0] / UNITS[0] / 16.0
    return accelerometer, batch.gyroscope_rad_per_s[:, 0] / UNITS[3] / 16.0


def indices(batch: FrameBatch) -> list[int]:
    """Index of each sample."""
    frames = zip(batch.first_sample_indices.tolist(), batch.sample_counts.tolist(), strict=True)
    return [first + place for first, count in frames for place in range(count)]


def without(sent: Notifications, module: Module, which: Sequence[int]) -> Notifications:
    """Without some notifications of one stream, by their number in it."""
    kept, number = [], 0
    for at_s, payload in sent:
        of_module = payload[0] == module
        if not (of_module and number in which):
            kept.append((at_s, payload))
        number += of_module
    return kept


def values(samples: int) -> st.SearchStrategy[FloatArray]:
    """(N, 6) counts, also at the ends of the range."""
    row = st.lists(st.integers(-0x8000, 0x7FFF), min_size=6, max_size=6)
    rows = st.lists(row, min_size=samples, max_size=samples)
    return rows.map(lambda counts: np.array(counts, dtype=np.float64))


def test_is_a_stream_decoder_and_says_what_it_lacks() -> None:
    decoder: StreamDecoder = MetaMotionDecoder(SETTINGS)
    assert decoder.description.tick_rate_hz == 1_000_000
    assert decoder.description.sample_rates_hz == (100.0,)
    assert decoder.description.lacks == {
        Lack.TIMESTAMPS,
        Lack.LOSS_COUNT,
        Lack.BACKFILL,
        Lack.COMMON_SAMPLING,
    }


@pytest.mark.parametrize("vector", [pytest.param(one, id=one["name"]) for one in GOLDEN["samples"]])
def test_golden_samples(vector: dict[str, Any]) -> None:
    assert vector["mark"] in {"vendor", "constructed"}
    counts = np.array(decode_samples(bytes.fromhex(vector["hex"])))
    if vector["module"] == "GYROSCOPE":
        settings = StreamSettings(100.0, 4.0, vector["range"])
        measured = np.degrees(counts * units_of(settings)[3:])
    else:
        settings = StreamSettings(100.0, vector["range"], 1000.0)
        measured = counts * units_of(settings)[:3] / GRAVITY
    # the vendor's values are rounded to 0.001
    np.testing.assert_allclose(measured, vector["values"], atol=0.0006)


@given(counts=values(30), behind=st.integers(0, 2), chip=st.sampled_from(Chip))
def test_what_is_encoded_is_decoded(counts: FloatArray, behind: int, chip: Chip) -> None:
    measured = counts * UNITS
    batch = decode(notifications(measured[:, :3], measured[:, 3:], behind, chip))
    assert batch.bad_frames == ()
    taken = len(batch)
    # the last notifications of both streams wait for what comes after them
    assert 21 <= taken <= 27
    assert indices(batch) == list(range(taken))
    tolerance = 1e-9
    expected = measured[behind : behind + taken, 3:]
    np.testing.assert_allclose(batch.gyroscope_rad_per_s, expected, atol=tolerance)
    # acceleration half a notification after the gyroscope's own place in its notification
    means = (measured[1:-1, :3] + measured[2:, :3]) / 2
    np.testing.assert_allclose(batch.accelerometer_m_per_s2, means[:taken], atol=tolerance)
    full = np.greater_equal(np.abs(counts), 0.99 * 32_768)
    around = np.hstack([full[1:-1, :3], full[2:, :3]])[:taken]
    marked = np.hstack([around, full[behind : behind + taken, 3:]]).max(axis=1)
    assert batch.saturated.tolist() == marked.tolist()


@pytest.mark.parametrize("behind", [0, 1, 2])
@pytest.mark.parametrize("first", [Module.ACCELEROMETER, Module.GYROSCOPE])
def test_acceleration_is_of_the_time_of_turning_to_half_a_notification(behind: int, first: Module) -> None:
    sent = notifications(*numbered(300), behind)
    if first is Module.GYROSCOPE:
        sent = without(sent, Module.ACCELEROMETER, [0])
    batch = decode(sent)
    assert len(batch) > 280
    accelerometer, gyroscope = places(batch)
    assert np.abs(accelerometer - gyroscope).max() <= 1.5 + 1e-9


@given(
    cuts=st.lists(st.integers(0, 66), max_size=8),
    seed=st.integers(0, 1000),
    lost=st.sets(st.integers(0, 66), max_size=6),
)
def test_the_same_however_notifications_are_cut_into_calls(
    cuts: list[int], seed: int, lost: set[int]
) -> None:
    random = np.random.default_rng(seed)
    sent = notifications(*numbered(100))
    sent = [one for number, one in enumerate(sent) if number not in lost]
    sent = [(at_s + random.exponential(0.01), payload) for at_s, payload in sent]
    sent = [(float(at_s), one[1]) for at_s, one in zip(np.sort([at for at, _ in sent]), sent, strict=True)]
    whole, decoder = decode(sent), MetaMotionDecoder(SETTINGS)
    edges = sorted({0, *cuts, len(sent)})
    parts = [decode(sent[start:end], decoder) for start, end in pairwise(edges)]
    for name in (
        "accelerometer_m_per_s2",
        "gyroscope_rad_per_s",
        "device_ticks",
        "first_sample_indices",
        "flags",
    ):
        joined = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(joined, getattr(whole, name))


def test_ticks_are_counted_at_the_nominal_rate_from_the_first_arrival() -> None:
    batch = decode(notifications(*numbered(60)))
    # the pair that came first was complete with the second accelerometer notification, at 5 intervals
    first_tick = round((START_S + 5 * INTERVAL_S) * 1e6) - 2 * 10_000
    np.testing.assert_array_equal(batch.device_ticks, first_tick + 10_000 * np.arange(len(batch)))
    assert batch.flags.tolist() == [FrameFlag.TIME_JUMP] + [FrameFlag.NONE] * (len(batch.flags) - 1)


def test_ticks_wrap() -> None:
    sent = [(at_s + 2**32 * 1e-6 - 50.3, payload) for at_s, payload in notifications(*numbered(120))]
    batch = decode(sent)
    assert np.diff(batch.first_ticks).min() < -(2**31)
    assert set(np.diff(batch.first_ticks) % 2**32) == {30_000}


@pytest.mark.parametrize("module", [Module.ACCELEROMETER, Module.GYROSCOPE])
@pytest.mark.parametrize("first", [Module.ACCELEROMETER, Module.GYROSCOPE])
@pytest.mark.parametrize("which", [[60], [60, 61], [60, 90, 91]])
def test_a_lost_notification_of_one_stream_is_left_out_of_both(
    module: Module, first: Module, which: list[int]
) -> None:
    sent = without(notifications(*numbered(400)), module, which)
    if first is Module.GYROSCOPE:
        sent = without(sent, Module.ACCELEROMETER, [0])
    batch = decode(sent)
    accelerometer, gyroscope = places(batch)
    numbers = np.array(indices(batch))
    after = numbers > 3 * which[-1] + 40
    assert after.sum() > 30
    assert np.abs(accelerometer - gyroscope)[after].max() <= 1.5 + 1e-9
    # where nothing is lost the index steps with the sample; what is lost is skipped by both
    offset = gyroscope - numbers
    np.testing.assert_allclose(offset[after], offset[0], atol=1e-9)
    assert numbers[-1] + 1 - len(numbers) == 3 * len(which)


def test_turns_that_vary_are_no_loss() -> None:
    # both notifications are ready at once, and now and then the other goes first
    random, sent = np.random.default_rng(4), notifications(*numbered(1500), behind=0)
    swapped = [two[:: random.choice([-1, 1, 1, 1, 1])] for two in zip(sent[::2], sent[1::2], strict=True)]
    batch = decode([one for two in swapped for one in two])
    assert indices(batch) == list(range(len(batch)))
    accelerometer, gyroscope = places(batch)
    assert np.abs(accelerometer - gyroscope).max() <= 1.5 + 1e-9


def test_a_pause_of_both_is_a_gap_of_its_length() -> None:
    pause_s = 3.0
    sent = [one for one in notifications(*numbered(1600)) if not 8.0 <= one[0] - START_S < 8.0 + pause_s]
    batch = decode(sent)
    steps = np.diff(indices(batch))
    assert (steps > 1).sum() == 1
    # a line through 8 s of arrivals leaves half a percent of the pause open; turns begin anew within two
    # notifications of 30 ms
    assert steps.max() - 1 == pytest.approx(100 * pause_s, abs=0.5 + 0.005 * 100 * pause_s + 6)
    # samples after the pause stayed in the right turns
    accelerometer, gyroscope = places(batch)
    assert np.abs(accelerometer - gyroscope).max() <= 1.5 + 1e-9
    assert FrameFlag.TIME_JUMP not in batch.flags[1:]


def test_after_a_long_silence_times_begin_anew() -> None:
    sent = [one for one in notifications(*numbered(3000)) if not 8.0 <= one[0] - START_S < 22.0]
    batch = decode(sent)
    assert (batch.flags == FrameFlag.TIME_JUMP).sum() == 2


def test_a_stream_that_never_comes_gives_no_samples_and_fills_no_memory() -> None:
    for module in (Module.ACCELEROMETER, Module.GYROSCOPE):
        decoder = MetaMotionDecoder(SETTINGS)
        sent = [one for one in notifications(*numbered(5000)) if one[1][0] == module]
        assert len(decode(sent, decoder)) == 0
        assert sum(map(len, decoder._pairs._waiting.values())) <= 3


@pytest.mark.parametrize("module", [Module.ACCELEROMETER, Module.GYROSCOPE])
def test_a_stream_that_ends_and_comes_back_is_a_pause(module: Module) -> None:
    sent = notifications(*numbered(2000))
    batch = decode([one for one in sent if not (one[1][0] == module and 8.0 <= one[0] - START_S < 11.0)])
    accelerometer, gyroscope = places(batch)
    assert gyroscope[-1] > 1980
    assert np.abs(accelerometer - gyroscope)[np.array(indices(batch)) > 1150].max() <= 1.5 + 1e-9
    assert np.diff(indices(batch)).max() == pytest.approx(300, abs=20)


def test_samples_at_the_end_of_the_range_are_marked() -> None:
    accelerometer, gyroscope = numbered(30)
    gyroscope[10, 1] = math.radians(995.0)
    batch = decode(notifications(accelerometer, gyroscope))
    assert np.flatnonzero(batch.saturated).tolist() == [9]


@given(payloads=st.lists(st.binary(max_size=64), max_size=30))
def test_any_bytes_become_samples_or_bad_frames(payloads: list[bytes]) -> None:
    decoder = MetaMotionDecoder(SETTINGS)
    decoder.decode(payloads, np.arange(len(payloads), dtype=np.int64) * 10_000_000)
    batch = decode(notifications(*numbered(60)), decoder)
    assert batch.bad_frames == ()


@given(
    sizes=st.lists(st.tuples(st.booleans(), st.integers(1, 85)), max_size=200),
    step_ns=st.integers(-(10**9), 2 * 10**10),
)
def test_no_turns_fill_the_memory(sizes: list[tuple[bool, int]], step_ns: int) -> None:
    decoder = MetaMotionDecoder(SETTINGS)
    payloads = [bytes((0x13 if of_gyroscope else 0x03, 5)) + bytes(6 * size) for of_gyroscope, size in sizes]
    decoder.decode(payloads, step_ns * np.arange(len(payloads), dtype=np.int64))
    # eight notifications of the largest size are watched, and eight more until a loss is certain
    assert all(len(waiting) <= 16 * 85 for waiting in decoder._pairs._waiting.values())


@pytest.mark.parametrize("vector", [pytest.param(one, id=one["name"]) for one in GOLDEN["samples"]])
def test_truncated_notifications_are_refused(vector: dict[str, Any]) -> None:
    payload = bytes.fromhex(vector["hex"])
    for length in range(len(payload)):
        whole = length > 2 and (length - 2) % 6 == 0
        batch = decode([(START_S, payload[:length])])
        assert len(batch.bad_frames) == (0 if whole else 1)
        assert len(batch) == 0


def test_what_is_refused_is_told_with_its_place() -> None:
    batch = decode(
        [(START_S, b"\x03\x05"), (START_S, b"\x11\x8c\x63\x34\x10"), (START_S, b"\x03\x05\x00\x00")]
    )
    assert [bad.position for bad in batch.bad_frames] == [0, 1, 2]
    assert [bad.error.field for bad in batch.bad_frames] == ["length", "module", "length"]
    assert all(isinstance(bad.error, FrameError) for bad in batch.bad_frames)
