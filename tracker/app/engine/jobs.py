"""Long work of the pages: one of each kind at a time, seen by all pages, never in the event loop's way."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, TypeAlias, runtime_checkable

from tracker.app.engine.values import Failure
from tracker.errors import ConflictError, TrackerError

_SMALLEST_STEP = 0.01
"""Of the share that is done: finer steps cannot be seen."""

_KEPT_S = 3600.0
"""How long a result is kept for whoever wants it: files of it lie on the disk in the clear."""


class JobKind(StrEnum):
    """What is done."""

    EXPORT = "export"
    BACKUP = "backup"
    LOOK = "look"
    """A backup is read through, to see what is in it."""
    RESTORE = "restore"
    IMPORT = "import"
    CSV = "csv"
    """A recording is made of tables and kept as a session."""
    REANALYSIS = "reanalysis"
    SCAN = "scan"
    """Sensors are searched for."""
    RADIO = "radio"
    """Sensors are connected: to show themselves, to be placed or calibrated; or Bluetooth is looked at."""


_ALONE = frozenset({JobKind.RESTORE, JobKind.IMPORT})
"""They put all data in place anew: nothing else may be at work on them."""

_OF_RADIO = frozenset({JobKind.SCAN, JobKind.RADIO})
"""There is one radio."""

_WITH_ANY = frozenset({JobKind.LOOK, *_OF_RADIO})
"""They store nothing, or in an instant at their end."""


class JobState(StrEnum):
    """How far it is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """Some work at one moment.

    Attributes:
        number: rises with each.
        share: that is done, 0 to 1; None where it cannot be told.
        text: what goes on, in English; empty where the kind says it all.
        news: what came out so far; of the kind's own type.
        result: what came out; None until it is done.
        failure: why it ended without a result.
    """

    number: int
    kind: JobKind
    state: JobState = JobState.RUNNING
    share: float | None = None
    text: str = ""
    news: object = None
    result: object = None
    failure: Failure | None = None

    @property
    def is_running(self) -> bool:
        """True until it is over."""
        return self.state is JobState.RUNNING


@runtime_checkable
class Discardable(Protocol):
    """A result that holds something which must be let go, such as a file."""

    def discard(self) -> None:
        """Let it go; again changes nothing."""
        ...


class JobStopped(BaseException):
    """The person wants no more of it; passes through whatever handles errors, as Ctrl-C does."""


class JobLine:
    """What work tells the board, from any thread."""

    def __init__(self, tell: Callable[[Callable[[Job], Job]], None]) -> None:
        self._tell = tell
        self._stopped = threading.Event()
        self._told_share = -1.0

    def progress(self, share: float) -> None:
        """So much is done.

        Raises:
            JobStopped: the person wants no more of it.
        """
        self.check()
        if share >= 1.0 or abs(share - self._told_share) >= _SMALLEST_STEP:
            self._told_share = share
            self._tell(lambda job: replace(job, share=min(max(share, 0.0), 1.0)))

    def say(self, text: str) -> None:
        """What goes on now."""
        self.check()
        self._tell(lambda job: replace(job, text=text))

    def show(self, news: object) -> None:
        """What came out so far: a frozen value. It never raises: what calls it may be a radio's callback."""
        self._tell(lambda job: replace(job, news=news))

    def check(self) -> None:
        """Go on, or end.

        Raises:
            JobStopped: the person wants no more of it.
        """
        if self._stopped.is_set():
            raise JobStopped

    def stop(self) -> None:
        """End at the next word of the work."""
        self._stopped.set()


Work: TypeAlias = Callable[[JobLine], object]
"""Blocks, in a thread of its own; what it gives is the result."""
AsyncWork: TypeAlias = Callable[[JobLine], Awaitable[object]]
Watcher: TypeAlias = Callable[[Job | None, JobKind], None]
"""Is told each change, in the event loop; None where what was over is no longer shown."""


class JobBoard:
    """The work of all pages. Of each kind the newest is kept until it is dismissed, or for an hour."""

    def __init__(self) -> None:
        self._jobs: dict[JobKind, Job] = {}
        self._lines: dict[int, JobLine] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._breakable: set[int] = set()
        self._watchers: set[Watcher] = set()
        self._count = 0
        # Not those of the event loop, which are few: a session writes what it records in one of them.
        self._threads = ThreadPoolExecutor(len(JobKind), thread_name_prefix="tracker-job")

    def job(self, kind: JobKind) -> Job | None:
        """The newest of a kind; None where there is none."""
        return self._jobs.get(kind)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The newest of each kind."""
        return tuple(self._jobs.values())

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Be told each change from now on.

        Returns:
            What ends it.
        """
        self._watchers.add(watcher)
        return lambda: self._watchers.discard(watcher)

    def start(self, kind: JobKind, work: Work, text: str = "") -> Job:
        """Begin work that blocks.

        Raises:
            UsageError: such work is going on, or work that cannot go on beside it.
        """

        async def in_thread(line: JobLine) -> object:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, _ended_as_error, work, line)

        return self._begin(kind, in_thread, text, breakable=False)

    def start_async(self, kind: JobKind, work: AsyncWork, text: str = "") -> Job:
        """Begin work in the event loop, which must not block.

        Raises:
            UsageError: such work is going on, or work that cannot go on beside it.
        """
        return self._begin(kind, work, text, breakable=True)

    def cancel(self, kind: JobKind) -> None:
        """End what is going on, if anything is; it is over a moment later."""
        job = self._jobs.get(kind)
        if job is None or not job.is_running:
            return
        self._lines[job.number].stop()
        if job.number in self._breakable:
            self._tasks[job.number].cancel()

    def dismiss(self, kind: JobKind) -> None:
        """Show what is over no longer, and let its result go."""
        job = self._jobs.get(kind)
        if job is not None and not job.is_running:
            self._forget(job)
            for watcher in tuple(self._watchers):
                watcher(None, kind)

    async def close(self) -> None:
        """End all of it, because the program ends."""
        for kind in tuple(self._jobs):
            self.cancel(kind)
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        for job in tuple(self._jobs.values()):
            self._forget(job)
        self._threads.shutdown(wait=False)

    def _begin(self, kind: JobKind, work: AsyncWork, text: str, *, breakable: bool) -> Job:
        self._refuse(kind)
        before = self._jobs.get(kind)
        if before is not None:
            self._forget(before)
        self._count += 1
        job = Job(self._count, kind, text=text)
        loop = asyncio.get_running_loop()

        def tell(change: Callable[[Job], Job]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._change, job.number, kind, change)

        line = JobLine(tell)
        self._jobs[kind] = job
        if breakable:
            self._breakable.add(job.number)
        self._lines[job.number] = line
        task = self._tasks[job.number] = asyncio.create_task(self._run(job, work, line))
        # One that is cancelled before its first step never gets to its own end.
        task.add_done_callback(lambda _task: self._end(job, JobState.CANCELLED))
        self._show(job)
        return job

    def _refuse(self, kind: JobKind) -> None:
        for other in self._jobs.values():
            if not other.is_running:
                continue
            if other.kind is kind or {kind, other.kind} == _OF_RADIO:
                raise ConflictError("this is being done already", advice="Wait until it is done, or stop it.")
            if {kind, other.kind} & _ALONE and not {kind, other.kind} & _WITH_ANY:
                raise ConflictError(
                    "something else is being done with the data", advice="Wait until it is done, or stop it."
                )

    async def _run(self, job: Job, work: AsyncWork, line: JobLine) -> None:
        state, result, failure = JobState.CANCELLED, None, None
        try:
            result = await work(line)
            state = JobState.DONE
        except TrackerError as error:
            state, failure = JobState.FAILED, Failure(error.message, error.advice)
        except (asyncio.CancelledError, JobStopped, _StoppedInThread):
            pass
        except Exception as error:  # noqa: BLE001 - a page must not wait for ever for what ended by a fault
            state = JobState.FAILED
            failure = Failure("the program made a mistake", "Restart it and try again.")
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"the work {job.kind} ended by a fault", "exception": error}
            )
        # What the work said last is told first.
        await asyncio.sleep(0)
        self._end(job, state, result, failure)
        asyncio.get_running_loop().call_later(_KEPT_S, self._outlive, job.number, job.kind)

    def _end(self, job: Job, state: JobState, result: object = None, failure: Failure | None = None) -> None:
        self._lines.pop(job.number, None)
        self._tasks.pop(job.number, None)
        self._breakable.discard(job.number)

        def end(now: Job) -> Job:
            share = 1.0 if state is JobState.DONE else now.share
            return replace(now, state=state, result=result, failure=failure, share=share)

        self._change(job.number, job.kind, end)

    def _change(self, number: int, kind: JobKind, change: Callable[[Job], Job]) -> None:
        job = self._jobs.get(kind)
        if job is not None and job.number == number and job.is_running:
            self._jobs[kind] = change(job)
            self._show(self._jobs[kind])

    def _show(self, job: Job) -> None:
        for watcher in tuple(self._watchers):
            watcher(job, job.kind)

    def _outlive(self, number: int, kind: JobKind) -> None:
        job = self._jobs.get(kind)
        if job is not None and job.number == number:
            self.dismiss(kind)

    def _forget(self, job: Job) -> None:
        if self._jobs.get(job.kind) is job:
            del self._jobs[job.kind]
        if isinstance(job.result, Discardable):
            job.result.discard()


class _StoppedInThread(Exception):  # noqa: N818 - no error
    """Carries `JobStopped` out of a thread: an event loop ends by what is no `Exception`."""


def _ended_as_error(work: Work, line: JobLine) -> object:
    try:
        return work(line)
    except JobStopped:
        raise _StoppedInThread from None
