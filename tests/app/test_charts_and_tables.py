"""Figures and tables hold texts of people: none of them is markup, a template or code in the browser."""

from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.app import charts
from tracker.app.tables import Link, table_html
from tracker.app.words import words_for

FIRST = date(2026, 11, 1)
TEXTS = st.text(max_size=40)


class Seen(HTMLParser):
    """The elements and the texts of a piece of markup."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.names: list[str] = []
        self.attributes: list[str] = []
        self.texts: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def keys_of(options: object) -> Iterator[str]:
    """All keys of options, however deep."""
    if isinstance(options, dict):
        for key, value in options.items():
            yield key
            yield from keys_of(value)
    elif isinstance(options, list | tuple):
        for value in options:
            yield from keys_of(value)


@given(TEXTS)
def test_what_is_hovered_is_text_alone(text: str) -> None:
    shown = charts.hover_text(text)
    seen = Seen(shown)
    assert set(seen.names) <= {"br"}
    assert "{" not in shown
    assert seen.attributes == []
    assert "".join(seen.texts) == text.replace("\n", "")


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4), TEXTS)
def test_a_table_shows_texts_as_they_are(rows: list[tuple[str, str]], label: str) -> None:
    seen = Seen(table_html(["", "value"], rows, label=label))
    assert set(seen.names) <= {"div", "table", "thead", "tbody", "tr", "th", "td", "bdi"}
    assert "".join(seen.texts) == "value" + "".join(text for row in rows for text in row)


def test_the_first_cell_of_a_row_is_its_head_and_links_lead_on() -> None:
    html = table_html(["name", "session"], [("one", Link("12", "/en/review/12"))], label="sessions")
    assert '<th scope="row" class="words"><bdi>one</bdi></th>' in html
    assert '<a href="/en/review/12"><bdi>12</bdi></a>' in html


def test_a_table_that_is_too_wide_for_a_phone_says_what_each_cell_is() -> None:
    heads = ["exercise", "sets", "angle", "what <can> be said"]
    row = ["Knees in, feet planted", "3", "12.3° ± 4.5°", "no change beyond its error"]
    html = table_html(heads, [row], label="done", text_columns=(0, 3))
    assert html.startswith('<div class="wide by-rows"')
    assert '<table role="table">' in html
    assert '<td role="cell" data-label="sets"><bdi>3</bdi></td>' in html
    assert '<td role="cell" data-label="angle" class="two">' in html
    assert '<td role="cell" data-label="what &lt;can&gt; be said" class="words all">' in html


def test_a_table_that_fits_a_phone_stays_as_it_is() -> None:
    html = table_html(["day", "before", "worst"], [["Mon 23 Nov", "1", "3"]], label="pain")
    assert html.startswith('<div class="wide" ')
    assert "data-label" not in html
    korean = table_html(["날", "전", "후"], [["월", "가나다라마바사아자", "가나다라마바사아"]], label="날")
    assert "data-label" in korean


@pytest.mark.parametrize("code", ["en", "ko", "ar"])
def test_no_option_of_a_figure_is_code(code: str) -> None:
    words = words_for(code)
    options: dict[str, Any] = {
        **charts.look(words, legend=True),
        "xAxis": charts.day_axis(words, FIRST, FIRST + timedelta(days=3)),
        "yAxis": charts.value_axis("°", min=0),
        "series": [
            charts.points("a", [charts.point(0, 1.0, "b")], markLine=charts.levels([(1.0, (2, 2))])),
            charts.intervals("c", [(0, 0.0, 2.0)]),
            charts.bars("d", [{"value": 1}], colour=charts.MARK),
        ],
    }
    assert [key for key in keys_of(options) if key.startswith(":")] == []


@pytest.mark.parametrize(("code", "begin"), [("en", "left"), ("ko", "left"), ("ar", "right")])
def test_time_runs_to_the_right_and_names_begin_where_lines_do(code: str, begin: str) -> None:
    words = words_for(code)
    assert charts.value_axis()["position"] == "left"
    axis = charts.day_axis(words, FIRST, FIRST + timedelta(days=2))
    assert (axis.get("inverse", False), len(axis["data"])) == (False, 3)
    legend = charts.look(words, legend=True)["legend"]
    assert (legend[begin], legend["align"]) == (0, begin)


def test_strokes_of_intervals_do_not_touch() -> None:
    series = charts.intervals("", [(0, 1.0, 3.0), (4, 2.0, 5.0)])
    assert series["data"] == [[0, 1.0], [0, 3.0], [0, None], [4, 2.0], [4, 5.0], [4, None]]
    assert series["connectNulls"] is False
