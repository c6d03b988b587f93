"""What the uncertainty of a rest test is built from, term by term, against geometry and known numbers."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from motion_samples import Pose, deg, rad
from scipy import stats

from tracker.model import FloatArray, RestUncertainty, Side
from tracker.motion.frames.hip_rotation import (
    observability,
    pelvis_turn_rad,
    twist_rad,
    wrap_rad,
)
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2, RestTestParameters
from tracker.motion.rest.repeatability import Repeatability, assumed_repeatability
from tracker.motion.rest.uncertainty import RestCircumstances, rest_uncertainty

PARAMETERS = RestTestParameters()
NOTHING = Repeatability(0.0, math.inf, 0.0, math.inf)
NORMAL_95 = float(stats.norm.ppf(0.975))
LEVEL = RestCircumstances(
    observability=1.0,
    crosstalk_bound_rad=0.0,
    up_sd_rad=0.0,
    pelvis_up_sd_rad=None,
    calibrated=False,
    pelvis_calibrated=False,
)
"""A level thigh on the back that lies quite still, no pelvis sensor, nothing calibrated."""
small_rad = st.just(0.0) | st.floats(1e-6, 0.05)
"""Nothing, or more than a hundred thousandth of a degree."""
circumstances = st.builds(
    RestCircumstances,
    observability=st.floats(0.5, 1.0),
    crosstalk_bound_rad=small_rad,
    up_sd_rad=small_rad,
    pelvis_up_sd_rad=st.none() | small_rad,
    calibrated=st.booleans(),
    pelvis_calibrated=st.booleans(),
)
repeatabilities = st.builds(
    Repeatability,
    reference_sd_rad=small_rad,
    reference_dof=st.floats(6.0, 100.0),
    donning_sd_rad=small_rad,
    donning_dof=st.floats(6.0, 100.0),
)


def terms(
    found: RestCircumstances = LEVEL,
    repeatability: Repeatability = NOTHING,
    parameters: RestTestParameters = PARAMETERS,
) -> RestUncertainty:
    """The terms of a test."""
    return rest_uncertainty(found, parameters, repeatability)


def raised() -> RestCircumstances:
    """A straight leg on the back whose knee is raised by 10 degrees, with the bound of 15 of abduction."""
    return replace(LEVEL, crosstalk_bound_rad=rad(2.71), observability=math.cos(rad(10.0)))


@pytest.mark.parametrize(("calibrated", "bound_deg"), [(False, 1.15), (True, 0.17)])
def test_a_level_thigh_is_as_sure_as_its_sensors_offset(calibrated: bool, bound_deg: float) -> None:
    """Published: 20 mg turn gravity by 1.15 degrees, the 3 mg that a calibration leaves by 0.17."""
    found = terms(replace(LEVEL, calibrated=calibrated))
    assert deg(found.half_width_rad) == pytest.approx(bound_deg, abs=0.005)
    assert deg(found.sensor_rad) == pytest.approx(bound_deg / 1.96, abs=0.003)
    others = (found.crosstalk_rad, found.reference_rad, found.donning_rad, found.wander_rad)
    assert others == (0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("phi_deg", "times"), [(90.0, 1.0), (75.0, 1.04), (60.0, 1.15), (30.0, 2.0), (10.0, 5.76)]
)
def test_the_sensors_term_grows_with_one_over_the_observability(phi_deg: float, times: float) -> None:
    """Published amplifications for the angle between thigh and vertical."""
    steep = replace(LEVEL, observability=math.sin(rad(phi_deg)))
    assert terms(steep).sensor_rad / terms().sensor_rad == pytest.approx(times, abs=0.006)


@pytest.mark.parametrize(
    ("calibrated", "pelvis_calibrated", "milli_g"),
    [
        (False, False, math.hypot(20.0, 20.0)),
        (True, False, math.hypot(3.0, 20.0)),
        (False, True, math.hypot(20.0, 3.0)),
        (True, True, math.hypot(3.0, 3.0)),
    ],
)
def test_the_pelvis_adds_its_own_offset_in_squares(
    calibrated: bool, pelvis_calibrated: bool, milli_g: float
) -> None:
    worn = replace(LEVEL, pelvis_up_sd_rad=0.0, calibrated=calibrated, pelvis_calibrated=pelvis_calibrated)
    # for these small angles the arc sine is the angle to 1e-4
    assert terms(worn).half_width_rad == pytest.approx(milli_g / 1000.0, rel=2e-4)
    assert terms(replace(worn, observability=0.8)).sensor_rad == pytest.approx(terms(worn).sensor_rad / 0.8)


@pytest.mark.parametrize(("pelvis_calibrated", "milli_g"), [(False, 20.0), (True, 3.0)])
def test_the_pelvis_s_part_of_the_sensors_term_is_told(pelvis_calibrated: bool, milli_g: float) -> None:
    worn = replace(LEVEL, pelvis_up_sd_rad=0.0, pelvis_calibrated=pelvis_calibrated, observability=0.8)
    found = terms(worn)
    assert found.pelvis_rad == pytest.approx(math.asin(milli_g / 1000.0) / NORMAL_95 / 0.8, rel=1e-6)
    thigh = terms(replace(LEVEL, observability=0.8))
    assert found.sensor_rad == pytest.approx(math.hypot(thigh.sensor_rad, found.pelvis_rad))
    assert thigh.pelvis_rad == 0.0


def test_without_a_pelvis_sensor_its_calibration_does_not_matter() -> None:
    assert terms(replace(LEVEL, pelvis_calibrated=True)) == terms(LEVEL)


def offsets_across(up: FloatArray) -> FloatArray:
    """20 mg in 360 directions square to up, in g, (360, 3)."""
    one = np.cross(up, [0.48, 0.6, 0.64])
    one /= np.linalg.norm(one)
    turn = np.radians(np.arange(360.0))
    around: FloatArray = np.outer(np.cos(turn), one) + np.outer(np.sin(turn), np.cross(up, one))
    return 0.020 * around


def with_offsets(up: FloatArray) -> FloatArray:
    """Directions of up that sensors with these offsets show, (360, 3)."""
    shown = up + offsets_across(up)
    return np.asarray(shown / np.linalg.norm(shown, axis=1, keepdims=True))


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
@pytest.mark.parametrize("flexion_deg", [-12.0, 0.0, 6.0, 12.0])
@pytest.mark.parametrize("rotation_deg", [-40.0, 0.0, 10.0])
def test_the_worst_offset_of_the_thighs_sensor_errs_by_what_is_stated(
    side: Side, flexion_deg: float, rotation_deg: float
) -> None:
    """To first order; the second is 20 mg of 20 mg, 2 %."""
    up = Pose(flexion_deg=flexion_deg, internal_rotation_deg=rotation_deg).thigh_up(side)
    turned = twist_rad(with_offsets(up[0])) - twist_rad(up)
    stated = terms(replace(LEVEL, observability=float(observability(up)[0])))
    assert np.abs(turned).max() == pytest.approx(NORMAL_95 * stated.sensor_rad, rel=0.02)


@pytest.mark.parametrize("roll_deg", [-8.0, 0.0, 5.0])
@pytest.mark.parametrize("flexion_deg", [-12.0, 0.0, 12.0])
@pytest.mark.parametrize(
    ("pitch_deg", "level_deg"), [(90.0, 0.0), (0.0, 90.0)], ids=["on the back", "seated"]
)
def test_the_worst_offset_of_the_pelvis_sensor_errs_by_what_is_stated(
    pitch_deg: float, level_deg: float, flexion_deg: float, roll_deg: float
) -> None:
    """The turn of the pelvis is seen across the thigh: over the thigh's observability, not over its own 1.

    To first order and with a pelvis as level as an unremarkable one; both cost percents.
    """
    pose = Pose(level_deg + flexion_deg, pitch_deg=pitch_deg, roll_deg=roll_deg)
    pelvis, thigh = pose.pelvis_up(), pose.thigh_up(Side.RIGHT)
    many = np.repeat(thigh, 360, axis=0)
    turned = pelvis_turn_rad(with_offsets(pelvis[0]), many) - pelvis_turn_rad(pelvis, thigh)
    seen = replace(LEVEL, observability=float(observability(thigh)[0]), pelvis_up_sd_rad=0.0)
    both, alone = terms(seen), terms(replace(seen, pelvis_up_sd_rad=None))
    stated = NORMAL_95 * math.sqrt(both.sensor_rad**2 - alone.sensor_rad**2)
    assert np.abs(wrap_rad(turned)).max() == pytest.approx(stated, rel=0.05)


def test_a_value_anywhere_within_a_bound_scatters_by_the_bound_over_the_root_of_three() -> None:
    assert deg(terms(raised()).crosstalk_rad) == pytest.approx(2.71 / math.sqrt(3.0), abs=1e-9)


def test_wandering_of_thigh_and_pelvis_adds_in_squares() -> None:
    thigh = replace(LEVEL, up_sd_rad=rad(0.3))
    assert terms(thigh).wander_rad == rad(0.3)
    both = replace(thigh, pelvis_up_sd_rad=rad(0.4))
    assert terms(both).wander_rad == pytest.approx(rad(0.5))


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
@pytest.mark.parametrize("raised_deg", [0.0, 12.0, 45.0, 60.0])
def test_a_thigh_that_wanders_across_its_long_axis_turns_by_what_is_stated(
    side: Side, raised_deg: float
) -> None:
    """Up moves by 0.1 degrees square to the thigh's vertical plane: the steeper, the more it twists."""
    up = Pose(flexion_deg=raised_deg, internal_rotation_deg=-20.0).thigh_up(side)
    across = np.cross(up, [0.0, 1.0, 0.0])
    across /= np.linalg.norm(across)
    moved = math.cos(rad(0.1)) * up + math.sin(rad(0.1)) * across
    turned = abs(float((twist_rad(moved) - twist_rad(up))[0]))
    stated = terms(replace(LEVEL, up_sd_rad=rad(0.1), observability=float(observability(up)[0])))
    # the arc is not its tangent: by a millionth of itself at 0.1 degrees
    assert turned == pytest.approx(stated.wander_rad, rel=1e-4)


@pytest.mark.parametrize("raised_deg", [-12.0, 0.0, 12.0, 45.0])
def test_a_pelvis_that_wanders_turns_by_what_is_stated(raised_deg: float) -> None:
    """A roll of 0.1 degrees of a pelvis on the back is seen across the thigh too."""
    thigh = Pose(flexion_deg=raised_deg).thigh_up(Side.RIGHT)
    lain, rolled = (pelvis_turn_rad(Pose(roll_deg=roll).pelvis_up(), thigh) for roll in (0.0, 0.1))
    seen = float(observability(thigh)[0])
    stated = terms(replace(LEVEL, pelvis_up_sd_rad=rad(0.1), observability=seen))
    assert abs(float((rolled - lain)[0])) == pytest.approx(stated.wander_rad, rel=1e-4)


def test_repeating_and_strapping_on_are_those_of_the_person() -> None:
    found = terms(repeatability=Repeatability(rad(0.7), 20.0, rad(2.2), 11.0))
    assert (found.reference_rad, found.donning_rad) == (rad(0.7), rad(2.2))


def test_what_is_known_is_covered_by_the_normal_quantile() -> None:
    assert terms(raised()).coverage == pytest.approx(NORMAL_95, abs=1e-6)


def test_deviations_from_few_tests_are_covered_by_students_quantile_of_their_joint_freedom() -> None:
    """By hand: 10 degrees raised, 0.1 degrees of wandering, 1 degree with 6 and 3 degrees with 8."""
    found = terms(replace(raised(), up_sd_rad=rad(0.1)), Repeatability(rad(1.0), 6.0, rad(3.0), 8.0))
    sensor = math.degrees(math.asin(0.020)) / 1.96 / math.cos(rad(10.0))
    crosstalk = 2.71 / math.sqrt(3.0)
    variance = sensor**2 + crosstalk**2 + 0.01 + 1.0 + 9.0
    freedom = variance**2 / (1.0 / 6.0 + 81.0 / 8.0)
    assert found.coverage == pytest.approx(float(stats.t.ppf(0.975, freedom)), rel=1e-4)
    assert deg(found.half_width_rad) == pytest.approx(found.coverage * math.sqrt(variance), abs=0.005)


def test_the_assumed_person_on_a_level_bed_is_sure_to_seven_degrees() -> None:
    """A check of the size: 3.22 degrees with 7.8 degrees of freedom, times 2.31."""
    found = terms(repeatability=assumed_repeatability(PARAMETERS))
    variance = (math.degrees(math.asin(0.020)) / 1.96) ** 2 + 1.0 + 9.0
    freedom = variance**2 / (82.0 / 6.0)
    assert freedom == pytest.approx(7.83, abs=0.005)
    assert found.coverage == pytest.approx(float(stats.t.ppf(0.975, freedom)), rel=1e-4)
    assert deg(found.half_width_rad) == pytest.approx(7.44, abs=0.005)


@given(circumstances, repeatabilities)
def test_the_half_width_is_finite_and_no_less_than_any_of_its_parts(
    found: RestCircumstances, repeatability: Repeatability
) -> None:
    made = terms(found, repeatability)
    parts = (made.sensor_rad, made.crosstalk_rad, made.reference_rad, made.donning_rad, made.wander_rad)
    assert math.isfinite(made.half_width_rad)
    assert min(parts) >= 0.0
    assert made.coverage >= NORMAL_95 - 1e-6
    assert made.half_width_rad == pytest.approx(made.coverage * math.sqrt(sum(part**2 for part in parts)))
    # never surer than a calibrated sensor allows
    assert (
        made.half_width_rad
        >= math.asin(PARAMETERS.calibrated_bias_m_per_s2 / STANDARD_GRAVITY_M_PER_S2) - 1e-9
    )


@given(circumstances, st.floats(0.5, 1.0), st.floats(0.0, 0.25), small_rad)
def test_what_is_worse_is_never_stated_as_surer(
    found: RestCircumstances, observed: float, crosstalk: float, wander: float
) -> None:
    """Steeper, higher, less still, not calibrated, a pelvis more: with known deviations every one widens."""
    width = terms(found).half_width_rad
    worse = (
        replace(found, observability=min(found.observability, observed)),
        replace(found, crosstalk_bound_rad=max(found.crosstalk_bound_rad, crosstalk)),
        replace(found, up_sd_rad=max(found.up_sd_rad, wander)),
        replace(found, calibrated=False),
        replace(found, pelvis_calibrated=False),
        replace(found, pelvis_up_sd_rad=max(found.pelvis_up_sd_rad or 0.0, wander)),
    )
    for one in worse:
        assert terms(one).half_width_rad >= width - 1e-12
