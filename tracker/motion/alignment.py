"""Where the body's axes lie in a sensor's frame, taken from two still poses.

`standing` gives the long axis y (up along an upright segment); `reference` gives the front x (up across
a lying segment of neutral rotation), made perpendicular to y; z = x cross y points to the right. The
strap's rotation on the leg cancels, because both poses are taken in one donning.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from tracker.model import FloatArray, TimedBlock
from tracker.motion.parameters import AlignmentParameters, StillnessParameters
from tracker.motion.stillness import StillStretch, longest_still_stretch

_HOUSING_Y = np.array([0.0, 1.0, 0.0])
_HOUSING_X = np.array([1.0, 0.0, 0.0])
_PARALLEL = 1e-6
"""Sine of an angle below which two axes count as one."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """The poses that one sensor's axes are taken from; a pose not held yet is None.

    Attributes:
        standing: up in the sensor frame while standing, (3,) unit vector.
        reference: up in the sensor frame in the reference pose, (3,) unit vector.
    """

    standing: FloatArray | None = None
    reference: FloatArray | None = None
    _axes: FloatArray = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_axes", _segment_axes(self.standing, self.reference))

    @property
    def recipe(self) -> str:
        """How the axes were found: `standing+reference`, `reference`, `standing` or `housing`."""
        held = [
            name
            for name, pose in (("standing", self.standing), ("reference", self.reference))
            if pose is not None
        ]
        return "+".join(held) or "housing"

    @property
    def has_zero(self) -> bool:
        """True where a reference pose gives the rotation its zero."""
        return self.reference is not None

    def axes(self) -> FloatArray:
        """(3, 3) rows: the segment's x, y, z axis in the sensor frame.

        Without `standing` the housing's y is taken as the long axis, without `reference` its x as the front.
        """
        return self._axes

    def to_segment(self, vectors: FloatArray) -> FloatArray:
        """Vectors of the sensor frame, (N, 3), in the segment's frame, (N, 3)."""
        axes = self._axes
        turned = np.empty_like(vectors)
        for row in range(3):
            # Written out: a matrix product rounds differently for different lengths.
            turned[:, row] = (
                vectors[:, 0] * axes[row, 0] + vectors[:, 1] * axes[row, 1] + vectors[:, 2] * axes[row, 2]
            )
        return turned


@dataclass(frozen=True, slots=True)
class PoseOutcome:
    """What became of a calibration pose.

    Attributes:
        alignment: the alignment from here on; unchanged where the pose was refused.
        refused: why the pose was not taken, in plain words; None where it was.
    """

    alignment: Alignment
    refused: str | None = None


def with_standing(
    before: Alignment, samples: TimedBlock, parameters: AlignmentParameters, stillness: StillnessParameters
) -> PoseOutcome:
    """Take the long axis from the samples of a `standing` phase."""
    stretch, refused = _held_pose(samples, parameters, stillness)
    if stretch is None:
        return PoseOutcome(before, refused)
    if before.reference is not None and _same_posture(stretch.up, before.reference, parameters):
        return PoseOutcome(before, "the thigh lay as in the reference pose")
    return PoseOutcome(replace(before, standing=stretch.up))


def with_reference(
    before: Alignment, samples: TimedBlock, parameters: AlignmentParameters, stillness: StillnessParameters
) -> PoseOutcome:
    """Take the front, and with it the zero of the rotation, from the samples of a `reference` phase."""
    stretch, refused = _held_pose(samples, parameters, stillness)
    if stretch is None:
        return PoseOutcome(before, refused)
    long_axis = _HOUSING_Y if before.standing is None else before.standing
    if _same_posture(stretch.up, long_axis, parameters):
        return PoseOutcome(before, "the thigh was near vertical in the reference pose")
    return PoseOutcome(replace(before, reference=stretch.up))


def _same_posture(up: FloatArray, other: FloatArray, parameters: AlignmentParameters) -> bool:
    """True where two directions of up, or their reverses, are too near each other to give two axes."""
    along = float(np.clip((up * other).sum(), -1.0, 1.0))
    return bool(np.arccos(abs(along)) < parameters.minimum_angle_between_poses_rad)


def _held_pose(
    samples: TimedBlock, parameters: AlignmentParameters, stillness: StillnessParameters
) -> tuple[StillStretch | None, str | None]:
    if not len(samples):
        return None, "no samples in the pose"
    stretch = longest_still_stretch(samples, stillness)
    if stretch is None or stretch.duration_s < parameters.minimum_still_s - stillness.epoch_s / 2:
        return None, "the sensor moved during the pose"
    if stretch.saturated:
        return None, "the sensor was at the end of its range during the pose"
    return stretch, None


def _segment_axes(standing: FloatArray | None, reference: FloatArray | None) -> FloatArray:
    long_axis = _HOUSING_Y if standing is None else standing
    front = _HOUSING_X if reference is None else reference
    across = front - (front * long_axis).sum() * long_axis
    length = np.sqrt((across * across).sum())
    if length < _PARALLEL:
        # The housing's x lies along the leg: any perpendicular serves, as there is no zero anyway.
        across = np.cross(long_axis, np.array([0.0, 0.0, 1.0]))
        length = np.sqrt((across * across).sum())
    x_axis = across / length
    return np.stack([x_axis, long_axis, np.cross(x_axis, long_axis)])
