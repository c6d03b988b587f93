"""A recording measured to be looked through: courses of both legs, phases, and when each count came."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

import numpy as np

from tracker.errors import InputError
from tracker.model import Edge, Notification, Phase, PhaseKind, PhaseMark, Side, TimedBlock
from tracker.motion.counting.closed import RepetitionClosed
from tracker.recording.events import RecordingEvent
from tracker.recording.items import RecordingItem
from tracker.recording.reader import Recording, read_recording
from tracker.session.analyser import AnalyserEvent
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.live_answers import LiveAnswer, LiveAnswers, answer_of
from tracker.session.looked_courses import LegCourse, LookedThrough, SoFar
from tracker.session.pipeline import GENERIC
from tracker.session.replay import (
    GATHERED_NOTIFICATIONS,
    RecordingFeeder,
    Replay,
    analyser_of,
    no_samples,
    parameters_of,
)
from tracker.session.traces import LegTrace, TraceCollector

LONGEST_S = 12 * 3600.0
"""No sitting takes longer. All of a recording's courses are held in memory: 9 MB an hour."""

_TOLD_EVERY_S = 0.2
_PACKED_SHARE = 0.65
"""Size of a recording as a share of the notifications in it."""


def look_through(
    path: Path, parameters: AnalysisParameters, tell: Callable[[SoFar], None] | None = None
) -> LookedThrough:
    """Measure a recording as `tracker replay` does, and keep what is drawn of it.

    Args:
        tell: is told now and then how far it is.

    Raises:
        InputError: no recording, none of its sensors can be read, or it is longer than 12 hours.
    """
    recording = read_recording(path)
    looking = _Looking(recording, parameters_of(recording, parameters), tell)
    for item in recording.items():
        looking.take(item)
    return looking.finish()


class _Looking:
    """One recording on its way through the pipeline."""

    def __init__(
        self, recording: Recording, parameters: AnalysisParameters, tell: Callable[[SoFar], None] | None
    ) -> None:
        self._recording = recording
        self._parameters = parameters
        self._tell = tell
        self._collector = TraceCollector(parameters.motion.rest_test.refuse_observability)
        self._analyser = analyser_of(recording, parameters, self._collector)
        self._feeder = RecordingFeeder(self._analyser, GATHERED_NOTIFICATIONS)
        self._size_bytes = max(1, recording.path.stat().st_size)
        self._payload_bytes = 0
        self._notifications = 0
        self._told_at_s = monotonic()
        self._marks: list[PhaseMark] = []
        self._answers: list[LiveAnswer] = []
        self._closings: list[RepetitionClosed] = []
        self._not_counted: dict[str, None] = {}

    def take(self, item: RecordingItem) -> None:
        """Analyse one item."""
        if isinstance(item, Notification):
            self._keep(self._feeder.take(item))
            self._payload_bytes += len(item.payload)
            self._notifications += 1
            if self._notifications % GATHERED_NOTIFICATIONS == 0:
                self._tell_so_far()
            return
        # What was gathered is told here: before a mark nobody would hear of it.
        self._keep(self._feeder.flush())
        if isinstance(item, PhaseMark):
            self._marks.append(item)
            if self._is_passed_over(item):
                return
        elif isinstance(item, RecordingEvent):
            answer = answer_of(item)
            self._answers += [] if answer is None else [answer]
        self._keep(self._feeder.take(item))
        if isinstance(item, TimedBlock):
            self._tell_so_far()

    def finish(self) -> LookedThrough:
        """What was found, once all items have come."""
        self._keep(self._feeder.flush())
        self._keep(self._analyser.finish())
        if not any(sensor.samples for sensor in self._analyser.quality()):
            raise no_samples(self._recording)
        recording, analysis = self._recording, self._analyser.analysis()
        replay = Replay(
            recording.header,
            recording.path,
            analysis,
            self._parameters,
            recording.damage,
            LiveAnswers(tuple(self._answers)),
        )
        courses = tuple(_course(trace) for trace in self._collector.traces(self._analyser.pipeline))
        phases = tuple(_phases(self._marks, analysis.duration_s))
        return LookedThrough(replay, courses, phases, tuple(self._closings), tuple(self._not_counted))

    def _is_passed_over(self, mark: PhaseMark) -> bool:
        counted = mark.kind in (PhaseKind.SET, PhaseKind.DEMONSTRATION)
        name = mark.exercise or GENERIC
        if counted and name not in self._parameters.exercises:
            self._not_counted[name] = None
            return True
        return False

    def _keep(self, events: list[AnalyserEvent]) -> None:
        self._closings += [event for event in events if isinstance(event, RepetitionClosed)]

    def _tell_so_far(self) -> None:
        if self._analyser.pipeline.newest_s > LONGEST_S:
            raise _too_long(self._recording)
        now_s = monotonic()
        if self._tell is None or now_s - self._told_at_s < _TOLD_EVERY_S:
            return
        self._told_at_s = now_s
        newest = tuple(_course(trace) for trace in self._collector.newest(self._analyser.pipeline))
        self._tell(SoFar(min(1.0, _PACKED_SHARE * self._payload_bytes / self._size_bytes), newest))


def _phases(marks: list[PhaseMark], end_s: float) -> list[Phase]:
    """The phases between marks, in the order of their beginnings."""
    found: list[Phase] = []
    begun: dict[tuple[PhaseKind, Side | None], PhaseMark] = {}

    def end(start: PhaseMark, until_s: float) -> None:
        until_s = max(start.time_s, until_s)
        what = start.kind, start.side, start.exercise, start.recipe, start.posture
        found.append(Phase(start.time_s, until_s, *what))

    for mark in marks:
        before = begun.pop((mark.kind, mark.side), None)
        if before is not None:
            end(before, mark.time_s)
        if mark.edge is Edge.START:
            begun[mark.kind, mark.side] = mark
    for left in begun.values():
        end(left, end_s)
    return sorted(found, key=lambda phase: phase.start_s)


def _too_long(recording: Recording) -> InputError:
    return InputError(
        f"{recording.path} is longer than {LONGEST_S / 3600.0:.0f} hours",
        advice="`tracker replay` measures it; the page shows sessions of a day.",
        path=str(recording.path),
    )


def _course(trace: LegTrace) -> LegCourse:
    return LegCourse(trace.side, trace.time_s, np.degrees(trace.hip_rotation_rad).astype(np.float32))
