"""Rows as each released schema holds them, put in and read by plain SQL."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from alembic import command
from sqlalchemy import Connection, Engine, create_engine, text

from tracker.store.schema import alembic_config

Rows = dict[str, list[dict[str, Any]]]

STAMP = "2026-11-17 18:30:00.000000"
OLD: Mapping[str, list[dict[str, object]]] = {
    "person": [
        {"id": 1, "name": "me", "time_zone": "Europe/Berlin", "created_at": STAMP},
        {"id": 4, "name": "another", "time_zone": "UTC", "created_at": STAMP},
    ],
    "sensor": [
        {
            "id": number,
            "sensor_id": f"S-{number}",
            "address": f"C0:00:00:00:00:0{number}",
            "name": "Thigh, läuft",
            "protocol": "hip-imu",
            "capabilities": bytes([0, number, 255]),
            "placement": placement,
            "paired_at": None if placement is None else STAMP,
        }
        for number, placement in ((1, "left_thigh"), (2, None))
    ],
    "session": [
        {
            "id": number,
            "person_id": person,
            "started_at": STAMP,
            "ended_at": ended,
            "time_zone": "Europe/Berlin",
            "state": state,
            "simulated": simulated,
            "recorder": recorder,
        }
        for number, person, ended, state, simulated, recorder in (
            (1, 1, STAMP, "complete", False, None),
            (2, 1, None, "interrupted", True, "a machine, 17"),
            (7, 4, STAMP, "complete", False, None),
        )
    ],
    "recording": [
        {
            "id": 1,
            "session_id": 1,
            "path": "recordings/a.mcap",
            "duration_s": 125.0,
            "size_bytes": 3_000_000_000,
        },
        {"id": 2, "session_id": 2, "path": "recordings/b.mcap", "duration_s": None, "size_bytes": None},
        {"id": 3, "session_id": 7, "path": "/elsewhere/c.mcap", "duration_s": 60.0, "size_bytes": 1},
    ],
    "session_sensor": [{"session_id": 1, "placement": "left_thigh", "sensor_id": 1}],
    "analysis": [
        {
            "id": number,
            "recording_id": recording,
            "version": version,
            "parameters": "{}",
            "created_at": STAMP,
            "is_current": current,
            "duration_s": 125.0,
        }
        for number, recording, version, current in ((1, 1, "0", False), (2, 1, "1", True), (3, 3, "1", True))
    ],
    "analysis_sensor": [
        {
            "analysis_id": 2,
            "placement": "left_thigh",
            "rate_hz": 99.98,
            "samples": 12_480,
            "missing": 20,
            "saturated": 3,
            "bad_frames": 1,
            "duplicates": 2,
            "gaps": '[[10.0, 10.2, 20, "lost"]]',
        }
    ],
    "exercise_set": [
        {
            "id": number,
            "analysis_id": of,
            "exercise": "supine_in_toeing",
            "side": side,
            "start_s": 60.0,
            "end_s": 120.0,
            "valid_reps": 1,
            "partial_reps": 1,
            "flags": '["gap"]',
        }
        for number, of, side in ((1, 1, "left"), (2, 2, "left"), (5, 2, None))
    ],
    "repetition": [
        {
            "id": number,
            "set_id": of,
            "side": "left",
            "start_s": 60.0 + number,
            "peak_s": 61.5 + number,
            "end_s": 63.5 + number,
            "rom_deg": 30.0 + number / 3.0,
            "peak_velocity_deg_per_s": 57.0,
            "concentric_s": 1.5,
            "hold_s": 0.5,
            "eccentric_s": 1.5,
            "valid": number % 2 == 0,
            "flags": '["too small"]' if number % 2 else "[]",
        }
        for number, of in ((1, 1), (2, 2), (3, 2), (8, 5))
    ],
    "rest_test": [
        {
            "id": number,
            "analysis_id": of,
            "side": side,
            "start_s": 40.0,
            "end_s": 50.0,
            "hip_rotation_deg": angle,
            "uncertainty_deg": None if angle is None else 6.4,
            "relative_to": "pelvis",
            "observability": 0.99,
            "flags": "[]",
            "refused": "moving: not still for 5 s" if angle is None else None,
        }
        for number, of, side, angle in ((1, 2, "left", -15.25), (2, 2, "right", None), (6, 3, "left", -40.0))
    ],
}
"""Rows of the first schema, table by table, in an order in which they can be inserted."""


def insert_all(connection: Connection, rows_by_table: Mapping[str, list[dict[str, object]]] = OLD) -> None:
    """Insert rows by plain SQL, those of the first schema if not told otherwise; their times are UTC."""
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.execute(text("SET TIME ZONE 'UTC'"))
    for table, rows in rows_by_table.items():
        for row in rows:
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)  # noqa: S608
        if postgresql and "id" in rows[0]:
            # Rows that bring their own key do not move the counter that new rows take theirs from.
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
            )


def rows_of(connection: Connection, columns: Mapping[str, list[str]]) -> Rows:
    """All rows of some tables, those columns that are asked for."""
    found: Rows = {}
    for table, names in columns.items():
        query = text(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608
        rows = [dict(row) for row in connection.execute(query).mappings()]
        found[table] = sorted(rows, key=lambda row: str(list(row.values())))
    return found


def plain_rows(location: str, columns: Mapping[str, list[str]]) -> Rows:
    """The rows of a database that is not opened by the program."""
    with plain_engine(location) as engine, engine.connect() as connection:
        return rows_of(connection, columns)


def _with(table: str, **values: object) -> list[dict[str, object]]:
    """The rows of the first schema with further columns, null in all but the first row."""
    first, *others = OLD[table]
    return [{**first, **values}, *({**row, **dict.fromkeys(values)} for row in others)]


_OF_0002: Mapping[str, list[dict[str, object]]] = {
    **OLD,
    "analysis_sensor": _with("analysis_sensor", drift_ppm=-12.5, calibrated_on="2026-11-01"),
    "exercise_set": _with("exercise_set", reference_rom_deg=31.25, reference_shown=3),
    "repetition": _with(
        "repetition",
        rom_uncertainty_deg=1.25,
        mean_velocity_deg_per_s=20.5,
        phase_rate_deg_per_s=0.1,
        concentric_smoothness=-1.6,
        eccentric_smoothness=-1.7,
        elevation_change_deg=2.0,
        heading_change_deg=-3.0,
        rotation_change_deg=0.3,
        pelvis_turn_deg=1.5,
        pelvis_share=0.04,
    ),
    "rest_test": _with(
        "rest_test",
        posture="prone",
        recipe="foot_block",
        reference_age_s=30.0,
        crosstalk_bound_deg=2.7,
        sensor_sd_deg=0.5,
        crosstalk_sd_deg=0.7,
        reference_sd_deg=1.0,
        donning_sd_deg=3.0,
        wander_sd_deg=0.1,
        pelvis_sd_deg=0.4,
        coverage=2.5,
    ),
    "sensor_calibration": [
        {
            "id": 3,
            "sensor_id": 1,
            "calibrated_on": "2026-11-01",
            **{f"offset_{axis}_m_per_s2": 0.01 for axis in "xyz"},
            **{f"scale_{axis}": 1.001 for axis in "xyz"},
            "residual_m_per_s2": 0.002,
        }
    ],
    "sensor_alignment": [
        {
            "id": 9,
            "analysis_id": 2,
            "placement": "left_thigh",
            "side": "left",
            "since_s": 4.0,
            "recipe": "patella_up",
            **{
                f"{name}_{axis}": 1.0 if axis == "y" else 0.0
                for name in ("long_axis", "front")
                for axis in "xyz"
            },
        }
    ],
    "shown_range": [
        {"id": 2, "analysis_id": 2, "exercise": "generic", "side": None, "rom_deg": 41.5, "shown": 3}
    ],
    "notice": [
        {"id": 5, "analysis_id": 3, "time_s": 1.5, "kind": "swapped", "placement": None, "text": "läuft"}
    ],
}
# A hold has no range.
_OF_0002["repetition"][1].update(rom_deg=None, peak_velocity_deg_per_s=None)

RELEASED: Mapping[str, Mapping[str, list[dict[str, object]]]] = {
    "0001": OLD,
    "0002": _OF_0002,
    "0003": {
        **_OF_0002,
        "analysis_sensor": [
            {**row, "drift_uncertainty_ppm": 0.5, "clock_residual_s": 0.003, "backfilled": 7}
            for row in _OF_0002["analysis_sensor"]
        ],
    },
}
"""Rows of each released schema, table by table, in an order in which they can be inserted."""


def columns_of(revision: str) -> dict[str, list[str]]:
    """The columns of a released schema that have rows here."""
    return {table: list(rows[0]) for table, rows in RELEASED[revision].items()}


@contextmanager
def plain_engine(location: str) -> Iterator[Engine]:
    """A database that is not opened by the program."""
    sqlite = "://" not in location
    engine = create_engine(f"sqlite:///{location}" if sqlite else location.replace("://", "+psycopg://", 1))
    try:
        yield engine
    finally:
        engine.dispose()


def make_released(location: str, revision: str) -> None:
    """A database as a released version left it, with rows."""
    with plain_engine(location) as engine, engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)
        insert_all(connection, RELEASED[revision])


def revision_of(location: str) -> str:
    """The schema's revision, looked up without the program."""
    with plain_engine(location) as engine, engine.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
