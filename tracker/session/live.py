"""Records a live session: raw data to the file first, then through the pipeline, until it is over."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeAlias

from tracker.errors import NoSensorError, RecordingStoppedError, TrackerError
from tracker.model import Analysis, Notification, Placement, SensorIdentity, WallClockAnchor
from tracker.recording.header import RecordingHeader
from tracker.recording.writer import RecordingWriter
from tracker.sensing.source import SensorSource, SourceItem
from tracker.session.analyser import AnalysisParameters, SessionAnalyser
from tracker.session.guide import Conductor
from tracker.session.live_step import LiveStep
from tracker.session.personal import calibrations_to_json, personal_to_json
from tracker.session.status import SessionStatus, StatusBoard

_NANOSECONDS = 1_000_000_000
_BEGIN_BEFORE_FIRST_NS = 1_000_000_000
"""The time line begins this long before the first notification arrived: its samples are older than that
arrival, and none of them lies before zero, even where 19 samples at 20 Hz make a frame."""

_LOOK_INTERVAL_S = 0.1
"""How often phases, disk and view are looked after when nothing arrives."""

_BATCH_ITEMS = 256
_QUEUE_ITEMS = 256


HeaderMaker: TypeAlias = Callable[[WallClockAnchor], RecordingHeader]
View: TypeAlias = Callable[[SessionStatus], None]
Preparation: TypeAlias = Callable[[Mapping[Placement, SensorIdentity]], AnalysisParameters]
"""The parameters of a session with these sensors; may look things up, so it is called in a thread."""


class SessionKeeper(Protocol):
    """Is told when the recording begins, so that a killed session is known all the same."""

    def begin(self, header: RecordingHeader, path: Path, sensors: Mapping[Placement, SensorIdentity]) -> None:
        """The recording has its first data on the way."""
        ...


@dataclass(frozen=True, slots=True)
class LiveOutcome:
    """What a live session left.

    Attributes:
        path: the recording.
        parameters: what the analysis depended on beside the recording.
        failure: why it ended early; None where it ended as asked.
        stopped: true where the person ended it before it was over.
    """

    header: RecordingHeader
    path: Path
    analysis: Analysis
    parameters: AnalysisParameters
    failure: TrackerError | None
    stopped: bool


class LiveSession:
    """One recording in the making.

    Args:
        source: where the notifications come from; entered and left here.
        path: the new recording.
        prepare: gives the parameters once it is known which sensors are worn.
        view: is shown the status a few times a second.
    """

    def __init__(
        self,
        source: SensorSource,
        path: Path,
        make_header: HeaderMaker,
        prepare: Preparation,
        conductor: Callable[[Callable[[], float]], Conductor],
        keeper: SessionKeeper,
        view: View,
    ) -> None:
        self._source = source
        self._path = path
        self._make_header = make_header
        self._prepare = prepare
        self._make_conductor = conductor
        self._keeper = keeper
        self._view: View | None = view
        self._stop = asyncio.Event()
        self._streaming: set[Placement] = set()
        self._failure: TrackerError | None = None

    def stop(self) -> None:
        """End the session as soon as what has arrived is safe; may be called from a signal handler."""
        self._stop.set()

    async def run(self) -> LiveOutcome:
        """Record until the conductor is done, the source ends or `stop` is called.

        What the source or the disk refuses after the beginning ends the session, is told in the outcome,
        and loses nothing that was recorded before.

        Raises:
            TrackerError: the session could not begin.
        """
        if not await self._enter_source():
            raise _stopped_early()
        try:
            return await self._run()
        finally:
            await self._source.__aexit__(None, None, None)

    async def _enter_source(self) -> bool:
        """Make the sensors ready; false where the session was stopped meanwhile."""
        entering = asyncio.ensure_future(self._source.__aenter__())
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({entering, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if entering.done():
                await entering
                return True
            entering.cancel()
            await asyncio.gather(entering, return_exceptions=True)
            return False
        finally:
            stopping.cancel()
            if not entering.done():
                entering.cancel()

    async def _run(self) -> LiveOutcome:
        queue: asyncio.Queue[SourceItem | None] = asyncio.Queue(_QUEUE_ITEMS)
        pump = asyncio.create_task(self._pump(self._source.items(), queue))
        try:
            waiting = await self._first_items(queue)
            return await self._record(queue, waiting)
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)

    async def _pump(self, items: AsyncIterator[SourceItem], queue: asyncio.Queue[SourceItem | None]) -> None:
        try:
            async for item in items:
                await queue.put(item)
        except TrackerError as error:
            self._failure = error
        await queue.put(None)

    async def _first_items(self, queue: asyncio.Queue[SourceItem | None]) -> list[SourceItem]:
        """What arrives up to the first notification, which the time line is hung on."""
        items: list[SourceItem] = []
        while not self._stop.is_set():
            batch, ended = await _take(queue)
            items += batch
            if any(isinstance(item, Notification) for item in items):
                return items
            if ended:
                break
        if self._stop.is_set():
            raise _stopped_early()
        raise self._failure or NoSensorError(
            "no sensor sent anything", advice="Check that the sensors are charged and close, and start again."
        )

    async def _record(
        self, queue: asyncio.Queue[SourceItem | None], waiting: list[SourceItem]
    ) -> LiveOutcome:
        first_ns = min(item.received_ns for item in waiting if isinstance(item, Notification))
        anchor_ns = first_ns - _BEGIN_BEFORE_FIRST_NS
        anchor = WallClockAnchor(time.time_ns() - (time.monotonic_ns() - anchor_ns), anchor_ns)
        sensors = dict(self._source.sensors)
        parameters = await asyncio.to_thread(self._prepare, sensors)
        header = replace(
            self._make_header(anchor),
            settings_json=personal_to_json(parameters.person),
            calibration_json=calibrations_to_json(parameters.calibrations),
        )
        analyser = SessionAnalyser(sensors, anchor_ns, parameters)
        writer = await asyncio.to_thread(RecordingWriter, self._path, header)
        try:
            await self._announce(writer, sensors)
            await self._follow(queue, waiting, analyser, writer, anchor_ns)
        finally:
            await asyncio.to_thread(writer.close)
        analyser.finish()
        return LiveOutcome(
            header, self._path, analyser.analysis(), parameters, self._failure, self._stop.is_set()
        )

    async def _announce(self, writer: RecordingWriter, sensors: Mapping[Placement, SensorIdentity]) -> None:
        """Tell the keeper; where it refuses, leave no recording behind that holds nothing."""
        try:
            await asyncio.to_thread(self._keeper.begin, writer.header, self._path, sensors)
        except TrackerError:
            await asyncio.to_thread(writer.close)
            await asyncio.to_thread(self._path.unlink, missing_ok=True)
            raise

    async def _follow(
        self,
        queue: asyncio.Queue[SourceItem | None],
        waiting: list[SourceItem],
        analyser: SessionAnalyser,
        writer: RecordingWriter,
        anchor_ns: int,
    ) -> None:
        board = StatusBoard(analyser)
        step = LiveStep(self._source, analyser, writer, board, anchor_ns, self._streaming)

        def now_s() -> float:
            # A mark must not lie before a sample that was analysed already.
            return max((time.monotonic_ns() - anchor_ns) / _NANOSECONDS, analyser.pipeline.newest_s)

        conductor = self._make_conductor(now_s)
        try:
            ended = False
            while not (ended or conductor.done or self._stop.is_set()):
                await step.take(waiting)
                await step.mark(conductor.advance(now_s(), board))
                self._show(board.status(conductor.prompt(now_s())))
                waiting, ended = await _take(queue)
            await step.take(waiting)
            await step.mark(conductor.stop(now_s()))
            await self._source.stop()
            await self._drain(queue, step, ended=ended)
        except TrackerError as error:
            self._failure = error
        self._show(board.status(conductor.prompt(now_s())))

    def _show(self, status: SessionStatus) -> None:
        """Show the status; a view that fails is left alone from then on, and the recording goes on."""
        if self._view is None:
            return
        try:
            self._view(status)
        except (OSError, UnicodeError, SystemExit):
            self._view = None

    async def _drain(self, queue: asyncio.Queue[SourceItem | None], step: LiveStep, *, ended: bool) -> None:
        """Keep what had arrived before the end."""
        while not ended:
            items, ended = await _take(queue)
            await step.take(items)


async def _take(queue: asyncio.Queue[SourceItem | None]) -> tuple[list[SourceItem], bool]:
    """What waits in the queue, after a short wait where nothing does; and whether the source has ended."""
    items: list[SourceItem] = []
    try:
        item = await asyncio.wait_for(queue.get(), _LOOK_INTERVAL_S)
        while item is not None:
            items.append(item)
            if len(items) >= _BATCH_ITEMS or queue.empty():
                return items, False
            item = queue.get_nowait()
    except TimeoutError:
        return items, False
    return items, True


def _stopped_early() -> RecordingStoppedError:
    return RecordingStoppedError(
        "interrupted before anything was recorded", advice="Start again when the sensors are ready."
    )
