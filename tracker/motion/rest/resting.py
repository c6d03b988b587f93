"""The repeats of one donning together: resting rotation of each leg, their difference and their mean."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from tracker.model import RelativeTo, RestTest, RestUncertainty, Side
from tracker.motion.parameters import RestTestParameters

_MEDIAN_VARIANCE = (1.0, 0.5, 0.4487, 0.2982, 0.2868)
"""Variance of the median of 1, 2, ... values of a normal distribution, in that of one value."""


@dataclass(frozen=True, slots=True)
class RestingValue:
    """An angle of one donning.

    Attributes:
        value_rad: median of the repeats.
        uncertainty_rad: half width of its 95 % interval.
        tests: how many tests it was made of.
        spread_rad: largest less smallest of the repeats.
    """

    value_rad: float
    uncertainty_rad: float
    tests: int
    spread_rad: float


@dataclass(frozen=True, slots=True)
class RestingRotation:
    """Resting rotation of one donning; None where nothing could be measured.

    Attributes:
        left, right: hip rotation, internal rotation positive.
        difference: ER_R - ER_L, external rotation positive; of legs and pelvis where that is not measured.
        mean: (ER_R + ER_L) / 2; it does not depend on how the pelvis lay.
        repeat: legs whose repeats differ by so much that they should be done again.
    """

    relative_to: RelativeTo | None
    left: RestingValue | None
    right: RestingValue | None
    difference: RestingValue | None
    mean: RestingValue | None
    repeat: tuple[Side, ...]


def resting_rotation(tests: Iterable[RestTest], parameters: RestTestParameters) -> RestingRotation:
    """What the tests of one donning say together; refused ones are left out.

    Tests against the pelvis and against the vertical are never mixed: those against the pelvis are taken
    where there are any.
    """
    measured = [test for test in tests if test.refused is None]
    against = [test.relative_to for test in measured]
    relative_to = (
        None if not against else RelativeTo.PELVIS if RelativeTo.PELVIS in against else RelativeTo.VERTICAL
    )
    used = [test for test in measured if test.relative_to is relative_to]
    left, right = (_resting(used, side) for side in (Side.LEFT, Side.RIGHT))
    values = ((Side.LEFT, left), (Side.RIGHT, right))
    return RestingRotation(
        relative_to=relative_to,
        left=left,
        right=right,
        difference=_both(right, left, -1.0, +1.0),
        mean=_both(right, left, -0.5, -0.5),
        repeat=tuple(
            side for side, one in values if one is not None and one.spread_rad > parameters.repeat_spread_rad
        ),
    )


def combined_half_width_rad(uncertainties: Sequence[RestUncertainty]) -> float:
    """Half width of the 95 % interval of the median of repeats in one donning.

    What the reference pose and the wandering add is new in each repeat; the rest is the same in all.
    """
    count = len(uncertainties)
    share = _MEDIAN_VARIANCE[count - 1] if count <= len(_MEDIAN_VARIANCE) else 0.5 * math.pi / count
    each = math.sqrt(share)
    widths = [
        one.coverage
        * math.hypot(
            one.sensor_rad,
            one.crosstalk_rad,
            one.donning_rad,
            each * one.reference_rad,
            each * one.wander_rad,
        )
        for one in uncertainties
    ]
    return median(widths)


def _resting(tests: Sequence[RestTest], side: Side) -> RestingValue | None:
    own = [
        (test.hip_rotation_rad, test.uncertainty)
        for test in tests
        if test.side is side and test.hip_rotation_rad is not None and test.uncertainty is not None
    ]
    if not own:
        return None
    values = [value for value, _ in own]
    width = combined_half_width_rad([uncertainty for _, uncertainty in own])
    return RestingValue(median(values), width, len(values), max(values) - min(values))


def _both(
    right: RestingValue | None, left: RestingValue | None, of_right: float, of_left: float
) -> RestingValue | None:
    """A weighted sum of both legs, whose errors are independent but for the pelvis."""
    if right is None or left is None:
        return None
    return RestingValue(
        of_right * right.value_rad + of_left * left.value_rad,
        math.hypot(of_right * right.uncertainty_rad, of_left * left.uncertainty_rad),
        min(right.tests, left.tests),
        abs(of_right) * right.spread_rad + abs(of_left) * left.spread_rad,
    )
