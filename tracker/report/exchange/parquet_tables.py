"""Tables as Parquet, with unit and meaning in the metadata of each column."""

import importlib.util
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from tracker import __version__
from tracker.errors import UsageError
from tracker.report.exchange.columns import Column, Kind, TidyTable, Value
from tracker.report.exchange.formats import ExportReport, Progress
from tracker.report.exchange.schema_document import PARQUET_FORM, SCHEMA_VERSION, write_schema
from tracker.report.exchange.selection import Selection
from tracker.report.exchange.tidy import TABLES, write_tables
from tracker.store.database import Database

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".parquet"

_ROWS_AT_ONCE = 50_000
"""Rows of one row group: some megabytes."""


def export_parquet(database: Database, selection: Selection, out: Path, progress: Progress) -> ExportReport:
    """A folder with one Parquet file for each table, and their description.

    Raises:
        UsageError: pyarrow is not installed.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise UsageError(
            "what writes Parquet is not installed",
            advice='Install the extra `parquet` (pip install "pyarrow>=20"), or export to csv.',
            package="pyarrow",
        )
    out.mkdir(mode=0o700)
    written: list[Path] = []

    def write(table: TidyTable, rows: Iterator[tuple[Value, ...]]) -> None:
        written.append(Path(f"{table.name}{SUFFIX}"))
        _write_file(out / written[-1], table, rows)

    left_out = write_tables(database, selection, write, progress)
    described = write_schema(out, TABLES, SUFFIX, PARQUET_FORM)
    return ExportReport((*written, *described), left_out)


def _write_file(path: Path, table: TidyTable, rows: Iterator[tuple[Value, ...]]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema(
        [_field(column) for column in table.columns],
        metadata={
            "meaning": table.meaning,
            "schema_version": str(SCHEMA_VERSION),
            "program_version": __version__,
        },
    )
    # An own file object, so that a full disk is told with its cause.
    with path.open("wb") as file, parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while batch := list(islice(rows, _ROWS_AT_ONCE)):
            columns = [
                pa.array(values, type=field.type)
                for field, values in zip(schema, zip(*batch, strict=True), strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def _field(column: Column) -> "pa.Field":
    import pyarrow as pa

    types = {
        Kind.INTEGER: pa.int64(),
        Kind.NUMBER: pa.float64(),
        Kind.BOOLEAN: pa.bool_(),
        Kind.TEXT: pa.string(),
        Kind.TIME: pa.timestamp("us", tz="UTC"),
        Kind.DAY: pa.date32(),
        Kind.WORDS: pa.list_(pa.string()),
    }
    facts = {"meaning": column.meaning, "unit": column.unit or "", "missing": column.missing or "never"}
    return pa.field(column.name, types[column.kind], nullable=column.missing is not None, metadata=facts)
