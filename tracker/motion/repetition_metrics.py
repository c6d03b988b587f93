"""Range, times and phases of one repetition, from its signal."""

from dataclasses import dataclass

import numpy as np

from tracker.model import BoolArray, FloatArray
from tracker.motion.parameters import CountingRule

_SETTLED_SHARE = 0.1
"""Share of the range within which the signal counts as being at an end: phases are sought from there."""


@dataclass(frozen=True, slots=True)
class RepetitionShape:
    """Where the phases of a repetition lie, seconds on the recording's time line, and how fast it was.

    Attributes:
        peak_s: middle of the hold: the highest sample within it is chance.
    """

    start_s: float
    peak_s: float
    end_s: float
    peak_velocity_rad_per_s: float
    concentric_s: float
    hold_s: float
    eccentric_s: float


def shape_of(time_s: FloatArray, signal_rad: FloatArray, peak: int, rule: CountingRule) -> RepetitionShape:
    """Phases of a repetition that rises to sample `peak` and falls to the window's end.

    Phases are cut where the rate falls below `phase_rate_rad_per_s` or `phase_rate_share` of the peak rate,
    whichever is larger; that shortens a minimum-jerk phase T to T sqrt(1 - sqrt(limit / peak rate)).
    """
    rate = np.gradient(signal_rad, time_s) if len(time_s) > 1 else np.zeros(1)
    top = float(signal_rad[peak])
    rise, fall = top - float(signal_rad[: peak + 1].min()), top - float(signal_rad[peak:].min())
    near_top_up, near_top_down = top - _SETTLED_SHARE * rise, top - _SETTLED_SHARE * fall
    foot = int(np.flatnonzero(signal_rad[: peak + 1] <= top - (1 - _SETTLED_SHARE) * rise)[-1])
    first_top = foot + int(np.flatnonzero(signal_rad[foot : peak + 1] >= near_top_up)[0])
    last_top = peak + _last_before(signal_rad[peak:] >= near_top_down, signal_rad[peak:] <= top - fall / 2)
    landing = peak + int(np.flatnonzero(signal_rad[peak:] <= top - (1 - _SETTLED_SHARE) * fall)[0])
    fastest = float(rate[foot : first_top + 1].max())
    limit = max(rule.phase_rate_rad_per_s, rule.phase_rate_share * fastest)
    start = _last(rate[: foot + 1] <= limit, default=0)
    top_reached = first_top + _first(rate[first_top : peak + 1] <= limit, default=peak - first_top)
    descent = peak + _last(rate[peak : last_top + 1] >= -limit, default=0)
    end = landing + _first(rate[landing:] >= -limit, default=len(rate) - 1 - landing)
    times = time_s[[start, top_reached, max(descent, top_reached), end]]
    return RepetitionShape(
        start_s=float(times[0]),
        peak_s=float(times[1] + times[2]) / 2.0,
        end_s=float(times[3]),
        peak_velocity_rad_per_s=fastest,
        concentric_s=float(times[1] - times[0]),
        hold_s=float(times[2] - times[1]),
        eccentric_s=float(times[3] - times[2]),
    )


def _last_before(near_top: BoolArray, half_way: BoolArray) -> int:
    """The last sample near the top before the signal first passes half of its fall."""
    return int(np.flatnonzero(near_top[: _first(half_way, default=len(half_way))])[-1])


def _first(condition: BoolArray, *, default: int) -> int:
    places = np.flatnonzero(condition)
    return int(places[0]) if len(places) else default


def _last(condition: BoolArray, *, default: int) -> int:
    places = np.flatnonzero(condition)
    return int(places[-1]) if len(places) else default
