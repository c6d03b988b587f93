"""The rules of one exercise: when to stop, when to go a level down, when a level up. Pain decides first.

Each is a function of frozen values, and says why it acts or does not. What acts asks for a change; nothing
changes before the person has said yes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tracker.plan.bands import BandLadder
from tracker.plan.conditions import TO_GROW, Asked, Condition, in_a_row, judged, percent
from tracker.plan.growth import Change, ChangeKind, GrownPrescription, easier, harder, step_text
from tracker.plan.observed import ObservedSession
from tracker.plan.prescription import RuleLimits


class RuleName(StrEnum):
    """What the rules are called."""

    STOP_ON_PAIN = "stop_on_pain"
    EASE_ON_PAIN = "ease_on_pain"
    EASE_NEXT_MORNING = "ease_next_morning"
    EASE_ON_QUALITY = "ease_on_quality"
    DOUBLE_PROGRESSION = "double_progression"
    NEXT_PHASE = "next_phase"
    RESUME = "resume"
    """No rule: the person takes an exercise up again."""
    EDIT = "edit"
    """No rule: the person wrote the plan anew."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one prescription.

    Attributes:
        prescription: empty where the whole plan is meant.
        reason: why it acts or does not.
        inputs: what it looked at, for programs.
        change: what it asks for; None where it does not act.
    """

    rule: RuleName
    prescription: str
    reason: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    change: Change | None = None

    @property
    def acts(self) -> bool:
        """True where it asks for a change."""
        return self.change is not None


@dataclass(frozen=True, slots=True)
class Situation:
    """One prescription after a session.

    Attributes:
        grown: as it stood in the session.
        sessions: those with it at its present strength, in any order; the latest one is judged.
        asks_pelvis: as in `Asked`.
        changed_since: what the person said yes to last after the session; None for nothing.
        waiting: what another session asks for that waits for an answer: `easier` or `stop`; else None.
        is_latest: no later session with it was judged.
    """

    grown: GrownPrescription
    ladder: BandLadder
    limits: RuleLimits
    sessions: tuple[ObservedSession, ...]
    asks_pelvis: bool = False
    changed_since: ChangeKind | None = None
    waiting: ChangeKind | None = None
    is_latest: bool = True

    @property
    def name(self) -> str:
        """Of the prescription."""
        return self.grown.prescription.name

    @property
    def latest(self) -> ObservedSession:
        """The session that is judged."""
        return max(self.sessions, key=lambda one: (one.began_at, one.session_id))

    @property
    def asked(self) -> Asked:
        """What its sessions are held against."""
        return Asked(self.grown, self.limits, self.asks_pelvis)


def judge_prescription(situation: Situation) -> tuple[Finding, ...]:
    """What all rules say: to stop comes before to ease, to ease before to grow, and only one of them acts."""
    findings = [
        stop_on_pain(situation),
        ease_on_pain(situation),
        ease_next_morning(situation),
        ease_on_quality(situation),
        double_progression(situation),
    ]
    acting: Finding | None = None
    judged_findings: list[Finding] = []
    for one in findings:
        if one.acts and acting is not None:
            reason = f"{one.reason}; {acting.rule.value} asks for a change already, and comes first"
            one = replace(one, change=None, reason=reason)
        elif one.acts:
            acting = one
        judged_findings.append(one)
    return tuple(judged_findings)


def stop_on_pain(situation: Situation) -> Finding:
    """Leave the exercise out where pain at worst reached the limit to stop."""
    limit, worst = situation.limits.pain_stop_from, situation.latest.worst_pain
    inputs = {"worst_pain": worst, "stop_from": limit}
    if worst is None:
        return _quiet(situation, RuleName.STOP_ON_PAIN, _NO_PAIN, inputs)
    if worst < limit:
        reason = f"worst pain was {worst} of 10, and {limit} is where to stop{_so_far(situation)}"
        return _quiet(situation, RuleName.STOP_ON_PAIN, reason, inputs)
    reason = f"worst pain was {worst} of 10, and from {limit} on the exercise is left out"
    if situation.changed_since in (ChangeKind.STOP, ChangeKind.PHASE) or situation.grown.stopped:
        return _quiet(situation, RuleName.STOP_ON_PAIN, f"{reason}: it is already", inputs)
    change = Change(ChangeKind.STOP, situation.name)
    return Finding(RuleName.STOP_ON_PAIN, situation.name, reason, inputs, change)


def ease_on_pain(situation: Situation) -> Finding:
    """One level down where pain at worst was above the limit to go on."""
    limits, worst = situation.limits, situation.latest.worst_pain
    most, stop = limits.pain_continue_up_to, limits.pain_stop_from
    inputs = {"worst_pain": worst, "continue_up_to": most}
    if worst is None:
        return _quiet(situation, RuleName.EASE_ON_PAIN, _NO_PAIN, inputs)
    if worst <= most:
        reason = f"worst pain was {worst} of 10, and up to {most} goes on{_so_far(situation)}"
        return _quiet(situation, RuleName.EASE_ON_PAIN, reason, inputs)
    if worst >= stop:
        reason = f"worst pain was {worst} of 10: from {stop} on it is to stop, and not to ease"
        return _quiet(situation, RuleName.EASE_ON_PAIN, reason, inputs)
    return _ease(situation, RuleName.EASE_ON_PAIN, f"worst pain was {worst} of 10, more than {most}", inputs)


def ease_next_morning(situation: Situation) -> Finding:
    """One level down where it hurt more the next morning than before the session."""
    before, after = situation.latest.pain_before, situation.latest.pain_next_morning
    inputs = {"pain_before": before, "pain_next_morning": after}
    if before is None or after is None:
        missing = "of the next morning" if after is None else "before the session"
        reason = f"not judged because pain {missing} was not told"
        return _quiet(situation, RuleName.EASE_NEXT_MORNING, reason, inputs)
    reason = f"pain the next morning was {after} of 10, before the session {before}"
    if after <= before:
        return _quiet(situation, RuleName.EASE_NEXT_MORNING, reason, inputs)
    return _ease(situation, RuleName.EASE_NEXT_MORNING, reason, inputs)


def ease_on_quality(situation: Situation) -> Finding:
    """One level down where too few repetitions were valid."""
    least, share = situation.limits.regress_valid_share, situation.latest.valid_share
    inputs = {"valid_share": share, "at_least": least}
    if share is None:
        why = "sets were told and not counted" if situation.latest.by_hand else "no repetition was counted"
        return _quiet(situation, RuleName.EASE_ON_QUALITY, f"not judged because {why}", inputs)
    if share >= least:
        reason = f"{percent(share)} of the repetitions were valid, and {percent(least)} is enough to stay"
        return _quiet(situation, RuleName.EASE_ON_QUALITY, reason, inputs)
    reason = f"{percent(share)} of the repetitions were valid, less than {percent(least)}"
    return _ease(situation, RuleName.EASE_ON_QUALITY, reason, inputs)


def double_progression(situation: Situation) -> Finding:
    """One level up after enough sessions in a row with every set at the top of its range and all well.

    ACSM 2009: more load once one or two repetitions more than asked for are possible.
    """
    needed = situation.limits.sessions_needed
    conditions = judged(situation.latest, situation.asked, TO_GROW)
    met = in_a_row(situation.sessions, situation.asked, TO_GROW)
    inputs = {
        "conditions": {one.name: one.holds.value for one in conditions},
        "sessions_in_a_row": met,
        "sessions_needed": needed,
        **_numbers(situation.latest),
    }
    reason, change = _progress(situation, conditions, met)
    return Finding(RuleName.DOUBLE_PROGRESSION, situation.name, reason, inputs, change)


def _progress(situation: Situation, conditions: tuple[Condition, ...], met: int) -> tuple[str, Change | None]:
    against = [one.text for one in conditions if not one.allows]
    if situation.grown.stopped:
        return "no step up: it is left out until you take it up again", None
    if against:
        return f"no step up: {'; '.join(against)}", None
    if situation.changed_since is not None:
        return "no step up: the plan was changed since this session", None
    if not situation.is_latest:
        return "no step up: a later session with it decides", None
    if situation.waiting is not None:
        return "no step up: a proposal to go down waits for your answer", None
    numbers = "; ".join(one.text for one in conditions if one.text)
    needed = situation.limits.sessions_needed
    if met < needed:
        return f"no step up yet: {met} of {needed} sessions in a row were at the top ({numbers})", None
    strength = harder(situation.grown, situation.ladder)
    if strength is None:
        return f"no step up: the plan has nothing harder for it ({numbers})", None
    steps = step_text(situation.grown.strength, strength)
    change = Change(ChangeKind.HARDER, situation.name, strength)
    return f"{met} sessions in a row were at the top ({numbers}): {steps}", change


_NO_PAIN = "not judged because no pain was told"


def _so_far(situation: Situation) -> str:
    return "" if situation.latest.pain_is_known else ", as far as it was told"


def _quiet(situation: Situation, rule: RuleName, reason: str, inputs: Mapping[str, Any]) -> Finding:
    return Finding(rule, situation.name, reason, inputs)


def _ease(situation: Situation, rule: RuleName, why: str, inputs: Mapping[str, Any]) -> Finding:
    if situation.grown.stopped:
        return _quiet(situation, rule, f"{why}: it is left out already", inputs)
    if situation.changed_since in (ChangeKind.EASIER, ChangeKind.STOP):
        return _quiet(situation, rule, f"{why}: it was made easier since", inputs)
    if situation.changed_since is ChangeKind.PHASE:
        return _quiet(situation, rule, f"{why}: its phase is over since", inputs)
    if situation.waiting is ChangeKind.STOP:
        return _quiet(situation, rule, f"{why}: a proposal to leave it out waits for your answer", inputs)
    strength = easier(situation.grown, situation.ladder)
    if strength is None:
        change = Change(ChangeKind.STOP, situation.name)
        reason = f"{why}; there is nothing easier, so it is left out"
    else:
        change = Change(ChangeKind.EASIER, situation.name, strength)
        reason = f"{why}: {step_text(situation.grown.strength, strength)}"
    return Finding(rule, situation.name, reason, inputs, change)


def _numbers(session: ObservedSession) -> dict[str, Any]:
    """What a program may want to see of a session, whatever the order of its sets."""
    return {
        "worst_pain": session.worst_pain,
        "valid_share": session.valid_share,
        "pelvis_share": session.pelvis_share,
        "effort": session.largest_effort,
        "valid_reps": sorted(one.valid_reps for one in session.sets),
        "by_hand": session.by_hand,
    }
