"""Limits the connections of the web server: many, or silent, ones take nothing from a recording."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_CONNECTIONS = 400
MOST_OF_ONE_ADDRESS = 100
"""A browser opens some ten; a recording needs open files, of which a process often has a thousand."""

FILES_WANTED = 2048
"""Open files that the program asks for: all connections, beside recordings and database."""

SILENT_S = 15.0
"""How long a connection may take until its first request is there, headers and all."""


MOST_HEAD_BYTES = 65_536
"""Of a request's address and headers: several times what browsers send."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection; it is dropped at once where there are too many, and soon where it asks for nothing."""

    _silence: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or drop it."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS or self._of_this_address() > MOST_OF_ONE_ADDRESS:
            transport.abort()
            return
        self._silence = self.loop.call_later(SILENT_S, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Some of a request is there."""
        super().data_received(data)
        if self._silence is None:
            self._head_bytes = 0
            return
        self._head_bytes += len(data)
        if self._head_bytes > MOST_HEAD_BYTES:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._is_heard()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request begins: its headers are to be there soon, on a connection that was used before, too."""
        super().on_message_begin()
        if self._silence is None:
            self._silence = self.loop.call_later(SILENT_S, self.transport.abort)

    def on_headers_complete(self) -> None:
        """A request is there."""
        self._is_heard()
        super().on_headers_complete()

    def _is_heard(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None

    def _of_this_address(self) -> int:
        own = _address_of(self)
        return sum(_address_of(one) == own for one in self.connections)


def _address_of(connection: object) -> str | None:
    client = getattr(connection, "client", None)
    return None if client is None else str(client[0])


def make_room_for_files() -> None:
    """Let the process have as many open files as the limits of connections need, where it may."""
    try:
        import resource
    except ImportError:
        # Windows has no such limit.
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_WANTED if hard == resource.RLIM_INFINITY else min(hard, FILES_WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
