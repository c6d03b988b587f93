"""The recordings that pages look through now, measured once for all of them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tracker.app.recordings.measurer import Measurer
from tracker.errors import InputError, LossError, MissingFileError, TrackerError
from tracker.model import Side
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.looked_courses import LegCourse, LookedThrough, SoFar

KEPT = 6
"""So many are kept, the ones that were looked at last: what is opened again is there at once."""

KEPT_SAMPLES = 8_000_000
"""Of both legs of all that are kept, about 100 MB: eleven hours of a session."""


@dataclass(frozen=True, slots=True)
class RecordingKey:
    """What tells whether a recording was measured already: the same file, read with the same parameters."""

    path: str
    size_bytes: int
    changed_ns: int
    analysis_id: int | None


class OpenRecording:
    """One recording on the shelf: being measured, measured, or refused. Used in the event loop."""

    def __init__(self) -> None:
        self.share = 0.0
        self.found: LookedThrough | None = None
        self.refused: TrackerError | None = None
        self.wanted = True
        self._parts: list[LegCourse] = []
        self._news = asyncio.Event()

    @property
    def is_over(self) -> bool:
        """True once it is measured or refused."""
        return self.found is not None or self.refused is not None

    @property
    def courses(self) -> tuple[LegCourse, ...]:
        """What is known of both legs so far."""
        return self._so_far() if self.found is None else self.found.courses

    @property
    def samples(self) -> int:
        """How many samples are held of both legs."""
        return sum(len(one.time_s) for one in (self._parts if self.found is None else self.found.courses))

    async def change(self, seconds: float) -> None:
        """Wait until more is known, for so long at most; returns at once where it is over."""
        if self.is_over:
            return
        self._news.clear()
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return

    async def over(self, seconds: float) -> bool:
        """Wait until it is measured or refused, for so long at most; whether it is."""
        try:
            async with asyncio.timeout(seconds):
                while not self.is_over:
                    await self.change(seconds)
        except TimeoutError:
            pass
        return self.is_over

    def result(self) -> LookedThrough:
        """What was measured.

        Raises:
            TrackerError: it was refused, or is not measured yet.
        """
        if self.refused is not None:
            raise self.refused
        if self.found is None:
            raise InputError("the recording is not measured yet", advice="Wait a moment, and try it again.")
        return self.found

    def see(self, news: SoFar | LookedThrough | TrackerError) -> None:
        """More is known."""
        match news:
            case SoFar():
                self.share = news.share
                self._parts += news.courses
            case LookedThrough():
                self.share, self.found, self._parts = 1.0, news, []
            case _:
                self.refused, self._parts = news, []
        self._news.set()

    def _so_far(self) -> tuple[LegCourse, ...]:
        own: dict[Side, list[LegCourse]] = {}
        for part in self._parts:
            own.setdefault(part.side, []).append(part)
        return tuple(
            LegCourse(
                side,
                np.concatenate([one.time_s for one in parts]),
                np.concatenate([one.hip_rotation_deg for one in parts]),
            )
            for side, parts in own.items()
        )


class Shelf:
    """Opens recordings, and keeps those that were looked at last."""

    def __init__(self, measurer: Measurer | None = None) -> None:
        self._measurer = measurer or Measurer()
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="tracker-looking")
        self._open: dict[RecordingKey, OpenRecording] = {}

    async def warm_up(self) -> None:
        """Start the process that measures, before it is needed."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self._measurer.warm_up)

    async def open(
        self, path: Path, parameters: AnalysisParameters, analysis_id: int | None = None
    ) -> OpenRecording:
        """A recording, which is measured from here on if it is not yet; returns at once.

        Args:
            analysis_id: the stored analysis whose parameters these are; None for the present ones.

        Raises:
            InputError: the file is not there, or may not be read.
        """
        key = await asyncio.to_thread(_key, path, analysis_id)
        known = self._open.pop(key, None)
        if known is not None and known.refused is None:
            self._open[key] = known
            return known
        one = self._open[key] = OpenRecording()
        self._make_room(one)
        loop = asyncio.get_running_loop()
        loop.run_in_executor(self._threads, self._measure, loop, one, path, parameters)
        return one

    def forget(self, path: Path) -> None:
        """A file is to be removed: what was measured of it goes too."""
        for key in [key for key in self._open if key.path == str(path)]:
            self._open.pop(key).wanted = False

    def close(self) -> None:
        """End what is being measured."""
        for one in self._open.values():
            one.wanted = False
        self._open.clear()
        self._measurer.close()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _make_room(self, newest: OpenRecording) -> None:
        while len(self._open) > KEPT or (
            len(self._open) > 1 and sum(one.samples for one in self._open.values()) > KEPT_SAMPLES
        ):
            oldest = next(key for key, one in self._open.items() if one is not newest)
            self._open.pop(oldest).wanted = False

    def _measure(
        self,
        loop: asyncio.AbstractEventLoop,
        one: OpenRecording,
        path: Path,
        parameters: AnalysisParameters,
    ) -> None:
        def see(news: SoFar | LookedThrough | TrackerError) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(one.see, news)

        try:
            see(self._measurer.measure(path, parameters, see, lambda: one.wanted))
        except TrackerError as error:
            see(error)
        except Exception:
            see(LossError("the recording could not be measured", advice="`tracker replay` may tell why."))
            raise


def _key(path: Path, analysis_id: int | None) -> RecordingKey:
    try:
        status = path.stat()
    except OSError as error:
        kind = MissingFileError if isinstance(error, FileNotFoundError) else InputError
        raise kind(
            f"the recording {path} cannot be opened: {error.strerror}",
            advice="Bring the file back to its place; what was measured of it is stored, and stays.",
            path=str(path),
        ) from error
    return RecordingKey(str(path), status.st_size, status.st_mtime_ns, analysis_id)
