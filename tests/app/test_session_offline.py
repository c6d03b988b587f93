"""A phone that loses its network in a session: what the page says, and that the session goes on."""

import pytest
import session_driver as person
from app_process import ServedApp
from browser_fixtures import OpenPage
from playwright.sync_api import expect

from tracker.model import Side

pytestmark = pytest.mark.browser

POPUP = "#popup"
"""What NiceGUI shows by itself where a page has lost the program."""


def test_a_lost_network_is_told_once_and_the_count_goes_on(served: ServedApp, open_page: OpenPage) -> None:
    watched = open_page(served, "/en/session", width=360, height=740)
    page = watched.page
    person.choose_exercise(page, repetitions=0)
    person.start(page)
    person.wait_for_count(page, 1)
    page.context.set_offline(True)
    told = page.get_by_role("alert").filter(has_text="The page has lost the program. The session goes on")
    expect(told).to_be_visible(timeout=person.SESSION_LIMIT_MS)
    popup = page.locator(POPUP)
    expect(popup).to_have_attribute("aria-hidden", "false")
    expect(popup).to_be_hidden()
    before = int(person.count_of(page, Side.RIGHT).inner_text())
    page.context.set_offline(False)
    expect(told).to_have_count(0, timeout=person.SESSION_LIMIT_MS)
    expect(page.locator(".live[data-phase=on]")).to_be_visible()
    person.wait_for_count(page, before + 1)
    person.stop(page)
    watched.faults[:] = [fault for fault in watched.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
