"""Makes a whole recording of a damaged one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracker.errors import StorageError
from tracker.recording.chunks import RawMessage
from tracker.recording.container import MESSAGE_HEAD, ContainerWriter
from tracker.recording.damage import Damage
from tracker.recording.files import publishing
from tracker.recording.format import EVENTS_TOPIC, events_metadata, sensor_from_metadata, sensor_metadata
from tracker.recording.header import RecordingHeader, header_to_metadata
from tracker.recording.passes import FilePass
from tracker.recording.reader import read_recording, with_header_of
from tracker.recording.writer import LIBRARY


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """What was saved of a recording, and what was not.

    Attributes:
        source, out: the file read and the file written.
        kept: messages kept, by topic.
        missing: messages that their counters show to be missing, by topic.
        damage: what could not be read of the source.
        start_s, end_s: time span of what was kept, on the recording's time line.
        size_bytes: size of the file written.
    """

    source: Path
    out: Path
    kept: Mapping[str, int]
    missing: Mapping[str, int]
    damage: Damage
    start_s: float
    end_s: float
    size_bytes: int

    @property
    def lost(self) -> bool:
        """True where anything is known to be lost. A file that was only cut may lack one second more."""
        return self.damage.lost or any(self.missing.values())


@dataclass(slots=True)
class _Tally:
    """Counts and fingerprint of messages, to compare two files."""

    kept: dict[str, int] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    first_ns: int | None = None
    last_ns: int = 0
    _next: dict[int, int] = field(default_factory=dict)
    _digest: hashlib.blake2b = field(default_factory=lambda: hashlib.blake2b(digest_size=16))

    def add(self, topic: str, message: RawMessage) -> None:
        number, sequence, log_ns, publish_ns, payload = message
        self.kept[topic] = self.kept.get(topic, 0) + 1
        gap = sequence - self._next.get(number, 0)
        if gap > 0:
            self.missing[topic] = self.missing.get(topic, 0) + gap
        self._next[number] = sequence + 1
        self.first_ns = publish_ns if self.first_ns is None else min(self.first_ns, publish_ns)
        self.last_ns = max(self.last_ns, publish_ns)
        self._digest.update(MESSAGE_HEAD.pack(0, len(payload), 0, sequence, log_ns, publish_ns))
        self._digest.update(payload)

    def fingerprint(self) -> bytes:
        return self._digest.digest()


def recover(path: Path, out: Path) -> RecoveryReport:
    """Write what is whole of a recording to a new, finished file, and check that by reading it.

    Messages are copied byte for byte with their stamps and counters. The source is only read.

    Raises:
        InputError: there is nothing to recover in `path`.
        StorageError: `out` exists or cannot be written, or does not read back as written.
    """
    recording = read_recording(path)
    header = recording.header
    source = FilePass(path, wall_ns=header.anchor.wall_ns)
    with publishing(out) as temporary:
        written = _copy(source, header, temporary)
        _verify(temporary, written, out)
        size = temporary.stat().st_size
    first_ns = header.anchor.monotonic_ns if written.first_ns is None else written.first_ns
    return RecoveryReport(
        source=path,
        out=out,
        kept=written.kept,
        missing=written.missing,
        damage=with_header_of(source.damage, recording.damage).result(),
        start_s=header.time_s(first_ns),
        end_s=header.time_s(max(written.last_ns, first_ns)),
        size_bytes=size,
    )


def _copy(source: FilePass, header: RecordingHeader, path: Path) -> _Tally:
    tally = _Tally()
    writer = ContainerWriter(path, library=LIBRARY, sync=False)
    try:
        for name, entries in header_to_metadata(header).items():
            writer.add_metadata(name, entries)
        numbers: dict[int, int] = {}
        schemas: dict[int, int] = {}
        for message in source.messages():
            number, sequence, log_ns, publish_ns, payload = message
            if number not in numbers:
                numbers[number] = _add_channel(writer, source, number, schemas)
            tally.add(source.channels[number].topic, message)
            writer.add_message(numbers[number], sequence, log_ns, publish_ns, payload)
        writer.finish()
    finally:
        writer.abandon()
    return tally


def _add_channel(writer: ContainerWriter, source: FilePass, number: int, schemas: dict[int, int]) -> int:
    channel = source.channels[number]
    if channel.schema_id not in schemas:
        schema = source.schemas.get(channel.schema_id)
        # Number 0 stands for "no schema".
        schemas[channel.schema_id] = (
            0 if schema is None else writer.add_schema(schema.name, schema.encoding, schema.data)
        )
    schema_id, metadata = schemas[channel.schema_id], channel.metadata
    sensor = sensor_from_metadata(metadata)
    if sensor is not None:
        metadata = sensor_metadata(*sensor, writer.next_channel)
    elif channel.topic == EVENTS_TOPIC:
        metadata = events_metadata(writer.next_channel)
    return writer.add_channel(channel.topic, channel.message_encoding, schema_id, metadata)


def _verify(path: Path, written: _Tally, out: Path) -> None:
    check = FilePass(path)
    read = _Tally()
    for message in check.messages():
        read.add(check.channels[message[0]].topic, message)
    same = read.kept == written.kept and read.fingerprint() == written.fingerprint()
    if not same or not check.damage.result().whole:
        raise StorageError(
            f"{out} did not read back as it was written",
            advice="Check the disk, and recover to another one.",
            path=str(out),
        )
