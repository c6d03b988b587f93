"""The drift of a sensor's clock: a line below arrival times that are late but never early."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tracker.model import FloatArray
from tracker.sensing.clock_model.drift import LowerHull, drift_share


def frames(drift_ppm: float, duration_s: float, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Device time of frames of 0.18 s, and arrival less device time, up to one connection interval late."""
    device_s: FloatArray = np.arange(0.18, duration_s, 0.18)
    arrival_s = device_s / (1.0 + drift_ppm * 1e-6) + rng.uniform(0.001, 0.001 + 0.0075, len(device_s))
    return device_s, arrival_s - device_s


@pytest.mark.parametrize("drift_ppm", [-50.0, 0.0, 50.0])
def test_ten_minutes_tell_the_drift_to_two_parts_in_a_million(drift_ppm: float) -> None:
    """T23. The earliest of the 11 frames of two seconds lies 0.6 ms above the line on the average; the line
    rests on the lowest of hundreds, some 0.03 ms above it, at points minutes apart."""
    for seed in range(20):
        hull = LowerHull()
        hull.add(*frames(drift_ppm, 600.0, np.random.default_rng(seed)))
        found = hull.estimate()
        assert found is not None
        assert found.drift_ppm == pytest.approx(drift_ppm, abs=2.0)


def test_without_delay_the_drift_is_exact() -> None:
    hull, device_s = LowerHull(), np.arange(0.0, 30.0, 0.5)
    hull.add(device_s, device_s / 1.0001 - device_s)
    found = hull.estimate()
    assert found is not None
    assert found.drift_ppm == pytest.approx(100.0, abs=1e-6)
    # the first and the last of two seconds each, all on one line: they fall, so the last is the lowest
    assert found.span_s == pytest.approx(29.5 - 1.5)


def test_two_seconds_tell_nothing() -> None:
    hull = LowerHull()
    assert hull.estimate() is None
    hull.add(np.array([2.1, 3.5, 3.9]), np.array([0.0, 0.1, 0.2]))
    assert hull.estimate() is None


def test_the_span_is_that_of_the_arrivals_that_lie_on_the_line() -> None:
    """Late for 11 s, and less so from one to the next: the line rests on the other 28 s."""
    hull, device_s = LowerHull(), np.arange(1.0, 40.0, 2.0)
    hull.add(device_s, 0.1 * np.maximum(0.0, 12.0 - device_s))
    found = hull.estimate()
    assert found is not None
    assert (found.drift_ppm, found.span_s) == pytest.approx((0.0, 39.0 - 13.0))


@pytest.mark.parametrize("stamp_s", [4.0, 5.0])
def test_frames_that_came_together_tell_no_drift(stamp_s: float) -> None:
    """All at one time: the difference falls by a second a second, as if the device's time stood still."""
    hull, device_s = LowerHull(), np.array([0.17, 2.33, 3.9])
    hull.add(device_s, stamp_s - device_s)
    assert hull.estimate() is None


@pytest.mark.parametrize("share", [-0.4, -0.04, 0.0, 1e-5, 0.04, 0.4])
def test_a_share_is_found_from_its_own_slope(share: float) -> None:
    slope = 1.0 / (1.0 + share) - 1.0
    assert drift_share(slope) == pytest.approx(share, abs=1e-12)


@pytest.mark.parametrize("slope", [-1.5, -1.0, -0.9, 2.0])
def test_no_clock_has_such_a_slope(slope: float) -> None:
    assert drift_share(slope) is None


def test_the_line_is_the_one_of_the_linear_programme() -> None:
    """It maximises the sum of the line's heights under the condition that it lies below all points."""
    x = np.arange(1.0, 400.0, 2.0)
    y: FloatArray = 0.01 * np.random.default_rng(4).exponential(size=200) - 3e-5 * x
    hull = LowerHull()
    hull.add(x, y)
    best = linprog(
        [-x.sum(), -len(x)], A_ub=np.column_stack([x, np.ones(len(x))]), b_ub=y, bounds=(None, None)
    )
    slope = best.x[0]
    found = hull.estimate()
    assert found is not None
    assert found.drift_ppm == pytest.approx(-slope / (1 + slope) * 1e6, rel=1e-6)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 500), max_size=20))
def test_any_cutting_into_blocks_gives_the_same_estimate(seed: int, cuts: list[int]) -> None:
    x, y = frames(30.0, 90.0, np.random.default_rng(seed))
    whole, parts = LowerHull(), LowerHull()
    whole.add(x, y)
    edges = sorted({0, *(cut for cut in cuts if cut < len(x)), len(x)})
    for start, stop in pairwise(edges):
        parts.add(x[start:stop], y[start:stop])
    assert parts.estimate() == whole.estimate()
    assert math.isfinite(getattr(whole.estimate(), "drift_ppm", math.nan))
