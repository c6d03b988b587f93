"""What the rest tests of a week say: each donning counts once, and unlike ones are not mixed."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import degrees

from tracker.model import Posture, RelativeTo, RestTest
from tracker.motion.parameters import AlignmentParameters, RestTestParameters
from tracker.motion.rest import resting
from tracker.motion.rest.resting import RestingValue, resting_rotations
from tracker.progress.estimates import Donning, Estimate, estimate_of
from tracker.store.values import SpanRows


@dataclass(frozen=True, slots=True)
class RestingRotation:
    """What the week's rest tests measured; None where none could be measured. Refused tests are not in it.

    Attributes:
        relative_to, posture: what all the angles are measured against and in; None without any test.
        recipes: where the thighs' axes and zero came from, each once.
        left, right: hip rotation, internal rotation positive.
        difference: D = ER_R - ER_L, external rotation positive, of donnings that measured both legs.
        mean: M = (ER_R + ER_L) / 2, of the same donnings; does not depend on how the pelvis lay.
        notices: what was left out, and what the reader must know of the rest.
    """

    relative_to: RelativeTo | None
    posture: Posture | None
    recipes: tuple[str, ...]
    left: Estimate | None
    right: Estimate | None
    difference: Estimate | None
    mean: Estimate | None
    notices: tuple[str, ...]


def resting_of(rows: SpanRows) -> RestingRotation:
    """The week's estimates from its measured rest tests."""
    measured = [(one.session_id, one.test) for one in rows.rest_tests if one.test.refused is None]
    relative_to = _prevailing_reference(measured)
    alike = [(session_id, test) for session_id, test in measured if test.relative_to is relative_to]
    posture = _prevailing_posture(alike)
    donnings = [
        rotation for rotation in _donnings(alike, rows) if posture is not None and rotation.posture is posture
    ]
    difference = _estimate((one.difference for one in donnings), legs=2)
    return RestingRotation(
        relative_to=relative_to,
        posture=posture,
        recipes=tuple(sorted({test.recipe for _, test in alike if test.posture is posture})),
        left=_estimate(one.left for one in donnings),
        right=_estimate(one.right for one in donnings),
        difference=difference,
        mean=_estimate((one.mean for one in donnings), legs=2),
        notices=tuple(_notices(measured, alike, relative_to, posture, both=difference is not None)),
    )


def _donnings(tests: Iterable[tuple[int, RestTest]], rows: SpanRows) -> list[resting.RestingRotation]:
    """What each donning of each session says, by posture."""
    of_session: dict[int, list[RestTest]] = {}
    for session_id, test in tests:
        of_session.setdefault(session_id, []).append(test)
    taken_by = {one.session_id: alignment_parameters(one.analysis_parameters) for one in rows.sessions}
    shipped = AlignmentParameters()
    return [
        rotation
        for session_id, own in of_session.items()
        for rotation in resting_rotations(
            own, rows.alignments.get(session_id, ()), RestTestParameters(), taken_by.get(session_id, shipped)
        )
    ]


@lru_cache(maxsize=16)
def alignment_parameters(analysed_with: str | None) -> AlignmentParameters:
    """What of an analysis's parameters tells donnings apart; the shipped ones where it cannot be read.

    The sessions of years were analysed with few different ones.
    """
    shipped = AlignmentParameters()
    try:
        own = json.loads(analysed_with or "{}")["motion"]["alignment"]
        return replace(
            shipped, reference_jump_rad=float(own["reference_jump_rad"]), housing_arrow=own["housing_arrow"]
        )
    except (ValueError, KeyError, TypeError):
        return shipped


def _estimate(values: Iterable[RestingValue | None], *, legs: int = 1) -> Estimate | None:
    """The week's estimate from the donnings' values; each repeat takes a test of so many legs."""
    return estimate_of(
        [
            Donning(degrees(one.value_rad), degrees(one.uncertainty_rad), legs * one.tests)
            for one in values
            if one is not None
        ]
    )


def _prevailing_reference(tests: Iterable[tuple[int, RestTest]]) -> RelativeTo | None:
    """What most sessions were measured against; the pelvis where there are as many of both."""
    sessions = Counter(relative_to for _, relative_to in {(known, test.relative_to) for known, test in tests})
    return max(sessions, key=lambda one: (sessions[one], one is RelativeTo.PELVIS), default=None)


def _prevailing_posture(tests: Iterable[tuple[int, RestTest]]) -> Posture | None:
    """What most sessions were measured in; lying on the back where there are as many of another."""
    sessions = Counter(posture for _, posture in {(known, test.posture) for known, test in tests})
    return max(sessions, key=lambda one: (sessions[one], one is Posture.SUPINE, one), default=None)


def _notices(
    measured: list[tuple[int, RestTest]],
    alike: list[tuple[int, RestTest]],
    relative_to: RelativeTo | None,
    posture: Posture | None,
    *,
    both: bool,
) -> Iterable[str]:
    if other := len(measured) - len(alike):
        yield f"mixed: rest tests not measured against the {relative_to} are left out ({other})"
    if other := sum(test.posture is not posture for _, test in alike):
        yield f"mixed: rest tests in other postures than {posture} are left out ({other})"
    if relative_to is RelativeTo.VERTICAL and both:
        yield "pelvis not measured: the difference is of legs and pelvis together"
