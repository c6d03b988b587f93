"""One session: its recording over time, its numbers, what was said of it, and corrections."""

import asyncio
from functools import partial

from nicegui import ui

from tracker.app.frame import show_error
from tracker.app.html import tag
from tracker.app.operations.review import ShownRecording, StoredReview, open_session, read_review
from tracker.app.pages.review.asked import show_asked
from tracker.app.pages.review.corrections import show_analyses, show_corrections
from tracker.app.pages.review.editing import Editing
from tracker.app.pages.review.felt import show_felt
from tracker.app.pages.review.file import show_results
from tracker.app.pages.review.measuring import when_measured
from tracker.app.pages.review.picture import show_picture
from tracker.app.pages.review.results import show_quality, show_rest_tests
from tracker.app.pages.review.sets import show_stored_sets
from tracker.app.pages.review.told import state_texts
from tracker.app.pages.review.told_sets import show_told_sets
from tracker.app.review.player import STYLE, ReviewPlayer
from tracker.app.site import View
from tracker.errors import TrackerError, UsageError

_MOST_DIGITS = 9

_TOLD_S = 8.0
"""So long it stands there what was kept."""


async def build(view: View) -> None:
    ui.add_head_html(STYLE)
    number = _number(view.values.get("session", ""))
    stored = await asyncio.to_thread(read_review, view.site.database, view.person, number)
    await _SessionPage(view, number).show(stored)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise UsageError("the address names no session", advice="Choose one on the page Review.")
    return int(text)


class _SessionPage:
    """The page of one session; its numbers are drawn anew after each correction, its picture stays."""

    def __init__(self, view: View, number: int) -> None:
        self._view = view
        self._number = number
        self._since = 0
        self._head = tag("div")
        self._told = tag("p", classes="kept-note good strong", role="status")
        self._picture = tag("div")
        self._parts = tag("div")

    async def show(self, stored: StoredReview) -> None:
        """Show the session as it was read."""
        self._show_head(stored)
        with self._picture:
            await self._show_picture(stored)
        await self._show_parts(stored)

    async def refresh(self, told: str) -> None:
        """Read the session again, and show what became different."""
        view = self._view
        stored = await asyncio.to_thread(read_review, view.site.database, view.person, self._number)
        self._head.clear()
        self._show_head(stored)
        self._parts.clear()
        await self._show_parts(stored)
        self._told.text = told
        self._since += 1
        with self._parts:
            ui.timer(_TOLD_S, partial(self._forget, self._since), once=True)

    def _forget(self, since: int) -> None:
        if since == self._since:
            self._told.text = ""

    def _show_head(self, stored: StoredReview) -> None:
        words, session = self._view.words, stored.history.session
        with self._head:
            tag("h2", words.moment(session.started_at))
            with tag("p"):
                tag(
                    "span", words("Session {number}", number=str(session.session_id)), classes="session-badge"
                )
                for text in state_texts(words, session):
                    tag("span", text, classes="session-badge")
                if session.duration_s is not None:
                    tag("span", words.duration(session.duration_s))
            if session.simulated and not self._view.site.simulated:
                text = words("SIMULATED: no person and no sensor was measured.")
                tag("p", text, classes="simulated", role="note")
            if session.deleted_at is not None:
                text = words(
                    "Deleted on {moment}: it does not count. It can be restored below.",
                    moment=words.moment(session.deleted_at),
                )
                tag("p", text, classes="card notice strong")
            tag("a", words("All sessions"), href=self._view.link("/review"), classes="button")

    async def _show_picture(self, stored: StoredReview) -> None:
        view = self._view
        if stored.history.session.by_hand:
            return
        try:
            shown = await open_session(view.site.shelf, view.site.place, stored)
        except TrackerError as error:
            show_error(view.words, error)
            return
        player = show_picture(view, f"/api/sessions/{self._number}", stored.analysis)
        if stored.analysis is None:
            when_measured(shown.opened, lambda: self._show_unstored(shown, player))

    def _show_unstored(self, shown: ShownRecording, player: ReviewPlayer) -> None:
        """Of a session without an analysis what is measured now."""
        words = self._view.words
        try:
            replay = shown.opened.result().replay
        except TrackerError as error:
            show_error(words, error)
            return
        player.tell(replay.analysis)
        text = words(
            "This session has no stored results. What stands here was measured now, and does not count."
        )
        tag("p", text, classes="card notice")
        show_results(self._view, replay)

    async def _show_parts(self, stored: StoredReview) -> None:
        editing = Editing(self._view, stored, self.refresh)
        with self._parts:
            await show_stored_sets(editing)
            show_told_sets(editing)
            if stored.analysis is not None:
                show_rest_tests(editing.words, stored.analysis.rest_tests)
            show_felt(editing)
            show_asked(editing)
            if stored.analysis is not None:
                show_quality(editing.words, stored.analysis, None)
            show_corrections(editing)
            show_analyses(editing)
