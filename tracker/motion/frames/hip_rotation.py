"""Rotation of the thigh about its long axis, from directions of up in the frames of thigh and pelvis.

Frames are ISB (Wu 2002: x anterior, y proximal, z to the right on both legs), angles radians, up vectors
unit vectors of shape (N, 3). With hip flexion a, adduction b and internal rotation c of the right leg the
thigh lies in the pelvis as Rz(a) Rx(b) Ry(c), so up in the thigh is Ry(c)' w with w = Rx(b)' Rz(a)' times up
in the pelvis: the twist is c plus that of w. The left leg is the mirror.
"""

import math

import numpy as np

from tracker.model import FloatArray, Posture, Side

TWO_PI = 2.0 * math.pi

TWIST_OF_POSTURE_RAD = {
    Posture.SUPINE: 0.0,
    Posture.HOOK_LYING: 0.0,
    Posture.SEATED: 0.0,
    Posture.PRONE: math.pi,
    Posture.LEFT_SIDE_DOWN: 0.5 * math.pi,
    Posture.RIGHT_SIDE_DOWN: -0.5 * math.pi,
}
"""Twist of a thigh of neutral rotation; upright there is none."""


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


def pelvis_turn_rad(pelvis_up: FloatArray, thigh_up: FloatArray) -> FloatArray:
    """Twist that a thigh without hip rotation would show, (N,), in every posture of the pelvis.

    Of all hips that explain both directions of up it is the one with the least ab-/adduction: without any,
    w_y is up's component along the thigh and w_z that to the right of the pelvis, which leaves w_x but for
    its sign; that one is taken whose flexion is the nearer one to 45 degrees. On the back with level
    thighs it is the roll of the pelvis. Ab-/adduction costs what `crosstalk_bound_rad` says.
    """
    x, y, z = pelvis_up[:, 0], pelvis_up[:, 1], pelvis_up[:, 2]
    along = thigh_up[:, 1]
    across = np.sqrt(np.maximum(x * x + y * y - along * along, 0.0))
    return np.arctan2(z, np.copysign(across, x + y))


def neutral_twist_rad(pelvis_up: FloatArray, flexion: float, adduction: float, side: Side) -> FloatArray:
    """Twist that a thigh without hip rotation shows at a known flexion and adduction, (N,)."""
    sine_b, cosine_b = side.sign * math.sin(adduction), math.cos(adduction)
    sine_a, cosine_a = math.sin(flexion), math.cos(flexion)
    x = cosine_a * pelvis_up[:, 0] + sine_a * pelvis_up[:, 1]
    forward = -sine_a * pelvis_up[:, 0] + cosine_a * pelvis_up[:, 1]
    return np.arctan2(-sine_b * forward + cosine_b * pelvis_up[:, 2], x)


def hip_rotation_rad(
    side: Side, thigh_twist: FloatArray, neutral_twist: FloatArray | float = 0.0
) -> FloatArray:
    """Hip rotation of one leg, internal positive, from its twist and that of a neutral one, (N,)."""
    return wrap_rad(side.sign * (thigh_twist - neutral_twist))
