"""Units of foreign recordings, and whether the numbers fit them.

People say the wrong unit easily, and a wrong one gives results that look right in shape. So the
numbers are held against what a body allows: gravity has a known length, a limb turns at rates that
fit its accelerations, and turning with the gyroscope must keep gravity where it is.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from tracker.model import FloatArray

STANDARD_GRAVITY_M_PER_S2 = 9.80665


class AccelerometerUnit(StrEnum):
    """Unit of the columns `ax`, `ay`, `az`."""

    M_PER_S2 = "m/s2"
    G = "g"
    MG = "mg"

    @property
    def in_m_per_s2(self) -> float:
        """One of this unit in m/s2."""
        return {
            AccelerometerUnit.M_PER_S2: 1.0,
            AccelerometerUnit.G: STANDARD_GRAVITY_M_PER_S2,
            AccelerometerUnit.MG: STANDARD_GRAVITY_M_PER_S2 / 1000,
        }[self]


class GyroscopeUnit(StrEnum):
    """Unit of the columns `gx`, `gy`, `gz`."""

    RAD_PER_S = "rad/s"
    DEG_PER_S = "deg/s"

    @property
    def in_rad_per_s(self) -> float:
        """One of this unit in rad/s."""
        return 1.0 if self is GyroscopeUnit.RAD_PER_S else math.radians(1)

    @property
    def other(self) -> "GyroscopeUnit":
        """The unit that this one is mistaken for."""
        return GyroscopeUnit.DEG_PER_S if self is GyroscopeUnit.RAD_PER_S else GyroscopeUnit.RAD_PER_S


Unit: TypeAlias = AccelerometerUnit | GyroscopeUnit


@dataclass(frozen=True, slots=True)
class Misfit:
    """Numbers that do not fit the unit that was said.

    Attributes:
        finding: what the numbers show, in plain words.
        fitting: the unit that would fit; None where none does.
    """

    finding: str
    fitting: Unit | None


# Between these multiples of gravity a still length passes. Units are a factor of 9.8 or more apart;
# the fastest real set measured (short, never still) is at 1.40, the stillest data at 1.00.
_LEAST_GRAVITY, _MOST_GRAVITY = 0.5, 2.0
_STILL_WINDOW_S = 0.5
_STILL_SHARE = 0.1

# Sensors for the body end at 2,000 deg/s, the fastest at 4,000 (70 rad/s).
_MOST_RATE_RAD_PER_S = 100.0

_SMOOTH_S = 0.1
_MOVING_WINDOW_S = 1.0
_MOVING_M_PER_S2 = 0.7
_LEAST_MOVING_WINDOWS = 6
# Spread of acceleration by rate of turn in a moving window. Gravity turning at a steady rate gives up
# to 2.8, real data 0.5 (forearm) to 8 (pelvis of a runner); 57 times as much, 27 at least, where
# rad/s were taken for deg/s.
_MOST_M_PER_S_PER_RAD = 20.0

_TURNING_WINDOW_S = 2.0
_MOST_TURNING_WINDOWS = 200
_CLEAR_SHARE = 0.9
_CLEAR_RATIO = 1.5


def check_accelerometer(
    rate_hz: float, accelerometer: FloatArray, gyroscope: FloatArray, unit: AccelerometerUnit
) -> Misfit | None:
    """Whether the length of the acceleration at rest is that of gravity in `unit`.

    Args:
        accelerometer: (N, 3) in `unit`.
        gyroscope: (N, 3) in any unit.
    """
    length = still_length(rate_hz, accelerometer, gyroscope)
    if _is_gravity(length, unit):
        return None
    fitting = next((other for other in AccelerometerUnit if _is_gravity(length, other)), None)
    expected = STANDARD_GRAVITY_M_PER_S2 / unit.in_m_per_s2
    finding = f"held still, the accelerations are {length:.3g} {unit} long and not about {expected:.3g}"
    return Misfit(finding, fitting)


def _is_gravity(length: float, unit: AccelerometerUnit) -> bool:
    return _LEAST_GRAVITY <= length * unit.in_m_per_s2 / STANDARD_GRAVITY_M_PER_S2 <= _MOST_GRAVITY


def still_length(rate_hz: float, accelerometer: FloatArray, gyroscope: FloatArray) -> float:
    """Length of the acceleration in the stillest tenth of the time, in the unit of the data.

    Still is where the rate of turn is low and the length steady; both only by comparison within
    the data, so that it works in any unit and where nothing was really still.
    """
    lengths = np.linalg.norm(accelerometer, axis=1)
    size = min(len(lengths), _samples(_STILL_WINDOW_S, rate_hz))
    windows = _windows(lengths, size)
    turning = np.sqrt(_windows(np.square(gyroscope).sum(axis=1), size).mean(axis=1))
    unsteady = windows.std(axis=1)
    # The sum of both ranks: neither quantity needs a unit or a threshold.
    badness = turning.argsort().argsort() + unsteady.argsort().argsort()
    count = min(len(windows), max(3, round(_STILL_SHARE * len(windows))))
    return float(np.median(windows[badness.argsort(kind="stable")[:count]]))


def check_gyroscope(
    rate_hz: float, accelerometer_m_per_s2: FloatArray, gyroscope: FloatArray, unit: GyroscopeUnit
) -> Misfit | None:
    """Whether the rates of turn fit `unit`; says so only where the evidence is clear.

    Args:
        accelerometer_m_per_s2: (N, 3).
        gyroscope: (N, 3) in `unit`.
    """
    rates = gyroscope * unit.in_rad_per_s
    peak = float(np.abs(rates).max())
    if peak > _MOST_RATE_RAD_PER_S:
        fits = unit is GyroscopeUnit.RAD_PER_S and math.radians(peak) <= _MOST_RATE_RAD_PER_S
        finding = f"the gyroscope peaks at {peak / unit.in_rad_per_s:.4g} {unit}, which no body reaches"
        return Misfit(finding, unit.other if fits else None)
    factor = unit.other.in_rad_per_s / unit.in_rad_per_s
    if not _other_unit_fits(rate_hz, accelerometer_m_per_s2, rates, factor):
        return None
    pace = "slowly" if factor > 1 else "fast"
    return Misfit(f"the gyroscope turns far too {pace} for these accelerations", unit.other)


def _other_unit_fits(
    rate_hz: float, accelerometer_m_per_s2: FloatArray, rates: FloatArray, factor: float
) -> bool:
    """True where `rates` times `factor` go with the accelerations and `rates` themselves do not."""
    # Movements of a body are slower than the vibrations that averages over a tenth of a second take away.
    smooth = max(1, round(_SMOOTH_S * rate_hz))
    size = _samples(_MOVING_WINDOW_S, rate_hz / smooth)
    spread = _spread(_windows(_windows(accelerometer_m_per_s2, smooth).mean(axis=1), size))
    moving = spread > _MOVING_M_PER_S2
    if np.count_nonzero(moving) < _LEAST_MOVING_WINDOWS:
        return False
    squares = np.square(_windows(rates, smooth).mean(axis=1)).sum(axis=1)
    turning = np.sqrt(_windows(squares, size).mean(axis=1))
    ratios = spread[moving] / np.maximum(turning[moving], 1e-6)
    if np.median(ratios) / factor > _MOST_M_PER_S_PER_RAD:
        return False
    as_said, otherwise = _gravity_lost(rate_hz, accelerometer_m_per_s2, rates, factor)
    if not len(as_said):
        return False
    if np.mean(ratios > _MOST_M_PER_S_PER_RAD) >= _CLEAR_SHARE:
        return bool(np.median(otherwise) <= _CLEAR_RATIO * np.median(as_said))
    return bool(
        np.mean(otherwise < as_said) >= _CLEAR_SHARE
        and np.median(as_said) >= _CLEAR_RATIO * np.median(otherwise)
    )


def _samples(seconds: float, rate_hz: float) -> int:
    return max(2, round(seconds * rate_hz))


def _windows(values: FloatArray, size: int) -> FloatArray:
    """Whole windows of `size` samples, as rows; further axes stay."""
    count = len(values) // size
    return values[: count * size].reshape(count, size, *values.shape[1:])


def _spread(windows: FloatArray) -> FloatArray:
    """Standard deviation of the vectors in each window (W, n, 3), of all axes together."""
    spread: FloatArray = np.sqrt(windows.var(axis=1).sum(axis=1))
    return spread


def _gravity_lost(
    rate_hz: float, accelerometer_m_per_s2: FloatArray, rates: FloatArray, factor: float
) -> tuple[FloatArray, FloatArray]:
    """How badly the rates keep gravity in place, as they are and times `factor`, in moving windows."""
    size = _samples(_TURNING_WINDOW_S, rate_hz)
    accelerations, turns = _windows(accelerometer_m_per_s2, size), _windows(rates, size)
    moving = np.flatnonzero(_spread(accelerations) > _MOVING_M_PER_S2)
    chosen = moving[:: max(1, math.ceil(len(moving) / _MOST_TURNING_WINDOWS))]
    accelerations, turns = accelerations[chosen], turns[chosen]
    return _wandering(rate_hz, accelerations, turns), _wandering(rate_hz, accelerations, turns * factor)


def _wandering(rate_hz: float, accelerations: FloatArray, rates: FloatArray) -> FloatArray:
    """How much of gravity is lost when the accelerations of a window are turned back and averaged, 0 to 1.

    What a movement adds to gravity averages out in a frame that does not turn; gravity itself does so
    only where the rates are wrong.
    """
    count, size = accelerations.shape[:2]
    frames = np.broadcast_to(np.eye(3), (count, 3, 3)).copy()
    total = np.zeros((count, 3))
    for index in range(size):
        total += np.einsum("nij,nj->ni", frames, accelerations[:, index])
        frames = frames @ _rotations(rates[:, index] / rate_hz)
    mean_length = np.linalg.norm(accelerations, axis=2).mean(axis=1)
    lost: FloatArray = 1.0 - np.linalg.norm(total, axis=1) / size / np.maximum(mean_length, 1e-9)
    return lost


def _rotations(vectors: FloatArray) -> FloatArray:
    """Rotation matrices (N, 3, 3) of rotation vectors (N, 3), radians."""
    angle = np.linalg.norm(vectors, axis=1)[:, None, None]
    cross = np.zeros((len(vectors), 3, 3))
    cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -vectors[:, 2], vectors[:, 1], -vectors[:, 0]
    cross -= cross.transpose(0, 2, 1)
    rotations: FloatArray = (
        np.eye(3)
        + np.sinc(angle / np.pi) * cross
        + 0.5 * np.square(np.sinc(angle / (2 * np.pi))) * (cross @ cross)
    )
    return rotations
