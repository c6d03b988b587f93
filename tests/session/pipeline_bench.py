"""Runs the pipeline on simulated sensors, for the tests of this folder."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tracker.model import Edge, ExerciseSet, PhaseKind, PhaseMark, Placement, RestTest, Side, TimedBlock
from tracker.motion.counting.closed import RepetitionClosed
from tracker.motion.exercise import Exercise
from tracker.motion.parameters import MotionParameters
from tracker.motion.person import PersonalRecord
from tracker.plan.catalogue import load_catalogue
from tracker.sensing.body.builder import ScriptBuilder
from tracker.sensing.body.feed import simulate_block
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.sessions import SimulatedSession
from tracker.session.events import PipelineEvent, TraceSink
from tracker.session.pipeline import SessionPipeline

LEFT, RIGHT, PELVIS = Placement.LEFT_THIGH, Placement.RIGHT_THIGH, Placement.PELVIS
THIGHS = (LEFT, RIGHT)
EXERCISES = load_catalogue().counting
MOTION = MotionParameters()
NOBODY = PersonalRecord()


def rad(degrees: float) -> float:
    """Degrees in radians."""
    return math.radians(degrees)


def worn(
    script: BodyScript,
    placements: Sequence[Placement] = (LEFT, RIGHT, PELVIS),
    mountings: Mapping[Placement, Mounting] | None = None,
    mems: Mapping[Placement, MemsModel] | MemsModel | None = None,
) -> SimulatedSession:
    """A script with sensors: ideal ones at the front of the thighs unless told otherwise."""
    model = mems if isinstance(mems, MemsModel) else MemsModel.ideal()
    models = mems if isinstance(mems, Mapping) else {}
    plain = {place: Mounting.on_belt() if place is PELVIS else Mounting.strapped() for place in placements}
    return SimulatedSession(
        script,
        {**plain, **(mountings or {})},
        {place: models.get(place, model) for place in placements},
    )


def lying(standing_s: float = 3.0, reference_s: float = 3.0) -> ScriptBuilder:
    """A body that stood for the long axis and lies in the reference pose."""
    return ScriptBuilder().stand(standing_s).lie_down(1.5).hold(0.5).reference(reference_s)


def set_marks(
    start_s: float, end_s: float, exercise: str = "supine_in_toeing", side: Side | None = None
) -> list[PhaseMark]:
    """Begin and end of a set."""
    return [
        PhaseMark(start_s, PhaseKind.SET, Edge.START, side, exercise),
        PhaseMark(end_s, PhaseKind.SET, Edge.END, side, exercise),
    ]


def rest_marks(start_s: float, end_s: float, side: Side | None = None) -> list[PhaseMark]:
    """Begin and end of a rest test."""
    return [
        PhaseMark(start_s, PhaseKind.REST, Edge.START, side),
        PhaseMark(end_s, PhaseKind.REST, Edge.END, side),
    ]


def without(block: TimedBlock, spans_s: Sequence[tuple[float, float]]) -> TimedBlock:
    """A block less the samples within some spans of time (start included, end not)."""
    keep = np.ones(len(block), dtype=bool)
    for start_s, end_s in spans_s:
        keep &= (block.time_s < start_s) | (block.time_s >= end_s)
    return TimedBlock(
        block.placement,
        block.time_s[keep],
        block.accelerometer_m_per_s2[keep],
        block.gyroscope_rad_per_s[keep],
        block.saturated[keep],
    )


@dataclass(slots=True)
class Run:
    """A pipeline that has run, with all that it told, in order."""

    pipeline: SessionPipeline
    events: list[PipelineEvent] = field(default_factory=list)

    def rest(self, side: Side) -> RestTest:
        """The one rest test of a leg."""
        [test] = [test for test in self.pipeline.rest_tests if test.side is side]
        return test

    def set(self, side: Side | None) -> ExerciseSet:
        """The one set of a leg."""
        [done] = [done for done in self.pipeline.sets if done.side is side]
        return done

    def closed(self, side: Side | None) -> list[RepetitionClosed]:
        """What was announced of a leg while its set was on."""
        return [one for one in self.events if isinstance(one, RepetitionClosed) and one.side is side]


Blocks = Mapping[Placement, TimedBlock]


def simulated_blocks(session: SimulatedSession, rate_hz: float = 100.0) -> dict[Placement, TimedBlock]:
    """All samples of all sensors of a session."""
    return {place: simulate_block(session.feed(place, rate_hz)) for place in session.mountings}


def run_blocks(
    blocks: Blocks,
    marks: Sequence[PhaseMark],
    *,
    rate_hz: float = 100.0,
    chunk: int | None = 18,
    parameters: MotionParameters = MOTION,
    exercises: Mapping[str, Exercise] = EXERCISES,
    person: PersonalRecord = NOBODY,
    trace: TraceSink | None = None,
    each: Callable[[SessionPipeline], None] | None = None,
) -> Run:
    """Feed samples in chunks of all sensors in turn, each mark before the samples that follow it."""
    run = Run(SessionPipeline(tuple(blocks), parameters, exercises, person, trace))
    parts: list[tuple[float, int, TimedBlock | PhaseMark]] = [(mark.time_s, 0, mark) for mark in marks]
    for number, (place, block) in enumerate(blocks.items(), 1):
        run.pipeline.begin(place, rate_hz)
        size = chunk or max(1, len(block))
        parts += [
            (float(part.time_s[-1]), number, part)
            for part in (block.part(at, at + size) for at in range(0, len(block), size))
        ]
    if chunk is None:
        parts = [(-math.inf if number == 0 else time_s, number, part) for time_s, number, part in parts]
    for _, _, part in sorted(parts, key=lambda one: one[:2]):
        if isinstance(part, PhaseMark):
            run.pipeline.mark(part)
        else:
            run.events += run.pipeline.feed(part)
        if each is not None:
            each(run.pipeline)
    run.events += run.pipeline.finish()
    return run


def run_session(session: SimulatedSession, *, rate_hz: float = 100.0, chunk: int | None = 18) -> Run:
    """Simulate a session's sensors and feed them to the pipeline with the script's marks."""
    blocks = simulated_blocks(session, rate_hz)
    return run_blocks(blocks, session.script.marks(), rate_hz=rate_hz, chunk=chunk)
