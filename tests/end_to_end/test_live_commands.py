"""Commands that talk to sensors, on the virtual radio, in real time."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from program import command, environment, tracker

from tracker.recording.reader import read_recording

pytestmark = pytest.mark.slow

DEADLINE_S = 60.0
STALL_S = 0.5
"""A busy machine may hold the recorder for so long before it is killed; what it then had not received it
cannot lose. How little is lost of what was received, the tests of the recording's writer hold exactly."""


def start(home: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command(*arguments), env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not come about in {DEADLINE_S:g} s")
        time.sleep(0.05)


def recordings(home: Path) -> list[Path]:
    return sorted((home / "recordings").glob("*.mcap"))


def apart(home: Path) -> Path:
    """Where simulated sessions of a home are kept."""
    return home / "simulated"


def has_grown(home: Path, size: int) -> bool:
    return any(path.stat().st_size >= size for path in recordings(home))


def test_demo_shows_the_whole_story(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    done = tracker(tmp_path / "home", "demo", "--folder", folder)
    assert done.exit_code == 0, done.err
    assert "The same result, to the last digit." in done.out
    assert "supine_in_toeing, left: 8 valid, 2 partial" in done.out
    assert "supine_in_toeing, right: 8 valid, 2 partial" in done.out
    assert done.out.count("SIMULATED") >= 3
    assert "simulated" in (folder / "SIMULATED.txt").read_text()
    assert not (tmp_path / "home" / "tracker.db").exists()
    sessions = tracker(folder, "sessions", "--limit", "100", "--json").document["sessions"]
    assert len(sessions) >= 18 + 1
    assert all(one["simulated"] for one in sessions)
    week = tracker(folder, "week", "--json").document
    assert week["this"]["simulated"]
    assert week["this"]["valid_reps"] >= 16
    replayed = tracker(folder, "replay", recordings(folder)[-1], "--json").document
    assert [(one["valid_reps"], one["partial_reps"]) for one in replayed["sets"]] == [(8, 2), (8, 2)]
    angles = {one["side"]: one["hip_rotation_deg"] for one in replayed["rest_tests"]}
    # The simulated body rests 15 and 25 deg outward; the error allowed is that of the rest test.
    assert angles["left"] == pytest.approx(-15.0, abs=1.0)
    assert angles["right"] == pytest.approx(-25.0, abs=1.0)


def test_a_second_demo_replaces_the_first_but_no_other_folder(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    tracker(tmp_path, "demo", "--folder", tmp_path / "mine").check_error(2, "not empty")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_killed_recording_is_listed_and_replayed_up_to_its_last_second(tmp_path: Path) -> None:
    process = start(tmp_path, "record", "--simulated", "--json")
    try:
        # About eight seconds of three sensors.
        wait_for(lambda: has_grown(apart(tmp_path), 20_000), "a recording")
        killed_wall_ns = time.time_ns()
        process.kill()
    finally:
        process.communicate()
    [path] = recordings(apart(tmp_path))
    recording = read_recording(path)
    last_ns = max(item.received_ns for item in recording.items() if hasattr(item, "received_ns"))
    lost_s = (killed_wall_ns - recording.header.anchor.wall_at(last_ns)) / 1e9
    # The file's rhythm of 0.7 s and a notification that had not arrived (0.2 s) stay below a second.
    assert lost_s < 1.0 + STALL_S
    assert recording.damage.cut
    [session] = tracker(apart(tmp_path), "sessions", "--json").document["sessions"]
    assert session["state"] == "interrupted"
    replayed = tracker(tmp_path, "replay", path, "--json").document
    assert not replayed["recording"]["complete"]
    assert all(sensor["missing"] == 0 for sensor in replayed["recording"]["sensors"])
    recovered = tracker(tmp_path, "recover", path, "--json")
    assert recovered.exit_code == 0
    assert recovered.document["session_id"] == session["session_id"]
    [completed] = tracker(apart(tmp_path), "sessions", "--json").document["sessions"]
    assert completed["state"] == "complete"
    again = tracker(tmp_path, "replay", recovered.document["out"], "--json").document
    assert again["recording"]["sensors"] == replayed["recording"]["sensors"]
    assert again["rest_tests"] == replayed["rest_tests"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_saves_what_there_is(tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path, "record", "--simulated", "--json")
    wait_for(lambda: has_grown(apart(tmp_path), 10_000), "a recording")
    os.kill(process.pid, number)
    out, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 0, err.decode()
    assert b"Traceback" not in err
    [path] = recordings(apart(tmp_path))
    assert read_recording(path).damage.whole
    [session] = tracker(apart(tmp_path), "sessions", "--json").document["sessions"]
    assert session["state"] == "complete"
    assert session["simulated"]
    assert out.startswith(b"{")


def test_a_recording_goes_on_without_an_output(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        process = subprocess.Popen(
            command("rest", "--simulated"), env=environment(tmp_path), stdout=full, stderr=subprocess.PIPE
        )
        _, err = process.communicate(timeout=DEADLINE_S)
    # The tables at the end cannot be written, and that is said; the session is kept whole.
    assert process.returncode == 6, err
    assert b"Traceback" not in err
    [session] = tracker(apart(tmp_path), "sessions", "--json").document["sessions"]
    assert session["state"] == "complete"
    assert session["rest_tests"] == 6


def test_stopping_before_anything_was_recorded_says_so(tmp_path: Path) -> None:
    process = start(tmp_path, "record", "--simulated")
    try:
        wait_for(lambda: (apart(tmp_path) / "recordings").is_dir(), "the home folder")
        process.send_signal(signal.SIGINT)
    finally:
        _, err = process.communicate(timeout=DEADLINE_S)
    # Where the signal came within `exec`, as in the making of a dataclass, CPython ends itself by it, whoever
    # caught the interrupt: a shell says 130 to both.
    assert process.returncode in (0, 130, -signal.SIGINT), err
    assert b"Traceback" not in err
    assert b"no sensor sent anything" not in err


def test_rest_measures_both_legs_live_as_in_its_replay(tmp_path: Path) -> None:
    live = tracker(tmp_path, "rest", "--simulated", "--json")
    assert live.exit_code == 0, live.err
    [path] = recordings(apart(tmp_path))
    replayed = tracker(tmp_path, "replay", path, "--json").document
    assert live.document == replayed
    assert [one["refused"] for one in replayed["rest_tests"]] == [None] * 6
    for side, true_deg in (("left", -15.0), ("right", -25.0)):
        # each repeat rests 1 deg (standard deviation) elsewhere; straps and offsets add half of one
        assert replayed["resting"][side]["tests"] == 3
        assert replayed["resting"][side]["value_deg"] == pytest.approx(true_deg, abs=2.5)


def test_scan_and_pair_with_simulated_sensors(tmp_path: Path) -> None:
    found = tracker(tmp_path, "scan", "--simulated", "--seconds", "1", "--json").document
    assert found["simulated"]
    addresses = [one["address"] for one in found["sensors"]]
    assert len(addresses) == 3
    paired = tracker(
        tmp_path, "pair", "--simulated", "--left-thigh", addresses[0], "--pelvis", addresses[1], "--json"
    )
    assert paired.exit_code == 0, paired.err
    assert [one["placement"] for one in paired.document["paired"]] == ["left_thigh", "pelvis"]
    moved = tracker(tmp_path, "pair", "--simulated", "--right-thigh", addresses[0], "--json").document
    assert [one["placement"] for one in moved["paired"]] == ["right_thigh", "pelvis"]
    asked = tracker(tmp_path, "pair", "--simulated", "--json", stdin="again\nleft_thigh\nRight thigh\nnone\n")
    assert asked.exit_code == 0, asked.err
    assert asked.err.count("blinks now") == 4
    # all that goes to standard output is the JSON object
    assert [one["placement"] for one in asked.document["paired"]] == ["left_thigh", "right_thigh"]
    mistyped = tracker(tmp_path, "pair", "--simulated", stdin="nose\npelvis\nnone\nnone\n")
    assert mistyped.exit_code == 0, mistyped.err
    assert "'nose' is none of" in mistyped.out + mistyped.err
    nowhere = tracker(tmp_path, "pair", "--simulated", stdin="none\nnone\nnone\n")
    assert nowhere.exit_code == 2
    assert "error: no sensor was chosen\n" in nowhere.err
    unanswered = tracker(tmp_path, "pair", "--simulated", stdin="pelvis\n")
    assert unanswered.exit_code == 130
    assert "Nothing was paired." in unanswered.err
    both = tracker(tmp_path, "pair", "--simulated", "--by-movement", "--pelvis", addresses[0])
    both.check_error(2, "by movement")
    tracker(tmp_path, "record").check_error(2, "no sensor is paired")
    missing = tracker(tmp_path, "pair", "--simulated", "--pelvis", "AA:BB:CC:DD:EE:FF")
    missing.check_error(5, "AA:BB:CC:DD:EE:FF")


def test_a_database_that_cannot_be_used_is_told_before_the_first_question(tmp_path: Path) -> None:
    apart(tmp_path).mkdir(parents=True)
    (apart(tmp_path) / "tracker.db").write_bytes(b"no database" * 100)
    tracker(tmp_path, "pair", "--simulated").check_error(7, "tracker.db")


def test_lifted_knees_tell_which_sensor_is_where(tmp_path: Path) -> None:
    done = tracker(tmp_path, "pair", "--simulated", "--by-movement", "--json")
    assert done.exit_code == 0, done.err
    assert "Lift your right knee" in done.err
    # the simulated sensors' ids say where they are worn: SIM-THGL, SIM-THGR, SIM-PELV
    worn = {one["placement"]: bytes.fromhex(one["sensor_id"])[4:] for one in done.document["paired"]}
    assert worn == {"left_thigh": b"THGL", "right_thigh": b"THGR", "pelvis": b"PELV"}
