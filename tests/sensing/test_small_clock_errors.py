"""Clocks that are wrong by hundredths of a percent: corrected by the line below minutes of arrivals."""

from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import pytest
from clock_streams import FRAME_SAMPLES, START_S, Followed, followed, frame_ends_s, jittered
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.model import FloatArray
from tracker.sensing.clock_model.parameters import ClockParameters

PARAMETERS = ClockParameters()


def after_s(share: float) -> float:
    """Device time after which an error is corrected: it is judged from a minute on, every 20 s, once it has
    added up to 0.1 s between the earliest arrivals of the first and the last 2 s."""
    return max(PARAMETERS.small_after_s, PARAMETERS.felt_s / abs(share)) + 2.0 * 2.0 + PARAMETERS.pace_after_s


@pytest.mark.parametrize(("jitter_s", "limit_s"), [(0.004, 0.004), (0.030, 0.010)])
@pytest.mark.parametrize("drift_ppm", [500.0, -500.0, 1000.0, -1000.0, -2000.0, 5000.0, -9000.0])
def test_a_small_error_is_corrected_and_times_are_right_from_then_on(
    drift_ppm: float, jitter_s: float, limit_s: float
) -> None:
    """The line below a minute of arrivals that are late by up to 30 ms errs by 20 ppm (95 %).

    Times err by how late the earliest of some frames is, and by what the envelope creeps up by until then: of
    frames each 0.18 s, late by up to 30 ms, the earliest within 1.6 s is 3.3 ms late on the average, and a
    creep of 0.2 % adds as much. Of 4 ms it is 1.2 ms within 0.6 s, and as much. By chance half as much more.
    """
    share = drift_ppm * 1e-6
    found = jittered(drift_ppm, 420.0, np.random.default_rng(1), jitter_s)
    [pace] = found.clock.paces
    assert 1.0 / pace.factor - 1.0 == pytest.approx(share, abs=40e-6)
    assert pace.since_s < after_s(share) + 1.0
    assert pace.settled_s is not None
    assert pace.settled_s - pace.since_s < max(0.1, 65.0 * abs(share)) / PARAMETERS.slew + 1.0
    late_s = np.abs(found.between(pace.settled_s + 1.0, 430.0))
    assert np.quantile(late_s, 0.95) < limit_s


def test_a_slow_clock_is_never_more_than_a_tenth_of_a_second_off_where_a_minute_has_shown_it() -> None:
    """0.1 % slow: 0.1 s before 120 s, of which the creep makes up a fifth."""
    found = jittered(-1000.0, 300.0, np.random.default_rng(2), 0.004)
    felt_s = 0.1 * (1000e-6 - PARAMETERS.creep) / 1000e-6
    assert np.abs(found.error_s).max() < felt_s + 20.0 * (1000e-6 - PARAMETERS.creep) + 0.004


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("drift_ppm", [-300.0, -100.0, 0.0, 100.0, 300.0])
def test_what_the_envelope_follows_stays_as_it_is(drift_ppm: float, seed: int) -> None:
    """Below 0.04 % the clock is left alone, for 20 minutes of late frames."""
    assert jittered(drift_ppm, 1200.0, np.random.default_rng(seed)).clock.paces == ()


Late: TypeAlias = Callable[[FloatArray], FloatArray]

SLOWER_LINKS: dict[str, Late] = {
    "60 ms from 60 s on": lambda now_s: np.where(now_s > 60.0, 0.06, 0.0),
    "60 ms from 90 s on": lambda now_s: np.where(now_s > 90.0, 0.06, 0.0),
    "30 ms more each minute, for two minutes": lambda now_s: 0.03 * np.minimum(now_s // 60.0, 2.0),
    "200 ms less from 100 s on": lambda now_s: np.where(now_s < 100.0, 0.2, 0.0),
    "worked off 0.3 s from 40 s to 50 s": lambda now_s: 0.3 * np.clip((50.0 - now_s) / 10.0, 0.0, 1.0),
}


@pytest.mark.parametrize("late", SLOWER_LINKS.values(), ids=list(SLOWER_LINKS))
@pytest.mark.parametrize("seed", range(3))
def test_a_link_that_becomes_slower_or_faster_is_no_wrong_clock(late: Late, seed: int) -> None:
    """The line below all of the time and those below its halves have other slopes, or it is less than 0.1 s.

    Steps that go on each minute are what a slow clock looks like, and would be taken for one.
    """
    rng = np.random.default_rng(seed)
    ends_s = frame_ends_s(20.0, 400.0)
    arrival_s = ends_s + rng.uniform(0.0, 0.005, len(ends_s)) + late(ends_s)
    assert followed(20.0, arrival_s).clock.paces == ()


def test_lateness_that_grew_evenly_for_minutes_is_taken_back() -> None:
    """0.2 s more within 200 s are 0.1 %, as a clock would show; what comes after tells otherwise."""
    ends_s = frame_ends_s(0.0, 900.0)
    rng = np.random.default_rng(4)
    arrival_s = ends_s + 1e-3 * np.minimum(ends_s, 200.0) + rng.uniform(0.0, 0.004, len(ends_s))
    found = followed(0.0, arrival_s)
    wrong, back = found.clock.paces
    assert wrong.factor == pytest.approx(1.001, abs=50e-6)
    # the slopes of its halves may differ by half of what is corrected
    assert back.factor == pytest.approx(1.0, abs=0.5 * PARAMETERS.small_share)
    # the link stays 0.2 s late; beside that, the creep of a corrected clock between early frames
    assert np.ptp(found.between(850.0, 895.0)) < 0.008


def test_a_small_error_beside_a_large_one_is_not_sought_in_seconds() -> None:
    """A link that is 60 ms late for 8 s shows a wrong pace in 20 s; a clock that is 0.1 % slow keeps its."""
    ends_s = frame_ends_s(-1000.0, 600.0)
    late_s = 0.06 * ((ends_s > 300.0) & (ends_s < 308.0))
    found = followed(-1000.0, ends_s + late_s + np.random.default_rng(5).uniform(0.0, 0.004, len(ends_s)))
    [pace] = found.clock.paces
    assert pace.factor == pytest.approx(1.001, abs=40e-6)


@pytest.mark.parametrize(("first", "last", "over_s"), [(0.005, 0.0025, 300.0), (-0.003, -0.006, 600.0)])
def test_what_warmth_changes_in_a_small_error_is_followed(first: float, last: float, over_s: float) -> None:
    """By 0.25 or 0.3 % within minutes: more than the creep of 0.2 %, so that the pace is taken anew by the
    newest minute, before it is off by more than that. Times err by jitter and creep as if nothing changed."""
    device_s: FloatArray = (18.0 * np.arange(1.0, 6000.0) - 1.0) * 0.01
    share = np.interp(device_s, [100.0, 100.0 + over_s], [first, last])
    ends_s: FloatArray = START_S + np.cumsum(np.diff(device_s, prepend=-0.01) / (1.0 + share)) - 0.01
    arrival_s = ends_s + np.random.default_rng(6).uniform(0.0, 0.03, len(ends_s))
    found = followed(0.0, arrival_s)
    assert 1.0 / found.clock.pace - 1.0 == pytest.approx(last, abs=PARAMETERS.paced_creep)
    errors_s = np.abs(found.time_s[FRAME_SAMPLES - 1 :: FRAME_SAMPLES] - ends_s)
    by_minute = [np.quantile(errors_s[start : start + 333], 0.95) for start in range(999, len(errors_s), 333)]
    assert max(by_minute) < 0.012


@settings(deadline=None, max_examples=15)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([-9000.0, -1000.0, 0.0, 700.0, 40_000.0]),
    st.lists(st.integers(1, 60), min_size=1, max_size=4),
)
def test_frames_together_or_one_by_one_are_judged_alike(
    seed: int, drift_ppm: float, together: list[int]
) -> None:
    rng = np.random.default_rng(seed)
    ends_s = frame_ends_s(drift_ppm, 300.0)
    arrival_s = ends_s + rng.uniform(0.0, 0.03, len(ends_s)) + 0.5 * (ends_s < 2.0)
    runs = [followed(drift_ppm, arrival_s, together=one) for one in (None, *together)]
    for one, other in pairwise(runs):
        np.testing.assert_array_equal(one.time_s, other.time_s)
        assert told(one) == told(other)


def told(found: Followed) -> tuple[object, ...]:
    """What a clock tells of itself."""
    clock = found.clock
    return clock.paces, clock.drift, clock.residual_s, len(found.time_s) % FRAME_SAMPLES
