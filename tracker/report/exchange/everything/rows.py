"""Rows of any table as lines of JSON, and back to exactly the same values.

The tables are those that the database has, so that the rows of an older one are read as well.
"""

import base64
import binascii
import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

_STAMP_TABLE = "alembic_version"
MAX_INTEGER = 2**63 - 1
"""What a database keeps."""

_NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
"""JSON has no word for them."""

Cell = int | float | bool | str | bytes | datetime | None
JsonCell = int | float | bool | str | None


class CellKind(StrEnum):
    """Type of a column, and how its values stand in JSON."""

    INTEGER = "integer"
    NUMBER = "number"
    """Double precision, in digits that read back to the same bits; `nan`, `inf` and `-inf` as texts."""
    BOOLEAN = "boolean"
    TEXT = "text"
    BYTES = "bytes"
    """Base64."""
    TIME = "time"
    """ISO 8601, UTC, to the microsecond."""


def stored_tables(connection: Connection) -> tuple[Table, ...]:
    """The tables that a database has, each one after those that it refers to."""
    metadata = MetaData()
    metadata.reflect(connection)
    return tuple(table for table in metadata.sorted_tables if table.name != _STAMP_TABLE)


def kinds_of(table: Table) -> dict[str, CellKind]:
    """The kind of each column, by its name."""
    return {column.name: _kind(column) for column in table.columns}


def _kind(column: Column[object]) -> CellKind:
    match column.type:
        case Boolean():
            return CellKind.BOOLEAN
        case Integer() | BigInteger():
            return CellKind.INTEGER
        case Float():
            return CellKind.NUMBER
        case String():
            return CellKind.TEXT
        case LargeBinary():
            return CellKind.BYTES
        case DateTime():
            return CellKind.TIME
    raise TypeError(f"{column} has a type that no archive keeps: {column.type}")


def row_to_line(kinds: Mapping[str, CellKind], row: Mapping[str, Cell]) -> bytes:
    """One row as a line of JSON, with its end."""
    cells = {name: _encoded(kind, row[name]) for name, kind in kinds.items()}
    return json.dumps(cells, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def line_to_row(kinds: Mapping[str, CellKind], line: bytes) -> dict[str, Cell]:
    """The row that a line was made of.

    Raises:
        ValueError: not such a line: no JSON object, other columns, or a value of another kind.
    """
    try:
        cells = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(cells, dict) or cells.keys() != kinds.keys():
        raise ValueError("its columns are others than the table has")
    return {name: _decoded(name, kind, cells[name]) for name, kind in kinds.items()}


def _encoded(kind: CellKind, value: Cell) -> JsonCell:
    if value is None:
        return None
    match kind, value:
        case CellKind.TIME, datetime():
            # SQLite keeps no zone; what stands there is UTC.
            aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
            return aware.isoformat(timespec="microseconds")
        case CellKind.BYTES, bytes():
            return base64.b64encode(value).decode("ascii")
        case CellKind.NUMBER, float():
            return value if math.isfinite(value) else repr(value)
        case CellKind.NUMBER, int():
            return float(value)
        case CellKind.BOOLEAN, bool():
            return value
        case CellKind.INTEGER, int():
            return value
        case CellKind.TEXT, str():
            return value
    raise TypeError(f"{value!r} is no {kind}")


def _decoded(name: str, kind: CellKind, value: object) -> Cell:
    if value is None:
        return None
    match kind, value:
        case CellKind.BOOLEAN, bool():
            return value
        case CellKind.NUMBER, float():
            return value
        case CellKind.NUMBER, str() if value in _NOT_FINITE:
            return _NOT_FINITE[value]
        case CellKind.INTEGER, int() if not isinstance(value, bool) and abs(value) <= MAX_INTEGER:
            return value
        case CellKind.TEXT, str():
            # Half a pair of surrogates is no character; no database takes it.
            value.encode()
            return value
        case CellKind.BYTES, str():
            try:
                return base64.b64decode(value, validate=True)
            except binascii.Error as error:
                raise ValueError(f"{name} is no base64") from error
        case CellKind.TIME, str():
            instant = datetime.fromisoformat(value)
            if instant.tzinfo is None:
                raise ValueError(f"{name} has no time zone")
            try:
                return instant.astimezone(UTC)
            except OverflowError as error:
                raise ValueError(f"{name} is beyond the calendar") from error
    raise ValueError(f"{name} is no {kind}")
