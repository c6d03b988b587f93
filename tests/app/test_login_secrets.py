"""What opens the page to others stands nowhere that can be read: no log, no output, no address, no file."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from browser_fixtures import OpenPage
from playwright.sync_api import expect
from served_otherwise import LoggedApp
from test_login_used import EVERYWHERE, PASSPHRASE

from tracker.app.access.passphrase import PassphraseFile
from tracker.home import Home

pytestmark = pytest.mark.browser

WRONG = "a wrong horse battery staple"


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[LoggedApp]:
    """An app that others on the network can reach, and that logs all it can."""
    home = Home(tmp_path / "home")
    home.create()
    PassphraseFile(home).set(PASSPHRASE)
    with LoggedApp(home.folder, tmp_path / "log.txt", EVERYWHERE) as app:
        yield app


def test_passphrase_and_cookie_are_in_no_log_no_output_no_address_and_no_file(
    guarded: LoggedApp, open_page: OpenPage
) -> None:
    window = open_page(guarded, "/en/today")
    page, addresses = window.page, [window.page.url]
    page.on("request", lambda request: addresses.append(request.url))
    page.on("websocket", lambda socket: addresses.append(socket.url))
    page.get_by_label("Passphrase").fill(WRONG)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).not_to_be_empty()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    window.go("/en/persons")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    # a program's request that is refused, of who is logged in
    refused = page.evaluate("fetch('/api/safety', {method: 'POST', body: '{'}).then(one => one.status)")
    assert 400 <= refused < 500
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    window.faults.clear()

    assert any("/login" in one for one in addresses)
    written = {
        "log": guarded.log.read_text(encoding="utf-8"),
        "output": "\n".join(guarded.output()),
        "complaints": guarded.complaints(),
        "addresses": "\n".join(addresses),
    }
    assert "DEBUG" in written["log"]
    secrets = [cookies["tracker_login"].encode()]
    for phrase in (WRONG, PASSPHRASE):
        secrets += [one.encode() for one in (phrase, quote(phrase), quote_plus(phrase))]
    files = [one for one in guarded.folder.rglob("*") if one.is_file()]
    assert guarded.folder / "page_passphrase" in files
    places = {name: text.encode() for name, text in written.items()}
    places |= {str(one): one.read_bytes() for one in files}
    assert [name for name, content in places.items() if any(one in content for one in secrets)] == []
