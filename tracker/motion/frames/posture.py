"""How the body lies or sits, from the directions of up in pelvis and thigh."""

import math

import numpy as np

from tracker.model import BoolArray, FloatArray, Posture
from tracker.motion.frames.hip_rotation import TWIST_OF_POSTURE_RAD, elevation_rad, twist_rad, wrap_rad

_BENT_RAD = math.radians(20.0)
"""A thigh on the back that is raised by more is bent, its foot planted."""

_TOWARDS_RAD = math.radians(50.0)
"""Up may be this far from the direction that a posture gives it in the pelvis: past half a right angle
another posture is the nearer one, and five degrees are left for a belt that sits askew."""

_UP_IN_PELVIS: dict[Posture, tuple[float, float, float]] = {
    Posture.SUPINE: (1.0, 0.0, 0.0),
    Posture.HOOK_LYING: (1.0, 0.0, 0.0),
    Posture.PRONE: (-1.0, 0.0, 0.0),
    Posture.LEFT_SIDE_DOWN: (0.0, 0.0, 1.0),
    Posture.RIGHT_SIDE_DOWN: (0.0, 0.0, -1.0),
    Posture.SEATED: (0.0, 1.0, 0.0),
    Posture.STANDING: (0.0, 1.0, 0.0),
}


def posture_of(pelvis_up: FloatArray, thigh_up: FloatArray) -> Posture:
    """The posture that up in pelvis and thigh, (3,) each, come nearest to."""
    steep = abs(float(thigh_up[1])) > math.cos(math.pi / 4.0)
    upright = Posture.STANDING if steep else Posture.SEATED
    candidates = (Posture.SUPINE, Posture.PRONE, Posture.LEFT_SIDE_DOWN, Posture.RIGHT_SIDE_DOWN, upright)
    nearest = max(candidates, key=lambda one: float((pelvis_up * np.array(_UP_IN_PELVIS[one])).sum()))
    bent = float(elevation_rad(thigh_up[np.newaxis, :])[0]) > _BENT_RAD
    return Posture.HOOK_LYING if nearest is Posture.SUPINE and bent else nearest


def pelvis_is_in(postures: tuple[Posture, ...], pelvis_up: FloatArray) -> BoolArray:
    """Where the pelvis lies as in one of the postures, (N,); True also where it is not known."""
    fits = np.isnan(pelvis_up[:, 0])
    for x, y, z in {_UP_IN_PELVIS[one] for one in postures}:
        towards = pelvis_up[:, 0] * x + pelvis_up[:, 1] * y + pelvis_up[:, 2] * z
        fits |= towards >= math.cos(_TOWARDS_RAD)
    return fits


def thigh_is_in(postures: tuple[Posture, ...], thigh_up: FloatArray, largest_turn_rad: float) -> BoolArray:
    """Where the thigh's twist is within reach of that of one of the postures, (N,).

    Needs a zero of the twist. True for postures that give a thigh no twist.
    """
    twists = {TWIST_OF_POSTURE_RAD.get(one) for one in postures}
    if None in twists or not twists:
        return np.ones(len(thigh_up), dtype=bool)
    fits = np.zeros(len(thigh_up), dtype=bool)
    twist = twist_rad(thigh_up)
    for of_posture in twists:
        fits |= np.abs(wrap_rad(twist - (of_posture or 0.0))) <= largest_turn_rad
    return fits
