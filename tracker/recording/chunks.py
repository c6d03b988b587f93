"""Unpacks chunks and takes their messages out, within limits."""

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeAlias

import zstandard
from mcap.opcode import Opcode
from mcap.records import Channel

from tracker.recording.container import MESSAGE_FIXED_BYTES, MESSAGE_HEAD
from tracker.recording.format import (
    MAX_CHANNEL_BYTES,
    MAX_CHUNK_BYTES,
    MAX_RECORD_BYTES,
    max_unpacked_bytes,
)
from tracker.recording.records import parse_record
from tracker.recording.walk import RECORD_HEAD_BYTES, ChunkFrame, read_at

RawMessage: TypeAlias = tuple[int, int, int, int, bytes]
"""Channel, sequence, log time, publish time, payload."""

_RECORD_HEAD = struct.Struct("<BQ")


class BadChunkError(ValueError):
    """A chunk that cannot be unpacked, or whose content is not what it must be."""


def unpack_chunk(file: BinaryIO, frame: ChunkFrame) -> bytes:
    """The records of a chunk, checked against its CRC.

    Raises:
        BadChunkError: the bytes are damaged or would unpack to more than 8 MiB.
    """
    packed = read_at(file, frame.data_offset, frame.data_size)
    if len(packed) < frame.data_size:
        raise BadChunkError("the file ends in it")
    data = _UNPACK[frame.compression](packed, max_unpacked_bytes(len(packed)))
    if zlib.crc32(data) != frame.crc:
        raise BadChunkError("its CRC does not fit")
    return data


def _stored(packed: bytes, limit: int) -> bytes:
    if len(packed) > limit:
        raise BadChunkError("it is too large")
    return packed


def _unzstd(packed: bytes, limit: int) -> bytes:
    try:
        claimed = zstandard.get_frame_parameters(packed).content_size
        # The size in the frame decides what is allocated, whatever limit is asked for.
        if zstandard.CONTENTSIZE_UNKNOWN != claimed > limit:
            raise BadChunkError("it is too large")
        decompressor = zstandard.ZstdDecompressor(max_window_size=MAX_CHUNK_BYTES)
        return decompressor.decompress(packed, max_output_size=limit)
    except zstandard.ZstdError as error:
        raise BadChunkError("it cannot be unpacked") from error


_UNPACK: dict[str, Callable[[bytes, int], bytes]] = {"": _stored, "zstd": _unzstd}


def messages(data: bytes, on_channel: Callable[[Channel], None]) -> Iterator[RawMessage]:
    """The messages in an unpacked chunk; its channels go to `on_channel` as they come.

    Raises:
        BadChunkError: at a record that is none; what came before is whole.
    """
    unpack_head, head_bytes, size = MESSAGE_HEAD.unpack_from, MESSAGE_HEAD.size, len(data)
    position = 0
    while position < size:
        if data[position] == Opcode.MESSAGE and size - position >= head_bytes:
            _, length, channel, sequence, log_ns, publish_ns = unpack_head(data, position)
            end = position + RECORD_HEAD_BYTES + length
            if end > size or not MESSAGE_FIXED_BYTES <= length <= MAX_RECORD_BYTES:
                raise BadChunkError("a message has an impossible length")
            yield channel, sequence, log_ns, publish_ns, data[position + head_bytes : end]
        else:
            end = _other_record(data, position, on_channel)
        position = end


def _other_record(data: bytes, position: int, on_channel: Callable[[Channel], None]) -> int:
    """Take a record that is no message; returns the position behind it."""
    if len(data) - position < RECORD_HEAD_BYTES:
        raise BadChunkError("a record is cut")
    opcode, length = _RECORD_HEAD.unpack_from(data, position)
    begin = position + RECORD_HEAD_BYTES
    end: int = begin + length
    if end > len(data) or opcode == Opcode.MESSAGE:
        raise BadChunkError("a record is longer than its chunk")
    if opcode == Opcode.CHANNEL and length <= MAX_CHANNEL_BYTES:
        channel = parse_record(opcode, data[begin:end])
        if isinstance(channel, Channel):
            on_channel(channel)
    return end
