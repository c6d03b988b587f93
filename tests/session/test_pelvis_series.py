"""Directions of up of the pelvis at the thighs' sample times."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.model import FloatArray
from tracker.session.pelvis_series import LONGEST_STEP_S, PelvisSeries


def rolling(time_s: FloatArray) -> FloatArray:
    """Up of a pelvis that rolls evenly by 57 deg/s."""
    return np.column_stack([np.cos(time_s), np.zeros(len(time_s)), np.sin(time_s)])


def series(time_s: FloatArray) -> PelvisSeries:
    """A series with samples at some times."""
    made = PelvisSeries()
    made.append(time_s, rolling(time_s))
    return made


def test_between_samples_it_is_interpolated() -> None:
    found = series(np.arange(100) / 100.0).at(np.array([0.005, 0.1234, 0.5]))
    angle = np.arctan2(found[:, 2], found[:, 0])
    # a chord of 10 ms at 1 rad/s: its middle is as old as the angle, its ends are exact
    np.testing.assert_allclose(angle, [0.005, 0.1234, 0.5], atol=1e-7)


def test_at_a_sample_it_is_that_sample_also_the_first_and_the_last() -> None:
    time_s = np.arange(50) / 50.0
    np.testing.assert_array_equal(series(time_s).at(time_s), rolling(time_s))


def test_outside_its_samples_it_is_not_known() -> None:
    found = series(1.0 + np.arange(50) / 50.0).at(np.array([0.99, 1.99, 50.0]))
    assert np.isnan(found).all()


def test_between_directions_that_are_far_apart_it_is_not_known() -> None:
    made = PelvisSeries()
    made.append(np.array([0.0, 0.1]), rolling(np.radians([0.0, 120.0])))
    assert np.isnan(made.at(np.array([0.05]))).all()
    np.testing.assert_array_equal(made.at(np.array([0.0])), rolling(np.zeros(1)))


def test_in_a_gap_it_is_not_known_but_at_its_ends() -> None:
    time_s = np.concatenate([np.arange(50), 70 + np.arange(50)]) / 50.0
    made = series(time_s)
    assert LONGEST_STEP_S < 0.4
    assert np.isnan(made.at(np.array([1.0, 1.2, 1.39]))).all()
    assert np.isfinite(made.at(np.array([0.98, 1.4]))).all()


def test_a_lost_frame_is_bridged() -> None:
    time_s = np.concatenate([np.arange(50), 60 + np.arange(50)]) / 50.0
    assert np.isfinite(series(time_s).at(np.array([1.1]))).all()


def test_without_samples_nothing_is_known() -> None:
    assert np.isnan(PelvisSeries().at(np.array([0.0, 1.0]))).all()
    assert PelvisSeries().at(np.empty(0)).shape == (0, 3)


def test_what_is_known_goes_as_far_as_samples_or_waiting() -> None:
    made = series(np.arange(100) / 100.0)
    assert made.known_until_s == 0.99
    made.resolve(1.0)
    assert made.known_until_s == 0.99
    made.resolve(5.0)
    assert made.known_until_s == 5.0 - LONGEST_STEP_S


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_pieces_and_forgetting_change_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time_s = np.cumsum(rng.choice([0.01, 0.02, 0.3], 200))
    asked_s = np.sort(rng.uniform(0.0, time_s[-1], 100))
    expected = series(time_s).at(asked_s)
    made = PelvisSeries()
    found: list[list[float]] = []
    for start, stop in pairwise([0, *np.sort(rng.integers(0, 200, 5)).tolist(), 200]):
        made.append(time_s[start:stop], rolling(time_s[start:stop]))
        now = asked_s[len(found) :]
        now = now[now <= made.known_until_s]
        found += made.at(now).tolist()
        if len(now):
            made.forget_before(float(now[-1]))
    np.testing.assert_array_equal(np.array(found).reshape(-1, 3), expected[: len(found)])
