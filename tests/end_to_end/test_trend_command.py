"""`tracker trend` as a person calls it: on sessions that were recorded, and with what cannot be."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from program import tracker
from trend_person import trends_of_person

pytestmark = pytest.mark.slow

WEEKS = 12


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Twelve weeks of a simulated person whose legs lie less turned out by a degree a week."""
    folder = tmp_path_factory.mktemp("trained")
    trends_of_person(folder, -1.0, seed=1, judged_after=())
    yield folder


def test_twelve_weeks_of_change_are_told_in_words_numbers_and_a_picture(home: Path, tmp_path: Path) -> None:
    picture = tmp_path / "trend.svg"
    span = ("--since", "2024-01-08", "--until", "2024-03-31")
    shown = tracker(home, "trend", *span, "--of", "mean", "--svg", picture)
    assert shown.exit_code == 0, shown.err
    assert "SIMULATED" in shown.out
    assert re.search(r"mean of both legs \(outward positive\) +3[67] +changed *\n", shown.out)
    assert "\x1b" not in shown.out
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    found = tracker(home, "trend", *span, "--json").document["resting_rotation"]
    verdicts = {name: one["verdict"] for name, one in found.items()}
    assert verdicts == {
        "left": "changed",
        "right": "changed",
        "difference": "no change beyond error",
        "mean": "changed",
    }
    slopes = {name: one["slope"]["deg_per_week"] for name, one in found.items()}
    assert slopes["mean"] == pytest.approx(-1.0, abs=0.35)
    assert slopes["left"] == pytest.approx(1.0, abs=0.5)


def test_four_weeks_are_too_early(home: Path) -> None:
    found = tracker(home, "trend", "--weeks", "4", "--until", "2024-02-04", "--json").document
    assert found["first"] == "2024-01-08"
    assert {one["text"] for one in found["resting_rotation"].values()} == {
        "not enough data: too early, week 4 of 6"
    }


def test_nothing_was_measured_in_the_last_half_year(home: Path) -> None:
    shown = tracker(home, "trend")
    assert shown.exit_code == 0
    assert shown.out.count("not enough data: no rest test was measured") == 4


def test_days_that_cannot_be_are_refused(home: Path) -> None:
    tomorrow = f"{datetime.now(UTC).date() + timedelta(days=2)}"
    tracker(home, "trend", "--since", tomorrow).check_error(2, "is in the future")
    tracker(home, "trend", "--until", tomorrow).check_error(2, "is in the future")
    tracker(home, "trend", "--since", "2024-02-01", "--until", "2024-01-01").check_error(2, "is after")
    tracker(home, "trend", "--since", "2024-02-01", "--weeks", "3").check_error(2, "--since and --weeks")
    tracker(home, "trend", "--until", "0001-01-02").check_error(2, "too long ago")


def test_a_picture_that_cannot_be_written_is_told(home: Path) -> None:
    tracker(home, "trend", "--svg", home / "nowhere" / "trend.svg").check_error(6, "cannot be written")
