"""What the tests of pages stand on: it sees what it should see."""

import pytest
from app_process import ServedApp
from browser_fixtures import OpenPage
from playwright.sync_api import Browser
from watched_page import WatchedPage

pytestmark = pytest.mark.browser


@pytest.fixture
def faulty(browser: Browser, looked_at: ServedApp) -> WatchedPage:
    """A page whose faults are wanted."""
    page = WatchedPage(browser, looked_at.address, width=360, height=640)
    page.go("/en/today")
    assert list(page.faults) == []
    return page


def test_a_page_that_asks_another_host_is_seen(faulty: WatchedPage) -> None:
    add = "() => document.body.append(Object.assign(new Image(), {src: 'http://198.51.100.7/a.png'}))"
    faulty.page.evaluate(add)
    faulty.page.wait_for_function("() => document.images.length > 0")
    faulty.close()
    assert any("198.51.100.7" in fault for fault in faulty.faults)


def test_an_error_on_the_console_and_one_that_nobody_caught_are_seen(faulty: WatchedPage) -> None:
    with faulty.page.expect_event("pageerror"):
        faulty.page.evaluate("() => { console.error('first'); setTimeout(() => { throw Error('second') }) }")
    faulty.close()
    assert [fault.split(" (")[0] for fault in faulty.faults] == ["logged: first", "failed: second"]


def test_what_does_not_fit_is_seen_and_what_scrolls_by_itself_fits(faulty: WatchedPage) -> None:
    assert faulty.too_wide() == []
    add = """overflow => {
        const [outer, inner] = [document.createElement("div"), document.createElement("div")]
        outer.style.overflowX = overflow
        inner.style.width = "900px"
        inner.textContent = "wide"
        outer.append(inner)
        document.querySelector("main").append(outer)
    }"""
    assert faulty.scrolls_sideways() == []
    faulty.page.evaluate(add, "auto")
    assert faulty.too_wide() == []
    assert any("900" in one for one in faulty.scrolls_sideways())
    faulty.page.evaluate(add, "visible")
    assert any("wide" in one for one in faulty.too_wide())
    faulty.close()


def test_axe_sees_a_button_without_a_name_and_letters_that_are_too_pale(faulty: WatchedPage) -> None:
    assert faulty.serious_findings() == []
    faulty.page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend",
        '<button></button><p style="color: #bbb; background: #fff">pale</p>')""")
    found = faulty.serious_findings()
    faulty.close()
    assert [one.split(":")[0] for one in found] == ["button-name", "color-contrast"]


def test_what_goes_wrong_is_told_only_while_a_session_runs(looked_at: ServedApp) -> None:
    with pytest.raises(RuntimeError, match="no session runs"):
        looked_at.lose("left_thigh", 1.0)


def test_pages_that_are_opened_for_a_test_are_checked_after_it(
    looked_at: ServedApp, open_page: OpenPage
) -> None:
    page = open_page(looked_at, "/en/today")
    page.page.evaluate("() => console.error('told')")
    page.page.wait_for_timeout(0)
    assert page.faults
    page.faults.clear()
