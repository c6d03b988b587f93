"""Whole streams of a sensor whose clock runs wrong, through the clock model, with what they really were."""

from dataclasses import dataclass

import numpy as np

from tracker.model import FloatArray
from tracker.sensing.clock_model.clock import FrameTicks, SensorClock
from tracker.sensing.clock_model.parameters import ClockParameters

TICK_RATE_HZ = 1_000_000.0
INTERVAL_TICKS = 10_000
FRAME_SAMPLES = 18
START_S = 0.5
"""Host time of the first sample."""

CONNECTION_S = 0.030
"""A connection interval as phones and computers choose it."""


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """What a clock model made of a stream.

    Attributes:
        clock: after the last frame.
        true_s: (S,) when each sample was taken.
        time_s: (S,) the same by the model.
    """

    clock: SensorClock
    true_s: FloatArray
    time_s: FloatArray

    @property
    def error_s(self) -> FloatArray:
        """(S,) by how much the model's times are late."""
        return self.time_s - self.true_s

    def between(self, start_s: float, end_s: float) -> FloatArray:
        """Errors of the samples taken in a span."""
        return self.error_s[(self.true_s >= start_s) & (self.true_s < end_s)]


def frame_ends_s(drift_ppm: float, duration_s: float, samples: int = FRAME_SAMPLES) -> FloatArray:
    """When the last sample of each frame was taken."""
    interval_s = INTERVAL_TICKS / TICK_RATE_HZ / (1.0 + drift_ppm * 1e-6)
    frames = int(duration_s / (samples * interval_s))
    ends_s: FloatArray = START_S + interval_s * (samples * np.arange(1.0, frames + 1.0) - 1.0)
    return ends_s


def followed(
    drift_ppm: float,
    arrival_s: FloatArray,
    *,
    samples: int = FRAME_SAMPLES,
    parameters: ClockParameters | None = None,
    together: int | None = None,
) -> Followed:
    """A stream through the clock model.

    Args:
        drift_ppm: by how much the device's clock runs faster than the host's.
        arrival_s: (F,) when each frame arrived; frames do not overtake each other, so later ones wait.
        together: frames that are looked at together; all by default.
    """
    clock = SensorClock(TICK_RATE_HZ, 0, parameters or ClockParameters())
    numbers = np.arange(len(arrival_s) * samples, dtype=np.int64)
    ticks = numbers * INTERVAL_TICKS
    received_ns = np.round(np.maximum.accumulate(arrival_s) * 1e9).astype(np.int64)
    times, done = [], 0
    while done < len(arrival_s):
        stop = len(arrival_s) if together is None else min(done + together, len(arrival_s))
        counts = np.full(stop - done, samples, dtype=np.int64)
        part = FrameTicks(ticks[done * samples : stop * samples], counts, received_ns[done:stop])
        found = clock.sample_times(part)
        times.append(found.time_s)
        done += found.frames
    true_s = START_S + numbers / (TICK_RATE_HZ / INTERVAL_TICKS) / (1.0 + drift_ppm * 1e-6)
    return Followed(clock, true_s, np.concatenate(times))


def jittered(
    drift_ppm: float, duration_s: float, rng: np.random.Generator, jitter_s: float = CONNECTION_S
) -> Followed:
    """A stream of frames that are late by chance, by one connection interval at most."""
    ends_s = frame_ends_s(drift_ppm, duration_s)
    return followed(drift_ppm, ends_s + rng.uniform(0.0, jitter_s, len(ends_s)))
