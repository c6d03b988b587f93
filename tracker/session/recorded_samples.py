"""The samples of a recording on its time line, without measuring anything."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tracker.model import (
    AccelerometerCalibration,
    Notification,
    PhaseMark,
    Placement,
    SensorIdentity,
    SensorQuality,
    TimedBlock,
)
from tracker.recording.events import RecordingEvent
from tracker.recording.header import RecordingHeader
from tracker.recording.items import RecordedSensor, RecordingItem
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.sensing.source import LinkState
from tracker.session.backfill_parameters import BackfillParameters
from tracker.session.imported import ImportIngest
from tracker.session.ingest import Ingested, SensorIngest
from tracker.session.live_step import LINK_EVENT, SENSOR_BEGINS, link_report

_GATHERED = 500
"""Notifications that are decoded together: most of what a call costs is shared, and memory stays small."""

_LINK_OVER = (LinkState.STOPPED, LinkState.FAILED)


@dataclass(frozen=True, slots=True)
class SampleRun:
    """Consecutive samples of one sensor at one rate.

    Attributes:
        identity: the sensor that took them.
        rate_hz: at which they were taken, by the computer's clock.
    """

    identity: SensorIdentity
    rate_hz: float
    samples: TimedBlock

    @property
    def placement(self) -> Placement:
        """Where the sensor sat."""
        return self.samples.placement


RecordedPart: TypeAlias = SampleRun | PhaseMark


class RecordedSamples:
    """Makes samples of a recording's items, in the order of their times for each sensor.

    What was lost on the way and sent again later stands where it belongs, as in an analysis.

    Args:
        calibrations: of accelerometers, by sensor id; none leaves the samples as the sensors sent them.
    """

    def __init__(
        self,
        header: RecordingHeader,
        calibrations: Mapping[str, AccelerometerCalibration] | None = None,
        clock: ClockParameters | None = None,
    ) -> None:
        self._origin_ns = header.anchor.monotonic_ns
        self._calibrations = calibrations or {}
        self._clock = clock or ClockParameters()
        self._identities: dict[Placement, SensorIdentity] = {}
        self._sensors: dict[Placement, SensorIngest] = {}
        self._imports: dict[Placement, ImportIngest] = {}
        self._begun: set[Placement] = set()
        self._gathered: dict[Placement, list[Notification]] = {}

    def parts(self, items: Iterator[RecordingItem]) -> Iterator[RecordedPart]:
        """The samples and marks of items; a mark may come before samples that were taken before it.

        Raises:
            InputError: the kind of a sensor is not known, or the file cannot be read any more.
        """
        for item in items:
            yield from self._take(item)
        for placement, ingest in self._sensors.items():
            yield from self._decoded(placement)
            yield from self._runs(placement, ingest.release())

    def quality(self) -> dict[Placement, SensorQuality]:
        """The account of each sensor so far."""
        accounts: dict[Placement, SensorIngest | ImportIngest] = {**self._sensors, **self._imports}
        return {place: accounts[place].quality() for place in Placement if place in accounts}

    def _take(self, item: RecordingItem) -> Iterator[RecordedPart]:
        match item:
            case Notification(placement=placement):
                if placement not in self._begun:
                    yield from self._begin(placement)
                waiting = self._gathered.setdefault(placement, [])
                waiting.append(item)
                if len(waiting) >= _GATHERED:
                    yield from self._decoded(placement)
            case RecordedSensor(placement=placement, identity=identity):
                yield from self._decoded(placement)
                if self._identities.get(placement) != identity:
                    self._begun.discard(placement)
                self._identities[placement] = identity
            case TimedBlock():
                taken = self._imports.setdefault(item.placement, ImportIngest(item.placement)).take(item)
                if taken is not None:
                    yield SampleRun(self._identities[item.placement], *taken)
            case PhaseMark():
                yield item
            case RecordingEvent(kind=kind, data=data) if kind == SENSOR_BEGINS:
                self._begun -= {place for place in self._begun if place.value == data.get("placement")}
            case RecordingEvent(kind=kind) if kind == LINK_EVENT:
                report = link_report(item)
                if report is not None and report.state in _LINK_OVER and report.placement in self._sensors:
                    yield from self._decoded(report.placement)
                    yield from self._runs(report.placement, self._sensors[report.placement].release())
            case _:
                pass

    def _begin(self, placement: Placement) -> Iterator[SampleRun]:
        yield from self._decoded(placement)
        identity = self._identities[placement]
        if placement in self._sensors:
            self._sensors[placement].begin(identity)
        else:
            self._sensors[placement] = SensorIngest(
                placement, identity, self._origin_ns, self._clock, self._calibrations, BackfillParameters()
            )
        self._begun.add(placement)

    def _decoded(self, placement: Placement) -> Iterator[SampleRun]:
        waiting = self._gathered.pop(placement, [])
        if waiting:
            yield from self._runs(placement, self._sensors[placement].take(waiting))

    def _runs(self, placement: Placement, found: Ingested) -> Iterator[SampleRun]:
        identity = self._identities[placement]
        for taken in found.taken:
            if len(taken.samples):
                yield SampleRun(identity, taken.rate_hz, taken.samples)
