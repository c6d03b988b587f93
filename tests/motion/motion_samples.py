"""Directions of up and samples from geometry, for the tests of this folder."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.model import FloatArray, Placement, Side, TimedBlock
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2
from tracker.sensing.body.angles import HipAngles, pelvis_rotation
from tracker.sensing.body.feed import BodyFeed, simulate_block
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.script import BodyPose, BodyScript
from tracker.sensing.body.timeline import Timeline

RIGHT, LEFT, PELVIS = Placement.RIGHT_THIGH, Placement.LEFT_THIGH, Placement.PELVIS
UP_WORLD = np.array([0.0, 1.0, 0.0])
IDEAL = MemsModel.ideal()
PLAIN = Mounting.strapped()


def rad(degrees: float) -> float:
    """Degrees in radians."""
    return math.radians(degrees)


def deg(angle_rad: npt.ArrayLike) -> FloatArray:
    """Radians in degrees."""
    return np.asarray(np.degrees(np.asarray(angle_rad, dtype=np.float64)))


@dataclass(frozen=True, slots=True)
class Pose:
    """A body at rest, in degrees.

    Attributes:
        pitch_deg: backward lean of the pelvis: 0 upright, 90 lying on the back.
        roll_deg: turn of the pelvis about its long axis, positive to the left.
    """

    flexion_deg: float = 0.0
    adduction_deg: float = 0.0
    internal_rotation_deg: float = 0.0
    pitch_deg: float = 90.0
    roll_deg: float = 0.0

    def pelvis_up(self) -> FloatArray:
        """Up in the pelvis, (1, 3)."""
        up: FloatArray = UP_WORLD @ pelvis_rotation(rad(self.pitch_deg), rad(self.roll_deg))
        return up[np.newaxis, :]

    def thigh_up(self, side: Side) -> FloatArray:
        """Up in the femur, (1, 3): the transposed rotations applied to the world's up."""
        angles = HipAngles.of(rad(self.flexion_deg), rad(self.adduction_deg), rad(self.internal_rotation_deg))
        femur = pelvis_rotation(rad(self.pitch_deg), rad(self.roll_deg)) @ angles.rotation(side)
        up: FloatArray = UP_WORLD @ femur
        return up[np.newaxis, :]


def known(value: float | None) -> float:
    """A number that must be there."""
    assert value is not None
    return value


def random_rotation(rng: np.random.Generator) -> FloatArray:
    """A rotation matrix, evenly drawn from all of them."""
    quaternion = rng.normal(size=4)
    w, x, y, z = quaternion / np.linalg.norm(quaternion)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def block_of(
    up: npt.ArrayLike,
    duration_s: float = 6.0,
    *,
    rate_hz: float = 100.0,
    start_s: float = 0.0,
    rate_rad_per_s: npt.ArrayLike = (0.0, 0.0, 0.0),
    placement: Placement = RIGHT,
) -> TimedBlock:
    """Samples of a sensor that feels 1 g along `up`, (3,) or (N, 3), in its own frame."""
    count = round(duration_s * rate_hz)
    zeros = np.zeros((count, 3))
    return TimedBlock(
        placement,
        start_s + np.arange(count) / rate_hz,
        zeros + STANDARD_GRAVITY_M_PER_S2 * np.asarray(up, dtype=np.float64),
        zeros + np.asarray(rate_rad_per_s, dtype=np.float64),
        np.zeros(count, dtype=bool),
    )


def noisy(block: TimedBlock, rng: np.random.Generator) -> TimedBlock:
    """A block with the noise of a usual chip: 70 ug and 3.8 mdps per root Hz over 50 Hz."""
    model = MemsModel()
    return TimedBlock(
        block.placement,
        block.time_s,
        block.accelerometer_m_per_s2 + rng.normal(0.0, model.accelerometer_noise_m_per_s2, (len(block), 3)),
        block.gyroscope_rad_per_s + rng.normal(0.0, model.gyroscope_noise_rad_per_s, (len(block), 3)),
        block.saturated,
    )


def end_to_end(*blocks: TimedBlock) -> TimedBlock:
    """Blocks one after the other, as one."""
    return TimedBlock(
        blocks[0].placement,
        np.concatenate([block.time_s for block in blocks]),
        np.concatenate([block.accelerometer_m_per_s2 for block in blocks]),
        np.concatenate([block.gyroscope_rad_per_s for block in blocks]),
        np.concatenate([block.saturated for block in blocks]),
    )


def less(block: TimedBlock, spans_s: Sequence[tuple[float, float]]) -> TimedBlock:
    """A block without the samples of some spans of time, start included, end not."""
    keep = np.ones(len(block), dtype=bool)
    for start_s, end_s in spans_s:
        keep &= (block.time_s < start_s) | (block.time_s >= end_s)
    return TimedBlock(
        block.placement,
        block.time_s[keep],
        block.accelerometer_m_per_s2[keep],
        block.gyroscope_rad_per_s[keep],
        block.saturated[keep],
    )


@dataclass(frozen=True, slots=True, eq=False)
class RotatingLegs(BodyScript):
    """A body on its back whose straight legs rotate as a function of time says.

    Attributes:
        rotation_rad: (N,) s to (N,) rad of internal rotation, the same on both legs.
    """

    rotation_rad: Callable[[FloatArray], FloatArray]

    def pose(self, time_s: FloatArray) -> BodyPose:
        """The pose at any times."""
        still = np.zeros(len(time_s))
        hip = HipAngles(still, still, self.rotation_rad(time_s))
        supine = np.broadcast_to(pelvis_rotation(0.5 * math.pi, 0.0), (len(time_s), 3, 3))
        return BodyPose(supine, np.zeros((len(time_s), 3)), hip, hip)

    def true_hip_rotation_rad(self, side: Side, time_s: FloatArray) -> FloatArray:  # noqa: ARG002
        """Internal rotation of either hip."""
        return self.rotation_rad(time_s)


def rotating_legs(duration_s: float, rotation_rad: Callable[[FloatArray], FloatArray]) -> RotatingLegs:
    """A script of legs that rotate by a function of time."""
    return RotatingLegs(Timeline.of({}, []), duration_s, (), (), rotation_rad)


def felt(
    script: BodyScript,
    *,
    placement: Placement = RIGHT,
    mounting: Mounting = PLAIN,
    mems: MemsModel = IDEAL,
    rate_hz: float = 100.0,
) -> TimedBlock:
    """All samples of one sensor on a scripted body."""
    return simulate_block(BodyFeed(script, placement, mounting, mems, rate_hz))
