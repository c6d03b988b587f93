"""How much of the ab-/adduction that nobody measures may be in a hip rotation.

Up in pelvis and thigh, four numbers, do not tell the hip's three angles and how both lie: every ab-/adduction
within its bound goes with a flexion, and these hips differ in the twist that a thigh without rotation shows.
With a level pelvis on the back that is atan2(sin a sin b, cos a) for flexion a and adduction b.
"""

import math

import numpy as np

from tracker.model import FloatArray, Posture
from tracker.motion.frames.hip_rotation import pelvis_turn_rad, wrap_rad

_LEAST_FLEXION_RAD, _LARGEST_FLEXION_RAD = math.radians(-30.0), math.radians(120.0)
"""Hips do not bend further."""

_STEPS = 61
_ROUNDING = 1e-9

UP_OF_POSTURE = {
    Posture.SUPINE: (1.0, 0.0, 0.0),
    Posture.PRONE: (-1.0, 0.0, 0.0),
    Posture.SEATED: (0.0, 1.0, 0.0),
    Posture.LEFT_SIDE_DOWN: (0.0, 0.0, 1.0),
    Posture.RIGHT_SIDE_DOWN: (0.0, 0.0, -1.0),
}
"""Up in a pelvis that lies or sits straight."""


def crosstalk_bound_rad(pelvis_up: FloatArray, thigh_up: FloatArray, abduction_rad: float) -> float | None:
    """Largest error of a hip rotation by ab-/adduction up to a bound; None where no such hip fits.

    Args:
        pelvis_up, thigh_up: (3,) up in both segments.
    """
    along = float(thigh_up[1])
    neutral = np.concatenate(
        [_by_adduction(pelvis_up, along, abduction_rad), _by_flexion(pelvis_up, along, abduction_rad)]
    )
    if not len(neutral):
        return None
    used = pelvis_turn_rad(pelvis_up[np.newaxis, :], thigh_up[np.newaxis, :])
    return float(np.abs(wrap_rad(neutral - used)).max())


def _by_adduction(pelvis_up: FloatArray, along: float, bound_rad: float) -> FloatArray:
    """Twists of neutral thighs for adductions within the bound, each with the flexions that go with it."""
    x, y, z = pelvis_up.tolist()
    reach = math.hypot(x, y)
    if reach < _ROUNDING:
        return np.empty(0)
    b = np.linspace(-bound_rad, bound_rad, _STEPS)
    forward = (along - np.sin(b) * z) / np.cos(b)
    possible = np.abs(forward) <= reach
    b, forward = b[possible], forward[possible]
    from_front = np.arcsin(forward / reach)
    twists = []
    for flexion, up_front in (
        (math.atan2(y, x) - from_front, np.sqrt(reach**2 - forward**2)),
        (math.atan2(y, x) - math.pi + from_front, -np.sqrt(reach**2 - forward**2)),
    ):
        bends = wrap_rad(flexion)
        plausible = (bends >= _LEAST_FLEXION_RAD) & (bends <= _LARGEST_FLEXION_RAD)
        twist = np.arctan2(-np.sin(b) * forward + np.cos(b) * z, up_front)
        twists.append(twist[plausible])
    return np.concatenate(twists)


def _by_flexion(pelvis_up: FloatArray, along: float, bound_rad: float) -> FloatArray:
    """The same for flexions: on the side they differ much for nearly the same adduction."""
    x, y, z = pelvis_up.tolist()
    a = np.linspace(_LEAST_FLEXION_RAD, _LARGEST_FLEXION_RAD, _STEPS)
    forward = -np.sin(a) * x + np.cos(a) * y
    reach = np.hypot(forward, z)
    possible = reach > max(abs(along), _ROUNDING)
    a, forward, reach = a[possible], forward[possible], reach[possible]
    b = np.arcsin(along / reach) - np.arctan2(forward, z)
    b = np.concatenate([b, math.pi - np.arcsin(along / reach) - np.arctan2(forward, z)])
    a, forward = np.tile(a, 2), np.tile(forward, 2)
    plausible = np.abs(wrap_rad(b)) <= bound_rad + _ROUNDING
    a, b, forward = a[plausible], b[plausible], forward[plausible]
    twist: FloatArray = np.arctan2(-np.sin(b) * forward + np.cos(b) * z, np.cos(a) * x + np.sin(a) * y)
    return twist
