"""From what a source or a file delivers, in its order, to an analysis: ingest and pipeline together."""

import dataclasses
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tracker.model import (
    Analysis,
    Notification,
    PhaseMark,
    Placement,
    SensorIdentity,
    SensorQuality,
    TimedBlock,
)
from tracker.motion.parameters import Exercise, MotionParameters
from tracker.sensing.clock import ClockParameters
from tracker.session.imported import ImportIngest
from tracker.session.ingest import BadFrameNote, SensorIngest
from tracker.session.leg import PipelineEvent, TraceSink
from tracker.session.pipeline import SessionPipeline
from tracker.session.version import ANALYSIS_VERSION

LATENESS_S = 1.0
"""Samples that arrive later than this after their time are not waited for by the other sensors."""

AnalyserEvent: TypeAlias = PipelineEvent | BadFrameNote


@dataclass(frozen=True, slots=True)
class AnalysisParameters:
    """Everything that the result depends on beside the recording."""

    motion: MotionParameters
    clock: ClockParameters
    exercises: Mapping[str, Exercise]


class SessionAnalyser:
    """Analyses one session, live or from its file; the same order of items gives the same result.

    Args:
        placements: where sensors are worn.
        origin_ns: host monotonic clock at the start of the recording's time line.
    """

    def __init__(
        self,
        placements: Collection[Placement],
        origin_ns: int,
        parameters: AnalysisParameters,
        trace: TraceSink | None = None,
    ) -> None:
        self._origin_ns = origin_ns
        self._parameters = parameters
        self._used: set[str] = set()
        self._sensors: dict[Placement, SensorIngest] = {}
        self._imports: dict[Placement, ImportIngest] = {}
        self.pipeline = SessionPipeline(placements, parameters.motion, parameters.exercises, trace)

    def begin_sensor(self, placement: Placement, identity: SensorIdentity) -> None:
        """A sensor begins to send, for the first time or after it was lost."""
        if placement in self._sensors:
            self._sensors[placement].begin(identity)
        else:
            self._sensors[placement] = SensorIngest(
                placement, identity, self._origin_ns, self._parameters.clock
            )

    def take_notification(self, notification: Notification) -> list[AnalyserEvent]:
        """Analyse a notification; what it completes."""
        ingest = self._sensors[notification.placement]
        taken = ingest.take(notification)
        if isinstance(taken, BadFrameNote):
            return [taken]
        events: list[AnalyserEvent] = []
        if taken is not None and ingest.rate_hz is not None:
            self.pipeline.begin(notification.placement, ingest.rate_hz)
            events += self.pipeline.feed(taken)
        arrived_s = (notification.received_ns - self._origin_ns) * 1e-9
        return events + self.pipeline.resolve(arrived_s - LATENESS_S)

    def take_samples(self, block: TimedBlock) -> list[AnalyserEvent]:
        """Analyse imported samples; what they complete."""
        ingest = self._imports.setdefault(block.placement, ImportIngest(block.placement))
        taken = ingest.take(block)
        if taken is None:
            return []
        rate_hz, samples = taken
        self.pipeline.begin(block.placement, rate_hz)
        return list(self.pipeline.feed(samples))

    def take_mark(self, mark: PhaseMark) -> None:
        """Begin or end a phase. UsageError where the exercise is unknown."""
        self.pipeline.mark(mark)
        if mark.exercise is not None:
            self._used.add(mark.exercise)

    def finish(self) -> list[AnalyserEvent]:
        """All items have come; what the end completes."""
        return list(self.pipeline.finish())

    def quality(self) -> tuple[SensorQuality, ...]:
        """The account of each sensor so far."""
        accounts = [ingest.quality() for ingest in self._sensors.values()]
        accounts += [ingest.quality() for ingest in self._imports.values()]
        return tuple(sorted(accounts, key=lambda account: list(Placement).index(account.placement)))

    def analysis(self) -> Analysis:
        """The result so far; complete after `finish`."""
        return Analysis(
            version=ANALYSIS_VERSION,
            parameters=self._parameters_text(),
            duration_s=self.pipeline.newest_s,
            sensors=self.quality(),
            rest_tests=self.pipeline.rest_tests,
            sets=self.pipeline.sets,
        )

    def _parameters_text(self) -> str:
        used = {
            name: dataclasses.asdict(exercise)
            for name, exercise in self._parameters.exercises.items()
            if name in self._used
        }
        parameters = {
            "motion": dataclasses.asdict(self._parameters.motion),
            "clock": dataclasses.asdict(self._parameters.clock),
            "exercises": used,
        }
        return json.dumps(parameters, sort_keys=True)
