"""A person's plan on a day, as it is shown: what it asks for, was done, waits, and what the rules said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from tracker.model import SetTarget
from tracker.plan.catalogue import Catalogue
from tracker.session.plan_state import PersonPlan, day_begin, day_end, person_plan
from tracker.session.plan_targets import PrescribedWeek, days_with, prescribed_week, targets_for_day
from tracker.store.plan_sets import trained_exercises
from tracker.store.plans import RuleVerdict, last_judged_session, latest_verdicts


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan on a day.

    Attributes:
        week: weeks since it began, from 0.
        asked: what this week asks for.
        today: what this day asks for; empty on a day off.
        done_days: on how many days of this week each prescription was done, by its name.
        stopped: names of those that are left out.
        waiting: proposals that wait for an answer.
        last_session_id, last_verdicts: what the rules said after the last session that they judged.
    """

    plan: PersonPlan
    day: date
    week: int
    phase_title: str
    phase_weeks: tuple[int, int]
    asked: PrescribedWeek
    today: tuple[SetTarget, ...]
    done_days: Mapping[str, int]
    stopped: tuple[str, ...]
    waiting: tuple[RuleVerdict, ...]
    last_session_id: int | None
    last_verdicts: tuple[RuleVerdict, ...]

    @property
    def simulated(self) -> bool:
        """True where what the rules said comes from simulated sessions."""
        return any("simulated" in one.inputs for one in (*self.waiting, *self.last_verdicts))


def plan_view(connection: Connection, person_id: int, day: date, catalogue: Catalogue) -> PlanView | None:
    """The plan of a day; None where there is none."""
    plan = person_plan(connection, person_id, day)
    monday = day - timedelta(days=day.weekday())
    asked = prescribed_week(connection, person_id, monday, catalogue)
    if plan is None or asked is None:
        return None
    grown = plan.grown()
    trained = trained_exercises(
        connection, person_id, day_begin(monday, plan.zone), day_end(monday + timedelta(days=6), plan.zone)
    )
    last = last_judged_session(connection, plan.stored.plan_id)
    return PlanView(
        plan=plan,
        day=day,
        week=plan.week(day),
        phase_title=grown.phase.title,
        phase_weeks=(grown.phase.from_week, grown.phase.until_week),
        asked=asked,
        today=targets_for_day(connection, person_id, day, catalogue),
        done_days={
            one.prescription.name: len(days_with(one.prescription, trained, plan))
            for one in grown.prescriptions
        },
        stopped=tuple(one.prescription.name for one in grown.prescriptions if one.stopped),
        waiting=plan.waiting,
        last_session_id=last,
        last_verdicts=() if last is None else latest_verdicts(connection, plan.stored.plan_id, last),
    )
