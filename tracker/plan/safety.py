"""The questions that tell when not to train, and what answers to them mean. Nothing here names a cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from tracker.errors import UsageError
from tracker.home import shipped_text
from tracker.tables import parse_toml, validated

FILE_NAME = "safety.toml"

EMERGENCY_TEXT = (
    "This can be an emergency. Call for emergency care now. Do not exercise and do not measure; move the leg "
    "as little as you can."
)
CLINICIAN_TEXT = "Do not train or measure before you have asked a clinician about it."


class YesMeans(StrEnum):
    """What a yes asks for."""

    EMERGENCY = "emergency"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True)
class SafetyQuestion:
    """One question, answered with yes or no.

    Attributes:
        text: for a person.
    """

    name: str
    text: str
    yes_means: YesMeans


@dataclass(frozen=True, slots=True)
class SafetyVerdict:
    """What a round of answers means.

    Attributes:
        emergency: some answer asks for emergency care.
        flagged: some answer asks for a clinician, or for emergency care.
        yes: the questions that were answered with yes, in their order.
    """

    emergency: bool
    flagged: bool
    yes: tuple[SafetyQuestion, ...]

    @property
    def text(self) -> str | None:
        """What to do; None where nothing stands against training."""
        if self.emergency:
            return EMERGENCY_TEXT
        return CLINICIAN_TEXT if self.flagged else None


class _QuestionTable(BaseModel):
    """The keys of one question's table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    yes: YesMeans


def load_questions() -> tuple[SafetyQuestion, ...]:
    """The shipped questions in the order in which they are asked: those of an emergency first."""
    tables = parse_toml(shipped_text(FILE_NAME), FILE_NAME)
    found = []
    for name, table in tables.items():
        values = validated(_QuestionTable, table, name, FILE_NAME)
        found.append(SafetyQuestion(name, values.question, values.yes))
    return tuple(sorted(found, key=lambda one: one.yes_means is not YesMeans.EMERGENCY))


def judged(questions: tuple[SafetyQuestion, ...], answers: Mapping[str, bool]) -> SafetyVerdict:
    """What answers mean.

    All questions are to be answered, but none after a yes that asks for emergency care.

    Args:
        answers: by the question's name, true for yes.

    Raises:
        UsageError: a question that there is not, or one without an answer.
    """
    unknown = [name for name in answers if name not in {one.name for one in questions}]
    if unknown:
        known = ", ".join(one.name for one in questions)
        raise UsageError(
            f"there is no question {unknown[0]!r}", advice=f"There are: {known}.", questions=unknown
        )
    yes = tuple(one for one in questions if answers.get(one.name, False))
    emergency = any(one.yes_means is YesMeans.EMERGENCY for one in yes)
    missing = [one.name for one in questions if one.name not in answers]
    if missing and not emergency:
        raise UsageError(
            f"without an answer: {', '.join(missing)}",
            advice="Answer each of them, or say --none: no to all the others.",
            questions=missing,
        )
    return SafetyVerdict(emergency, bool(yes), yes)
