"""What the simulated body does: its pose at any time, and the truth that a measurement should find."""

from dataclasses import dataclass
from itertools import chain

import numpy as np

from tracker.model import THIGH_SIDES, Edge, FloatArray, Phase, PhaseMark, Placement, Side
from tracker.sensing.body.angles import HipAngles, pelvis_rotation
from tracker.sensing.body.timeline import Joint, JointCourse

HALF_HIP_DISTANCE_M = 0.085
"""From the middle between the hip joint centres to one of them, along the pelvis' z; a typical adult."""


@dataclass(frozen=True, slots=True)
class TrueRepetition:
    """One movement there and back as it was scripted for one leg.

    Attributes:
        start_s: the movement begins.
        peak_s: the turning point is reached; a hold begins there.
        end_s: the movement back has ended.
        rom_rad: range of motion of the moved angle at the hip; what the pelvis adds is not in it.
        concentric_s, hold_s, eccentric_s: the scripted phases; they add up to end minus start.
        valid: scripted as a full repetition, not as a partial one.
    """

    side: Side
    start_s: float
    peak_s: float
    end_s: float
    rom_rad: float
    concentric_s: float
    hold_s: float
    eccentric_s: float
    valid: bool


@dataclass(frozen=True, slots=True, eq=False)
class BodyPose:
    """Pelvis and hips at N times.

    Attributes:
        pelvis: (N, 3, 3) `R_WP`, pelvis frame to world.
        hips_m: (N, 3) middle between the hip joint centres, in the world; y is up.
        left, right: hip angles, arrays of (N,).
    """

    pelvis: FloatArray
    hips_m: FloatArray
    left: HipAngles
    right: HipAngles

    def hip(self, side: Side) -> HipAngles:
        """The hip angles of one leg."""
        return self.right if side is Side.RIGHT else self.left

    def segment(self, placement: Placement) -> tuple[FloatArray, FloatArray]:
        """The body segment under a sensor.

        Returns:
            (N, 3, 3) segment frame to world, and (N, 3) its origin in the world in m: the hip joint
            centre for a thigh, the middle between both for the pelvis.
        """
        side = THIGH_SIDES.get(placement)
        if side is None:
            return self.pelvis, self.hips_m
        centre = self.hips_m + (side.sign * HALF_HIP_DISTANCE_M) * self.pelvis[:, :, 2]
        return self.pelvis @ self.hip(side).rotation(side), centre


@dataclass(frozen=True, slots=True, eq=False)
class BodyScript:
    """A simulated session: movement over time with its labels and its truth.

    Attributes:
        timeline: the moves of all joints.
        duration_s: end of the script; the last pose is held after it.
        phases: labelled intervals in order of time.
        repetitions: every scripted repetition, each leg its own, in order of start.
    """

    timeline: JointCourse
    duration_s: float
    phases: tuple[Phase, ...]
    repetitions: tuple[TrueRepetition, ...]

    def pose(self, time_s: FloatArray) -> BodyPose:
        """The pose at any times, (N,) s in any order; continuous to the second derivative in time."""
        values = self.timeline.at(time_s)
        hips_m = np.zeros((len(values), 3))
        hips_m[:, 1] = values[:, Joint.PELVIS_HEIGHT]
        return BodyPose(
            pelvis_rotation(values[:, Joint.PELVIS_PITCH], values[:, Joint.PELVIS_ROLL]),
            hips_m,
            self._hip(values, Side.LEFT),
            self._hip(values, Side.RIGHT),
        )

    def true_hip_rotation_rad(self, side: Side, time_s: FloatArray) -> FloatArray:
        """Internal rotation of one hip against the pelvis, (N,) s to (N,) rad."""
        return self._hip(self.timeline.at(time_s), side).internal_rotation_rad

    def true_pelvis_roll_rad(self, time_s: FloatArray) -> FloatArray:
        """Axial turn of the pelvis, positive to the left, 0 on the back, (N,) s to (N,) rad."""
        roll: FloatArray = self.timeline.at(time_s)[:, Joint.PELVIS_ROLL]
        return roll

    def repetitions_of(self, side: Side) -> tuple[TrueRepetition, ...]:
        """The scripted repetitions of one leg, in order."""
        return tuple(repetition for repetition in self.repetitions if repetition.side is side)

    def marks(self) -> tuple[PhaseMark, ...]:
        """Both edges of every phase in order of time, as a live session would set them."""
        edges = ((phase.mark(Edge.START), phase.mark(Edge.END)) for phase in self.phases)
        return tuple(sorted(chain.from_iterable(edges), key=lambda mark: mark.time_s))

    def _hip(self, values: FloatArray, side: Side) -> HipAngles:
        """Hip angles of one leg out of the joints' values, (N, joints)."""
        hip = HipAngles(
            values[:, Joint.LEFT_FLEXION.on(side)],
            values[:, Joint.LEFT_ADDUCTION.on(side)],
            values[:, Joint.LEFT_ROTATION.on(side)],
        )
        roll = Joint.LEFT_KNEE_ROLL.on(side)
        # asked of the whole script: were it asked of these times, slicing could change the last bit
        return hip.rolled(values[:, roll], side) if self.timeline.ever_moves(roll) else hip
