"""Prints what exports of ten years of daily sessions cost, and what it costs to read them back.

Run with `python tests/benchmarks/exports.py`, or with all others by `make bench`. The sessions are simulated
and have no recordings: those are copied as they are.
"""

import csv
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from ten_years import ZONE, write_ten_years

from tracker.backup.opening import open_home_database
from tracker.home import Home
from tracker.report.exchange.everything.reading import import_everything
from tracker.report.exchange.everything.writing import export_everything
from tracker.report.exchange.formats import Format, exporter_of
from tracker.report.exchange.selection import Days, choose_days
from tracker.report.exchange.staging import staged
from tracker.store.database import Database
from tracker.store.persons import get_or_create_person

RUNS = 3


def bench_exports() -> None:
    """All of it, in some minutes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = Home(folder / "home")
        home.create()
        write_ten_years(home.folder / "tracker.db", datetime(2026, 11, 29, 18, tzinfo=UTC))
        plain_s, _ = _median(folder, partial(_plain_tables, home.folder / "tracker.db"))
        copied_s, _ = _median(folder, partial(_copied, home.folder / "tracker.db"))
        size_mb = (home.folder / "tracker.db").stat().st_size / 1e6
        _show("every table by sqlite3 and csv alone", f"{plain_s:.1f} s")
        _show("a copy of the database", f"{copied_s:.2f} s, {size_mb:.0f} MB")
        bases = plain_s, copied_s
        with open_home_database(home) as database:
            for one in (Format.CSV, Format.PARQUET):
                _bench(one.value, bases, folder, partial(_tables, database, home, one))
            archive = _bench("everything", bases, folder, partial(_everything, database, home))
        number = count()
        _bench(
            "import --everything",
            bases,
            folder,
            lambda _out: import_everything(archive, Home(folder / f"new{next(number)}"), _nobody),
        )


def _bench(what: str, bases: tuple[float, float], folder: Path, work: Callable[[Path], object]) -> Path:
    """Print the time of some work by those of a plain dump and of a copy, and how much it wrote."""
    took_s, out = _median(folder, work)
    plain_s, copied_s = bases
    written_mb = sum(one.stat().st_size for one in (out, *out.rglob("*")) if one.is_file()) / 1e6
    size = f", {written_mb:.0f} MB" if written_mb else ""
    _show(
        what, f"{took_s:.1f} s, {took_s / plain_s:.2f} x plain tables, {took_s / copied_s:.0f} x a copy{size}"
    )
    return out


def _median(folder: Path, work: Callable[[Path], object]) -> tuple[float, Path]:
    """Median time of some work, and what it wrote the last time."""
    times: list[float] = []
    for _ in range(RUNS):
        out = Path(tempfile.mkdtemp(dir=folder)) / "out"
        began = time.perf_counter()
        work(out)
        times.append(time.perf_counter() - began)
    return statistics.median(times), out


def _tables(database: Database, home: Home, chosen: Format, out: Path) -> None:
    with database.write() as connection:
        person = get_or_create_person(connection, time_zone=ZONE)
        selection = choose_days(connection, person, home.folder, Days())
    with staged(out) as made:
        exporter_of(chosen)(database, selection, made, _nobody)


def _everything(database: Database, home: Home, out: Path) -> None:
    with staged(out) as made:
        export_everything(database, home, made, _nobody)


def _plain_tables(path: Path, out: Path) -> None:
    """What a person without this program would do: all rows as they are."""
    out.mkdir()
    with closing(sqlite3.connect(path)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            with (out / name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(database.execute(f'SELECT * FROM "{name}"'))  # noqa: S608
                os.fsync(file.fileno())


def _copied(source: Path, out: Path) -> None:
    """The bytes of a file once more, and onto the disk."""
    with source.open("rb") as file, out.open("wb") as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())


def _nobody(_share: float) -> None:
    """Nobody watches the progress."""


def _show(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:48} {figure}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    bench_exports()
