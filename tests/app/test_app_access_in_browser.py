"""What a browser lets pages do with the app: the own one all, one of somebody else nothing."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from app_process import ServedApp
from asked_app import PASSPHRASE, QUICK
from playwright.sync_api import Browser, Page
from watched_page import WatchedPage

from tracker.app.access.passphrase import PassphraseFile
from tracker.home import Home

pytestmark = pytest.mark.browser

EVERYWHERE = "0.0.0.0"  # noqa: S104 - asked for with a passphrase
SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport="

_OPENS_A_SOCKET = """url => new Promise(done => {
    const socket = new WebSocket(url)
    socket.onopen = () => { socket.close(); done("open") }
    socket.onerror = () => done("refused")
})"""

_ASKS = """async ([url, options]) => {
    try { const answer = await fetch(url, options); return answer.type + answer.status }
    catch { return "refused" }
}"""


class _EmptyPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>x</title><h1>x</h1>")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library calls it
        pass


@pytest.fixture(scope="module")
def foreign_port() -> Iterator[int]:
    """Another site, on this computer: browsers have rules of their own for sites elsewhere."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _EmptyPage)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["127.0.0.1", "localhost"])
def foreign(browser: Browser, foreign_port: int, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of another port (the same site to browsers), and of another name (another site)."""
    page = browser.new_page()
    page.goto(f"http://{request.param}:{foreign_port}/")
    yield page
    page.close()


def socket_address(app: ServedApp) -> str:
    return f"ws://{urlsplit(app.address).netloc}{SOCKET}websocket"


def persons(app: ServedApp) -> object:
    return httpx.get(f"{app.address}/api/persons", trust_env=False).json()


def test_a_foreign_page_opens_no_socket(foreign: Page, browser: Browser, looked_at: ServedApp) -> None:
    assert foreign.evaluate(_OPENS_A_SOCKET, socket_address(looked_at)) == "refused"
    polling = f"{looked_at.address}{SOCKET}polling"
    for options in ({}, {"mode": "no-cors"}, {"mode": "no-cors", "method": "POST", "body": "40"}):
        assert foreign.evaluate(_ASKS, [polling, options]) == "refused"
    own = browser.new_page()
    own.goto(f"{looked_at.address}/en/today")
    assert own.evaluate(_OPENS_A_SOCKET, socket_address(looked_at)) == "open"
    own.close()


def test_a_foreign_page_reads_and_changes_nothing(foreign: Page, looked_at: ServedApp) -> None:
    before = persons(looked_at)
    body = '{"name": "somebody else"}'
    for path in ("/en/today", "/api/persons", "/api/sessions", "/login"):
        assert foreign.evaluate(_ASKS, [looked_at.address + path, {"credentials": "include"}]) == "refused"
    for options in (
        {"method": "POST", "mode": "no-cors", "body": body},
        {"method": "POST", "body": body, "headers": {"content-type": "application/json"}},
    ):
        assert foreign.evaluate(_ASKS, [f"{looked_at.address}/api/persons", options]) == "refused"
    foreign.evaluate(
        "([url, body]) => navigator.sendBeacon(url, body)", [f"{looked_at.address}/api/persons", body]
    )
    with foreign.expect_navigation() as led:
        foreign.evaluate(
            """url => {
                const form = document.createElement("form")
                form.method = "post"; form.action = url; form.enctype = "text/plain"
                form.innerHTML = '<input name=\\'{"name": "somebody", "a\\' value=\\'": 1}\\'>'
                document.body.append(form); form.submit()
            }""",
            f"{looked_at.address}/api/persons",
        )
    assert led.value is not None and led.value.status == 403
    assert persons(looked_at) == before


def test_a_foreign_page_shows_none_of_ours_in_itself(foreign: Page, looked_at: ServedApp) -> None:
    foreign.evaluate(
        """url => new Promise(done => {
            const frame = document.createElement("iframe")
            frame.onload = done; frame.src = url; document.body.append(frame)
        })""",
        f"{looked_at.address}/en/today",
    )
    inner = foreign.frames[-1]
    assert not inner.url.startswith(looked_at.address)


def test_nothing_that_got_into_a_page_runs_or_asks_elsewhere(browser: Browser, looked_at: ServedApp) -> None:
    page = WatchedPage(browser, looked_at.address, width=1280, height=800)
    page.go("/en/today")
    assert list(page.faults) == []
    blocked = page.page.evaluate(
        """async () => {
            const blocked = []
            addEventListener("securitypolicyviolation", event => blocked.push(event.effectiveDirective))
            const put = html => document.body.insertAdjacentHTML("beforeend", html)
            put("<img src='data:,x' onerror='window.ran = 1'>")
            put("<a id='link' href='javascript:window.ran = 2'>x</a>")
            document.getElementById("link").click()
            const script = document.createElement("script")
            script.textContent = "window.ran = 3"
            document.body.append(script)
            put("<iframe srcdoc='<script>parent.ran = 4</script>'></iframe>")
            put("<object data='/assets/page.js'></object><base href='http://198.51.100.7/'>")
            await fetch("http://198.51.100.7/").catch(() => 0)
            await new Promise(done => setTimeout(done, 300))
            return {blocked: [...new Set(blocked)].sort(), ran: window.ran ?? null, base: document.baseURI}
        }"""
    )
    page.close()
    assert blocked["ran"] is None
    assert {"script-src-attr", "script-src-elem", "connect-src", "base-uri"} <= set(blocked["blocked"])
    assert blocked["base"].startswith(looked_at.address)


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[ServedApp]:
    """An app that others can reach, and that asks for a passphrase."""
    PassphraseFile(Home(tmp_path), QUICK).set(PASSPHRASE)
    with ServedApp(tmp_path, EVERYWHERE) as app:
        yield app


def test_logging_in_and_out(browser: Browser, locked: ServedApp) -> None:
    watched = WatchedPage(browser, locked.address, width=360, height=740)
    page = watched.page
    watched.go("/ko/week")
    assert page.url.endswith("/login?language=ko")
    for language in ("en", "ko", "ar"):
        watched.go(f"/login?language={language}")
        assert page.locator("html").get_attribute("lang") == language
        assert watched.too_wide() == []
        assert watched.serious_findings() == []
    assert watched.faults == []
    watched.go("/login?language=en")
    page.get_by_label("Passphrase").fill("some other words")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("alert").wait_for()
    assert PASSPHRASE not in page.url and "some+other" not in page.url
    watched.faults.clear()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/en/today")
    page.wait_for_function("() => window.did_handshake")
    assert page.evaluate("() => document.cookie").count("tracker_login") == 0
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login")
    watched.go("/en/today")
    assert page.url.endswith("/login?language=en")
    watched.close()
    # the page that was open asks for its socket again, and is refused
    assert [fault for fault in watched.faults if "401" not in fault and "403" not in fault] == []


def test_logging_out_ends_the_other_pages_of_the_browser(browser: Browser, locked: ServedApp) -> None:
    watched = WatchedPage(browser, locked.address, width=1280, height=800)
    page = watched.page
    watched.go("/login?language=en")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.keyboard.press("Enter")
    page.wait_for_function("() => window.did_handshake")
    other = page.context.new_page()
    other.goto(f"{locked.address}/en/week")
    other.wait_for_function("() => window.did_handshake && window.socket.connected")
    page.get_by_role("button", name="Log out").click()
    other.wait_for_function("() => !window.socket.connected")
    watched.close()
