"""The form before a session keeps what was filled in, whatever else on it changes."""

import pytest
from app_process import ServedApp
from browser_fixtures import OpenPage
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_numbers_stay_as_they_were_typed(looked_at: ServedApp, open_page: OpenPage) -> None:
    page = open_page(looked_at, "/en/session?what=exercise").page
    exercise = page.get_by_role("combobox", name="Exercise", exact=True)
    sets, repetitions = (
        page.get_by_role("spinbutton", name=name) for name in ("Sets", "Repetitions of each set")
    )
    sets.fill("1")
    sets.press("Tab")
    # typed, and the field not left yet
    repetitions.fill("7")
    told = page.locator(".exercise-words")
    before = told.inner_text()
    exercise.evaluate(
        "one => { one.selectedIndex = 1; one.dispatchEvent(new Event('change', {bubbles: true})) }"
    )
    expect(told).not_to_have_text(before)
    expect(sets).to_have_value("1")
    expect(repetitions).to_have_value("7")
