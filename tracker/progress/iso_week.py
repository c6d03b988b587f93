"""Weeks from Monday to Sunday, as ISO 8601 numbers them, with borders at local midnight."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from tracker.errors import UsageError

_TEXT = re.compile(r"(\d{4})-?W(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class IsoWeek:
    """One week.

    Attributes:
        year: the year that holds the week's Thursday; differs from the calendar's around New Year.
        week: 1 to 52 or 53.

    Raises:
        UsageError: the year has no such week.
    """

    year: int
    week: int

    def __post_init__(self) -> None:
        try:
            date.fromisocalendar(self.year, self.week, 1)
            known = 1 < self.year < 9999
        except ValueError:
            known = False
        if not known:
            raise UsageError(
                f"there is no week {self}",
                advice="Give a year and a week from 01 to 52 or 53, as in 2026-W47.",
            )

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.week:02d}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The week that a text such as `2026-W47` names.

        Raises:
            UsageError: not the name of a week.
        """
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise UsageError(f"{text!r} is not a week", advice="Give a year and a week, as in 2026-W47.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of_date(cls, day: date) -> Self:
        """The week that holds a day."""
        year, week, _ = day.isocalendar()
        return cls(year, week)

    @classmethod
    def containing(cls, instant: datetime, zone: ZoneInfo) -> "IsoWeek":
        """The week that holds an aware instant, for somebody who lives in `zone`."""
        week = IsoWeek.of_date(instant.astimezone(zone).date())
        start, end = week.span(zone)
        # Clocks set back across midnight repeat a day's last minutes after the next day has begun.
        if instant < start:
            return week.previous
        return week.next if instant >= end else week

    @property
    def monday(self) -> date:
        """The week's first day."""
        return date.fromisocalendar(self.year, self.week, 1)

    @property
    def previous(self) -> "IsoWeek":
        """The week before."""
        return IsoWeek.of_date(self.monday - timedelta(weeks=1))

    @property
    def next(self) -> "IsoWeek":
        """The week after."""
        return IsoWeek.of_date(self.monday + timedelta(weeks=1))

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The week's first instant and the next week's, UTC: an hour less or more than seven days when
        clocks change."""
        return _midnight(self.monday, zone), _midnight(self.monday + timedelta(weeks=1), zone)


@lru_cache(maxsize=256)
def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day; where clocks skip midnight, the instant at which they do."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
