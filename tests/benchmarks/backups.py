"""Prints what backups and migrations of ten years of daily sessions cost.

Run with `python tests/benchmarks/backups.py`, or with all others by `make bench`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from ten_years import write_ten_years

from tracker.backup.opening import open_home_database
from tracker.backup.parameters import BackupParameters
from tracker.backup.weekly import back_up_when_due
from tracker.home import Home
from tracker.store.database import open_database
from tracker.store.schema import REVISIONS, alembic_config

RECORDINGS_BYTES = 1_000_000_000
"""Of the recordings that go into a whole backup: more than any memory that is measured."""
FILES = 100

WHOLE = """
import sys, time
from pathlib import Path
from tracker.backup.opening import open_home_database
from tracker.backup.restoring import restore_backup
from tracker.backup.writing import write_backup
from tracker.home import Home
home, out, words = Home(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3] or None
def peak_mb():
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024
began = time.perf_counter()
with open_home_database(home) as database:
    write_backup(home, database, out, passphrase=words)
written_s = time.perf_counter() - began
restore_backup(out, Home(Path(sys.argv[4])), passphrase=words)
restored_s = time.perf_counter() - began - written_s
print(f"backup {written_s:.1f} s, restore {restored_s:.1f} s, {peak_mb():.0f} MB of memory at most")
"""


def bench_backups() -> None:
    """All of it, in a minute or two."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = Home(folder / "home")
        home.create()
        repetitions = write_ten_years(folder / "ten.db", datetime(2026, 11, 29, 18, tzinfo=UTC))
        size_mb = (folder / "ten.db").stat().st_size / 1e6
        _show("ten years of sessions", f"{repetitions:,} repetitions, {size_mb:,.0f} MB")
        for revision in REVISIONS[:-1]:
            _bench_migration(folder / "ten.db", revision, home)
        _bench_weekly(folder / "ten.db", home)
        _bench_whole(home, folder)


def _bench_migration(ten: Path, revision: str, home: Home) -> None:
    path = home.folder / "tracker.db"
    shutil.copy(ten, path)
    with open_database(path) as database, database.migrate() as connection:
        command.downgrade(alembic_config(connection), revision)
    old = path.with_name("old.db")
    shutil.copy(path, old)
    plain_s = _seconds(lambda: open_database(path).close())
    shutil.move(old, path)
    protected_s = _seconds(lambda: open_home_database(home).close())
    _show(f"migration from {revision}", f"{plain_s:.1f} s, {protected_s:.1f} s with a checked copy before it")


def _bench_weekly(ten: Path, home: Home) -> None:
    shutil.copy(ten, home.folder / "tracker.db")
    began = time.perf_counter()
    made = back_up_when_due(home, BackupParameters())
    took_s = time.perf_counter() - began
    if made is not None:
        _show("weekly backup", f"{took_s:.1f} s, {made.size_bytes / 1e6:.1f} MB")


def _bench_whole(home: Home, folder: Path) -> None:
    for number in range(FILES):
        (home.recordings / f"{number}.mcap").write_bytes(os.urandom(RECORDINGS_BYTES // FILES))
    for what, words in (("in the clear", ""), ("encrypted", "some words")):
        target, out = folder / f"restored {what}", folder / f"{what}.tar"
        line = [sys.executable, "-c", WHOLE, str(home.folder), str(out), words, str(target)]
        done = subprocess.run(line, check=True, capture_output=True, text=True)
        _show(f"with 1 GB of recordings, {what}", done.stdout.strip())
        out.unlink()
        shutil.rmtree(target)


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _show(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:48} {figure}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    bench_backups()
