"""Cut and flipped files: read as far as they are whole, never with another error."""

import os
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from mcap.records import Metadata
from mcap.writer import Writer
from recording_samples import (
    HEADER,
    chunk_spans,
    identity,
    is_subsequence,
    items_of,
    notifications_of,
    write_small,
)

from tracker.errors import InputError
from tracker.model import Placement
from tracker.recording.container import MAGIC, record_bytes
from tracker.recording.header import header_to_metadata
from tracker.recording.items import RecordedSensor, RecordingItem
from tracker.recording.reader import read_recording


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[RecordingItem]]:
    """The bytes and the items of a small whole recording."""
    path = tmp_path_factory.mktemp("small") / "a.mcap"
    items = write_small(path, seconds=1.3)
    return path.read_bytes(), items


def data_items(items: list[RecordingItem]) -> list[RecordingItem]:
    """Items without the announcements, which are made anew around a hole."""
    return [item for item in items if not isinstance(item, RecordedSensor)]


@pytest.mark.slow
def test_cut_at_every_byte_gives_a_prefix(tmp_path: Path, small: tuple[bytes, list[RecordingItem]]) -> None:
    data, items = small
    path = tmp_path / "cut.mcap"
    first_chunk = sum(chunk_spans(data)[0])
    lengths = []
    for size in range(len(data)):
        path.write_bytes(data[:size])
        try:
            recording = read_recording(path)
        except InputError:
            assert size < first_chunk
            continue
        read = items_of(recording)
        assert read == items[: len(read)]
        assert recording.damage.cut
        assert recording.header == HEADER
        lengths.append(len(read))
    assert lengths == sorted(lengths)
    assert lengths[-1] == len(items)


def test_a_cut_counts_the_bytes_behind_the_last_whole_record(
    tmp_path: Path, small: tuple[bytes, list[RecordingItem]]
) -> None:
    data, _ = small
    path = tmp_path / "cut.mcap"
    offset, size = chunk_spans(data)[-1]
    path.write_bytes(data[: offset + size - 3])
    recording = read_recording(path)
    items_of(recording)
    assert recording.damage.cut
    assert recording.damage.bytes_unread == size - 3
    path.write_bytes(data[: offset + size])
    assert read_recording(path).damage.bytes_unread == 0


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.floats(min_value=0, max_value=1, exclude_max=True), value=st.integers(min_value=1, max_value=255)
)
def test_a_flipped_byte_is_noticed_or_harmless(
    tmp_path: Path, small: tuple[bytes, list[RecordingItem]], place: float, value: int
) -> None:
    data, items = small
    flipped = bytearray(data)
    flipped[int(place * len(data))] ^= value
    check_damaged(tmp_path / "flipped.mcap", bytes(flipped), items)


@pytest.mark.slow
def test_every_byte_flipped_once(tmp_path: Path, small: tuple[bytes, list[RecordingItem]]) -> None:
    data, items = small
    chooser = np.random.default_rng(7)
    for position in range(len(data)):
        flipped = bytearray(data)
        flipped[position] ^= 1 << int(chooser.integers(8))
        check_damaged(tmp_path / "flipped.mcap", bytes(flipped), items)


def check_damaged(path: Path, data: bytes, items: list[RecordingItem]) -> None:
    """Reading gives an InputError, or a part of the items in order, and says so where some are missing."""
    path.write_bytes(data)
    try:
        recording = read_recording(path)
        read = items_of(recording)
    except InputError as error:
        assert error.advice
        return
    assert is_subsequence(data_items(read), data_items(items))
    if data_items(read) != data_items(items):
        assert recording.damage.lost
        assert recording.damage.bytes_unread > 0
    assert recording.header == HEADER
    known = {RecordedSensor(p, identity(p)) for p in (Placement.LEFT_THIGH, Placement.RIGHT_THIGH)}
    assert set(recording.sensors) <= known
    assert {item for item in read if isinstance(item, RecordedSensor)} <= known


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_many_wounds_and_a_cut(
    tmp_path: Path, small: tuple[bytes, list[RecordingItem]], data: st.DataObject
) -> None:
    whole, items = small
    wounded = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        start = data.draw(st.integers(8, len(whole) - 1))
        junk = data.draw(st.binary(min_size=1, max_size=64))
        if data.draw(st.booleans()):
            wounded[start : start + len(junk)] = junk
        else:
            wounded[start:start] = junk
    del wounded[data.draw(st.integers(9, len(wounded))) :]
    path = tmp_path / "wounded.mcap"
    path.write_bytes(bytes(wounded))
    try:
        read = items_of(read_recording(path))
    except InputError:
        return
    assert is_subsequence(data_items(read), data_items(items))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_any_bytes_after_the_magic(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "junk.mcap"
    path.write_bytes(MAGIC + junk)
    with pytest.raises(InputError):
        read_recording(path)


def test_a_damaged_chunk_is_left_out_with_its_time_span(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    items = write_small(path, seconds=6.0)
    data = bytearray(path.read_bytes())
    offset, size = chunk_spans(bytes(data))[3]
    data[offset + size - 5] ^= 0xFF
    path.write_bytes(bytes(data))
    recording = read_recording(path)
    read = notifications_of(items_of(recording))
    (chunk,) = recording.damage.damaged_chunks
    assert (chunk.offset, chunk.size) == (offset, size)
    assert chunk.start_s is not None
    assert chunk.end_s is not None
    missing = [n for n in notifications_of(items) if n not in read]
    times = [HEADER.time_s(n.received_ns) for n in missing]
    assert (chunk.start_s, chunk.end_s) == (min(times), max(times))
    assert 0.7 <= chunk.end_s - chunk.start_s <= 0.9
    assert recording.damage.bytes_unread == size
    assert recording.damage.lost
    assert not recording.damage.cut


def test_the_first_chunk_may_be_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    items = write_small(path)
    data = bytearray(path.read_bytes())
    for offset, size in chunk_spans(bytes(data))[:2]:
        data[offset + size - 5] ^= 0xFF
    path.write_bytes(bytes(data))
    recording = read_recording(path)
    assert recording.header == HEADER
    read = notifications_of(items_of(recording))
    assert len(read) == len(notifications_of(items)) - 1


def test_without_metadata_the_header_is_found_among_the_events(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    items = write_small(path)
    data = path.read_bytes()
    offset, _ = chunk_spans(data)[0]
    path.write_bytes(MAGIC + data[offset:])
    recording = read_recording(path)
    assert recording.header == HEADER
    assert items_of(recording) == items
    assert recording.damage.copies_damaged
    assert not recording.damage.lost
    assert not recording.damage.whole


def test_without_any_header_the_first_message_gives_the_clock(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    items = write_small(path)
    data = path.read_bytes()
    offset, _ = chunk_spans(data)[1]
    path.write_bytes(MAGIC + data[offset:])
    recording = read_recording(path)
    assert recording.header.anchor == HEADER.anchor
    assert recording.header.software_version == ""
    assert recording.damage.header_lost
    assert recording.damage.lost
    # The channels inside the chunk make up for those that stood before it.
    assert notifications_of(items_of(recording)) == notifications_of(items)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"time_s,ax\n", "no MCAP"), (MAGIC, "no whole second"), (MAGIC[:5], "no MCAP")],
)
def test_files_that_are_no_recordings(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "a.mcap"
    path.write_bytes(content)
    with pytest.raises(InputError, match=says) as caught:
        read_recording(path)
    assert caught.value.advice


def test_folders_pipes_and_missing_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder"):
        read_recording(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        read_recording(tmp_path / "no.mcap")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="ordinary"):
        read_recording(tmp_path / "pipe")
    with pytest.raises(InputError, match="cannot be read"):
        read_recording(tmp_path / ("x" * 300))


def test_a_recording_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "robot.mcap"
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start()
        channel = writer.register_channel("/camera", "json", 0)
        writer.add_message(channel, 1, b"{}", 1)
        writer.finish()  # type: ignore[no-untyped-call]
    with pytest.raises(InputError, match="another program") as caught:
        read_recording(path)
    assert "CSV" in caught.value.advice


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "new.mcap"
    entries = {**header_to_metadata(HEADER)["session"], "format": "2"}
    path.write_bytes(MAGIC + record_bytes(Metadata(name="session", metadata=entries)))
    with pytest.raises(InputError, match="newer version"):
        read_recording(path)
