"""Rules of pain at every value of the scale, and what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import SessionFelt
from tracker.plan.pain import (
    PainRule,
    advice_at_worst,
    advice_next_morning,
    advice_on_session,
    asks_for_safety,
    rule_of_pain,
)
from tracker.plan.pain_limits import PainLimits

LIMITS = PainLimits()
SCALE = st.one_of(st.none(), st.integers(0, 10))


@pytest.mark.parametrize(
    ("pain", "rule"),
    [
        *((pain, PainRule.CONTINUE) for pain in (0, 1, 2, 3)),
        (4, PainRule.ADAPT),
        *((pain, PainRule.STOP) for pain in range(5, 11)),
    ],
)
def test_continue_to_3_adapt_at_4_stop_from_5(pain: int, rule: PainRule) -> None:
    assert rule_of_pain(pain, LIMITS) is rule
    advice = advice_at_worst(pain, LIMITS)
    assert (None if advice is None else advice.rule) is (None if rule is PainRule.CONTINUE else rule)
    assert advice is None or f"Pain {pain} " in advice.text


def test_published_limits_can_be_set() -> None:
    published = PainLimits(continue_up_to=3, stop_from=6)
    rules = [rule_of_pain(pain, published) for pain in (3, 4, 5, 6)]
    assert rules == [PainRule.CONTINUE, PainRule.ADAPT, PainRule.ADAPT, PainRule.STOP]


@pytest.mark.parametrize(
    ("before", "morning", "worse"),
    [(2, 3, True), (0, 1, True), (3, 3, False), (4, 2, False), (None, 9, False), (1, None, False)],
)
def test_more_pain_the_next_morning_than_before_goes_one_level_down(
    before: int | None, morning: int | None, worse: bool
) -> None:
    advice = advice_next_morning(before, morning)
    assert (advice is not None) is worse
    assert advice is None or advice.rule is PainRule.REGRESS


@given(SCALE, SCALE, SCALE)
def test_no_pain_that_grows_ever_makes_the_rule_milder(
    before: int | None, worst: int | None, morning: int | None
) -> None:
    order = list(PainRule)[:3]
    rules = [rule_of_pain(pain, LIMITS) for pain in range(11)]
    assert [order.index(rule) for rule in rules] == sorted(order.index(rule) for rule in rules)
    said = advice_on_session(SessionFelt(before, worst, morning), LIMITS)
    assert len(said) == (worst is not None and worst > 3) + (
        before is not None and morning is not None and morning > before
    )


def test_the_safety_questions_come_from_6_on() -> None:
    assert [pain for pain in range(11) if asks_for_safety(pain)] == [6, 7, 8, 9, 10]
    assert not asks_for_safety(None, 5)
    assert asks_for_safety(None, 1, 6)
