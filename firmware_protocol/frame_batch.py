"""Many frames decoded at once, for replay: the same samples as one by one, bit for bit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from firmware_protocol.blocks import BoolArray, FloatArray, ImuBlock, Int64Array
from firmware_protocol.errors import FrameError
from firmware_protocol.service import PROTOCOL_MAJOR, Layout
from firmware_protocol.stream import (
    FRAME_FLAGS,
    HEADER_BYTES,
    HEADER_FIELDS,
    HEADER_WORDS,
    RESERVED_FLAGS,
    SAMPLE_BYTES,
    StreamScale,
    parse_header,
    saturated_rows,
)
from firmware_protocol.wire import Bytes

_HEADER_TYPE: Final = np.dtype(
    list(zip(HEADER_FIELDS, ("u1", "u1", "<u2", "<u4", "<u4", "<u2", "u1", "u1"), strict=True))
)
_HEADER_STEPS: Final = np.arange(HEADER_BYTES, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class BadFrame:
    """A frame that was left out.

    Attributes:
        position: its place in the sequence that was handed in.
        error: why it was left out.
    """

    position: int
    error: FrameError


@dataclass(frozen=True, slots=True, eq=False)
class FrameBatch:
    """The samples of F good frames with S samples together, in the order of the frames.

    Attributes:
        accelerometer_m_per_s2: (S, 3) specific force.
        gyroscope_rad_per_s: (S, 3) angular rate.
        device_ticks: (S,) tick of each sample, unwrapped within its frame only.
        saturated: (S,) true where any axis is at 99 % of its full scale or above.
        positions: (F,) place of each frame in the sequence that was handed in.
        first_sample_indices: (F,) index of each frame's first sample, modulo 2**32.
        first_ticks: (F,) tick of each frame's first sample, modulo 2**32.
        interval_ticks: (F,) ticks between two samples.
        sequences: (F,) number of each frame as sent, modulo 2**16.
        flags: (F,) bits of FrameFlag.
        sample_counts: (F,) samples in each frame.
        bad_frames: the frames that were left out, in order.
        held_ns: (F,) ns from the arrival of each frame's samples to that of the notification at its position,
            which completed it; None where all came with it. The samples' arrival tells the sensor's clock.
    """

    accelerometer_m_per_s2: FloatArray
    gyroscope_rad_per_s: FloatArray
    device_ticks: Int64Array
    saturated: BoolArray
    positions: Int64Array
    first_sample_indices: Int64Array
    first_ticks: Int64Array
    interval_ticks: Int64Array
    sequences: Int64Array
    flags: npt.NDArray[np.uint8]
    sample_counts: Int64Array
    bad_frames: tuple[BadFrame, ...]
    held_ns: Int64Array | None = None

    def __len__(self) -> int:
        """Number of samples S."""
        return len(self.device_ticks)

    def blocks(self) -> Iterator[ImuBlock]:
        """Each good frame as a block, in order; its arrays are views of this batch."""
        heads = (
            self.sample_counts,
            self.interval_ticks,
            self.first_sample_indices,
            self.sequences,
            self.flags,
        )
        end = 0
        for count, interval_ticks, first_sample_index, sequence, flags in zip(
            *(head.tolist() for head in heads), strict=True
        ):
            start, end = end, end + count
            yield ImuBlock(
                accelerometer_m_per_s2=self.accelerometer_m_per_s2[start:end],
                gyroscope_rad_per_s=self.gyroscope_rad_per_s[start:end],
                device_ticks=self.device_ticks[start:end],
                interval_ticks=interval_ticks,
                first_sample_index=first_sample_index,
                sequence=sequence,
                flags=FRAME_FLAGS[flags],
                saturated=self.saturated[start:end],
            )


def decode_frames(frames: Sequence[Bytes], scale: StreamScale) -> FrameBatch:
    """All samples of many frames; never raises for a bad frame, but lists it and goes on."""
    lengths = np.fromiter(map(len, frames), np.int64, len(frames))
    joined = b"".join(frames)
    headers, good = _read_headers(joined, lengths)
    positions = np.flatnonzero(good)
    bad_frames = tuple(_bad_frame(frames, position) for position in np.flatnonzero(~good).tolist())
    if bad_frames:
        joined = b"".join([frames[position] for position in positions.tolist()])
    header = headers[positions]
    sample_counts = header["sample_count"].astype(np.int64)
    first_ticks = header["first_tick"].astype(np.int64)
    interval_ticks = header["interval_ticks"].astype(np.int64)
    header_words = (header["version_and_header_length"] & 0x0F).astype(np.int64)
    counts = _read_counts(joined, lengths[positions], header_words)
    steps = _positions_within(sample_counts)
    return FrameBatch(
        accelerometer_m_per_s2=counts[:, :3] * np.float64(scale.accelerometer_m_per_s2_per_count),
        gyroscope_rad_per_s=counts[:, 3:] * np.float64(scale.gyroscope_rad_per_s_per_count),
        device_ticks=np.repeat(first_ticks, sample_counts) + np.repeat(interval_ticks, sample_counts) * steps,
        saturated=saturated_rows(counts),
        positions=positions,
        first_sample_indices=header["first_sample_index"].astype(np.int64),
        first_ticks=first_ticks,
        interval_ticks=interval_ticks,
        sequences=header["sequence"].astype(np.int64),
        flags=header["flags"].copy(),
        sample_counts=sample_counts,
        bad_frames=bad_frames,
    )


def _read_headers(joined: bytes, lengths: Int64Array) -> tuple[npt.NDArray[np.void], BoolArray]:
    """(F,) headers, zero where a frame is too short for one, and (F,) true where the frame is good."""
    headers = np.zeros((len(lengths), HEADER_BYTES), dtype=np.uint8)
    whole = lengths >= HEADER_BYTES
    if len(lengths) and whole[0] and (lengths == lengths[0]).all():
        headers[:] = np.frombuffer(joined, np.uint8).reshape(len(lengths), -1)[:, :HEADER_BYTES]
    else:
        starts = (np.cumsum(lengths) - lengths)[whole]
        headers[whole] = np.frombuffer(joined, np.uint8)[starts[:, None] + _HEADER_STEPS]
    header = headers.view(_HEADER_TYPE)[:, 0]
    version = header["version_and_header_length"]
    header_words = (version & 0x0F).astype(np.int64)
    good: BoolArray = (
        (version >> 4 == PROTOCOL_MAJOR)
        & (header_words >= HEADER_WORDS)
        & (header["flags"] < RESERVED_FLAGS)
        & (header["interval_ticks"] > 0)
        & (header["sample_count"] > 0)
        & (header["layout"] == Layout.SIX_AXIS_INT16)
        & (lengths == header_words * 4 + header["sample_count"].astype(np.int64) * SAMPLE_BYTES)
    )
    return header, good


def _read_counts(joined: bytes, lengths: Int64Array, header_words: Int64Array) -> npt.NDArray[np.int16]:
    """(S, 6) counts of good frames laid end to end: all 32-bit words but those of the headers."""
    words = np.frombuffer(joined, np.uint32)
    if len(lengths) and (lengths == lengths[0]).all() and (header_words == header_words[0]).all():
        # Frames alike, as a sensor sends them: a table whose first columns are the headers.
        counts = words.reshape(len(lengths), -1)[:, int(header_words[0]) :]
        return np.ascontiguousarray(counts).view("<i2").reshape(-1, 6)
    starts = (np.cumsum(lengths) - lengths) // 4
    samples = np.ones(len(words), dtype=np.bool_)
    samples[np.repeat(starts, header_words) + _positions_within(header_words)] = False
    return words[samples].view("<i2").reshape(-1, 6)


def _positions_within(sizes: Int64Array) -> Int64Array:
    """0, 1, 2, ... within each group of the given sizes, one group after the other."""
    starts = np.cumsum(sizes) - sizes
    within: Int64Array = np.arange(int(sizes.sum()), dtype=np.int64) - np.repeat(starts, sizes)
    return within


def _bad_frame(frames: Sequence[Bytes], position: int) -> BadFrame:
    try:
        parse_header(frames[position])
    except FrameError as error:
        return BadFrame(position, error)
    raise RuntimeError(f"frame {position} is refused in a batch and good alone")
