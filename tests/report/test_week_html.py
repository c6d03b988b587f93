"""The HTML file: nothing runs, nothing is fetched, every text is escaped, and a reader can find its way."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from full_weeks import MONDAY, write_full_weeks

from tracker.plan.catalogue import load_catalogue
from tracker.progress.iso_week import IsoWeek
from tracker.progress.week_page import week_page
from tracker.report.week_html import week_html
from tracker.report.week_parts import Page
from tracker.report.week_sections import SIMULATED, page_of
from tracker.store.database import open_database
from tracker.store.persons import get_or_create_person

HOSTILE = "<script>alert(1)</script> \"><img src=x onerror=alert(2)> </style> & 'quotes'"
WEEK = IsoWeek.of_date(MONDAY.date())
VOID = ("meta", "link", "br", "img", "input", "hr")


class Reader(HTMLParser):
    """Takes a page apart; fails where tags do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        """All that can be read."""
        return " ".join(" ".join(self.texts).split())


def read(page: str) -> Reader:
    """The page, taken apart to its end."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """A simulated week of somebody whose name and notes are an attack."""
    exercises = ("supine_roll_in", "bridge", "<b>own</b>")
    with open_database(tmp_path_factory.mktemp("hostile") / "tracker.db") as database:
        person = write_full_weeks(
            database, name="<svg onload=alert(3)>", exercises=exercises, note=HOSTILE, simulated=True, weeks=3
        )
        return page_of(week_page(database, person, load_catalogue(), WEEK))


def test_nothing_runs_and_nothing_is_fetched(hostile: Page) -> None:
    reader = read(week_html(hostile))
    kinds = {tag for tag, _ in reader.tags}
    assert not kinds & {"script", "img", "iframe", "object", "embed", "link", "form", "b", "base", "a", "use"}
    for tag, attributes in reader.tags:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in ("src", "href", "style", "srcset", "action"), (tag, name)
            assert "javascript:" not in (value or "")


def test_a_policy_forbids_all_but_its_own_style(hostile: Page) -> None:
    page = week_html(hostile)
    [policy] = [
        attributes["content"]
        for tag, attributes in read(page).tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    assert not re.search(r"url\(|@import", style[1])
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy is not None
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    # Before anything that it speaks of.
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_texts_are_read_as_they_were_written(hostile: Page) -> None:
    text = read(week_html(hostile)).text
    assert HOSTILE in text
    assert "<svg onload=alert(3)>" in text
    assert "<b>own</b>" in text
    assert SIMULATED in text


def test_a_screen_reader_finds_titles_heads_and_pictures_in_words(hostile: Page) -> None:
    reader = read(week_html(hostile))
    attributes = [attributes for _, attributes in reader.tags]
    assert dict(reader.tags)["html"]["lang"] == "en"
    sections = [one["aria-labelledby"] for tag, one in reader.tags if tag == "section"]
    assert len(sections) == len(hostile.parts)
    assert set(sections) <= {one.get("id") for one in attributes}
    assert {one["scope"] for tag, one in reader.tags if tag == "th"} == {"col", "row"}
    pictures = [one for tag, one in reader.tags if tag == "svg"]
    assert len(pictures) == 4
    for picture in pictures:
        assert picture["role"] == "img"
        assert re.fullmatch(r"\d+ weeks measured, from .* to .*", picture["aria-label"] or "")
    assert [tag for tag, _ in reader.tags].count("h1") == 1


def test_an_empty_week_is_whole_too(tmp_path: Path) -> None:
    with open_database(tmp_path / "tracker.db") as database:
        with database.write() as connection:
            person = get_or_create_person(connection, time_zone="Europe/Berlin")
        page = page_of(week_page(database, person, load_catalogue(), WEEK))
    text = read(week_html(page)).text
    assert "There was no plan in this week" in text
    assert SIMULATED not in text
