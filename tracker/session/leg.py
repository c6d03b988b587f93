"""One counted segment within the pipeline: hip rotation sample by sample, rest tests, sets."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np

from tracker.model import (
    GOES_ON,
    ExerciseSet,
    FloatArray,
    PhaseKind,
    PhaseMark,
    Posture,
    ReferenceRange,
    RestTest,
    Side,
)
from tracker.motion.counting.demonstration import shown_range
from tracker.motion.counting.pose_gate import QuietTime
from tracker.motion.exercise import Exercise
from tracker.motion.frames.alignment import along
from tracker.motion.frames.hip_rotation import hip_rotation_rad, observability, pelvis_turn_rad, twist_rad
from tracker.motion.parameters import MotionParameters
from tracker.motion.person import PersonalRecord
from tracker.motion.rest.repeatability import assumed_repeatability
from tracker.motion.rest.rest_test import RestPhase, measure_rest
from tracker.motion.signals.leg_signals import LegSamples
from tracker.session.events import Gauge, LegState, PipelineEvent, RangeShown, TraceSink
from tracker.session.phase_follower import PelvisFollower, PhaseFollower
from tracker.session.sensor_track import OrientedBlock, SensorTrack
from tracker.session.set_counter import LegInSet, SetCounter

_COUNTED = (PhaseKind.SET, PhaseKind.DEMONSTRATION)

PUT_ON_ANEW = "no reference pose since the sensor was put on anew"


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
        person: PersonalRecord,
        pelvis: PelvisFollower | None = None,
        pelvis_up: Callable[[FloatArray], FloatArray] | None = None,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(track, side, parameters.alignment, person.fronts.get(track.placement))
        self._parameters = parameters
        self._exercises = exercises
        self._repeatability = (
            assumed_repeatability(parameters.rest_test)
            if side is None or side not in person.repeatability
            else person.repeatability[side]
        )
        self._ranges = {one.exercise: one for one in person.ranges if one.side is side}
        self._pelvis = pelvis
        self._pelvis_up = pelvis_up
        self._trace = trace
        rates = {exercise.gate.arm_rate_rad_per_s for exercise in exercises.values() if exercise.gate}
        self._quiet = {rate: QuietTime(rate) for rate in rates}
        self._set: SetCounter | None = None
        self._put_on_anew = False
        self._newest: tuple[OrientedBlock, FloatArray | None] | None = None

    @property
    def state(self) -> LegState | None:
        """The newest sample, None before the first and where the sensor sits on no leg."""
        if self.side is None or self._newest is None:
            return None
        block, pelvis_up = self._newest
        newest = block.part(len(block) - 1, len(block))
        time_s = float(newest.samples.time_s[0])
        up = self.track.alignment.to_segment(newest.up)
        neutral: FloatArray | float = 0.0
        if pelvis_up is not None and self._pelvis_has_zero(time_s):
            neutral = pelvis_turn_rad(self._pelvis_segment_up(pelvis_up[-1:], time_s), up)
        rotation = float(hip_rotation_rad(self.side, twist_rad(up), neutral)[0])
        seen = float(observability(up)[0])
        known = not math.isnan(rotation) and seen >= self._parameters.rest_test.refuse_observability
        return LegState(self.side, time_s, rotation if known else None, seen)

    @property
    def gauge(self) -> Gauge | None:
        """How far the movement is that is counted now; None while nothing is counted, or not known yet."""
        return None if self._set is None else self._set.gauge

    def _begin(self, mark: PhaseMark) -> None:
        super()._begin(mark)
        if mark.kind in _COUNTED:
            exercise = self._exercises[mark.exercise or "generic"]
            own_range = self._ranges.get(exercise.name)
            if mark.kind is PhaseKind.DEMONSTRATION:
                # Whatever turns back by what would make a partial repetition is looked at.
                exercise, own_range = _open_to_all(exercise), None
            leg = LegInSet(self.side, self.track.interval_s, self._parameters.range_error, own_range)
            self._set = SetCounter(leg, exercise, mark)
            self._put_on_anew = False

    def _segment(self, block: OrientedBlock) -> list[PipelineEvent]:
        return [event for part in self._by_donning_of_pelvis(block) for event in self._alike(part)]

    def _by_donning_of_pelvis(self, block: OrientedBlock) -> Iterator[OrientedBlock]:
        """The block, cut where a pelvis sensor that was away for long is back: there its zero is lost."""
        known = [] if self._pelvis is None else self._pelvis.track.donnings[1:]
        time_s = block.samples.time_s
        places = np.searchsorted(time_s, [donning[0][0] for donning in known]).tolist()
        cuts = sorted({place for place in places if 0 < place < len(block)})
        for start, stop in pairwise([0, *cuts, len(block)]):
            yield block.part(start, stop) if cuts else block

    def _alike(self, block: OrientedBlock) -> list[PipelineEvent]:
        """Work through samples that one alignment of the pelvis holds for."""
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
        self._put_on_anew |= len(self.track.donnings) > 1 and not self.track.alignment.has_zero
        arm_rate = self._set.arm_rate_rad_per_s
        still_for_s = np.zeros(len(block)) if arm_rate is None else quiet_for_s[arm_rate]
        return list(self._set.feed(self._leg_samples(block, pelvis_up, still_for_s)))

    def _end(self, start: PhaseMark, end_s: float) -> list[PipelineEvent]:
        if start.kind in _COUNTED and self._set is not None:
            counter, self._set = self._set, None
            done, closed = counter.finish(end_s)
            if start.kind is PhaseKind.SET:
                return [*closed, self._flagged(done, start)]
            return [*closed, self._range_shown(start, end_s, counter)]
        if start.kind is PhaseKind.REST and self.side is not None:
            return [self._rest_test(self.side, start, end_s)]
        return super()._end(start, end_s)

    def _flagged(self, done: ExerciseSet, start: PhaseMark) -> ExerciseSet:
        """The set, marked where the leg's axes were lost; a movement that finds its own axis needs none."""
        if start.goes_on:
            done = replace(done, flags=(*done.flags, GOES_ON))
        if not self._put_on_anew or self._exercises[done.exercise].axis is not None:
            return done
        return replace(done, flags=(*done.flags, PUT_ON_ANEW))

    def _range_shown(self, start: PhaseMark, end_s: float, counter: SetCounter) -> RangeShown:
        name = start.exercise or "generic"
        shown = shown_range(counter.repetitions, self._exercises[name].rule.maximum_rom_rad)
        if shown.rom_rad is not None:
            self._ranges[name] = ReferenceRange(name, self.side, shown.rom_rad, shown.shown)
        return RangeShown(self.side, name, end_s, shown.rom_rad, shown.refused)

    def _rest_test(self, side: Side, start: PhaseMark, end_s: float) -> RestTest:
        phase = RestPhase(
            side=side,
            start_s=start.time_s,
            end_s=end_s,
            thigh=self.track.worn(self.track.end_phase()),
            pelvis=None if self._pelvis is None else self._pelvis.during_rest(start.time_s),
            posture=start.posture or Posture.SUPINE,
        )
        parameters = self._parameters
        return measure_rest(phase, parameters.rest_test, parameters.stillness, self._repeatability)

    def _pelvis_segment_up(self, pelvis_up: FloatArray, time_s: float) -> FloatArray:
        if self._pelvis is None:
            raise ValueError("there is no pelvis sensor")
        return self._pelvis.track.alignment_at(time_s).to_segment(pelvis_up)

    def _pelvis_has_zero(self, time_s: float) -> bool:
        return self._pelvis is not None and self._pelvis.track.alignment_at(time_s).has_zero

    def _leg_samples(
        self, block: OrientedBlock, pelvis_up: FloatArray | None, quiet_for_s: FloatArray
    ) -> LegSamples:
        alignment, samples, rate, up = self.track.alignment, block.samples, block.rate_rad_per_s, block.up
        force = samples.accelerometer_m_per_s2
        squares = force * force
        time_s = float(samples.time_s[0])
        return LegSamples(
            time_s=samples.time_s,
            up=alignment.to_segment(up),
            rate_rad_per_s=rate,
            turn_rate_rad_per_s=rate[:, 0] * up[:, 0] + rate[:, 1] * up[:, 1] + rate[:, 2] * up[:, 2],
            axial_rate_rad_per_s=along(rate, alignment.axes()[1]),
            force_m_per_s2=np.sqrt(squares[:, 0] + squares[:, 1] + squares[:, 2]),
            saturated=samples.saturated,
            quiet_for_s=quiet_for_s,
            pelvis_up=None if pelvis_up is None else self._pelvis_segment_up(pelvis_up, time_s),
            has_zero=alignment.has_zero,
            pelvis_has_zero=self._pelvis_has_zero(time_s),
        )


def _open_to_all(exercise: Exercise) -> Exercise:
    """The exercise with every movement down to a partial one counted as a repetition of its own."""
    rule = exercise.rule
    return replace(exercise, rule=replace(rule, prominence=rule.partial, valid=rule.partial))
