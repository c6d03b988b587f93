"""What lifting a knee from lying flat tells: which leg moved, where its axes lie, which end is up.

Hip flexion turns a thigh about an axis f that is its medio-lateral axis turned by the resting rotation, so
f is square to the long axis and, while the thigh is level, to up: the long axis is f x up. It gives no
zero of the rotation: the axis of a leg that lies turned out by 20 degrees is off by as much.
"""

from dataclasses import dataclass

import numpy as np

from tracker.model import FloatArray, TimedBlock
from tracker.motion.frames.alignment import Alignment, along, same_posture
from tracker.motion.parameters import AlignmentParameters, StillnessParameters
from tracker.motion.stillness import StillStretch, has_outage, still_beginning

_BACKWARDS = -0.5
"""Cosine of 120 degrees: an axis that points further away from where it should, points backwards."""


_MISSING = "samples are missing; lift the knee again"
_LOST = 2.5
"""Nominal intervals that a step of one lost sample stays below; a longer one hides part of the movement."""


@dataclass(frozen=True, slots=True, eq=False)
class KneeLift:
    """One thigh's part in a knee lift.

    Attributes:
        range_rad: largest turn from the still beginning about the axis of most of the turning; only as far
            as it was seen where samples are missing.
        axis: (3,) flexion axis in the sensor frame; None where the lift was refused.
        long_axis: (3,) the long axis that follows for a leg that lay level; None with it.
        refused: why no axis was taken, in plain words; None where one was.
    """

    range_rad: float
    axis: FloatArray | None = None
    long_axis: FloatArray | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Turning:
    """The movement after the still beginning.

    Attributes:
        axis: (3,) of most of the turning, the way round of its largest turn.
        share: of the turning that is about it.
        missing: whether samples are.
    """

    axis: FloatArray
    range_rad: float
    share: float
    missing: bool


def measure_knee_lift(
    samples: TimedBlock,
    interval_s: float,
    parameters: AlignmentParameters,
    stillness: StillnessParameters,
    before: Alignment | None = None,
) -> KneeLift:
    """Flexion axis and long axis from a still beginning and the movement after it.

    Args:
        interval_s: nominal sample interval.
        before: what is known of the axes, if only the housing's: it tells a leg that stands or that is
            rolled about its own length from one that is lifted.
    """
    beginning = still_beginning(samples, stillness)
    if beginning is None:
        missing = has_outage(samples, stillness)
        return KneeLift(0.0, refused=_MISSING if missing else "the leg was not still at the beginning")
    if beginning.stop == len(samples):
        return KneeLift(0.0, refused="the leg did not move")
    turning = _turning(samples, beginning, interval_s)
    refused = _no_lift(turning, beginning.up, parameters)
    if refused is not None:
        return KneeLift(turning.range_rad, refused=refused)
    across = np.cross(turning.axis, beginning.up)
    long_axis = across / np.sqrt((across * across).sum())
    if before is not None:
        refused = _contradiction(turning.axis, long_axis, beginning.up, before, parameters)
    if refused is not None:
        return KneeLift(turning.range_rad, refused=refused)
    return KneeLift(turning.range_rad, turning.axis, long_axis)


def _turning(samples: TimedBlock, beginning: StillStretch, interval_s: float) -> _Turning:
    offset = samples.gyroscope_rad_per_s[beginning.start : beginning.stop].mean(axis=0)
    rate = samples.gyroscope_rad_per_s[beginning.stop :] - offset
    products = np.array([[(rate[:, i] * rate[:, j]).sum() for j in range(3)] for i in range(3)])
    powers, axes = np.linalg.eigh(products)
    axis: FloatArray = axes[:, -1]
    steps_s = np.diff(samples.time_s[beginning.stop - 1 :])
    turned = np.cumsum(along(rate, axis) * np.minimum(steps_s, 2.0 * interval_s))
    if -turned.min() > turned.max():
        # From lying flat a thigh can only be flexed: the first and largest turn is the positive one.
        axis, turned = -axis, -turned
    share = float(powers[-1] / powers.sum()) if powers.sum() > 0.0 else 1.0
    return _Turning(axis, float(turned.max()), share, bool((steps_s > _LOST * interval_s).any()))


def _no_lift(turning: _Turning, up: FloatArray, parameters: AlignmentParameters) -> str | None:
    """Why a movement that began with up in this direction, (3,), gives no axes; None where it does.

    Within 45 degrees of up, half way from the back to the side, an axis is not that of a lift from the back.
    """
    if turning.missing:
        return _MISSING
    if turning.range_rad < parameters.knee_lift_range_rad:
        return "the leg did not move enough"
    if turning.share < parameters.knee_lift_plane:
        return "the leg moved about more than one axis"
    if same_posture(turning.axis, up, parameters):
        return "the leg moved about a vertical axis; lie on your back and lift the knee"
    return None


def _contradiction(
    axis: FloatArray,
    long_axis: FloatArray,
    up: FloatArray,
    before: Alignment,
    parameters: AlignmentParameters,
) -> str | None:
    """Why a lift that began with up in this direction does not fit what is known; None where it does."""
    known_axis = before.axes()[1]
    if same_posture(up, known_axis, parameters):
        return "the thigh was near vertical at the beginning; lie on your back"
    if same_posture(axis, known_axis, parameters):
        return "the leg was rolled about its own length; lift the knee"
    if before.front is not None and same_posture(long_axis, before.front, parameters):
        return "the reference pose was another posture; hold it again"
    return None


def points_backwards(alignment: Alignment, axis: FloatArray) -> bool:
    """True where a flexion axis points to the left: one of the segment's axes is the wrong way round."""
    return float((alignment.axes()[2] * axis).sum()) < _BACKWARDS


def is_upside_down(alignment: Alignment) -> bool:
    """True where the housing's arrow points down the leg."""
    return float((alignment.axes()[1] * alignment.housing_axis).sum()) < _BACKWARDS
