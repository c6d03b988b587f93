"""The database's file packed with zstd, which makes it a fourth; recordings are packed already."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import zstandard

from tracker.backup.tar_stream import PIECE_BYTES, refuse

_LEVEL = 6
"""Ten years in about a second; higher levels save little."""

_MAX_WINDOW_BYTES = 1 << 27
_STEP_BYTES = 1 << 12
"""What goes in at a time: a block of zeros can come out a thousand times as large."""


def pack(source: Path, target: Path) -> tuple[int, str]:
    """Pack a file; its size and SHA-256 before that."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as file, target.open("xb") as out:
        compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        with compressor.stream_writer(out, closefd=False) as packed:
            while piece := file.read(PIECE_BYTES):
                digest.update(piece)
                size += len(piece)
                packed.write(piece)
    return size, digest.hexdigest()


class Unpacker:
    """Takes packed pieces; tells size and SHA-256 of what they held, and hands it on.

    Args:
        room: the most that may come out, bytes: a few bytes can claim to be more than a disk holds.
        write: takes what comes out.
    """

    def __init__(self, room: int, write: Callable[[bytes], object] = len) -> None:
        self._room, self._write = room, write
        self._digest = hashlib.sha256()
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES).decompressobj()
        self.size = 0

    def _take(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self._room:
            refuse("its database is larger than it says, or than the disk has room for")
        self._digest.update(data)
        self._write(data)

    def feed(self, piece: bytes) -> None:
        """Unpack a piece.

        Raises:
            InputError: it is damaged, or too much comes out.
        """
        try:
            for start in range(0, len(piece), _STEP_BYTES):
                self._take(self._decompressor.decompress(piece[start : start + _STEP_BYTES]))
        except zstandard.ZstdError:
            refuse("its database is damaged")

    @property
    def sha256(self) -> str:
        """Of all that came out."""
        return self._digest.hexdigest()


def unpack(source: BinaryIO, out: BinaryIO, size: int) -> None:
    """Unpack a file that `pack` made of so many bytes.

    Raises:
        InputError: it is damaged, or holds more.
    """
    unpacker = Unpacker(size, out.write)
    while piece := source.read(PIECE_BYTES):
        unpacker.feed(piece)
