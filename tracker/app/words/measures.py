"""Numbers, measures and dates within texts that the program made, as a language writes them."""

import re
from datetime import datetime

from babel.core import Locale
from babel.dates import format_skeleton
from babel.units import format_unit

from tracker.app.words import numbers

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_WEEKDAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_FORMS = (
    # form in texts, form of the parser, what is written
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "%Y-%m-%d", "day"),
    (re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}"), "%Y-%m-%d %H:%M", "moment"),
    (re.compile(rf"\d{{1,2}} {_MONTH} \d{{4}}"), "%d %b %Y", "day"),
    (re.compile(rf"\d{{1,2}} {_MONTH} \d{{4}} \d{{2}}:\d{{2}}"), "%d %b %Y %H:%M", "moment"),
    (re.compile(rf"\d{{1,2}} {_MONTH}"), "%d %b", "MMMd"),
    (re.compile(rf"{_WEEKDAY} \d{{1,2}} {_MONTH}"), "%a %d %b", "MMMEd"),
)
_SPAN = re.compile(rf"(\d{{1,2}})( {_MONTH})?(?:–| – | to )(\d{{1,2}}( {_MONTH})(?: \d{{4}})?)")
_MEASURE = re.compile(r"([+\-−~≈≥≤±]? ?\d+(?:\.\d+)?) ?(s|min|h|d|deg|cm|m|N|Nm|Hz|dBm|kB|MB|GB)")
_NO_LETTERS = re.compile(r"[^\W\d_]")
_DURATIONS = {"s": "duration-second", "min": "duration-minute", "h": "duration-hour", "d": "duration-day"}
_YEARS = range(2000, 2028)
"""Each day falls on each weekday in one of them, also the 29th of February."""


def measure_text(locale: Locale, text: str) -> str | None:
    """The text as the language writes it, where it is a number, several, a measure or a date; else None.

    Thousands are not set apart: most long numbers are those of sessions and years.
    """
    if not text or _is_mere_punctuation(text):
        return None
    day = _date_text(locale, text)
    if day is not None:
        return day
    measured = _MEASURE.fullmatch(text)
    if measured is not None:
        return _measured_text(locale, _minus(measured[1]), measured[2])
    if _NO_LETTERS.search(text.replace(" x ", " × ")) is None:
        return numbers.isolated(locale, _minus(text.replace(" x ", " × ")))
    return None


def _is_mere_punctuation(text: str) -> bool:
    return not any(letter.isalnum() for letter in text)


def _date_text(locale: Locale, text: str) -> str | None:
    span = _SPAN.fullmatch(text)
    if span is not None:
        first = _date_text(locale, f"{span[1]}{span[2] or span[4]}")
        last = _date_text(locale, span[3])
        return None if first is None or last is None else f"{first} – {last}"
    for form, parsed, written in _FORMS:
        if form.fullmatch(text):
            return _written_date(
                locale, text.replace("T", " ") if written == "moment" else text, parsed, written
            )
    return None


def _written_date(locale: Locale, text: str, parsed: str, written: str) -> str | None:
    moment = _moment(text, parsed)
    if moment is None:
        return None
    if written == "day":
        return numbers.date_text(locale, moment.date())
    if written == "moment":
        return numbers.clock_text(locale, moment)
    return format_skeleton(written, moment, locale=locale)


def _moment(text: str, parsed: str) -> datetime | None:
    """As a clock showed it; where the text has no year, in one in which the day falls on its weekday."""
    endings = [("", "")] if "%Y" in parsed else [(f" {year}", " %Y") for year in _YEARS]
    for year, form in endings:
        try:
            moment = datetime.strptime(f"{text}{year}", f"{parsed}{form}")  # noqa: DTZ007
        except ValueError:
            continue
        if not parsed.startswith("%a") or f"{moment:%a}" == text[:3]:
            return moment
    return None


def _measured_text(locale: Locale, number: str, unit: str) -> str:
    if unit == "deg":
        return numbers.isolated(locale, f"{number}°")
    if unit in _DURATIONS:
        # The unit follows in the language's own letters and direction.
        written = format_unit(0, _DURATIONS[unit], length="short", locale=locale)
        return written.replace("0", numbers.isolated(locale, number))
    return numbers.isolated(locale, f"{number} {unit}")


def _minus(text: str) -> str:
    """With the sign that no line ends after, where a hyphen stands for it."""
    return re.sub(r"(?<![\w.])-(?=\d)", "−", text)
