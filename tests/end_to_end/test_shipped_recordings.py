"""The recordings that ship with the project measure what their README says."""

import csv
from pathlib import Path

import pytest
from program import tracker

from tracker.plan.catalogue import load_catalogue
from tracker.recording.reader import read_recording
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.replay import replay
from tracker.session.settings import load_settings

RECORDINGS = Path(__file__).parents[2] / "recordings"
SPAR = RECORDINGS / "spar_band_internal_rotation"


def parameters() -> AnalysisParameters:
    settings = load_settings()
    return AnalysisParameters(settings.motion, settings.clock, load_catalogue().counting)


def test_band_recordings_are_counted_as_by_eye() -> None:
    with (SPAR / "counts.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 10
    off = []
    for row in rows:
        [done] = replay(SPAR / row["file"], parameters()).analysis.sets
        assert done.side == row["side"]
        off.append(abs(done.valid_reps - int(row["repetitions"])))
    # The counts by eye are within one at the cut edges of the files.
    assert sum(one == 0 for one in off) >= 8, off
    assert max(off) <= 1, off


def test_simulated_session_measures_its_script() -> None:
    result = replay(RECORDINGS / "simulated_session.mcap", parameters())
    assert result.header.simulated
    assert [(done.valid_reps, done.partial_reps) for done in result.analysis.sets] == [(8, 2), (8, 2)]


def test_all_are_whole() -> None:
    files = sorted(RECORDINGS.rglob("*.mcap"))
    assert len(files) == 11
    for path in files:
        recording = read_recording(path)
        assert sum(1 for _ in recording.items()) > 0
        assert recording.damage.whole, path


@pytest.mark.parametrize("name", ["simulated_session.mcap", "spar_band_internal_rotation/s03_left.mcap"])
def test_replay_prints_tables_and_traces(tmp_path: Path, name: str) -> None:
    traces = tmp_path / "traces.csv"
    done = tracker(tmp_path, "replay", RECORDINGS / name, "--traces", traces)
    assert done.exit_code == 0, done.err
    assert ("SIMULATED" in done.out) == ("simulated" in name)
    header, *lines = traces.read_text().splitlines()
    assert header == "time_s,side,hip_rotation_deg,observability"
    assert len(lines) > 1000


def test_replay_at_speed_shows_the_count(tmp_path: Path) -> None:
    done = tracker(tmp_path, "replay", RECORDINGS / "simulated_session.mcap", "--speed", "20")
    assert done.exit_code == 0, done.err
    assert "left: 8 valid, 2 partial" in done.out
