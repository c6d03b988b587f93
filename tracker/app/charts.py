"""Figures that can be hovered, in the page's own colours and fonts.

They are drawn as SVG, so that their colours are the page's variables: light, dark and print follow by
themselves. Every figure needs a text that says the same, and a table beside it: what is hovered is for eyes
and pointers alone.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from html import escape
from typing import Any, TypeAlias

from nicegui import ui
from nicegui.elements.echart import EChart

from tracker.app.html import tag
from tracker.app.words import Words
from tracker.app.words.marks import as_it_begins

Options: TypeAlias = dict[str, Any]
"""Options of ECharts. None of them is code: a key that begins with a colon would be run in the browser."""

INK, SOFT, LINE, PAPER, CARD = (f"var(--{name})" for name in ("ink", "soft", "line", "paper", "card"))
MARK, LEFT, RIGHT, CARE = (f"var(--{name})" for name in ("mark", "left", "right", "care"))

FONT = "system-ui, 'Noto Sans', 'Noto Sans KR', 'Noto Sans Arabic', sans-serif"
_FONT_PX, _EDGE_PX, _LEGEND_PX = 13, 12, 40
_FIRST_LABEL_PX, _LAST_LABEL_PX = 24, 40
"""Half of the first and of the last date on an axis stands beyond the axis; before it are numbers, too."""

_DAY = timedelta(days=1)
_AXES_KEPT = 16
"""Figures of one page have one axis; the names of the days of ten years take a third of a second."""


def figure(
    words: Words, options: Options, *, text: str, classes: str = "chart", legend: bool = False
) -> EChart:
    """A figure in the page.

    Args:
        options: axes and series; the look of everything else is put around them.
        text: what it shows, for those who do not see it.
        classes: `chart`, or others of the style sheet that give it a height.
        legend: names of the series above it.
    """
    with tag("div", classes=f"figure {classes}", role="img", aria_label=text, dir="ltr"):
        return ui.echart({**look(words, legend=legend), **options}, renderer="svg")


def look(words: Words, *, legend: bool = False) -> Options:
    """What all figures share. Nothing moves: a figure stands at once, as people who avoid motion want it."""
    begin = "right" if words.is_right_to_left else "left"
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "fontSize": _FONT_PX, "color": INK},
        "grid": {
            "left": _FIRST_LABEL_PX,
            "right": _LAST_LABEL_PX,
            "top": _LEGEND_PX if legend else _EDGE_PX,
            "bottom": _EDGE_PX,
            "containLabel": True,
        },
        "legend": {
            "show": legend,
            begin: 0,
            "align": begin,
            "top": 0,
            "selectedMode": False,
            "textStyle": {"color": INK, "fontFamily": FONT, "fontSize": _FONT_PX},
        },
        "tooltip": {
            "trigger": "item",
            "confine": True,
            "backgroundColor": PAPER,
            "borderColor": LINE,
            "transitionDuration": 0,
            "textStyle": {"color": INK, "fontFamily": FONT, "fontSize": 15},
            "extraCssText": f"direction: {words.direction}; max-width: 18rem; white-space: normal;",
        },
    }


def day_axis(words: Words, first: date, last: date) -> Options:
    """The horizontal axis of days, both included; the earliest stands on the left."""
    return category_axis(words, _day_names(words, first, last))


@lru_cache(maxsize=_AXES_KEPT)
def _day_names(words: Words, first: date, last: date) -> tuple[str, ...]:
    return tuple(words.date(first + _DAY * number) for number in range((last - first).days + 1))


def category_axis(words: Words, names: Sequence[str], *, every: bool = False) -> Options:
    """A horizontal axis of names, the first of them on the left.

    Args:
        every: the names are few and short, and none is left out.
    """
    # Time runs to the right in every language, as science in Arabic draws it: one course, one direction.
    return {
        "type": "category",
        # Within a picture nothing else says which way the letters of a date run.
        "data": [as_it_begins(name) for name in names] if words.is_right_to_left else list(names),
        "axisLine": {"lineStyle": {"color": LINE}, "onZero": False},
        "axisTick": {"show": False},
        "axisLabel": {
            "color": SOFT,
            "fontSize": _FONT_PX,
            "hideOverlap": not every,
            "interval": 0 if every else "auto",
            "fontFamily": FONT,
        },
    }


def value_axis(unit: str = "", **more: object) -> Options:
    """The vertical axis of numbers.

    Args:
        unit: a sign that stands behind each number, such as `°`.
        more: other options of it, such as `min`.
    """
    axis = _number_axis(f"{{value}}{unit}")
    if "min" in more:
        # A limit that is no round number would stand right beside one.
        axis["axisLabel"] |= {"showMinLabel": False, "showMaxLabel": False}
    return {**axis, "position": "left", "scale": True, **more}


def _number_axis(formatter: str) -> Options:
    return {
        "type": "value",
        "axisLine": {"lineStyle": {"color": LINE}},
        "axisLabel": {"color": SOFT, "fontSize": _FONT_PX, "formatter": formatter, "fontFamily": FONT},
        "splitLine": {"lineStyle": {"color": LINE, "opacity": 0.6}},
    }


def point(at: float | str, value: float, hover: str) -> Options:
    """A point of a series with the lines that are shown when it is hovered."""
    return {"value": [at, value], "tooltip": {"formatter": hover_text(hover)}}


def hover_text(lines: str) -> str:
    """Lines as they are shown when something is hovered: nothing in them is markup or a template."""
    return escape(lines).replace("{", "&#123;").replace("\n", "<br>")


def points(
    name: str,
    data: Sequence[Mapping[str, object]],
    *,
    colour: str = INK,
    size: float = 7.0,
    **more: object,
) -> Options:
    """Dots that can be hovered."""
    return {
        "type": "scatter",
        "name": name,
        "data": list(data),
        "symbolSize": size,
        "itemStyle": {"color": colour, "opacity": 1.0},
        "emphasis": {"disabled": True},
        "z": 4,
        **more,
    }


def line(
    name: str,
    data: Sequence[object],
    *,
    colour: str = INK,
    width: float = 2.0,
    dashes: Sequence[int] | None = None,
    **more: object,
) -> Options:
    """A line without dots; a None among its values is a hole in it."""
    style: Options = {"color": colour, "width": width, "opacity": 1.0}
    if dashes is not None:
        style["type"] = list(dashes)
    return {
        "type": "line",
        "name": name,
        "data": list(data),
        "showSymbol": False,
        "silent": True,
        "connectNulls": False,
        "lineStyle": style,
        "itemStyle": {"color": colour},
        "emphasis": {"disabled": True},
        "tooltip": {"show": False},
        "z": 3,
        **more,
    }


def intervals(name: str, ends: Sequence[tuple[float | str, float, float]], *, colour: str = SOFT) -> Options:
    """An upright stroke from a lower to an upper value at each place."""
    strokes: list[object] = []
    for at, low, high in ends:
        strokes += [[at, low], [at, high], [at, None]]
    return line(name, strokes, colour=colour, width=1.2, z=2)


def bars(
    name: str, data: Sequence[Mapping[str, object]], *, colour: str, stack: str = "", hollow: bool = False
) -> Options:
    """Bars that can be hovered.

    Args:
        hollow: a rim alone, so that two series differ by more than colour.
    """
    style: Options = {"color": colour, "borderColor": colour, "borderWidth": 1.5, "opacity": 1.0}
    if hollow:
        style["color"] = PAPER
    return {
        "type": "bar",
        "name": name,
        "data": list(data),
        "stack": stack or None,
        "barMaxWidth": 44,
        "itemStyle": style,
        "emphasis": {"disabled": True},
    }


def band(low: float, high: float, *, colour: str = MARK, opacity: float = 0.14) -> Options:
    """A shaded stretch of values across the whole figure; goes into a series as `markArea`."""
    return {
        "silent": True,
        "itemStyle": {"color": colour, "opacity": opacity},
        "data": [[{"yAxis": low}, {"yAxis": high}]],
    }


def levels(values: Sequence[tuple[float, Sequence[int]]], *, colour: str = INK) -> Options:
    """Level lines across the whole figure, each with its dashes; go into a series as `markLine`."""
    return {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "emphasis": {"disabled": True},
        "data": [
            {
                "yAxis": value,
                "lineStyle": {"color": colour, "type": list(dashes), "width": 1.5, "opacity": 1.0},
            }
            for value, dashes in values
        ],
    }
