"""One leg's set while it is on: signals, gate and counter of the exercise put together."""

import math
from dataclasses import dataclass, replace

import numpy as np

from tracker.model import ExerciseSet, FloatArray, PhaseMark, ReferenceRange, Repetition, Side, steps_after
from tracker.motion.counting.closed import RepetitionClosed
from tracker.motion.counting.holds import HoldCounter
from tracker.motion.counting.pose_gate import ArmedRun, ArmingGate, PoseSamples
from tracker.motion.counting.repetitions import RepetitionCounter
from tracker.motion.exercise import CountedSignal, Exercise
from tracker.motion.grading.grader import Grader
from tracker.motion.parameters import RangeErrorParameters
from tracker.motion.signals.counted_samples import Channel, CountedSamples
from tracker.motion.signals.leg_signals import LegSamples, LegSignals
from tracker.motion.signals.self_found_axis import MovementSignal
from tracker.session.events import Gauge

NOT_IN_POSE = "never still in the exercise's pose"
NOT_SEEN = "the sensors worn do not show this movement"
GAP = "gap: the count is a lower bound"
RELATIVE = "relative: counted by the gyroscope alone"
PELVIS_WITHOUT_ZERO = "pelvis without reference pose: held against the vertical"

_BELOW_REST_SHARE = 0.8
"""Share of the smallest movement that is kept, by which a hike may begin below rest. The other leg's hike
only lowers this side: no movement of this leg."""


@dataclass(frozen=True, slots=True)
class LegInSet:
    """What a set is counted for.

    Attributes:
        side: the leg; None for a placement that is no leg.
        interval_s: nominal sample interval.
        own_range: the person's own range of the exercise; None for that of the catalogue.
    """

    side: Side | None
    interval_s: float
    errors: RangeErrorParameters
    own_range: ReferenceRange | None = None


class SetCounter:
    """Counts one leg during one set.

    Args:
        start: the mark that began the set.
    """

    def __init__(self, leg: LegInSet, exercise: Exercise, start: PhaseMark) -> None:
        self._leg = leg
        self._exercise = exercise
        self._start = start
        self._reference = leg.own_range
        self._gate = ArmingGate(exercise.gate) if exercise.gate else None
        self._movement = MovementSignal(exercise.axis, leg.interval_s) if exercise.axis else None
        self._signals = None if exercise.axis else LegSignals(leg.side, exercise)
        self._counter: RepetitionCounter | HoldCounter | None = None
        if exercise.axis is None:
            rom_rad = exercise.rule.reference_rom_rad
            self._reference = leg.own_range or ReferenceRange(exercise.name, leg.side, rom_rad)
            self._begin_counting(self._reference.rom_rad)
        self._armed = False
        self._seen = False
        self._lowest_rad = math.nan
        self._pelvis_without_zero = False
        self._voided: list[str] = []
        self._known_until_s = start.time_s
        self._has_gap = False
        self._newest: CountedSamples | None = None

    @property
    def arm_rate_rad_per_s(self) -> float | None:
        """The rate below which the leg counts as still; None where that does not matter."""
        return None if self._exercise.gate is None else self._exercise.gate.arm_rate_rad_per_s

    @property
    def gauge(self) -> Gauge | None:
        """How far the movement is; None before the first sample, and until its axis is found."""
        newest, counter, reference = self._newest, self._counter, self._reference
        if newest is None or counter is None or reference is None:
            return None
        hold = self._exercise.hold
        ready = self._gate is None or self._gate.is_armed
        value_rad = counter.displacement_rad(float(newest.signal_rad[-1])) if ready else None
        return Gauge(
            side=self._leg.side,
            signal=self._exercise.signal,
            time_s=float(newest.time_s[-1]),
            value_rad=value_rad,
            valid_from_rad=counter.valid_from_rad,
            target_rad=max(counter.valid_from_rad, reference.rom_rad if hold is None else 0.0),
            hold_target_s=None if hold is None else hold.target_s,
            ready=ready,
        )

    @property
    def repetitions(self) -> tuple[Repetition, ...]:
        """Finished repetitions, valid and partial, in order of time."""
        return () if self._counter is None else self._counter.repetitions

    def feed(self, samples: LegSamples) -> list[RepetitionClosed]:
        """Count the next samples."""
        if self._movement is not None:
            self._note_gaps(samples.time_s)
            self._seen = self._seen or len(samples) > 0
            return self._count_movement(
                *self._movement.update(samples.time_s, samples.rate_rad_per_s, samples.saturated)
            )
        if self._signals is None or self._counter is None:
            return []
        counted = self._signals.update(samples)
        if len(counted):
            self._newest = counted
        self._pelvis_without_zero |= not samples.pelvis_has_zero and bool(samples.pelvis_known.any())
        known = ~np.isnan(counted.signal_rad)
        all_known = bool(known.all())
        self._note_gaps(counted.time_s if all_known else counted.time_s[known])
        closed: list[RepetitionClosed] = []
        for run in self._armed_runs(samples, counted):
            part = self._above_rest(counted, run)
            closed += self._counter.feed(part if all_known else part.part(known[run.start : run.stop]))
            if run.voided is not None:
                self._counter.pause()
                closed += self._counter.take_announced()
                self._voided.append(run.voided)
        return closed

    def finish(self, end_s: float) -> tuple[ExerciseSet, list[RepetitionClosed]]:
        """The set, and what its end closed."""
        self._note_gaps(np.array([end_s]))
        closed: list[RepetitionClosed] = []
        if self._movement is not None:
            closed = self._count_movement(*self._movement.finish())
        if self._counter is not None:
            self._counter.pause()
            closed += self._counter.take_announced()
        done = ExerciseSet(
            exercise=self._exercise.name,
            side=self._leg.side,
            start_s=self._start.time_s,
            end_s=end_s,
            repetitions=self.repetitions,
            reference=self._reference,
            flags=self._flags(),
        )
        return done, closed

    def _above_rest(self, counted: CountedSamples, run: ArmedRun) -> CountedSamples:
        """The samples of a run; those of a hike of the pelvis hardly below where it was armed."""
        part = counted.part(slice(run.start, run.stop))
        if self._exercise.signal is not CountedSignal.PELVIS_HIKE:
            return part
        if run.begins:
            self._lowest_rad = math.nan
        known = part.signal_rad[~np.isnan(part.signal_rad)]
        if math.isnan(self._lowest_rad) and len(known):
            below_rad = _BELOW_REST_SHARE * self._exercise.rule.minimum_partial_rad
            self._lowest_rad = float(known[0]) - below_rad
        part = part.copy()
        np.maximum(part.signal_rad, self._lowest_rad, out=part.table[Channel.SIGNAL])
        return part

    def _begin_counting(self, reference_rom_rad: float) -> None:
        rule = replace(self._exercise.rule, reference_rom_rad=reference_rom_rad)
        exercise = replace(self._exercise, rule=rule)
        grader = Grader(self._leg.side, exercise, self._leg.interval_s, self._leg.errors)
        hold = exercise.hold
        self._counter = RepetitionCounter(grader) if hold is None else HoldCounter(grader, hold)

    def _note_gaps(self, known_s: FloatArray) -> None:
        """Note whether what went on is not known for long before one of these times."""
        if len(known_s):
            self._seen = True
            steps_s = steps_after(self._known_until_s, known_s)
            self._has_gap = self._has_gap or bool((steps_s > self._exercise.rule.gap_keep_s).any())
            self._known_until_s = float(known_s[-1])

    def _armed_runs(self, samples: LegSamples, counted: CountedSamples) -> list[ArmedRun]:
        gate = self._exercise.gate
        if self._gate is None or gate is None:
            return [ArmedRun(0, len(samples), False, None)]
        runs = self._gate.update(PoseSamples.of(samples, counted, gate))
        self._armed = self._armed or bool(runs)
        return runs

    def _count_movement(
        self,
        time_s: FloatArray,
        signal_rad: FloatArray,
        saturated: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    ) -> list[RepetitionClosed]:
        found = None if self._movement is None else self._movement.range_rad
        if self._counter is None and found is not None:
            self._reference = ReferenceRange(self._exercise.name, self._leg.side, found)
            self._begin_counting(found)
        if self._counter is None:
            return []
        samples = CountedSamples.of(time_s, signal_rad, saturated)
        if len(samples):
            self._newest = samples
        return self._counter.feed(samples)

    def _flags(self) -> tuple[str, ...]:
        flags = []
        if not self._seen:
            flags.append(NOT_SEEN)
        elif self._gate is not None and not self._armed:
            flags.append(NOT_IN_POSE)
        flags += sorted({f"interrupted: {reason}" for reason in self._voided})
        if self._exercise.signal is CountedSignal.AXIAL_TURN:
            flags.append(RELATIVE)
        if self._pelvis_without_zero and self._exercise.signal is CountedSignal.HIP_ROTATION:
            flags.append(PELVIS_WITHOUT_ZERO)
        if self._has_gap:
            flags.append(GAP)
        return tuple(flags)
