"""The safety questions: whether they come first now, their answers, and a clinician's leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tracker.plan.safety import CLINICIAN_TEXT, EMERGENCY_TEXT, SafetyQuestion, SafetyVerdict, load_questions
from tracker.session.safety_answers import due_now, keep_answers
from tracker.session.safety_state import Occasion, clear_training, safety_state
from tracker.store.database import Database
from tracker.store.screenings import Screening
from tracker.store.values import Person


@dataclass(frozen=True, slots=True)
class SafetyNow:
    """Where a person stands with the safety questions.

    Attributes:
        due: why they are to be answered now; None where they are not.
        held_back: the last answers stand against training and measuring.
        emergency: they can mean an emergency; only new answers end that.
        answered: the last round of answers.
        cleared: what was said of the clinician who allows the training; None where nothing was.
        questions: in the order in which they are asked.
    """

    due: Occasion | None
    held_back: bool
    emergency: bool
    answered: Screening | None
    cleared: str | None
    questions: tuple[SafetyQuestion, ...]

    @property
    def may_train(self) -> bool:
        """True where neither answers nor questions stand before a session."""
        return self.due is None and not self.held_back

    @property
    def text(self) -> str | None:
        """What to do; None where nothing stands against training."""
        if self.emergency:
            return EMERGENCY_TEXT
        return CLINICIAN_TEXT if self.held_back else None


def safety_now(database: Database, person: Person, *, pain_now: bool = False) -> SafetyNow:
    """Where a person stands.

    Args:
        pain_now: pain is so high that the questions are due whenever they were asked last, but just now.

    Raises:
        DatabaseError: the database cannot be read.
    """
    now = datetime.now(UTC)
    with database.read() as connection:
        state = safety_state(connection, person, now)
    return SafetyNow(
        due=due_now(state, now, pain_now=pain_now),
        held_back=state.held_back,
        emergency=state.emergency,
        answered=state.answered,
        cleared=None if state.holding is None else state.holding.note,
        questions=load_questions(),
    )


def answer_safety(
    database: Database, person: Person, answers: Mapping[str, bool], occasion: Occasion | None = None
) -> SafetyVerdict:
    """Store a round of answers, true for yes, and say what they mean.

    Args:
        occasion: why they were asked; what is due now where None.

    Raises:
        UsageError: an answer is missing, or to a question that there is not.
        DatabaseError: it could not be stored.
    """
    if occasion is None:
        occasion = safety_now(database, person).due or Occasion.ASKED
    return keep_answers(database, person, occasion, load_questions(), dict(answers))


def clear_safety(database: Database, person: Person, note: str) -> Screening:
    """Store that a clinician allows the training, as the person says.

    Raises:
        UsageError: nothing is to be cleared, or the note says nothing.
        RefusedError: the answers ask for emergency care.
    """
    with database.write() as connection:
        return clear_training(connection, person, note, datetime.now(UTC))
