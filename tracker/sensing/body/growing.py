"""A time line that grows while it is seen: moves are added after what was looked at, never before."""

from collections.abc import Mapping, Sequence

import numpy as np

from tracker.model import FloatArray
from tracker.sensing.body.timeline import Joint, Move, values_at

_FIRST_ROOM = 64


class GrowingTimeline:
    """As `Timeline`, with moves that are added later; what was asked for once stays as it was.

    Args:
        initial: where joints start, else at zero; rad, the height m.
    """

    def __init__(self, initial: Mapping[Joint, float]) -> None:
        self._starts_s = np.zeros(_FIRST_ROOM)
        self._rows = np.zeros((_FIRST_ROOM + 1, 4, len(Joint)))
        self._rows[0, 1] = 1.0
        for joint, value in initial.items():
            self._rows[0, 2, joint] = value
        self._used = 0
        self._free_at_s = dict.fromkeys(Joint, -np.inf)
        self._seen_until_s = -np.inf

    @property
    def seen_until_s(self) -> float:
        """The latest time that was ever asked for; moves begin after it."""
        return self._seen_until_s

    def add(self, moves: Sequence[Move]) -> None:
        """Add moves that start after all that were added before, and after all that was seen.

        Raises:
            ValueError: a move without duration, one that starts before its joint has arrived, before one
                that was added earlier, or at a time that was seen already.
        """
        for move in sorted(moves, key=lambda move: move.start_s):
            last_s = self._starts_s[self._used - 1] if self._used else -np.inf
            early = max(last_s, self._free_at_s[move.joint] - 1e-9)
            if move.duration_s <= 0.0 or move.start_s < early or move.start_s <= self._seen_until_s:
                raise ValueError(f"{move.joint.name} cannot start to move at {move.start_s} s")
            self._add(move, anew=move.start_s > last_s)

    def ever_moves(self, joint: Joint) -> bool:
        """Always: what comes is not known, and must not change the last bit of what was."""
        return joint in Joint

    def at(self, time_s: FloatArray) -> FloatArray:
        """Values of all joints, (N,) s to (N, joints); before the first move and after the last, held."""
        if len(time_s):
            self._seen_until_s = max(self._seen_until_s, float(time_s.max()))
        return values_at(self._starts_s[: self._used], self._rows[: self._used + 1], time_s)

    def _add(self, move: Move, *, anew: bool) -> None:
        self._free_at_s[move.joint] = move.start_s + move.duration_s
        if anew:
            self._make_room()
            self._starts_s[self._used] = move.start_s
            self._rows[self._used + 1] = self._rows[self._used]
            self._used += 1
        row = self._rows[self._used]
        value = row[2, move.joint] + row[3, move.joint]
        row[:, move.joint] = (move.start_s, 1.0 / move.duration_s, value, move.target - value)

    def _make_room(self) -> None:
        if self._used == len(self._starts_s):
            self._starts_s = np.concatenate((self._starts_s, np.zeros(self._used)))
            self._rows = np.concatenate((self._rows, np.zeros((self._used, 4, len(Joint)))))
