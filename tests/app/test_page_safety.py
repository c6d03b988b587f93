"""The safety questions on the page, where sensors are real: no session before them, none against them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from browser_fixtures import OpenPage
from playwright.sync_api import Locator, Page, expect
from served_otherwise import PairedApp
from test_every_page import PHONE

from tracker.app.words import LANGUAGES, words_for
from tracker.home import Home
from tracker.local_time import local_time_zone
from tracker.plan.safety import CLINICIAN_TEXT, EMERGENCY_TEXT, SafetyQuestion, YesMeans, load_questions
from tracker.session.safety_state import Occasion
from tracker.session.workplace import workplace
from tracker.store.persons import person_meant
from tracker.store.screenings import Screening, latest_screening, save_screening
from tracker.store.sessions import list_sessions

pytestmark = pytest.mark.browser

QUESTIONS = load_questions()
EMERGENCIES = [one for one in QUESTIONS if one.yes_means is YesMeans.EMERGENCY]
FOR_A_CLINICIAN = [one for one in QUESTIONS if one.yes_means is YesMeans.CLINICIAN]
LEAVE = "A clinician allows the training: by whom, and when"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[PairedApp]:
    """An app without simulation and without sensors, nobody in it yet."""
    with PairedApp(tmp_path) as app:
        yield app


def form(page: Page) -> Locator:
    """The form with the questions."""
    return page.get_by_role("region", name="Safety questions")


def start_button(page: Page) -> Locator:
    """What begins a session."""
    return page.get_by_role("button", name="Start", exact=True)


def answer(page: Page, question: SafetyQuestion, *, yes: bool = False) -> None:
    """Wait for a question, and answer it."""
    expect(form(page).locator(".safety-question")).to_have_text(question.text)
    form(page).get_by_role("button", name="Yes" if yes else "No", exact=True).click()


def answer_all(page: Page, *yes: SafetyQuestion) -> None:
    """Answer every question: with yes those that are named."""
    for question in QUESTIONS:
        answer(page, question, yes=question in yes)


def refusal(app: PairedApp) -> str:
    """What a program is told that asks for a session, whatever the page shows."""
    answered = httpx.post(f"{app.address}/api/live/start", json={}, timeout=30.0)
    assert answered.is_client_error, answered.text
    error = answered.json()["error"]
    return f"{error['message']} {error['advice']}"


def kept(app: PairedApp) -> tuple[Screening | None, int]:
    """The last answers in the store, and how many sessions there are."""
    with workplace(Home(app.folder)).database() as database, database.read() as connection:
        person_id = person_meant(connection, None, time_zone="UTC").person_id
        return latest_screening(connection, person_id), len(list_sessions(connection, person_id))


def test_each_question_is_asked_before_a_session_can_begin(real: PairedApp, open_page: OpenPage) -> None:
    today = open_page(real, "/en/today")
    expect(today.page.get_by_text("They are asked when you press Start.")).to_be_visible()
    today.close()
    window = open_page(real, "/en/session?what=rest", width=PHONE)
    page = window.page
    assert "safety questions" in refusal(real)
    for number, question in enumerate(QUESTIONS, start=1):
        expect(form(page)).to_contain_text(f"Question {number} of {len(QUESTIONS)}")
        expect(form(page).locator(".safety-question")).to_have_text(question.text)
        expect(start_button(page)).to_have_count(0)
        assert window.too_wide() == []
        answer(page, question)
        if number == 2:
            form(page).get_by_role("button", name="Back").click()
            assert window.serious_findings() == []
            answer(page, question)
    expect(start_button(page)).to_be_visible()
    expect(form(page)).to_have_count(0)
    screening, _ = kept(real)
    assert screening is not None
    assert screening.occasion == Occasion.FIRST
    assert screening.answers == {one.name: False for one in QUESTIONS}


def test_a_yes_that_can_mean_an_emergency_says_so_at_once_in_every_language(
    real: PairedApp, open_page: OpenPage
) -> None:
    page = open_page(real, "/en/session").page
    for flag in EMERGENCIES:
        for question in QUESTIONS[: QUESTIONS.index(flag)]:
            answer(page, question)
        answer(page, flag, yes=True)
        expect(page.get_by_role("alert").filter(has_text=EMERGENCY_TEXT)).to_be_visible()
        expect(form(page)).to_have_count(0)
        # nobody's leave ends an emergency, only other answers
        expect(page.get_by_label(LEAVE)).to_have_count(0)
        if flag != EMERGENCIES[-1]:
            page.get_by_role("button", name="Answer the questions anew").click()
    phone = open_page(real, "/en/today", width=PHONE)
    for language in [one.code for one in LANGUAGES]:
        text = words_for(language).told(EMERGENCY_TEXT)
        assert (text == EMERGENCY_TEXT) == (language == "en")
        # An address that asks for a session begins none, and the first page says why.
        for path in ("session?what=rest", "today"):
            phone.go(f"/{language}/{path}")
            expect(phone.page.get_by_role("alert").filter(has_text=text)).to_be_visible()
            expect(phone.page.locator("button.start")).to_have_count(0)
            assert phone.too_wide() == []
            assert phone.serious_findings() == []
    assert "emergency" in refusal(real)
    screening, sessions = kept(real)
    assert screening is not None and screening.emergency
    assert sessions == 0


def test_a_yes_for_a_clinician_holds_back_until_a_clinician_allows_it(
    real: PairedApp, open_page: OpenPage
) -> None:
    window = open_page(real, "/en/session", width=PHONE)
    page = window.page
    answer_all(page, FOR_A_CLINICIAN[0], FOR_A_CLINICIAN[-1])
    alert = page.get_by_role("alert").filter(has_text=CLINICIAN_TEXT)
    expect(alert).to_contain_text("Until then nothing is measured here.")
    expect(start_button(page)).to_have_count(0)
    assert "stands against training" in refusal(real)
    assert window.too_wide() == []
    assert window.serious_findings() == []
    page.get_by_role("button", name="Keep, and go on").click()
    expect(page.get_by_text("the note does not say who allows the training")).to_be_visible()
    expect(start_button(page)).to_have_count(0)
    page.get_by_label(LEAVE).fill("Dr X, 3 May")
    page.get_by_role("button", name="Keep, and go on").click()
    expect(start_button(page)).to_be_visible()
    expect(alert).to_have_count(0)
    screening, _ = kept(real)
    assert screening is not None
    assert screening.note == "Dr X, 3 May"


def test_much_pain_asks_anew_before_the_session_that_was_to_begin(
    real: PairedApp, open_page: OpenPage
) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    none = {one.name: False for one in QUESTIONS}
    with workplace(Home(real.folder)).database() as database, database.write() as connection:
        person = person_meant(connection, None, time_zone=local_time_zone())
        screening = Screening(yesterday, Occasion.FIRST.value, none, flagged=False, emergency=False)
        save_screening(connection, person.person_id, screening)
    page = open_page(real, "/en/session?what=rest").page
    pain = page.get_by_role("group", name="Pain now (it can be left out)")
    pain.get_by_role("button", name="7", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="7")).not_to_be_empty()
    start_button(page).click()
    expect(form(page)).to_contain_text("After pain of 6 or more")
    expect(start_button(page)).to_have_count(0)
    answer(page, EMERGENCIES[0], yes=True)
    expect(page.get_by_role("alert").filter(has_text=EMERGENCY_TEXT)).to_be_visible()
    held, sessions = kept(real)
    assert held is not None
    assert (held.occasion, held.emergency, sessions) == (Occasion.PAIN, True, 0)
