"""Gravity seen by sensors on the posed body against the closed forms; degrees, exact but for rounding."""

import numpy as np
import pytest
from body_poses import PLAIN, posed, twist_deg, up_of

from tracker.model import THIGH_SIDES, FloatArray, Placement
from tracker.sensing.body.angles import HipAngles, Posture, about_x, about_y, about_z
from tracker.sensing.body.kinematics import GRAVITY_M_PER_S2, Mounting, measure
from tracker.sensing.body.timeline import Joint

LEFT, RIGHT, PELVIS = Placement.LEFT_THIGH, Placement.RIGHT_THIGH, Placement.PELVIS
EXACT_DEG = 1e-6
OUT_25_15 = {Joint.RIGHT_ROTATION: -25.0, Joint.LEFT_ROTATION: -15.0}


def exact(value: float) -> object:
    return pytest.approx(value, abs=EXACT_DEG)


def deg(angle_rad: float) -> float:
    return float(np.degrees(angle_rad))


def test_supine_rest_25_and_15() -> None:
    script = posed(Posture.SUPINE, OUT_25_15)
    theta_right, theta_left = twist_deg(up_of(script, RIGHT)), twist_deg(up_of(script, LEFT))
    assert theta_right == exact(-25.0)
    assert theta_left == exact(15.0)
    assert -(theta_right + theta_left) == exact(10.0)
    assert (theta_left - theta_right) / 2 == exact(20.0)


@pytest.mark.parametrize(("psi", "difference"), [(5.0, 0.0), (-5.0, 20.0)])
def test_pelvic_roll_enters_the_difference_twice_and_the_mean_not(psi: float, difference: float) -> None:
    script = posed(Posture.SUPINE, OUT_25_15 | {Joint.PELVIS_ROLL: psi})
    theta_right, theta_left = twist_deg(up_of(script, RIGHT)), twist_deg(up_of(script, LEFT))
    assert -(theta_right + theta_left) == exact(difference)
    assert (theta_left - theta_right) / 2 == exact(20.0)
    measured_psi = twist_deg(up_of(script, PELVIS, Mounting.on_belt()))
    assert measured_psi == exact(psi)
    assert -(theta_right + theta_left) + 2 * measured_psi == exact(10.0)


@pytest.mark.parametrize(("flexion", "error"), [(0.0, 0.0), (10.0, 3.45), (20.0, 7.10)])
def test_abduction_of_20_misleads_the_raised_thigh(flexion: float, error: float) -> None:
    alpha, beta = np.radians(flexion), np.radians(-20.0)
    closed_form = deg(np.arctan2(np.sin(alpha) * np.sin(beta), np.cos(alpha)))
    assert abs(closed_form) == pytest.approx(error, abs=0.005)
    for placement, flex, add, turn in (
        (RIGHT, Joint.RIGHT_FLEXION, Joint.RIGHT_ADDUCTION, Joint.RIGHT_ROTATION),
        (LEFT, Joint.LEFT_FLEXION, Joint.LEFT_ADDUCTION, Joint.LEFT_ROTATION),
    ):
        up = up_of(posed(Posture.SUPINE, {flex: flexion, add: -20.0, turn: -25.0}), placement)
        assert THIGH_SIDES[placement].sign * twist_deg(up) == exact(-25.0 + closed_form)
        assert np.hypot(up[0], up[2]) == pytest.approx(
            np.sqrt(1 - np.sin(alpha) ** 2 * np.cos(beta) ** 2), abs=1e-9
        )
        assert up[1] <= 1e-12, "a raised knee is the higher end"


def test_seated_twist_is_the_hip_rotation_whatever_the_abduction() -> None:
    pose = {Joint.RIGHT_FLEXION: 90.0, Joint.RIGHT_ADDUCTION: -20.0, Joint.RIGHT_ROTATION: 20.0}
    assert twist_deg(up_of(posed(Posture.SEATED, pose), RIGHT)) == exact(20.0)


def test_prone_twist_takes_the_other_sign_of_up() -> None:
    up = up_of(posed(Posture.PRONE, {Joint.RIGHT_ROTATION: 15.0}), RIGHT)
    assert twist_deg(-up) == exact(15.0)


@pytest.mark.parametrize(
    ("posture", "offset"), [(Posture.LEFT_SIDE_DOWN, 90), (Posture.RIGHT_SIDE_DOWN, -90)]
)
@pytest.mark.parametrize("abduction", [0.0, 20.0])
def test_side_lying_twist_is_exact_at_any_flexion_and_abduction(
    posture: Posture, offset: float, abduction: float
) -> None:
    pose = {Joint.RIGHT_FLEXION: 45.0, Joint.RIGHT_ADDUCTION: -abduction, Joint.RIGHT_ROTATION: 25.0}
    assert twist_deg(up_of(posed(posture, pose), RIGHT)) == exact(offset + 25.0)


def test_hook_lying_knee_roll() -> None:
    """45 degrees of flexion, 30 of roll: m = 30, twist 39.2."""
    for placement, flex, roll in (
        (RIGHT, Joint.RIGHT_FLEXION, Joint.RIGHT_KNEE_ROLL),
        (LEFT, Joint.LEFT_FLEXION, Joint.LEFT_KNEE_ROLL),
    ):
        up = THIGH_SIDES[placement].sign * up_of(posed(Posture.SUPINE, {flex: 45.0, roll: 30.0}), placement)
        assert deg(np.arcsin(up[2])) == exact(30.0)
        assert deg(np.arctan(up[2] / abs(up[0]))) == exact(
            deg(np.arctan(np.tan(np.pi / 6) / np.cos(np.pi / 4)))
        )


@pytest.mark.parametrize("posture", list(Posture))
@pytest.mark.parametrize("placement", [LEFT, RIGHT])
def test_general_closed_form(posture: Posture, placement: Placement) -> None:
    """`w = Rx(b)' Rz(a)' u_P`, twist g + atan2(w_z, w_x), for angles without any symmetry."""
    side = THIGH_SIDES[placement]
    targets: dict[Joint, float] = {
        Joint.LEFT_FLEXION.on(side): 37.0,
        Joint.LEFT_ADDUCTION.on(side): -11.0,
        Joint.LEFT_ROTATION.on(side): 23.0,
    }
    script = posed(posture, targets)
    a, b, g = np.radians([37.0, -11.0 * side.sign, 23.0 * side.sign])
    up_pelvis: FloatArray = script.pose(np.array([1.5])).pelvis[0, 1]
    w = about_x(b).T @ about_z(a).T @ up_pelvis
    expected = about_y(g).T @ w
    np.testing.assert_allclose(up_of(script, placement), expected, atol=1e-9)
    apart = twist_deg(up_of(script, placement)) - deg(g + np.arctan2(w[2], w[0]))
    assert (apart + 180.0) % 360.0 - 180.0 == exact(0.0)


def test_standing_thigh_reads_up_along_its_long_axis_with_one_g() -> None:
    force, rate = measure(posed(Posture.UPRIGHT), RIGHT, PLAIN, np.array([0.1, 1.5, 99.0]))
    np.testing.assert_allclose(force, np.tile([0.0, GRAVITY_M_PER_S2, 0.0], (3, 1)), atol=1e-7)
    np.testing.assert_allclose(rate, 0.0, atol=1e-11)


@pytest.mark.parametrize("strap", [10.0, -135.0, 180.0])
def test_strap_rotation_shifts_the_reading_one_to_one(strap: float) -> None:
    mounting = Mounting.strapped(float(np.radians(strap)))
    rest, zero = posed(Posture.SUPINE, {Joint.RIGHT_ROTATION: -25.0}), posed(Posture.SUPINE)
    shifted = twist_deg(up_of(rest, RIGHT, mounting)) - (-25.0 + strap)
    assert (shifted + 180.0) % 360.0 - 180.0 == exact(0.0)
    within = twist_deg(up_of(rest, RIGHT, mounting)) - twist_deg(up_of(zero, RIGHT, mounting))
    assert (within + 180.0) % 360.0 - 180.0 == exact(-25.0)


@pytest.mark.parametrize(("elevation", "error"), [(0.0, 0.28), (10.0, 1.95)])
def test_misaligned_long_axis(elevation: float, error: float) -> None:
    """10 degrees about x at 20 of outward rotation."""
    mounting = Mounting.strapped(misalignment_rad=(np.radians(10.0), 0.0, 0.0))
    pose = {Joint.RIGHT_FLEXION: elevation, Joint.RIGHT_ROTATION: -20.0}
    assert twist_deg(up_of(posed(Posture.SUPINE, pose), RIGHT, mounting)) + 20.0 == pytest.approx(
        error, abs=0.006
    )


@pytest.mark.parametrize(("axis", "raw"), [((1, 0, 0), 20.0), ((0, 0, 1), -160.0), ((0, 1, 0), 160.0)])
def test_sensor_upside_down(axis: tuple[int, int, int], raw: float) -> None:
    mounting = Mounting.strapped(misalignment_rad=np.pi * np.array(axis))
    up = up_of(posed(Posture.SUPINE, {Joint.RIGHT_ROTATION: -20.0}), RIGHT, mounting)
    assert twist_deg(up) == exact(raw)


def test_swapped_sensors_read_internal_rotation_at_rest() -> None:
    script = posed(Posture.SUPINE, OUT_25_15)
    assert twist_deg(up_of(script, LEFT)) == exact(15.0)
    assert -twist_deg(up_of(script, RIGHT)) == exact(25.0)


def test_closed_form_of_the_hip_matrix_itself() -> None:
    """Supine up in the thigh is the first row of the hip's matrix."""
    angles = np.radians([31.0, -12.0, 19.0])
    pose = {Joint.LEFT_FLEXION: 31.0, Joint.LEFT_ADDUCTION: -12.0, Joint.LEFT_ROTATION: 19.0}
    expected = HipAngles.of(*angles.tolist()).rotation(THIGH_SIDES[LEFT])[0]
    np.testing.assert_allclose(up_of(posed(Posture.SUPINE, pose), LEFT), expected, atol=1e-9)
