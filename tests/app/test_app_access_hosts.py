"""Which names and origins a request may have."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.app.access.hosts import AllowedHosts, authority, is_local
from tracker.app.access.origins import refused_origin

HERE = "127.0.0.1:8321"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing is served


def scope_of(
    host: str | None = HERE,
    *,
    method: str = "GET",
    path: str = "/en/today",
    kind: str = "http",
    scheme: str = "http",
    server: str = "127.0.0.1",
    **headers: str,
) -> dict[str, object]:
    """A request as the server hands it on; underscores in names of headers are hyphens."""
    sent = {} if host is None else {"host": host}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "type": kind,
        "method": method,
        "path": path,
        "scheme": scheme,
        "server": (server, 8321),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in sent.items()],
    }


def status_of(served: str = "127.0.0.1", further: tuple[str, ...] = (), **asked: str) -> int | None:
    refusal = refused_origin(scope_of(**asked), AllowedHosts(served, further))
    return None if refusal is None else refusal.status


@pytest.mark.parametrize("host", [HERE, "localhost:8321", "[::1]:8321", "LOCALHOST:9000", "localhost."])
def test_this_computers_own_names_are_served(host: str) -> None:
    assert status_of(host=host) is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example:8321",
        "localhost.evil.example",
        "192.168.1.5:8321",
        "2130706433",
        "0x7f.0.0.1",
        "127.1",
        "0.0.0.0:8321",
    ],
)
def test_a_name_of_others_that_leads_here_is_refused(host: str) -> None:
    """As when a foreign page lets its own name point to this computer."""
    assert status_of(host=host) == 421


@pytest.mark.parametrize(
    "host",
    [
        "",
        "a b",
        "127.0.0.1:8321:1",
        "127.0.0.1:99999",
        "user@127.0.0.1",
        "127.0.0.1:8321/",
        "127.0.0.1\x00",
        "[::1",
        "лocalhost".encode().decode("latin-1"),
        "127.0.0.1:８３２１".encode().decode("latin-1"),
    ],
)
def test_what_is_no_host_is_refused(host: str) -> None:
    assert status_of(host=host) == 400


def test_one_host_is_needed() -> None:
    without = refused_origin(scope_of(host=None), AllowedHosts("127.0.0.1"))
    assert without is not None and without.status == 400
    twice = scope_of()
    twice["headers"] = [(b"host", b"127.0.0.1"), (b"host", b"evil.example")]
    refusal = refused_origin(twice, AllowedHosts("127.0.0.1"))
    assert refusal is not None and refusal.status == 400


def test_further_names_are_those_of_the_settings() -> None:
    assert status_of(host="mat.local:8321") == 421
    assert status_of(host="MAT.local:8321", further=("mat.local",)) is None


def test_on_all_addresses_the_one_that_was_asked_is_served() -> None:
    assert status_of(host="192.168.1.5:8321", served=EVERYWHERE, server="192.168.1.5") is None
    assert status_of(host="192.168.1.6:8321", served=EVERYWHERE, server="192.168.1.5") == 421
    assert status_of(host="[fe80::1]:8321", served="::", server="fe80::1") is None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "GET", "OPTIONS"])
@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://evil.example:8321",
        "null",
        "http://127.0.0.1:8322",
        "http://localhost:8321",
        "https://127.0.0.1:8322",
        "file://",
        "",
        "http://127.0.0.1:8321.evil.example",
        "http://127.0.0.1:8321@evil.example",
    ],
)
def test_a_page_of_others_asks_for_nothing(method: str, origin: str) -> None:
    assert status_of(method=method, origin=origin, path="/api/live/stop") == 403
    assert status_of(kind="websocket", scheme="ws", origin=origin, path="/_nicegui_ws/socket.io/") == 403


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_the_own_page_and_programs_ask(method: str) -> None:
    assert status_of(method=method, origin=f"http://{HERE}") is None
    assert status_of(method=method) is None
    assert status_of(kind="websocket", scheme="ws", origin=f"http://{HERE}") is None


def test_a_proxy_may_add_the_encryption_and_none_may_take_it_away() -> None:
    assert (
        status_of(host="mat.local", further=("mat.local",), origin="https://mat.local", method="POST") is None
    )
    assert status_of(scheme="https", origin=f"https://{HERE}", method="POST") is None
    assert status_of(scheme="https", origin=f"http://{HERE}", method="POST") == 403
    assert status_of(kind="websocket", scheme="wss", origin=f"http://{HERE}") == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_where_a_browser_says_that_it_comes_from_elsewhere(site: str) -> None:
    led: dict[str, Any] = {"sec_fetch_site": site, "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    assert status_of(**led) is None
    assert status_of(**led, method="POST") == 403
    assert status_of(**led, path="/api/sessions") == 403
    assert status_of(**led, path="/_nicegui_ws/socket.io/") == 403
    assert status_of(**(led | {"sec_fetch_dest": "iframe"})) == 403
    assert status_of(sec_fetch_site=site, sec_fetch_mode="no-cors", sec_fetch_dest="script") == 403
    assert status_of(sec_fetch_site="same-origin", method="POST") is None
    assert status_of(sec_fetch_site="none") is None


@given(st.text(max_size=60))
def test_no_text_of_a_host_is_another_than_it_says(text: str) -> None:
    found = authority(text, "http")
    if found is not None:
        assert found.host in text.lower() or ":" in found.host
        assert 0 <= found.port <= 65535
        assert not set(text) & set("/@?#\\ \t\r\n")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_headers_are_answered(host: str, origin: str) -> None:
    scope = scope_of()
    scope["headers"] = [(b"host", host.encode()), (b"origin", origin.encode())]
    refusal = refused_origin(scope, AllowedHosts("127.0.0.1"))
    assert refusal is not None or origin.lower().startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), (EVERYWHERE, False),
     ("::", False), ("192.168.1.5", False), ("mat.local", False), ("localhost.evil.example", False),
     ("", False)],
)  # fmt: skip
def test_what_only_this_computer_reaches(host: str, local: bool) -> None:
    assert is_local(host) is local
