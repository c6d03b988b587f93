"""A plan as frozen values: phases, what each prescribes, and the limits of the rules it grows by."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.model import Side
from tracker.plan.bands import BandLadder, BandLevel, BandLoad, BandPlacement
from tracker.plan.pain_limits import PainLimits


class Target(StrEnum):
    """What an exercise is prescribed for."""

    INTERNAL_ROTATION = "internal_rotation"
    EXTERNAL_ROTATION = "external_rotation"
    ABDUCTION = "abduction"
    EXTENSION = "extension"
    TRUNK = "trunk"
    BALANCE = "balance"


class Weekday(StrEnum):
    """Days of the week, Monday first, as `date.weekday` counts them."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """0 for Monday to 6 for Sunday."""
        return list(Weekday).index(self)


@dataclass(frozen=True, slots=True)
class Range:
    """From a low to a high whole number, both included."""

    low: int
    high: int

    @property
    def text(self) -> str:
        """For a person: `8-12`, or `3`."""
        return f"{self.low}" if self.low == self.high else f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class PrescribedBand:
    """The band that an exercise begins with.

    Attributes:
        claimed: what the plan says that it loads; None where it does not say.
    """

    placement: BandPlacement
    level: BandLevel
    claimed: BandLoad | None = None


@dataclass(frozen=True, slots=True)
class Prescription:
    """What is asked for of one exercise.

    Attributes:
        name: unique in the plan.
        sets: begins with the low number; the plan grows to the high one first.
        reps: valid repetitions, or holds, of each set and leg.
        days_a_week: at least and at most.
        hours_between: least time between two sessions with it; counted in whole days, 24 h each.
        hold_s: how long each is held; None where it is not.
        tempo: seconds there, held and back.
        band: None without one.
        weekdays: the days that it is for; empty where the person chooses.
    """

    name: str
    exercise: str
    side: Side
    target: Target
    sets: Range
    reps: Range
    days_a_week: Range
    hours_between: int = 0
    hold_s: float | None = None
    rest_s: float | None = None
    tempo: str | None = None
    band: PrescribedBand | None = None
    weekdays: tuple[Weekday, ...] = ()


def counted_week(week: int) -> int:
    """A week of a plan as people count them, from 1; `week` is from 0."""
    return week + 1


@dataclass(frozen=True, slots=True)
class PlanPhase:
    """A part of a plan.

    Attributes:
        from_week, until_week: weeks since the plan began, from 0: `until_week` 2 ends as the third begins.
            Where the next phase begins before this one ends, the person may change over in between.
    """

    name: str
    title: str
    from_week: int
    until_week: int
    prescriptions: tuple[Prescription, ...]

    @property
    def counted_weeks(self) -> tuple[int, int]:
        """Its first and its last week as people count them, both of them in it."""
        return counted_week(self.from_week), counted_week(self.until_week - 1)


@dataclass(frozen=True, slots=True)
class RuleLimits:
    """When a prescription grows, becomes easier or stops.

    Attributes:
        progress_valid_share: least share of valid repetitions to grow.
        regress_valid_share: below it, a step down: the load is too much for the movement.
        progress_pelvis_share: the pelvis must do less than this share of the movement; an engineering choice.
        pain_continue_up_to, pain_stop_from: as in `PainLimits`.
        progress_effort: largest effort of 10 to grow: two repetitions or more were still possible.
        sessions_needed: sessions in a row that must hold: one good day is no growth.
        elongation_step_percent: one step; it is about 10 % more force.
        elongation_lowest_percent, elongation_highest_percent: what the maker's forces are known for.
    """

    progress_valid_share: float = field(default=0.9, metadata={"above": 0.0})
    regress_valid_share: float = 0.7
    progress_pelvis_share: float = field(default=0.25, metadata={"above": 0.0})
    pain_continue_up_to: int = 3
    pain_stop_from: int = 5
    progress_effort: int = 6
    sessions_needed: int = field(default=2, metadata={"above": 0})
    elongation_step_percent: float = field(default=25.0, metadata={"above": 0.0})
    elongation_lowest_percent: float = field(default=100.0, metadata={"above": 0.0})
    elongation_highest_percent: float = field(default=200.0, metadata={"above": 0.0})

    @property
    def pain(self) -> PainLimits:
        """The limits of pain."""
        return PainLimits(self.pain_continue_up_to, self.pain_stop_from)


@dataclass(frozen=True, slots=True)
class Plan:
    """All prescriptions with their rules.

    Attributes:
        notes: what whoever follows it must know.
        phases: in their order.
    """

    name: str
    notes: tuple[str, ...]
    rules: RuleLimits
    ladder: BandLadder
    phases: tuple[PlanPhase, ...]

    @property
    def prescriptions(self) -> Iterator[Prescription]:
        """Those of all phases."""
        return (one for phase in self.phases for one in phase.prescriptions)

    def next_phase(self, phase: PlanPhase) -> PlanPhase | None:
        """The phase after one; None after the last."""
        place = self.phases.index(phase) + 1
        return self.phases[place] if place < len(self.phases) else None
