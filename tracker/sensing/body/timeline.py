"""Minimum-jerk moves of many joints on one time line, evaluated at any times at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import numpy as np

from tracker.model import FloatArray, Side


class Joint(IntEnum):
    """What a script can move, each a column of a time line; angles in rad, the height in m."""

    PELVIS_PITCH = 0
    PELVIS_ROLL = 1
    PELVIS_HEIGHT = 2
    LEFT_FLEXION = 3
    LEFT_ADDUCTION = 4
    LEFT_ROTATION = 5
    LEFT_KNEE_ROLL = 6
    RIGHT_FLEXION = 7
    RIGHT_ADDUCTION = 8
    RIGHT_ROTATION = 9
    RIGHT_KNEE_ROLL = 10

    def on(self, side: Side) -> "Joint":
        """The same joint of the other leg where `side` asks for it; give a joint of the left leg."""
        return self if side is Side.LEFT else Joint(self + _PER_LEG)


_PER_LEG = Joint.RIGHT_FLEXION - Joint.LEFT_FLEXION


def minimum_jerk(fraction: FloatArray) -> FloatArray:
    """Share of a move that is done after a fraction of its time, both 0 to 1.

    `10 t^3 - 15 t^4 + 6 t^5` (Flash and Hogan 1985): velocity and acceleration vanish at both ends,
    so a hold joined to a move is continuous to the second derivative. Exactly 1 at 1.
    """
    share: FloatArray = fraction**3 * (10.0 + fraction * (6.0 * fraction - 15.0))
    return share


@dataclass(frozen=True, slots=True)
class Move:
    """One joint goes from where it is to a target.

    Attributes:
        target: rad, for the height m.
    """

    joint: Joint
    start_s: float
    duration_s: float
    target: float


class JointCourse(Protocol):
    """Where the joints are at any time."""

    def at(self, time_s: FloatArray) -> FloatArray:
        """Values of all joints, (N,) s to (N, joints)."""
        ...

    def ever_moves(self, joint: Joint) -> bool:
        """Whether the joint may ever leave zero."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """All moves of all joints, as a table with one row between each two starts of moves.

    Attributes:
        starts_s: (K,) rising times at which any joint starts to move; row k + 1 holds from there.
        rows: (K + 1, 4, joints): start in s, 1 / duration in 1/s, value before, change, of the move
            that each joint made last.
    """

    starts_s: FloatArray
    rows: FloatArray

    @classmethod
    def of(cls, initial: Mapping[Joint, float], moves: Sequence[Move]) -> "Timeline":
        """The time line of joints that start at `initial` (else zero) and then make `moves`.

        Raises:
            ValueError: a move without duration, or one that starts before its joint has arrived.
        """
        row = np.zeros((4, len(Joint)))
        for joint, value in initial.items():
            row[2, joint] = value
        row[1] = 1.0
        free_at_s = dict.fromkeys(Joint, -np.inf)
        starts: list[float] = []
        rows = [row]
        for move in sorted(moves, key=lambda move: move.start_s):
            # steps of a script add up to within a few roundings
            if move.duration_s <= 0.0 or move.start_s < free_at_s[move.joint] - 1e-9:
                raise ValueError(f"{move.joint.name} cannot start to move at {move.start_s} s")
            free_at_s[move.joint] = move.start_s + move.duration_s
            if not starts or move.start_s > starts[-1]:
                starts.append(move.start_s)
                rows.append(rows[-1].copy())
            value = rows[-1][2, move.joint] + rows[-1][3, move.joint]
            rows[-1][:, move.joint] = (move.start_s, 1.0 / move.duration_s, value, move.target - value)
        return cls(np.array(starts, dtype=np.float64), np.array(rows))

    def ever_moves(self, joint: Joint) -> bool:
        """Whether the joint ever leaves zero."""
        return bool(self.rows[:, 2:, joint].any())

    def at(self, time_s: FloatArray) -> FloatArray:
        """Values of all joints, (N,) s to (N, joints); before the first move and after the last, held."""
        return values_at(self.starts_s, self.rows, time_s)


def values_at(starts_s: FloatArray, rows: FloatArray, time_s: FloatArray) -> FloatArray:
    """Values of all joints out of the table of a `Timeline`, (N,) s to (N, joints)."""
    row = rows[np.searchsorted(starts_s, time_s, side="right")]
    fraction = np.clip((time_s[:, np.newaxis] - row[:, 0]) * row[:, 1], 0.0, 1.0)
    values: FloatArray = row[:, 2] + row[:, 3] * minimum_jerk(fraction)
    return values
