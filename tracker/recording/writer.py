"""Writes a recording while it happens."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from tracker import __version__
from tracker.model import Notification, PhaseMark, Placement, SensorIdentity, TimedBlock
from tracker.recording.container import ContainerWriter
from tracker.recording.events import MARK, SESSION_EVENT, encode_event, encode_header, encode_mark
from tracker.recording.format import (
    EVENTS_ENCODING,
    EVENTS_SCHEMA,
    EVENTS_SCHEMA_NAME,
    EVENTS_TOPIC,
    MAX_CHANNEL_BYTES,
    MAX_CHANNELS,
    MAX_PAYLOAD_BYTES,
    MAX_SAMPLES_BYTES,
    MAX_STAMP_NS,
    NANOSECONDS,
    SAMPLES_PROTOCOL,
    events_metadata,
    json_text,
    schema_text,
    sensor_encoding,
    sensor_metadata,
    sensor_topic,
)
from tracker.recording.header import RecordingHeader, header_to_metadata

LIBRARY = f"hip-rotation-tracker {__version__}"


class RecordingWriter:
    """A recording in the making; a context manager that closes it properly.

    A chunk is closed each 0.7 s of received data and is on the disk when the method returns, so
    that a killed process or a power cut loses one second at most. Where data may stop coming,
    call `tick` about once a second.

    The methods are synchronous and wait for the disk (0.1 ms on a quiet one, much more on a busy
    one): from an event loop call them in one worker thread. Not for several threads at once.

    Args:
        path: the new file; readable by its owner only.
        header: what the recording says of itself.
        sync: false leaves it to the system when data reach the disk (for imports, whose source stays).

    Raises:
        StorageError: the file exists or cannot be written, the disk is full. From any method; what was
            committed before stays readable, and `close` then has no second error.
        ValueError: a sensor that was not added, or values that a recording cannot hold.
    """

    def __init__(self, path: Path, header: RecordingHeader, *, sync: bool = True) -> None:
        self.path = path
        self.header = header
        self._file = ContainerWriter(path, library=LIBRARY, sync=sync)
        self._schemas: dict[str, int] = {}
        self._channels: dict[tuple[Placement, SensorIdentity], int] = {}
        self._current: dict[Placement, tuple[int, bool]] = {}
        self._sequences: dict[int, int] = {}
        self._has_data = False
        try:
            self._write_header()
        except BaseException:
            # Nothing is in it, and its name would be taken.
            self._file.abandon()
            with contextlib.suppress(OSError):
                path.unlink()
            raise

    def _write_header(self) -> None:
        for name, entries in header_to_metadata(self.header).items():
            self._file.add_metadata(name, entries)
        schema = self._file.add_schema(EVENTS_SCHEMA_NAME, "jsonschema", json_text(EVENTS_SCHEMA).encode())
        metadata = events_metadata(self._file.next_channel)
        self._events = self._file.add_channel(EVENTS_TOPIC, EVENTS_ENCODING, schema, metadata)
        self._put(self._events, self.header.anchor.monotonic_ns, encode_header(self.header))
        self._file.commit()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add_sensor(self, placement: Placement, identity: SensorIdentity) -> None:
        """Say which sensor sends from now on at a placement; again after it came back, changed or not."""
        channel = self._channels.get((placement, identity))
        is_samples = identity.protocol == SAMPLES_PROTOCOL
        if channel is None:
            if len(self._channels) + 1 >= MAX_CHANNELS:
                raise ValueError("too many different sensors for one recording")
            metadata = sensor_metadata(placement, identity, self._file.next_channel)
            if len(json_text(metadata).encode()) > MAX_CHANNEL_BYTES // 2:
                raise ValueError("the description of a sensor is too long")
            channel = self._file.add_channel(
                sensor_topic(placement),
                sensor_encoding(identity.protocol),
                self._schema(identity.protocol),
                metadata,
            )
            self._channels[placement, identity] = channel
        self._current[placement] = channel, is_samples

    def write_notification(self, notification: Notification) -> None:
        """Keep a notification as it was received."""
        channel = self._channel(notification.placement, samples=False)
        if len(notification.payload) > MAX_PAYLOAD_BYTES:
            raise ValueError(f"a notification of {len(notification.payload)} bytes is too long")
        self._put_data(channel, notification.received_ns, notification.payload)

    def write_samples(self, block: TimedBlock) -> None:
        """Keep decoded samples, about one second of them, of a sensor with the protocol `samples-f64`.

        Saturation is not kept: reading gives false for all.
        """
        channel = self._channel(block.placement, samples=True)
        if len(block) == 0:
            return
        rows = np.column_stack([block.time_s, block.accelerometer_m_per_s2, block.gyroscope_rad_per_s])
        payload = rows.astype("<f8", copy=False).tobytes()
        if len(payload) > MAX_SAMPLES_BYTES or not np.isfinite(rows).all():
            raise ValueError("a block of samples is too long or not finite")
        self._put_data(channel, self._stamp(float(block.time_s[0])), payload)

    def write_mark(self, mark: PhaseMark, received_ns: int) -> None:
        """Keep one edge of a phase; `received_ns` is the host monotonic clock when it was set."""
        self._put(self._events, received_ns, encode_mark(mark))

    def write_event(self, kind: str, received_ns: int, data: Mapping[str, object] | None = None) -> None:
        """Keep anything else that happened: JSON values by name, under a kind of its own."""
        fields = data or {}
        if kind in (MARK, SESSION_EVENT) or "type" in fields:
            raise ValueError(f"an event must not be of the kind {kind!r} or have a value named 'type'")
        self._put(self._events, received_ns, encode_event(kind, fields))

    def tick(self, now_ns: int) -> None:
        """Commit what waits for a second or longer; `now_ns` is the host monotonic clock."""
        if not self._file.failed and self._file.due(now_ns):
            self._file.commit()

    def close(self) -> None:
        """Write the end of the file and close it; does nothing when closed, or after an error of the disk."""
        self._file.finish()

    def _channel(self, placement: Placement, *, samples: bool) -> int:
        channel, is_samples = self._current.get(placement, (0, samples))
        if channel == 0:
            raise ValueError(f"no sensor was added for {placement}")
        if is_samples != samples:
            sent = "samples" if is_samples else "notifications"
            raise ValueError(f"the sensor at {placement} sends {sent}")
        return channel

    def _schema(self, protocol: str) -> int:
        if protocol not in self._schemas:
            self._schemas[protocol] = self._file.add_schema(
                protocol, "x-text", schema_text(protocol).encode()
            )
        return self._schemas[protocol]

    def _stamp(self, time_s: float) -> int:
        return self.header.anchor.monotonic_ns + round(time_s * NANOSECONDS)

    def _put(self, channel: int, received_ns: int, payload: bytes) -> None:
        if not 0 <= received_ns < MAX_STAMP_NS:
            raise ValueError(f"a clock stamp of {received_ns} ns is out of range")
        sequence = self._sequences.get(channel, 0)
        self._file.add_message(
            channel, sequence, self.header.anchor.wall_at(received_ns), received_ns, payload
        )
        self._sequences[channel] = sequence + 1

    def _put_data(self, channel: int, received_ns: int, payload: bytes) -> None:
        self._put(channel, received_ns, payload)
        if not self._has_data:
            # Even a recording that is killed at once shows that data came.
            self._has_data = True
            self._file.commit()
