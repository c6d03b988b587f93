"""The least difference of arrival and device time, and the offset that follows it without a step.

A notification can arrive late but never early: the envelope below all differences follows the earliest
arrivals down at once and creeps up, so that clocks that drift apart stay followed. Sample times that were
given out stay, so the offset that is used goes to the envelope at a limited rate.
"""

import math
from dataclasses import dataclass

import numpy as np

from tracker.model import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class SlewLimits:
    """How fast the offset may change, and where faster.

    Attributes:
        share: largest change for each second of device time.
        start_share: the same downwards, while a late start is made up for.
        stall_s: the offset is further above the envelope than this where a start was late.
        start_s: device time within which a late start is found.
    """

    share: float
    start_share: float
    stall_s: float
    start_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Offsets:
    """Difference of host and device time at the end of each of F frames, and how it got there.

    Attributes:
        device_s: (F,) device time of each frame's last sample.
        floor_s: (F,) least difference so far, less what the envelope has crept up by.
        offset_s: (F,) the difference that is used.
        reached: (F,) true where that is the envelope.
        catching_up: (F,) true while a late start is made up for.
        slope, base_s: (F,) host time of a frame's samples is device time times (1 + slope) plus base.
    """

    device_s: FloatArray
    floor_s: FloatArray
    offset_s: FloatArray
    reached: BoolArray
    catching_up: BoolArray
    slope: FloatArray
    base_s: FloatArray


class Envelope:
    """The envelope of one sensor and the offset on its way to it."""

    def __init__(self, limits: SlewLimits) -> None:
        self._limits = limits
        self._device_s: float | None = None
        self._floor_s = math.inf
        self._offset_s = 0.0
        self._catching_up = False

    def offsets(self, arrival_s: FloatArray, device_s: FloatArray, creep: float) -> Offsets:
        """Envelope and offset once each of F frames has arrived; nothing is kept.

        Args:
            arrival_s, device_s: (F,) when a frame arrived, and the device time of its last sample.
            creep: rise of the envelope for each second of device time.
        """
        seen_s, crept_s = arrival_s - device_s, creep * device_s
        floor_s = np.minimum(np.minimum.accumulate(seen_s - crept_s), self._floor_s)
        envelope_s = floor_s + crept_s
        first = self._device_s is None
        device_before_s = np.concatenate([[device_s[0] if first else self._device_s], device_s[:-1]])
        passed_s = np.maximum(device_s - device_before_s, 0.0)
        offset_s, catching_up = self._slewed(envelope_s, passed_s, device_s)
        offset_before_s = np.concatenate([[offset_s[0] if first else self._offset_s], offset_s[:-1]])
        moves = (passed_s > 0.0) & (offset_s != offset_before_s)
        slope = np.where(moves, (offset_s - offset_before_s) / np.where(moves, passed_s, 1.0), 0.0)
        base_s = np.where(moves, offset_before_s - slope * device_before_s, offset_s)
        reached = offset_s == envelope_s
        return Offsets(device_s, floor_s, offset_s, reached, catching_up, slope, base_s)

    def keep(self, offsets: Offsets, last: int) -> None:
        """Go on from one of the frames, by its place."""
        self._device_s = float(offsets.device_s[last])
        self._floor_s, self._offset_s = float(offsets.floor_s[last]), float(offsets.offset_s[last])
        self._catching_up = bool(offsets.catching_up[last])

    def count_at(self, ratio: float, floor_s: float) -> None:
        """Count device time at another pace from here on: sample times go on where they are.

        Args:
            ratio: device time after by device time before.
            floor_s: least difference so far by the new pace, less what the envelope has crept up by.
        """
        device_s = self._device_s or 0.0
        self._offset_s += device_s - device_s * ratio
        self._device_s = device_s * ratio
        self._floor_s = floor_s

    def _slewed(
        self, envelope_s: FloatArray, passed_s: FloatArray, device_s: FloatArray
    ) -> tuple[FloatArray, BoolArray]:
        """The offset on its way to the envelope, and whether a late start is made up for, (F,) both."""
        limits = self._limits
        offset = float(envelope_s[0]) if self._device_s is None else self._offset_s
        change_s = np.abs(envelope_s - np.concatenate([[offset], envelope_s[:-1]]))
        if (change_s <= limits.share * passed_s).all():
            return envelope_s, np.zeros(len(envelope_s), dtype=np.bool_)
        offsets, catching_up = [], self._catching_up
        catches: list[bool] = []
        in_start = (device_s < limits.start_s).tolist()
        for envelope, passed, early in zip(envelope_s.tolist(), passed_s.tolist(), in_start, strict=True):
            change = envelope - offset
            catching_up = -change > limits.stall_s and (early or catching_up)
            limit = (limits.start_share if catching_up else limits.share) * passed
            offset = envelope if abs(change) <= limit else offset + math.copysign(limit, change)
            offsets.append(offset)
            catches.append(catching_up)
        return np.array(offsets), np.array(catches)
