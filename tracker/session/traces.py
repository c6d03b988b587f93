"""Hip rotation for every analysed sample of each thigh, in sets and outside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tracker.model import THIGH_SIDES, BoolArray, FloatArray, Placement, Side
from tracker.motion.frames.hip_rotation import hip_rotation_rad, observability, pelvis_turn_rad, twist_rad
from tracker.session.pipeline import SessionPipeline
from tracker.session.sensor_track import SensorTrack

_Part: TypeAlias = tuple[FloatArray, FloatArray, FloatArray | None]
"""Times, directions of up of the thigh, and those of the pelvis where one is worn."""


@dataclass(frozen=True, slots=True, eq=False)
class LegTrace:
    """One leg's hip rotation over time, each (N,).

    Attributes:
        hip_rotation_rad: against the pelvis where one is worn that has a reference pose, else the vertical;
            zero at the thigh's reference pose where there is one, else at patella up; NaN where observability
            is below the gate.
        observability: of the thigh; 0 where a pelvis that is worn is not known.
    """

    side: Side
    time_s: FloatArray
    hip_rotation_rad: FloatArray
    observability: FloatArray


class TraceCollector:
    """Keeps the directions of up of a session, to be read against its alignments at the end."""

    def __init__(self, gate: float) -> None:
        self._gate = gate
        self._parts: dict[Placement, list[_Part]] = {}
        self._looked_at: dict[Placement, int] = {}

    def __call__(
        self, placement: Placement, time_s: FloatArray, up: FloatArray, pelvis_up: FloatArray | None
    ) -> None:
        """Keep the next samples of a thigh."""
        self._parts.setdefault(placement, []).append((time_s, up, pelvis_up))

    def traces(self, pipeline: SessionPipeline) -> Iterator[LegTrace]:
        """The legs' traces, after the session's end."""
        for placement, parts in self._parts.items():
            if placement in THIGH_SIDES:
                yield self._trace(placement, parts, pipeline)

    def newest(self, pipeline: SessionPipeline) -> Iterator[LegTrace]:
        """What has come since this was asked last, read by what is known so far of where the sensors sit.

        `traces` reads it anew by all that is known at the end: before the first reference pose of a donning
        it may differ.
        """
        for placement, parts in self._parts.items():
            begin, self._looked_at[placement] = self._looked_at.get(placement, 0), len(parts)
            if placement in THIGH_SIDES and begin < len(parts):
                yield self._trace(placement, parts[begin:], pipeline)

    def _trace(self, placement: Placement, parts: Sequence[_Part], pipeline: SessionPipeline) -> LegTrace:
        time_s = np.concatenate([part[0] for part in parts])
        up, _ = _aligned(pipeline.track(placement), time_s, np.concatenate([part[1] for part in parts]))
        seen = observability(up)
        neutral: FloatArray | float = 0.0
        pelvis_parts = [part[2] for part in parts if part[2] is not None]
        if pelvis_parts:
            pelvis_up = np.concatenate(pelvis_parts)
            pelvis, has_zero = _aligned(pipeline.pelvis_track(placement), time_s, pelvis_up)
            neutral = np.where(has_zero, pelvis_turn_rad(pelvis, up), 0.0)
            # Where the pelvis is not known nothing is known against it.
            seen = np.where(np.isnan(neutral), 0.0, seen)
        side = THIGH_SIDES[placement]
        rotation = hip_rotation_rad(side, twist_rad(up), neutral)
        return LegTrace(side, time_s, np.where(seen >= self._gate, rotation, np.nan), seen)


def _aligned(track: SensorTrack, time_s: FloatArray, up: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Up vectors in the segment's frame, by the alignment that holds at their time, and which have a zero."""
    aligned, has_zero = np.empty_like(up), np.zeros(len(up), dtype=bool)
    held = track.held_alignments
    begins = [*np.searchsorted(time_s, [start_s for start_s, _ in held]).tolist(), len(time_s)]
    for place, (_, alignment) in enumerate(held):
        here = slice(begins[place], begins[place + 1])
        aligned[here], has_zero[here] = alignment.to_segment(up[here]), alignment.has_zero
    return aligned, has_zero
