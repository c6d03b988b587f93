"""This week beside last week: what may be said, and what not."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from week_samples import BERLIN, WEEK, Diary, on, resting, training

from tracker.model import Posture, RelativeTo, Side
from tracker.progress.comparison import AngleChange, WeekComparison, compare_weeks, comparison_object
from tracker.progress.verdict import Verdict
from tracker.progress.week import week_summary
from tracker.store.database import open_database


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Diary]:
    with open_database(tmp_path / "tracker.db") as database:
        yield Diary(database)


def weeks_of_left(
    diary: Diary,
    *,
    this: Sequence[float],
    last: Sequence[float],
    versions: tuple[str, str] = ("1", "1"),
    relative_to: tuple[RelativeTo, RelativeTo] = (RelativeTo.PELVIS, RelativeTo.PELVIS),
    simulated: bool = False,
) -> None:
    """External rotations of the left leg, each in a donning of its own with a half width of 3 degrees."""
    for index, (week, angles) in enumerate(((WEEK, this), (WEEK.previous, last))):
        for day, angle in enumerate(angles):
            diary.add(
                on(day, week=week),
                resting(Side.LEFT, angle, 3.0, relative_to[index]),
                version=versions[index],
                simulated=simulated and week == WEEK,
            )


def compared(diary: Diary) -> WeekComparison:
    this, last = (week_summary(diary.database, diary.person, week, BERLIN) for week in (WEEK, WEEK.previous))
    return compare_weeks(this, last)


def angle(comparison: WeekComparison, name: str) -> AngleChange:
    return next(one for one in comparison.angles if one.name == name)


def test_a_change_within_the_error_is_no_change(diary: Diary) -> None:
    """Each week is known to 3 / sqrt(3) degrees, the change to sqrt(2) times that: 2.45."""
    weeks_of_left(diary, this=[18.0, 18.0, 18.0], last=[20.4, 20.4, 20.4])
    left = angle(compared(diary), "left")
    assert left.change_deg == pytest.approx(2.4)
    assert left.error_deg == pytest.approx(6**0.5)
    assert left.text == "no change beyond error (±2.4°)"


def test_a_change_beyond_the_error_is_said_and_no_more(diary: Diary) -> None:
    weeks_of_left(diary, this=[18.0, 18.0, 18.0], last=[20.5, 20.5, 20.5])
    left = angle(compared(diary), "left")
    assert left.change_deg == pytest.approx(2.5)
    assert left.text == "probably changed"


def test_scatter_widens_the_error(diary: Diary) -> None:
    weeks_of_left(diary, this=[18.0, 12.0, 24.0], last=[20.5, 14.5, 26.5])
    assert angle(compared(diary), "left").verdict is Verdict.NO_CHANGE


@pytest.mark.parametrize(
    ("this", "last"), [([18.0] * 2, [40.0] * 3), ([18.0] * 3, [40.0] * 2), ([18.0] * 3, []), ([], [])]
)
def test_fewer_than_three_donnings_are_not_enough(diary: Diary, this: list[float], last: list[float]) -> None:
    weeks_of_left(diary, this=this, last=last)
    left = angle(compared(diary), "left")
    assert left.text == "not enough data"
    assert (left.this is None, left.last is None) == (not this, not last)


def test_many_tests_in_one_donning_are_not_enough(diary: Diary) -> None:
    for week, external in ((WEEK, 18.0), (WEEK.previous, 40.0)):
        diary.add(on(0, week=week), *[resting(Side.LEFT, external)] * 10)
    assert angle(compared(diary), "left").verdict is Verdict.NOT_ENOUGH_DATA


def test_the_difference_needs_both_legs_in_three_donnings(diary: Diary) -> None:
    for week, right in ((WEEK, 15.0), (WEEK.previous, 40.0)):
        for day in range(3):
            diary.add(on(day, week=week), resting(Side.LEFT, 15.0), resting(Side.RIGHT, right))
    found = compared(diary)
    assert {one.name: one.verdict for one in found.angles} == {
        "left": Verdict.NO_CHANGE,
        "right": Verdict.PROBABLY,
        "difference": Verdict.PROBABLY,
        "mean": Verdict.PROBABLY,
    }
    assert angle(found, "difference").change_deg == pytest.approx(-25)
    assert angle(found, "mean").change_deg == pytest.approx(-12.5)


def test_different_quantities_versions_and_worlds_are_not_compared(diary: Diary, tmp_path: Path) -> None:
    this, last = [18.0] * 3, [40.0] * 3
    pelvis, vertical = RelativeTo.PELVIS, RelativeTo.VERTICAL
    weeks_of_left(diary, this=this, last=last, relative_to=(pelvis, vertical))
    with open_database(tmp_path / "second.db") as second, open_database(tmp_path / "third.db") as third:
        weeks_of_left(Diary(second), this=this, last=last, versions=("2", "1"))
        weeks_of_left(Diary(third), this=this, last=last, simulated=True)
        found = [compared(one) for one in (diary, Diary(second), Diary(third))]
    for one in found:
        left = angle(one, "left")
        assert (left.change_deg, left.verdict) == (None, Verdict.NOT_ENOUGH_DATA)
    notices = [one.notices for one in found]
    assert notices == [
        ("mixed: this week is measured against the pelvis, last week against the vertical",),
        ("mixed: analyses of the versions 1, 2",),
        ("mixed: one of the two weeks is simulated",),
    ]


def test_weeks_in_different_postures_are_not_compared(diary: Diary) -> None:
    for day in range(3):
        diary.add(on(day), resting(Side.LEFT, 18.0))
        diary.add(on(day, week=WEEK.previous), resting(Side.LEFT, 40.0, posture=Posture.PRONE))
    found = compared(diary)
    assert angle(found, "left").verdict is Verdict.NOT_ENOUGH_DATA
    assert found.notices == ("mixed: this week is measured supine, last week prone",)


def test_work_stands_beside_last_week_s(diary: Diary) -> None:
    diary.add(on(0), sets=(training("bridge", None, 8, 1),))
    diary.add(on(1), sets=(training("bridge", None, 9),))
    diary.add(on(0, week=WEEK.previous), sets=(training("bridge", None, 20, 4),))
    counts = {one.name: (one.this, one.last, one.change) for one in compared(diary).counts}
    assert counts == {
        "sessions": (2, 1, 1),
        "days_trained": (2, 1, 1),
        "sets": (2, 1, 1),
        "valid_reps": (17, 20, -3),
        "partial_reps": (1, 4, -3),
    }


def test_nothing_is_called_normal_and_no_cause_is_named(diary: Diary) -> None:
    weeks_of_left(diary, this=[18.0] * 3, last=[40.0] * 3)
    text = json.dumps(comparison_object(compared(diary)))
    assert not re.search(r"normal|because|due to|weak|strong|better|worse|improv", text)
    assert json.loads(text)["angles"][0]["verdict"] == "probably changed"
