"""Everything a person may tune in the measurement, as frozen values with their reasons.

Numbers and sections named in the reasons are of the project's measurement basis: published sensor
data sheets, and the geometry that the tests check.
"""

import math
from dataclasses import dataclass, field

_DEG = math.pi / 180.0
STANDARD_GRAVITY_M_PER_S2 = 9.80665

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
            With its own 2 deg/s the slow roll of breathing (1 deg at 0.25 Hz: 1.6 deg/s) passes for one, and
            angles then err by the false offset times the time constant above; noise stays below 0.2.
        bridge_s: missing samples up to here are bridged by interpolating the rate. Over a time h that errs
            by up to 5 A (h/T)^3 in a movement by A in T: for 30 deg in 1.5 s by 0.7 deg, but over 0.5 s by
            5.6 deg. Longer gaps start the filter anew from gravity, which errs by 0.7 deg in such a movement.
    """

    tau_accelerometer_s: float = field(default=1.5, metadata=_ABOVE_ZERO)
    rest_rate_rad_per_s: float = 0.5 * _DEG
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
    rate_spread_rad_per_s: float = 2.0 * _DEG
    mean_rate_rad_per_s: float = 5.0 * _DEG
    turn_rate_rad_per_s: float = 2.0 * _DEG
    force_spread_m_per_s2: float = 0.010 * STANDARD_GRAVITY_M_PER_S2
    force_error_m_per_s2: float = 0.060 * STANDARD_GRAVITY_M_PER_S2


@dataclass(frozen=True, slots=True)
class AlignmentParameters:
    """Taking the thigh's axes from poses.

    Attributes:
        minimum_still_s: shortest still stretch that gives a pose.
        minimum_angle_between_poses_rad: gravity in `reference` must be this far from gravity in
            `standing`, else both poses were the same posture and give no second axis.
    """

    minimum_still_s: float = 1.0
    minimum_angle_between_poses_rad: float = 45.0 * _DEG


@dataclass(frozen=True, slots=True)
class RestTestParameters:
    """The rest test: what it refuses and what its uncertainty is built from.

    Attributes:
        minimum_still_s: shortest still stretch that is averaged.
        minimum_observability: below it (thigh more than 30 deg off horizontal) no resting value is given.
        refuse_observability: below it the thigh is near vertical and rotation is heading.
        maximum_elevation_rad: knee end higher or lower than this against the hip end is a raised leg:
            10 deg keeps ab-/adduction below 2.6 deg of cross-talk; 2 deg more for a standing pose that was
            not quite vertical.
        assumed_abduction_rad: abduction that the cross-talk bound is computed for.
        accelerometer_bias_m_per_s2: 95 % bound of the zero-g offset of a sensor without calibration
            (data sheets: 20 mg).
        reference_sd_rad: how well a person repeats the reference pose, standard deviation.
        maximum_wander_rad: spread of gravity's direction over the still stretch that still counts as rest.
        donning_sd_rad: what strapping on anew adds between two sessions, standard deviation; a prior
            until a person's own repeats replace it.
    """

    minimum_still_s: float = 5.0
    minimum_observability: float = math.sin(60.0 * _DEG)
    refuse_observability: float = 0.5
    maximum_elevation_rad: float = 12.0 * _DEG
    assumed_abduction_rad: float = 15.0 * _DEG
    accelerometer_bias_m_per_s2: float = 0.020 * STANDARD_GRAVITY_M_PER_S2
    maximum_wander_rad: float = 2.0 * _DEG
    reference_sd_rad: float = 1.0 * _DEG
    donning_sd_rad: float = 3.0 * _DEG


@dataclass(frozen=True, slots=True)
class PoseGate:
    """The pose in which movements are counted.

    Attributes:
        minimum_observability: below it the angle is not trusted and counting stops.
        maximum_elevation_rad: largest tilt of the thigh against the horizontal.
        arm_still_s: stillness in the pose before counting begins.
        arm_rate_rad_per_s: largest angular rate that counts as still for this purpose.
        void_elevation_rad: a change of tilt by this much since arming is another movement.
        void_pelvis_rad: a roll of the pelvis by this much since arming is another movement.
        void_force_m_per_s2: a specific force this far from 1 g is no exercise lying down.
    """

    minimum_observability: float = 0.5
    maximum_elevation_rad: float = 30.0 * _DEG
    arm_still_s: float = 1.0
    arm_rate_rad_per_s: float = 6.0 * _DEG
    void_elevation_rad: float = 20.0 * _DEG
    void_pelvis_rad: float = 20.0 * _DEG
    void_force_m_per_s2: float = 0.35 * STANDARD_GRAVITY_M_PER_S2


@dataclass(frozen=True, slots=True)
class CountingRule:
    """How repetitions of one exercise are told from everything else.

    Attributes:
        reference_rom_rad: range of motion that the shares below refer to.
        prominence: share of the reference by which the signal must turn back to close a movement.
        valid: share of the reference that makes a repetition valid.
        partial: share of the reference from which a movement is kept as partial.
        minimum_partial_rad: nothing smaller is kept: breathing and twitches reach 4 deg.
        minimum_closing_s: a movement that leaves the bottom and turns back by the prominence in less is too
            short: half of the 0.8 s that the shortest repetition takes there and back.
        maximum_duration_s: longer ones are flagged `slow`.
        maximum_rom_rad: a larger angle cannot be this movement; it is kept as partial.
        gap_keep_s: a gap up to here keeps the counter's state; a longer one starts it anew.
        phase_rate_rad_per_s: rate below which the leg counts as holding.
        phase_rate_share: the same as a share of the peak rate; the larger of the two is used.
    """

    reference_rom_rad: float = field(default=25.0 * _DEG, metadata=_ABOVE_ZERO)
    prominence: float = field(default=0.5, metadata=_ABOVE_ZERO)
    valid: float = 0.6
    partial: float = 0.25
    minimum_partial_rad: float = 5.0 * _DEG
    minimum_closing_s: float = 0.4
    maximum_duration_s: float = 30.0
    maximum_rom_rad: float = 100.0 * _DEG
    gap_keep_s: float = 2.0
    phase_rate_rad_per_s: float = 3.0 * _DEG
    phase_rate_share: float = 0.05


@dataclass(frozen=True, slots=True)
class SelfFoundAxis:
    """Finding the axis of an unknown movement from its beginning.

    Attributes:
        begin_rate_rad_per_s: the movement begins where the angular rate exceeds this.
        minimum_s: shortest stretch of movement that the axis is taken from.
        maximum_s: after this the axis is taken from what there is.
        pause_s: what came before a rest of this length is no part of the first movement.
        step_s: how often it is looked whether the first movement there and back is complete.
        minimum_range_rad: smaller movements are no repetitions.
    """

    begin_rate_rad_per_s: float = 20.0 * _DEG
    minimum_s: float = 4.0
    maximum_s: float = 30.0
    pause_s: float = 10.0
    step_s: float = 0.5
    minimum_range_rad: float = field(default=15.0 * _DEG, metadata=_ABOVE_ZERO)


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise as the counter needs it.

    Attributes:
        name: catalogue name.
        gate: pose in which it is counted; None counts in every pose.
        axis: set where the movement's axis and range are found from the movement itself; the signal is
            then the rotation about that axis, else the hip rotation.
    """

    name: str
    rule: CountingRule
    gate: PoseGate | None = None
    axis: SelfFoundAxis | None = None


@dataclass(frozen=True, slots=True)
class MotionParameters:
    """All parameters of one analysis, stored with its results."""

    orientation: OrientationParameters = field(default_factory=OrientationParameters)
    stillness: StillnessParameters = field(default_factory=StillnessParameters)
    alignment: AlignmentParameters = field(default_factory=AlignmentParameters)
    rest_test: RestTestParameters = field(default_factory=RestTestParameters)
