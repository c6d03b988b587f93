"""What sensors send: notifications, samples, and the account of what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from tracker.model.body import Placement

FloatArray: TypeAlias = npt.NDArray[np.float64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

_Number = TypeVar("_Number", np.float64, np.int64)

GAP_IN_INTERVALS = 1.8
"""A step longer than this many sample intervals has missing samples in it: stamps that are off by 4 ms each
way at 100 Hz stay at it or below, one missing sample makes 2."""


def steps_after(before: float, values: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
    """Steps from each value to the next, (N,), the first one from the value before.

    With that value `numpy.diff` takes ten times as long for the few samples of a notification.
    """
    steps = np.empty_like(values)
    if len(values):
        steps[0] = values[0] - before
        np.subtract(values[1:], values[:-1], out=steps[1:])
    return steps


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification as a sensor sent it, before anything is made of it.

    Attributes:
        payload: the bytes of the stream characteristic, with the device ticks in them.
        received_ns: host monotonic clock when the notification arrived.
    """

    placement: Placement
    payload: bytes
    received_ns: int


@dataclass(frozen=True, slots=True)
class WallClockAnchor:
    """One instant on two clocks: turns host monotonic stamps into wall-clock time.

    Attributes:
        wall_ns: nanoseconds since 1970 UTC.
        monotonic_ns: host monotonic clock at the same instant.
    """

    wall_ns: int
    monotonic_ns: int

    def wall_at(self, monotonic_ns: int) -> int:
        """Wall-clock nanoseconds since 1970 UTC of a host monotonic stamp."""
        return self.wall_ns + monotonic_ns - self.monotonic_ns


@dataclass(frozen=True, slots=True)
class SensorIdentity:
    """A sensor as it is told apart from all others.

    Attributes:
        sensor_id: stable id that the sensor states itself, else its address.
        address: Bluetooth address (on macOS a system-made UUID); empty for imported files.
        name: advertised name.
        protocol: name of the wire protocol, for example `hip-imu`.
        capabilities: the sensor's capabilities characteristic as read.
    """

    sensor_id: str
    address: str
    name: str
    protocol: str
    capabilities: bytes


@dataclass(frozen=True, slots=True, eq=False)
class TimedBlock:
    """Consecutive samples of one sensor, in order, on the recording's time line.

    Attributes:
        time_s: (N,) strictly rising seconds since the recording's start.
        accelerometer_m_per_s2: (N, 3) specific force in the sensor frame; at rest it points up.
        gyroscope_rad_per_s: (N, 3) angular rate in the sensor frame.
        saturated: (N,) true where any axis is at its range's end.
    """

    placement: Placement
    time_s: FloatArray
    accelerometer_m_per_s2: FloatArray
    gyroscope_rad_per_s: FloatArray
    saturated: BoolArray

    def __len__(self) -> int:
        return len(self.time_s)

    @classmethod
    def joined(cls, placement: Placement, blocks: "Sequence[TimedBlock]") -> "TimedBlock":
        """Consecutive blocks of one sensor as one; an empty block of none."""
        if not blocks:
            vectors: FloatArray = np.empty((0, 3))
            return cls(placement, np.empty(0), vectors, vectors, np.empty(0, dtype=bool))
        return cls(
            placement,
            np.concatenate([block.time_s for block in blocks]),
            np.concatenate([block.accelerometer_m_per_s2 for block in blocks]),
            np.concatenate([block.gyroscope_rad_per_s for block in blocks]),
            np.concatenate([block.saturated for block in blocks]),
        )

    def part(self, start: int, stop: int) -> "TimedBlock":
        """The samples `start` up to, not including, `stop`."""
        return self.chosen(slice(start, stop))

    def chosen(self, which: "slice | BoolArray") -> "TimedBlock":
        """Some of the samples: a slice of them, or those where `which`, (N,), is true."""
        return TimedBlock(
            self.placement,
            self.time_s[which],
            self.accelerometer_m_per_s2[which],
            self.gyroscope_rad_per_s[which],
            self.saturated[which],
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """An interval without samples of one sensor.

    Attributes:
        start_s: time of the last sample before it.
        end_s: time of the first sample after it.
        missing: number of samples that should have been there.
        cause: `lost` (frames missing), `overflow` (the sensor ran full), `restart` (the sensor began anew).
    """

    start_s: float
    end_s: float
    missing: int
    cause: str


@dataclass(frozen=True, slots=True)
class SensorQuality:
    """What came from one sensor, and what did not.

    Attributes:
        rate_hz: measured sample rate.
        saturated: number of samples at the end of the range.
        bad_frames: notifications that could not be read.
        duplicates: samples that came twice and were dropped.
        drift_ppm: by how much its clock runs faster than the computer's, parts a million; None where that is
            not known, as for imported samples.
        drift_uncertainty_ppm: half width of its 95 % interval, for delays that come by chance.
        clock_residual_s: what 95 % of the frames arrived at most later than the line that tells the drift.
        backfilled: samples that were lost on the way and came later, from the sensor's memory.
        calibrated_on: date of the six-position calibration that was applied, ISO; None for none.
    """

    placement: Placement
    rate_hz: float
    samples: int
    missing: int
    gaps: tuple[Gap, ...]
    saturated: int
    bad_frames: int = 0
    duplicates: int = 0
    drift_ppm: float | None = None
    drift_uncertainty_ppm: float | None = None
    clock_residual_s: float | None = None
    calibrated_on: str | None = None
    backfilled: int = 0
