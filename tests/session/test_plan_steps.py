"""The steps of a session that does what a plan asks for."""

from dataclasses import replace

import pytest

from tracker.model import PhaseKind, Placement, SetTarget, Side
from tracker.plan.catalogue import load_catalogue
from tracker.session.guide import GuideParameters
from tracker.session.plan_steps import plan_steps, split_by_sensors

CATALOGUE = load_catalogue()
GUIDE = GuideParameters()
SEATED = SetTarget(
    "seated",
    "B",
    "seated_internal_rotation",
    Side.BOTH,
    sets=3,
    reps_low=8,
    reps_high=12,
    rest_s=90.0,
    tempo="2-1-3",
    band_placement="ankles",
    band_colour="red",
    elongation_percent=125.0,
)
HIKE = SetTarget("hike", "C", "hip_hike", Side.LEFT, sets=2, reps_low=8, reps_high=8, rest_s=60.0)
THIGHS = frozenset({Placement.LEFT_THIGH, Placement.RIGHT_THIGH})


def test_each_set_ends_at_the_top_of_its_range_and_is_rested_after() -> None:
    steps = plan_steps([SEATED, HIKE], CATALOGUE, GUIDE)
    assert [(one.exercise, one.side, one.repetitions) for one in steps] == [
        *[("seated_internal_rotation", Side.BOTH, 12)] * 3,
        *[("hip_hike", Side.LEFT, 8)] * 2,
    ]
    # The rest after the last set of an exercise comes before the first one of the next.
    assert [one.wait_s for one in steps] == [GUIDE.prepare_s, 90.0, 90.0, 90.0, 60.0]
    assert {one.kind for one in steps} == {PhaseKind.SET}


def test_nobody_has_less_time_than_it_takes_to_get_ready() -> None:
    hurried = replace(SEATED, rest_s=1.0)
    assert {one.wait_s for one in plan_steps([hurried], CATALOGUE, GUIDE)} == {GUIDE.prepare_s}
    restless = replace(SEATED, rest_s=None)
    assert {one.wait_s for one in plan_steps([restless], CATALOGUE, GUIDE)} == {GUIDE.prepare_s}


def test_the_text_says_which_set_how_many_and_with_which_band() -> None:
    first, second, _ = plan_steps([SEATED], CATALOGUE, GUIDE)
    for part in ("set 1 of 3", "8 to 12", "tempo 2-1-3", "red band +125 % at the ankles"):
        assert part in first.text
    assert "set 2 of 3" in second.text
    assert {first.tempo, second.tempo} == {"2-1-3"}
    assert CATALOGUE["seated_internal_rotation"].movement in first.text
    [hold] = plan_steps([replace(HIKE, sets=1, hold_s=5.0)], CATALOGUE, GUIDE)
    assert "8, hold each 5 s" in hold.text
    assert "band" not in hold.text.partition(". ")[0]


def test_the_own_range_is_shown_once_before_each_exercise() -> None:
    steps = plan_steps([SEATED, HIKE], CATALOGUE, GUIDE, demonstrate=True)
    kinds = [one.kind for one in steps]
    shown, done = PhaseKind.DEMONSTRATION, PhaseKind.SET
    assert kinds == [shown, done, done, done, shown, done, done]
    assert [one.wait_s for one in steps[3:6]] == [90.0, 90.0, GUIDE.prepare_s]


def test_what_has_no_sensor_is_told_apart() -> None:
    assert split_by_sensors([SEATED, HIKE], THIGHS, CATALOGUE) == ((SEATED,), (HIKE,))
    with_pelvis = THIGHS | {Placement.PELVIS}
    assert split_by_sensors([SEATED, HIKE], with_pelvis, CATALOGUE) == ((SEATED, HIKE), ())
    left = replace(SEATED, side=Side.LEFT)
    assert split_by_sensors([left, SEATED], {Placement.LEFT_THIGH}, CATALOGUE) == ((left,), (SEATED,))


@pytest.mark.parametrize("worn", [frozenset(), frozenset({Placement.PELVIS})])
def test_without_a_thigh_nothing_of_the_thighs_is_counted(worn: frozenset[Placement]) -> None:
    assert split_by_sensors([SEATED], worn, CATALOGUE) == ((), (SEATED,))
