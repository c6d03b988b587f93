"""CSV and Parquet, read back by other software, say what the store has, and what their description says."""

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from exchange_samples import (
    BY_HAND,
    DELETED,
    FORMULA,
    MEASURED,
    NOTES,
    OF_ANNA,
    SIMULATED,
    everything_of_me,
    fill_home,
    no_progress,
)
from postgres_server import new_database
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from tracker.errors import UsageError
from tracker.home import Home
from tracker.report.exchange.columns import Kind, TidyTable
from tracker.report.exchange.csv_tables import export_csv
from tracker.report.exchange.formats import ExportReport
from tracker.report.exchange.parquet_tables import export_parquet
from tracker.report.exchange.selection import Days, Selection, choose_sessions
from tracker.report.exchange.tidy import TABLES
from tracker.store.database import Database, open_database
from tracker.store.persons import get_or_create_person
from tracker.store.tables import Table

NAMES = [table.name for table in TABLES]

ARROW_TYPES = {
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.TEXT: pa.string(),
    Kind.TIME: pa.timestamp("us", tz="UTC"),
    Kind.DAY: pa.date32(),
    Kind.WORDS: pa.string(),
}
"""Types to read CSV with, made from the description alone."""


@dataclass(frozen=True)
class Exports:
    """One home, exported in both forms."""

    database: Database
    home: Home
    csv: Path
    parquet: Path
    report: ExportReport


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def exports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exports]:
    folder = tmp_path_factory.mktemp("exports")
    home = Home(folder / "home", None if request.param == "sqlite" else new_database())
    home.create()
    with open_database(home.database) as database:
        fill_home(home, database)
        selection = everything_of_me(database, home)
        report = export_csv(database, selection, folder / "csv", no_progress)
        export_parquet(database, selection, folder / "parquet", no_progress)
        yield Exports(database, home, folder / "csv", folder / "parquet", report)


def table_named(name: str) -> TidyTable:
    return next(table for table in TABLES if table.name == name)


def read_plainly(exports: Exports, name: str) -> list[dict[str, str]]:
    """By Python's own reader: everything is text."""
    with (exports.csv / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def read_csv(exports: Exports, name: str) -> pa.Table:
    """By pyarrow, with the types that the description tells."""
    described = json.loads((exports.csv / "schema.json").read_text(encoding="utf-8"))
    columns = next(one["columns"] for one in described["tables"] if one["name"] == name)
    types = {column["name"]: ARROW_TYPES[Kind(column["type"])] for column in columns}
    return arrow_csv.read_csv(
        exports.csv / f"{name}.csv",
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            timestamp_parsers=["%Y-%m-%dT%H:%M:%S.%fZ", arrow_csv.ISO8601],
        ),
    )


def rows_of(exports: Exports, name: str, **wanted: object) -> list[dict[str, Any]]:
    """Rows of the Parquet file with these values."""
    rows = parquet.read_table(exports.parquet / f"{name}.parquet").to_pylist()
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


@pytest.mark.parametrize("name", NAMES)
def test_both_forms_say_the_same(exports: Exports, name: str) -> None:
    packed = parquet.read_table(exports.parquet / f"{name}.parquet").to_pylist()
    words = [column.name for column in table_named(name).columns if column.kind is Kind.WORDS]
    for row in packed:
        row.update({one: ";".join(row[one]) for one in words})
    assert read_csv(exports, name).to_pylist() == packed
    assert len(read_plainly(exports, name)) == len(packed) > 0


@pytest.mark.parametrize("name", NAMES)
def test_the_description_is_that_of_the_files(exports: Exports, name: str) -> None:
    for folder, suffix in ((exports.csv, ".csv"), (exports.parquet, ".parquet")):
        described = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
        table = next(one for one in described["tables"] if one["name"] == name)
        assert table["file"] == f"{name}{suffix}"
        text = (folder / "SCHEMA.md").read_text(encoding="utf-8")
        assert f"## {name}{suffix}" in text
        for column in table["columns"]:
            assert f"| `{column['name']}` | {column['type']} |" in text
            assert column["meaning"] in text
    assert list(read_plainly(exports, name)[0]) == [column["name"] for column in table["columns"]]
    stored = parquet.read_schema(exports.parquet / f"{name}.parquet")
    assert stored.names == [column["name"] for column in table["columns"]]
    for column in table["columns"]:
        facts = stored.field(column["name"]).metadata
        assert facts[b"meaning"].decode() == column["meaning"]
        assert facts[b"unit"].decode() == (column["unit"] or "")
        assert stored.field(column["name"]).nullable == (column["missing"] is not None)


@pytest.mark.parametrize("name", NAMES)
def test_what_never_misses_never_does(exports: Exports, name: str) -> None:
    always = [column.name for column in table_named(name).columns if column.missing is None]
    assert all(row[one] is not None for row in rows_of(exports, name) for one in always)


def test_no_other_files_are_there_than_are_described(exports: Exports) -> None:
    assert {path.name for path in exports.csv.iterdir()} == {path.name for path in exports.report.files}
    for folder, suffix in ((exports.csv, ".csv"), (exports.parquet, ".parquet")):
        names = {f"{name}{suffix}" for name in NAMES} | {"SCHEMA.md", "schema.json"}
        assert {path.name for path in folder.iterdir()} == names


def test_every_table_marks_what_is_simulated(exports: Exports) -> None:
    for table in TABLES:
        assert "simulated" in [column.name for column in table.columns]
    for name in ("sessions", "sets", "repetitions", "rest_tests", "sensors", "notices"):
        marked = {(row["session_id"], row["simulated"]) for row in rows_of(exports, name)}
        assert (SIMULATED, True) in marked
        assert (MEASURED, False) in marked


def test_every_column_with_a_unit_has_it_in_its_name() -> None:
    endings = {
        "s": "_s",
        "deg": "_deg",
        "deg/s": "_deg_per_s",
        "m": "_m",
        "N": "_n",
        "Hz": "_hz",
        "ppm": "_ppm",
        "%": "_percent",
        "min": "minutes",
    }
    for table in TABLES:
        for column in table.columns:
            assert column.unit is None or column.name.endswith(endings[column.unit]), column.name


def test_sessions_of_others_and_deleted_ones_are_not_there(exports: Exports) -> None:
    assert [row["session_id"] for row in rows_of(exports, "sessions")] == [MEASURED, BY_HAND, SIMULATED]
    for name in NAMES:
        found = {row.get("session_id") for row in rows_of(exports, name)}
        assert not found & {DELETED, OF_ANNA}, name


def test_a_corrected_set_stands_beside_what_was_found_and_asked_for(exports: Exports) -> None:
    row, *others = rows_of(exports, "sets", session_id=MEASURED, side="left")
    assert not others
    assert (row["valid_reps"], row["valid_reps_found"], row["partial_reps"]) == (9, 8, 2)
    assert row["corrected"] and not row["left_out"]
    # The plan asked for both legs first; the second target of the same leg is in `targets`.
    assert (row["target_prescription"], row["target_reps_high"], row["target_hold_s"]) == ("E4", 12, 2.5)
    other = rows_of(exports, "sets", session_id=MEASURED, exercise="clamshell")[0]
    assert other["side"] is None
    assert other["target_prescription"] is None
    assert not other["corrected"]
    asked = [row["prescription"] for row in rows_of(exports, "targets", session_id=MEASURED)]
    assert asked == ["E4", "E4b", "E1"]


def test_only_the_analysis_that_counts_is_there(exports: Exports) -> None:
    repetitions = rows_of(exports, "repetitions", session_id=MEASURED)
    assert len(repetitions) == 8 + 2 + 5
    assert [row["repetition_number"] for row in repetitions if row["set_side"] == "left"] == list(
        range(1, 11)
    )
    assert {row["analysis_version"] for row in rows_of(exports, "rest_tests")} == {"1"}


def test_a_refused_rest_test_has_its_reason_and_no_value(exports: Exports) -> None:
    refused = rows_of(exports, "rest_tests", session_id=MEASURED, side="right")[0]
    assert refused["refused"] == "moving"
    assert refused["hip_rotation_deg"] is None
    measured = rows_of(exports, "rest_tests", session_id=MEASURED, side="left")[0]
    # A value goes through radians and back: the last digits may differ.
    assert measured["hip_rotation_deg"] == pytest.approx(-15.0, abs=1e-12)
    assert measured["flags"] == ["crosstalk"]


def test_texts_are_exact_and_formulas_are_warned_of(exports: Exports) -> None:
    felt = read_plainly(exports, "set_felt")[0]
    assert felt["notes"] == FORMULA
    assert read_plainly(exports, "session_felt")[0]["notes"] == NOTES
    assert read_plainly(exports, "bands")[0]["brand"] == "+Band"
    warning, *others = exports.report.warnings
    assert not others
    for place in ("set_felt.notes", "bands.brand", "revisions.reason"):
        assert place in warning


def test_an_empty_text_is_no_missing_one(exports: Exports) -> None:
    notes = read_csv(exports, "session_felt").column("notes").to_pylist()
    assert notes == [NOTES, ""]
    assert read_csv(exports, "set_felt").column("stretched_length_m").to_pylist() == [0.61]
    rule = read_csv(exports, "plan_verdicts").to_pylist()[-1]
    assert (rule["prescription"], rule["session_id"], rule["answer"]) == ("", None, None)


def test_parquet_is_packed_by_zstd(exports: Exports) -> None:
    facts = parquet.ParquetFile(exports.parquet / "repetitions.parquet").metadata
    assert facts.row_group(0).column(0).compression == "ZSTD"


def test_days_bound_what_is_said_of_days(exports: Exports, tmp_path: Path) -> None:
    days = Days(date(2026, 11, 17), date(2026, 11, 17))
    selection = everything_of_me(exports.database, exports.home, days)
    assert selection.session_ids == (MEASURED,)
    export_parquet(exports.database, selection, tmp_path / "day", no_progress)
    habits = parquet.read_table(tmp_path / "day" / "habits.parquet").to_pylist()
    assert [row["habit"] for row in habits] == ["bag"]
    assert parquet.read_table(tmp_path / "day" / "plans.parquet").num_rows == 1


def chosen(exports: Exports, *ids: int) -> Selection:
    with exports.database.read() as connection:
        me = get_or_create_person(connection, time_zone="Europe/Berlin")
        return choose_sessions(connection, me, exports.home.folder, ids)


def test_sessions_named_one_by_one_take_no_days_with_them_and_say_so(
    exports: Exports, tmp_path: Path
) -> None:
    report = export_csv(exports.database, chosen(exports, BY_HAND), tmp_path / "one", no_progress)
    assert (tmp_path / "one" / "habits.csv").read_text(encoding="utf-8").count("\n") == 1
    assert (tmp_path / "one" / "bands.csv").read_text(encoding="utf-8").count("\n") == 3
    assert "habits" in report.left_out[0].what
    assert "--all" in report.left_out[0].reason


def test_without_pyarrow_the_extra_is_named(
    exports: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match="not installed") as raised:
        export_parquet(exports.database, chosen(exports, BY_HAND), tmp_path / "none", no_progress)
    assert "parquet" in raised.value.advice
    assert not (tmp_path / "none").exists()


NOT_IN_TABLES = {
    "analysis": {"id", "recording_id", "parameters", "is_current", "duration_s"},
    "analysis_sensor": {"analysis_id", "gaps"},
    "band": {"person_id"},
    "exercise_set": {"id", "analysis_id"},
    "habit_day": {"person_id"},
    "manual_set": {"id"},
    "notice": {"id", "analysis_id"},
    "person": {"id", "created_at", "is_default"},
    "plan": {"person_id"},
    "recording": {"id", "path", "size_bytes"},
    "repetition": {"id", "set_id"},
    "rest_test": {"id", "analysis_id"},
    "rule_verdict": {"id"},
    "screening": {"id", "person_id"},
    "sensor": {"id", "address", "name", "capabilities", "placement", "paired_at"},
    "sensor_alignment": None,
    "sensor_calibration": None,
    "session": {"person_id", "recorder", "deleted_at"},
    "session_revision": {"id"},
    "session_sensor": set[str](),
    "session_target": {"id", "plan_id"},
    "shown_range": None,
}
"""What only the archive of everything has: keys, and what is of use to this program alone."""


def test_no_column_of_the_store_is_forgotten() -> None:
    renamed = {"id", "path", "version", "created_at", "name"}
    told = {column.name for table in TABLES for column in table.columns}
    for name, table in Table.metadata.tables.items():
        left_out = NOT_IN_TABLES.get(name, set())
        if left_out is not None:
            assert set(table.columns.keys()) - told - left_out - renamed == set(), name
