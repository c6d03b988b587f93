"""Numbers, dates and times as a language writes them, by Unicode's locale data; dates are Gregorian."""

from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from tracker.app.words.marks import left_to_right

_MINUS = "−"
_HOUR_S = 3600
_MINUTE_S = 60


def number_text(locale: Locale, value: float, digits: int, *, signed: bool = False) -> str:
    """A number with a fixed count of decimals; -0.04 with one decimal is 0.0.

    Args:
        signed: write the plus of what is above zero, too.
    """
    rounded = round(value, digits) + 0.0
    pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
    written = format_decimal(abs(rounded), format=pattern, locale=locale, decimal_quantization=True)
    if rounded < 0.0:
        return isolated(locale, f"{_MINUS}{written}")
    if signed and rounded > 0.0:
        return isolated(locale, f"+{written}")
    return written


def degrees_text(locale: Locale, value_deg: float, digits: int, *, signed: bool = False) -> str:
    """An angle with its sign of degrees."""
    return isolated(locale, f"{_bare(number_text(locale, value_deg, digits, signed=signed))}°")


def degrees_with_error_text(locale: Locale, value_deg: float, error_deg: float, digits: int) -> str:
    """An angle and its measurement error, `-3.4° ± 1.2°`, which stays in this order in every language."""
    value, error = (_bare(degrees_text(locale, angle, digits)) for angle in (value_deg, error_deg))
    return isolated(locale, f"{value} ± {error}")


def percent_text(locale: Locale, share: float, digits: int) -> str:
    """A share from 0 to 1 in percent."""
    pattern = "0" + (f".{'0' * digits}" if digits else "") + "%"
    return isolated(locale, _bare(format_percent(share, format=pattern, locale=locale)))


def date_text(locale: Locale, day: date) -> str:
    """A day with its year; shorter forms have points in Korean and strokes in Arabic, which break lines."""
    return format_date(day, "medium" if locale.language == "en" else "long", locale=locale)


def full_date_text(locale: Locale, day: date) -> str:
    """A day with its day of the week and its year."""
    return format_date(day, "full", locale=locale)


def weekday_text(locale: Locale, day: date) -> str:
    """The name of a day of the week."""
    return format_date(day, "EEEE", locale=locale)


def short_weekday_text(locale: Locale, day: date) -> str:
    """The name of a day of the week as calendars have it: `Su`, `일`, `أحد`."""
    return format_date(day, "EEEEEE", locale=locale)


def moment_text(locale: Locale, instant: datetime, zone: ZoneInfo) -> str:
    """A day and the time to the minute in a time zone."""
    return clock_text(locale, instant.astimezone(zone).replace(tzinfo=None))


def clock_text(locale: Locale, local: datetime) -> str:
    """A day and the time to the minute, as a clock showed them."""
    joined = str(locale.datetime_formats["medium"]).replace("'", "")
    return joined.replace("{1}", date_text(locale, local.date())).replace(
        "{0}", format_time(local, "short", locale=locale)
    )


def time_text(locale: Locale, instant: datetime | time, zone: ZoneInfo) -> str:
    """The time of a day to the minute, in a time zone."""
    if isinstance(instant, datetime):
        return format_time(instant, "short", tzinfo=zone, locale=locale)
    return format_time(instant, "short", locale=locale)


def duration_text(locale: Locale, seconds: float, *, between: str, short: bool = False) -> str:
    """A duration in hours, minutes and seconds, without those that are zero; from an hour on without seconds.

    Args:
        between: what stands between two units.
    """
    hours, rest = divmod(abs(round(seconds)), _HOUR_S)
    minutes, left = divmod(rest, _MINUTE_S)
    counts = {"hour": hours, "minute": minutes, "second": 0 if hours else left}
    shown = {unit: count for unit, count in counts.items() if count} or {"second": 0}
    length: Literal["short", "long"] = "short" if short else "long"
    return between.join(
        format_unit(count, f"duration-{unit}", length, locale=locale) for unit, count in shown.items()
    )


def isolated(locale: Locale, text: str) -> str:
    """Kept whole where lines run from right to left."""
    return left_to_right(text) if locale.text_direction == "rtl" else text


def _bare(text: str) -> str:
    """Without the isolation of the part, and without marks that the locale data put around signs."""
    return text.translate({ord(mark): None for mark in "\u2066\u2069\u200e\u200f\u061c"})
