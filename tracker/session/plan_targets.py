"""What a person's plan asks for on a day and in a week, and what it asked for beside a session."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from tracker.model import SetTarget, Side
from tracker.plan.catalogue import Catalogue
from tracker.plan.due_days import is_due
from tracker.plan.growth import GrownPlan, GrownPrescription
from tracker.plan.observed import legs_of
from tracker.plan.prescription import Prescription
from tracker.session.plan_state import PersonPlan, day_begin, day_end, person_plan, zone_of
from tracker.store.plan_sets import trained_exercises
from tracker.store.plans import plans_between, save_targets, targets_of
from tracker.store.sessions import read_session

_DAYS_IN_WEEK = 7
_DAYS_LOOKED_BACK = 8
"""Hours in between are a week at most, and days count within a week."""


@dataclass(frozen=True, slots=True)
class PrescribedWeek:
    """What the plan asked for in one week.

    Attributes:
        plan: its name.
        phase, week: the phase of the week's last day with the plan; the week of the plan, from 0.
        sessions_low, sessions_high: how many sessions: those of the prescription with the most days.
        valid_reps_low: valid repetitions of both legs together, at the bottom of every range.
        targets: what each of its sessions asks for.
        days_low: days a week of each target, in the same order.
        days: how many days of the week the plan was on; what it asks for is that of a whole week.
    """

    plan: str
    phase: str
    week: int
    sessions_low: int
    sessions_high: int
    valid_reps_low: int
    targets: tuple[SetTarget, ...]
    days_low: tuple[int, ...]
    days: int = _DAYS_IN_WEEK


def targets_for_day(
    connection: Connection, person_id: int, day: date, catalogue: Catalogue
) -> tuple[SetTarget, ...]:
    """What the plan asks for on a day of the person's own time zone; empty without a plan or on a day off."""
    plan = person_plan(connection, person_id, day)
    if plan is None:
        return ()
    return _targets(connection, person_id, plan, day, plan.grown(day_end(day, plan.zone)), catalogue)


def prescribed_week(
    connection: Connection, person_id: int, monday: date, catalogue: Catalogue
) -> PrescribedWeek | None:
    """What the plan asked for in the week that begins on a Monday; None where there was no plan."""
    sunday = monday + timedelta(days=_DAYS_IN_WEEK - 1)
    found = plans_between(connection, person_id, monday, sunday)
    if not found:
        return None
    stored = found[-1]
    first = max(monday, stored.starts_on)
    last = sunday if stored.ends_on is None else min(sunday, stored.ends_on)
    plan = person_plan(connection, person_id, last)
    if plan is None:
        return None
    grown = plan.grown(day_end(last, plan.zone))
    asked = [one for one in grown.prescriptions if not one.stopped]
    targets = tuple(_target(one, grown, catalogue) for one in asked)
    days_low = tuple(one.prescription.days_a_week.low for one in asked)
    reps = zip(asked, targets, days_low, strict=True)
    return PrescribedWeek(
        plan=plan.stored.name,
        phase=grown.phase.name,
        week=plan.week(last),
        sessions_low=max(days_low, default=0),
        sessions_high=max((one.prescription.days_a_week.high for one in asked), default=0),
        valid_reps_low=sum(
            len(legs_of(one.prescription.side)) * target.sets * target.reps_low * days
            for one, target, days in reps
        ),
        targets=targets,
        days_low=days_low,
        days=(last - first).days + 1,
    )


def keep_targets(
    connection: Connection, person_id: int, session_id: int, catalogue: Catalogue
) -> tuple[SetTarget, ...]:
    """Store what the plan asks for beside a session; once: what is stored already stays, and is returned.

    Raises:
        UsageError: no such session.
    """
    kept = targets_of(connection, [session_id])
    if session_id in kept:
        return kept[session_id]
    began_at = read_session(connection, session_id).started_at
    day = began_at.astimezone(zone_of(connection, person_id)).date()
    plan = person_plan(connection, person_id, day)
    if plan is None:
        return ()
    targets = _targets(connection, person_id, plan, day, plan.grown(began_at), catalogue)
    save_targets(connection, session_id, plan.stored.plan_id, targets)
    return targets


def _targets(
    connection: Connection,
    person_id: int,
    plan: PersonPlan,
    day: date,
    grown: GrownPlan,
    catalogue: Catalogue,
) -> tuple[SetTarget, ...]:
    first = day - timedelta(days=_DAYS_LOOKED_BACK)
    trained = trained_exercises(connection, person_id, day_begin(first, plan.zone), day_begin(day, plan.zone))
    return tuple(
        _target(one, grown, catalogue)
        for one in grown.prescriptions
        if not one.stopped and is_due(one.prescription, day, days_with(one.prescription, trained, plan))
    )


def days_with(
    prescription: Prescription, trained: Iterable[tuple[datetime, str, Side | None]], plan: PersonPlan
) -> set[date]:
    """The days on which a prescription was done."""
    return {
        plan.day_of(began_at) for began_at, exercise, side in trained if is_of(prescription, exercise, side)
    }


def is_of(prescription: Prescription, exercise: str, side: Side | None) -> bool:
    """True where a set of an exercise with a leg belongs to a prescription."""
    return exercise == prescription.exercise and (
        side in (None, Side.BOTH) or side in legs_of(prescription.side)
    )


def _target(one: GrownPrescription, grown: GrownPlan, catalogue: Catalogue) -> SetTarget:
    """The target; a hold without a length is held as the catalogue says."""
    target = one.target(grown.phase.name)
    entry = catalogue.get(target.exercise)
    if target.hold_s is None and entry is not None and entry.counting.hold is not None:
        return replace(target, hold_s=entry.counting.hold.target_s)
    return target
