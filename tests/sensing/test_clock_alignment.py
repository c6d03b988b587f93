"""Two sensors whose clocks drift apart by 100 ppm, by a link of one connection interval of jitter."""

import numpy as np
from clock_streams import Followed, jittered

from tracker.sensing.clock_model.drift import DriftEstimate

DRIFTS_PPM = (50.0, -50.0)
SEEDS = 50


def pair(duration_s: float, seed: int) -> list[Followed]:
    """Both sensors' streams."""
    rng = np.random.default_rng(seed)
    return [jittered(drift_ppm, duration_s, rng) for drift_ppm in DRIFTS_PPM]


def found_drifts(duration_s: float) -> list[tuple[float, DriftEstimate]]:
    """True drift, and what was found of it."""
    found = []
    for seed in range(SEEDS):
        for true_ppm, one in zip(DRIFTS_PPM, pair(duration_s, seed), strict=True):
            drift = one.clock.drift
            assert drift is not None
            found.append((true_ppm, drift))
    return found


def test_after_a_minute_both_lie_within_5_ms_of_each_other() -> None:
    """Left alone they would be 6 ms apart and go on so. Each time line is late by the least delay of some
    seconds, 1 ms on the average of 5 s, and by the creep of 150 to 250 ppm since it, as much again."""
    apart_s = []
    for seed in range(SEEDS):
        one, other = pair(91.0, seed)
        at_s = np.arange(60.0, 90.0, 0.01)
        apart_s.append(
            np.interp(at_s, one.true_s, one.error_s) - np.interp(at_s, other.true_s, other.error_s)
        )
    assert np.quantile(np.abs(apart_s), 0.95) < 0.005


def test_after_two_minutes_the_drift_is_known_to_5_ppm() -> None:
    """In a strip of so many ms above a line of 120 s lie 22 frames a ms: the line below them has a play of
    5 ppm (95 %), and of 100 tries 2.2 % is one sigma. A minute has a fourth of that information."""
    off_ppm = [abs(found.drift_ppm - true_ppm) for true_ppm, found in found_drifts(120.0)]
    assert np.mean(np.array(off_ppm) <= 5.0) > 0.95 - 3.0 * 0.022


def test_after_a_minute_the_drift_says_how_unsure_it_is() -> None:
    """By 20 ppm or so: within that it lies as often as it should, and it does not claim 5."""
    found = found_drifts(60.0)
    within = [
        one.uncertainty_ppm is not None and abs(one.drift_ppm - true_ppm) <= one.uncertainty_ppm
        for true_ppm, one in found
    ]
    assert np.mean(within) > 0.95 - 3.0 * 0.022
    assert min(one.uncertainty_ppm or 0.0 for _, one in found) > 5.0
