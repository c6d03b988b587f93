"""Hip rotation of each leg as it comes, thinned for a view: the same values that a replay's traces give."""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tracker.model import THIGH_SIDES, BoolArray, FloatArray, Placement, Side
from tracker.motion.frames.hip_rotation import hip_rotation_rad, observability, pelvis_turn_rad, twist_rad
from tracker.session.pipeline import SessionPipeline

POINT_RATE_HZ = 30.0
"""A line on a screen needs no more points a second: a repetition takes one second and longer."""

_MOST_POINTS = 1024
"""Of each leg: what nobody takes must not grow; half a minute."""

TracePoint: TypeAlias = tuple[float, float | None]
"""Time in s on the recording's time line, and hip rotation in rad; None where it cannot be seen."""


@dataclass(frozen=True, slots=True)
class TracePart:
    """The next points of one leg, in order of time."""

    side: Side
    points: tuple[TracePoint, ...]


class LiveTraces:
    """Reads the directions of up with the alignment that holds as they come, and keeps points to be taken.

    A sink for a pipeline's traces. Before the first reference pose, and with a pelvis sensor before its own,
    a replay reads the samples with what is known later; these are read with what is known then.

    Args:
        gate: smallest observability at which hip rotation is shown.
    """

    def __init__(self, gate: float) -> None:
        self._gate = gate
        self._pipeline: SessionPipeline | None = None
        self._last_slot: dict[Placement, float] = {}
        self._points: dict[Side, list[TracePoint]] = {}

    def read_with(self, pipeline: SessionPipeline) -> None:
        """Take the alignments from this pipeline, whose sink this is."""
        self._pipeline = pipeline

    def take(self) -> tuple[TracePart, ...]:
        """The points since this was asked last, of each leg that has any."""
        points, self._points = self._points, {}
        return tuple(TracePart(side, tuple(of_leg)) for side, of_leg in points.items())

    def __call__(
        self, placement: Placement, time_s: FloatArray, up: FloatArray, pelvis_up: FloatArray | None
    ) -> None:
        """Keep points of the next samples of a thigh; all of them lie in one alignment."""
        if self._pipeline is None or placement not in THIGH_SIDES:
            return
        chosen = self._chosen(placement, time_s)
        if not chosen.any():
            return
        times, side = time_s[chosen], THIGH_SIDES[placement]
        of_pelvis = None if pelvis_up is None else pelvis_up[chosen]
        rotation = self._rotation_rad(self._pipeline, placement, times, up[chosen], of_pelvis)
        pairs = zip(times.tolist(), rotation.tolist(), strict=True)
        kept = self._points.setdefault(side, [])
        kept += [(at_s, None if math.isnan(angle) else angle) for at_s, angle in pairs]
        del kept[:-_MOST_POINTS]

    def _chosen(self, placement: Placement, time_s: FloatArray) -> BoolArray:
        """Which samples are the first ones of a 1/30 s, (N,), however the samples are cut into blocks."""
        slots = np.floor(time_s * POINT_RATE_HZ)
        before = np.concatenate([[self._last_slot.get(placement, -math.inf)], slots[:-1]])
        self._last_slot[placement] = float(slots[-1])
        first: BoolArray = slots > before
        return first

    def _rotation_rad(
        self,
        pipeline: SessionPipeline,
        placement: Placement,
        time_s: FloatArray,
        up: FloatArray,
        pelvis_up: FloatArray | None,
    ) -> FloatArray:
        up = pipeline.track(placement).alignment.to_segment(up)
        neutral: FloatArray | float = 0.0
        if pelvis_up is not None:
            alignment = pipeline.pelvis_track(placement).alignment_at(float(time_s[0]))
            if alignment.has_zero:
                neutral = pelvis_turn_rad(alignment.to_segment(pelvis_up), up)
        rotation = hip_rotation_rad(THIGH_SIDES[placement], twist_rad(up), neutral)
        return np.where(observability(up) >= self._gate, rotation, np.nan)
