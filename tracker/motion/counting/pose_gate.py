"""Where counting is allowed: armed by stillness in the exercise's pose, voided by any other movement."""

import math
from dataclasses import dataclass

import numpy as np

from tracker.model import BoolArray, FloatArray
from tracker.motion.exercise import PoseGate
from tracker.motion.frames.posture import pelvis_is_in, thigh_is_in
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2
from tracker.motion.signals.counted_samples import Channel, CountedSamples
from tracker.motion.signals.leg_signals import LegSamples


@dataclass(frozen=True, slots=True, eq=False)
class PoseSamples:
    """What the gate looks at, each (N,) or (N, 3).

    Attributes:
        observability: of the thigh, 0 to 1.
        elevation_rad: tilt of the thigh against the level.
        pelvis_up: up in the pelvis; NaN where it is not known.
        in_posture: where pelvis or thigh lies as the exercise asks for.
        force_m_per_s2: length of the specific force.
        quiet_for_s: for how long the sensor has been quiet, from `QuietTime`.
    """

    observability: FloatArray
    elevation_rad: FloatArray
    pelvis_up: FloatArray
    in_posture: BoolArray
    force_m_per_s2: FloatArray
    quiet_for_s: FloatArray

    @classmethod
    def of(cls, samples: LegSamples, counted: CountedSamples, gate: PoseGate) -> "PoseSamples":
        """What the gate looks at of a leg's samples."""
        pelvis_up = samples.pelvis_up
        in_posture = np.ones(len(samples), dtype=bool)
        if pelvis_up is not None and samples.pelvis_has_zero:
            in_posture = pelvis_is_in(gate.postures, pelvis_up) if gate.postures else in_posture
        elif samples.has_zero:
            in_posture = thigh_is_in(gate.postures, samples.up, gate.maximum_turn_rad)
        if pelvis_up is None:
            pelvis_up = np.full((len(samples), 3), np.nan)
        return cls(
            observability=samples.observability,
            elevation_rad=counted.channel(Channel.ELEVATION),
            pelvis_up=pelvis_up,
            in_posture=in_posture,
            force_m_per_s2=samples.force_m_per_s2,
            quiet_for_s=samples.quiet_for_s,
        )


_UNSEEN_S = 0.5
"""What a leg did while samples were missing for longer is not known: it does not count as quiet."""


class QuietTime:
    """For how long a sensor has turned slower than a limit.

    A recording's first sample counts as quiet since ever: what went before it is not known, and a file
    may begin with the movement.
    """

    def __init__(self, limit_rad_per_s: float) -> None:
        self._limit = limit_rad_per_s
        self._since_s = -math.inf
        self._last_s = 0.0
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
        elif time_s[0] - self._last_s > _UNSEEN_S:
            turning[0] = True
        turning[1:] |= time_s[1:] - time_s[:-1] > _UNSEEN_S
        self._last_s = float(time_s[-1])
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


@dataclass(frozen=True, slots=True)
class _ArmedPose:
    """The pose that counting began in; the pelvis's direction of up is NaN where it was not known."""

    elevation_rad: float
    pelvis_up: tuple[float, float, float]


class ArmingGate:
    """The state of one leg's gate during one set."""

    def __init__(self, gate: PoseGate) -> None:
        self._gate = gate
        self._armed_in: _ArmedPose | None = None

    @property
    def is_armed(self) -> bool:
        """Whether counting is allowed after the newest sample."""
        return self._armed_in is not None

    def update(self, pose: PoseSamples) -> list[ArmedRun]:
        """The stretches of the next samples in which counting is allowed, in order."""
        in_pose = self._in_pose(pose)
        can_arm = in_pose & (pose.quiet_for_s >= self._gate.arm_still_s)
        runs: list[ArmedRun] = []
        position, count = 0, len(in_pose)
        while position < count:
            begins = self._armed_in is None
            if begins:
                if not can_arm[position:].any():
                    break
                position += int(np.argmax(can_arm[position:]))
                x, y, z = pose.pelvis_up[position].tolist()
                self._armed_in = _ArmedPose(float(pose.elevation_rad[position]), (x, y, z))
            left = self._left(pose, in_pose, position)
            # the sample that the gate was armed in is in its own pose, whatever rounding makes of that
            left[0] &= not begins
            if not left.any():
                runs.append(ArmedRun(position, count, begins, None))
                break
            stop = position + int(np.argmax(left))
            runs.append(ArmedRun(position, stop, begins, self._reason(pose, stop)))
            self._armed_in = None
            position = stop
        return runs

    def _in_pose(self, pose: PoseSamples) -> BoolArray:
        gate = self._gate
        return (
            (pose.observability >= gate.minimum_observability)
            & (pose.elevation_rad >= gate.lowest_elevation_rad)
            & (pose.elevation_rad <= gate.maximum_elevation_rad)
            & (np.abs(pose.force_m_per_s2 - STANDARD_GRAVITY_M_PER_S2) <= gate.void_force_m_per_s2)
            & pose.in_posture
        )

    def _left(self, pose: PoseSamples, in_pose: BoolArray, start: int) -> BoolArray:
        """From `start` on, true where the armed pose is left."""
        if self._armed_in is None:
            return ~in_pose[start:]
        tilted = np.abs(pose.elevation_rad[start:] - self._armed_in.elevation_rad)
        x, y, z = self._armed_in.pelvis_up
        up = pose.pelvis_up[start:]
        # Comparisons with NaN are false: without a pelvis sensor its turn never voids.
        turned = up[:, 0] * x + up[:, 1] * y + up[:, 2] * z < math.cos(self._gate.void_pelvis_rad)
        left: BoolArray = ~in_pose[start:] | (tilted > self._gate.void_elevation_rad) | turned
        return left

    def _reason(self, pose: PoseSamples, at: int) -> str:
        if abs(float(pose.force_m_per_s2[at]) - STANDARD_GRAVITY_M_PER_S2) > self._gate.void_force_m_per_s2:
            return "shaken"
        if pose.observability[at] < self._gate.minimum_observability:
            return "near vertical"
        return "pose left" if pose.in_posture[at] else "turned over"
