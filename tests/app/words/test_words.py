import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.app.words import LANGUAGES, Words, words_for
from tracker.app.words.marks import without_marks

INSTANT = dt.datetime(2026, 11, 28, 23, 5, tzinfo=dt.UTC)
ISOLATES = {"\u2066": 1, "\u2068": 1, "\u2069": -1}

every_language = pytest.mark.parametrize(
    "words", [words_for(one.code) for one in LANGUAGES], ids=lambda w: w.code
)


def test_numbers_have_a_minus_sign_that_no_line_ends_with() -> None:
    assert words_for("en").number(-3.46) == "−3.5"
    assert words_for("en").number(1234.5, 0) == "1,234"
    assert words_for("en").number(2.0, signed=True) == "+2.0"


@every_language
def test_what_rounds_to_zero_has_no_sign(words: Words) -> None:
    assert words.number(-0.04) == "0.0"
    assert words.number(0.04, signed=True) == "0.0"


def test_degrees_and_their_error_stay_in_this_order_from_right_to_left() -> None:
    assert words_for("ko").degrees(-12.34) == "−12.3°"
    assert words_for("ar").degrees(-12.34) == "\u2066−12.3°\u2069"
    assert words_for("ar").degrees_with_error(-3.4, 1.2) == "\u2066−3.4° ± 1.2°\u2069"


def test_a_sign_in_the_text_stays_beside_its_number_from_right_to_left() -> None:
    words = words_for("ar")
    assert words("No such text: {share} %", share=words.number(-0.2)) == "No such text: \u2066−0.2 %\u2069"
    assert words("{change} ±{error}°", change=1, error=words.number(-2.0)).endswith("\u2066±−2.0°\u2069")


@every_language
def test_percents_are_of_one(words: Words) -> None:
    assert without_marks(words.percent(0.123, 1)) == "12.3%"


def test_days_and_times_are_those_of_the_persons_clock() -> None:
    assert words_for("en", "Asia/Seoul").moment(INSTANT) == "29 Nov 2026, 08:05"
    assert words_for("ko", "Asia/Seoul").moment(INSTANT) == "2026년 11월 29일 오전 8:05"
    assert words_for("ko", "America/New_York").date(INSTANT) == "2026년 11월 28일"
    assert words_for("ar", "Asia/Riyadh").time_of_day(INSTANT) == "2:05 ص"
    assert words_for("en", "Asia/Seoul").weekday(INSTANT) == "Sunday"
    assert words_for("en", "Asia/Seoul").short_weekday(INSTANT) == "Su"
    assert words_for("ko", "Asia/Seoul").full_date(INSTANT) == "2026년 11월 29일 일요일"


def test_a_year_in_arabic_is_the_gregorian_one() -> None:
    assert "2026" in words_for("ar").date(INSTANT.date())


@pytest.mark.parametrize(
    ("seconds", "english", "korean"),
    [
        (0.0, "0 seconds", "0초"),
        (1.0, "1 second", "1초"),
        (59.6, "1 minute", "1분"),
        (330.0, "5 minutes 30 seconds", "5분 30초"),
        (3725.0, "1 hour 2 minutes", "1시간 2분"),
    ],
)
def test_durations_leave_out_what_is_zero(seconds: float, english: str, korean: str) -> None:
    assert words_for("en").duration(seconds) == english
    assert words_for("ko").duration(seconds) == korean


def test_numbers_in_texts_are_written_as_the_language_does() -> None:
    words = words_for("en")
    assert words("{a} of {b}", a=1234, b=0.25) == "1,234 of 0.25"
    assert words("{a}", a=3.0) == "3"
    assert words.plural("{count} of {all}", "{count} of all {all}", 2, all=3) == "2 of all 3"


def test_a_text_without_values_keeps_its_braces() -> None:
    assert words_for("en")("{a}") == "{a}"
    assert words_for("en")("") == ""


@given(st.text(), st.sampled_from(LANGUAGES))
def test_names_stand_in_a_text_as_they_are_and_every_isolation_ends(name: str, language: object) -> None:
    words = words_for(getattr(language, "code", "en"))
    if set(name) & set(ISOLATES):
        return
    written = words("No such text: {name}", name=name)
    assert without_marks(written) == f"No such text: {name}"
    assert sum(ISOLATES.get(letter, 0) for letter in written) == 0


def test_an_unknown_language_is_english() -> None:
    assert words_for("xx").code == "en"
