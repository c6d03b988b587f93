"""Recovery: a whole file of what is whole, a report of what is not, the source untouched."""

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from recording_samples import (
    HEADER,
    chunk_spans,
    identity,
    is_subsequence,
    items_of,
    notifications_of,
    write_small,
)

from tracker.errors import InputError, StorageError
from tracker.model import Placement
from tracker.recording.container import ContainerWriter
from tracker.recording.items import RecordedSensor, RecordingItem
from tracker.recording.reader import read_recording
from tracker.recording.recover import recover
from tracker.recording.writer import RecordingWriter


def test_a_whole_recording_is_copied_and_nothing_is_lost(tmp_path: Path) -> None:
    items = write_small(tmp_path / "a.mcap")
    report = recover(tmp_path / "a.mcap", tmp_path / "b.mcap")
    copy = read_recording(tmp_path / "b.mcap")
    assert items_of(copy) == items
    assert copy.header == HEADER
    assert copy.damage.whole
    assert report.damage.whole
    assert not report.lost
    assert report.kept == {"/events": 3, "/imu/left_thigh": 30, "/imu/right_thigh": 30}
    assert report.missing == {}
    assert (report.start_s, report.end_s) == (0.0, 2.9)
    assert report.size_bytes == (tmp_path / "b.mcap").stat().st_size
    assert (tmp_path / "b.mcap").stat().st_mode & 0o777 == 0o600


def test_a_damaged_chunk_is_skipped_and_its_messages_are_counted(tmp_path: Path) -> None:
    source = tmp_path / "a.mcap"
    items = write_small(source, seconds=6.0)
    data = bytearray(source.read_bytes())
    offset, size = chunk_spans(bytes(data))[3]
    data[offset + size - 5] ^= 0xFF
    source.write_bytes(bytes(data))
    report = recover(source, tmp_path / "b.mcap")
    recovered = read_recording(tmp_path / "b.mcap")
    kept = items_of(recovered)
    assert recovered.damage.whole
    lost = len(notifications_of(items)) - len(notifications_of(kept))
    assert lost > 0
    assert sum(report.missing.values()) == lost
    assert report.lost
    assert report.damage.damaged_count == 1
    assert report.damage.bytes_unread == size
    assert [chunk.offset for chunk in report.damage.damaged_chunks] == [offset]
    assert source.read_bytes() == bytes(data)


def test_a_cut_recording_is_finished(tmp_path: Path) -> None:
    source = tmp_path / "a.mcap"
    write_small(source, seconds=6.0)
    data = source.read_bytes()
    offset, size = chunk_spans(data)[-2]
    source.write_bytes(data[: offset + size + 11])
    report = recover(source, tmp_path / "b.mcap")
    assert report.damage.cut
    assert report.damage.bytes_unread == 11
    assert report.lost
    assert read_recording(tmp_path / "b.mcap").damage.whole
    assert report.end_s < 5.9


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), max_size=6),
    cut=st.floats(0, 1),
)
def test_any_damage(tmp_path: Path, flips: list[tuple[float, int]], cut: float) -> None:
    source, out = tmp_path / "a.mcap", tmp_path / "b.mcap"
    source.unlink(missing_ok=True)
    out.unlink(missing_ok=True)
    items = write_small(source)
    data = bytearray(source.read_bytes())
    for place, value in flips:
        data[int(place * len(data))] ^= value
    del data[round(cut * len(data)) :]
    source.write_bytes(bytes(data))
    try:
        report = recover(source, out)
    except InputError:
        assert not out.exists()
        return
    recovered = read_recording(out)
    kept = without_announcements(items_of(recovered))
    assert recovered.damage.whole
    assert is_subsequence(kept, without_announcements(items))
    assert kept == without_announcements(items_of(read_recording(source)))
    counted = {topic: count for topic, count in report.kept.items() if topic != "/events"}
    for placement in (Placement.LEFT_THIGH, Placement.RIGHT_THIGH):
        mine = [n for n in notifications_of(kept) if n.placement is placement]
        assert counted.get(f"/imu/{placement}", 0) == len(mine)
    assert report.lost or report.damage.cut or len(kept) == len(without_announcements(items))
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def without_announcements(items: list[RecordingItem]) -> list[RecordingItem]:
    """Items without the sensors, which are announced anew around a hole."""
    return [item for item in items if not isinstance(item, RecordedSensor)]


def test_sensors_and_header_survive_the_loss_of_their_first_copies(tmp_path: Path) -> None:
    source = tmp_path / "a.mcap"
    write_small(source)
    data = source.read_bytes()
    offset, _ = chunk_spans(data)[0]
    source.write_bytes(data[:8] + bytes(offset - 8) + data[offset:])
    report = recover(source, tmp_path / "b.mcap")
    recovered = read_recording(tmp_path / "b.mcap")
    assert recovered.header == HEADER
    assert recovered.sensors == tuple(
        RecordedSensor(p, identity(p)) for p in (Placement.LEFT_THIGH, Placement.RIGHT_THIGH)
    )
    assert report.lost
    assert report.missing == {}


def test_nothing_is_overwritten_and_nothing_half_written_stays(tmp_path: Path) -> None:
    source, out = tmp_path / "a.mcap", tmp_path / "b.mcap"
    write_small(source)
    out.write_text("precious")
    with pytest.raises(StorageError, match="exists"):
        recover(source, out)
    assert out.read_text() == "precious"
    with pytest.raises(StorageError, match="exists"):
        recover(source, source)
    with pytest.raises(StorageError, match="folder does not exist"):
        recover(source, tmp_path / "no" / "c.mcap")
    (tmp_path / "empty.mcap").touch()
    with pytest.raises(InputError, match="empty"):
        recover(tmp_path / "empty.mcap", tmp_path / "c.mcap")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mcap", "b.mcap", "empty.mcap"]


def test_an_output_that_does_not_read_back_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = tmp_path / "a.mcap", tmp_path / "b.mcap"
    write_small(source)
    add_message = ContainerWriter.add_message

    def forgetful(
        writer: ContainerWriter, channel: int, sequence: int, log_ns: int, publish_ns: int, data: bytes
    ) -> None:
        if sequence != 7:
            add_message(writer, channel, sequence, log_ns, publish_ns, data)

    monkeypatch.setattr(ContainerWriter, "add_message", forgetful)
    with pytest.raises(StorageError, match="did not read back"):
        recover(source, out)
    assert not out.exists()


def test_a_leg_is_not_mistaken_for_the_other_by_damage(tmp_path: Path) -> None:
    source = tmp_path / "a.mcap"
    items = write_small(source)
    data = bytearray(source.read_bytes())
    spans = chunk_spans(bytes(data))
    # The channels inside the chunks are lost; between the chunks the left one gets the right one's number.
    for offset, size in spans[1:3]:
        data[offset + size - 5] ^= 0xFF
    place = data.index(b"/imu/left_thigh") - 8
    assert data[place] == 2
    data[place] = 3
    source.write_bytes(bytes(data))
    kept = notifications_of(items_of(read_recording(source)))
    right = [n for n in notifications_of(items) if n.placement is Placement.RIGHT_THIGH]
    assert kept
    assert is_subsequence(kept, right)
    assert read_recording(source).damage.lost


def test_channels_of_other_programs_are_kept(tmp_path: Path) -> None:
    source = tmp_path / "a.mcap"
    with RecordingWriter(source, HEADER) as writer:
        foreign = writer._file.add_channel("/weather", "text", 0, {"station": "1"})
        writer._file.add_message(foreign, 0, 5, 5, b"rain")
    report = recover(source, tmp_path / "b.mcap")
    assert report.kept == {"/events": 1, "/weather": 1}
    assert not report.lost
    assert b"/weather" in (tmp_path / "b.mcap").read_bytes()
    assert items_of(read_recording(tmp_path / "b.mcap")) == []
