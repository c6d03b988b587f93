"""Records a live session: raw data to the file first, then through the pipeline, until it is over."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from tracker.errors import NoSensorError, TrackerError
from tracker.model import Analysis, Notification, PhaseMark, Placement, SensorIdentity, WallClockAnchor
from tracker.recording.header import RecordingHeader
from tracker.recording.writer import RecordingWriter
from tracker.sensing.source import LinkReport, LinkState, SensorSource, SourceItem
from tracker.session.analyser import AnalyserEvent, AnalysisParameters, SessionAnalyser
from tracker.session.guide import Conductor
from tracker.session.ingest import BadFrameNote
from tracker.session.status import SessionStatus, StatusBoard

_NANOSECONDS = 1_000_000_000
_BEGIN_BEFORE_FIRST_NS = 250_000_000
"""The time line begins this long before the first notification arrived: its samples are older than that
arrival, and none of them lies before zero."""

_LOOK_INTERVAL_S = 0.1
"""How often phases, disk and view are looked after when nothing arrives."""

_BATCH_ITEMS = 256
_QUEUE_ITEMS = 256

SENSOR_BEGINS = "sensor_begins"
"""Event of a recording: the sensor at a placement begins to send, for the first time or anew."""
LINK_EVENT = "link"
BAD_FRAME_EVENT = "bad_frame"

HeaderMaker: TypeAlias = Callable[[WallClockAnchor], RecordingHeader]
View: TypeAlias = Callable[[SessionStatus], None]


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
        failure: why it ended early; None where it ended as asked.
    """

    header: RecordingHeader
    path: Path
    analysis: Analysis
    failure: TrackerError | None


class LiveSession:
    """One recording in the making.

    Args:
        source: where the notifications come from; entered and left here.
        path: the new recording.
        view: is shown the status a few times a second.
    """

    def __init__(
        self,
        source: SensorSource,
        path: Path,
        make_header: HeaderMaker,
        parameters: AnalysisParameters,
        conductor: Callable[[Callable[[], float]], Conductor],
        keeper: SessionKeeper,
        view: View,
    ) -> None:
        self._source = source
        self._path = path
        self._make_header = make_header
        self._parameters = parameters
        self._make_conductor = conductor
        self._keeper = keeper
        self._view = view
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
        async with self._source:
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
        raise self._failure or NoSensorError(
            "no sensor sent anything", advice="Check that the sensors are charged and close, and start again."
        )

    async def _record(
        self, queue: asyncio.Queue[SourceItem | None], waiting: list[SourceItem]
    ) -> LiveOutcome:
        first_ns = min(item.received_ns for item in waiting if isinstance(item, Notification))
        anchor_ns = first_ns - _BEGIN_BEFORE_FIRST_NS
        anchor = WallClockAnchor(time.time_ns() - (time.monotonic_ns() - anchor_ns), anchor_ns)
        header = self._make_header(anchor)
        sensors = dict(self._source.sensors)
        analyser = SessionAnalyser(sensors, anchor_ns, self._parameters)
        writer = await asyncio.to_thread(RecordingWriter, self._path, header)
        try:
            await asyncio.to_thread(self._keeper.begin, header, self._path, sensors)
            await self._follow(queue, waiting, analyser, writer, anchor_ns)
        finally:
            await asyncio.to_thread(writer.close)
        analyser.finish()
        return LiveOutcome(header, self._path, analyser.analysis(), self._failure)

    async def _follow(
        self,
        queue: asyncio.Queue[SourceItem | None],
        waiting: list[SourceItem],
        analyser: SessionAnalyser,
        writer: RecordingWriter,
        anchor_ns: int,
    ) -> None:
        board = StatusBoard(analyser)
        step = _Step(self._source, analyser, writer, board, anchor_ns, self._streaming)

        def now_s() -> float:
            # A mark must not lie before a sample that was analysed already.
            return max((time.monotonic_ns() - anchor_ns) / _NANOSECONDS, analyser.pipeline.newest_s)

        conductor = self._make_conductor(now_s)
        try:
            ended = False
            while not (ended or conductor.done or self._stop.is_set()):
                await step.take(waiting)
                await step.mark(conductor.advance(now_s(), board))
                self._view(board.status(conductor.prompt(now_s())))
                waiting, ended = await _take(queue)
            await step.take(waiting)
            await step.mark(conductor.stop(now_s()))
            await self._source.stop()
            await self._drain(queue, step, ended=ended)
        except TrackerError as error:
            self._failure = error
        self._view(board.status(conductor.prompt(now_s())))

    async def _drain(self, queue: asyncio.Queue[SourceItem | None], step: "_Step", *, ended: bool) -> None:
        """Keep what had arrived before the end."""
        while not ended:
            items, ended = await _take(queue)
            await step.take(items)


class _Step:
    """Takes items and marks: to the file, then to the analysis and the board."""

    def __init__(
        self,
        source: SensorSource,
        analyser: SessionAnalyser,
        writer: RecordingWriter,
        board: StatusBoard,
        anchor_ns: int,
        streaming: set[Placement],
    ) -> None:
        self._source = source
        self._analyser = analyser
        self._writer = writer
        self._board = board
        self._anchor_ns = anchor_ns
        self._streaming = streaming

    async def take(self, items: list[SourceItem]) -> None:
        """Write items in their order, then analyse them."""
        begins = self._beginnings(items)
        await asyncio.to_thread(self._write, items, begins)
        for item in items:
            if id(item) in begins:
                self._analyser.begin_sensor(item.placement, begins[id(item)])
            if isinstance(item, LinkReport):
                self._board.see_link(item)
                continue
            events: list[AnalyserEvent] = self._analyser.take_notification(item)
            self._board.see_notification(item)
            self._board.see_events(events)
            await self._note_bad_frames(events)

    async def mark(self, marks: list[PhaseMark]) -> None:
        """Write marks, then let them act."""
        for mark in marks:
            received_ns = self._anchor_ns + round(mark.time_s * _NANOSECONDS)
            await asyncio.to_thread(self._writer.write_mark, mark, received_ns)
            self._analyser.take_mark(mark)

    def _beginnings(self, items: list[SourceItem]) -> dict[int, SensorIdentity]:
        """The items before which a sensor begins to send, first or anew, with the sensor, by object id."""
        begins: dict[int, SensorIdentity] = {}
        for item in items:
            if isinstance(item, LinkReport) and item.state is not LinkState.STREAMING:
                self._streaming.discard(item.placement)
                continue
            if item.placement not in self._streaming:
                self._streaming.add(item.placement)
                begins[id(item)] = self._source.sensors[item.placement]
        return begins

    def _write(self, items: list[SourceItem], begins: Mapping[int, SensorIdentity]) -> None:
        for item in items:
            at_ns = item.received_ns if isinstance(item, Notification) else item.at_ns
            if id(item) in begins:
                self._writer.add_sensor(item.placement, begins[id(item)])
                self._writer.write_event(SENSOR_BEGINS, at_ns, {"placement": item.placement.value})
            if isinstance(item, Notification):
                self._writer.write_notification(item)
            else:
                self._writer.write_event(LINK_EVENT, at_ns, _link_fields(item))
        self._writer.tick(time.monotonic_ns())

    async def _note_bad_frames(self, events: list[AnalyserEvent]) -> None:
        for event in events:
            if isinstance(event, BadFrameNote):
                fields = {"placement": event.placement.value, "reason": event.reason}
                await asyncio.to_thread(self._writer.write_event, BAD_FRAME_EVENT, event.received_ns, fields)


def _link_fields(report: LinkReport) -> dict[str, object]:
    return {
        "placement": report.placement.value,
        "state": report.state.value,
        "battery_percent": report.battery_percent,
        "rssi_dbm": report.rssi_dbm,
        "detail": report.detail,
    }


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
