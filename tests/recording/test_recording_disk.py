"""Killed processes, full disks, missing permissions: real ones, in processes of their own."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from recording_samples import HEADER, identity, items_of, notifications, notifications_of, write_small

from tracker.errors import StorageError
from tracker.model import Placement
from tracker.recording.reader import read_recording
from tracker.recording.recover import recover
from tracker.recording.writer import RecordingWriter

ROOT = Path(__file__).resolve().parents[2]

RECORDER = """
    import sys, time
    from pathlib import Path
    from tracker.model import Notification, Placement, SensorIdentity, WallClockAnchor
    from tracker.recording.header import RecordingHeader
    from tracker.recording.writer import RecordingWriter

    anchor = WallClockAnchor(time.time_ns(), time.monotonic_ns())
    with RecordingWriter(Path(sys.argv[1]), RecordingHeader(anchor, "0")) as writer:
        for placement in Placement:
            writer.add_sensor(placement, SensorIdentity(placement, "", "", "hip-imu", b""))
        for number in range(10_000):
            for placement in Placement:
                now = time.monotonic_ns()
                payload = f"{placement} {number}".encode()
                writer.write_notification(Notification(placement, payload, now))
                print(number, now, flush=True)
            time.sleep(0.1)
"""

FILLER = """
    import resource, sys
    from pathlib import Path
    from recording_samples import HEADER, identity, notifications
    from tracker.errors import StorageError
    from tracker.model import Placement
    from tracker.recording.writer import RecordingWriter

    if int(sys.argv[2]):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
    writer = RecordingWriter(Path(sys.argv[1]), HEADER)
    writer.add_sensor(Placement.LEFT_THIGH, identity(Placement.LEFT_THIGH))
    errors = []
    for notification in notifications(10_000.0):
        try:
            writer.write_notification(notification)
        except StorageError as error:
            errors.append(error)
            if len(errors) == 3:
                break
    writer.tick(notification.received_ns + 10**10)
    writer.close()
    writer.close()
    first = errors[0]
    print(len({str(error) for error in errors}), first.message, first.advice, first.exit_code, sep="|")
"""


def start(script: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """A script in a Python process of its own."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "recording")])
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
    )


@pytest.mark.slow
@pytest.mark.parametrize("after", [1, 40, 100])
def test_a_killed_recording_loses_one_second_at_most(tmp_path: Path, after: int) -> None:
    path = tmp_path / "killed.mcap"
    stamps: list[int] = []
    with start(RECORDER, path) as process:
        assert process.stdout is not None
        for line in process.stdout:
            stamps.append(int(line.split()[1]))
            if len(stamps) >= after:
                process.send_signal(signal.SIGKILL)
                break
        stamps += [int(line.split()[1]) for line in process.stdout if len(line.split()) == 2]
    recording = read_recording(path)
    saved = notifications_of(items_of(recording))
    assert [n.received_ns for n in saved[: len(stamps)]] == stamps[: len(saved)]
    assert stamps[-1] - saved[-1].received_ns <= 1_000_000_000
    assert recording.damage.cut
    assert not recording.damage.lost
    report = recover(path, tmp_path / "whole.mcap")
    assert sum(n for topic, n in report.kept.items() if topic != "/events") == len(saved)
    assert read_recording(tmp_path / "whole.mcap").damage.whole


def check_full_disk(path: Path, output: str, cause: str) -> None:
    """What a recorder printed when the disk was full, and what it left."""
    different, message, advice, code = output.strip().split("|")
    assert different == "1"
    assert cause in message
    assert str(path) in message
    assert advice
    assert code == "6"
    recording = read_recording(path)
    saved = notifications_of(items_of(recording))
    assert saved == notifications(10_000.0)[: len(saved)]
    assert len(saved) > 100
    assert recording.damage.cut
    assert not recording.damage.lost


@pytest.mark.slow
def test_the_largest_file_size_is_reached(tmp_path: Path) -> None:
    path = tmp_path / "full.mcap"
    with start(FILLER, path, "20000") as process:
        output, _ = process.communicate()
    assert path.stat().st_size <= 20_000
    check_full_disk(path, output, "no larger file")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("a small disk can only be mounted by root")
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
def test_the_disk_is_full(small_disk: Path) -> None:
    path = small_disk / "full.mcap"
    with start(FILLER, path, "0") as process:
        output, _ = process.communicate()
    check_full_disk(path, output, "the disk is full")


def test_recovery_onto_a_full_disk_leaves_nothing(small_disk: Path, tmp_path: Path) -> None:
    source = tmp_path / "a.mcap"
    write_small(source, seconds=200.0)
    with pytest.raises(StorageError, match="the disk is full"):
        recover(source, small_disk / "b.mcap")
    assert list(small_disk.iterdir()) == []


def test_a_recording_that_cannot_begin_leaves_no_file(small_disk: Path) -> None:
    path = small_disk / "a.mcap"
    (small_disk / "filler").write_bytes(bytes(64 << 10))
    with pytest.raises(StorageError, match="the disk is full"):
        RecordingWriter(path, HEADER)
    assert not path.exists()


def test_close_reports_a_first_error_and_no_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.mcap"
    writer = RecordingWriter(path, HEADER)
    writer.add_sensor(Placement.LEFT_THIGH, identity(Placement.LEFT_THIGH))
    data = notifications(0.5)
    for notification in data:
        writer.write_notification(notification)

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fdatasync", fail)
    with pytest.raises(StorageError, match="reports an error") as caught:
        writer.close()
    assert caught.value.data["errno"] == 5
    writer.close()
    assert notifications_of(items_of(read_recording(path)))[:1] == data[:1]


def test_folders_that_are_missing_or_no_folders(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name, cause in (
        ("no/a.mcap", "folder does not exist"),
        ("file/a.mcap", "not a folder"),
        ("x" * 300, "too long"),
    ):
        with pytest.raises(StorageError, match=cause) as caught:
            RecordingWriter(tmp_path / name, HEADER)
        assert caught.value.advice


PERMISSIONS = """
    import os, sys
    from pathlib import Path
    from recording_samples import HEADER
    from tracker.errors import TrackerError
    from tracker.recording.reader import read_recording
    from tracker.recording.writer import RecordingWriter

    # Everything is imported by now: another user may not be able to.
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    for action in ("write", "read"):
        try:
            if action == "write":
                RecordingWriter(Path(sys.argv[1]), HEADER)
            else:
                read_recording(Path(sys.argv[2]))
        except TrackerError as error:
            print(type(error).__name__, error.message, error.advice, sep="|")
"""


def test_without_permission(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    secret = folder / "secret.mcap"
    write_small(secret)
    secret.chmod(0)
    folder.chmod(0o555)
    for parent in list(folder.parents)[:3]:
        parent.chmod(0o755)
    with start(PERMISSIONS, folder / "a.mcap", secret) as process:
        output, _ = process.communicate()
    folder.chmod(0o755)
    written, read = (line.split("|") for line in output.splitlines())
    assert written[0] == "StorageError"
    assert "no permission" in written[1]
    assert read[0] == "InputError"
    assert "must not be read" in read[1]
    assert written[2]
    assert read[2]
