"""Weeks in a row in which something was trained."""

from collections.abc import Collection
from dataclasses import dataclass

from tracker.progress.iso_week import IsoWeek


@dataclass(frozen=True, slots=True)
class Streak:
    """Weeks in a row with training.

    Attributes:
        weeks: those that end with the shown week; with the week before it while the shown one still runs and
            nothing was trained in it yet.
        longest: the longest row of all, up to the shown week.
        open: the shown week still runs and nothing was trained in it yet.
    """

    weeks: int
    longest: int
    open: bool


def streak_of(trained: Collection[IsoWeek], shown: IsoWeek, running: IsoWeek) -> Streak:
    """The streak as it stands in a week.

    Args:
        trained: the weeks with training.
        shown: the week that is looked at; later ones are left out.
        running: the week that holds the present: it breaks no streak, as it is not over.
    """
    known = {number for number in map(_number, trained) if number <= _number(shown)}
    waits = shown == running and _number(shown) not in known
    weeks = _row_until(_number(shown) - waits, known)
    longest = max((_row_until(number, known) for number in known if number + 1 not in known), default=0)
    return Streak(weeks, longest, waits)


def _number(week: IsoWeek) -> int:
    """Weeks that follow each other have numbers that do."""
    return week.monday.toordinal() // 7


def _row_until(number: int, known: Collection[int]) -> int:
    count = 0
    while number - count in known:
        count += 1
    return count
