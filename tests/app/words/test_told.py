"""What the program says in English, with its values, in the words of each language."""

import dataclasses
import re
from collections.abc import Iterator

import pytest
from collected_texts import collected_texts
from full_weeks import MONDAY, write_full_weeks
from hypothesis import given
from hypothesis import strategies as st

from tracker.app.words import LANGUAGES, words_for
from tracker.app.words.catalogue_files import load_catalogue as load_words
from tracker.app.words.marks import without_marks
from tracker.app.words.templates import TemplateIndex, bare, holes
from tracker.plan.catalogue import load_catalogue
from tracker.progress.iso_week import IsoWeek
from tracker.progress.trend.resting_trend import resting_trend
from tracker.progress.week_page import week_page
from tracker.report.trend_tables import trend_notes
from tracker.report.week_parts import Course
from tracker.report.week_sections import page_of
from tracker.store.database import open_database

NAMES = re.compile(
    r"\bme\b|Europe/Berlin|TheraBand|Internal rotation|MDC95|MDC|W\d\d|\bn\b"
    r"|The right hip felt stiff at first|the thigh was not level"
)
"""Of that person: names and notes; and a reason that only this history has."""


def _ko(text: str) -> str:
    return words_for("ko").told(text)


def _ar(text: str) -> str:
    return without_marks(words_for("ar").told(text))


def test_a_sentence_has_its_values_in_the_order_of_the_language() -> None:
    assert _ko("session 3 has no set 7") == "3번 세션에는 7번 세트가 없습니다"
    assert _ar("session 3 has no set 7") == "ليس في الجلسة 3 مجموعة برقم 7"


def test_values_are_translated_in_turn() -> None:
    link = "left_thigh: the link broke: bring it closer; it is connected again by itself"
    assert _ko(link).startswith("왼쪽 허벅지: 연결이 끊겼습니다. 센서를 더 가까이")
    assert words_for("en").told(link).startswith("left thigh: the link broke")
    assert _ar("Lie flat and still; then slide your left heel up and back, twice.").count("اليسرى") == 1


def test_the_title_of_a_shipped_plan_is_translated_in_quotes_and_a_name_stays() -> None:
    begun = "3 weeks before the plan {} began"
    assert "الدوران الداخلي، اثنا عشر أسبوعًا" in _ar(begun.format("'Internal rotation, twelve weeks'"))
    for own in ("'Sessions'", "'My own plan'"):
        assert own in _ar(begun.format(own))


def test_a_step_of_a_session_is_translated_sentence_by_sentence() -> None:
    entry = load_catalogue()["supine_roll_in"]
    asked = f"{entry.title}, set 1 of 2: 10 to 12, hold each 3 s, tempo 2-3-2."
    told = _ko(f"{asked} {entry.start_pose} {entry.movement}")
    assert told.startswith(
        "누워서 다리 안으로 돌리기, 2세트 중 1번째: 10~12, 매번 3초 유지, 템포 2-3-2. 등을 대고"
    )
    assert not re.search(r"[A-Za-z]{2,}", told)


def test_numbers_keep_their_signs_and_degrees_from_right_to_left() -> None:
    told = words_for("ar").told("22.2° out (n 3)")
    assert "\u206622.2°\u2069" in told
    assert words_for("ar").told("-3.4° ± 1.2°") == "\u2066−3.4° ± 1.2°\u2069"


def test_days_are_those_of_the_language() -> None:
    assert _ko("28 Sep – 30 Oct") == "9월 28일 – 10월 30일"
    assert _ko("Mon 16 Nov") == "11월 16일 (월)"
    assert _ar("16 Nov 2026") == "16 نوفمبر 2026"
    assert _ko("31 Nov") == "31 Nov"


def test_arabic_numbers_have_their_forms() -> None:
    words = words_for("ar")
    forms = [
        without_marks(words.plural("{count} session", "{count} sessions", n)) for n in (0, 1, 2, 3, 11, 100)
    ]
    assert forms == ["بلا جلسات", "جلسة واحدة", "جلستان", "3 جلسات", "11 جلسة", "100 جلسة"]
    assert without_marks(words.told("2 sessions")) == "جلستان"


def test_what_a_baseline_lacks_is_said_with_its_numbers() -> None:
    text = "Not enough data: a baseline takes 3 strappings-on, on 3 days, and has {} so far, on {}."
    one, more = text.format("1 strapping-on", "1 day"), text.format("4 strappings-on", "2 days")
    assert "착용 1회" in _ko(one) and "착용 4회" in _ko(more)
    assert "ارتداء واحد في يوم واحد" in _ar(one)
    assert "4 مرات ارتداء" in _ar(more)
    for told in (_ko(one), _ko(more), _ar(one), _ar(more)):
        assert not re.search(r"[A-Za-z]", told)


def test_a_page_speaks_of_pages_and_not_of_commands() -> None:
    advice = "`tracker sessions show 12` lists its analyses."
    assert words_for("en").told(advice) == "The page of session 12 lists its analyses."
    assert "12" in _ko(advice)


def test_a_note_stays_as_it_was_written() -> None:
    assert _ko("Mon 16 Nov: a note of mine") == "11월 16일 (월): a note of mine"
    assert _ko("Mon 16 Nov: none") == "11월 16일 (월): none"
    assert words_for("ar").told("no such sentence, at all") == "no such sentence, at all"


def test_paths_are_no_names_of_values() -> None:
    text = "/home/me/left_thigh.csv is open elsewhere"
    assert words_for("en").told(text) == text


@given(st.text(max_size=80))
def test_nothing_that_is_told_brings_it_down(text: str) -> None:
    for language in LANGUAGES:
        assert words_for(language.code).told(text) is not None


@given(st.text("ab :;,.()", max_size=40))
def test_what_joins_a_text_and_the_text_make_the_whole(text: str) -> None:
    assert "".join(bare(text)) == text


@given(st.lists(st.text("abc ", min_size=1, max_size=5), min_size=2, max_size=2))
def test_a_template_gives_back_what_filled_it(values: list[str]) -> None:
    template = "The sensor {name} fell {times} times."
    index = TemplateIndex([(template, None)])
    filled = template.format(name=values[0], times=values[1])
    found = next(index.matches(filled))
    assert template.format_map(found.values) == filled
    assert holes(template) == ("name", "times")


HOLE = re.compile(r"\{\w*\}")
ADJACENT = re.compile(r"\}\{")


@pytest.mark.parametrize("code", ["ko", "ar"])
def test_each_sentence_of_the_program_is_found_again_with_its_values(code: str) -> None:
    """With values in it, no sentence is taken for another one that means something else."""
    words, catalogue = words_for(code), load_words(code)
    counted = {HOLE.sub("{}", form) for forms in catalogue.plurals for form in forms}
    found = 0
    for text in collected_texts():
        names = holes(text.text)
        if ADJACENT.search(text.text) or HOLE.sub("{}", text.text) in counted:
            continue
        if text.plural is None and text.is_told and names:
            told = words.told(text.text.format_map(dict.fromkeys(names, "7")))
            expected = catalogue.text(text.text).format_map(dict.fromkeys(names, "7"))
            assert without_marks(told) == without_marks(expected), text
            found += 1
    assert found > 400


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """All that a week's page and the trend of a full history say."""
    said: list[str] = []
    with open_database(tmp_path_factory.mktemp("told") / "tracker.db") as database:
        person = write_full_weeks(database)
        for week in ("2026-W47", "2026-W40"):
            page = page_of(week_page(database, person, load_catalogue(), IsoWeek.parse(week)), weeks=12)
            said += _strings(dataclasses.replace(page, subtitle=""))  # of the file alone
        trend = resting_trend(database, person, until=MONDAY.date())
        said += [*trend_notes(trend, trend.quantities), *(one.text for one in trend.quantities)]
    return list(dict.fromkeys(said))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Course):
        yield value.text
    elif isinstance(value, tuple):
        for one in value:
            yield from _strings(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _strings(getattr(value, field.name))


@pytest.mark.parametrize("code", ["ko", "ar"])
def test_reports_are_told_without_a_word_of_english(code: str, reported: list[str]) -> None:
    assert len(reported) > 150
    for text in reported:
        told = without_marks(words_for(code).told(text))
        assert not re.search(r"[A-Za-z]{2,}", NAMES.sub("", told)), (text, told)


def test_a_long_text_is_left_alone() -> None:
    text = "left leg, " * 1000
    assert words_for("ko").told(text) == text
