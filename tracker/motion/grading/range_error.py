"""How far off the range of motion of one repetition may be, of a rigid body."""

import math
from dataclasses import dataclass

from tracker.motion.parameters import NORMAL_95, STANDARD_GRAVITY_M_PER_S2, RangeErrorParameters

_PEAK_OF_MEAN_RATE = 1.875
"""Peak rate over mean rate of a minimum-jerk move (Flash and Hogan, J Neurosci 5, 1985)."""

_PEAK_ACCELERATION = 10.0 / math.sqrt(3.0)
"""Its largest acceleration, in range by duration squared."""


@dataclass(frozen=True, slots=True)
class RangeOfMove:
    """What of a movement decides how far off its range may be.

    Attributes:
        gap_s: its longest time without samples; 0 for none.
        raised_rad: change of elevation meanwhile of a thigh whose twist is counted; 0 where another angle is.
        by_gyroscope: whether its angle is the sum of rates alone, which no gravity corrects after a gap.
    """

    rom_rad: float
    peak_rate_rad_per_s: float
    gap_s: float = 0.0
    raised_rad: float = 0.0
    by_gyroscope: bool = False


def range_half_width_rad(move: RangeOfMove, parameters: RangeErrorParameters) -> float:
    """Half width of the 95 % interval of a range.

    The filter's error grows with the rate. Ab-/adduction b of a thigh at elevation e turns its twist by
    about e b: a repetition that changes the elevation takes in that share of an abduction that is not known.
    """
    crosstalk = move.raised_rad * parameters.abduction_sd_rad
    filtering = parameters.rate_share_s * move.peak_rate_rad_per_s
    gap = _gap_sd_rad(move, parameters) if move.gap_s > 0.0 else 0.0
    return NORMAL_95 * math.hypot(parameters.still_sd_rad, filtering, crosstalk, gap)


def _gap_sd_rad(move: RangeOfMove, parameters: RangeErrorParameters) -> float:
    """Standard deviation that missing samples add, from the largest errors of a minimum-jerk move.

    The turning point may lie in the gap: in half of it such a move of A in T covers its last 10 A (h/2T)^3.
    Interpolated rates err by 5 A (h/T)^3, gravity felt anew by the sensor's own acceleration at its distance
    from the axis: the filter takes one or the other. A sum of rates has interpolated ones alone. All are
    evenly distributed up to there.
    """
    duration_s = max(_PEAK_OF_MEAN_RATE * move.rom_rad / max(move.peak_rate_rad_per_s, 1e-6), 1e-6)
    share = move.gap_s / duration_s
    hidden = move.rom_rad * min(1.0, 10.0 * (0.5 * share) ** 3)
    interpolated = 5.0 * move.rom_rad * share**3
    acceleration = _PEAK_ACCELERATION * move.rom_rad / duration_s**2
    felt_anew = math.atan(acceleration * parameters.sensor_radius_m / STANDARD_GRAVITY_M_PER_S2)
    bridged = interpolated if move.by_gyroscope else min(interpolated, felt_anew)
    return math.hypot(hidden, min(bridged, move.rom_rad)) / math.sqrt(3.0)
