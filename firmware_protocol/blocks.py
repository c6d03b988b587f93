"""Samples as every decoder of this package hands them on, whatever sensor they came from."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from firmware_protocol.service import FrameFlag

FloatArray: TypeAlias = npt.NDArray[np.float64]
Int64Array: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ImuBlock:
    """The samples of one frame, in the sensor's own axes.

    Attributes:
        accelerometer_m_per_s2: (N, 3) specific force; at rest it points up.
        gyroscope_rad_per_s: (N, 3) angular rate.
        device_ticks: (N,) tick of each sample: the frame's u32 plus the intervals, so it may pass 2**32
            within the block and starts below it again in a later one.
        interval_ticks: ticks between two samples.
        first_sample_index: index of the first sample since START, modulo 2**32.
        sequence: number of the frame as sent, modulo 2**16.
        flags: what the sensor says about the frame.
        saturated: (N,) true where any axis is at 99 % of its full scale or above.
    """

    accelerometer_m_per_s2: FloatArray
    gyroscope_rad_per_s: FloatArray
    device_ticks: Int64Array
    interval_ticks: int
    first_sample_index: int
    sequence: int
    flags: FrameFlag
    saturated: BoolArray

    def __len__(self) -> int:
        """Number of samples N."""
        return len(self.device_ticks)
