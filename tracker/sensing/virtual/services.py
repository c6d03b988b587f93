"""The services and characteristics that a virtual sensor shows."""

from collections.abc import Callable, Sequence
from functools import partial

from bumble.att import ATT_READ_NOT_PERMITTED_ERROR, ATT_WRITE_NOT_PERMITTED_ERROR, ATT_Error
from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service

from firmware_protocol import (
    BATTERY_SERVICE_UUID,
    CONTROL_UUID,
    DEVICE_INFORMATION_SERVICE_UUID,
    SERVICE_UUID,
)
from tracker.sensing.virtual.encrypted import require_encryption
from tracker.sensing.virtual.settings import FIRMWARE_NAME, SensorSettings

MANUFACTURER_UUID, MODEL_UUID, SERIAL_UUID, FIRMWARE_UUID = "2a29", "2a24", "2a25", "2a26"
"""Characteristics of the Device Information service."""

READABLE = Characteristic.Permissions.READABLE
WRITEABLE = Characteristic.Permissions.WRITEABLE


def control_characteristic(on_request: Callable[[Connection, bytes], None]) -> Characteristic[bytes]:
    """The control point; `on_request` gets the bytes that were written."""
    properties = Characteristic.Properties.WRITE | Characteristic.Properties.INDICATE
    value = CharacteristicValue(read=_refuse_read, write=on_request)
    return Characteristic(CONTROL_UUID, properties, WRITEABLE, value)


def notified_characteristic(uuid: str) -> Characteristic[bytes]:
    """A stream of notifications, as Stream and Backfill are."""
    return Characteristic(uuid, Characteristic.Properties.NOTIFY, READABLE)


def read_characteristic(uuid: str, read: Callable[[], bytes]) -> Characteristic[bytes]:
    """A value that is read."""
    return _readable(uuid, read, Characteristic.Properties.READ)


def value_characteristic(uuid: str, read: Callable[[], bytes]) -> Characteristic[bytes]:
    """A value that is read, and notified where it changes."""
    return _readable(uuid, read, Characteristic.Properties.READ | Characteristic.Properties.NOTIFY)


def sensor_services(
    settings: SensorSettings, imu: Sequence[Characteristic[bytes]], battery: Characteristic[bytes]
) -> list[Service]:
    """The IMU service with its characteristics, battery and device information."""
    if settings.encryption_required:
        imu = [require_encryption(characteristic) for characteristic in imu]
    about = {
        MANUFACTURER_UUID: b"virtual",
        MODEL_UUID: b"virtual IMU",
        SERIAL_UUID: settings.device_id.hex().encode(),
        FIRMWARE_UUID: FIRMWARE_NAME.encode(),
    }
    information = [read_characteristic(uuid, partial(bytes, text)) for uuid, text in about.items()]
    return [
        Service(SERVICE_UUID, list(imu)),
        Service(BATTERY_SERVICE_UUID, [battery]),
        Service(DEVICE_INFORMATION_SERVICE_UUID, information),
    ]


def _readable(
    uuid: str, read: Callable[[], bytes], properties: Characteristic.Properties
) -> Characteristic[bytes]:
    def read_for(_connection: Connection) -> bytes:
        return read()

    value = CharacteristicValue(read=read_for, write=_refuse_write)
    return Characteristic(uuid, properties, READABLE, value)


def _refuse_read(_connection: Connection) -> bytes:
    """The server itself checks no permissions."""
    raise ATT_Error(ATT_READ_NOT_PERMITTED_ERROR)


def _refuse_write(_connection: Connection, _value: bytes) -> None:
    raise ATT_Error(ATT_WRITE_NOT_PERMITTED_ERROR)
