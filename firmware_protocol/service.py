"""The GATT service: UUIDs, version, opcodes, status codes and flags of the HIP IMU service."""

from enum import IntEnum, IntFlag
from typing import Final

PROTOCOL_MAJOR: Final = 1
PROTOCOL_MINOR: Final = 1

UUID_BASE: Final = "f086{:04x}-8764-46ce-8d1a-18eadfbb9825"
SERVICE_UUID: Final = UUID_BASE.format(0x0001)
CAPABILITIES_UUID: Final = UUID_BASE.format(0x0002)
CONTROL_UUID: Final = UUID_BASE.format(0x0003)
STREAM_UUID: Final = UUID_BASE.format(0x0004)
STATUS_UUID: Final = UUID_BASE.format(0x0005)
BACKFILL_UUID: Final = UUID_BASE.format(0x0006)

_SIG_BASE: Final = "0000{:04x}-0000-1000-8000-00805f9b34fb"
BATTERY_SERVICE_UUID: Final = _SIG_BASE.format(0x180F)
BATTERY_LEVEL_UUID: Final = _SIG_BASE.format(0x2A19)
DEVICE_INFORMATION_SERVICE_UUID: Final = _SIG_BASE.format(0x180A)


class Opcode(IntEnum):
    """What a request on the control point asks for."""

    GET_STATUS = 0x01
    START = 0x02
    STOP = 0x03
    PING = 0x04
    RESUME = 0x05
    FETCH = 0x06
    ABORT_FETCH = 0x07
    IDENTIFY = 0x08
    SELF_TEST = 0x09
    SET_PLACEMENT = 0x0A
    EVENT = 0x0B


class Status(IntEnum):
    """How a sensor answers a request; 0x80 and above are the vendor's own."""

    OK = 0x00
    BAD_OPCODE = 0x01
    BAD_LENGTH = 0x02
    BAD_PARAMETER = 0x03
    WRONG_STATE = 0x04
    BUSY = 0x05
    MTU_TOO_SMALL = 0x06
    NOT_ENCRYPTED = 0x07
    RANGE_GONE = 0x08
    STORAGE_FAILURE = 0x09
    SENSOR_FAILURE = 0x0A


class FrameFlag(IntFlag):
    """What a frame says about its samples; bit 0x80 is reserved and must be 0."""

    NONE = 0x00
    ACCELEROMETER_SATURATED = 0x01
    GYROSCOPE_SATURATED = 0x02
    OVERFLOW = 0x04
    """The sensor lost samples of its own before this frame."""
    SELF_TEST = 0x08
    """The samples were taken under self-test and are no motion."""
    TIME_JUMP = 0x10
    """The device ticks do not continue those of the frame before: restart or clock step."""
    BACKFILL = 0x20
    """Sent again from the sensor's buffer: in every record of Backfill, in no frame of Stream."""
    EVENT_MARK = 0x40
    """A button or an EVENT request marked a sample of this frame."""


class Layout(IntEnum):
    """How one sample is laid out; a number is never used for another layout."""

    SIX_AXIS_INT16 = 1
    """Accelerometer x, y, z then gyroscope x, y, z, each an int16."""


class SensorState(IntEnum):
    """What a sensor is doing."""

    IDLE = 0
    STREAMING = 1
    SELF_TEST = 2
    FAULT = 3


class PlacementCode(IntEnum):
    """Where a sensor is told that it sits; kept by the sensor until it is told otherwise."""

    UNSET = 0
    LEFT_THIGH = 1
    RIGHT_THIGH = 2
    PELVIS = 3


class Feature(IntFlag):
    """What a sensor can do beyond GET_STATUS, START, STOP and PING."""

    NONE = 0x0000
    RESUME_AND_FETCH = 0x0001
    IDENTIFY = 0x0002
    SELF_TEST = 0x0004
    SET_PLACEMENT = 0x0008
    EVENT = 0x0010
    ENCRYPTION_REQUIRED = 0x0020


class PowerFlag(IntFlag):
    """How a sensor is powered."""

    NONE = 0x00
    CHARGING = 0x01
    BATTERY_LOW = 0x02


class SelfTestFailure(IntFlag):
    """What a self-test found wrong; no bit means that it passed."""

    NONE = 0x0000
    ACCELEROMETER = 0x0001
    GYROSCOPE = 0x0002
    MEMORY = 0x0004
    CLOCK = 0x0008
