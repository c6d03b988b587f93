"""One record of Backfill: a frame that is sent again, with a checksum, for it comes from memory."""

import zlib
from typing import Final

from firmware_protocol.errors import FrameError, ProtocolError
from firmware_protocol.service import FrameFlag
from firmware_protocol.stream import (
    ATT_HEADER_BYTES,
    ATT_VALUE_BYTES,
    HEADER_BYTES,
    HEADER_OFFSETS,
    SAMPLE_BYTES,
    parse_header,
)
from firmware_protocol.wire import Bytes

CHECKSUM_BYTES: Final = 4
_FLAGS_AT: Final = HEADER_OFFSETS["flags"]
_BACKFILL: Final = int(FrameFlag.BACKFILL)  # a plain number: asked of every notification


def is_backfill_record(data: Bytes) -> bool:
    """Whether a notification says that it is a record of Backfill; frames of Stream never do."""
    return len(data) > _FLAGS_AT and bool(data[_FLAGS_AT] & _BACKFILL)


def encode_backfill_record(frame: Bytes) -> bytes:
    """The record of a frame that has the flag BACKFILL.

    Raises:
        ProtocolError: the frame has not; or it is no frame.
    """
    parse_header(frame)
    if not is_backfill_record(frame):
        raise ProtocolError("the frame has no flag BACKFILL", advice="Encode it with FrameFlag.BACKFILL.")
    return bytes(frame) + zlib.crc32(frame).to_bytes(CHECKSUM_BYTES, "little")


def decode_backfill_record(record: Bytes) -> Bytes:
    """The frame of a record, checked by its CRC-32; what is in the frame is not looked at.

    Raises:
        FrameError: too short, without the flag, or with another checksum than its bytes have.
    """
    if len(record) < HEADER_BYTES + CHECKSUM_BYTES:
        raise FrameError("length", len(record), f"{len(record)} bytes are no record of Backfill")
    if not is_backfill_record(record):
        raise FrameError("flags", _FLAGS_AT, "a record of Backfill without its flag")
    frame = record[:-CHECKSUM_BYTES]
    if zlib.crc32(frame) != int.from_bytes(record[-CHECKSUM_BYTES:], "little"):
        raise FrameError("checksum", len(frame), "the checksum is not that of the bytes")
    return frame


def samples_per_record(mtu: int) -> int:
    """Samples that fit one record at this ATT MTU; 0 where not even one does."""
    value_bytes = min(mtu - ATT_HEADER_BYTES, ATT_VALUE_BYTES)
    return max(0, (value_bytes - HEADER_BYTES - CHECKSUM_BYTES) // SAMPLE_BYTES)
