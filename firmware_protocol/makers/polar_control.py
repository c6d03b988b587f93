"""Requests to and answers from the control point of Polar's measurement service (PMD).

Request: u8 opcode, u8 measurement, then settings, each u8 id, u8 count and values of its width. Answer:
0xF0, opcode, measurement, u8 error, u8 more, settings; while `more` is not 0 another indication follows,
u8 more and settings. Source: polarofficial/polar-ble-sdk, technical_documentation/online_measurement.pdf.
"""

import math
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from firmware_protocol.errors import FrameError
from firmware_protocol.makers.polar_frames import Measurement
from firmware_protocol.wire import Bytes

NAME_PREFIX: Final = "Polar Sense "
"""A Verity Sense advertises this and its device id; other sensors of Polar's have no gyroscope."""
ADVERTISED_SERVICE_UUID: Final = "0000180d-0000-1000-8000-00805f9b34fb"
"""Heart Rate; the measurement service does not fit into the advertisement."""
SERVICE_UUID: Final = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL_UUID: Final = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA_UUID: Final = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

ANSWER: Final = 0xF0
_HEAD_BYTES: Final = 5


class Opcode(IntEnum):
    """What a request asks for."""

    GET_SETTINGS = 1
    START = 2
    STOP = 3


class PolarError(IntEnum):
    """How a request is answered."""

    SUCCESS = 0
    INVALID_OPCODE = 1
    INVALID_MEASUREMENT = 2
    NOT_SUPPORTED = 3
    INVALID_LENGTH = 4
    INVALID_PARAMETER = 5
    ALREADY_IN_STATE = 6
    INVALID_RESOLUTION = 7
    INVALID_SAMPLE_RATE = 8
    INVALID_RANGE = 9
    INVALID_MTU = 10
    INVALID_CHANNELS = 11
    INVALID_STATE = 12
    IN_CHARGER = 13
    DISK_FULL = 14


class Setting(IntEnum):
    """A property of a stream."""

    RATE_HZ = 0
    RESOLUTION_BITS = 1
    RANGE = 2
    """In g or deg/s."""
    RANGE_MILLI = 3
    CHANNELS = 4
    FACTOR = 5
    """What one count is, in g or deg/s; only in the answer to START."""


_FORMATS: Final = {
    Setting.RATE_HZ: "H",
    Setting.RESOLUTION_BITS: "H",
    Setting.RANGE: "H",
    Setting.RANGE_MILLI: "I",
    Setting.CHANNELS: "B",
    Setting.FACTOR: "f",
}

Settings = dict[Setting, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class PolarAnswer:
    """An answer, or its first part where more is to follow.

    Attributes:
        opcode: of the request, as sent.
        measurement: of the request, as sent.
        error: a PolarError, or another number.
        more: whether another indication goes on with it.
        settings: bytes of the settings.
    """

    opcode: int
    measurement: int
    error: int
    more: bool
    settings: bytes


def get_settings_request(measurement: Measurement) -> bytes:
    """Ask what a stream offers."""
    return bytes((Opcode.GET_SETTINGS, measurement))


def start_request(measurement: Measurement, settings: Settings | None = None) -> bytes:
    """Start a stream with one value for each setting; SDK_MODE, without settings, switches that on."""
    return bytes((Opcode.START, measurement)) + encode_settings(settings or {})


def stop_request(measurement: Measurement) -> bytes:
    """Stop a stream, or switch the SDK mode off."""
    return bytes((Opcode.STOP, measurement))


def encode_settings(settings: Settings) -> bytes:
    """Settings as they are sent."""
    return b"".join(
        bytes((setting, len(values))) + struct.pack(f"<{len(values)}{_FORMATS[setting]}", *values)
        for setting, values in settings.items()
    )


def decode_settings(data: Bytes) -> Settings:
    """Settings from bytes, up to the first that is not known: what comes after that cannot be told.

    Raises:
        FrameError: a setting that is cut, or a factor that is no number above zero.
    """
    settings: Settings = {}
    offset = 0
    while offset < len(data) and data[offset] in _FORMATS:
        setting = Setting(data[offset])
        if len(data) < offset + 2:
            raise FrameError("length", len(data), "a setting is cut")
        form = struct.Struct(f"<{data[offset + 1]}{_FORMATS[setting]}")
        if len(data) < offset + 2 + form.size:
            raise FrameError("length", len(data), f"the setting {setting.name} is cut")
        values = form.unpack_from(data, offset + 2)
        if setting is Setting.FACTOR and not all(math.isfinite(value) and value > 0 for value in values):
            raise FrameError("factor", offset, f"{values} are no factors")
        settings[setting] = values
        offset += 2 + form.size
    return settings


def encode_answer(
    opcode: int, measurement: int, error: int = PolarError.SUCCESS, settings: Settings | None = None
) -> bytes:
    """An answer in one indication; a refusal ends with its error, as the sensor's do."""
    if error:
        return bytes((ANSWER, opcode, measurement, error, 0))
    return bytes((ANSWER, opcode, measurement, error, 0)) + encode_settings(settings or {})


def decode_answer(data: Bytes) -> PolarAnswer:
    """An indication of the control point that begins an answer.

    Raises:
        FrameError: it is none, or cut.
    """
    if len(data) < _HEAD_BYTES - 1:
        raise FrameError("length", len(data), f"{len(data)} bytes are no answer")
    if data[0] != ANSWER:
        raise FrameError("answer", 0, f"{data[0]:#04x} begins no answer")
    more = len(data) >= _HEAD_BYTES and bool(data[4])
    return PolarAnswer(data[1], data[2], data[3], more, bytes(data[_HEAD_BYTES:]))
