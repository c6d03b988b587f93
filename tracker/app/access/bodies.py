"""Limits what a request may bring, in bytes and in time: a huge or slow one ends itself and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from tracker.app.access.refusal import Refusal

ReadNow: TypeAlias = Callable[[], float]

ORDINARY_BYTES = 1_000_000
"""Answers and wishes of a page; what carries a file has a limit of its own."""

LOGIN_BYTES = 16_384

_FIRST_S = 20.0
_BYTES_PER_S = 20_000.0
"""Slower than any link that a page could be used over."""

_TOO_LARGE = Refusal(
    413,
    "too_large",
    "what was sent is too large",
    "Send less at once; files: upload_mb of the table [app] in the settings.",
)
_TOO_SLOW = Refusal(408, "too_slow", "what was sent came too slowly", "Try again over a better connection.")
_MALFORMED = Refusal(400, "request", "the length of what was sent makes no sense", "Try again.")


class LimitedBody:
    """The body of one request, with limits.

    Attributes:
        refused: why no more of it is read; None while it may go on. Whoever reads it meets a
            connection that has ended, and what it answers to that is nobody's business.
    """

    def __init__(self, receive: Receive, limit_bytes: int, now_s: ReadNow) -> None:
        self._receive = receive
        self._limit_bytes = limit_bytes
        self._now_s = now_s
        self._began_s = now_s()
        self._bytes = 0
        self._is_whole = False
        self.refused: Refusal | None = None

    async def __call__(self) -> Message:
        """The next part; after the whole body, whatever follows, which may take any time."""
        if self._is_whole:
            return await self._receive()
        if self.refused is not None:
            return {"type": "http.disconnect"}
        message = await self._in_time(self._receive())
        if message is None:
            self.refused = _TOO_SLOW
            return {"type": "http.disconnect"}
        if message["type"] == "http.request":
            self._bytes += len(message.get("body", b""))
            self._is_whole = not message.get("more_body", False)
        if self._bytes > self._limit_bytes:
            self.refused = _TOO_LARGE
            return {"type": "http.disconnect"}
        return message

    async def _in_time(self, part: Awaitable[Message]) -> Message | None:
        left_s = self._began_s + _FIRST_S + self._bytes / _BYTES_PER_S - self._now_s()
        try:
            return await asyncio.wait_for(part, max(0.0, left_s))
        except TimeoutError:
            return None


def refused_length(scope: Scope, limit_bytes: int) -> Refusal | None:
    """Why a request is refused by the length that it tells; None where it is not."""
    lengths = Headers(scope=scope).getlist("content-length")
    if not lengths:
        return None
    if len(lengths) > 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
        return _MALFORMED
    return _TOO_LARGE if len(lengths[0]) > 15 or int(lengths[0]) > limit_bytes else None
