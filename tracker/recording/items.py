"""Makes recording items of raw messages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from mcap.records import Channel

from tracker.model import Notification, PhaseMark, Placement, SensorIdentity, TimedBlock
from tracker.recording.events import BadEventError, RecordingEvent, decode_event, is_header
from tracker.recording.format import (
    EVENTS_TOPIC,
    MAX_PAYLOAD_BYTES,
    MAX_SAMPLES_BYTES,
    MAX_STAMP_NS,
    SAMPLE_COLUMNS,
    SAMPLE_ROW_BYTES,
    SAMPLES_PROTOCOL,
    sensor_from_metadata,
)
from tracker.recording.header import RecordingHeader


@dataclass(frozen=True, slots=True)
class RecordedSensor:
    """A sensor that sends from here on at a placement."""

    placement: Placement
    identity: SensorIdentity


RecordingItem: TypeAlias = RecordedSensor | Notification | TimedBlock | PhaseMark | RecordingEvent
"""What a recording is made of. A `RecordedSensor` comes before the first item of that sensor, and again
where another one takes its place; a `TimedBlock` holds imported samples."""


class BadMessageError(ValueError):
    """The bytes of a message do not make sense on its channel."""


def recorded_sensor(channel: Channel) -> RecordedSensor | None:
    """The sensor whose channel this is; None for other channels."""
    sensor = sensor_from_metadata(channel.metadata)
    return None if sensor is None else RecordedSensor(*sensor)


def decode_samples(placement: Placement, payload: bytes) -> TimedBlock:
    """Imported samples out of their message.

    Raises:
        BadMessageError: no rows, not finite, or times that do not rise.
    """
    if not payload or len(payload) % SAMPLE_ROW_BYTES or len(payload) > MAX_SAMPLES_BYTES:
        raise BadMessageError("not a whole number of rows")
    rows = np.frombuffer(payload, "<f8").reshape(-1, len(SAMPLE_COLUMNS)).astype(np.float64)
    if not np.isfinite(rows).all() or (np.diff(rows[:, 0]) <= 0).any():
        raise BadMessageError("values that are not finite or times that do not rise")
    return TimedBlock(
        placement=placement,
        time_s=rows[:, 0].copy(),
        accelerometer_m_per_s2=rows[:, 1:4].copy(),
        gyroscope_rad_per_s=rows[:, 4:7].copy(),
        saturated=np.zeros(len(rows), dtype=np.bool_),
    )


@dataclass(slots=True)
class ItemDecoder:
    """Makes items of messages, one after the other.

    Attributes:
        header: gives the recording's time line.
        streaming: the channels of notifications in use, with their placements: the common case, for which
            a reader need not ask `decode`.
    """

    header: RecordingHeader
    streaming: dict[int, Placement] = field(default_factory=dict)
    _current: dict[Placement, int] = field(default_factory=dict)
    _last_time_s: dict[Placement, float] = field(default_factory=dict)

    def decode(
        self, number: int, channel: Channel, received_ns: int, payload: bytes
    ) -> Iterator[RecordingItem]:
        """The items that a message holds: none for channels of other programs.

        Raises:
            BadMessageError: the message makes no sense.
        """
        if received_ns >= MAX_STAMP_NS:
            raise BadMessageError("a stamp out of range")
        if channel.topic == EVENTS_TOPIC:
            yield from self._event(received_ns, payload)
            return
        sensor = recorded_sensor(channel)
        if sensor is None:
            return
        item: Notification | TimedBlock
        if sensor.identity.protocol == SAMPLES_PROTOCOL:
            item = self._samples(sensor.placement, payload)
        elif len(payload) <= MAX_PAYLOAD_BYTES:
            item = Notification(sensor.placement, payload, received_ns)
        else:
            raise BadMessageError("too long")
        if self._current.get(sensor.placement) != number:
            self._switch(number, sensor)
            yield sensor
        yield item

    def _switch(self, number: int, sensor: RecordedSensor) -> None:
        self.streaming.pop(self._current.get(sensor.placement, 0), None)
        self._current[sensor.placement] = number
        if sensor.identity.protocol != SAMPLES_PROTOCOL:
            self.streaming[number] = sensor.placement

    def _event(self, received_ns: int, payload: bytes) -> Iterator[PhaseMark | RecordingEvent]:
        if len(payload) > MAX_PAYLOAD_BYTES and not is_header(payload):
            raise BadMessageError("too long")
        try:
            event = decode_event(payload, self.header.time_s(received_ns))
        except BadEventError as error:
            raise BadMessageError(str(error)) from error
        if not isinstance(event, RecordingHeader):
            yield event

    def _samples(self, placement: Placement, payload: bytes) -> TimedBlock:
        block = decode_samples(placement, payload)
        if block.time_s[0] <= self._last_time_s.get(placement, -np.inf):
            raise BadMessageError("a block that begins before the last one ended")
        self._last_time_s[placement] = float(block.time_s[-1])
        return block
