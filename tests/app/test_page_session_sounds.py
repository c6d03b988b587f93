"""What is heard and pressed in a session: each repetition once, switches that stay, keys, a bar."""

import pytest
import session_driver as person
from app_process import ServedApp
from browser_fixtures import OpenPage
from playwright.sync_api import Page, expect

from tracker.model import Side

pytestmark = pytest.mark.browser

LISTEN = """() => {
  window.heard = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    heard.push(this.frequency.value);
    return start.call(this, at);
  };
  window.spoken = [];
  speechSynthesis.speak = (words) => spoken.push([words.text, words.lang]);
}"""
VALID_HERTZ = 880
"""Of the tone of a repetition that counts."""


TONES_AND_COUNTS = """(hertz) => [
  heard.filter((one) => one === hertz).length,
  [...document.querySelectorAll(".leg-count")].map((one) => Number(one.textContent)),
]"""


def tones_and_counts(page: Page) -> tuple[int, list[int]]:
    """How many repetitions were heard, and those that are shown of each leg at the same moment."""
    heard, counted = page.evaluate(TONES_AND_COUNTS, VALID_HERTZ)
    return heard, counted


def test_each_repetition_is_heard_and_spoken_once_and_switches_stay(
    served: ServedApp, open_page: OpenPage
) -> None:
    window = open_page(served, "/en/session")
    page = window.page
    page.evaluate(LISTEN)
    person.choose_exercise(page, repetitions=0)
    person.start(page)
    person.wait_for_count(page, 3)
    heard, counted = tones_and_counts(page)
    # Both legs of one repetition close within moments of each other: then one tone is enough.
    assert max(counted) <= heard <= sum(counted)
    page.get_by_role("switch", name="Tones").click()
    numbers = [int(text) for text, _ in page.evaluate("spoken")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {language for _, language in page.evaluate("spoken")} == {"en"}

    page.reload()
    page.wait_for_selector(".leg-count")
    page.evaluate(LISTEN)
    expect(page.get_by_role("switch", name="Tones")).to_have_attribute("aria-checked", "false")
    expect(page.get_by_role("switch", name="Spoken count")).to_have_attribute("aria-checked", "true")
    shown = int(person.count_of(page, Side.RIGHT).inner_text())
    person.wait_for_count(page, shown + 2)
    assert tones_and_counts(page)[0] == 0
    spoken = [int(text) for text, _ in page.evaluate("spoken")]
    # What was counted before the page was loaded is not spoken again.
    assert spoken == sorted(set(spoken))
    assert min(spoken) > max(numbers)
    person.stop(page)


def test_keys_pause_take_back_and_stop_and_a_screen_reader_is_told(
    served: ServedApp, open_page: OpenPage
) -> None:
    page = open_page(served, "/en/session", width=360, height=740).page
    person.choose_exercise(page, repetitions=0)
    person.start(page)
    page.get_by_role("switch", name="Spoken count").click()
    told = page.locator("[data-told]")
    expect(told).to_have_attribute("aria-live", "polite")
    person.wait_for_count(page, 2)
    expect(told).to_contain_text("leg: ")
    for side in (Side.LEFT, Side.RIGHT):
        box = person.count_of(page, side).bounding_box()
        assert box is not None
        assert box["height"] >= 0.2 * 740
    page.locator("body").press("Space")
    expect(page.locator(".live[data-phase=paused]")).to_be_visible(timeout=person.SESSION_LIMIT_MS)
    expect(told).to_have_text("Paused", timeout=person.SESSION_LIMIT_MS)
    page.locator("body").press("Space")
    expect(page.locator(".live[data-phase=paused]")).to_have_count(0, timeout=person.SESSION_LIMIT_MS)
    page.get_by_role("switch", name="Keys").click()
    page.locator("body").press("Space")
    page.locator("body").press("Escape")
    person.wait_until_saved(page)
    assert page.evaluate("document.documentElement.hasAttribute('data-live')") is False


def test_a_bar_on_other_pages_leads_to_the_session_and_goes_with_it(
    served: ServedApp, open_page: OpenPage
) -> None:
    first = open_page(served, "/en/session").page
    other = open_page(served, "/en/today").page
    expect(other.locator(".live-bar")).to_have_count(0)
    person.choose_rest_test(first)
    person.start(first)
    other.locator(".live-bar a").click()
    expect(other.locator(".live")).to_be_visible()
    again = open_page(served, "/ar/today", width=360).page
    expect(again.locator(".live-bar")).to_be_visible()
    person.stop(other)
    expect(again.locator(".live-bar")).to_have_count(0)


def test_pain_before_a_session_is_advised_on_beside_the_form(
    looked_at: ServedApp, open_page: OpenPage
) -> None:
    page = open_page(looked_at, "/en/session").page
    scale = page.get_by_role("group", name="Pain now")
    scale.get_by_role("button", name="7", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="stop")).to_be_visible()
    scale.get_by_role("button", name="7", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="stop")).to_have_count(0)
