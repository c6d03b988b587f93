"""Still stretches of a phase: where a pose can be averaged."""

import math
from dataclasses import dataclass

import numpy as np

from tracker.model import FloatArray, TimedBlock
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2, StillnessParameters


@dataclass(frozen=True, slots=True)
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
    epochs = _epochs(samples, parameters)
    best: tuple[int, int] | None = None
    run_start = 0
    previous_mean: FloatArray | None = None
    for index, (start, stop) in enumerate(epochs):
        if has_outage(samples.part(start, stop), parameters) or not _is_still(
            samples, start, stop, parameters
        ):
            previous_mean, run_start = None, index + 1
            continue
        mean = samples.accelerometer_m_per_s2[start:stop].mean(axis=0)
        turned = previous_mean is not None and _angle_rad(previous_mean, mean) > _turn_limit_rad(parameters)
        if turned or has_outage(samples.part(max(0, start - 1), start + 1), parameters):
            run_start = index
        previous_mean = mean
        if best is None or index + 1 - run_start >= best[1] - best[0]:
            best = (run_start, index + 1)
    if best is None:
        return None
    return _stretch(samples, epochs[best[0] : best[1]])


def still_beginning(samples: TimedBlock, parameters: StillnessParameters) -> StillStretch | None:
    """The still epochs that a phase begins with; None where the first one is not still."""
    count = 0
    epochs = _epochs(samples, parameters)
    for start, stop in epochs:
        if not _is_still(samples, start, stop, parameters):
            break
        count += 1
    return _stretch(samples, epochs[:count]) if count else None


def has_outage(samples: TimedBlock, parameters: StillnessParameters) -> bool:
    """True where samples are missing for longer than an epoch."""
    return bool((np.diff(samples.time_s) > parameters.epoch_s).any())


def _epochs(samples: TimedBlock, parameters: StillnessParameters) -> list[tuple[int, int]]:
    """Index ranges of consecutive epochs, of as many samples each; what is left over is not used."""
    time_s = samples.time_s
    if len(time_s) < 2:
        return []
    interval_s = float(np.median(np.diff(time_s)))
    count = max(2, round(parameters.epoch_s / interval_s))
    return [(at, at + count) for at in range(0, len(time_s) - count + 1, count)]


def _is_still(samples: TimedBlock, start: int, stop: int, parameters: StillnessParameters) -> bool:
    rate = samples.gyroscope_rad_per_s[start:stop]
    force = np.linalg.norm(samples.accelerometer_m_per_s2[start:stop], axis=1)
    mean_rate = rate.mean(axis=0)
    spread = math.sqrt(float(((rate - mean_rate) ** 2).sum(axis=1).mean()))
    return (
        spread <= parameters.rate_spread_rad_per_s
        and float(np.linalg.norm(mean_rate)) <= parameters.mean_rate_rad_per_s
        and float(force.std()) <= parameters.force_spread_m_per_s2
        and abs(float(force.mean()) - STANDARD_GRAVITY_M_PER_S2) <= parameters.force_error_m_per_s2
    )


def _turn_limit_rad(parameters: StillnessParameters) -> float:
    return parameters.turn_rate_rad_per_s * parameters.epoch_s


def _angle_rad(first: FloatArray, second: FloatArray) -> float:
    (a, b, c), (d, e, f) = first.tolist(), second.tolist()
    cross = math.hypot(b * f - c * e, c * d - a * f, a * e - b * d)
    return math.atan2(cross, a * d + b * e + c * f)


def _stretch(samples: TimedBlock, epochs: list[tuple[int, int]]) -> StillStretch:
    start, stop = epochs[0][0], epochs[-1][1]
    force = samples.accelerometer_m_per_s2
    mean = force[start:stop].mean(axis=0)
    up = mean / np.linalg.norm(mean)
    angles = [_angle_rad(up, force[first:last].mean(axis=0)) for first, last in epochs]
    return StillStretch(
        start,
        stop,
        float(samples.time_s[start]),
        float(samples.time_s[stop - 1]),
        up,
        math.sqrt(sum(angle * angle for angle in angles) / len(angles)),
        bool(samples.saturated[start:stop].any()),
    )
