"""Habits of a day that a person tells of: none, some or much of each. A self-report, not a measurement."""

from dataclasses import dataclass
from enum import StrEnum


class Amount(StrEnum):
    """How much of a habit a day had; by its first letter on the keyboard."""

    NONE = "none"
    SOME = "some"
    MUCH = "much"


@dataclass(frozen=True, slots=True)
class Habit:
    """One habit.

    Attributes:
        name: what programs and the database call it.
        title: for tables.
        question: for a person, in one line.
    """

    name: str
    title: str
    question: str


HABITS: tuple[Habit, ...] = (
    Habit("sitting_long", "sitting long", "Sitting for long at a stretch"),
    Habit("cross_legged", "cross-legged", "Sitting with one leg over the other"),
    Habit("leaning", "leaning to one side", "Leaning to one side while sitting"),
    Habit("one_sided_sleep", "sleeping on one side", "Sleeping on one side only, last night"),
    Habit("weight_on_one_hip", "weight on one hip", "Standing with the weight on one hip"),
    Habit("carrying_on_one_hip", "carrying on one hip", "Carrying a child or a load on one hip"),
)

MINUTES_OF_A_DAY = 24 * 60


def find_habit(name: str) -> Habit | None:
    """The habit of a name; None where there is none."""
    return next((habit for habit in HABITS if habit.name == name), None)
