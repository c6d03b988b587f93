"""One counted segment within the pipeline: hip rotation sample by sample, still phases, sets."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tracker.model import Edge, ExerciseSet, FloatArray, PhaseKind, PhaseMark, Placement, RestTest, Side
from tracker.motion.alignment import PoseOutcome
from tracker.motion.hip_rotation import TWO_PI, elevation_rad, hip_rotation_rad, observability, twist_rad
from tracker.motion.parameters import Exercise, MotionParameters
from tracker.motion.pose_gate import PoseSamples, QuietTime
from tracker.motion.repetitions import RepetitionClosed
from tracker.motion.rest_test import RestPhase, WornSensor, measure_rest
from tracker.session.sensor_track import OrientedBlock, SensorTrack, joined
from tracker.session.set_counter import CountedSamples, SetCounter


@dataclass(frozen=True, slots=True)
class PoseTaken:
    """A calibration pose of one sensor was taken, or refused with a reason."""

    placement: Placement
    kind: PhaseKind
    recipe: str
    refused: str | None


@dataclass(frozen=True, slots=True)
class LegState:
    """The newest sample of a leg, for a view.

    Attributes:
        hip_rotation_rad: None where it cannot be seen.
    """

    side: Side
    time_s: float
    hip_rotation_rad: float | None
    observability: float


PipelineEvent: TypeAlias = PoseTaken | RestTest | RepetitionClosed | ExerciseSet
TraceSink: TypeAlias = Callable[[Placement, FloatArray, FloatArray, FloatArray | None], None]


class PhaseFollower:
    """Cuts one sensor's samples at the marks that concern it, and acts on each mark in its place."""

    def __init__(self, track: SensorTrack, side: Side | None) -> None:
        self.track = track
        self.side = side
        self._pending: list[OrientedBlock] = []
        self._marks: list[PhaseMark] = []
        self._open: PhaseMark | None = None
        self._last_s = 0.0

    @property
    def waits_from_s(self) -> float:
        """No sample before this time is still to be worked through."""
        return float(self._pending[0].samples.time_s[0]) if self._pending else self._last_s

    def mark(self, mark: PhaseMark) -> None:
        """Note a mark; it acts when the samples reach its time.

        Samples are cut at the marks of the other leg too: they can change what this one is measured against.
        """
        self._marks.append(mark)
        self._marks.sort(key=lambda known: known.time_s)

    def receive(self, block: OrientedBlock) -> None:
        """Queue the next samples."""
        self._pending.append(block)

    def process(self, until_s: float) -> list[PipelineEvent]:
        """Work through the queued samples up to and including `until_s`."""
        events: list[PipelineEvent] = []
        while self._pending and self._pending[0].samples.time_s[0] <= until_s:
            block = self._pending.pop(0)
            stop = int(np.searchsorted(block.samples.time_s, until_s, side="right"))
            if stop < len(block):
                self._pending.insert(0, block.part(stop, len(block)))
                block = block.part(0, stop)
            events += self._cut_at_marks(block)
        return events

    def finish(self) -> list[PipelineEvent]:
        """Work through all that is queued and end what is still open."""
        events = self.process(math.inf)
        while self._marks:
            events += self._act(self._marks.pop(0))
        if self._open is not None:
            events += self._end(self._open, max(self._last_s, self._open.time_s))
        return events

    def _cut_at_marks(self, block: OrientedBlock) -> list[PipelineEvent]:
        events: list[PipelineEvent] = []
        position = 0
        while self._marks and self._marks[0].time_s <= block.samples.time_s[-1]:
            stop = int(np.searchsorted(block.samples.time_s, self._marks[0].time_s, side="left"))
            events += self._segment(block.part(position, stop))
            events += self._act(self._marks.pop(0))
            position = stop
        events += self._segment(block.part(position, len(block)))
        self._last_s = float(block.samples.time_s[-1])
        return events

    def _act(self, mark: PhaseMark) -> list[PipelineEvent]:
        events: list[PipelineEvent] = []
        if self.side is not None and mark.side not in (None, Side.BOTH, self.side):
            return events
        if self._open is not None:
            if mark.edge is Edge.END and mark.kind is not self._open.kind:
                return events
            events += self._end(self._open, mark.time_s)
            self._open = None
        if mark.edge is Edge.START:
            self._open = mark
            self._begin(mark)
        return events

    def _begin(self, mark: PhaseMark) -> None:
        if mark.kind is not PhaseKind.SET:
            self.track.begin_phase()

    def _segment(self, block: OrientedBlock) -> list[PipelineEvent]:
        self.track.keep(block.samples)
        return []

    def _end(self, start: PhaseMark, end_s: float) -> list[PipelineEvent]:
        if start.kind in (PhaseKind.STANDING, PhaseKind.REFERENCE):
            outcome: PoseOutcome = self.track.take_pose(start.kind, self.track.end_phase(), end_s)
            recipe = outcome.alignment.recipe
            return [PoseTaken(self.track.placement, start.kind, recipe, outcome.refused)]
        return []


class PelvisFollower(PhaseFollower):
    """The pelvis sensor as one leg needs it: its poses, and its samples of rest tests.

    Every leg has its own: a reference pose of one leg sets the zero of that leg alone, and its hip rotation
    is counted from where the pelvis lay then.

    Args:
        track: holds the alignment for this leg.
        speaks: true for the one that tells of poses that were meant for both legs.
    """

    def __init__(self, track: SensorTrack, side: Side, *, speaks: bool) -> None:
        super().__init__(track, side)
        self._speaks = speaks
        self._rest_samples: dict[float, WornSensor] = {}

    def during_rest(self, start_s: float) -> WornSensor:
        """The sensor during the rest test that began at a time.

        Where no sample has come from after the test's end, the test goes by those that have come.
        """
        if start_s in self._rest_samples:
            return self._rest_samples[start_s]
        on = self._open is not None and self._open.kind is PhaseKind.REST and self._open.time_s == start_s
        samples = self.track.phase_samples if on else joined(self.track.placement, [])
        return WornSensor(samples, self.track.alignment)

    def _end(self, start: PhaseMark, end_s: float) -> list[PipelineEvent]:
        if start.kind is PhaseKind.REST:
            self._rest_samples[start.time_s] = WornSensor(self.track.end_phase(), self.track.alignment)
        events = super()._end(start, end_s)
        return events if self._speaks or start.side is self.side else []


class LegFollower(PhaseFollower):
    """One thigh: rest tests, sets, the newest angle.

    Args:
        side: the leg; None where sets are counted on a sensor that sits on no leg.
        pelvis: the pelvis sensor as this leg needs it, where one is worn.
        pelvis_up: gives the pelvis sensor's directions of up at given times, (M, 3).
    """

    def __init__(
        self,
        track: SensorTrack,
        side: Side | None,
        parameters: MotionParameters,
        exercises: Mapping[str, Exercise],
        pelvis: PelvisFollower | None = None,
        pelvis_up: Callable[[FloatArray], FloatArray] | None = None,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(track, side)
        self._parameters = parameters
        self._exercises = exercises
        self._pelvis = pelvis
        self._pelvis_up = pelvis_up
        self._trace = trace
        rates = {exercise.gate.arm_rate_rad_per_s for exercise in exercises.values() if exercise.gate}
        self._quiet = {rate: QuietTime(rate) for rate in rates}
        self._set: SetCounter | None = None
        self._turns = 0
        self._last_wrapped = math.nan
        self._newest: tuple[OrientedBlock, FloatArray | None] | None = None

    @property
    def state(self) -> LegState | None:
        """The newest sample, None before the first and where the sensor sits on no leg."""
        if self.side is None or self._newest is None:
            return None
        block, pelvis_up = self._newest
        newest = block.part(len(block) - 1, len(block))
        up = self.track.alignment.to_segment(newest.up)
        last_pelvis = None if pelvis_up is None else pelvis_up[-1:]
        rotation = float(self._wrapped_rotation(up, last_pelvis, newest.samples.time_s)[0][0])
        seen = float(observability(up)[0])
        known = not math.isnan(rotation) and seen >= self._parameters.rest_test.refuse_observability
        return LegState(self.side, float(newest.samples.time_s[0]), rotation if known else None, seen)

    def _begin(self, mark: PhaseMark) -> None:
        super()._begin(mark)
        if mark.kind is PhaseKind.SET:
            exercise = self._exercises[mark.exercise or "generic"]
            self._set = SetCounter(self.side, exercise, mark, self.track.interval_s)
            self._turns, self._last_wrapped = 0, math.nan

    def _segment(self, block: OrientedBlock) -> list[PipelineEvent]:
        if not len(block):
            return []
        super()._segment(block)
        time_s = block.samples.time_s
        pelvis_up = self._pelvis_up(time_s) if self._pelvis_up else None
        quiet_for_s = {
            rate: quiet.update(time_s, block.rate_rad_per_s) for rate, quiet in self._quiet.items()
        }
        if self._trace is not None:
            self._trace(self.track.placement, time_s, block.up, pelvis_up)
        self._newest = block, pelvis_up
        if self._set is None:
            return []
        gate = self._set.gate
        still_for_s = np.zeros(len(block)) if gate is None else quiet_for_s[gate.arm_rate_rad_per_s]
        return list(self._set.feed(self._counted(block, pelvis_up, still_for_s)))

    def _end(self, start: PhaseMark, end_s: float) -> list[PipelineEvent]:
        if start.kind is PhaseKind.SET and self._set is not None:
            done, closed = self._set.finish(end_s)
            self._set = None
            return [*closed, done]
        if start.kind is PhaseKind.REST and self.side is not None:
            return [self._rest_test(self.side, start, end_s)]
        return super()._end(start, end_s)

    def _rest_test(self, side: Side, start: PhaseMark, end_s: float) -> RestTest:
        phase = RestPhase(
            side=side,
            start_s=start.time_s,
            end_s=end_s,
            thigh=WornSensor(self.track.end_phase(), self.track.alignment),
            pelvis=None if self._pelvis is None else self._pelvis.during_rest(start.time_s),
            reference_refused=self.track.reference_refused,
        )
        return measure_rest(phase, self._parameters.rest_test, self._parameters.stillness)

    def _pelvis_segment_up(self, pelvis_up: FloatArray, time_s: float) -> FloatArray:
        if self._pelvis is None:
            raise ValueError("there is no pelvis sensor")
        return self._pelvis.track.alignment_at(time_s).to_segment(pelvis_up)

    def _wrapped_rotation(
        self, up: FloatArray, pelvis_up: FloatArray | None, time_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Hip rotation within -pi to pi, and the pelvis's twist, NaN where there is none, both (N,)."""
        pelvis_twist = np.full(len(up), np.nan)
        against: FloatArray | float = 0.0
        if pelvis_up is not None:
            pelvis_twist = twist_rad(self._pelvis_segment_up(pelvis_up, float(time_s[0])))
            against = pelvis_twist
        return hip_rotation_rad(self.side or Side.RIGHT, twist_rad(up), against), pelvis_twist

    def _counted(
        self, block: OrientedBlock, pelvis_up: FloatArray | None, quiet_for_s: FloatArray
    ) -> CountedSamples:
        up = self.track.alignment.to_segment(block.up)
        wrapped, pelvis_twist = self._wrapped_rotation(up, pelvis_up, block.samples.time_s)
        force = block.samples.accelerometer_m_per_s2
        squares = force * force
        return CountedSamples(
            time_s=block.samples.time_s,
            hip_rotation_rad=self._unwrapped(wrapped),
            rate_rad_per_s=block.rate_rad_per_s,
            saturated=block.samples.saturated,
            pose=PoseSamples(
                observability=observability(up),
                elevation_rad=elevation_rad(up),
                pelvis_twist_rad=pelvis_twist,
                force_m_per_s2=np.sqrt(squares[:, 0] + squares[:, 1] + squares[:, 2]),
                quiet_for_s=quiet_for_s,
            ),
        )

    def _unwrapped(self, wrapped: FloatArray) -> FloatArray:
        """The angle without jumps at pi, also across samples where it is not known (NaN).

        Whole turns are counted, so the bits do not depend on blocks.
        """
        unwrapped = wrapped.copy()
        known = ~np.isnan(wrapped)
        if known.any():
            seen = wrapped[known]
            steps = np.diff(seen, prepend=self._last_wrapped)
            turns = self._turns + np.cumsum((steps < -math.pi).astype(np.int64) - (steps > math.pi))
            self._turns, self._last_wrapped = int(turns[-1]), float(seen[-1])
            unwrapped[known] = seen + TWO_PI * turns
        return unwrapped
