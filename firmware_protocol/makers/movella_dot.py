"""Movella (Xsens) DOT: its services, and what is written to and read from them.

A DOT streams one of several payloads. Of these "rate quantities", payload mode 21, has what is measured here:
calibrated acceleration and angular rate with the time of the sample. Values are little-endian.

Source: "Movella DOT BLE Services Specifications", XD0506P and 2023; "Movella DOT User Manual", XD0502P.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from firmware_protocol.errors import FrameError
from firmware_protocol.wire import Bytes

_UUID_BASE: Final = "1517{:04x}-4947-11e9-8646-d663bd873d93"
CONFIGURATION_SERVICE_UUID: Final = _UUID_BASE.format(0x1000)
INFORMATION_UUID: Final = _UUID_BASE.format(0x1001)
DEVICE_CONTROL_UUID: Final = _UUID_BASE.format(0x1002)
MEASUREMENT_SERVICE_UUID: Final = _UUID_BASE.format(0x2000)
MEASUREMENT_CONTROL_UUID: Final = _UUID_BASE.format(0x2001)
PAYLOAD_UUID: Final = _UUID_BASE.format(0x2003)
"""Of medium payloads: that of rate quantities is one."""
BATTERY_SERVICE_UUID: Final = _UUID_BASE.format(0x3000)
BATTERY_UUID: Final = _UUID_BASE.format(0x3001)

COMPANY: Final = 0x0886
"""The maker's number in advertisements, as the Bluetooth SIG assigned it."""

NAMES: Final = ("Movella DOT", "Xsens DOT")
"""Advertised by newer and older firmware; the tag that an owner gives is not advertised."""

_FOLDED_NAMES: Final = {name.casefold() for name in NAMES}

RATES_HZ: Final = (10.0, 12.0, 15.0, 20.0, 30.0, 60.0)
"""Live samples a second. It has 1 and 4 too, of no use here, and 120 only for recording in itself."""

ACCELEROMETER_RANGE_G: Final = 16.0
GYROSCOPE_RANGE_DPS: Final = 2000.0

RATE_QUANTITIES: Final = 21
START: Final = bytes([1, 1, RATE_QUANTITIES])
STOP: Final = bytes([1, 0, RATE_QUANTITIES])

_INFORMATION: Final = struct.Struct("<6s3B7sIQ6s")
_DEVICE_CONTROL_BYTES: Final = 32
_VISIT_IDENTIFY: Final = 0x01
_VISIT_RATE: Final = 0x10
_IDENTIFY_AT: Final = 1
_RATE_AT: Final = 24


@dataclass(frozen=True, slots=True)
class DotInformation:
    """What a DOT tells about itself.

    Attributes:
        address: six bytes, in the order in which people write them.
        firmware: major, minor and patch.
        serial: number that the maker gave it.
        product: code of the product, XS-T01 or XS-T02.
    """

    address: bytes
    firmware: tuple[int, int, int]
    serial: int
    product: str


def is_dot(name: str, service_uuids: Sequence[str]) -> bool:
    """Whether an advertisement with this name and these service UUIDs (lower case) is of one."""
    return name.casefold() in _FOLDED_NAMES or CONFIGURATION_SERVICE_UUID in service_uuids


def decode_information(data: Bytes) -> DotInformation:
    """From the 34 bytes of the information characteristic.

    Raises:
        FrameError: they are fewer.
    """
    if len(data) < _INFORMATION.size:
        raise FrameError("length", len(data), f"{len(data)} bytes, information has {_INFORMATION.size}")
    address, major, minor, patch, _built, _softdevice, serial, product = _INFORMATION.unpack_from(data)
    text = product.rstrip(b"\x00").decode("ascii", errors="replace")
    return DotInformation(address[::-1], (major, minor, patch), serial, text)


def encode_information(information: DotInformation) -> bytes:
    """As a DOT has it; what this program does not read is zero."""
    product = information.product.encode("ascii")
    return _INFORMATION.pack(
        information.address[::-1], *information.firmware, bytes(7), 0, information.serial, product
    )


def is_measuring(measurement_control: Bytes) -> bool:
    """Whether the measurement control, as it was read, says that it streams."""
    return len(measurement_control) >= 2 and measurement_control[1] == 1


def rate_hz(device_control: Bytes) -> float:
    """Samples a second in force, from the device control as it was read.

    Raises:
        FrameError: it is too short.
    """
    return float(int.from_bytes(_whole(device_control)[_RATE_AT : _RATE_AT + 2], "little"))


def with_rate(device_control: Bytes, wanted_hz: float) -> bytes:
    """What to write to the device control for another rate: as it was read, and marked as changed there.

    The sensor takes it only while it does not stream, and keeps it when it is switched off.

    Raises:
        FrameError: what was read is too short.
    """
    changed = _whole(device_control)
    changed[0] = _VISIT_RATE
    changed[_RATE_AT : _RATE_AT + 2] = int(wanted_hz).to_bytes(2, "little")
    return bytes(changed)


def with_identify(device_control: Bytes) -> bytes:
    """What to write to the device control for the light to blink.

    Raises:
        FrameError: what was read is too short.
    """
    changed = _whole(device_control)
    changed[0], changed[_IDENTIFY_AT] = _VISIT_IDENTIFY, 1
    return bytes(changed)


def changes_rate(device_control: Bytes) -> bool:
    """Whether what was written to the device control asks for another rate."""
    return bool(_whole(device_control)[0] & _VISIT_RATE)


def asks_to_identify(device_control: Bytes) -> bool:
    """Whether what was written to the device control asks for the light to blink."""
    written = _whole(device_control)
    return bool(written[0] & _VISIT_IDENTIFY and written[_IDENTIFY_AT])


def encode_device_control(rate: float, tag: str = NAMES[0]) -> bytes:
    """As a DOT has it: 10 and 30 minutes to sleep, its tag and its rate."""
    name = tag.encode()[:16]
    head = struct.pack("<BBBHHB16s", 0, 0, 0, 10, 30, len(name), name)
    return (head + int(rate).to_bytes(2, "little")).ljust(_DEVICE_CONTROL_BYTES, b"\x00")


def battery_percent(data: Bytes) -> int | None:
    """Charge, 0 to 100, from the battery characteristic: level, then whether it is charged."""
    return data[0] if data and data[0] <= 100 else None


def _whole(device_control: Bytes) -> bytearray:
    if len(device_control) < _RATE_AT + 2:
        have = len(device_control)
        raise FrameError("length", have, f"{have} bytes, device control has {_DEVICE_CONTROL_BYTES}")
    return bytearray(device_control)
