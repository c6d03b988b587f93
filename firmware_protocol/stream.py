"""One frame of the stream: 16 bytes of header, then int16 samples. Bytes to samples and back."""

import math
import operator
import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from firmware_protocol.blocks import BoolArray, ImuBlock
from firmware_protocol.errors import FrameError, ProtocolError
from firmware_protocol.service import PROTOCOL_MAJOR, FrameFlag, Layout
from firmware_protocol.wire import Bytes

STANDARD_GRAVITY_M_PER_S2: Final = 9.80665
FULL_SCALE_COUNTS: Final = 32_768
SATURATED_COUNTS: Final = 32_441
"""Smallest magnitude that counts as saturated: 99 % of full scale, rounded up."""

HEADER: Final = struct.Struct("<BBHIIHBB")
HEADER_FIELDS: Final = (
    "version_and_header_length",
    "flags",
    "sequence",
    "first_sample_index",
    "first_tick",
    "interval_ticks",
    "sample_count",
    "layout",
)
HEADER_OFFSETS: Final = dict(zip(HEADER_FIELDS, (0, 1, 2, 4, 8, 12, 14, 15), strict=True))
HEADER_BYTES: Final = HEADER.size
HEADER_WORDS: Final = HEADER_BYTES // 4
SAMPLE_BYTES: Final = 12
RESERVED_FLAGS: Final = 0x80
MAXIMUM_SAMPLES: Final = 255

ATT_HEADER_BYTES: Final = 3
ATT_VALUE_BYTES: Final = 512
MINIMUM_MTU: Final = ATT_HEADER_BYTES + HEADER_BYTES + 7 * SAMPLE_BYTES
"""Below this MTU a sensor refuses START: fewer than seven samples a frame waste the link."""

VERSION_BYTE: Final = PROTOCOL_MAJOR << 4 | HEADER_WORDS
FRAME_FLAGS: Final = tuple(FrameFlag(value) for value in range(RESERVED_FLAGS))
"""Every value of the flags byte, ready made: making one anew costs as much as decoding a header."""
_ENCODE_ADVICE: Final = "Give (N, 6) int16 counts with 1 to 255 rows and header values that fit their fields."


@dataclass(frozen=True, slots=True)
class StreamScale:
    """Factors that turn counts into SI units.

    Attributes:
        accelerometer_m_per_s2_per_count: specific force of one count.
        gyroscope_rad_per_s_per_count: angular rate of one count.
    """

    accelerometer_m_per_s2_per_count: float
    gyroscope_rad_per_s_per_count: float

    @classmethod
    def from_ranges(cls, accelerometer_range_g: float, gyroscope_range_dps: float) -> "StreamScale":
        """Scale at which the range's end is 32,768 counts; ProtocolError where a range is not above zero."""
        for name, value in (("accelerometer", accelerometer_range_g), ("gyroscope", gyroscope_range_dps)):
            if not (math.isfinite(value) and value > 0):
                raise ProtocolError(
                    f"{name} range {value!r} is no range", advice="Take a range from the capabilities."
                )
        return cls(
            accelerometer_range_g * STANDARD_GRAVITY_M_PER_S2 / FULL_SCALE_COUNTS,
            math.radians(gyroscope_range_dps) / FULL_SCALE_COUNTS,
        )


def samples_per_frame(mtu: int) -> int:
    """Samples that fit one notification at this ATT MTU; 0 where not even one does."""
    value_bytes = min(mtu - ATT_HEADER_BYTES, ATT_VALUE_BYTES)
    return max(0, (value_bytes - HEADER_BYTES) // SAMPLE_BYTES)


def encode_frame(
    counts: npt.NDArray[np.int16],
    *,
    first_sample_index: int,
    first_tick: int,
    interval_ticks: int,
    sequence: int,
    flags: FrameFlag = FrameFlag.NONE,
) -> bytes:
    """Bytes of one frame.

    Args:
        counts: (N, 6) int16, accelerometer x, y, z then gyroscope x, y, z, 1 to 255 rows.
        first_sample_index: index of the first sample since START; its low 32 bits are sent.
        first_tick: device tick of the first sample; its low 32 bits are sent.
        interval_ticks: ticks between two samples, 1 to 65,535.
        sequence: number of the frame; its low 16 bits are sent.
        flags: what is to be said about the frame.

    Raises:
        ProtocolError: counts of another shape or type, or a value that no field can carry.
    """
    if counts.dtype.kind != "i" or counts.dtype.itemsize != 2:
        raise ProtocolError(f"counts are {counts.dtype}, not int16", advice=_ENCODE_ADVICE)
    if counts.ndim != 2 or counts.shape[1] != 6 or not 1 <= len(counts) <= MAXIMUM_SAMPLES:
        raise ProtocolError(f"counts have the shape {counts.shape}", advice=_ENCODE_ADVICE)
    if not 1 <= interval_ticks <= 0xFFFF:
        raise ProtocolError(f"interval_ticks = {interval_ticks!r} does not fit u16", advice=_ENCODE_ADVICE)
    if not 0 <= flags < RESERVED_FLAGS:
        raise ProtocolError(f"flags = {int(flags):#x} set a reserved bit", advice=_ENCODE_ADVICE)
    header = HEADER.pack(
        VERSION_BYTE,
        flags,
        _low_bits(sequence, 16, "sequence"),
        _low_bits(first_sample_index, 32, "first_sample_index"),
        _low_bits(first_tick, 32, "first_tick"),
        interval_ticks,
        len(counts),
        Layout.SIX_AXIS_INT16,
    )
    return header + counts.astype("<i2", copy=False).tobytes()


def decode_frame(data: Bytes, scale: StreamScale) -> ImuBlock:
    """Samples of one frame in SI units; FrameError names the field and byte where it breaks the protocol."""
    header_bytes, flags, sequence, first_sample_index, first_tick, interval_ticks, count = parse_header(data)
    counts = np.frombuffer(data, "<i2", count * 6, header_bytes).reshape(count, 6)
    return ImuBlock(
        accelerometer_m_per_s2=counts[:, :3] * np.float64(scale.accelerometer_m_per_s2_per_count),
        gyroscope_rad_per_s=counts[:, 3:] * np.float64(scale.gyroscope_rad_per_s_per_count),
        device_ticks=np.arange(
            first_tick, first_tick + count * interval_ticks, interval_ticks, dtype=np.int64
        ),
        interval_ticks=interval_ticks,
        first_sample_index=first_sample_index,
        sequence=sequence,
        flags=FRAME_FLAGS[flags],
        saturated=saturated_rows(counts),
    )


def parse_header(data: Bytes) -> tuple[int, int, int, int, int, int, int]:
    """Header length in bytes, flags, sequence, first index, first tick, interval and sample count.

    Raises FrameError where the header or the frame's length breaks the protocol.
    """
    if len(data) < HEADER_BYTES:
        raise FrameError("length", len(data), f"{len(data)} bytes, a header has {HEADER_BYTES}")
    version, flags, sequence, first_sample_index, first_tick, interval_ticks, count, layout = (
        HEADER.unpack_from(data)
    )
    header_bytes = (version & 0x0F) * 4
    if version != VERSION_BYTE:
        _check_version(version)
    if flags >= RESERVED_FLAGS:
        raise FrameError("flags", 1, f"reserved bit set in {flags:#04x}")
    if interval_ticks == 0:
        raise FrameError("interval_ticks", 12, "zero")
    if count == 0:
        raise FrameError("sample_count", 14, "zero")
    if layout != Layout.SIX_AXIS_INT16:
        raise FrameError("layout", 15, f"unknown layout {layout}")
    expected = header_bytes + count * SAMPLE_BYTES
    if len(data) != expected:
        raise FrameError("length", min(len(data), expected), f"{len(data)} bytes, {expected} expected")
    return header_bytes, flags, sequence, first_sample_index, first_tick, interval_ticks, count


def saturated_rows(counts: npt.NDArray[np.int16]) -> BoolArray:
    """(N,) true where any of the (N, 6) counts is at 99 % of full scale or above."""
    # The magnitude of -32,768 does not fit int16, but its bits read as unsigned are right.
    magnitudes = np.absolute(counts).view(np.uint16)
    # argmax() of a small array takes a third of the time of max().
    if magnitudes.size == 0 or magnitudes.item(magnitudes.argmax()) < SATURATED_COUNTS:
        return np.zeros(len(counts), dtype=np.bool_)
    return np.asarray((magnitudes >= SATURATED_COUNTS).any(axis=1))


def _check_version(version: int) -> None:
    field = HEADER_FIELDS[0]
    if version >> 4 != PROTOCOL_MAJOR:
        advice = f"Bring sensor and receiver to the same major version; this receiver has {PROTOCOL_MAJOR}."
        raise FrameError(field, 0, f"protocol major {version >> 4}, {PROTOCOL_MAJOR} known", advice=advice)
    if version & 0x0F < HEADER_WORDS:
        raise FrameError(field, 0, f"header of {version & 0x0F} words, at least {HEADER_WORDS} needed")


def _low_bits(value: int, bits: int, name: str) -> int:
    number = operator.index(value)
    if number < 0:
        raise ProtocolError(f"{name} = {value!r} is negative", advice=_ENCODE_ADVICE)
    return number & ((1 << bits) - 1)
