"""What must hold in a session before an exercise grows: each condition with its numbers in plain words."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tracker.model import Side
from tracker.plan.growth import GrownPrescription
from tracker.plan.observed import ObservedSession, legs_of, sets_of_leg
from tracker.plan.prescription import RuleLimits


class Holds(StrEnum):
    """Whether a condition holds."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """It could not be judged, and so nothing grows."""
    NOT_ASKED = "not_asked"
    """It could not be judged, or does not apply, and need not be."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition in one session.

    Attributes:
        text: why it holds or does not, with the numbers; empty where it does not apply.
    """

    name: str
    holds: Holds
    text: str

    @property
    def allows(self) -> bool:
        """True where it does not stand in the way."""
        return self.holds in (Holds.YES, Holds.NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a session is held against.

    Attributes:
        asks_pelvis: the exercise turns the thigh against the pelvis, so that its share matters.
    """

    grown: GrownPrescription
    limits: RuleLimits
    asks_pelvis: bool


def pain_is_low(session: ObservedSession, asked: Asked) -> Condition:
    """Pain of every set, or the session's worst, was told and is one to go on with."""
    most, worst = asked.limits.pain_continue_up_to, session.worst_pain
    if worst is not None and worst > most:
        return Condition("pain", Holds.NO, f"worst pain was {worst} of 10, more than {most}")
    if worst is None:
        return Condition("pain", Holds.UNKNOWN, "not judged because no pain was told")
    if not session.pain_is_known:
        return Condition("pain", Holds.UNKNOWN, "not judged because pain was not told of every set")
    return Condition("pain", Holds.YES, f"worst pain {worst} of 10 (at most {most})")


def pain_has_settled(session: ObservedSession, asked: Asked) -> Condition:  # noqa: ARG001
    """Pain of the next morning, where told, is no more than before the session."""
    before, after = session.pain_before, session.pain_next_morning
    if after is None or before is None:
        missing = "of the next morning" if after is None else "before the session"
        return Condition("next_morning", Holds.NOT_ASKED, f"pain {missing} was not told")
    if after > before:
        text = f"pain the next morning was {after} of 10, before the session {before}"
        return Condition("next_morning", Holds.NO, text)
    return Condition("next_morning", Holds.YES, f"pain the next morning {after}, before {before}")


def quality_is_high(session: ObservedSession, asked: Asked) -> Condition:
    """Enough of the repetitions were valid."""
    least, share = asked.limits.progress_valid_share, session.valid_share
    if session.by_hand:
        text = "how well it was done is not known, because sets were told and not counted"
        return Condition("valid_share", Holds.UNKNOWN, text)
    if share is None:
        return Condition("valid_share", Holds.UNKNOWN, "not judged because no repetition was counted")
    if share < least:
        text = f"{percent(share)} of the repetitions were valid, less than {percent(least)}"
        return Condition("valid_share", Holds.NO, text)
    return Condition("valid_share", Holds.YES, f"{percent(share)} valid (at least {percent(least)})")


def pelvis_is_quiet(session: ObservedSession, asked: Asked) -> Condition:
    """The pelvis did not do too much of the turn."""
    limit, share = asked.limits.progress_pelvis_share, session.pelvis_share
    if not asked.asks_pelvis:
        return Condition("pelvis_share", Holds.NOT_ASKED, "")
    if share is None:
        text = "the pelvis was not judged because no sensor showed it"
        return Condition("pelvis_share", Holds.NOT_ASKED, text)
    if share >= limit:
        text = f"the pelvis did {percent(share)} of the movement, not less than {percent(limit)}"
        return Condition("pelvis_share", Holds.NO, text)
    return Condition("pelvis_share", Holds.YES, f"pelvis share {percent(share)} (below {percent(limit)})")


def every_set_is_at_the_top(session: ObservedSession, asked: Asked) -> Condition:
    """All sets that are asked for were done, and every set reached the top of the range, with each leg."""
    sets, top = asked.grown.strength.sets, asked.grown.prescription.reps.high
    legs = legs_of(asked.grown.prescription.side)
    missed: list[str] = []
    for leg in legs:
        reached = [one.valid_reps for one in sets_of_leg(session.done, leg)]
        whose = f"{leg.value} leg: " if len(legs) > 1 else ""
        if len(reached) < sets:
            lacks = f"{len(reached)} of {sets} sets were done"
        elif min(reached) < top:
            below = sum(one < top for one in reached)
            lacks = f"{below} of {len(reached)} sets were below {top}, the lowest {min(reached)}"
        else:
            continue
        missed.append(f"{whose}{lacks}")
    if missed:
        return Condition("top_of_range", Holds.NO, "; ".join(missed))
    each = " with each leg" if asked.grown.prescription.side is Side.BOTH else ""
    return Condition("top_of_range", Holds.YES, f"all {sets} sets at {top} or more{each}")


def effort_is_low(session: ObservedSession, asked: Asked) -> Condition:
    """There was room for more."""
    most, effort = asked.limits.progress_effort, session.largest_effort
    if effort is None:
        return Condition("effort", Holds.UNKNOWN, "not judged because no effort was told")
    if effort > most:
        return Condition("effort", Holds.NO, f"effort was {effort} of 10, more than {most}")
    return Condition("effort", Holds.YES, f"effort {effort} of 10 (at most {most})")


def band_is_as_asked(session: ObservedSession, asked: Asked) -> Condition:
    """No other band than the one asked for was told."""
    band = asked.grown.strength.band
    others = sorted(session.band_colours - {"" if band is None else band.colour})
    if band is not None and others:
        text = f"it was done with {' and '.join(others)}, and {band.colour} is asked for"
        return Condition("band", Holds.NO, text)
    return Condition("band", Holds.NOT_ASKED, "")


Judge = Callable[[ObservedSession, Asked], Condition]

TO_GROW: tuple[Judge, ...] = (
    pain_is_low,
    pain_has_settled,
    every_set_is_at_the_top,
    quality_is_high,
    pelvis_is_quiet,
    effort_is_low,
    band_is_as_asked,
)
"""What must hold before an exercise is made harder: pain decides first."""

TO_GO_ON: tuple[Judge, ...] = (pain_is_low, pain_has_settled, quality_is_high, pelvis_is_quiet)
"""What must hold before the next phase begins."""


def judged(session: ObservedSession, asked: Asked, judges: tuple[Judge, ...]) -> tuple[Condition, ...]:
    """The conditions in one session."""
    return tuple(judge(session, asked) for judge in judges)


def in_a_row(sessions: tuple[ObservedSession, ...], asked: Asked, judges: tuple[Judge, ...]) -> int:
    """How many of the latest sessions met all conditions, back to the first that did not."""
    latest_first = sorted(sessions, key=lambda one: (one.began_at, one.session_id), reverse=True)
    count = 0
    for session in latest_first:
        if not all(one.allows for one in judged(session, asked, judges)):
            break
        count += 1
    return count


def percent(share: float) -> str:
    """A share for a person; cut, so that what misses a limit is not shown as reaching it."""
    return f"{int(share * 100.0 + 1e-9)} %"
