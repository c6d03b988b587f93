"""Whether the resting rotation of one person changed, over a time that is asked for."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.errors import UsageError
from tracker.progress.trend.document import trend_object
from tracker.progress.trend.resting_trend import EARLIEST, resting_trend
from tracker.progress.trend.values import RestingTrend
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.values import Person

__all__ = ["trend_object", "trend_shown"]

MOST_WEEKS = 2000
"""Longer than anybody records; keeps days within what dates can be."""


def trend_shown(
    place: Workplace,
    database: Database,
    person: Person,
    *,
    since: str | None = None,
    until: str | None = None,
    weeks: int | None = None,
) -> RestingTrend:
    """Read the trend of one person; ten years take some seconds.

    Args:
        since, until: first and last day as in 2026-11-28; as the trend chooses where None or empty.
        weeks: begin so many weeks before the last day, in place of `since`.

    Raises:
        UsageError: no day, a day in the future, one that comes after the other, or two beginnings.
        DatabaseError, StorageError: the database cannot be read.
    """
    first, last = _day(since), _day(until)
    today = datetime.now(ZoneInfo(person.time_zone)).date()
    if last is not None and last > today:
        raise UsageError(f"{last} is in the future", advice=f"Choose a day up to {today}.")
    if weeks is not None:
        if first is not None:
            raise UsageError("a first day and a count of weeks both say where to begin", advice="Give one.")
        if not 1 <= weeks <= MOST_WEEKS:
            raise UsageError(f"{weeks} is no count of weeks", advice=f"Give 1 to {MOST_WEEKS}.")
        first = max(EARLIEST, (last or today) - timedelta(weeks=weeks) + timedelta(days=1))
    assumed = place.settings.motion.rest_test
    return resting_trend(database, person, since=first, until=last, parameters=assumed)


def _day(text: str | None) -> date | None:
    if not text or not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{text[:40]!r} is no day", advice="Give it as in 2026-11-28.") from None
