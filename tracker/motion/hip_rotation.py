"""Rotation of the thigh about its long axis, from the direction of up in the thigh's frame.

Frames are ISB (x anterior, y proximal, z to the right on both legs), angles radians, up vectors unit
vectors of shape (N, 3). Formulas: twist of a segment about its long axis against the vertical plane
through that axis; hip rotation against the pelvis holds for a horizontal thigh or no ab-/adduction, and
`crosstalk_bound_rad` tells what it costs elsewhere.
"""

import math

import numpy as np

from tracker.model import FloatArray, Side

TWO_PI = 2.0 * math.pi


def twist_rad(up: FloatArray) -> FloatArray:
    """Twist about the long axis against the vertical, (N,); 0 where the front of the segment is up."""
    return np.arctan2(up[:, 2], up[:, 0])


def observability(up: FloatArray) -> FloatArray:
    """Sine of the angle between long axis and vertical, (N,): 1 horizontal, 0 upright."""
    return np.sqrt(up[:, 0] * up[:, 0] + up[:, 2] * up[:, 2])


def elevation_rad(up: FloatArray) -> FloatArray:
    """Tilt of the long axis against the horizontal, (N,); positive with the knee end higher."""
    return np.arcsin(np.clip(-up[:, 1], -1.0, 1.0))


def wrap_rad(angle: FloatArray) -> FloatArray:
    """The same angles within -pi (included) to pi."""
    wrapped: FloatArray = angle - TWO_PI * np.floor((angle + math.pi) / TWO_PI)
    return wrapped


def hip_rotation_rad(
    side: Side, thigh_twist: FloatArray, pelvis_twist: FloatArray | float = 0.0
) -> FloatArray:
    """Hip rotation of one leg, internal positive, from the twists of thigh and pelvis, (N,)."""
    return wrap_rad(side.sign * (thigh_twist - pelvis_twist))


def crosstalk_bound_rad(elevation: float, abduction: float) -> float:
    """Largest share of ab-/adduction up to `abduction` in the twist of a thigh at this elevation.

    Supine: twist = rotation + atan2(sin a sin b, cos a) for flexion a and adduction b.
    """
    return abs(math.atan2(math.sin(abs(elevation)) * math.sin(abduction), math.cos(elevation)))
