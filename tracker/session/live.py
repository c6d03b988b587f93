"""Records a live session: raw data to the file first, then through the pipeline, until it is over."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeAlias

from tracker.errors import NoSensorError, NotThereError, RecordingStoppedError, TrackerError
from tracker.model import Analysis, Notification, Placement, SensorIdentity, Side, WallClockAnchor
from tracker.recording.header import RecordingHeader
from tracker.recording.writer import RecordingWriter
from tracker.sensing.source import SensorSource, SourceItem
from tracker.session.analyser import SessionAnalyser
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.arrivals import Arrivals, arriving
from tracker.session.guide import Conductor
from tracker.session.live_answers import (
    NO_ANSWERS,
    LiveAnswer,
    LiveAnswers,
    SetAnswer,
    checked_answer,
    event_of,
)
from tracker.session.live_notes import LiveNotes
from tracker.session.live_step import LiveStep
from tracker.session.live_traces import LiveTraces
from tracker.session.personal import calibrations_to_json, personal_to_json
from tracker.session.status import SessionStatus, StatusBoard

_NANOSECONDS = 1_000_000_000
_BEGIN_BEFORE_FIRST_NS = 1_000_000_000
"""The time line begins this long before the first notification arrived: its samples are older than that
arrival, and none of them lies before zero, even where 19 samples at 20 Hz make a frame."""


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
        answers: what the person said while it ran.
    """

    header: RecordingHeader
    path: Path
    analysis: Analysis
    parameters: AnalysisParameters
    failure: TrackerError | None
    stopped: bool
    answers: LiveAnswers = NO_ANSWERS


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
        self._notes = LiveNotes()
        self._answers = NO_ANSWERS
        self._board: StatusBoard | None = None

    def note(self, kind: str, data: Mapping[str, object]) -> None:
        """Keep an event in the recording; written by the next step. From the event loop only.

        Raises:
            UsageError: the recording is over, or far too many wait.
            ValueError: it is no JSON, or too long.
        """
        self._notes.add(kind, data)

    def take_back(self, side: Side | None) -> bool:
        """The last valid repetition of a leg was none: count one off the present set, or the last one.

        It is kept as an event, and as a correction once the session is stored; the results stay as they are.

        Returns:
            False where no valid one is counted.

        Raises:
            UsageError: the recording is over.
        """
        taken = None if self._board is None else self._board.take_back(side)
        if taken is not None:
            self._say(taken)
        return taken is not None

    def say_of_set(self, number: int, *, pain: int | None = None, effort: int | None = None) -> None:
        """How a set felt, 0 to 10 each; None leaves what was said before. Stored with the session.

        Args:
            number: of the set, from 1, as in the status and in the store.

        Raises:
            UsageError: no such set yet, a value that cannot be, or the recording is over.
        """
        start_s = None if self._board is None else self._board.set_start_s(number)
        if start_s is None:
            raise NotThereError(
                f"there is no set {number} yet", advice="Say it after the set.", set_number=number
            )
        self._say(checked_answer(SetAnswer(start_s, pain, effort)))

    def _say(self, answer: LiveAnswer) -> None:
        self.note(*event_of(answer))
        self._answers = self._answers.and_also(answer)

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
        async with arriving(self._source.items()) as arrivals:
            waiting = await self._first_items(arrivals)
            return await self._record(arrivals, waiting)

    async def _first_items(self, arrivals: Arrivals) -> list[SourceItem]:
        """What arrives up to the first notification, which the time line is hung on."""
        items: list[SourceItem] = []
        while not self._stop.is_set():
            batch, ended = await arrivals.take()
            items += batch
            if any(isinstance(item, Notification) for item in items):
                return items
            if ended:
                break
        if self._stop.is_set():
            raise _stopped_early()
        raise arrivals.failure or NoSensorError(
            "no sensor sent anything", advice="Check that the sensors are charged and close, and start again."
        )

    async def _record(self, arrivals: Arrivals, waiting: list[SourceItem]) -> LiveOutcome:
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
        traces = LiveTraces(parameters.motion.rest_test.refuse_observability)
        analyser = SessionAnalyser(sensors, anchor_ns, parameters, traces)
        traces.read_with(analyser.pipeline)
        self._board = StatusBoard(analyser, traces)
        writer = await asyncio.to_thread(RecordingWriter, self._path, header)
        try:
            await self._announce(writer, sensors)
            await self._follow(arrivals, waiting, analyser, writer, anchor_ns, self._board)
        finally:
            await asyncio.to_thread(writer.close)
        analyser.finish()
        return LiveOutcome(
            header,
            self._path,
            analyser.analysis(),
            parameters,
            self._failure,
            self._stop.is_set(),
            self._answers,
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
        arrivals: Arrivals,
        waiting: list[SourceItem],
        analyser: SessionAnalyser,
        writer: RecordingWriter,
        anchor_ns: int,
        board: StatusBoard,
    ) -> None:
        step = LiveStep(self._source, analyser, writer, board, anchor_ns, self._streaming)

        def now_s() -> float:
            # A mark must not lie before a sample that was analysed already.
            return max((time.monotonic_ns() - anchor_ns) / _NANOSECONDS, analyser.pipeline.newest_s)

        conductor = self._make_conductor(now_s)
        try:
            ended = False
            while not (ended or conductor.done or self._stop.is_set()):
                await step.take(waiting)
                await step.write(self._notes.take())
                await step.mark(conductor.advance(now_s(), board))
                self._show(board.status(conductor.prompt(now_s())))
                waiting, ended = await arrivals.take()
            await step.take(waiting)
            await step.mark(conductor.stop(now_s()))
            await self._source.stop()
            await self._drain(arrivals, step, ended=ended)
        except TrackerError as error:
            self._failure = error
        self._failure = self._failure or arrivals.failure
        await self._write_last(step)
        self._show(board.status(conductor.prompt(now_s())))

    async def _write_last(self, step: LiveStep) -> None:
        """Keep what was said up to the end, also where the sensors failed."""
        try:
            await step.write(self._notes.close())
        except TrackerError as error:
            self._failure = self._failure or error

    def _show(self, status: SessionStatus) -> None:
        """Show the status; a view that fails is left alone from then on, and the recording goes on."""
        if self._view is None:
            return
        try:
            self._view(status)
        except (OSError, UnicodeError, SystemExit):
            self._view = None

    async def _drain(self, arrivals: Arrivals, step: LiveStep, *, ended: bool) -> None:
        """Keep what had arrived before the end."""
        while not ended:
            items, ended = await arrivals.take()
            await step.take(items)


def _stopped_early() -> RecordingStoppedError:
    return RecordingStoppedError(
        "interrupted before anything was recorded", advice="Start again when the sensors are ready."
    )
