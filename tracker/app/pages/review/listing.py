"""The list of a person's sessions, and the place where a recording from elsewhere is dropped."""

import asyncio
from datetime import datetime
from html import escape

from nicegui import background_tasks, ui
from nicegui.events import GenericEventArguments

from tracker.app.frame import show_error
from tracker.app.html import tag
from tracker.app.operations.session_list import DoneExercise, ListedSession, SessionsPage, sessions_page
from tracker.app.pages.review.file import show_file
from tracker.app.pages.review.told import state_texts, told_error
from tracker.app.review.drop_zone import DropZone
from tracker.app.review.player import STYLE
from tracker.app.site import View
from tracker.app.words import Words
from tracker.errors import UsageError


async def build(view: View) -> None:
    ui.add_head_html(STYLE)
    # The process that measures is started while the person still reads.
    background_tasks.create(view.site.shelf.warm_up())
    token = view.query.get("file")
    if token is not None:
        await show_file(view, token)
        return
    deleted = view.query.get("deleted") == "yes"
    page = await asyncio.to_thread(
        sessions_page,
        view.site.database,
        view.person,
        view.site.place.catalogue,
        _before(view.query.get("before")),
        deleted=deleted,
    )
    if not deleted:
        _drop_zone(view)
    _sessions(view, page, deleted=deleted)


def _before(text: str | None) -> datetime | None:
    """The instant in the address from which on a page of the list goes back."""
    if text is None:
        return None
    try:
        before = datetime.fromisoformat(text)
    except ValueError:
        before = datetime.min  # noqa: DTZ901 - refused below
    if before.tzinfo is None:
        raise UsageError("the address names no instant", advice="Begin at the page Review again.")
    return before


def _drop_zone(view: View) -> None:
    place = view.site.place

    def dropped(event: GenericEventArguments) -> None:
        ui.navigate.to(view.link(f"/review?file={event.args['token']}"))

    def refused(event: GenericEventArguments) -> None:
        failure.clear()
        with failure:
            show_error(view.words, told_error(event.args))

    DropZone(view.words, dropped, refused, limit_mb=place.settings.page.upload_mb)
    failure = tag("div")


def _sessions(view: View, page: SessionsPage, *, deleted: bool) -> None:
    words = view.words
    tag("h2", words("Deleted sessions") if deleted else words("Sessions"))
    if not page.sessions:
        text = words("No session was deleted.") if deleted else words("There is no session yet.")
        tag("p", text)
    else:
        lines = "".join(_line_html(view, one) for one in page.sessions)
        ui.html(f'<ul class="sessions">{lines}</ul>', sanitize=False)
    with tag("nav", classes="row", aria_label=words("More sessions")):
        suffix = "&deleted=yes" if deleted else ""
        if "before" in view.query:
            latest = view.link("/review?deleted=yes" if deleted else "/review")
            tag("a", words("The latest ones"), href=latest, classes="button")
        if page.earlier_before is not None:
            before = page.earlier_before.isoformat().replace("+", "%2B")
            tag(
                "a",
                words("Earlier ones"),
                href=view.link(f"/review?before={before}{suffix}"),
                classes="button",
            )
        if deleted:
            tag("a", words("Sessions that count"), href=view.link("/review"), classes="button")
        else:
            tag("a", words("Deleted sessions"), href=view.link("/review?deleted=yes"), classes="button")


def _done(words: Words, one: ListedSession) -> str:
    session = one.session
    parts = [
        words(
            "{exercise}: {sets}, {repetitions}",
            exercise=words.told(done.title),
            sets=words.plural("{count} set", "{count} sets", done.sets),
            repetitions=_repetitions(words, done),
        )
        for done in one.done
    ]
    if session.rest_tests:
        parts.append(words.plural("{count} rest test", "{count} rest tests", session.rest_tests))
    if session.refused_rest_tests:
        parts.append(words("{count} of them refused", count=session.refused_rest_tests))
    return " · ".join(parts) or "–"


def _repetitions(words: Words, done: DoneExercise) -> str:
    if done.both_legs:
        return words.plural(
            "{count} repetition of both legs", "{count} repetitions of both legs", done.valid_reps
        )
    return words.plural("{count} repetition", "{count} repetitions", done.valid_reps)


def _length(words: Words, one: ListedSession) -> str:
    session = one.session
    seconds = session.duration_s
    if session.by_hand and session.ended_at is not None:
        seconds = (session.ended_at - session.started_at).total_seconds()
    return "–" if seconds is None else words.duration(seconds, short=True)


def _line_html(view: View, one: ListedSession) -> str:
    words, session = view.words, one.session
    badges = "".join(
        f'<span class="session-badge">{escape(text)}</span>' for text in state_texts(words, session)
    )
    address = view.link(f"/review/{session.session_id}")
    return (
        f'<li><a href="{escape(address)}">{escape(words.moment(session.started_at))}</a>'
        f"<span>{escape(_done(words, one))}</span><span>{escape(_length(words, one))}</span>"
        f"<span>{badges}</span></li>"
    )
