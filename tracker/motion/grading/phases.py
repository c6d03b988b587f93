"""Times, phases and rates of one repetition, from its signal."""

from dataclasses import dataclass

import numpy as np

from tracker.model import FloatArray
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
    # Looked through from where the movement is: few samples each, and lists are quicker for that.
    rates, signal, last = rate.tolist(), signal_rad.tolist(), len(signal_rad) - 1
    top = signal[peak]
    rise, fall = top - min(signal[: peak + 1]), top - min(signal[peak:])
    foot = _back_to_below(signal, peak, 0, top - (1 - _SETTLED_SHARE) * rise)
    first_top = _on_to_above(signal, foot, peak, top - _SETTLED_SHARE * rise)
    half_way = _on_to_below(signal, peak, last, top - fall / 2)
    last_top = _back_to_above(signal, half_way, peak, top - _SETTLED_SHARE * fall)
    landing = _on_to_below(signal, half_way, last, top - (1 - _SETTLED_SHARE) * fall)
    fastest = max(rates[foot : first_top + 1])
    slow = rule.phase_rate_share * fastest
    limit = max(rule.phase_rate_rad_per_s, slow)
    start = _back_to_below(rates, foot, 0, limit)
    reached = _on_to_below(rates, first_top, peak, limit)
    descent = max(reached, _back_to_above(rates, last_top, peak, -limit))
    end = _on_to_above(rates, landing, last, -limit)
    start_s, reached_s, descent_s, end_s = time_s[[start, reached, descent, end]].tolist()
    concentric_s = reached_s - start_s
    covered = signal[reached] - signal[start]
    moves = slice(_back_to_below(rates, start, 0, slow), _on_to_below(rates, reached, peak, slow) + 1)
    returns = slice(_back_to_above(rates, descent, peak, -slow), _on_to_above(rates, end, last, -slow) + 1)
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
        concentric_speed=rate[moves],
        eccentric_speed=-rate[returns],
    )


def movement_start(time_s: FloatArray, signal_rad: FloatArray, peak: int, rule: CountingRule) -> int:
    """Sample from which a window's signal rises to sample `peak`; what lies before it is rest.

    That is where the rate was last as slow as `phase_rate_share` of the peak rate before the signal left the
    bottom.
    """
    rise = signal_rad[: peak + 1]
    low, top = float(rise.min()), float(rise[peak])
    foot = int((rise <= low + _SETTLED_SHARE * (top - low)).nonzero()[0][-1])
    slopes = (rise[1:] - rise[:-1]) / (time_s[1 : peak + 1] - time_s[:peak])
    slow = rule.phase_rate_share * float(slopes[foot:].max())
    resting = (slopes[:foot] <= slow).nonzero()[0]
    return int(resting[-1]) + 1 if len(resting) else 0


def movement_end(time_s: FloatArray, signal_rad: FloatArray, peak: int, rule: CountingRule) -> int:
    """Sample at which a window's signal has come back from sample `peak`: the same looking on in time."""
    last = len(signal_rad) - 1
    return last - movement_start(-time_s[::-1], signal_rad[::-1], last - peak, rule)


def _rate(time_s: FloatArray, signal_rad: FloatArray) -> FloatArray:
    """Rate at each sample, (N,): the mean of the slopes before and after it, at the ends of the only one."""
    rate = np.zeros(len(time_s))
    if len(time_s) > 1:
        slopes = (signal_rad[1:] - signal_rad[:-1]) / (time_s[1:] - time_s[:-1])
        rate[0], rate[-1] = slopes[0], slopes[-1]
        rate[1:-1] = 0.5 * (slopes[:-1] + slopes[1:])
    return rate


def _back_to_below(values: list[float], place: int, first: int, limit: float) -> int:
    """The last place up to `place` whose value is the limit or less; `first` where there is none after it."""
    while place > first and values[place] > limit:
        place -= 1
    return place


def _back_to_above(values: list[float], place: int, first: int, limit: float) -> int:
    """The same for the limit or more."""
    while place > first and values[place] < limit:
        place -= 1
    return place


def _on_to_below(values: list[float], place: int, last: int, limit: float) -> int:
    """The first place from `place` on whose value is the limit or less; `last` where there is none before."""
    while place < last and values[place] > limit:
        place += 1
    return place


def _on_to_above(values: list[float], place: int, last: int, limit: float) -> int:
    """The same for the limit or more."""
    while place < last and values[place] < limit:
        place += 1
    return place
