"""The safety questions on the page: one after the other, and what the answers mean."""

import asyncio
from collections.abc import Awaitable, Callable

from nicegui import ui

from tracker.app.frame import show_error
from tracker.app.html import button, tag
from tracker.app.operations.safety import SafetyNow, answer_safety, clear_safety
from tracker.app.site import View
from tracker.app.words import Words
from tracker.errors import TrackerError
from tracker.plan.safety import SafetyQuestion, YesMeans
from tracker.session.safety_state import MAX_NOTE_CHARS, Occasion

Done = Callable[[], Awaitable[None]]
"""Is called when the answers are kept."""


class SafetyForm:
    """Asks each question with two big buttons; nothing is kept before the last answer."""

    def __init__(
        self, view: View, occasion: Occasion, questions: tuple[SafetyQuestion, ...], on_done: Done
    ) -> None:
        self._view = view
        self._occasion = occasion
        self._questions = questions
        self._on_done = on_done
        self._answers: dict[str, bool] = {}
        self._place = tag("section", classes="card safety", aria_label=view.words("Safety questions"))
        self._show()

    def _show(self) -> None:
        words = self._view.words
        number = len(self._answers)
        question = self._questions[number]
        self._place.clear()
        with self._place:
            tag("p", why_asked(words, self._occasion), classes="soft")
            tag("p", words("Question {number} of {total}", number=number + 1, total=len(self._questions)))
            tag("p", words.told(question.text), classes="safety-question strong", aria_live="polite")
            with tag("div", classes="row"):
                button(words("No"), lambda _event: self._answer(question, yes=False), classes="big")
                button(words("Yes"), lambda _event: self._answer(question, yes=True), classes="big")
                if number:
                    button(words("Back"), lambda _event: self._back())
            tag("p", words("The questions replace no examination."), classes="soft")

    def _back(self) -> None:
        self._answers.popitem()
        self._show()

    async def _answer(self, question: SafetyQuestion, *, yes: bool) -> None:
        self._answers[question.name] = yes
        is_emergency = yes and question.yes_means is YesMeans.EMERGENCY
        if len(self._answers) < len(self._questions) and not is_emergency:
            self._show()
            return
        site, person = self._view.site, self._view.person
        try:
            await asyncio.to_thread(answer_safety, site.database, person, self._answers, self._occasion)
        except TrackerError as error:
            with self._place:
                show_error(self._view.words, error)
            return
        await self._on_done()


def why_asked(words: Words, occasion: Occasion) -> str:
    """Why the questions come now."""
    match occasion:
        case Occasion.FIRST:
            return words("Before the first session: questions that tell when not to train.")
        case Occasion.WEEKLY:
            return words("A week has gone by: questions that tell when not to train.")
        case Occasion.PAIN:
            return words("After pain of 6 or more: questions that tell when not to train.")
    return words("Questions that tell when not to train.")


def held_back(view: View, safety: SafetyNow, on_done: Done) -> None:
    """What stands against training, and what ends that: new answers, or a clinician's leave."""
    words = view.words
    with tag("section", classes="card error", role="alert"):
        tag("p", words.told(safety.text or ""), classes="strong safety-question")
        if safety.emergency:
            tag("p", words("When it is over, answer the questions anew."))
        else:
            tag("p", words("Until then nothing is measured here."))
    place = tag("div")

    def anew() -> None:
        place.clear()
        with place:
            SafetyForm(view, Occasion.ASKED, safety.questions, on_done)

    with place, tag("div", classes="column"):
        if not safety.emergency:
            _clearance(view, on_done)
        button(words("Answer the questions anew"), lambda _event: anew())


def _clearance(view: View, on_done: Done) -> None:
    words = view.words
    said = {"note": ""}

    async def clear() -> None:
        try:
            await asyncio.to_thread(clear_safety, view.site.database, view.person, said["note"])
        except TrackerError as error:
            errors.clear()
            with errors:
                show_error(words, error)
            return
        await on_done()

    with tag("label", classes="field"):
        tag("span", words("A clinician allows the training: by whom, and when"))
        field = tag("input", type="text", maxlength=MAX_NOTE_CHARS)
        field.on(
            "input", lambda event: said.update(note=str(event.args)), js_handler="(e) => emit(e.target.value)"
        )
    errors = ui.element("div")
    button(words("Keep, and go on"), lambda _event: clear())
