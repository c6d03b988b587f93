"""What lifting a knee from lying flat tells: which leg moved, where its axes lie, which end is up.

Hip flexion turns a thigh about an axis f that is its medio-lateral axis turned by the resting rotation, so
f is square to the long axis and, while the thigh is level, to up: the long axis is f x up. It gives no
zero of the rotation: the axis of a leg that lies turned out by 20 degrees is off by as much.
"""

from dataclasses import dataclass

import numpy as np

from tracker.model import FloatArray, TimedBlock
from tracker.motion.frames.alignment import Alignment, along
from tracker.motion.parameters import AlignmentParameters, StillnessParameters
from tracker.motion.stillness import still_beginning

_BACKWARDS = -0.5
"""Cosine of 120 degrees: an axis that points further away from where it should, points backwards."""


@dataclass(frozen=True, slots=True)
class KneeLift:
    """One thigh's part in a knee lift.

    Attributes:
        range_rad: largest turn from the still beginning about the axis of most of the turning.
        axis: (3,) flexion axis in the sensor frame; None where the leg did not move enough.
        long_axis: (3,) the long axis that follows for a leg that lay level; None with it.
        refused: why no axis was taken, in plain words; None where one was.
    """

    range_rad: float
    axis: FloatArray | None = None
    long_axis: FloatArray | None = None
    refused: str | None = None


def measure_knee_lift(
    samples: TimedBlock, interval_s: float, parameters: AlignmentParameters, stillness: StillnessParameters
) -> KneeLift:
    """Flexion axis and long axis from a still beginning and the movement after it.

    Args:
        interval_s: nominal sample interval.
    """
    beginning = still_beginning(samples, stillness)
    if beginning is None:
        return KneeLift(0.0, refused="the leg was not still at the beginning")
    offset = samples.gyroscope_rad_per_s[beginning.start : beginning.stop].mean(axis=0)
    rate = samples.gyroscope_rad_per_s[beginning.stop :] - offset
    if not len(rate):
        return KneeLift(0.0, refused="the leg did not move")
    products = np.array([[(rate[:, i] * rate[:, j]).sum() for j in range(3)] for i in range(3)])
    powers, axes = np.linalg.eigh(products)
    axis: FloatArray = axes[:, -1]
    steps_s = np.minimum(np.diff(samples.time_s[beginning.stop - 1 :]), 2.0 * interval_s)
    turned = np.cumsum(along(rate, axis) * steps_s)
    if -turned.min() > turned.max():
        # From lying flat a thigh can only be flexed: the first and largest turn is the positive one.
        axis, turned = -axis, -turned
    reach_rad = float(turned.max())
    if reach_rad < parameters.knee_lift_range_rad:
        return KneeLift(reach_rad, refused="the leg did not move enough")
    if powers[-1] < parameters.knee_lift_plane * powers.sum():
        return KneeLift(reach_rad, refused="the leg moved about more than one axis")
    across = np.cross(axis, beginning.up)
    return KneeLift(reach_rad, axis, across / np.sqrt((across * across).sum()))


def points_backwards(alignment: Alignment, axis: FloatArray) -> bool:
    """True where a flexion axis points to the left: one of the segment's axes is the wrong way round."""
    return float((alignment.axes()[2] * axis).sum()) < _BACKWARDS


def is_upside_down(alignment: Alignment) -> bool:
    """True where the housing's arrow points down the leg."""
    return float((alignment.axes()[1] * alignment.housing_axis).sum()) < _BACKWARDS
