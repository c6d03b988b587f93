"""What goes into a recording comes out of it, byte for byte."""

import json
import stat
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from mcap.reader import make_reader
from recording_samples import (
    ANCHOR,
    FIRST,
    HEADER,
    block,
    chunk_spans,
    identity,
    items_of,
    notifications,
    notifications_of,
    write_small,
)

from tracker.errors import StorageError
from tracker.model import (
    Edge,
    Notification,
    PhaseKind,
    PhaseMark,
    Placement,
    Posture,
    ReferenceRecipe,
    Side,
    TimedBlock,
    WallClockAnchor,
)
from tracker.recording.events import RecordingEvent, encode_mark
from tracker.recording.format import EVENTS_SCHEMA
from tracker.recording.header import RecordingHeader
from tracker.recording.items import RecordedSensor
from tracker.recording.reader import read_recording
from tracker.recording.writer import RecordingWriter

PLACEMENTS = list(Placement)

marks = st.builds(
    PhaseMark,
    time_s=st.floats(allow_nan=False, allow_infinity=False),
    kind=st.sampled_from(PhaseKind),
    edge=st.sampled_from(Edge),
    side=st.none() | st.sampled_from(Side),
    exercise=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    recipe=st.none() | st.sampled_from(ReferenceRecipe),
    posture=st.none() | st.sampled_from(Posture),
    goes_on=st.booleans(),
)
sent = st.tuples(
    st.sampled_from(PLACEMENTS), st.binary(max_size=300), st.integers(min_value=0, max_value=3_000_000_000)
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=st.lists(sent | marks, max_size=60))
def test_bytes_stamps_and_marks_come_back(
    tmp_path: Path, entries: list[tuple[Placement, bytes, int] | PhaseMark]
) -> None:
    path = tmp_path / "a.mcap"
    path.unlink(missing_ok=True)
    written: list[Notification | PhaseMark] = []
    now = FIRST
    with RecordingWriter(path, HEADER, sync=False) as writer:
        for placement in PLACEMENTS:
            writer.add_sensor(placement, identity(placement))
        for entry in entries:
            if isinstance(entry, PhaseMark):
                writer.write_mark(entry, now)
                written.append(entry)
            else:
                now += entry[2]
                written.append(Notification(entry[0], entry[1], now))
                writer.write_notification(Notification(entry[0], entry[1], now))
    recording = read_recording(path)
    read = [item for item in items_of(recording) if not isinstance(item, RecordedSensor)]
    assert read == written
    assert recording.header == HEADER
    assert recording.damage.whole


@given(marks)
def test_a_mark_is_what_the_schema_in_the_file_says(mark: PhaseMark) -> None:
    """Other programs have the schema alone to go by."""
    written = json.loads(encode_mark(mark))
    known = EVENTS_SCHEMA["properties"]
    assert isinstance(known, dict)
    assert written.keys() <= known.keys()
    for name, value in written.items():
        assert value in known[name].get("enum", [value]), name


def test_header_says_when_and_how(tmp_path: Path) -> None:
    write_small(tmp_path / "a.mcap")
    header = read_recording(tmp_path / "a.mcap").header
    assert header == HEADER
    assert header.started_at.isoformat() == "2025-10-09T10:53:20.123456+02:00"
    assert header.time_s(FIRST + 1_500_000_000) == 1.5
    assert not header.simulated


def test_sensors_are_known_before_the_items_and_come_before_their_own(tmp_path: Path) -> None:
    items = write_small(tmp_path / "a.mcap")
    left, right = (RecordedSensor(p, identity(p)) for p in (Placement.LEFT_THIGH, Placement.RIGHT_THIGH))
    assert read_recording(tmp_path / "a.mcap").sensors == (left, right)
    assert items[0] == left
    assert isinstance(items[1], Notification)
    assert items[2] == right


def test_exchanged_sensor_is_announced_where_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    data = notifications(0.4)
    first, second = (identity(Placement.LEFT_THIGH, name) for name in ("one", "two"))
    with RecordingWriter(path, HEADER) as writer:
        for sensor, notification in zip((first, first, second, first), data, strict=True):
            writer.add_sensor(Placement.LEFT_THIGH, sensor)
            writer.write_notification(notification)
    recording = read_recording(path)
    shown = [i.identity.name if isinstance(i, RecordedSensor) else "n" for i in recording.items()]
    assert shown == ["one", "n", "n", "two", "n", "one", "n"]
    assert [sensor.identity for sensor in recording.sensors] == [first, second]


def test_events_keep_their_values_and_times(tmp_path: Path) -> None:
    events = [item for item in write_small(tmp_path / "a.mcap") if isinstance(item, RecordingEvent)]
    assert events == [RecordingEvent("battery", 0.5, {"placement": "left_thigh", "percent": 87})]


def test_imported_samples_come_back_exactly(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    written = [block(Placement.PELVIS, np.arange(k, k + 1, 0.01).tolist(), seed=k) for k in range(5)]
    with RecordingWriter(path, HEADER) as writer:
        writer.add_sensor(Placement.PELVIS, identity(Placement.PELVIS, protocol="samples-f64"))
        for one in written:
            writer.write_samples(one)
    read = [item for item in read_recording(path).items() if isinstance(item, TimedBlock)]
    assert len(read) == len(written)
    for one, other in zip(written, read, strict=True):
        assert np.array_equal(one.time_s, other.time_s)
        assert np.array_equal(one.accelerometer_m_per_s2, other.accelerometer_m_per_s2)
        assert np.array_equal(one.gyroscope_rad_per_s, other.gyroscope_rad_per_s)
        assert not other.saturated.any()


def test_a_chunk_holds_less_than_a_second_and_the_first_ones_come_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    writer = RecordingWriter(path, HEADER)
    assert len(chunk_spans(path.read_bytes())) == 1
    writer.add_sensor(Placement.LEFT_THIGH, identity(Placement.LEFT_THIGH))
    data = notifications(5.0)
    writer.write_notification(data[0])
    assert notifications_of(items_of(read_recording(path))) == data[:1]
    for notification in data[1:]:
        writer.write_notification(notification)
        saved = notifications_of(items_of(read_recording(path)))[-1]
        assert notification.received_ns - saved.received_ns <= 700_000_000
    writer.close()
    # Header, first notification, and 5 s in parts of 0.7 s and up to one notification.
    assert 8 <= len(chunk_spans(path.read_bytes())) <= 10


def test_tick_saves_what_waits_when_data_stop(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    data = notifications(0.3)
    with RecordingWriter(path, HEADER) as writer:
        writer.add_sensor(Placement.LEFT_THIGH, identity(Placement.LEFT_THIGH))
        for notification in data:
            writer.write_notification(notification)
        writer.tick(data[-1].received_ns)
        assert len(notifications_of(items_of(read_recording(path)))) == 1
        writer.tick(data[-1].received_ns + 1_000_000_000)
        assert notifications_of(items_of(read_recording(path))) == data


def test_an_unfinished_recording_says_that_it_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    writer = RecordingWriter(path, HEADER)
    recording = read_recording(path)
    assert recording.damage.cut
    assert not recording.damage.lost
    assert recording.header == HEADER
    assert recording.sensors == ()
    writer.close()
    assert read_recording(path).damage.whole


def test_only_the_owner_can_read_and_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    write_small(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(StorageError, match="exists") as caught:
        RecordingWriter(path, HEADER)
    assert "never overwritten" in caught.value.advice
    assert path.read_bytes() == before


def test_other_programs_read_it_with_the_stamps(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    written = notifications_of(write_small(path))
    with path.open("rb") as file:
        reader = make_reader(file, validate_crcs=True)
        found = list(
            reader.iter_messages(topics=["/imu/left_thigh", "/imu/right_thigh"], log_time_order=False)
        )
        summary = reader.get_summary()
        metadata = {record.name: record.metadata for record in reader.iter_metadata()}
    assert [(m.data, m.publish_time) for _, _, m in found] == [(n.payload, n.received_ns) for n in written]
    assert all(m.log_time == ANCHOR.wall_at(m.publish_time) for _, _, m in found)
    schema, channel, _ = found[0]
    assert schema is not None
    assert b"firmware_protocol/PROTOCOL.md" in schema.data
    assert channel.metadata["capabilities"] == "010200ff"
    assert channel.metadata["placement"] == "left_thigh"
    assert summary is not None
    assert summary.statistics is not None
    assert summary.statistics.message_count == len(written) + 3
    assert metadata["session"]["wall_ns"] == str(ANCHOR.wall_ns)
    assert json.loads(metadata["settings"]["json"]) == {"rate_hz": 100}


def test_other_programs_find_the_checksum_of_the_whole_data_section_right(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    write_small(path)
    with path.open("rb") as file:
        from mcap.stream_reader import StreamReader

        assert len(list(StreamReader(file, validate_crcs=True).records)) > 60


def test_monotone_content_is_still_readable(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    with RecordingWriter(path, HEADER) as writer:
        writer.write_event("note", FIRST, {"text": "a" * 60_000})
        writer.write_event("note", FIRST + 1, {"text": "b" * 60_000})
    recording = read_recording(path)
    assert len(items_of(recording)) == 2
    assert recording.damage.whole


def test_values_that_a_recording_cannot_hold_are_refused(tmp_path: Path) -> None:
    with RecordingWriter(tmp_path / "a.mcap", HEADER) as writer:
        with pytest.raises(ValueError, match="no sensor"):
            writer.write_notification(notifications(0.1)[0])
        writer.add_sensor(Placement.LEFT_THIGH, identity(Placement.LEFT_THIGH))
        with pytest.raises(ValueError, match="notifications"):
            writer.write_samples(block(Placement.LEFT_THIGH, [0.0]))
        with pytest.raises(ValueError, match="too long"):
            writer.write_notification(Notification(Placement.LEFT_THIGH, bytes(70_000), FIRST))
        with pytest.raises(ValueError, match="out of range"):
            writer.write_notification(Notification(Placement.LEFT_THIGH, b"", -1))
        with pytest.raises(ValueError, match="type"):
            writer.write_event("note", FIRST, {"type": "x"})
        with pytest.raises(ValueError, match="kind"):
            writer.write_event("session", FIRST)
        with pytest.raises(ValueError, match="JSON"):
            writer.write_event("note", FIRST, {"value": float("nan")})
    with pytest.raises(ValueError, match="closed"):
        writer.write_event("note", FIRST)
    writer.close()


@pytest.mark.parametrize(
    "header",
    [
        {"anchor": WallClockAnchor(-1, 0)},
        {"anchor": WallClockAnchor(0, 1 << 63)},
        {"utc_offset_s": 90_000},
        {"settings_json": "[]"},
        {"settings_json": "{"},
        {"calibration_json": "[" * 100_000},
        {"settings_json": json.dumps({"a": "b" * 300_000})},
        {"time_zone": "x" * 300},
    ],
)
def test_headers_out_of_range_are_refused(header: dict[str, object]) -> None:
    values: dict[str, object] = {"anchor": ANCHOR, "software_version": "0", **header}
    with pytest.raises(ValueError):
        RecordingHeader(**values)  # type: ignore[arg-type]
