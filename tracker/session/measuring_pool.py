"""Measures recordings in several processes of this machine; they compute, and write nothing."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from tracker.errors import LossError, TrackerError
from tracker.model import Analysis
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.replay import replay

_STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_WAITING_FOR_EACH = 2
"""Recordings handed out for each process: one that it measures and one to go on with."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a recording gave.

    Attributes:
        analysis: None where it could not be measured.
        refused: why not, in plain words.
    """

    analysis: Analysis | None
    refused: str = ""


def present_jobs() -> int:
    """How many processes this one may keep busy."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def measure(parameters: AnalysisParameters, file: Path) -> Measured:
    """Measure a whole recording as `tracker replay` does; of one that lost something nothing is taken."""
    try:
        result = replay(file, parameters)
    except TrackerError as error:
        return Measured(None, error.message)
    if result.damage.cut:
        return Measured(None, f"{file} is cut: it ends in mid-recording")
    if result.damage.lost:
        return Measured(None, f"{file} is damaged: {result.damage.bytes_unread} bytes cannot be read")
    return Measured(result.analysis)


def measured(
    files: Iterable[tuple[int, Path]], parameters: AnalysisParameters, jobs: int
) -> Generator[tuple[int, Measured], None, None]:
    """Measure recordings, each with a number to know it by; they come as they are done.

    Args:
        files: taken from as there is room, so that what lies far ahead is not looked at yet.
        jobs: processes; with one nothing is started.

    Raises:
        LossError: a process ended before its work was done.
    """
    if jobs <= 1:
        for number, file in files:
            with _stops_held_back():
                found = measure(parameters, file)
            yield number, found
        return
    with _pool(jobs) as pool:
        yield from _spread(pool, iter(files), partial(measure, parameters), _WAITING_FOR_EACH * jobs)


def _spread(
    pool: ProcessPoolExecutor,
    files: Iterator[tuple[int, Path]],
    work: Callable[[Path], Measured],
    room: int,
) -> Iterator[tuple[int, Measured]]:
    waiting: dict[Future[Measured], int] = {}
    try:
        while True:
            for number, file in islice(files, room - len(waiting)):
                with _interrupts_held_back():
                    waiting[pool.submit(work, file)] = number
            if not waiting:
                return
            for ready in wait(waiting, return_when=FIRST_COMPLETED).done:
                yield waiting.pop(ready), ready.result()
    except BrokenProcessPool as error:
        raise LossError(
            "a process that measured recordings was ended from outside",
            advice="What is done is kept. Go on with --jobs 1: perhaps there was not memory enough.",
        ) from error


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that end with this one, whatever ends it, and at once where the block is left by an error."""
    context = multiprocessing.get_context("spawn")
    # Nobody writes into it. It closes with this process, and then the others see its end.
    open_while_wanted, wanted = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(jobs, context, _begin_worker, (open_while_wanted,))
    try:
        yield pool
        pool.shutdown()
    finally:
        wanted.close()
        pool.shutdown(wait=True, cancel_futures=True)
        open_while_wanted.close()


def _begin_worker(open_while_wanted: Connection) -> None:
    # Ctrl-C reaches every process of a terminal: only the first one answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(open_while_wanted,), daemon=True).start()


def _end_with_parent(open_while_wanted: Connection) -> None:
    open_while_wanted.poll(None)
    os._exit(0)


@contextmanager
def _stops_held_back() -> Iterator[None]:
    """Ctrl-C and a polite kill take effect after the block.

    A recording is measured in seconds, and libraries turn a stop in the midst of their work into errors of
    their own.
    """
    came: list[int] = []
    held = {}
    if threading.current_thread() is threading.main_thread():
        now = {number: signal.getsignal(number) for number in _STOPPING}
        held = {number: handler for number, handler in now.items() if handler is not None}
        for number in held:
            signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Ctrl-C waits: a process that is started meanwhile never sees it, this one afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
