"""Still stretches: what counts as still, what parts a stretch, and what only looks like it."""

import math
from dataclasses import replace

import numpy as np
import pytest
from motion_samples import Pose, block_of, deg, end_to_end, less, noisy, rad, random_rotation

from tracker.model import Side, TimedBlock
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2, StillnessParameters
from tracker.motion.stillness import has_outage, longest_still_stretch, still_beginning

STILLNESS = StillnessParameters()
UP = np.array([0.6, 0.0, 0.8])
MOVING_RATE = (rad(30.0), 0.0, 0.0)


def stretch_s(samples: TimedBlock) -> tuple[float, float] | None:
    """Begin and end of the longest still stretch."""
    found = longest_still_stretch(samples, STILLNESS)
    return None if found is None else (found.start_s, found.end_s)


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 100.0, 200.0])
def test_a_still_sensor_is_still_from_end_to_end(rate_hz: float) -> None:
    rng = np.random.default_rng(1)
    up = random_rotation(rng)[0]
    found = longest_still_stretch(noisy(block_of(up, 6.0, rate_hz=rate_hz), rng), STILLNESS)
    assert found is not None
    # less than one epoch is left over
    assert 6.0 - STILLNESS.epoch_s - 2.0 / rate_hz <= found.duration_s <= 6.0
    # the mean of 6 s: 0.03 degrees a sample over the root of at least 150 samples, five times that
    assert deg(np.arccos(min(1.0, float(found.up @ up)))) < 0.015
    assert not found.saturated


def test_the_longest_stretch_is_taken() -> None:
    samples = end_to_end(
        block_of(UP, 2.0),
        block_of(UP, 1.0, start_s=2.0, rate_rad_per_s=MOVING_RATE),
        block_of(UP, 4.0, start_s=3.0),
        block_of(UP, 1.0, start_s=7.0, rate_rad_per_s=MOVING_RATE),
        block_of(UP, 3.0, start_s=8.0),
    )
    assert stretch_s(samples) == pytest.approx((3.0, 6.99))


def test_of_two_equal_stretches_the_later_is_taken() -> None:
    """A person who lies down settles with time."""
    samples = end_to_end(
        block_of(UP, 2.0),
        block_of(UP, 1.0, start_s=2.0, rate_rad_per_s=MOVING_RATE),
        block_of(UP, 2.0, start_s=3.0),
    )
    assert stretch_s(samples) == pytest.approx((3.0, 4.99))


def test_offsets_of_an_uncalibrated_sensor_still_count_as_still() -> None:
    """1 deg/s on each axis, and 20 mg on each: the ends of the data sheets."""
    offset = 0.020 * STANDARD_GRAVITY_M_PER_S2
    block = block_of(UP, rate_rad_per_s=(rad(1.0),) * 3)
    block.accelerometer_m_per_s2[:] += offset
    assert stretch_s(block) is not None


def test_a_turn_slower_than_the_gyroscope_tells_shows_in_gravity() -> None:
    """3 deg/s about a horizontal axis, hidden by an offset of the same size."""
    angle = rad(3.0) * np.arange(600) / 100.0
    block = block_of(np.column_stack([np.cos(angle), np.zeros(600), np.sin(angle)]), 6.0)
    found = longest_still_stretch(block, STILLNESS)
    assert found is not None
    assert found.duration_s <= STILLNESS.epoch_s


def test_a_slow_drift_shows_as_spread() -> None:
    angle = rad(1.5) * np.arange(1000) / 100.0
    block = block_of(np.column_stack([np.cos(angle), np.zeros(1000), np.sin(angle)]), 10.0)
    found = longest_still_stretch(block, STILLNESS)
    assert found is not None
    # evenly over 15 degrees
    assert deg(found.up_sd_rad) == pytest.approx(15.0 / math.sqrt(12.0), rel=0.02)


@pytest.mark.parametrize(
    ("factor", "shake_g", "rate_dps"),
    [(0.93, 0.0, 0.0), (1.07, 0.0, 0.0), (1.0, 0.03, 0.0), (1.0, 0.0, 8.0)],
    ids=["too light", "too heavy", "shaken", "turning"],
)
def test_what_is_not_still(factor: float, shake_g: float, rate_dps: float) -> None:
    block = block_of(UP, rate_rad_per_s=(0.0, 0.0, rad(rate_dps)))
    shake = shake_g * np.sqrt(2.0) * np.sin(2 * np.pi * 7.0 * block.time_s)
    block.accelerometer_m_per_s2[:] *= (factor + shake)[:, np.newaxis]
    assert stretch_s(block) is None


def test_trembling_without_any_mean_rate_is_not_still() -> None:
    block = block_of(UP)
    block.gyroscope_rad_per_s[:, 1] = rad(4.0) * np.sin(2 * np.pi * 6.0 * block.time_s)
    assert stretch_s(block) is None


def test_lost_frames_do_not_part_a_stretch() -> None:
    """Every fifth frame of 0.18 s is missing."""
    block = less(block_of(UP, 8.0), [(0.9 * place, 0.9 * place + 0.18) for place in range(9)])
    found = longest_still_stretch(block, STILLNESS)
    assert found is not None
    assert found.duration_s > 7.0
    assert not has_outage(block, STILLNESS)


@pytest.mark.parametrize("begin_s", [2.0, 2.25, 2.5])
def test_an_outage_parts_a_stretch_wherever_it_falls_on_the_epochs(begin_s: float) -> None:
    """What the leg did meanwhile is not known, also where it lies as before."""
    block = less(block_of(UP, 10.0), [(begin_s, begin_s + 5.0)])
    found = longest_still_stretch(block, STILLNESS)
    assert found is not None
    assert found.duration_s < 10.0 - (begin_s + 5.0) + 0.01
    assert has_outage(block, STILLNESS)


def test_a_movement_seen_only_in_part_is_not_averaged() -> None:
    """The end of a movement right after lost samples is judged as well."""
    turned = Pose(internal_rotation_deg=-40.0).thigh_up(Side.RIGHT)[0]
    samples = end_to_end(
        block_of(UP, 3.2),
        block_of(turned, 0.3, start_s=3.4, rate_rad_per_s=(0.0, rad(60.0), 0.0)),
        block_of(UP, 5.0, start_s=3.7),
    )
    found = longest_still_stretch(samples, STILLNESS)
    assert found is not None
    assert found.start_s >= 3.7
    np.testing.assert_allclose(found.up, UP, atol=1e-12)


def test_nothing_and_next_to_nothing_have_no_stretch() -> None:
    for duration_s in (0.0, 0.01, 0.3):
        assert stretch_s(block_of(UP, duration_s)) is None


def test_saturation_is_told_where_it_lies_in_the_stretch() -> None:
    block = block_of(UP)
    block.saturated[100] = True
    found = longest_still_stretch(block, STILLNESS)
    assert found is not None
    assert found.saturated


def test_steps_of_unlike_length_do_not_matter() -> None:
    """A clock that is put right shortens its samples' steps by a twentieth for a while."""
    steps_s = np.concatenate([np.full(300, 0.01), np.full(60, 0.0095), np.full(240, 0.01)])
    samples = block_of(UP, 6.0)
    samples = replace(samples, time_s=np.cumsum(steps_s))
    moving = samples.gyroscope_rad_per_s
    moving[:300] = moving[350:] = rad(30.0)
    found = longest_still_stretch(samples, STILLNESS)
    assert found is not None
    assert found.up_sd_rad == pytest.approx(0.0, abs=1e-12)


def beginning_s(samples: TimedBlock) -> tuple[float, float] | None:
    """Begin and end of the still beginning."""
    found = still_beginning(samples, STILLNESS)
    return None if found is None else (found.start_s, found.end_s)


def test_a_beginning_is_still_up_to_the_first_movement() -> None:
    samples = end_to_end(
        block_of(UP, 2.0),
        block_of(UP, 1.0, start_s=2.0, rate_rad_per_s=MOVING_RATE),
        block_of(UP, 2.0, start_s=3.0),
    )
    assert beginning_s(samples) == pytest.approx((0.0, 1.99))
    assert beginning_s(samples.part(200, len(samples))) is None
    assert beginning_s(block_of(UP, 2.0)) == pytest.approx((0.0, 1.99))


def test_a_beginning_ends_where_samples_are_missing() -> None:
    """What a sensor did for 4 s that nobody saw is not known; an epoch of which a part is missing neither."""
    whole = block_of(UP, 8.0)
    assert beginning_s(less(whole, [(1.0, 5.0)])) == pytest.approx((0.0, 0.99))
    assert beginning_s(less(whole, [(1.2, 5.0)])) == pytest.approx((0.0, 0.99))
    assert beginning_s(less(whole, [(0.2, 5.0)])) is None
    # less than an epoch is lost in the air, and lost while nothing moved
    assert beginning_s(less(whole, [(1.2, 1.6)])) == pytest.approx((0.0, whole.time_s[-1]), abs=0.5)


def test_a_beginning_ends_where_gravity_turns_though_the_gyroscope_passes_for_still() -> None:
    """3 deg/s of turning is as much as an offset may be; gravity shows it."""
    angle = rad(3.0) * np.maximum(0.0, np.arange(600) / 100.0 - 2.0)
    up = np.stack([np.cos(angle), np.sin(angle), np.zeros(600)], axis=1)
    samples = block_of(up, 6.0, rate_rad_per_s=(0.0, 0.0, rad(3.0)))
    found = beginning_s(samples)
    assert found is not None
    # an epoch may hold the bend
    assert found[1] <= 2.0 + STILLNESS.epoch_s
