"""Poses and readings that the tests of the body model share; formulas of the thigh twist, in degrees."""

from collections.abc import Mapping

import numpy as np

from tracker.model import FloatArray, Placement
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.builder import ScriptBuilder
from tracker.sensing.body.kinematics import Mounting, measure
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.timeline import Joint

PLAIN = Mounting.strapped()


def posed(posture: Posture, degrees: Mapping[Joint, float] | None = None) -> BodyScript:
    """A script that has reached a pose after 1 s and holds it for one more; degrees by joint."""
    targets = {joint: float(np.radians(value)) for joint, value in (degrees or {}).items()}
    return ScriptBuilder(posture).move(1.0, targets).hold(1.0).build()


def up_of(script: BodyScript, placement: Placement, mounting: Mounting = PLAIN) -> FloatArray:
    """What the accelerometer feels in the held pose, as a unit vector, (3,); it points up."""
    force, _ = measure(script, placement, mounting, np.array([1.5]))
    unit: FloatArray = force[0] / np.linalg.norm(force[0])
    return unit


def twist_deg(up: FloatArray) -> float:
    """Twist of the thigh about its long axis against the vertical, `atan2(u_z, u_x)`."""
    return float(np.degrees(np.arctan2(up[2], up[0])))


def minimum_jerk_derivatives(fraction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Share done, its first and its second derivative by the fraction of time, written out apart."""
    done: FloatArray = 10 * fraction**3 - 15 * fraction**4 + 6 * fraction**5
    first: FloatArray = 30 * fraction**2 - 60 * fraction**3 + 30 * fraction**4
    second: FloatArray = 60 * fraction - 180 * fraction**2 + 120 * fraction**3
    return done, first, second
