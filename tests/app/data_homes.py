"""Homes with a week of simulated sessions, work run to its end, files handed in, a disk that is full."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tracker.app.engine.jobs import Job, JobBoard, JobKind, JobLine, Work
from tracker.app.recordings.dropped import DropFolder
from tracker.home import Home
from tracker.session.workplace import Workplace, workplace
from tracker.store.database import Database
from tracker.store.persons import person_meant
from tracker.store.values import Person

ENDS_S = 60.0
"""Work that has not ended by then hangs."""

Result = TypeVar("Result")


def place_in(folder: Path) -> Workplace:
    """The home for simulated sessions in a folder."""
    return workplace(Home(folder), simulated=True)


def default_of(database: Database) -> Person:
    """The person who is meant where nobody is named."""
    with database.write() as connection:
        return person_meant(connection, None, time_zone="Europe/Berlin")


def result_of(work: Work, kind: type[Result], line: JobLine | None = None) -> Result:
    """What blocking work gives."""
    result = work(line or unheard_line())
    assert isinstance(result, kind)
    return result


def unheard_line() -> JobLine:
    """What work tells, to nobody."""

    def tell(_change: object) -> None:
        pass

    return JobLine(tell)


def handed_in(place: Workplace, uploads: DropFolder, name: str, content: bytes) -> str:
    """The token of a file that was handed in."""
    with uploads.begin(place.home.folder, name, len(content) + 1) as receiving:
        receiving.take(content)
        return uploads.add(receiving).token


def leftovers(place: Workplace) -> list[str]:
    """What work left behind in the program's folder, besides what belongs there."""
    known = {"tracker.db", "tracker.db-wal", "tracker.db-shm", "recordings", "backups", "plan.toml"}
    found = [path for path in place.home.folder.iterdir() if path.name not in known]
    return sorted(str(path.name) for path in found if not path.is_dir() or any(path.iterdir()))


@contextmanager
def full_disk(largest_bytes: int) -> Iterator[None]:
    """No file may get larger: as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def over(board: JobBoard, kind: JobKind) -> Job:
    """The job of a kind once it is no longer running."""
    done = asyncio.Event()
    end = board.watch(lambda job, seen: done.set() if seen is kind and job and not job.is_running else None)
    try:
        job = board.job(kind)
        if job is not None and not job.is_running:
            return job
        await asyncio.wait_for(done.wait(), ENDS_S)
    finally:
        end()
    found = board.job(kind)
    assert found is not None
    return found
