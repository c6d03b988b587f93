"""The paired sensors, and how they did in a person's last recorded session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from firmware_protocol import ProtocolError, decode_capabilities
from tracker.errors import TrackerError
from tracker.model import Placement, SensorIdentity, SensorQuality
from tracker.recording.events import RecordingEvent
from tracker.recording.reader import read_recording
from tracker.sensing.drivers.registry import kind_of
from tracker.sensing.identity import PROTOCOL_NAME
from tracker.sensing.source import LinkReport
from tracker.session.live_step import LINK_EVENT, link_report
from tracker.session.workplace import Workplace
from tracker.store.analyses import read_analysis
from tracker.store.calibrations import newest_calibrations
from tracker.store.database import Database
from tracker.store.sensors import paired_sensors, unpair, worn_sensors
from tracker.store.sessions import list_sessions
from tracker.store.values import Person, SessionSummary

_SESSIONS_LOOKED_AT = 20
"""The newest ones may be by hand, or without an analysis."""


@dataclass(frozen=True, slots=True)
class PairedSensor:
    """A sensor that is worn at a place.

    Attributes:
        kind: what kind of sensor it is.
        firmware: name and version; empty where the sensor does not tell.
        calibrated_on: day of its newest six-position calibration, ISO; None without one.
        battery_percent: at the end of the person's last recorded session; None where it was not in it.
    """

    placement: Placement
    identity: SensorIdentity
    kind: str
    firmware: str
    calibrated_on: str | None
    battery_percent: int | None


@dataclass(frozen=True, slots=True)
class SensorThen:
    """How a sensor did in a session.

    Attributes:
        name: of the sensor; empty where it is not known.
        battery_percent, rssi_dbm: the last that were told; None where none were.
    """

    quality: SensorQuality
    name: str
    battery_percent: int | None
    rssi_dbm: int | None

    @property
    def loss(self) -> float:
        """Share of samples that did not arrive, 0 to 1."""
        whole = self.quality.samples + self.quality.missing
        return self.quality.missing / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class SensorsThen:
    """The sensors of a session."""

    session_id: int
    started_at: datetime
    simulated: bool
    sensors: tuple[SensorThen, ...]


@dataclass(frozen=True, slots=True)
class SensorsNow:
    """What is known of sensors without a radio.

    Attributes:
        last: of the newest recorded session; None where there is none.
    """

    paired: tuple[PairedSensor, ...]
    last: SensorsThen | None


def sensors_now(place: Workplace, database: Database, person: Person) -> SensorsNow:
    """Read what is known.

    Raises:
        DatabaseError: the database cannot be read.
    """
    with database.read() as connection:
        paired = paired_sensors(connection)
        calibrations = newest_calibrations(connection, [one.sensor_id for one in paired.values()])
        found = _newest_measured(connection, person)
        worn = {} if found is None else worn_sensors(connection, found[0].session_id)
    last, battery = None, {}
    if found is not None:
        session, qualities = found
        reports = _last_reports(session.recording_file(place.home.folder))
        battery = {
            worn[placement].sensor_id: report.battery_percent
            for placement, report in reports.items()
            if placement in worn
        }
        last = SensorsThen(
            session.session_id,
            session.started_at,
            session.simulated,
            tuple(_then(one, worn.get(one.placement), reports) for one in qualities),
        )
    known = tuple(
        PairedSensor(
            placement,
            identity,
            kind_title(identity.protocol),
            firmware_of(identity),
            None if (found_on := calibrations.get(identity.sensor_id)) is None else found_on.calibrated_on,
            battery.get(identity.sensor_id),
        )
        for placement, identity in paired.items()
    )
    return SensorsNow(known, last)


def unpaired(database: Database, placement: Placement) -> bool:
    """Free a place; false where none was paired to it.

    Raises:
        DatabaseError: it cannot be stored.
    """
    with database.write() as connection:
        return unpair(connection, placement)


def kind_title(protocol: str) -> str:
    """What a kind of sensor is called; its name where it is not known any more."""
    try:
        return kind_of(protocol).title
    except TrackerError:
        return protocol


def firmware_of(identity: SensorIdentity) -> str:
    """Name and version of a sensor's firmware; empty where its kind does not tell."""
    if identity.protocol != PROTOCOL_NAME:
        return ""
    try:
        return decode_capabilities(identity.capabilities).firmware
    except ProtocolError:
        return ""


def _newest_measured(
    connection: Connection, person: Person
) -> tuple[SessionSummary, tuple[SensorQuality, ...]] | None:
    for session in list_sessions(connection, person.person_id, limit=_SESSIONS_LOOKED_AT):
        stored = None if session.by_hand else read_analysis(connection, session.session_id)
        if stored is not None and stored.analysis.sensors:
            return session, stored.analysis.sensors
    return None


def _then(
    quality: SensorQuality, identity: SensorIdentity | None, reports: Mapping[Placement, LinkReport]
) -> SensorThen:
    report = reports.get(quality.placement)
    return SensorThen(
        quality,
        "" if identity is None else identity.name,
        None if report is None else report.battery_percent,
        None if report is None else report.rssi_dbm,
    )


def _last_reports(path: Path | None) -> dict[Placement, LinkReport]:
    """The last that links told of battery and signal; nothing of a file that cannot be read."""
    found: dict[Placement, LinkReport] = {}
    if path is None:
        return found
    try:
        for item in read_recording(path).items():
            if not isinstance(item, RecordingEvent) or item.kind != LINK_EVENT:
                continue
            report = link_report(item)
            if report is not None and report.battery_percent is not None:
                found[report.placement] = report
    except TrackerError:
        return found
    return found
