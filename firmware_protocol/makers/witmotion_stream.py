"""Samples of WitMotion's Bluetooth LE sensors: records of 20 bytes, one sample each, without number or time.

A record is 55 61, then nine int16, little-endian: acceleration x, y, z of 16 g, rate x, y, z of 2000 deg/s
and three angles of 180 deg full scale; the angles are not used. It has no checksum on this link. A
notification holds one record or several. Axes are those printed on the sensor, right-handed; at rest the
acceleration points up, and a rate is positive by the right-hand rule.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from firmware_protocol.blocks import FloatArray, Int64Array
from firmware_protocol.decoder import Lack, StreamDescription
from firmware_protocol.errors import FrameError
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.makers.counted_ticks import TICK_RATE_HZ, CountedTicks
from firmware_protocol.makers.frame_builder import FrameBuilder
from firmware_protocol.makers.stream_settings import StreamSettings
from firmware_protocol.makers.witmotion import ACCELEROMETER_RANGE_G, GYROSCOPE_RANGE_DPS, REPLY_HEAD
from firmware_protocol.stream import FULL_SCALE_COUNTS, StreamScale, saturated_rows
from firmware_protocol.wire import Bytes

RECORD_HEAD: Final = b"\x55\x61"
RECORD_BYTES: Final = 20
_HEADS: Final = (RECORD_HEAD, REPLY_HEAD)
_WORDS: Final = RECORD_BYTES // 2
_LACKS: Final = frozenset({Lack.TIMESTAMPS, Lack.LOSS_COUNT, Lack.BACKFILL})


class WitMotionDecoder:
    """A `StreamDecoder` for one connection.

    Args:
        settings: rate and ranges in force.
    """

    def __init__(self, settings: StreamSettings) -> None:
        self._scale = StreamScale.from_ranges(settings.accelerometer_range_g, settings.gyroscope_range_dps)
        self._description = StreamDescription(TICK_RATE_HZ, (settings.rate_hz,), _LACKS)
        self._ticks = CountedTicks(settings.rate_hz)
        self._reader = RecordReader()
        self._waiting = b""

    @property
    def description(self) -> StreamDescription:
        """What the frames are counted in."""
        return self._description

    def decode(self, payloads: Sequence[Bytes], received_ns: Int64Array) -> FrameBatch:
        """The frames that these notifications complete; see `StreamDecoder.decode`."""
        builder, records, frames = FrameBuilder(), [self._waiting], []
        for position, (payload, at_ns) in enumerate(zip(payloads, received_ns.tolist(), strict=True)):
            found, error = self._reader.read(payload)
            if error is not None:
                builder.refuse(position, error)
            if found:
                records += found
                frames += [(position, frame) for frame in self._ticks.take(len(found), at_ns)]
        joined = b"".join(records)
        counts = np.frombuffer(joined, "<i2").reshape(-1, _WORDS)[:, 1:7].astype(np.int16)
        saturated = saturated_rows(counts)
        accelerometer = counts[:, :3] * np.float64(self._scale.accelerometer_m_per_s2_per_count)
        gyroscope = counts[:, 3:] * np.float64(self._scale.gyroscope_rad_per_s_per_count)
        end = 0
        for position, frame in frames:
            start, end = end, end + frame.samples
            builder.add(
                position,
                first_sample_index=frame.first_sample_index,
                first_tick=frame.first_tick,
                interval_ticks=frame.interval_ticks,
                accelerometer_m_per_s2=accelerometer[start:end],
                gyroscope_rad_per_s=gyroscope[start:end],
                saturated=saturated[start:end],
                flags=frame.flags,
            )
        self._waiting = joined[end * RECORD_BYTES :]
        return builder.batch()


class RecordReader:
    """Finds records in the notifications of one connection, also where one is parted between two."""

    def __init__(self) -> None:
        self._rest = b""

    def read(self, payload: Bytes) -> tuple[list[bytes], FrameError | None]:
        """The records of samples that a notification completes, and what is wrong with it."""
        data, rest_bytes, error = self._rest + bytes(payload), len(self._rest), None
        if rest_bytes and not _begins(data, 0) and _begins(data, rest_bytes):
            error = FrameError(
                "length", rest_bytes, f"a record ends after {rest_bytes} of {RECORD_BYTES} bytes"
            )
            data = data[rest_bytes:]
        elif not payload:
            error = FrameError("length", 0, "the notification is empty")
        records, at = [], 0
        while at < len(data):
            if data[at : at + 2] not in _HEADS and data[at:] != RECORD_HEAD[:1]:
                error = error or FrameError("head", at, f"{data[at : at + 2].hex()} begins no record")
                at = _next_record(data, at + 1)
                continue
            if at + RECORD_BYTES > len(data):
                break
            if data[at : at + 2] == RECORD_HEAD:
                records.append(data[at : at + RECORD_BYTES])
            at += RECORD_BYTES
        self._rest = data[at:]
        return records, error


def _begins(data: bytes, at: int) -> bool:
    """Whether a record begins there, by its own head and by that of what follows."""
    follower = data[at + RECORD_BYTES : at + RECORD_BYTES + 2]
    return data[at : at + 2] in _HEADS and any(head.startswith(follower) for head in _HEADS)


def _next_record(data: bytes, at: int) -> int:
    """Where the next record begins; the end of the data where none does."""
    while at < len(data):
        if _begins(data, at) or data[at:] == RECORD_HEAD[:1]:
            return at
        at += 1
    return at


def counts_of(accelerometer_m_per_s2: FloatArray, gyroscope_rad_per_s: FloatArray) -> npt.NDArray[np.int16]:
    """(N, 6) counts of (N, 3) accelerations and (N, 3) rates; what is beyond a range is at its end."""
    scale = StreamScale.from_ranges(ACCELEROMETER_RANGE_G, GYROSCOPE_RANGE_DPS)
    accelerometer = accelerometer_m_per_s2 / scale.accelerometer_m_per_s2_per_count
    gyroscope = gyroscope_rad_per_s / scale.gyroscope_rad_per_s_per_count
    counts = np.rint(np.hstack([accelerometer, gyroscope]))
    return np.clip(counts, -FULL_SCALE_COUNTS, FULL_SCALE_COUNTS - 1).astype(np.int16)


def encode_records(counts: npt.NDArray[np.int16]) -> bytes:
    """Records of (N, 6) counts, accelerometer x, y, z then gyroscope x, y, z; their angles are zero."""
    words = np.zeros((len(counts), _WORDS), dtype="<i2")
    words[:, 0] = int.from_bytes(RECORD_HEAD, "little")
    words[:, 1:7] = counts
    return words.tobytes()
