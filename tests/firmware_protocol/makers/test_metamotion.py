"""MetaMotion's bytes: golden vectors, round trips, ticks, and bytes that are none."""

import json
import math
from importlib import resources
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from metamotion_streams import INTERVAL_S, SETTINGS, START_S, UNITS, decode, indices, notifications, numbered

from firmware_protocol import FrameError, FrameFlag
from firmware_protocol.blocks import FloatArray
from firmware_protocol.decoder import Lack, StreamDecoder
from firmware_protocol.makers.metamotion import (
    MetaMotionDecoder,
    decode_samples,
    units_of,
)
from firmware_protocol.makers.metamotion_registers import Chip
from firmware_protocol.makers.stream_settings import StreamSettings

GOLDEN: dict[str, Any] = json.loads(
    resources.files("firmware_protocol.makers").joinpath("golden/metamotion.json").read_text(encoding="utf-8")
)
GRAVITY = 9.80665


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
