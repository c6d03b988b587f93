"""From what a source or a file delivers, in its order, to an analysis: ingest and pipeline together."""

import dataclasses
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

import numpy as np

from tracker.model import (
    Analysis,
    FloatArray,
    Notice,
    Notification,
    PhaseKind,
    PhaseMark,
    Placement,
    SensorIdentity,
    SensorQuality,
    TimedBlock,
)
from tracker.sensing.source import LinkReport, LinkState
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.events import PipelineEvent, TraceSink
from tracker.session.imported import ImportIngest
from tracker.session.ingest import BadFrameNote, Ingested, SensorIngest
from tracker.session.pelvis_wait import LATENESS_S, PelvisWait
from tracker.session.personal import calibrations_to_json, personal_to_json
from tracker.session.pipeline import GENERIC, SessionPipeline
from tracker.session.received_frames import TakenFrames
from tracker.session.sensor_notices import sensor_notices
from tracker.session.version import ANALYSIS_VERSION

_FETCHING_ENDED = (LinkState.STREAMING, LinkState.STOPPED, LinkState.FAILED)
"""Not `LOST`: once the link is back, fetching goes on."""

AnalyserEvent: TypeAlias = PipelineEvent | BadFrameNote


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
        self._pelvis_wait = PelvisWait(origin_ns)
        self._fetching: set[Placement] = set()
        self._sensors: dict[Placement, SensorIngest] = {}
        self._imports: dict[Placement, ImportIngest] = {}
        self.pipeline = SessionPipeline(
            placements,
            parameters.motion,
            parameters.exercises,
            parameters.person,
            trace,
            thigh_lateness_s=parameters.backfill.longest_s + parameters.backfill.wait_s,
        )

    def begin_sensor(self, placement: Placement, identity: SensorIdentity) -> None:
        """A sensor begins to send, for the first time or after it was lost."""
        if placement in self._sensors:
            self._sensors[placement].begin(identity)
        else:
            self._sensors[placement] = SensorIngest(
                placement,
                identity,
                self._origin_ns,
                self._parameters.clock,
                self._parameters.calibrations,
                self._parameters.backfill,
                others_wait=placement not in self.pipeline.counted,
            )

    def take_notifications(self, notifications: Sequence[Notification]) -> list[AnalyserEvent]:
        """Analyse notifications with no mark between them; what they complete.

        Many together take less time than one by one and give the same result.
        """
        own: dict[Placement, list[int]] = {}
        for place, one in enumerate(notifications):
            own.setdefault(one.placement, []).append(place)
        found = {
            placement: self._sensors[placement].take([notifications[place] for place in places])
            for placement, places in own.items()
        }
        limits_s = self._limits(notifications, found, own)
        events: list[AnalyserEvent] = []
        for placement, brought in found.items():
            events += self._feed_found(placement, brought, limits_s[own[placement]])
        events += self._release_overdue(notifications[-1].received_ns) if notifications else []
        return events + self.pipeline.resolve(self._pelvis_wait.limit_s)

    def take_link(self, report: LinkReport) -> list[AnalyserEvent]:
        """A link changed: where all that was lost and could be had has come, nothing waits any more."""
        placement = report.placement
        ended = report.state in _FETCHING_ENDED
        over = ended and (placement in self._fetching or report.state is not LinkState.STREAMING)
        if report.state is LinkState.BACKFILLING:
            self._fetching.add(placement)
        else:
            self._fetching.discard(placement)
        return self._release(placement) if over and placement in self._sensors else []

    def _release(self, placement: Placement) -> list[AnalyserEvent]:
        """Take the samples of a sensor that wait, with the gaps between them."""
        found = self._sensors[placement].release()
        if not found.taken and not found.notes:
            return []
        before_s = np.array([self._pelvis_wait.limit_s])
        if placement is Placement.PELVIS:
            self._pelvis_wait.see_released(found.taken)
        return self._feed_found(placement, found, before_s)

    def _release_overdue(self, now_ns: int) -> list[AnalyserEvent]:
        """Take samples that nothing else waits for, of sensors that may never send again."""
        return [
            event
            for placement, ingest in self._sensors.items()
            if placement in self.pipeline.counted and ingest.is_overdue(now_ns)
            for event in self._feed_found(placement, ingest.release_overdue(now_ns), np.empty(0))
        ]

    def _limits(
        self,
        notifications: Sequence[Notification],
        found: Mapping[Placement, Ingested],
        own: Mapping[Placement, Sequence[int]],
    ) -> FloatArray:
        """For each notification the time before which its samples come too late to be waited for, (N,)."""
        pelvis = found.get(Placement.PELVIS)
        keeps = Placement.PELVIS in self._sensors and self._sensors[Placement.PELVIS].keeps_samples
        return self._pelvis_wait.limits(
            [one.received_ns for one in notifications],
            () if pelvis is None else pelvis.taken,
            own.get(Placement.PELVIS, ()),
            self._parameters.backfill.wait_s if keeps else 0.0,
        )

    def _feed_found(self, placement: Placement, found: Ingested, limits_s: FloatArray) -> list[AnalyserEvent]:
        """Feed what a sensor's notifications brought; `limits_s` holds for each of them."""
        waited_for = placement not in self.pipeline.counted
        blocks = [
            (taken.rate_hz, _in_time(taken, limits_s) if waited_for else taken.samples)
            for taken in found.taken
        ]
        return [*found.notes, *self._feed(placement, blocks)]

    def _feed(self, placement: Placement, blocks: list[tuple[float, TimedBlock]]) -> list[PipelineEvent]:
        """Feed blocks, each with its sample rate."""
        events: list[PipelineEvent] = []
        for rate_hz, of_rate in groupby(blocks, key=itemgetter(0)):
            samples = [block for _, block in of_rate]
            self.pipeline.begin(placement, rate_hz, calibrated=self._sensors[placement].calibrated)
            events += self.pipeline.feed(
                samples[0] if len(samples) == 1 else TimedBlock.joined(placement, samples)
            )
        return events

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
        if mark.kind in (PhaseKind.SET, PhaseKind.DEMONSTRATION):
            self._used.add(mark.exercise or GENERIC)

    def finish(self) -> list[AnalyserEvent]:
        """All items have come; what the end completes."""
        events = [event for placement in self._sensors for event in self._release(placement)]
        return [*events, *self.pipeline.finish()]

    def known_until_s(self, now_s: float) -> float:
        """Up to when it is known what the legs did, as far as samples that are missing may be sent again."""
        if not any(ingest.keeps_samples for ingest in self._sensors.values()):
            return now_s
        # frames arrive some time after the wait is over
        given_up_s = max(0.0, now_s - self._parameters.backfill.wait_s - 3.0 * LATENESS_S)
        return min(now_s, self.pipeline.counted_until_s(given_up_s))

    def quality(self) -> tuple[SensorQuality, ...]:
        """The account of each sensor so far."""
        accounts = [ingest.quality() for ingest in self._sensors.values()]
        accounts += [ingest.quality() for ingest in self._imports.values()]
        return tuple(sorted(accounts, key=lambda account: list(Placement).index(account.placement)))

    def analysis(self) -> Analysis:
        """The result so far; complete after `finish`."""
        return Analysis(
            version=ANALYSIS_VERSION,
            parameters=parameters_text(self._parameters, self._used),
            duration_s=self.pipeline.newest_s,
            sensors=self.quality(),
            rest_tests=self.pipeline.rest_tests,
            sets=self.pipeline.sets,
            ranges=self.pipeline.ranges,
            alignments=self.pipeline.alignments,
            notices=(*self.pipeline.notices, *self._sensor_notices()),
        )

    def _sensor_notices(self) -> Iterator[Notice]:
        return sensor_notices(self._sensors, self.pipeline.newest_s, self._parameters.clock)


def parameters_text(parameters: AnalysisParameters, used: Collection[str]) -> str:
    """The parameters as an analysis keeps them: JSON with sorted keys, of the exercises the used ones."""
    exercises = {
        name: dataclasses.asdict(exercise) for name, exercise in parameters.exercises.items() if name in used
    }
    whole = {
        "motion": dataclasses.asdict(parameters.motion),
        "clock": dataclasses.asdict(parameters.clock),
        "backfill": dataclasses.asdict(parameters.backfill),
        "exercises": exercises,
        "person": json.loads(personal_to_json(parameters.person)),
        "calibration": json.loads(calibrations_to_json(parameters.calibrations)),
    }
    return json.dumps(whole, sort_keys=True)


def _in_time(taken: TakenFrames, limits_s: FloatArray) -> TimedBlock:
    """The samples that the others have not gone on without."""
    in_time = taken.samples.time_s >= np.repeat(limits_s[taken.positions], taken.counts)
    return taken.samples if in_time.all() else taken.samples.chosen(in_time)
