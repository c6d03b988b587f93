"""The texts of one language, with times of one time zone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.lists import format_list

from tracker.app.words import numbers
from tracker.app.words.catalogue_files import load_catalogue
from tracker.app.words.languages import LANGUAGES, Language
from tracker.app.words.marks import as_it_begins, with_signs_inside
from tracker.app.words.told import told

_DECIMALS = 2
"""Of a number with a point that fills a hole: as many as it needs, up to these."""

_ZONES_KEPT = 64


@dataclass(frozen=True, slots=True)
class Words:
    """Texts, numbers and times of one language.

    Attributes:
        time_zone: IANA name, whose clock the times of day are told by.
    """

    language: Language
    time_zone: str = "UTC"

    @property
    def code(self) -> str:
        """`en`, `ko` or `ar`."""
        return self.language.code

    @property
    def is_right_to_left(self) -> bool:
        """True where lines begin at the right."""
        return self.language.is_right_to_left

    @property
    def direction(self) -> str:
        """As HTML's attribute `dir` has it."""
        return "rtl" if self.is_right_to_left else "ltr"

    def __call__(self, text: str, **values: object) -> str:
        """A text of the page.

        Args:
            text: the English one; what has no entry in the catalogue stays as it is.
            values: fill its holes; whole numbers are written with their thousands set apart: a year or
                the number of a session is handed in as a text.
        """
        return self._filled(load_catalogue(self.code).text(text), values)

    def plural(self, singular: str, plural: str, count: int, **values: object) -> str:
        """A text in the form that a number asks for, which fills the hole `count`."""
        written = load_catalogue(self.code).plural(singular, plural, abs(count))
        return self._filled(written, {"count": count, **values})

    def told(self, text: str) -> str:
        """A sentence that the program made in English, with its values; in English where it has no entry."""
        return told(self.language, text)

    def listed(self, texts: Sequence[str]) -> str:
        """Texts in a row: `a, b and c`."""
        return format_list(list(texts), locale=self._locale)

    def number(self, value: float, digits: int = 1, *, signed: bool = False) -> str:
        """A number with this count of decimals; signed writes the plus of what is above zero."""
        return numbers.number_text(self._locale, value, digits, signed=signed)

    def degrees(self, value_deg: float, digits: int = 1, *, signed: bool = False) -> str:
        """An angle in degrees."""
        return numbers.degrees_text(self._locale, value_deg, digits, signed=signed)

    def degrees_with_error(self, value_deg: float, error_deg: float, digits: int = 1) -> str:
        """An angle and its measurement error, both in degrees: `12.3° ± 1.4°`."""
        return numbers.degrees_with_error_text(self._locale, value_deg, error_deg, digits)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share from 0 to 1."""
        return numbers.percent_text(self._locale, share, digits)

    def date(self, day: dt.date) -> str:
        """A day, Gregorian; of an instant, its day in the person's time zone."""
        return numbers.date_text(self._locale, self._local_day(day))

    def full_date(self, day: dt.date) -> str:
        """A day with its day of the week."""
        return numbers.full_date_text(self._locale, self._local_day(day))

    def weekday(self, day: dt.date) -> str:
        """The name of a day of the week."""
        return numbers.weekday_text(self._locale, self._local_day(day))

    def short_weekday(self, day: dt.date) -> str:
        """The short name of a day of the week."""
        return numbers.short_weekday_text(self._locale, self._local_day(day))

    def moment(self, instant: dt.datetime) -> str:
        """A day and a time of day, in the person's time zone."""
        return numbers.moment_text(self._locale, instant, self._zone)

    def time_of_day(self, instant: dt.datetime | dt.time) -> str:
        """A time of day; of an instant, in the person's time zone."""
        return numbers.time_text(self._locale, instant, self._zone)

    def duration(self, seconds: float, *, short: bool = False) -> str:
        """A duration: `5 minutes, 30 seconds`; short with the units abbreviated."""
        return numbers.duration_text(self._locale, seconds, between=self.language.between_units, short=short)

    @property
    def _locale(self) -> Locale:
        return _locale_of(self.language.locale)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def _local_day(self, day: dt.date) -> dt.date:
        return day.astimezone(self._zone).date() if isinstance(day, dt.datetime) else day

    def _filled(self, text: str, values: dict[str, object]) -> str:
        if not values:
            return text
        filled = text.format_map({name: self._value(value) for name, value in values.items()})
        return with_signs_inside(filled) if self.is_right_to_left else filled

    def _value(self, value: object) -> str:
        if isinstance(value, int):
            return self.number(value, 0)
        if isinstance(value, float):
            return self.number(value, _decimals(value))
        return as_it_begins(str(value)) if self.is_right_to_left else str(value)


@lru_cache(maxsize=_ZONES_KEPT)
def words_for(code: str, time_zone: str = "UTC") -> Words:
    """The words of a language; of one that the page has not, the English ones.

    Raises:
        ZoneInfoNotFoundError: there is no such time zone.
    """
    language = next((language for language in LANGUAGES if language.code == code), LANGUAGES[0])
    ZoneInfo(time_zone)
    return Words(language, time_zone)


@cache
def _locale_of(name: str) -> Locale:
    return Locale.parse(name)


def _decimals(value: float) -> int:
    """How many decimals a number needs, up to two."""
    whole = round(value, _DECIMALS)
    return next((digits for digits in range(_DECIMALS) if round(whole, digits) == whole), _DECIMALS)
