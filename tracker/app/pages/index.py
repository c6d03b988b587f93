"""All pages, in the order of the navigation; what builds one is imported when it is first opened.

All of them take a third of a second to import, and the first page would wait for it.
"""

import asyncio
from importlib import import_module

from tracker.app.site import Page, PageBuilder, View


def _built_by(module: str) -> PageBuilder:
    """What builds a page by the function `build` of a module of this package."""

    async def build(view: View) -> None:
        found = await asyncio.to_thread(import_module, f"{__package__}.{module}")
        await found.build(view)

    return build


PAGES: tuple[Page, ...] = (
    Page("/today", "Today", _built_by("today")),
    Page("/session", "Session", _built_by("session.page")),
    Page("/review", "Review", _built_by("review.listing")),
    Page("/review/{session}", "A session", _built_by("review.session"), in_navigation=False),
    Page("/week", "Week", _built_by("week.page")),
    Page("/trend", "Trend", _built_by("trend.page")),
    Page("/plan", "Plan", _built_by("plan.page")),
    Page("/plan/exercises", "Exercises", _built_by("plan.sheet"), in_navigation=False),
    Page("/sensors", "Sensors", _built_by("sensors.page")),
    Page("/data", "Data", _built_by("data.page")),
    Page("/persons", "Persons", _built_by("persons")),
)
