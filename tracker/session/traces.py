"""Hip rotation for every analysed sample of each thigh, in sets and outside them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tracker.model import THIGH_SIDES, BoolArray, FloatArray, Placement, Side
from tracker.motion.frames.hip_rotation import hip_rotation_rad, observability, pelvis_turn_rad, twist_rad
from tracker.session.pipeline import SessionPipeline
from tracker.session.sensor_track import SensorTrack


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
    """Keeps the directions of up of a session, to be read against its alignments at the end.

    A sample before the first reference pose of a donning is read against that pose: the strap sits as then.
    """

    def __init__(self, gate: float) -> None:
        self._gate = gate
        self._parts: dict[Placement, list[tuple[FloatArray, FloatArray, FloatArray | None]]] = {}

    def __call__(
        self, placement: Placement, time_s: FloatArray, up: FloatArray, pelvis_up: FloatArray | None
    ) -> None:
        """Keep the next samples of a thigh."""
        self._parts.setdefault(placement, []).append((time_s, up, pelvis_up))

    def traces(self, pipeline: SessionPipeline) -> Iterator[LegTrace]:
        """The legs' traces, after the session's end."""
        for placement, parts in self._parts.items():
            if placement not in THIGH_SIDES:
                continue
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
            yield LegTrace(side, time_s, np.where(seen >= self._gate, rotation, np.nan), seen)


def _aligned(track: SensorTrack, time_s: FloatArray, up: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Up vectors in the segment's frame, by the alignment that holds at their time, and which have a zero."""
    aligned, has_zero = np.empty_like(up), np.zeros(len(up), dtype=bool)
    for donning in track.donnings:
        held = [one for one in donning if one[1].has_zero] or donning[-1:]
        starts_s = [donning[0][0], *(since_s for since_s, _ in held[1:])]
        for start_s, (_, alignment) in zip(starts_s, held, strict=True):
            later = time_s >= start_s
            aligned[later], has_zero[later] = alignment.to_segment(up[later]), alignment.has_zero
    return aligned, has_zero
