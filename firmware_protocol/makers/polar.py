"""Polar Verity Sense: from the notifications of its measurement service to samples.

Accelerometer and gyroscope are streams of their own with timestamps of one clock. Axes are the sensor's
own, the same for both and right-handed. The maker does not say how they lie in the housing: the alignment
finds out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from firmware_protocol.blocks import Int64Array
from firmware_protocol.decoder import Lack, StreamDescription
from firmware_protocol.errors import FrameError, ProtocolError
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.makers.frame_builder import FrameBuilder
from firmware_protocol.makers.merged_streams import MergedStreams, TimedSamples
from firmware_protocol.makers.polar_frames import Measurement, PolarFrame, Sample, decode_frame
from firmware_protocol.makers.stamped_index import StampedIndex
from firmware_protocol.makers.stream_settings import StreamSettings
from firmware_protocol.stream import STANDARD_GRAVITY_M_PER_S2
from firmware_protocol.wire import Bytes

TICK_RATE_HZ: Final = 1_000_000
LACKS: Final = frozenset({Lack.BACKFILL, Lack.COMMON_SAMPLING})
_SATURATED_SHARE: Final = 0.99
_FULL_COUNTS: Final = _SATURATED_SHARE * 32_768
"""Counts end here, whatever the range is called: chips reach a little more than their name says."""
_MERGED: Final = (Measurement.ACCELEROMETER, Measurement.GYROSCOPE)
_MILLI: Final = 1e-3
_LARGEST_FACTOR: Final = 1e6


@dataclass(frozen=True, slots=True)
class PolarSettings(StreamSettings):
    """Settings with the factors that the sensor gave as its streams started.

    Attributes:
        accelerometer_factor: what one count is; g, or mg for frames in mg.
        gyroscope_factor: what one count is, degrees a second.
    """

    accelerometer_factor: float = 1.0
    gyroscope_factor: float = 1.0

    def __post_init__(self) -> None:
        """Refuses numbers that no sensor has.

        Raises:
            ProtocolError: a rate, range or factor that is not a number above zero.
        """
        super(PolarSettings, self).__post_init__()
        for name in ("accelerometer_factor", "gyroscope_factor"):
            value = getattr(self, name)
            if (
                isinstance(value, bool)
                or not isinstance(value, int | float)
                or not 0 < value < _LARGEST_FACTOR
            ):
                raise ProtocolError(f"{name} = {value!r} is no factor", advice="Record again.")


class PolarDecoder:
    """A `StreamDecoder` for the Polar Verity Sense."""

    def __init__(self, settings: PolarSettings) -> None:
        self._settings = settings
        self._description = StreamDescription(TICK_RATE_HZ, (settings.rate_hz,), LACKS)
        self._index = {kind: StampedIndex(settings.rate_hz) for kind in _MERGED}
        self._merged = MergedStreams(settings.rate_hz)

    @property
    def description(self) -> StreamDescription:
        """What the frames are counted in."""
        return self._description

    def decode(self, payloads: Sequence[Bytes], received_ns: Int64Array) -> FrameBatch:
        """The frames that these notifications complete; see `StreamDecoder.decode`."""
        builder = FrameBuilder()
        for position, (payload, at_ns) in enumerate(zip(payloads, received_ns.tolist(), strict=True)):
            try:
                frame = decode_frame(payload)
            except FrameError as error:
                builder.refuse(position, error)
                continue
            samples = self._timed(frame, at_ns)
            if frame.measurement is Measurement.GYROSCOPE:
                self._merged.add_gyroscope(builder, position, samples)
            else:
                self._merged.add_accelerometer(builder, position, samples)
        return builder.batch()

    def _timed(self, frame: PolarFrame, received_ns: int) -> TimedSamples:
        """Samples in SI units, numbered."""
        count = len(frame.values)
        # the timestamp is that of the last sample
        placed = self._index[frame.measurement].place(
            frame.last_ns, received_ns, samples=count, stamped=count - 1
        )
        values = frame.values * self._unit(frame)
        magnitudes = np.abs(values).max(axis=1)
        largest = _SATURATED_SHARE * self._range_si(frame.measurement)
        full = frame.sample is not Sample.FLOAT and np.abs(frame.values).max(axis=1) >= _FULL_COUNTS
        return TimedSamples(
            placed.first_index,
            placed.first_ns,
            placed.interval_ns,
            values,
            (magnitudes >= largest) | full,
            received_ns,
            placed.flags,
        )

    def _unit(self, frame: PolarFrame) -> float:
        """What one count is, in SI units."""
        settings = self._settings
        if frame.measurement is Measurement.GYROSCOPE:
            return math.radians(settings.gyroscope_factor)
        unit = settings.accelerometer_factor * STANDARD_GRAVITY_M_PER_S2
        return unit * _MILLI if frame.sample is Sample.MILLI_G else unit

    def _range_si(self, measurement: Measurement) -> float:
        if measurement is Measurement.GYROSCOPE:
            return math.radians(self._settings.gyroscope_range_dps)
        return self._settings.accelerometer_range_g * STANDARD_GRAVITY_M_PER_S2
