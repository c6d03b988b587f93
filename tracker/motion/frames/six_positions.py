"""Offsets and scales of an accelerometer from six positions, one on each side, and a seventh to check them.

In each position the true specific force is 1 g long, whatever its exact direction, so the sensor need not
stand exactly upright: offsets o and scales s make the lengths of (m - o) s equal to 1 g (Frosio, Pedersini,
Borghese, IEEE Trans Instrum Meas 58:2034, 2009, without cross-axis terms). That 1 g differs by 0.3 % between
places changes all scales alike and no direction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

import numpy as np

from tracker.model import FloatArray, TimedBlock
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2, StillnessParameters
from tracker.motion.stillness import longest_still_stretch

_STEPS = 20
"""Gauss-Newton steps; the sixth changes nothing any more for errors below 10 %."""

_LOOK_S = 0.1
"""How often it is looked for a position: in steps of an epoch its grid would stay, and miss short ones."""


class Face(StrEnum):
    """The side of the sensor that is up."""

    X_UP = "+x"
    X_DOWN = "-x"
    Y_UP = "+y"
    Y_DOWN = "-y"
    Z_UP = "+z"
    Z_DOWN = "-z"


@dataclass(frozen=True, slots=True)
class SixPositionParameters:
    """Taking the positions and judging the result.

    Attributes:
        still_s: how long the sensor lies still in each position.
        force_error_m_per_s2: largest deviation of the force from 1 g that still counts as lying still, wide
            enough for any sensor that is refused by its offset or its scale: nobody could tell it otherwise.
        flat_share: least share of gravity along the axis that is up: 0.9 allows 25 deg of tilt.
        slanted_share: largest share of gravity along any axis in the position that checks: 0.85 is 32 deg.
        largest_offset_m_per_s2: a larger offset is a broken or shaken sensor.
        largest_scale_error: the same for the scale's difference from one.
        largest_residual_m_per_s2: largest error that the check may show.
    """

    still_s: float = field(default=2.0, metadata={"above": 0.0})
    force_error_m_per_s2: float = 0.5 * STANDARD_GRAVITY_M_PER_S2
    flat_share: float = 0.9
    slanted_share: float = 0.85
    largest_offset_m_per_s2: float = 0.15 * STANDARD_GRAVITY_M_PER_S2
    largest_scale_error: float = 0.08
    largest_residual_m_per_s2: float = 0.010 * STANDARD_GRAVITY_M_PER_S2


@dataclass(frozen=True, slots=True)
class OffsetsAndScales:
    """The result, (3,) each, and the error of the position that was kept for checking."""

    offset_m_per_s2: tuple[float, float, float]
    scale: tuple[float, float, float]
    residual_m_per_s2: float


Taken = Face | Literal["slanted"]


class SixPositions:
    """Takes the positions from a sensor's samples as they come, in any order of the sides."""

    def __init__(self, parameters: SixPositionParameters, stillness: StillnessParameters) -> None:
        self._parameters = parameters
        self._stillness = replace(stillness, force_error_m_per_s2=parameters.force_error_m_per_s2)
        self._means: dict[Face, FloatArray] = {}
        self._check: FloatArray | None = None
        self._fresh: list[TimedBlock] = []
        self._recent: list[TimedBlock] = []

    @property
    def missing(self) -> tuple[Face, ...]:
        """Sides that were not up yet."""
        return tuple(face for face in Face if face not in self._means)

    @property
    def complete(self) -> bool:
        """True when all six sides and the slanted position were taken."""
        return not self.missing and self._check is not None

    def feed(self, block: TimedBlock) -> list[Taken]:
        """Take the next samples; what they complete. A slanted position counts once all sides were up.

        However they are cut into blocks, they are looked at in the same steps.
        """
        if not len(block):
            return []
        self._fresh.append(block)
        if block.time_s[-1] - self._fresh[0].time_s[0] < _LOOK_S:
            return []
        fresh = TimedBlock.joined(block.placement, self._fresh)
        taken: list[Taken] = []
        while fresh.time_s[-1] - fresh.time_s[0] >= _LOOK_S:
            stop = int(np.searchsorted(fresh.time_s, fresh.time_s[0] + _LOOK_S))
            taken += self._look_at(fresh.part(0, stop))
            fresh = fresh.part(stop, len(fresh))
        self._fresh = [fresh]
        return taken

    def forget_position(self) -> None:
        """What the sensor does now is no more of what it did before: the position begins anew."""
        self._fresh, self._recent = [], []

    def result(self) -> OffsetsAndScales | str:
        """Offsets and scales, or why they are not to be used, in plain words."""
        if self._check is None or self.missing:
            return "not all positions were held"
        offset, scale = fit_offsets_and_scales(self._means)
        limit = self._parameters
        # Written so that what is no number is refused too.
        if not np.abs(offset).max() <= limit.largest_offset_m_per_s2:
            return "an offset is larger than any sound sensor's"
        if not np.abs(scale - 1.0).max() <= limit.largest_scale_error:
            return "a scale is further from one than any sound sensor's"
        length = float(np.sqrt((((self._check - offset) * scale) ** 2).sum()))
        residual = abs(length - STANDARD_GRAVITY_M_PER_S2)
        if residual > limit.largest_residual_m_per_s2:
            return "the check does not agree: the sensor moved, or its axes are not square"
        return OffsetsAndScales(_three(offset), _three(scale), residual)

    def _look_at(self, step: TimedBlock) -> list[Taken]:
        recent = TimedBlock.joined(step.placement, [*self._recent, step])
        stretch = longest_still_stretch(recent, self._stillness)
        still_s = self._parameters.still_s
        if stretch is None or stretch.duration_s < still_s - 0.5 * self._stillness.epoch_s:
            from_s = float(recent.time_s[-1]) - 2.0 * still_s
            self._recent = [recent.part(int(np.searchsorted(recent.time_s, from_s)), len(recent))]
            return []
        self._recent = []
        mean = recent.accelerometer_m_per_s2[stretch.start : stretch.stop].mean(axis=0)
        return [] if stretch.saturated else self._take(mean)

    def _take(self, mean: FloatArray) -> list[Taken]:
        shares = mean / np.sqrt((mean * mean).sum())
        axis = int(np.argmax(np.abs(shares)))
        if abs(shares[axis]) >= self._parameters.flat_share:
            face = Face(f"{'+' if shares[axis] > 0 else '-'}{'xyz'[axis]}")
            if face not in self._means:
                self._means[face] = mean
                return [face]
        elif abs(shares[axis]) <= self._parameters.slanted_share and not self.missing and self._check is None:
            self._check = mean
            return ["slanted"]
        return []


def fit_offsets_and_scales(means: Mapping[Face, FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Offsets in m/s2 and scales, (3,) each, that make the mean of each side 1 g long."""
    measured = np.stack([means[face] for face in Face]) / STANDARD_GRAVITY_M_PER_S2
    offset, scale = np.zeros(3), np.ones(3)
    for _ in range(_STEPS):
        shifted = measured - offset
        errors = ((shifted * scale) ** 2).sum(axis=1) - 1.0
        slopes = np.hstack([-2.0 * shifted * scale**2, 2.0 * shifted**2 * scale])
        step, *_ = np.linalg.lstsq(slopes, -errors, rcond=None)
        offset, scale = offset + step[:3], scale + step[3:]
    return offset * STANDARD_GRAVITY_M_PER_S2, scale


def _three(vector: FloatArray) -> tuple[float, float, float]:
    x, y, z = vector.tolist()
    return x, y, z
