"""OpenSim's tables: read back, and solved, by OpenSim itself."""

import importlib.util
import json
import math
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from exchange_homes import STARTED_AT, ExportedHome, cut, new_home, parameters, with_outages
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from tracker.errors import InputError
from tracker.model import FloatArray, Placement
from tracker.motion.frames.alignment import Alignment
from tracker.motion.parameters import MotionParameters
from tracker.recording.csv_import import import_csv
from tracker.recording.reader import read_recording
from tracker.recording.units import AccelerometerUnit, GyroscopeUnit
from tracker.report.exchange.formats import ExportReport, Format, exporter_of
from tracker.report.exchange.opensim import export_opensim
from tracker.report.exchange.opensim.orientations import (
    SensorOrientation,
    Stretch,
    orientation_tables,
    stretches,
)
from tracker.session.posed_recording import stored_parameters
from tracker.session.replay import replay_opened
from tracker.session.traces import TraceCollector

READER = Path(__file__).with_name("opensim_reads.py")
REST_S = (10.5, 16.0)
"""Within the rest test of the demonstration."""
TRUE_REST_DEG = {"l": -15.0, "r": -25.0}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ExportedHome]:
    """An empty home."""
    made = new_home(tmp_path / "home")
    with made.database:
        yield made


def export(home: ExportedHome, out: Path) -> ExportReport:
    """Export all sessions."""
    shares: list[float] = []
    report = export_opensim(home.database, home.everything(), out, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert set(report.files) == {one.relative_to(out) for one in out.rglob("*") if one.is_file()}
    return report


def with_opensim(folder: Path, *arguments: str | float | Path) -> list[dict[str, Any]]:
    """What OpenSim's own library reads; skips where it is not installed."""
    if importlib.util.find_spec("opensim") is None:
        pytest.skip("the package opensim is not installed")
    workplace = folder / "opensim"
    workplace.mkdir(exist_ok=True)
    subprocess.run(
        [sys.executable, READER, *map(str, arguments)],
        check=True,
        cwd=workplace,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    read: list[dict[str, Any]] = json.loads((workplace / "read.json").read_text(encoding="utf-8"))
    return read


def text_table(path: Path) -> tuple[dict[str, str], list[str], FloatArray, FloatArray]:
    """Header, columns, times and values of a table's text."""
    head, body = path.read_text(encoding="utf-8").split("endheader\n")
    header = dict(line.split("=", 1) for line in head.splitlines() if "=" in line)
    names, *lines = body.splitlines()
    values = np.array([[float(one) for one in line.replace(",", "\t").split("\t")] for line in lines])
    return header, names.split("\t")[1:], values[:, 0], values[:, 1:]


@pytest.mark.slow
def test_opensim_reads_every_row_as_it_was_written(home: ExportedHome, tmp_path: Path) -> None:
    _, whole = home.simulate()
    broken = whole.with_name("broken.mcap")
    home.keep(with_outages(whole, broken, {Placement.LEFT_THIGH: [(20.0, 21.5)]}))
    out = tmp_path / "tables"
    report = export(home, out)
    paths = [out / one for one in report.files if one.suffix in (".sto", ".mot")]
    assert len(paths) == 1 + (1 + 2) + (3 + 2)
    for path, read in zip(paths, with_opensim(tmp_path, "tables", *paths), strict=True):
        _, names, time_s, values = text_table(path)
        assert read["labels"] == names
        np.testing.assert_allclose(read["time_s"], time_s, rtol=0, atol=1e-9)
        rows = np.array(read["rows"])
        if path.suffix == ".sto":
            np.testing.assert_allclose(np.linalg.norm(rows, axis=2), 1.0, atol=1e-6)
        # OpenSim makes each quaternion one of unit length: the last of nine digits may change
        np.testing.assert_allclose(rows.reshape(len(rows), -1), values, rtol=0, atol=2e-9)
    header = with_opensim(tmp_path, "tables", paths[-1])[0]["header"]
    assert header["simulated"] == "yes"
    assert "not observable" in header["heading"]
    assert float(header["DataRate"]) == 100.0


@pytest.mark.slow
def test_opensense_finds_the_hip_rotation_that_the_program_finds(home: ExportedHome, tmp_path: Path) -> None:
    """OpenSense places the sensors on a plain model and solves it: flexion, adduction, rotation (Wu 2002).

    On the back its rotation is the program's to the digits that are written; the truth is known to the
    simulated sensors' offset, 0.3 deg.
    """
    home.simulate()
    out = tmp_path / "tables"
    export(home, out)
    folder = next(out.glob("ses-*"))
    tables = out / "imu_placer.sto", folder / "orientations_01.sto"
    [solved] = with_opensim(tmp_path, "solve", *tables, REST_S[0], 40.0)
    time_s, rows = np.array(solved["time_s"]), np.array(solved["rows"])
    for side, sign in (("l", -1.0), ("r", 1.0)):
        columns = [solved["labels"].index(f"femur_{side}_{axis}") for axis in "xyz"]
        hip = Rotation.from_euler("XYZ", rows[:, columns], degrees=True)
        rotation_deg = sign * hip.as_euler("ZXY", degrees=True)[:, 2]
        _, _, own_time_s, own_deg = text_table(folder / f"hip_rotation_{side}.mot")
        own = np.interp(time_s, own_time_s, own_deg[:, 0])
        np.testing.assert_allclose(rotation_deg, own, rtol=0, atol=0.05)
        resting = rotation_deg[time_s < REST_S[1]]
        assert resting.mean() == pytest.approx(TRUE_REST_DEG[side], abs=0.3)


def test_hip_rotation_is_that_of_a_replay_with_its_sets(home: ExportedHome, tmp_path: Path) -> None:
    _, path = home.simulate()
    out = tmp_path / "tables"
    export(home, out)
    collector = TraceCollector(MotionParameters().rest_test.refuse_observability)
    _, pipeline = replay_opened(read_recording(path), parameters(), trace=collector)
    for trace in collector.traces(pipeline):
        seen = ~np.isnan(trace.hip_rotation_rad)
        assert 0 < seen.sum() < len(seen)
        _, names, time_s, values = text_table(next(out.rglob(f"hip_rotation_{trace.side.value[0]}.mot")))
        assert names == [f"hip_rotation_{trace.side.value[0]}"]
        np.testing.assert_allclose(time_s, trace.time_s[seen], rtol=0, atol=6e-7)
        np.testing.assert_allclose(values[:, 0], np.degrees(trace.hip_rotation_rad[seen]), rtol=0, atol=6e-7)


def test_rows_in_a_gap_are_left_out_and_a_lost_heading_begins_a_file(
    home: ExportedHome, tmp_path: Path
) -> None:
    """The left thigh is away for longer than the filter bridges, the pelvis for less."""
    _, whole = home.simulate()
    broken = whole.with_name("broken.mcap")
    outages = {Placement.LEFT_THIGH: [(20.0, 21.5)], Placement.PELVIS: [(30.0, 30.15)]}
    with_outages(whole, broken, outages).replace(whole)
    out = tmp_path / "tables"
    export(home, out)
    paths = sorted(out.rglob("orientations_*.sto"))
    tables = [text_table(path) for path in paths]
    assert [names for _, names, _, _ in tables] == [
        ["pelvis_imu", "femur_l_imu", "femur_r_imu"],
        ["pelvis_imu", "femur_r_imu"],
        ["pelvis_imu", "femur_l_imu", "femur_r_imu"],
    ]
    times = [time_s for _, _, time_s, _ in tables]
    assert all(float(np.diff(one).min()) > 0.0 for one in times)
    assert times[0][-1] <= times[1][0] <= times[1][-1] <= times[2][0]
    steps_s = np.diff(times[2])
    [gap] = np.flatnonzero(steps_s > 0.011)
    # frames of 0.18 s are lost where they end in the outage
    assert 29.6 < times[2][gap] < times[2][gap + 1] < 30.4
    headers = [header for header, _, _, _ in tables]
    assert headers[0]["heading_zero_s"] == headers[1]["heading_zero_s"].replace(
        "pelvis_imu:9.000000", "pelvis_imu:9.000000 femur_l_imu:9.000000"
    )
    lost = dict(one.split(":") for one in headers[2]["heading_zero_s"].split())
    assert float(lost["femur_l_imu"]) == pytest.approx(times[2][0], abs=0.011)
    assert lost["femur_r_imu"] == "9.000000"


def test_what_cannot_be_read_is_named_and_the_rest_exported(home: ExportedHome, tmp_path: Path) -> None:
    home.simulate()
    _, rubbish = home.simulate(started_at=STARTED_AT.replace(day=18))
    _, halved = home.simulate(started_at=STARTED_AT.replace(day=19))
    home.add_by_hand(days_later=5)
    rubbish.write_bytes(b"no recording")
    cut(halved, 0.6)
    out = tmp_path / "tables"
    report = export(home, out)
    assert [one.what.split(" of 2026")[0] for one in report.left_out] == [
        "session 2",
        "a part of session 3",
        "session 4",
    ]
    assert len(list(out.glob("ses-*"))) == 2
    readme = (out / "README.md").read_text(encoding="utf-8")
    assert "SIMULATED" in readme
    assert "by hand" in readme
    assert str(tmp_path) not in readme


def test_a_recording_without_poses_has_the_axes_of_the_housing(home: ExportedHome, tmp_path: Path) -> None:
    """A shipped recording of one sensor at a wrist: its hip rotation is never seen, and that is said."""
    source = Path(__file__).parents[2] / "recordings" / "spar_band_internal_rotation" / "s01_left.mcap"
    home.keep(Path(shutil.copy(source, home.home.recordings)))
    out = tmp_path / "tables"
    report = export(home, out)
    [path] = out.rglob("orientations_*.sto")
    header, names, time_s, _ = text_table(path)
    assert (header["axes_from"], header["simulated"], header["DataRate"]) == (
        "femur_l_imu:housing",
        "no",
        "50",
    )
    assert names == ["femur_l_imu"]
    np.testing.assert_allclose(np.diff(time_s), 0.02, rtol=0, atol=1e-9)
    assert [one.what.split(" of ")[0] for one in report.left_out] == ["hip_rotation_l"]


def test_samples_too_far_apart_give_no_orientation_and_it_says_so(home: ExportedHome, tmp_path: Path) -> None:
    """At two samples a second the filter begins anew with each of them."""
    rows = "".join(f"{0.5 * at},0.1,9.8,{0.01 * (at % 3)},0.01,0,0\n" for at in range(40))
    source = tmp_path / "slow.csv"
    source.write_text(f"time_s,ax,ay,az,gx,gy,gz\n{rows}", encoding="utf-8")
    recorded = home.home.recordings / "slow.mcap"
    import_csv(
        {Placement.PELVIS: source},
        None,
        AccelerometerUnit.M_PER_S2,
        GyroscopeUnit.RAD_PER_S,
        None,
        recorded,
        started_at=STARTED_AT,
    )
    home.keep(recorded)
    report = export(home, tmp_path / "tables")
    assert [one.what.split(" of ")[0] for one in report.left_out] == ["the orientations"]


def test_where_nothing_can_be_read_nothing_is_called_exported(home: ExportedHome, tmp_path: Path) -> None:
    home.add_by_hand()
    with pytest.raises(InputError, match="no recording to export"):
        export_opensim(home.database, home.everything(), tmp_path / "tables", lambda _: None)


def test_the_format_is_registered() -> None:
    assert exporter_of(Format.OPENSIM) is export_opensim


def test_the_filter_is_set_as_in_the_stored_analysis() -> None:
    motion = MotionParameters()
    other = replace(motion, orientation=replace(motion.orientation, tau_accelerometer_s=2.5))
    stored = json.dumps({"motion": json.loads(json.dumps(asdict(other)))})
    assert stored_parameters(stored).motion == other
    for unknown in (None, "{}", "[]", "no json", '{"motion": {"orientation": "x"}}'):
        assert stored_parameters(unknown).motion == motion


# The sensor's frame is the segment's, up is z of the filter's earth.
ALIGNED = Alignment(long_axis=np.array([0.0, 1.0, 0.0]), front=np.array([1.0, 0.0, 0.0]))
TO_EARTH = Rotation.from_euler("x", 90.0, degrees=True)


def held(to_ground: Rotation, heading_deg: float, alignment: Alignment = ALIGNED) -> Stretch:
    """What becomes of a segment that is held in a pose, seen by a filter of any heading."""
    turned = Rotation.from_euler("z", heading_deg, degrees=True) * TO_EARTH * to_ground
    to_earth = turned * Rotation.from_matrix(alignment.axes())
    quaternion = np.tile(to_earth.as_quat(scalar_first=True), (3, 1))
    sensor = SensorOrientation(np.arange(3) / 100.0, quaternion, 100.0)
    [stretch] = stretches(sensor, [(-math.inf, alignment)], 0.25)
    return stretch


ON_THE_BACK = Rotation.from_euler("z", 90.0, degrees=True)
POSES = {
    "standing": Rotation.identity(),
    "on the back": ON_THE_BACK,
    "on the front": Rotation.from_euler("z", -90.0, degrees=True),
    "on the back, leg turned out": ON_THE_BACK * Rotation.from_euler("y", -40.0, degrees=True),
    "seated, thigh raised": Rotation.from_euler("z", 70.0, degrees=True),
    "on the left side": ON_THE_BACK * Rotation.from_euler("y", 90.0, degrees=True),
}


@pytest.mark.parametrize("pose", POSES.values(), ids=POSES.keys())
@given(heading_deg=st.floats(-180.0, 180.0))
def test_an_unknown_heading_leaves_a_pose_in_its_place(pose: Rotation, heading_deg: float) -> None:
    """Each of these poses has heading zero already, whatever the filter's heading is."""
    found = held(pose, heading_deg).to_ground[0]
    assert (found * pose.inv()).magnitude() < 1e-6


@given(strap_deg=st.floats(-180.0, 180.0), heading_deg=st.floats(-180.0, 180.0))
def test_the_strap_does_not_show(strap_deg: float, heading_deg: float) -> None:
    strap = Rotation.from_euler("yxz", [strap_deg, 7.0, -5.0], degrees=True)
    alignment = Alignment(long_axis=strap.as_matrix()[:, 1], front=strap.as_matrix()[:, 0])
    found = held(ON_THE_BACK, heading_deg, alignment).to_ground[0]
    assert (found * ON_THE_BACK.inv()).magnitude() < 1e-6


def turning(time_s: FloatArray, rate_deg_per_s: float = 30.0) -> SensorOrientation:
    """A segment on its back that turns about its long axis at a steady rate."""
    turns = Rotation.from_euler("y", rate_deg_per_s * time_s[:, np.newaxis], degrees=True)
    return SensorOrientation(time_s, (TO_EARTH * ON_THE_BACK * turns).as_quat(scalar_first=True), 100.0)


def test_rows_of_sensors_with_other_sample_times_belong_to_the_same_moment() -> None:
    """Both turn alike, sampled 4 ms apart: interpolation brings them together exactly."""
    sensors = {
        Placement.LEFT_THIGH: list(stretches(turning(np.arange(1000) / 100.0), [(-math.inf, ALIGNED)], 0.25)),
        Placement.RIGHT_THIGH: list(
            stretches(turning(0.004 + np.arange(1000) / 100.0), [(-math.inf, ALIGNED)], 0.25)
        ),
    }
    [table] = orientation_tables(sensors)
    np.testing.assert_allclose(np.diff(table.time_s), 0.01, rtol=0, atol=1e-9)
    left, right = (
        Rotation.from_quat(one, scalar_first=True) for one in (table.quaternions[p] for p in sensors)
    )
    # what stays is the 4 ms at the sample where each heading is zero: none, the long axis does not move
    assert (left * right.inv()).magnitude().max() < 1e-6
    angle_deg = np.degrees((left[0].inv() * left).magnitude())
    np.testing.assert_allclose(angle_deg[:500], 30.0 * (table.time_s - table.time_s[0])[:500], atol=1e-4)
    # neighbours never jump to the other sign of the same rotation
    steps = np.einsum("ij,ij->i", table.quaternions[Placement.LEFT_THIGH][1:],
                      table.quaternions[Placement.LEFT_THIGH][:-1])  # fmt: skip
    assert steps.min() > 0.999


def test_another_alignment_begins_another_table() -> None:
    other = Alignment(long_axis=np.array([0.0, 1.0, 0.0]), front=np.array([0.0, 0.0, 1.0]))
    sensor = turning(np.arange(1000) / 100.0, rate_deg_per_s=0.0)
    found = list(stretches(sensor, [(-math.inf, ALIGNED), (4.0, other)], 0.25))
    assert [(one.start_s, one.alignment) for one in found] == [(0.0, ALIGNED), (4.0, other)]
    tables = list(orientation_tables({Placement.LEFT_THIGH: found}))
    assert [float(one.time_s[0]) for one in tables] == [0.0, 4.0]
    assert tables[0].time_s[-1] < 4.0


def test_stretches_that_are_too_short_are_left_out() -> None:
    time_s = np.concatenate([np.arange(50) / 100.0, 5.0 + np.arange(200) / 100.0])
    found = list(stretches(turning(time_s), [(-math.inf, ALIGNED)], 0.25))
    assert len(found) == 2
    [table] = orientation_tables({Placement.PELVIS: found})
    assert (table.time_s[0], table.time_s[-1]) == (5.0, pytest.approx(6.99))
