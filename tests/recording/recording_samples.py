"""Small recordings for the tests of this folder."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tracker.model import (
    Edge,
    Notification,
    PhaseKind,
    PhaseMark,
    Placement,
    SensorIdentity,
    Side,
    TimedBlock,
    WallClockAnchor,
)
from tracker.recording.header import RecordingHeader
from tracker.recording.items import RecordingItem
from tracker.recording.reader import Recording, read_recording
from tracker.recording.writer import RecordingWriter

ANCHOR = WallClockAnchor(wall_ns=1_760_000_000_123_456_789, monotonic_ns=55_000_000_000)
HEADER = RecordingHeader(
    anchor=ANCHOR,
    software_version="0.1.0",
    time_zone="Europe/Berlin",
    utc_offset_s=7200,
    settings_json='{"rate_hz":100}',
    calibration_json='{"bias":[0.1,-0.2,0.3]}',
)
FIRST = HEADER.anchor.monotonic_ns


def identity(placement: Placement, name: str = "HT-1", protocol: str = "hip-imu") -> SensorIdentity:
    """A sensor of a placement."""
    return SensorIdentity(f"id-{placement}", "AA:BB:CC:DD:EE:FF", name, protocol, b"\x01\x02\x00\xff")


def notifications(
    seconds: float, rate_hz: float = 10.0, placement: Placement = Placement.LEFT_THIGH, seed: int = 1
) -> list[Notification]:
    """Notifications of random bytes from the recording's start on."""
    rng = np.random.default_rng(seed)
    step_ns = round(1e9 / rate_hz)
    return [
        Notification(placement, rng.bytes(40), FIRST + index * step_ns)
        for index in range(round(seconds * rate_hz))
    ]


def write_small(path: Path, seconds: float = 3.0) -> list[RecordingItem]:
    """A recording of two sensors, marks and events; returns its items as they must be read."""
    left = notifications(seconds, placement=Placement.LEFT_THIGH, seed=1)
    right = notifications(seconds, placement=Placement.RIGHT_THIGH, seed=2)
    mark = PhaseMark(0.5, PhaseKind.SET, Edge.START, Side.LEFT, "band_internal_rotation")
    with RecordingWriter(path, HEADER, sync=False) as writer:
        for placement in (Placement.LEFT_THIGH, Placement.RIGHT_THIGH):
            writer.add_sensor(placement, identity(placement))
        for index, (one, other) in enumerate(zip(left, right, strict=True)):
            writer.write_notification(one)
            writer.write_notification(other)
            if index == 5:
                writer.write_mark(mark, one.received_ns)
                writer.write_event("battery", one.received_ns, {"placement": "left_thigh", "percent": 87})
    return items_of(read_recording(path))


def items_of(recording: Recording) -> list[RecordingItem]:
    """All items of a recording; blocks of samples compare by identity, so tests compare the others."""
    return list(recording.items())


def notifications_of(items: Sequence[RecordingItem]) -> list[Notification]:
    """The notifications among items."""
    return [item for item in items if isinstance(item, Notification)]


def is_subsequence(part: Sequence[RecordingItem], whole: Sequence[RecordingItem]) -> bool:
    """True where `part` is `whole` with some items left out."""
    rest = iter(whole)
    return all(any(item == candidate for candidate in rest) for item in part)


def block(placement: Placement, times_s: Sequence[float], seed: int = 3) -> TimedBlock:
    """Samples at given times."""
    rng = np.random.default_rng(seed)
    count = len(times_s)
    return TimedBlock(
        placement,
        np.asarray(times_s, dtype=np.float64),
        rng.normal(0, 9, (count, 3)),
        rng.normal(0, 1, (count, 3)),
        np.zeros(count, dtype=np.bool_),
    )


def chunk_spans(data: bytes) -> list[tuple[int, int]]:
    """Offset and size of the chunks in the bytes of a recording."""
    spans = []
    position = 8
    while position < len(data):
        size = 9 + int.from_bytes(data[position + 1 : position + 9], "little")
        if data[position] == 6:
            spans.append((position, size))
        if data[position] == 15:
            break
        position += size
    return spans
