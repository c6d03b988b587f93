"""When the safety questions come first, and keeping the answers to them."""

from datetime import UTC, datetime, timedelta

from tracker.plan.safety import SafetyQuestion, SafetyVerdict, judged
from tracker.session.safety_state import Occasion, SafetyState
from tracker.store.database import Database
from tracker.store.screenings import Screening, save_screening
from tracker.store.values import Person

_JUST_NOW = timedelta(minutes=10)
"""Answers that were given so shortly ago are those of the pain that is told now."""


def due_now(state: SafetyState, now: datetime, *, pain_now: bool = False) -> Occasion | None:
    """Why the questions come first now; None where they do not.

    Args:
        pain_now: pain is so high that they are due whenever they were asked last, but just now.
    """
    if pain_now and state.due is None and state.answered is not None:
        return Occasion.PAIN if now - state.answered.asked_at > _JUST_NOW else None
    return state.due


def keep_answers(
    database: Database,
    person: Person,
    occasion: Occasion,
    questions: tuple[SafetyQuestion, ...],
    answers: dict[str, bool],
) -> SafetyVerdict:
    """Store a round of answers and say what they mean.

    Raises:
        UsageError: an answer is missing, or to a question that there is not.
    """
    verdict = judged(questions, answers)
    screening = Screening(
        datetime.now(UTC), occasion.value, answers, flagged=verdict.flagged, emergency=verdict.emergency
    )
    with database.write() as connection:
        save_screening(connection, person.person_id, screening)
    return verdict
