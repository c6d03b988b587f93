"""Full disks, killed processes, several at once: a whole file or none, the old folder or the new one."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from backup_samples import files_of, filled_home, rows_of, write
from sqlalchemy import text

from tracker.backup.opening import open_home_database
from tracker.backup.reading import Sink, read_backup
from tracker.backup.restoring import restore_backup
from tracker.backup.swapping import swap
from tracker.backup.writing import write_backup
from tracker.errors import StorageError, TrackerError
from tracker.home import Home

PRELUDE = f"""
import sys
sys.path[:0] = [{str(Path(__file__).parent)!r}, {str(Path(__file__).parent.parent / "store")!r}]
from pathlib import Path
from tracker.home import Home
from backup_samples import write, add_session
from tracker.backup.opening import open_home_database
from tracker.backup.restoring import restore_backup
home, file = Home(Path(sys.argv[1])), Path(sys.argv[2])
"""
BACKUP = "write(home, file, replace=True)"
RESTORE = "restore_backup(file, home, replace=True)"
KEEP_STORING = """
while True:
    with open_home_database(home) as database, database.write() as connection:
        number = add_session(home, connection, f"recordings/{id(connection)}-{home.folder.name}.mcap")
    print(number, flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return filled_home(tmp_path / "home")


def start(program: str, home: Home, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PRELUDE + program, str(home.folder), str(file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def run(program: str, home: Home, file: Path) -> int:
    with start(program, home, file) as process:
        process.communicate()
    return process.returncode


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file may get larger: as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 1000, 4096, 100_000, 300_000])
def test_a_full_disk_leaves_no_half_backup(home: Home, tmp_path: Path, size: int) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (home.recordings / "long.mcap").write_bytes(bytes(400_000))
    with open_home_database(home) as database:
        with database.read() as connection:
            connection.execute(text("SELECT count(*) FROM session"))
        with largest_file(size), pytest.raises(StorageError) as refusal:
            write_backup(home, database, out / "backup.tar")
    assert "cannot be written" in refusal.value.message
    assert str(out) in refusal.value.message
    assert refusal.value.advice
    assert list(out.iterdir()) == []


def test_a_full_disk_keeps_the_backup_that_was_to_be_replaced(home: Home, tmp_path: Path) -> None:
    out = write(home, tmp_path / "backup.tar")
    before = out.read_bytes()
    (home.recordings / "long.mcap").write_bytes(bytes(400_000))
    with largest_file(300_000), pytest.raises(StorageError):
        write(home, out, replace=True)
    assert out.read_bytes() == before


@pytest.mark.parametrize("size", [0, 1000, 20_000, 100_000])
def test_a_full_disk_while_restoring_changes_nothing(home: Home, tmp_path: Path, size: int) -> None:
    (home.recordings / "long.mcap").write_bytes(bytes(400_000))
    file = write(home, tmp_path / "backup.tar")
    rows, files = rows_of(home), files_of(home.folder)
    with largest_file(size), pytest.raises(TrackerError) as refusal:
        restore_backup(file, home, replace=True)
    assert refusal.value.advice
    assert (rows_of(home), files_of(home.folder)) == (rows, files)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "home"]


def kill_after(process: subprocess.Popen[str], wait_s: float) -> bool:
    """Kill a process after a while; whether it still ran then."""
    try:
        process.wait(wait_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return True
    process.communicate()
    return False


@pytest.mark.slow
def test_a_killed_backup_leaves_a_whole_file_or_none(home: Home, tmp_path: Path) -> None:
    (home.recordings / "long.mcap").write_bytes(os.urandom(5_000_000))
    out = tmp_path / "out"
    out.mkdir()
    file = out / "backup.tar"
    began = time.monotonic()
    assert run(BACKUP, home, file) == 0
    whole_s = time.monotonic() - began
    file.unlink()
    chance, killed = random.Random(1), 0  # noqa: S311
    for _ in range(8):
        killed += kill_after(start(BACKUP, home, file), chance.uniform(0.3, 1.05) * whole_s)
        if file.exists():
            assert read_backup(file, Sink(), passphrase=None).counts["session"] == 2
            file.unlink()
    assert killed
    # the next one is made all the same
    assert run(BACKUP, home, file) == 0


@pytest.mark.slow
def test_a_killed_restore_leaves_the_old_or_the_new(home: Home, tmp_path: Path) -> None:
    (home.recordings / "long.mcap").write_bytes(os.urandom(5_000_000))
    file = write(home, tmp_path / "backup.tar")
    new = rows_of(home), files_of(home.folder)
    other = filled_home(tmp_path / "other", sessions=1)
    old = rows_of(other), files_of(other.folder)
    began = time.monotonic()
    assert run(RESTORE, filled_home(tmp_path / "timed"), file) == 0
    whole_s = time.monotonic() - began
    chance, killed = random.Random(2), 0  # noqa: S311
    for _ in range(8):
        killed += kill_after(start(RESTORE, other, file), chance.uniform(0.4, 1.0) * whole_s)
        now = rows_of(other), files_of(other.folder)
        assert now in (old, new)
    assert killed
    assert run(RESTORE, other, file) == 0
    assert (rows_of(other), files_of(other.folder)) == new


def test_backups_while_another_process_keeps_storing(home: Home, tmp_path: Path) -> None:
    """Each session of the backup is whole, and its recording is there."""
    with start(KEEP_STORING, home, tmp_path) as writer:
        try:
            for number in range(3):
                assert writer.stdout is not None
                assert writer.stdout.readline()
                file = write(home, tmp_path / f"{number}.tar")
                target = Home(tmp_path / f"restored {number}")
                restore_backup(file, target)
                rows = rows_of(target)
                assert len(rows["repetition"]) == 15 * len(rows["session"])
                for recording in rows["recording"]:
                    assert (target.folder / recording[2]).is_file()
        finally:
            writer.kill()


def test_two_backups_at_once_to_one_name(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "out" / "backup.tar"
    file.parent.mkdir()
    processes = [start("write(home, file)", home, file) for _ in range(2)]
    codes = sorted(process.wait() for process in processes)
    for process in processes:
        process.communicate()
    assert codes == [0, 1]
    assert list(file.parent.iterdir()) == [file]
    assert read_backup(file, Sink(), passphrase=None).counts["session"] == 2


def test_folders_take_each_other_s_place(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    swap(tmp_path / "a", tmp_path / "b")
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")) == [
        "a",
        "a/b",
        "b",
        "b/a",
    ]


def test_folders_take_each_other_s_place_without_the_system_s_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.backup.swapping._exchange", lambda: None)
    test_folders_take_each_other_s_place(tmp_path)
    (tmp_path / "a").rename(tmp_path / "c")
    with pytest.raises(FileNotFoundError):
        swap(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b" / "a").exists()


MEMORY = """
import resource
write(home, file, replace=True)
restore_backup(file, home, replace=True)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count otherwise")
def test_memory_does_not_grow_with_the_recordings(home: Home, tmp_path: Path) -> None:
    peaks_kb = []
    for size in (1000, 100_000_000):
        with (home.recordings / "long.mcap").open("wb") as file:
            file.truncate(size)
        output, _ = start(MEMORY, home, tmp_path / "backup.tar").communicate()
        peaks_kb.append(int(output))
    assert peaks_kb[1] - peaks_kb[0] < 20_000


def test_a_polite_kill_of_the_command_cleans_up(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with (home.recordings / "long.mcap").open("wb") as file:
        file.truncate(300_000_000)
    environment = {**os.environ, "TRACKER_HOME": str(home.folder)}
    command = [sys.executable, "-m", "tracker", "backup", str(out / "backup.tar")]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not any(one.stat().st_size for one in out.glob("*.part")):
            pass
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 128 + signal.SIGTERM
    assert list(out.iterdir()) == []


def test_what_killed_processes_left_goes_after_a_day(home: Home, tmp_path: Path) -> None:
    def left(name: str, *, mark: bool = False, old: bool = True) -> Path:
        path = tmp_path / name
        path.mkdir()
        (path / "tracker.db").touch()
        if mark:
            (path / ".unfinished").touch()
        if old:
            os.utime(path, (0, 0))
        return path

    gone = [left(".tracker-backup-a"), left(".home.restoring-a", mark=True)]
    stays = [
        left(".tracker-backup-b", old=False),
        left(".home.restoring-b", mark=True, old=False),
        left(".home.restoring-old-home"),
        left(".backup-of-somebody"),
    ]
    restore_backup(write(home, tmp_path / "backup.tar"), home, replace=True)
    assert not any(path.exists() for path in gone)
    assert all((path / "tracker.db").exists() for path in stays)
