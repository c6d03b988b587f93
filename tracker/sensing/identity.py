"""How a sensor is told apart from others: by its id, its address, its advertised name."""

from firmware_protocol import Capabilities, decode_capabilities
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


def may_be(wanted: str, address: str, name: str) -> bool:
    """Whether an advertisement may come from the sensor that is wanted.

    Args:
        wanted: address, advertised name or sensor id; an id is certain only after connecting.
    """
    wanted = wanted.casefold()
    if wanted in (address.casefold(), name.casefold()):
        return True
    return is_sensor_id(wanted) and name == advertised_name(bytes.fromhex(wanted))


def is_sensor_id(wanted: str) -> bool:
    """Whether the text is a sensor's own id: 8 bytes in hexadecimal digits."""
    return len(wanted) == 16 and all(digit in "0123456789abcdef" for digit in wanted.casefold())


def is_other(wanted: str, capabilities: Capabilities) -> bool:
    """True where a sensor was wanted by its id and the one that is connected has another."""
    return is_sensor_id(wanted) and wanted.casefold() != capabilities.device_id.hex()
