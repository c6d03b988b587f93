"""Sensors that were met, and which of them is worn where."""

from datetime import UTC, datetime

from sqlalchemy import Connection, Row, insert, select, update

from tracker.model import Placement, SensorIdentity
from tracker.store.tables import SensorTable, SessionSensorTable

_IDENTITY = (
    SensorTable.sensor_id,
    SensorTable.address,
    SensorTable.name,
    SensorTable.protocol,
    SensorTable.capabilities,
)


def remember_sensor(connection: Connection, sensor: SensorIdentity) -> int:
    """Store a sensor, or what is new about a known one; returns its key in the database."""
    values = {
        "address": sensor.address,
        "name": sensor.name,
        "protocol": sensor.protocol,
        "capabilities": sensor.capabilities,
    }
    known = SensorTable.sensor_id == sensor.sensor_id
    key = connection.execute(select(SensorTable.id).where(known)).scalar()
    if key is not None:
        connection.execute(update(SensorTable).where(SensorTable.id == key).values(values))
        return key
    new = insert(SensorTable).values(sensor_id=sensor.sensor_id, **values).returning(SensorTable.id)
    return connection.execute(new).scalar_one()


def pair_sensor(
    connection: Connection, sensor: SensorIdentity, placement: Placement, paired_at: datetime | None = None
) -> None:
    """From now on `sensor`, and no other, is worn at `placement`, and at no other placement.

    Args:
        paired_at: the instant to keep; now where None.
    """
    key = remember_sensor(connection, sensor)
    unpair(connection, placement)
    values = {"placement": placement.value, "paired_at": paired_at or datetime.now(UTC)}
    connection.execute(update(SensorTable).where(SensorTable.id == key).values(values))


def unpair(connection: Connection, placement: Placement) -> bool:
    """Free a placement; false where none was paired to it."""
    worn = update(SensorTable).where(SensorTable.placement == placement.value)
    return connection.execute(worn.values(placement=None, paired_at=None)).rowcount > 0


def paired_sensors(connection: Connection) -> dict[Placement, SensorIdentity]:
    """The paired sensors by placement, in the order of `Placement`."""
    query = select(SensorTable.placement, *_IDENTITY).where(SensorTable.placement.is_not(None))
    found = {Placement(row.placement): _identity(row) for row in connection.execute(query)}
    return {placement: found[placement] for placement in Placement if placement in found}


def worn_sensors(connection: Connection, session_id: int) -> dict[Placement, SensorIdentity]:
    """The sensors that were worn in a session by placement, in the order of `Placement`."""
    query = (
        select(SessionSensorTable.placement, *_IDENTITY)
        .join(SensorTable, SensorTable.id == SessionSensorTable.sensor_id)
        .where(SessionSensorTable.session_id == session_id)
    )
    found = {Placement(row.placement): _identity(row) for row in connection.execute(query)}
    return {placement: found[placement] for placement in Placement if placement in found}


def known_sensors(connection: Connection) -> tuple[SensorIdentity, ...]:
    """All sensors that were ever met, the first one first."""
    query = select(*_IDENTITY).order_by(SensorTable.id)
    return tuple(_identity(row) for row in connection.execute(query))


def _identity(row: Row[*tuple[object, ...]]) -> SensorIdentity:
    return SensorIdentity(row.sensor_id, row.address, row.name, row.protocol, bytes(row.capabilities))
