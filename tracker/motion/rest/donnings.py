"""Which strapping-on of a session a rest test belongs to, told from the alignments of the thighs.

A session keeps no count of its donnings. But a sensor that was put on anew has lost its axes, so its next
alignment knows less than the one before; and one that has nothing but a front shows it turned in the sensor
by how the strap sits now.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import atan2, sqrt
from typing import TypeAlias

from tracker.model import SensorAlignment, Side
from tracker.motion.frames.alignment import housing_axis
from tracker.motion.parameters import AlignmentParameters

_Vector: TypeAlias = tuple[float, float, float]


def donned_anew_s(
    alignments: Iterable[SensorAlignment], side: Side, parameters: AlignmentParameters
) -> tuple[float, ...]:
    """When the alignments of a leg's thigh were of a new donning, one time for each donning but the first.

    A strap that turned on the leg by more than reference poses differ counts as put on anew. Not seen is a
    donning after which the same poses are held again and the strap sits as before.
    """
    thighs = side.thighs
    of_thigh = sorted((one for one in alignments if one.placement in thighs), key=lambda one: one.since_s)
    return tuple(after.since_s for before, after in pairwise(of_thigh) if _anew(before, after, parameters))


def donning_at(time_s: float, donned_s: Sequence[float]) -> int:
    """The number of the donning at a time, from 0, by when the later ones were seen."""
    return bisect_right(donned_s, time_s)


def _anew(before: SensorAlignment, after: SensorAlignment, parameters: AlignmentParameters) -> bool:
    if (before.long_axis and not after.long_axis) or (before.front and not after.front):
        return True
    if not before.front or not after.front:
        # Without two zeros nothing tells of a turn.
        return False
    axis = after.long_axis or tuple(housing_axis(parameters).tolist())
    return abs(_turned_rad(before.front, after.front, axis)) > parameters.reference_jump_rad


def _turned_rad(before: _Vector, after: _Vector, axis: _Vector) -> float:
    """What `turn_between_rad` of the alignments gives. By plain numbers, term by term: thirty times as fast,
    and years of sessions have tens of thousands of such pairs."""
    x, y, z = _across(after, axis)
    length = sqrt(x * x + y * y + z * z)
    if length == 0.0:
        # A front along the axis is no zero.
        return 0.0
    x, y, z = x / length, y / length, z / length
    up_x, up_y, up_z = axis
    earlier = _across(before, axis)
    sideways = y * up_z - z * up_y, z * up_x - x * up_z, x * up_y - y * up_x
    return atan2(_product(earlier, sideways), _product(earlier, (x, y, z)))


def _across(one: _Vector, axis: _Vector) -> _Vector:
    """What of a direction is at right angles to an axis."""
    share = _product(one, axis)
    return one[0] - share * axis[0], one[1] - share * axis[1], one[2] - share * axis[2]


def _product(one: _Vector, other: _Vector) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
