"""What a person does with a plan: begins and ends it, answers its proposals, takes an exercise up again."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from tracker.errors import ConflictError, NotThereError, UsageError
from tracker.plan.catalogue import Catalogue
from tracker.plan.exercise_checks import is_name
from tracker.plan.growth import Change, ChangeKind, easier
from tracker.plan.plan_table import parse_plan
from tracker.plan.rules import RuleName
from tracker.session.plan_state import PersonPlan, change_of, person_plan
from tracker.store.plans import (
    ACCEPTED,
    RuleVerdict,
    answer_verdict,
    end_plan,
    plans_between,
    replace_waiting,
    save_verdicts,
    start_plan,
)

_LONGEST_AHEAD = timedelta(days=366)
"""A plan that begins later than in a year is a slip of the pen."""

_LAST_DAY = date.max


def begin_plan(
    connection: Connection,
    person_id: int,
    text: str,
    source: str,
    catalogue: Catalogue,
    *,
    today: date,
    starts_on: date,
    ends_on: date | None = None,
    name: str | None = None,
    replace: bool = False,
) -> int:
    """Begin a plan from its text; returns its id.

    Args:
        source: names the text in errors.
        name: what it is called; as its text says where None.
        replace: end a plan that is on then the day before, or call it off where it begins later.

    Raises:
        SettingsError: the text is no plan.
        UsageError: the dates make no sense, or another plan is on then.
    """
    plan = parse_plan(text, source, catalogue.counting)
    called = plan.name if name is None else name
    if not is_name(called):
        raise UsageError(
            f"{called[:40]!r} is no name of a plan", advice="Give letters in one line.", name=called
        )
    if ends_on is not None and ends_on < starts_on:
        raise UsageError(
            f"the plan would end on {ends_on}, before it starts on {starts_on}",
            advice="Give an end after the start.",
            starts_on=starts_on.isoformat(),
            ends_on=ends_on.isoformat(),
        )
    if starts_on > today + _LONGEST_AHEAD:
        raise UsageError(
            f"{starts_on} is more than a year ahead",
            advice="Look at the year, or begin the plan later.",
            starts_on=starts_on.isoformat(),
        )
    _make_room(connection, person_id, starts_on, ends_on or _LAST_DAY, replace=replace)
    return start_plan(connection, person_id, called, text, starts_on, ends_on)


def _make_room(
    connection: Connection, person_id: int, starts_on: date, ends_on: date, *, replace: bool
) -> None:
    for other in plans_between(connection, person_id, starts_on, ends_on):
        if not replace:
            raise ConflictError(
                f"the plan {other.name!r} is on then, from {other.starts_on}",
                advice="End it with `tracker plan end`, or give --replace to put the new one in its place.",
                plan=other.name,
            )
        # One that begins later, or on the same day, is called off.
        end_plan(connection, other.plan_id, max(starts_on, other.starts_on) - timedelta(days=1))


def finish_plan(connection: Connection, person_id: int, today: date, ends_on: date) -> PersonPlan:
    """End the plan of a day; what was done in it stays.

    Raises:
        UsageError: no plan is on, or the end lies before its start or more than a year ahead.
    """
    plan = plan_in_use(connection, person_id, today)
    starts_on = plan.stored.starts_on
    if ends_on < starts_on or ends_on > today + _LONGEST_AHEAD:
        wrong = f"before it started on {starts_on}" if ends_on < starts_on else "more than a year ahead"
        raise UsageError(
            f"the plan cannot end on {ends_on}: that is {wrong}",
            advice="Give another day with --on.",
            ends_on=ends_on.isoformat(),
        )
    following = plans_between(connection, person_id, starts_on, ends_on)
    later = [one for one in following if one.starts_on > starts_on]
    if later:
        raise UsageError(
            f"the plan {later[0].name!r} begins on {later[0].starts_on}, before {ends_on}",
            advice="Give an earlier day with --on.",
            ends_on=ends_on.isoformat(),
        )
    end_plan(connection, plan.stored.plan_id, ends_on)
    return plan


def call_off_plan(connection: Connection, person_id: int, today: date, plan_id: int) -> None:
    """Call off a plan that begins after today.

    Raises:
        UsageError: the person has no such plan.
    """
    following = plans_between(connection, person_id, today + timedelta(days=1), _LAST_DAY)
    one = next((one for one in following if one.plan_id == plan_id and one.starts_on > today), None)
    if one is None:
        raise NotThereError(
            f"no plan {plan_id} is to begin", advice="Look at the plan again: it may be on.", plan_id=plan_id
        )
    end_plan(connection, plan_id, one.starts_on - timedelta(days=1))


def answer_proposal(
    connection: Connection, person_id: int, today: date, proposal: int, *, accept: bool
) -> RuleVerdict:
    """Store a yes or a no to a proposal that waits; returns it as it waited.

    A yes takes other proposals for the same exercise away, and one to the next phase those for all of them.

    Raises:
        UsageError: no plan is on, or it has no such proposal that waits.
    """
    plan = plan_in_use(connection, person_id, today)
    plan_id = plan.stored.plan_id
    answer_verdict(connection, plan_id, proposal, accept=accept)
    meant = next(one for one in plan.changes if one.verdict_id == proposal)
    if accept:
        phase = change_of(meant).kind is ChangeKind.PHASE
        others = [
            one.verdict_id
            for one in plan.waiting
            if one.verdict_id not in (None, proposal) and (phase or one.prescription == meant.prescription)
        ]
        moot = [number for number in others if number is not None]
        replace_waiting(connection, plan_id, moot, datetime.now(plan.zone))
    return meant


def take_up_again(connection: Connection, person_id: int, today: date, name: str, now: datetime) -> Change:
    """Ask again for an exercise that was left out, one level below where it was where there is one.

    Raises:
        UsageError: no plan is on, or it has no such exercise that is left out.
    """
    plan = plan_in_use(connection, person_id, today)
    one = plan.grown().find(name)
    if one is None or not one.stopped:
        left_out = [found.prescription.name for found in plan.grown().prescriptions if found.stopped]
        raise NotThereError(
            f"{name[:40]!r} is not left out",
            advice=f"Left out: {', '.join(left_out) or 'nothing'}.",
            prescription=name,
        )
    strength = easier(one, plan.grown().plan.ladder) or one.strength
    change = Change(ChangeKind.RESUME, name, strength)
    verdict = RuleVerdict(
        verdict_id=None,
        session_id=None,
        prescription=name,
        rule=RuleName.RESUME.value,
        acts=True,
        reason=f"you took it up again, at {strength.text}",
        inputs={},
        change=change.as_mapping(),
        made_at=now,
        answer=ACCEPTED,
        answered_at=now,
    )
    save_verdicts(connection, plan.stored.plan_id, [verdict])
    return change


def plan_in_use(connection: Connection, person_id: int, today: date) -> PersonPlan:
    """The plan of a day.

    Raises:
        UsageError: there is none.
    """
    plan = person_plan(connection, person_id, today)
    if plan is None:
        raise NotThereError("no plan is on", advice="Begin one with `tracker plan start`.")
    return plan
