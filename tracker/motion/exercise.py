"""One exercise as the counter needs it: what is counted, in which pose, and what makes it valid."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from tracker.model import Posture
from tracker.motion.parameters import DEGREE_RAD, STANDARD_GRAVITY_M_PER_S2

_ABOVE_ZERO = {"above": 0.0}
_SIGNED = {"signed": True}


class CountedSignal(StrEnum):
    """The angle whose movement there and back is a repetition."""

    HIP_ROTATION = "hip_rotation"
    """Twist of the thigh about its long axis, against the pelvis where one is worn; inward is up."""
    KNEE_ROLL = "knee_roll"
    """Tilt of the thigh's medio-lateral axis; inward is up. Of a bent leg it is no internal rotation."""
    ELEVATION = "elevation"
    """Tilt of the thigh against the level; the knee higher is up."""
    THIGH_PITCH = "thigh_pitch"
    """From the level (0) to upright (90 deg), well defined at both."""
    FRONTAL_LEAN = "frontal_lean"
    """Lean of an upright thigh to the right."""
    PELVIS_HIKE = "pelvis_hike"
    """Frontal tilt of the pelvis: the side of the other leg higher is up."""
    AXIAL_TURN = "axial_turn"
    """Turn about the long axis by the gyroscope alone, held while still; inward is up. It is relative."""
    MOVEMENT = "movement"
    """Turn about an axis that is found from the first movements."""


BY_GYROSCOPE = (CountedSignal.AXIAL_TURN, CountedSignal.MOVEMENT)
"""What is counted by summing rates: gravity does not show it."""


@dataclass(frozen=True, slots=True)
class PoseGate:
    """The pose in which movements are counted.

    Attributes:
        postures: how the body lies, sits or stands; empty for any. Held against the pelvis where one is
            worn, else against the thigh's twist where a reference pose has given its zero.
        maximum_turn_rad: largest twist of the thigh from that of the posture.
        minimum_observability: below it the angle is not trusted and counting stops.
        minimum_elevation_rad: smallest tilt of the thigh against the level, knee end up; None for the
            largest one downwards.
        maximum_elevation_rad: largest tilt of the thigh against the level.
        arm_still_s: stillness in the pose before counting begins.
        arm_rate_rad_per_s: largest angular rate that counts as still for this purpose.
        void_elevation_rad: a change of tilt by this much since arming is another movement.
        void_pelvis_rad: a turn of the pelvis by this much since arming is another movement.
        void_force_m_per_s2: a specific force this far from 1 g is no such exercise.
    """

    postures: tuple[Posture, ...] = ()
    maximum_turn_rad: float = 75.0 * DEGREE_RAD
    minimum_observability: float = 0.5
    minimum_elevation_rad: float | None = field(default=None, metadata=_SIGNED)
    maximum_elevation_rad: float = field(default=30.0 * DEGREE_RAD, metadata=_SIGNED)
    arm_still_s: float = 1.0
    arm_rate_rad_per_s: float = 6.0 * DEGREE_RAD
    void_elevation_rad: float = 20.0 * DEGREE_RAD
    void_pelvis_rad: float = 20.0 * DEGREE_RAD
    void_force_m_per_s2: float = 0.35 * STANDARD_GRAVITY_M_PER_S2

    @property
    def lowest_elevation_rad(self) -> float:
        """The lower end of the window of tilts."""
        lowest = self.minimum_elevation_rad
        return -self.maximum_elevation_rad if lowest is None else lowest


@dataclass(frozen=True, slots=True)
class CountingRule:
    """How repetitions of one exercise are told from everything else.

    Attributes:
        reference_rom_rad: range of motion that the shares below refer to, until the person has shown an own.
        prominence: share of the reference by which the signal must turn back to close a movement.
        valid: share of the reference that makes a repetition valid.
        partial: share of the reference from which a movement is kept as partial.
        minimum_partial_rad: nothing smaller is kept: breathing and twitches reach 4 deg.
        minimum_closing_s: a movement that leaves the bottom and turns back by the prominence in less is too
            short: half of the 0.8 s that the shortest repetition takes there and back.
        maximum_duration_s: what turns back later after leaving the bottom is kept as partial. With 4 s a way
            and a hold of 8 s that takes 14 s; a leg that lies otherwise for a while takes longer.
        maximum_rom_rad: a larger angle cannot be this movement; it is kept as partial. Rolling from the back
            to the side turns a thigh by 90 deg, a hip by less.
        gap_keep_s: a gap up to here keeps the counter's state; a longer one starts it anew.
        phase_rate_rad_per_s: rate below which the leg counts as holding.
        phase_rate_share: the same as a share of the peak rate; the larger of the two is used.
    """

    reference_rom_rad: float = field(default=25.0 * DEGREE_RAD, metadata=_ABOVE_ZERO)
    prominence: float = field(default=0.5, metadata=_ABOVE_ZERO)
    valid: float = 0.6
    partial: float = 0.25
    minimum_partial_rad: float = 5.0 * DEGREE_RAD
    minimum_closing_s: float = 0.4
    maximum_duration_s: float = 16.0
    maximum_rom_rad: float = 80.0 * DEGREE_RAD
    gap_keep_s: float = 2.0
    phase_rate_rad_per_s: float = 3.0 * DEGREE_RAD
    phase_rate_share: float = 0.05


@dataclass(frozen=True, slots=True)
class HoldRule:
    """How holds of one exercise are told: small movements that are kept still for a time.

    Attributes:
        target_s: how long a hold should last.
        valid: share of the target that makes a hold valid.
        longest: in targets; what is kept for longer is a leg that has come to lie otherwise, no hold.
        begin_rad: displacement from the rest level that begins a hold.
        maximum_rad: a larger displacement is another movement.
        both_ways: whether displacements against the signal's direction are holds too.
        band_rad: the signal stays within this much of where the hold began.
        quiet_rate_rad_per_s: largest angular rate while holding.
        settle_s: stillness before the rest level is taken anew.
        stop_s: the movement has stopped where the signal stood still for so long.
        shortest_s: shorter ones are not kept.
        gap_keep_s: a gap up to here keeps a hold; a longer one ends it.
    """

    target_s: float = field(default=5.0, metadata=_ABOVE_ZERO)
    valid: float = 0.8
    longest: float = field(default=3.0, metadata={"above": 1.0})
    begin_rad: float = field(default=2.0 * DEGREE_RAD, metadata=_ABOVE_ZERO)
    maximum_rad: float = 15.0 * DEGREE_RAD
    both_ways: bool = False
    band_rad: float = 3.0 * DEGREE_RAD
    quiet_rate_rad_per_s: float = 5.0 * DEGREE_RAD
    settle_s: float = field(default=1.0, metadata=_ABOVE_ZERO)
    stop_s: float = field(default=0.3, metadata=_ABOVE_ZERO)
    shortest_s: float = 1.0
    gap_keep_s: float = 2.0

    @property
    def longest_s(self) -> float:
        """What is kept for longer is no hold."""
        return self.longest * self.target_s


LimitName = Literal["elevation_change", "heading_change", "rotation_change", "pelvis_turn", "pelvis_share"]


@dataclass(frozen=True, slots=True)
class FormLimits:
    """What a repetition should not do beside its movement; None is not looked at.

    Attributes:
        elevation_change_rad: raising or lowering of the thigh.
        heading_change_rad: turning about the vertical, that is abduction of a level thigh.
        rotation_change_rad: hip rotation, where another angle is counted.
        pelvis_turn_rad: turning of the pelvis.
        pelvis_share: share of the pelvis in the movement of thigh and pelvis together, 0 to 1.
        strict: names of the limits, without their unit, beyond which a repetition is partial.
    """

    elevation_change_rad: float | None = None
    heading_change_rad: float | None = None
    rotation_change_rad: float | None = None
    pelvis_turn_rad: float | None = None
    pelvis_share: float | None = field(default=None, metadata={"below": 1.0})
    strict: tuple[LimitName, ...] = ()


@dataclass(frozen=True, slots=True)
class PairRule:
    """How repetitions of both legs that belong together are held against each other; None is not looked at.

    Attributes:
        minimum_overlap: share of the shorter repetition that must lie within the other one.
        minimum_rom_ratio: a leg with less than this share of the other's range does less of the work.
        maximum_rom_difference_rad: difference of the ranges that is flagged.
        maximum_lag_s: difference of the beginnings that is flagged.
    """

    minimum_overlap: float = field(default=0.5, metadata=_ABOVE_ZERO)
    minimum_rom_ratio: float = 0.6
    maximum_rom_difference_rad: float | None = None
    maximum_lag_s: float | None = None


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

    begin_rate_rad_per_s: float = 20.0 * DEGREE_RAD
    minimum_s: float = 4.0
    maximum_s: float = 30.0
    pause_s: float = 10.0
    step_s: float = 0.5
    minimum_range_rad: float = field(default=15.0 * DEGREE_RAD, metadata=_ABOVE_ZERO)


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise as the counter needs it.

    Attributes:
        name: catalogue name.
        falling: True where the movement goes towards smaller values of the signal.
        rule: how repetitions are told.
        hold: set where holds are counted instead.
        gate: pose in which it is counted; None counts in every pose.
        axis: set where the movement's axis and range are found from the movement itself.
        form: what a repetition should not do beside its movement.
        pair: how both legs are held against each other; None where each leg is on its own.
    """

    name: str
    signal: CountedSignal = CountedSignal.HIP_ROTATION
    falling: bool = False
    rule: CountingRule = field(default_factory=CountingRule)
    hold: HoldRule | None = None
    gate: PoseGate | None = None
    axis: SelfFoundAxis | None = None
    form: FormLimits = field(default_factory=FormLimits)
    pair: PairRule | None = None
