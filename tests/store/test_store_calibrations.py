"""Calibrations of accelerometers by sensor id: the newest one counts, the older ones stay."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text
from store_samples import LEFT_SENSOR, RIGHT_SENSOR

from tracker.model import AccelerometerCalibration, Placement, SensorIdentity
from tracker.store.calibrations import newest_calibrations, save_calibration
from tracker.store.database import Database, open_database
from tracker.store.sensors import known_sensors, pair_sensor, paired_sensors
from tracker.store.tables import SensorCalibrationTable


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "tracker.db") as opened:
        yield opened


def calibration(sensor: SensorIdentity, calibrated_on: str = "2026-11-17") -> AccelerometerCalibration:
    """A calibration whose six numbers are all different."""
    return AccelerometerCalibration(
        sensor.sensor_id, calibrated_on, (0.1, -0.2, 1.0 / 3.0), (1.01, 0.99, 1.0 / 0.997), 0.0123
    )


def test_calibrations_come_back_to_the_last_bit_by_sensor_id(database: Database) -> None:
    left, right = calibration(LEFT_SENSOR), calibration(RIGHT_SENSOR, "2025-01-02")
    with database.write() as connection:
        save_calibration(connection, LEFT_SENSOR, left)
        save_calibration(connection, RIGHT_SENSOR, right)
    with database.read() as connection:
        both = newest_calibrations(connection, [RIGHT_SENSOR.sensor_id, LEFT_SENSOR.sensor_id])
        one = newest_calibrations(connection, iter([LEFT_SENSOR.sensor_id]))
        none = newest_calibrations(connection, ["S-9999"])
        nothing = newest_calibrations(connection, [])
    assert both == {LEFT_SENSOR.sensor_id: left, RIGHT_SENSOR.sensor_id: right}
    assert one == {LEFT_SENSOR.sensor_id: left}
    assert none == nothing == {}


def test_the_calibration_made_last_counts_and_the_older_ones_stay(database: Database) -> None:
    days = ("2026-01-05", "2026-11-17", "2026-11-17")
    made = [
        replace(calibration(LEFT_SENSOR, day), residual_m_per_s2=float(number))
        for number, day in enumerate(days)
    ]
    with database.write() as connection:
        for one in made:
            save_calibration(connection, LEFT_SENSOR, one)
            assert newest_calibrations(connection, [LEFT_SENSOR.sensor_id]) == {LEFT_SENSOR.sensor_id: one}
        kept = connection.execute(
            select(SensorCalibrationTable.calibrated_on).order_by(SensorCalibrationTable.id)
        )
        assert kept.scalars().all() == list(days)


def test_a_sensor_that_was_never_met_is_remembered_and_not_paired(database: Database) -> None:
    with database.write() as connection:
        save_calibration(connection, LEFT_SENSOR, calibration(LEFT_SENSOR))
        assert known_sensors(connection) == (LEFT_SENSOR,)
        assert paired_sensors(connection) == {}


def test_a_calibration_stays_with_its_sensor_wherever_it_is_worn(database: Database) -> None:
    renamed = replace(LEFT_SENSOR, name="Renamed", address="C0:00:00:00:00:99")
    expected = {LEFT_SENSOR.sensor_id: calibration(LEFT_SENSOR)}
    with database.write() as connection:
        save_calibration(connection, LEFT_SENSOR, calibration(LEFT_SENSOR))
        for placement in Placement:
            pair_sensor(connection, renamed, placement)
            assert newest_calibrations(connection, [LEFT_SENSOR.sensor_id]) == expected
        assert known_sensors(connection) == (renamed,)


def test_a_calibration_goes_with_its_sensor(database: Database) -> None:
    with database.write() as connection:
        save_calibration(connection, LEFT_SENSOR, calibration(LEFT_SENSOR))
        save_calibration(connection, RIGHT_SENSOR, calibration(RIGHT_SENSOR))
        connection.execute(text("DELETE FROM sensor WHERE sensor_id = :one"), {"one": LEFT_SENSOR.sensor_id})
        left = connection.execute(select(SensorCalibrationTable.id)).all()
    assert len(left) == 1
