"""One week of one person: what was trained, and what the rest tests measured."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from zoneinfo import ZoneInfo

from tracker.model import RelativeTo, RestUncertainty, Side
from tracker.progress.estimates import Donning, Estimate, difference_of, donning_of, estimate_of, mean_of
from tracker.progress.iso_week import IsoWeek
from tracker.store.database import Database
from tracker.store.spans import week_rows
from tracker.store.values import Person, RestTestInSpan, SessionInSpan, SetCounts, SpanRows


@dataclass(frozen=True, slots=True)
class ExerciseWeek:
    """One exercise and side in a week."""

    exercise: str
    side: Side | None
    sets: int
    valid_reps: int
    partial_reps: int


@dataclass(frozen=True, slots=True)
class RestingRotation:
    """What the week's rest tests measured; None where none could be measured. Refused tests are not in it.

    Attributes:
        relative_to: what all the angles are measured against; None without any test.
        left, right: hip rotation, internal rotation positive.
        difference: D = ER_R - ER_L, external rotation positive, of sessions that measured both legs.
        mean: M = (ER_R + ER_L) / 2, of the same sessions; does not depend on how the pelvis lay.
    """

    relative_to: RelativeTo | None
    left: Estimate | None
    right: Estimate | None
    difference: Estimate | None
    mean: Estimate | None


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
        days_trained: days with at least one repetition.
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
    measured = [one for one in rows.rest_tests if one.refused is None]
    relative_to = _prevailing(measured)
    used = [one for one in measured if one.relative_to is relative_to]
    resting = _resting(used, relative_to)
    reasons = Counter(one.refused for one in rows.rest_tests if one.refused is not None)
    return WeekSummary(
        week=week,
        monday=week.monday,
        time_zone=timezone.key,
        sessions=len(rows.sessions),
        days_trained=_days_trained(rows, timezone),
        exercises=_exercises(rows.sets),
        resting=resting,
        refused=tuple(Refusal(reason, count) for reason, count in reasons.most_common()),
        analysis_versions=_versions(rows.sessions),
        simulated=any(one.simulated for one in rows.sessions),
        notices=(*_session_notices(rows.sessions), *_resting_notices(resting, len(measured) - len(used))),
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
        "exercises": [asdict(one) for one in summary.exercises],
        "resting_rotation": {
            "relative_to": resting.relative_to,
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


def _prevailing(tests: Iterable[RestTestInSpan]) -> RelativeTo | None:
    """What most donnings were measured against; the pelvis where there are as many of both."""
    donnings = Counter(relative_to for _, relative_to in {(one.session_id, one.relative_to) for one in tests})
    if not donnings:
        return None
    return max(donnings, key=lambda one: (donnings[one], one is RelativeTo.PELVIS))


def _resting(tests: Iterable[RestTestInSpan], relative_to: RelativeTo | None) -> RestingRotation:
    """The week's estimates; the tests of one session are taken as one donning."""
    values: dict[tuple[int, Side], list[tuple[float, RestUncertainty]]] = {}
    for one in tests:
        if one.hip_rotation_deg is not None and one.uncertainty is not None:
            values.setdefault((one.session_id, one.side), []).append((one.hip_rotation_deg, one.uncertainty))
    sides: dict[Side, dict[int, Donning]] = {Side.LEFT: {}, Side.RIGHT: {}}
    for (session_id, side), pairs in values.items():
        sides[side][session_id] = donning_of(pairs)
    left, right = sides[Side.LEFT], sides[Side.RIGHT]
    both = [session_id for session_id in right if session_id in left]
    return RestingRotation(
        relative_to=relative_to,
        left=estimate_of(list(left.values())),
        right=estimate_of(list(right.values())),
        difference=estimate_of([difference_of(right[one], left[one]) for one in both]),
        mean=estimate_of([mean_of(right[one], left[one]) for one in both]),
    )


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
    if missing := sum(one.analysis_version is None for one in sessions):
        notices.append(f"not analysed yet: {missing} of {len(sessions)} sessions")
    return notices


def _resting_notices(resting: RestingRotation, left_out: int) -> list[str]:
    notices = []
    if left_out:
        notices.append(
            f"mixed: rest tests not measured against the {resting.relative_to} are left out ({left_out})"
        )
    if resting.relative_to is RelativeTo.VERTICAL and resting.difference is not None:
        notices.append("pelvis not measured: the difference is of legs and pelvis together")
    return notices
