"""What a re-analysis changed: pairs by leg and time, and the summary over all sessions."""

import json
import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from week_samples import refused, resting, training

from tracker.model import Analysis, ExerciseSet, RestTest, Side
from tracker.progress.analysis_changes import MATCH_WITHIN_S, analysis_changes
from tracker.progress.reanalysis_summary import summarise, summary_object

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def found(
    tests: tuple[RestTest, ...] = (), sets: tuple[ExerciseSet, ...] = (), version: str = "3"
) -> Analysis:
    return Analysis(version, "{}", 60.0, (), tests, sets)


def begins(done: ExerciseSet, start_s: float) -> ExerciseSet:
    return replace(done, start_s=start_s)


def refused_at(side: Side, start_s: float) -> RestTest:
    return replace(refused(side, "moving"), start_s=start_s)


def test_results_are_paired_by_leg_and_nearest_beginning() -> None:
    before = found(
        (
            resting(LEFT, 15.0, start_s=10.0),
            resting(RIGHT, 25.0, start_s=10.0),
            resting(LEFT, 16.0, start_s=30.0),
        )
    )
    after = found(
        (
            resting(LEFT, 15.5, start_s=11.0),
            resting(RIGHT, 25.0, start_s=10.2),
            resting(LEFT, 18.0, start_s=29.0),
        )
    )
    changes = analysis_changes(7, before, after)
    assert [(one.side, one.start_s) for one in changes.rest_tests] == [
        (RIGHT, 10.2),
        (LEFT, 11.0),
        (LEFT, 29.0),
    ]
    # outward is negative: further out is a negative difference
    differences = [one.difference_deg for one in changes.rest_tests]
    assert [None if one is None else round(one, 9) for one in differences] == [0.0, -0.5, -2.0]


def test_what_lies_too_far_apart_or_is_another_exercise_is_no_pair() -> None:
    far = MATCH_WITHIN_S + 0.1
    sets = (training("bridge", LEFT, 5),)
    changes = analysis_changes(
        1,
        found((resting(LEFT, 1.0),), sets),
        found((resting(LEFT, 1.0, start_s=far),), (training("heel_slide", LEFT, 5),)),
    )
    assert [(one.found_before, one.found_after) for one in changes.rest_tests] == [
        (True, False),
        (False, True),
    ]
    assert {(one.exercise, one.before, one.after) for one in changes.sets} == {
        ("bridge", (5, 0), None),
        ("heel_slide", None, (5, 0)),
    }
    assert changes.repetitions_moved == 10


def test_a_summary_says_how_many_how_much_and_where() -> None:
    first = analysis_changes(
        1,
        found(
            (resting(LEFT, 10.0), refused(RIGHT, "moving")),
            (training("bridge", None, 8, 2), begins(training("heel_slide", LEFT, 5), 40.0)),
            version="2",
        ),
        found(
            (resting(LEFT, 13.0), resting(RIGHT, 20.0)),
            (training("bridge", None, 10, 0), begins(training("heel_slide", LEFT, 5), 40.0)),
        ),
    )
    second = analysis_changes(
        2,
        found((resting(LEFT, 10.0), resting(RIGHT, 20.0)), (training("bridge", None, 6),), version="2"),
        found((resting(LEFT, 10.0), refused(RIGHT, "moving")), (training("bridge", None, 5, 0),)),
    )
    new = analysis_changes(3, None, found((resting(LEFT, 1.0),), (training("bridge", None, 99),)))
    summary = summarise([new, second, first])
    tests = summary.rest_tests
    assert (summary.sessions, summary.first_analysed, summary.versions) == (2, 1, (("2", "3", 2),))
    assert (tests.compared, tests.changed, tests.newly_refused, tests.newly_measured) == (2, 1, 1, 1)
    assert (tests.appeared, tests.vanished, tests.largest_in) == (0, 0, 1)
    assert tests.median_deg is not None and tests.largest_deg is not None
    # of -3 and 0: three degrees further out
    assert math.isclose(tests.median_deg, -1.5, abs_tol=1e-9)
    assert math.isclose(tests.largest_deg, -3.0, abs_tol=1e-9)
    bridge, slide = summary.exercises
    assert (bridge.exercise, bridge.sets_before, bridge.sets_after, bridge.sets_changed) == (
        "bridge",
        2,
        2,
        2,
    )
    assert (bridge.valid_before, bridge.valid_after, bridge.partial_before, bridge.partial_after) == (
        14,
        15,
        2,
        0,
    )
    assert (slide.sets_changed, slide.valid_before, slide.valid_after) == (0, 5, 5)
    assert [(one.session_id, one.repetitions_moved) for one in summary.most_changed] == [(1, 4), (2, 1)]
    assert json.loads(json.dumps(summary_object(summary)))["versions"] == [
        {"before": "2", "after": "3", "sessions": 2}
    ]


def test_nothing_analysed_is_a_summary_too() -> None:
    summary = summarise([])
    assert (summary.sessions, summary.exercises, summary.most_changed) == (0, (), ())
    assert (summary.rest_tests.median_deg, summary.rest_tests.largest_in) == (None, None)


_STARTS = st.lists(st.integers(0, 12).map(float), max_size=5, unique=True)


@given(before_s=_STARTS, after_s=_STARTS)
def test_each_result_stands_in_one_pair(before_s: list[float], after_s: list[float]) -> None:
    """No test is lost and none counts twice, however they lie."""
    before = found(tuple(resting(LEFT, 1.0, start_s=start) for start in before_s))
    after = found(tuple(refused_at(LEFT, start) for start in after_s))
    changes = analysis_changes(1, before, after).rest_tests
    assert sum(one.found_before for one in changes) == len(before_s)
    assert sum(one.found_after for one in changes) == len(after_s)
    assert sorted(one.start_s for one in changes if one.found_after) == sorted(after_s)
    # what could be a pair is one: no lone test of before is near a lone one of after
    lone_s = [one.start_s for one in changes if not one.found_after]
    for one in changes:
        if not one.found_before:
            assert all(abs(one.start_s - start) > MATCH_WITHIN_S for start in lone_s)


@given(starts_s=_STARTS)
def test_the_same_analysis_twice_changes_nothing(starts_s: list[float]) -> None:
    tests = tuple(resting(LEFT, start, start_s=start) for start in starts_s)
    sets = tuple(begins(training("bridge", RIGHT, 3, 1), start) for start in starts_s)
    summary = summarise([analysis_changes(1, found(tests, sets), found(tests, sets))])
    assert (summary.rest_tests.compared, summary.rest_tests.changed) == (len(starts_s), 0)
    assert summary.most_changed == ()
    assert sum(one.sets_changed for one in summary.exercises) == 0
