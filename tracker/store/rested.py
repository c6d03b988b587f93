"""The rest tests of a span, session by session: the queries behind the trend."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from tracker.model import THIGH_SIDES, RestTest, SensorAlignment
from tracker.store.rest_rows import alignment_of_values, rest_test_of_values
from tracker.store.spans import alignment_query, rest_test_query, sessions_within
from tracker.store.tables import (
    AnalysisTable,
    RecordingTable,
    RestTestTable,
    SensorAlignmentTable,
    SessionTable,
)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class RestedSession:
    """A session with rest tests that were measured.

    Attributes:
        analysis_parameters: JSON text, as the analysis was done with.
        tests: the measured ones, in order of time.
        alignments: those of the thighs, of the same analysis; they tell its donnings.
    """

    session_id: int
    started_at: datetime
    simulated: bool
    analysis_version: str
    analysis_parameters: str
    tests: tuple[RestTest, ...]
    alignments: tuple[SensorAlignment, ...]


def rested_sessions(
    connection: Connection, person_id: int, start: datetime, end: datetime
) -> tuple[RestedSession, ...]:
    """What the rest tests measured in a person's sessions that began within [start, end), in order of time.

    Only current analyses count, and no session whose rest tests the person has left out.

    Args:
        start, end: aware instants.
    """
    within = and_(sessions_within(person_id, start, end), SessionTable.rest_left_out.is_(False))
    measured = rest_test_query(within).where(RestTestTable.refused.is_(None))
    tests = _by_session(connection, measured, rest_test_of_values)
    of_thighs = SensorAlignmentTable.placement.in_([placement.value for placement in THIGH_SIDES])
    alignments = _by_session(connection, alignment_query(within).where(of_thighs), alignment_of_values)
    return tuple(
        RestedSession(
            session_id=row.id,
            started_at=row.started_at,
            simulated=row.simulated,
            analysis_version=row.version,
            analysis_parameters=row.parameters,
            tests=tuple(tests[row.id]),
            alignments=tuple(alignments.get(row.id, ())),
        )
        for row in connection.execute(_analysed(within)).all()
        if row.id in tests
    )


def refused_tests(
    connection: Connection, person_id: int, start: datetime, end: datetime
) -> tuple[tuple[str, int], ...]:
    """Why rest tests of a span could not be measured, how many for each reason; the most frequent first."""
    within = and_(sessions_within(person_id, start, end), SessionTable.rest_left_out.is_(False))
    tests = func.count().label("tests")
    query = (
        select(RestTestTable.refused, tests)
        .select_from(SessionTable)
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _current())
        .join(RestTestTable, RestTestTable.analysis_id == AnalysisTable.id)
        .where(within, RestTestTable.refused.is_not(None))
        .group_by(RestTestTable.refused)
        .order_by(tests.desc(), RestTestTable.refused)
    )
    return tuple((row.refused, row.tests) for row in connection.execute(query))


def _analysed(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            SessionTable.id,
            SessionTable.started_at,
            SessionTable.simulated,
            AnalysisTable.version,
            AnalysisTable.parameters,
        )
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, _current())
        .where(within)
        .order_by(SessionTable.started_at, SessionTable.id)
    )


def _current() -> ColumnElement[bool]:
    return and_(AnalysisTable.recording_id == RecordingTable.id, AnalysisTable.is_current.is_(True))


def _by_session(
    connection: Connection, query: Select[*tuple[Any, ...]], value_of: Callable[[Sequence[Any]], Value]
) -> dict[int, list[Value]]:
    """What a query gives after its first column, which is the session."""
    found: dict[int, list[Value]] = {}
    for session_id, *values in connection.execute(query).all():
        found.setdefault(session_id, []).append(value_of(values))
    return found
