"""The PDF: always one A4 page, all of it on the page, and what was left out is told."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from full_weeks import MONDAY, write_full_weeks
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.plan.catalogue import load_catalogue
from tracker.progress.iso_week import IsoWeek
from tracker.progress.week_page import week_page
from tracker.report.week_fonts import REPLACEMENT, Lettering
from tracker.report.week_parts import Course, CoursePoint, Figure, Page, Part
from tracker.report.week_pdf import week_pdf
from tracker.report.week_sections import FOOTER, SIMULATED, page_of
from tracker.report.week_shortened import Limits, short_text, shortened
from tracker.store.database import open_database

A4_PT = (595.28, 841.89)
WEEK = IsoWeek.of_date(MONDAY.date())


def texts_of(file: bytes) -> list[str]:
    """The text of each page, its lines joined."""
    with pypdfium2.PdfDocument(file) as document:
        for page in document:
            assert page.get_size() == pytest.approx(A4_PT, abs=0.1)
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def only_page(file: bytes) -> str:
    """The text of the only page; nothing of it may lie outside."""
    with pypdfium2.PdfDocument(file) as document:
        assert len(document) == 1
        text = document[0].get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            assert left >= 0.0
            assert bottom >= 0.0
            assert right <= A4_PT[0]
            assert top <= A4_PT[1]
    [found] = texts_of(file)
    return found


def words(**parts: Part) -> Page:
    """A page with nothing but what is given."""
    empty = {
        name: Part(name, lines=("Nothing was said.",))
        for name in ("resting", "done", "movements", "bands", "felt", "habits", "said", "plan", "method")
    }
    weeks = Part(
        "weeks",
        columns=("week", "from", "days", "sessions", "valid", "partial", "told by hand"),
        rows=tuple((f"2026-W{36 + number}", "–", *["9999"] * 5) for number in range(12)),
        text_columns=(0, 1),
    )
    return Page(
        title="Week",
        subtitle="me",
        simulated=False,
        figures=(Figure("3", "sessions"),),
        weeks=weeks,
        footer=FOOTER,
        **{**empty, **parts},
    )


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """A week with all that there can be."""
    with open_database(tmp_path_factory.mktemp("full") / "tracker.db") as database:
        person = write_full_weeks(database)
        return page_of(week_page(database, person, load_catalogue(), WEEK))


def test_a_full_week_is_one_page_with_all_of_it(full: Page) -> None:
    file = week_pdf(full)
    text = only_page(file)
    for part in full.parts:
        assert part.title in text
    assert "… and" not in text.replace("… and 3 more", "")
    for expected in (
        "Refused tests of this week: 3: the thigh was not level (3).",
        "216",
        "of ≥ 480 asked for, 45 %",
        "calf swelling",
        "Pelvis sensor: yes",
        "standing+patella_up",
        "Not a medical device",
        "Preload: a band at the thighs loads abduction",
        "The right hip felt stiff at first.",
    ):
        assert expected in text, expected
    assert SIMULATED not in text


def test_it_says_of_itself_what_it_is(full: Page) -> None:
    with pypdfium2.PdfDocument(week_pdf(full)) as document:
        told = document.get_metadata_dict()
    assert told["Title"] == "Training and resting hip rotation, week 2026-W47"
    assert told["Subject"] == full.subtitle


def test_simulated_stands_over_it(full: Page) -> None:
    text = only_page(week_pdf(replace(full, simulated=True)))
    assert SIMULATED in text
    # Once at the top and once across the page.
    assert len(re.findall("SIMULATED", text)) == 2


def test_it_is_grey_throughout(full: Page) -> None:
    with pypdfium2.PdfDocument(week_pdf(full)) as document:
        pixels = document[0].render(scale=0.5).to_numpy()[..., :3].astype(int)
    assert int(np.ptp(pixels, axis=2).max()) <= 8
    assert int(pixels.min()) < 128


def test_twenty_exercises_and_endless_notes_still_are_one_page(tmp_path: Path) -> None:
    names = (*load_catalogue(), *(f"own_exercise_{number}" for number in range(9)))[:20]
    with open_database(tmp_path / "tracker.db") as database:
        person = write_full_weeks(database, exercises=names, note="endless words " * 400 + "x" * 900, weeks=2)
        page = page_of(week_page(database, person, load_catalogue(), WEEK))
    text = only_page(week_pdf(page))
    assert re.search(r"… and \d+ more characters", text)
    left_out = int(re.findall(r"… and (\d+) more(?! char)", text)[0])
    shown = sum(str(row[0]) in text for row in page.done.rows)
    assert shown + left_out >= len(page.done.rows)
    # Resting rotation is never shortened.
    for row in page.resting.rows:
        assert str(row[1]) in text


ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=400)
PARTS = st.builds(
    Part,
    title=st.text(max_size=60),
    columns=st.just(("name", "value", "words")),
    rows=st.lists(st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT), max_size=60).map(tuple),
    text_columns=st.just((0, 2)),
    lines=st.lists(ANY_TEXT, max_size=8).map(tuple),
    free_lines=st.lists(ANY_TEXT, max_size=60).map(tuple),
    running=st.booleans(),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(PARTS, PARTS, PARTS, ANY_TEXT)
def test_whatever_is_on_it_it_is_one_page(first: Part, second: Part, third: Part, title: str) -> None:
    page = replace(words(done=first, movements=second, said=third, bands=first, plan=third), title=title)
    assert len(texts_of(week_pdf(page))) == 1


def test_signs_that_the_font_lacks_are_replaced_and_told() -> None:
    page = replace(words(), subtitle="Łukasz Żółć, Анна, 腰")
    text = only_page(week_pdf(page))
    assert "Łukasz Zółć" in text
    assert REPLACEMENT * 4 in text
    assert "6 signs are not in this page's font" in text
    with pypdfium2.PdfDocument(week_pdf(page)) as document:
        assert document.get_metadata_dict()["Subject"] == "Łukasz Żółć, Анна, 腰"


@given(ANY_TEXT)
def test_lettering_loses_no_sign_in_silence(text: str) -> None:
    lettering = Lettering()
    plain = lettering.printable(text)
    again = Lettering()
    assert again.printable(plain) == plain
    assert again.replaced == 0
    if plain != " ".join(text.split()) and text.isascii():
        assert lettering.replaced or not text.isprintable()


def test_a_row_or_line_that_is_left_out_is_counted() -> None:
    part = Part("x", ("a", "b"), tuple((str(n), "1") for n in range(9)), free_lines=("y" * 30,) * 5)
    short = shortened(part, Limits(rows=4, lines=2, chars=10, own_chars=50))
    assert short.rows[-1] == ("… and 5 more", "")
    assert short.free_lines[-1] == "… and 3 more"
    assert short.free_lines[0] == "yyyyyyyyyy … and 20 more characters"
    assert short_text("abc", 3) == "abc"


def test_a_course_of_one_point_or_no_change_is_drawn() -> None:
    for points in ((CoursePoint(1.0, 5.0, 0.0),), (CoursePoint(0.0, 5.0, 0.0), CoursePoint(1.0, 5.0, 0.0))):
        course = Course(points, 5.0, "level")
        resting = Part("resting", ("", "12 weeks"), (("left", course),), whole=True)
        assert "left" in only_page(week_pdf(words(resting=resting)))
