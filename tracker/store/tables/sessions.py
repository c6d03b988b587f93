"""Who trained when, with which sensors, recorded where."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.tables.base import Table


class PersonTable(Table):
    """Who trains."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    time_zone: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    is_default: Mapped[bool | None] = mapped_column(unique=True)
    """True for the person whom commands mean that name none; null for all others, so that there is one."""


class SensorTable(Table):
    """A sensor that was met, and where it is worn if it is paired."""

    __tablename__ = "sensor"

    id: Mapped[int] = mapped_column(primary_key=True)
    sensor_id: Mapped[str] = mapped_column(String(200), unique=True)
    address: Mapped[str]
    name: Mapped[str]
    protocol: Mapped[str] = mapped_column(String(64))
    capabilities: Mapped[bytes]
    placement: Mapped[str | None] = mapped_column(String(32), unique=True)
    paired_at: Mapped[datetime | None]


class SensorCalibrationTable(Table):
    """A six-position calibration of a sensor's accelerometer; the newest one counts, older ones stay."""

    __tablename__ = "sensor_calibration"

    id: Mapped[int] = mapped_column(primary_key=True)
    sensor_id: Mapped[int] = mapped_column(ForeignKey("sensor.id", ondelete="CASCADE"), index=True)
    calibrated_on: Mapped[str] = mapped_column(String(10))
    offset_x_m_per_s2: Mapped[float]
    offset_y_m_per_s2: Mapped[float]
    offset_z_m_per_s2: Mapped[float]
    scale_x: Mapped[float]
    scale_y: Mapped[float]
    scale_z: Mapped[float]
    residual_m_per_s2: Mapped[float]


class SessionTable(Table):
    """One sitting; `recorder` tells which process writes it, as long as one does.

    What stands here, in `set_correction` and in `manual_set` is what holds now; `session_revision` tells how
    it came to be so.
    """

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_week", "person_id", "started_at", "simulated"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    time_zone: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), index=True)
    simulated: Mapped[bool]
    recorder: Mapped[str | None]
    by_hand: Mapped[bool]
    """Done without sensors and told afterwards: it has `manual_set` rows but no recording."""
    deleted_at: Mapped[datetime | None]
    rest_left_out: Mapped[bool]
    """Its rest tests do not count, for the reason in the revision."""


class SessionSensorTable(Table):
    """Which sensor sat where in a session."""

    __tablename__ = "session_sensor"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    placement: Mapped[str] = mapped_column(String(32), primary_key=True)
    sensor_id: Mapped[int] = mapped_column(ForeignKey("sensor.id"), index=True)


class RecordingTable(Table):
    """The file of a session."""

    __tablename__ = "recording"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), unique=True)
    path: Mapped[str] = mapped_column(Text, index=True)
    duration_s: Mapped[float | None]
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
