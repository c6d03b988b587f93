"""Ties recordings and analyses to the store: a session is known from its first second on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracker.home import Home
from tracker.local_time import local_time_zone
from tracker.model import Analysis, Placement, SensorIdentity
from tracker.recording.header import RecordingHeader
from tracker.session.analyser import AnalysisParameters
from tracker.session.history import with_history
from tracker.session.live import LiveOutcome
from tracker.session.replay import Replay
from tracker.store.analyses import save_analysis
from tracker.store.database import Database
from tracker.store.persons import get_or_create_person
from tracker.store.sessions import begin_session, find_session, finish_session
from tracker.store.values import SessionState, stored_path


def recording_path(home: Home, started_at: datetime) -> Path:
    """Where a recording that begins now goes; the name holds nothing but the time."""
    return home.recordings / f"{started_at.astimezone(UTC):%Y-%m-%dT%H-%M-%S-%fZ}.mcap"


@dataclass(slots=True)
class StoreKeeper:
    """Keeps one session in the store, from its beginning to its end.

    Attributes:
        session_id: known once the session has begun.
    """

    database: Database
    home: Home
    session_id: int | None = None

    def prepare(
        self,
        parameters: AnalysisParameters,
        sensors: Mapping[Placement, SensorIdentity],
        *,
        simulated: bool = False,
    ) -> AnalysisParameters:
        """The parameters with what the store knows of the person and of the sensors that are worn.

        Args:
            simulated: whether the session that begins is.
        """
        with self.database.write() as connection:
            person = get_or_create_person(connection, time_zone=local_time_zone())
            return with_history(parameters, connection, person.person_id, sensors, simulated=simulated)

    def begin(self, header: RecordingHeader, path: Path, sensors: Mapping[Placement, SensorIdentity]) -> None:
        """Store that the session has begun."""
        zone = header.time_zone or local_time_zone()
        with self.database.write() as connection:
            person = get_or_create_person(connection, time_zone=local_time_zone())
            self.session_id = begin_session(
                connection,
                person_id=person.person_id,
                started_at=header.started_at.astimezone(UTC),
                time_zone=zone,
                recording_path=stored_path(path, self.home.folder),
                simulated=header.simulated,
                sensors=sensors,
            )

    def finish(self, outcome: LiveOutcome) -> None:
        """Store the result of a live session."""
        state = SessionState.COMPLETE if outcome.failure is None else SessionState.INTERRUPTED
        self.keep_result(outcome.header, outcome.path, outcome.analysis, state)

    def keep_result(
        self, header: RecordingHeader, path: Path, analysis: Analysis, state: SessionState
    ) -> None:
        """Store how the session ended and what its analysis found, both or none."""
        if self.session_id is None:
            raise ValueError("the session has not begun")
        with self.database.write() as connection:
            finish_session(
                connection,
                self.session_id,
                ended_at=header.started_at.astimezone(UTC) + timedelta(seconds=analysis.duration_s),
                duration_s=analysis.duration_s,
                size_bytes=path.stat().st_size,
                state=state,
                recording_path=stored_path(path, self.home.folder),
            )
            save_analysis(connection, self.session_id, analysis)


def keep_replay(database: Database, home: Home, replay: Replay, recorded_as: Path | None = None) -> int:
    """Store a recording that was analysed from its file as a session; the session's id.

    Args:
        recorded_as: the file that it was recorded to, where `replay` comes from a recovered copy: a session
            that is known by that file is completed instead of a second one made.
    """
    keeper = StoreKeeper(database, home)
    with database.read() as connection:
        keeper.session_id = find_session(connection, stored_path(recorded_as or replay.path, home.folder))
    if keeper.session_id is None:
        keeper.begin(replay.header, replay.path, {})
    keeper.keep_result(replay.header, replay.path, replay.analysis, SessionState.COMPLETE)
    if keeper.session_id is None:
        raise ValueError("the session has not begun")
    return keeper.session_id
