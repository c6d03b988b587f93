"""From directions of up and angular rates to the table of counted samples of one exercise."""

import math
from dataclasses import dataclass

import numpy as np

from tracker.model import BoolArray, FloatArray, Side
from tracker.motion.exercise import CountedSignal, Exercise
from tracker.motion.frames.hip_rotation import (
    elevation_rad,
    observability,
    pelvis_turn_rad,
    twist_rad,
    wrap_rad,
)
from tracker.motion.signals.counted_samples import CHANNELS, Channel, CountedSamples, Integrator, Unwrapper

_HELD_RATE_RAD_PER_S = math.radians(1.0)
"""A leg that is still and turns more slowly shows the gyroscope's offset, or sways: by it 20 deg in 6 s lose
0.5 deg at their ends."""


@dataclass(frozen=True, slots=True, eq=False)
class LegSamples:
    """N samples of one thigh, each (N,) or (N, 3).

    Attributes:
        up: up in the thigh's frame.
        rate_rad_per_s: angular rate in the sensor's frame, offset removed.
        turn_rate_rad_per_s: of it about the vertical.
        axial_rate_rad_per_s: of it about the thigh's long axis.
        force_m_per_s2: length of the specific force.
        saturated: where the sensor is at its range's end.
        quiet_for_s: for how long the sensor has been quiet.
        pelvis_up: up in the pelvis's frame, NaN where it is not known; None where no sensor is worn.
        has_zero: whether a reference pose gives the thigh's twist its zero.
        pelvis_has_zero: whether one gives the pelvis its axes: without, only how far it turns is known.
    """

    time_s: FloatArray
    up: FloatArray
    rate_rad_per_s: FloatArray
    turn_rate_rad_per_s: FloatArray
    axial_rate_rad_per_s: FloatArray
    force_m_per_s2: FloatArray
    saturated: BoolArray
    quiet_for_s: FloatArray
    pelvis_up: FloatArray | None
    has_zero: bool
    pelvis_has_zero: bool

    def __len__(self) -> int:
        return len(self.time_s)

    @property
    def pelvis_known(self) -> BoolArray:
        """Where a pelvis sensor shows its direction of up, (N,)."""
        if self.pelvis_up is None:
            return np.zeros(len(self), dtype=bool)
        known: BoolArray = ~np.isnan(self.pelvis_up[:, 0])
        return known

    @property
    def observability(self) -> FloatArray:
        """Sine of the angle between thigh and vertical, (N,)."""
        return observability(self.up)


class LegSignals:
    """Makes counted samples of one leg for one set.

    Args:
        side: the leg; None for a placement that is no leg: its signals are those of a right one.
    """

    def __init__(self, side: Side | None, exercise: Exercise) -> None:
        self._sign = (side or Side.RIGHT).sign
        self._signal = exercise.signal
        self._direction = -1.0 if exercise.falling else 1.0
        gate = exercise.gate
        # Without a gate nobody looks for stillness, and the turn is never held.
        self._still_s = gate.arm_still_s if gate else math.inf
        self._holds = exercise.hold is not None
        self._rotation = Unwrapper()
        self._pelvis_turn = Unwrapper()
        self._pitch = Unwrapper()
        self._heading = Integrator()
        self._axial = Integrator()

    def update(self, samples: LegSamples) -> CountedSamples:
        """The next samples."""
        table = np.empty((CHANNELS, len(samples)))
        table[Channel.TIME_S] = samples.time_s
        table[Channel.SATURATED] = samples.saturated
        table[Channel.ELEVATION] = self._elevation_rad(samples.up)
        table[Channel.HEADING] = self._heading.update(samples.time_s, samples.turn_rate_rad_per_s)
        twist = twist_rad(samples.up)
        table[Channel.PELVIS_TURN :] = np.nan
        if samples.pelvis_up is not None:
            table[Channel.PELVIS_UP_X : Channel.PELVIS_UP_Z + 1] = samples.pelvis_up.T
            if samples.pelvis_has_zero:
                turn = pelvis_turn_rad(samples.pelvis_up, samples.up)
                twist = wrap_rad(twist - turn)
                table[Channel.PELVIS_TURN] = self._pelvis_turn.update(turn)
            else:
                # While it is not known, it is not known whether it has a zero by now either.
                twist = np.where(samples.pelvis_known, twist, np.nan)
        table[Channel.ROTATION] = self._sign * self._rotation.update(twist)
        table[Channel.RATE] = _length(samples.rate_rad_per_s) if self._holds else np.nan
        signal = self._counted(samples, table)
        table[Channel.SIGNAL] = signal if self._direction > 0 else -signal
        return CountedSamples(table)

    def _elevation_rad(self, up: FloatArray) -> FloatArray:
        """Tilt of the thigh; of a knee that rolls over its foot that of the thigh's midplane, which stays."""
        if self._signal is CountedSignal.KNEE_ROLL:
            return np.arctan2(-up[:, 1], up[:, 0])
        return elevation_rad(up)

    def _counted(self, samples: LegSamples, table: FloatArray) -> FloatArray:
        up = samples.up
        signal: FloatArray
        match self._signal:
            case CountedSignal.HIP_ROTATION:
                signal = table[Channel.ROTATION]
            case CountedSignal.KNEE_ROLL:
                signal = self._sign * np.arcsin(np.clip(up[:, 2], -1.0, 1.0))
            case CountedSignal.ELEVATION:
                signal = table[Channel.ELEVATION]
            case CountedSignal.THIGH_PITCH:
                signal = self._pitch.update(np.arctan2(up[:, 1], up[:, 0]))
            case CountedSignal.FRONTAL_LEAN:
                signal = -np.arcsin(np.clip(up[:, 2], -1.0, 1.0))
            case CountedSignal.PELVIS_HIKE:
                to_side = (
                    table[Channel.PELVIS_UP_Z] if samples.pelvis_has_zero else np.full(len(samples), np.nan)
                )
                signal = -self._sign * np.arcsin(np.clip(to_side, -1.0, 1.0))
            case CountedSignal.AXIAL_TURN:
                rate = samples.axial_rate_rad_per_s
                still = (samples.quiet_for_s >= self._still_s) & (np.abs(rate) < _HELD_RATE_RAD_PER_S)
                signal = self._sign * self._axial.update(samples.time_s, rate, still)
            case CountedSignal.MOVEMENT:
                raise ValueError("the signal of a movement about an unknown axis is found elsewhere")
        return signal


def _length(vectors: FloatArray) -> FloatArray:
    squares = vectors * vectors
    length: FloatArray = np.sqrt(squares[:, 0] + squares[:, 1] + squares[:, 2])
    return length
