"""How a plan stands after changes, when its next phase begins, and on which days its exercises are due."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_samples import SEATED, SHIPPED, both_legs, counted, session

from tracker.plan.bands import BandLevel
from tracker.plan.due_days import is_due
from tracker.plan.growth import (
    Change,
    ChangeKind,
    GrownPlan,
    GrownPrescription,
    Strength,
    beginning,
    easier,
    grown_plan,
    harder,
)
from tracker.plan.observed import ObservedSession
from tracker.plan.phase_rule import next_phase
from tracker.plan.prescription import Weekday

LADDER = SHIPPED.ladder
STRENGTHS = st.builds(
    Strength,
    st.integers(1, 3),
    st.none()
    | st.builds(
        BandLevel,
        st.sampled_from([band.colour for band in LADDER.bands]),
        st.integers(0, 4).map(lambda steps: 100.0 + 25.0 * steps),
    ),
)
CHANGES = st.builds(
    Change,
    st.sampled_from(ChangeKind),
    st.sampled_from(["seated", ""]),
    st.none() | STRENGTHS,
    st.sampled_from(["", "B"]),
)


def strength_n(strength: Strength) -> tuple[int, float]:
    """Something that grows with each step up."""
    return strength.sets, 0.0 if strength.band is None else LADDER.force_n(strength.band)


@given(CHANGES)
def test_a_change_is_the_same_after_the_store(change: Change) -> None:
    assert Change.from_mapping(change.as_mapping()) == change


@given(STRENGTHS)
def test_up_is_heavier_and_down_is_lighter(strength: Strength) -> None:
    one = GrownPrescription(SEATED, strength)
    up, down = harder(one, LADDER), easier(one, LADDER)
    assert up is None or strength_n(up) > strength_n(strength)
    assert down is None or strength_n(down) < strength_n(strength)


@given(STRENGTHS)
def test_steps_down_come_to_an_end(strength: Strength) -> None:
    # 7 colours of 5 elongations, no band, and three sets.
    for _ in range(7 * 5 + 1 + 3):
        lighter = easier(GrownPrescription(SEATED, strength), LADDER)
        if lighter is None:
            assert strength == Strength(1, None)
            return
        strength = lighter
    pytest.fail("it never ends")


def test_a_plan_is_how_it_began_with_its_changes_in_order() -> None:
    one, two = Strength(3, BandLevel("yellow", 125.0)), Strength(3, BandLevel("yellow", 150.0))
    changes = [
        Change(ChangeKind.PHASE, phase="B"),
        Change(ChangeKind.HARDER, "seated", one),
        Change(ChangeKind.HARDER, "seated", two),
        Change(ChangeKind.STOP, "prone"),
        Change(ChangeKind.HARDER, "not_in_the_plan", two),
    ]
    grown = grown_plan(SHIPPED, changes)
    assert grown.phase.name == "B"
    assert {one.prescription.name: one.stopped for one in grown.prescriptions if one.stopped} == {
        "prone": True
    }
    seated = grown.find("seated")
    assert seated is not None and seated.strength == two
    target = seated.target("B")
    assert (target.band_placement, target.band_colour, target.elongation_percent) == (
        "ankles",
        "yellow",
        150.0,
    )
    again = grown_plan(SHIPPED, [*changes, Change(ChangeKind.RESUME, "prone", Strength(3, None))]).find(
        "prone"
    )
    assert again is not None and not again.stopped
    assert again.target("B").band_placement is None


def test_nothing_accepted_is_the_beginning() -> None:
    grown = grown_plan(SHIPPED, [])
    assert grown.phase.name == "A"
    assert all(one.strength == beginning(one.prescription) for one in grown.prescriptions)


WELL = (session(number=1), session(number=2))
ACTIVATION = grown_plan(SHIPPED, [])
DONE = {one.prescription.name: WELL for one in ACTIVATION.prescriptions}
POOR = (session(number=1), session(both_legs(counted(8, 2)), number=2))
HURT = (session(number=1), session(number=2, worst=4))
UNTOLD = (session(number=1), session(number=2, worst=None))
HELPED = (session(number=1), session(both_legs(counted(12, pelvis=0.3)), number=2))
LATER = grown_plan(SHIPPED, [Change(ChangeKind.PHASE, phase="B")])
LAST = grown_plan(SHIPPED, [Change(ChangeKind.PHASE, phase="C")])
IN_B = {one.prescription.name: WELL for one in LATER.prescriptions}
STOPPED = replace(
    ACTIVATION, prescriptions=tuple(replace(one, stopped=True) for one in ACTIVATION.prescriptions)
)
ONE_STOPPED = replace(
    ACTIVATION,
    prescriptions=(replace(ACTIVATION.prescriptions[0], stopped=True), *ACTIVATION.prescriptions[1:]),
)

PHASE_CASES = [
    ("done well, and it is time", ACTIVATION, 2, DONE, "B", "every exercise of phase A was done well"),
    ("too early", ACTIVATION, 1, DONE, None, "it is week 2, and B begins in week 3 at the earliest"),
    ("an exercise was not done", ACTIVATION, 2, {"roll_in": WELL}, None, "press_in was not done yet"),
    ("only once", ACTIVATION, 2, {**DONE, "roll_in": WELL[:1]}, None, "roll_in was done well in 1 of 2"),
    ("poorly done", ACTIVATION, 2, {**DONE, "roll_in": POOR}, None, "80 % of the repetitions were valid"),
    ("pain above the limit", ACTIVATION, 2, {**DONE, "press_in": HURT}, None, "worst pain was 4 of 10"),
    ("pain not told", ACTIVATION, 2, {**DONE, "press_in": UNTOLD}, None, "no pain was told"),
    ("the pelvis helped", ACTIVATION, 2, {**DONE, "roll_in": HELPED}, None, "the pelvis did 30 %"),
    (
        "its weeks are over",
        ACTIVATION,
        4,
        {**DONE, "roll_in": POOR},
        None,
        "though its weeks are over (week 5)",
    ),
    ("one is left out", ONE_STOPPED, 2, DONE, "B", "done well"),
    ("all are left out", STOPPED, 2, DONE, None, "every exercise of it is left out"),
    ("B may end as week 7 begins", LATER, 6, IN_B, "C", "phase C (Integration) can begin"),
    ("B not before", LATER, 5, IN_B, None, "C begins in week 7"),
    ("the last phase", LAST, 9, {}, None, "it is the last one, and ends after week 12"),
    ("the last phase is over", LAST, 12, {}, None, "agree with your physiotherapist what comes next"),
]


@pytest.mark.parametrize(
    ("grown", "week", "sessions", "phase", "reason"),
    [case[1:] for case in PHASE_CASES],
    ids=[case[0] for case in PHASE_CASES],
)
def test_next_phase(
    grown: GrownPlan,
    week: int,
    sessions: dict[str, tuple[ObservedSession, ...]],
    phase: str | None,
    reason: str,
) -> None:
    said = next_phase(grown, week, sessions, dict.fromkeys(sessions, True))
    assert (None if said.change is None else said.change.phase) == phase
    assert reason in said.reason


def test_the_next_phase_waits_for_a_step_down() -> None:
    said = next_phase(ACTIVATION, 2, DONE, {}, waiting=True)
    assert said.change is None
    assert "waits for your answer" in said.reason


MONDAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("trained", "day", "due"),
    [
        ([], 0, True),
        ([0], 1, False),
        ([0], 2, True),
        ([0, 2], 4, True),
        ([0, 2, 4], 6, False),
        ([0, 2, 4], 7, True),
        ([6], 7, False),
        ([3], 2, True),
        ([2], 2, True),
    ],
)
def test_every_other_day_and_three_times_a_week(trained: list[int], day: int, due: bool) -> None:
    days = [MONDAY + timedelta(days=one) for one in trained]
    assert is_due(SEATED, MONDAY + timedelta(days=day), days) is due


def test_on_its_weekdays_alone() -> None:
    on_two = replace(SEATED, weekdays=(Weekday.MONDAY, Weekday.FRIDAY))
    week = [MONDAY + timedelta(days=one) for one in range(7)]
    assert [day.weekday() for day in week if is_due(on_two, day, [])] == [0, 4]
    assert not is_due(on_two, week[4], [week[3]])


@given(st.lists(st.integers(0, 27), max_size=1))
def test_who_always_trains_when_it_is_due_keeps_to_the_plan(first: list[int]) -> None:
    trained = [MONDAY + timedelta(days=one) for one in first]
    for number in range(28, 56):
        day = MONDAY + timedelta(days=number)
        if is_due(SEATED, day, trained):
            trained.append(day)
    gaps = [(after - before).days for before, after in pairwise(trained)]
    assert all(gap >= 2 for gap in gaps)
    for week in range(4, 8):
        monday = MONDAY + timedelta(weeks=week)
        assert sum(monday <= day < monday + timedelta(weeks=1) for day in trained) == 3
