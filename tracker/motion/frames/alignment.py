"""Where a body segment's axes lie in its sensor's frame, taken from still poses.

The long axis y comes from `standing` (up along an upright segment), else from a knee lift, else from the
housing. `reference` gives the front x (up across a level segment of neutral rotation), made perpendicular
to y; z = x cross y points to the right. The strap's rotation on the leg cancels, because all are taken in
one donning.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from tracker.model import FloatArray, ReferenceRecipe, TimedBlock
from tracker.motion.parameters import AlignmentParameters, StillnessParameters
from tracker.motion.stillness import StillStretch, longest_still_stretch

NO_POSE_SAMPLES = "no samples in the pose"
"""Why a pose is refused in which the sensor sent nothing."""

_PARALLEL = 1e-6
"""Sine of an angle below which two axes count as one."""

_HOUSING_AXES = {name: np.array(axis, dtype=np.float64) for name, axis in zip("xyz", np.eye(3), strict=True)}


class LongAxisFrom(StrEnum):
    """Where a segment's long axis comes from, the surest first."""

    STANDING = "standing"
    KNEE_LIFT = "knee_lift"
    HOUSING = "housing"


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """What the poses of one sensor have given; what was not held yet is None.

    Attributes:
        long_axis: (3,) unit vector of the segment's long axis in the sensor frame, proximal.
        front: (3,) unit vector of up in the sensor frame in the reference pose.
        long_axis_from: where the long axis comes from.
        reference: how the reference pose was made neutral.
        reference_end_s: when the reference pose ended.
        housing_axis: (3,) unit vector of the housing's arrow, taken for the long axis where none is known.
    """

    long_axis: FloatArray | None = None
    front: FloatArray | None = None
    long_axis_from: LongAxisFrom = LongAxisFrom.HOUSING
    reference: ReferenceRecipe = ReferenceRecipe.PATELLA_UP
    reference_end_s: float | None = None
    housing_axis: FloatArray = field(default_factory=lambda: _HOUSING_AXES["y"])
    _axes: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        known = self.housing_axis if self.long_axis is None else self.long_axis
        object.__setattr__(self, "_axes", _segment_axes(known, self.front))

    @property
    def recipe(self) -> str:
        """Where long axis and zero come from, for example `standing+patella_up`; `housing` without any."""
        return self.long_axis_from.value + (f"+{self.reference.value}" if self.has_zero else "")

    @property
    def has_zero(self) -> bool:
        """True where a reference pose gives the rotation its zero."""
        return self.front is not None

    def axes(self) -> FloatArray:
        """(3, 3) rows: the segment's x, y, z axis in the sensor frame.

        Without a reference pose the front is one of the housing's axes.
        """
        return self._axes

    def to_segment(self, vectors: FloatArray) -> FloatArray:
        """Vectors of the sensor frame, (N, 3), in the segment's frame, (N, 3)."""
        axes = self._axes
        turned = np.empty_like(vectors)
        for row in range(3):
            turned[:, row] = along(vectors, axes[row])
        return turned


def along(vectors: FloatArray, axis: FloatArray) -> FloatArray:
    """Components of vectors, (N, 3), along an axis, (3,): (N,)."""
    # Written out: a matrix product rounds differently for different lengths.
    component: FloatArray = vectors[:, 0] * axis[0] + vectors[:, 1] * axis[1] + vectors[:, 2] * axis[2]
    return component


def unaligned(parameters: AlignmentParameters) -> Alignment:
    """The alignment before any pose: the axes are the housing's."""
    return Alignment(housing_axis=housing_axis(parameters))


def housing_axis(parameters: AlignmentParameters) -> FloatArray:
    """(3,) the housing's arrow in the sensor frame."""
    sign = -1.0 if parameters.housing_arrow.startswith("-") else 1.0
    return sign * _HOUSING_AXES[parameters.housing_arrow[-1]]


@dataclass(frozen=True, slots=True, eq=False)
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
    if before.front is not None and same_posture(stretch.up, before.front, parameters):
        return PoseOutcome(before, "the thigh lay as in the reference pose")
    return PoseOutcome(replace(before, long_axis=stretch.up, long_axis_from=LongAxisFrom.STANDING))


def with_knee_lift(before: Alignment, long_axis: FloatArray) -> Alignment:
    """Take the long axis that a knee lift showed, (3,), unless standing has given a surer one."""
    if before.long_axis_from is LongAxisFrom.STANDING:
        return before
    return replace(before, long_axis=long_axis, long_axis_from=LongAxisFrom.KNEE_LIFT)


def with_reference(
    before: Alignment,
    samples: TimedBlock,
    recipe: ReferenceRecipe,
    end_s: float,
    parameters: AlignmentParameters,
    stillness: StillnessParameters,
) -> PoseOutcome:
    """Take the front, and with it the zero of the rotation, from the samples of a `reference` phase."""
    stretch, refused = _held_pose(samples, parameters, stillness)
    if stretch is None:
        return PoseOutcome(before, refused)
    if same_posture(stretch.up, before.axes()[1], parameters):
        return PoseOutcome(before, "the thigh was near vertical in the reference pose")
    return PoseOutcome(replace(before, front=stretch.up, reference=recipe, reference_end_s=end_s))


def turn_between_rad(before: Alignment, after: Alignment) -> float | None:
    """By how much the front of a segment turned in its sensor between two alignments, about the long axis.

    The strap's turning on the leg and the reference pose's repeating are both in it. None without two zeros.
    """
    if before.front is None or after.front is None:
        return None
    x_axis, long_axis, z_axis = after.axes()
    earlier = before.front - (before.front * long_axis).sum() * long_axis
    return float(np.arctan2((earlier * z_axis).sum(), (earlier * x_axis).sum()))


def same_posture(up: FloatArray, other: FloatArray, parameters: AlignmentParameters) -> bool:
    """True where two directions, (3,) each, or their reverses, are too near each other to give two axes."""
    cosine = float(np.clip((up * other).sum(), -1.0, 1.0))
    return bool(np.arccos(abs(cosine)) < parameters.minimum_angle_between_poses_rad)


def _held_pose(
    samples: TimedBlock, parameters: AlignmentParameters, stillness: StillnessParameters
) -> tuple[StillStretch | None, str | None]:
    if not len(samples):
        return None, NO_POSE_SAMPLES
    stretch = longest_still_stretch(samples, stillness)
    if stretch is None or stretch.duration_s < parameters.minimum_still_s - stillness.epoch_s / 2:
        return None, "the sensor moved during the pose"
    if stretch.saturated:
        return None, "the sensor was at the end of its range during the pose"
    return stretch, None


def _segment_axes(long_axis: FloatArray, front: FloatArray | None) -> FloatArray:
    """Rows x, y, z. Without a front: a housing axis that the long axis leaves, x before z before y."""
    candidates = [_HOUSING_AXES[name] for name in "xzy"] if front is None else [front]
    for candidate in candidates:
        across = candidate - (candidate * long_axis).sum() * long_axis
        length = np.sqrt((across * across).sum())
        if length > _PARALLEL:
            break
    x_axis = across / length
    return np.stack([x_axis, long_axis, np.cross(x_axis, long_axis)])
