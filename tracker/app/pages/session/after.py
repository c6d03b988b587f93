"""After a session: what was done, what the rest test says, how it felt, and what the rules say of it."""

import asyncio

from nicegui import ui

from tracker.app.engine.values import SessionNow
from tracker.app.frame import show_error
from tracker.app.html import button, tag
from tracker.app.live.names import exercise_title, leg_name
from tracker.app.operations.after_session import AfterSession, after_session
from tracker.app.operations.safety import safety_now
from tracker.app.pages.session.fields import scale, text_area
from tracker.app.pages.session.proposals import show_proposals
from tracker.app.pages.session.resting import show_rest_tests
from tracker.app.pages.session.safety_form import SafetyForm, held_back
from tracker.app.site import View
from tracker.app.tables import show_table
from tracker.app.words import Words
from tracker.errors import TrackerError
from tracker.session.felt_session import Said
from tracker.session.safety_state import Occasion
from tracker.session.saying_felt import LONGEST_NOTE_CHARS, say_felt


class AfterSessionView:
    """The result of the session that the engine ran last."""

    def __init__(self, view: View, place: ui.element) -> None:
        self._view = view
        self._place = place

    async def show(self) -> None:
        """Read the session and show it."""
        now = self._view.site.engine.now
        self._place.clear()
        with self._place:
            _failure(self._view.words, now)
            if now.session_id is None:
                self._links()
                return
            if now.person_id != self._view.person.person_id:
                text = self._view.words("A session of {name} is saved.", name=now.person_name or "")
                tag("p", text, classes="card")
                self._links()
                return
        found = await self._read(now.session_id)
        with self._place:
            self._result(found)

    async def _read(self, session_id: int) -> AfterSession:
        site = self._view.site
        return await asyncio.to_thread(
            after_session, site.place, site.database, self._view.person, session_id
        )

    def _result(self, found: AfterSession) -> None:
        words, view = self._view.words, self._view
        if view.site.engine.now.failure is None:
            tag("p", words("The session is saved."), classes="good strong", role="status")
        self._links(found.felt.session.session_id)
        if found.rest_tests:
            show_rest_tests(view, found)
        _sets(view, found)
        self._felt(found)
        self._rules_place = tag("div", aria_live="polite")
        self._show_rules(found)

    def _felt(self, found: AfterSession) -> None:
        words, felt, session_id = self._view.words, found.felt.felt, found.felt.session.session_id

        def keeper(field: str) -> "_Keeper":
            return _Keeper(self, session_id, field)

        with tag("section", classes="card", aria_labelledby="felt-title"):
            tag("h2", words("How it felt"), id="felt-title")
            scale(words, words("Pain at worst"), felt.pain_worst, keeper("pain_worst"))
            if found.sets:
                scale(words, words("Effort"), felt.effort, keeper("effort"))
            text_area(words("Notes"), felt.notes or "", keeper("notes"), LONGEST_NOTE_CHARS)
            self._kept = tag("p", "", classes="good", role="status")

    async def keep(self, session_id: int, said: Said) -> None:
        """Store what was said, and show what the rules say of it now."""
        view = self._view
        try:
            await asyncio.to_thread(say_felt, view.site.database, view.person, session_id, said)
            found = await self._read(session_id)
        except TrackerError as error:
            with self._place:
                show_error(view.words, error)
            return
        self._kept.text = view.words("Kept.")
        self._show_rules(found)

    def _show_rules(self, found: AfterSession) -> None:
        self._rules_place.clear()
        with self._rules_place:
            for advice in found.advice:
                tag("p", self._view.words.told(advice.text), classes="card notice strong", role="alert")
            if found.safety_due and not self._view.site.simulated:
                self._ask_safety()
            show_proposals(self._view, found.proposals)

    def _ask_safety(self) -> None:
        view = self._view
        place = tag("div")

        async def done() -> None:
            safety = await asyncio.to_thread(safety_now, view.site.database, view.person)
            place.clear()
            with place:
                if safety.held_back:
                    held_back(view, safety, done)
                else:
                    tag("p", view.words("Nothing in the answers stands against training."), classes="card")

        async def ask() -> None:
            safety = await asyncio.to_thread(safety_now, view.site.database, view.person)
            place.clear()
            with place:
                SafetyForm(view, Occasion.PAIN, safety.questions, done)

        with place:
            text = view.words("After pain of 6 or more the safety questions come first.")
            tag("p", text, classes="card notice")
            button(view.words("Answer them now"), lambda _event: ask(), classes="main-action")

    def _links(self, session_id: int | None = None) -> None:
        words, view = self._view.words, self._view
        with tag("div", classes="row"):
            button(words("New session"), lambda _event: view.site.engine.dismiss(), classes="main-action")
            if session_id is not None:
                tag(
                    "a",
                    words("Look at it closely"),
                    href=view.link(f"/review/{session_id}"),
                    classes="button",
                )
            tag("a", words("The week"), href=view.link("/week"), classes="button")


class _Keeper:
    """Keeps one value of how the session felt."""

    def __init__(self, after: AfterSessionView, session_id: int, field: str) -> None:
        self._after = after
        self._session_id = session_id
        self._field = field

    async def __call__(self, value: int | str | None) -> None:
        await self._after.keep(self._session_id, {self._field: value})


def _failure(words: Words, now: SessionNow) -> None:
    if now.failure is None:
        return
    with tag("div", classes="error card", role="alert"):
        tag("p", words.told(now.failure.message), classes="strong")
        tag("p", words.told(now.failure.advice))
        if now.session_id is not None:
            tag("p", words("What was recorded before that is saved."))


def _sets(view: View, found: AfterSession) -> None:
    words, catalogue = view.words, view.site.place.catalogue
    if not found.sets:
        return
    with tag("section", classes="card", aria_labelledby="sets-title"):
        tag("h2", words("What was done"), id="sets-title")
        show_table(
            ["", words("Leg"), words("Counted"), words("Not counted"), words("Exercise")],
            [
                (
                    words("Set {number}", number=one.set_number),
                    leg_name(words, one.side),
                    words.number(one.counted_valid_reps, 0),
                    words.number(one.counted_partial_reps, 0),
                    exercise_title(words, catalogue, one.counted_exercise),
                )
                for one in found.sets
            ],
            label=words("What was done"),
            text_columns=(0, 1, 4),
        )
