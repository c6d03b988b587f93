"""What a person needs next is in sight, and what happens behind closed eyes is heard."""

from pathlib import Path

import pytest
import session_driver as person
from app_process import ServedApp
from browser_fixtures import OpenPage, Serve, short_guide
from playwright.sync_api import Locator, Page, expect

from tracker.model import Side

pytestmark = pytest.mark.browser

LISTEN = """() => {
  window.heard = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    heard.push(this.frequency.value);
    return start.call(this, at);
  };
}"""
TROUBLE_HERTZ = 196
"""Of the tone that asks for a look at the page."""

READ_CANVAS = """() => {
  window.written = [];
  const fillText = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
    written.push(text);
    return fillText.call(this, text, ...at);
  };
}"""

SET_IS_ANNOUNCED = """title => {
  const live = document.querySelector(".live");
  return live.checkVisibility() && live.dataset.phase === "waiting"
    && live.querySelector(".live-step h2")?.textContent === title
    && live.querySelectorAll(".live-tests article").length === 2;
}"""

UNCOVERED = """element => {
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.bottom - 2);
  return box.top >= 0 && top !== null && (element === top || element.contains(top));
}"""


LINES = """element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
}"""


def is_in_sight(place: Locator) -> bool:
    """Within the window, and under nothing."""
    seen: bool = place.evaluate(UNCOVERED)
    return seen


def wait_for_set(page: Page) -> None:
    """Wait until the set is announced, with the rest test behind it, which was refused twice."""
    # poses, knee lifts and two rest tests come before
    limit_ms = 4 * person.SESSION_LIMIT_MS
    page.wait_for_function(SET_IS_ANNOUNCED, arg="Rolling the legs in, lying", timeout=limit_ms)


@pytest.fixture
def unhurried(tmp_path: Path, serve: Serve) -> ServedApp:
    """An app in which a set is announced for long enough to pause before it begins."""
    (tmp_path / "settings.toml").write_text(short_guide(prepare_s=4.0), encoding="utf-8")
    return serve(tmp_path)


def test_a_refusal_is_heard_and_in_sight_with_the_next_set_on_laptop_and_phone(
    unhurried: ServedApp, open_page: OpenPage
) -> None:
    laptop = open_page(unhurried, "/en/session").page
    phone = open_page(unhurried, "/en/session", width=360, height=740).page
    tablet = open_page(unhurried, "/ar/session", width=768, height=1024).page
    laptop.evaluate(LISTEN)
    laptop.evaluate(READ_CANVAS)
    person.choose_exercise(laptop, repetitions=30, rest_test=True)
    unhurried.restless(2)
    person.start(laptop)
    wait_for_set(laptop)
    laptop.locator("body").press("Space")
    for page in (laptop, phone):
        expect(page.locator(".live[data-phase=paused]")).to_be_visible(timeout=person.SESSION_LIMIT_MS)
        for name in ("Stop and save", "Go on"):
            assert is_in_sight(page.get_by_role("button", name=name))
    assert is_in_sight(laptop.locator(".live-tests .care").first)
    assert is_in_sight(laptop.locator(".live-tests .care").last)
    assert TROUBLE_HERTZ in laptop.evaluate("heard")
    assert "0°" in laptop.evaluate("written")
    laptop.get_by_role("button", name="Go on").click()
    # the count has the screen, also with two digits
    for count in (1, 10):
        person.wait_for_count(phone, count)
        assert is_in_sight(person.count_of(phone, Side.RIGHT).locator(".."))
        for page in (laptop, tablet):
            for place in (".gauge >> nth=-1", ".live-trace canvas"):
                assert is_in_sight(page.locator(place))
    for page in (laptop, phone, tablet):
        assert person.count_of(page, Side.LEFT).evaluate(LINES) == 1
    person.stop(laptop)


def test_a_trace_without_a_reference_pose_has_no_degrees(served: ServedApp, open_page: OpenPage) -> None:
    page = open_page(served, "/en/session").page
    page.evaluate(READ_CANVAS)
    person.choose_exercise(page, repetitions=30)
    person.start(page)
    person.wait_for_count(page, 1)
    drawn = page.locator(".live-trace canvas").evaluate(
        "one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some(part => part)"
    )
    assert drawn
    assert page.evaluate("written") == []
    person.stop(page)
