"""The page Session: one page that follows the session from its form to its result."""

import asyncio
from collections.abc import Mapping
from typing import Any

from nicegui import background_tasks, ui
from nicegui.events import GenericEventArguments

from tracker.app.engine.values import SessionNow, Stage
from tracker.app.frame import show_error
from tracker.app.html import tag
from tracker.app.live.message import is_on
from tracker.app.live.panel import STYLE, LivePanel
from tracker.app.pages.session.after import AfterSessionView
from tracker.app.pages.session.before import BeforeSession
from tracker.app.site import View
from tracker.errors import TrackerError, UsageError
from tracker.model import Side


class SessionPage:
    """One open page; it shows what the engine is doing, and asks it for what the person wants."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._engine = view.site.engine
        ui.add_head_html(STYLE)
        self._panel = LivePanel(view, self._steer)
        self._errors = tag("div")
        self._place = tag("div")
        self._before = BeforeSession(view, self._place)
        self._shown = ""
        self._showing = asyncio.Lock()
        self._client = ui.context.client

    async def begin(self) -> None:
        """Show how it stands, and follow from now on."""
        self._client.on_delete(self._engine.watch(self._see))
        now = self._engine.now
        # Whoever comes to start something has seen what is over.
        if "what" in self._view.query and now.stage in (Stage.OVER, Stage.FAILED):
            self._shown = "before"
        else:
            self._shown = _part_of(now)
        await self._show()

    def _see(self, now: SessionNow) -> None:
        part = _part_of(now)
        if part != self._shown:
            self._shown = part
            background_tasks.create(self._show(), name="show a part of the session page")

    async def _show(self) -> None:
        # One after the other: two that read at the same time would both fill the place.
        async with self._showing:
            part, view = self._shown, self._view
            self._errors.clear()
            self._place.clear()
            try:
                if part == "before":
                    await self._before.show()
                elif part == "after":
                    await AfterSessionView(view, self._place).show()
            except TrackerError as error:
                with self._place:
                    show_error(view.words, error)

    def _steer(self, event: GenericEventArguments) -> None:
        self._errors.clear()
        try:
            self._do(dict(event.args))
        except TrackerError as error:
            with self._errors:
                show_error(self._view.words, error)

    def _do(self, wish: Mapping[str, Any]) -> None:
        engine = self._engine
        match wish:
            case {"what": "stop"}:
                engine.stop()
            case {"what": "pause"}:
                engine.pause()
            case {"what": "resume"}:
                engine.resume()
            case {"what": "skip"}:
                engine.skip()
            case {"what": "finish"}:
                engine.finish()
            case {"what": "repeat"}:
                engine.repeat_rest_test()
            case {"what": "take_back", "side": side}:
                engine.take_back(None if side is None else Side(side))
            case {"what": "felt", "set_number": int(number)}:
                engine.felt(number, pain=wish.get("pain"), effort=wish.get("effort"))
            case _:
                raise UsageError("the page asked for something unknown", advice="Load the page again.")


def _part_of(now: SessionNow) -> str:
    if is_on(now):
        return "on"
    # While it is only looked up whether a session can begin, the form stays: it may be refused.
    if now.stage is Stage.CONNECTING:
        return "before"
    return "before" if now.stage is Stage.IDLE else "after"


async def build(view: View) -> None:
    await SessionPage(view).begin()
