"""What a leg shows during a set, sample by sample: the counted angle, and what else it does meanwhile."""

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from tracker.model import BoolArray, FloatArray, steps_after


class Channel(IntEnum):
    """Rows of the table of counted samples; angles in rad, NaN where they are not known."""

    TIME_S = 0
    SIGNAL = 1
    """The counted angle, rising with the movement."""
    SATURATED = 2
    """1 where any axis of the sensor is at its range's end, else 0."""
    ELEVATION = 3
    """Tilt of the thigh against the level; where a knee roll is counted that of the thigh's midplane."""
    HEADING = 4
    """Turn about the vertical since the set began, by the gyroscope."""
    ROTATION = 5
    """Hip rotation without jumps."""
    PELVIS_TURN = 6
    """Twist that the pelvis gives the thigh, without jumps."""
    PELVIS_UP_X = 7
    PELVIS_UP_Y = 8
    PELVIS_UP_Z = 9
    RATE = 10
    """Length of the angular rate, rad/s."""


CHANNELS = len(Channel)


@dataclass(frozen=True, slots=True, eq=False)
class CountedSamples:
    """N samples as a table, (CHANNELS, N)."""

    table: FloatArray

    def __len__(self) -> int:
        return int(self.table.shape[1])

    def channel(self, which: Channel) -> FloatArray:
        """One channel, (N,)."""
        values: FloatArray = self.table[which]
        return values

    @property
    def time_s(self) -> FloatArray:
        """Seconds on the recording's time line, (N,)."""
        return self.channel(Channel.TIME_S)

    @property
    def signal_rad(self) -> FloatArray:
        """The counted angle, (N,)."""
        return self.channel(Channel.SIGNAL)

    @property
    def saturated(self) -> BoolArray:
        """Where the sensor is at its range's end, (N,)."""
        at_end: BoolArray = self.table[Channel.SATURATED] > 0.0
        return at_end

    def part(self, which: "slice | BoolArray") -> "CountedSamples":
        """Some of the samples: a slice of them, or those where `which`, (N,), is true."""
        return CountedSamples(self.table[:, which])

    def copy(self) -> "CountedSamples":
        """The same samples, apart from the table that they were a part of."""
        return CountedSamples(self.table.copy())

    @classmethod
    def of(
        cls, time_s: FloatArray, signal_rad: FloatArray, saturated: BoolArray | None = None
    ) -> "CountedSamples":
        """Samples of which nothing but the signal is known."""
        table = np.full((CHANNELS, len(time_s)), np.nan)
        table[Channel.TIME_S] = time_s
        table[Channel.SIGNAL] = signal_rad
        table[Channel.SATURATED] = 0.0 if saturated is None else saturated
        return cls(table)


class Unwrapper:
    """An angle without jumps at pi, also across samples where it is not known (NaN).

    Whole turns are counted, so the bits do not depend on how the samples are cut into blocks.
    """

    def __init__(self) -> None:
        self._turns = 0
        self._last = math.nan

    def update(self, wrapped: FloatArray) -> FloatArray:
        """The next samples, (N,), from values within -pi to pi."""
        known = ~np.isnan(wrapped)
        seen = wrapped if known.all() else wrapped[known]
        if not len(seen):
            return wrapped
        steps = steps_after(self._last, seen)
        turns = self._turns + np.cumsum((steps < -math.pi).astype(np.int64) - (steps > math.pi))
        self._turns, self._last = int(turns[-1]), float(seen[-1])
        continued = seen + 2.0 * math.pi * turns
        if seen is wrapped:
            return continued
        unwrapped = wrapped.copy()
        unwrapped[known] = continued
        return unwrapped


class Integrator:
    """The integral of a rate over real time, held while it is told to; the same bits for any blocks.

    Between two samples the rate is taken for the mean of both (trapezoidal rule), also over a gap: there one
    end alone says least of what went on.
    """

    def __init__(self) -> None:
        self._last_s: float | None = None
        self._last_rate = 0.0
        self._angle = 0.0

    def update(self, time_s: FloatArray, rate: FloatArray, held: BoolArray | None = None) -> FloatArray:
        """The angle at the next samples, (N,), from their times and rates, (N,) each; it begins with zero."""
        if not len(time_s):
            return np.empty(0)
        steps_s = steps_after(time_s[0] if self._last_s is None else self._last_s, time_s)
        turned = 0.5 * (rate + np.concatenate([[self._last_rate], rate[:-1]])) * steps_s
        if held is not None:
            turned[held] = 0.0
        # Summed one after the other from the last value: the same rounding for any block length.
        angle = np.cumsum(np.concatenate([[self._angle], turned]))[1:]
        self._angle, self._last_s, self._last_rate = float(angle[-1]), float(time_s[-1]), float(rate[-1])
        return angle
