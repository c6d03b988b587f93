"""What changes over the repetitions of one set: range, speed and tempo."""

from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, median, pstdev

from tracker.model import ExerciseSet

_FEWEST = 4
"""Fewer repetitions tell no change: the last two would be half of all."""

_LAST = 2


@dataclass(frozen=True, slots=True)
class SetTrend:
    """Changes within a set, of its valid repetitions.

    Attributes:
        rom_loss_percent: mean range of the last two, against the largest one.
        velocity_loss_percent: the same of the peak rate; says nothing where a metronome sets the tempo.
        rom_slope_percent: change of the range a repetition, in the median range (Theil-Sen).
        duration_slope_percent: the same of the duration: a tempo that slows down is positive.
        duration_cv_percent: standard deviation of the durations in their mean.
    """

    rom_loss_percent: float
    velocity_loss_percent: float
    rom_slope_percent: float
    duration_slope_percent: float
    duration_cv_percent: float


def set_trend(done: ExerciseSet) -> SetTrend | None:
    """Changes over a set; None with fewer than four valid repetitions whose range is known."""
    known = [
        (rep.rom_rad, rep.peak_velocity_rad_per_s, rep.end_s - rep.start_s)
        for rep in done.repetitions
        if rep.valid and rep.rom_rad is not None and rep.peak_velocity_rad_per_s is not None
    ]
    if len(known) < _FEWEST:
        return None
    roms, velocities, durations = ([row[place] for row in known] for place in range(3))
    return SetTrend(
        rom_loss_percent=_loss_percent(roms),
        velocity_loss_percent=_loss_percent(velocities),
        rom_slope_percent=_slope_percent(roms),
        duration_slope_percent=_slope_percent(durations),
        duration_cv_percent=100.0 * pstdev(durations) / fmean(durations),
    )


def _loss_percent(values: list[float]) -> float:
    best = max(values)
    return 100.0 * (best - fmean(values[-_LAST:])) / best


def _slope_percent(values: list[float]) -> float:
    """Median slope between all pairs (Theil 1950, Sen 1968), in percent of the median a repetition."""
    slopes = [(later - earlier) / (j - i) for (i, earlier), (j, later) in combinations(enumerate(values), 2)]
    return 100.0 * median(slopes) / median(values)
