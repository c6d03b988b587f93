"""Times, phases and rates of one repetition, from its signal."""

from dataclasses import dataclass

import numpy as np

from tracker.model import BoolArray, FloatArray
from tracker.motion.exercise import CountingRule

_SETTLED_SHARE = 0.1
"""Share of the range within which the signal counts as being at an end: phases are sought from there."""


@dataclass(frozen=True, slots=True, eq=False)
class RepetitionShape:
    """Where the phases of a repetition lie, seconds on the recording's time line, and how fast it was.

    Attributes:
        peak_s: middle of the hold: the highest sample within it is chance.
        mean_velocity_rad_per_s: what the phase there covers, by its duration.
        limit_rad_per_s: the rate that the phases were cut at.
        concentric_speed, eccentric_speed: speed on the way there and back, rad/s at each sample, from and to
            the share of the peak rate alone: a slow movement cut at the larger limit would look rough.
    """

    start_s: float
    peak_s: float
    end_s: float
    peak_velocity_rad_per_s: float
    mean_velocity_rad_per_s: float
    concentric_s: float
    hold_s: float
    eccentric_s: float
    limit_rad_per_s: float
    concentric_speed: FloatArray
    eccentric_speed: FloatArray


def shape_of(time_s: FloatArray, signal_rad: FloatArray, peak: int, rule: CountingRule) -> RepetitionShape:
    """Phases of a repetition that rises to sample `peak` and falls to the window's end.

    Phases are cut where the rate falls below `phase_rate_rad_per_s` or `phase_rate_share` of the peak rate,
    whichever is larger; that shortens a minimum-jerk phase T to T sqrt(1 - sqrt(limit / peak rate)).
    """
    rate = _rate(time_s, signal_rad)
    rising, falling = signal_rad[: peak + 1], signal_rad[peak:]
    top = float(signal_rad[peak])
    rise, fall = top - float(rising.min()), top - float(falling.min())
    foot = _last(rising <= top - (1 - _SETTLED_SHARE) * rise, default=0)
    first_top = foot + _first(rising[foot:] >= top - _SETTLED_SHARE * rise, default=peak - foot)
    half_way = _first(falling <= top - fall / 2, default=len(falling))
    last_top = peak + _last(falling[:half_way] >= top - _SETTLED_SHARE * fall, default=0)
    landing = peak + _first(falling <= top - (1 - _SETTLED_SHARE) * fall, default=len(falling) - 1)
    fastest = float(rate[foot : first_top + 1].max())
    limit = max(rule.phase_rate_rad_per_s, rule.phase_rate_share * fastest)
    start = _last(rate[: foot + 1] <= limit, default=0)
    reached = first_top + _first(rate[first_top : peak + 1] <= limit, default=peak - first_top)
    descent = max(reached, peak + _last(rate[peak : last_top + 1] >= -limit, default=0))
    end = landing + _first(rate[landing:] >= -limit, default=len(rate) - 1 - landing)
    slow = rule.phase_rate_share * fastest
    moves_from = _last(rate[: foot + 1] <= slow, default=0)
    moves_to = first_top + _first(rate[first_top : peak + 1] <= slow, default=peak - first_top)
    returns_from = peak + _last(rate[peak : last_top + 1] >= -slow, default=0)
    returns_to = landing + _first(rate[landing:] >= -slow, default=len(rate) - 1 - landing)
    start_s, reached_s, descent_s, end_s = time_s[[start, reached, descent, end]].tolist()
    concentric_s = reached_s - start_s
    covered = float(signal_rad[reached] - signal_rad[start])
    return RepetitionShape(
        start_s=start_s,
        peak_s=(reached_s + descent_s) / 2.0,
        end_s=end_s,
        peak_velocity_rad_per_s=fastest,
        mean_velocity_rad_per_s=covered / concentric_s if concentric_s > 0.0 else fastest,
        concentric_s=concentric_s,
        hold_s=descent_s - reached_s,
        eccentric_s=end_s - descent_s,
        limit_rad_per_s=limit,
        concentric_speed=rate[moves_from : moves_to + 1],
        eccentric_speed=-rate[returns_from : returns_to + 1],
    )


def _rate(time_s: FloatArray, signal_rad: FloatArray) -> FloatArray:
    """Rate at each sample, (N,): the mean of the slopes before and after it, at the ends of the only one."""
    rate = np.zeros(len(time_s))
    if len(time_s) > 1:
        slopes = (signal_rad[1:] - signal_rad[:-1]) / (time_s[1:] - time_s[:-1])
        rate[0], rate[-1] = slopes[0], slopes[-1]
        rate[1:-1] = 0.5 * (slopes[:-1] + slopes[1:])
    return rate


def _first(condition: BoolArray, *, default: int) -> int:
    """Place of the first true value."""
    place = int(condition.argmax()) if len(condition) else 0
    return place if len(condition) and condition[place] else default


def _last(condition: BoolArray, *, default: int) -> int:
    """Place of the last true value."""
    if not len(condition):
        return default
    place = len(condition) - 1 - int(condition[::-1].argmax())
    return place if condition[place] else default
