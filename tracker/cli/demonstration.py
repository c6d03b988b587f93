"""The demonstration: history, a live session, its replay and the week, all simulated."""

import asyncio
import shutil
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from rich.text import Text

from tracker.cli.live_screen import LiveScreen
from tracker.cli.output import console, print_tables
from tracker.cli.recording import record_on, simulated
from tracker.cli.results import analysis_tables
from tracker.cli.weeks import page_of_week
from tracker.errors import LossError, StorageError, UsageError
from tracker.home import Home
from tracker.recording.damage import Damage
from tracker.report.replay_document import replay_document
from tracker.report.terminal import simulated_banner
from tracker.report.week_sections import page_of
from tracker.report.week_terminal import week_tables
from tracker.sensing.body.sessions import history_session
from tracker.session.keeping import StoreKeeper, keep_replay, recording_path
from tracker.session.live import LiveOutcome
from tracker.session.replay import Replay, replay
from tracker.session.simulation import write_simulated_recording
from tracker.session.workplace import Workplace, workplace
from tracker.store.database import Database

_MARKER = "SIMULATED.txt"
_MARKER_TEXT = "Everything in this folder is simulated: no person and no sensor was measured.\n"
_HISTORY_WEEKS = 6
_DAYS_OF_WEEK = (0, 2, 4)
_HISTORY_SEED = 6


def run_demonstration(folder: Path) -> None:
    """Play the whole story in a folder of its own; an earlier demonstration in it is replaced."""
    home = Home(folder)
    _make_room(home)
    place = workplace(home)
    out = console()
    out.print(simulated_banner())
    with place.database() as database:
        out.print(Text(f"1. Six weeks of simulated history in {folder}", style="bold"))
        _write_history(place, database)
        out.print(Text("2. Three virtual sensors advertise; scan, connect, subscribe, record", style="bold"))
        outcome = asyncio.run(_record(place, database))
    if outcome.stopped:
        raise KeyboardInterrupt
    out.print(Text("3. What was recorded", style="bold"))
    live = Replay(outcome.header, outcome.path, outcome.analysis, outcome.parameters, Damage())
    for part in analysis_tables(live):
        out.print(part)
    if outcome.failure is not None:
        raise outcome.failure
    out.print(Text("4. Replayed from its file", style="bold"))
    _compare(live, replay(outcome.path, place.analysis))
    out.print("The same result, to the last digit.")
    out.print(Text("5. The week", style="bold"))
    page = page_of_week(home=home, weeks_before=_HISTORY_WEEKS)
    print_tables(week_tables(page_of(page, weeks=_HISTORY_WEEKS + 1)))
    out.print(f"Look around: TRACKER_HOME={folder} {_program()} sessions", soft_wrap=True)


def _make_room(home: Home) -> None:
    """Empty the folder where an earlier demonstration made it; leave any other folder alone."""
    folder = home.folder
    try:
        if folder.exists() and any(folder.iterdir()):
            if not (folder / _MARKER).is_file():
                raise UsageError(
                    f"{folder} is not empty and not the folder of a demonstration",
                    advice="Choose another one with --folder.",
                    folder=str(folder),
                )
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _MARKER).write_text(_MARKER_TEXT, encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"the folder {folder} cannot be made: {error.strerror or error}",
            advice="Choose another one with --folder.",
            folder=str(folder),
        ) from error
    home.create()


def _write_history(place: Workplace, database: Database) -> None:
    rng = np.random.default_rng(_HISTORY_SEED)
    for week_number, started_at in _history_dates(datetime.now().astimezone()):
        session = history_session(week_number, rng, float(np.radians(-18.0)), float(np.radians(-30.0)))
        path = recording_path(place.home, started_at)
        write_simulated_recording(session, path, started_at)
        keep_replay(database, place.home, replay(path, place.analysis))


def _history_dates(now: datetime) -> Iterable[tuple[int, datetime]]:
    """Three evenings in each of the weeks before this one, and those of this week that have passed."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=18, minute=0, second=0, microsecond=0)
    for number in range(_HISTORY_WEEKS + 1):
        for day in _DAYS_OF_WEEK:
            started_at = monday - timedelta(weeks=_HISTORY_WEEKS - number) + timedelta(days=day)
            if started_at.date() < now.date():
                yield number, started_at


async def _record(place: Workplace, database: Database) -> LiveOutcome:
    async with simulated(place) as stage:
        with LiveScreen(simulated=True) as screen:
            return await record_on(stage, place, screen, StoreKeeper(database, place.home))


def _compare(live: Replay, replayed: Replay) -> None:
    first, second = dict(replay_document(live)), dict(replay_document(replayed))
    if first != second:
        different = ", ".join(key for key in first if first[key] != second[key])
        raise LossError(
            f"the replay differs from the live result in: {different}",
            advice="Please report this with the recording.",
        )


def _program() -> str:
    """How this program was called."""
    name = Path(sys.argv[0])
    return "python -m tracker" if name.name == "__main__.py" else str(name)
