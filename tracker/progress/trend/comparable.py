"""Which donnings may stand in one trend: those measured alike. The others are left out, by name."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta

from tracker.progress.trend.values import Comparable, LeftOut, TrendPoint

_LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class MeasuredDonning:
    """One donning's value of one angle, with its repeats, and how it was measured."""

    point: TrendPoint
    repeats_deg: tuple[float, ...]
    comparable: Comparable


def latest_alike(
    donnings: Sequence[MeasuredDonning],
) -> tuple[tuple[MeasuredDonning, ...], tuple[LeftOut, ...]]:
    """The donnings that were measured as most of the last week's, and what differs in the others.

    The last week's and not the very last one's: one odd session does not hide all earlier ones. Of as many
    of both the later measured way is taken.

    Args:
        donnings: in order of time.
    """
    if not donnings:
        return (), ()
    lately = [one for one in donnings if one.point.at > donnings[-1].point.at - _LATELY]
    count = Counter(one.comparable for one in lately)
    newest = {one.comparable: place for place, one in enumerate(lately)}
    chosen = max(count, key=lambda one: (count[one], newest[one]))
    alike = tuple(one for one in donnings if one.comparable == chosen)
    others = Counter(one.comparable for one in donnings if one.comparable != chosen)
    return alike, tuple(LeftOut(number, _what_differs(one, chosen)) for one, number in others.items())


def _what_differs(one: Comparable, chosen: Comparable) -> str:
    return ", ".join(_differences(one, chosen))


def _differences(one: Comparable, chosen: Comparable) -> Iterator[str]:
    words = {
        "analysis_version": f"analysed by version {one.analysis_version}",
        "relative_to": f"measured against the {one.relative_to}",
        "posture": f"measured {one.posture}",
        "recipe": f"zero by {one.recipe or 'the housing'}",
        "simulated": "simulated" if one.simulated else "not simulated",
    }
    for field in fields(one):
        if getattr(one, field.name) != getattr(chosen, field.name):
            yield words[field.name]
