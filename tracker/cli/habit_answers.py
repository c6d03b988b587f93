"""Options and single keys as what a person says of the habits of a day."""

from collections.abc import Callable, Iterable
from datetime import date

import typer

from tracker.cli.output import note
from tracker.cli.single_keys import single_keys
from tracker.errors import UsageError
from tracker.plan.habits import HABITS, Amount
from tracker.session.said_habits import no_minutes, said_habit
from tracker.store.habits import HabitDay

_AMOUNTS = {amount.value[0]: amount for amount in Amount}
_SKIP_KEYS = ("\r", "\n", " ")
_DIGITS = 4


def given_habits(pairs: Iterable[str], day: date) -> tuple[HabitDay, ...]:
    """What options such as `cross_legged=some` or `sitting_long=much:300` say.

    Raises:
        UsageError: an unknown habit or amount, minutes that no day has, or a habit that is named twice.
    """
    said: dict[str, HabitDay] = {}
    for pair in pairs:
        name, _, value = pair.casefold().partition("=")
        one = _given(name.strip(), value.strip(), day)
        if one.habit in said:
            raise UsageError(f"{one.habit} is said twice", advice="Say it once.", habit=one.habit)
        said[one.habit] = one
    return tuple(said.values())


def asked_habits(day: date) -> tuple[HabitDay, ...]:
    """One key for each habit; Enter or the space bar leaves one out.

    Raises:
        KeyboardInterrupt: the person broke off; nothing is said then.
    """
    said = []
    with single_keys() as next_key:
        note(f"{day:%A, %d %B %Y}. Keys: n none, s some, m much, Enter leaves it out.")
        for habit in HABITS:
            typer.echo(f"{habit.question}: ", err=True, nl=False)
            amount = _amount(next_key)
            note("" if amount is None else amount.value)
            if amount is not None:
                said.append(HabitDay(day, habit.name, amount.value))
    return tuple(said)


def _amount(next_key: Callable[[], str]) -> Amount | None:
    while True:
        key = next_key().casefold()
        if key in _SKIP_KEYS:
            return None
        if key in _AMOUNTS:
            return _AMOUNTS[key]
        if key in ("", "\x03", "\x04"):
            raise KeyboardInterrupt


def _given(name: str, value: str, day: date) -> HabitDay:
    amount, colon, minutes = value.partition(":")
    said = said_habit(day, name, amount)
    if not colon:
        return said
    if not (minutes.isascii() and minutes.isdigit() and len(minutes) <= _DIGITS):
        raise no_minutes(name, minutes, amount)
    return said_habit(day, name, amount, int(minutes))
