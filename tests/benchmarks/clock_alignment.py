"""Prints how well two sensors' clocks are put on one time line, and how well their drift is known.

Run with `python tests/benchmarks/clock_alignment.py [seeds]`. Two sensors, +50 and -50 ppm, send frames of
0.18 s that are late by up to one connection interval of 30 ms; times are simulated, nothing here is a test.
"""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "sensing"))
from clock_streams import CONNECTION_S, Followed, followed, frame_ends_s, jittered

from tracker.model import FloatArray

DRIFTS_PPM = (50.0, -50.0)
DURATIONS_S = (60.0, 90.0, 120.0, 180.0, 300.0, 600.0)
LOOKED_AT_S = 30.0
"""Samples of so many seconds are compared after each duration."""

APART_S = 0.005
OFF_PPM = 5.0


def apart_s(pair: list[Followed], start_s: float) -> FloatArray:
    """Distance of the two time lines at the same true times, after a duration."""
    at_s = np.arange(start_s, start_s + LOOKED_AT_S, 0.01)
    one, other = (np.interp(at_s, found.true_s, found.error_s) for found in pair)
    distance_s: FloatArray = np.abs(one - other)
    return distance_s


def on_a_grid(drift_ppm: float, duration_s: float, rng: np.random.Generator, samples: int) -> Followed:
    """A stream of frames that wait for the next connection event, and nothing else."""
    ends_s = frame_ends_s(drift_ppm, duration_s, samples)
    first_s = rng.uniform(0.0, CONNECTION_S)
    arrival_s = first_s + CONNECTION_S * np.ceil((ends_s - first_s) / CONNECTION_S)
    return followed(drift_ppm, arrival_s, samples=samples)


def by_chance(seeds: int) -> Iterator[str]:
    """The table for lateness that comes by chance."""
    yield f"late by chance, evenly up to 30 ms; {seeds} seeds"
    yield ("after   within 5 ms  95 % apart   drift within 5 ppm  95 % off   it says  within what it says")
    for duration_s in DURATIONS_S:
        apart, off, says = [], [], []
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            pair = [jittered(one, duration_s + LOOKED_AT_S + 1.0, rng) for one in DRIFTS_PPM]
            apart.append(apart_s(pair, duration_s))
            for one in DRIFTS_PPM:
                drift = jittered(one, duration_s, rng).clock.drift
                if drift is not None and drift.uncertainty_ppm is not None:
                    off.append(abs(drift.drift_ppm - one))
                    says.append(drift.uncertainty_ppm)
        yield (
            f"{duration_s:4.0f} s  {np.mean(np.array(apart) <= APART_S):11.1%}"
            f"  {1000.0 * np.quantile(apart, 0.95):7.2f} ms  {np.mean(np.array(off) <= OFF_PPM):18.1%}"
            f"  {np.quantile(off, 0.95):5.2f} ppm  {np.median(says):5.2f} ppm"
            f"  {np.mean(np.array(off) <= np.array(says)):18.1%}"
        )


def by_connection_events(seeds: int) -> Iterator[str]:
    """The table for frames that wait for connection events alone: the link's own limit."""
    yield "\nlate by waiting for the next connection event alone, after 60 s"
    yield "frame   within 5 ms  95 % apart   95 % of drifts off"
    for samples in (18, 17, 10, 8):
        apart, off = [], []
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            pair = [on_a_grid(one, 60.0 + LOOKED_AT_S + 1.0, rng, samples) for one in DRIFTS_PPM]
            apart.append(apart_s(pair, 60.0))
            drifts = [found.clock.drift for found in pair]
            off += [
                abs(one.drift_ppm - true_ppm)
                for one, true_ppm in zip(drifts, DRIFTS_PPM, strict=True)
                if one is not None
            ]
        yield (
            f"{samples * 0.01:.2f} s  {np.mean(np.array(apart) <= APART_S):11.1%}"
            f"  {1000.0 * np.quantile(apart, 0.95):7.2f} ms  {np.quantile(off, 0.95):8.1f} ppm"
        )


def main() -> None:
    """Both tables, line by line as they are found."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for line in chain(by_chance(seeds), by_connection_events(seeds)):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
