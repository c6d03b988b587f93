"""What a week's summary says of sessions with known results."""

import json
import math
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from week_samples import BERLIN, WEEK, Diary, both_legs, on, refused, resting, training

from tracker.model import Placement, Posture, RelativeTo, SensorAlignment, Side
from tracker.progress.estimates import Estimate
from tracker.progress.iso_week import IsoWeek
from tracker.progress.week import ExerciseWeek, Refusal, WeekSummary, week_object, week_summary
from tracker.store.database import open_database


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Diary]:
    with open_database(tmp_path / "tracker.db") as database:
        yield Diary(database)


def summary(diary: Diary, week: IsoWeek = WEEK, zone: ZoneInfo = BERLIN) -> WeekSummary:
    return week_summary(diary.database, diary.person, week, zone)


def value(estimate: Estimate | None) -> float:
    assert estimate is not None
    return estimate.value_deg


def test_a_week_without_sessions_shows_zeros(diary: Diary) -> None:
    week = summary(diary)
    assert week.monday == date(2026, 11, 16)
    assert (week.sessions, week.days_trained, week.sets, week.valid_reps, week.partial_reps) == (0,) * 5
    assert (week.exercises, week.refused, week.refused_tests, week.notices) == ((), (), 0, ())
    assert week.resting.left is week.resting.right is week.resting.difference is week.resting.mean is None
    assert not week.simulated
    assert json.loads(json.dumps(week_object(week)))["resting_rotation"]["left"] is None


def test_work_is_counted_by_exercise_and_side(diary: Diary) -> None:
    diary.add(on(0, 8), sets=(training("clamshell", Side.LEFT, 8, 2), training("clamshell", Side.RIGHT, 10)))
    diary.add(on(0, 20), sets=(training("clamshell", Side.LEFT, 7), training("bridge", None, 0, 3)))
    diary.add(on(2), *both_legs(25, 15))
    diary.add(on(6, 23.9), sets=(training("clamshell", Side.LEFT, 1),))
    diary.add(on(7, 0.1), sets=(training("clamshell", Side.LEFT, 100),))
    week = summary(diary)
    assert (week.sessions, week.days_trained, week.sets) == (4, 2, 5)
    assert (week.valid_reps, week.partial_reps) == (26, 5)
    assert week.exercises == (
        ExerciseWeek("bridge", None, 1, 0, 3),
        ExerciseWeek("clamshell", Side.LEFT, 3, 16, 2),
        ExerciseWeek("clamshell", Side.RIGHT, 1, 10, 0),
    )


def test_a_session_belongs_to_the_week_of_the_clock_on_the_wall(diary: Diary) -> None:
    diary.add(on(0, 0.5), sets=(training("bridge", None, 5),))
    assert summary(diary).sessions == 1
    assert summary(diary, WEEK.previous).sessions == 0
    assert summary(diary, zone=ZoneInfo("America/New_York")).sessions == 0
    assert summary(diary, WEEK.previous, ZoneInfo("America/New_York")).sessions == 1


@pytest.mark.parametrize("text", ["2026-W13", "2026-W43", "2026-W53", "2027-W01"])
def test_seven_days_are_seven_days_at_new_year_and_when_clocks_change(diary: Diary, text: str) -> None:
    week = IsoWeek.parse(text)
    for day in range(-1, 8):
        diary.add(on(day, 12, week), sets=(training("bridge", None, 5),))
    found = summary(diary, week)
    assert (found.sessions, found.days_trained, found.valid_reps) == (7, 7, 35)


def test_legs_turned_out_by_25_and_15(diary: Diary) -> None:
    """T1 of the measurement basis: D = 10 and M = 20, exactly."""
    diary.add(on(0), *both_legs(right_external_deg=25, left_external_deg=15))
    week = summary(diary).resting
    assert value(week.right) == pytest.approx(-25)
    assert value(week.left) == pytest.approx(-15)
    assert value(week.difference) == pytest.approx(10)
    assert value(week.mean) == pytest.approx(20)
    assert week.relative_to is RelativeTo.PELVIS


@pytest.mark.parametrize(("roll_deg", "right", "left", "difference"), [(5, 20, 20, 0), (-5, 30, 10, 20)])
def test_a_rolled_pelvis_enters_the_difference_and_not_the_mean(
    diary: Diary, roll_deg: float, right: float, left: float, difference: float
) -> None:
    """Measured against the vertical, legs turned out by 25 and 15 read so where the pelvis rolls."""
    assert (25 - roll_deg, 15 + roll_deg) == (right, left)
    diary.add(on(0), *both_legs(right, left, RelativeTo.VERTICAL))
    week = summary(diary)
    assert value(week.resting.difference) == pytest.approx(difference, abs=1e-9)
    assert value(week.resting.mean) == pytest.approx(20)
    assert any(notice.startswith("pelvis not measured") for notice in week.notices)


def test_difference_and_mean_come_from_sessions_that_measured_both_legs(diary: Diary) -> None:
    diary.add(on(0), *both_legs(25, 15))
    diary.add(on(1), resting(Side.RIGHT, 60))
    diary.add(on(2), *both_legs(27, 15))
    diary.add(on(3), resting(Side.LEFT, 1))
    diary.add(on(4), *both_legs(29, 15))
    week = summary(diary).resting
    assert week.difference is not None
    assert value(week.difference) == pytest.approx(12)
    assert week.difference.donnings == 3
    assert value(week.mean) == pytest.approx(21)
    assert week.right is not None
    assert value(week.right) == pytest.approx(-28)
    assert week.right.donnings == 4


def test_each_donning_counts_once_and_the_error_says_so(diary: Diary) -> None:
    diary.add(on(0), *(resting(Side.LEFT, angle, 6.0) for angle in (10, 10, 10, 10, 10)))
    diary.add(on(1), resting(Side.LEFT, 20, 6.0))
    diary.add(on(2), resting(Side.LEFT, 12, 6.0))
    left = summary(diary).resting.left
    assert left is not None
    assert left.value_deg == pytest.approx(-12)
    assert (left.tests, left.donnings) == (7, 3)
    scatter_deg = math.sqrt(((10 - 14) ** 2 + (20 - 14) ** 2 + (12 - 14) ** 2) / 2)
    assert left.uncertainty_deg == pytest.approx(1.959964 * 1.2533 * scatter_deg / math.sqrt(3))


def test_difference_and_mean_are_those_of_each_repeat(diary: Diary) -> None:
    """The pelvis rolls by 4 degrees between repeats: that is in the difference, and leaves the mean alone."""
    repeats = []
    for number, roll_deg in enumerate((4.0, 0.0, -4.0)):
        start_s = 30.0 * number
        repeats += [
            resting(Side.RIGHT, 25 - roll_deg + number, relative_to=RelativeTo.VERTICAL, start_s=start_s),
            resting(Side.LEFT, 15 + roll_deg + number, relative_to=RelativeTo.VERTICAL, start_s=start_s),
        ]
    diary.add(on(0), *repeats)
    week = summary(diary).resting
    assert value(week.mean) == pytest.approx(21)
    assert value(week.difference) == pytest.approx(10)
    assert week.mean is not None
    assert (week.mean.tests, week.mean.donnings) == (6, 1)


def test_what_is_strapped_on_anew_within_a_session_is_a_donning_of_its_own(diary: Diary) -> None:
    early, late = (0.0, 1.0, 0.0), None
    poses = tuple(
        SensorAlignment(Placement.LEFT_THIGH, None, since_s, "any", axis, (1.0, 0.0, 0.0))
        for since_s, axis in ((0.0, early), (100.0, late))
    )
    tests = [resting(Side.LEFT, angle, start_s=start_s) for start_s, angle in ((30.0, 10.0), (130.0, 20.0))]
    diary.add(on(0), *tests, alignments=poses)
    left = summary(diary).resting.left
    assert left is not None
    assert value(left) == pytest.approx(-15)
    assert (left.tests, left.donnings) == (2, 2)


@pytest.mark.parametrize(("jump_deg", "donnings"), [(5.0, 2), (10.0, 1)])
def test_donnings_are_told_apart_by_what_the_session_was_analysed_with(
    diary: Diary, jump_deg: float, donnings: int
) -> None:
    """Two reference poses 7 degrees apart: another strapping-on, unless the person repeats no better."""
    turned = (math.cos(math.radians(7.0)), 0.0, math.sin(math.radians(7.0)))
    poses = tuple(
        SensorAlignment(Placement.LEFT_THIGH, None, since_s, "any", (0.0, 1.0, 0.0), front)
        for since_s, front in ((0.0, (1.0, 0.0, 0.0)), (100.0, turned))
    )
    own = {"reference_jump_rad": math.radians(jump_deg), "housing_arrow": "+y"}
    tests = [resting(Side.LEFT, 15, start_s=start_s) for start_s in (30.0, 130.0)]
    diary.add(on(0), *tests, alignments=poses, parameters=json.dumps({"motion": {"alignment": own}}))
    left = summary(diary).resting.left
    assert left is not None
    assert (left.tests, left.donnings) == (2, donnings)


def test_postures_are_not_mixed(diary: Diary) -> None:
    diary.add(on(0), resting(Side.LEFT, 15), resting(Side.LEFT, 40, posture=Posture.PRONE, start_s=60.0))
    tied = summary(diary)
    diary.add(on(1), resting(Side.LEFT, 42, posture=Posture.PRONE))
    outnumbered = summary(diary)
    assert tied.resting.posture is Posture.SUPINE
    assert value(tied.resting.left) == pytest.approx(-15)
    assert "mixed: rest tests in other postures than supine are left out (1)" in tied.notices
    assert outnumbered.resting.posture is Posture.PRONE
    assert value(outnumbered.resting.left) == pytest.approx(-41)


def test_refused_tests_are_counted_and_never_averaged(diary: Diary) -> None:
    diary.add(on(0), *both_legs(25, 15))
    diary.add(on(1), refused(Side.LEFT, "moving"), refused(Side.RIGHT, "moving"))
    diary.add(on(2), refused(Side.LEFT, "thigh too near the vertical"))
    week = summary(diary)
    assert week.refused == (Refusal("moving", 2), Refusal("thigh too near the vertical", 1))
    assert week.refused_tests == 3
    assert week.resting.left is not None
    assert value(week.resting.left) == pytest.approx(-15)
    assert week.resting.left.tests == 1


def test_a_week_of_refused_tests_has_no_angle(diary: Diary) -> None:
    diary.add(on(0), refused(Side.LEFT, "moving"))
    week = summary(diary)
    assert (week.resting.left, week.resting.relative_to, week.refused_tests) == (None, None, 1)


def test_pelvis_and_vertical_are_not_mixed(diary: Diary) -> None:
    diary.add(on(0), *both_legs(25, 15, RelativeTo.PELVIS))
    diary.add(on(1), *both_legs(35, 5, RelativeTo.VERTICAL))
    tied = summary(diary)
    diary.add(on(2), *both_legs(35, 5, RelativeTo.VERTICAL))
    outnumbered = summary(diary)
    assert tied.resting.relative_to is RelativeTo.PELVIS
    assert value(tied.resting.right) == pytest.approx(-25)
    assert tied.notices == ("mixed: rest tests not measured against the pelvis are left out (2)",)
    assert outnumbered.resting.relative_to is RelativeTo.VERTICAL
    assert value(outnumbered.resting.right) == pytest.approx(-35)
    assert "mixed: rest tests not measured against the vertical are left out (2)" in outnumbered.notices


def test_mixed_versions_and_parameters_are_said(diary: Diary) -> None:
    diary.add(on(0), version="1")
    assert summary(diary).notices == ()
    diary.add(on(1), version="1", parameters='{"gate": 0.4}')
    assert [one.startswith("mixed: analyses with different par") for one in summary(diary).notices] == [True]
    diary.add(on(2), version="2")
    week = summary(diary)
    assert week.analysis_versions == ("1", "2")
    assert [one.startswith("mixed: analyses of the versions 1, 2") for one in week.notices] == [True]


def test_simulated_sessions_are_said(diary: Diary) -> None:
    diary.add(on(0), simulated=True)
    alone = summary(diary)
    diary.add(on(1))
    beside = summary(diary)
    assert (alone.simulated, alone.notices) == (True, ())
    assert (beside.simulated, beside.notices) == (True, ("mixed: 1 of 2 sessions are simulated",))


def test_a_session_without_analysis_counts_and_is_said(diary: Diary) -> None:
    diary.add(on(0), version=None)
    diary.add(on(1), sets=(training("bridge", None, 5),))
    week = summary(diary)
    assert (week.sessions, week.days_trained) == (2, 1)
    assert week.notices == ("not analysed yet: 1 of 2 sessions",)


def test_the_object_for_json(diary: Diary) -> None:
    diary.add(on(0), *both_legs(25, 15), refused(Side.LEFT, "moving"), sets=(training("bridge", None, 5, 1),))
    found = json.loads(json.dumps(week_object(summary(diary))))
    assert found["week"] == "2026-W47"
    assert found["monday"] == "2026-11-16"
    assert found["time_zone"] == "Europe/Berlin"
    assert found["exercises"] == [
        {"exercise": "bridge", "side": None, "sets": 1, "valid_reps": 5, "partial_reps": 1}
    ]
    assert found["refused"] == [{"reason": "moving", "count": 1}]
    rotation = found["resting_rotation"]
    assert (rotation["relative_to"], rotation["posture"]) == ("pelvis", "supine")
    assert rotation["difference"] == {
        "value_deg": pytest.approx(10),
        "uncertainty_deg": pytest.approx(3 * 2**0.5),
        "tests": 2,
        "donnings": 1,
    }


def test_other_weeks_do_not_leak_in(diary: Diary) -> None:
    for weeks in (-1, 1):
        diary.add(on(0) + timedelta(weeks=weeks), *both_legs(60, 60), sets=(training("bridge", None, 50),))
    diary.add(on(3), *both_legs(25, 15))
    week = summary(diary)
    assert (week.sessions, week.valid_reps) == (1, 0)
    assert value(week.resting.mean) == pytest.approx(20)
