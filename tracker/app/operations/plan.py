"""A person's plan: seen, begun, ended, changed; what its proposals change; exercises taken up again."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.errors import UsageError
from tracker.plan.growth import Change, ChangeKind, GrownPlan, Strength
from tracker.plan.plan_table import FILE_NAME, shipped_plan_text
from tracker.plan.prescription import PlanPhase
from tracker.report.plan_tables import plan_object
from tracker.session.plan_answers import (
    answer_proposal,
    begin_plan,
    call_off_plan,
    finish_plan,
    take_up_again,
)
from tracker.session.plan_editing import (
    PrescriptionEdit,
    edit_plan,
    edit_prescription,
    plan_mark,
    plan_text,
)
from tracker.session.plan_state import change_of
from tracker.session.plan_view import PlanView, plan_view
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.plans import RuleVerdict, StoredPlan, plans_between
from tracker.store.values import Person

OWN_SOURCE = "your plan"


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """A proposal that waits for an answer, with what it changes.

    Attributes:
        number: by which it is answered.
        prescription: its name in the plan; empty where the whole plan is meant.
        exercise: None where the whole plan is meant, or the plan has it no more.
        reason: in plain words.
        now, then: how hard it is and would become; None where that does not change.
        phase: the one that would begin.
    """

    number: int
    prescription: str
    exercise: str | None
    kind: ChangeKind
    reason: str
    now: Strength | None
    then: Strength | None
    phase: PlanPhase | None


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A person's plan on a day.

    Attributes:
        view: None where no plan is on.
        mark: names the state that is shown; whoever changes the plan hands it back, so that no other change
            in between is lost. Empty where no plan is on.
        text: the plan as it is written now; the shipped one where no plan is on.
        later: plans that begin after the day.
    """

    day: date
    view: PlanView | None
    mark: str
    text: str
    proposals: tuple[ProposalShown, ...]
    later: tuple[StoredPlan, ...]


def plan_shown(place: Workplace, database: Database, person: Person) -> PlanShown:
    """Read the plan of a person's own day.

    Raises:
        DatabaseError: the database cannot be read.
    """
    with database.read() as connection:
        return _shown(connection, place, person)


def plan_document(shown: PlanShown) -> dict[str, Any]:
    """As `tracker plan --json` prints it, with the plan's text and the mark of its state."""
    later = [
        {"plan_id": one.plan_id, "name": one.name, "starts_on": one.starts_on.isoformat()}
        for one in shown.later
    ]
    if shown.view is None:
        return {"plan": None, "later": later}
    return {**plan_object(shown.view), "mark": shown.mark, "text": shown.text, "later": later}


def start_plan(
    place: Workplace,
    database: Database,
    person: Person,
    text: str | None = None,
    *,
    starts_on: str | None = None,
    ends_on: str | None = None,
    name: str | None = None,
    replace: bool = False,
) -> PlanShown:
    """Begin a plan.

    Args:
        text: its TOML text; the shipped plan where None.
        starts_on, ends_on: days as in 2026-11-28; today, and open, where None or empty.
        replace: end a plan that is on then the day before, or call it off where it begins later.

    Raises:
        SettingsError: the text is no plan.
        UsageError: the days make no sense, or another plan is on then.
    """
    today = _today(person)
    with database.write() as connection:
        begin_plan(
            connection,
            person.person_id,
            shipped_plan_text() if text is None else text,
            FILE_NAME if text is None else OWN_SOURCE,
            place.catalogue,
            today=today,
            starts_on=_day(starts_on) or today,
            ends_on=_day(ends_on),
            name=name or None,
            replace=replace,
        )
        return _shown(connection, place, person)


def end_plan(place: Workplace, database: Database, person: Person, ends_on: str | None = None) -> PlanShown:
    """End the plan that is on, today where no last day is given; what was done in it stays.

    Raises:
        UsageError: no plan is on, or the day makes no sense.
    """
    today = _today(person)
    with database.write() as connection:
        finish_plan(connection, person.person_id, today, _day(ends_on) or today)
        return _shown(connection, place, person)


def call_off(place: Workplace, database: Database, person: Person, plan_id: int) -> PlanShown:
    """Call off a plan that has not begun.

    Raises:
        UsageError: the person has no such plan.
    """
    with database.write() as connection:
        call_off_plan(connection, person.person_id, _today(person), plan_id)
        return _shown(connection, place, person)


def answer_shown(
    place: Workplace, database: Database, person: Person, number: int, *, accept: bool
) -> PlanShown:
    """Store a yes or a no to a proposal that waits.

    Raises:
        UsageError: no plan is on, or it has no such proposal that waits.
    """
    with database.write() as connection:
        answer_proposal(connection, person.person_id, _today(person), number, accept=accept)
        return _shown(connection, place, person)


def resume_exercise(place: Workplace, database: Database, person: Person, name: str) -> PlanShown:
    """Ask again for an exercise that was left out.

    Raises:
        UsageError: no plan is on, or it has no such exercise that is left out.
    """
    with database.write() as connection:
        take_up_again(connection, person.person_id, _today(person), name, datetime.now(UTC))
        return _shown(connection, place, person)


def change_prescription(
    place: Workplace, database: Database, person: Person, edit: PrescriptionEdit, mark: str
) -> PlanShown:
    """Change one prescription of the present phase, from now on.

    Args:
        mark: of the plan as the person saw it.

    Raises:
        SettingsError: a value is none that a plan may have; `key` in its data ends with the value's name.
        UsageError: no plan is on, it was changed meanwhile, or nothing is different.
    """
    with database.write() as connection:
        edit_prescription(
            connection, person.person_id, _today(person), edit, mark, place.catalogue, datetime.now(UTC)
        )
        return _shown(connection, place, person)


def change_text(place: Workplace, database: Database, person: Person, text: str, mark: str) -> PlanShown:
    """Let a new text hold from now on.

    Args:
        mark: of the plan as the person saw it.

    Raises:
        SettingsError: the text is no plan, or lacks the present phase.
        UsageError: no plan is on, it was changed meanwhile, or nothing is different.
    """
    with database.write() as connection:
        edit_plan(
            connection, person.person_id, _today(person), text, mark, place.catalogue, datetime.now(UTC)
        )
        return _shown(connection, place, person)


def _shown(connection: Connection, place: Workplace, person: Person) -> PlanShown:
    day = _today(person)
    view = plan_view(connection, person.person_id, day, place.catalogue)
    known = plans_between(connection, person.person_id, day, date.max)
    later = tuple(one for one in known if one.starts_on > day)
    if view is None:
        return PlanShown(day, None, "", shipped_plan_text(), (), later)
    grown = view.plan.grown()
    return PlanShown(
        day=day,
        view=view,
        mark=plan_mark(view.plan),
        text=plan_text(view.plan),
        proposals=tuple(_proposal(one, change_of(one), grown) for one in view.waiting),
        later=later,
    )


def _proposal(verdict: RuleVerdict, change: Change, grown: GrownPlan) -> ProposalShown:
    one = grown.find(verdict.prescription)
    return ProposalShown(
        number=verdict.verdict_id or 0,
        prescription=verdict.prescription,
        exercise=None if one is None else one.prescription.exercise,
        kind=change.kind,
        reason=verdict.reason,
        now=None if one is None or change.strength is None else one.strength,
        then=change.strength,
        phase=next((phase for phase in grown.plan.phases if phase.name == change.phase), None),
    )


def _day(text: str | None) -> date | None:
    if not text or not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{text[:40]!r} is no day", advice="Give it as in 2026-11-28.") from None


def _today(person: Person) -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(person.time_zone)).date()
