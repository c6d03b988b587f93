"""Notifications of Polar's measurement service: a reference sample, then blocks of differences to the next.

Layout, little-endian: u8 measurement, u64 ns since 2000 at the last sample, u8 frame type (0x80: with
differences), the reference sample, then for each block u8 bits, u8 samples and their differences packed from
the lowest bit on.

Source: polarofficial/polar-ble-sdk, technical_documentation/online_measurement.pdf, and its unit tests.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from firmware_protocol.blocks import FloatArray, Int64Array
from firmware_protocol.errors import FrameError, ProtocolError
from firmware_protocol.wire import Bytes

HEADER: Final = struct.Struct("<BQB")
AXES: Final = 3
DIFFERENCES: Final = 0x80
MEASUREMENT_BITS: Final = 0x3F
LARGEST_FRAME_BYTES: Final = 232
"""No notification is longer, whatever the MTU."""
BLOCK_SAMPLES: Final = 10
"""Samples in a block of the encoder, the same as in the recorded frames."""
_BLOCK_HEAD_BYTES: Final = 2
_LATEST_NS: Final = 1 << 62
"""The year 2146: later stamps are no times."""


class Measurement(IntEnum):
    """Which stream a notification or a request is of."""

    ACCELEROMETER = 2
    GYROSCOPE = 5
    SDK_MODE = 9


class Sample(IntEnum):
    """What one axis of a sample is."""

    COUNTS = 0
    """int16, times the factor of the start answer in g or deg/s."""
    MILLI_G = 1
    """int16, times the factor of the start answer in thousandths of g."""
    FLOAT = 2
    """float32, times the factor of the start answer in deg/s; its differences are those of its bits."""


FRAME_TYPES: Final = {
    (Measurement.ACCELEROMETER, DIFFERENCES): Sample.COUNTS,
    (Measurement.ACCELEROMETER, DIFFERENCES | 1): Sample.MILLI_G,
    (Measurement.ACCELEROMETER, 1): Sample.MILLI_G,
    (Measurement.GYROSCOPE, DIFFERENCES): Sample.COUNTS,
    (Measurement.GYROSCOPE, DIFFERENCES | 1): Sample.FLOAT,
}


@dataclass(frozen=True, slots=True, eq=False)
class PolarFrame:
    """What one notification holds.

    Attributes:
        measurement: ACCELEROMETER or GYROSCOPE.
        last_ns: the sensor's clock at the last sample, ns since 2000.
        sample: what the values are.
        values: (N, 3) as sent, before the factor.
    """

    measurement: Measurement
    last_ns: int
    sample: Sample
    values: FloatArray


def decode_frame(data: Bytes) -> PolarFrame:
    """The samples of one notification.

    Raises:
        FrameError: another measurement or frame type, bytes that are missing, or values that do not fit.
    """
    if len(data) < HEADER.size:
        raise FrameError("length", len(data), f"{len(data)} bytes, a header has {HEADER.size}")
    first, last_ns, frame_type = HEADER.unpack_from(data)
    if first & MEASUREMENT_BITS not in (Measurement.ACCELEROMETER, Measurement.GYROSCOPE):
        raise FrameError("measurement", 0, f"{first:#04x} is neither accelerometer nor gyroscope")
    measurement = Measurement(first & MEASUREMENT_BITS)
    sample = FRAME_TYPES.get((measurement, frame_type))
    if sample is None:
        raise FrameError("frame_type", HEADER.size - 1, f"unknown frame type {frame_type:#04x}")
    if last_ns >= _LATEST_NS:
        raise FrameError("timestamp", 1, f"{last_ns} ns since 2000 is no time")
    content = bytes(data[HEADER.size :])
    values = _differences(content, sample) if frame_type & DIFFERENCES else _plain(content)
    return PolarFrame(measurement, last_ns, sample, _checked(values, sample))


def encode_frame(measurement: Measurement, last_ns: int, values: Int64Array, *, frame_type: int) -> bytes:
    """One notification with differences.

    Args:
        values: (N, 3) int16 counts, or for float32 samples their bits as int32; at least one row.

    Raises:
        ProtocolError: no samples, values that do not fit, or a frame type without differences.
    """
    sample = FRAME_TYPES.get((measurement, frame_type))
    if sample is None or not frame_type & DIFFERENCES:
        raise ProtocolError(f"frame type {frame_type:#04x} cannot be sent", advice="Take one of FRAME_TYPES.")
    bits = _bits(sample)
    if len(values) == 0 or np.abs(values * 2 + 1).max() >= 1 << bits:
        raise ProtocolError(f"samples do not fit {bits} bits", advice="Give at least one sample, in range.")
    parts = [HEADER.pack(measurement, last_ns, frame_type), values[0].astype(f"<i{bits // 8}").tobytes()]
    differences = np.diff(values, axis=0)
    starts = range(0, len(differences), BLOCK_SAMPLES)
    return b"".join([*parts, *(_block(differences[start : start + BLOCK_SAMPLES]) for start in starts)])


def samples_that_fit(counts: Int64Array, most_bytes: int) -> int:
    """How many of these (N, 3) int16 samples, from the first on, one notification of so many bytes holds."""
    used, fitting = HEADER.size + AXES * 2, 1
    differences = np.diff(counts, axis=0)
    for start in range(0, len(differences), BLOCK_SAMPLES):
        block = differences[start : start + BLOCK_SAMPLES]
        size = len(_block(block))
        if used + size > most_bytes:
            break
        used, fitting = used + size, fitting + len(block)
    return fitting


def _differences(content: bytes, sample: Sample) -> Int64Array:
    """(N, 3) the reference sample and those that its differences lead to."""
    width = _bits(sample) // 8
    offset = AXES * width
    if len(content) < offset:
        raise FrameError("length", HEADER.size + len(content), "the reference sample is cut")
    rows = [np.frombuffer(content[:offset], f"<i{width}").astype(np.int64)[None]]
    while offset < len(content):
        if len(content) < offset + _BLOCK_HEAD_BYTES:
            raise FrameError("length", HEADER.size + len(content), "the head of a block is cut")
        bits, samples = content[offset], content[offset + 1]
        offset += _BLOCK_HEAD_BYTES
        if bits > 32 or samples == 0:
            raise FrameError("block", HEADER.size + offset, f"{samples} samples of {bits} bits")
        end = offset + -(-bits * samples * AXES // 8)
        if len(content) < end:
            raise FrameError("length", HEADER.size + len(content), f"a block ends at {HEADER.size + end}")
        rows.append(_unpacked(content[offset:end], bits, samples))
        offset = end
    return np.cumsum(np.concatenate(rows), axis=0)


def _unpacked(packed: bytes, bits: int, samples: int) -> Int64Array:
    """(samples, 3) signed numbers of so many bits, packed from the lowest bit on."""
    if bits == 0:
        return np.zeros((samples, AXES), dtype=np.int64)
    digits = np.unpackbits(np.frombuffer(packed, np.uint8), count=bits * samples * AXES, bitorder="little")
    weights = np.left_shift(np.int64(1), np.arange(bits, dtype=np.int64))
    weights[-1] = -weights[-1]
    numbers: Int64Array = digits.reshape(-1, bits).astype(np.int64) @ weights
    return numbers.reshape(samples, AXES)


def _block(differences: Int64Array) -> bytes:
    """A block of 1 to 255 samples, in as few bits as they need."""
    # -1 needs as many bits as 0: the magnitude of a negative number is one less for this
    magnitude = int(np.where(differences < 0, -1 - differences, differences).max())
    bits = magnitude.bit_length() + 1
    digits = (differences.reshape(-1, 1) >> np.arange(bits)) & 1
    packed = np.packbits(digits.astype(np.uint8).ravel(), bitorder="little").tobytes()
    return bytes((bits, len(differences))) + packed


def _plain(content: bytes) -> Int64Array:
    """(N, 3) int16 samples without differences."""
    size = AXES * 2
    if len(content) == 0 or len(content) % size:
        raise FrameError(
            "length", HEADER.size + len(content), f"{len(content)} bytes are no samples of {size}"
        )
    return np.frombuffer(content, "<i2").astype(np.int64).reshape(-1, AXES)


def _checked(values: Int64Array, sample: Sample) -> FloatArray:
    limit = 1 << (_bits(sample) - 1)
    if values.min() < -limit or values.max() >= limit:
        raise FrameError("block", HEADER.size, "the differences lead out of the range of a sample")
    if sample is not Sample.FLOAT:
        return values.astype(np.float64)
    # bytes of a signalling NaN are no reason for a warning
    with np.errstate(invalid="ignore"):
        numbers = values.astype("<i4").view("<f4").astype(np.float64)
    if not (np.abs(numbers) < 1e6).all():
        raise FrameError("block", HEADER.size, "the differences lead to no number")
    return numbers


def _bits(sample: Sample) -> int:
    return 32 if sample is Sample.FLOAT else 16
