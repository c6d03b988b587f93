"""The Status characteristic: what a sensor is doing and how it is."""

from dataclasses import dataclass
from typing import ClassVar, Final

from firmware_protocol.errors import FrameError
from firmware_protocol.service import PROTOCOL_MAJOR, PowerFlag, SensorState
from firmware_protocol.wire import Bytes, WireField, fields_size, pack_fields, unpack_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorStatus:
    """What a sensor is doing and how it is.

    Attributes:
        state: what it is doing.
        session: the running or last session; 0 none since the restart.
        ticks_now: device clock, 64 bits of the counter of which frames carry 32.
        next_sample_index: index that the next sample will get.
        oldest_sample_index: oldest sample that can be fetched; next_sample_index where none can.
        battery_percent: charge, None where it is not known.
        power: how it is powered.
        temperature_deg_c: of the inertial sensor, in steps of 0.01, None where it is not known.
        dropped_samples: samples that the sensor lost by itself since START, modulo 2**32.
        restarts: times that it has started, modulo 2**16; another number means another tick origin.
        protocol_major: version of the protocol.
    """

    wire: ClassVar[tuple[WireField, ...]] = (
        WireField("protocol_major", "u8"),
        WireField("state", "u8", convert=SensorState),
        WireField("session", "u32"),
        WireField("ticks_now", "u64"),
        WireField("next_sample_index", "u32"),
        WireField("oldest_sample_index", "u32"),
        WireField("battery_percent", "u8", absent=0xFF),
        WireField("power", "u8", convert=PowerFlag),
        WireField("temperature_deg_c", "i16", counts_per_unit=100, absent=-0x8000),
        WireField("dropped_samples", "u32"),
        WireField("restarts", "u16"),
    )
    state: SensorState
    session: int
    ticks_now: int
    next_sample_index: int
    oldest_sample_index: int
    battery_percent: int | None = None
    power: PowerFlag = PowerFlag.NONE
    temperature_deg_c: float | None = None
    dropped_samples: int = 0
    restarts: int = 0
    protocol_major: int = PROTOCOL_MAJOR


STATUS_BYTES: Final = fields_size(SensorStatus.wire)


def encode_status(status: SensorStatus) -> bytes:
    """Bytes of the characteristic; ProtocolError where a value does not fit its field."""
    return pack_fields(SensorStatus.wire, status)


def decode_status(data: Bytes) -> SensorStatus:
    """Status from the characteristic's bytes; bytes after the known fields are skipped.

    Raises FrameError where bytes are missing, the major is another, or a value has no meaning.
    """
    if len(data) and data[0] != PROTOCOL_MAJOR:
        advice = f"Bring sensor and receiver to the same major version; this receiver has {PROTOCOL_MAJOR}."
        raise FrameError("protocol_major", 0, f"major {data[0]}, {PROTOCOL_MAJOR} known", advice=advice)
    values = unpack_fields(SensorStatus.wire, data, 0, exact=False)
    named = dict(zip((field.name for field in SensorStatus.wire), values, strict=True))
    return SensorStatus(**named)  # type: ignore[arg-type]
