"""What a plan proposes: of which exercise, what would become different, and why; and the answer to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.plan.growth import ChangeKind
from tracker.session.plan_answers import answer_proposal
from tracker.session.plan_state import change_of, person_plan
from tracker.store.database import Database
from tracker.store.plans import RuleVerdict
from tracker.store.values import Person


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal.

    Attributes:
        number: by which it is answered.
        prescription: its name in the plan; empty where the whole plan is meant.
        exercise: of the prescription; None where the plan has it no more, or the whole plan is meant.
        reason: in plain words.
    """

    number: int
    prescription: str
    exercise: str | None
    kind: ChangeKind
    reason: str


def proposals_among(
    connection: Connection, person: Person, verdicts: Iterable[RuleVerdict]
) -> tuple[Proposal, ...]:
    """The verdicts that ask for a change and were not answered."""
    waiting = [one for one in verdicts if one.change is not None and one.answer is None]
    if not waiting:
        return ()
    plan = person_plan(connection, person.person_id, _today(person))
    grown = () if plan is None else plan.grown().prescriptions
    exercises = {one.prescription.name: one.prescription.exercise for one in grown}
    return tuple(
        Proposal(
            one.verdict_id, one.prescription, exercises.get(one.prescription), change_of(one).kind, one.reason
        )
        for one in waiting
        if one.verdict_id is not None
    )


def answer_to(database: Database, person: Person, number: int, *, accept: bool) -> RuleVerdict:
    """Store a yes or a no to a proposal that waits; returns it as it waited.

    Raises:
        UsageError: no plan is on, or it has no such proposal that waits.
    """
    with database.write() as connection:
        return answer_proposal(connection, person.person_id, _today(person), number, accept=accept)


def _today(person: Person) -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(person.time_zone)).date()
