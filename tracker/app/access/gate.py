"""Logging in and out: which requests need it, and what answers the page that asks for the passphrase."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from tracker.app.access.login_page import login_page
from tracker.app.access.logins import Login, Logins
from tracker.app.access.passphrase import PassphraseFile
from tracker.app.access.refusal import API_PATH, Answer, Refusal, cookie, is_under, language_of
from tracker.app.access.throttle import LoginThrottle
from tracker.app.words import LANGUAGES, Words, words_for
from tracker.errors import StorageError

_LANGUAGES = frozenset(language.code for language in LANGUAGES)

LOGIN_PATH, LOGOUT_PATH = "/login", "/logout"

_OPEN_PATHS = frozenset({"/assets/page.css", "/favicon.ico"})
"""What the page that asks needs itself; nothing of a person is in it."""

_MOST_WAITING = 8
"""Log-ins that wait for their turn: each takes some memory and time of the computer on purpose."""

_NOT_LOGGED_IN = Refusal(401, "login", "nobody is logged in", "Log in on the page first.")
_WRONG_METHOD = Refusal(405, "method", "this cannot be asked for in that way", "Use the page.")


@dataclass(frozen=True, slots=True)
class _Asked:
    scope: Scope
    words: Words
    address: str


class Gate:
    """Lets through who is logged in.

    Args:
        lasting_s: how long a log-in holds.
        encrypted: the page goes over https: the cookie goes over nothing else then.
        now_s: a clock that never goes back.
    """

    def __init__(
        self, passphrase: PassphraseFile, lasting_s: float, now_s: Callable[[], float], *, encrypted: bool
    ) -> None:
        self._passphrase = passphrase
        self._lasting_s = lasting_s
        self._logins = Logins(now_s, lasting_s)
        self._throttle = LoginThrottle(now_s)
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._encrypted = encrypted
        # With this prefix browsers take it from no other name, path or unencrypted page.
        self._cookie = "__Host-tracker_login" if encrypted else "tracker_login"

    def login_of(self, scope: Scope) -> Login | None:
        """The log-in of a request; None where nobody is logged in."""
        return self._logins.of(self._token(scope))

    def seconds_left(self, login: Login) -> float:
        """How long a log-in still holds."""
        return self._logins.seconds_left(login)

    def refused(self, scope: Scope) -> Answer | Refusal:
        """The answer to a request of somebody who is not logged in: the way to the page that asks."""
        path = scope["path"]
        leads = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        if not leads or is_under(path, API_PATH) or path.startswith("/_nicegui"):
            return _NOT_LOGGED_IN
        language = path[1:].partition("/")[0]
        return _led_to(f"{LOGIN_PATH}?language={language}" if language in _LANGUAGES else LOGIN_PATH)

    def is_open(self, path: str) -> bool:
        """True for what is shown to anybody."""
        return path in _OPEN_PATHS

    def is_own(self, scope: Scope) -> bool:
        """True for what is answered here."""
        return scope["type"] == "http" and scope["path"] in {LOGIN_PATH, LOGOUT_PATH}

    async def answer(self, scope: Scope, receive: Receive) -> Answer | Refusal:
        """Answer a request to log in or out."""
        method = scope["method"]
        if scope["path"] == LOGOUT_PATH:
            return self._logged_out(scope) if method == "POST" else _WRONG_METHOD
        client = scope.get("client")
        asked = _Asked(scope, words_for(_language(scope)), client[0] if client else "")
        if method in {"GET", "HEAD"}:
            return _page(login_page(asked.words), 200)
        return await self._logged_in(asked, receive) if method == "POST" else _WRONG_METHOD

    async def _logged_in(self, asked: _Asked, receive: Receive) -> Answer | Refusal:
        passphrase = await _passphrase_in(receive)
        if self._waiting >= _MOST_WAITING:
            return self._told_to_wait(asked.words, 1.0)
        self._waiting += 1
        try:
            async with self._turn:
                return await self._tried(asked, passphrase)
        finally:
            self._waiting -= 1

    async def _tried(self, asked: _Asked, passphrase: str) -> Answer | Refusal:
        wait_s = self._throttle.wait_s(asked.address)
        if wait_s > 0.0:
            return self._told_to_wait(asked.words, wait_s)
        try:
            matches = await asyncio.to_thread(self._passphrase.matches, passphrase)
        except StorageError as error:
            # What is read by anybody names no file.
            return Refusal(500, "storage", "the passphrase that was set cannot be read", error.advice)
        if not matches:
            self._throttle.failed(asked.address)
            return _page(login_page(asked.words, asked.words("That is not the passphrase.")), 403)
        self._throttle.succeeded(asked.address)
        self._logins.end(self._token(asked.scope))
        answer = _led_to(f"/{asked.words.code}/today")
        return Answer(answer.status, (*answer.headers, self._set_cookie(self._logins.begin())), b"")

    def _logged_out(self, scope: Scope) -> Answer:
        self._logins.end(self._token(scope))
        answer = _led_to(LOGIN_PATH)
        return Answer(answer.status, (*answer.headers, self._set_cookie("", lasting_s=0.0)), b"")

    def _told_to_wait(self, words: Words, wait_s: float) -> Answer:
        seconds = int(wait_s) + 1
        text = words.plural(
            "There were wrong passphrases. Try again in {count} second.",
            "There were wrong passphrases. Try again in {count} seconds.",
            seconds,
        )
        page = _page(login_page(words, text), 429)
        return Answer(page.status, (*page.headers, ("retry-after", str(seconds))), page.body)

    def _token(self, scope: Scope) -> str | None:
        return cookie(Headers(scope=scope), self._cookie)

    def _set_cookie(self, token: str, lasting_s: float | None = None) -> tuple[str, str]:
        seconds = int(self._lasting_s if lasting_s is None else lasting_s)
        secure = "; Secure" if self._encrypted else ""
        value = f"{self._cookie}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
        return ("set-cookie", value)


async def _passphrase_in(receive: Receive) -> str:
    """What the form brings; empty where it brings nothing that makes sense."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return ""
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    try:
        fields = parse_qs(body.decode("utf-8"), max_num_fields=4)
    except ValueError:
        return ""
    return str(fields.get("passphrase", [""])[0])


def _language(scope: Scope) -> str:
    """The language in the address of the page that asks, else the browser's."""
    try:
        query = parse_qs(scope.get("query_string", b"").decode("ascii"), max_num_fields=4)
    except ValueError:
        query = {}
    named = str(query.get("language", [""])[0])
    return named if named in _LANGUAGES else language_of(Headers(scope=scope))


def _page(html: str, status: int) -> Answer:
    return Answer(status, (("content-type", "text/html; charset=utf-8"),), html.encode())


def _led_to(path: str) -> Answer:
    return Answer(303, (("location", path),), b"")
