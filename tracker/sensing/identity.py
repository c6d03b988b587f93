"""How one of our own sensors is told apart from others: by its id, and the name that it advertises."""

from firmware_protocol import decode_capabilities
from tracker.model import SensorIdentity

PROTOCOL_NAME = "hip-imu"
NAME_PREFIX = "HIP-"


def advertised_name(device_id: bytes) -> str:
    """The name that a sensor advertises: its id's last two bytes, which fit into an advertisement."""
    return NAME_PREFIX + device_id[-2:].hex().upper()


def identity_of(address: str, name: str, capabilities: bytes) -> SensorIdentity:
    """The identity of a connected sensor.

    Raises:
        ProtocolError: the capabilities cannot be read.
    """
    device_id = decode_capabilities(capabilities).device_id
    return SensorIdentity(device_id.hex(), address, name, PROTOCOL_NAME, capabilities)


def may_be(sensor_id: str, _address: str, name: str) -> bool:
    """Whether one of our sensors with this id advertises by this name; certain only once it is connected."""
    return _is_sensor_id(sensor_id) and name == advertised_name(bytes.fromhex(sensor_id))


def _is_sensor_id(wanted: str) -> bool:
    """Whether the text is the id of one of our sensors: 8 bytes in hexadecimal digits."""
    return len(wanted) == 16 and all(digit in "0123456789abcdef" for digit in wanted.casefold())
