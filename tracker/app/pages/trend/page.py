"""The page of the trend: a verdict for each angle with its measure, a figure, and the numbers behind it."""

import asyncio
from collections.abc import Iterator
from datetime import date

from nicegui import ui

from tracker.app.html import tag
from tracker.app.operations.trend import trend_shown
from tracker.app.pages.trend.figure import TrendFigure, show_trend_figure, trend_figure
from tracker.app.site import View
from tracker.app.tables import Cell, Link, show_table, table_html
from tracker.app.words import Words
from tracker.errors import UsageError
from tracker.progress.trend.values import Level, QuantityTrend, RestingTrend, Slope
from tracker.report.trend_names import NAMES
from tracker.report.trend_tables import trend_notes

_SPANS = (12, 26, 52)
"""Weeks that are offered: a plan, half a year, a year."""
_EVERYTHING = 2000
_LONG_WEEKS = 104
_MOST_DIGITS = 5


async def build(view: View) -> None:
    words, site = view.words, view.site
    _choices(view)
    reading = tag("p", role="status", classes="soft")
    weeks = _weeks(view.query.get("weeks"))
    if weeks is not None and weeks > _LONG_WEEKS:
        # The page stands before years are read.
        reading.text = words("Years are being read: this takes some seconds.")
        await ui.context.client.connected()
    try:
        trend, figures = await asyncio.to_thread(_read, view, weeks)
    finally:
        reading.text = ""
    tag("h2", f"{words.date(_first(trend, weeks))} – {words.date(trend.last)}")
    tag("p", words.told(trend.since_reason), classes="soft")
    tag("p", words("Person: {name}", name=view.person.name), classes="print-only")
    if trend.simulated and not site.simulated:
        tag("p", words("SIMULATED: no person and no sensor was measured."), classes="simulated", role="note")
    if not any(one.points for one in trend.quantities):
        tag("p", words("No rest test of this time was measured. A session measures how the legs rest."))
        tag("a", words("To a session"), href=view.link("/session"), classes="button main-action")
    else:
        _verdicts(words, trend)
        for one in trend.quantities:
            _quantity(view, one, figures.get(one.name))
    _notes(words, trend)


def _read(view: View, weeks: int | None) -> tuple[RestingTrend, dict[str, TrendFigure]]:
    """The trend with its figures; in a thread, as both take time."""
    site, query = view.site, view.query
    trend = trend_shown(
        site.place,
        site.database,
        view.person,
        since=query.get("since"),
        until=query.get("until"),
        weeks=weeks,
    )
    figures = {one.name: trend_figure(view.words, one, trend) for one in trend.quantities if one.points}
    return trend, figures


def _first(trend: RestingTrend, weeks: int | None) -> date:
    """The first day; that of the first donning where all are shown."""
    days = [one.points[0].day for one in trend.quantities if one.points]
    return min(days) if weeks == _EVERYTHING and days else trend.first


def _weeks(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise UsageError(f"{text[:40]!r} is no count of weeks", advice="Give a whole number.")
    return int(text)


def _choices(view: View) -> None:
    """Which time is looked at: spans to choose, or first and last day."""
    words = view.words
    chosen = view.query.get("weeks", "")
    with tag("nav", classes="row no-print", aria_label=words("Time that is shown")):
        for weeks, text in _spans(words):
            address = f"/trend?weeks={weeks}" if weeks else "/trend"
            link = tag("a", text, href=view.link(address), classes="button")
            if str(weeks or "") == chosen and not view.query.get("since") and not view.query.get("until"):
                link.props["aria-current"] = "page"
    with tag("details", classes="no-print"):
        tag("summary", words("From one day to another"))
        with tag("form", classes="form", method="get", action=view.link("/trend")):
            for name, text in (("since", words("First day")), ("until", words("Last day"))):
                with tag("div", classes="field"):
                    tag("label", text, for_=f"trend-{name}")
                    control = tag("input", type="date", id=f"trend-{name}")
                    control.props["name"] = name
                    control.props["^value"] = view.query.get(name, "")
            tag("button", words("Show"), type="submit")


def _spans(words: Words) -> Iterator[tuple[int, str]]:
    yield 0, words("Since the plan")
    for weeks in _SPANS:
        yield weeks, words.plural("{count} week", "{count} weeks", weeks)
    yield _EVERYTHING, words("All")


def _verdicts(words: Words, trend: RestingTrend) -> None:
    rows = [
        (
            words.told(NAMES[one.name]),
            _count(words, len(one.points)),
            words.told(one.text),
            _change(words, one),
        )
        for one in trend.quantities
    ]
    heads = ("", words("strappings-on"), words("what can be said"), words("change ± its error"))
    show_table(heads, rows, label=words("What can be said"), text_columns=(0, 2))


def _quantity(view: View, one: QuantityTrend, figure: TrendFigure | None) -> None:
    words = view.words
    name = words.told(NAMES[one.name])
    with tag("section", classes="part", aria_label=name):
        tag("h2", name)
        tag("p", words.told(one.text), classes="strong")
        if figure is None:
            return
        show_trend_figure(words, figure)
        with tag("dl", classes="figures small-figures"):
            for value, text in _numbers(words, one):
                with tag("div"):
                    tag("dt", text)
                    tag("dd", value)
        _Values(view, one, name)


class _Values:
    """The table of all values of an angle, which is made when it is unfolded."""

    def __init__(self, view: View, one: QuantityTrend, name: str) -> None:
        self._view = view
        self._one = one
        self._name = name
        self._made = False
        with tag("details") as details:
            tag("summary", view.words("Each rest test as a table"))
            self._place = tag("div")
        details.on("toggle", lambda _event: self._make(), args=[])

    async def _make(self) -> None:
        if self._made:
            return
        self._made = True
        html = await asyncio.to_thread(self._table)
        with self._place:
            ui.html(html, sanitize=False)

    def _table(self) -> str:
        words, one = self._view.words, self._one
        rows = [_row(self._view, one, place) for place in reversed(range(len(one.points)))]
        heads = (words("day"), words("angle"), words("repeats"), words("session"), "")
        return table_html(heads, rows, label=self._name, text_columns=(0, 4))


def _numbers(words: Words, one: QuantityTrend) -> Iterator[tuple[str, str]]:
    yield _change(words, one), words("change ± its error")
    yield _level(words, one.baseline), words("baseline")
    yield _level(words, one.last_week), words("last week")
    yield _slope(words, one.slope), words("a week (95 % interval)")
    if one.error is not None:
        yield words.degrees(one.error.sem_deg), words("error of one strapping-on (SEM)")


def _change(words: Words, one: QuantityTrend) -> str:
    if one.change_deg is None or one.mdc_deg is None:
        return "–"
    return words.degrees_with_error(one.change_deg, one.mdc_deg)


def _level(words: Words, level: Level | None) -> str:
    if level is None:
        return "–"
    return words.plural(
        "{angle} ({count} strapping-on)",
        "{angle} ({count} strappings-on)",
        level.donnings,
        angle=words.degrees(level.mean_deg, signed=True),
    )


def _slope(words: Words, slope: Slope | None) -> str:
    if slope is None:
        return "–"
    low, middle, high = (
        words.degrees(value, 2, signed=True)
        for value in (slope.low_deg_per_week, slope.deg_per_week, slope.high_deg_per_week)
    )
    return words("{angle} ({low} to {high})", angle=middle, low=low, high=high)


def _row(view: View, one: QuantityTrend, place: int) -> tuple[Cell, ...]:
    words, point = view.words, one.points[place]
    outside = one.chart is not None and place in one.chart.outside
    return (
        words.moment(point.at),
        words.degrees_with_error(point.value_deg, point.half_width_deg),
        _count(words, point.repeats),
        Link(str(point.session_id), view.link(f"/review/{point.session_id}")),
        words("outside of the limits") if outside else "",
    )


def _count(words: Words, number: int) -> str:
    return words.number(number, 0)


def _notes(words: Words, trend: RestingTrend) -> None:
    title = words("What to know of these numbers")
    with tag("section", classes="part", aria_label=title):
        tag("h2", title)
        with tag("ul", classes="soft"):
            for text in trend_notes(trend, trend.quantities):
                tag("li", words.told(text))
