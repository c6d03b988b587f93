"""One reading of a recording file, on the level of messages: what reader and recovery share."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from mcap.records import Channel, Metadata, Schema

from tracker.errors import InputError
from tracker.recording.chunks import BadChunkError, RawMessage, messages, unpack_chunk
from tracker.recording.container import MAGIC
from tracker.recording.damage import DamagedChunk, DamageLog
from tracker.recording.files import open_input
from tracker.recording.format import (
    EVENTS_ENCODING,
    EVENTS_TOPIC,
    MAX_CHANNEL_BYTES,
    MAX_CHANNELS,
    NANOSECONDS,
    sensor_encoding,
    sensor_from_metadata,
    sensor_topic,
    unseal,
)
from tracker.recording.header import METADATA_NAMES
from tracker.recording.walk import ChunkFrame, End, Unreadable, walk

_MAX_SCHEMAS = 256


def open_recording(path: Path) -> tuple[BinaryIO, int]:
    """Open a recording file; returns it with its size.

    Raises:
        InputError: it cannot be read, is empty, or is no MCAP file.
    """
    file, size = open_input(path)
    magic = file.read(len(MAGIC))
    if magic == MAGIC:
        return file, size
    file.close()
    if size == 0:
        raise InputError(f"{path} is empty", advice="Nothing was recorded into it.", path=str(path))
    raise InputError(
        f"{path} is not a recording: it is no MCAP file",
        advice="Give a file that this program recorded or imported; CSV files are imported first.",
        path=str(path),
    )


def restored_channel(channel: Channel) -> Channel | None:
    """A channel as its sealed metadata say it was; None where they are damaged or of another program."""
    if channel.topic == EVENTS_TOPIC and not channel.metadata:
        return channel  # as the first recordings had it
    entries = unseal(channel.metadata)
    if entries is None or entries.get("channel", str(channel.id)) != str(channel.id):
        return None
    sensor = sensor_from_metadata(channel.metadata)
    topic, encoding = EVENTS_TOPIC, EVENTS_ENCODING
    if sensor is not None:
        topic, encoding = sensor_topic(sensor[0]), sensor_encoding(sensor[1].protocol)
    elif "placement" in entries:
        return None
    return Channel(channel.id, topic, encoding, channel.metadata, channel.schema_id)


@dataclass(slots=True)
class FilePass:
    """Goes once from the file's beginning to its end and collects what it meets.

    Attributes:
        wall_ns: wall-clock time of the recording's start, for the time spans of damaged chunks.
        metadata: the metadata records of a recording, by name.
        channels: channels by number. Those inside chunks are guarded by a CRC and go before others.
        schemas: schemas by number.
        damage: what is wrong with the file; complete at the end of the pass.
    """

    path: Path
    wall_ns: int | None = None
    metadata: dict[str, dict[str, str]] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    schemas: dict[int, Schema] = field(default_factory=dict)
    damage: DamageLog = field(default_factory=DamageLog)
    _guarded: set[int] = field(default_factory=set)

    def messages(self) -> Iterator[RawMessage]:
        """All messages in the order of the file, each with a known channel.

        Raises:
            InputError: the file cannot be read, or is no MCAP file.
        """
        for file, frame in self._frames():
            try:
                for message in messages(unpack_chunk(file, frame), self._guarded_channel):
                    if message[0] in self.channels:
                        yield message
                    else:
                        self.damage.bad_messages += 1
            except BadChunkError as error:
                self._note(frame, str(error))

    def listing(self) -> None:
        """Go through the file without unpacking chunks: damage inside of them stays unseen.

        Raises:
            InputError: as `messages`.
        """
        for _ in self._frames():
            pass

    def _frames(self) -> Iterator[tuple[BinaryIO, ChunkFrame]]:
        file, size = open_recording(self.path)
        with file:
            try:
                for frame in walk(file, size):
                    if isinstance(frame, ChunkFrame):
                        yield file, frame
                    else:
                        self._take(frame)
            except OSError as error:
                raise InputError(
                    f"{self.path} cannot be read to its end: {error.strerror or error}",
                    advice="Copy it to another disk as far as that works, and recover the copy.",
                    path=str(self.path),
                ) from error

    def _take(self, frame: Schema | Channel | Metadata | Unreadable | End) -> None:
        if isinstance(frame, Metadata):
            if frame.name in METADATA_NAMES:
                self.metadata.setdefault(frame.name, frame.metadata)
        elif isinstance(frame, Schema):
            if len(self.schemas) < _MAX_SCHEMAS and len(frame.data) <= MAX_CHANNEL_BYTES:
                self.schemas.setdefault(frame.id, frame)
        elif isinstance(frame, Channel):
            self._loose_channel(frame)
        elif isinstance(frame, Unreadable):
            self.damage.chunk(DamagedChunk(frame.offset, frame.size, None, None, "it is no record"))
        else:
            self.damage.cut = not frame.closed
            self.damage.bytes_unread += frame.unread
            self.damage.copies_damaged |= not frame.summary_whole

    def _loose_channel(self, channel: Channel) -> None:
        ours = channel.topic == EVENTS_TOPIC or "crc32" in channel.metadata
        restored = restored_channel(channel)
        # Metadata are sealed and the rest of a channel between the chunks is not: it is made of them.
        self.damage.copies_damaged |= ours and restored != channel
        if restored is not None and channel.id not in self._guarded and len(self.channels) < MAX_CHANNELS:
            self.channels[channel.id] = restored

    def _guarded_channel(self, channel: Channel) -> None:
        if channel.id not in self._guarded and len(self._guarded) < MAX_CHANNELS:
            self._guarded.add(channel.id)
            self.channels[channel.id] = channel

    def _note(self, frame: ChunkFrame, reason: str) -> None:
        start_s = end_s = None
        if self.wall_ns is not None and frame.first_log_ns <= frame.last_log_ns:
            start_s = (frame.first_log_ns - self.wall_ns) / NANOSECONDS
            end_s = (frame.last_log_ns - self.wall_ns) / NANOSECONDS
        self.damage.chunk(DamagedChunk(frame.offset, frame.size, start_s, end_s, reason))
