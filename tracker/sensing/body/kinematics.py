"""What an ideal motion sensor feels at a mounting on the moving body.

Both signals come from the pose a little before, at and after each time, never from sampled signals.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.model import FloatArray, Placement
from tracker.sensing.body.angles import about_y, rotation_from_vector, vector_from_rotation
from tracker.sensing.body.script import BodyScript

GRAVITY_M_PER_S2 = 9.80665

STEP_S = 0.25e-3
"""Half the width of the differences.

Rounding of a position of 1 m spoils its second difference by about 4 x 1.1e-16 / h^2 = 7e-9 m/s2. A step
of the jerk, which a minimum-jerk move has at both ends, costs r J h / 6 there: 30 degrees in 0.8 s felt
0.35 m from the hip (J = 60 A / T^3 = 61 rad/s3) 0.9e-3 m/s2, a fifth of a good chip's noise in one
sample at 100 Hz; inside a move the error is below 1e-5 m/s2. The angular rate errs by h^2 / 6 times its
second derivative, below 1e-6 rad/s. A step of 1 ms would cost four and sixteen times as much.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Mounting:
    """How a sensor sits on its segment.

    Attributes:
        rotation: (3, 3) `R_FS`, sensor frame to segment frame.
        position_m: (3,) place of the sensor in the segment frame, from the segment's origin.
    """

    rotation: FloatArray
    position_m: FloatArray

    @classmethod
    def strapped(
        cls,
        strap_rotation_rad: float = 0.0,
        misalignment_rad: npt.ArrayLike = (0.0, 0.0, 0.0),
        off_axis_m: float = 0.08,
        below_hip_m: float = 0.35,
    ) -> "Mounting":
        """A sensor on a strap round the thigh, its y up the leg, its x away from the bone.

        Args:
            strap_rotation_rad: turn of the strap about the long axis from the front of the thigh; adds
                one to one to the twist that the sensor reads.
            misalignment_rad: (3,) further rotation in the sensor's own frame, of any size.
            off_axis_m: from the long axis to the sensor.
            below_hip_m: along the long axis, from the hip joint centre downwards.
        """
        strap = about_y(strap_rotation_rad)
        position_m = strap @ np.array([off_axis_m, -below_hip_m, 0.0])
        return cls(strap @ rotation_from_vector(misalignment_rad), position_m)

    @classmethod
    def on_belt(
        cls, misalignment_rad: npt.ArrayLike = (0.0, 0.0, 0.0), position_m: npt.ArrayLike = (0.09, 0.06, 0.11)
    ) -> "Mounting":
        """A sensor on a belt at the front right of the pelvis, in the pelvis' axes but for a misalignment."""
        return cls(rotation_from_vector(misalignment_rad), np.asarray(position_m, dtype=np.float64))


def measure(
    script: BodyScript, placement: Placement, mounting: Mounting, time_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Specific force and angular rate that an ideal sensor would feel, in its own frame.

    Angular rate: logarithm of the rotation from h before to h after, over 2 h. Specific force: second
    difference of the sensor's place in the world, plus gravity upward: at rest it points up.

    Args:
        time_s: (N,) true times, in any order.

    Returns:
        (N, 3) specific force in m/s2 and (N, 3) angular rate in rad/s.
    """
    count = len(time_s)
    around_s = np.concatenate((time_s - STEP_S, time_s, time_s + STEP_S))
    segment, origin_m = script.pose(around_s).segment(placement)
    place_m = origin_m + segment @ mounting.position_m
    force = (place_m[:count] - 2.0 * place_m[count : 2 * count] + place_m[2 * count :]) / STEP_S**2
    force[:, 1] += GRAVITY_M_PER_S2
    turned = segment[:count].transpose(0, 2, 1) @ segment[2 * count :]
    rate = vector_from_rotation(turned) / (2.0 * STEP_S)
    to_world = segment[count : 2 * count] @ mounting.rotation
    # row vector times matrix: the transposed, that is the inverse, rotation
    accelerometer: FloatArray = (force[:, np.newaxis, :] @ to_world)[:, 0, :]
    gyroscope: FloatArray = rate @ mounting.rotation
    return accelerometer, gyroscope
