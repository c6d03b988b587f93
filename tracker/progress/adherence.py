"""What was done of what the plan asked for in a week: by the sensors' count, and apart from it what was told.

Diaries overstate what was done, so what a person tells by hand is never added to what was counted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.plan.observed import legs_of
from tracker.session.plan_targets import PrescribedWeek
from tracker.store.values import SessionInSpan, SetCounts, SpanRows, ToldSets


@dataclass(frozen=True, slots=True)
class ExerciseDone:
    """One exercise in a week, all legs together.

    Attributes:
        sets, valid_reps, partial_reps: counted by the sensors.
        told_sets, told_reps: told by hand.
        asked_reps: valid repetitions that the plan asked for at least; None where it asked for none of it.
    """

    exercise: str
    sets: int
    valid_reps: int
    partial_reps: int
    told_sets: int
    told_reps: int
    asked_reps: int | None

    @property
    def share(self) -> float | None:
        """Counted valid repetitions in those asked for; None without any."""
        return self.valid_reps / self.asked_reps if self.asked_reps else None


@dataclass(frozen=True, slots=True)
class Adherence:
    """What was done in a week of what was asked for.

    Attributes:
        prescribed: what the plan asked for; None without a plan: then there is no adherence.
        sessions: in which the sensors counted a repetition.
        told_sessions: with sets that were told by hand.
        asked_valid_reps: counted valid repetitions of the exercises that the plan asked for.
        exercises: those asked for, and then those done besides, by name.
    """

    prescribed: PrescribedWeek | None
    sessions: int
    told_sessions: int
    asked_valid_reps: int
    exercises: tuple[ExerciseDone, ...]

    @property
    def sessions_share(self) -> float | None:
        """Counted sessions in those asked for at least; None without a plan."""
        asked = 0 if self.prescribed is None else self.prescribed.sessions_low
        return self.sessions / asked if asked else None

    @property
    def reps_share(self) -> float | None:
        """Counted valid repetitions of the plan's exercises in those asked for at least; None without one."""
        asked = 0 if self.prescribed is None else self.prescribed.valid_reps_low
        return self.asked_valid_reps / asked if asked else None

    @property
    def told_reps(self) -> int:
        """Repetitions that were told by hand."""
        return sum(one.told_reps for one in self.exercises)


def adherence_of(rows: SpanRows, prescribed: PrescribedWeek | None) -> Adherence:
    """What was done in a span beside what was asked for in it."""
    asked = _asked(prescribed)
    exercises = _exercises(rows.sets, rows.told, asked)
    counted = {one.session_id for one in rows.sets if one.valid_reps + one.partial_reps > 0}
    told = {one.session_id for one in rows.told if one.sets * one.reps > 0}
    return Adherence(
        prescribed=prescribed,
        sessions=_count(rows.sessions, counted),
        told_sessions=_count(rows.sessions, told),
        asked_valid_reps=sum(one.valid_reps for one in exercises if one.asked_reps is not None),
        exercises=exercises,
    )


def _count(sessions: Iterable[SessionInSpan], among: set[int]) -> int:
    return sum(one.session_id in among for one in sessions)


def _asked(prescribed: PrescribedWeek | None) -> Counter[str]:
    """Valid repetitions a week of both legs, at the bottom of the range, by exercise."""
    asked: Counter[str] = Counter()
    if prescribed is not None:
        for target, days in zip(prescribed.targets, prescribed.days_low, strict=True):
            asked[target.exercise] += len(legs_of(target.side)) * target.sets * target.reps_low * days
    return asked


def _exercises(
    sets: Iterable[SetCounts], told: Iterable[ToldSets], asked: Counter[str]
) -> tuple[ExerciseDone, ...]:
    counted: Counter[tuple[str, str]] = Counter()
    for one in sets:
        counted[one.exercise, "sets"] += one.sets
        counted[one.exercise, "valid"] += one.valid_reps
        counted[one.exercise, "partial"] += one.partial_reps
    for said in told:
        counted[said.exercise, "told sets"] += said.sets
        counted[said.exercise, "told reps"] += said.sets * said.reps
    names = sorted({name for name, _ in counted} | set(asked), key=lambda name: (name not in asked, name))
    return tuple(
        ExerciseDone(
            exercise=name,
            sets=counted[name, "sets"],
            valid_reps=counted[name, "valid"],
            partial_reps=counted[name, "partial"],
            told_sets=counted[name, "told sets"],
            told_reps=counted[name, "told reps"],
            asked_reps=asked.get(name),
        )
        for name in names
    )
