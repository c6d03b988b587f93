"""Every rule of a plan against a table of cases: what it asks for, and why it does or does not."""

from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_samples import RED, SHIPPED, TOP, both_legs, counted, finding, session, situation

from tracker.model import Side
from tracker.plan.bands import BandLevel
from tracker.plan.growth import Change, ChangeKind, Strength
from tracker.plan.observed import ObservedSession, ObservedSet
from tracker.plan.rules import RuleName, Situation, judge_prescription

NEXT = Strength(3, BandLevel("red", 150.0))
BELOW = Strength(3, BandLevel("red", 100.0))
HARDER = Change(ChangeKind.HARDER, "seated", NEXT)
EASIER = Change(ChangeKind.EASIER, "seated", BELOW)
STOP = Change(ChangeKind.STOP, "seated")
WELL = session(number=1)
AGAIN = session(number=2)


def twice(**changed: object) -> Situation:
    """A session that went well, and one after it that differs."""
    return situation(WELL, session(number=2, **changed))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Case:
    """What one rule must say, and a part of its reason."""

    name: str
    rule: RuleName
    meant: Situation
    change: Change | None
    reason: str


UP, PAIN, HURT, MORNING, QUALITY = (
    RuleName.DOUBLE_PROGRESSION,
    RuleName.EASE_ON_PAIN,
    RuleName.STOP_ON_PAIN,
    RuleName.EASE_NEXT_MORNING,
    RuleName.EASE_ON_QUALITY,
)
ONE_SHORT = both_legs(counted(12), counted(12), counted(11))
LEFT_ALONE = tuple(one for one in TOP if one.side is Side.LEFT)
ONE_LEG_SHORT = (*TOP[:-1], replace(TOP[-1], valid_reps=11))
UNCLEAN = both_legs(counted(12, 2), counted(12, 1), counted(12, 2))
POOR = both_legs(counted(6, 4), counted(7, 3), counted(7, 3))
HELPED = both_legs(*(counted(12, pelvis=0.25) for _ in range(3)))
UNSEEN = both_legs(*(counted(12, pelvis=None) for _ in range(3)))
RESTING_LEG = (*TOP, counted(0, 0, Side.LEFT))
BOTTOM = both_legs(counted(8), counted(8), counted(8))
BY_HAND = tuple(ObservedSet(Side.BOTH, 12, None) for _ in range(3))
SETS_TOLD = both_legs(*(counted(12, pain=1, effort=5) for _ in range(3)))
ONE_SET_TOLD = both_legs(counted(12, pain=1), counted(12), counted(12))
TOO_LIGHT = both_legs(*(counted(12, band="yellow") for _ in range(3)))
AS_ASKED = both_legs(*(counted(12, band="red") for _ in range(3)))

CASES = [
    Case("all well twice", UP, situation(WELL, AGAIN), HARDER, "2 sessions in a row were at the top"),
    Case("says its numbers", UP, situation(WELL, AGAIN), HARDER, "all 3 sets at 12 or more with each leg"),
    Case("says the step", UP, situation(WELL, AGAIN), HARDER, "from red, +125 % to red, +150 %"),
    Case("once is not enough", UP, situation(WELL), None, "1 of 2 sessions in a row"),
    Case("the one before missed", UP, situation(session(ONE_SHORT), AGAIN), None, "1 of 2 sessions"),
    Case("a set below the top", UP, twice(sets=ONE_SHORT), None, "1 of 3 sets were below 12, the lowest 11"),
    Case(
        "one leg below the top", UP, twice(sets=ONE_LEG_SHORT), None, "right leg: 1 of 3 sets were below 12"
    ),
    Case(
        "at the bottom of the range",
        UP,
        twice(sets=BOTTOM),
        None,
        "3 of 3 sets were below 12, the lowest 8",
    ),
    Case("a set was left out", UP, twice(sets=TOP[:4]), None, "2 of 3 sets were done"),
    Case("one leg was left out", UP, twice(sets=LEFT_ALONE), None, "right leg: 0 of 3 sets were done"),
    Case("a leg that rested is no set", UP, twice(sets=RESTING_LEG), HARDER, "all 3 sets"),
    Case(
        "87 of 100 valid", UP, twice(sets=UNCLEAN), None, "87 % of the repetitions were valid, less than 90 %"
    ),
    Case("the pelvis at its limit", UP, twice(sets=HELPED), None, "the pelvis did 25 % of the movement"),
    Case(
        "no pelvis sensor",
        UP,
        situation(session(UNSEEN), session(UNSEEN, number=2)),
        HARDER,
        "no sensor showed it",
    ),
    Case("pain at the limit to go on", UP, twice(worst=3), HARDER, "worst pain 3 of 10 (at most 3)"),
    Case("pain above it", UP, twice(worst=4), None, "worst pain was 4 of 10, more than 3"),
    Case("pain not told", UP, twice(worst=None), None, "not judged because no pain was told"),
    Case("pain told of one set", UP, twice(worst=None, sets=ONE_SET_TOLD), None, "not told of every set"),
    Case("pain told of all sets", UP, twice(worst=None, sets=SETS_TOLD), HARDER, "worst pain 1"),
    Case("pain of the first not told", UP, situation(session(worst=None), AGAIN), None, "1 of 2 sessions"),
    Case("more pain next morning", UP, twice(before=1, morning=2), None, "the next morning was 2 of 10"),
    Case("settled next morning", UP, twice(before=1, morning=1), HARDER, "the next morning 1, before 1"),
    Case("next morning not told", UP, situation(WELL, AGAIN), HARDER, "of the next morning was not told"),
    Case("effort above the limit", UP, twice(effort=7), None, "effort was 7 of 10, more than 6"),
    Case("effort at the limit", UP, twice(effort=6), HARDER, "effort 6 of 10 (at most 6)"),
    Case("effort not told", UP, twice(effort=None), None, "not judged because no effort was told"),
    Case("effort told of the sets", UP, twice(effort=9, sets=SETS_TOLD), HARDER, "effort 5"),
    Case("told by hand", UP, twice(sets=BY_HAND), None, "sets were told and not counted"),
    Case("done with another band", UP, twice(sets=TOO_LIGHT), None, "yellow, and red is asked for"),
    Case("done with the band asked for", UP, twice(sets=AS_ASKED), HARDER, "at the top"),
    Case(
        "the strongest band",
        UP,
        situation(WELL, AGAIN, band=BandLevel("gold", 200.0)),
        None,
        "the plan has nothing harder",
    ),
    Case(
        "the next colour is more force",
        UP,
        situation(WELL, AGAIN, band=BandLevel("yellow", 200.0)),
        Change(ChangeKind.HARDER, "seated", Strength(3, BandLevel("red", 150.0))),
        "yellow, +200 % to red, +150 %",
    ),
    Case(
        "a set more comes first",
        UP,
        situation(WELL, AGAIN, sets=2),
        Change(ChangeKind.HARDER, "seated", Strength(3, RED)),
        "from 2 sets to 3 sets",
    ),
    Case(
        "the band comes back",
        UP,
        situation(WELL, AGAIN, band=None),
        Change(ChangeKind.HARDER, "seated", Strength(3, BandLevel("yellow", 100.0))),
        "no band to yellow, +100 %",
    ),
    Case("a step down waits", UP, replace(twice(), waiting=ChangeKind.EASIER), None, "waits for your answer"),
    Case("changed since", UP, replace(twice(), changed_since=ChangeKind.HARDER), None, "changed since"),
    Case("a later session", UP, replace(twice(), is_latest=False), None, "a later session with it decides"),
    Case("pain of 5", HURT, twice(worst=5), STOP, "worst pain was 5 of 10, and from 5 on"),
    Case("pain of 10", HURT, twice(worst=10), STOP, "worst pain was 10"),
    Case("pain of 5 in one set", HURT, twice(sets=(*TOP, counted(12, pain=5))), STOP, "worst pain was 5"),
    Case(
        "pain of 4 stops nothing",
        HURT,
        twice(worst=4),
        None,
        "worst pain was 4 of 10, and 5 is where to stop",
    ),
    Case("no pain told", HURT, twice(worst=None), None, "not judged because no pain was told"),
    Case("some pain told", HURT, twice(worst=None, sets=ONE_SET_TOLD), None, "as far as it was told"),
    Case(
        "the pain was another exercise's",
        HURT,
        twice(worst=6, elsewhere=6, sets=SETS_TOLD),
        None,
        "worst pain was 1 of 10",
    ),
    Case("the pain may be this one's", HURT, twice(worst=6, elsewhere=6), STOP, "worst pain was 6"),
    Case(
        "left out already",
        HURT,
        replace(twice(worst=6), changed_since=ChangeKind.STOP),
        None,
        "it is already",
    ),
    Case(
        "made easier, and worse told",
        HURT,
        replace(twice(worst=6), changed_since=ChangeKind.EASIER),
        STOP,
        "6",
    ),
    Case(
        "pain of 4 eases",
        PAIN,
        twice(worst=4),
        EASIER,
        "4 of 10, more than 3: from red, +125 % to red, +100 %",
    ),
    Case("pain of 3 goes on", PAIN, twice(worst=3), None, "worst pain was 3 of 10, and up to 3 goes on"),
    Case("pain of 5 is to stop", PAIN, twice(worst=5), None, "it is to stop, and not to ease"),
    Case("no pain told, nothing eased", PAIN, twice(worst=None), None, "no pain was told"),
    Case("eased since", PAIN, replace(twice(worst=4), changed_since=ChangeKind.EASIER), None, "easier since"),
    Case(
        "grown since", PAIN, replace(twice(worst=4), changed_since=ChangeKind.HARDER), EASIER, "more than 3"
    ),
    Case(
        "a stop waits", PAIN, replace(twice(worst=4), waiting=ChangeKind.STOP), None, "waits for your answer"
    ),
    Case(
        "from the weakest band to none",
        PAIN,
        replace(situation(session(worst=4), band=BandLevel("yellow", 100.0))),
        Change(ChangeKind.EASIER, "seated", Strength(3, None)),
        "from yellow, +100 % to no band",
    ),
    Case(
        "from three sets to two",
        PAIN,
        situation(session(worst=4), band=None),
        Change(ChangeKind.EASIER, "seated", Strength(2, None)),
        "from 3 sets to 2 sets",
    ),
    Case("nothing is easier", PAIN, situation(session(worst=4), sets=1, band=None), STOP, "nothing easier"),
    Case(
        "worse next morning", MORNING, twice(before=1, morning=2), EASIER, "was 2 of 10, before the session 1"
    ),
    Case(
        "the same next morning",
        MORNING,
        twice(before=2, morning=2),
        None,
        "was 2 of 10, before the session 2",
    ),
    Case("next morning unknown", MORNING, twice(), None, "pain of the next morning was not told"),
    Case(
        "before unknown", MORNING, twice(before=None, morning=3), None, "pain before the session was not told"
    ),
    Case(
        "pain of 4, and worse after", MORNING, twice(worst=4, before=0, morning=2), None, "ease_on_pain asks"
    ),
    Case(
        "66 of 100 valid",
        QUALITY,
        twice(sets=POOR),
        EASIER,
        "66 % of the repetitions were valid, less than 70 %",
    ),
    Case(
        "87 of 100 valid", QUALITY, twice(sets=UNCLEAN), None, "87 % of the repetitions were valid, and 70 %"
    ),
    Case("quality told by hand", QUALITY, twice(sets=BY_HAND), None, "sets were told and not counted"),
    Case(
        "poor, and it hurt",
        QUALITY,
        twice(sets=POOR, worst=6),
        None,
        "stop_on_pain asks for a change already",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule.value}: {case.name}")
def test_rule(case: Case) -> None:
    said = finding(case.rule, case.meant)
    assert said.change == case.change
    assert case.reason in said.reason


@pytest.mark.parametrize("rule", [HURT, PAIN, MORNING, QUALITY, UP])
def test_every_rule_has_cases_where_it_acts_and_where_it_does_not(rule: RuleName) -> None:
    acted = {case.change is not None for case in CASES if case.rule is rule}
    assert acted == {True, False}


def test_an_exercise_that_is_left_out_does_not_change() -> None:
    left_out = twice(worst=4, sets=POOR)
    left_out = replace(left_out, grown=replace(left_out.grown, stopped=True))
    assert [one.change for one in judge_prescription(left_out)] == [None] * 5


PAINS = st.none() | st.integers(0, 10)
SETS = st.builds(
    counted,
    st.integers(0, 15),
    st.integers(0, 5),
    st.sampled_from([Side.LEFT, Side.RIGHT, None]),
    pelvis=st.none() | st.floats(0.0, 0.6),
    pain=PAINS,
    effort=PAINS,
    band=st.sampled_from([None, "red", "yellow"]),
)
SESSIONS = st.builds(
    session,
    st.lists(SETS, min_size=1, max_size=6).map(tuple) | st.just(TOP),
    number=st.integers(1, 5),
    before=PAINS,
    worst=PAINS,
    morning=PAINS,
    effort=PAINS,
    elsewhere=PAINS,
)
MANY = st.lists(SESSIONS, min_size=1, max_size=4, unique_by=lambda one: one.session_id)


@given(MANY)
def test_one_rule_at_most_acts_and_each_gives_a_reason(sessions: list[ObservedSession]) -> None:
    findings = judge_prescription(situation(*sessions))
    assert sum(one.acts for one in findings) <= 1
    assert all(one.reason for one in findings)


@given(MANY)
def test_nothing_grows_with_pain_to_adapt_to_or_without_pain_told(sessions: list[ObservedSession]) -> None:
    meant = situation(*sessions)
    worst = meant.latest.worst_pain
    change = finding(UP, meant).change
    if worst is None or worst > SHIPPED.rules.pain_continue_up_to:
        assert change is None
    if worst is not None and worst >= SHIPPED.rules.pain_stop_from:
        assert finding(HURT, meant).change == STOP


@given(MANY, st.randoms(use_true_random=False))
def test_the_order_of_sets_and_sessions_does_not_matter(
    sessions: list[ObservedSession], chance: Random
) -> None:
    shuffled = []
    for one in sessions:
        sets = list(one.sets)
        chance.shuffle(sets)
        shuffled.append(replace(one, sets=tuple(sets)))
    chance.shuffle(shuffled)
    assert judge_prescription(situation(*shuffled)) == judge_prescription(situation(*sessions))


@given(MANY, st.integers(0, 10))
def test_more_pain_never_brings_more_load(sessions: list[ObservedSession], more: int) -> None:
    kinds = [None, ChangeKind.HARDER]
    latest = max(sessions, key=lambda one: one.session_id)
    hurting = replace(latest, pain_worst=min(10, (latest.worst_pain or 0) + more), pain_elsewhere=None)
    others = [one for one in sessions if one is not latest]
    change = finding(UP, situation(*others, hurting)).change
    calm = finding(UP, situation(*sessions)).change
    if calm is None and latest.pain_is_known:
        assert change is None
    assert (None if change is None else change.kind) in kinds
