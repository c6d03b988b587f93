"""Goes through the records of an MCAP file whose bytes cannot be trusted.

mcap's own readers allocate what a length field claims, take a short read for a whole one, and stop at the
first record that makes no sense. Here every length is checked against the file before anything is read, and
where a record makes no sense the walk goes on at the next chunk.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, TypeAlias

from mcap.opcode import Opcode
from mcap.records import Channel, Metadata, Schema

from tracker.recording.container import MAGIC
from tracker.recording.format import MAX_CHANNEL_BYTES, MAX_CHUNK_BYTES, MAX_RECORD_BYTES
from tracker.recording.records import is_header, parse_record

RECORD_HEAD_BYTES: Final = 9

_RECORD_HEAD = struct.Struct("<BQ")
_CHUNK_HEAD = struct.Struct("<BQQQQII")
"""Opcode, length, first and last log time, unpacked size, CRC, length of the compression's name."""
_CHUNK_FIXED_BYTES = 8 + 8 + 8 + 4 + 4 + 8
_CHUNK_MARK = b"\x04\x00\x00\x00zstd"
_CHUNK_MARK_AT = _CHUNK_HEAD.size - 4
_COMPRESSIONS = {b"": "", b"zstd": "zstd"}
_PEEK_BYTES = _CHUNK_HEAD.size + 4 + 8
_FOOTER = struct.Struct("<BQQQI8s")
_DATA_END_BYTES = RECORD_HEAD_BYTES + 4
# A search begins small: a file of many small faults must not cost a large read for each.
_FIRST_WINDOW_BYTES = 1 << 12
_WINDOW_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ChunkFrame:
    """Where a chunk stands and what its head says; the stamps are not guarded by a CRC."""

    offset: int
    size: int
    first_log_ns: int
    last_log_ns: int
    crc: int
    compression: str
    data_offset: int
    data_size: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A stretch that is no record."""

    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class End:
    """The last of a walk.

    Attributes:
        unread: bytes after the last whole record that are none.
        closed: the data section was closed, footer and magic stand at the end.
        summary_whole: the summary's CRC fits.
    """

    unread: int
    closed: bool
    summary_whole: bool


Frame: TypeAlias = ChunkFrame | Schema | Channel | Metadata | Unreadable | End

_PARSED = frozenset({Opcode.SCHEMA, Opcode.CHANNEL, Opcode.METADATA})


def walk(file: BinaryIO, size: int) -> Iterator[Frame]:
    """The frames of a file in order; the last one is `End`, and the only `End`.

    Args:
        file: open at any position, behind its magic.
        size: its length, bytes; what lies behind is not read.
    """
    position = len(MAGIC)
    while position < size:
        head = _peek(file, position)
        frame, end = _frame(file, head, position, size)
        if frame is None and end == 0:
            end = _resume(file, position + 1, size)
            if end == size:
                break
            frame = Unreadable(position, end - position)
        if isinstance(frame, End):
            yield frame
            return
        if frame is not None:
            yield frame
        position = end
    yield End(unread=size - position, closed=False, summary_whole=True)


def read_at(file: BinaryIO, offset: int, length: int) -> bytes:
    """Bytes of a file; fewer at its end."""
    file.seek(offset)
    return file.read(length)


def _peek(file: BinaryIO, position: int) -> bytes:
    return read_at(file, position, _PEEK_BYTES)


def _frame(file: BinaryIO, head: bytes, position: int, size: int) -> tuple[Frame | None, int]:
    """The frame at `position` and the position behind it; 0 behind what is no record."""
    if len(head) < RECORD_HEAD_BYTES:
        return None, 0
    opcode, length = _RECORD_HEAD.unpack_from(head)
    end = position + RECORD_HEAD_BYTES + length
    if opcode == Opcode.CHUNK:
        chunk = _chunk(head, position)
        return (None, 0) if chunk is None or end > size else (chunk, end)
    if end > size or length > MAX_RECORD_BYTES:
        return None, 0
    if opcode in _PARSED:
        record = parse_record(opcode, read_at(file, position + RECORD_HEAD_BYTES, length))
        return (None, 0) if record is None else (record, end)
    if opcode == Opcode.DATA_END and length == 4:
        return _end(file, end, size), end
    if opcode == Opcode.HEADER and position == len(MAGIC) and length <= MAX_CHANNEL_BYTES:
        return None, end if is_header(read_at(file, position + RECORD_HEAD_BYTES, length)) else 0
    if opcode == Opcode.MESSAGE_INDEX and _is_message_index(head, length):
        return None, end
    return None, 0


def _is_message_index(head: bytes, length: int) -> bool:
    # Only other programs write them; without this check a chunk with one wrong bit would pass for one.
    claimed = int.from_bytes(head[RECORD_HEAD_BYTES + 2 : RECORD_HEAD_BYTES + 6], "little")
    return claimed == length - 6 and claimed % 16 == 0


def _chunk(head: bytes, position: int) -> ChunkFrame | None:
    if len(head) < _CHUNK_HEAD.size:
        return None
    _, length, first, last, _, crc, name_length = _CHUNK_HEAD.unpack_from(head)
    name = head[_CHUNK_HEAD.size : _CHUNK_HEAD.size + name_length] if name_length <= 4 else b"?"
    compression = _COMPRESSIONS.get(name)
    data_at = _CHUNK_HEAD.size + name_length + 8
    if compression is None or len(head) < data_at or length > MAX_CHUNK_BYTES + MAX_CHANNEL_BYTES:
        return None
    data_size = int.from_bytes(head[data_at - 8 : data_at], "little")
    if length != _CHUNK_FIXED_BYTES + name_length + data_size:
        return None
    return ChunkFrame(
        offset=position,
        size=RECORD_HEAD_BYTES + length,
        first_log_ns=first,
        last_log_ns=last,
        crc=crc,
        compression=compression,
        data_offset=position + data_at,
        data_size=data_size,
    )


def _resume(file: BinaryIO, position: int, size: int) -> int:
    """Behind something unreadable: the next whole chunk, else the end of the data, else `size`."""
    overlap = _PEEK_BYTES
    start, length = position, _FIRST_WINDOW_BYTES
    while start < size:
        window = read_at(file, start, min(length, size - start))
        found = window.find(_CHUNK_MARK, _CHUNK_MARK_AT)
        while found >= 0:
            at = found - _CHUNK_MARK_AT
            chunk = _chunk(window[at : at + _PEEK_BYTES], start + at) if window[at] == Opcode.CHUNK else None
            if chunk is not None and chunk.offset + chunk.size <= size:
                return chunk.offset
            found = window.find(_CHUNK_MARK, found + 1)
        if len(window) <= overlap:
            break
        start += len(window) - overlap
        length = min(2 * length, _WINDOW_BYTES)
    return _data_end(file, position, size)


def _footer(file: BinaryIO, size: int) -> tuple[int, int, bytes] | None:
    """Start of the summary, its CRC and the footer's bytes; None without a footer at the end of the file."""
    data = read_at(file, size - _FOOTER.size, _FOOTER.size) if size > _FOOTER.size else b""
    if len(data) < _FOOTER.size:
        return None
    opcode, length, start, _, crc, magic = _FOOTER.unpack(data)
    if opcode != Opcode.FOOTER or length != _FOOTER.size - RECORD_HEAD_BYTES - len(MAGIC) or magic != MAGIC:
        return None
    return start, crc, data


def _data_end(file: BinaryIO, position: int, size: int) -> int:
    footer = _footer(file, size)
    if footer is None:
        return size
    place = (footer[0] or size - _FOOTER.size) - _DATA_END_BYTES
    if not position <= place < size:
        return size
    head = read_at(file, place, RECORD_HEAD_BYTES)
    return place if head == _RECORD_HEAD.pack(Opcode.DATA_END, 4) else size


def _end(file: BinaryIO, position: int, size: int) -> End:
    """What follows the data, from `position` on."""
    footer = _footer(file, size)
    if footer is None:
        return End(unread=0, closed=False, summary_whole=False)
    start, expected, data = footer
    footer_at = size - _FOOTER.size
    if (start or footer_at) != position:
        return End(unread=0, closed=True, summary_whole=False)
    crc = 0
    while position < footer_at:
        window = read_at(file, position, min(_WINDOW_BYTES, footer_at - position))
        if not window:
            break
        crc = zlib.crc32(window, crc)
        position += len(window)
    crc = zlib.crc32(data[: -len(MAGIC) - 4], crc)
    return End(unread=0, closed=True, summary_whole=expected in (0, crc))
