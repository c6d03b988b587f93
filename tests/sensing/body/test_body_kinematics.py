"""Sensors in motion: signs, integration back to the pose, and acceleration in closed form."""

import numpy as np
import pytest
from body_poses import PLAIN, minimum_jerk_derivatives

from tracker.model import THIGH_SIDES, FloatArray, Placement
from tracker.sensing.body.angles import Posture, about_z, rotation_from_vector, vector_from_rotation
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.kinematics import GRAVITY_M_PER_S2, Mounting, measure
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.timeline import Joint

THIGHS = [Placement.LEFT_THIGH, Placement.RIGHT_THIGH]
UP = np.array([0.0, GRAVITY_M_PER_S2, 0.0])
TILTED = Mounting.strapped(0.7, (0.3, -0.2, 1.1))


def moving(posture: Posture, joint: Joint, target_rad: float, duration_s: float) -> BodyScript:
    return ScriptBuilder(posture).move(duration_s, {joint: target_rad}).build()


def everything_moves() -> BodyScript:
    """All joints move at once: lying down while both legs bend, spread and turn."""
    targets: dict[Joint, float] = {
        Joint.PELVIS_PITCH: 1.5,
        Joint.PELVIS_ROLL: 0.4,
        Joint.PELVIS_HEIGHT: 0.5,
        Joint.LEFT_FLEXION: 0.8,
        Joint.LEFT_ADDUCTION: -0.3,
        Joint.LEFT_ROTATION: -0.4,
        Joint.LEFT_KNEE_ROLL: 0.3,
        Joint.RIGHT_FLEXION: 0.5,
        Joint.RIGHT_ADDUCTION: 0.2,
        Joint.RIGHT_ROTATION: 0.6,
    }
    return ScriptBuilder().move(1.5, targets).build()


@pytest.mark.parametrize("placement", THIGHS)
@pytest.mark.parametrize(
    ("joint", "axis", "mirrored"),
    [
        (Joint.LEFT_FLEXION, 2, False),
        (Joint.LEFT_ADDUCTION, 0, True),
        (Joint.LEFT_ROTATION, 1, True),
        (Joint.LEFT_KNEE_ROLL, 1, True),
    ],
)
def test_sign_and_size_of_the_angular_rate(
    placement: Placement, joint: Joint, axis: int, mirrored: bool
) -> None:
    """Flexion is +z on both legs; internal rotation is +y on the right, -y on the left."""
    side = THIGH_SIDES[placement]
    script = moving(Posture.SUPINE, joint.on(side), 0.5, 0.8)
    _, rate = measure(script, placement, PLAIN, np.array([0.2, 0.4]))
    _, first, _ = minimum_jerk_derivatives(np.array([0.25, 0.5]))
    expected = np.zeros((2, 3))
    expected[:, axis] = (side.sign if mirrored else 1) * 0.5 / 0.8 * first
    np.testing.assert_allclose(rate, expected, atol=3e-6)


@pytest.mark.parametrize("placement", list(Placement))
def test_pelvis_rolling_left_is_positive_about_y_everywhere(placement: Placement) -> None:
    _, rate = measure(moving(Posture.SUPINE, Joint.PELVIS_ROLL, 0.5, 1.0), placement, PLAIN, np.array([0.5]))
    np.testing.assert_allclose(rate, [[0.0, 0.5 * 1.875, 0.0]], atol=2e-6)


def test_lying_down_on_the_back_is_positive_about_z() -> None:
    _, rate = measure(ScriptBuilder().lie_down(1.5).build(), Placement.PELVIS, PLAIN, np.array([0.75]))
    np.testing.assert_allclose(rate, [[0.0, 0.0, 1.875 * 0.5 * np.pi / 1.5]], atol=5e-6)


@pytest.mark.parametrize("mounting", [PLAIN, TILTED])
@pytest.mark.parametrize("placement", list(Placement))
def test_integrated_rate_returns_the_pose(placement: Placement, mounting: Mounting) -> None:
    script = everything_moves()
    step_s = 1e-3
    _, rate = measure(script, placement, mounting, np.arange(0.0, 1.5, step_s) + step_s / 2)
    ends, _ = script.pose(np.array([0.0, 1.5])).segment(placement)
    reached: FloatArray = ends[0] @ mounting.rotation
    for one in rate:
        reached = reached @ rotation_from_vector(one * step_s)
    error = vector_from_rotation((reached.T @ ends[1] @ mounting.rotation)[np.newaxis])
    assert np.degrees(np.linalg.norm(error)) < 0.0005


@pytest.mark.parametrize("placement", THIGHS)
def test_rate_at_100_hz_integrates_to_the_repetition(placement: Placement) -> None:
    """One axis: the sum of the rates is the rotation, up to the turning point and back to the start."""
    script = ScriptBuilder(Posture.SUPINE).repetitions([np.radians(30.0)], Tempo(0.8, 0.2, 0.8, 0.2)).build()
    _, rate = measure(script, placement, PLAIN, np.arange(200) / 100.0)
    turned = THIGH_SIDES[placement].sign * np.degrees(np.cumsum(rate[:, 1]) / 100.0)
    assert turned[90] == pytest.approx(30.0, abs=0.01)
    assert turned[-1] == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("placement", THIGHS)
@pytest.mark.parametrize("strap_rad", [0.0, 0.9])
def test_acceleration_of_a_turning_thigh(placement: Placement, strap_rad: float) -> None:
    """Turning about the long axis feels -r w^2 along x and -r dw/dt along z, wherever the strap sits."""
    sign, size, duration_s, radius_m = THIGH_SIDES[placement].sign, 0.5, 0.8, 0.08
    script = moving(Posture.SUPINE, Joint.LEFT_ROTATION.on(THIGH_SIDES[placement]), size, duration_s)
    time_s = np.linspace(0.01, 0.79, 79)
    done, first, second = minimum_jerk_derivatives(time_s / duration_s)
    theta, omega, alpha = (
        sign * size * done,
        sign * size / duration_s * first,
        sign * size / duration_s**2 * second,
    )
    expected = np.column_stack(
        (
            GRAVITY_M_PER_S2 * np.cos(theta + strap_rad) - radius_m * omega**2,
            np.zeros(79),
            GRAVITY_M_PER_S2 * np.sin(theta + strap_rad) - radius_m * alpha,
        )
    )
    force, _ = measure(script, placement, Mounting.strapped(strap_rad, off_axis_m=radius_m), time_s)
    np.testing.assert_allclose(force, expected, atol=2e-5)


def test_acceleration_of_a_swinging_thigh() -> None:
    """Flexion in standing: `f = dw x r + w x (w x r) + Rz(-a) g`, for a tilted sensor too."""
    script = moving(Posture.UPRIGHT, Joint.RIGHT_FLEXION, 0.6, 0.7)
    time_s = np.linspace(0.01, 0.69, 69)
    done, first, second = minimum_jerk_derivatives(time_s / 0.7)
    angle, omega, alpha = 0.6 * done, 0.6 / 0.7 * first, 0.6 / 0.7**2 * second
    arm, z = TILTED.position_m, np.array([0.0, 0.0, 1.0])
    across, outward = np.cross(z, arm), np.cross(z, np.cross(z, arm))
    felt = alpha[:, np.newaxis] * across + omega[:, np.newaxis] ** 2 * outward
    felt += np.array([about_z(-one) @ UP for one in angle])
    force, _ = measure(script, Placement.RIGHT_THIGH, TILTED, time_s)
    np.testing.assert_allclose(force, felt @ TILTED.rotation, atol=5e-5)


@pytest.mark.parametrize("placement", THIGHS)
def test_hip_centre_moves_with_the_rolling_pelvis(placement: Placement) -> None:
    """The leg keeps its direction in the pelvis: at the hip itself only the pelvis' roll is felt."""
    script = moving(Posture.SUPINE, Joint.PELVIS_ROLL, 0.5, 0.8)
    done, first, second = minimum_jerk_derivatives(np.array([0.25]))
    omega, alpha = 0.5 / 0.8 * first[0], 0.5 / 0.8**2 * second[0]
    at_hip = Mounting(np.eye(3), np.zeros(3))
    force, _ = measure(script, placement, at_hip, np.array([0.2]))
    roll = 0.5 * done[0]
    gravity = GRAVITY_M_PER_S2 * np.array([np.cos(roll), 0.0, np.sin(roll)])
    lever_m = 0.085 * THIGH_SIDES[placement].sign
    np.testing.assert_allclose(force[0] - gravity, lever_m * np.array([alpha, 0.0, -(omega**2)]), atol=2e-5)


@pytest.mark.parametrize("placement", list(Placement))
def test_force_integrates_to_the_path_of_the_sensor(placement: Placement) -> None:
    """Twice integrated in the world, the force without gravity ends at rest and where the sensor is."""
    script = everything_moves()
    step_s = 1e-3
    time_s = np.arange(-10.0, 1511.0) * step_s
    force, _ = measure(script, placement, TILTED, time_s)
    segment, origin_m = script.pose(time_s).segment(placement)
    place_m = origin_m + segment @ TILTED.position_m
    acceleration = (segment @ TILTED.rotation @ force[:, :, np.newaxis])[:, :, 0] - UP
    velocity = np.cumsum(acceleration, axis=0) * step_s
    np.testing.assert_allclose(velocity[-1], 0.0, atol=1e-4)
    np.testing.assert_allclose(np.sum(velocity, axis=0) * step_s, place_m[-1] - place_m[0], atol=5e-4)


def test_late_times_lose_no_precision() -> None:
    """After an hour the same movement feels the same, to a hundredth of a chip's noise."""
    early = ScriptBuilder(Posture.SUPINE).move(0.8, {Joint.RIGHT_FLEXION: 0.5}).build()
    late = ScriptBuilder(Posture.SUPINE).hold(3600.0).move(0.8, {Joint.RIGHT_FLEXION: 0.5}).build()
    time_s = np.linspace(0.1, 0.7, 13)
    for first, second in zip(
        measure(early, Placement.RIGHT_THIGH, PLAIN, time_s),
        measure(late, Placement.RIGHT_THIGH, PLAIN, time_s + 3600.0),
        strict=True,
    ):
        np.testing.assert_allclose(first, second, atol=5e-5)
