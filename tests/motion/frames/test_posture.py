"""How the body lies, from pelvis and thigh: every posture, the edges between them, and left as right."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from motion_samples import Pose, rad

from tracker.model import FloatArray, Posture, Side
from tracker.motion.frames.posture import pelvis_is_in, posture_of, thigh_is_in

BOTH_SIDES = [Side.LEFT, Side.RIGHT]
SUPINE, PRONE, HOOK_LYING = Posture.SUPINE, Posture.PRONE, Posture.HOOK_LYING
LEFT_DOWN, RIGHT_DOWN = Posture.LEFT_SIDE_DOWN, Posture.RIGHT_SIDE_DOWN
SEATED, STANDING = Posture.SEATED, Posture.STANDING

POSES = {
    SUPINE: Pose(),
    HOOK_LYING: Pose(flexion_deg=45.0),
    PRONE: Pose(roll_deg=180.0),
    LEFT_DOWN: Pose(roll_deg=90.0),
    RIGHT_DOWN: Pose(roll_deg=-90.0),
    SEATED: Pose(flexion_deg=90.0, pitch_deg=0.0),
    STANDING: Pose(pitch_deg=0.0),
}
"""Turned to the left by a quarter from the back, the left side is down."""
MIRRORED = {LEFT_DOWN: RIGHT_DOWN, RIGHT_DOWN: LEFT_DOWN}
UP_IN_PELVIS = {posture: pose.pelvis_up()[0] for posture, pose in POSES.items()}

signed_deg = st.floats(-180.0, 180.0)
postures = st.lists(st.sampled_from(list(Posture)), unique=True).map(tuple)


def seen(pose: Pose, side: Side = Side.RIGHT) -> Posture:
    """The posture that pelvis and one thigh show in a pose."""
    return posture_of(pose.pelvis_up()[0], pose.thigh_up(side)[0])


def in_pelvis(postures: Sequence[Posture], up: FloatArray) -> bool:
    """Whether one direction of up fits one of the postures."""
    return bool(pelvis_is_in(tuple(postures), up[np.newaxis, :])[0])


def mirror(up: FloatArray) -> FloatArray:
    """A direction in the mirror: right becomes left."""
    return np.asarray(up * np.array([1.0, 1.0, -1.0]))


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize("posture", list(Posture))
def test_every_posture_is_known_from_either_leg(posture: Posture, side: Side) -> None:
    assert seen(POSES[posture], side) is posture


@pytest.mark.parametrize("posture", list(Posture))
@pytest.mark.parametrize("axis", range(3))
@pytest.mark.parametrize("askew_deg", [-20.0, 20.0])
def test_a_belt_that_sits_askew_by_20_degrees_changes_no_posture(
    posture: Posture, axis: int, askew_deg: float
) -> None:
    """Up is 45 degrees from the next posture; a turn moves it by 20 at most."""
    half = rad(askew_deg) / 2.0
    other, third = (axis + 1) % 3, (axis + 2) % 3
    turn = np.eye(3)
    turn[other, other] = turn[third, third] = math.cos(2 * half)
    turn[third, other], turn[other, third] = math.sin(2 * half), -math.sin(2 * half)
    pose = POSES[posture]
    assert posture_of(turn @ pose.pelvis_up()[0], pose.thigh_up(Side.RIGHT)[0]) is posture


@pytest.mark.parametrize(
    ("roll_deg", "posture"),
    [
        (44.0, SUPINE),
        (46.0, LEFT_DOWN),
        (134.0, LEFT_DOWN),
        (136.0, PRONE),
        (-44.0, SUPINE),
        (-46.0, RIGHT_DOWN),
        (-134.0, RIGHT_DOWN),
        (-136.0, PRONE),
    ],
)
def test_rolling_over_passes_the_side_between_45_and_135_degrees(roll_deg: float, posture: Posture) -> None:
    assert seen(Pose(roll_deg=roll_deg)) is posture


@pytest.mark.parametrize(
    ("pitch_deg", "posture"), [(-44.0, SEATED), (0.0, SEATED), (44.0, SEATED), (46.0, SUPINE), (-46.0, PRONE)]
)
def test_leaning_back_by_more_than_45_degrees_is_lying(pitch_deg: float, posture: Posture) -> None:
    """The thigh stays level."""
    assert seen(Pose(flexion_deg=90.0 - pitch_deg, pitch_deg=pitch_deg)) is posture


@pytest.mark.parametrize(
    ("flexion_deg", "posture"),
    [(0.0, STANDING), (44.0, STANDING), (-44.0, STANDING), (46.0, SEATED), (90.0, SEATED), (134.0, SEATED)],
)
def test_upright_is_standing_up_to_a_thigh_raised_by_45_degrees(flexion_deg: float, posture: Posture) -> None:
    assert seen(Pose(flexion_deg=flexion_deg, pitch_deg=0.0)) is posture


@pytest.mark.parametrize(
    ("flexion_deg", "posture"), [(-15.0, SUPINE), (19.0, SUPINE), (21.0, HOOK_LYING), (80.0, HOOK_LYING)]
)
@pytest.mark.parametrize("side", BOTH_SIDES)
def test_on_the_back_a_knee_raised_by_more_than_20_degrees_is_hook_lying(
    side: Side, flexion_deg: float, posture: Posture
) -> None:
    for rotation_deg in (-30.0, 0.0, 20.0):
        assert seen(Pose(flexion_deg=flexion_deg, internal_rotation_deg=rotation_deg), side) is posture


@pytest.mark.parametrize("roll_deg", [90.0, -90.0, 180.0])
@pytest.mark.parametrize("flexion_deg", [-20.0, 45.0, 90.0])
def test_bent_hips_change_nothing_on_the_side_and_on_the_front(roll_deg: float, flexion_deg: float) -> None:
    assert seen(Pose(flexion_deg=flexion_deg, roll_deg=roll_deg)) is seen(Pose(roll_deg=roll_deg))


@given(
    st.sampled_from(BOTH_SIDES),
    st.floats(-30.0, 120.0),
    st.floats(-40.0, 40.0),
    st.floats(-60.0, 60.0),
    signed_deg,
    signed_deg,
)
def test_a_mirrored_body_shows_the_mirrored_posture_with_its_other_leg(
    side: Side,
    flexion_deg: float,
    adduction_deg: float,
    rotation_deg: float,
    pitch_deg: float,
    roll_deg: float,
) -> None:
    other = Side.LEFT if side is Side.RIGHT else Side.RIGHT
    pose = Pose(flexion_deg, adduction_deg, rotation_deg, pitch_deg, roll_deg)
    turned = Pose(flexion_deg, adduction_deg, rotation_deg, pitch_deg, -roll_deg)
    # the mirrored body is the one rolled to the other side, to the last bit
    np.testing.assert_array_equal(turned.pelvis_up()[0], mirror(pose.pelvis_up()[0]))
    np.testing.assert_allclose(turned.thigh_up(other)[0], mirror(pose.thigh_up(side)[0]), atol=1e-15)
    found = posture_of(pose.pelvis_up()[0], pose.thigh_up(side)[0])
    in_the_mirror = posture_of(mirror(pose.pelvis_up()[0]), mirror(pose.thigh_up(side)[0]))
    assert in_the_mirror is MIRRORED.get(found, found)


@given(signed_deg, signed_deg, st.floats(-30.0, 120.0))
def test_the_posture_found_is_the_nearest_one_and_fits_the_pelvis(
    pitch_deg: float, roll_deg: float, flexion_deg: float
) -> None:
    """It fits where it is within 50 degrees: head down, or between three postures, none is."""
    pose = Pose(flexion_deg, pitch_deg=pitch_deg, roll_deg=roll_deg)
    up = pose.pelvis_up()[0]
    found = seen(pose)
    cosines = {posture: float(up @ of_posture) for posture, of_posture in UP_IN_PELVIS.items()}
    assert cosines[found] == pytest.approx(max(cosines.values()), abs=1e-12)
    assume(abs(cosines[found] - math.cos(rad(50.0))) > 1e-9)
    assert in_pelvis([found], up) is (cosines[found] > math.cos(rad(50.0)))


@pytest.mark.parametrize("posture", list(Posture))
@pytest.mark.parametrize("turn_deg", range(0, 360, 30))
def test_a_pelvis_is_in_a_posture_up_to_50_degrees_from_it_in_every_direction(
    posture: Posture, turn_deg: float
) -> None:
    towards = UP_IN_PELVIS[posture]
    one = np.cross(towards, np.array([0.6, 0.64, 0.48]))
    one /= np.linalg.norm(one)
    across = math.cos(rad(turn_deg)) * one + math.sin(rad(turn_deg)) * np.cross(towards, one)
    for off_deg, fits in ((0.0, True), (49.9, True), (50.1, False), (90.0, False), (180.0, False)):
        up = math.cos(rad(off_deg)) * towards + math.sin(rad(off_deg)) * across
        assert in_pelvis([posture], up) is fits


def test_between_two_postures_both_fit() -> None:
    """Half a right angle lies within 50 degrees of either."""
    up = Pose(roll_deg=45.0).pelvis_up()[0]
    assert [in_pelvis([one], up) for one in (SUPINE, LEFT_DOWN, RIGHT_DOWN, PRONE)] == [
        True,
        True,
        False,
        False,
    ]


@given(postures, signed_deg, signed_deg)
def test_a_pelvis_is_in_one_of_several_postures_where_it_is_in_any(
    several: tuple[Posture, ...], pitch_deg: float, roll_deg: float
) -> None:
    up = Pose(pitch_deg=pitch_deg, roll_deg=roll_deg).pelvis_up()[0]
    assert in_pelvis(several, up) is any(in_pelvis([one], up) for one in several)


@given(postures, signed_deg, signed_deg)
def test_left_and_right_are_alike_for_the_pelvis(
    several: tuple[Posture, ...], pitch_deg: float, roll_deg: float
) -> None:
    up = Pose(pitch_deg=pitch_deg, roll_deg=roll_deg).pelvis_up()[0]
    mirrored = [MIRRORED.get(one, one) for one in several]
    assert in_pelvis(several, up) is in_pelvis(mirrored, mirror(up))


@pytest.mark.parametrize("posture", list(Posture))
def test_a_pelvis_that_is_not_known_fits_and_its_neighbours_are_judged(posture: Posture) -> None:
    up = np.stack([UP_IN_PELVIS[posture], np.full(3, np.nan), -UP_IN_PELVIS[posture], np.full(3, np.nan)])
    assert pelvis_is_in((posture,), up).tolist() == [True, True, False, True]


def test_no_pelvis_samples_give_no_answers() -> None:
    assert pelvis_is_in((SUPINE,), np.empty((0, 3))).shape == (0,)


LEVEL_POSTURES = {
    SUPINE: Pose(),
    PRONE: Pose(roll_deg=180.0),
    LEFT_DOWN: Pose(roll_deg=90.0),
    RIGHT_DOWN: Pose(roll_deg=-90.0),
    SEATED: Pose(flexion_deg=90.0, pitch_deg=0.0),
}
"""The thigh is level."""


def turned(posture: Posture, rotation_deg: float, side: Side) -> FloatArray:
    """Up in a level thigh that is turned inwards in a posture, (1, 3)."""
    pose = LEVEL_POSTURES[posture]
    return Pose(pose.flexion_deg, 0.0, rotation_deg, pose.pitch_deg, pose.roll_deg).thigh_up(side)


@pytest.mark.parametrize("posture", LEVEL_POSTURES)
@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize("largest_deg", [30.0, 60.0])
def test_a_thigh_is_in_a_posture_up_to_the_largest_turn_to_either_side(
    posture: Posture, side: Side, largest_deg: float
) -> None:
    for rotation_deg, fits in ((0.0, True), (largest_deg - 0.1, True), (largest_deg + 0.1, False)):
        for turn_deg in (rotation_deg, -rotation_deg):
            up = turned(posture, turn_deg, side)
            assert thigh_is_in((posture,), up, rad(largest_deg)).tolist() == [fits]


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_a_level_thigh_tells_back_front_and_sides_apart(side: Side) -> None:
    """The twists of the four lie quarter turns apart; seated is as on the back."""
    same_twist = {SUPINE: {SUPINE, SEATED}, SEATED: {SUPINE, SEATED}}
    for posture in LEVEL_POSTURES:
        up = turned(posture, 0.0, side)
        fitting = {one for one in LEVEL_POSTURES if thigh_is_in((one,), up, rad(89.0))[0]}
        assert fitting == same_twist.get(posture, {posture})


@given(st.sampled_from(BOTH_SIDES), signed_deg, st.floats(1.0, 179.0), postures)
def test_left_and_right_are_alike_for_the_thigh(
    side: Side, rotation_deg: float, largest_deg: float, several: tuple[Posture, ...]
) -> None:
    up = Pose(internal_rotation_deg=rotation_deg).thigh_up(side)
    # on the edge the last bit of an angle decides
    assume(abs(math.remainder(rotation_deg - largest_deg, 90.0)) > 1e-6)
    assume(abs(math.remainder(rotation_deg + largest_deg, 90.0)) > 1e-6)
    mirrored = tuple(MIRRORED.get(one, one) for one in several)
    found = thigh_is_in(several, up, rad(largest_deg))
    assert found.tolist() == thigh_is_in(mirrored, mirror(up), rad(largest_deg)).tolist()


def test_one_of_several_postures_is_enough_for_a_thigh() -> None:
    ups = np.concatenate([turned(one, 0.0, Side.RIGHT) for one in (SUPINE, LEFT_DOWN, PRONE, RIGHT_DOWN)])
    sides = thigh_is_in((LEFT_DOWN, RIGHT_DOWN), ups, rad(40.0))
    assert sides.tolist() == [False, True, False, True]


@pytest.mark.parametrize("several", [(), (STANDING,), (STANDING, SUPINE)])
def test_postures_that_give_a_thigh_no_twist_fit_any_thigh(several: tuple[Posture, ...]) -> None:
    ups = np.concatenate([turned(one, 70.0, Side.LEFT) for one in LEVEL_POSTURES])
    assert thigh_is_in(several, ups, rad(10.0)).tolist() == [True] * len(LEVEL_POSTURES)
