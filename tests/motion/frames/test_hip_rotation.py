"""Hip rotation from gravity: formulas, signs and what ab-/adduction costs, against rotation matrices."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from motion_samples import Pose, deg, rad

from tracker.model import Side
from tracker.motion.frames.hip_rotation import (
    crosstalk_bound_rad,
    elevation_rad,
    hip_rotation_rad,
    observability,
    twist_rad,
    wrap_rad,
)

BOTH_SIDES = [Side.LEFT, Side.RIGHT]
EXACT_DEG = 1e-9
"""Rounding of a handful of operations on angles below 180 degrees."""

CROSSTALK_TABLE_DEG = {
    0: (0.0, 0.0, 0.0, 0.0, 0.0),
    5: (0.44, 0.87, 1.30, 1.71, 2.50),
    10: (0.88, 1.75, 2.61, 3.45, 5.04),
    15: (1.34, 2.66, 3.97, 5.24, 7.63),
    20: (1.82, 3.62, 5.38, 7.10, 10.3),
    30: (2.88, 5.73, 8.50, 11.2, 16.1),
    45: (4.98, 9.85, 14.5, 18.9, 26.6),
}
"""By elevation of the knee, for the abductions below, as published with the measurement."""
TABLE_ABDUCTIONS_DEG = (5, 10, 15, 20, 30)

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


@pytest.mark.parametrize("elevation_deg", CROSSTALK_TABLE_DEG)
def test_crosstalk_bound_is_the_published_table(elevation_deg: float) -> None:
    bounds = [
        float(deg(crosstalk_bound_rad(rad(elevation_deg), rad(abduction_deg))))
        for abduction_deg in TABLE_ABDUCTIONS_DEG
    ]
    # the table gives three digits
    for bound, printed in zip(bounds, CROSSTALK_TABLE_DEG[int(elevation_deg)], strict=True):
        assert bound == pytest.approx(printed, abs=0.05 if printed >= 10.0 else 0.0051)


@given(st.sampled_from(BOTH_SIDES), st.floats(-60.0, 60.0), st.floats(0.0, 30.0), st.floats(-30.0, 30.0))
def test_crosstalk_bound_holds_for_every_smaller_abduction(
    side: Side, flexion_deg: float, bound_deg: float, adduction_deg: float
) -> None:
    pose = Pose(flexion_deg, max(-bound_deg, min(bound_deg, adduction_deg)), 0.0)
    error = abs(twist_rad(pose.thigh_up(side))[0])
    assert error <= crosstalk_bound_rad(rad(flexion_deg), rad(bound_deg)) + 1e-12


def test_crosstalk_bound_is_the_same_for_a_raised_and_a_lowered_knee() -> None:
    assert crosstalk_bound_rad(rad(-10.0), rad(15.0)) == crosstalk_bound_rad(rad(10.0), rad(15.0))


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
