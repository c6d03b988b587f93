"""Records of Backfill: what comes from memory is checked before it is believed."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocol import Capabilities, Feature, FrameError, FrameFlag, ProtocolError, encode_frame
from firmware_protocol.backfill import (
    decode_backfill_record,
    encode_backfill_record,
    is_backfill_record,
    samples_per_record,
)
from firmware_protocol.decoder import Lack
from firmware_protocol.hip_imu_decoder import HipImuDecoder

CAPABILITIES = Capabilities(
    device_id=b"12345678",
    firmware="test 1.1.0",
    tick_rate_hz=1_000_000,
    sample_rates_hz=(100.0,),
    accelerometer_ranges_g=(4,),
    gyroscope_ranges_dps=(1000,),
    accelerometer_range_g=4,
    gyroscope_range_dps=1000,
)


def frame(first: int, samples: int = 3, flags: FrameFlag = FrameFlag.NONE) -> bytes:
    counts = (np.arange(samples * 6, dtype=np.int16) + first).reshape(samples, 6)
    return encode_frame(
        counts,
        first_sample_index=first,
        first_tick=first * 10_000,
        interval_ticks=10_000,
        sequence=first,
        flags=flags,
    )


def record(first: int) -> bytes:
    return encode_backfill_record(frame(first, flags=FrameFlag.BACKFILL))


def test_a_record_is_the_frame_and_its_crc32() -> None:
    again = frame(7, flags=FrameFlag.BACKFILL)
    assert record(7) == again + zlib.crc32(again).to_bytes(4, "little")
    assert decode_backfill_record(record(7)) == again


def test_18_samples_fit_the_mtu_that_most_links_have() -> None:
    # 247 - 3 bytes of ATT - 16 of header - 4 of checksum = 224 bytes: 18 samples of 12
    assert samples_per_record(247) == 18
    assert samples_per_record(23) == 0


@given(st.integers(0, 55), st.integers(1, 255))
def test_any_byte_that_changed_in_memory_is_noticed(place: int, change: int) -> None:
    damaged = bytearray(record(7))
    damaged[place] ^= change
    with pytest.raises(FrameError):
        decode_backfill_record(bytes(damaged))


@given(st.binary(max_size=80))
def test_random_bytes_are_no_record(data: bytes) -> None:
    with pytest.raises(FrameError):
        decode_backfill_record(data)


def test_a_frame_of_the_stream_makes_no_record() -> None:
    with pytest.raises(ProtocolError, match="BACKFILL"):
        encode_backfill_record(frame(7))
    assert not is_backfill_record(frame(7))


def test_frames_and_records_are_decoded_in_their_order() -> None:
    damaged = bytearray(record(3))
    damaged[20] ^= 1
    payloads = [frame(0), bytes(damaged), frame(9), record(3), b"", record(6)]
    batch = HipImuDecoder(CAPABILITIES).decode(payloads, np.zeros(6, dtype=np.int64))
    assert batch.positions.tolist() == [0, 2, 3, 5]
    assert batch.first_sample_indices.tolist() == [0, 9, 3, 6]
    assert [bad.position for bad in batch.bad_frames] == [1, 4]
    counts = np.array([0, 9, 3, 6])[:, None] + np.arange(18)
    expected = counts.reshape(-1, 6)[:, :3] * CAPABILITIES.scale.accelerometer_m_per_s2_per_count
    np.testing.assert_array_equal(batch.accelerometer_m_per_s2, expected)


@pytest.mark.parametrize("features", [Feature.NONE, Feature.RESUME_AND_FETCH])
def test_a_sensor_without_memory_says_so(features: Feature) -> None:
    from dataclasses import replace

    lacks = HipImuDecoder(replace(CAPABILITIES, features=features)).description.lacks
    assert lacks == (set() if features else {Lack.BACKFILL})
