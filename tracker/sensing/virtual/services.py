"""The services and characteristics that a virtual sensor shows."""

from collections.abc import Callable
from functools import partial

from bumble.att import ATT_READ_NOT_PERMITTED_ERROR, ATT_WRITE_NOT_PERMITTED_ERROR, ATT_Error
from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service

from firmware_protocol import (
    BATTERY_LEVEL_UUID,
    BATTERY_SERVICE_UUID,
    CAPABILITIES_UUID,
    CONTROL_UUID,
    DEVICE_INFORMATION_SERVICE_UUID,
    SERVICE_UUID,
    STATUS_UUID,
    STREAM_UUID,
    encode_capabilities,
    encode_status,
)
from tracker.sensing.virtual.encrypted import require_encryption
from tracker.sensing.virtual.firmware import Firmware
from tracker.sensing.virtual.settings import FIRMWARE_NAME

MANUFACTURER_UUID, MODEL_UUID, SERIAL_UUID, FIRMWARE_UUID = "2a29", "2a24", "2a25", "2a26"
"""Characteristics of the Device Information service."""

READABLE = Characteristic.Permissions.READABLE
WRITEABLE = Characteristic.Permissions.WRITEABLE


def control_characteristic(on_request: Callable[[Connection, bytes], None]) -> Characteristic[bytes]:
    """The control point; `on_request` gets the bytes that were written."""
    properties = Characteristic.Properties.WRITE | Characteristic.Properties.INDICATE
    value = CharacteristicValue(read=_refuse_read, write=on_request)
    return Characteristic(CONTROL_UUID, properties, WRITEABLE, value)


def stream_characteristic() -> Characteristic[bytes]:
    """The stream of frames."""
    return Characteristic(STREAM_UUID, Characteristic.Properties.NOTIFY, READABLE)


def sensor_services(
    firmware: Firmware, control: Characteristic[bytes], stream: Characteristic[bytes]
) -> list[Service]:
    """The IMU service, battery and device information."""
    settings = firmware.settings
    imu = [
        _readable(CAPABILITIES_UUID, lambda: encode_capabilities(settings.capabilities)),
        control,
        stream,
        _readable(STATUS_UUID, lambda: encode_status(firmware.status())),
    ]
    if settings.encryption_required:
        imu = [require_encryption(characteristic) for characteristic in imu]
    battery = [_readable(BATTERY_LEVEL_UUID, lambda: bytes([settings.battery_percent]))]
    about = {
        MANUFACTURER_UUID: b"virtual",
        MODEL_UUID: b"virtual IMU",
        SERIAL_UUID: settings.device_id.hex().encode(),
        FIRMWARE_UUID: FIRMWARE_NAME.encode(),
    }
    information = [_readable(uuid, partial(bytes, text)) for uuid, text in about.items()]
    return [
        Service(SERVICE_UUID, imu),
        Service(BATTERY_SERVICE_UUID, battery),
        Service(DEVICE_INFORMATION_SERVICE_UUID, information),
    ]


def _readable(uuid: str, read: Callable[[], bytes]) -> Characteristic[bytes]:
    def read_for(_connection: Connection) -> bytes:
        return read()

    value = CharacteristicValue(read=read_for, write=_refuse_write)
    return Characteristic(uuid, Characteristic.Properties.READ, READABLE, value)


def _refuse_read(_connection: Connection) -> bytes:
    """The server itself checks no permissions."""
    raise ATT_Error(ATT_READ_NOT_PERMITTED_ERROR)


def _refuse_write(_connection: Connection, _value: bytes) -> None:
    raise ATT_Error(ATT_WRITE_NOT_PERMITTED_ERROR)
