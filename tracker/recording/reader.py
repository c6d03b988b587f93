"""Reads a recording, whole or damaged."""

from collections.abc import Iterator
from pathlib import Path

from tracker.errors import InputError
from tracker.model import Notification, WallClockAnchor
from tracker.recording.damage import Damage, DamageLog
from tracker.recording.events import BadEventError, decode_event, is_header
from tracker.recording.format import EVENTS_TOPIC, MAX_PAYLOAD_BYTES, MAX_STAMP_NS, check_version
from tracker.recording.header import SESSION, RecordingHeader, header_from_metadata
from tracker.recording.items import (
    BadMessageError,
    ItemDecoder,
    RecordedSensor,
    RecordingItem,
    recorded_sensor,
)
from tracker.recording.passes import FilePass


def read_recording(path: Path) -> "Recording":
    """Open a recording: its header and its sensors, without unpacking the samples of a whole file.

    A file that was cut, or is damaged in places, is read as far as it is whole, without asking.

    Raises:
        InputError: the file cannot be read, is no recording, or was written by a newer version.
    """
    listing = FilePass(path)
    listing.listing()
    check_version(listing.metadata.get(SESSION, {}).get("format", ""), path)
    header = header_from_metadata(listing.metadata)
    if header is None:
        listing.damage.copies_damaged = True
        header, listing.damage.header_lost = _header_from_messages(path)
    sensors = _sensors(listing)
    if not sensors or listing.damage.result().lost or listing.damage.copies_damaged:
        # Then only what is inside the chunks can be relied upon.
        sensors, listing = _sensors_from_messages(path, header, listing)
    return Recording(path, header, sensors, listing.damage.result())


class Recording:
    """A recording on the disk; nothing of its samples is held in memory.

    Attributes:
        path: the file.
        header: what the recording says of itself.
        sensors: the sensors in it, in the order of their coming.
    """

    def __init__(
        self, path: Path, header: RecordingHeader, sensors: tuple[RecordedSensor, ...], damage: Damage
    ) -> None:
        self.path = path
        self.header = header
        self.sensors = sensors
        self._damage = damage

    @property
    def damage(self) -> Damage:
        """What is wrong with the file: complete once `items` was gone through to its end."""
        return self._damage

    def items(self) -> Iterator[RecordingItem]:
        """All that is in the recording, in the order of the file. Each call goes through it anew.

        Raises:
            InputError: the file has vanished, or the disk fails.
        """
        source = FilePass(self.path, wall_ns=self.header.anchor.wall_ns)
        decoder = ItemDecoder(self.header)
        streaming = decoder.streaming
        for number, _, _, received_ns, payload in source.messages():
            placement = streaming.get(number)
            if placement is not None and received_ns < MAX_STAMP_NS and len(payload) <= MAX_PAYLOAD_BYTES:
                yield Notification(placement, payload, received_ns)
                continue
            try:
                yield from decoder.decode(number, source.channels[number], received_ns, payload)
            except BadMessageError:
                source.damage.bad_messages += 1
        self._damage = with_header_of(source.damage, self._damage).result()


def _sensors(listing: FilePass) -> tuple[RecordedSensor, ...]:
    found = (recorded_sensor(channel) for _, channel in sorted(listing.channels.items()))
    return tuple(sensor for sensor in found if sensor is not None)


def _sensors_from_messages(
    path: Path, header: RecordingHeader, listing: FilePass
) -> tuple[tuple[RecordedSensor, ...], FilePass]:
    source = FilePass(path, wall_ns=header.anchor.wall_ns)
    for _ in source.messages():
        pass
    with_header_of(source.damage, listing.damage.result())
    return _sensors(source), source


def with_header_of(log: DamageLog, listed: Damage) -> DamageLog:
    """`log` with what only the opening of a recording finds out: how its header and its copies are."""
    log.copies_damaged |= listed.copies_damaged
    log.header_lost |= listed.header_lost
    return log


def _header_from_messages(path: Path) -> tuple[RecordingHeader, bool]:
    """The header from its copy among the events, else the little that the first message tells, and true.

    Raises:
        InputError: there is no message of ours.
    """
    source = FilePass(path)
    first: tuple[int, int] | None = None
    for number, _, log_ns, publish_ns, payload in source.messages():
        channel = source.channels[number]
        if channel.topic == EVENTS_TOPIC and is_header(payload):
            try:
                event = decode_event(payload, 0.0)
            except BadEventError:
                continue
            if isinstance(event, RecordingHeader):
                return event, False
        if first is None and recorded_sensor(channel) and max(log_ns, publish_ns) < MAX_STAMP_NS:
            first = log_ns, publish_ns
    if first is not None:
        return RecordingHeader(WallClockAnchor(*first), software_version=""), True
    if source.damage.cut or source.damage.result().lost:
        raise InputError(
            f"{path} has no whole second of a recording in it: it is cut or damaged, or of another program",
            advice="There is nothing in it that could be read; take another copy of the file.",
            path=str(path),
        )
    raise InputError(
        f"{path} is an MCAP file of another program: it has no channel of a sensor that we know",
        advice="Give a recording of this program; other data are imported from CSV.",
        path=str(path),
    )
