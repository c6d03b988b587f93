"""Sessions: begun with the recording, ended with it, and told apart from those whose recorder was killed."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, insert, select, update

from tracker.errors import NotThereError
from tracker.model import Placement, SensorIdentity
from tracker.store.corrected import (
    corrected_partial_reps,
    corrected_valid_reps,
    corrects_set,
    counts,
)
from tracker.store.goes_on import goes_on
from tracker.store.persons import checked_time_zone
from tracker.store.recorder import Recorder
from tracker.store.sensors import remember_sensor
from tracker.store.tables import (
    AnalysisTable,
    ExerciseSetTable,
    ManualSetTable,
    RecordingTable,
    RestTestTable,
    SessionSensorTable,
    SessionTable,
    SetCorrectionTable,
)
from tracker.store.values import SessionState, SessionSummary

# Where the recorder runs on another machine nobody can look whether it lives; no sitting takes this long.
_LONGEST_SITTING = timedelta(hours=24)


def begin_session(
    connection: Connection,
    *,
    person_id: int,
    started_at: datetime,
    time_zone: str,
    recording_path: str,
    simulated: bool = False,
    sensors: Mapping[Placement, SensorIdentity] | None = None,
    recorder: Recorder | None = None,
) -> int:
    """Store that a session begins, in the state `recording`; returns its id.

    Args:
        started_at: aware instant of the recording's start.
        time_zone: IANA name of the zone in which the session takes place.
        recording_path: as `values.stored_path` gives it.
        simulated: the samples come from a virtual sensor.
        sensors: the sensors worn; remembered where they are new.
        recorder: the process that writes; this one where None.

    Raises:
        UsageError: no such time zone.
    """
    row = {
        "person_id": person_id,
        "started_at": started_at,
        "time_zone": checked_time_zone(time_zone),
        "state": SessionState.RECORDING.value,
        "simulated": simulated,
        "recorder": (recorder or Recorder.current()).text,
        "by_hand": False,
        "rest_left_out": False,
    }
    session_id = connection.execute(insert(SessionTable).returning(SessionTable.id), row).scalar_one()
    connection.execute(insert(RecordingTable), {"session_id": session_id, "path": recording_path})
    worn = [
        {
            "session_id": session_id,
            "placement": placement.value,
            "sensor_id": remember_sensor(connection, sensor),
        }
        for placement, sensor in (sensors or {}).items()
    ]
    if worn:
        connection.execute(insert(SessionSensorTable), worn)
    return session_id


def finish_session(
    connection: Connection,
    session_id: int,
    *,
    ended_at: datetime,
    duration_s: float,
    size_bytes: int,
    state: SessionState = SessionState.COMPLETE,
    recording_path: str | None = None,
) -> None:
    """Store how a session ended; also for one that was interrupted and whose recording was recovered.

    Args:
        duration_s: length of the recording.
        size_bytes: size of its file.
        recording_path: another file than the one it began with, as after a recovery.

    Raises:
        UsageError: no such session.
        ValueError: `state` says that the session goes on.
    """
    if state is SessionState.RECORDING:
        raise ValueError("a finished session is not recording")
    values = {"ended_at": ended_at, "state": state.value, "recorder": None}
    changed = connection.execute(update(SessionTable).where(SessionTable.id == session_id).values(values))
    if changed.rowcount == 0:
        raise no_such_session(session_id)
    file: dict[str, object] = {"duration_s": duration_s, "size_bytes": size_bytes}
    if recording_path is not None:
        file["path"] = recording_path
    connection.execute(update(RecordingTable).where(RecordingTable.session_id == session_id).values(file))


def mark_interrupted(connection: Connection, now: datetime | None = None) -> tuple[int, ...]:
    """Mark the sessions that nobody writes any more; returns their ids.

    Args:
        now: the instant to judge by; the clock's where None.
    """
    query = select(SessionTable.id, SessionTable.recorder, SessionTable.started_at).where(
        SessionTable.state == SessionState.RECORDING.value
    )
    judged = now or datetime.now(UTC)
    ended = [
        row.id for row in connection.execute(query) if not is_written(row.recorder, row.started_at, judged)
    ]
    if ended:
        values = {"state": SessionState.INTERRUPTED.value, "recorder": None}
        connection.execute(update(SessionTable).where(SessionTable.id.in_(ended)).values(values))
    return tuple(ended)


def list_sessions(
    connection: Connection,
    person_id: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
    deleted: bool = False,
) -> tuple[SessionSummary, ...]:
    """A person's sessions, the latest first.

    A session whose recorder was killed is shown as interrupted, also where `mark_interrupted` has not run.

    Args:
        since, until: only sessions that began within [since, until).
        limit: at most so many.
        deleted: those that were deleted in place of those that were not.
    """
    query = _summaries().where(
        SessionTable.person_id == person_id,
        SessionTable.deleted_at.is_not(None) if deleted else SessionTable.deleted_at.is_(None),
    )
    if since is not None:
        query = query.where(SessionTable.started_at >= since)
    if until is not None:
        query = query.where(SessionTable.started_at < until)
    query = query.order_by(SessionTable.started_at.desc(), SessionTable.id.desc()).limit(limit)
    return tuple(_summary(row) for row in connection.execute(query))


def count_sessions(connection: Connection) -> int:
    """How many sessions of all persons there are."""
    return int(connection.execute(select(func.count()).select_from(SessionTable)).scalar_one())


def read_session(connection: Connection, session_id: int) -> SessionSummary:
    """One session.

    Raises:
        UsageError: no such session.
    """
    row = connection.execute(_summaries().where(SessionTable.id == session_id)).one_or_none()
    if row is None:
        raise no_such_session(session_id)
    return _summary(row)


def find_session(connection: Connection, recording_path: str) -> int | None:
    """Id of the latest session with this recording, as `values.stored_path` gives it."""
    query = select(func.max(RecordingTable.session_id)).where(RecordingTable.path == recording_path)
    found: int | None = connection.execute(query).scalar()
    return found


def no_such_session(session_id: int) -> NotThereError:
    """The error to raise where a session is asked for that isn't there."""
    return NotThereError(
        f"there is no session {session_id}", advice="`tracker sessions` lists them.", session_id=session_id
    )


def is_written(recorder: str | None, started_at: datetime, now: datetime) -> bool:
    """Whether a session in the state `recording` is really being recorded, as far as can be known."""
    if recorder is None:
        return False
    alive = None
    with suppress(ValueError):
        alive = Recorder.from_text(recorder).is_alive()
    return now - started_at < _LONGEST_SITTING if alive is None else alive


def _summaries() -> Select[*tuple[object, ...]]:
    def of_sets(value: ColumnElement[int]) -> ColumnElement[int]:
        inner = (
            select(func.coalesce(value, 0))
            .select_from(ExerciseSetTable)
            .outerjoin(SetCorrectionTable, corrects_set())
            .where(ExerciseSetTable.analysis_id == AnalysisTable.id, counts())
        )
        return inner.correlate(AnalysisTable, SessionTable).scalar_subquery()

    def told(value: ColumnElement[int]) -> ColumnElement[int]:
        inner = select(func.coalesce(value, 0)).where(ManualSetTable.session_id == SessionTable.id)
        return inner.correlate(SessionTable).scalar_subquery()

    def of_rest_tests(value: ColumnElement[int]) -> ColumnElement[int]:
        inner = select(value).where(RestTestTable.analysis_id == AnalysisTable.id)
        return inner.correlate(AnalysisTable).scalar_subquery()

    return (
        select(
            SessionTable,
            RecordingTable.path,
            RecordingTable.duration_s,
            RecordingTable.size_bytes,
            AnalysisTable.version,
            of_sets(func.sum(case((goes_on(), 0), else_=1))).label("sets"),
            of_sets(func.sum(corrected_valid_reps())).label("valid_reps"),
            of_sets(func.sum(corrected_partial_reps())).label("partial_reps"),
            told(func.sum(ManualSetTable.sets)).label("told_sets"),
            told(func.sum(ManualSetTable.sets * ManualSetTable.reps)).label("told_reps"),
            of_rest_tests(func.count(RestTestTable.id)).label("rest_tests"),
            of_rest_tests(func.count(RestTestTable.refused)).label("refused_rest_tests"),
        )
        .outerjoin(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .outerjoin(
            AnalysisTable,
            and_(AnalysisTable.recording_id == RecordingTable.id, AnalysisTable.is_current.is_(True)),
        )
    )


def _summary(row: Row[*tuple[object, ...]]) -> SessionSummary:
    state = SessionState(row.state)
    if state is SessionState.RECORDING and not is_written(row.recorder, row.started_at, datetime.now(UTC)):
        state = SessionState.INTERRUPTED
    return SessionSummary(
        session_id=row.id,
        person_id=row.person_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
        time_zone=row.time_zone,
        state=state,
        simulated=row.simulated,
        by_hand=row.by_hand,
        deleted_at=row.deleted_at,
        rest_left_out=row.rest_left_out,
        recording_path=row.path,
        duration_s=row.duration_s,
        size_bytes=row.size_bytes,
        analysis_version=row.version,
        sets=row.sets,
        valid_reps=row.valid_reps,
        partial_reps=row.partial_reps,
        told_sets=row.told_sets,
        told_reps=row.told_reps,
        rest_tests=row.rest_tests,
        refused_rest_tests=row.refused_rest_tests,
    )
