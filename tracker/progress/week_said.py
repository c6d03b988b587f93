"""What a person said in a week: pain, effort, habits, notes and bands. Nothing of it is measured."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from statistics import median
from zoneinfo import ZoneInfo

from tracker.model import Band, SetFelt
from tracker.progress.week_load import Said, band_force_n, stretch_percent
from tracker.store.habits import HabitDay
from tracker.store.values import SessionInSpan


@dataclass(frozen=True, slots=True)
class DayFelt:
    """How one session felt, from 0 to 10; None where nothing was said."""

    day: date
    pain_before: int | None
    pain_worst: int | None
    pain_next_morning: int | None
    effort: int | None


@dataclass(frozen=True, slots=True)
class SaidNote:
    """A note of the person on a day, as it was written."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class FeltWeek:
    """How the week's sessions felt.

    Attributes:
        days: the sessions of which something was said, in their order; pain at worst is of session and sets.
        sessions: all of the week.
        notes: of sessions and sets.
    """

    days: tuple[DayFelt, ...]
    sessions: int
    notes: tuple[SaidNote, ...]

    @property
    def pain_worst(self) -> int | None:
        """The largest pain of the week, next mornings apart."""
        return max((one.pain_worst for one in self.days if one.pain_worst is not None), default=None)

    @property
    def pain_next_morning(self) -> int | None:
        """The largest pain of a next morning."""
        said = (one.pain_next_morning for one in self.days if one.pain_next_morning is not None)
        return max(said, default=None)

    @property
    def effort(self) -> float | None:
        """The median effort of the sessions."""
        said = [one.effort for one in self.days if one.effort is not None]
        return median(said) if said else None


@dataclass(frozen=True, slots=True)
class HabitWeek:
    """One habit in a week, as the person says.

    Attributes:
        none, some, much: on so many days.
        minutes: sum over the days of which they were said; None where they never were.
        minutes_days: on so many days they were said.
    """

    habit: str
    none: int
    some: int
    much: int
    minutes: int | None
    minutes_days: int


@dataclass(frozen=True, slots=True)
class BandUse:
    """A band that was used for an exercise at one stretch.

    Attributes:
        first, last, days: of its use: the first and the last one, and how many in all.
        elongation_percent: None where it was not told.
        force_n: an estimate; None where it cannot be made.
    """

    first: date
    last: date
    days: int
    exercise: str
    brand: str
    colour: str
    elongation_percent: float | None
    force_n: float | None


def felt_of(sessions: Iterable[SessionInSpan], said: Said, zone: ZoneInfo) -> FeltWeek:
    """How the sessions felt, and what was noted."""
    days: list[DayFelt] = []
    notes: list[SaidNote] = []
    count = 0
    for session in sessions:
        count += 1
        day = session.started_at.astimezone(zone).date()
        felt = said.sessions.get(session.session_id)
        sets = list(said.sets.get(session.session_id, {}).values())
        pains = [one.pain for one in sets if one.pain is not None]
        if felt is not None and felt.pain_worst is not None:
            pains.append(felt.pain_worst)
        one = DayFelt(
            day=day,
            pain_before=None if felt is None else felt.pain_before,
            pain_worst=max(pains, default=None),
            pain_next_morning=None if felt is None else felt.pain_next_morning,
            effort=_effort(None if felt is None else felt.effort, sets),
        )
        if one != DayFelt(day, None, None, None, None):
            days.append(one)
        texts = [None if felt is None else felt.notes, *(one.notes for one in sets)]
        notes += [SaidNote(day, text.strip()) for text in texts if text and text.strip()]
    return FeltWeek(tuple(days), count, tuple(notes))


def _effort(of_session: int | None, sets: Iterable[SetFelt]) -> int | None:
    """That of the session, else the largest of its sets."""
    if of_session is not None:
        return of_session
    return max((one.effort for one in sets if one.effort is not None), default=None)


def habits_of(days: Iterable[HabitDay]) -> tuple[HabitWeek, ...]:
    """The week of each habit, by name."""
    ordered = sorted(days, key=attrgetter("habit"))
    return tuple(_habit(habit, list(own)) for habit, own in groupby(ordered, attrgetter("habit")))


def _habit(habit: str, days: list[HabitDay]) -> HabitWeek:
    amounts = [one.amount for one in days]
    minutes = [one.minutes for one in days if one.minutes is not None]
    return HabitWeek(
        habit=habit,
        none=amounts.count("none"),
        some=amounts.count("some"),
        much=amounts.count("much"),
        minutes=sum(minutes) if minutes else None,
        minutes_days=len(minutes),
    )


@dataclass(frozen=True, slots=True)
class BandedSet:
    """That a set was done with a band."""

    day: date
    exercise: str
    band: Band
    stretched_length_m: float | None


def band_uses(sets: Iterable[BandedSet]) -> tuple[BandUse, ...]:
    """Each band at each stretch for each exercise once, by the first day of use."""
    days: dict[tuple[str, Band, float | None], set[date]] = {}
    for one in sets:
        days.setdefault((one.exercise, one.band, one.stretched_length_m), set()).add(one.day)
    uses = (_band_use(exercise, band, length_m, own) for (exercise, band, length_m), own in days.items())
    return tuple(sorted(uses, key=lambda one: (one.first, one.last, one.exercise)))


def _band_use(exercise: str, band: Band, stretched_length_m: float | None, days: set[date]) -> BandUse:
    stretch = stretch_percent(band, stretched_length_m)
    return BandUse(
        first=min(days),
        last=max(days),
        days=len(days),
        exercise=exercise,
        brand=band.brand,
        colour=band.colour,
        elongation_percent=stretch,
        force_n=band_force_n(band, stretch),
    )
