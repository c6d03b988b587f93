"""`tracker plan` as a person uses it: begin, look, be asked, answer, end, and what is typed wrong."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from program import tracker

pytestmark = pytest.mark.slow

STANDING = """
name = "On two legs"

[phases.A]
title = "Standing up"
from_week = 0
until_week = 8

[phases.A.prescriptions.stand_up]
exercise = "sit_to_stand"
side = "both"
target = "extension"
sets = [2, 3]
reps = [8, 10]
days_a_week = 7
"""


def today() -> date:
    """As the program has it; asked for late, since a run may go past midnight."""
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


def tell(home: Path, days_ago: int, *felt: str) -> int:
    """A session by hand with two sets of ten, and how it felt."""
    began = f"{today() - timedelta(days=days_ago)}T12:00"
    done = ("--exercise", "sit_to_stand", "--side", "both", "--sets", "2", "--reps", "10")
    told = tracker(home, "sessions", "add", "--started-at", began, "--minutes", "20", *done)
    assert told.exit_code == 0, told.err
    number = int(tracker(home, "sessions", "--json").document["sessions"][0]["session_id"])
    said = tracker(home, "feel", str(number), *felt)
    assert said.exit_code == 0, said.err
    return number


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose person began an own plan a week ago."""
    home = tmp_path_factory.mktemp("planned")
    (home / "own.toml").write_text(STANDING, encoding="utf-8")
    begun = tracker(home, "plan", "start", home / "own.toml", "--from", str(today() - timedelta(days=7)))
    assert begun.exit_code == 0, begun.err
    return home


def test_without_a_plan_it_says_how_to_begin(tmp_path: Path) -> None:
    shown = tracker(tmp_path, "plan")
    assert shown.exit_code == 0
    assert "tracker plan start" in shown.out and "physiotherapist" in shown.out
    assert tracker(tmp_path, "plan", "--json").document == {"plan": None}
    tracker(tmp_path, "plan", "accept", "1").check_error(2, "no plan is on")
    tracker(tmp_path, "plan", "end").check_error(2, "no plan is on")


def test_the_shipped_plan_begins_and_says_what_is_not_known(tmp_path: Path) -> None:
    begun = tracker(tmp_path, "plan", "start")
    assert begun.exit_code == 0
    assert "No trial has shown" in begun.err
    shown = tracker(tmp_path, "plan", "--json").document
    assert (shown["phase"]["name"], shown["week"], shown["waiting"]) == ("A", 0, [])
    assert {one["prescription"] for one in shown["today"]} == {
        "roll_in",
        "knee_roll_in",
        "press_in",
    }
    assert {one["band_loads"] for one in shown["prescriptions"]} == {"nothing"}
    tracker(tmp_path, "plan", "start").check_error(2, "is on then", "--replace")
    assert tracker(tmp_path, "plan", "start", "--replace", "--name", "Again").exit_code == 0
    assert tracker(tmp_path, "plan", "--json").document["plan"]["name"] == "Again"
    assert tracker(tmp_path, "plan", "end").exit_code == 0
    assert tracker(tmp_path, "plan", "today", "--json").document["plan"] == "Again"


def test_pain_is_asked_about_answered_and_taken_back(planned: Path) -> None:
    number = tell(planned, 2, "--pain", "5", "--before", "0", "--effort", "5")
    shown = tracker(planned, "plan", "--json").document
    (waiting,) = shown["waiting"]
    assert (waiting["rule"], waiting["change"]["kind"]) == ("stop_on_pain", "stop")
    assert "worst pain was 5 of 10" in waiting["reason"]
    text = tracker(planned, "plan")
    assert f"tracker plan accept {waiting['number']}" in text.out
    why = tracker(planned, "plan", "why", str(number))
    assert "stop_on_pain" in why.out and "sets were told and not counted" in " ".join(why.out.split())
    tracker(planned, "plan", "accept", "999").check_error(2, "no proposal 999")
    assert tracker(planned, "plan", "accept", str(waiting["number"])).exit_code == 0
    tracker(planned, "plan", "decline", str(waiting["number"])).check_error(2, "no proposal")
    assert tracker(planned, "plan", "today", "--json").document["today"] == []
    assert tracker(planned, "plan", "resume", "stand_up").exit_code == 0
    (asked,) = tracker(planned, "plan", "today", "--json").document["today"]
    assert (asked["exercise"], asked["sets"]) == ("sit_to_stand", 1)
    tracker(planned, "plan", "resume", "stand_up").check_error(2, "not left out")


def test_a_review_again_asks_nothing_twice(planned: Path) -> None:
    number = tell(planned, 1, "--pain", "4", "--before", "0", "--effort", "5")
    first = tracker(planned, "plan", "review", str(number), "--json").document
    again = tracker(planned, "plan", "review", str(number), "--json").document
    assert first == again
    (waiting,) = tracker(planned, "plan", "--json").document["waiting"]
    assert tracker(planned, "plan", "decline", str(waiting["number"])).exit_code == 0
    tracker(planned, "plan", "review", str(number))
    assert tracker(planned, "plan", "--json").document["waiting"] == []


def test_the_shipped_plan_is_written_and_begun_as_one_s_own(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    assert tracker(tmp_path, "plan", "write", own).exit_code == 0
    tracker(tmp_path, "plan", "write", own).check_error(2, "is there already")
    ahead = str(today() + timedelta(days=30))
    assert tracker(tmp_path, "plan", "start", own, "--from", ahead).exit_code == 0
    assert tracker(tmp_path, "plan", "--json").document == {"plan": None}


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("sets = [2, 3]", "sets = 0", "phases.A.prescriptions.stand_up.sets"),
        ("[phases.A]", "[rules]\npain_continue_up_to = 7\n[phases.A]", "rules.pain_continue_up_to"),
        ('"sit_to_stand"', '"sit"', "phases.A.prescriptions.stand_up.exercise"),
        ("[phases.A]", "[phases.A", "own.toml"),
    ],
)
def test_a_wrong_plan_is_an_error_with_its_key_and_begins_nothing(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(STANDING.replace(old, new, 1), encoding="utf-8")
    tracker(tmp_path, "plan", "start", own).check_error(8, str(own), key)
    assert tracker(tmp_path, "plan", "--json").document == {"plan": None}


@pytest.mark.parametrize(
    ("arguments", "code", "what"),
    [
        (("start", "--from", "2026-13-01"), 2, "no date"),
        (("start", "--from", "2200-01-01"), 2, "more than a year ahead"),
        (("start", "--until", "2020-01-01"), 2, "before it starts"),
        (("start", "missing.toml"), 6, "there is no file missing.toml"),
        (("start", "--person", "nobody"), 2, "nobody"),
        (("why",), 2, "there is no session yet"),
        (("why", "7"), 2, "no session 7"),
        (("review", "7"), 2, "no session 7"),
        (("--json", "today"), 2, "stand after its name"),
        (("write", "no_folder/own.toml"), 6, "cannot be written"),
    ],
)
def test_what_is_typed_wrong_is_an_error(
    tmp_path: Path, arguments: tuple[str, ...], code: int, what: str
) -> None:
    tracker(tmp_path, "plan", *arguments).check_error(code, what)
