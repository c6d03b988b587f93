"""The axis that an unknown movement shows itself."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from motion_samples import rad, random_rotation

from tracker.model import FloatArray
from tracker.motion.exercise import SelfFoundAxis
from tracker.motion.signals.self_found_axis import MovementSignal

PARAMETERS = SelfFoundAxis()
INTERVAL_S = 0.02


def movement(
    amplitude_deg: float = 60.0, period_s: float = 3.0, count: int = 8, still_s: float = 2.0
) -> tuple[FloatArray, FloatArray]:
    """Time and rate about one axis of repeated movements after a rest; it goes its first way upwards."""
    time_s = np.arange(0.0, still_s + count * period_s, INTERVAL_S)
    phase = 2 * np.pi * np.maximum(time_s - still_s, 0.0) / period_s
    return time_s, rad(amplitude_deg) / 2 * np.sin(phase) * 2 * np.pi / period_s


def fed(
    time_s: FloatArray, rate: FloatArray, cuts: tuple[int, ...] | list[int] = ()
) -> tuple[FloatArray, FloatArray, MovementSignal]:
    """Times and angles of a movement, (N, 3) rates, that comes in blocks."""
    signal = MovementSignal(PARAMETERS, INTERVAL_S)
    times, angles = [], []
    for start, stop in pairwise([0, *cuts, len(time_s)]):
        block_s, angle, _ = signal.update(
            time_s[start:stop], rate[start:stop], np.zeros(stop - start, dtype=bool)
        )
        times.append(block_s)
        angles.append(angle)
    last_s, angle, _ = signal.finish()
    return np.concatenate([*times, last_s]), np.concatenate([*angles, angle]), signal


@pytest.mark.parametrize("direction", [1.0, -1.0])
def test_about_any_axis_the_first_movement_goes_up_and_none_is_lost(direction: float) -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        axis = direction * random_rotation(rng)[0]
        time_s, about = movement()
        times, angle, signal = fed(
            time_s, about[:, np.newaxis] * axis + rng.normal(0, 0.01, (len(time_s), 3))
        )
        np.testing.assert_array_equal(times, time_s)
        assert signal.range_rad == pytest.approx(rad(60.0), rel=0.1)
        true = np.cumsum(about) * INTERVAL_S
        # white noise of 0.01 rad/s a sample adds up to 0.01 x 0.02 x root of 1300 = 0.4 degrees
        np.testing.assert_allclose(angle - angle[0], true - true[0], atol=rad(3.0))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 1300), max_size=10).map(sorted), st.sampled_from([0.0, 2.0, 70.0]))
def test_any_cutting_gives_the_same_bits(cuts: list[int], still_s: float) -> None:
    time_s, about = movement(still_s=still_s)
    rate = about[:, np.newaxis] * np.array([0.6, 0.0, 0.8])
    rate += np.random.default_rng(2).normal(0, 0.01, rate.shape)
    whole = fed(time_s, rate)
    cut = fed(time_s, rate, [min(one, len(time_s)) for one in cuts])
    np.testing.assert_array_equal(cut[0], whole[0])
    np.testing.assert_array_equal(cut[1], whole[1])
    assert cut[2].range_rad == whole[2].range_rad


def test_movements_too_small_have_no_axis() -> None:
    time_s, about = movement(amplitude_deg=14.0)
    times, _, signal = fed(time_s, about[:, np.newaxis] * np.array([0.0, 1.0, 0.0]))
    assert signal.range_rad is None
    assert not len(times)


def test_a_set_that_ends_within_the_first_movement_still_has_its_axis() -> None:
    time_s, about = movement(count=1)
    half = time_s < 2.0 + 1.5
    times, angle, signal = fed(time_s[half], about[half, np.newaxis] * np.array([0.0, 0.0, 1.0]))
    assert signal.range_rad is not None
    assert len(times) == half.sum()
    assert abs(angle[-1] - angle[0]) == pytest.approx(rad(60.0), rel=0.05)


@pytest.mark.parametrize("every_s", [1, 15, 4000])
def test_a_long_quiet_beginning_does_not_fill_the_memory(every_s: int) -> None:
    """20 minutes with a twitch of some degrees now and then."""
    signal = MovementSignal(PARAMETERS, INTERVAL_S)
    twitch = np.zeros((50, 3))
    twitch[10, 0], twitch[11, 0] = 0.5, -0.5
    for second in range(1200):
        rate = np.zeros((50, 3)) if second % every_s else twitch
        time_s: FloatArray = second + np.arange(50, dtype=np.float64) * INTERVAL_S
        signal.update(time_s, rate, np.zeros(50, dtype=bool))
        assert signal._held_count <= (2 * PARAMETERS.maximum_s + 2.0) / INTERVAL_S
    assert signal.range_rad is None


def test_what_came_before_a_rest_has_no_part_in_the_range() -> None:
    """Putting the sensor right, 12 s of rest, then the set."""
    time_s, about = movement(still_s=20.0)
    about[(time_s > 3.0) & (time_s < 3.5)] = rad(25.0)
    times, angle, signal = fed(time_s, about[:, np.newaxis] * np.array([0.0, 1.0, 0.0]))
    assert signal.range_rad == pytest.approx(rad(60.0), rel=0.1)
    assert times[0] < 20.0
    assert times[-1] == time_s[-1]
    assert np.ptp(angle) == pytest.approx(rad(60.0), rel=0.01)


@pytest.mark.parametrize("pace", [0.94, 1.06])
def test_range_and_angle_go_by_the_samples_times_not_by_the_nominal_interval(pace: float) -> None:
    time_s, about = movement()
    rate = about[:, np.newaxis] / pace * np.array([0.0, 1.0, 0.0])
    _, angle, signal = fed(pace * time_s, rate)
    _, true, nominal = fed(time_s, about[:, np.newaxis] * np.array([0.0, 1.0, 0.0]))
    assert signal.range_rad is not None
    assert nominal.range_rad is not None
    # it may be looked at some samples earlier or later: percentiles of another stretch
    assert signal.range_rad == pytest.approx(nominal.range_rad, rel=0.005)
    np.testing.assert_allclose(angle, true, atol=1e-12)


def test_samples_missing_where_the_movement_begins_are_bridged_by_the_mean_of_both_ends() -> None:
    """The trapezoidal rule over 0.4 s errs by 0.4^3 / 12 times the rate's second derivative, 276 deg/s^3.

    With one end alone the angle would be off by 0.4 s times half of what the rate changes in it, 8 degrees.
    """
    time_s, about = movement()
    there = (time_s < 5.1) | (time_s > 5.49)
    times, angle, _ = fed(time_s[there], about[there, np.newaxis] * np.array([0.0, 1.0, 0.0]))
    true = np.radians(30.0) * (1.0 - np.cos(2 * np.pi * np.maximum(times - 2.0, 0.0) / 3.0))
    np.testing.assert_allclose(angle, true, atol=rad(0.4**3 / 12 * 276.0))


def test_nothing_gives_nothing() -> None:
    times, angle, signal = fed(np.empty(0), np.empty((0, 3)))
    assert (len(times), len(angle), signal.range_rad) == (0, 0, None)
