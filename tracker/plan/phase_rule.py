"""The rule of the whole plan: when its next phase may begin."""

from collections.abc import Mapping
from typing import Any

from tracker.plan.conditions import TO_GO_ON, Asked, in_a_row, judged
from tracker.plan.growth import Change, ChangeKind, GrownPlan, GrownPrescription
from tracker.plan.observed import ObservedSession
from tracker.plan.prescription import counted_week
from tracker.plan.rules import Finding, RuleName


def next_phase(
    grown: GrownPlan,
    week: int,
    sessions: Mapping[str, tuple[ObservedSession, ...]],
    asks_pelvis: Mapping[str, bool],
    *,
    waiting: bool = False,
) -> Finding:
    """The next phase may begin from its first week on, once every exercise of this one is done well.

    Done well is: in each of its latest sessions pain was low and had settled, enough repetitions were valid,
    and the pelvis was quiet.

    Args:
        week: weeks since the plan began, from 0.
        sessions: those with each prescription of the phase, by its name.
        asks_pelvis: as in `Asked`, by prescription.
        waiting: a proposal to go down or stop waits for an answer.
    """
    phase, following = grown.phase, grown.plan.next_phase(grown.phase)
    inputs: dict[str, Any] = {"phase": phase.name, "week": week}
    this_week = counted_week(week)
    if following is None:
        ends = f"it is the last one, and ends after week {phase.until_week}"
        over = f"its {phase.until_week} weeks are over: agree with your physiotherapist what comes next"
        reason = f"phase {phase.name} stays: {over if week >= phase.until_week else ends}"
        return Finding(RuleName.NEXT_PHASE, "", reason, inputs)
    inputs |= {"next": following.name, "from_week": following.from_week}
    if week < following.from_week:
        first_week, _ = following.counted_weeks
        reason = (
            f"phase {phase.name} stays: it is week {this_week}, and {following.name} begins in week "
            f"{first_week} at the earliest"
        )
        return Finding(RuleName.NEXT_PHASE, "", reason, inputs)
    active = [one for one in grown.prescriptions if not one.stopped]
    lacking = [text for one in active if (text := _lacking(one, grown, sessions, asks_pelvis)) is not None]
    inputs["lacking"] = lacking
    if not active:
        lacking.append("every exercise of it is left out")
    if waiting:
        lacking.append("a proposal to go down waits for your answer")
    if lacking:
        over = f", though its weeks are over (week {this_week})" if week >= phase.until_week else ""
        return Finding(
            RuleName.NEXT_PHASE, "", f"phase {phase.name} goes on{over}: {'; '.join(lacking)}", inputs
        )
    needed = grown.plan.rules.sessions_needed
    reason = (
        f"it is week {this_week}, and every exercise of phase {phase.name} was done well in its last "
        f"{needed} session{'' if needed == 1 else 's'}: phase {following.name} ({following.title}) can begin"
    )
    change = Change(ChangeKind.PHASE, phase=following.name)
    return Finding(RuleName.NEXT_PHASE, "", reason, inputs, change)


def _lacking(
    one: GrownPrescription,
    grown: GrownPlan,
    sessions: Mapping[str, tuple[ObservedSession, ...]],
    asks_pelvis: Mapping[str, bool],
) -> str | None:
    """What a prescription still lacks; None where it was done well often enough."""
    name, needed = one.prescription.name, grown.plan.rules.sessions_needed
    own = sessions.get(name, ())
    if not own:
        return f"{name} was not done yet"
    asked = Asked(one, grown.plan.rules, asks_pelvis.get(name, False))
    latest = max(own, key=lambda session: (session.began_at, session.session_id))
    against = [condition.text for condition in judged(latest, asked, TO_GO_ON) if not condition.allows]
    if against:
        return f"{name}: {'; '.join(against)}"
    met = in_a_row(own, asked, TO_GO_ON)
    return f"{name} was done well in {met} of {needed} sessions" if met < needed else None
