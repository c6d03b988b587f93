"""The recordings of sessions with what their current analysis was made by: what re-analysis looks at."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, and_, select

from tracker.store.sessions import is_written
from tracker.store.tables import AnalysisTable, RecordingTable, SessionTable
from tracker.store.values import SessionState

_CURRENT: ColumnElement[bool] = and_(
    AnalysisTable.recording_id == RecordingTable.id, AnalysisTable.is_current.is_(True)
)


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """A session with a recording.

    Attributes:
        is_recorded_now: some process writes it at this moment.
        path: of the recording, as stored.
        analysis_id, version, parameters: of the current analysis; None where there is none.
    """

    session_id: int
    is_recorded_now: bool
    path: str
    analysis_id: int | None
    version: str | None
    parameters: str | None


def recorded_sessions(
    connection: Connection, *, person_id: int | None = None, sessions: Collection[int] | None = None
) -> Iterator[RecordedSession]:
    """Sessions that have a recording and were not deleted, the earliest first.

    Args:
        person_id: only this person's.
        sessions: only those.
    """
    query = (
        select(
            SessionTable.id,
            SessionTable.state,
            SessionTable.recorder,
            SessionTable.started_at,
            RecordingTable.path,
            AnalysisTable.id.label("analysis_id"),
            AnalysisTable.version,
            AnalysisTable.parameters,
        )
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .outerjoin(AnalysisTable, _CURRENT)
        .where(SessionTable.deleted_at.is_(None))
        .order_by(SessionTable.started_at, SessionTable.id)
    )
    if person_id is not None:
        query = query.where(SessionTable.person_id == person_id)
    if sessions is not None:
        query = query.where(SessionTable.id.in_(sessions))
    now = datetime.now(UTC)
    for row in connection.execute(query):
        recording = row.state == SessionState.RECORDING.value
        yield RecordedSession(
            session_id=row.id,
            is_recorded_now=recording and is_written(row.recorder, row.started_at, now),
            path=row.path,
            analysis_id=row.analysis_id,
            version=row.version,
            parameters=row.parameters,
        )


def current_analysis_id(connection: Connection, session_id: int, *, hold: bool = False) -> int | None:
    """Id of a session's current analysis; None where it has none.

    Args:
        hold: let nobody else store an analysis of it until the transaction ends.
    """
    recording = select(RecordingTable.id).where(RecordingTable.session_id == session_id)
    if hold:
        recording = recording.with_for_update()
    recording_id = connection.execute(recording).scalar()
    query = select(AnalysisTable.id).where(
        AnalysisTable.recording_id == recording_id, AnalysisTable.is_current.is_(True)
    )
    found: int | None = connection.execute(query).scalar()
    return found
