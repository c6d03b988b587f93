"""MbientLab MetaMotion: what is written to it and what it answers, as bytes of modules and registers.

Commands go to one characteristic, answers and samples come from another: u8 module, u8 register, data. A
register with its highest bit set is read: the command has no data, the answer has the same two bytes and
the register's data. Nothing but reads is answered. Sources: MetaWear-SDK-Cpp (register headers and unit
tests of MbientLab's own kit) and the list of registers that MetaWear-API-Swift and -Kotlin are written by.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from firmware_protocol.errors import FrameError, ProtocolError
from firmware_protocol.wire import Bytes

SERVICE_UUID: Final = "326a9000-85cb-9195-d9dd-464cfbbae75a"
COMMAND_UUID: Final = "326a9001-85cb-9195-d9dd-464cfbbae75a"
NOTIFY_UUID: Final = "326a9006-85cb-9195-d9dd-464cfbbae75a"
DEFAULT_NAME: Final = "MetaWear"
"""All boards advertise it until they are renamed."""

SAMPLE_RATES_HZ: Final = (25.0, 50.0, 100.0, 200.0)
"""Rates that both chips have for both streams; above, the radio does not carry them."""
ACCELEROMETER_RANGES_G: Final = (2.0, 4.0, 8.0, 16.0)
GYROSCOPE_RANGES_DPS: Final = (2000.0, 1000.0, 500.0, 250.0, 125.0)
"""In the order of their codes, as the sensor has them."""

READ: Final = 0x80
HEAD_BYTES: Final = 2
_ADVICE: Final = "Choose a rate and ranges that the sensor offers."


class Module(IntEnum):
    """What a command or notification is for."""

    LED = 0x02
    ACCELEROMETER = 0x03
    SETTINGS = 0x11
    GYROSCOPE = 0x13


class _Register(IntEnum):
    """The same for accelerometer and gyroscope, and on both chips."""

    INFO = 0x00
    POWER = 0x01
    ENABLE = 0x02
    CONFIG = 0x03


_BATTERY_REGISTER: Final = 0x0C
_LED_PLAY, _LED_STOP, _LED_PATTERN = 0x01, 0x02, 0x03


class Chip(StrEnum):
    """The chip that measures: BMI160 in MetaMotion R and RL, BMI270 in MetaMotion S."""

    BMI160 = "BMI160"
    BMI270 = "BMI270"


ACCELEROMETER_CHIPS: Final = {1: Chip.BMI160, 4: Chip.BMI270}
"""By the implementation that the accelerometer's information tells; the gyroscope is on the same chip."""

_PACKED_REGISTERS: Final = {
    Chip.BMI160: {Module.ACCELEROMETER: 0x1C, Module.GYROSCOPE: 0x07},
    Chip.BMI270: {Module.ACCELEROMETER: 0x05, Module.GYROSCOPE: 0x05},
}
DATA_REGISTERS: Final = {Module.ACCELEROMETER: (0x04, 0x05, 0x1C), Module.GYROSCOPE: (0x04, 0x05, 0x07)}
"""Registers of samples, one or several a notification, of both chips: none means anything else in another."""

_RATE_CODES: Final = {25.0: 6, 50.0: 7, 100.0: 8, 200.0: 9}
_NORMAL_FILTER: Final = 2 << 4
_FILTER_PERFORMANCE: Final = 0x80
"""BMI270: the filter for precision, not for low power. In the BMI160 the same bit means undersampling."""
_RANGE_CODES_G: Final = {
    Chip.BMI160: {2.0: 0x03, 4.0: 0x05, 8.0: 0x08, 16.0: 0x0C},
    Chip.BMI270: {2.0: 0x00, 4.0: 0x01, 8.0: 0x02, 16.0: 0x03},
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a register that was read holds.

    Attributes:
        module: as sent; it may be one that this program does not know.
        register: without the highest bit.
        data: without the head.
    """

    module: int
    register: int
    data: bytes


@dataclass(frozen=True, slots=True)
class ModuleInfo:
    """Which chip a module has; `chip_number` is None where there is no such module on the board."""

    chip_number: int | None
    revision: int


@dataclass(frozen=True, slots=True)
class Battery:
    """How full the battery is."""

    percent: int
    voltage_mv: int


def info_read(module: Module) -> bytes:
    """Ask which chip a module has."""
    return bytes((module, READ | _Register.INFO))


def config_read(module: Module) -> bytes:
    """Ask for rate and range in force."""
    return bytes((module, READ | _Register.CONFIG))


def battery_read() -> bytes:
    """Ask how full the battery is."""
    return bytes((Module.SETTINGS, READ | _BATTERY_REGISTER))


def config_command(chip: Chip, module: Module, rate_hz: float, measured: float) -> bytes:
    """Set rate and range of the accelerometer, in g, or the gyroscope, in deg/s.

    Raises:
        ProtocolError: a rate or range that the chip does not have.
    """
    gyroscope = module is Module.GYROSCOPE
    code = _RATE_CODES.get(rate_hz)
    if gyroscope:
        offered = {range_dps: place for place, range_dps in enumerate(GYROSCOPE_RANGES_DPS)}
    else:
        offered = _RANGE_CODES_G[chip]
    if code is None or measured not in offered:
        unit = "deg/s" if gyroscope else "g"
        raise ProtocolError(f"{chip} has no {rate_hz:g} Hz with {measured:g} {unit}", advice=_ADVICE)
    performance = _FILTER_PERFORMANCE if chip is Chip.BMI270 and not gyroscope else 0
    return bytes((module, _Register.CONFIG, performance | _NORMAL_FILTER | code, offered[measured]))


def subscribe_command(chip: Chip, module: Module, *, on: bool) -> bytes:
    """Let samples be sent, three a notification, or no more."""
    return bytes((module, packed_register(chip, module), on))


def packed_register(chip: Chip, module: Module) -> int:
    """Register of notifications with three samples."""
    return _PACKED_REGISTERS[chip][module]


def start_commands(chip: Chip) -> tuple[bytes, ...]:
    """All that lets a configured sensor stream."""
    modules = (Module.ACCELEROMETER, Module.GYROSCOPE)
    return (
        *(subscribe_command(chip, module, on=True) for module in modules),
        *(bytes((module, _Register.ENABLE, 1, 0)) for module in modules),
        *(bytes((module, _Register.POWER, 1)) for module in modules),
    )


def stop_commands(chip: Chip) -> tuple[bytes, ...]:
    """All that ends the stream, in the reverse order."""
    modules = (Module.GYROSCOPE, Module.ACCELEROMETER)
    return (
        *(bytes((module, _Register.POWER, 0)) for module in modules),
        *(bytes((module, _Register.ENABLE, 0, 1)) for module in modules),
        *(subscribe_command(chip, module, on=False) for module in modules),
    )


def blink_commands(duration_s: int) -> tuple[bytes, ...]:
    """Let the green light blink twice a second; what blinked before is cleared first."""
    high, low, period_ms, on_ms = 31, 0, 500, 50
    times_ms = (0, on_ms, 0, period_ms, 0)
    repeats = max(1, min(254, duration_s * 1000 // period_ms))
    pattern = b"".join(time_ms.to_bytes(2, "little") for time_ms in times_ms)
    return (
        bytes((Module.LED, _LED_STOP, 1)),
        bytes((Module.LED, _LED_PATTERN, 0, 2, high, low)) + pattern + bytes((repeats,)),
        bytes((Module.LED, _LED_PLAY, 1)),
    )


def decode_answer(data: Bytes) -> Answer | None:
    """What a notification answers; None where it is none to a read."""
    if len(data) < HEAD_BYTES or not data[1] & READ:
        return None
    return Answer(data[0], data[1] & ~READ, bytes(data[HEAD_BYTES:]))


def is_samples(data: Bytes) -> bool:
    """Whether a notification is of one of the two streams, by its head."""
    if len(data) < HEAD_BYTES or data[0] not in (Module.ACCELEROMETER, Module.GYROSCOPE):
        return False
    return data[1] in DATA_REGISTERS[Module(data[0])]


def decode_info(answer: Answer) -> ModuleInfo:
    """Which chip a module has; an absent module answers without data."""
    if len(answer.data) < 2:
        return ModuleInfo(None, 0)
    return ModuleInfo(answer.data[0], answer.data[1])


def decode_battery(answer: Answer) -> Battery:
    """How full the battery is.

    Raises:
        FrameError: the answer is too short, or tells more than 100 %.
    """
    if len(answer.data) < 3:
        raise FrameError("length", HEAD_BYTES + len(answer.data), "the battery's answer is cut")
    if answer.data[0] > 100:
        raise FrameError("percent", HEAD_BYTES, f"{answer.data[0]} % is no charge")
    return Battery(answer.data[0], int.from_bytes(answer.data[1:3], "little"))
