"""What the guard lets through, and what goes with every answer."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from asked_app import PASSPHRASE, UPLOAD_BYTES, Clock, Socket, asking, locked_guard, open_guard
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from tracker.app.access.bodies import LimitedBody
from tracker.app.access.guard import FILE_PATHS, Guard
from tracker.app.access.headers import with_nonces
from tracker.app.api.routes import make_api
from tracker.app.file_routes import UPLOADS_PATH
from tracker.app.site import Site

HOST = "192.0.2.7:8321"
BASE = f"http://{HOST}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guard(tmp_path: Path, clock: Clock) -> Guard:
    return locked_guard(tmp_path, clock)


@pytest.fixture
async def client(guard: Guard) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(guard, BASE) as client:
        yield client


async def log_in(client: httpx.AsyncClient, passphrase: str = PASSPHRASE) -> httpx.Response:
    return await client.post(
        "/login", data={"passphrase": passphrase}, headers={"origin": str(client.base_url)}
    )


def cookie_of(client: httpx.AsyncClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


async def test_on_this_computer_nothing_is_asked_for() -> None:
    async with asking(open_guard()) as client:
        assert (await client.get("/en/today")).status_code == 200
        assert (await client.post("/api/echo", content=b"12")).text == "2"


async def test_each_answer_says_what_a_browser_may_do_with_it() -> None:
    async with asking(open_guard()) as client:
        for path in ("/en/today", "/api/echo", "/nothing"):
            headers = (await client.get(path)).headers
            policy = headers["content-security-policy"]
            assert policy.startswith("default-src 'none'")
            assert "frame-ancestors 'none'" in policy
            assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert headers["cross-origin-resource-policy"] == "same-origin"
            assert headers["cache-control"] == "no-store"
        assert "no-store" not in (await client.get("/assets/page.css")).headers.get("cache-control", "")


async def test_inline_scripts_have_a_nonce_that_is_never_the_same() -> None:
    async with asking(open_guard()) as client:
        seen = set()
        for _ in range(3):
            answer = await client.get("/en/today")
            found = re.search(r"'nonce-([\w-]{20,})'", answer.headers["content-security-policy"])
            assert found is not None
            assert answer.text.count(f'nonce="{found[1]}"') == 2
            assert '<script src="/a.js">' in answer.text
            assert int(answer.headers["content-length"]) == len(answer.content)
            seen.add(found[1])
        assert len(seen) == 3


@given(st.binary(max_size=300))
def test_nonces_change_nothing_else_of_a_page(html: bytes) -> None:
    nonce = "n" * 22
    assert with_nonces(html, nonce).replace(f' nonce="{nonce}"'.encode(), b"") == html


async def test_nothing_is_shown_before_the_passphrase(client: httpx.AsyncClient, guard: Guard) -> None:
    page = await client.get("/en/today")
    assert (page.status_code, page.headers["location"]) == (303, "/login?language=en")
    for method, path in (("GET", "/api/echo"), ("POST", "/api/echo"), ("GET", "/api/nothing"),
                         ("POST", "/en/today"), ("GET", "/_nicegui_ws/socket.io/"), ("GET", "/_nicegui/x.js"),
                         ("DELETE", "/login/../en/today")):  # fmt: skip
        answer = await client.request(method, path)
        assert answer.status_code == 401
        assert "<script" not in answer.text
    assert (await client.get("/api/echo")).json()["error"]["kind"] == "login"
    assert (await client.get("/assets/page.js")).status_code == 303
    assert (await client.get("/assets/page.css")).status_code == 200
    assert await Socket(guard, HOST).open() == "websocket.close"
    assert await Socket(guard, HOST, cookie="tracker_login=x").open() == "websocket.close"


async def test_logging_in_and_out(client: httpx.AsyncClient, guard: Guard) -> None:
    answer = await log_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/today")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; ")) and "Secure" not in cookie
    assert len(client.cookies["tracker_login"]) >= 43
    assert (await client.get("/en/today")).status_code == 200
    assert (await client.get("/api/echo")).status_code == 200
    socket = Socket(guard, HOST, cookie_of(client))
    assert await socket.open() == "websocket.accept"
    assert await socket.said_back("still here") == "still here"
    kept = {"cookie": cookie_of(client)}
    out = await client.post("/logout", headers={"origin": BASE})
    assert out.headers["location"] == "/login" and "Max-Age=0" in out.headers["set-cookie"]
    await socket.ended()
    assert (await client.get("/en/today", headers=kept)).status_code == 303


async def test_over_https_the_cookie_goes_over_nothing_else(tmp_path: Path, clock: Clock) -> None:
    guard = locked_guard(tmp_path, clock, encrypted=True)
    async with asking(guard, f"https://{HOST}") as client:
        answer = await log_in(client)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-tracker_login=") and "; Secure" in cookie
        assert "strict-transport-security" in answer.headers
        assert (await client.get("/en/today")).status_code == 200


async def test_a_log_in_ends_by_itself(client: httpx.AsyncClient, clock: Clock) -> None:
    await log_in(client)
    clock.now_s += 3599.0
    assert (await client.get("/en/today")).status_code == 200
    clock.now_s += 2.0
    assert (await client.get("/en/today")).status_code == 303


async def test_only_a_post_logs_out(client: httpx.AsyncClient) -> None:
    await log_in(client)
    assert (await client.get("/logout")).status_code == 405
    foreign = await client.post("/logout", headers={"origin": "http://evil.example"})
    assert foreign.status_code == 403
    assert (await client.get("/en/today")).status_code == 200


async def test_wrong_passphrases_are_slowed_down(client: httpx.AsyncClient, clock: Clock) -> None:
    for _ in range(4):
        answer = await log_in(client, "wrong words on a mat")
        assert answer.status_code == 403 and "set-cookie" not in answer.headers
        assert "wrong words" not in answer.text
    waiting = await log_in(client)
    assert waiting.status_code == 429
    clock.now_s += float(waiting.headers["retry-after"])
    assert (await log_in(client)).status_code == 303


async def test_many_at_once_try_one_after_the_other(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(log_in(client, "wrong words on a mat") for _ in range(40)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(403) == 4
    assert statuses.count(429) == 36


@pytest.mark.parametrize(
    "body", [b"", b"passphrase", b"\xff\xfe", b"passphrase=%ff%00", b"a=1&" * 3000, b'{"passphrase": "x"}']
)
async def test_a_form_that_makes_no_sense_lets_nobody_in(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/login", content=body)
    assert answer.status_code == 403


async def test_a_huge_form_is_not_read(client: httpx.AsyncClient) -> None:
    assert (await client.post("/login", content=b"passphrase=" + b"x" * 100_000)).status_code == 413


@pytest.mark.parametrize(
    ("language", "direction", "text"), [("en", "ltr", "Passphrase"), ("ko", "ltr", ""), ("ar", "rtl", "")]
)
async def test_the_page_that_asks_speaks_the_language(
    client: httpx.AsyncClient, language: str, direction: str, text: str
) -> None:
    for answer in (
        await client.get("/login", params={"language": language}),
        await client.get("/login", headers={"accept-language": f"{language};q=0.9, xx"}),
    ):
        assert f'<html lang="{language}" dir="{direction}">' in answer.text
        assert text in answer.text
        assert "<script" not in answer.text


@pytest.mark.parametrize("language", ['"><script>', "xx", "", "en" * 500])
async def test_no_language_is_markup(client: httpx.AsyncClient, language: str) -> None:
    answer = await client.get("/login", params={"language": language})
    assert '<html lang="en"' in answer.text and "<script" not in answer.text


async def test_a_cookie_that_comes_twice_is_none(client: httpx.AsyncClient) -> None:
    await log_in(client)
    own = client.cookies["tracker_login"]
    client.cookies.clear()
    for header in (f"tracker_login=x; tracker_login={own}", f"tracker_login={own}; tracker_login=x"):
        assert (await client.get("/en/today", headers={"cookie": header})).status_code == 303
    assert (await client.get("/en/today", headers={"cookie": f"a=b; tracker_login={own}"})).status_code == 200


async def test_a_page_of_others_opens_no_socket() -> None:
    guard = open_guard()
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
        assert await Socket(guard, "127.0.0.1:8321", origin=origin).open() == "websocket.close"
    assert await Socket(guard, "127.0.0.1:8321").open() == "websocket.accept"


async def test_bodies_have_a_limit_and_files_a_larger_one() -> None:
    async with asking(open_guard()) as client:
        assert (await client.post("/api/echo", content=b"x" * 1_000_000)).text == "1000000"
        too_large = await client.post("/api/echo", content=b"x" * 1_000_001)
        assert too_large.status_code == 413 and too_large.json()["error"]["kind"] == "too_large"
        for kind in ("application/octet-stream", "multipart/form-data; boundary=x"):
            file = {"content-type": kind}
            content = b"x" * UPLOAD_BYTES
            # Only where it is written as it comes: elsewhere it would be held in memory.
            assert (await client.post("/api/echo", content=content, headers=file)).status_code == 413
            assert (await client.post("/api/files", content=content, headers=file)).status_code == 200
            assert (await client.post("/api/files", content=content + b"x", headers=file)).status_code == 413


def test_files_may_be_large_at_the_addresses_that_take_files() -> None:
    paths = make_api(Site.__new__(Site)).openapi()["paths"]
    taking = {
        f"/api{path}"
        for path, methods in paths.items()
        if "application/octet-stream" in methods.get("post", {}).get("requestBody", {}).get("content", {})
    }
    assert {*taking, UPLOADS_PATH} == FILE_PATHS


async def test_a_body_without_a_length_is_limited_as_it_comes() -> None:
    taken = 0

    async def parts() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield b"x" * 100_000

    async with asking(open_guard()) as client:
        answer = await client.post("/api/echo", content=parts())
    assert answer.status_code == 413
    assert taken < 20


@pytest.mark.parametrize("length", ["-1", "1e3", "x", "9" * 40, "١٢"])
async def test_a_length_that_is_none(length: str) -> None:
    async with asking(open_guard()) as client:
        headers = [(b"content-length", length.encode())]
        answer = await client.post("/api/echo", headers=headers)
    assert answer.status_code in {400, 413}


async def test_a_slow_body_is_given_up() -> None:
    clock = Clock()

    async def drips() -> Message:
        clock.now_s += 6.0
        return {"type": "http.request", "body": b"x", "more_body": True}

    body = LimitedBody(drips, 1000, clock)
    messages = [await body() for _ in range(5)]
    assert [message["type"] for message in messages[:3]] == ["http.request"] * 3
    assert messages[-1]["type"] == "http.disconnect"
    assert body.refused is not None and body.refused.status == 408


async def test_a_fast_body_may_take_its_time() -> None:
    clock = Clock()

    async def flows() -> Message:
        clock.now_s += 1.0
        return {"type": "http.request", "body": b"x" * 100_000, "more_body": True}

    body = LimitedBody(flows, 10**9, clock)
    for _ in range(100):
        assert (await body())["type"] == "http.request"
    assert body.refused is None


async def test_what_waits_after_the_body_may_wait() -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": b"", "more_body": False},
        {"type": "http.disconnect"},
    ]
    clock = Clock()

    async def receive() -> Message:
        clock.now_s += 1000.0
        return messages.pop(0)

    body = LimitedBody(receive, 10, clock)
    assert (await body())["type"] == "http.request"
    assert (await body())["type"] == "http.disconnect"
    assert body.refused is None


HEADERS = (
    "host",
    "origin",
    "cookie",
    "sec-fetch-site",
    "accept-language",
    "content-length",
    "x-forwarded-for",
    "transfer-encoding",
)


@given(
    st.lists(st.tuples(st.sampled_from(HEADERS), st.text(max_size=60)), max_size=6),
    st.sampled_from(["GET", "POST", "HEAD", "PUT", "OPTIONS"]),
    st.sampled_from(["/en/today", "/api/echo", "/x"]),
    st.booleans(),
)
async def test_any_headers_are_answered(
    headers: list[tuple[str, str]], method: str, path: str, with_host: bool
) -> None:
    """As they come from the wire: whatever stands in them, there is an answer and no fault."""
    raw = [(name.encode(), value.encode()) for name, value in headers]
    if with_host:
        raw = [(b"host", b"127.0.0.1:8321"), *((name, value) for name, value in raw if name != b"host")]
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": raw,
        "client": ("192.0.2.1", 1),
        "server": ("127.0.0.1", 8321),
        "http_version": "1.1",
    }
    await open_guard()(scope, receive, send)
    assert sent[0]["type"] == "http.response.start"
    assert sent[0]["status"] in {200, 400, 403, 404, 405, 413, 421}
