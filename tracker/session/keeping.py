"""Ties recordings and analyses to the store: a session is known from its first second on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from tracker.home import Home
from tracker.local_time import local_time_zone
from tracker.model import Analysis, Placement, SensorIdentity, SessionFelt
from tracker.recording.header import RecordingHeader
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.history import with_history
from tracker.session.keeping_answers import keep_answers
from tracker.session.live import LiveOutcome
from tracker.session.live_answers import NO_ANSWERS, LiveAnswers
from tracker.session.replay import Replay
from tracker.store.analyses import save_analysis
from tracker.store.database import Database
from tracker.store.felt import save_session_felt
from tracker.store.persons import person_meant
from tracker.store.sessions import begin_session, find_session, finish_session, read_session
from tracker.store.values import Person, SessionState, stored_path


def recording_path(home: Home, started_at: datetime) -> Path:
    """Where a recording that begins now goes; the name holds nothing but the time."""
    return home.recordings / f"{started_at.astimezone(UTC):%Y-%m-%dT%H-%M-%S-%fZ}.mcap"


@dataclass(slots=True)
class StoreKeeper:
    """Keeps one session in the store, from its beginning to its end.

    Attributes:
        person_name: whose session it is; the default person's where None.
        session_id: known once the session has begun.
        pain_before: 0 to 10, as told before it; stored with its beginning, so that a killed one has it.
    """

    database: Database
    home: Home
    person_name: str | None = None
    session_id: int | None = None
    pain_before: int | None = None

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
            person = self.person(connection)
            return with_history(parameters, connection, person.person_id, sensors, simulated=simulated)

    def begin(self, header: RecordingHeader, path: Path, sensors: Mapping[Placement, SensorIdentity]) -> None:
        """Store that the session has begun."""
        zone = header.time_zone or local_time_zone()
        with self.database.write() as connection:
            person = self.person(connection)
            self.session_id = begin_session(
                connection,
                person_id=person.person_id,
                started_at=header.started_at.astimezone(UTC),
                time_zone=zone,
                recording_path=stored_path(path, self.home.folder),
                simulated=header.simulated,
                sensors=sensors,
            )
            if self.pain_before is not None:
                felt = SessionFelt(pain_before=self.pain_before)
                save_session_felt(connection, self.session_id, felt)

    def person(self, connection: Connection) -> Person:
        """Whose session it is.

        Raises:
            UsageError: nobody has that name.
        """
        return person_meant(connection, self.person_name, time_zone=local_time_zone())

    def finish(self, outcome: LiveOutcome) -> None:
        """Store the result of a live session, and what the person said while it ran."""
        state = SessionState.COMPLETE if outcome.failure is None else SessionState.INTERRUPTED
        self.keep_result(outcome.path, outcome.analysis, state, outcome.answers)

    def keep_result(
        self, path: Path, analysis: Analysis, state: SessionState, answers: LiveAnswers = NO_ANSWERS
    ) -> None:
        """Store how the session ended and what its analysis found, both or none; then what was said."""
        if self.session_id is None:
            raise ValueError("the session has not begun")
        with self.database.write() as connection:
            # The person may have corrected when it began, before it was recovered.
            began_at = read_session(connection, self.session_id).started_at
            finish_session(
                connection,
                self.session_id,
                ended_at=began_at + timedelta(seconds=analysis.duration_s),
                duration_s=analysis.duration_s,
                size_bytes=path.stat().st_size,
                state=state,
                recording_path=stored_path(path, self.home.folder),
            )
            save_analysis(connection, self.session_id, analysis)
        # Apart: whatever was said must not stand against the result.
        with self.database.write() as connection:
            keep_answers(connection, self.session_id, answers)


def keep_replay(
    database: Database,
    home: Home,
    replay: Replay,
    recorded_as: Path | None = None,
    person_name: str | None = None,
) -> int:
    """Store a recording that was analysed from its file as a session; the session's id.

    Args:
        recorded_as: the file that it was recorded to, where `replay` comes from a recovered copy: a session
            that is known by that file is completed instead of a second one made.
        person_name: whose session a new one is; the default person's where None.
    """
    keeper = StoreKeeper(database, home, person_name)
    with database.read() as connection:
        keeper.session_id = find_session(connection, stored_path(recorded_as or replay.path, home.folder))
    if keeper.session_id is None:
        keeper.begin(replay.header, replay.path, {})
    keeper.keep_result(replay.path, replay.analysis, SessionState.COMPLETE, replay.answers)
    if keeper.session_id is None:
        raise ValueError("the session has not begun")
    return keeper.session_id
