"""What one would take instead for the angle alone: a filter by itself, or the accelerometer."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from ahrs.filters import Madgwick
from sessions import RATE_HZ
from vqf import VQF

from tracker.model import FloatArray, TimedBlock
from tracker.motion.frames.orientation import OrientationFilter, up_from_quaternion
from tracker.motion.parameters import OrientationParameters


def ours(block: TimedBlock) -> FloatArray:
    """Up in the sensor frame, (N, 3), by this program's filter."""
    return OrientationFilter(RATE_HZ, OrientationParameters()).update(block)[0]


def vqf_alone(block: TimedBlock) -> FloatArray:
    """The same by vqf with its defaults."""
    found = VQF(1.0 / RATE_HZ).updateBatch(block.gyroscope_rad_per_s, block.accelerometer_m_per_s2)
    return up_from_quaternion(found["quat6D"])


def madgwick(block: TimedBlock) -> FloatArray:
    """The same by Madgwick's filter of the package ahrs with its defaults."""
    found = Madgwick(gyr=block.gyroscope_rad_per_s, acc=block.accelerometer_m_per_s2, frequency=RATE_HZ)
    return up_from_quaternion(np.asarray(found.Q))


def accelerometer(block: TimedBlock) -> FloatArray:
    """The same by the accelerometer's direction."""
    force = block.accelerometer_m_per_s2
    up: FloatArray = force / np.linalg.norm(force, axis=1, keepdims=True)
    return up


Angle: TypeAlias = Callable[[TimedBlock], FloatArray]

ALTERNATIVES: dict[str, Angle] = {
    "vqf alone": vqf_alone,
    "ahrs Madgwick alone": madgwick,
    "accelerometer alone": accelerometer,
}
