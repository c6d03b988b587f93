"""What a person's plan asks for today, with what was done last time, and what stands before it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.app.operations.proposals import Proposal, proposals_among
from tracker.app.operations.safety import SafetyNow, safety_now
from tracker.model import SessionFelt, SetTarget, Side
from tracker.plan.catalogue import Catalogue
from tracker.session.plan_state import person_plan
from tracker.session.plan_targets import targets_for_day
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.felt import sessions_felt
from tracker.store.plan_sets import PlanSet, plan_sets
from tracker.store.sensors import paired_sensors
from tracker.store.sessions import list_sessions
from tracker.store.values import Person, SessionState, SessionSummary

_LOOKED_BACK = timedelta(days=60)
"""What was done longer ago says little of today."""


@dataclass(frozen=True, slots=True)
class LastTime:
    """What was done of a target's exercise and legs in the last session that had it, each leg of each set."""

    session_id: int
    day: date
    sets: tuple[PlanSet, ...]


@dataclass(frozen=True, slots=True)
class TargetToday:
    """One target of today.

    Attributes:
        title: of the exercise.
        last: None where it was not done in the last 60 days; today's where it was done already.
    """

    target: SetTarget
    title: str
    last: LastTime | None


@dataclass(frozen=True, slots=True)
class Today:
    """A person's day.

    Attributes:
        plan: name of the plan that is on; None where there is none.
        week: of the plan, from 1.
        targets: empty on a day off.
        waiting: proposals of the plan that wait for an answer.
        safety: whether questions come first, or answers hold back.
        sessions_today: of the person's own day, in order.
        morning_after: yesterday's last session whose pain of the next morning was not told yet.
        sensors_paired: how many.
    """

    day: date
    plan: str | None
    week: int | None
    phase: str | None
    targets: tuple[TargetToday, ...]
    waiting: tuple[Proposal, ...]
    safety: SafetyNow
    sessions_today: tuple[SessionSummary, ...]
    morning_after: SessionSummary | None
    sensors_paired: int


def today_of(place: Workplace, database: Database, person: Person, now: datetime | None = None) -> Today:
    """Read a person's day.

    Args:
        now: the instant whose day is meant.

    Raises:
        DatabaseError: the database cannot be read.
    """
    zone = ZoneInfo(person.time_zone)
    day = (now or datetime.now(UTC)).astimezone(zone).date()
    safety = safety_now(database, person)
    with database.read() as connection:
        plan = person_plan(connection, person.person_id, day)
        asked = targets_for_day(connection, person.person_id, day, place.catalogue)
        recent = list_sessions(connection, person.person_id, since=_midnight(day, zone) - _LOOKED_BACK)
        targets = _targets(connection, asked, recent, place.catalogue, zone)
        morning_after = _morning_after(connection, recent, day, zone)
        paired = len(paired_sensors(connection))
        waiting = () if plan is None else proposals_among(connection, person, plan.waiting)
    return Today(
        day=day,
        plan=None if plan is None else plan.stored.name,
        week=None if plan is None else plan.week(day) + 1,
        phase=None if plan is None else plan.grown().phase.title,
        targets=targets,
        waiting=waiting,
        safety=safety,
        sessions_today=tuple(one for one in reversed(recent) if _day_of(one, zone) == day),
        morning_after=morning_after,
        sensors_paired=paired,
    )


def _targets(
    connection: Connection,
    asked: tuple[SetTarget, ...],
    recent: tuple[SessionSummary, ...],
    catalogue: Catalogue,
    zone: ZoneInfo,
) -> tuple[TargetToday, ...]:
    """Each target with the last time that it was done.

    Args:
        recent: sessions, the latest first.
    """
    if not asked:
        return ()
    done = plan_sets(connection, [one.session_id for one in recent])
    of_session: dict[int, list[PlanSet]] = {}
    for one in done:
        of_session.setdefault(one.session_id, []).append(one)
    targets = []
    for target in asked:
        entry = catalogue.get(target.exercise)
        last = None
        for session in recent:
            own = tuple(one for one in of_session.get(session.session_id, ()) if _is_for(one, target))
            if own:
                last = LastTime(session.session_id, _day_of(session, zone), own)
                break
        targets.append(TargetToday(target, target.exercise if entry is None else entry.title, last))
    return tuple(targets)


def _is_for(done: PlanSet, target: SetTarget) -> bool:
    """True where a set is of a target's exercise and legs."""
    sides = {Side.LEFT, Side.RIGHT} if target.side is Side.BOTH else {target.side}
    return done.exercise == target.exercise and done.side in {*sides, Side.BOTH, None}


def _morning_after(
    connection: Connection, recent: tuple[SessionSummary, ...], day: date, zone: ZoneInfo
) -> SessionSummary | None:
    yesterday = [one for one in recent if _day_of(one, zone) == day - timedelta(days=1)]
    if not yesterday or yesterday[0].state is SessionState.RECORDING:
        return None
    last = yesterday[0]
    felt = sessions_felt(connection, [last.session_id]).get(last.session_id, SessionFelt())
    return last if felt.pain_next_morning is None else None


def _day_of(session: SessionSummary, zone: ZoneInfo) -> date:
    return session.started_at.astimezone(zone).date()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
