"""Commands to Movesense sensors and what they answer: the GATT SensorData Protocol (GSP), version 1.

Command: u8 command, u8 reference, then what it takes; resources are paths that end with a zero byte. Answer:
u8 1, u8 reference, u16 status as in HTTP, data; HELLO's has no status. Source:
movesense.com/docs/esw/gatt_sensordata_protocol, and sokolmarek/movesense-commander, docs/gsp-protocol.md,
which was tried on sensors.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from firmware_protocol.errors import FrameError
from firmware_protocol.wire import Bytes

NAME_PREFIX: Final = "Movesense "
"""A sensor advertises this and its serial number."""
ADVERTISED_SERVICE_UUID: Final = "0000fdf3-0000-1000-8000-00805f9b34fb"
"""The maker's own; the 128-bit one does not fit into the advertisement."""
SERVICE_UUID: Final = "34802252-7185-4d5d-b431-630e7050e8f0"
COMMAND_UUID: Final = "34800001-7185-4d5d-b431-630e7050e8f0"
DATA_UUID: Final = "34800002-7185-4d5d-b431-630e7050e8f0"

RATES_HZ: Final = (13, 26, 52, 104, 208)
"""Rates of 416 Hz and above would need more notifications than Bluetooth carries."""
ACCELEROMETER_RANGES_G: Final = (2, 4, 8, 16)
GYROSCOPE_RANGES_DPS: Final = (125, 245, 500, 1000, 2000)
ACCELEROMETER_RANGE_G: Final = 8
GYROSCOPE_RANGE_DPS: Final = 2000
"""As the sensors are delivered; recorded samples lie on the steps of these ranges. They can't be set."""

BATTERY_RESOURCE: Final = "/System/Energy/Level"
ACCELEROMETER_RESOURCE: Final = "/Meas/Acc/Config"
GYROSCOPE_RESOURCE: Final = "/Meas/Gyro/Config"


class Command(IntEnum):
    """What is asked for."""

    HELLO = 0
    SUBSCRIBE = 1
    UNSUBSCRIBE = 2
    GET = 4


class Response(IntEnum):
    """What a notification is."""

    ANSWER = 1
    DATA = 2
    DATA_PART2 = 3
    """Goes on with the DATA before it, which did not fit."""


class HttpStatus(IntEnum):
    """How a command was answered."""

    OK = 200
    BAD_REQUEST = 400
    NOT_FOUND = 404
    CONFLICT = 409
    TOO_MANY_REQUESTS = 429
    """Its memory for requests is used up; only switching it off and on helps."""
    SERVICE_UNAVAILABLE = 503


HEAD_BYTES: Final = 2
_STATUS: Final = struct.Struct("<H")
_HELLO_TEXTS: Final = 5


@dataclass(frozen=True, slots=True)
class Hello:
    """What a sensor says about itself.

    Attributes:
        version: of the protocol.
        serial, product, bootloader_address, application, application_version: as it says.
    """

    version: int
    serial: str
    product: str
    bootloader_address: str
    application: str
    application_version: str


def imu6_resource(rate_hz: int) -> str:
    """Accelerometer and gyroscope together, at one of RATES_HZ."""
    return f"/Meas/IMU6/{rate_hz}"


def samples_per_message(rate_hz: float) -> int:
    """How many samples sensors put into one message: 13 messages come in a second."""
    return max(1, round(rate_hz / 13))


def hello_command(reference: int) -> bytes:
    """Ask what the sensor is."""
    return bytes((Command.HELLO, reference))


def subscribe_command(reference: int, resource: str) -> bytes:
    """Start a stream, whose notifications have the same reference."""
    return bytes((Command.SUBSCRIBE, reference)) + _path(resource)


def unsubscribe_command(reference: int) -> bytes:
    """Stop the stream that was started with a reference."""
    return bytes((Command.UNSUBSCRIBE, reference))


def get_command(reference: int, resource: str) -> bytes:
    """Ask for a value."""
    return bytes((Command.GET, reference)) + _path(resource)


def decode_command(data: Bytes) -> tuple[int, int, str]:
    """Command, reference and resource; empty where it has none.

    Raises:
        FrameError: shorter than a command.
    """
    if len(data) < HEAD_BYTES:
        raise FrameError("length", len(data), f"{len(data)} bytes are no command")
    return data[0], data[1], bytes(data[HEAD_BYTES:]).split(b"\0")[0].decode(errors="replace")


def encode_answer(reference: int, status: int, value: bytes = b"") -> bytes:
    """An answer to anything but HELLO."""
    return bytes((Response.ANSWER, reference)) + _STATUS.pack(status) + value


def decode_answer(data: Bytes) -> tuple[int, bytes]:
    """Status, and what follows it.

    Raises:
        FrameError: no answer, or cut.
    """
    if len(data) < HEAD_BYTES + _STATUS.size or data[0] != Response.ANSWER:
        raise FrameError("answer", 0, "no answer, or a cut one")
    (status,) = _STATUS.unpack_from(data, HEAD_BYTES)
    return status, bytes(data[HEAD_BYTES + _STATUS.size :])


def encode_hello(reference: int, hello: Hello) -> bytes:
    """The answer to HELLO."""
    texts = (
        hello.serial,
        hello.product,
        hello.bootloader_address,
        hello.application,
        hello.application_version,
    )
    return bytes((Response.ANSWER, reference, hello.version)) + b"".join(_path(text) for text in texts)


def decode_hello(data: Bytes) -> Hello:
    """The answer to HELLO; texts that are missing at its end are empty.

    Raises:
        FrameError: no answer, or without a serial number.
    """
    if len(data) <= HEAD_BYTES or data[0] != Response.ANSWER:
        raise FrameError("answer", 0, "no answer, or a cut one")
    texts = bytes(data[HEAD_BYTES + 1 :]).decode(errors="replace").split("\0")
    texts = [text.strip() for text in texts[:_HELLO_TEXTS]]
    if not texts or not texts[0]:
        raise FrameError("serial", HEAD_BYTES + 1, "no serial number")
    return Hello(data[HEAD_BYTES], *texts, *[""] * (_HELLO_TEXTS - len(texts)))


def _path(text: str) -> bytes:
    return text.encode() + b"\0"
