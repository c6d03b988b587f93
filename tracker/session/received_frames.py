"""Frames of one sensor as they were received, many together: cut and advanced without copying."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from firmware_protocol import FrameFlag
from firmware_protocol.frame_batch import FrameBatch
from tracker.model import AccelerometerCalibration, FloatArray, Placement, TimedBlock
from tracker.sensing.clock_model.clock import FrameTicks

Int64Array = npt.NDArray[np.int64]

_BACKFILL = np.uint8(FrameFlag.BACKFILL)

INDEX_WRAP = 1 << 32
"""Sample indices and ticks are counted modulo this."""


@dataclass(frozen=True, slots=True, eq=False)
class TakenFrames:
    """Consecutive frames of one sensor that brought new samples.

    Attributes:
        samples: their new samples.
        rate_hz: at which they were taken, by the host's clock where the sensor's runs wrong.
        positions: (F,) place, among the notifications that were handed in, of the one with which each frame's
            turn came: its own, or the one that filled or gave up the gap before it.
        counts: (F,) new samples of each frame.
        received_ns: (F,) host monotonic clock when each frame arrived.
        backfilled: (F,) true for frames that were sent again from the sensor's memory; None where none was.
    """

    samples: TimedBlock
    rate_hz: float
    positions: Int64Array
    counts: Int64Array
    received_ns: Int64Array
    backfilled: npt.NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True, eq=False)
class ReceivedFrames:
    """F frames with S samples together, in the order of arrival or of their samples.

    Attributes:
        positions: (F,) place of what completed each frame, among the notifications that were handed in.
        received_ns: (F,) host monotonic clock when each frame arrived.
        first_indices: (F,) index of each frame's first sample, modulo 2**32.
        first_ticks: (F,) tick of each frame's first sample.
        interval_ticks: (F,) ticks between two samples.
        flags: (F,) bits of FrameFlag.
        counts: (F,) samples in each frame.
        accelerometer_m_per_s2, gyroscope_rad_per_s: (S, 3).
        sample_ticks: (S,) tick of each sample, unwrapped within its frame only.
        saturated: (S,) true where any axis is at its range's end.
        backfilled: (F,) true for frames that were sent again from the sensor's memory; None where none was.
    """

    positions: Int64Array
    received_ns: Int64Array
    first_indices: Int64Array
    first_ticks: Int64Array
    interval_ticks: Int64Array
    flags: npt.NDArray[np.uint8]
    counts: Int64Array
    accelerometer_m_per_s2: FloatArray
    gyroscope_rad_per_s: FloatArray
    sample_ticks: Int64Array
    saturated: npt.NDArray[np.bool_]
    backfilled: npt.NDArray[np.bool_] | None = None

    @classmethod
    def of(cls, batch: FrameBatch, received_ns: Int64Array) -> "ReceivedFrames":
        """The good frames of a batch and when they arrived; not when others completed them."""
        backfilled = batch.flags & _BACKFILL != 0
        return cls(
            batch.positions,
            received_ns if batch.held_ns is None else received_ns - batch.held_ns,
            batch.first_sample_indices,
            batch.first_ticks,
            batch.interval_ticks,
            batch.flags,
            batch.sample_counts,
            batch.accelerometer_m_per_s2,
            batch.gyroscope_rad_per_s,
            batch.device_ticks,
            batch.saturated,
            backfilled if backfilled.any() else None,
        )

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def next_indices(self) -> Int64Array:
        """(F,) index of the sample after each frame."""
        following: Int64Array = (self.first_indices + self.counts) % INDEX_WRAP
        return following

    @property
    def next_ticks(self) -> Int64Array:
        """(F,) tick of the sample after each frame."""
        following: Int64Array = self.first_ticks + self.counts * self.interval_ticks
        return following

    @property
    def ticks(self) -> FrameTicks:
        """What the clock needs."""
        return FrameTicks(self.sample_ticks, self.counts, self.received_ns, self.backfilled)

    def at(self, position: int) -> "ReceivedFrames":
        """The frames, whose turn comes with a notification at that place."""
        return replace(self, positions=np.full(len(self), position, dtype=np.int64))

    @classmethod
    def joined(cls, parts: Sequence["ReceivedFrames"]) -> "ReceivedFrames":
        """Frames of several parts, at least one, in their order."""
        if len(parts) == 1:
            return parts[0]
        whole = cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in _ALL_HAVE))
        backfilled = whole.flags & _BACKFILL != 0
        return replace(whole, backfilled=backfilled if backfilled.any() else None)

    def first(self, frames: int) -> "ReceivedFrames":
        """The first so many frames."""
        return self if frames == len(self) else self._part(slice(0, frames), slice(0, self._samples(frames)))

    def less(self, frames: int) -> "ReceivedFrames":
        """All but the first so many frames."""
        return self._part(slice(frames, None), slice(self._samples(frames), None))

    def without_first(self, samples: int) -> "ReceivedFrames":
        """One frame without its first so many samples."""
        if not samples:
            return self
        return replace(
            self._part(slice(0, 1), slice(samples, None)),
            first_indices=self.first_indices + samples,
            first_ticks=self.first_ticks + samples * self.interval_ticks,
            counts=self.counts - samples,
        )

    def timed(
        self,
        placement: Placement,
        times_s: FloatArray,
        rate_hz: float,
        calibration: AccelerometerCalibration | None,
    ) -> TakenFrames:
        """The samples at their times, calibrated."""
        force = self.accelerometer_m_per_s2
        if calibration is not None:
            force = (force - np.array(calibration.offset_m_per_s2)) * np.array(calibration.scale)
        block = TimedBlock(placement, times_s, force, self.gyroscope_rad_per_s, self.saturated)
        return TakenFrames(block, rate_hz, self.positions, self.counts, self.received_ns, self.backfilled)

    def _samples(self, frames: int) -> int:
        return int(self.counts[:frames].sum())

    def _part(self, frames: slice, samples: slice) -> "ReceivedFrames":
        return ReceivedFrames(
            self.positions[frames],
            self.received_ns[frames],
            self.first_indices[frames],
            self.first_ticks[frames],
            self.interval_ticks[frames],
            self.flags[frames],
            self.counts[frames],
            self.accelerometer_m_per_s2[samples],
            self.gyroscope_rad_per_s[samples],
            self.sample_ticks[samples],
            self.saturated[samples],
            None if self.backfilled is None else self.backfilled[frames],
        )


_ALL_HAVE = tuple(one.name for one in fields(ReceivedFrames) if one.name != "backfilled")
