"""A home folder that two persons share, with rows of each in every table, and their recordings."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select
from store_samples import LEFT_SENSOR, RIGHT_SENSOR, STARTED_AT, analysis

from tracker.backup.opening import open_home_database
from tracker.home import Home
from tracker.model import Band, Placement, SessionFelt, SetFelt, SetTarget, Side, WallClockAnchor
from tracker.recording.header import RecordingHeader
from tracker.recording.writer import RecordingWriter
from tracker.store.analyses import save_analysis
from tracker.store.bands import add_band
from tracker.store.corrections import FieldEdit, delete_session, edit_session
from tracker.store.database import Database
from tracker.store.felt import save_session_felt, save_set_felt
from tracker.store.habits import HabitDay, save_habits
from tracker.store.manual_sets import ManualSet, add_session_by_hand
from tracker.store.persons import add_person, person_meant
from tracker.store.plans import RuleVerdict, save_targets, save_verdicts, start_plan
from tracker.store.revisions import Field
from tracker.store.sessions import begin_session, finish_session
from tracker.store.tables import ScreeningTable
from tracker.store.tables import Table as Model
from tracker.store.values import Person

ANNA = "Änna Öz"
ZONE = "Europe/Berlin"
OF_THE_COMPUTER = {"sensor", "sensor_calibration"}
"""Tables whose rows belong to nobody."""

Rows = dict[str, set[tuple[Any, ...]]]

_SESSIONS = 3


def shared_home(folder: Path, database_url: str | None = None) -> Home:
    """Both persons train in turns, so that their rows lie between each other's."""
    home = Home(folder, database_url)
    home.create()
    home.settings.write_text("[guide]\nsettle_s = 45.0\n", encoding="utf-8")
    with open_home_database(home) as database, database.write() as connection:
        me = person_meant(connection, None, time_zone=ZONE)
        anna = add_person(connection, ANNA, time_zone="Asia/Seoul")
        for number in range(_SESSIONS):
            for person in (me, anna):
                _train(home, connection, person, number)
        for person in (me, anna):
            _say(connection, person)
    return home


def copied(home: Home, folder: Path) -> Home:
    """Such a home of one's own."""
    shutil.copytree(home.folder, folder)
    return Home(folder)


def person_of(database: Database, name: str) -> Person:
    """The person of a name."""
    with database.write() as connection:
        return person_meant(connection, name, time_zone=ZONE)


def secret_of(name: str) -> str:
    """What only this person's rows say, in each of their texts."""
    return f"secret-of-{name.encode().hex()}"


def recording(path: Path, wall_ns: int) -> Path:
    """A file with the header of a recording, as it is after a kill."""
    header = RecordingHeader(WallClockAnchor(wall_ns, wall_ns // 1000), "0", simulated=True)
    with RecordingWriter(path, header):
        pass
    return path


def rows_of(database: Database) -> Rows:
    """Every row of every table, with its columns in their order."""
    with database.read() as connection:
        return {
            name: {tuple(row) for row in connection.execute(select(table))}
            for name, table in Model.metadata.tables.items()
        }


def rows_belonging_to(rows: Rows, person_id: int) -> Rows:
    """Those rows that belong to a person, as the columns that refer to other tables say."""
    own: Rows = {}
    for table in Model.metadata.sorted_tables:
        own[table.name] = {row for row in rows[table.name] if _belongs(table, row, own, person_id)}
    return own


def _belongs(table: Table, row: tuple[Any, ...], own: Rows, person_id: int) -> bool:
    values = dict(zip(table.columns.keys(), row, strict=True))
    if table.name == "person":
        return bool(values["id"] == person_id)
    for column in table.columns:
        for key in column.foreign_keys:
            # The number stands first in every table that others refer to.
            if values[column.name] in {one[0] for one in own[key.column.table.name]}:
                return True
    return False


def _train(home: Home, connection: Connection, person: Person, number: int) -> None:
    started_at = STARTED_AT + timedelta(days=number, hours=person.person_id)
    name = f"recordings/{person.person_id}-{number}.mcap"
    session_id = begin_session(
        connection,
        person_id=person.person_id,
        started_at=started_at,
        time_zone=ZONE,
        recording_path=name,
        sensors={Placement.LEFT_THIGH: LEFT_SENSOR, Placement.PELVIS: RIGHT_SENSOR},
    )
    recording(home.folder / name, int(started_at.timestamp()) * 10**9)
    ended_at = started_at + timedelta(minutes=2)
    finish_session(connection, session_id, ended_at=ended_at, duration_s=125.0, size_bytes=7)
    save_analysis(connection, session_id, analysis(version="0"))
    save_analysis(connection, session_id, analysis(version="1"))
    secret = secret_of(person.name)
    save_session_felt(connection, session_id, SessionFelt(1, 3, None, 6, f"{secret} {number}"))
    band = add_band(connection, person.person_id, Band(None, secret, "red", 0.35, True, 16.0, 24.0))
    save_set_felt(connection, session_id, 1, SetFelt(2, 7, secret, band, 0.61))
    edit_session(connection, session_id, [FieldEdit(Field.VALID_REPS, "9", 1, Side.LEFT)], reason=secret)
    if number == _SESSIONS - 1:
        delete_session(connection, session_id, reason=secret)
    if number == 0:
        _plan(connection, person, session_id)


def _plan(connection: Connection, person: Person, session_id: int) -> None:
    secret = secret_of(person.name)
    plan = start_plan(connection, person.person_id, secret, f'name = "{secret}"\n', date(2026, 11, 1), None)
    save_targets(connection, session_id, plan, [SetTarget("E1", "A", "supine_ir", Side.BOTH, 2, 10, 12)])
    verdict = RuleVerdict(None, session_id, "E1", "top", True, secret, {"x": 1}, {"reps": 1}, STARTED_AT)
    save_verdicts(connection, plan, [verdict])


def _say(connection: Connection, person: Person) -> None:
    add_session_by_hand(
        connection,
        person_id=person.person_id,
        started_at=STARTED_AT + timedelta(days=20),
        time_zone=ZONE,
        minutes=20.0,
        done=[ManualSet("clamshell", Side.LEFT, 3, 12)],
    )
    save_habits(connection, person.person_id, [HabitDay(date(2026, 11, 16), "sitting", "much", 480)])
    screening = {
        "person_id": person.person_id,
        "asked_at": datetime(2026, 11, 16, tzinfo=UTC),
        "occasion": "first",
        "answers": "{}",
        "flagged": False,
        "emergency": False,
        "note": secret_of(person.name),
    }
    connection.execute(insert(ScreeningTable), screening)
