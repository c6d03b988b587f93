"""Describes the tables of an export, for people and for programs, from the definition that writes them."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from tracker import __version__
from tracker.report.exchange.columns import Column, Kind, TidyTable

MARKDOWN_NAME = "SCHEMA.md"
JSON_NAME = "schema.json"

SCHEMA_VERSION = 1
"""Raised when a column is taken away or means something else; new columns do not raise it."""

_IN_CSV: Mapping[Kind, str] = {
    Kind.INTEGER: "digits",
    Kind.NUMBER: "decimal number with a point; read as double precision it is exact",
    Kind.BOOLEAN: "`true` or `false`",
    Kind.TEXT: "in double quotes, always; two of them stand for one",
    Kind.TIME: "ISO 8601 in UTC with microseconds, as 2026-11-17T18:30:00.000000Z",
    Kind.DAY: "ISO 8601, as 2026-11-17",
    Kind.WORDS: "words parted by `;`, in double quotes; nothing between them is an empty list",
}
_IN_PARQUET: Mapping[Kind, str] = {
    Kind.INTEGER: "int64",
    Kind.NUMBER: "double",
    Kind.BOOLEAN: "bool",
    Kind.TEXT: "string",
    Kind.TIME: "timestamp[us, UTC]",
    Kind.DAY: "date32",
    Kind.WORDS: "list of string",
}

_GENERAL = """\
# Tables

Made by hip-rotation-tracker {version}. {form}
`schema.json` says the same as this file, for programs.

- The program compares a person with their own earlier records. It is no medical device; this is no diagnosis.
- Units are in the names of the columns. Angles are degrees; internal rotation is positive on both legs.
- Times are UTC; `time_zone` in `sessions` names the zone of each session. Times
  `..._s` count from the start of the session.
- What stands nowhere was not measured or not said; each column tells what that means.
- `simulated` marks rows that come from virtual sensors.
- Only the analysis that counts now is here, and no session that was deleted.
"""

CSV_FORM = (
    "Files are CSV after RFC 4180: UTF-8, comma, a header line. Texts stand in double quotes; an empty field "
    'without quotes is a missing value, `""` is an empty text. Texts are exactly what the person wrote: one '
    "that begins with `=`, `+`, `-` or `@` is a formula to a spreadsheet, so import text columns as text."
)
PARQUET_FORM = "Files are Parquet, compressed with zstd; unit and meaning are in the metadata of each column."


_HEADINGS = "| column | type | unit | meaning | where nothing stands |"


def write_schema(folder: Path, tables: Iterable[TidyTable], suffix: str, form: str) -> tuple[Path, ...]:
    """Write the description of some tables, whose files have this suffix; returns the files, relative.

    Args:
        form: what the files are, in plain words.
    """
    described = tuple(tables)
    document = schema_object(described, suffix)
    (folder / JSON_NAME).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    (folder / MARKDOWN_NAME).write_text(_markdown(described, suffix, form), encoding="utf-8")
    return Path(MARKDOWN_NAME), Path(JSON_NAME)


def schema_object(tables: Iterable[TidyTable], suffix: str) -> dict[str, object]:
    """The description for programs; `missing` is null where a value always stands."""
    return {
        "schema": "hip-rotation-tracker tables",
        "schema_version": SCHEMA_VERSION,
        "program_version": __version__,
        "tables": [
            {
                "name": table.name,
                "file": f"{table.name}{suffix}",
                "meaning": table.meaning,
                "columns": [_column_object(column) for column in table.columns],
            }
            for table in tables
        ],
    }


def _column_object(column: Column) -> dict[str, object]:
    return {
        "name": column.name,
        "type": column.kind.value,
        "unit": column.unit,
        "meaning": column.meaning,
        "missing": column.missing,
    }


def _markdown(tables: tuple[TidyTable, ...], suffix: str, form: str) -> str:
    types = _IN_CSV if suffix == ".csv" else _IN_PARQUET
    lines = [_GENERAL.format(version=__version__, form=form), "| type | in the file |", "| --- | --- |"]
    lines += [f"| {kind} | {types[kind]} |" for kind in Kind]
    for table in tables:
        lines += ["", f"## {table.name}{suffix}", "", f"A row: {table.meaning}.", ""]
        lines += [_HEADINGS, "| --- | --- | --- | --- | --- |"]
        lines += [
            f"| `{one.name}` | {one.kind} | {one.unit or ''} | {one.meaning} | {one.missing or 'never'} |"
            for one in table.columns
        ]
    return "\n".join(lines) + "\n"
