"""Still stretches of a phase: where a pose can be averaged."""

import math
from dataclasses import dataclass

import numpy as np

from tracker.model import BoolArray, FloatArray, TimedBlock
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2, StillnessParameters

_TINY = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class StillStretch:
    """Samples `start` to `stop` (not included) of a phase during which the sensor lay still.

    Attributes:
        up: (3,) unit direction of the mean specific force in the sensor frame.
        up_sd_rad: spread of gravity's direction over the stretch, standard deviation.
        saturated: true where any sample of it is at the range's end.
    """

    start: int
    stop: int
    start_s: float
    end_s: float
    up: FloatArray
    up_sd_rad: float
    saturated: bool

    @property
    def duration_s(self) -> float:
        """Length of the stretch."""
        return self.end_s - self.start_s


def longest_still_stretch(samples: TimedBlock, parameters: StillnessParameters) -> StillStretch | None:
    """The longest stretch of still epochs in a phase, the latest of equals; None where there is none.

    Some lost samples do not part a stretch. An outage as long as an epoch does: what went on in it is not
    known.
    """
    epochs = _Epochs.of(samples, parameters)
    parted = epochs.parted(parameters)
    best: tuple[int, int] | None = None
    run_start = 0
    for index, (still, is_parted) in enumerate(
        zip((epochs.still & ~epochs.outage).tolist(), parted.tolist(), strict=True)
    ):
        if not still:
            run_start = index + 1
            continue
        if is_parted:
            run_start = index
        if best is None or index + 1 - run_start >= best[1] - best[0]:
            best = (run_start, index + 1)
    return None if best is None else epochs.stretch(samples, *best)


def still_beginning(samples: TimedBlock, parameters: StillnessParameters) -> StillStretch | None:
    """The still epochs that a phase begins with, up to an outage; None where the first one is not still."""
    epochs = _Epochs.of(samples, parameters)
    ends = ~epochs.still | epochs.outage | epochs.parted(parameters)
    count = int(np.argmax(ends)) if ends.any() else len(ends)
    return epochs.stretch(samples, 0, count) if count else None


def has_outage(samples: TimedBlock, parameters: StillnessParameters) -> bool:
    """True where samples are missing for longer than an epoch."""
    return bool((np.diff(samples.time_s) > parameters.epoch_s).any())


@dataclass(frozen=True, slots=True, eq=False)
class _Epochs:
    """E consecutive epochs of as many samples each; what is left over at the end is not used.

    Attributes:
        count: samples of an epoch.
        mean_force: (E, 3).
        still: (E,) where the sensor neither turned nor was shaken.
        outage, outage_before: (E,) where samples are missing for longer than an epoch, within or just before.
        turn_cosine: (E,) of the angle between the mean forces of an epoch and of the one before it.
    """

    count: int
    mean_force: FloatArray
    still: BoolArray
    outage: BoolArray
    outage_before: BoolArray
    turn_cosine: FloatArray

    @classmethod
    def of(cls, samples: TimedBlock, parameters: StillnessParameters) -> "_Epochs":
        """The epochs of a phase."""
        steps_s = np.diff(samples.time_s)
        count = max(2, round(parameters.epoch_s / float(np.median(steps_s)))) if len(steps_s) else 2
        number = len(samples) // count
        used = number * count
        force = samples.accelerometer_m_per_s2[:used].reshape(number, count, 3)
        rate = samples.gyroscope_rad_per_s[:used].reshape(number, count, 3)
        mean_force, mean_rate = force.mean(axis=1), rate.mean(axis=1)
        size = np.sqrt((force * force).sum(axis=2))
        spread = np.sqrt(((rate - mean_rate[:, np.newaxis]) ** 2).sum(axis=2).mean(axis=1))
        still = (
            (spread <= parameters.rate_spread_rad_per_s)
            & (np.linalg.norm(mean_rate, axis=1) <= parameters.mean_rate_rad_per_s)
            & (size.std(axis=1) <= parameters.force_spread_m_per_s2)
            & (np.abs(size.mean(axis=1) - STANDARD_GRAVITY_M_PER_S2) <= parameters.force_error_m_per_s2)
        )
        # The step into each sample; there is none into the first.
        missing: BoolArray = np.concatenate([[0.0], steps_s]) > parameters.epoch_s
        missing = missing[:used].reshape(number, count)
        unit = mean_force / np.maximum(np.linalg.norm(mean_force, axis=1, keepdims=True), _TINY)
        turn_cosine = np.ones(number)
        turn_cosine[1:] = (unit[1:] * unit[:-1]).sum(axis=1)
        outage = np.logical_or.reduce(missing[:, 1:], axis=1)
        return cls(count, mean_force, still, outage, missing[:, 0], turn_cosine)

    def parted(self, parameters: StillnessParameters) -> BoolArray:
        """(E,) where what lay still before an epoch is another stretch than what lies still in it."""
        turn_limit = math.cos(parameters.turn_rate_rad_per_s * parameters.epoch_s)
        return self.outage_before | (self.turn_cosine < turn_limit)

    def stretch(self, samples: TimedBlock, first: int, last: int) -> StillStretch:
        """Epochs `first` up to, not including, `last` as one stretch."""
        start, stop = first * self.count, last * self.count
        mean = samples.accelerometer_m_per_s2[start:stop].mean(axis=0)
        up = mean / np.linalg.norm(mean)
        cross = np.linalg.norm(np.cross(self.mean_force[first:last], up), axis=1)
        angles = np.arctan2(cross, self.mean_force[first:last] @ up)
        return StillStretch(
            start,
            stop,
            float(samples.time_s[start]),
            float(samples.time_s[stop - 1]),
            up,
            float(np.sqrt(np.mean(angles * angles))),
            bool(samples.saturated[start:stop].any()),
        )
