"""A home with stored sessions to export: simulated ones, with their recordings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from tracker.home import Home
from tracker.model import Notification, PhaseMark, Placement, Side
from tracker.plan.catalogue import load_catalogue
from tracker.recording.header import RecordingHeader
from tracker.recording.items import RecordedSensor, RecordingItem
from tracker.recording.reader import read_recording
from tracker.recording.writer import RecordingWriter
from tracker.report.exchange.selection import Days, Selection, choose_days
from tracker.sensing.body.sessions import SimulatedSession, demo_session
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.keeping import keep_replay
from tracker.session.replay import replay
from tracker.session.settings import load_settings
from tracker.session.simulation import write_simulated_recording
from tracker.store.database import Database, open_database
from tracker.store.manual_sets import ManualSet, add_session_by_hand
from tracker.store.persons import person_meant

Outages: TypeAlias = Mapping[Placement, Sequence[tuple[float, float]]]

STARTED_AT = datetime(2026, 11, 17, 18, 30, tzinfo=UTC)


def parameters() -> AnalysisParameters:
    """The shipped settings and exercises."""
    settings = load_settings()
    return AnalysisParameters(
        settings.motion, settings.clock, load_catalogue().counting, backfill=settings.backfill
    )


@dataclass(frozen=True, slots=True)
class ExportedHome:
    """A home folder with its database."""

    home: Home
    database: Database

    def simulate(
        self, session: SimulatedSession | None = None, *, started_at: datetime = STARTED_AT
    ) -> tuple[int, Path]:
        """A simulated session that was recorded and analysed; its id and its recording."""
        path = self.home.recordings / f"{started_at:%Y%m%dT%H%M%S}.mcap"
        write_simulated_recording(session or demo_session(), path, started_at)
        return self.keep(path), path

    def keep(self, path: Path) -> int:
        """Store a recording as a session; its id."""
        return keep_replay(self.database, self.home, replay(path, parameters()))

    def add_by_hand(self, *, days_later: int = 1) -> int:
        """A session without sensors."""
        with self.database.write() as connection:
            person = person_meant(connection, None, time_zone="Europe/Berlin")
            return add_session_by_hand(
                connection,
                person_id=person.person_id,
                started_at=STARTED_AT + timedelta(days=days_later),
                time_zone="Europe/Berlin",
                minutes=15.0,
                done=[ManualSet("seated_ir", Side.LEFT, 3, 10), ManualSet("bridge", None, 2, 12, 5.0)],
            )

    def everything(self) -> Selection:
        """All sessions of the default person."""
        with self.database.read() as connection:
            person = person_meant(connection, None, time_zone="Europe/Berlin")
            return choose_days(connection, person, self.home.folder, Days())


def new_home(folder: Path) -> ExportedHome:
    """An empty home; the caller closes its database."""
    home = Home(folder)
    home.create()
    return ExportedHome(home, open_database(home.database))


def rewrite(items: Iterable[RecordingItem], out: Path, header: RecordingHeader) -> None:
    """Write sensors, notifications and marks as a recording of their own."""
    with RecordingWriter(out, header, sync=False) as writer:
        for item in items:
            match item:
                case RecordedSensor():
                    writer.add_sensor(item.placement, item.identity)
                case Notification():
                    writer.write_notification(item)
                case PhaseMark():
                    writer.write_mark(item, header.anchor.monotonic_ns + round(item.time_s * 1e9))
                case _:
                    pass


def with_outages(source: Path, out: Path, outages_s: Outages) -> Path:
    """A copy of a recording in which notifications of some spans of time never arrived."""
    recording = read_recording(source)

    def arrived(item: RecordingItem) -> bool:
        if not isinstance(item, Notification):
            return True
        at_s = recording.header.time_s(item.received_ns)
        return not any(start <= at_s < end for start, end in outages_s.get(item.placement, ()))

    rewrite(filter(arrived, recording.items()), out, recording.header)
    return out


def cut(path: Path, share: float) -> None:
    """Leave the first part of a file only."""
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
