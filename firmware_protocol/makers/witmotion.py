"""WitMotion's Bluetooth LE sensors, WT901BLE and WT9011DCL: what is written to them, what they answer.

They stream as soon as somebody listens and stop when nobody does; there is no command for either. Settings
are registers of 16 bits. A register that is written without being saved holds until the sensor is switched
off, so the owner's own settings are left as they were.

Source: WitMotion, "Bluetooth 5.0 Communication Protocol" (wit-motion.gitbook.io) and its public example
programs (github.com/WITMOTION/WitBluetooth_BWT901BLE5_0).
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from firmware_protocol.errors import FrameError
from firmware_protocol.wire import Bytes

# The maker's own base: one digit is unlike that of the Bluetooth SIG.
SERVICE_UUID: Final = "0000ffe5-0000-1000-8000-00805f9a34fb"
NOTIFY_UUID: Final = "0000ffe4-0000-1000-8000-00805f9a34fb"
WRITE_UUID: Final = "0000ffe9-0000-1000-8000-00805f9a34fb"

NAME_PREFIXES: Final = ("WT901", "BWT901", "WTSDCL")
"""WT901BLE67, WT901BLE68, WT9011DCL-BT50, WTSDCL and their like."""

OTHER_NAME_PREFIXES: Final = ("WTVB",)
"""Vibration sensors of the same service, whose records look alike and hold something else."""

ACCELEROMETER_RANGE_G: Final = 16.0
GYROSCOPE_RANGE_DPS: Final = 2000.0
"""Records are scaled to these, whatever the sensor was set to."""

RATE_CODES: Final = {10.0: 0x06, 20.0: 0x07, 50.0: 0x08, 100.0: 0x09, 200.0: 0x0B}
"""Register values by samples a second; slower ones are of no use here."""

COMMAND_GAP_S: Final = 0.1
"""Pause that the maker asks for between two commands."""

UNLOCK: Final = bytes.fromhex("ffaa6988b5")
"""Lets registers be written for ten seconds."""

REPLY_HEAD: Final = b"\x55\x71"
REPLY_REGISTERS: Final = 8

RATE_REGISTER: Final = 0x03
BATTERY_REGISTER: Final = 0x64

_COMMAND: Final = struct.Struct("<2sBH")
_COMMAND_HEAD: Final = b"\xff\xaa"
_READ: Final = 0x27
_REPLY: Final = struct.Struct("<2sH8H")

_CELL_PERCENT: Final = (
    (3.40, 0),
    (3.50, 5),
    (3.68, 10),
    (3.70, 15),
    (3.73, 20),
    (3.77, 30),
    (3.79, 40),
    (3.82, 50),
    (3.87, 60),
    (3.93, 75),
    (3.96, 90),
    (3.99, 100),
)
"""Voltage of the one cell to charge, as the maker's example has it; in between along lines."""


@dataclass(frozen=True, slots=True)
class RegisterReply:
    """What the sensor answers to a read: eight registers that follow each other.

    Attributes:
        first: number of the first register.
        values: 0 to 65,535 each.
    """

    first: int
    values: tuple[int, ...]


def is_witmotion(name: str, service_uuids: Sequence[str]) -> bool:
    """Whether an advertisement with this name and these service UUIDs (lower case) is of one."""
    if name.startswith(OTHER_NAME_PREFIXES):
        return False
    return SERVICE_UUID in service_uuids or name.startswith(NAME_PREFIXES)


def write_register(register: int, value: int) -> bytes:
    """The command that sets a register; it must be unlocked before."""
    return _COMMAND.pack(_COMMAND_HEAD, register, value)


def read_register(register: int) -> bytes:
    """The command that asks for a register and the seven after it."""
    return write_register(_READ, register)


def set_rate(rate_hz: float) -> bytes:
    """The command that sets the rate; KeyError where it is none of `RATE_CODES`."""
    return write_register(RATE_REGISTER, RATE_CODES[rate_hz])


def parse_command(data: Bytes) -> tuple[int, int]:
    """Register and value of a command, as the sensor reads it.

    Raises:
        FrameError: it is no command.
    """
    if len(data) != _COMMAND.size:
        raise FrameError("length", len(data), f"{len(data)} bytes, a command has {_COMMAND.size}")
    head, register, value = _COMMAND.unpack(data)
    if head != _COMMAND_HEAD:
        raise FrameError("head", 0, f"{head.hex()} begins no command")
    return register, value


def register_that_is_read(command: tuple[int, int]) -> int | None:
    """The first register that a command asks for; None where it sets one."""
    register, value = command
    return value if register == _READ else None


def encode_reply(reply: RegisterReply) -> bytes:
    """Bytes of an answer, 20."""
    return _REPLY.pack(REPLY_HEAD, reply.first, *reply.values)


def decode_reply(data: Bytes) -> RegisterReply | None:
    """The answer that a notification holds; None where it holds none.

    Among records of samples it may be anywhere, at a multiple of its 20 bytes.
    """
    for at in range(0, len(data) - _REPLY.size + 1, _REPLY.size):
        head, first, *values = _REPLY.unpack_from(data, at)
        if head == REPLY_HEAD:
            return RegisterReply(first, tuple(values))
    return None


def battery_percent(reply: RegisterReply) -> int:
    """Charge, 0 to 100, from the answer to a read of `BATTERY_REGISTER`, in hundredths of a volt."""
    volt = reply.values[0] / 100
    below = [point for point in _CELL_PERCENT if point[0] <= volt]
    above = [point for point in _CELL_PERCENT if point[0] > volt]
    if not below or not above:
        return _CELL_PERCENT[-1][1] if below else 0
    (low_volt, low), (high_volt, high) = below[-1], above[0]
    return round(low + (volt - low_volt) / (high_volt - low_volt) * (high - low))
