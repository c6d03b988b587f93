"""Wrong units are found, on real recordings; right ones never are."""

import math
from pathlib import Path

import numpy as np
import pytest
from csv_samples_made import HEADER_LINE, ROOT, SHARED_DATA, movement, write_csv

from tracker.errors import InputError
from tracker.model import FloatArray, Placement, TimedBlock
from tracker.recording import units
from tracker.recording.csv_import import import_csv
from tracker.recording.reader import read_recording
from tracker.recording.units import (
    STANDARD_GRAVITY_M_PER_S2,
    AccelerometerUnit,
    GyroscopeUnit,
    check_accelerometer,
    check_gyroscope,
)

# Beside the repository while it is developed; shipped in part with it.
FOLDERS = {
    "spar_band_internal_rotation": AccelerometerUnit.G,
    "qmt_sit_stand_run": AccelerometerUnit.M_PER_S2,
}
REAL = [
    (path, unit)
    for folder, unit in FOLDERS.items()
    for path in sorted((SHARED_DATA / folder).glob("*.csv"))
    or sorted((ROOT / "recordings" / folder).glob("*.mcap"))
    if path.name != "counts.csv"
]
real_data = pytest.mark.skipif(not REAL, reason=f"no real recordings in {SHARED_DATA} or recordings/")
real_file = pytest.mark.parametrize(("path", "unit"), REAL, ids=[path.stem for path, _ in REAL])

Sample = tuple[float, FloatArray, FloatArray]


def load(path: Path, unit: AccelerometerUnit) -> Sample:
    """Rate, accelerations in m/s2 and rates of turn in rad/s of a real file."""
    rows = rows_of(path, unit)
    return float(1 / np.median(np.diff(rows[:, 0]))), rows[:, 1:4] * unit.in_m_per_s2, rows[:, 4:7]


def rows_of(path: Path, unit: AccelerometerUnit) -> FloatArray:
    """The rows of a real file as it was before any import."""
    if path.suffix == ".csv":
        return np.loadtxt(path, delimiter=",", skiprows=1)
    blocks = [item for item in read_recording(path).items() if isinstance(item, TimedBlock)]
    rows = [np.column_stack([b.time_s, b.accelerometer_m_per_s2, b.gyroscope_rad_per_s]) for b in blocks]
    return np.concatenate(rows) / [1, *[unit.in_m_per_s2] * 3, 1, 1, 1]


@real_data
@real_file
@pytest.mark.parametrize("said", AccelerometerUnit)
def test_real_files_are_imported_in_their_unit_only(
    tmp_path: Path, path: Path, unit: AccelerometerUnit, said: AccelerometerUnit
) -> None:
    if path.suffix != ".csv":
        path = write_csv(tmp_path / "left.csv", rows_of(path, unit))
    files, out = {Placement.LEFT_THIGH: path}, tmp_path / "a.mcap"
    if said is unit:
        assert import_csv(files, None, said, GyroscopeUnit.RAD_PER_S, "generic", out).duration_s > 15
        return
    with pytest.raises(InputError, match=f"held still.*that fits {unit}$") as caught:
        import_csv(files, None, said, GyroscopeUnit.RAD_PER_S, "generic", out)
    assert f"unit {unit}" in caught.value.advice
    assert caught.value.data["fitting"] == unit
    assert not out.exists()


@real_data
@real_file
def test_real_rates_of_turn_fit_their_unit_only(path: Path, unit: AccelerometerUnit) -> None:
    check_both_ways(load(path, unit))


@real_data
@real_file
def test_the_turning_of_gravity_alone_tells_the_unit(
    path: Path, unit: AccelerometerUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "_MOST_RATE_RAD_PER_S", math.inf)
    check_both_ways(load(path, unit))


@pytest.mark.skipif(not (SHARED_DATA / "broad_04.npz").exists(), reason=f"no broad_04.npz in {SHARED_DATA}")
@pytest.mark.parametrize("name", ["broad_04", "broad_08"])
@pytest.mark.parametrize("peaks", [True, False])
def test_a_sensor_turned_by_hand(name: str, peaks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not peaks:
        monkeypatch.setattr(units, "_MOST_RATE_RAD_PER_S", math.inf)
    with np.load(SHARED_DATA / f"{name}.npz") as data:
        check_both_ways(
            (
                float(data["sampling_rate_hz"]),
                data["accelerometer_m_per_s2"].astype(np.float64),
                data["gyroscope_rad_per_s"].astype(np.float64),
            )
        )


def check_both_ways(sample: Sample) -> None:
    """The right gyroscope unit passes and the wrong one is refused, whichever is the right one."""
    rate_hz, accelerometer, gyroscope = sample
    for right in GyroscopeUnit:
        numbers = gyroscope / right.in_rad_per_s
        assert check_gyroscope(rate_hz, accelerometer, numbers, right) is None
        misfit = check_gyroscope(rate_hz, accelerometer, numbers, right.other)
        assert misfit is not None
        assert misfit.fitting is right


@real_data
@real_file
def test_no_piece_of_a_real_file_is_refused_in_its_units(path: Path, unit: AccelerometerUnit) -> None:
    rate_hz, accelerometer, gyroscope = load(path, unit)
    for seconds in (1, 5, 12):
        size = round(seconds * rate_hz)
        for start in range(0, len(gyroscope) - size, size):
            a, g = accelerometer[start : start + size], gyroscope[start : start + size]
            assert check_accelerometer(rate_hz, a / unit.in_m_per_s2, g, unit) is None
            assert check_gyroscope(rate_hz, a, g, GyroscopeUnit.RAD_PER_S) is None
            assert check_gyroscope(rate_hz, a, np.degrees(g), GyroscopeUnit.DEG_PER_S) is None


@pytest.mark.parametrize(
    ("length", "said", "fitting"),
    [
        (1.0, AccelerometerUnit.M_PER_S2, AccelerometerUnit.G),
        (9.81, AccelerometerUnit.G, AccelerometerUnit.M_PER_S2),
        (1000.0, AccelerometerUnit.M_PER_S2, AccelerometerUnit.MG),
        (1.0, AccelerometerUnit.MG, AccelerometerUnit.G),
        (981.0, AccelerometerUnit.G, AccelerometerUnit.MG),
        (4.0, AccelerometerUnit.M_PER_S2, None),
        (0.0, AccelerometerUnit.G, None),
        (100.0, AccelerometerUnit.G, None),
    ],
)
def test_a_still_sensor_tells_its_unit(
    length: float, said: AccelerometerUnit, fitting: AccelerometerUnit | None
) -> None:
    accelerometer = np.tile([0.0, 0.0, length], (500, 1))
    misfit = check_accelerometer(100.0, accelerometer, np.zeros((500, 3)), said)
    assert misfit is not None
    assert misfit.fitting is fitting
    assert f"{length:.3g} {said}" in misfit.finding


def test_accelerations_that_fit_no_unit_are_refused(tmp_path: Path) -> None:
    rows = movement()
    rows[:, 1:4] -= [STANDARD_GRAVITY_M_PER_S2, 0, 0]
    rows[:, 1:4] *= 0.1
    with pytest.raises(InputError, match="fits no unit") as caught:
        import_csv(
            {Placement.LEFT_THIGH: write_csv(tmp_path / "l.csv", rows, HEADER_LINE)},
            None,
            AccelerometerUnit.M_PER_S2,
            GyroscopeUnit.RAD_PER_S,
            None,
            tmp_path / "a.mcap",
        )
    assert "gravity included" in caught.value.advice


def test_impossible_rates_of_turn(tmp_path: Path) -> None:
    rows = movement()
    rows[500, 4:7] = [0, 20_000, 0]
    path = write_csv(tmp_path / "l.csv", rows)
    for said in GyroscopeUnit:
        with pytest.raises(InputError, match=r"2e\+04 .*no body reaches.*fits no unit"):
            import_csv(
                {Placement.LEFT_THIGH: path},
                None,
                AccelerometerUnit.M_PER_S2,
                said,
                None,
                tmp_path / "a.mcap",
            )


def test_a_made_movement_is_told_too() -> None:
    rows = movement(seconds=60.0)
    check_both_ways((50.0, rows[:, 1:4], rows[:, 4:7]))


def test_stillness_says_nothing_about_the_gyroscope() -> None:
    rng = np.random.default_rng(1)
    accelerometer = np.array([0, 9.8, 0]) + rng.normal(0, 0.03, (3000, 3))
    gyroscope = rng.normal(0, 0.002, (3000, 3))
    for said in GyroscopeUnit:
        assert check_gyroscope(100.0, accelerometer, gyroscope, said) is None
        assert check_gyroscope(100.0, accelerometer, np.zeros((3000, 3)), said) is None


def test_vibration_without_turning_is_no_evidence() -> None:
    rng = np.random.default_rng(2)
    accelerometer = np.array([0, 9.8, 0]) + rng.normal(0, 0.5, (3000, 3))
    gyroscope = rng.normal(0, 1.0, (3000, 3))
    shaking = 10 * np.sin(2 * np.pi * 30 * np.arange(3000) / 100)[:, None]
    assert check_gyroscope(100.0, accelerometer, gyroscope, GyroscopeUnit.DEG_PER_S) is None
    assert check_gyroscope(100.0, accelerometer + shaking, gyroscope, GyroscopeUnit.DEG_PER_S) is None


def test_a_turn_about_the_vertical_is_no_evidence() -> None:
    rng = np.random.default_rng(3)
    time_s = np.arange(3000) / 100
    accelerometer = np.array([0, 9.8, 0]) + rng.normal(0, 0.6, (3000, 3))
    gyroscope = np.column_stack([np.zeros(3000), 3 * np.sin(2 * np.pi * time_s), np.zeros(3000)])
    for said in GyroscopeUnit:
        assert check_gyroscope(100.0, accelerometer, gyroscope / said.in_rad_per_s, said) is None


@pytest.mark.parametrize("count", [2, 3, 10])
def test_few_samples_are_enough_for_gravity(count: int) -> None:
    accelerometer, gyroscope = np.tile([0.0, 9.8, 0.0], (count, 1)), np.zeros((count, 3))
    assert check_accelerometer(50.0, accelerometer, gyroscope, AccelerometerUnit.M_PER_S2) is None
    assert check_accelerometer(50.0, accelerometer, gyroscope, AccelerometerUnit.G) is not None
    assert check_gyroscope(50.0, accelerometer, gyroscope, GyroscopeUnit.DEG_PER_S) is None
