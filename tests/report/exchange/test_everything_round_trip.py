"""All data of a home go through one archive into an empty home and are the same, by row and by byte."""

import json
import math
import os
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from exchange_samples import (
    BY_HAND,
    MEASURED,
    Rows,
    all_rows,
    files_below,
    fill_home,
    no_progress,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from postgres_server import new_database
from sqlalchemy import insert, update
from store_samples import STARTED_AT, begin

from tracker.errors import UsageError
from tracker.home import Home
from tracker.model import Band
from tracker.recording.container import MAGIC
from tracker.report.exchange.everything.reading import ImportReport, import_everything
from tracker.report.exchange.everything.rows import Cell, CellKind, line_to_row, row_to_line
from tracker.report.exchange.everything.writing import export_everything
from tracker.report.exchange.formats import ExportReport
from tracker.store.bands import add_band
from tracker.store.database import Database, open_database
from tracker.store.persons import get_or_create_person, list_persons
from tracker.store.sessions import read_session
from tracker.store.tables import RecordingTable, SensorCalibrationTable, SensorTable, SessionFeltTable
from tracker.store.values import SessionState


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    return Home(tmp_path / "home", None if request.param == "sqlite" else new_database())


@pytest.fixture
def database(home: Home) -> Iterator[Database]:
    home.create()
    with open_database(home.database) as opened:
        fill_home(home, opened)
        yield opened


def packed(database: Database, home: Home, path: Path) -> ExportReport:
    return export_everything(database, home, path, no_progress)


def unpacked(archive: Path, home: Home) -> ImportReport:
    return import_everything(archive, home, no_progress)


def rows_in(home: Home) -> Rows:
    with open_database(home.database) as database:
        return all_rows(database)


def own_files(home: Home) -> dict[str, bytes]:
    return {
        name: data for name, data in files_below(home.folder).items() if not name.startswith("tracker.db")
    }


def in_utc(rows: Rows) -> Rows:
    """SQLite keeps no zone; what stands there is UTC."""
    return {
        name: [
            {
                key: value.replace(tzinfo=UTC)
                if isinstance(value, datetime) and value.tzinfo is None
                else value
                for key, value in row.items()
            }
            for row in table
        ]
        for name, table in rows.items()
    }


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_every_row_and_every_byte_is_the_same(
    database: Database, home: Home, tmp_path: Path, target: str
) -> None:
    report = packed(database, home, tmp_path / "all.zip")
    assert report.left_out == ()
    new = Home(tmp_path / "new", None if target == "sqlite" else new_database())
    came = unpacked(tmp_path / "all.zip", new)
    before, after = in_utc(all_rows(database)), in_utc(rows_in(new))
    assert before == after
    assert all(before[name] for name in before if name != "sensor_alignment")
    assert came.rows == sum(map(len, before.values()))
    assert own_files(new) == own_files(home)
    assert sorted(own_files(new)) == [one.as_posix() for one in came.files]


def test_what_came_in_goes_on(database: Database, home: Home, tmp_path: Path) -> None:
    packed(database, home, tmp_path / "all.zip")
    new = Home(tmp_path / "new", home.database_url and new_database())
    unpacked(tmp_path / "all.zip", new)
    with open_database(new.database) as opened, opened.write() as connection:
        # New rows get numbers that are free.
        person = get_or_create_person(connection, time_zone="Europe/Berlin")
        assert person.is_default
        begin(connection, started_at=STARTED_AT + timedelta(days=30))
        add_band(
            connection,
            person.person_id,
            Band(None, "a", "b", None, is_loop=False, force_100_n=None, force_200_n=None),
        )


def test_the_same_data_give_the_same_archive(database: Database, home: Home, tmp_path: Path) -> None:
    packed(database, home, tmp_path / "one.zip")
    packed(database, home, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    new = Home(tmp_path / "new")
    unpacked(tmp_path / "one.zip", new)
    with open_database(new.database) as opened:
        packed(opened, new, tmp_path / "three.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "three.zip").read_bytes()


def test_the_archive_is_open_to_other_software(database: Database, home: Home, tmp_path: Path) -> None:
    packed(database, home, tmp_path / "all.zip")
    rows = in_utc(all_rows(database))
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
        schema = json.loads(archive.read("database/schema.json"))
        for name, table in schema["tables"].items():
            lines = archive.read(f"database/{name}.jsonl").decode().splitlines()
            found = [json.loads(line) for line in lines]
            assert len(found) == manifest["tables"][name]["rows"] == len(rows[name])
            assert table["meaning"], name
            for read, stored in zip(found, rows[name], strict=True):
                assert list(read) == [column["name"] for column in table["columns"]]
                for column in table["columns"]:
                    if column["type"] in ("integer", "number", "boolean", "text"):
                        assert read[column["name"]] == stored[column["name"]]
                    elif column["type"] == "time" and read[column["name"]] is not None:
                        assert datetime.fromisoformat(read[column["name"]]) == stored[column["name"]]


def test_a_session_that_is_being_recorded_comes_as_far_as_it_is(
    database: Database, home: Home, tmp_path: Path
) -> None:
    with database.write() as connection:
        going_on = begin(connection, started_at=STARTED_AT + timedelta(days=40))
        summary = read_session(connection, going_on)
    file = summary.recording_file(home.folder)
    assert file is not None
    file.write_bytes(b"as far as it is")
    report = packed(database, home, tmp_path / "all.zip")
    assert f"session {going_on} is not finished" in report.warnings[0]
    file.write_bytes(b"as far as it is, and more")
    new = Home(tmp_path / "new")
    assert unpacked(tmp_path / "all.zip", new).interrupted == (going_on,)
    with open_database(new.database) as opened, opened.read() as connection:
        assert read_session(connection, going_on).state is SessionState.INTERRUPTED
    assert (new.folder / file.relative_to(home.folder)).read_bytes() == b"as far as it is"


def test_recordings_from_elsewhere_come_too_and_are_found(
    database: Database, home: Home, tmp_path: Path
) -> None:
    outside = tmp_path / "elsewhere.mcap"
    outside.write_bytes(MAGIC + b"far away")
    with database.write() as connection:
        own = update(RecordingTable).where(RecordingTable.session_id == MEASURED)
        connection.execute(own.values(path=str(outside)))
    packed(database, home, tmp_path / "all.zip")
    new = Home(tmp_path / "new")
    report = unpacked(tmp_path / "all.zip", new)
    assert [old for old, _ in report.moved] == [str(outside)]
    with open_database(new.database) as opened, opened.read() as connection:
        file = read_session(connection, MEASURED).recording_file(new.folder)
    assert file is not None
    assert file.is_relative_to(new.folder)
    assert file.read_bytes() == MAGIC + b"far away"


def test_what_cannot_be_had_is_left_out_and_told_on_both_sides(
    database: Database, home: Home, tmp_path: Path
) -> None:
    with database.read() as connection:
        file = read_session(connection, MEASURED).recording_file(home.folder)
    assert file is not None
    file.unlink()
    (home.recordings / ".half.part").write_bytes(b"half")
    (home.recordings / "a:b.mcap").write_bytes(b"no file of every system")
    report = packed(database, home, tmp_path / "all.zip")
    told = {one.what for one in report.left_out}
    assert told == {f"recording of session {MEASURED}", "recordings/.half.part", "recordings/a:b.mcap"}
    assert {one.what for one in unpacked(tmp_path / "all.zip", Home(tmp_path / "new")).left_out} == told


def test_an_empty_home_can_be_exported_and_imported(tmp_path: Path) -> None:
    home, new = Home(tmp_path / "home"), Home(tmp_path / "new")
    home.create()
    with open_database(home.database) as database:
        packed(database, home, tmp_path / "all.zip")
    assert unpacked(tmp_path / "all.zip", new).rows == 0


def test_a_home_in_which_commands_were_only_tried_counts_as_empty(
    database: Database, home: Home, tmp_path: Path
) -> None:
    packed(database, home, tmp_path / "all.zip")
    new = Home(tmp_path / "new")
    new.create()
    with open_database(new.database) as opened:
        with opened.write() as connection:
            get_or_create_person(connection, time_zone="Asia/Tokyo")
        # It is open meanwhile, and sees what came in.
        unpacked(tmp_path / "all.zip", new)
        with opened.read() as connection:
            assert [person.name for person in list_persons(connection)] == ["me", "Änna +1"]


@pytest.mark.parametrize("there", ["rows", "recording", "settings", "another file of the archive", "link"])
def test_a_home_with_data_is_refused_and_left(
    database: Database, home: Home, tmp_path: Path, there: str
) -> None:
    packed(database, home, tmp_path / "all.zip")
    new = Home(tmp_path / "new")
    new.create()
    if there == "rows":
        with open_database(new.database) as opened, opened.write() as connection:
            begin(connection)
    elif there == "recording":
        (new.recordings / "own.mcap").write_bytes(b"own")
    elif there == "settings":
        (new.folder / "settings.toml").write_text("[motion] # own\n", encoding="utf-8")
    elif there == "link":
        (new.folder / "settings.toml").symlink_to(home.settings)
    else:
        (new.recordings / "1-0.mcap").write_bytes(b"another")
    before, rows = own_files(new), rows_in(new)
    with pytest.raises(UsageError, match="not empty"):
        unpacked(tmp_path / "all.zip", new)
    assert own_files(new) == before
    assert rows_in(new) == rows


texts = st.text(st.characters(codec="utf-8"), max_size=30)
numbers = st.floats(allow_nan=False) | st.sampled_from([-0.0, 5e-324, math.inf, 1 / 3, 2**53 + 0.0])
CELLS: dict[CellKind, st.SearchStrategy[Cell]] = {
    CellKind.INTEGER: st.integers(-(2**63) + 1, 2**63 - 1),
    CellKind.NUMBER: numbers,
    CellKind.BOOLEAN: st.booleans(),
    CellKind.TEXT: texts,
    CellKind.BYTES: st.binary(max_size=50),
    CellKind.TIME: st.datetimes(timezones=st.just(UTC)),
}


@given(st.fixed_dictionaries({kind.value: st.none() | cells for kind, cells in CELLS.items()}))
def test_any_row_reads_back_from_its_line(row: dict[str, Cell]) -> None:
    kinds = {kind.value: kind for kind in CELLS}
    line = row_to_line(kinds, row)
    assert line.count(b"\n") == 1
    back = line_to_row(kinds, line)
    assert back == row
    # Equal numbers may still differ in the sign of zero.
    assert repr(back["number"]) == repr(row["number"])


def test_no_number_is_told_from_none() -> None:
    kinds = {"x": CellKind.NUMBER}
    back = line_to_row(kinds, row_to_line(kinds, {"x": math.nan}))["x"]
    assert isinstance(back, float)
    assert math.isnan(back)


# An example makes two databases: few of them, each with many values.
@settings(max_examples=3)
@given(st.lists(st.tuples(texts, numbers, st.binary(max_size=50)), min_size=5, max_size=50))
def test_anything_that_sqlite_keeps_comes_back(
    tmp_path_factory: pytest.TempPathFactory, kept: list[tuple[str, float, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    home, new = Home(folder / "home"), Home(folder / "new")
    home.create()
    with open_database(home.database) as database:
        with database.write() as connection:
            begin(connection)
            connection.execute(insert(SessionFeltTable), {"session_id": 1, "notes": kept[0][0]})
            for number, (text, value, data) in enumerate(kept, start=1):
                sensor = {"id": number, "sensor_id": f"{number} {text}", "address": text, "name": text}
                sensor |= {"protocol": "x", "capabilities": data}
                connection.execute(insert(SensorTable), sensor)
                names = [column.name for column in SensorCalibrationTable.__table__.columns]
                values = {name: value for name in names if name.startswith(("offset", "scale", "residual"))}
                row = {"sensor_id": number, "calibrated_on": "", **values}
                connection.execute(insert(SensorCalibrationTable), row)
        packed(database, home, folder / "all.zip")
        before = all_rows(database)
    unpacked(folder / "all.zip", new)
    after = rows_in(new)
    # The session was being recorded; nobody records it in the new home.
    for row in (*before["session"], *after["session"]):
        del row["state"], row["recorder"]
    assert repr(before) == repr(after)


def test_a_session_by_hand_needs_no_recording(database: Database, home: Home, tmp_path: Path) -> None:
    packed(database, home, tmp_path / "all.zip")
    new = Home(tmp_path / "new")
    unpacked(tmp_path / "all.zip", new)
    with open_database(new.database) as opened, opened.read() as connection:
        summary = read_session(connection, BY_HAND)
    assert (summary.told_sets, summary.told_reps, summary.recording_path) == (6, 72, None)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no such names")
def test_a_file_whose_name_is_no_text_is_told_and_all_else_comes(home: Home, tmp_path: Path) -> None:
    home.create()
    Path(os.fsdecode(os.fsencode(home.recordings) + b"/\xff.mcap")).write_bytes(b"x")
    with open_database(home.database) as database:
        report = packed(database, home, tmp_path / "all.zip")
    assert [one.reason for one in report.left_out] == ["its name is temporary, or none for every system"]
    assert unpacked(tmp_path / "all.zip", Home(tmp_path / "other")).left_out == report.left_out
