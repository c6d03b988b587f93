"""What a recording says of itself: when, by which software, with which settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from tracker.model import WallClockAnchor
from tracker.recording.format import (
    FORMAT_VERSION,
    MAX_SETTINGS_BYTES,
    MAX_STAMP_NS,
    NANOSECONDS,
    seal,
    unseal,
)

SESSION = "session"
SETTINGS = "settings"
CALIBRATION = "calibration"
METADATA_NAMES = (SESSION, SETTINGS, CALIBRATION)

_DAY_S = 86_400
_MAX_TEXT_CHARS = 200


@dataclass(frozen=True, slots=True)
class RecordingHeader:
    """The facts of one recording. It holds nothing that names a person.

    Attributes:
        anchor: the recording's start on both clocks; `time_s` counts from it.
        software_version: version of the program that recorded or imported.
        simulated: true where virtual sensors made the data.
        time_zone: name of the zone, for example `Europe/Berlin`; empty where unknown.
        utc_offset_s: local time minus UTC at the start, seconds.
        settings_json: settings of the session, a JSON object as text.
        calibration_json: calibration of the sensors, a JSON object as text.

    Raises:
        ValueError: a stamp or the offset is out of range, or a text is not a JSON object.
    """

    anchor: WallClockAnchor
    software_version: str
    simulated: bool = False
    time_zone: str = ""
    utc_offset_s: int = 0
    settings_json: str = "{}"
    calibration_json: str = "{}"

    def __post_init__(self) -> None:
        for stamp in (self.anchor.wall_ns, self.anchor.monotonic_ns):
            if not 0 <= stamp < MAX_STAMP_NS:
                raise ValueError(f"a clock stamp of {stamp} ns is out of range")
        if not -_DAY_S < self.utc_offset_s < _DAY_S:
            raise ValueError(f"a time zone cannot be {self.utc_offset_s} s from UTC")
        if len(self.time_zone) > _MAX_TEXT_CHARS or len(self.software_version) > _MAX_TEXT_CHARS:
            raise ValueError("time zone or software version is too long")
        for text in (self.settings_json, self.calibration_json):
            _check_object(text)

    @property
    def started_at(self) -> datetime:
        """Wall-clock time of the start, to the microsecond, in the zone of the recording."""
        seconds, rest_ns = divmod(self.anchor.wall_ns, NANOSECONDS)
        zone = timezone(timedelta(seconds=self.utc_offset_s))
        start = datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=rest_ns // 1000)
        return start.astimezone(zone)

    def time_s(self, monotonic_ns: int) -> float:
        """Seconds on the recording's time line of a host monotonic stamp."""
        return (monotonic_ns - self.anchor.monotonic_ns) / NANOSECONDS


def header_to_metadata(header: RecordingHeader) -> dict[str, dict[str, str]]:
    """The metadata records of a header, sealed, by name."""
    session = {
        "format": str(FORMAT_VERSION),
        "started_at": header.started_at.isoformat(),
        "wall_ns": str(header.anchor.wall_ns),
        "monotonic_ns": str(header.anchor.monotonic_ns),
        "time_zone": header.time_zone,
        "utc_offset_s": str(header.utc_offset_s),
        "software_version": header.software_version,
        "simulated": "true" if header.simulated else "false",
    }
    return {
        SESSION: seal(session),
        SETTINGS: seal({"json": header.settings_json}),
        CALIBRATION: seal({"json": header.calibration_json}),
    }


def header_from_metadata(records: Mapping[str, Mapping[str, str]]) -> RecordingHeader | None:
    """The header that metadata records hold, or None where one is missing or damaged."""
    parts = {name: unseal(records[name]) for name in METADATA_NAMES if name in records}
    session, settings, calibration = (parts.get(name) for name in METADATA_NAMES)
    if session is None or settings is None or calibration is None:
        return None
    try:
        return RecordingHeader(
            anchor=WallClockAnchor(int(session["wall_ns"]), int(session["monotonic_ns"])),
            software_version=session["software_version"],
            simulated=session["simulated"] == "true",
            time_zone=session["time_zone"],
            utc_offset_s=int(session["utc_offset_s"]),
            settings_json=settings["json"],
            calibration_json=calibration["json"],
        )
    except (KeyError, ValueError):
        return None


def _check_object(text: str) -> None:
    if len(text.encode()) > MAX_SETTINGS_BYTES:
        raise ValueError("settings or calibration are too large for a recording")
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError("settings or calibration are nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("settings and calibration are JSON objects")
