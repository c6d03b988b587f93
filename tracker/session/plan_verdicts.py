"""Keeps what the rules of a plan said: nothing twice, nothing asked that was answered or is out of date."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from tracker.plan.growth import ChangeKind
from tracker.plan.rules import Finding, RuleName
from tracker.session.plan_state import PersonPlan, change_of
from tracker.store.plans import (
    ACCEPTED,
    DECLINED,
    RuleVerdict,
    latest_verdicts,
    replace_waiting,
    save_verdicts,
)
from tracker.store.values import SessionSummary

_GRAVITY = {
    ChangeKind.PHASE: 0,
    ChangeKind.HARDER: 0,
    ChangeKind.RESUME: 0,
    ChangeKind.EDIT: 0,
    ChangeKind.EASIER: 1,
    ChangeKind.STOP: 2,
}
"""A proposal takes the place of one that waits and is no graver."""

_GROWTH = (RuleName.DOUBLE_PROGRESSION, RuleName.NEXT_PHASE)


def keep_verdicts(
    connection: Connection,
    plan: PersonPlan,
    session: SessionSummary,
    findings: Iterable[Finding],
    now: datetime,
) -> tuple[RuleVerdict, ...]:
    """Store what the rules found after a session where it is new, and return all that holds of it."""
    plan_id, session_id = plan.stored.plan_id, session.session_id
    before = {(one.prescription, one.rule): one for one in latest_verdicts(connection, plan_id, session_id)}
    fresh: list[RuleVerdict] = []
    replaced: set[int] = set()
    for finding in findings:
        verdict = _verdict(finding, session, now)
        known = before.get((verdict.prescription, verdict.rule))
        if known is not None and _stands(known, verdict):
            continue
        fresh.append(verdict)
        replaced |= {
            one.verdict_id for one in plan.waiting if one.verdict_id and _is_over(one, finding, session)
        }
    replace_waiting(connection, plan_id, replaced, now)
    save_verdicts(connection, plan_id, fresh)
    return latest_verdicts(connection, plan_id, session_id)


def _verdict(finding: Finding, session: SessionSummary, now: datetime) -> RuleVerdict:
    simulated = {"simulated": True} if session.simulated else {}
    return RuleVerdict(
        verdict_id=None,
        session_id=session.session_id,
        prescription=finding.prescription,
        rule=finding.rule.value,
        acts=finding.acts,
        reason=finding.reason + (" (SIMULATED)" if session.simulated else ""),
        inputs={**finding.inputs, **simulated},
        change=None if finding.change is None else finding.change.as_mapping(),
        made_at=now,
    )


def _stands(known: RuleVerdict, verdict: RuleVerdict) -> bool:
    """True where a verdict that is stored says the same, or where the person has answered it."""
    if known.answer == ACCEPTED and verdict.change is None:
        return True
    if known.answer == DECLINED and known.change == verdict.change:
        return True
    return (known.reason, known.change) == (verdict.reason, verdict.change)


def _is_over(waiting: RuleVerdict, finding: Finding, session: SessionSummary) -> bool:
    """True for a proposal whose place a finding takes.

    What asks to grow is over once a later session does not; what asks to go down waits for its answer.
    """
    if waiting.prescription != finding.prescription:
        return False
    asked = change_of(waiting).kind
    if finding.change is not None:
        return _GRAVITY[asked] <= _GRAVITY[finding.change.kind]
    of_this = waiting.session_id == session.session_id and waiting.rule == finding.rule.value
    return of_this or (finding.rule in _GROWTH and waiting.rule == finding.rule.value)
