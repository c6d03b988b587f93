"""The stream of one simulated sensor: its counts by sample number."""

from dataclasses import dataclass

import numpy as np

from tracker.model import Placement, TimedBlock
from tracker.sensing.body.kinematics import Mounting, measure
from tracker.sensing.body.mems import Counts, MemsModel, saturated
from tracker.sensing.body.script import BodyScript


@dataclass(frozen=True, slots=True, eq=False)
class BodyFeed:
    """One simulated sensor on the simulated body.

    Sample i is taken at true time i / rate_hz; errors of the sensor's clock belong to whoever sends it.
    """

    script: BodyScript
    placement: Placement
    mounting: Mounting
    mems: MemsModel
    rate_hz: float = 100.0

    @property
    def duration_s(self) -> float:
        """Duration of the script."""
        return self.script.duration_s

    @property
    def samples(self) -> int:
        """Number of samples from the script's start to its end, both included."""
        # a script of 40 s that adds up to 39.999999999 must not lose its last sample
        return int(self.script.duration_s * self.rate_hz + 1e-6) + 1

    def counts(self, first_index: int, count: int) -> Counts:
        """Samples `first_index` up to, not including, `first_index + count`.

        A pure function of the sample number: cut anywhere, the same counts. Beyond the script's end the
        last pose is held and only the noise goes on.

        Returns:
            (count, 6) counts, accelerometer x y z then gyroscope x y z.

        Raises:
            ValueError: a sample before the first, or a negative count.
        """
        if first_index < 0 or count < 0:
            raise ValueError(f"no {count} samples from sample {first_index}")
        indices = np.arange(first_index, first_index + count, dtype=np.int64)
        felt = measure(self.script, self.placement, self.mounting, indices / self.rate_hz)
        return self.mems.to_counts(*felt, indices)


def simulate_block(feed: BodyFeed, first_index: int = 0, count: int | None = None) -> TimedBlock:
    """Samples of a simulated sensor in SI, on the true time line, as if sent without a radio.

    Args:
        count: number of samples; None for all up to the script's end.
    """
    counts = feed.counts(first_index, feed.samples - first_index if count is None else count)
    accelerometer_m_per_s2, gyroscope_rad_per_s = feed.mems.to_si(counts)
    return TimedBlock(
        feed.placement,
        np.arange(first_index, first_index + len(counts)) / feed.rate_hz,
        accelerometer_m_per_s2,
        gyroscope_rad_per_s,
        saturated(counts),
    )
