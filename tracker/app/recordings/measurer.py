"""Measures recordings in a process of its own, so that a session that runs meanwhile is never held up."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from time import monotonic
from typing import TypeAlias

from tracker.errors import InputError, LossError, TrackerError
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.looked_courses import LookedThrough, SoFar

LONGEST_WORK_S = 300.0
"""A recording of 12 hours takes some 30 s; what takes longer than this never ends."""

_BEHIND = 5
"""By how much the process stands back where both want the same core: the session that runs comes first."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a recording could not be measured."""

    message: str
    advice: str


Reply: TypeAlias = SoFar | LookedThrough | Refused


class Measurer:
    """One process that measures one recording after the other; it starts with the first."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        # Held while the process is given out or taken away: what was taken away cannot be ended any more.
        self._hold = threading.Lock()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._closed = False

    def warm_up(self) -> None:
        """Start the process, so that the first recording need not wait for it."""
        with self._turn:
            if not self._closed:
                self._started()

    def measure(
        self,
        path: Path,
        parameters: AnalysisParameters,
        tell: Callable[[SoFar], None],
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> LookedThrough:
        """Measure a recording; waits for its turn, and blocks until it is done.

        Args:
            tell: is told how far it is, in the thread that calls.
            is_wanted: is asked now and then; where it says no, the work is given up.

        Raises:
            InputError: it cannot be measured, or nobody wants it any more.
            LossError: the process was ended from outside.
        """
        with self._turn:
            if self._closed or not is_wanted():
                raise _unwanted(path)
            pipe = self._started()
            try:
                pipe.send((path, parameters))
                return self._awaited(pipe, path, tell, is_wanted)
            except (EOFError, OSError) as error:
                self._end()
                raise LossError(
                    "the process that measures recordings was ended from outside",
                    advice="Open the page again: perhaps there was not memory enough.",
                ) from error

    def close(self) -> None:
        """End the process; what it measures is given up."""
        self._closed = True
        with self._hold:
            if self._process is not None:
                # Whoever waits for it sees its end, and lets go of the turn.
                self._process.terminate()
        with self._turn:
            self._end()

    def _awaited(
        self,
        pipe: Connection,
        path: Path,
        tell: Callable[[SoFar], None],
        is_wanted: Callable[[], bool],
    ) -> LookedThrough:
        began_s = monotonic()
        while True:
            while not pipe.poll(1.0):
                self._give_up_where_vain(path, began_s, is_wanted)
            reply: Reply = pipe.recv()
            match reply:
                case SoFar():
                    tell(reply)
                    self._give_up_where_vain(path, began_s, is_wanted)
                case Refused():
                    raise InputError(reply.message, advice=reply.advice, path=str(path))
                case LookedThrough():
                    return reply

    def _give_up_where_vain(self, path: Path, began_s: float, is_wanted: Callable[[], bool]) -> None:
        if not is_wanted():
            self._end()
            raise _unwanted(path)
        if monotonic() - began_s > LONGEST_WORK_S:
            self._end()
            raise InputError(
                f"{path} takes too long to measure",
                advice="Its contents are no session as this program records it.",
                path=str(path),
            )

    def _started(self) -> Connection:
        if self._process is not None and self._process.is_alive() and self._pipe is not None:
            return self._pipe
        self._end()
        context = multiprocessing.get_context("spawn")
        own, other = context.Pipe()
        process = context.Process(target=serve, args=(other,), daemon=True, name="tracker-measurer")
        process.start()
        other.close()
        self._process, self._pipe = process, own
        if self._closed:
            # It was closed before it knew of this process, and waits for the turn.
            process.terminate()
        return own

    def _end(self) -> None:
        with self._hold:
            process, self._process = self._process, None
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.kill()
            process.join()
            process.close()


def serve(pipe: Connection) -> None:
    """Measure what is asked for until nobody asks any more: the work of the process."""
    # Ctrl-C reaches every process of a terminal: only the first one answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_BEHIND)
    with suppress(EOFError, OSError):
        while True:
            path, parameters = pipe.recv()
            pipe.send(_measured(path, parameters, pipe.send))


def _measured(path: Path, parameters: AnalysisParameters, tell: Callable[[SoFar], None]) -> Reply:
    # only the process that measures needs the analysis
    from tracker.session.looked_through import look_through

    try:
        return look_through(path, parameters, tell)
    except TrackerError as error:
        return Refused(error.message, error.advice)
    except MemoryError:
        return Refused(f"{path} needs more memory than there is", "Close other programs, and try it again.")


def _unwanted(path: Path) -> InputError:
    return InputError(f"{path} was not measured to its end", advice="Open it again.", path=str(path))
