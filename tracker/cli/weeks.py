"""Looking up weeks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tracker.cli.opening import open_home_database
from tracker.home import Home
from tracker.local_time import local_time_zone
from tracker.progress.comparison import WeekComparison, compare_weeks
from tracker.progress.iso_week import IsoWeek
from tracker.progress.week import WeekSummary, week_summary
from tracker.store.persons import get_or_create_person


def week_beside_last(
    name: str | None = None, home: Home | None = None, weeks_before: int = 0
) -> tuple[WeekComparison, tuple[WeekSummary, ...]]:
    """A week, the running one where no name is given, beside the one before it; and as many before it."""
    zone = ZoneInfo(local_time_zone())
    chosen = IsoWeek.parse(name) if name else IsoWeek.containing(datetime.now(UTC), zone)
    with open_home_database(home) as database:
        with database.write() as connection:
            person = get_or_create_person(connection, time_zone=zone.key)
        this, last = (week_summary(database, person, one, zone) for one in (chosen, chosen.previous))
        before: list[WeekSummary] = []
        for _ in range(weeks_before):
            chosen = chosen.previous
            before.append(week_summary(database, person, chosen, zone))
    return compare_weeks(this, last), tuple(reversed(before))
