"""Stands before everything: who may ask, from where, how much, and what a browser may do with the answer."""

import asyncio
import time
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.app.access.bodies import LOGIN_BYTES, ORDINARY_BYTES, LimitedBody, refused_length
from tracker.app.access.gate import Gate
from tracker.app.access.headers import new_nonce, secure, with_nonces
from tracker.app.access.hosts import AllowedHosts
from tracker.app.access.logins import Login
from tracker.app.access.origins import refused_origin
from tracker.app.access.refusal import Answer, Refusal, answer_to

_BYTES_OF_MB = 1_000_000
FILE_PATHS = frozenset({"/files/uploads", "/api/files", "/api/recordings"})
"""Where files are handed in: written as they come. Elsewhere a body is read whole, into memory."""

_POLICY_VIOLATION = 1008
_ENCRYPTED = frozenset({"https", "wss"})


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use the site.

    Attributes:
        hosts: the names that requests may go to.
        gate: asks for the passphrase; None where nothing is asked for.
        upload_bytes: the largest file that may be handed in.
    """

    hosts: AllowedHosts
    gate: Gate | None = None
    upload_bytes: int = 512 * _BYTES_OF_MB


class Guard:
    """An ASGI application around the site."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = refused_origin(scope, self._access.hosts)
        if refusal is not None:
            await _answer(scope, refusal, send)
            return
        gate, path = self._access.gate, scope["path"]
        if gate is not None and gate.is_own(scope):
            body = LimitedBody(receive, LOGIN_BYTES, time.monotonic)
            answer = await gate.answer(scope, body)
            await _answer(scope, body.refused or answer, send)
            return
        login = None
        if gate is not None and not gate.is_open(path):
            login = gate.login_of(scope)
            if login is None:
                await _answer(scope, gate.refused(scope), send)
                return
        await self._let_through(scope, self._until_logged_out(login, receive, "http.disconnect"), send)

    async def _let_through(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit_bytes = self._limit_bytes(scope)
        refusal = refused_length(scope, limit_bytes)
        if refusal is not None:
            await _answer(scope, refusal, send)
            return
        body = LimitedBody(receive, limit_bytes, time.monotonic)
        secured = _Secured(scope, body, send)
        try:
            await self._app(scope, body, secured)
        except Exception:
            # Whatever the site makes of a body that was broken off: the refusal is the answer.
            if body.refused is None:
                raise
        if body.refused is not None and not secured.has_begun:
            await _answer(scope, body.refused, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        login = None
        refused = refused_origin(scope, self._access.hosts) is not None
        if not refused and self._access.gate is not None:
            login = self._access.gate.login_of(scope)
            refused = login is None
        if refused:
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        await self._app(scope, self._until_logged_out(login, receive, "websocket.disconnect"), send)

    def _until_logged_out(self, login: Login | None, receive: Receive, end: str) -> Receive:
        """Messages of a connection; when its log-in ends, so does the connection."""
        gate = self._access.gate
        if login is None or gate is None:
            return receive

        async def next_message() -> Message:
            message = asyncio.ensure_future(receive())
            ended = asyncio.ensure_future(login.ended.wait())
            try:
                left_s = max(0.0, gate.seconds_left(login))
                done, _ = await asyncio.wait(
                    (message, ended), timeout=left_s, return_when=asyncio.FIRST_COMPLETED
                )
                if message in done and ended not in done:
                    return message.result()
                return {"type": end, "code": _POLICY_VIOLATION}
            finally:
                message.cancel()
                ended.cancel()

        return next_message

    def _limit_bytes(self, scope: Scope) -> int:
        return self._access.upload_bytes if scope["path"] in FILE_PATHS else ORDINARY_BYTES


class _Secured:
    """Sends an answer of the site with the headers that belong to each, and with nonces in its pages."""

    def __init__(self, scope: Scope, body: LimitedBody, send: Send) -> None:
        self._path = scope["path"]
        self._is_encrypted = scope["scheme"] in _ENCRYPTED
        self._body = body
        self._send = send
        self._page: Message | None = None
        self._html = bytearray()
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        """Send one message of the site."""
        if self._body.refused is not None and not self.has_begun:
            return
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif message["type"] == "http.response.body" and self._page is not None:
            await self._gather(self._page, message)
        else:
            await self._send(message)

    async def _begin(self, start: Message) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        self.has_begun = True
        if headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers:
            self._page = start
            return
        secure(headers, self._path, encrypted=self._is_encrypted)
        await self._send({**start, "headers": headers.raw})

    async def _gather(self, start: Message, message: Message) -> None:
        self._html += message.get("body", b"")
        if message.get("more_body", False):
            return
        nonce = new_nonce()
        html = with_nonces(bytes(self._html), nonce)
        headers = MutableHeaders(raw=list(start["headers"]))
        secure(headers, self._path, nonce, encrypted=self._is_encrypted)
        # An answer to HEAD tells the length of what it leaves out.
        if html:
            headers["content-length"] = str(len(html))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": html})


async def _answer(scope: Scope, found: Answer | Refusal, send: Send) -> None:
    answer = answer_to(scope, found) if isinstance(found, Refusal) else found
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    headers = MutableHeaders(raw=raw)
    headers["content-length"] = str(len(answer.body))
    if isinstance(found, Refusal):
        # Its body may still be on the way: nothing more is read of this connection.
        headers["connection"] = "close"
    secure(headers, scope["path"], encrypted=scope["scheme"] in _ENCRYPTED)
    body = b"" if scope["method"] == "HEAD" else answer.body
    await send({"type": "http.response.start", "status": answer.status, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})
