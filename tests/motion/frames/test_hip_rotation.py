"""Hip rotation from gravity: formulas, signs and what ab-/adduction costs, against rotation matrices."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from motion_samples import Pose, deg, rad

from tracker.model import FloatArray, Side
from tracker.motion.frames.hip_rotation import (
    elevation_rad,
    hip_rotation_rad,
    neutral_twist_rad,
    observability,
    pelvis_turn_rad,
    twist_rad,
    wrap_rad,
)

BOTH_SIDES = [Side.LEFT, Side.RIGHT]
EXACT_DEG = 1e-9
"""Rounding of a handful of operations on angles below 180 degrees."""

angles_deg = st.floats(-80.0, 80.0)


def measured_deg(side: Side, pose: Pose, *, with_pelvis: bool = True) -> float:
    """Hip rotation as it is measured in a pose."""
    pelvis_twist = twist_rad(pose.pelvis_up()) if with_pelvis else 0.0
    return float(deg(hip_rotation_rad(side, twist_rad(pose.thigh_up(side)), pelvis_twist))[0])


@pytest.mark.parametrize(("side", "twist_deg"), [(Side.RIGHT, -25.0), (Side.LEFT, 25.0)])
def test_a_leg_turned_out_by_25_reads_minus_25_on_both_sides(side: Side, twist_deg: float) -> None:
    up = Pose(internal_rotation_deg=-25.0).thigh_up(side)
    assert deg(twist_rad(up))[0] == pytest.approx(twist_deg, abs=EXACT_DEG)
    assert deg(hip_rotation_rad(side, twist_rad(up)))[0] == pytest.approx(-25.0, abs=EXACT_DEG)


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_patella_up_is_zero_and_horizontal(side: Side) -> None:
    up = Pose().thigh_up(side)
    assert twist_rad(up)[0] == pytest.approx(0.0, abs=1e-15)
    assert observability(up)[0] == pytest.approx(1.0)
    assert elevation_rad(up)[0] == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize(
    ("roll_deg", "right_deg", "left_deg", "difference_deg"),
    [(0.0, 25.0, 15.0, 10.0), (5.0, 20.0, 20.0, 0.0), (-5.0, 30.0, 10.0, 20.0)],
)
def test_a_rolled_pelvis_enters_the_difference_twice_and_the_mean_not_at_all(
    roll_deg: float, right_deg: float, left_deg: float, difference_deg: float
) -> None:
    right = Pose(internal_rotation_deg=-25.0, roll_deg=roll_deg)
    left = Pose(internal_rotation_deg=-15.0, roll_deg=roll_deg)
    outward = [
        -measured_deg(Side.RIGHT, right, with_pelvis=False),
        -measured_deg(Side.LEFT, left, with_pelvis=False),
    ]
    assert outward == pytest.approx([right_deg, left_deg], abs=EXACT_DEG)
    assert outward[0] - outward[1] == pytest.approx(difference_deg, abs=EXACT_DEG)
    assert sum(outward) / 2 == pytest.approx(20.0, abs=EXACT_DEG)
    assert measured_deg(Side.RIGHT, right) == pytest.approx(-25.0, abs=EXACT_DEG)
    assert measured_deg(Side.LEFT, left) == pytest.approx(-15.0, abs=EXACT_DEG)


@given(st.sampled_from(BOTH_SIDES), angles_deg, angles_deg, st.floats(-40.0, 40.0), st.floats(-60.0, 60.0))
def test_against_the_pelvis_a_straight_leg_reads_its_rotation_whatever_the_roll(
    side: Side, rotation_deg: float, roll_deg: float, adduction_deg: float, flexion_deg: float
) -> None:
    """Exact for a horizontal thigh with any abduction, and without abduction for any flexion."""
    for pose in (
        Pose(0.0, 0.0, rotation_deg, roll_deg=roll_deg),
        Pose(0.0, adduction_deg, rotation_deg),
        Pose(flexion_deg, 0.0, rotation_deg),
    ):
        assert measured_deg(side, pose) == pytest.approx(rotation_deg, abs=1e-8)


@given(st.sampled_from(BOTH_SIDES), st.floats(-75.0, 75.0), st.floats(-40.0, 40.0), angles_deg)
def test_supine_twist_is_rotation_plus_the_crosstalk_formula(
    side: Side, flexion_deg: float, adduction_deg: float, rotation_deg: float
) -> None:
    up = Pose(flexion_deg, adduction_deg, rotation_deg).thigh_up(side)
    alpha, beta = rad(flexion_deg), rad(side.sign * adduction_deg)
    crosstalk = math.atan2(math.sin(alpha) * math.sin(beta), math.cos(alpha))
    expected = wrap_rad(np.array([rad(side.sign * rotation_deg) + crosstalk]))
    assert wrap_rad(twist_rad(up) - expected)[0] == pytest.approx(0.0, abs=1e-12)
    rho = math.sqrt(1.0 - (math.sin(alpha) * math.cos(beta)) ** 2)
    assert observability(up)[0] == pytest.approx(rho, abs=1e-12)
    # the knee end rises with flexion, less with abduction
    assert math.sin(elevation_rad(up)[0]) == pytest.approx(math.sin(alpha) * math.cos(beta), abs=1e-12)


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_seated_with_a_horizontal_thigh_reads_the_rotation_for_any_abduction(side: Side) -> None:
    for adduction_deg in (-30.0, -20.0, 0.0, 15.0):
        pose = Pose(90.0, adduction_deg, 20.0, pitch_deg=0.0)
        assert measured_deg(side, pose, with_pelvis=False) == pytest.approx(20.0, abs=EXACT_DEG)


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_standing_has_no_observability(side: Side) -> None:
    assert observability(Pose(pitch_deg=0.0).thigh_up(side))[0] < 1e-12


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20))
def test_wrapped_angles_are_the_same_angles_within_half_a_turn(angles: list[float]) -> None:
    wrapped = wrap_rad(np.array(angles))
    # rounding at 1e4 rad is 2e-12
    assert (wrapped >= -math.pi - 1e-11).all()
    assert (wrapped <= math.pi + 1e-11).all()
    turns = (np.array(angles) - wrapped) / (2 * math.pi)
    np.testing.assert_allclose(turns, np.round(turns), atol=1e-11)


def test_one_side_must_be_told() -> None:
    with pytest.raises(ValueError, match="one leg"):
        hip_rotation_rad(Side.BOTH, np.zeros(1))


EXACT_RAD = 1e-9
MINIMUM_OBSERVABILITY = 0.3
"""The twist errs by what up errs by, over this; a rest test asks for 0.87."""
NEAREST_FLEXION_DEG = 45.0
"""Of two hips that explain both directions of up, that with the flexion nearer to this is taken."""

pelvis_deg = st.floats(-180.0, 180.0)
flexions_deg = st.floats(-30.0, 130.0)

BODIES = {
    "on the back": (Pose(), Pose(flexion_deg=60.0)),
    "on the back, rolled": (Pose(roll_deg=20.0), Pose(flexion_deg=50.0, roll_deg=-20.0)),
    "on the front": (Pose(roll_deg=180.0), Pose(flexion_deg=-10.0, roll_deg=180.0)),
    "on the left side": (Pose(roll_deg=90.0), Pose(flexion_deg=70.0, roll_deg=80.0)),
    "on the right side": (Pose(roll_deg=-90.0), Pose(flexion_deg=70.0, roll_deg=-80.0)),
    "seated": (Pose(90.0, pitch_deg=0.0), Pose(70.0, pitch_deg=-10.0, roll_deg=15.0)),
    "leaning back": (Pose(45.0, pitch_deg=45.0), Pose(80.0, pitch_deg=30.0, roll_deg=-10.0)),
}
"""Thighs without hip rotation and without ab-/adduction, straight and bent."""


def rotated(pose: Pose, rotation_deg: float) -> Pose:
    """The same pose with a hip rotation."""
    return Pose(pose.flexion_deg, pose.adduction_deg, rotation_deg, pose.pitch_deg, pose.roll_deg)


def against_pelvis_rad(side: Side, pose: Pose) -> float:
    """Hip rotation of a pose by the general formula, from up in pelvis and thigh alone."""
    thigh = pose.thigh_up(side)
    return float(hip_rotation_rad(side, twist_rad(thigh), pelvis_turn_rad(pose.pelvis_up(), thigh))[0])


def apart_rad(one: float, other: float) -> float:
    """How far two angles are apart."""
    return abs(math.remainder(one - other, 2 * math.pi))


def other_flexion_deg(pose: Pose) -> float:
    """The other flexion that, without ab-/adduction, tilts the thigh's long axis as this one does.

    Both are mirrored at the one that brings the long axis nearest to the vertical.
    """
    x, y, _ = pose.pelvis_up()[0].tolist()
    return 2.0 * (math.degrees(math.atan2(y, x)) - 90.0) - pose.flexion_deg


def from_nearest_deg(flexion_deg: float) -> float:
    """How far a flexion is from 45 degrees."""
    return abs(math.remainder(flexion_deg - NEAREST_FLEXION_DEG, 360.0))


def across_front(pose: Pose) -> float:
    """Share of up across the front of a thigh that is not rotated: |w_x|."""
    return abs(float(rotated(pose, 0.0).thigh_up(Side.RIGHT)[0, 0]))


@given(
    st.sampled_from(BOTH_SIDES),
    flexions_deg,
    st.floats(-45.0, 45.0),
    angles_deg,
    pelvis_deg,
    pelvis_deg,
)
def test_with_flexion_and_adduction_known_the_rotation_is_exact_however_the_body_lies(
    side: Side,
    flexion_deg: float,
    adduction_deg: float,
    rotation_deg: float,
    pitch_deg: float,
    roll_deg: float,
) -> None:
    pose = Pose(flexion_deg, adduction_deg, rotation_deg, pitch_deg, roll_deg)
    up = pose.thigh_up(side)
    assume(observability(up)[0] >= MINIMUM_OBSERVABILITY)
    neutral = neutral_twist_rad(pose.pelvis_up(), rad(flexion_deg), rad(adduction_deg), side)
    found = hip_rotation_rad(side, twist_rad(up), neutral)[0]
    assert apart_rad(float(found), rad(rotation_deg)) < EXACT_RAD


@given(st.sampled_from(BOTH_SIDES), flexions_deg, angles_deg, pelvis_deg, pelvis_deg)
def test_without_adduction_the_rotation_against_the_pelvis_is_exact_however_the_body_lies(
    side: Side, flexion_deg: float, rotation_deg: float, pitch_deg: float, roll_deg: float
) -> None:
    """Where the flexion is the nearer one to 45 degrees of the two that explain what is seen.

    A root of a difference: rounding of 1e-15 in w_x squared, over 2 w_x and the observability, is below 1e-9
    from w_x = 1e-4 on.
    """
    pose = Pose(flexion_deg, 0.0, rotation_deg, pitch_deg, roll_deg)
    assume(observability(pose.thigh_up(side))[0] >= MINIMUM_OBSERVABILITY)
    assume(across_front(pose) > 1e-4)
    assume(from_nearest_deg(flexion_deg) < from_nearest_deg(other_flexion_deg(pose)) - 1e-6)
    assert apart_rad(against_pelvis_rad(side, pose), rad(rotation_deg)) < EXACT_RAD
    assert apart_rad(against_pelvis_rad(side, rotated(pose, 0.0)), 0.0) < EXACT_RAD


@given(st.sampled_from(BOTH_SIDES), st.floats(-180.0, 180.0), pelvis_deg, pelvis_deg)
def test_of_the_two_flexions_that_explain_both_directions_the_one_nearer_to_45_degrees_is_taken(
    side: Side, flexion_deg: float, pitch_deg: float, roll_deg: float
) -> None:
    """What the other one would read as rotation is the twist between the two poses."""
    pose = Pose(flexion_deg, pitch_deg=pitch_deg, roll_deg=roll_deg)
    other = Pose(other_flexion_deg(pose), pitch_deg=pitch_deg, roll_deg=roll_deg)
    up, other_up = pose.thigh_up(side), other.thigh_up(side)
    np.testing.assert_allclose(other_up[0, 1], up[0, 1], atol=1e-12)
    assume(observability(up)[0] >= MINIMUM_OBSERVABILITY)
    assume(across_front(pose) > 1e-4)
    distances = from_nearest_deg(pose.flexion_deg), from_nearest_deg(other.flexion_deg)
    assume(abs(distances[0] - distances[1]) > 1e-6)
    taken = up if distances[0] < distances[1] else other_up
    expected = side.sign * float((twist_rad(up) - twist_rad(taken))[0])
    assert apart_rad(against_pelvis_rad(side, pose), expected) < EXACT_RAD


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_in_every_posture_inward_is_positive_on_both_legs(side: Side, body: tuple[Pose, Pose]) -> None:
    for pose in body:
        for rotation_deg in (-40.0, -5.0, 0.0, 5.0, 40.0):
            found = against_pelvis_rad(side, rotated(pose, rotation_deg))
            assert found == pytest.approx(rad(rotation_deg), abs=EXACT_RAD)


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize("roll_deg", [-60.0, -20.0, 0.0, 35.0, 60.0])
def test_where_the_front_is_level_only_the_root_of_the_rounding_is_left(side: Side, roll_deg: float) -> None:
    """A thigh flexed by 90 degrees on the back: w_x is zero, its square is rounded to 1e-16.

    The root of that over an observability of 0.3 is 3e-8 rad. Only a rolled pelvis makes rotation visible.
    """
    pose = Pose(90.0, 0.0, 12.0, roll_deg=roll_deg)
    seen = observability(pose.thigh_up(side))[0]
    assert seen == pytest.approx(abs(math.sin(rad(roll_deg))))
    if seen >= MINIMUM_OBSERVABILITY:
        assert against_pelvis_rad(side, pose) == pytest.approx(rad(12.0), abs=1e-7)


@given(st.sampled_from(BOTH_SIDES), st.floats(-89.0, 89.0), angles_deg)
def test_with_level_thighs_on_the_back_the_turn_is_the_roll_of_the_pelvis(
    side: Side, roll_deg: float, rotation_deg: float
) -> None:
    pose = Pose(internal_rotation_deg=rotation_deg, roll_deg=roll_deg)
    turn = pelvis_turn_rad(pose.pelvis_up(), pose.thigh_up(side))
    assert turn[0] == pytest.approx(rad(roll_deg), abs=EXACT_RAD)


@given(
    st.sampled_from(BOTH_SIDES),
    st.sampled_from([-90.0, 90.0]),
    st.floats(-20.0, 90.0),
    st.floats(-40.0, 40.0),
    angles_deg,
)
def test_exactly_on_the_side_any_flexion_and_any_abduction_read_the_rotation(
    side: Side, roll_deg: float, flexion_deg: float, adduction_deg: float, rotation_deg: float
) -> None:
    pose = Pose(flexion_deg, adduction_deg, rotation_deg, roll_deg=roll_deg)
    assert apart_rad(against_pelvis_rad(side, pose), rad(rotation_deg)) < EXACT_RAD


def unit(seed: int) -> FloatArray:
    """A thousand directions, evenly drawn, and the axes both ways: (1006, 3)."""
    drawn = np.random.default_rng(seed).normal(size=(1000, 3))
    return np.vstack([drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.eye(3), -np.eye(3)])


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_any_two_directions_give_finite_angles_within_half_a_turn(side: Side) -> None:
    """Also those that no hip explains, as noise and loose straps make them."""
    pelvis, thigh = unit(1), unit(2)
    for turned in (0, 1, 2, 500):
        turn = pelvis_turn_rad(np.roll(pelvis, turned, axis=0), thigh)
        rotation = hip_rotation_rad(side, twist_rad(thigh), turn)
        for angle in (turn, rotation):
            assert np.isfinite(angle).all()
            assert (np.abs(angle) <= math.pi + 1e-12).all()


def test_a_pelvis_that_is_not_known_gives_no_rotation_and_leaves_its_neighbours() -> None:
    """NaN is what a pelvis reads while its samples are missing."""
    pose = Pose(internal_rotation_deg=-20.0, roll_deg=5.0)
    pelvis = np.vstack([pose.pelvis_up(), np.full((1, 3), np.nan), pose.pelvis_up()])
    thigh = np.repeat(pose.thigh_up(Side.LEFT), 3, axis=0)
    found = deg(hip_rotation_rad(Side.LEFT, twist_rad(thigh), pelvis_turn_rad(pelvis, thigh)))
    np.testing.assert_allclose(found, [-20.0, np.nan, -20.0], atol=EXACT_DEG)


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_samples_are_independent_of_each_other(side: Side) -> None:
    pelvis, thigh = unit(3), unit(4)
    whole = pelvis_turn_rad(pelvis, thigh)
    known = neutral_twist_rad(pelvis, 0.4, -0.2, side)
    for at in (0, 7, 1005):
        one = slice(at, at + 1)
        np.testing.assert_array_equal(pelvis_turn_rad(pelvis[one], thigh[one]), whole[one])
        np.testing.assert_array_equal(neutral_twist_rad(pelvis[one], 0.4, -0.2, side), known[one])
