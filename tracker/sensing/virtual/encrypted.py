"""Characteristics that are given to encrypted links only."""

from bumble.att import AttributeValueV2, Bearer, is_enhanced_bearer
from bumble.device import Connection
from bumble.gatt import (
    GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
    Characteristic,
    Descriptor,
)
from bumble.gatt_server import Server

ENCRYPTED = (
    Characteristic.Permissions.READ_REQUIRES_ENCRYPTION | Characteristic.Permissions.WRITE_REQUIRES_ENCRYPTION
)


def require_encryption(characteristic: Characteristic[bytes]) -> Characteristic[bytes]:
    """Refuse reading, writing and subscribing on a link that is not encrypted; again changes nothing."""
    characteristic.permissions |= ENCRYPTED
    told = characteristic.properties & (Characteristic.Properties.NOTIFY | Characteristic.Properties.INDICATE)
    if told and not characteristic.descriptors:
        characteristic.descriptors = [_subscription(characteristic)]
    return characteristic


def _subscription(characteristic: Characteristic[bytes]) -> Descriptor:
    """The descriptor that subscribes; the server's own would be open to all."""

    def read(bearer: Bearer) -> bytes:
        return _server(bearer).read_cccd(bearer, characteristic)

    def write(bearer: Bearer, value: bytes) -> None:
        _server(bearer).write_cccd(bearer, characteristic, value)

    permissions = Descriptor.READABLE | Descriptor.WRITEABLE | Descriptor.WRITE_REQUIRES_ENCRYPTION
    value = AttributeValueV2(read, write)
    return Descriptor(GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR, permissions, value)


def _server(bearer: Bearer) -> Server:
    connection: Connection = bearer.connection if is_enhanced_bearer(bearer) else bearer
    return connection.device.gatt_server
