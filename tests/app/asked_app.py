"""A small site behind the guard, and a client that keeps cookies, without a browser and without NiceGUI."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from tracker.app.access.gate import Gate
from tracker.app.access.guard import Access, Guard
from tracker.app.access.hosts import AllowedHosts
from tracker.app.access.passphrase import PassphraseFile
from tracker.home import Home

PASSPHRASE = "four words on a mat"  # noqa: S105 - of these tests alone
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""The same hash with as little work as there can be: how long it takes is the library's to test."""

UPLOAD_BYTES = 1_200_000
PAGE = '<html><script>1</script><script type="module">2</script><script src="/a.js"></script></html>'


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


async def _page(_request: Request) -> Response:
    return HTMLResponse(PAGE)


async def _echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _forever(_request: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        while True:
            yield b"more\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(parts(), media_type="text/event-stream")


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect:
        return


def small_site() -> ASGIApp:
    """A page, something to post to, a stream and a socket."""
    return Starlette(
        routes=[
            Route("/en/today", _page),
            Route("/assets/page.css", _page),
            Route("/assets/page.js", _page),
            Route("/api/echo", _echo, methods=["GET", "POST"]),
            Route("/api/files", _echo, methods=["POST"]),
            Route("/api/forever", _forever),
            WebSocketRoute("/_nicegui_ws/socket.io/", _socket),
        ]
    )


def open_guard() -> Guard:
    """A guard that asks for nothing, as on this computer."""
    return Guard(small_site(), Access(AllowedHosts("127.0.0.1"), None, UPLOAD_BYTES))


def locked_guard(folder: Path, clock: Clock, *, encrypted: bool = False, lasting_s: float = 3600.0) -> Guard:
    """A guard that asks for `PASSPHRASE`."""
    file = PassphraseFile(Home(folder), QUICK)
    file.set(PASSPHRASE)
    gate = Gate(file, lasting_s, clock, encrypted=encrypted)
    return Guard(small_site(), Access(AllowedHosts("192.0.2.7"), gate, UPLOAD_BYTES))


@asynccontextmanager
async def asking(
    guard: ASGIApp, base_url: str = "http://127.0.0.1:8321", address: str = "192.0.2.50"
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a guarded site."""
    transport = httpx.ASGITransport(guard, client=(address, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url=base_url) as client:
        yield client


class Socket:
    """One websocket to a guarded site.

    Args:
        cookie: the header; none where it is empty.
    """

    def __init__(self, guard: ASGIApp, host: str, cookie: str = "", origin: str | None = None) -> None:
        headers = [(b"host", host.encode())]
        if cookie:
            headers.append((b"cookie", cookie.encode()))
        headers.append((b"origin", (f"http://{host}" if origin is None else origin).encode()))
        self._scope = {
            "type": "websocket",
            "scheme": "ws",
            "path": "/_nicegui_ws/socket.io/",
            "raw_path": b"/_nicegui_ws/socket.io/",
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "client": ("192.0.2.50", 50_000),
            "server": ("192.0.2.7", 8321),
            "subprotocols": [],
        }
        self._guard = guard
        self._to_site: asyncio.Queue[Message] = asyncio.Queue()
        self._from_site: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> str:
        """Connect; the kind of the answer: `websocket.accept` or `websocket.close`."""
        await self._to_site.put({"type": "websocket.connect"})
        self._task = asyncio.ensure_future(self._guard(self._scope, self._to_site.get, self._from_site.put))
        return str((await self._from_site.get())["type"])

    async def said_back(self, text: str) -> str:
        """Send a text and wait for it."""
        await self._to_site.put({"type": "websocket.receive", "text": text})
        return str((await self._from_site.get())["text"])

    async def ended(self) -> None:
        """Wait until the site has let it go."""
        if self._task is not None:
            await asyncio.wait_for(self._task, 30.0)
