"""Prints what the page of a week and the trend cost with ten years of daily sessions in the database.

Run with `make bench`, or alone. The database is made anew each time; nothing here is a test.
"""

import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, event
from ten_years import SESSIONS, ZONE, write_ten_years

from tracker.cli.weeks import page_of_week
from tracker.home import Home

RUNS = 7
NO_DATABASE = ("-c", "import sqlalchemy.orm, numpy, typer, rich.console, pydantic")
"""What the program could not do without, and nothing done with it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement as it went to SQLite."""

    statement: str
    parameters: Any


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took, by the clock and of the processor."""

    wall_s: float
    cpu_s: float


def show(what: str, figure: str) -> None:
    """One line of the result."""
    sys.stdout.write(f"{what:48} {figure}\n")
    sys.stdout.flush()


def median_s(*commands: list[str], home: Path) -> list[Cost]:
    """Median costs of commands, run in turn so that the machine's moods fall on all alike."""
    environment = {**os.environ, "TRACKER_HOME": str(home)}
    costs: list[list[Cost]] = [[] for _ in commands]
    for _ in range(RUNS):
        for command, own in zip(commands, costs, strict=True):
            began, used = time.perf_counter(), os.times()
            subprocess.run(command, check=True, capture_output=True, env=environment)
            after = os.times()
            cpu_s = after.children_user + after.children_system - used.children_user - used.children_system
            own.append(Cost(time.perf_counter() - began, cpu_s))
    return [
        Cost(
            statistics.median(one.wall_s for one in own),
            statistics.median(one.cpu_s for one in own),
        )
        for own in costs
    ]


def statements_of_a_page(home: Home) -> list[Asked]:
    """All that a page asks the database."""
    asked: list[Asked] = []

    def remember(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:  # noqa: ANN401
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(Asked(statement, parameters))

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        page_of_week(home=home)
    finally:
        event.remove(Engine, "before_cursor_execute", remember)
    return asked


def query_times_s(path: Path, asked: list[Asked]) -> list[float]:
    """Median time of each statement until its last row is there."""
    times: list[list[float]] = [[] for _ in asked]
    with closing(sqlite3.connect(path)) as connection:
        for _ in range(RUNS):
            for one, own in zip(asked, times, strict=True):
                began = time.perf_counter()
                connection.execute(one.statement, one.parameters).fetchall()
                own.append(time.perf_counter() - began)
    return [statistics.median(own) for own in times]


def bench_week(folder: Path) -> None:
    """Ten years, written in bulk, and then `tracker week` as a person calls it."""
    home = Home(folder)
    repetitions = write_ten_years(folder / "tracker.db", datetime.now(ZoneInfo(ZONE)))
    show("week: database", f"{SESSIONS:,} sessions, {repetitions:,} repetitions")
    week = [sys.executable, "-m", "tracker", "week"]
    libraries, empty = [sys.executable, *NO_DATABASE], [sys.executable, "-c", "pass"]
    whole, libraries_alone, idle = median_s(week, libraries, empty, home=folder)
    by_empty = f"{whole.wall_s / idle.wall_s:.0f} x an empty interpreter"
    show("tracker week, ten years", f"{whole.wall_s:.2f} s, CPU {whole.cpu_s:.2f} s ({by_empty})")
    by_libraries = whole.cpu_s / libraries_alone.cpu_s
    show("    by the import of its libraries alone, CPU", f"{by_libraries:.2f} x")
    times_ms = [1000.0 * one for one in query_times_s(folder / "tracker.db", statements_of_a_page(home))]
    longest = f"longest {max(times_ms):.1f} ms"
    show("    queries", f"{sum(times_ms):.1f} ms in {len(times_ms)}, {longest}")
    [printed] = median_s([*week, "--pdf", str(folder / "week.pdf")], home=folder)
    show("    with the PDF", f"{printed.wall_s / whole.wall_s:.2f} x")
    trend = [sys.executable, "-m", "tracker", "trend"]
    usual, all_years = median_s(trend, [*trend, "--weeks", "2000"], home=folder)
    for name, cost in (("usual span", usual), ("ten years", all_years)):
        by_week = f"{cost.cpu_s / whole.cpu_s:.1f} x the week"
        show(f"tracker trend, {name}", f"{cost.wall_s:.2f} s, CPU {cost.cpu_s:.2f} s ({by_week})")


def main() -> None:
    """The week's figures alone."""
    with tempfile.TemporaryDirectory() as name:
        bench_week(Path(name))


if __name__ == "__main__":
    main()
