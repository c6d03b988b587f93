"""Rotations, hip angles and postures, against the definitions and against each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Side
from tracker.sensing.body.angles import (
    HipAngles,
    Posture,
    about_x,
    about_y,
    about_z,
    pelvis_rotation,
    rotation_from_vector,
    vector_from_rotation,
)

LEGS = [Side.LEFT, Side.RIGHT]
angle = st.floats(-1.4, 1.4)
part = st.floats(-1.8, 1.8)


def test_elementary_rotations_are_right_handed() -> None:
    x, y, z = np.eye(3)
    np.testing.assert_allclose(about_x(np.pi / 2) @ y, z, atol=1e-15)
    np.testing.assert_allclose(about_y(np.pi / 2) @ z, x, atol=1e-15)
    np.testing.assert_allclose(about_z(np.pi / 2) @ x, y, atol=1e-15)


def test_elementary_rotations_keep_the_shape_of_their_angles() -> None:
    assert about_x(np.zeros((4, 2))).shape == (4, 2, 3, 3)


@given(angle, angle, angle)
def test_hip_rotation_is_the_intrinsic_zxy_sequence_mirrored_on_the_left(
    a: float, b: float, g: float
) -> None:
    hip = HipAngles.of(a, b, g)
    np.testing.assert_allclose(hip.rotation(Side.RIGHT), about_z(a) @ about_x(b) @ about_y(g), atol=1e-15)
    np.testing.assert_allclose(hip.rotation(Side.LEFT), about_z(a) @ about_x(-b) @ about_y(-g), atol=1e-15)


@given(angle, angle, angle, st.sampled_from(LEGS))
def test_hip_angles_come_back_from_their_matrix(a: float, b: float, g: float, side: Side) -> None:
    back = HipAngles.from_rotation(HipAngles.of(a, b, g).rotation(side), side)
    assert (float(back.flexion_rad), float(back.adduction_rad), float(back.internal_rotation_rad)) == (
        pytest.approx((a, b, g), abs=1e-13)
    )


@given(part, part, part)
def test_logarithm_undoes_the_exponential(x: float, y: float, z: float) -> None:
    vector = np.array([x, y, z]) * 0.99 * np.pi / (1.8 * np.sqrt(3))
    matrix = rotation_from_vector(vector)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-14)
    np.testing.assert_allclose(vector_from_rotation(matrix[np.newaxis])[0], vector, atol=1e-12)


def test_logarithm_keeps_small_angles_to_the_last_digits() -> None:
    vector = np.array([1e-7, -2e-7, 3e-7])
    np.testing.assert_allclose(
        vector_from_rotation(rotation_from_vector(vector)[np.newaxis])[0], vector, atol=1e-21
    )
    assert not vector_from_rotation(np.eye(3)[np.newaxis]).any()


@pytest.mark.parametrize("side", LEGS)
def test_hook_lying_knee_roll_mixes_rotation_and_adduction(side: Side) -> None:
    """45 degrees of flexion and 30 of roll are 22.2 internal rotation and 20.7 adduction."""
    straight = HipAngles(np.radians([45.0]), np.zeros(1), np.zeros(1))
    rolled = straight.rolled(np.radians([30.0]), side)
    assert np.degrees(rolled.internal_rotation_rad[0]) == pytest.approx(22.2077, abs=1e-3)
    assert np.degrees(rolled.adduction_rad[0]) == pytest.approx(20.7048, abs=1e-3)
    assert np.sin(rolled.adduction_rad[0]) == pytest.approx(np.sin(np.radians(30)) * np.sin(np.radians(45)))


@pytest.mark.parametrize(
    ("posture", "up"),
    [
        (Posture.UPRIGHT, (0, 1, 0)),
        (Posture.SEATED, (0, 1, 0)),
        (Posture.SUPINE, (1, 0, 0)),
        (Posture.PRONE, (-1, 0, 0)),
        (Posture.LEFT_SIDE_DOWN, (0, 0, 1)),
        (Posture.RIGHT_SIDE_DOWN, (0, 0, -1)),
    ],
)
def test_up_in_the_pelvis_for_each_posture(posture: Posture, up: tuple[int, int, int]) -> None:
    """The pelvis' up direction, `R_WP` transposed times the world's y."""
    np.testing.assert_allclose(pelvis_rotation(posture.pitch_rad, posture.roll_rad)[1], up, atol=1e-15)


@given(angle)
def test_axial_roll_of_the_supine_pelvis_is_psi_positive_to_the_left(roll_rad: float) -> None:
    matrix = pelvis_rotation(Posture.SUPINE.pitch_rad, roll_rad)
    assert np.arctan2(matrix[1, 2], matrix[1, 0]) == pytest.approx(roll_rad, abs=1e-14)
    if roll_rad > 0.0:
        assert matrix[1, 2] > 0.0, "turned to the left, the right hip is the higher one"
