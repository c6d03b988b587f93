"""One leg's set while it is on: gate, signal and counter of the exercise put together."""

from dataclasses import dataclass, replace

import numpy as np

from tracker.model import BoolArray, ExerciseSet, FloatArray, PhaseMark, Side
from tracker.motion.parameters import Exercise, PoseGate
from tracker.motion.pose_gate import ArmedRun, ArmingGate, PoseSamples
from tracker.motion.repetitions import RepetitionClosed, RepetitionCounter
from tracker.motion.self_found_axis import MovementSignal

NOT_IN_POSE = "never still in the exercise's pose"
GAP = "gap: the count is a lower bound"


@dataclass(frozen=True, slots=True, eq=False)
class CountedSamples:
    """What a set is counted on, each (N,) or (N, 3).

    Attributes:
        hip_rotation_rad: unwrapped, internal positive; NaN where it is not known.
        rate_rad_per_s: (N, 3) angular rate in the sensor frame, offset removed.
    """

    time_s: FloatArray
    hip_rotation_rad: FloatArray
    rate_rad_per_s: FloatArray
    saturated: BoolArray
    pose: PoseSamples


class SetCounter:
    """Counts one leg during one set.

    Args:
        side: the leg; None for a placement that is no leg.
        start: the mark that began the set.
    """

    def __init__(self, side: Side | None, exercise: Exercise, start: PhaseMark, interval_s: float) -> None:
        self._side = side
        self._exercise = exercise
        self._start = start
        self._interval_s = interval_s
        self._gate = ArmingGate(exercise.gate) if exercise.gate else None
        self._movement = MovementSignal(exercise.axis, interval_s) if exercise.axis else None
        self._counter = None if exercise.axis else RepetitionCounter(side, exercise.rule, interval_s)
        self._armed = False
        self._voided: list[str] = []
        self._known_until_s = start.time_s
        self._has_gap = False

    @property
    def gate(self) -> PoseGate | None:
        """The pose in which the set is counted; None counts in every pose."""
        return self._exercise.gate

    def feed(self, samples: CountedSamples) -> list[RepetitionClosed]:
        """Count the next samples."""
        self._note_gaps(samples.time_s[~np.isnan(samples.hip_rotation_rad) | (self._movement is not None)])
        if self._movement is not None:
            return self._count_movement(
                self._movement.update(samples.time_s, samples.rate_rad_per_s, samples.saturated)
            )
        closed: list[RepetitionClosed] = []
        for run in self._armed_runs(samples):
            part = slice(run.start, run.stop)
            signal = samples.hip_rotation_rad[part]
            known = ~np.isnan(signal)
            closed += self._count(samples.time_s[part][known], signal[known], samples.saturated[part][known])
            if run.voided is not None and self._counter is not None:
                self._counter.pause()
                closed += self._counter.take_announced()
                self._voided.append(run.voided)
        return closed

    def finish(self, end_s: float) -> tuple[ExerciseSet, list[RepetitionClosed]]:
        """The set, and what its end closed."""
        self._note_gaps(np.array([end_s]))
        closed: list[RepetitionClosed] = []
        if self._movement is not None:
            closed = self._count_movement(self._movement.finish())
        if self._counter is not None:
            self._counter.pause()
            closed += self._counter.take_announced()
        repetitions = () if self._counter is None else self._counter.repetitions
        done = ExerciseSet(
            self._exercise.name, self._side, self._start.time_s, end_s, repetitions, self._flags()
        )
        return done, closed

    def _note_gaps(self, known_s: FloatArray) -> None:
        """Note whether what went on is not known for long before one of these times."""
        if len(known_s):
            steps_s = np.diff(known_s, prepend=self._known_until_s)
            self._has_gap = self._has_gap or bool((steps_s > self._exercise.rule.gap_keep_s).any())
            self._known_until_s = float(known_s[-1])

    def _armed_runs(self, samples: CountedSamples) -> list[ArmedRun]:
        if self._gate is None:
            return [ArmedRun(0, len(samples.time_s), False, None)]
        runs = self._gate.update(samples.pose)
        self._armed = self._armed or bool(runs)
        return runs

    def _count_movement(self, released: tuple[FloatArray, FloatArray, BoolArray]) -> list[RepetitionClosed]:
        if self._counter is None and self._movement is not None and self._movement.range_rad is not None:
            rule = replace(self._exercise.rule, reference_rom_rad=self._movement.range_rad)
            self._counter = RepetitionCounter(self._side, rule, self._interval_s)
        return self._count(*released)

    def _count(self, time_s: FloatArray, signal: FloatArray, saturated: BoolArray) -> list[RepetitionClosed]:
        return [] if self._counter is None else self._counter.feed(time_s, signal, saturated)

    def _flags(self) -> tuple[str, ...]:
        flags = []
        if self._gate is not None and not self._armed:
            flags.append(NOT_IN_POSE)
        flags += sorted({f"interrupted: {reason}" for reason in self._voided})
        if self._has_gap:
            flags.append(GAP)
        return tuple(flags)
