"""The stream of a simulated sensor: the same counts however it is cut, and what happens at its ends."""

from itertools import pairwise

import numpy as np
import pytest
from body_poses import PLAIN
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.model import Placement
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.builder import Movement, ScriptBuilder, Tempo
from tracker.sensing.body.feed import BodyFeed, simulate_block
from tracker.sensing.body.kinematics import measure
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.sessions import demo_session
from tracker.sensing.body.timeline import Joint

DEMO = demo_session()
FEEDS = {placement: DEMO.feed(placement) for placement in Placement}
WHOLE = {placement: feed.counts(0, 4500) for placement, feed in FEEDS.items()}


@settings(deadline=None)
@given(
    st.sampled_from(list(Placement)),
    st.lists(st.integers(0, 4500), max_size=30).map(lambda cuts: sorted({0, 4500, *cuts})),
)
def test_any_slicing_gives_identical_counts(placement: Placement, cuts: list[int]) -> None:
    parts = [FEEDS[placement].counts(first, last - first) for first, last in pairwise(cuts)]
    np.testing.assert_array_equal(np.concatenate(parts), WHOLE[placement])


@settings(deadline=None)
@given(st.sampled_from(list(Placement)), st.integers(0, 4499))
def test_any_single_sample_is_the_same(placement: Placement, index: int) -> None:
    np.testing.assert_array_equal(FEEDS[placement].counts(index, 1)[0], WHOLE[placement][index])


def test_slices_of_a_rolling_knee_are_identical_too() -> None:
    script = (
        ScriptBuilder(Posture.SUPINE)
        .move(1.0, {Joint.LEFT_FLEXION: 0.8, Joint.RIGHT_FLEXION: 0.8})
        .repetitions([0.5], Tempo(), movement=Movement.KNEE_ROLL_IN, exercise="knee_roll_in")
        .build()
    )
    feed = BodyFeed(script, Placement.LEFT_THIGH, PLAIN, MemsModel(seed=1))
    parts = [feed.counts(first, 10) for first in range(0, 300, 10)]
    np.testing.assert_array_equal(np.concatenate(parts), feed.counts(0, 300))


def test_samples_are_taken_at_their_number_over_the_rate() -> None:
    feed = BodyFeed(DEMO.script, Placement.LEFT_THIGH, PLAIN, MemsModel.ideal(), rate_hz=50.0)
    force, rate = measure(DEMO.script, Placement.LEFT_THIGH, PLAIN, np.arange(1000, 1010) / 50.0)
    block = simulate_block(feed, 1000, 10)
    half_step = feed.mems.accelerometer_step_m_per_s2 / 2, feed.mems.gyroscope_step_rad_per_s / 2
    np.testing.assert_allclose(block.accelerometer_m_per_s2, force, atol=1.001 * half_step[0])
    np.testing.assert_allclose(block.gyroscope_rad_per_s, rate, atol=1.001 * half_step[1])
    np.testing.assert_array_equal(block.time_s, np.arange(1000, 1010) / 50.0)


def test_beyond_the_end_the_last_pose_is_held_and_only_noise_goes_on() -> None:
    feed = FEEDS[Placement.RIGHT_THIGH]
    accelerometer, gyroscope = feed.mems.to_si(feed.counts(1_000_000, 2000))
    last, _ = measure(DEMO.script, feed.placement, feed.mounting, np.array([feed.duration_s]))
    # noise of a mean of 2,000 samples: 0.5 mg / sqrt(2000); bias is part of the specimen
    expected = last[0] + feed.mems.accelerometer_bias_m_per_s2
    np.testing.assert_allclose(accelerometer.mean(axis=0), expected, atol=5e-4)
    np.testing.assert_allclose(gyroscope.mean(axis=0), feed.mems.gyroscope_bias_rad_per_s, atol=5e-5)
    assert (accelerometer.std(axis=0) > 0.003).all()


def test_ends_of_the_index_range() -> None:
    feed = FEEDS[Placement.PELVIS]
    assert feed.counts(5, 0).shape == (0, 6)
    with pytest.raises(ValueError, match="sample -1"):
        feed.counts(-1, 3)
    with pytest.raises(ValueError, match="-3 samples"):
        feed.counts(1, -3)


def test_whole_block_covers_the_script() -> None:
    feed = FEEDS[Placement.PELVIS]
    block = simulate_block(feed)
    assert block.placement is Placement.PELVIS
    assert len(block) == feed.samples
    assert feed.duration_s - 0.01 < block.time_s[-1] <= feed.duration_s
    assert not block.saturated.any()


def test_fast_turn_saturates_a_small_range() -> None:
    """45 degrees in 0.35 s peak at 241 dps."""
    script = (
        ScriptBuilder(Posture.SUPINE).repetitions([np.radians(45.0)], Tempo(0.35, 0.0, 0.35, 0.3)).build()
    )
    small = BodyFeed(script, Placement.RIGHT_THIGH, PLAIN, MemsModel(gyroscope_range_dps=125.0))
    block = simulate_block(small)
    assert block.saturated.any()
    assert np.degrees(block.gyroscope_rad_per_s).max() == pytest.approx(125.0, abs=0.01)
    large = BodyFeed(script, Placement.RIGHT_THIGH, PLAIN, MemsModel(gyroscope_range_dps=250.0))
    assert not simulate_block(large).saturated.any()
    peak_dps = np.degrees(simulate_block(large).gyroscope_rad_per_s).max()
    assert peak_dps == pytest.approx(1.875 * 45 / 0.35, rel=0.01)
