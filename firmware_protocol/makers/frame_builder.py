"""Frames that a sensor's notifications were found to hold, gathered into one batch."""

from dataclasses import dataclass, field

import numpy as np

from firmware_protocol.blocks import BoolArray, FloatArray
from firmware_protocol.errors import FrameError
from firmware_protocol.frame_batch import BadFrame, FrameBatch
from firmware_protocol.service import FrameFlag

_WRAP = 1 << 32


@dataclass(slots=True)
class FrameBuilder:
    """Gathers frames in the order of arrival; a new one for each call of a decoder."""

    _frames: list[tuple[int, int, int, int, int, int, int]] = field(default_factory=list)
    _accelerometer: list[FloatArray] = field(default_factory=list)
    _gyroscope: list[FloatArray] = field(default_factory=list)
    _saturated: list[BoolArray] = field(default_factory=list)
    _bad: list[BadFrame] = field(default_factory=list)

    def add(
        self,
        position: int,
        *,
        first_sample_index: int,
        first_tick: int,
        interval_ticks: int,
        accelerometer_m_per_s2: FloatArray,
        gyroscope_rad_per_s: FloatArray,
        saturated: BoolArray,
        flags: FrameFlag = FrameFlag.NONE,
        held_ns: int = 0,
    ) -> None:
        """Add a frame of N samples, at least one; index and tick may be of any size and are wrapped here."""
        count = len(saturated)
        if count == 0:
            raise ValueError("a frame has one sample at least")
        index, tick = first_sample_index % _WRAP, first_tick % _WRAP
        self._frames.append((position, index, tick, max(1, interval_ticks), int(flags), count, held_ns))
        self._accelerometer.append(accelerometer_m_per_s2)
        self._gyroscope.append(gyroscope_rad_per_s)
        self._saturated.append(saturated)

    def refuse(self, position: int, error: FrameError) -> None:
        """Note that a notification cannot be read."""
        self._bad.append(BadFrame(position, error))

    def batch(self) -> FrameBatch:
        """All that was added."""
        heads = np.array(self._frames, dtype=np.int64).reshape(-1, 7)
        positions, indices, ticks, intervals, flags, counts, held_ns = (column.copy() for column in heads.T)
        starts = np.cumsum(counts) - counts
        within = np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(starts, counts)
        none = np.empty((0, 3))
        return FrameBatch(
            accelerometer_m_per_s2=np.concatenate([none, *self._accelerometer]),
            gyroscope_rad_per_s=np.concatenate([none, *self._gyroscope]),
            device_ticks=np.repeat(ticks, counts) + np.repeat(intervals, counts) * within,
            saturated=np.concatenate([np.empty(0, dtype=np.bool_), *self._saturated]),
            positions=positions,
            first_sample_indices=indices,
            first_ticks=ticks,
            interval_ticks=intervals,
            sequences=np.zeros_like(positions),
            flags=flags.astype(np.uint8),
            sample_counts=counts,
            bad_frames=tuple(self._bad),
            held_ns=held_ns if held_ns.any() else None,
        )
