"""Connections that are too many, silent or no HTTP end themselves, and nothing else."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from asked_app import open_guard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served_here import served_here

from tracker.app.access import connections
from tracker.app.access.connections import MOST_HEAD_BYTES, MOST_OF_ONE_ADDRESS


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with served_here(open_guard()) as port:
        yield port


async def answer_to(port: int, sent: bytes) -> bytes:
    """What comes back until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def is_alive(port: int) -> bool:
    """True where a request is answered as ever."""
    request = f"GET /api/echo HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    return (await answer_to(port, request.encode())).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /api/echo HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    ],
)
async def test_what_is_no_request_ends_itself(
    port: int, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(connections, "SILENT_S", 0.2)
        answer = await answer_to(port, sent)
    assert not answer.startswith(b"HTTP/1.1 200")
    assert await is_alive(port)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(sent=st.binary(max_size=300))
async def test_any_bytes_end_themselves(port: int, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    writer.write_eof()
    writer.close()
    assert await is_alive(port)
    assert reader is not None


async def test_a_silent_connection_is_dropped(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(connections, "SILENT_S", 0.05)
        assert await answer_to(port, b"") == b""
        assert await answer_to(port, b"GET / HTTP/1.1\r\nHost: a\r\nX-One") == b""
    assert await is_alive(port)


async def test_one_address_has_a_limit_of_connections(port: int) -> None:
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_OF_ONE_ADDRESS)]
    writers = [writer for _, writer in opened]
    assert await answer_to(port, b"GET / HTTP/1.1\r\n") == b""
    for writer in writers:
        writer.close()
    for writer in writers:
        await writer.wait_closed()
    # The server meets their ends in the order in which they came: before the next one.
    assert await is_alive(port)


async def test_headers_without_end_are_not_read(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    sent = 0
    with pytest.raises(ConnectionError):
        while sent < 100 * MOST_HEAD_BYTES:
            writer.write(b"GET / HTTP/1.1\r\nX: " if sent == 0 else b"a" * 8192)
            sent += 8192
            await writer.drain()
    assert await is_alive(port)


async def test_a_connection_that_asks_again_stays(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SILENT_S", 10.0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        writer.write(f"GET /api/echo HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        while (await reader.readline()).strip():
            pass
        await reader.readexactly(1)
    writer.close()
