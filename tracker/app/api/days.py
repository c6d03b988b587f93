"""A person's day: what the plan asks for, what can be begun, the safety questions, habits."""

from typing import Annotated, TypeAlias

from fastapi import APIRouter
from pydantic import Field, StrictBool, StrictInt

from tracker.app.api.answers.as_it_is import AS_IT_IS
from tracker.app.api.asked import Asked, Day, Name, PersonOf, SiteOf, Text
from tracker.app.operations.habits import HabitSaid, habits_document, habits_shown, say_habits
from tracker.app.operations.safety import SafetyNow, answer_safety, clear_safety, safety_now
from tracker.app.operations.session_start import StartChoices, start_choices
from tracker.app.operations.today import Today, today_of
from tracker.plan.habits import HABITS, Amount
from tracker.plan.safety import SafetyVerdict
from tracker.report.objects.said import HabitsObject
from tracker.session.safety_state import Occasion
from tracker.store.screenings import Screening

router = APIRouter()

_Habits: TypeAlias = Annotated[HabitsObject, AS_IT_IS]

_MINUTES_OF_DAY = 1440
_MOST_ANSWERS = 100


class SafetyBody(Asked):
    """A round of answers: each question's name, true for yes."""

    answers: Annotated[dict[Name, StrictBool], Field(max_length=_MOST_ANSWERS)]
    occasion: Occasion | None = None


class ClearBody(Asked):
    """What is said of the clinician who allows the training."""

    note: Text


class HabitBody(Asked):
    """What is said of one habit."""

    habit: Name
    amount: Amount
    minutes: Annotated[StrictInt, Field(ge=0, le=_MINUTES_OF_DAY)] | None = None


class HabitsBody(Asked):
    """What is said of a day's habits."""

    day: Annotated[str, Field(max_length=20)] | None = None
    habits: Annotated[list[HabitBody], Field(max_length=len(HABITS))]


@router.get("/today", tags=["today"])
def see_today(site: SiteOf, person: PersonOf) -> Today:
    """What the plan asks for today, with what was done last time, and what stands before it."""
    return today_of(site.place, site.database, person)


@router.get("/today/choices", tags=["today"])
def see_choices(site: SiteOf, person: PersonOf) -> StartChoices:
    """What a session can consist of with the sensors that are paired."""
    return start_choices(site.place, site.database, person, simulated=site.simulated)


@router.get("/safety", tags=["safety"])
def see_safety(site: SiteOf, person: PersonOf) -> SafetyNow:
    """Whether safety questions come first, which, and what the last answers mean."""
    return safety_now(site.database, person)


@router.post("/safety", tags=["safety"])
def give_safety_answers(body: SafetyBody, site: SiteOf, person: PersonOf) -> SafetyVerdict:
    """Answer all safety questions."""
    return answer_safety(site.database, person, body.answers, body.occasion)


@router.post("/safety/clear", tags=["safety"])
def clear_training(body: ClearBody, site: SiteOf, person: PersonOf) -> Screening:
    """A clinician allows the training, as the person says."""
    return clear_safety(site.database, person, body.note)


@router.get("/habits", tags=["habits"])
def see_habits(site: SiteOf, person: PersonOf, day: Day | None = None) -> _Habits:
    """What was said of a day's habits and of the six days before, as `tracker habits --json`."""
    return habits_document(habits_shown(site.database, person, day))


@router.post("/habits", tags=["habits"])
def say_of_habits(body: HabitsBody, site: SiteOf, person: PersonOf) -> _Habits:
    """Say it, in place of what was said of the same habits before."""
    said = [HabitSaid(one.habit, one.amount.value, one.minutes) for one in body.habits]
    return habits_document(say_habits(site.database, person, body.day, said))
