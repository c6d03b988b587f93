"""Replaying a file with a progress bar, or at the speed it was recorded."""

import time
from pathlib import Path

from tracker.cli.live_screen import LiveScreen
from tracker.cli.output import progress_bar
from tracker.model import Notification, PhaseKind, PhaseMark, TimedBlock
from tracker.recording.events import RecordingEvent
from tracker.recording.items import RecordingItem
from tracker.recording.reader import Recording, read_recording
from tracker.session.analyser import AnalyserEvent, SessionAnalyser
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.live_step import LINK_EVENT, link_report
from tracker.session.pipeline import SessionPipeline
from tracker.session.prompt import Prompt
from tracker.session.replay import Replay, replay_opened
from tracker.session.status import StatusBoard
from tracker.session.traces import TraceCollector

_TEXTS = {
    PhaseKind.STANDING: "Standing still.",
    PhaseKind.REFERENCE: "Reference pose.",
    PhaseKind.REST: "Rest test.",
    PhaseKind.SET: "Set",
    PhaseKind.DONNING: "Strapping on anew",
    PhaseKind.KNEE_LIFT: "Knee lift",
    PhaseKind.DEMONSTRATION: "Demonstration",
}
_PACKED_SHARE = 0.65
"""Size of a recording as a share of the notifications in it, for the bar."""
_LONGEST_WAIT_S = 60.0


def with_progress(
    file: Path, parameters: AnalysisParameters, collector: TraceCollector | None
) -> tuple[Replay, SessionPipeline]:
    """Replay as fast as possible; on a terminal a bar shows how far it is, once a second has passed."""
    recording = read_recording(file)
    size, payload_bytes = file.stat().st_size, 0
    with progress_bar("replaying") as progress:

        def watch(item: RecordingItem, _events: list[AnalyserEvent], _analyser: SessionAnalyser) -> None:
            nonlocal payload_bytes
            if isinstance(item, Notification):
                payload_bytes += len(item.payload)
                progress(min(1.0, _PACKED_SHARE * payload_bytes / size))

        return replay_opened(recording, parameters, watch=watch, trace=collector)


def show_at_speed(
    file: Path, parameters: AnalysisParameters, speed: float, collector: TraceCollector | None
) -> tuple[Replay, SessionPipeline]:
    """Replay with the live view, paced by the times of the recording."""
    recording = read_recording(file)
    with LiveScreen(simulated=recording.header.simulated, live=False) as screen:
        pace = _Pace(recording, speed, screen)
        return replay_opened(recording, parameters, watch=pace.watch, trace=collector, gather=1)


class _Pace:
    """Waits for each item's time, and shows the status as the live session did."""

    def __init__(self, recording: Recording, speed: float, screen: LiveScreen) -> None:
        self._header = recording.header
        self._speed = speed
        self._screen = screen
        self._board: StatusBoard | None = None
        self._prompt = Prompt("")
        self._began_s = time.monotonic()
        self._first_s: float | None = None

    def watch(self, item: RecordingItem, events: list[AnalyserEvent], analyser: SessionAnalyser) -> None:
        """Wait until the item is due, then show what it changed."""
        board = self._board = self._board or StatusBoard(analyser)
        if isinstance(item, PhaseMark):
            self._follow(item, board)
        elif isinstance(item, Notification):
            self._wait_until(self._header.time_s(item.received_ns))
            board.see_notification(item)
        elif isinstance(item, TimedBlock):
            self._wait_until(float(item.time_s[-1]))
        elif isinstance(item, RecordingEvent) and item.kind == LINK_EVENT:
            report = link_report(item)
            if report is not None:
                board.see_link(report)
            return
        else:
            return
        board.see_events(events)
        self._screen.show(board.status(self._prompt))

    def _follow(self, mark: PhaseMark, board: StatusBoard) -> None:
        starts = mark.edge.value == "start"
        text = f"{_TEXTS[mark.kind]}{f' of {mark.exercise}' if mark.exercise else ''}"
        self._prompt = Prompt(text, mark.kind, True) if starts else Prompt("Between phases.")
        if starts and mark.kind in (PhaseKind.SET, PhaseKind.DEMONSTRATION):
            board.begin_set()

    def _wait_until(self, time_s: float) -> None:
        if self._first_s is None:
            self._first_s = time_s
        due_s = self._began_s + (time_s - self._first_s) / self._speed
        time.sleep(min(max(0.0, due_s - time.monotonic()), _LONGEST_WAIT_S))
