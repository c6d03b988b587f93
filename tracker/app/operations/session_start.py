"""What a session may consist of: what is worn, what can be counted with it, and what comes first."""

from dataclasses import dataclass

from tracker.app.operations.safety import SafetyNow, safety_now
from tracker.app.operations.today import Today, today_of
from tracker.model import Placement, ReferenceRecipe, SensorIdentity, SetTarget
from tracker.plan.pain import PainAdvice, advice_at_worst, asks_for_safety
from tracker.plan.pain_limits import PainLimits
from tracker.session.guide import THIGH_RECIPES
from tracker.session.plan_steps import split_by_sensors
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.sensors import paired_sensors
from tracker.store.values import Person


@dataclass(frozen=True, slots=True)
class ExerciseChoice:
    """An exercise of the catalogue.

    Attributes:
        missing: where a sensor is needed that is not worn.
    """

    name: str
    title: str
    missing: tuple[Placement, ...]


@dataclass(frozen=True, slots=True)
class StartChoices:
    """What a person may choose from.

    Attributes:
        worn: the paired sensors; None where they are simulated, on both thighs and the pelvis.
        left_out: what of today's targets cannot be counted with what is worn.
        recipe: the reference pose of the settings.
        repeats: how often the rest test is repeated, by the settings.
    """

    today: Today
    countable: tuple[SetTarget, ...]
    left_out: tuple[SetTarget, ...]
    exercises: tuple[ExerciseChoice, ...]
    worn: dict[Placement, SensorIdentity] | None
    recipes: tuple[ReferenceRecipe, ...]
    recipe: ReferenceRecipe
    repeats: int


@dataclass(frozen=True, slots=True)
class PainNow:
    """What pain before a session means.

    Attributes:
        advice: None where it goes on as it is.
        safety: whether the safety questions come first because of it.
    """

    advice: PainAdvice | None
    safety: SafetyNow


def start_choices(
    place: Workplace, database: Database, person: Person, *, simulated: bool = False
) -> StartChoices:
    """What a person may choose from now.

    Raises:
        DatabaseError: the database cannot be read.
    """
    today = today_of(place, database, person)
    with database.read() as connection:
        paired = None if simulated else paired_sensors(connection)
    worn = frozenset(Placement if paired is None else paired)
    countable, left_out = split_by_sensors(
        [one.target for one in today.targets if one.target.exercise in place.catalogue], worn, place.catalogue
    )
    return StartChoices(
        today=today,
        countable=countable,
        left_out=left_out,
        exercises=tuple(
            ExerciseChoice(entry.name, entry.title, _missing(entry.placements, worn))
            for entry in place.catalogue.values()
        ),
        worn=paired,
        recipes=THIGH_RECIPES,
        recipe=place.settings.motion.alignment.reference_recipe,
        repeats=place.settings.guide.rest_repeats,
    )


def pain_now(database: Database, person: Person, pain: int) -> PainNow:
    """What pain of 0 to 10 before a session means."""
    return PainNow(
        advice_at_worst(pain, PainLimits(), "the leg before the session"),
        safety_now(database, person, pain_now=asks_for_safety(pain)),
    )


def _missing(needed: tuple[Placement, ...], worn: frozenset[Placement]) -> tuple[Placement, ...]:
    """One thigh is enough where an exercise can be done with one leg; the pelvis has no other."""
    thighs = [one for one in needed if one is not Placement.PELVIS]
    without_thigh = bool(thighs) and not worn & frozenset(thighs)
    return tuple(one for one in needed if one not in worn and (without_thigh or one is Placement.PELVIS))
