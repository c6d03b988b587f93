"""Every page, in every language, on a phone and on a laptop: it fits, and everybody can use it."""

import pytest
from app_process import ServedApp
from browser_fixtures import OpenPage

from tracker.app.pages.index import PAGES
from tracker.app.words import LANGUAGES

pytestmark = pytest.mark.browser

PHONE, LAPTOP = 360, 1280
VALUES = {"{session}": "1"}
"""What stands in addresses, in a home with a history."""


def address_of(path: str) -> str:
    """A page's path with its values."""
    for name, value in VALUES.items():
        path = path.replace(name, value)
    assert "{" not in path, f"say in VALUES what stands in {path}"
    return path


@pytest.mark.parametrize("language", [one.code for one in LANGUAGES])
@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_it_fits_and_axe_finds_nothing_serious(
    path: str, language: str, looked_at: ServedApp, open_page: OpenPage
) -> None:
    page = open_page(looked_at, f"/{language}{address_of(path)}", width=LAPTOP)
    html = page.page.locator("html")
    assert (html.get_attribute("lang") or "").partition("-")[0] == language
    assert html.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert page.page.locator("main h1").count() == 1
    assert [text for text in page.page.locator("[role=alert]").all_inner_texts() if text.strip()] == []
    for width in (LAPTOP, PHONE):
        page.resize(width)
        assert page.too_wide() == []
        assert page.scrolls_sideways() == []
        assert page.serious_findings() == []


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_in_the_dark_it_can_be_read_too(path: str, looked_at: ServedApp, open_page: OpenPage) -> None:
    page = open_page(looked_at, f"/en{address_of(path)}", width=LAPTOP, dark=True)
    for width in (LAPTOP, PHONE):
        page.resize(width)
        assert page.serious_findings() == []


def test_on_a_phone_whose_page_it_is_takes_no_line_of_its_own(
    looked_at: ServedApp, open_page: OpenPage
) -> None:
    page = open_page(looked_at, "/en/today", width=390, height=844).page
    links = page.get_by_role("navigation", name="Pages").get_by_role("list").get_by_role("link")
    last, whose = links.last.bounding_box(), page.get_by_role("link", name="Person: ").bounding_box()
    assert last is not None and whose is not None
    assert last["x"] + last["width"] <= whose["x"]
    assert last["y"] == pytest.approx(whose["y"], abs=4)
