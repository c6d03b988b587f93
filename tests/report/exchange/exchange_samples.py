"""A home with something in every table: two persons, and sessions of each kind."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, update
from store_samples import LEFT_SENSOR, RIGHT_SENSOR, STARTED_AT, analysis

from tracker.home import Home
from tracker.model import Band, Placement, SessionFelt, SetFelt, SetTarget, Side
from tracker.report.exchange.everything.rows import stored_tables
from tracker.report.exchange.selection import Days, Selection, choose_days
from tracker.store.analyses import save_analysis
from tracker.store.bands import add_band, retire_band
from tracker.store.database import Database
from tracker.store.felt import save_session_felt, save_set_felt
from tracker.store.habits import HabitDay, save_habits
from tracker.store.persons import add_person, get_or_create_person, make_default
from tracker.store.plans import RuleVerdict, save_targets, save_verdicts, start_plan
from tracker.store.sensors import pair_sensor
from tracker.store.sessions import begin_session, finish_session
from tracker.store.tables import (
    ManualSetTable,
    RecordingTable,
    ScreeningTable,
    SensorCalibrationTable,
    SensorTable,
    SessionRevisionTable,
    SessionTable,
    SetCorrectionTable,
)
from tracker.store.values import Person

FORMULA = '=HYPERLINK("http://example.org";"klick")'
NOTES = 'zog ein wenig, "vorne"; nach der\nzweiten 🦵 besser'

MEASURED, BY_HAND, DELETED, OF_ANNA, SIMULATED = 1, 2, 3, 4, 5
"""Ids of the sessions, in the order in which they are made."""

Rows = dict[str, list[dict[str, Any]]]


def session(connection: Connection, person: Person, *, days: int, simulated: bool = False) -> int:
    """A finished session with an analysis, so many days after the first one."""
    started_at = STARTED_AT + timedelta(days=days)
    session_id = begin_session(
        connection,
        person_id=person.person_id,
        started_at=started_at,
        time_zone="Europe/Berlin",
        recording_path=f"recordings/{person.person_id}-{days}.mcap",
        simulated=simulated,
        sensors={Placement.LEFT_THIGH: LEFT_SENSOR, Placement.PELVIS: RIGHT_SENSOR},
    )
    finish_session(
        connection, session_id, ended_at=started_at + timedelta(minutes=2), duration_s=125.0, size_bytes=7
    )
    save_analysis(connection, session_id, analysis(version="0"))
    save_analysis(connection, session_id, analysis(version="1"))
    return session_id


def fill(connection: Connection) -> None:
    """Rows in every table."""
    me = make_default(connection, get_or_create_person(connection, time_zone="Europe/Berlin"))
    anna = add_person(connection, "Änna +1", time_zone="America/New_York")
    _sensors(connection)
    assert session(connection, me, days=0) == MEASURED
    _told(connection, me)
    assert session(connection, me, days=2) == DELETED
    connection.execute(update(SessionTable).where(SessionTable.id == DELETED).values(deleted_at=STARTED_AT))
    assert session(connection, anna, days=0) == OF_ANNA
    assert session(connection, me, days=3, simulated=True) == SIMULATED
    _said(connection, me)
    _planned(connection, me)
    _corrected(connection)


def _sensors(connection: Connection) -> None:
    pair_sensor(connection, LEFT_SENSOR, Placement.LEFT_THIGH, STARTED_AT)
    offsets = {
        f"offset_{axis}_m_per_s2": value for axis, value in zip("xyz", (0.1, -0.2, 1e-17), strict=True)
    }
    scales = {f"scale_{axis}": 1 + value for axis, value in zip("xyz", (2**-52, 0.01, 1 / 3), strict=True)}
    row = {"sensor_id": 1, "calibrated_on": "2026-11-01", "residual_m_per_s2": 0.03, **offsets, **scales}
    connection.execute(insert(SensorCalibrationTable), row)
    raw = {"capabilities": bytes(range(256)), "name": "Schenkel\tlinks"}
    connection.execute(update(SensorTable).where(SensorTable.id == 1).values(raw))


def _told(connection: Connection, me: Person) -> None:
    row = {
        "id": BY_HAND,
        "person_id": me.person_id,
        "started_at": STARTED_AT + timedelta(days=1),
        "ended_at": STARTED_AT + timedelta(days=1, minutes=20),
        "time_zone": "Europe/Berlin",
        "state": "complete",
        "simulated": False,
        "by_hand": True,
        "rest_left_out": False,
    }
    connection.execute(insert(SessionTable), row)
    told = {"session_id": BY_HAND, "exercise": "clamshell", "side": "left", "sets": 3, "reps": 12}
    connection.execute(insert(ManualSetTable), [told, {**told, "side": None}])
    if connection.dialect.name == "postgresql":
        # The row brought its number.
        connection.exec_driver_sql("SELECT setval(pg_get_serial_sequence('session', 'id'), 2)")


def _said(connection: Connection, me: Person) -> None:
    band = Band(None, "+Band", "red", 0.35, is_loop=True, force_100_n=16.0, force_200_n=24.0)
    band_id = add_band(connection, me.person_id, band)
    gone = add_band(connection, me.person_id, Band(None, "x", "gold", None, False, None, None))
    retire_band(connection, me.person_id, gone)
    save_session_felt(connection, MEASURED, SessionFelt(1, 3, None, 6, NOTES))
    save_session_felt(connection, BY_HAND, SessionFelt(None, 2, 0, None, ""))
    save_set_felt(connection, MEASURED, 1, SetFelt(2, 7, FORMULA, band_id, 0.61))
    habits = [
        HabitDay(date(2026, 11, 16), "sitting", "much", 480),
        HabitDay(date(2026, 11, 17), "bag", "none"),
    ]
    save_habits(connection, me.person_id, habits)
    screening = {
        "person_id": me.person_id,
        "asked_at": STARTED_AT,
        "occasion": "first",
        "answers": '{"fall": false}',
        "flagged": False,
        "emergency": False,
        "note": "Dr. Ä, 2026",
    }
    connection.execute(insert(ScreeningTable), screening)


def _planned(connection: Connection, me: Person) -> None:
    plan = start_plan(connection, me.person_id, "Phase A", 'name = "A"\n', date(2026, 11, 1), None)
    seated = SetTarget("E4", "B", "seated_ir", Side.BOTH, 3, 8, 12, 2.5, 60.0, "2-1-3", "ankles", "red", 80.0)
    again = SetTarget("E4b", "B", "seated_ir", Side.LEFT, 1, 20, 30)
    other = SetTarget("E1", "A", "supine_ir", Side.BOTH, 2, 10, 12)
    save_targets(connection, MEASURED, plan, [seated, again, other])
    verdict = RuleVerdict(
        None, MEASURED, "E4", "top", True, "all sets", {"x": 1}, {"band": "green"}, STARTED_AT
    )
    save_verdicts(
        connection, plan, [verdict, RuleVerdict(None, None, "", "end", False, "no", {}, None, STARTED_AT)]
    )


def _corrected(connection: Connection) -> None:
    correction = {
        "session_id": MEASURED,
        "set_number": 1,
        "side": "left",
        "valid_reps": 9,
        "left_out": False,
    }
    connection.execute(insert(SetCorrectionTable), correction)
    revision = {
        "session_id": MEASURED,
        "made_at": datetime(2026, 11, 18, 7, 0, 0, 1, tzinfo=UTC),
        "action": "edit",
        "field": "valid_reps",
        "set_number": 1,
        "side": "left",
        "before": "8",
        "after": "9",
        "reason": "-1 gezählt",
    }
    connection.execute(insert(SessionRevisionTable), revision)


def fill_home(home: Home, database: Database) -> None:
    """Rows in every table, files for the recordings in the folder, and settings."""
    home.create()
    with database.write() as connection:
        fill(connection)
        paths = list(
            connection.scalars(RecordingTable.__table__.select().with_only_columns(RecordingTable.path))
        )
    for number, path in enumerate(paths):
        (home.folder / path).write_bytes(bytes(range(256)) * (number + 1))
    home.settings.write_text("[motion]\n", encoding="utf-8")


def everything_of_me(database: Database, home: Home, days: Days | None = None) -> Selection:
    """All sessions of the default person, or those of some days."""
    with database.read() as connection:
        me = get_or_create_person(connection, time_zone="Europe/Berlin")
        return choose_days(connection, me, home.folder, days or Days())


def all_rows(database: Database) -> Rows:
    """Every row of every table, in the order of the keys; times as they are."""
    with database.read() as connection:
        return {
            table.name: [
                {column.name: row[column] for column in table.columns}
                for row in connection.execute(table.select().order_by(*table.primary_key.columns)).mappings()
            ]
            for table in stored_tables(connection)
        }


def no_progress(_share: float) -> None:
    """Nobody looks."""


def files_below(folder: Path) -> Mapping[str, bytes]:
    """The bytes of every file below a folder, by their paths."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
