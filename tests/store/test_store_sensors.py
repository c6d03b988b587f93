"""Sensors and where they are worn, on SQLite and on PostgreSQL."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_server import new_database
from store_samples import LEFT_SENSOR, RIGHT_SENSOR, STARTED_AT

from tracker.model import Placement
from tracker.store.database import Database, open_database
from tracker.store.persons import get_or_create_person
from tracker.store.sensors import known_sensors, pair_sensor, paired_sensors, remember_sensor, unpair
from tracker.store.sessions import (
    begin_session,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    location = tmp_path / "tracker.db" if request.param == "sqlite" else new_database()
    with open_database(location) as opened:
        yield opened


def test_a_placement_has_one_sensor_and_a_sensor_one_placement(database: Database) -> None:
    with database.write() as connection:
        assert paired_sensors(connection) == {}
        pair_sensor(connection, RIGHT_SENSOR, Placement.RIGHT_THIGH)
        pair_sensor(connection, LEFT_SENSOR, Placement.LEFT_THIGH)
    with database.read() as connection:
        assert paired_sensors(connection) == {
            Placement.LEFT_THIGH: LEFT_SENSOR,
            Placement.RIGHT_THIGH: RIGHT_SENSOR,
        }
    with database.write() as connection:
        pair_sensor(connection, LEFT_SENSOR, Placement.RIGHT_THIGH)
        assert paired_sensors(connection) == {Placement.RIGHT_THIGH: LEFT_SENSOR}
        assert unpair(connection, Placement.RIGHT_THIGH)
        assert not unpair(connection, Placement.RIGHT_THIGH)
        assert paired_sensors(connection) == {}
        assert known_sensors(connection) == (RIGHT_SENSOR, LEFT_SENSOR)


def test_a_known_sensor_is_brought_up_to_date(database: Database) -> None:
    renamed = dataclasses.replace(LEFT_SENSOR, name="Renamed", capabilities=b"\x00\xff")
    with database.write() as connection:
        first = remember_sensor(connection, LEFT_SENSOR)
        pair_sensor(connection, LEFT_SENSOR, Placement.PELVIS)
        assert remember_sensor(connection, renamed) == first
        assert paired_sensors(connection) == {Placement.PELVIS: renamed}


def test_the_sensors_of_a_session_are_remembered(database: Database) -> None:
    with database.write() as connection:
        person = get_or_create_person(connection, time_zone="UTC")
        begin_session(
            connection,
            person_id=person.person_id,
            started_at=STARTED_AT,
            time_zone="UTC",
            recording_path="x.mcap",
            sensors={Placement.LEFT_THIGH: LEFT_SENSOR, Placement.RIGHT_THIGH: RIGHT_SENSOR},
        )
        assert known_sensors(connection) == (LEFT_SENSOR, RIGHT_SENSOR)
