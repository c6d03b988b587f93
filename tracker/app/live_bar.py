"""The bar on every page but the session's own that says that a session runs."""

from nicegui import ui

from tracker.app.engine.values import SessionNow
from tracker.app.html import tag
from tracker.app.live.message import is_on
from tracker.app.live.panel import STYLE
from tracker.app.site import View


def live_bar(view: View) -> None:
    """Put the bar here; it comes and goes with the session."""
    words, engine = view.words, view.site.engine
    ui.add_head_html(STYLE)
    place = tag("div", role="status")
    shown: str | None = None

    def see(now: SessionNow) -> None:
        nonlocal shown
        name = (now.person_name or "") if is_on(now) else None
        if name == shown:
            return
        shown = name
        place.clear()
        if name is None:
            return
        with place, tag("div", classes="live-bar"):
            tag(
                "span",
                words("A session of {name} is running.", name=name)
                if name
                else words("A session is running."),
            )
            tag("a", words("Go to the session"), href=view.link("/session"))

    see(engine.now)
    ui.context.client.on_delete(engine.watch(see))
