"""What the resources of one session have in common, and what was said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.model import Band, Placement, SensorIdentity, SessionFelt, SetFelt, SetTarget
from tracker.plan.catalogue import CatalogueEntry
from tracker.report.exchange.fhir.codes import Element
from tracker.report.exchange.fhir.elements import SIMULATED_NOTE, Names, moment, notes, simulated_tag
from tracker.store.analyses import read_analysis
from tracker.store.felt import sessions_felt, sets_felt
from tracker.store.found_sets import FoundSet, found_sets
from tracker.store.manual_sets import ManualSet, manual_sets_of
from tracker.store.plans import targets_of
from tracker.store.sensors import worn_sensors
from tracker.store.values import SessionSummary, StoredAnalysis


@dataclass(frozen=True, slots=True)
class PersonContext:
    """What holds for all sessions of a person.

    Attributes:
        bands: by id.
    """

    names: Names
    bands: Mapping[int, Band]
    catalogue: Mapping[str, CatalogueEntry]


@dataclass(frozen=True, slots=True)
class SessionContext:
    """One session with all that is stored of it.

    Attributes:
        stored: its current analysis; None where there is none.
        found: the sets of that analysis, with the person's corrections.
        told: the sets of a session by hand.
    """

    person: PersonContext
    session: SessionSummary
    stored: StoredAnalysis | None
    found: tuple[FoundSet, ...]
    told: tuple[ManualSet, ...]
    felt: SessionFelt
    sets_felt: Mapping[int, SetFelt]
    targets: tuple[SetTarget, ...]
    sensors: Mapping[Placement, SensorIdentity]

    @property
    def names(self) -> Names:
        """Ids of the person's resources."""
        return self.person.names

    @property
    def session_key(self) -> tuple[object, ...]:
        """What the session's procedure is named by."""
        return "session", self.session.session_id

    @property
    def zone(self) -> ZoneInfo:
        """Where the session took place."""
        return ZoneInfo(self.session.time_zone)

    @property
    def ended_at(self) -> datetime:
        """Its end; of an interrupted one that of its recording."""
        length_s = self.session.duration_s or 0.0
        return self.session.ended_at or self.session.started_at + timedelta(seconds=length_s)

    def at(self, time_s: float) -> str:
        """A time of the recording."""
        return moment(self.session.started_at + timedelta(seconds=time_s), self.zone)

    def period(self, start_s: float, end_s: float) -> Element:
        """A span of the recording."""
        return {"start": self.at(start_s), "end": self.at(end_s)}

    @property
    def whole_period(self) -> Element:
        """All of the session."""
        return {
            "start": moment(self.session.started_at, self.zone),
            "end": moment(max(self.ended_at, self.session.started_at), self.zone),
        }

    def common(self, *more_notes: str | None) -> Element:
        """Subject, tag and notes of every resource of the session."""
        simulated = self.session.simulated
        told = (SIMULATED_NOTE if simulated else None, *more_notes)
        return {"subject": self.names.reference(), **simulated_tag(simulated), **notes(told)}

    def device(self, placement: Placement) -> Element:
        """The sensor at a placement; the program where it is not known."""
        sensor = self.sensors.get(placement)
        if sensor is None:
            return self.names.reference("program")
        return self.names.reference("sensor", sensor.sensor_id)


def session_context(connection: Connection, person: PersonContext, session: SessionSummary) -> SessionContext:
    """Read what is stored of a session."""
    key = session.session_id
    stored = read_analysis(connection, key)
    return SessionContext(
        person=person,
        session=session,
        stored=stored,
        found=() if stored is None else found_sets(connection, key, stored.analysis_id),
        told=manual_sets_of(connection, key),
        felt=sessions_felt(connection, [key]).get(key, SessionFelt()),
        sets_felt=sets_felt(connection, [key]).get(key, {}),
        targets=targets_of(connection, [key]).get(key, ()),
        sensors=worn_sensors(connection, key),
    )
