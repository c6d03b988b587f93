"""Everything a person may tune in the measurement, as frozen values with their reasons.

Numbers and sections named in the reasons are of the project's measurement basis: published sensor
data sheets, and the geometry that the tests check.
"""

import math
from dataclasses import dataclass, field
from typing import Literal

from tracker.model import ReferenceRecipe

DEGREE_RAD = math.pi / 180.0
STANDARD_GRAVITY_M_PER_S2 = 9.80665
NORMAL_95 = 1.959964
"""Half width of the 95 % interval of a normal distribution, in standard deviations."""

_ABOVE_ZERO = {"above": 0.0}
"""Of fields that have no meaning at zero; no other may be negative."""


@dataclass(frozen=True, slots=True)
class OrientationParameters:
    """Orientation filter and how it passes missing samples.

    Attributes:
        tau_accelerometer_s: time constant of the inclination correction. Shorter follows gravity sooner where
            the gyroscope errs, longer believes less of the body's own acceleration. Against an optical
            reference 1.5 s errs by 22 to 27 % less than the filter's default of 3 s in slow rotation and
            as much in fast; at 2 s the fast one is 17 % worse, at 1 s a thigh that is raised and lowered
            by 45 deg, sensor 0.35 m from the hip, errs by 1.4 deg instead of 0.6.
        rest_rate_rad_per_s: where the rate scatters by less, the filter takes it for the gyroscope's offset.
            Slow breathing (1 deg at 0.25 Hz: 1.6 deg/s) passes for one from 0.5 deg/s on, and angles then
            err by the false offset times the time constant above, up to 0.8 deg; noise stays below 0.2.
        bridge_s: missing samples up to here are bridged by interpolating the rate. Over a time h that errs
            by up to 5 A (h/T)^3 in a movement by A in T: for 30 deg in 1.5 s by 0.7 deg, but over 0.5 s by
            5.6 deg. Longer gaps start the filter anew from gravity, which errs by 0.7 deg in such a movement.
    """

    tau_accelerometer_s: float = field(default=1.5, metadata=_ABOVE_ZERO)
    rest_rate_rad_per_s: float = 0.3 * DEGREE_RAD
    bridge_s: float = 0.25


@dataclass(frozen=True, slots=True)
class StillnessParameters:
    """When a sensor counts as lying still.

    Attributes:
        epoch_s: length of the windows that are judged one by one.
        rate_spread_rad_per_s: largest RMS deviation of the angular rate within an epoch.
        mean_rate_rad_per_s: largest mean rate: 2 deg/s of movement on top of 3 deg/s zero-rate offset.
        turn_rate_rad_per_s: largest turning of gravity between neighbouring epochs, as a rate. It needs no
            gyroscope, so a zero-rate offset cannot hide in it.
        force_spread_m_per_s2: largest spread (standard deviation) of the specific force's length.
        force_error_m_per_s2: largest deviation of its mean from 1 g: 20 mg offset on each of three axes
            of an uncalibrated sensor, with margin.
    """

    epoch_s: float = field(default=0.5, metadata=_ABOVE_ZERO)
    rate_spread_rad_per_s: float = 2.0 * DEGREE_RAD
    mean_rate_rad_per_s: float = 5.0 * DEGREE_RAD
    turn_rate_rad_per_s: float = 2.0 * DEGREE_RAD
    force_spread_m_per_s2: float = 0.010 * STANDARD_GRAVITY_M_PER_S2
    force_error_m_per_s2: float = 0.060 * STANDARD_GRAVITY_M_PER_S2


@dataclass(frozen=True, slots=True)
class AlignmentParameters:
    """Taking the thigh's axes from poses.

    Attributes:
        minimum_still_s: shortest still stretch that gives a pose.
        minimum_angle_between_poses_rad: gravity in `reference` must be this far from gravity in
            `standing`, else both poses were the same posture and give no second axis.
        reference_recipe: how the reference pose is made neutral, where a recording does not say.
        housing_arrow: axis of the housing that points up the leg, taken for the long axis where neither
            standing nor a knee lift has given one.
        knee_lift_range_rad: a leg that turns by less was not lifted.
        knee_lift_plane: least share of the turning that a knee lift has about one axis.
        reference_jump_rad: a reference pose that differs by more from the one before it in the same
            donning is told: the strap turned, or the pose was not repeated. Repeated poses differ by a
            standard deviation of 1.4 deg.
        donning_jump_rad: the same against the last session's.
        donning_gap_s: where samples are missing for longer, the sensor may have been taken off: the zero is
            lost.
    """

    minimum_still_s: float = 1.0
    minimum_angle_between_poses_rad: float = 45.0 * DEGREE_RAD
    reference_recipe: ReferenceRecipe = ReferenceRecipe.PATELLA_UP
    housing_arrow: Literal["+x", "-x", "+y", "-y", "+z", "-z"] = "+y"
    knee_lift_range_rad: float = 10.0 * DEGREE_RAD
    knee_lift_plane: float = 0.8
    reference_jump_rad: float = 5.0 * DEGREE_RAD
    donning_jump_rad: float = 15.0 * DEGREE_RAD
    donning_gap_s: float = 120.0


@dataclass(frozen=True, slots=True)
class RestTestParameters:
    """The rest test: what it refuses and what its uncertainty is built from.

    Attributes:
        minimum_still_s: shortest still stretch that is averaged.
        minimum_observability: below it (thigh more than 30 deg off horizontal) no resting value is given.
        refuse_observability: below it the thigh is near vertical and rotation is heading.
        maximum_elevation_rad: knee end higher or lower than this against the hip end is a raised leg:
            10 deg keeps ab-/adduction below 2.7 deg of cross-talk; 2 deg more for a standing pose that was
            not quite vertical.
        maximum_rotation_rad: no hip turns further; the body lies otherwise than it was said.
        assumed_abduction_rad: bound of the abduction that the cross-talk is computed for.
        accelerometer_bias_m_per_s2: 95 % bound of the zero-g offset of a sensor without calibration
            (data sheets: 20 mg).
        calibrated_bias_m_per_s2: the same after a six-position calibration: 3 mg.
        maximum_wander_rad: spread of gravity's direction over the still stretch that still counts as rest.
        reference_sd_rad: how well a person repeats reference pose and relaxing, standard deviation.
        donning_sd_rad: what strapping on anew adds between two sessions, standard deviation.
        prior_tests: weight of these two standard deviations, in tests, against the person's own.
        pelvis_roll_rad: a pelvis that turned by more since the reference pose is told.
        reference_age_s: a reference pose older than this is told.
        repeat_spread_rad: repeats that differ by more are told: do them again.
        both_inward_rad: two legs that both lie turned inwards by more are told: they may be swapped.
    """

    minimum_still_s: float = 5.0
    minimum_observability: float = math.sin(60.0 * DEGREE_RAD)
    refuse_observability: float = 0.5
    maximum_elevation_rad: float = 12.0 * DEGREE_RAD
    maximum_rotation_rad: float = 90.0 * DEGREE_RAD
    assumed_abduction_rad: float = 15.0 * DEGREE_RAD
    accelerometer_bias_m_per_s2: float = 0.020 * STANDARD_GRAVITY_M_PER_S2
    calibrated_bias_m_per_s2: float = 0.003 * STANDARD_GRAVITY_M_PER_S2
    maximum_wander_rad: float = 2.0 * DEGREE_RAD
    reference_sd_rad: float = 1.0 * DEGREE_RAD
    donning_sd_rad: float = 3.0 * DEGREE_RAD
    prior_tests: float = field(default=6.0, metadata=_ABOVE_ZERO)
    pelvis_roll_rad: float = 8.0 * DEGREE_RAD
    reference_age_s: float = 300.0
    repeat_spread_rad: float = 4.0 * DEGREE_RAD
    both_inward_rad: float = 5.0 * DEGREE_RAD


@dataclass(frozen=True, slots=True)
class RangeErrorParameters:
    """How far off a range of motion may be, of a rigid body.

    Attributes:
        still_sd_rad: standard deviation of a slow movement's range.
        rate_share_s: what each rad/s of its peak rate adds, in squares. Hand-turned sensors against an
            optical reference: 37 ranges at 200 to 600 deg/s err by 0.7 deg RMS, these two say 0.6 to 1.3.
        abduction_sd_rad: ab-/adduction that is not known: 15 deg at most, evenly distributed.
        sensor_radius_m: distance of a sensor from the axis of movement; on a thigh from its long axis.
    """

    still_sd_rad: float = 0.4 * DEGREE_RAD
    rate_share_s: float = 0.002
    abduction_sd_rad: float = 15.0 / math.sqrt(3.0) * DEGREE_RAD
    sensor_radius_m: float = 0.08


@dataclass(frozen=True, slots=True)
class MotionParameters:
    """All parameters of one analysis, stored with its results."""

    orientation: OrientationParameters = field(default_factory=OrientationParameters)
    stillness: StillnessParameters = field(default_factory=StillnessParameters)
    alignment: AlignmentParameters = field(default_factory=AlignmentParameters)
    rest_test: RestTestParameters = field(default_factory=RestTestParameters)
    range_error: RangeErrorParameters = field(default_factory=RangeErrorParameters)
