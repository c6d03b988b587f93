"""Storing a row in place of the one with the same key, on every kind of database."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert
from sqlalchemy import Table as SqlTable

from tracker.store.tables import Table


def replace_row(connection: Connection, table: type[Table], row: Mapping[str, Any]) -> None:
    """Store a row; the one with the same primary key goes, whatever it held."""
    held: SqlTable = table.__table__  # type: ignore[assignment]
    keys = [held.c[column.name] == row[column.name] for column in held.primary_key]
    connection.execute(delete(table).where(*keys))
    connection.execute(insert(table), dict(row))
