"""The repeats of one donning in one posture: resting rotation of each leg, their difference and their mean.

Difference and mean are taken of both legs at once, repeat by repeat: what a pelvis does that nobody measures
turns one leg in as far as it turns the other one out, and leaves the mean only where it did so in both.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TypeAlias

from tracker.model import Posture, RelativeTo, RestTest, RestUncertainty, SensorAlignment, Side
from tracker.motion.parameters import AlignmentParameters, RestTestParameters
from tracker.motion.rest.donnings import donned_anew_s, donning_at

_MEDIAN_VARIANCE = (1.0, 0.5, 0.4487, 0.2982, 0.2868)
"""Variance of the median of 1, 2, ... values of a normal distribution, in that of one value."""

_LEGS = (Side.LEFT, Side.RIGHT)


@dataclass(frozen=True, slots=True)
class RestingValue:
    """An angle of one donning.

    Attributes:
        value_rad: median of the repeats.
        uncertainty_rad: half width of its 95 % interval.
        tests: how many tests it was made of.
        spread_rad: largest less smallest of the repeats.
        repeats_rad: the repeats, in order of time.
    """

    value_rad: float
    uncertainty_rad: float
    tests: int
    spread_rad: float
    repeats_rad: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class RestingRotation:
    """Resting rotation of one donning in one posture; None where nothing could be measured.

    Attributes:
        left, right: hip rotation, internal rotation positive.
        difference: ER_R - ER_L, external rotation positive; of legs and pelvis where that is not measured.
        mean: (ER_R + ER_L) / 2; it does not depend on how the pelvis lay.
        repeat: legs whose repeats differ by so much that they should be done again.
        posture: how the body lay; None without any test.
        donning: which one of the session, from 1.
    """

    relative_to: RelativeTo | None
    left: RestingValue | None
    right: RestingValue | None
    difference: RestingValue | None
    mean: RestingValue | None
    repeat: tuple[Side, ...]
    posture: Posture | None = None
    donning: int = 1

    @property
    def tests(self) -> int:
        """How many tests of both legs it was made of."""
        return sum(one.tests for one in (self.left, self.right) if one is not None)


@dataclass(frozen=True, slots=True)
class _Repeat:
    """One measured test of one leg."""

    start_s: float
    end_s: float
    rotation_rad: float
    uncertainty: RestUncertainty


_Pair: TypeAlias = tuple[_Repeat, _Repeat]


def resting_rotations(
    tests: Iterable[RestTest],
    alignments: Sequence[SensorAlignment],
    parameters: RestTestParameters,
    of_alignment: AlignmentParameters,
) -> tuple[RestingRotation, ...]:
    """What the measured tests of a session say, each donning and posture for itself, in order of time.

    Where one leg's sensor alone was put on anew, a donning of both begins.

    Args:
        alignments: those of the session; they tell its donnings.
        of_alignment: what the alignments were taken by.
    """
    groups = tests_by_donning(tests, alignments, of_alignment)
    return tuple(
        replace(resting_rotation(group, parameters), donning=donning)
        for (donning, _), group in groups.items()
    )


def tests_by_donning(
    tests: Iterable[RestTest], alignments: Sequence[SensorAlignment], of_alignment: AlignmentParameters
) -> dict[tuple[int, Posture], list[RestTest]]:
    """The measured tests of a session by donning, from 1, and posture, in order of time; see above."""
    donned_s = sorted({time_s for side in _LEGS for time_s in donned_anew_s(alignments, side, of_alignment)})
    groups: dict[tuple[int, Posture], list[RestTest]] = {}
    for test in sorted(tests, key=lambda one: (one.start_s, one.side)):
        if test.refused is None:
            groups.setdefault((donning_at(test.start_s, donned_s), test.posture), []).append(test)
    numbers = {donning: number for number, donning in enumerate(sorted({known for known, _ in groups}), 1)}
    return {(numbers[donning], posture): group for (donning, posture), group in groups.items()}


def main_rotation(rotations: Sequence[RestingRotation]) -> RestingRotation:
    """The one of a session that most tests made, the latest of equals; an empty one without any."""
    nothing = RestingRotation(None, None, None, None, None, ())
    return max(reversed(rotations), key=lambda one: one.tests, default=nothing)


def resting_rotation(tests: Iterable[RestTest], parameters: RestTestParameters) -> RestingRotation:
    """What the tests of one donning in one posture say together; refused ones are left out.

    Tests against the pelvis and against the vertical are never mixed: those against the pelvis are taken
    where there are any.
    """
    measured = [test for test in tests if test.refused is None]
    against = [test.relative_to for test in measured]
    relative_to = (
        None if not against else RelativeTo.PELVIS if RelativeTo.PELVIS in against else RelativeTo.VERTICAL
    )
    used = [test for test in measured if test.relative_to is relative_to]
    repeats = {side: _repeats(used, side) for side in _LEGS}
    pairs = _pairs(repeats[Side.RIGHT], repeats[Side.LEFT])
    values = {side: _resting(own) for side, own in repeats.items()}
    return RestingRotation(
        relative_to=relative_to,
        left=values[Side.LEFT],
        right=values[Side.RIGHT],
        difference=_of_both(pairs, -1.0, +1.0),
        mean=_of_both(pairs, -0.5, -0.5),
        repeat=tuple(
            side
            for side, one in values.items()
            if one is not None and one.spread_rad > parameters.repeat_spread_rad
        ),
        posture=used[0].posture if used else None,
    )


def combined_half_width_rad(uncertainties: Sequence[RestUncertainty]) -> float:
    """Half width of the 95 % interval of the median of repeats in one donning.

    What the reference pose and the wandering add is new in each repeat; the rest is the same in all.
    """
    share = _median_share(len(uncertainties))
    return median(one.coverage * math.sqrt(_variance(one, share)) for one in uncertainties)


def _median_share(count: int) -> float:
    """Variance of the median of so many repeats, in that of one."""
    return _MEDIAN_VARIANCE[count - 1] if count <= len(_MEDIAN_VARIANCE) else 0.5 * math.pi / count


def _variance(one: RestUncertainty, share: float) -> float:
    """Of a median of repeats like this one; `share` is left of what each of them has anew."""
    shared = one.sensor_rad**2 + one.crosstalk_rad**2 + one.donning_rad**2
    return shared + share * (one.reference_rad**2 + one.wander_rad**2)


def _repeats(tests: Iterable[RestTest], side: Side) -> list[_Repeat]:
    """The measured tests of one leg in order of time."""
    own = [
        _Repeat(test.start_s, test.end_s, test.hip_rotation_rad, test.uncertainty)
        for test in tests
        if test.side is side and test.hip_rotation_rad is not None and test.uncertainty is not None
    ]
    return sorted(own, key=lambda one: one.start_s)


def _pairs(right: Sequence[_Repeat], left: Sequence[_Repeat]) -> tuple[_Pair, ...]:
    """Repeats of both legs, right and left, each in one pair at most.

    Where any were done of both legs at once, these alone. Else, leg after leg, those that make the least time
    between the two of a pair; of the leg that has more repeats some are left over.
    """
    at_once: list[_Pair] = []
    free = list(left)
    for one in right:
        overlapping = [other for other in free if one.start_s < other.end_s and other.start_s < one.end_s]
        if overlapping:
            other = max(overlapping, key=lambda known: _overlap_s(one, known))
            free.remove(other)
            at_once.append((one, other))
    if at_once:
        return tuple(at_once)
    if len(left) < len(right):
        return tuple((one, other) for other, one in _nearest(left, right))
    return _nearest(right, left)


def _overlap_s(one: _Repeat, other: _Repeat) -> float:
    return min(one.end_s, other.end_s) - max(one.start_s, other.start_s)


def _nearest(fewer: Sequence[_Repeat], more: Sequence[_Repeat]) -> tuple[_Pair, ...]:
    """Each of the fewer with one of the others, both in order of time, by the least time between in all."""
    best: list[tuple[float, tuple[_Pair, ...]]] = [(0.0, ())] * (len(more) + 1)
    for one in fewer:
        longer: list[tuple[float, tuple[_Pair, ...]]] = [(math.inf, ())]
        for (so_far_s, pairs), other in zip(best, more, strict=False):
            with_it = so_far_s + abs(one.start_s - other.start_s), (*pairs, (one, other))
            longer.append(min(longer[-1], with_it, key=lambda known: known[0]))
        best = longer
    return best[-1][1]


def _resting(own: Sequence[_Repeat]) -> RestingValue | None:
    if not own:
        return None
    width = combined_half_width_rad([one.uncertainty for one in own])
    return _value([one.rotation_rad for one in own], width)


def _of_both(pairs: Sequence[_Pair], of_right: float, of_left: float) -> RestingValue | None:
    """A weighted sum of both legs: the median of what it is in each pair."""
    if not pairs:
        return None
    share = _median_share(len(pairs))
    widths = [
        _half_width_of_both(right.uncertainty, left.uncertainty, of_right, of_left, share)
        for right, left in pairs
    ]
    sums = [of_right * right.rotation_rad + of_left * left.rotation_rad for right, left in pairs]
    return _value(sums, median(widths))


def _half_width_of_both(
    right: RestUncertainty, left: RestUncertainty, of_right: float, of_left: float, share: float
) -> float:
    """Half width of the 95 % interval of a weighted sum of both legs.

    What straps and reference poses do to one leg they do not do to the other one. An error of the pelvis's
    turn goes into the right leg with the opposite sign of the left one's: it is in the difference twice and
    in the mean not at all. Legs that wander may do so with the pelvis. The freedom of both legs' deviations
    is not added up: they start from the same assumption.
    """
    by_right, by_left = of_right * right.coverage, of_left * left.coverage
    wander_right, wander_left = by_right * right.wander_rad, by_left * left.wander_rad
    wander = max(abs(wander_left - wander_right), math.hypot(wander_right, wander_left))
    return math.hypot(
        by_right * math.hypot(_own_rad(right), math.sqrt(share) * right.reference_rad),
        by_left * math.hypot(_own_rad(left), math.sqrt(share) * left.reference_rad),
        by_left * left.pelvis_rad - by_right * right.pelvis_rad,
        math.sqrt(share) * wander,
    )


def _own_rad(one: RestUncertainty) -> float:
    """What is the same in all repeats of one leg and not in the other leg."""
    thigh_squared = max(0.0, one.sensor_rad**2 - one.pelvis_rad**2)
    return math.sqrt(thigh_squared + one.crosstalk_rad**2 + one.donning_rad**2)


def _value(repeats: Sequence[float], half_width_rad: float) -> RestingValue:
    spread_rad = max(repeats) - min(repeats)
    return RestingValue(median(repeats), half_width_rad, len(repeats), spread_rad, tuple(repeats))
