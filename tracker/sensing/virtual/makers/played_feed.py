"""A feed in SI units, for sensors whose bytes are not the feed's counts."""

from dataclasses import dataclass

from firmware_protocol import StreamScale
from firmware_protocol.blocks import FloatArray
from tracker.sensing.virtual.feed import SampleFeed


@dataclass(frozen=True, slots=True)
class PlayedFeed:
    """A feed with the ranges that its counts are of.

    Attributes:
        feed: what is measured; its rate must be that at which the sensor is started.
        accelerometer_range_g: full scale of its counts.
        gyroscope_range_dps: full scale of its counts.
    """

    feed: SampleFeed
    accelerometer_range_g: float = 4.0
    gyroscope_range_dps: float = 1000.0

    def samples(self, first_index: int, count: int) -> tuple[FloatArray, FloatArray]:
        """(count, 3) m/s² and (count, 3) rad/s, from an index on."""
        scale = StreamScale.from_ranges(self.accelerometer_range_g, self.gyroscope_range_dps)
        counts = self.feed.counts(first_index, count).astype(float)
        return (
            counts[:, :3] * scale.accelerometer_m_per_s2_per_count,
            counts[:, 3:] * scale.gyroscope_rad_per_s_per_count,
        )
