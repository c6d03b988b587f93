"""The page of a week."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from nicegui import ui

from tracker.app.frame import show_error
from tracker.app.html import button, tag
from tracker.app.operations.week import WeekShown, week_file, week_shown
from tracker.app.pages.habits_form import show_habits_form
from tracker.app.pages.week.figures import days_figure, resting_figure
from tracker.app.pages.week.parts import show_figures, show_part
from tracker.app.site import View
from tracker.errors import TrackerError
from tracker.report.week_parts import Part


async def build(view: View) -> None:
    site, words = view.site, view.words
    try:
        shown = await asyncio.to_thread(
            week_shown, site.place, site.database, view.person, view.query.get("week")
        )
    except TrackerError as error:
        show_error(words, error)
        tag("a", words("This week"), href=view.link("/week"), classes="button")
        return
    _head(view, shown)
    if shown.page.simulated and not site.simulated:
        tag("p", words("SIMULATED: no person and no sensor was measured."), classes="simulated", role="note")
    show_figures(words, shown.text.figures)
    for part in shown.text.parts:
        show_part(words, part, partial(_figure_of, view, shown, part))
        if part is shown.text.plan:
            tag("a", words("To the plan"), href=view.link("/plan"), classes="button no-print")
        if part is shown.text.habits:
            await show_habits_form(view, shown.page.summary.monday + timedelta(days=6))


def _figure_of(view: View, shown: WeekShown, part: Part) -> None:
    """The figure that belongs to a part, above its table."""
    if part is shown.text.resting:
        resting_figure(view.words, shown.page)
    elif part is shown.text.done:
        days_figure(view.words, shown.page)


def _head(view: View, shown: WeekShown) -> None:
    words, monday = view.words, shown.page.summary.monday
    sunday = monday + timedelta(days=6)
    tag("h2", f"{words.date(monday)} – {words.date(sunday)}", classes="week-title")
    facts = [words("Week {week}", week=shown.name)]
    if shown.page.runs:
        facts.append(words("still running"))
    tag("p", " · ".join(facts), classes="soft")
    tag("p", words("Person: {name}", name=view.person.name), classes="print-only")
    with tag("div", classes="row no-print"):
        with tag("nav", classes="row", aria_label=words("Other weeks")):
            for week, text in _steps(view, shown):
                tag("a", text, href=view.link(f"/week?week={week}" if week else "/week"), classes="button")
        _file_button(view, shown)
        tag("button", words("Print"), type="button", data_print="page")


def _steps(view: View, shown: WeekShown) -> Iterator[tuple[str, str]]:
    words = view.words
    yield shown.before, words("The week before")
    if shown.after is not None:
        yield shown.after, words("The week after")
        yield "", words("This week")


def _file_button(view: View, shown: WeekShown) -> None:
    words = view.words

    async def write() -> None:
        made.text = words("The page is being made …")
        name, content = await asyncio.to_thread(week_file, shown)
        ui.download.content(content, name, "application/pdf")
        made.text = words("The page was made: {name}", name=name)

    button(words("One page as PDF, in English"), lambda _event: write())
    made = tag("span", classes="soft", role="status")
