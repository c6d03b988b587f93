"""Hip angles, pelvis postures and rotation matrices of the simulated body.

A matrix `R_ab` turns components in frame b into components in frame a. Segment frames are ISB:
x anterior, y proximal, z to the right, on both legs. The world has y up; an upright pelvis has the
world's axes.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tracker.model import FloatArray, Side


def about_x(angle_rad: npt.ArrayLike) -> FloatArray:
    """Right-handed rotation about x; (...,) rad to (..., 3, 3)."""
    return _about(angle_rad, 1, 2)


def about_y(angle_rad: npt.ArrayLike) -> FloatArray:
    """Right-handed rotation about y; (...,) rad to (..., 3, 3)."""
    return _about(angle_rad, 2, 0)


def about_z(angle_rad: npt.ArrayLike) -> FloatArray:
    """Right-handed rotation about z; (...,) rad to (..., 3, 3)."""
    return _about(angle_rad, 0, 1)


def _about(angle_rad: npt.ArrayLike, first: int, second: int) -> FloatArray:
    """Rotation that turns axis `first` towards axis `second`."""
    angle = np.asarray(angle_rad, dtype=np.float64)
    matrix = np.zeros((*angle.shape, 3, 3))
    fixed = 3 - first - second
    matrix[..., fixed, fixed] = 1.0
    matrix[..., first, first] = matrix[..., second, second] = np.cos(angle)
    matrix[..., second, first] = np.sin(angle)
    matrix[..., first, second] = -matrix[..., second, first]
    return matrix


def rotation_from_vector(vector_rad: npt.ArrayLike) -> FloatArray:
    """Rotation about one axis by the vector's length (Rodrigues' formula).

    Args:
        vector_rad: (3,) rotation vector.

    Returns:
        (3, 3) matrix.
    """
    x, y, z = (float(part) for part in np.asarray(vector_rad, dtype=np.float64))
    angle = float(np.sqrt(x * x + y * y + z * z))
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    # sinc(t) = sin(pi t) / (pi t): both factors stay exact at angle zero
    sine = np.sinc(angle / np.pi)
    cosine = 0.5 * np.sinc(angle / (2.0 * np.pi)) ** 2
    turned: FloatArray = np.eye(3) + sine * cross + cosine * (cross @ cross)
    return turned


def vector_from_rotation(matrix: FloatArray) -> FloatArray:
    """Rotation vector of a rotation by less than 180 degrees: the logarithm map.

    Args:
        matrix: (N, 3, 3).

    Returns:
        (N, 3) rad, along the axis, as long as the angle.
    """
    doubled = np.empty((len(matrix), 3))
    doubled[:, 0] = matrix[:, 2, 1] - matrix[:, 1, 2]
    doubled[:, 1] = matrix[:, 0, 2] - matrix[:, 2, 0]
    doubled[:, 2] = matrix[:, 1, 0] - matrix[:, 0, 1]
    sine = 0.5 * np.sqrt((doubled * doubled).sum(axis=1))
    cosine = 0.5 * (matrix[:, 0, 0] + matrix[:, 1, 1] + matrix[:, 2, 2] - 1.0)
    turns = sine > 0.0
    scale = np.full(len(matrix), 0.5)
    scale[turns] = 0.5 * np.arctan2(sine[turns], cosine[turns]) / sine[turns]
    vector: FloatArray = doubled * scale[:, np.newaxis]
    return vector


@dataclass(frozen=True, slots=True, eq=False)
class HipAngles:
    """Angles of one hip in the ISB joint coordinate system; arrays of one shape.

    Attributes:
        flexion_rad: positive forward.
        adduction_rad: positive inward, on both legs.
        internal_rotation_rad: positive inward, on both legs.
    """

    flexion_rad: FloatArray
    adduction_rad: FloatArray
    internal_rotation_rad: FloatArray

    @classmethod
    def of(
        cls, flexion_rad: float = 0.0, adduction_rad: float = 0.0, internal_rotation_rad: float = 0.0
    ) -> "HipAngles":
        """One pose, as arrays without a dimension."""
        return cls(np.asarray(flexion_rad), np.asarray(adduction_rad), np.asarray(internal_rotation_rad))

    @classmethod
    def from_rotation(cls, matrix: FloatArray, side: Side) -> "HipAngles":
        """Angles of `R_PF`, (..., 3, 3); unique while adduction stays within 90 degrees."""
        sign = side.sign
        return cls(
            np.asarray(np.arctan2(-matrix[..., 0, 1], matrix[..., 1, 1])),
            np.asarray(sign * np.arcsin(np.clip(matrix[..., 2, 1], -1.0, 1.0))),
            np.asarray(sign * np.arctan2(-matrix[..., 2, 0], matrix[..., 2, 2])),
        )

    def rotation(self, side: Side) -> FloatArray:
        """Femur in the pelvis, `R_PF = Rz(a) Rx(b) Ry(g)` (intrinsic ZXY; Wu 2002), (..., 3, 3).

        The left leg is the mirror: it takes -b and -g.
        """
        sign = side.sign
        ca, sa = np.cos(self.flexion_rad), np.sin(self.flexion_rad)
        cb, sb = np.cos(self.adduction_rad), sign * np.sin(self.adduction_rad)
        cg, sg = np.cos(self.internal_rotation_rad), sign * np.sin(self.internal_rotation_rad)
        sa_sb, ca_sb = sa * sb, ca * sb
        matrix = np.empty((*np.shape(self.flexion_rad), 3, 3))
        matrix[..., 0, 0] = ca * cg - sa_sb * sg
        matrix[..., 1, 0] = sa * cg + ca_sb * sg
        matrix[..., 2, 0] = -cb * sg
        matrix[..., 0, 1] = -sa * cb
        matrix[..., 1, 1] = ca * cb
        matrix[..., 2, 1] = sb
        matrix[..., 0, 2] = ca * sg + sa_sb * cg
        matrix[..., 1, 2] = sa * sg - ca_sb * cg
        matrix[..., 2, 2] = cb * cg
        return matrix

    def rolled(self, knee_roll_rad: FloatArray, side: Side) -> "HipAngles":
        """The hip angles after the whole leg has turned inward about the pelvis' long axis.

        In hook-lying with the foot planted level with the hip, the line from hip to ankle is parallel
        to that axis, so this is the knee rolling inward over a resting foot; it mixes rotation and
        adduction (45 degrees of flexion, 30 of roll: 22.2 internal rotation, 20.7 adduction).
        """
        return HipAngles.from_rotation(about_y(side.sign * knee_roll_rad) @ self.rotation(side), side)


class Posture(StrEnum):
    """How the pelvis is held."""

    UPRIGHT = "upright"
    SEATED = "seated"
    SUPINE = "supine"
    PRONE = "prone"
    LEFT_SIDE_DOWN = "left_side_down"
    RIGHT_SIDE_DOWN = "right_side_down"

    @property
    def pitch_rad(self) -> float:
        """Backward lean of the pelvis: 0 upright, a right angle lying."""
        return 0.0 if self in {Posture.UPRIGHT, Posture.SEATED} else 0.5 * np.pi

    @property
    def roll_rad(self) -> float:
        """Turn about the pelvis' long axis from there, positive to the left: 0 on the back."""
        quarter_turns = {Posture.PRONE: 2, Posture.LEFT_SIDE_DOWN: 1, Posture.RIGHT_SIDE_DOWN: -1}
        return quarter_turns.get(self, 0) * 0.5 * np.pi

    @property
    def height_m(self) -> float:
        """Height of the hips over the floor: an adult standing, or on a chair or bed."""
        return 0.95 if self is Posture.UPRIGHT else 0.5


def pelvis_rotation(pitch_rad: npt.ArrayLike, roll_rad: npt.ArrayLike) -> FloatArray:
    """Pelvis in the world, `R_WP = Rz(pitch) Ry(roll)`, (..., 3, 3).

    Lying on the back, the up direction in the pelvis is (cos roll, 0, sin roll): the axial roll psi of
    the pelvis adds to the posture's roll. Passing between two postures in pitch and roll keeps to the
    ways that a body takes: from back to front over the side, never through standing.
    """
    pitch = np.asarray(pitch_rad, dtype=np.float64)
    roll = np.asarray(roll_rad, dtype=np.float64)
    cp, sp, cr, sr = np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    matrix = np.empty((*pitch.shape, 3, 3))
    matrix[..., 0, 0] = cp * cr
    matrix[..., 0, 1] = -sp
    matrix[..., 0, 2] = cp * sr
    matrix[..., 1, 0] = sp * cr
    matrix[..., 1, 1] = cp
    matrix[..., 1, 2] = sp * sr
    matrix[..., 2, 0] = -sr
    matrix[..., 2, 1] = 0.0
    matrix[..., 2, 2] = cr
    return matrix
