"""The frame of every page: navigation, language, whose data it is, what is simulated, what it is not."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

from tracker.app.html import tag
from tracker.app.live_bar import live_bar
from tracker.app.site import Page, View
from tracker.app.words import LANGUAGES, Words
from tracker.errors import TrackerError

_HEAD = '<link rel="stylesheet" href="/assets/page.css"><script type="module" src="/assets/page.js"></script>'

_SESSION_PATH = "/session"
"""It shows the running session itself."""


@contextmanager
def page_frame(view: View, page: Page, pages: tuple[Page, ...]) -> Iterator[None]:
    """Everything around the content of a page; the content goes into its `main` element."""
    words = view.words
    ui.add_head_html(_HEAD)
    tag("a", words("Go to the content"), classes="skip", href="#content")
    with tag("header", classes="top"):
        _navigation(view, page, pages)
        if view.person.name:
            whose = words("Person: {name}", name=view.person.name)
            tag("a", whose, classes="whose", href=view.link("/persons"))
    if view.site.simulated:
        tag("p", words("SIMULATED: no person and no sensor was measured."), classes="simulated", role="note")
    if page.path != _SESSION_PATH:
        live_bar(view)
    with tag("main", id="content", tabindex=-1):
        tag("h1", words(page.title))
        yield
    with tag("footer", classes="bottom"):
        tag(
            "p",
            words(
                "This program shows positions and movements, and compares them with your own earlier ones. "
                "It is no medical device."
            ),
        )
        _choices(view)


def show_error(words: Words, error: TrackerError) -> None:
    """What went wrong and what to do, read out at once by screen readers."""
    with tag("div", classes="error card", role="alert"):
        tag("p", words.told(error.message), classes="strong")
        tag("p", words.told(error.advice))


def _navigation(view: View, page: Page, pages: tuple[Page, ...]) -> None:
    with tag("nav", aria_label=view.words("Pages")), tag("ul"):
        for one in pages:
            if not one.in_navigation:
                continue
            with tag("li"):
                link = tag("a", view.words(one.title), href=view.link(one.path))
                if one is page:
                    link.props["aria-current"] = "page"


def _choices(view: View) -> None:
    """Language, and light or dark; `page.js` keeps what is chosen in the browser."""
    words = view.words
    with tag("div", classes="choices"):
        with tag("select", aria_label=words("Language"), data_choice="language"):
            for language in LANGUAGES:
                own = language.code == words.code
                tag("option", language.own_name, value=language.code, lang=language.code, selected=own)
        with tag("select", aria_label=words("Light or dark"), data_choice="theme"):
            tag("option", words("As the device"), value="auto")
            tag("option", words("Light"), value="light")
            tag("option", words("Dark"), value="dark")
        if view.site.has_login:
            with tag("form", method="post", action="/logout"):
                tag("button", words("Log out"), type="submit")
