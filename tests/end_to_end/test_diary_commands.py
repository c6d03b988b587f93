"""How it felt, safety questions, habits and bands, on the command line and on a real terminal."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from program import tracker
from terminal import CTRL_C, Terminal

from tracker.model import Placement, SensorIdentity, Side
from tracker.plan.safety import load_questions
from tracker.store.database import open_database
from tracker.store.felt import sessions_felt
from tracker.store.manual_sets import ManualSet, add_session_by_hand
from tracker.store.persons import get_or_create_person
from tracker.store.sensors import pair_sensor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="pseudo terminals are those of POSIX systems"),
]

QUESTIONS = load_questions()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a session by hand of yesterday, and paired sensors that are nowhere near."""
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        person = get_or_create_person(connection, time_zone="Europe/Berlin")
        add_session_by_hand(
            connection,
            person_id=person.person_id,
            started_at=datetime.now(UTC) - timedelta(days=1),
            time_zone="Europe/Berlin",
            minutes=20.0,
            done=[ManualSet("bridge", Side.BOTH, 2, 10)],
        )
        for placement in (Placement.LEFT_THIGH, Placement.RIGHT_THIGH):
            sensor = SensorIdentity(f"id-{placement.value}", "C0:00:00:00:00:01", "HIP-0001", "hip-imu", b"")
            pair_sensor(connection, sensor, placement)
    return tmp_path


def no_to_all(terminal: Terminal) -> None:
    for number in range(1, len(QUESTIONS) + 1):
        terminal.answer(f"{number}/{len(QUESTIONS)} ", "n\r")


def test_nobody_records_before_the_safety_questions_are_answered(home: Path) -> None:
    for asked in (("rest",), ("record", "--json")):
        tracker(home, *asked).check_error(1, "answered first", "tracker safety")
    flagged = tracker(home, "safety", "--none", "--answer", "calf_swelling=yes", "--json").document
    assert (flagged["may_train"], flagged["emergency"]) == (False, False)
    tracker(home, "record").check_error(1, "stands against", "clinician", "--cleared")
    cleared = tracker(home, "safety", "--cleared", "Dr Hill, today", "--json").document
    assert (cleared["may_train"], cleared["cleared"]) == (True, "Dr Hill, today")
    tracker(home, "safety", "--answer", "cannot_bear_weight=yes")
    tracker(home, "rest").check_error(1, "emergency", "emergency care", "do not measure")
    tracker(home, "safety", "--cleared", "Dr Hill").check_error(1, "not cleared by a note")
    assert not list((home / "recordings").glob("*.mcap"))


def test_the_questions_come_before_a_measurement_on_a_terminal(home: Path) -> None:
    with Terminal.begin(home, "rest") as terminal:
        no_to_all(terminal)
        terminal.answer("Pain now", "seven\r")
        terminal.answer("not on the scale", "2\r")
        # No sensor is near, or there is no Bluetooth: the questions are over, the answers are kept.
        assert terminal.end() in (4, 5), terminal.shown
    assert "Traceback" not in terminal.shown
    assert tracker(home, "safety", "--json").document["may_train"]


def test_a_yes_that_can_be_an_emergency_ends_the_questions(home: Path) -> None:
    with Terminal.begin(home, "record") as terminal:
        terminal.answer("1/", "y\r")
        assert terminal.end() == 1
    assert "emergency care" in terminal.shown
    assert "2/" not in terminal.shown
    assert tracker(home, "safety", "--json").document["emergency"]


def test_questions_that_are_broken_off_store_nothing(home: Path) -> None:
    with Terminal.begin(home, "safety") as terminal:
        terminal.answer("1/", "n\r")
        terminal.answer("2/", CTRL_C)
        assert terminal.end() == 130
    assert "nothing was stored" in terminal.shown
    assert tracker(home, "safety", "--json").document["due"] == "first"


def test_how_it_felt_is_asked_and_leads_to_the_safety_questions(home: Path) -> None:
    tracker(home, "safety", "--none")
    with Terminal.begin(home, "feel") as terminal:
        terminal.answer("Pain before", "1\r")
        terminal.answer("Pain at worst", "11\r")
        terminal.answer("not on the scale", "4\r")
        terminal.answer("Pain the next morning", "\r")
        terminal.answer("Effort", CTRL_C)
        assert terminal.end() == 0
    shown = tracker(home, "feel", "--json").document
    assert shown["felt"] == {
        "pain_before": 1,
        "pain_worst": 4,
        "pain_next_morning": None,
        "effort": None,
        "notes": None,
    }
    assert [one["rule"] for one in shown["advice"]] == ["adapt"]


def test_values_are_said_changed_and_taken_back_by_options(home: Path) -> None:
    tracker(home, "safety", "--none")
    said = tracker(home, "feel", "--before", "1", "--pain", "5", "--next-morning", "3", "--json").document
    assert [one["rule"] for one in said["advice"]] == ["stop", "regress"]
    changed = tracker(home, "feel", "1", "--pain", "2", "--next-morning", "none", "--json").document
    assert (changed["felt"]["pain_worst"], changed["felt"]["pain_next_morning"]) == (2, None)
    assert changed["advice"] == []
    tracker(home, "feel", "--pain", "11").check_error(2, "'11'", "0 (none) to 10")
    tracker(home, "feel", "--set", "3", "--pain", "1").check_error(2, "no set 3", "It has 2")
    tracker(home, "feel", "--band", "1").check_error(2, "--band belongs to a set", "--set")
    tracker(home, "feel", "--set", "1", "--before", "1").check_error(2, "whole session")
    tracker(home, "feel", "9").check_error(2, "no session 9")
    tracker(home, "sessions", "delete", "1", "--reason", "a slip")
    tracker(home, "feel", "1", "--pain", "1").check_error(2, "deleted", "sessions restore 1")


def test_a_set_has_its_band_with_an_estimated_force(home: Path) -> None:
    added = tracker(
        home, "bands", "add", "--brand", "TheraBand", "--colour", "red", "--loop", "--rest-length", "30cm"
    )
    assert added.exit_code == 0, added.err
    said = tracker(home, "feel", "--set", "2", "--band", "1", "--stretched-length", "0.6m", "--json").document
    [one] = said["sets"]
    assert (one["set_number"], one["exercise"], one["elongation_percent"]) == (2, "bridge", 100.0)
    # twice 3.7 pounds of force
    assert one["estimated_force_n"] == pytest.approx(32.9, abs=0.1)
    tracker(home, "feel", "--set", "2", "--stretched-length", "20cm").check_error(2, "shorter")
    tracker(home, "bands", "add", "--brand", "TheraBand", "--colour", "red").check_error(2, "loop or strip")
    assert tracker(home, "bands", "retire", "1").exit_code == 0
    [band] = tracker(home, "bands", "--json").document["bands"]
    assert band["retired"]
    assert band["estimated_torque_100_nm"]["thighs"] == 0.0
    tracker(home, "bands", "retire", "2").check_error(2, "no band 2")


def test_habits_take_one_key_each(home: Path) -> None:
    with Terminal.begin(home, "habits") as terminal:
        for question, key in (
            ("Sitting for long", "m"),
            ("one leg over", "x"),
            ("", "s"),
            ("Leaning", "n"),
            ("Sleeping", "\r"),
            ("weight on one hip", " "),
            ("Carrying", "s"),
        ):
            terminal.answer(question, key)
        assert terminal.end() == 0
    assert "self-report" in terminal.shown
    shown = tracker(home, "habits", "--json").document
    assert {name: one["amount"] for name, one in shown["days"][-1]["habits"].items()} == {
        "sitting_long": "much",
        "cross_legged": "some",
        "leaning": "none",
        "carrying_on_one_hip": "some",
    }


def test_habits_that_are_broken_off_say_nothing(home: Path) -> None:
    with Terminal.begin(home, "habits") as terminal:
        terminal.answer("Sitting for long", "m")
        terminal.answer("one leg over", CTRL_C)
        assert terminal.end() == 130
    assert tracker(home, "habits", "--json").document["days"][-1]["habits"] == {}


def test_habits_by_options_and_wrong_ones(home: Path) -> None:
    said = tracker(
        home, "habits", "--set", "sitting_long=much:300", "--set", "leaning=none", "--json"
    ).document
    assert said["self_report"]
    assert said["days"][-1]["habits"]["sitting_long"] == {"amount": "much", "minutes": 300}
    assert len(said["days"]) == 7
    for pair in ("nose=some", "leaning=lots", "leaning=some:1441", "leaning=none:5", "leaning=some:0000009"):
        tracker(home, "habits", "--set", pair).check_error(2, pair.partition("=")[0])
    tracker(home, "habits", "--day", "2999-01-01").check_error(2, "not come yet")
    tracker(home, "habits", "--day", "yesterday").check_error(2, "'yesterday'")


AFTER = """
from tracker.cli.person_option import person_of
from tracker.cli.session_questions import after_session
from tracker.session.workplace import workplace
place = workplace()
with place.database() as database:
    with database.write() as connection:
        person = person_of(connection, None)
    after_session(database, person, 1, place.catalogue, {"pain_before": 2}, as_json=False, trained=True)
"""


def felt_of_the_first(home: Path) -> tuple[int | None, ...]:
    with open_database(home / "tracker.db") as database, database.read() as connection:
        felt = sessions_felt(connection, [1])[1]
    return felt.pain_before, felt.pain_worst, felt.effort


def test_after_a_session_short_questions_ask_how_it_felt(home: Path) -> None:
    tracker(home, "safety", "--none")
    with Terminal.script(home, AFTER) as terminal:
        terminal.answer("Pain at worst", "7\r")
        terminal.answer("Effort", "6\r")
        terminal.answer("Notes", "\r")
        assert terminal.end() == 0, terminal.shown
    assert felt_of_the_first(home) == (2, 7, 6)
    assert "stop" in terminal.shown


@pytest.mark.parametrize("question", ["Pain at worst", "Effort"])
def test_ctrl_c_in_the_questions_loses_nothing_of_what_was_said(home: Path, question: str) -> None:
    with Terminal.script(home, AFTER) as terminal:
        if question == "Effort":
            terminal.answer("Pain at worst", "3\r")
        terminal.answer(question, CTRL_C)
        assert terminal.end() == 0, terminal.shown
    assert felt_of_the_first(home) == (2, 3 if question == "Effort" else None, None)
