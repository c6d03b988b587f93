"""The BIDS dataset: accepted by the official validator, and the sensors' own numbers."""

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from exchange_homes import STARTED_AT, ExportedHome, cut, new_home, with_outages

from tracker.errors import InputError, StorageError
from tracker.model import FloatArray, Placement, SensorIdentity, TimedBlock
from tracker.report.exchange.bids import export_bids_motion
from tracker.report.exchange.bids.motion_table import LONGEST_FILLED_S, MotionTable, MotionTableWriter
from tracker.report.exchange.formats import ExportReport, Format, exporter_of
from tracker.sensing.body.feed import simulate_block
from tracker.sensing.body.sessions import demo_session
from tracker.session.recorded_samples import SampleRun
from tracker.store.corrections import delete_session

RECORDINGS = Path(__file__).parents[2] / "recordings"
VALIDATOR = Path(sys.executable).with_name("bids-validator-deno")
OUTAGE_S = (20.0, 21.5)
KNOWN_WARNINGS = {"TOO_FEW_AUTHORS", "NO_AUTHORS", "JSON_KEY_RECOMMENDED", "SIDECAR_KEY_RECOMMENDED"}
"""What only the person can add: authors, licence, institution, the sensor's maker."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ExportedHome]:
    """An empty home."""
    made = new_home(tmp_path / "home")
    with made.database:
        yield made


def export(home: ExportedHome, out: Path) -> ExportReport:
    """Export all sessions."""
    shares: list[float] = []
    report = export_bids_motion(home.database, home.everything(), out, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert set(report.files) == {one.relative_to(out) for one in out.rglob("*") if one.is_file()}
    return report


def table(path: Path) -> FloatArray:
    """A motion table; n/a as NaN."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    return np.array([[np.nan if cell == "n/a" else float(cell) for cell in row] for row in rows])


def only(folder: Path, pattern: str) -> Path:
    """The one file of a pattern."""
    [found] = folder.rglob(pattern)
    return found


def sidecar(folder: Path, system: str) -> dict[str, Any]:
    """The `_motion.json` of a tracking system."""
    read: dict[str, Any] = json.loads(
        only(folder, f"*_tracksys-{system}_motion.json").read_text(encoding="utf-8")
    )
    return read


def validated(folder: Path) -> list[dict[str, Any]]:
    """What the official validator says; skips where it is not installed."""
    if not VALIDATOR.is_file():
        pytest.skip(f"the BIDS validator is not installed: {VALIDATOR}")
    done = subprocess.run(
        [VALIDATOR, folder, "--format", "json", "--max-rows", "-1"],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    issues: list[dict[str, Any]] = json.loads(done.stdout)["issues"]["issues"]
    return issues


@pytest.mark.slow
def test_the_official_validator_accepts_every_kind_of_recording(home: ExportedHome, tmp_path: Path) -> None:
    _, whole = home.simulate()
    broken = whole.with_name("broken.mcap")
    home.keep(with_outages(whole, broken, {Placement.LEFT_THIGH: [OUTAGE_S]}))
    home.add_by_hand()
    for path in sorted((RECORDINGS / "spar_band_internal_rotation").glob("s01_*.mcap")):
        home.keep(Path(shutil.copy(path, home.home.recordings)))
    out = tmp_path / "dataset"
    report = export(home, out)
    assert report.left_out[0].what.startswith("session 3")
    (out / ".tracker-export").write_text("[]", encoding="utf-8")
    issues = validated(out)
    assert [one for one in issues if one["severity"] == "error"] == []
    assert {one["code"] for one in issues} <= KNOWN_WARNINGS


def test_the_validator_of_the_test_finds_faults(home: ExportedHome, tmp_path: Path) -> None:
    """The check above can fail."""
    home.simulate()
    out = tmp_path / "dataset"
    export(home, out)
    only(out, "*pelvis_channels.tsv").unlink()
    only(out, "*leftthigh_motion.json").write_text("{}", encoding="utf-8")
    assert [one for one in validated(out) if one["severity"] == "error"]


def test_the_samples_are_those_that_the_sensors_sent(home: ExportedHome, tmp_path: Path) -> None:
    """Told from the simulated sensors themselves, without recording and decoding; 9 digits are written."""
    home.simulate()
    out = tmp_path / "dataset"
    export(home, out)
    session = demo_session()
    for placement in session.mountings:
        truth = simulate_block(session.feed(placement))
        system = placement.value.replace("_", "")
        rows = table(only(out, f"*_tracksys-{system}_motion.tsv"))
        np.testing.assert_allclose(rows[:, :3], truth.accelerometer_m_per_s2, rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(rows[:, 3:6], truth.gyroscope_rad_per_s, rtol=1e-8, atol=1e-12)
        # times are rounded to a microsecond
        np.testing.assert_allclose(rows[:, 6], truth.time_s, atol=1e-6)
        said = sidecar(out, system)
        assert said["SamplingFrequency"] == 100.0
        assert said["SamplingFrequencyEffective"] == pytest.approx(100.0, abs=1e-3)
        assert (said["Simulated"], said["Gaps"], said["MissingSamples"]) == (True, [], 0)


def test_the_channels_tell_point_unit_and_type_of_each_column(home: ExportedHome, tmp_path: Path) -> None:
    home.simulate()
    out = tmp_path / "dataset"
    export(home, out)
    with only(out, "*_tracksys-rightthigh_channels.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [(row["type"], row["component"], row["units"]) for row in rows] == [
        *(("ACCEL", axis, "m/s^2") for axis in "xyz"),
        *(("GYRO", axis, "rad/s") for axis in "xyz"),
        ("LATENCY", "n/a", "s"),
    ]
    assert {row["tracked_point"] for row in rows[:6]} == {"right_thigh"}
    assert len({row["name"] for row in rows}) == 7


def test_missing_samples_are_not_available_and_never_zero(home: ExportedHome, tmp_path: Path) -> None:
    _, whole = home.simulate()
    broken = whole.with_name("broken.mcap")
    with_outages(whole, broken, {Placement.LEFT_THIGH: [OUTAGE_S]}).replace(whole)
    out = tmp_path / "dataset"
    export(home, out)
    rows = table(only(out, "*_tracksys-leftthigh_motion.tsv"))
    missing = np.isnan(rows).all(axis=1)
    assert (np.isnan(rows).any(axis=1) == missing).all()
    session = demo_session()
    truth = simulate_block(session.feed(Placement.LEFT_THIGH))
    # a row for each sample, those that are missing too, so that row and time go together
    assert len(rows) == len(truth)
    np.testing.assert_allclose(rows[~missing, 6], truth.time_s[~missing], atol=1e-6)
    np.testing.assert_allclose(rows[~missing, 1], truth.accelerometer_m_per_s2[~missing, 1], rtol=1e-8)
    # frames of 18 samples are lost: the gap is that of the outage to within two of them
    assert missing.sum() == pytest.approx(150, abs=36)
    said = sidecar(out, "leftthigh")
    assert said["MissingSamples"] == missing.sum()
    [[last_s, first_s]] = said["Gaps"]
    assert (first_s - last_s) * 100.0 == pytest.approx(missing.sum() + 1, abs=1e-3)
    assert sidecar(out, "rightthigh")["MissingSamples"] == 0


def test_the_phases_are_events_with_their_trial_types(home: ExportedHome, tmp_path: Path) -> None:
    home.simulate()
    out = tmp_path / "dataset"
    export(home, out)
    with only(out, "*_events.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [row["trial_type"] for row in rows] == ["standing", "reference", "rest", "set"]
    phases = demo_session().script.phases
    assert [float(row["onset"]) for row in rows] == pytest.approx([one.start_s for one in phases], abs=1e-6)
    assert [float(row["duration"]) for row in rows] == pytest.approx(
        [one.end_s - one.start_s for one in phases], abs=1e-6
    )
    assert (rows[-1]["side"], rows[-1]["exercise"]) == ("both", "supine_in_toeing")


def test_nothing_in_it_tells_person_or_sensor(home: ExportedHome, tmp_path: Path) -> None:
    home.simulate()
    out = tmp_path / "dataset"
    export(home, out)
    texts = [one.read_text(encoding="utf-8") for one in out.rglob("*") if one.is_file()]
    for told in ("SIM-THGL", b"SIM-THGL".hex(), str(tmp_path), "\tme\t"):
        assert not any(told in text for text in texts)
    assert sidecar(out, "pelvis")["DeviceSerialNumber"].startswith("sensor-")
    assert "SIMULATED" in (out / "README.md").read_text(encoding="utf-8")


def test_two_sessions_of_the_same_second_are_told_apart(home: ExportedHome, tmp_path: Path) -> None:
    _, path = home.simulate()
    home.keep(Path(shutil.copy(path, path.with_name("again.mcap"))))
    out = tmp_path / "dataset"
    export(home, out)
    assert len(list((out / "sub-01").glob("ses-*"))) == 2
    listed = (out / "sub-01" / "sub-01_sessions.tsv").read_text(encoding="utf-8").splitlines()
    assert len(set(listed)) == 3


def test_what_cannot_be_read_is_named_and_the_rest_exported(home: ExportedHome, tmp_path: Path) -> None:
    home.simulate()
    _, gone = home.simulate(started_at=STARTED_AT + timedelta(days=1))
    _, rubbish = home.simulate(started_at=STARTED_AT + timedelta(days=2))
    _, halved = home.simulate(started_at=STARTED_AT + timedelta(days=3))
    removed, _ = home.simulate(started_at=STARTED_AT + timedelta(days=4))
    by_hand = home.add_by_hand(days_later=5)
    gone.unlink()
    rubbish.write_bytes(b"\x00" * 5000)
    cut(halved, 0.5)
    with home.database.write() as connection:
        delete_session(connection, removed, reason="not mine")
    out = tmp_path / "dataset"
    report = export(home, out)
    assert [one.what.split(" of 2026")[0] for one in report.left_out] == [
        "session 2",
        "session 3",
        "a part of session 4",
        f"session {by_hand}",
    ]
    assert "does not exist" in report.left_out[0].reason
    assert "cut" in report.left_out[2].reason
    assert "by hand" in report.left_out[3].reason
    sessions = sorted(one.name for one in (out / "sub-01").glob("ses-*"))
    assert sessions == ["ses-20261117T183000", "ses-20261120T183000"]
    halved_rows = len(table(only(out / "sub-01" / sessions[1], "*_tracksys-pelvis_motion.tsv")))
    assert 100 < halved_rows < len(table(only(out / "sub-01" / sessions[0], "*_tracksys-pelvis_motion.tsv")))
    readme = (out / "README.md").read_text(encoding="utf-8")
    assert f"session {removed}: it is deleted" in readme
    assert "session 3 of" in readme
    assert str(tmp_path) not in readme


def test_where_nothing_can_be_read_nothing_is_called_exported(home: ExportedHome, tmp_path: Path) -> None:
    home.add_by_hand()
    with pytest.raises(InputError, match=r"no recording to export.*by hand"):
        export_bids_motion(home.database, home.everything(), tmp_path / "dataset", lambda _: None)


def test_an_existing_folder_is_not_written_into(home: ExportedHome, tmp_path: Path) -> None:
    home.simulate()
    out = tmp_path / "dataset"
    out.mkdir()
    with pytest.raises(StorageError):
        export_bids_motion(home.database, home.everything(), out, lambda _: None)
    assert list(out.iterdir()) == []


def test_the_format_is_registered() -> None:
    assert exporter_of(Format.BIDS_MOTION) is export_bids_motion


SENSOR = SensorIdentity("S-1", "", "bench", "hip-imu", b"")


def written(path: Path, samples: TimedBlock, cuts: list[int], rate_hz: float = 100.0) -> MotionTable:
    """A table of samples that come in blocks."""
    edges = pairwise([0, *cuts, len(samples)])
    runs = [SampleRun(SENSOR, rate_hz, samples.part(start, stop)) for start, stop in edges]
    with MotionTableWriter(path, runs[0]) as writer:
        for run in runs:
            writer.write(run)
        return writer.finished()


def ramp(time_s: FloatArray) -> TimedBlock:
    """Samples that are all different."""
    values = np.arange(len(time_s) * 3, dtype=np.float64).reshape(-1, 3) + 1.0
    return TimedBlock(Placement.PELVIS, time_s, values, -values, np.zeros(len(time_s), dtype=bool))


@pytest.mark.parametrize("cuts", [[], [1], [40, 41, 99], list(range(1, 100))])
def test_the_table_does_not_depend_on_how_samples_come(tmp_path: Path, cuts: list[int]) -> None:
    time_s = np.delete(np.arange(140) / 100.0, range(40, 80))
    whole = written(tmp_path / "whole.tsv", ramp(time_s), [])
    parts = written(tmp_path / "parts.tsv", ramp(time_s), cuts)
    assert (tmp_path / "whole.tsv").read_bytes() == (tmp_path / "parts.tsv").read_bytes()
    assert (whole.rows, whole.missing, whole.gaps_s) == (parts.rows, parts.missing, parts.gaps_s)
    assert (whole.rows, whole.missing, whole.gaps_s) == (140, 40, ((0.39, 0.8),))
    assert whole.effective_hz == pytest.approx(100.0)
    assert parts.effective_hz == pytest.approx(100.0)


def test_a_gap_of_a_day_does_not_fill_the_disk(tmp_path: Path) -> None:
    time_s = np.concatenate([np.arange(10) / 100.0, 86_400.0 + np.arange(10) / 100.0])
    done = written(tmp_path / "long.tsv", ramp(time_s), [])
    assert done.rows == 21
    assert done.missing == 8_639_990
    assert done.gaps_s == ((0.09, 86_400.0),)
    filled = written(tmp_path / "filled.tsv", ramp(np.array([0.0, 0.01, LONGEST_FILLED_S])), [])
    assert filled.rows == 60_001
