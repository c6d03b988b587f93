"""The habits of some days, as a person says, as a table and for programs."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.console import RenderableType

from tracker.plan.habits import HABITS
from tracker.report.terminal import plain_table
from tracker.store.habits import HabitDay

if TYPE_CHECKING:
    from tracker.report.objects.said import HabitsObject

_UNSAID = "–"


def habits_table(days: Sequence[date], said: Iterable[HabitDay]) -> RenderableType:
    """A line for each habit, a column for each day."""
    table = plain_table("Habits (self-report)", "", *(f"{day:%a %d}" for day in days))
    found = {(one.day, one.habit): one for one in said}
    for habit in HABITS:
        table.add_row(habit.title, *(_cell(found.get((day, habit.name))) for day in days))
    return table


def habits_object(days: Sequence[date], said: Iterable[HabitDay]) -> "HabitsObject":
    """The same for programs; habits of which nothing was said are missing."""
    found = tuple(said)
    return {
        "self_report": True,
        "days": [
            {
                "day": day.isoformat(),
                "habits": {
                    one.habit: {"amount": one.amount, "minutes": one.minutes}
                    for one in found
                    if one.day == day
                },
            }
            for day in days
        ],
    }


def _cell(one: HabitDay | None) -> str:
    if one is None:
        return _UNSAID
    return one.amount if one.minutes is None else f"{one.amount} {one.minutes} min"
