"""Which strapping-on of a session a rest test belongs to, told from the alignments of the thighs.

A session keeps no count of its donnings. But a sensor that was put on anew has lost its axes, so its next
alignment knows less than the one before; and one that has nothing but a front shows it turned in the sensor
by how the strap sits now.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from tracker.model import SensorAlignment, Side
from tracker.motion.frames.alignment import Alignment, housing_axis, turn_between_rad
from tracker.motion.parameters import AlignmentParameters


def donned_anew_s(
    alignments: Iterable[SensorAlignment], side: Side, parameters: AlignmentParameters
) -> tuple[float, ...]:
    """When the alignments of a leg's thigh were of a new donning, one time for each donning but the first.

    A strap that turned on the leg by more than reference poses differ counts as put on anew. Not seen is a
    donning after which the same poses are held again and the strap sits as before.
    """
    of_thigh = sorted(
        (one for one in alignments if one.placement in side.thighs), key=lambda one: one.since_s
    )
    return tuple(after.since_s for before, after in pairwise(of_thigh) if _anew(before, after, parameters))


def donning_at(time_s: float, donned_s: Sequence[float]) -> int:
    """The number of the donning at a time, from 0, by when the later ones were seen."""
    return bisect_right(donned_s, time_s)


def _anew(before: SensorAlignment, after: SensorAlignment, parameters: AlignmentParameters) -> bool:
    if (before.long_axis and not after.long_axis) or (before.front and not after.front):
        return True
    turned_rad = turn_between_rad(_as_worn(before, parameters), _as_worn(after, parameters))
    return turned_rad is not None and abs(turned_rad) > parameters.reference_jump_rad


def _as_worn(one: SensorAlignment, parameters: AlignmentParameters) -> Alignment:
    return Alignment(
        long_axis=None if one.long_axis is None else np.array(one.long_axis),
        front=None if one.front is None else np.array(one.front),
        housing_axis=housing_axis(parameters),
    )
