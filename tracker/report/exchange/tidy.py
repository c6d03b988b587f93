"""All tables of an export, read as at one moment, and what was left out of them."""

from collections.abc import Callable, Iterator

from tracker.report.exchange.columns import TidyTable, Value
from tracker.report.exchange.formats import LeftOut, Progress
from tracker.report.exchange.selection import Selection
from tracker.report.exchange.tables_of_measurements import NOTICES, REPETITIONS, REST_TESTS, SENSORS
from tracker.report.exchange.tables_of_person import (
    BANDS,
    HABITS,
    PLANS,
    REVISIONS,
    SCREENINGS,
    SESSION_FELT,
    SET_FELT,
    VERDICTS,
)
from tracker.report.exchange.tables_of_sessions import SESSIONS, SETS, TARGETS, TOLD_SETS
from tracker.store.database import Database

TABLES: tuple[TidyTable, ...] = (
    SESSIONS,
    SETS,
    REPETITIONS,
    REST_TESTS,
    TARGETS,
    TOLD_SETS,
    SESSION_FELT,
    SET_FELT,
    SENSORS,
    NOTICES,
    REVISIONS,
    BANDS,
    HABITS,
    PLANS,
    VERDICTS,
    SCREENINGS,
)

TableWriter = Callable[[TidyTable, Iterator[tuple[Value, ...]]], None]


def write_tables(
    database: Database, selection: Selection, write: TableWriter, progress: Progress
) -> tuple[LeftOut, ...]:
    """Hand every table with its rows to `write`; returns what is in none of them."""
    with database.read() as connection:
        for number, table in enumerate(TABLES, start=1):
            write(table, table.rows(connection, selection))
            progress(number / len(TABLES))
    return tuple(_left_out(selection))


def _left_out(selection: Selection) -> Iterator[LeftOut]:
    if selection.days is None:
        by_days = [table.name for table in TABLES if table.of_person is not None and table.by_days]
        yield LeftOut(
            f"rows of no session in {', '.join(by_days)}",
            "sessions were named one by one; they are exported with --all or a span of days",
        )
