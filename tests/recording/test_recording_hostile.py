"""Files made to do harm: bombs, impossible lengths, nonsense behind a right checksum."""

import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
import zstandard
from mcap.records import Channel, Chunk, Metadata, Schema
from recording_samples import (
    HEADER,
    identity,
    items_of,
    notifications_of,
)

from tracker.model import Placement
from tracker.recording.container import MAGIC, MESSAGE_HEAD, record_bytes
from tracker.recording.format import events_metadata, sensor_metadata
from tracker.recording.header import header_to_metadata
from tracker.recording.reader import read_recording


def chunk(
    content: bytes, packed: bytes | None = None, compression: str = "zstd", crc: int | None = None
) -> bytes:
    """A chunk record around any content."""
    return record_bytes(
        Chunk(
            compression=compression,
            data=zstandard.compress(content) if packed is None else packed,
            message_start_time=0,
            message_end_time=0,
            uncompressed_crc=zlib.crc32(content) if crc is None else crc,
            uncompressed_size=len(content),
        )
    )


def message(channel: int, payload: bytes, stamp: int = 1) -> bytes:
    """A message record."""
    return MESSAGE_HEAD.pack(5, 22 + len(payload), channel, 0, stamp, stamp) + payload


def hostile_prefix() -> bytes:
    """Header and channels of a recording: a sensor, imported samples, events."""
    records: list[Metadata | Channel] = [
        Metadata(name=name, metadata=entries) for name, entries in header_to_metadata(HEADER).items()
    ]
    for number, protocol in ((1, "hip-imu"), (2, "samples-f64")):
        placement = Placement.LEFT_THIGH if number == 1 else Placement.PELVIS
        metadata = sensor_metadata(placement, identity(placement, protocol=protocol), number)
        records.append(Channel(number, f"/imu/{placement}", "x", metadata, 0))
    records.append(Channel(3, "/events", "json", events_metadata(3), 0))
    return MAGIC + b"".join(record_bytes(record) for record in records)


LONG_TEXT = np.random.default_rng(1).bytes(50_000).hex().encode()
ROWS = struct.pack("<14d", *range(7), *range(1, 8))

HOSTILE = {
    "unknown channel": chunk(message(77, b"x")),
    "stamp out of range": chunk(message(1, b"x", (1 << 64) - 1)),
    "rows cut": chunk(message(2, ROWS[:-1])),
    "rows of nothing": chunk(message(2, b"")),
    "rows with nan": chunk(message(2, struct.pack("<7d", *[float("nan")] * 7))),
    "rows that go back": chunk(message(2, ROWS[56:] + ROWS[:56])),
    "blocks that go back": chunk(message(2, ROWS) + message(2, ROWS)),
    "no json": chunk(message(3, b"\xff{")),
    "json list": chunk(message(3, b"[]")),
    "json without type": chunk(message(3, b"{}")),
    "json nan": chunk(message(3, b'{"type":"x","v":NaN}')),
    "json deep": chunk(message(3, b'{"type":"x","v":' + b"[" * 60_000)),
    "json number": chunk(message(3, b'{"type":"x","v":' + b"9" * 10_000 + b"}")),
    "json long": chunk(message(3, b'{"type":"x","v":"' + LONG_TEXT + b'"}')),
    "mark without time": chunk(message(3, b'{"type":"mark","kind":"set","edge":"start"}')),
    "mark at infinity": chunk(message(3, b'{"type":"mark","kind":"set","edge":"start","time_s":1e999}')),
    "mark of unknown kind": chunk(message(3, b'{"type":"mark","kind":"x","edge":"start","time_s":1}')),
    "mark of a number": chunk(message(3, b'{"type":"mark","kind":5,"edge":"start","time_s":1}')),
    "mark on no side": chunk(message(3, b'{"type":"mark","kind":"set","edge":"end","time_s":1,"side":"up"}')),
    "mark of exercise 5": chunk(
        message(3, b'{"type":"mark","kind":"set","edge":"end","time_s":1,"exercise":5}')
    ),
    "header of lists": chunk(message(3, b'{"type":"session","session":[]}')),
    "message beyond its chunk": chunk(MESSAGE_HEAD.pack(5, 1 << 60, 1, 0, 1, 1)),
    "message too short": chunk(MESSAGE_HEAD.pack(5, 3, 1, 0, 1, 1)),
    "half a record": chunk(b"\x05\x01"),
    "record beyond its chunk": chunk(struct.pack("<BQ", 3, 1 << 62)),
    "no zstd": chunk(b"abc", b"not packed at all"),
    "wrong crc": chunk(message(1, b"x"), crc=5),
    "bomb": chunk(b"", zstandard.compress(bytes(1 << 28))),
    "bomb without its size": chunk(
        b"", zstandard.ZstdCompressor(write_content_size=False).compress(bytes(1 << 26))
    ),
    "bomb of 2**62 bytes": chunk(b"", b"\x28\xb5\x2f\xfd\xe0" + struct.pack("<Q", 1 << 62) + b"\x01\x00\x00"),
    "many tiny messages": chunk(message(1, b"") * 200_000),
    "unknown compression": chunk(b"x", b"x", "brot"),
    "chunk that claims more": chunk(message(1, b"x"))[:30] + b"\xff" * 8,
    "huge length": struct.pack("<BQ", 6, (1 << 64) - 1) + bytes(100),
    "huge unknown record": struct.pack("<BQ", 0x90, 1 << 40) + bytes(100),
    "huge attachment": struct.pack("<BQ", 9, 1 << 33) + bytes(100),
    "message outside of chunks": message(1, b"x"),
    "metadata of a million entries": struct.pack("<BQ", 12, 3 << 20) + bytes(3 << 20),
    "early end": struct.pack("<BQI", 15, 4, 0) + b"junk" * 1000,
    "end and footer only": struct.pack("<BQI", 15, 4, 0) + struct.pack("<BQQQI", 2, 20, 7, 0, 0) + MAGIC,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_counted_as_damage(tmp_path: Path, name: str) -> None:
    path = tmp_path / "hostile.mcap"
    good = chunk(message(1, b"good", 2))
    path.write_bytes(hostile_prefix() + HOSTILE[name] + good)
    tracemalloc.start()
    recording = read_recording(path)
    read = notifications_of(items_of(recording))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 << 20
    if "early" in name or "end and" in name:
        assert recording.damage.cut or recording.damage.copies_damaged
        return
    assert read[-1].payload == b"good"
    assert recording.damage.lost
    assert recording.damage.cut


def test_stored_chunks_of_other_writers_are_read(tmp_path: Path) -> None:
    path = tmp_path / "stored.mcap"
    content = message(1, b"stored")
    path.write_bytes(hostile_prefix() + chunk(content, content, ""))
    recording = read_recording(path)
    assert [n.payload for n in notifications_of(items_of(recording))] == [b"stored"]
    assert not recording.damage.lost


def test_channels_without_number_do_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "channels.mcap"
    metadata = {f"key {i}": f"{i:02}" * 400 for i in range(60)}
    records = [record_bytes(Channel(n, "/x", "x", metadata, 0)) for n in range(1000)]
    schemas = [record_bytes(Schema(n, bytes(60_000), "x", "x")) for n in range(1, 1000)]
    path.write_bytes(hostile_prefix() + b"".join(records) + b"".join(schemas) + chunk(message(1, b"good")))
    recording = read_recording(path)
    tracemalloc.start()
    assert len(notifications_of(items_of(recording))) == 1
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 << 20


@pytest.mark.slow
def test_a_file_of_many_small_faults_is_read_in_linear_time(tmp_path: Path) -> None:
    path = tmp_path / "faults.mcap"
    tiny = chunk(b"", b"x", crc=9)
    path.write_bytes(hostile_prefix() + (b"\xee" + tiny) * 30_000)
    recording = read_recording(path)
    assert items_of(recording) == []
    assert recording.damage.damaged_count >= 30_000
    assert len(recording.damage.damaged_chunks) == 1000
