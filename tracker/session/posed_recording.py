"""A recording as its poses align it, without counting: alignments, and the hip rotation of every sample."""

import json
from collections.abc import Iterable

from pydantic import TypeAdapter, ValidationError

from tracker.model import PhaseKind, PhaseMark
from tracker.motion.parameters import MotionParameters
from tracker.recording.items import RecordingItem
from tracker.recording.reader import Recording
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.pipeline import SessionPipeline
from tracker.session.replay import GATHERED_NOTIFICATIONS, RecordingFeeder, analyser_of, parameters_of
from tracker.session.traces import TraceCollector

_COUNTED = (PhaseKind.SET, PhaseKind.DEMONSTRATION)
_MOTION, _CLOCK = TypeAdapter(MotionParameters), TypeAdapter(ClockParameters)


def stored_parameters(text: str | None) -> AnalysisParameters:
    """The parameters that an analysis was made with, without exercises; where unknown the usual ones.

    Args:
        text: as `Analysis.parameters`; None where there is no analysis.
    """
    try:
        stored = json.loads(text or "{}")
        motion = _MOTION.validate_python(stored.get("motion", {}))
        clock = _CLOCK.validate_python(stored.get("clock", {}))
    except (ValueError, ValidationError, AttributeError):
        motion, clock = MotionParameters(), ClockParameters()
    return AnalysisParameters(motion, clock, {})


def posed(
    recording: Recording, items: Iterable[RecordingItem], parameters: AnalysisParameters
) -> tuple[SessionPipeline, TraceCollector]:
    """Follow a recording's poses; its sets are passed over, and no exercise need be known.

    Raises:
        InputError: no sensor in it can be read.
    """
    collector = TraceCollector(parameters.motion.rest_test.refuse_observability)
    analyser = analyser_of(recording, parameters_of(recording, parameters), collector)
    feeder = RecordingFeeder(analyser, GATHERED_NOTIFICATIONS)
    for item in items:
        if not (isinstance(item, PhaseMark) and item.kind in _COUNTED):
            feeder.take(item)
    feeder.flush()
    analyser.finish()
    return analyser.pipeline, collector
