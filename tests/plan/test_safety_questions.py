"""The shipped safety questions, and what answers to them mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import UsageError
from tracker.plan.safety import EMERGENCY_TEXT, YesMeans, judged, load_questions

QUESTIONS = load_questions()
NO_TO_ALL = {one.name: False for one in QUESTIONS}


def test_emergencies_are_asked_for_first() -> None:
    kinds = [one.yes_means for one in QUESTIONS]
    assert kinds == sorted(kinds, key=list(YesMeans).index)
    assert len(kinds) == len({one.name for one in QUESTIONS})


@pytest.mark.parametrize("name", ["sudden_short_turned_leg", "cannot_bear_weight"])
def test_a_suddenly_short_turned_leg_or_one_that_bears_no_weight_is_an_emergency(name: str) -> None:
    verdict = judged(QUESTIONS, {**NO_TO_ALL, name: True})
    assert verdict.emergency and verdict.flagged
    assert verdict.text == EMERGENCY_TEXT
    for part in ("emergency care", "Do not exercise", "do not measure"):
        assert part in EMERGENCY_TEXT


# Every warning sign of the list that the questions follow has its question.
@pytest.mark.parametrize(
    "sign",
    [
        *("fall", "fever", "hot", "night", "weight", "cancer", "cortisone", "numb", "weak", "bladder"),
        *("calf", "operation", "18", "pregnancy", "newly turn out"),
    ],
)
def test_every_warning_sign_is_asked_for(sign: str) -> None:
    assert any(sign in one.text.casefold() for one in QUESTIONS)


def test_no_to_all_stands_against_nothing() -> None:
    verdict = judged(QUESTIONS, NO_TO_ALL)
    assert (verdict.flagged, verdict.emergency, verdict.text, verdict.yes) == (False, False, None, ())


def test_after_an_emergency_no_other_answer_is_needed() -> None:
    assert judged(QUESTIONS, {QUESTIONS[0].name: True}).emergency


@pytest.mark.parametrize("answers", [{}, {"fall_or_injury": True}, {"sudden_short_turned_leg": False}])
def test_what_is_not_answered_is_named(answers: dict[str, bool]) -> None:
    with pytest.raises(UsageError, match="calf_swelling"):
        judged(QUESTIONS, answers)


def test_an_unknown_question_is_refused() -> None:
    with pytest.raises(UsageError, match="'headache'"):
        judged(QUESTIONS, {**NO_TO_ALL, "headache": True})


@given(st.fixed_dictionaries({one.name: st.booleans() for one in QUESTIONS}))
def test_any_yes_asks_for_somebody(answers: dict[str, bool]) -> None:
    verdict = judged(QUESTIONS, answers)
    assert verdict.flagged is any(answers.values())
    assert verdict.emergency <= verdict.flagged
    assert [one.name for one in verdict.yes] == [one.name for one in QUESTIONS if answers[one.name]]
