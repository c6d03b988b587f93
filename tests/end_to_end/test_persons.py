"""Several persons on one computer, as the command line shows them."""

import json
import subprocess
from pathlib import Path

import pytest
from program import command, environment, tracker

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an imported session of the default person, and one of anna."""
    home = tmp_path_factory.mktemp("clinic")
    samples = (f"{number / 50:.2f},0,0,9.81,0,0,0" for number in range(500))
    lines = ["time_s,ax,ay,az,gx,gy,gz", *samples]
    (home / "still.csv").write_text("\n".join(lines), encoding="utf-8")
    assert tracker(home, "persons", "add", "anna", "--time-zone", "Pacific/Auckland").exit_code == 0
    of_each: tuple[tuple[str, ...], ...] = ((), ("--person", "anna"))
    for whose in of_each:
        out = home / f"{len(whose)}.mcap"
        asked: list[str | Path] = ["import", "--left-thigh", home / "still.csv", "--exercise", "generic"]
        asked += ["--out", out, "--keep"]
        # A Sunday evening in Berlin is Monday morning in Auckland.
        asked += ["--started-at", "2026-11-22T18:00:00", *whose]
        done = tracker(home, *asked)
        assert done.exit_code == 0, done.err
    return home


def test_sessions_and_weeks_are_of_the_person_named(shared_home: Path) -> None:
    mine = tracker(shared_home, "sessions", "--json").document["sessions"]
    hers = tracker(shared_home, "sessions", "--json", "--person", "anna").document["sessions"]
    assert (len(mine), len(hers)) == (1, 1)
    assert mine[0]["session_id"] != hers[0]["session_id"]


def test_a_week_has_the_borders_of_the_person_s_own_midnights(shared_home: Path) -> None:
    weeks = {
        (person, week): tracker(shared_home, "week", "--json", "--week", week, "--person", person).document[
            "this"
        ]["sessions"]
        for person in ("me", "anna")
        for week in ("2026-W47", "2026-W48")
    }
    assert weeks == {
        ("me", "2026-W47"): 1,
        ("me", "2026-W48"): 0,
        ("anna", "2026-W47"): 0,
        ("anna", "2026-W48"): 1,
    }


def test_the_environment_names_a_person_too(shared_home: Path) -> None:
    own = {**environment(shared_home), "TRACKER_PERSON": "anna"}
    done = subprocess.run(
        command("sessions", "--json"), env=own, capture_output=True, check=True, stdin=subprocess.DEVNULL
    )
    assert json.loads(done.stdout)["sessions"][0]["person_id"] != 1


@pytest.mark.parametrize("arguments", [["week"], ["sessions"]])
def test_an_unknown_person_is_an_error_with_the_known_ones(shared_home: Path, arguments: list[str]) -> None:
    tracker(shared_home, *arguments, "--person", "bea").check_error(2, "'bea'", "anna, me")


def test_persons_are_listed_renamed_and_made_the_default(tmp_path: Path) -> None:
    tracker(tmp_path, "persons", "add", "anna", "--time-zone", "Asia/Seoul")
    assert tracker(tmp_path, "persons", "change", "anna", "--name", "서연", "--default").exit_code == 0
    found = tracker(tmp_path, "persons", "--json").document["persons"]
    assert [(one["name"], one["time_zone"], one["is_default"]) for one in found] == [
        ("me", "Europe/Berlin", False),
        ("서연", "Asia/Seoul", True),
    ]
    tracker(tmp_path, "persons", "add", "me").check_error(2, "already")
    tracker(tmp_path, "persons", "change", "me").check_error(2, "nothing to change")
    tracker(tmp_path, "persons", "add", "bo", "--time-zone", "Mars/Phobos").check_error(2, "Mars/Phobos")
