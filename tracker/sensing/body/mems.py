"""A simulated motion sensor chip: noise, bias, range and 16-bit counts."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tracker.model import BoolArray, FloatArray
from tracker.sensing.body.kinematics import GRAVITY_M_PER_S2

Counts = npt.NDArray[np.int16]

NOISE_BLOCK = 256
"""Samples whose noise is drawn together."""

FULL_SCALE = 32768
"""Counts at the end of the range."""

SATURATED_COUNTS = 32441
"""From 99 % of full scale a sample counts as saturated, as in the decoder of our own wire."""

NO_BIAS = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class MemsModel:
    """Parameters of one sensor; white noise, constant bias and scale error, no error of axes.

    Attributes:
        accelerometer_noise_ug: noise density in ug per root Hz; 70 is LSM6DSO's (DS12140).
        gyroscope_noise_mdps: noise density in mdps per root Hz; 3.8 is LSM6DSO's.
        bandwidth_hz: of the noise; half the sample rate for a chip that filters to its output rate.
        accelerometer_bias_m_per_s2, gyroscope_bias_rad_per_s: one for each axis.
        accelerometer_scale_error: by what share of the truth each axis shows too much.
        accelerometer_range_g, gyroscope_range_dps: value at full scale, plus and minus.
        seed: of the noise.
    """

    accelerometer_noise_ug: float = 70.0
    gyroscope_noise_mdps: float = 3.8
    bandwidth_hz: float = 50.0
    accelerometer_bias_m_per_s2: tuple[float, float, float] = NO_BIAS
    gyroscope_bias_rad_per_s: tuple[float, float, float] = NO_BIAS
    accelerometer_scale_error: tuple[float, float, float] = NO_BIAS
    accelerometer_range_g: float = 4.0
    gyroscope_range_dps: float = 1000.0
    seed: int = 0

    @classmethod
    def ideal(cls, accelerometer_range_g: float = 4.0, gyroscope_range_dps: float = 1000.0) -> "MemsModel":
        """A sensor with nothing but range and resolution."""
        return cls(
            0.0,
            0.0,
            accelerometer_range_g=accelerometer_range_g,
            gyroscope_range_dps=gyroscope_range_dps,
        )

    @classmethod
    def drawn(cls, rng: np.random.Generator, bandwidth_hz: float = 50.0) -> "MemsModel":
        """One specimen: biases of 5 mg and 0.3 dps standard deviation on each axis, and a noise seed.

        LSM6DSO's data sheet gives +-20 mg and +-1 dps. Read as the band that nearly all parts keep, three to
        four standard deviations, that leaves 5 mg and 0.3 dps. The reading is an assumption, not measured.
        """
        accelerometer = rng.normal(0.0, 5e-3 * GRAVITY_M_PER_S2, 3)
        gyroscope = rng.normal(0.0, np.radians(0.3), 3)
        return cls(
            bandwidth_hz=bandwidth_hz,
            accelerometer_bias_m_per_s2=(accelerometer[0], accelerometer[1], accelerometer[2]),
            gyroscope_bias_rad_per_s=(gyroscope[0], gyroscope[1], gyroscope[2]),
            seed=int(rng.integers(2**63)),
        )

    @property
    def accelerometer_noise_m_per_s2(self) -> float:
        """Standard deviation of one sample: density times the root of the bandwidth."""
        return self.accelerometer_noise_ug * 1e-6 * GRAVITY_M_PER_S2 * float(np.sqrt(self.bandwidth_hz))

    @property
    def gyroscope_noise_rad_per_s(self) -> float:
        """Standard deviation of one sample: density times the root of the bandwidth."""
        return float(np.radians(self.gyroscope_noise_mdps * 1e-3) * np.sqrt(self.bandwidth_hz))

    @property
    def accelerometer_step_m_per_s2(self) -> float:
        """Specific force of one count."""
        return self.accelerometer_range_g * GRAVITY_M_PER_S2 / FULL_SCALE

    @property
    def gyroscope_step_rad_per_s(self) -> float:
        """Angular rate of one count."""
        return float(np.radians(self.gyroscope_range_dps)) / FULL_SCALE

    def to_counts(
        self,
        accelerometer_m_per_s2: FloatArray,
        gyroscope_rad_per_s: FloatArray,
        indices: npt.NDArray[np.int64],
    ) -> Counts:
        """What the chip puts out for what it feels.

        Args:
            accelerometer_m_per_s2, gyroscope_rad_per_s: (N, 3) true values.
            indices: (N,) sample numbers from 0; the noise depends on them and the seed alone.

        Returns:
            (N, 6) counts, accelerometer x y z then gyroscope x y z; beyond the range its end.
        """
        scaled = accelerometer_m_per_s2 * (1.0 + np.array(self.accelerometer_scale_error))
        felt = np.hstack((scaled, gyroscope_rad_per_s))
        felt += np.array(self.accelerometer_bias_m_per_s2 + self.gyroscope_bias_rad_per_s)
        spread = _six(self.accelerometer_noise_m_per_s2, self.gyroscope_noise_rad_per_s)
        if spread.any():
            felt += spread * standard_noise(self.seed, indices)
        felt /= _six(self.accelerometer_step_m_per_s2, self.gyroscope_step_rad_per_s)
        return np.clip(np.rint(felt), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)

    def to_si(self, counts: Counts) -> tuple[FloatArray, FloatArray]:
        """Counts, (N, 6), as specific force in m/s2 and angular rate in rad/s, (N, 3) each."""
        exact = counts.astype(np.float64)
        return exact[:, :3] * self.accelerometer_step_m_per_s2, exact[:, 3:] * self.gyroscope_step_rad_per_s


def saturated(counts: Counts) -> BoolArray:
    """Which samples have any axis at 99 % of its range or above, (N, 6) to (N,)."""
    at_end: BoolArray = np.any((counts >= SATURATED_COUNTS) | (counts <= -SATURATED_COUNTS), axis=1)
    return at_end


def standard_noise(seed: int, indices: npt.NDArray[np.int64]) -> FloatArray:
    """Standard normal noise of six axes as a pure function of the sample number, (N,) to (N, 6)."""
    block_of = indices // NOISE_BLOCK
    first, last = int(block_of[0]) if len(block_of) else 0, int(block_of[-1]) if len(block_of) else 0
    if first == last and (block_of == first).all():
        return _noise_block(seed, first)[indices - first * NOISE_BLOCK]
    noise = np.empty((len(indices), 6))
    for block in np.unique(block_of):
        here = block_of == block
        noise[here] = _noise_block(seed, int(block))[indices[here] - block * NOISE_BLOCK]
    return noise


@lru_cache(maxsize=32)
def _noise_block(seed: int, block: int) -> FloatArray:
    """Noise of one block, (NOISE_BLOCK, 6): a counter-based generator, so that no block needs another.

    The block number sits above the 64 bits that drawing counts up, so blocks never overlap. The cache
    only saves drawing a block again for each slice of it.
    """
    generator = np.random.Generator(np.random.Philox(key=seed, counter=[0, block, 0, 0]))
    noise = generator.standard_normal((NOISE_BLOCK, 6))
    noise.flags.writeable = False
    return noise


def _six(accelerometer: float, gyroscope: float) -> FloatArray:
    return np.array([accelerometer] * 3 + [gyroscope] * 3)
