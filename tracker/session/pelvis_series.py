"""The pelvis sensor's recent directions of up, to be read at the thighs' sample times."""

import numpy as np

from tracker.model import FloatArray

LONGEST_STEP_S = 0.25
"""Pelvis samples further apart leave the pelvis unknown between them: it can roll by 10 deg in that time."""

SHORTEST_UP = 0.87
"""Length of a direction halfway between two that are 60 deg apart: nobody turns so far between samples, and
what lies between them is no direction."""


class PelvisSeries:
    """Directions of up in the pelvis sensor's frame, interpolated where samples are near enough."""

    def __init__(self) -> None:
        self._time_s = np.empty(0)
        self._up = np.empty((0, 3))
        self.known_until_s = -np.inf

    def append(self, time_s: FloatArray, up: FloatArray) -> None:
        """Add samples: times (N,), unit vectors (N, 3)."""
        if not len(time_s):
            return
        self._time_s = np.concatenate([self._time_s, time_s])
        self._up = np.concatenate([self._up, up])
        self.known_until_s = max(self.known_until_s, float(time_s[-1]))

    def resolve(self, until_s: float) -> None:
        """Take it that nothing before `until_s` comes any more."""
        self.known_until_s = max(self.known_until_s, until_s - LONGEST_STEP_S)

    def at(self, time_s: FloatArray) -> FloatArray:
        """Directions of up at the given times, (M, 3); NaN where no near samples lie on both sides.

        Between two samples they are a little shorter than unit vectors, and NaN where they are much shorter.
        """
        if not len(self._time_s):
            return np.full((len(time_s), 3), np.nan)
        after = np.searchsorted(self._time_s, time_s, side="left")
        inside = (after < len(self._time_s)) & ((after > 0) | (self._time_s[0] == time_s))
        after = np.minimum(after, len(self._time_s) - 1)
        exact = self._time_s[after] == time_s
        before = np.where(exact, after, np.maximum(after - 1, 0))
        step_s = self._time_s[after] - self._time_s[before]
        share = np.where(step_s > 0, (time_s - self._time_s[before]) / np.where(step_s > 0, step_s, 1.0), 0.0)
        up = self._up[before] + share[:, np.newaxis] * (self._up[after] - self._up[before])
        too_short = np.einsum("ij,ij->i", up, up) < SHORTEST_UP**2
        up[~inside | (step_s > LONGEST_STEP_S) | too_short] = np.nan
        return up

    def forget_before(self, time_s: float) -> None:
        """Let samples go that are no longer needed for times from `time_s` on."""
        keep = max(0, int(np.searchsorted(self._time_s, time_s, side="right")) - 1)
        self._time_s, self._up = self._time_s[keep:], self._up[keep:]
