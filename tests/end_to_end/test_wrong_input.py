"""Wrong input at the command line: one line with the cause, an advice, the documented exit code."""

import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from program import command, environment, tracker

from tracker.sensing.body.sessions import rest_session
from tracker.session.simulation import write_simulated_recording

COLUMNS = "time_s,ax,ay,az,gx,gy,gz"


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "rest.mcap"
    write_simulated_recording(rest_session(), path, datetime(2026, 11, 2, 18, 0, tzinfo=UTC))
    return path


def still_csv(path: Path, seconds: float = 10.0, gravity: float = 9.80665) -> Path:
    rng = np.random.default_rng(3)
    count = round(100 * seconds)
    rows = np.zeros((count, 7))
    rows[:, 0] = np.arange(count) / 100
    rows[:, 1] = gravity
    rows[:, 1:] += rng.normal(0.0, 1e-3, (count, 6))
    np.savetxt(path, rows, fmt="%.6f", delimiter=",", header=COLUMNS, comments="")
    return path


def with_line(path: Path, number: int, line: str) -> Path:
    lines = path.read_text().splitlines()
    lines[number - 1] = line
    path.write_text("\n".join(lines) + "\n")
    return path


def test_what_is_no_recording(tmp_path: Path, recording: Path) -> None:
    empty = tmp_path / "empty.mcap"
    empty.touch()
    tracker(tmp_path, "replay", empty).check_error(3, "empty.mcap")
    text = tmp_path / "text.mcap"
    text.write_text("this is no recording\n" * 100)
    tracker(tmp_path, "replay", text).check_error(3, "text.mcap")
    tracker(tmp_path, "replay", tmp_path / "missing.mcap").check_error(3, "does not exist")
    tracker(tmp_path, "replay", tmp_path).check_error(3, "folder")
    cut = tmp_path / "cut.mcap"
    cut.write_bytes(recording.read_bytes()[:30])
    tracker(tmp_path, "replay", cut).check_error(3, "cut.mcap")


def test_a_cut_recording_is_replayed_without_asking(tmp_path: Path, recording: Path) -> None:
    whole = recording.read_bytes()
    cut = tmp_path / "cut.mcap"
    cut.write_bytes(whole[: 2 * len(whole) // 3])
    replayed = tracker(tmp_path, "replay", cut, "--json")
    assert replayed.exit_code == 0
    assert not replayed.document["recording"]["complete"]
    assert cut.read_bytes() == whole[: 2 * len(whole) // 3]


def test_recover_says_what_was_lost(tmp_path: Path, recording: Path) -> None:
    damaged = bytearray(recording.read_bytes())
    at = len(damaged) // 3
    damaged[at : at + 64] = bytes(byte ^ 0xFF for byte in damaged[at : at + 64])
    path = tmp_path / "damaged.mcap"
    path.write_bytes(damaged)
    done = tracker(tmp_path, "recover", path)
    done.check_error(1, "could not be read")
    out = tmp_path / "damaged.recovered.mcap"
    assert tracker(tmp_path, "replay", out, "--json").document["recording"]["complete"]
    tracker(tmp_path, "recover", path).check_error(6, "damaged.recovered.mcap")


@pytest.mark.parametrize(
    ("number", "line", "part"),
    [
        (1, "time_s,ax,ay,az,gx,gy", "gz"),
        (1, "time_s,ax,ay,az,gx,gy,gz,temperature", "temperature"),
        (57, "0.55,9.8,zero,0.0,0.0,0.0,0.0", "57"),
        (57, "0.55,9.8,nan,0.0,0.0,0.0,0.0", "57"),
        (57, "0.10,9.8,0.0,0.0,0.0,0.0,0.0", "57"),
        (57, "0.54,9.8,0.0,0.0,0.0,0.0,0.0", "57"),
        (57, "0.55,9.8,0.0", "57"),
    ],
)
def test_faulty_csv_is_refused_with_its_line(tmp_path: Path, number: int, line: str, part: str) -> None:
    path = with_line(still_csv(tmp_path / "left.csv"), number, line)
    out = tmp_path / "out.mcap"
    done = tracker(tmp_path, "import", "--left-thigh", path, "--exercise", "generic", "--out", out)
    done.check_error(3, "left.csv", part)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["left.csv"]


@pytest.mark.parametrize(
    ("gravity", "unit", "fits"), [(1.0, "m/s2", "g"), (9.80665, "g", "m/s2"), (1000.0, "g", "mg")]
)
def test_a_unit_that_does_not_fit_is_refused(tmp_path: Path, gravity: float, unit: str, fits: str) -> None:
    path = still_csv(tmp_path / "left.csv", gravity=gravity)
    arguments = ("import", "--left-thigh", path, "--accelerometer-unit", unit, "--exercise", "generic")
    tracker(tmp_path, *arguments, "--out", tmp_path / "out.mcap").check_error(3, fits)
    assert not (tmp_path / "out.mcap").exists()


def test_empty_csv_and_wrong_words(tmp_path: Path) -> None:
    path = still_csv(tmp_path / "left.csv")
    empty = tmp_path / "empty.csv"
    empty.touch()
    out = tmp_path / "out.mcap"
    tracker(tmp_path, "import", "--left-thigh", empty, "--out", out).check_error(3, "empty.csv")
    arguments = ("import", "--left-thigh", path, "--out", out)
    tracker(tmp_path, *arguments, "--exercise", "juggling").check_error(2, "juggling", "generic")
    tracker(tmp_path, *arguments, "--accelerometer-unit", "feet").check_error(2, "feet")
    tracker(tmp_path, "import", "--out", out).check_error(2, "no file")
    events = tmp_path / "events.csv"
    events.write_text("start_s,end_s,kind,side,exercise\n1,5,set,left,juggling\n")
    tracker(tmp_path, *arguments, "--events", events).check_error(3, "juggling", "2")
    events.write_text("start_s,end_s,kind,side,exercise\n1,5,nap,left,\n")
    tracker(tmp_path, *arguments, "--events", events).check_error(3, "nap")
    assert not out.exists()
    tracker(tmp_path, "record", "--exercise", "juggling").check_error(2, "juggling")
    tracker(tmp_path, "record", "--side", "middle").check_error(2, "middle")
    tracker(tmp_path, "week", "--week", "2026-W60").check_error(2, "2026-W60")


def test_no_sensor_is_paired(tmp_path: Path) -> None:
    tracker(tmp_path, "record").check_error(2, "paired", "tracker pair")


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    tracker(tmp_path, "sessions")
    with sqlite3.connect(tmp_path / "tracker.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
    database.close()
    before = (tmp_path / "tracker.db").read_bytes()
    tracker(tmp_path, "week").check_error(7, "newer")
    assert (tmp_path / "tracker.db").read_bytes() == before


def test_what_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "tracker.db").write_text("a diary\n" * 1000)
    tracker(tmp_path, "sessions").check_error(7, "tracker.db")
    assert (tmp_path / "tracker.db").read_text() == "a diary\n" * 1000


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    tracker(in_the_way / "home", "sessions").check_error(6, "file")


def test_settings_errors_name_the_key(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("[rest_test]\nminimum_still_s = 'long'\n")
    tracker(tmp_path, "rest").check_error(8, "settings.toml", "rest_test.minimum_still_s")
    settings.write_text("[rest_test]\nminimum_stil_s = 5\n")
    tracker(tmp_path, "rest").check_error(8, "rest_test.minimum_stil_s")
    settings.write_text("[rest_test\n")
    tracker(tmp_path, "rest").check_error(8, "settings.toml")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A home folder whose recordings lie on a disk of 64 kB."""
    folder = tmp_path / "simulated" / "recordings"
    folder.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a disk of its own can only be mounted by root")
    yield tmp_path
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
def test_a_full_disk_ends_the_recording_and_keeps_what_was_written(small_disk: Path) -> None:
    done = tracker(small_disk, "record", "--simulated")
    assert done.exit_code == 6, done.err
    assert "full" in done.err
    assert "Traceback" not in done.err
    assert "Resting hip rotation" in done.out
    apart = small_disk / "simulated"
    [session] = tracker(apart, "sessions", "--json").document["sessions"]
    assert session["state"] == "interrupted"
    [path] = (apart / "recordings").iterdir()
    replayed = tracker(small_disk, "replay", path, "--json").document
    assert replayed["recording"]["duration_s"] > 10.0
    tracker(small_disk, "record", "--simulated").check_error(6, "full")


def test_traces_replace_earlier_traces_and_nothing_else(tmp_path: Path, recording: Path) -> None:
    own = tmp_path / "own.mcap"
    own.write_bytes(recording.read_bytes())
    tracker(tmp_path, "replay", own, "--traces", own).check_error(6, "own.mcap", "exists")
    assert own.read_bytes() == recording.read_bytes()
    traces = tmp_path / "traces.csv"
    for _ in range(2):
        assert tracker(tmp_path, "replay", own, "--traces", traces).exit_code == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["own.mcap", "traces.csv"]


def test_names_that_look_like_markup_are_shown_as_they_are(tmp_path: Path, recording: Path) -> None:
    odd = tmp_path / "x[/b]" / "[red]a.mcap"
    odd.parent.mkdir(parents=True)
    odd.write_bytes(recording.read_bytes())
    done = tracker(odd.parent, "replay", odd)
    assert done.exit_code == 0, done.err
    assert "x[/b]/[red]a.mcap" in done.out


def test_an_output_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command("week"),
            env=environment(tmp_path),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_an_output_that_knows_few_characters_is_no_error(tmp_path: Path, encoding: str) -> None:
    settled = {**environment(tmp_path), "PYTHONIOENCODING": encoding}
    done = subprocess.run(command("week"), env=settled, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_database_that_cannot_be_used_is_known_before_an_import_is_written(tmp_path: Path) -> None:
    (tmp_path / "tracker.db").write_text("a diary\n" * 1000)
    path = still_csv(tmp_path / "left.csv")
    arguments = ("import", "--left-thigh", path, "--exercise", "generic", "--out", tmp_path / "out.mcap")
    tracker(tmp_path, *arguments, "--keep").check_error(7, "tracker.db")
    assert not (tmp_path / "out.mcap").exists()


def test_a_recording_without_a_sample_is_refused(tmp_path: Path, recording: Path) -> None:
    cut = tmp_path / "cut.mcap"
    cut.write_bytes(recording.read_bytes()[:3000])
    tracker(tmp_path, "replay", cut).check_error(3, "no sample")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("week", "--before", "x"), "'--before': Give a whole number."),
        (("week", "--before", "-3"), "'--before': It must be greater than or equal to 0."),
        (("trend", "--of", "both"), "'--of': 'both' is not one of"),
        (("trend", "--since", "yesterday"), "'--since': 'yesterday' is no day."),
        (("persons", "delete"), "Missing argument 'name'."),
    ],
)
def test_values_of_options_are_refused_plainly(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = tracker(tmp_path, *arguments)
    assert done.exit_code == 2
    assert said in done.err and "Value error" not in done.err and "Input" not in done.err
