"""Analyses a recording: the same pipeline as live, fed from the file."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from tracker.errors import InputError
from tracker.model import Analysis, Notification, PhaseMark, Placement, SensorIdentity, TimedBlock
from tracker.recording.damage import Damage
from tracker.recording.events import RecordingEvent
from tracker.recording.header import RecordingHeader
from tracker.recording.items import RecordedSensor, RecordingItem
from tracker.recording.reader import Recording, read_recording
from tracker.session.analyser import AnalyserEvent, SessionAnalyser
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.events import TraceSink
from tracker.session.live_answers import NO_ANSWERS, LiveAnswer, LiveAnswers, answer_of
from tracker.session.live_step import LINK_EVENT, SENSOR_BEGINS, link_report
from tracker.session.personal import calibrations_from_json, personal_from_json
from tracker.session.pipeline import SessionPipeline

GATHERED_NOTIFICATIONS = 1000
"""About a minute and a half of two sensors: most of what a call costs is shared, and memory stays small."""

Watcher: TypeAlias = Callable[[RecordingItem, list[AnalyserEvent], SessionAnalyser], None]


@dataclass(frozen=True, slots=True)
class Replay:
    """What a recording holds, measured.

    Attributes:
        parameters: what the analysis depended on beside the recording's samples.
        damage: what of the file could not be read.
        answers: what the person said while it was recorded.
    """

    header: RecordingHeader
    path: Path
    analysis: Analysis
    parameters: AnalysisParameters
    damage: Damage
    answers: LiveAnswers = NO_ANSWERS


class RecordingFeeder:
    """Hands a recording's items to an analyser, as the live session did.

    Args:
        gather: how many notifications may be analysed together; more is faster, and gives the same result.
    """

    def __init__(self, analyser: SessionAnalyser, gather: int = 1) -> None:
        self._analyser = analyser
        self._gather = gather
        self._gathered: list[Notification] = []
        self._identities: dict[Placement, SensorIdentity] = {}
        self._begun: set[Placement] = set()

    def take(self, item: RecordingItem) -> list[AnalyserEvent]:
        """Analyse one item; what it completes, where items are analysed one by one."""
        if isinstance(item, Notification):
            if item.placement not in self._begun:
                self._begin(item.placement)
            self._gathered.append(item)
            return self.flush() if len(self._gathered) >= self._gather else []
        self.flush()
        match item:
            case RecordedSensor():
                if self._identities.get(item.placement) != item.identity:
                    self._begun.discard(item.placement)
                self._identities[item.placement] = item.identity
            case TimedBlock():
                return self._analyser.take_samples(item)
            case PhaseMark():
                self._analyser.take_mark(item)
            case RecordingEvent(kind=kind, data=data) if kind == SENSOR_BEGINS:
                self._begun -= {place for place in self._begun if place.value == data.get("placement")}
            case RecordingEvent(kind=kind) if kind == LINK_EVENT:
                report = link_report(item)
                return [] if report is None else self._analyser.take_link(report)
            case _:
                pass
        return []

    def flush(self) -> list[AnalyserEvent]:
        """Analyse what was gathered; what it completes."""
        gathered, self._gathered = self._gathered, []
        return self._analyser.take_notifications(gathered) if gathered else []

    def _begin(self, placement: Placement) -> None:
        self.flush()
        self._analyser.begin_sensor(placement, self._identities[placement])
        self._begun.add(placement)


def replay(path: Path, parameters: AnalysisParameters) -> Replay:
    """Analyse a recording, whole or cut, from its first item to its last.

    Raises:
        InputError: no recording, or none of its sensors can be read.
        UsageError: it has sets of an exercise that is not in the catalogue.
    """
    return replay_opened(read_recording(path), parameters)[0]


def replay_opened(
    recording: Recording,
    parameters: AnalysisParameters,
    *,
    watch: Watcher | None = None,
    trace: TraceSink | None = None,
    gather: int = GATHERED_NOTIFICATIONS,
) -> tuple[Replay, SessionPipeline]:
    """The same for an opened recording, with the pipeline that measured it.

    Args:
        watch: is told each item for progress bars, and what it completed where `gather` is 1.
        gather: how many notifications are analysed together.
    """
    parameters = parameters_of(recording, parameters)
    analyser = analyser_of(recording, parameters, trace)
    feeder = RecordingFeeder(analyser, gather)
    answers: list[LiveAnswer] = []
    for item in recording.items():
        events = feeder.take(item)
        answer = answer_of(item) if isinstance(item, RecordingEvent) else None
        if answer is not None:
            answers.append(answer)
        if watch is not None:
            watch(item, events, analyser)
    feeder.flush()
    analyser.finish()
    if not any(sensor.samples for sensor in analyser.quality()):
        raise no_samples(recording)
    result = Replay(
        recording.header,
        recording.path,
        analyser.analysis(),
        parameters,
        recording.damage,
        LiveAnswers(tuple(answers)),
    )
    return result, analyser.pipeline


def parameters_of(recording: Recording, parameters: AnalysisParameters) -> AnalysisParameters:
    """The parameters with what the recording says of the person and the sensors, as it was known then."""
    return replace(
        parameters,
        person=personal_from_json(recording.header.settings_json),
        calibrations=calibrations_from_json(recording.header.calibration_json),
    )


def analyser_of(
    recording: Recording, parameters: AnalysisParameters, trace: TraceSink | None = None
) -> SessionAnalyser:
    """An analyser for the sensors of a recording."""
    placements = tuple(dict.fromkeys(sensor.placement for sensor in recording.sensors))
    if not placements:
        raise no_samples(recording)
    return SessionAnalyser(placements, recording.header.anchor.monotonic_ns, parameters, trace)


def no_samples(recording: Recording) -> InputError:
    """The error of a recording that was cut, or damaged, before its first sample."""
    return InputError(
        f"{recording.path} holds no sample of any sensor",
        advice="There is nothing in it to measure; record or import it anew.",
        path=str(recording.path),
    )
