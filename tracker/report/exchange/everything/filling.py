"""Fills empty tables with the rows of an archive, of this version's schema or an older one."""

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import DataError, IntegrityError

from tracker.report.exchange.everything.checking import CheckedArchive, refuse
from tracker.report.exchange.everything.meaning import check_meaning
from tracker.report.exchange.everything.rows import Cell, kinds_of, line_to_row, stored_tables
from tracker.store.dialects import continue_numbering, dangling_tables
from tracker.store.schema import HEAD, alembic_config

_ROWS_AT_ONCE = 1000


def fill_tables(connection: Connection, archive: CheckedArchive) -> int:
    """Insert all rows, and bring them to this version's schema; returns how many.

    Args:
        connection: of `Database.migrate`, on empty tables of this version.

    Raises:
        InputError: the rows cannot be used.
    """
    revision = archive.manifest.schema_revision
    if revision != HEAD:
        from alembic import command

        # The tables are empty, so that going back to the archive's schema loses nothing.
        command.downgrade(alembic_config(connection), revision)
    tables = stored_tables(connection)
    _check_tables(archive, tables)
    inserted = sum(_insert(connection, archive, table) for table in tables)
    if dangling := dangling_tables(connection):
        refuse(archive.path, f"rows of {', '.join(dangling)} belong to nothing")
    continue_numbering(connection, [table.name for table in tables if "id" in table.columns])
    if revision != HEAD:
        command.upgrade(alembic_config(connection), "head")
    try:
        check_meaning(connection)
    except ValueError as error:
        refuse(archive.path, f"a value in it is none that this program knows ({_first_line(error)})")
    return inserted


def _check_tables(archive: CheckedArchive, tables: tuple[Table, ...]) -> None:
    own = {table.name: kinds_of(table) for table in tables}
    told = {name: dict(facts.columns) for name, facts in archive.manifest.tables.items()}
    for name in sorted(own.keys() | told.keys()):
        if own.get(name) != told.get(name):
            refuse(archive.path, f"its table {name[:60]!r} has other columns than schema revisions have")


def _insert(connection: Connection, archive: CheckedArchive, table: Table) -> int:
    rows = _rows(archive, table)
    count = 0
    try:
        while batch := list(islice(rows, _ROWS_AT_ONCE)):
            connection.execute(insert(table), batch)
            count += len(batch)
    except (IntegrityError, DataError) as error:
        refuse(archive.path, f"a row of {table.name} cannot be kept ({_first_line(error.orig)})")
    if count != archive.manifest.tables[table.name].rows:
        refuse(archive.path, f"{table.name} has another number of rows than its manifest says")
    return count


def _rows(archive: CheckedArchive, table: Table) -> Iterator[dict[str, Cell]]:
    kinds = kinds_of(table)
    keys = [column.name for column in table.primary_key.columns]
    for number, line in enumerate(archive.lines(table.name), start=1):
        try:
            row = line_to_row(kinds, line)
        except ValueError as error:
            refuse(archive.path, f"row {number} of {table.name} cannot be used: {_first_line(error)}")
        # The database would make up a key where there is none.
        if any(row[key] is None for key in keys):
            refuse(archive.path, f"row {number} of {table.name} has no key")
        yield row


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0][:120]
