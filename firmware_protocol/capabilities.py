"""What a sensor is and can do, as it states it itself: the Capabilities characteristic, tag-length-value."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from firmware_protocol.errors import FrameError, ProtocolError
from firmware_protocol.service import PROTOCOL_MAJOR, PROTOCOL_MINOR, Feature, Layout, PlacementCode
from firmware_protocol.stream import ATT_VALUE_BYTES, StreamScale
from firmware_protocol.wire import Bytes, Kind, WireField

_ADVICE: Final = "Check the sensor's firmware against the capabilities table in PROTOCOL.md."
DEVICE_ID_BYTES: Final = 8
FIRMWARE_BYTES_MAXIMUM: Final = 64


class CapabilityTag(IntEnum):
    """Tags of the Capabilities characteristic; a receiver skips those that it does not know."""

    PROTOCOL_VERSION = 0x01
    DEVICE_ID = 0x02
    FIRMWARE = 0x03
    TICK_RATE = 0x04
    SAMPLE_RATES = 0x05
    ACCELEROMETER_RANGES = 0x06
    GYROSCOPE_RANGES = 0x07
    RANGES_IN_FORCE = 0x08
    RING_BUFFER = 0x09
    LAYOUTS = 0x0A
    FEATURES = 0x0B
    PLACEMENT = 0x0C


_KNOWN_TAGS: Final = frozenset(int(tag) for tag in CapabilityTag)
MANDATORY_TAGS: Final = tuple(tag for tag in CapabilityTag if tag <= CapabilityTag.RANGES_IN_FORCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a sensor is and can do. Made only with values that the wire can carry, else ProtocolError.

    Attributes:
        protocol_major: version of the protocol; another major cannot be read.
        protocol_minor: version within the major; a later minor only adds.
        device_id: 8 bytes that never change and no other sensor has.
        firmware: name and version of the firmware, 1 to 64 bytes of UTF-8.
        tick_rate_hz: device ticks a second.
        sample_rates_hz: rates that START takes, in steps of 0.1 Hz.
        accelerometer_ranges_g: ranges that START takes, each meaning plus and minus.
        gyroscope_ranges_dps: ranges that START takes, degrees a second, each meaning plus and minus.
        accelerometer_range_g: range in force: that of the last START, before the first one the default.
        gyroscope_range_dps: range in force, likewise.
        ring_buffer_samples: samples that the sensor keeps for RESUME and FETCH; 0 none.
        layouts: sample layouts that START takes.
        features: what it can do beyond the mandatory requests.
        placement: where it was told that it sits.
    """

    device_id: bytes
    firmware: str
    tick_rate_hz: int
    sample_rates_hz: tuple[float, ...]
    accelerometer_ranges_g: tuple[int, ...]
    gyroscope_ranges_dps: tuple[int, ...]
    accelerometer_range_g: int
    gyroscope_range_dps: int
    ring_buffer_samples: int = 0
    layouts: tuple[int, ...] = (Layout.SIX_AXIS_INT16,)
    features: Feature = Feature.NONE
    placement: PlacementCode = PlacementCode.UNSET
    protocol_major: int = PROTOCOL_MAJOR
    protocol_minor: int = PROTOCOL_MINOR

    def __post_init__(self) -> None:
        """Refuses what the wire cannot carry."""
        problem = _problem(self)
        if problem:
            raise ProtocolError(f"capabilities: {problem}", advice=_ADVICE)

    @property
    def scale(self) -> StreamScale:
        """Scale of the frames at the ranges in force."""
        return StreamScale.from_ranges(self.accelerometer_range_g, self.gyroscope_range_dps)


def encode_capabilities(capabilities: Capabilities) -> bytes:
    """Bytes of the characteristic; ProtocolError where a value does not fit or they pass 512 bytes."""
    version = (capabilities.protocol_major, capabilities.protocol_minor)
    values = {
        CapabilityTag.PROTOCOL_VERSION: _pack("protocol_version", "u8", version),
        CapabilityTag.DEVICE_ID: capabilities.device_id,
        CapabilityTag.FIRMWARE: capabilities.firmware.encode(),
        CapabilityTag.TICK_RATE: _pack("tick_rate_hz", "u32", [capabilities.tick_rate_hz]),
        CapabilityTag.SAMPLE_RATES: _pack("sample_rates_hz", "u16", capabilities.sample_rates_hz, 10),
        CapabilityTag.ACCELEROMETER_RANGES: _pack(
            "accelerometer_ranges_g", "u8", capabilities.accelerometer_ranges_g
        ),
        CapabilityTag.GYROSCOPE_RANGES: _pack(
            "gyroscope_ranges_dps", "u16", capabilities.gyroscope_ranges_dps
        ),
        CapabilityTag.RANGES_IN_FORCE: _pack(
            "accelerometer_range_g", "u8", [capabilities.accelerometer_range_g]
        )
        + _pack("gyroscope_range_dps", "u16", [capabilities.gyroscope_range_dps]),
        CapabilityTag.RING_BUFFER: _pack("ring_buffer_samples", "u32", [capabilities.ring_buffer_samples]),
        CapabilityTag.LAYOUTS: _pack("layouts", "u8", capabilities.layouts),
        CapabilityTag.FEATURES: _pack("features", "u16", [capabilities.features]),
        CapabilityTag.PLACEMENT: _pack("placement", "u8", [capabilities.placement]),
    }
    long = next((tag.name.lower() for tag, value in values.items() if len(value) > 255), None)
    if long:
        raise ProtocolError(f"{long}: more than 255 bytes", advice=_ADVICE)
    data = b"".join(bytes((tag, len(value))) + value for tag, value in values.items())
    if len(data) > ATT_VALUE_BYTES:
        raise ProtocolError(f"capabilities: {len(data)} bytes, at most {ATT_VALUE_BYTES}", advice=_ADVICE)
    return data


def decode_capabilities(data: Bytes) -> Capabilities:
    """Capabilities from the characteristic's bytes.

    Raises:
        FrameError: cut or doubled tags, a missing mandatory tag, another major, a value without meaning.
        ProtocolError: values that are each readable but make no sense together.
    """
    tags = _split_tags(bytes(data))
    version, offset = tags.get(CapabilityTag.PROTOCOL_VERSION, (b"", 0))
    if version and version[0] != PROTOCOL_MAJOR:
        advice = f"Bring sensor and receiver to the same major version; this receiver has {PROTOCOL_MAJOR}."
        reason = f"protocol major {version[0]}, {PROTOCOL_MAJOR} known"
        raise FrameError("protocol_version", offset, reason, advice=advice)
    for tag in MANDATORY_TAGS:
        if tag not in tags:
            raise FrameError(tag.name.lower(), len(data), f"mandatory tag {tag:#04x} is missing")
    major, minor = _numbers(tags, CapabilityTag.PROTOCOL_VERSION, "u8", 2)
    in_force, offset = tags[CapabilityTag.RANGES_IN_FORCE]
    if len(in_force) != 3:
        raise FrameError("ranges_in_force", offset, f"{len(in_force)} bytes, 3 expected")
    layouts = _numbers(tags, CapabilityTag.LAYOUTS, "u8") or (int(Layout.SIX_AXIS_INT16),)
    return Capabilities(
        protocol_major=major,
        protocol_minor=minor,
        device_id=tags[CapabilityTag.DEVICE_ID][0],
        firmware=_text(tags, CapabilityTag.FIRMWARE),
        tick_rate_hz=_number(tags, CapabilityTag.TICK_RATE, "u32"),
        sample_rates_hz=tuple(rate / 10 for rate in _numbers(tags, CapabilityTag.SAMPLE_RATES, "u16")),
        accelerometer_ranges_g=_numbers(tags, CapabilityTag.ACCELEROMETER_RANGES, "u8"),
        gyroscope_ranges_dps=_numbers(tags, CapabilityTag.GYROSCOPE_RANGES, "u16"),
        accelerometer_range_g=in_force[0],
        gyroscope_range_dps=int.from_bytes(in_force[1:], "little"),
        ring_buffer_samples=_number(tags, CapabilityTag.RING_BUFFER, "u32"),
        layouts=layouts,
        features=Feature(_number(tags, CapabilityTag.FEATURES, "u16")),
        placement=_placement(tags),
    )


def _problem(capabilities: Capabilities) -> str | None:
    """The first thing in the capabilities that makes no sense."""
    c = capabilities
    firmware_bytes = len(c.firmware.encode(errors="replace"))
    rules = (
        (c.protocol_major == PROTOCOL_MAJOR, f"protocol major {c.protocol_major} is unknown"),
        (len(c.device_id) == DEVICE_ID_BYTES, f"device id of {len(c.device_id)} bytes, 8 expected"),
        (1 <= firmware_bytes <= FIRMWARE_BYTES_MAXIMUM, "firmware name is empty or too long"),
        (c.tick_rate_hz > 0, "tick rate is zero"),
        (bool(c.sample_rates_hz) and min(c.sample_rates_hz, default=0) > 0, "a sample rate above zero lacks"),
        (min(c.accelerometer_ranges_g, default=0) > 0, "accelerometer ranges must be above zero"),
        (min(c.gyroscope_ranges_dps, default=0) > 0, "gyroscope ranges must be above zero"),
        (c.accelerometer_range_g in c.accelerometer_ranges_g, "accelerometer range in force is not offered"),
        (c.gyroscope_range_dps in c.gyroscope_ranges_dps, "gyroscope range in force is not offered"),
        (bool(c.layouts), "no layout"),
    )
    return next((text for sound, text in rules if not sound), None)


def _split_tags(data: bytes) -> dict[int, tuple[bytes, int]]:
    """Value and its byte offset for each tag; FrameError where one is cut or a known one comes twice."""
    tags: dict[int, tuple[bytes, int]] = {}
    offset = 0
    while offset < len(data):
        tag, start = data[offset], offset + 2
        if len(data) < start or len(data) < start + data[start - 1]:
            raise FrameError("length", len(data), f"tag {tag:#04x} at byte {offset} is cut")
        if tag in tags and tag in _KNOWN_TAGS:
            raise FrameError(CapabilityTag(tag).name.lower(), offset, "comes twice")
        offset = start + data[start - 1]
        tags[tag] = (data[start:offset], start)
    return tags


def _pack(name: str, kind: Kind, values: Sequence[float], counts_per_unit: int = 1) -> bytes:
    field = WireField(name, kind, counts_per_unit)
    return b"".join(field.pack(value) for value in values)


def _numbers(
    tags: dict[int, tuple[bytes, int]], tag: CapabilityTag, kind: Kind, count: int | None = None
) -> tuple[int, ...]:
    """Numbers that a tag holds, none where it is absent; FrameError where its length is not theirs."""
    value, offset = tags.get(tag, (b"", 0))
    size = WireField(tag.name, kind).size
    if len(value) % size or (count is not None and len(value) != count * size):
        raise FrameError(tag.name.lower(), offset, f"{len(value)} bytes are not its length")
    return tuple(int.from_bytes(value[i : i + size], "little") for i in range(0, len(value), size))


def _number(tags: dict[int, tuple[bytes, int]], tag: CapabilityTag, kind: Kind) -> int:
    return _numbers(tags, tag, kind, 1)[0] if tag in tags else 0


def _text(tags: dict[int, tuple[bytes, int]], tag: CapabilityTag) -> str:
    value, offset = tags[tag]
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise FrameError(tag.name.lower(), offset, "is not UTF-8") from None


def _placement(tags: dict[int, tuple[bytes, int]]) -> PlacementCode:
    number = _number(tags, CapabilityTag.PLACEMENT, "u8")
    try:
        return PlacementCode(number)
    except ValueError:
        raise FrameError(
            "placement", tags[CapabilityTag.PLACEMENT][1], f"value {number} has no meaning"
        ) from None
