"""Smoothness of a movement: spectral arc length of its speed (SPARC).

Balasubramanian, Melendez-Calderon, Roby-Brami, Burdet: On the analysis of movement smoothness,
J NeuroEng Rehabil 12:112, 2015. The magnitude spectrum of the speed is normalised to its largest value and
followed from zero frequency to the last one, up to 10 Hz, at which it still reaches 5 %; minus its arc
length is the result. Closer to zero is smoother; a minimum-jerk move gives -1.41 at any duration and rate.
The log dimensionless jerk is left out: on gyroscope data its noise grows with the sample rate.
"""

import math

import numpy as np

from tracker.model import FloatArray

_CUTOFF_HZ = 10.0
_LEAST_SHARE = 0.05
_PADDING_LEVEL = 4
_FEWEST_SAMPLES = 4
"""Fewer samples have no shape."""


def spectral_arc_length(speed: FloatArray, rate_hz: float) -> float | None:
    """SPARC of a speed profile, (N,) equally spaced samples in any unit; None where there is no movement."""
    if len(speed) < _FEWEST_SAMPLES:
        return None
    length = 1 << (math.ceil(math.log2(len(speed))) + _PADDING_LEVEL)
    bins = min(int(_CUTOFF_HZ * length / rate_hz), length // 2) + 1
    magnitude = np.abs(np.fft.rfft(speed, length)[:bins])
    largest = float(magnitude.max())
    if largest <= 0.0:
        return None
    share = magnitude / largest
    last = int((share >= _LEAST_SHARE).nonzero()[0][-1])
    if last == 0:
        return None
    steps = share[1 : last + 1] - share[:last]
    return -float(np.sqrt(steps * steps + 1.0 / last**2).sum())
