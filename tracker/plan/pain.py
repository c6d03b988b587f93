"""What pain says: go on, make it easier, or stop.

Published rules go on to 3 of 10, adapt at 4 and 5 until it settles within a day, and stop from 6;
`PainLimits` are stricter. Pain of the next morning is held against the pain before the session.
"""

from dataclasses import dataclass
from enum import StrEnum

from tracker.model import SessionFelt
from tracker.plan.pain_limits import PainLimits

LOWEST, HIGHEST = 0, 10
"""The scale of pain and of effort."""

ASK_SAFETY_FROM = 6
"""From this pain on the safety questions are asked again, whatever the limits of a plan are."""


class PainRule(StrEnum):
    """What to do."""

    CONTINUE = "continue"
    ADAPT = "adapt"
    STOP = "stop"
    REGRESS = "regress"
    """More pain the next morning than before the session."""


@dataclass(frozen=True, slots=True)
class PainAdvice:
    """What a rule says of one value, in plain words."""

    rule: PainRule
    text: str


def rule_of_pain(pain: int, limits: PainLimits) -> PainRule:
    """What pain at an exercise, 0 to 10, means for it."""
    if pain >= limits.stop_from:
        return PainRule.STOP
    return PainRule.ADAPT if pain > limits.continue_up_to else PainRule.CONTINUE


def advice_at_worst(pain: int, limits: PainLimits, what: str = "the session") -> PainAdvice | None:
    """What to do after such pain at worst; None where it goes on as it is.

    Args:
        what: what hurt so much, for the text.
    """
    rule = rule_of_pain(pain, limits)
    if rule is PainRule.STOP:
        text = f"Pain {pain} in {what}: stop. From {limits.stop_from} on an exercise is not gone on with."
    elif rule is PainRule.ADAPT:
        text = (
            f"Pain {pain} in {what}: make it easier (less band, less range, fewer repetitions). "
            f"Up to {limits.continue_up_to} it goes on as it is. It must settle within a day."
        )
    else:
        return None
    return PainAdvice(rule, text)


def advice_next_morning(before: int | None, next_morning: int | None) -> PainAdvice | None:
    """What to do after the pain of the next morning; None where it is no more than before, or not known."""
    if before is None or next_morning is None or next_morning <= before:
        return None
    return PainAdvice(
        PainRule.REGRESS,
        f"Pain {next_morning} the next morning, {before} before the session: go one level down.",
    )


def advice_on_session(felt: SessionFelt, limits: PainLimits) -> tuple[PainAdvice, ...]:
    """What the rules say of a session."""
    worst = None if felt.pain_worst is None else advice_at_worst(felt.pain_worst, limits)
    morning = advice_next_morning(felt.pain_before, felt.pain_next_morning)
    return tuple(one for one in (worst, morning) if one is not None)


def asks_for_safety(*pains: int | None) -> bool:
    """True where one of these pains is so high that the safety questions are asked again."""
    return any(pain is not None and pain >= ASK_SAFETY_FROM for pain in pains)
