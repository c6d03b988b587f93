"""One week of one person: what was trained, and what the rest tests measured."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from zoneinfo import ZoneInfo

from tracker.model import Side
from tracker.progress.estimates import Estimate
from tracker.progress.iso_week import IsoWeek
from tracker.progress.resting_week import RestingRotation, resting_of
from tracker.store.database import Database
from tracker.store.spans import week_rows
from tracker.store.values import Person, SessionInSpan, SetCounts, SpanRows


@dataclass(frozen=True, slots=True)
class ExerciseWeek:
    """One exercise and side in a week."""

    exercise: str
    side: Side | None
    sets: int
    valid_reps: int
    partial_reps: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """How many rest tests were refused for one reason."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class WeekSummary:
    """One week; zeros and None where nothing was done.

    Attributes:
        monday: the first day.
        time_zone: IANA name of the zone at whose midnights the week begins and ends.
        sessions: sessions that began in the week, whether analysed or not.
        days_trained: days with at least one repetition that sensors counted or the person told.
        told_sets, told_reps: of sessions without sensors; not among the counted ones.
        exercises: by name and side, in alphabetical order.
        refused: reasons of the refused rest tests, the most frequent first.
        analysis_versions: versions of the analyses that the results come from.
        simulated: some of the samples came from virtual sensors, not from a body.
        notices: what the reader must know to read the numbers; those of mixed results begin with `mixed`.
    """

    week: IsoWeek
    monday: date
    time_zone: str
    sessions: int
    days_trained: int
    told_sets: int
    told_reps: int
    exercises: tuple[ExerciseWeek, ...]
    resting: RestingRotation
    refused: tuple[Refusal, ...]
    analysis_versions: tuple[str, ...]
    simulated: bool
    notices: tuple[str, ...]

    @property
    def sets(self) -> int:
        """Number of sets of all exercises."""
        return sum(one.sets for one in self.exercises)

    @property
    def valid_reps(self) -> int:
        """Number of repetitions that count, of all exercises."""
        return sum(one.valid_reps for one in self.exercises)

    @property
    def partial_reps(self) -> int:
        """Number of repetitions that were too small or too short, of all exercises."""
        return sum(one.partial_reps for one in self.exercises)

    @property
    def refused_tests(self) -> int:
        """Number of rest tests that could not be measured."""
        return sum(one.count for one in self.refused)


def week_summary(database: Database, person: Person, week: IsoWeek, timezone: ZoneInfo) -> WeekSummary:
    """What one person did in one week, with borders at the midnights of `timezone`.

    Raises:
        DatabaseError, StorageError: the database cannot be read.
    """
    start, end = week.span(timezone)
    with database.read() as connection:
        rows = week_rows(connection, person.person_id, start, end)
    return summary_of(rows, week, timezone)


def summary_of(rows: SpanRows, week: IsoWeek, timezone: ZoneInfo) -> WeekSummary:
    """What one person did in one week, from the rows of its sessions alone."""
    resting = resting_of(rows)
    reasons = Counter(one.test.refused for one in rows.rest_tests if one.test.refused is not None)
    return WeekSummary(
        week=week,
        monday=week.monday,
        time_zone=timezone.key,
        sessions=len(rows.sessions),
        days_trained=_days_trained(rows, timezone),
        told_sets=sum(one.sets for one in rows.told),
        told_reps=sum(one.sets * one.reps for one in rows.told),
        exercises=_exercises(rows.sets),
        resting=resting,
        refused=tuple(Refusal(reason, count) for reason, count in reasons.most_common()),
        analysis_versions=_versions(rows.sessions),
        simulated=any(one.simulated for one in rows.sessions),
        notices=(*_session_notices(rows.sessions), *resting.notices),
    )


def week_object(summary: WeekSummary) -> dict[str, object]:
    """The summary as plain values for JSON; angles in degrees."""
    resting = summary.resting
    return {
        "week": str(summary.week),
        "monday": summary.monday.isoformat(),
        "time_zone": summary.time_zone,
        "simulated": summary.simulated,
        "sessions": summary.sessions,
        "days_trained": summary.days_trained,
        "sets": summary.sets,
        "valid_reps": summary.valid_reps,
        "partial_reps": summary.partial_reps,
        "told_sets": summary.told_sets,
        "told_reps": summary.told_reps,
        "exercises": [asdict(one) for one in summary.exercises],
        "resting_rotation": {
            "relative_to": resting.relative_to,
            "posture": resting.posture,
            "left": estimate_object(resting.left),
            "right": estimate_object(resting.right),
            "difference": estimate_object(resting.difference),
            "mean": estimate_object(resting.mean),
        },
        "refused_tests": summary.refused_tests,
        "refused": [asdict(one) for one in summary.refused],
        "analysis_versions": list(summary.analysis_versions),
        "notices": list(summary.notices),
    }


def estimate_object(estimate: Estimate | None) -> dict[str, object] | None:
    """An estimate as plain values for JSON."""
    return None if estimate is None else asdict(estimate)


def _days_trained(rows: SpanRows, timezone: ZoneInfo) -> int:
    moved = {one.session_id for one in rows.sets if one.valid_reps + one.partial_reps > 0}
    moved |= {one.session_id for one in rows.told if one.sets * one.reps > 0}
    return len(
        {one.started_at.astimezone(timezone).date() for one in rows.sessions if one.session_id in moved}
    )


def _exercises(sets: Iterable[SetCounts]) -> tuple[ExerciseWeek, ...]:
    totals: dict[tuple[str, Side | None], tuple[int, int, int]] = {}
    for one in sets:
        count, valid, partial = totals.get((one.exercise, one.side), (0, 0, 0))
        totals[one.exercise, one.side] = (
            count + one.sets,
            valid + one.valid_reps,
            partial + one.partial_reps,
        )
    ordered = sorted(totals.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    return tuple(ExerciseWeek(exercise, side, *counts) for (exercise, side), counts in ordered)


def _versions(sessions: Iterable[SessionInSpan]) -> tuple[str, ...]:
    return tuple(sorted({one.analysis_version for one in sessions if one.analysis_version is not None}))


def _recipe(parameters: str) -> str:
    """The part of an analysis's parameters that all its results depend on; exercises have their own."""
    try:
        return json.dumps(json.loads(parameters)["motion"], sort_keys=True)
    except (ValueError, KeyError, TypeError):
        return parameters


def _session_notices(sessions: tuple[SessionInSpan, ...]) -> list[str]:
    notices = []
    simulated = sum(one.simulated for one in sessions)
    if 0 < simulated < len(sessions):
        notices.append(f"mixed: {simulated} of {len(sessions)} sessions are simulated")
    versions = _versions(sessions)
    parameters = {_recipe(one.analysis_parameters) for one in sessions if one.analysis_parameters}
    if len(versions) > 1:
        notices.append(f"mixed: analyses of the versions {', '.join(versions)}")
    elif len(parameters) > 1:
        notices.append("mixed: analyses with different parameters")
    if missing := sum(one.analysis_version is None and not one.by_hand for one in sessions):
        notices.append(f"not analysed yet: {missing} of {len(sessions)} sessions")
    return notices
