"""What a person says of the habits of a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from tracker.store.tables import HabitDayTable
from tracker.store.upserts import replace_row


@dataclass(frozen=True, slots=True)
class HabitDay:
    """One habit on one day, as the person says.

    Attributes:
        habit: its name in the plan's list of habits.
        amount: `none`, `some` or `much`.
        minutes: where the person knows.
    """

    day: date
    habit: str
    amount: str
    minutes: int | None = None


def save_habits(connection: Connection, person_id: int, said: Iterable[HabitDay]) -> None:
    """Store what was said in place of what was said of the same habits and days before."""
    for one in said:
        row = {
            "person_id": person_id,
            "day": one.day.isoformat(),
            "habit": one.habit,
            "amount": one.amount,
            "minutes": one.minutes,
        }
        replace_row(connection, HabitDayTable, row)


def habits_between(connection: Connection, person_id: int, first: date, last: date) -> tuple[HabitDay, ...]:
    """What was said of the days from the first to the last, by day and habit."""
    query = (
        select(HabitDayTable.__table__)
        .where(
            HabitDayTable.person_id == person_id,
            HabitDayTable.day >= first.isoformat(),
            HabitDayTable.day <= last.isoformat(),
        )
        .order_by(HabitDayTable.day, HabitDayTable.habit)
    )
    return tuple(
        HabitDay(date.fromisoformat(row.day), row.habit, row.amount, row.minutes)
        for row in connection.execute(query)
    )
