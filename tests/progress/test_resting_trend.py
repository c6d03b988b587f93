"""The trend from a real database: window, donnings, what is left out and said."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from week_samples import BERLIN, Diary, refused, resting

from tracker.errors import UsageError
from tracker.model import Placement, Posture, RelativeTo, RestTest, SensorAlignment, Side
from tracker.progress.trend.document import trend_object
from tracker.progress.trend.resting_trend import resting_trend
from tracker.progress.trend.values import QUANTITIES, RestingTrend
from tracker.progress.verdict import Verdict
from tracker.store.database import open_database
from tracker.store.plans import start_plan

MONDAY = datetime(2024, 1, 8, 18, tzinfo=BERLIN)
SINCE = MONDAY.date()
DAYS = (0, 2, 4)


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Diary]:
    with open_database(tmp_path / "tracker.db") as database:
        yield Diary(database)


def rested(left_deg: float, right_deg: float, recipe: str = "standing+patella_up") -> tuple[RestTest, ...]:
    """Three repeats of both legs, external rotation, half a degree apart."""
    return tuple(
        replace(resting(side, external + 0.5 * (repeat - 1), start_s=30.0 * repeat), recipe=recipe)
        for repeat in range(3)
        for side, external in ((Side.LEFT, left_deg), (Side.RIGHT, right_deg))
    )


def train(
    diary: Diary, weeks: int, deg_per_week: float = 0.0, first_week: int = 0, version: str = "1"
) -> None:
    """Three sessions a week: left 18, right 28 degrees outward at first, off by up to a degree in turn."""
    for number in range(3 * first_week, 3 * (first_week + weeks)):
        day = 7 * (number // 3) + DAYS[number % 3]
        off = (0.0, 1.0, -1.0, 0.5)[number % 4] + deg_per_week * day / 7.0
        diary.add(MONDAY + timedelta(days=day), *rested(18.0 + off, 28.0 + off), version=version)


def trend(diary: Diary, *, weeks: int = 12, since: date | None = SINCE) -> RestingTrend:
    until = SINCE + timedelta(days=7 * weeks - 1)
    return resting_trend(diary.database, diary.person, since=since, until=until)


def test_twelve_weeks_of_a_steady_fall_are_changed_with_the_signs_of_the_week(diary: Diary) -> None:
    """External rotation falls by a degree a week: inward positive rises, outward positive falls."""
    train(diary, 12, deg_per_week=-1.0)
    found = trend(diary)
    slopes = {one.name: one.slope.deg_per_week for one in found.quantities if one.slope is not None}
    assert slopes == pytest.approx({"left": 1.0, "right": 1.0, "difference": 0.0, "mean": -1.0}, abs=0.05)
    assert {one.name: one.verdict for one in found.quantities} == {
        "left": Verdict.CHANGED,
        "right": Verdict.CHANGED,
        "difference": Verdict.NO_CHANGE,
        "mean": Verdict.CHANGED,
    }
    assert found.difference.points[0].value_deg == pytest.approx(10.0)
    assert found.mean.points[0].value_deg == pytest.approx(23.0)
    assert found.left.points[0].repeats == 3


def test_no_session_gives_no_trend_and_no_error(diary: Diary) -> None:
    found = trend(diary)
    assert {one.text for one in found.quantities} == {"not enough data: no rest test was measured"}
    assert (found.notices, found.refused_tests, found.simulated) == ((), 0, False)


def test_five_weeks_are_too_early(diary: Diary) -> None:
    train(diary, 5, deg_per_week=-2.0)
    assert {one.reason for one in trend(diary).quantities} == {"too early, week 5 of 6"}


def test_older_analyses_are_left_out_and_reanalysis_is_advised(diary: Diary) -> None:
    train(diary, 4, version="0")
    train(diary, 8, first_week=4)
    found = trend(diary)
    assert len(found.left.points) == 24
    assert found.notices == (
        "not comparable, left out of all: 12 strappings-on analysed by version 0",
        "`tracker reanalyze` measures the older recordings by the present version",
    )


def test_a_change_of_recipe_reference_or_posture_begins_anew(diary: Diary) -> None:
    diary.add(MONDAY, *rested(40.0, 40.0, recipe="standing+foot_block"))
    against_vertical = [replace(one, relative_to=RelativeTo.VERTICAL) for one in rested(41.0, 41.0)]
    diary.add(MONDAY + timedelta(days=1), *against_vertical)
    prone = [replace(one, posture=Posture.PRONE) for one in rested(42.0, 42.0)]
    diary.add(MONDAY + timedelta(days=2), *prone)
    train(diary, 2, first_week=1)
    found = trend(diary)
    assert len(found.mean.points) == 6
    assert {one.reason for one in found.mean.left_out} == {
        "zero by standing+foot_block",
        "measured against the vertical",
        "measured prone",
    }
    assert max(one.value_deg for one in found.mean.points) < 30.0


def test_simulated_sessions_never_stand_beside_real_ones(diary: Diary) -> None:
    diary.add(MONDAY, *rested(40.0, 40.0), simulated=True)
    train(diary, 1, first_week=1)
    found = trend(diary)
    assert not found.simulated
    assert found.left.left_out[0].reason == "simulated"
    assert [one.value_deg for one in found.left.points] == pytest.approx([-18.5, -18.0, -19.0])


def test_sensors_put_on_anew_within_a_session_make_two_donnings(diary: Diary) -> None:
    """The strap of the left thigh sits 40 degrees further round from 50 s on."""
    early, late = (0.0, 0.0, 1.0), (0.6428, 0.0, 0.7660)
    alignments = tuple(
        SensorAlignment(Placement.LEFT_THIGH, None, since_s, "standing+patella_up", (0.0, 1.0, 0.0), front)
        for since_s, front in ((1.0, early), (50.0, late))
    )
    diary.add(MONDAY, *rested(18.0, 28.0), alignments=alignments)
    found = trend(diary)
    assert [(one.donning, one.repeats) for one in found.left.points] == [(1, 2), (2, 1)]
    assert len({one.session_id for one in found.left.points}) == 1


def test_refused_tests_are_told_with_their_reasons(diary: Diary) -> None:
    diary.add(MONDAY, *rested(18.0, 28.0), refused(Side.LEFT, "the leg moved"), refused(Side.LEFT, "no zero"))
    diary.add(MONDAY + timedelta(days=1), refused(Side.RIGHT, "the leg moved"))
    found = trend(diary)
    assert found.refused == {"the leg moved": 2, "no zero": 1}
    assert found.refused_tests == 3
    assert len(found.left.points) == 1


def test_without_a_pelvis_sensor_the_difference_is_of_legs_and_pelvis(diary: Diary) -> None:
    diary.add(MONDAY, *(replace(one, relative_to=RelativeTo.VERTICAL) for one in rested(18.0, 28.0)))
    notices = trend(diary).notices
    assert "pelvis not measured: the difference is of legs and pelvis together" in notices
    assert "the measurement error is partly assumed: only 1 strapping-on of one's own so far" in notices


def test_one_leg_alone_has_a_trend_and_both_have_none(diary: Diary) -> None:
    diary.add(MONDAY, resting(Side.RIGHT, 25.0))
    found = trend(diary)
    assert [len(one.points) for one in found.quantities] == [0, 1, 0, 0]


def test_an_old_last_test_is_told(diary: Diary) -> None:
    train(diary, 7)
    assert "the last rest test was 37 days before 2024-03-31" in trend(diary).notices


def test_the_days_are_the_person_s(diary: Diary) -> None:
    """Half an hour before and after midnight in Berlin, an hour apart in the world."""
    for at in (datetime(2024, 1, 7, 23, 30, tzinfo=BERLIN), datetime(2024, 1, 8, 0, 30, tzinfo=BERLIN)):
        diary.add(at, resting(Side.LEFT, 20.0))
    found = trend(diary)
    assert [one.day for one in found.left.points] == [date(2024, 1, 8)]
    assert found.left.points[0].at == datetime(2024, 1, 7, 23, 30, tzinfo=UTC)


def test_the_usual_window_is_half_a_year_back(diary: Diary) -> None:
    train(diary, 40)
    until = SINCE + timedelta(days=7 * 40 - 1)
    found = resting_trend(diary.database, diary.person, until=until)
    assert (found.first, found.last) == (until - timedelta(days=181), until)
    assert len(found.left.points) == 78
    assert found.since_reason == "26 weeks back"


@pytest.mark.parametrize(("weeks_ago", "of_plan"), [(10, True), (23, True), (24, False)])
def test_the_window_begins_with_the_plan_that_is_on(diary: Diary, weeks_ago: int, of_plan: bool) -> None:
    until = SINCE + timedelta(days=7 * 40 - 1)
    starts_on = until - timedelta(days=7 * weeks_ago - 1)
    person = diary.person
    with diary.database.write() as connection:
        start_plan(connection, person.person_id, "hips", "", starts_on, None)
    found = resting_trend(diary.database, diary.person, until=until)
    assert (found.first == starts_on - timedelta(weeks=3)) == of_plan
    assert (found.since_reason == "3 weeks before the plan 'hips' began") == of_plan


def test_impossible_days_are_refused(diary: Diary) -> None:
    today = datetime.now(BERLIN).date()
    with pytest.raises(UsageError, match="is in the future"):
        resting_trend(diary.database, diary.person, since=today + timedelta(days=2))
    with pytest.raises(UsageError, match="is after 2024-01-01"):
        resting_trend(diary.database, diary.person, since=SINCE, until=date(2024, 1, 1))


def test_a_running_week_s_sunday_counts_as_today(diary: Diary) -> None:
    today = datetime.now(BERLIN).date()
    found = resting_trend(diary.database, diary.person, until=today + timedelta(days=6))
    assert found.last in {today, today + timedelta(days=1)}  # midnight may pass meanwhile


def test_the_document_is_json_and_judges_nothing(diary: Diary) -> None:
    train(diary, 12, deg_per_week=-1.0)
    document = trend_object(trend(diary))
    text = json.dumps(document, allow_nan=False)
    assert not re.search(r"normal|because|due to|weak|strong|better|worse|improv|meaningful", text)
    assert tuple(document["resting_rotation"]) == QUANTITIES
    left = document["resting_rotation"]["left"]
    assert (left["verdict"], left["donnings"], len(left["points"])) == ("changed", 36, 36)
    assert left["measured"]["recipe"] == "standing+patella_up"
    assert left["points"][0]["day"] == "2024-01-08"
    assert left["chart"]["made_of"] == 12
