"""Members of a tar file, one after the other: written as bytes to pass on, read strictly.

What is read was perhaps made by somebody who means harm. Only ordinary files with harmless names are taken,
and only headers that are byte for byte as they are written here, so that no bit can change unseen.
"""

import sys
import tarfile
from collections.abc import Callable, Iterator
from typing import Final, NoReturn

from tracker.errors import InputError

BLOCK_BYTES: Final = 512
END: Final = bytes(2 * BLOCK_BYTES)
PIECE_BYTES: Final = 1 << 20

_MAX_NAME_BYTES = 4096
_OWNER_ONLY = 0o600
_WINDOWS = sys.platform == "win32"
_FORBIDDEN = frozenset(map(chr, range(32))) | {"\\"} | frozenset(':*?"<>|' if _WINDOWS else "")
"""Characters that steer a terminal, or that mean something else than a part of a name on some system."""


def member_head(name: str, size: int) -> bytes:
    """What stands before a member's bytes. No times: equal contents give equal files."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, _OWNER_ONLY
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def padding(size: int) -> bytes:
    """What stands behind a member of so many bytes."""
    return bytes(-size % BLOCK_BYTES)


def is_harmless(name: str) -> bool:
    """True for a relative path that is text, and stays where it is unpacked."""
    try:
        name.encode()
    except UnicodeEncodeError:
        # Bytes that are no text: a list of contents cannot hold them.
        return False
    parts = name.split("/")
    return not any(
        part in ("", ".", "..") or _FORBIDDEN & set(part) or (_WINDOWS and part != part.rstrip(". "))
        for part in parts
    )


class Member:
    """One member, to be read before the next one is asked for; what is not read is passed over."""

    def __init__(self, name: str, size: int, read: Callable[[int], bytes]) -> None:
        self.name, self.size = name, size
        self._read, self._left = read, size

    def read(self, length: int = -1) -> bytes:
        """Some bytes, as many as are asked for unless the member ends; empty at its end.

        Raises:
            InputError: the file ends before the member does.
        """
        wanted = self._left if length < 0 else min(length, self._left)
        data = self._read(wanted) if wanted else b""
        if len(data) < wanted:
            refuse("it is cut")
        self._left -= wanted
        return data

    def pieces(self) -> Iterator[bytes]:
        """All its bytes, some at a time."""
        while piece := self.read(PIECE_BYTES):
            yield piece


def members(read: Callable[[int], bytes]) -> Iterator[Member]:
    """The members of a stream in their order.

    Args:
        read: gives so many bytes, fewer only at the end.

    Raises:
        InputError: cut, damaged, or made of what a backup does not have.
    """
    while True:
        head = read(BLOCK_BYTES)
        if head == END[:BLOCK_BYTES]:
            if read(BLOCK_BYTES) != END[BLOCK_BYTES:] or read(1):
                refuse("its end is damaged")
            return
        name, size = _parsed(head, read)
        member = Member(name, size, read)
        yield member
        for _ in member.pieces():
            pass
        if read(len(padding(size))) != padding(size):
            refuse("it is cut or damaged")


def _parsed(head: bytes, read: Callable[[int], bytes]) -> tuple[str, int]:
    info = _header(head)
    name, whole = info.name, head
    if info.type == tarfile.GNUTYPE_LONGNAME:
        if not 0 < info.size <= _MAX_NAME_BYTES:
            refuse("a name in it is too long")
        text = read(info.size + len(padding(info.size)))
        last = read(BLOCK_BYTES)
        name, whole = text[: info.size - 1].decode("utf-8", "surrogateescape"), head + text + last
        info = _header(last)
    if info.type != tarfile.REGTYPE:
        refuse(f"{name!r} in it is not an ordinary file")
    if not is_harmless(name):
        refuse(f"{name!r} in it is no name of a backup's file")
    if whole != member_head(name, info.size):
        refuse("it is damaged")
    return name, info.size


def _header(block: bytes) -> tarfile.TarInfo:
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        refuse("it is damaged" if len(block) == BLOCK_BYTES else "it is cut")


def refuse(what: str) -> NoReturn:
    """Say what is wrong with a backup that is read."""
    raise InputError(
        f"this is no whole backup: {what}", advice="Nothing was changed. Take another backup.", problem=what
    )
