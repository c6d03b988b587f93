"""The page on an address that others can reach: nothing of it is seen before the passphrase was given."""

from pathlib import Path

import pytest
from app_process import ServedApp
from browser_fixtures import OpenPage, Serve
from playwright.sync_api import expect
from test_every_page import LAPTOP, PHONE

from tracker.app.access.passphrase import PassphraseFile
from tracker.app.words import LANGUAGES
from tracker.home import Home

pytestmark = pytest.mark.browser

PASSPHRASE = "correct horse battery staple"  # noqa: S105 - of a test
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is tried


@pytest.fixture
def guarded(tmp_path: Path, serve: Serve) -> ServedApp:
    """An app that others on the network can reach."""
    home = Home(tmp_path)
    home.create()
    PassphraseFile(home).set(PASSPHRASE)
    return serve(tmp_path, EVERYWHERE)


def test_who_knows_the_passphrase_gets_in_and_out_again(guarded: ServedApp, open_page: OpenPage) -> None:
    window = open_page(guarded, "/en/week")
    page = window.page
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    expect(page.get_by_role("navigation", name="Pages")).to_have_count(0)
    page.get_by_label("Passphrase").fill("wrong horse")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).not_to_be_empty()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    cookies = {one["name"]: one for one in page.context.cookies()}
    secret = [one for one in cookies.values() if one["httpOnly"]]
    assert len(secret) == 1
    assert secret[0]["sameSite"] == "Strict"
    assert secret[0]["value"] not in page.url
    window.go("/en/persons")
    page.get_by_role("link", name="Log out").or_(page.get_by_role("button", name="Log out")).click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    # what the browser says of answers that refuse; nothing else may have gone wrong
    assert [fault for fault in window.faults if "401" not in fault and "403" not in fault] == []
    window.faults.clear()


@pytest.mark.parametrize("language", [one.code for one in LANGUAGES])
def test_the_way_in_fits_and_can_be_used_by_everybody(
    language: str, guarded: ServedApp, open_page: OpenPage
) -> None:
    window = open_page(guarded, f"/login?language={language}")
    for width in (LAPTOP, PHONE):
        window.resize(width)
        assert window.too_wide() == []
        assert window.serious_findings() == []
    assert window.page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
