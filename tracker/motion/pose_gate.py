"""Where counting is allowed: armed by stillness in the exercise's pose, voided by any other movement."""

import math
from dataclasses import dataclass

import numpy as np

from tracker.model import BoolArray, FloatArray
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2, PoseGate


@dataclass(frozen=True, slots=True, eq=False)
class PoseSamples:
    """What the gate looks at, each (N,).

    Attributes:
        observability: of the thigh, 0 to 1.
        elevation_rad: tilt of the thigh against the horizontal.
        pelvis_twist_rad: roll of the pelvis; NaN where none is measured.
        force_m_per_s2: length of the specific force.
        quiet_for_s: for how long the sensor has been quiet, from `QuietTime`.
    """

    observability: FloatArray
    elevation_rad: FloatArray
    pelvis_twist_rad: FloatArray
    force_m_per_s2: FloatArray
    quiet_for_s: FloatArray


class QuietTime:
    """For how long a sensor has turned slower than a limit.

    A recording's first sample counts as quiet since ever: what went before it is not known, and a file
    may begin with the movement.
    """

    def __init__(self, limit_rad_per_s: float) -> None:
        self._limit = limit_rad_per_s
        self._since_s = -math.inf
        self._first = True

    def update(self, time_s: FloatArray, rate_rad_per_s: FloatArray) -> FloatArray:
        """Seconds of quiet up to each sample, (N,), 0 while turning; `rate_rad_per_s` is (N, 3)."""
        if not len(time_s):
            return np.empty(0)
        squares = rate_rad_per_s * rate_rad_per_s
        turning = squares[:, 0] + squares[:, 1] + squares[:, 2] > self._limit * self._limit
        if self._first:
            turning[0] = False
            self._first = False
        since = np.maximum.accumulate(np.where(turning, time_s, self._since_s))
        self._since_s = float(since[-1])
        return time_s - since


@dataclass(frozen=True, slots=True)
class ArmedRun:
    """Samples `start` to `stop` (not included) of a block in which counting is allowed.

    Attributes:
        begins: true where the gate was armed anew at `start`.
        voided: why it closed at `stop`; None where the run goes on into the next block.
    """

    start: int
    stop: int
    begins: bool
    voided: str | None


class ArmingGate:
    """The state of one leg's gate during one set."""

    def __init__(self, gate: PoseGate) -> None:
        self._gate = gate
        self._armed_at: tuple[float, float] | None = None

    def update(self, pose: PoseSamples) -> list[ArmedRun]:
        """The stretches of the next samples in which counting is allowed, in order."""
        in_pose = self._in_pose(pose)
        can_arm = in_pose & (pose.quiet_for_s >= self._gate.arm_still_s)
        runs: list[ArmedRun] = []
        position, count = 0, len(in_pose)
        while position < count:
            begins = self._armed_at is None
            if begins:
                if not can_arm[position:].any():
                    break
                position += int(np.argmax(can_arm[position:]))
                self._armed_at = (float(pose.elevation_rad[position]), float(pose.pelvis_twist_rad[position]))
            left = self._left(pose, in_pose, position)
            if not left.any():
                runs.append(ArmedRun(position, count, begins, None))
                break
            stop = position + int(np.argmax(left))
            runs.append(ArmedRun(position, stop, begins, self._reason(pose, stop)))
            self._armed_at = None
            position = stop
        return runs

    def _in_pose(self, pose: PoseSamples) -> BoolArray:
        return (
            (pose.observability >= self._gate.minimum_observability)
            & (np.abs(pose.elevation_rad) <= self._gate.maximum_elevation_rad)
            & (np.abs(pose.force_m_per_s2 - STANDARD_GRAVITY_M_PER_S2) <= self._gate.void_force_m_per_s2)
        )

    def _left(self, pose: PoseSamples, in_pose: BoolArray, start: int) -> BoolArray:
        """From `start` on, true where the armed pose is left."""
        elevation, pelvis = self._armed_at or (math.nan, math.nan)
        tilted = np.abs(pose.elevation_rad[start:] - elevation) > self._gate.void_elevation_rad
        # Comparisons with NaN are false: without a pelvis sensor its roll never voids.
        rolled = np.abs(pose.pelvis_twist_rad[start:] - pelvis) > self._gate.void_pelvis_rad
        left: BoolArray = ~in_pose[start:] | tilted | rolled
        return left

    def _reason(self, pose: PoseSamples, at: int) -> str:
        if abs(float(pose.force_m_per_s2[at]) - STANDARD_GRAVITY_M_PER_S2) > self._gate.void_force_m_per_s2:
            return "shaken"
        if pose.observability[at] < self._gate.minimum_observability:
            return "near vertical"
        return "pose left"
