"""What a new analysis of a session says otherwise than the one before: rest tests and sets side by side."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tracker.model import Analysis, ExerciseSet, RestTest, Side

MATCH_WITHIN_S = 3.0
"""Results of one leg belong together where their beginnings lie no further apart: another version may see a
still stretch begin some tenths of a second sooner, and no two rest tests of a leg follow so soon."""

EQUAL_WITHIN_DEG = 1e-6
"""The store keeps degrees: what differs by less differs by rounding."""

One = TypeVar("One", RestTest, ExerciseSet)


@dataclass(frozen=True, slots=True)
class RestTestChange:
    """One rest test before and after; None where an analysis has none, or refused it.

    Attributes:
        start_s: on the recording's time line, of the newer one where there is one.
        before_deg, after_deg: hip rotation.
        before_refused, after_refused: the reason.
        found_before, found_after: whether an analysis has the test at all.
    """

    session_id: int
    side: Side
    start_s: float
    before_deg: float | None
    after_deg: float | None
    before_refused: str | None
    after_refused: str | None
    found_before: bool = True
    found_after: bool = True

    @property
    def difference_deg(self) -> float | None:
        """After minus before, positive inward; None where one of the two has no value."""
        if self.before_deg is None or self.after_deg is None:
            return None
        return self.after_deg - self.before_deg


@dataclass(frozen=True, slots=True)
class SetChange:
    """Repetitions of one set and leg before and after, as found; None where an analysis has no such set."""

    session_id: int
    exercise: str
    side: Side | None
    start_s: float
    before: tuple[int, int] | None
    after: tuple[int, int] | None

    @property
    def moved(self) -> int:
        """How many valid and partial repetitions more or fewer there are."""
        before, after = self.before or (0, 0), self.after or (0, 0)
        return abs(after[0] - before[0]) + abs(after[1] - before[1])


@dataclass(frozen=True, slots=True)
class AnalysisChanges:
    """A session's rest tests and sets before and after.

    Attributes:
        before_version: None where the session had not been analysed.
    """

    session_id: int
    before_version: str | None
    after_version: str
    rest_tests: tuple[RestTestChange, ...]
    sets: tuple[SetChange, ...]

    @property
    def repetitions_moved(self) -> int:
        """Repetitions more or fewer in all sets together."""
        return sum(one.moved for one in self.sets)


def analysis_changes(session_id: int, before: Analysis | None, after: Analysis) -> AnalysisChanges:
    """Hold a new analysis against the one before, by leg and time."""
    rest_tests = () if before is None else before.rest_tests
    sets = () if before is None else before.sets
    return AnalysisChanges(
        session_id=session_id,
        before_version=None if before is None else before.version,
        after_version=after.version,
        rest_tests=tuple(
            _rest_change(session_id, *pair)
            for pair in _paired(rest_tests, after.rest_tests, lambda one: (one.side,))
        ),
        sets=tuple(
            _set_change(session_id, *pair)
            for pair in _paired(sets, after.sets, lambda one: (one.side, one.exercise))
        ),
    )


def _paired(
    before: Sequence[One], after: Sequence[One], kind: Callable[[One], tuple[object, ...]]
) -> list[tuple[One | None, One | None]]:
    """Each with the nearest of its kind in time, in the order of time; what is left over stands alone."""
    near = sorted(
        (abs(old.start_s - new.start_s), i, j)
        for i, old in enumerate(before)
        for j, new in enumerate(after)
        if kind(old) == kind(new) and abs(old.start_s - new.start_s) <= MATCH_WITHIN_S
    )
    partner: dict[int, int] = {}
    for _, i, j in near:
        if i not in partner and j not in partner.values():
            partner[i] = j
    taken = set(partner.values())
    pairs: list[tuple[One | None, One | None]] = [
        (old, after[partner[i]] if i in partner else None) for i, old in enumerate(before)
    ]
    pairs += [(None, new) for j, new in enumerate(after) if j not in taken]
    return sorted(pairs, key=lambda pair: (pair[1] or pair[0]).start_s)  # type: ignore[union-attr]


def _rest_change(session_id: int, before: RestTest | None, after: RestTest | None) -> RestTestChange:
    one = after or before
    if one is None:
        raise ValueError("a pair of nothing")
    return RestTestChange(
        session_id=session_id,
        side=one.side,
        start_s=one.start_s,
        before_deg=_degrees(before),
        after_deg=_degrees(after),
        before_refused=None if before is None else before.refused,
        after_refused=None if after is None else after.refused,
        found_before=before is not None,
        found_after=after is not None,
    )


def _set_change(session_id: int, before: ExerciseSet | None, after: ExerciseSet | None) -> SetChange:
    one = after or before
    if one is None:
        raise ValueError("a pair of nothing")
    return SetChange(
        session_id=session_id,
        exercise=one.exercise,
        side=one.side,
        start_s=one.start_s,
        before=None if before is None else (before.valid_reps, before.partial_reps),
        after=None if after is None else (after.valid_reps, after.partial_reps),
    )


def _degrees(test: RestTest | None) -> float | None:
    if test is None or test.hip_rotation_rad is None:
        return None
    return math.degrees(test.hip_rotation_rad)
