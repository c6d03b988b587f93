"""What a person asks of a session, and the steps that make it so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.errors import UsageError
from tracker.model import THIGH_SIDES, Placement, ReferenceRecipe, SetTarget, Side
from tracker.plan.catalogue import Catalogue
from tracker.session.guide import (
    THIGH_RECIPES,
    GuideParameters,
    Step,
    demonstration_step,
    knee_lift_steps,
    rest_test_steps,
    set_step,
)
from tracker.session.plan_steps import plan_steps, split_by_sensors
from tracker.session.plan_targets import targets_for_day
from tracker.session.workplace import Workplace
from tracker.store.values import Person


@dataclass(frozen=True, slots=True)
class AskedSession:
    """What a session is to consist of.

    Attributes:
        exercise: of the sets; None where the plan says what is done, or only rest is measured.
        repetitions: a set ends after so many valid ones; None leaves it to the pause.
        demonstrate: three repetitions are shown before the sets: the person's own range.
        rest_s: from one set of the exercise to the next, at least; None for the time to get ready.
        rest_test: begin with reference pose and rest test.
        recipe: how the reference pose is made neutral; that of the settings where None.
        repeats: how often reference pose and rest test are done; as in the settings where None.
        knee_lift: lift the knees first; where None one of two, which tells whether sensors are swapped.
    """

    exercise: str | None = None
    side: Side = Side.BOTH
    repetitions: int | None = None
    sets: int = 1
    demonstrate: bool = False
    rest_test: bool = True
    recipe: ReferenceRecipe | None = None
    repeats: int | None = None
    knee_lift: bool | None = None
    rest_s: float | None = None


@dataclass(frozen=True, slots=True)
class TodaysSteps:
    """What the plan asks for today.

    Attributes:
        left_out: what no worn sensor can count.
    """

    steps: tuple[Step, ...]
    left_out: tuple[SetTarget, ...]


def asked_steps(
    asked: AskedSession,
    worn: frozenset[Placement],
    place: Workplace,
    todays: tuple[Step, ...] = (),
) -> tuple[Step, ...]:
    """All steps of a session in their order.

    Args:
        worn: where sensors are worn.
        todays: what the plan asks for, done after the rest test.

    Raises:
        UsageError: the exercise is not in the catalogue.
    """
    guide, catalogue = place.settings.guide, place.catalogue
    recipe = asked.recipe or place.settings.motion.alignment.reference_recipe
    steps = list(knee_lift_steps(_lifted(asked, worn), guide))
    if asked.rest_test:
        repeats = guide.rest_repeats if asked.repeats is None else asked.repeats
        steps += rest_test_steps(guide, recipe, repeats, pelvis_worn=Placement.PELVIS in worn)
    steps += todays
    if asked.exercise is not None:
        steps += _sets(asked, asked.exercise, catalogue, guide)
    return tuple(steps)


def todays_steps(
    connection: Connection,
    person: Person,
    worn: frozenset[Placement],
    place: Workplace,
    *,
    demonstrate: bool = False,
) -> TodaysSteps:
    """The sets of today that can be counted with the sensors that are worn, and those that cannot.

    Raises:
        UsageError: the plan asks for nothing today, or for nothing that can be counted.
    """
    today = datetime.now(UTC).astimezone(ZoneInfo(person.time_zone)).date()
    targets = targets_for_day(connection, person.person_id, today, place.catalogue)
    if not targets:
        raise UsageError(
            "no plan asks for anything today",
            advice="`tracker plan` shows what is asked for when; record without --plan: --exercise NAME.",
            day=today.isoformat(),
        )
    countable, others = split_by_sensors(targets, worn, place.catalogue)
    if not countable:
        raise UsageError(
            "nothing of what the plan asks for today can be counted with these sensors",
            advice="Pair a sensor where it is needed (tracker pair), or do it without: tracker sessions add",
        )
    return TodaysSteps(
        plan_steps(countable, place.catalogue, place.settings.guide, demonstrate=demonstrate), others
    )


def recipe_named(name: str | None) -> ReferenceRecipe | None:
    """A reference pose by its name.

    Raises:
        UsageError: there is none of that name that gives a thigh its zero.
    """
    if name is None:
        return None
    if name not in THIGH_RECIPES:
        known = ", ".join(THIGH_RECIPES)
        raise UsageError(f"unknown reference pose {name!r}", advice=f"Use one of: {known}.", reference=name)
    return ReferenceRecipe(name)


def side_named(name: str) -> Side:
    """A side by its name.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in list(Side):
        raise UsageError(f"unknown side {name!r}", advice="Use left, right or both.", side=name)
    return Side(name)


def _sets(asked: AskedSession, exercise: str, catalogue: Catalogue, guide: GuideParameters) -> Sequence[Step]:
    entry = catalogue.find(exercise)
    text = f"{entry.start_pose} {entry.movement}"
    one = set_step(exercise, text, asked.side, asked.repetitions, guide)
    shown = [demonstration_step(exercise, text, asked.side, guide)] if asked.demonstrate else []
    further = replace(one, wait_s=max(one.wait_s, asked.rest_s or 0.0))
    return [*shown, one, *[further] * (asked.sets - 1)]


def _lifted(asked: AskedSession, worn: frozenset[Placement]) -> list[Side]:
    """The knees to lift: where nothing is asked for, one that tells whether left and right are swapped."""
    if asked.knee_lift is None:
        thighs = [placement for placement in asked.side.thighs if placement in worn]
        return [THIGH_SIDES[thighs[0]]] if len(thighs) > 1 else []
    return [THIGH_SIDES[one] for one in asked.side.thighs if asked.knee_lift and one in worn]
