"""Last week beside this week. Says whether a change is larger than the measurement error, never why."""

from dataclasses import asdict, dataclass
from math import hypot

from tracker.progress.estimates import Estimate
from tracker.progress.verdict import Verdict, verdict_text
from tracker.progress.week import WeekSummary, estimate_object, week_object

MIN_DONNINGS = 3
"""Fewer donnings than this say nothing of the scatter between donnings."""


@dataclass(frozen=True, slots=True)
class CountChange:
    """A count of this week beside last week's."""

    name: str
    this: int
    last: int

    @property
    def change(self) -> int:
        """This week's minus last week's."""
        return self.this - self.last


@dataclass(frozen=True, slots=True)
class AngleChange:
    """An angle of this week beside last week's.

    Attributes:
        name: `left`, `right`, `difference` or `mean`, as in `RestingRotation`.
        change_deg: this week's minus last week's; None where one is missing or they cannot be compared.
        error_deg: combined half width of both, sqrt(this^2 + last^2); None with `change_deg`.
    """

    name: str
    this: Estimate | None
    last: Estimate | None
    change_deg: float | None
    error_deg: float | None
    verdict: Verdict

    @property
    def text(self) -> str:
        """The verdict in words, with the error where it lies within it."""
        return verdict_text(self.verdict, self.error_deg)


@dataclass(frozen=True, slots=True)
class WeekComparison:
    """Two weeks side by side.

    Attributes:
        notices: why angles of the two weeks cannot be compared, if so; each week has its own besides.
    """

    this: WeekSummary
    last: WeekSummary
    counts: tuple[CountChange, ...]
    angles: tuple[AngleChange, ...]
    notices: tuple[str, ...]


def compare_weeks(this: WeekSummary, last: WeekSummary) -> WeekComparison:
    """This week beside last week, or any other two weeks of one person.

    An angle is compared only where both weeks measured the same quantity with the same version of the
    analysis and the zero taken in the same way, each in three donnings or more.
    """
    notices = _obstacles(this, last)
    counts = tuple(
        CountChange(name, getattr(this, name), getattr(last, name))
        for name in ("sessions", "days_trained", "sets", "valid_reps", "partial_reps")
    )
    angles = tuple(
        _angle(name, getattr(this.resting, name), getattr(last.resting, name), comparable=not notices)
        for name in ("left", "right", "difference", "mean")
    )
    return WeekComparison(this, last, counts, angles, notices)


def comparison_object(comparison: WeekComparison) -> dict[str, object]:
    """The comparison as plain values for JSON; angles in degrees."""
    return {
        "this": week_object(comparison.this),
        "last": week_object(comparison.last),
        "counts": [{**asdict(one), "change": one.change} for one in comparison.counts],
        "angles": [
            {
                "name": one.name,
                "this": estimate_object(one.this),
                "last": estimate_object(one.last),
                "change_deg": one.change_deg,
                "error_deg": one.error_deg,
                "verdict": one.text,
            }
            for one in comparison.angles
        ],
        "notices": list(comparison.notices),
    }


def _obstacles(this: WeekSummary, last: WeekSummary) -> tuple[str, ...]:
    """Why angles of the two weeks cannot be compared; empty where nothing speaks against it."""
    notices = []
    references = [one.resting.relative_to for one in (this, last)]
    if None not in references and references[0] is not references[1]:
        notices.append(
            f"mixed: this week is measured against the {references[0]}, last week against the {references[1]}"
        )
    postures = [one.resting.posture for one in (this, last)]
    if None not in postures and postures[0] is not postures[1]:
        notices.append(f"mixed: this week is measured {postures[0]}, last week {postures[1]}")
    recipes = sorted({*this.resting.recipes, *last.resting.recipes})
    if len(recipes) > 1:
        notices.append(f"mixed: the thighs' zero was taken in different ways ({', '.join(recipes)})")
    versions = sorted({*this.analysis_versions, *last.analysis_versions})
    if len(versions) > 1:
        notices.append(f"mixed: analyses of the versions {', '.join(versions)}")
    if this.sessions and last.sessions and this.simulated is not last.simulated:
        notices.append("mixed: one of the two weeks is simulated")
    return tuple(notices)


def _angle(name: str, this: Estimate | None, last: Estimate | None, *, comparable: bool) -> AngleChange:
    if this is None or last is None or not comparable:
        return AngleChange(name, this, last, None, None, Verdict.NOT_ENOUGH_DATA)
    change_deg = this.value_deg - last.value_deg
    error_deg = hypot(this.uncertainty_deg, last.uncertainty_deg)
    if min(this.donnings, last.donnings) < MIN_DONNINGS:
        verdict = Verdict.NOT_ENOUGH_DATA
    elif abs(change_deg) > error_deg:
        # Two weeks make no line: `changed` is for a trend, whose slope says so too.
        verdict = Verdict.PROBABLY
    else:
        verdict = Verdict.NO_CHANGE
    return AngleChange(name, this, last, change_deg, error_deg, verdict)
