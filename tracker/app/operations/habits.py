"""The habits of a person's days, as the person says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tracker.plan.habits import HABITS, Amount, Habit
from tracker.report.habit_table import habits_object
from tracker.session.said_habits import past_day, said_habit
from tracker.store.database import Database
from tracker.store.habits import HabitDay, habits_between, save_habits
from tracker.store.values import Person

if TYPE_CHECKING:
    from tracker.report.objects.said import HabitsObject

DAYS_SHOWN = 7
AMOUNTS: tuple[Amount, ...] = tuple(Amount)


@dataclass(frozen=True, slots=True)
class HabitsShown:
    """What was said of some days.

    Attributes:
        habits: that are asked for, in their order.
        days: the last of them is the one that is meant.
        said: of which habits and days something was said.
    """

    habits: tuple[Habit, ...]
    days: tuple[date, ...]
    said: tuple[HabitDay, ...]

    def of(self, day: date, habit: str) -> HabitDay | None:
        """What was said of one habit on one day; None where nothing was."""
        return next((one for one in self.said if (one.day, one.habit) == (day, habit)), None)


@dataclass(frozen=True, slots=True)
class HabitSaid:
    """What is said of one habit; amounts are those of `Amount`."""

    habit: str
    amount: str
    minutes: int | None = None


def habits_shown(database: Database, person: Person, day: str | None = None) -> HabitsShown:
    """What was said of a day and the six before it.

    Args:
        day: as in 2026-11-28; today by the person's own time zone where None or empty.

    Raises:
        UsageError: no day, or one that has not come yet.
    """
    meant = past_day(day or None, _today(person))
    days = tuple(meant - timedelta(days=back) for back in reversed(range(DAYS_SHOWN)))
    with database.read() as connection:
        said = habits_between(connection, person.person_id, days[0], meant)
    return HabitsShown(HABITS, days, said)


def say_habits(
    database: Database,
    person: Person,
    day: str | None,
    said: Sequence[HabitSaid],
    shown_until: date | None = None,
) -> HabitsShown:
    """Store what is said of a day in place of what was said of the same habits before.

    Args:
        shown_until: the last of the days that are returned; the day itself where None.

    Raises:
        UsageError: no day, an unknown habit or amount, or minutes that no day has.
    """
    meant = past_day(day or None, _today(person))
    kept = [said_habit(meant, one.habit, one.amount, one.minutes) for one in said]
    with database.write() as connection:
        save_habits(connection, person.person_id, kept)
    return habits_shown(database, person, (shown_until or meant).isoformat())


def habits_document(shown: HabitsShown) -> "HabitsObject":
    """As `tracker habits --json` prints it."""
    return habits_object(shown.days, shown.said)


def _today(person: Person) -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(person.time_zone)).date()
