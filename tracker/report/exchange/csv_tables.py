"""Tables as CSV: exact texts and numbers, and a missing value is no empty text."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tracker.report.exchange.columns import Kind, TidyTable, Value
from tracker.report.exchange.formats import ExportReport, Progress
from tracker.report.exchange.schema_document import CSV_FORM, write_schema
from tracker.report.exchange.selection import Selection
from tracker.report.exchange.tidy import TABLES, write_tables
from tracker.store.database import Database

SUFFIX = ".csv"

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a text that begins with one of them for a formula, quotes or not."""


def export_csv(database: Database, selection: Selection, out: Path, progress: Progress) -> ExportReport:
    """A folder with one CSV file for each table, and their description."""
    out.mkdir(mode=0o700)
    written: list[Path] = []
    formulas: set[str] = set()

    def write(table: TidyTable, rows: Iterable[tuple[Value, ...]]) -> None:
        written.append(Path(f"{table.name}{SUFFIX}"))
        with (out / written[-1]).open("w", encoding="utf-8", newline="") as file:
            file.write(",".join(column.name for column in table.columns) + "\r\n")
            fields = [_FIELD_OF[column.kind] for column in table.columns]
            texts = [(n, column.name) for n, column in enumerate(table.columns) if column.kind is Kind.TEXT]
            for row in rows:
                line = (
                    "" if value is None else field(value) for field, value in zip(fields, row, strict=True)
                )
                file.write(",".join(line) + "\r\n")
                for place, name in texts:
                    if str(row[place]).startswith(_FORMULA_SIGNS):
                        formulas.add(f"{table.name}.{name}")

    left_out = write_tables(database, selection, write, progress)
    described = write_schema(out, TABLES, SUFFIX, CSV_FORM)
    return ExportReport((*written, *described), left_out, tuple(_warnings(formulas)))


def _warnings(formulas: set[str]) -> Iterable[str]:
    if formulas:
        where = ", ".join(sorted(formulas))
        yield (
            f"a text in {where} begins with a sign of a formula and is kept as it is: "
            "import that column as text into a spreadsheet"
        )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _moment(instant: datetime) -> str:
    return f"{instant.isoformat(timespec='microseconds').removesuffix('+00:00')}Z"


_FIELD_OF: Mapping[Kind, Callable[[Any], str]] = {
    Kind.INTEGER: str,
    # The shortest digits that read back to the same number.
    Kind.NUMBER: repr,
    Kind.BOOLEAN: lambda value: "true" if value else "false",
    Kind.TEXT: _quoted,
    Kind.TIME: _moment,
    Kind.DAY: date.isoformat,
    Kind.WORDS: lambda words: _quoted(";".join(words)),
}
