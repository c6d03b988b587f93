"""Sessions on the command line: shown, corrected, deleted, told by hand, and analysed again."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from program import Outcome, command, environment, tracker
from reanalysis_homes import OldHome, old_home, present
from typer.testing import CliRunner

from tracker.cli.main import app
from tracker.errors import TrackerError, UsageError
from tracker.session.version import ANALYSIS_VERSION
from tracker.store.recorder import Recorder

pytestmark = pytest.mark.slow

WHY = ("--reason", "seen on the video")
EXERCISE = present(0).sets[0].exercise


@pytest.fixture
def place(tmp_path: Path) -> OldHome:
    """A home with three small simulated sessions of an older analysis version."""
    return _quiet(old_home(tmp_path / "home"))


def _quiet(place: OldHome) -> OldHome:
    """The same without automatic backups, which would speak beside the commands."""
    place.home.settings.write_text("[backup]\nautomatic = false\n", encoding="utf-8")
    return place


def said(done: Outcome) -> str:
    assert done.exit_code == 0, done.err
    return " ".join(done.out.split())


def here(home: Path, *arguments: str) -> Outcome:
    """A command without a process of its own: to start one takes longer than most of them."""
    done = CliRunner().invoke(app, list(arguments), env=environment(home))
    if isinstance(done.exception, TrackerError):
        raise done.exception
    return Outcome(done.exit_code, done.stdout, done.stderr)


def shown(home: Path, number: int) -> dict[str, Any]:
    return here(home, "sessions", "show", str(number), "--json").document


def test_a_session_is_shown_with_what_was_found_and_corrected(place: OldHome) -> None:
    home = place.home.folder
    edited = here(home, "sessions", "edit", "1", "--set", "1", "--leg", "left", "--valid-reps", "7", *WHY)
    assert said(edited) == "Session 1: set 1, left leg, valid reps: as found → 7"
    text = said(here(home, "sessions", "show", "1"))
    for part in ("SIMULATED", "Session 1", f"1 left {EXERCISE} 1 → 7 0", "seen on the video", "current"):
        assert part in text
    document = shown(home, 1)
    left = next(one for one in document["sets"] if one["side"] == "left")
    assert (left["set_number"], left["found"]["valid_reps"], left["corrected"]["valid_reps"]) == (1, 1, 7)
    [revision] = document["revisions"]
    assert (revision["action"], revision["reason"]) == ("edit", "seen on the video")
    [listed] = [
        one for one in here(home, "sessions", "--json").document["sessions"] if one["session_id"] == 1
    ]
    assert listed["valid_reps"] == 7 + 1
    undone = here(home, "sessions", "edit", "1", "--undo", "--reason", "no")
    assert said(undone) == "Session 1: set 1, left leg, valid reps: 7 → as found"


def test_corrections_of_both_legs_and_back_to_what_was_found(place: OldHome) -> None:
    home = place.home.folder
    both = ("sessions", "edit", "1", "--set", "1")
    said(here(home, *both, "--exercise", "bridge", "--leave-out", *WHY))
    assert [one["left_out"] for one in shown(home, 1)["sets"]] == [True, True]
    said(here(home, *both, "--as-found", *WHY))
    assert not any(one["is_corrected"] for one in shown(home, 1)["sets"])


def test_a_session_moves_to_another_person_and_time(place: OldHome) -> None:
    home = place.home.folder
    here(home, "persons", "add", "anna", "--time-zone", "Asia/Seoul")
    moved = ("--person-to", "anna", "--started-at", "2026-11-01 08:00", "--time-zone", "Asia/Seoul")
    text = said(here(home, "sessions", "edit", "2", *moved, "--leave-out-rest-tests", *WHY))
    assert "person: me → anna" in text
    assert "started at: 2026-11-04 03:00:00 → 2026-11-01 08:00:00" in text
    hers = here(home, "sessions", "--json", "--person", "anna").document["sessions"]
    assert [(one["session_id"], one["started_at"], one["rest_left_out"]) for one in hers] == [
        (2, "2026-10-31T23:00:00+00:00", True)
    ]


def test_a_deleted_session_is_listed_apart_and_comes_back(place: OldHome) -> None:
    home = place.home.folder
    assert here(home, "sessions", "delete", "3", "--reason", "not me").exit_code == 0
    assert [one["session_id"] for one in here(home, "sessions", "--json").document["sessions"]] == [2, 1]
    gone = here(home, "sessions", "--deleted", "--json").document["sessions"]
    assert [one["session_id"] for one in gone] == [3]
    assert gone[0]["deleted_at"] is not None
    assert place.files[2].exists()
    with pytest.raises(UsageError, match="was deleted"):
        here(home, "sessions", "edit", "3", "--time-zone", "UTC", *WHY)
    assert here(home, "sessions", "restore", "3").exit_code == 0
    assert "No session was deleted." in here(home, "sessions", "--deleted").out


def test_a_session_without_sensors_is_told_and_marked(tmp_path: Path) -> None:
    when = ("--started-at", "2026-11-24T18:30", "--minutes", "20")
    done = ("--exercise", "bridge", "--side", "both", "--sets", "3", "--reps", "10")
    more = ("--done", "pelvic_neutral_isometric 2x5 20s", "--notes", "hotel room")
    assert "session 1, by hand" in here(tmp_path, "sessions", "add", *when, *done, *more).err
    assert "20 min by hand 8 told 70 told" in said(here(tmp_path, "sessions"))
    document = shown(tmp_path, 1)
    assert document["told"] == [
        {"set_number": 1, "exercise": "bridge", "side": "left", "sets": 3, "reps": 10, "hold_s": None},
        {"set_number": 2, "exercise": "bridge", "side": "right", "sets": 3, "reps": 10, "hold_s": None},
        {
            "set_number": 3,
            "exercise": "pelvic_neutral_isometric",
            "side": None,
            "sets": 2,
            "reps": 5,
            "hold_s": 20.0,
        },
    ]
    with pytest.raises(UsageError, match="was told already"):
        here(tmp_path, "sessions", "add", *when, *done)
    said(here(tmp_path, "sessions", "edit", "1", "--set", "3", "--hold", "0", "--minutes", "25", *WHY))
    assert shown(tmp_path, 1)["told"][2]["hold_s"] is None


WHEN = ("--started-at", "2026-11-24T18:30", "--minutes", "20")


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("add", *WHEN), ("nothing was done", "--exercise")),
        (("add", *WHEN, "--exercise", "bridge"), ("how many repetitions",)),
        (("add", *WHEN, "--reps", "3"), ("which exercise",)),
        (("add", *WHEN, "--exercise", "bridgy", "--reps", "3"), ("unknown exercise 'bridgy'",)),
        (("add", *WHEN, "--exercise", "bridge", "--reps", "3", "--side", "up"), ("'up' is no side",)),
        (("add", *WHEN, "--done", "bridge left 0x3"), ("does not say what was done",)),
        (("add", *WHEN, "--done", "bridge 3"), ("does not say what was done",)),
        (("add", *WHEN, "--done", "bridge 3x10001"), ("more than anybody does",)),
        (("add", *WHEN, "--done", "bridge 1001x3"), ("more than anybody does",)),
        (("add", *WHEN, "--done", "bridge 3x3 3601s"), ("more than anybody does",)),
        (
            ("add", "--started-at", "2999-01-01T10:00", "--minutes", "9", "--done", "bridge 3x3"),
            ("in the future",),
        ),
        (
            ("add", "--started-at", "2026-11-24T18:30", "--minutes", "0", "--done", "bridge 3x3"),
            ("longer than no time",),
        ),
        (("edit", "1", *WHY), ("nothing to change",)),
        (("edit", "1", "--undo", "--set", "1", *WHY), ("--undo goes with --reason alone",)),
        (("edit", "1", "--undo", *WHY), ("nothing of session 1 was corrected",)),
        (("edit", "1", "--valid-reps", "3", *WHY), ("which set",)),
        (("edit", "1", "--set", "1", "--valid-reps", "3", *WHY), ("both legs",)),
        (("edit", "1", "--set", "9", "--valid-reps", "3", *WHY), ("no such set: 9",)),
        (("edit", "1", "--set", "1", "--leg", "third", "--valid-reps", "3", *WHY), ("'third' is no leg",)),
        (("edit", "1", "--set", "1", "--exercise", "bridgy", *WHY), ("unknown exercise 'bridgy'",)),
        (("edit", "1", "--set", "1", "--reps", "3", *WHY), ("with sensors has no reps",)),
        (("edit", "1", "--minutes", "3", *WHY), ("with sensors has no minutes",)),
        (("edit", "1", "--person-to", "bea", *WHY), ("no person 'bea'",)),
        (("edit", "1", "--time-zone", "Mars/Phobos", *WHY), ("Mars/Phobos",)),
        (("edit", "1", "--started-at", "2999-01-01T10:00", *WHY), ("in the future",)),
        (("edit", "1", "--time-zone", "UTC", "--reason", " "), ("needs its reason",)),
        (("edit", "99", "--time-zone", "UTC", *WHY), ("no session 99",)),
        (("delete", "99", *WHY), ("no session 99",)),
        (("restore", "1"), ("was not deleted",)),
        (("show", "99"), ("no session 99",)),
        (("show", "1", "--analysis", "99"), ("no analysis 99",)),
    ],
)
def test_what_makes_no_sense_is_an_error_and_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, arguments: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    home = _small_home(tmp_path_factory)
    before = _rows(home)
    with pytest.raises(UsageError) as caught:
        here(home, "sessions", *arguments)
    for part in parts:
        assert part in caught.value.message + caught.value.advice
    assert _rows(home) == before


def test_a_wrong_command_says_so_in_one_line_with_an_advice(place: OldHome) -> None:
    wrong = ("sessions", "edit", "1", "--set", "9", "--valid-reps", "3", *WHY)
    tracker(place.home.folder, *wrong).check_error(2, "no such set: 9", "sessions show 1")


def test_a_session_that_was_told_anew_does_not_come_back_beside_it(tmp_path: Path) -> None:
    told = ("--minutes", "10", "--exercise", "bridge", "--reps", "3")
    begins = ("sessions", "add", *told, "--started-at")
    here(tmp_path, *begins, "2026-11-01T02:30")
    here(tmp_path, "sessions", "delete", "1", *WHY)
    here(tmp_path, *begins, "2026-11-01T02:30")
    here(tmp_path, *begins, "2026-11-02T02:30")
    for again in (
        ("restore", "1"),
        ("edit", "1", "--undo", *WHY),
        ("edit", "3", "--started-at", "2026-11-01T02:30", *WHY),
    ):
        with pytest.raises(UsageError, match="session 2 was told already"):
            here(tmp_path, "sessions", *again)
    listed = here(tmp_path, "sessions", "--json").document["sessions"]
    assert {one["session_id"] for one in listed} == {2, 3}
    here(tmp_path, "sessions", "edit", "2", "--minutes", "11", *WHY)


def test_words_in_the_database_do_not_steer_the_terminal(tmp_path: Path) -> None:
    told = ("--minutes", "10", "--exercise", "bridge", "--reps", "3", "--notes", "so \x1b[2J far")
    here(tmp_path, "sessions", "add", "--started-at", "2026-11-01T02:30", *told)
    out = here(tmp_path, "sessions", "show", "1").out
    assert "so ?[2J far" in out
    assert "\x1b" not in out


def test_a_session_that_is_moved_does_not_end_in_the_future(tmp_path: Path) -> None:
    told = ("--minutes", "1000", "--exercise", "bridge", "--reps", "3")
    here(tmp_path, "sessions", "add", "--started-at", "2026-11-01T02:30", *told)
    a_minute_ago = datetime.now(UTC) - timedelta(minutes=1)
    with pytest.raises(UsageError, match="end in the future"):
        here(tmp_path, "sessions", "edit", "1", "--started-at", a_minute_ago.isoformat(), *WHY)
    assert shown(tmp_path, 1)["session"]["started_at"].startswith("2026-11-01")


@pytest.mark.parametrize(
    "arguments",
    [
        ("sessions", "show", "9" * 20),
        ("sessions", "show", "1", "--analysis", "9" * 20),
        ("sessions", "delete", "9" * 20, *WHY),
        ("reanalyze", "9" * 20),
        ("feel", "9" * 20, "--pain", "1"),
        ("plan", "why", "9" * 20),
        ("plan", "review", "9" * 20),
    ],
)
def test_a_number_that_no_row_has_is_wrong_use(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = here(tmp_path, *arguments)
    assert done.exit_code == 2
    assert "2147483647" in done.err


def test_negative_counts_are_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = _small_home(tmp_path_factory)
    before = _rows(home)
    for option in ("--valid-reps", "--partial-reps", "--sets", "--reps", "--minutes", "--hold"):
        done = here(home, "sessions", "edit", "1", "--set", "1", option, "-1", *WHY)
        assert (done.exit_code, option in done.err) == (2, True)
    assert _rows(home) == before


def test_a_session_that_others_hold_is_not_touched(place: OldHome) -> None:
    """One that is being recorded, and a database that another program writes."""
    home = place.home.folder
    with closing(sqlite3.connect(home / "tracker.db")) as other:
        other.execute("UPDATE session SET state = 'recording', recorder = ? WHERE id = 1", (_alive(),))
        other.commit()
        for act in (("edit", "1", "--set", "1", "--leave-out"), ("delete", "1"), ("edit", "1", "--undo")):
            with pytest.raises(UsageError, match="is being recorded"):
                here(home, "sessions", *act, *WHY)
        before = _rows(home)
        other.execute("BEGIN IMMEDIATE")
        tracker(home, "sessions", "delete", "2", *WHY).check_error(7, "locked")
        other.rollback()
    assert _rows(home) == before


def test_all_recordings_are_analysed_again(place: OldHome) -> None:
    home = place.home.folder
    looked = tracker(home, "reanalyze", "--dry-run", "--json").document
    done = tracker(home, "reanalyze", "--jobs", "2", "--json").document
    assert looked == {**done, "dry_run": True}
    assert (done["analysed"], done["up_to_date"], done["not_measured"]) == (3, 0, [])
    changes = done["changes"]
    assert changes["versions"] == [{"before": "0", "after": ANALYSIS_VERSION, "sessions": 3}]
    # the older version had turned each rest test by a hundredth of a radian, and lost a repetition a set
    assert changes["rest_tests"]["compared"] == 2 * 3
    assert changes["rest_tests"]["median_deg"] == pytest.approx(0.573, abs=1e-3)
    [exercise] = changes["exercises"]
    sets = sum(len(present(number).sets) for number in (0, 1, 2))
    assert (exercise["sets_before"], exercise["sets_changed"]) == (sets, sets)
    assert exercise["valid_after"] - exercise["valid_before"] == sets
    assert "Every session is up to date." in said(tracker(home, "reanalyze"))
    first = shown(home, 1)["analyses"][0]["analysis_id"]
    text = said(here(home, "sessions", "show", "1", "--analysis", str(first)))
    assert f"Results of the older analysis {first}" in text


def test_the_summary_is_a_table(place: OldHome) -> None:
    text = said(tracker(place.home.folder, "reanalyze", "1", "2"))
    for part in ("2 from analysis version 0", "median difference (+ inward) +0.57°", f"{EXERCISE} 4 4 4 → 8"):
        assert part in text


def test_what_cannot_be_measured_is_named_after_the_rest_is_done(place: OldHome) -> None:
    place.files[1].unlink()
    done = tracker(place.home.folder, "reanalyze", "--jobs", "1")
    done.check_error(1, "session 2", "tracker recover")
    assert "2 sessions were analysed again." in done.out
    assert f"Session 2: {place.files[1]} does not exist" in " ".join(done.out.split())
    again = tracker(place.home.folder, "reanalyze", "--json")
    again.check_error(1, "session 2")
    assert json.loads(again.out)["not_measured"][0]["session_id"] == 2


def test_ctrl_c_keeps_what_is_done(tmp_path: Path) -> None:
    place = old_home(tmp_path / "home", (0, 1, 2, 3, 4) * 4)
    home = place.home.folder
    # The eleventh cannot be read before the stop came, however late that is.
    content = place.files[10].read_bytes()
    place.files[10].unlink()
    os.mkfifo(place.files[10])
    with _running(home, "reanalyze", "--jobs", "1") as process:
        deadline_s = time.monotonic() + 300.0
        while len(_rows(home, "analysis")) == 20:
            assert process.poll() is None
            assert time.monotonic() < deadline_s
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        while process.poll() is None:
            assert time.monotonic() < deadline_s
            # whoever waits for its content learns that there is none
            os.close(os.open(place.files[10], os.O_RDWR))
            time.sleep(0.05)
        out, err = process.communicate()
    place.files[10].unlink()
    place.files[10].write_bytes(content)
    assert process.returncode == 130, out + err
    assert "Traceback" not in err
    assert "of 20 sessions are done and kept" in err
    done = len(_rows(home, "analysis")) - 20
    assert 1 <= done <= 10
    assert tracker(home, "reanalyze", "--json").document["analysed"] == 20 - done


@contextmanager
def _running(home: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        command(*arguments),
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def _alive() -> str:
    """The tests' own process as the recorder of a session."""
    return Recorder.current().text


_TABLES = ("session", "session_revision", "set_correction", "manual_set", "analysis", "person")
_MADE: list[Path] = []


def _small_home(factory: pytest.TempPathFactory) -> Path:
    """One home with a session, for all that may change nothing."""
    if not _MADE:
        _MADE.append(_quiet(old_home(factory.mktemp("small") / "home", (0,))).home.folder)
    return _MADE[0]


def _rows(home: Path, *tables: str) -> list[tuple[object, ...]]:
    """All rows of some tables; of those that corrections touch where none is named."""
    with closing(sqlite3.connect(home / "tracker.db")) as database:
        return [
            row
            for table in tables or _TABLES
            for row in database.execute(f"SELECT * FROM {table}")  # noqa: S608
        ]
