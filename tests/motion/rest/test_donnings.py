"""Donnings of a session told from its alignments: axes that are lost, a strap that sits otherwise."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.model import Placement, SensorAlignment, Side
from tracker.motion.frames.alignment import Alignment, housing_axis, turn_between_rad
from tracker.motion.parameters import AlignmentParameters
from tracker.motion.person import Axis
from tracker.motion.rest.donnings import donned_anew_s, donning_at

PARAMETERS = AlignmentParameters()
LEFT, RIGHT, PELVIS = Placement.LEFT_THIGH, Placement.RIGHT_THIGH, Placement.PELVIS
UP_THE_LEG: Axis = (0.0, 1.0, 0.0)

directions = (
    st.tuples(*[st.floats(-1.0, 1.0)] * 3)
    .filter(lambda one: math.hypot(*one) > 0.1)
    .map(lambda one: (one[0] / math.hypot(*one), one[1] / math.hypot(*one), one[2] / math.hypot(*one)))
)


def front(strap_deg: float) -> Axis:
    """Up in a sensor whose strap sits turned by an angle about the leg."""
    return math.cos(math.radians(strap_deg)), 0.0, math.sin(math.radians(strap_deg))


def posed(
    since_s: float, long_axis: Axis | None, strap_deg: float | None, placement: Placement = RIGHT
) -> SensorAlignment:
    """What is known of a sensor after a pose."""
    known = None if strap_deg is None else front(strap_deg)
    return SensorAlignment(placement, None, since_s, "any", long_axis, known)


def donned_s(*alignments: SensorAlignment, side: Side = Side.RIGHT) -> tuple[float, ...]:
    """When donnings were seen."""
    return donned_anew_s(alignments, side, PARAMETERS)


STOOD, LAY = posed(5.0, UP_THE_LEG, None), posed(15.0, UP_THE_LEG, 20.0)


def test_poses_that_add_to_what_is_known_are_of_one_donning() -> None:
    assert donned_s() == donned_s(STOOD) == donned_s(STOOD, LAY) == ()
    assert donned_s(STOOD, LAY, posed(25.0, (0.0, 0.6, 0.8), 20.0)) == ()


@pytest.mark.parametrize(
    "after",
    [posed(25.0, UP_THE_LEG, None), posed(25.0, None, 20.0), posed(25.0, None, None)],
    ids=["stood again", "reference alone", "nothing yet"],
)
def test_what_is_not_known_any_more_was_lost_with_a_strap(after: SensorAlignment) -> None:
    assert donned_s(STOOD, LAY, after) == (25.0,)
    assert donned_s(STOOD, LAY, after, posed(35.0, UP_THE_LEG, 20.0)) == (25.0,)


@pytest.mark.parametrize("long_axis", [None, UP_THE_LEG])
@pytest.mark.parametrize(
    ("turned_deg", "anew"), [(0.0, False), (4.9, False), (-4.9, False), (5.1, True), (-40.0, True)]
)
def test_a_strap_that_turned_by_more_than_poses_repeat_is_another_donning(
    long_axis: Axis | None, turned_deg: float, anew: bool
) -> None:
    """Reference poses of one donning differ by less than 5 degrees."""
    first, second = posed(15.0, long_axis, 20.0), posed(25.0, long_axis, 20.0 + turned_deg)
    assert donned_s(first, second) == ((25.0,) if anew else ())


@given(directions, directions, st.one_of(st.none(), directions))
def test_the_turn_is_that_of_the_alignments(before: Axis, after: Axis, long_axis: Axis | None) -> None:
    housing = housing_axis(PARAMETERS)
    along = housing if long_axis is None else np.array(long_axis)
    assume(all(np.linalg.norm(np.cross(one, along)) > 0.01 for one in (before, after)))
    one, other = (
        Alignment(None if long_axis is None else along, np.array(front), housing_axis=housing)
        for front in (before, after)
    )
    turned_rad = turn_between_rad(one, other)
    assert turned_rad is not None
    limits_rad = abs(turned_rad) * np.array([1.0 - 1e-12, 1.0 + 1e-12])
    found = [
        donned_anew_s(
            [
                SensorAlignment(RIGHT, None, since_s, "any", long_axis, front)
                for since_s, front in enumerate((before, after), 1)
            ],
            Side.RIGHT,
            replace(PARAMETERS, reference_jump_rad=limit_rad),
        )
        for limit_rad in limits_rad - [1e-12, -1e-12]
    ]
    assert found == [(2,), ()]


def test_a_front_along_the_axis_tells_of_no_turn() -> None:
    assert donned_s(posed(15.0, UP_THE_LEG, 20.0), replace(LAY, since_s=25.0, front=UP_THE_LEG)) == ()


def test_each_leg_has_its_own_donnings_and_the_pelvis_none() -> None:
    lost = [posed(5.0, UP_THE_LEG, 0.0, place) for place in Placement]
    anew = [posed(25.0, None, 0.0, LEFT), posed(30.0, None, 0.0, PELVIS)]
    assert donned_s(*lost, *anew, side=Side.LEFT) == (25.0,)
    assert donned_s(*lost, *anew, side=Side.RIGHT) == ()


@given(st.permutations([STOOD, LAY, posed(25.0, UP_THE_LEG, None), posed(35.0, None, 20.0)]))
def test_the_order_in_which_alignments_are_given_does_not_matter(given_: list[SensorAlignment]) -> None:
    assert donned_s(*given_) == (25.0, 35.0)


def test_a_test_is_of_the_last_donning_that_was_seen_before_it() -> None:
    assert [donning_at(time_s, (25.0, 35.0)) for time_s in (0.0, 24.9, 25.0, 30.0, 35.0, 99.0)] == [
        0,
        0,
        1,
        1,
        2,
        2,
    ]
    assert donning_at(10.0, ()) == 0
