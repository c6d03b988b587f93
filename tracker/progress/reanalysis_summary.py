"""What a re-analysis changed in the numbers, and by how much."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from tracker.progress.analysis_changes import (
    EQUAL_WITHIN_DEG,
    AnalysisChanges,
    RestTestChange,
    SetChange,
)

_SESSIONS_NAMED = 5


@dataclass(frozen=True, slots=True)
class RestTestsChanged:
    """Rest tests of all sessions before and after. Differences are after minus before, positive inward.

    Attributes:
        compared: tests that have a value both times.
        changed: those whose value is another.
        median_deg: of the differences of all compared ones; None where there is none.
        largest_deg: the difference furthest from zero; None where there is none.
        largest_in: the session that it is in.
        newly_refused, newly_measured: tests that lost, and that got, a value.
        appeared, vanished: tests that only one of the two analyses has.
    """

    compared: int
    changed: int
    median_deg: float | None
    largest_deg: float | None
    largest_in: int | None
    newly_refused: int
    newly_measured: int
    appeared: int
    vanished: int


@dataclass(frozen=True, slots=True)
class ExerciseChanged:
    """Sets of one exercise before and after; repetitions as found, without corrections."""

    exercise: str
    sets_before: int
    sets_after: int
    sets_changed: int
    valid_before: int
    valid_after: int
    partial_before: int
    partial_after: int


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """A session whose repetitions changed, and by how many."""

    session_id: int
    repetitions_moved: int
    valid_before: int
    valid_after: int
    partial_before: int
    partial_after: int


@dataclass(frozen=True, slots=True)
class ReanalysisSummary:
    """What changed in the sessions that were analysed again.

    Attributes:
        sessions: that had been analysed before.
        first_analysed: sessions that had not: there is nothing to compare.
        versions: how many went from which version to which.
        exercises: by name.
        most_changed: the sessions with the most repetitions more or fewer, the most first.
    """

    sessions: int
    first_analysed: int
    versions: tuple[tuple[str, str, int], ...]
    rest_tests: RestTestsChanged
    exercises: tuple[ExerciseChanged, ...]
    most_changed: tuple[SessionChanged, ...]


def summarise(changes: Iterable[AnalysisChanges]) -> ReanalysisSummary:
    """Bring the changes of all sessions together; their order does not matter."""
    whole = sorted(changes, key=lambda one: one.session_id)
    compared = [one for one in whole if one.before_version is not None]
    versions = Counter((one.before_version or "", one.after_version) for one in compared)
    return ReanalysisSummary(
        sessions=len(compared),
        first_analysed=len(whole) - len(compared),
        versions=tuple((*pair, count) for pair, count in sorted(versions.items())),
        rest_tests=_rest_tests([test for one in compared for test in one.rest_tests]),
        exercises=_exercises([done for one in compared for done in one.sets]),
        most_changed=_most_changed(compared),
    )


def summary_object(summary: ReanalysisSummary) -> dict[str, object]:
    """The summary as plain values for JSON."""
    return {
        **asdict(summary),
        "versions": [
            {"before": before, "after": after, "sessions": count} for before, after, count in summary.versions
        ],
    }


def _rest_tests(tests: Sequence[RestTestChange]) -> RestTestsChanged:
    both = [(one.difference_deg, one) for one in tests if one.difference_deg is not None]
    differences = [difference for difference, _ in both]
    largest = max(both, key=lambda pair: abs(pair[0]), default=None)
    kept = [one for one in tests if one.found_before and one.found_after]
    return RestTestsChanged(
        compared=len(both),
        changed=sum(abs(difference) > EQUAL_WITHIN_DEG for difference in differences),
        median_deg=median(differences) if differences else None,
        largest_deg=None if largest is None else largest[0],
        largest_in=None if largest is None else largest[1].session_id,
        newly_refused=sum(one.before_deg is not None and one.after_deg is None for one in kept),
        newly_measured=sum(one.before_deg is None and one.after_deg is not None for one in kept),
        appeared=sum(not one.found_before for one in tests),
        vanished=sum(not one.found_after for one in tests),
    )


def _exercises(sets: Sequence[SetChange]) -> tuple[ExerciseChanged, ...]:
    of_exercise: dict[str, list[SetChange]] = {}
    for one in sets:
        of_exercise.setdefault(one.exercise, []).append(one)
    return tuple(
        ExerciseChanged(
            exercise,
            sum(one.before is not None for one in own),
            sum(one.after is not None for one in own),
            sum(one.moved > 0 or None in (one.before, one.after) for one in own),
            *_totals(own),
        )
        for exercise, own in sorted(of_exercise.items())
    )


def _most_changed(changes: Sequence[AnalysisChanges]) -> tuple[SessionChanged, ...]:
    moved = [one for one in changes if one.repetitions_moved]
    moved.sort(key=lambda one: (-one.repetitions_moved, one.session_id))
    return tuple(
        SessionChanged(one.session_id, one.repetitions_moved, *_totals(one.sets))
        for one in moved[:_SESSIONS_NAMED]
    )


def _totals(sets: Sequence[SetChange]) -> tuple[int, int, int, int]:
    """Valid before and after, partial before and after."""
    before = [one.before or (0, 0) for one in sets]
    after = [one.after or (0, 0) for one in sets]
    return (
        sum(valid for valid, _ in before),
        sum(valid for valid, _ in after),
        sum(partial for _, partial in before),
        sum(partial for _, partial in after),
    )
