"""Smoothness of a movement: spectral arc length of its speed (SPARC).

Balasubramanian, Melendez-Calderon, Roby-Brami, Burdet: On the analysis of movement smoothness,
J NeuroEng Rehabil 12:112, 2015. The magnitude spectrum of the speed is normalised to its largest value and
followed from zero frequency to the last one, up to 10 Hz, at which it still reaches 5 %; minus its arc
length is the result. Closer to zero is smoother; a minimum-jerk move gives -1.40 to -1.41 at any duration
and rate.
The log dimensionless jerk is left out: on gyroscope data its noise grows with the sample rate.
"""

import math
from collections.abc import Sequence

import numpy as np

from tracker.model import FloatArray

_CUTOFF_HZ = 10.0
_LEAST_SHARE = 0.05
_PADDING_LEVEL = 4
_FEWEST_SAMPLES = 4
"""Fewer samples have no shape."""

_TOGETHER = 16
"""So many spectra stay in the processor's cache."""


def spectral_arc_lengths(speeds: Sequence[FloatArray], rate_hz: float) -> list[float | None]:
    """SPARC of speed profiles, each (N,) equally spaced samples in any unit; None where nothing moves.

    Many together cost a third of one by one; each comes out the same.
    """
    found: list[float | None] = [None] * len(speeds)
    by_length: dict[int, list[int]] = {}
    for place, speed in enumerate(speeds):
        if len(speed) >= _FEWEST_SAMPLES:
            length = 1 << (math.ceil(math.log2(len(speed))) + _PADDING_LEVEL)
            by_length.setdefault(length, []).append(place)
    for length, places in by_length.items():
        for first in range(0, len(places), _TOGETHER):
            part = places[first : first + _TOGETHER]
            rows = np.zeros((len(part), length))
            for row, place in enumerate(part):
                rows[row, : len(speeds[place])] = speeds[place]
            for place, arc in zip(part, _arc_lengths(rows, rate_hz), strict=True):
                found[place] = arc
    return found


def _arc_lengths(rows: FloatArray, rate_hz: float) -> list[float | None]:
    """The same for padded profiles of one length, (R, L)."""
    length = rows.shape[1]
    bins = min(int(_CUTOFF_HZ * length / rate_hz), length // 2) + 1
    magnitude = np.abs(np.fft.rfft(rows)[:, :bins])
    largest = magnitude.max(axis=1)
    share = magnitude / np.where(largest > 0.0, largest, 1.0)[:, np.newaxis]
    last = bins - 1 - (share >= _LEAST_SHARE)[:, ::-1].argmax(axis=1)
    steps = np.diff(share, axis=1)
    counted = np.arange(bins - 1) < last[:, np.newaxis]
    width = 1.0 / np.maximum(last, 1)[:, np.newaxis]
    arcs = np.where(counted, np.sqrt(steps * steps + width * width), 0.0).sum(axis=1)
    moves = (largest > 0.0) & (last > 0)
    return [-arc if known else None for arc, known in zip(arcs.tolist(), moves.tolist(), strict=True)]
