"""What the rules of a person's plan say after a session.

A change that a rule asks for waits in the store until the person has answered it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from tracker.motion.exercise import CountedSignal
from tracker.plan.catalogue import Catalogue
from tracker.plan.growth import ChangeKind, GrownPlan, GrownPrescription
from tracker.plan.observed import ObservedSession
from tracker.plan.phase_rule import next_phase
from tracker.plan.rules import Finding, Situation, judge_prescription
from tracker.session.plan_observation import observed_sessions
from tracker.session.plan_state import PersonPlan, change_of, day_begin, day_end, person_plan, zone_of
from tracker.session.plan_targets import PrescribedWeek, keep_targets, prescribed_week, targets_for_day
from tracker.session.plan_verdicts import keep_verdicts
from tracker.store.plan_sets import PlanSession, plan_sessions
from tracker.store.plans import RuleVerdict
from tracker.store.sessions import read_session
from tracker.store.values import SessionSummary

__all__ = ["PrescribedWeek", "keep_targets", "prescribed_week", "review_session", "targets_for_day"]

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)

_SESSIONS_LOOKED_AT = 60
"""Three months of five sessions a week: rules look at the latest few with an exercise."""


def review_session(
    connection: Connection, person_id: int, session_id: int, catalogue: Catalogue, now: datetime
) -> tuple[RuleVerdict, ...]:
    """What the rules of the plan say after a session, stored; empty where it was in no plan.

    Doing it again, as after a correction or once pain of the next morning is told, stores only what became
    different, and asks nothing again that was answered. Later sessions that may rest on this one are judged
    again too; their verdicts come after.

    Args:
        now: the instant to keep for the verdicts.

    Raises:
        UsageError: no such session or person.
    """
    session = read_session(connection, session_id)
    if session.person_id != person_id or session.deleted_at is not None:
        return ()
    day = session.started_at.astimezone(zone_of(connection, person_id)).date()
    plan = person_plan(connection, person_id, day)
    if plan is None:
        return ()
    verdicts = _review(connection, plan, session, catalogue, now)
    for later in _resting_on(connection, plan, session):
        plan = person_plan(connection, person_id, day) or plan
        verdicts += _review(connection, plan, read_session(connection, later), catalogue, now)
    return verdicts


@dataclass(frozen=True, slots=True)
class _Review:
    """A session in its plan.

    Attributes:
        then: the plan as it stood when the session began.
        sessions: those of the same kind up to this one, the latest first.
        seen: what was done of each prescription in them.
        later: the prescriptions that a later session was done with.
    """

    plan: PersonPlan
    session: SessionSummary
    then: GrownPlan
    seen: Mapping[str, tuple[ObservedSession, ...]]
    later: frozenset[str]


def _review(
    connection: Connection, plan: PersonPlan, session: SessionSummary, catalogue: Catalogue, now: datetime
) -> tuple[RuleVerdict, ...]:
    then = plan.grown(session.started_at)
    prescriptions = [one.prescription for one in then.prescriptions]
    up_to, after = _sessions(connection, plan, session)
    seen = observed_sessions(connection, session.person_id, up_to, prescriptions)
    later = observed_sessions(connection, session.person_id, after, prescriptions)
    review = _Review(plan, session, then, seen, frozenset(later))
    asks_pelvis = {one.name: _asks_pelvis(one.exercise, catalogue) for one in prescriptions}
    findings: list[Finding] = []
    for one in then.prescriptions:
        name = one.prescription.name
        if any(done.session_id == session.session_id for done in seen.get(name, ())):
            findings += judge_prescription(_situation(review, one, asks_pelvis[name]))
    if findings and not after and then.phase.name == plan.grown().phase.name:
        findings.append(_phase_finding(review, findings, asks_pelvis))
    return keep_verdicts(connection, plan, session, findings, now)


def _phase_finding(review: _Review, findings: list[Finding], asks_pelvis: Mapping[str, bool]) -> Finding:
    down = (ChangeKind.EASIER, ChangeKind.STOP)
    acting = any(one.change is not None and one.change.kind in down for one in findings)
    others = [one for one in review.plan.waiting if one.session_id != review.session.session_id]
    waiting = any(change_of(one).kind in down for one in others)
    week = review.plan.week(review.plan.day_of(review.session.started_at))
    since = _phase_since(review)
    sessions = {
        name: tuple(one for one in seen if since is None or one.began_at >= since)
        for name, seen in review.seen.items()
    }
    return next_phase(review.then, week, sessions, asks_pelvis, waiting=acting or waiting)


def _phase_since(review: _Review) -> datetime | None:
    answered = [
        one.answered_at
        for one in review.plan.accepted(review.session.started_at)
        if change_of(one).kind is ChangeKind.PHASE
    ]
    return answered[-1] if answered else None


def _situation(review: _Review, grown: GrownPrescription, asks_pelvis: bool) -> Situation:
    name, session = grown.prescription.name, review.session
    own = [one for one in review.plan.accepted() if change_of(one).prescription in ("", name)]
    before = [one.answered_at for one in own if one.answered_at and one.answered_at <= session.started_at]
    after = [one for one in own if one.answered_at and one.answered_at > session.started_at]
    since = before[-1] if before else None
    waiting = [
        change_of(one).kind
        for one in review.plan.waiting
        if one.prescription == name and one.session_id != session.session_id
    ]
    down = [kind for kind in (ChangeKind.STOP, ChangeKind.EASIER) if kind in waiting]
    return Situation(
        grown=grown,
        ladder=review.then.plan.ladder,
        limits=review.then.plan.rules,
        sessions=tuple(one for one in review.seen[name] if since is None or one.began_at >= since),
        asks_pelvis=asks_pelvis,
        changed_since=change_of(after[-1]).kind if after else None,
        waiting=down[0] if down else None,
        is_latest=name not in review.later,
    )


def _sessions(
    connection: Connection, plan: PersonPlan, session: SessionSummary
) -> tuple[list[PlanSession], list[PlanSession]]:
    """The sessions of the plan and of this one's kind: up to it, the latest first, and after it."""
    first, until = _span(plan)
    here = (session.started_at, session.session_id)
    own = [
        one
        for one in plan_sessions(connection, session.person_id, first, until)
        if one.simulated == session.simulated
    ]
    up_to = [one for one in own if (one.started_at, one.session_id) <= here]
    after = [one for one in own if (one.started_at, one.session_id) > here]
    return up_to[:_SESSIONS_LOOKED_AT], after[:_SESSIONS_LOOKED_AT]


def _resting_on(connection: Connection, plan: PersonPlan, session: SessionSummary) -> list[int]:
    """The latest session of all, and with each exercise of this one, in their order, where they are later."""
    _, after = _sessions(connection, plan, session)
    if not after:
        return []
    everything = list(plan.grown().plan.prescriptions)
    of_this = observed_sessions(connection, session.person_id, [_of(session)], everything)
    later = observed_sessions(connection, session.person_id, after, everything)
    latest = {later[name][0].session_id for name in of_this if name in later} | {after[0].session_id}
    return [one.session_id for one in reversed(after) if one.session_id in latest]


def _of(session: SessionSummary) -> PlanSession:
    return PlanSession(session.session_id, session.started_at, session.simulated)


def _span(plan: PersonPlan) -> tuple[datetime, datetime]:
    ends_on = plan.stored.ends_on
    return day_begin(plan.stored.starts_on, plan.zone), _NEVER if ends_on is None else day_end(
        ends_on, plan.zone
    )


def _asks_pelvis(exercise: str, catalogue: Catalogue) -> bool:
    """True where the pelvis's share in the movement means something."""
    entry = catalogue.get(exercise)
    return entry is not None and entry.counting.signal is CountedSignal.HIP_ROTATION
