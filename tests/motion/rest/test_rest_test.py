"""The rest test on samples from geometry: values, uncertainty and every refusal."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from motion_samples import LEFT, PELVIS, RIGHT, Pose, block_of, less, noisy, rad, random_rotation
from scipy import stats

from tracker.model import FloatArray, Posture, RelativeTo, RestTest, Side, TimedBlock
from tracker.motion.frames.alignment import Alignment, LongAxisFrom
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2, RestTestParameters, StillnessParameters
from tracker.motion.rest.repeatability import Repeatability, assumed_repeatability
from tracker.motion.rest.rest_test import RestPhase, WornSensor, measure_rest

STILLNESS = StillnessParameters()
PARAMETERS = RestTestParameters()
THIGH_OF = {Side.LEFT: LEFT, Side.RIGHT: RIGHT}
STANDING = LongAxisFrom.STANDING
ALIGNED = Alignment(np.array([0.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.0]), STANDING, reference_end_s=-30.0)
USUAL = assumed_repeatability(PARAMETERS)
SENSOR_ONLY = Repeatability(0.0, math.inf, 0.0, math.inf)
"""Leaves of the uncertainty what the sensor and the pose bring."""
KNOWN = Repeatability(rad(1.0), math.inf, rad(3.0), math.inf)
"""The usual deviations, as if they were known."""
BIAS_DEG = math.degrees(math.asin(0.020))
"""20 mg of offset across gravity."""


def alignment_of(mounting: FloatArray) -> Alignment:
    """The alignment of a sensor that is turned by `mounting`, sensor to segment, after ideal poses."""
    return replace(
        ALIGNED,
        long_axis=np.array([0.0, 1.0, 0.0]) @ mounting,
        front=np.array([1.0, 0.0, 0.0]) @ mounting,
    )


def phase(
    side: Side,
    thigh: TimedBlock,
    alignment: Alignment = ALIGNED,
    pelvis: WornSensor | None = None,
    no_zero: str | None = None,
    posture: Posture = Posture.SUPINE,
) -> RestPhase:
    """A rest phase over a block's time."""
    end_s = float(thigh.time_s[-1]) if len(thigh) else 0.0
    return RestPhase(side, 0.0, end_s, WornSensor(thigh, alignment, no_zero), pelvis, posture)


def measured(
    rest: RestPhase, repeatability: Repeatability = USUAL, parameters: RestTestParameters = PARAMETERS
) -> RestTest:
    """The result of a rest phase, complete or refused, never half."""
    test = measure_rest(rest, parameters, STILLNESS, repeatability)
    assert (test.refused is None) is (test.hip_rotation_rad is not None)
    assert (test.refused is None) is (test.uncertainty_rad is not None)
    for number in (test.hip_rotation_rad, test.uncertainty_rad, test.observability):
        assert number is None or math.isfinite(number)
    return test


def rotation_deg(test: RestTest) -> float:
    """Hip rotation of a test that was not refused."""
    assert test.refused is None, test.refused
    assert test.hip_rotation_rad is not None
    return math.degrees(test.hip_rotation_rad)


def uncertainty_deg(test: RestTest) -> float:
    """Uncertainty of a test that was not refused."""
    assert test.refused is None, test.refused
    assert test.uncertainty_rad is not None
    return math.degrees(test.uncertainty_rad)


def thigh(pose: Pose, side: Side = Side.RIGHT, duration_s: float = 6.0) -> TimedBlock:
    """A still thigh whose sensor has the thigh's axes."""
    return block_of(pose.thigh_up(side)[0], duration_s, placement=THIGH_OF[side])


def pelvis(roll_deg: float = 0.0, alignment: Alignment = ALIGNED, duration_s: float = 6.0) -> WornSensor:
    """A still pelvis."""
    up = Pose(roll_deg=roll_deg).pelvis_up()[0]
    return WornSensor(block_of(up, duration_s, placement=PELVIS), alignment)


def test_right_25_and_left_15_outward_are_measured_exactly() -> None:
    right = measured(phase(Side.RIGHT, thigh(Pose(internal_rotation_deg=-25.0))))
    left = measured(phase(Side.LEFT, thigh(Pose(internal_rotation_deg=-15.0), Side.LEFT)))
    assert [rotation_deg(right), rotation_deg(left)] == pytest.approx([-25.0, -15.0], abs=1e-6)
    assert rotation_deg(left) - rotation_deg(right) == pytest.approx(10.0, abs=1e-6)
    assert right.relative_to is RelativeTo.VERTICAL
    assert "pelvis not measured" in right.flags


@pytest.mark.parametrize("roll_deg", [-5.0, 5.0])
def test_a_rolled_pelvis_is_taken_off_where_it_is_worn(roll_deg: float) -> None:
    legs = {Side.RIGHT: -25.0, Side.LEFT: -15.0}
    with_pelvis, without = [], []
    for side, true_deg in legs.items():
        samples = thigh(Pose(internal_rotation_deg=true_deg, roll_deg=roll_deg), side)
        test = measured(phase(side, samples, pelvis=pelvis(roll_deg)))
        assert (test.relative_to, test.flags) == (RelativeTo.PELVIS, ())
        with_pelvis.append(rotation_deg(test))
        without.append(rotation_deg(measured(phase(side, samples))))
    assert with_pelvis == pytest.approx([-25.0, -15.0], abs=1e-6)
    assert without == pytest.approx([-25.0 + roll_deg, -15.0 - roll_deg], abs=1e-6)


@pytest.mark.parametrize("side", list(THIGH_OF))
@pytest.mark.parametrize("strap_deg", [-60.0, -10.0, 10.0, 60.0])
def test_a_strap_that_turned_after_the_reference_shifts_the_value_by_exactly_that(
    side: Side, strap_deg: float
) -> None:
    pose = Pose(internal_rotation_deg=-20.0)
    turned = Pose(internal_rotation_deg=-20.0 + side.sign * strap_deg)
    before = rotation_deg(measured(phase(side, thigh(pose, side))))
    after = rotation_deg(measured(phase(side, thigh(turned, side))))
    assert after - before == pytest.approx(side.sign * strap_deg, abs=1e-6)
    # taken anew, the reference turns with the strap
    anew = replace(ALIGNED, front=Pose(internal_rotation_deg=side.sign * strap_deg).thigh_up(side)[0])
    assert rotation_deg(measured(phase(side, thigh(turned, side), anew))) == pytest.approx(-20.0, abs=1e-6)


@pytest.mark.parametrize("side", list(THIGH_OF))
def test_a_turn_that_no_hip_makes_is_refused(side: Side) -> None:
    """The body lies on its side or front, or the strap was turned by a lot."""
    for turn_deg in (-155.0, -91.0, 91.0, 179.0):
        refused = refusal(phase(side, thigh(Pose(internal_rotation_deg=turn_deg), side)))
        assert refused == f"the thigh is turned by {abs(turn_deg):.0f} deg: not lying supine"


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 2**32 - 1), st.sampled_from(list(THIGH_OF)), st.floats(-75.0, 60.0), st.floats(-9.0, 9.0)
)
def test_any_mounting_of_both_sensors_gives_the_same_value(
    seed: int, side: Side, true_deg: float, elevation_deg: float
) -> None:
    rng = np.random.default_rng(seed)
    on_thigh, on_pelvis, roll_deg = random_rotation(rng), random_rotation(rng), float(rng.uniform(-8, 8))
    pose = Pose(elevation_deg, 0.0, true_deg, roll_deg=roll_deg)
    samples = block_of(pose.thigh_up(side)[0] @ on_thigh, placement=THIGH_OF[side])
    worn = WornSensor(block_of(pose.pelvis_up()[0] @ on_pelvis), alignment_of(on_pelvis))
    test = measured(phase(side, samples, alignment_of(on_thigh), worn))
    # With a level pelvis exact; rolled by psi, a raised thigh turns by atan(tan psi / cos elevation) instead.
    largest_deg = math.degrees(math.atan(math.tan(rad(8.0)) / math.cos(rad(elevation_deg)))) - 8.0
    assert rotation_deg(test) == pytest.approx(true_deg, abs=largest_deg + 1e-6)


@pytest.mark.parametrize(("axis", "off_deg"), [((0, 0, 1), 1.05), ((1, 0, 1), 1.51)])
def test_an_offset_of_the_accelerometer_is_within_the_uncertainty(
    axis: tuple[int, int, int], off_deg: float
) -> None:
    """20 mg on one axis and on both, at 25 degrees outward, as computed for the right leg."""
    samples = thigh(Pose(internal_rotation_deg=-25.0))
    samples.accelerometer_m_per_s2[:] += 0.020 * STANDARD_GRAVITY_M_PER_S2 * np.array(axis)
    test = measured(phase(Side.RIGHT, samples), SENSOR_ONLY)
    # to first order; 20 mg along the direction of up change it by 2 % of that
    assert rotation_deg(test) == pytest.approx(-25.0 + off_deg, abs=0.03)
    assert uncertainty_deg(test) >= 1.15 - 0.005
    assert uncertainty_deg(measured(phase(Side.RIGHT, samples))) > off_deg


def test_noise_of_a_usual_sensor_is_irrelevant() -> None:
    """0.03 degrees a sample over the root of 500 samples is 0.0014; five times that."""
    samples = noisy(thigh(Pose(internal_rotation_deg=-25.0)), np.random.default_rng(2))
    assert rotation_deg(measured(phase(Side.RIGHT, samples))) == pytest.approx(-25.0, abs=0.007)


def test_uncertainty_is_never_less_than_an_uncalibrated_sensor_allows() -> None:
    test = measured(phase(Side.RIGHT, thigh(Pose())), SENSOR_ONLY)
    assert uncertainty_deg(test) == pytest.approx(BIAS_DEG, abs=1e-6)
    assert round(BIAS_DEG, 2) == 1.15


def test_uncertainty_grows_with_elevation() -> None:
    found = [
        uncertainty_deg(measured(phase(Side.RIGHT, thigh(Pose(flexion_deg=up_deg))), SENSOR_ONLY))
        for up_deg in (0.0, 3.0, 6.0, 9.0, 11.9)
    ]
    assert found == sorted(found)
    assert found[-1] > 2 * found[0]
    lowered = measured(phase(Side.RIGHT, thigh(Pose(flexion_deg=-9.0))), SENSOR_ONLY)
    assert uncertainty_deg(lowered) == pytest.approx(found[3])


def test_uncertainty_adds_up_its_terms_in_squares() -> None:
    elevation_deg = 10.0
    samples = thigh(Pose(flexion_deg=elevation_deg))
    # 15 degrees of abduction and 10 of elevation go with 10.36 of flexion: atan2(sin a sin b, cos a)
    sensor_deg = BIAS_DEG / math.cos(rad(elevation_deg)) / 1.96
    crosstalk_deg = 2.71 / math.sqrt(3.0)
    deviations = [sensor_deg, crosstalk_deg, 1.0, 3.0]
    test = measured(phase(Side.RIGHT, samples), KNOWN)
    assert uncertainty_deg(test) == pytest.approx(1.96 * math.hypot(*deviations), abs=0.005)
    assert test.crosstalk_bound_rad == pytest.approx(rad(2.71), abs=rad(0.005))
    with_pelvis = measured(phase(Side.RIGHT, samples, pelvis=pelvis()), KNOWN)
    both = 1.96 * math.hypot(*deviations, sensor_deg)
    assert uncertainty_deg(with_pelvis) == pytest.approx(both, abs=0.005)


def test_a_deviation_that_is_assumed_from_few_tests_widens_the_interval() -> None:
    """Welch and Satterthwaite by hand: 3 degrees with 6 degrees of freedom, 1 degree with 6."""
    test = measured(phase(Side.RIGHT, thigh(Pose())))
    sensor_deg = BIAS_DEG / 1.96
    variance = sensor_deg**2 + 1.0 + 9.0
    dof = variance**2 / (1.0 / 6.0 + 81.0 / 6.0)
    quantile = float(stats.t.ppf(0.975, dof))
    assert uncertainty_deg(test) == pytest.approx(quantile * math.sqrt(variance), rel=1e-3)


def test_a_calibrated_sensor_is_surer() -> None:
    samples = thigh(Pose())
    calibrated = replace(phase(Side.RIGHT, samples), thigh=WornSensor(samples, ALIGNED, calibrated=True))
    assert uncertainty_deg(measured(calibrated, SENSOR_ONLY)) == pytest.approx(
        math.degrees(math.asin(0.003)), abs=1e-6
    )


def wandering() -> FloatArray:
    """Up over 10 s in which the segment turns there and back by 1 degree, half a sine."""
    angle = rad(-20.0) + rad(1.0) * np.sin(np.pi * np.arange(1000) / 1000.0)
    return np.column_stack([np.cos(angle), np.zeros(1000), np.sin(angle)])


def test_a_leg_or_pelvis_that_wanders_widens_the_uncertainty() -> None:
    """The spread of half a sine is the root of 1/2 less (2/pi) squared, 0.308 of its height."""
    widened_deg = math.hypot(BIAS_DEG, 1.96 * math.sqrt(0.5 - (2 / math.pi) ** 2))
    leg = measured(phase(Side.RIGHT, block_of(wandering(), 10.0)), SENSOR_ONLY)
    # means over epochs of 0.5 s flatten a sine of 20 s by 0.1 %
    assert uncertainty_deg(leg) == pytest.approx(widened_deg, rel=0.01)
    worn = WornSensor(block_of(wandering(), 10.0, placement=PELVIS), ALIGNED)
    # a pelvis that lies askew turns abduction into rotation as well, which is not the matter here
    not_abducted = replace(PARAMETERS, assumed_abduction_rad=0.0)
    test = measured(phase(Side.RIGHT, LONG, pelvis=worn), SENSOR_ONLY, not_abducted)
    assert uncertainty_deg(test) == pytest.approx(math.hypot(BIAS_DEG, widened_deg), rel=0.01)


@pytest.mark.parametrize("side", list(THIGH_OF))
@pytest.mark.parametrize("phi_deg", range(91))
def test_from_horizontal_to_vertical_there_is_a_value_or_a_reason_and_never_nan(
    side: Side, phi_deg: int
) -> None:
    """`phi` is the angle between thigh and vertical; observability is its sine."""
    samples = thigh(Pose(flexion_deg=90.0 - phi_deg, internal_rotation_deg=-20.0), side)
    test = measured(phase(side, samples))
    assert test.observability == pytest.approx(math.sin(rad(phi_deg)), abs=1e-9)
    if phi_deg >= 78:
        assert rotation_deg(test) == pytest.approx(-20.0, abs=1e-6)
    elif phi_deg >= 30:
        assert test.refused is not None
        assert test.refused.startswith(f"leg raised by {90 - phi_deg} deg")
    elif phi_deg < 30:
        assert test.refused == "the thigh is near vertical, where gravity does not show rotation"


def test_sensor_error_grows_with_one_over_observability() -> None:
    """Published amplifications, with all poses allowed; steeper ones are explained by two flexions."""
    open_to_all = replace(
        PARAMETERS,
        minimum_observability=0.0,
        refuse_observability=0.0,
        maximum_elevation_rad=math.pi,
        assumed_abduction_rad=0.0,
    )
    for phi_deg, times in ((90.0, 1.0), (60.0, 1.1547), (45.0, 1.4142)):
        test = measured(phase(Side.RIGHT, thigh(Pose(flexion_deg=90.0 - phi_deg))), SENSOR_ONLY, open_to_all)
        assert uncertainty_deg(test) == pytest.approx(times * BIAS_DEG, rel=0.001)


def refusal(rest: RestPhase) -> str:
    """The reason of a refused test."""
    test = measured(rest)
    assert test.refused is not None
    assert (test.hip_rotation_rad, test.uncertainty_rad, test.flags) == (None, None, ())
    return test.refused


def turning(block: TimedBlock, rate_dps: float) -> TimedBlock:
    """A block whose sensor turns."""
    return replace(block, gyroscope_rad_per_s=block.gyroscope_rad_per_s + rad(rate_dps))


def saturated(block: TimedBlock) -> TimedBlock:
    """A block with one sample at the range's end."""
    return replace(block, saturated=np.arange(len(block)) == 300)


REST = thigh(Pose(internal_rotation_deg=-25.0))
LONG = thigh(Pose(internal_rotation_deg=-25.0), duration_s=10.0)
STOOD = Alignment(np.array([0.0, 1.0, 0.0]), long_axis_from=STANDING)


def test_moving_is_refused() -> None:
    assert refusal(phase(Side.RIGHT, turning(REST, 20.0))) == "moving: not still for 5 s"


def test_still_for_too_short_is_refused() -> None:
    assert refusal(phase(Side.RIGHT, REST.part(0, 450))) == "moving: not still for 5 s"
    assert measured(phase(Side.RIGHT, REST.part(0, 500))).refused is None


def test_drifting_slowly_is_refused() -> None:
    angle = rad(1.8) * np.arange(600) / 100.0
    drifting = block_of(np.column_stack([np.cos(angle), np.zeros(600), np.sin(angle)]))
    assert refusal(phase(Side.RIGHT, drifting)) == "moving: the leg drifted slowly"


def test_no_samples_are_refused() -> None:
    assert refusal(phase(Side.RIGHT, REST.part(0, 0))) == "no samples of the thigh"


def test_an_outage_that_leaves_no_five_seconds_is_refused_as_what_it_is() -> None:
    assert refusal(phase(Side.RIGHT, less(LONG, [(4.0, 6.0)]))) == "samples are missing: not still for 5 s"
    assert measured(phase(Side.RIGHT, less(LONG, [(3.0, 4.9)]))).refused is None


def test_without_reference_pose_there_is_no_value() -> None:
    assert refusal(phase(Side.RIGHT, REST, STOOD)) == "no reference pose"
    refused = refusal(phase(Side.RIGHT, REST, STOOD, no_zero="the sensor moved during the pose"))
    assert refused == "no reference pose: the sensor moved during the pose"


def test_saturated_is_refused() -> None:
    assert refusal(phase(Side.RIGHT, saturated(REST))) == "the sensor was at the end of its range"


def test_a_long_axis_from_the_housing_is_flagged() -> None:
    one_pose = replace(ALIGNED, long_axis=None, long_axis_from=LongAxisFrom.HOUSING)
    test = measured(phase(Side.RIGHT, REST, one_pose, pelvis()))
    assert test.flags == ("long axis from the housing",)
    assert test.recipe == "housing+patella_up"


def test_a_pelvis_that_moves_is_refused() -> None:
    still = pelvis()
    worn = replace(still, samples=turning(still.samples, 20.0))
    assert refusal(phase(Side.RIGHT, REST, pelvis=worn)) == "moving: the pelvis was not still"


def test_a_pelvis_without_samples_is_refused() -> None:
    none = replace(pelvis(), samples=pelvis().samples.part(0, 0))
    late = replace(pelvis(), samples=replace(pelvis().samples, time_s=pelvis().samples.time_s + 30.0))
    for worn in (none, late):
        assert refusal(phase(Side.RIGHT, REST, pelvis=worn)) == "no samples of the pelvis"


def test_a_pelvis_without_reference_is_refused() -> None:
    assert refusal(phase(Side.RIGHT, REST, pelvis=pelvis(0.0, STOOD))) == "no reference pose of the pelvis"


def test_a_pelvis_that_drifts_slowly_is_refused() -> None:
    angle = rad(1.8) * np.arange(600) / 100.0
    drifting = block_of(np.column_stack([np.cos(angle), np.zeros(600), np.sin(angle)]), placement=PELVIS)
    worn = WornSensor(drifting, ALIGNED)
    assert refusal(phase(Side.RIGHT, REST, pelvis=worn)) == "moving: the pelvis drifted slowly"


def test_a_saturated_pelvis_is_refused() -> None:
    still = pelvis()
    worn = replace(still, samples=saturated(still.samples))
    assert refusal(phase(Side.RIGHT, REST, pelvis=worn)) == "the pelvis sensor was at the end of its range"


def test_a_pelvis_known_for_half_of_the_rest_is_enough() -> None:
    still = pelvis()
    worn = replace(still, samples=still.samples.part(100, 450))
    assert rotation_deg(measured(phase(Side.RIGHT, REST, pelvis=worn))) == pytest.approx(-25.0, abs=1e-6)
