"""What a person says of the habits of a day, checked; of days that were, and habits that are known."""

from datetime import date

from tracker.errors import UsageError
from tracker.plan.habits import HABITS, MINUTES_OF_A_DAY, Amount, find_habit
from tracker.store.habits import HabitDay

_EARLIEST = date(2000, 1, 1)
"""An earlier day is a slip of the finger."""


def past_day(text: str | None, today: date) -> date:
    """The day that is meant; today where None.

    Raises:
        UsageError: no day, one in the future, or one long ago.
    """
    if text is None:
        return today
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{text[:40]!r} is no day", advice="Give it as in 2026-11-28.") from None
    if not _EARLIEST <= day <= today:
        when = "has not come yet" if day > today else "is too long ago"
        raise UsageError(f"{day} {when}", advice=f"Today is {today}.", day=day.isoformat())
    return day


def said_habit(day: date, name: str, amount: str, minutes: int | None = None) -> HabitDay:
    """One habit of a day.

    Raises:
        UsageError: an unknown habit or amount, or minutes that no day has, or that none of it has.
    """
    if find_habit(name) is None:
        known = ", ".join(habit.name for habit in HABITS)
        raise UsageError(f"there is no habit {name[:40]!r}", advice=f"There are: {known}.", habit=name)
    if amount not in list(Amount):
        raise UsageError(
            f"{name}: {amount[:40]!r} is no amount",
            advice=f"Use {', '.join(Amount)}; minutes after a colon.",
            habit=name,
        )
    if minutes is not None and not (
        0 <= minutes <= MINUTES_OF_A_DAY and (amount != Amount.NONE or not minutes)
    ):
        raise no_minutes(name, str(minutes), amount)
    return HabitDay(day, name, amount, minutes)


def no_minutes(name: str, minutes: str, amount: str) -> UsageError:
    """The error of minutes that an amount of a habit cannot have."""
    return UsageError(
        f"{name}: {minutes[:40]!r} cannot be the minutes of {amount}",
        advice=f"Give whole minutes, 0 to {MINUTES_OF_A_DAY}; none has none.",
        habit=name,
    )
