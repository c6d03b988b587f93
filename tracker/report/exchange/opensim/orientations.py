"""Orientations of the body segments in OpenSim's ground frame: x forward, y up, z to the right.

A segment's frame is x anterior, y proximal, z to the right: that of OpenSim's pelvis and femur. There is no
magnetometer, so the heading of each sensor is arbitrary and drifts: it is set to zero once, at the reference
pose, and again where it was lost. At heading zero the proximal end of a level segment points backwards, of
one that lies on its front forwards; of an upright segment the right side points to the right. So a body
that stands or sits looks forward, and one that lies on its back has its head behind it.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from tracker.model import GAP_IN_INTERVALS, BoolArray, FloatArray, Placement, TimedBlock
from tracker.motion.frames.alignment import Alignment
from tracker.motion.frames.orientation import OrientationFilter
from tracker.motion.parameters import OrientationParameters
from tracker.session.recorded_samples import SampleRun

SHORTEST_S = 1.0
"""A shorter stretch is left out: sensors do not begin and end at the same sample."""

_LYING = math.sin(math.radians(45.0))
"""A segment counts as level where its long axis is nearer to the horizontal than to the vertical."""

_EARTH_TO_GROUND = Rotation.from_euler("x", -90.0, degrees=True)
"""The filter's earth has z up, OpenSim's ground y."""


@dataclass(frozen=True, slots=True, eq=False)
class SensorOrientation:
    """One sensor's orientation over a recording.

    Attributes:
        time_s: (N,).
        quaternion: (N, 4) sensor to earth (z up, any heading), scalar first.
        rate_hz: sample rate that the sensor was set to.
    """

    time_s: FloatArray
    quaternion: FloatArray
    rate_hz: float


class OrientationFollower:
    """Turns one sensor's samples into orientations, as the analysis does."""

    def __init__(self, parameters: OrientationParameters) -> None:
        self._parameters = parameters
        self._filter: OrientationFilter | None = None
        self._rate_hz = self._first_hz = 0.0
        self._times: list[FloatArray] = []
        self._quaternions: list[FloatArray] = []

    def take(self, run: SampleRun) -> None:
        """The next samples."""
        if self._filter is None:
            self._filter, self._first_hz = OrientationFilter(run.rate_hz, self._parameters), run.rate_hz
        elif run.rate_hz != self._rate_hz:
            self._filter.set_rate(run.rate_hz)
        self._rate_hz = run.rate_hz
        samples: TimedBlock = run.samples
        self._times.append(samples.time_s)
        self._quaternions.append(self._filter.update_orientation(samples)[0])

    def result(self) -> SensorOrientation:
        """All of it."""
        return SensorOrientation(
            np.concatenate(self._times), np.concatenate(self._quaternions), self._first_hz
        )


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A sensor's orientation while it sits the same and its heading goes on.

    Attributes:
        start_s, end_s: its first and last sample; the end of the one before may be its start.
        heading_zero_s: the sample at which its heading is zero.
        to_ground: (N,) rotations, segment to ground.
    """

    start_s: float
    end_s: float
    alignment: Alignment
    heading_zero_s: float
    time_s: FloatArray
    to_ground: Rotation
    rate_hz: float


def stretches(
    sensor: SensorOrientation, alignments: Iterable[tuple[float, Alignment]], bridge_s: float
) -> Iterator[Stretch]:
    """A sensor's orientation, cut where it is aligned anew and where its heading is lost.

    Args:
        alignments: each with the time that it holds from, the first one from minus infinity.
        bridge_s: a longer gap loses the heading.
    """
    held = list(alignments)
    lost = np.flatnonzero(np.diff(sensor.time_s) > bridge_s) + 1
    anew = np.searchsorted(sensor.time_s, [since_s for since_s, _ in held])
    edges = np.unique(np.concatenate([[0, len(sensor.time_s)], lost, anew]))
    for start, stop in pairwise(edges.tolist()):
        time_s = sensor.time_s[start:stop]
        alignment = next(one for since_s, one in reversed(held) if since_s <= time_s[0])
        turned = _EARTH_TO_GROUND * Rotation.from_quat(sensor.quaternion[start:stop], scalar_first=True)
        to_ground = turned * Rotation.from_matrix(alignment.axes().T)
        zero = _heading_zero(alignment, time_s)
        yield Stretch(
            start_s=float(time_s[0]),
            end_s=float(time_s[-1]),
            alignment=alignment,
            heading_zero_s=float(time_s[zero]),
            time_s=time_s,
            to_ground=_to_heading_zero(to_ground[zero]) * to_ground,
            rate_hz=sensor.rate_hz,
        )


def _heading_zero(alignment: Alignment, time_s: FloatArray) -> int:
    """The last sample of the reference pose, or the first of all where the pose was before."""
    if alignment.reference_end_s is None:
        return 0
    return max(0, int(np.searchsorted(time_s, alignment.reference_end_s, side="right")) - 1)


def _to_heading_zero(pose: Rotation) -> Rotation:
    """The turn about the vertical that brings a segment's pose to heading zero."""
    matrix = pose.as_matrix()
    front, long_axis, right = matrix[:, 0], matrix[:, 1], matrix[:, 2]
    if math.hypot(long_axis[0], long_axis[2]) > _LYING:
        wanted_rad = 0.0 if front[1] < -_LYING else math.pi
        return Rotation.from_euler("y", math.atan2(long_axis[2], long_axis[0]) - wanted_rad)
    return Rotation.from_euler("y", math.atan2(right[2], right[0]) - 0.5 * math.pi)


@dataclass(frozen=True, slots=True, eq=False)
class OrientationTable:
    """Orientations of all segments that are known throughout a stretch of time.

    Attributes:
        rate_hz: rows a second, where none is left out.
        time_s: (N,) multiples of the row interval on the recording's time line.
        quaternions: (N, 4) segment to ground, scalar first, by placement.
        sources: what each of them is a part of.
    """

    rate_hz: float
    time_s: FloatArray
    quaternions: Mapping[Placement, FloatArray]
    sources: Mapping[Placement, Stretch]


def orientation_tables(sensors: Mapping[Placement, list[Stretch]]) -> Iterator[OrientationTable]:
    """Tables with complete rows; a new one begins wherever a sensor's stretch ends or begins.

    Sensors sample at times of their own, so rows are interpolated between the two samples around them
    (spherical, by less than a sample's interval); a row in a gap of any sensor is left out.
    """
    edges = sorted(
        {edge for all_of in sensors.values() for one in all_of for edge in (one.start_s, one.end_s)}
    )
    for start_s, end_s in pairwise(edges):
        if end_s - start_s < SHORTEST_S:
            continue
        known = {
            place: one
            for place, all_of in sensors.items()
            for one in all_of
            if one.start_s <= start_s and end_s <= one.end_s
        }
        if known:
            table = _table(known, start_s, end_s)
            if len(table.time_s):
                yield table


def _table(known: Mapping[Placement, Stretch], start_s: float, end_s: float) -> OrientationTable:
    rate_hz = min(one.rate_hz for one in known.values())
    time_s = np.arange(math.ceil(start_s * rate_hz), math.floor(end_s * rate_hz) + 1) / rate_hz
    time_s = time_s[(time_s >= start_s) & (time_s <= end_s)]
    for one in known.values():
        time_s = time_s[_between_near_samples(one, time_s)]
    quaternions = {place: _at(one, time_s) for place, one in known.items()} if len(time_s) else {}
    return OrientationTable(rate_hz, time_s, quaternions, known)


def _between_near_samples(one: Stretch, time_s: FloatArray) -> BoolArray:
    after = np.searchsorted(one.time_s, time_s, side="left")
    before = np.maximum(np.where(one.time_s[after] == time_s, after, after - 1), 0)
    near: BoolArray = one.time_s[after] - one.time_s[before] <= GAP_IN_INTERVALS / one.rate_hz
    return near


def _at(one: Stretch, time_s: FloatArray) -> FloatArray:
    """Quaternions at times, (M, 4), neighbours of the same sign: both signs are the same rotation."""
    quaternion = Slerp(one.time_s, one.to_ground)(time_s).as_quat(scalar_first=True)
    flips = np.where(np.einsum("ij,ij->i", quaternion[1:], quaternion[:-1]) < 0.0, -1.0, 1.0)
    signs = np.cumprod(np.concatenate([[1.0 if quaternion[0, 0] >= 0.0 else -1.0], flips]))
    signed: FloatArray = quaternion * signs[:, np.newaxis]
    return signed
