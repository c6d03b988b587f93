"""Samples of a thigh and of the pelvis above it from joint angles, for the tests of this folder."""

import math

import numpy as np
import numpy.typing as npt
from motion_samples import rad

from tracker.model import FloatArray, Side
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2
from tracker.motion.signals.leg_signals import LegSamples
from tracker.sensing.body.angles import HipAngles, Posture, pelvis_rotation, vector_from_rotation

INTERVAL_S = 0.01


def hip_deg(
    flexion_deg: npt.ArrayLike = 0.0,
    adduction_deg: npt.ArrayLike = 0.0,
    internal_rotation_deg: npt.ArrayLike = 0.0,
) -> HipAngles:
    """Hip angles over time, from degrees: numbers, or arrays of one length."""
    parts = np.broadcast_arrays(
        *(np.radians(np.atleast_1d(part)) for part in (flexion_deg, adduction_deg, internal_rotation_deg))
    )
    return HipAngles(*parts)


def lying_pelvis(posture: Posture = Posture.SUPINE, roll_deg: npt.ArrayLike = 0.0) -> FloatArray:
    """Pelvis in the world in a posture, turned on about its long axis, (N, 3, 3)."""
    roll = np.atleast_1d(posture.roll_rad + np.radians(roll_deg))
    return pelvis_rotation(np.full(len(roll), posture.pitch_rad), roll)


def leg_samples(
    side: Side,
    hip: HipAngles,
    pelvis: FloatArray,
    *,
    with_pelvis: bool = False,
    has_zero: bool = True,
    pelvis_has_zero: bool = True,
    quiet_for_s: npt.ArrayLike = 0.0,
) -> LegSamples:
    """Samples of one thigh every 10 ms, of as many as there are hip angles or pelvises.

    Args:
        pelvis: (N, 3, 3) or (1, 3, 3), pelvis to world.
        with_pelvis: whether a sensor is worn there.
    """
    femur = pelvis @ hip.rotation(side)
    count, up = len(femur), femur[:, 1, :]
    rate = np.zeros((count, 3))
    if count > 1:
        rate[1:] = vector_from_rotation(np.swapaxes(femur[:-1], 1, 2) @ femur[1:]) / INTERVAL_S
        # as it moves on, it came
        rate[0] = rate[1]
    return LegSamples(
        time_s=INTERVAL_S * np.arange(count, dtype=np.float64),
        up=up,
        rate_rad_per_s=rate,
        turn_rate_rad_per_s=(rate * up).sum(axis=1),
        axial_rate_rad_per_s=rate[:, 1].copy(),
        force_m_per_s2=np.full(count, STANDARD_GRAVITY_M_PER_S2),
        saturated=np.zeros(count, dtype=bool),
        quiet_for_s=np.zeros(count) + np.asarray(quiet_for_s, dtype=np.float64),
        pelvis_up=np.broadcast_to(pelvis[:, 1, :], (count, 3)).copy() if with_pelvis else None,
        has_zero=has_zero,
        pelvis_has_zero=pelvis_has_zero,
    )


def part_of(samples: LegSamples, start: int, stop: int) -> LegSamples:
    """The samples `start` up to, not including, `stop`."""
    part = slice(start, stop)
    return LegSamples(
        time_s=samples.time_s[part],
        up=samples.up[part],
        rate_rad_per_s=samples.rate_rad_per_s[part],
        turn_rate_rad_per_s=samples.turn_rate_rad_per_s[part],
        axial_rate_rad_per_s=samples.axial_rate_rad_per_s[part],
        force_m_per_s2=samples.force_m_per_s2[part],
        saturated=samples.saturated[part],
        quiet_for_s=samples.quiet_for_s[part],
        pelvis_up=None if samples.pelvis_up is None else samples.pelvis_up[part],
        has_zero=samples.has_zero,
        pelvis_has_zero=samples.pelvis_has_zero,
    )


def rolled_in(flexion_deg: float, roll_deg: FloatArray, side: Side) -> HipAngles:
    """A bent leg whose knee rolls inward over the resting foot."""
    return HipAngles.of(rad(flexion_deg)).rolled(np.radians(roll_deg), side)


def twist_of_bent_leg_deg(flexion_deg: float, roll_deg: float) -> float:
    """Twist that gravity shows of such a leg: `atan(tan(roll) / cos(flexion))`."""
    return math.degrees(math.atan(math.tan(rad(roll_deg)) / math.cos(rad(flexion_deg))))
