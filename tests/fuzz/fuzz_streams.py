"""Inputs of the fuzzer as notifications of a connection, and what must hold for any decoder of them."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from firmware_protocol import FrameBatch, FrameFlag
from firmware_protocol.decoder import StreamDecoder
from firmware_protocol.makers.stream_settings import StreamSettings

MakeDecoder: TypeAlias = Callable[[StreamSettings], StreamDecoder]

STREAM_SETTINGS = (
    StreamSettings(100.0, 4.0, 1000.0),
    StreamSettings(52.0, 8.0, 2000.0),
    StreamSettings(1e-3, 1e-3, 1e-3),
    StreamSettings(999_999.0, 999_999.0, 999_999.0),
)
"""Usual ones, and the ends of what `StreamSettings` takes; the first byte of an input chooses."""

_STEP_NS = 1_000_000
_ANY_ORIGIN_NS = 10**12
_WRAP = 2**32

Arrivals: TypeAlias = npt.NDArray[np.int64]


def pack(notifications: list[tuple[int, bytes]], settings: int = 0) -> bytes:
    """An input that `unpack` takes apart: each notification after a pause in ms, below zero for one back."""
    parts = [
        bytes((len(payload),)) + pause_ms.to_bytes(2, "little", signed=True) + payload
        for pause_ms, payload in notifications
    ]
    return bytes((settings,)) + b"".join(parts)


def unpack(data: bytes) -> tuple[StreamSettings, list[bytes], Arrivals]:
    """Settings, notifications and arrivals of an input; whatever it is, it means some."""
    settings = STREAM_SETTINGS[(data[0] if data else 0) % len(STREAM_SETTINGS)]
    at, now_ns, payloads, received_ns = 1, _ANY_ORIGIN_NS, [], []
    while at + 3 <= len(data):
        end = at + 3 + data[at]
        now_ns += int.from_bytes(data[at + 1 : at + 3], "little", signed=True) * _STEP_NS
        payloads.append(data[at + 3 : end])
        received_ns.append(now_ns)
        at = end
    return settings, payloads, np.array(received_ns, dtype=np.int64)


def check_stream(make: MakeDecoder, data: bytes) -> int:
    """Decode an input at once and one by one; what must hold is checked.

    Returns:
        Samples that it gave.

    Raises:
        AssertionError: the batch contradicts itself, or depends on how notifications are cut into calls.
    """
    settings, payloads, received_ns = unpack(data)
    whole = make(settings).decode(payloads, received_ns)
    check_batch(whole, len(payloads))
    decoder = make(settings)
    parts = [
        decoder.decode([payload], received_ns[place : place + 1]) for place, payload in enumerate(payloads)
    ]
    for part in parts:
        check_batch(part, 1)
    check_same(whole, parts)
    return len(whole)


def check_batch(batch: FrameBatch, notifications: int) -> None:
    """What holds for a batch alone."""
    samples = len(batch)
    assert batch.accelerometer_m_per_s2.shape == batch.gyroscope_rad_per_s.shape == (samples, 3)
    assert batch.saturated.shape == (samples,)
    assert np.isfinite(batch.accelerometer_m_per_s2).all()
    assert np.isfinite(batch.gyroscope_rad_per_s).all()
    assert int(batch.sample_counts.sum()) == samples
    assert (batch.sample_counts > 0).all()
    assert (batch.interval_ticks > 0).all()
    for wrapped in (batch.first_ticks, batch.first_sample_indices):
        assert ((wrapped >= 0) & (wrapped < _WRAP)).all()
    places = [*batch.positions.tolist(), *(bad.position for bad in batch.bad_frames)]
    assert all(0 <= place < notifications for place in places)
    assert (np.diff(batch.positions) >= 0).all()
    assert sum(len(block) for block in batch.blocks()) == samples


def check_same(whole: FrameBatch, parts: list[FrameBatch]) -> None:
    """The same samples and the same bad notifications, however they were cut."""
    for name in ("accelerometer_m_per_s2", "gyroscope_rad_per_s", "saturated"):
        joined = [getattr(part, name) for part in parts] or [getattr(whole, name)]
        np.testing.assert_array_equal(getattr(whole, name), np.concatenate(joined))
    numbers = [_numbers(part) for part in parts] or [_numbers(whole)]
    np.testing.assert_array_equal(_numbers(whole), np.concatenate(numbers))
    bad = [place for place, part in enumerate(parts) if part.bad_frames]
    assert sorted({one.position for one in whole.bad_frames}) == bad


def _numbers(batch: FrameBatch) -> npt.NDArray[np.int64]:
    """(S, 3) index and tick of each sample, wrapped, and whether times begin anew with it."""
    starts = np.cumsum(batch.sample_counts) - batch.sample_counts
    within = np.arange(len(batch)) - np.repeat(starts, batch.sample_counts)
    indices = np.repeat(batch.first_sample_indices, batch.sample_counts) + within
    jumps = np.repeat(batch.flags & FrameFlag.TIME_JUMP > 0, batch.sample_counts) & (within == 0)
    return np.stack([indices % _WRAP, batch.device_ticks % _WRAP, jumps.astype(np.int64)], axis=1)
