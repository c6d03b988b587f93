"""Offsets and scales of an accelerometer from six positions: exact, with noise, and what is refused."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from motion_samples import block_of, end_to_end, noisy, rad

from tracker.model import FloatArray, TimedBlock
from tracker.motion.frames.six_positions import (
    Face,
    OffsetsAndScales,
    SixPositionParameters,
    SixPositions,
    Taken,
    fit_offsets_and_scales,
)
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2, StillnessParameters
from tracker.sensing.body.mems import MemsModel

G = STANDARD_GRAVITY_M_PER_S2
STILLNESS = StillnessParameters()
PARAMETERS = SixPositionParameters()
SLANTED = np.ones(3) / math.sqrt(3.0)
NONE, ONES = np.zeros(3), np.ones(3)
EXACT = 1e-9
"""Rounding of six equations in six unknowns, in g and in scales."""
HOLD_S, MOVE_S = 2.6, 0.5
HELD_SAMPLES = 200
"""At least, of each position at 100 Hz: two seconds."""

orders = st.permutations(list(Face))
tilts_deg = st.lists(st.floats(0.0, 20.0), min_size=6, max_size=6)
turns_rad = st.lists(st.floats(-math.pi, math.pi), min_size=6, max_size=6)
offsets_g = st.lists(st.floats(-0.149, 0.149), min_size=3, max_size=3)
scales = st.lists(st.floats(0.921, 1.079), min_size=3, max_size=3)
"""As far off as a sensor may be."""


def up_on(face: Face, tilt_rad: float = 0.0, turn_rad: float = 0.0) -> FloatArray:
    """Up in the sensor while a side is up, tilted towards any side."""
    axis = "xyz".index(face.value[1])
    up = np.zeros(3)
    up[axis] = math.cos(tilt_rad) * (1.0 if face.value[0] == "+" else -1.0)
    up[(axis + 1) % 3] = math.sin(tilt_rad) * math.cos(turn_rad)
    up[(axis + 2) % 3] = math.sin(tilt_rad) * math.sin(turn_rad)
    return up


def read(up: FloatArray, offset: FloatArray = NONE, scale: FloatArray = ONES) -> FloatArray:
    """What a sensor reads that shows `up` wrong: true = (raw - offset) * scale."""
    return np.asarray(G * up / scale + offset)


def still(raw: FloatArray, duration_s: float = HOLD_S, start_s: float = 0.0) -> TimedBlock:
    """Samples of a sensor that lies still and reads this."""
    return block_of(raw / G, duration_s, start_s=start_s)


def held(readings: Sequence[FloatArray], start_s: float = 0.0) -> TimedBlock:
    """One position after the other, the sensor turned in between."""
    blocks = []
    for raw in readings:
        moving = block_of(raw / G, MOVE_S, start_s=start_s + HOLD_S, rate_rad_per_s=(2.0, 0.0, 0.0))
        blocks += [still(raw, start_s=start_s), moving]
        start_s += HOLD_S + MOVE_S
    return end_to_end(*blocks)


def fed(
    samples: TimedBlock, stillness: StillnessParameters = STILLNESS, chunk: int = 18
) -> tuple[SixPositions, list[Taken]]:
    """The positions that samples hold, and what they completed in turn."""
    positions = SixPositions(PARAMETERS, stillness)
    taken: list[Taken] = []
    for at in range(0, len(samples), chunk):
        taken += positions.feed(samples.part(at, at + chunk))
    return positions, taken


def result_of(samples: TimedBlock, stillness: StillnessParameters = STILLNESS) -> OffsetsAndScales:
    """The result of positions that were all held."""
    positions, _ = fed(samples, stillness)
    result = positions.result()
    assert isinstance(result, OffsetsAndScales), result
    return result


def refusal_of(samples: TimedBlock, stillness: StillnessParameters = STILLNESS) -> str:
    """Why positions give no result."""
    positions, _ = fed(samples, stillness)
    result = positions.result()
    assert isinstance(result, str)
    return result


def all_readings(offset: FloatArray = NONE, scale: FloatArray = ONES) -> list[FloatArray]:
    """The six sides, level, and the slanted position."""
    return [read(up, offset, scale) for up in [*(up_on(face) for face in Face), SLANTED]]


@settings(deadline=None, max_examples=30)
@given(orders, offsets_g, scales)
def test_ideal_positions_in_any_order_give_offsets_and_scales_exactly(
    order: list[Face], offset_g: list[float], scale: list[float]
) -> None:
    offset, factors = G * np.array(offset_g), np.array(scale)
    readings = [read(up, offset, factors) for up in [*(up_on(face) for face in order), SLANTED]]
    samples = held(readings)
    positions, taken = fed(samples)
    assert taken == [*order, "slanted"]
    assert positions.complete
    result = result_of(samples)
    np.testing.assert_allclose(result.offset_m_per_s2, offset, atol=EXACT * G)
    np.testing.assert_allclose(result.scale, factors, atol=EXACT)
    assert result.residual_m_per_s2 < EXACT * G


@settings(deadline=None)
@given(tilts_deg, turns_rad, st.integers(0, 2**32 - 1))
def test_calibrated_values_of_any_specimen_have_the_length_of_gravity_in_any_direction(
    tilt_deg: list[float], turn_rad: list[float], seed: int
) -> None:
    """No position has to be level: only lengths count. Offsets up to 100 mg, scales 5 % off."""
    rng = np.random.default_rng(seed)
    offset, scale = G * rng.uniform(-0.1, 0.1, 3), rng.uniform(0.95, 1.05, 3)
    means = {
        face: read(up_on(face, rad(tilt), turn), offset, scale)
        for face, tilt, turn in zip(Face, tilt_deg, turn_rad, strict=True)
    }
    found_offset, found_scale = fit_offsets_and_scales(means)
    np.testing.assert_allclose(found_offset, offset, atol=EXACT * G)
    np.testing.assert_allclose(found_scale, scale, atol=EXACT)
    directions = rng.normal(size=(50, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    calibrated = (read(directions, offset, scale) - found_offset) * found_scale
    np.testing.assert_allclose(np.linalg.norm(calibrated, axis=1), G, atol=EXACT * G)


@pytest.mark.parametrize("seed", range(5))
def test_noise_and_tilt_of_ten_degrees_cost_tenths_of_a_milli_g(seed: int) -> None:
    """The mean of 200 samples of 0.5 mg is 0.035 mg off; half the sum or the difference of two of them is the
    offset or the scale of an axis: 0.025 mg. Five times that, and a fifth for the tilt."""
    rng = np.random.default_rng([6, seed])
    offset, scale = G * rng.uniform(-0.02, 0.02, 3), rng.uniform(0.98, 1.02, 3)
    ups = [up_on(face, rad(10.0), float(rng.uniform(-math.pi, math.pi))) for face in Face]
    result = result_of(noisy(held([read(up, offset, scale) for up in [*ups, SLANTED]]), rng))
    bound = 1.2 * 5.0 * MemsModel().accelerometer_noise_m_per_s2 / math.sqrt(2.0 * HELD_SAMPLES)
    assert np.abs(np.array(result.offset_m_per_s2) - offset).max() < bound
    assert np.abs(np.array(result.scale) - scale).max() < bound / G
    # the check adds its own mean and is made of three axes
    assert result.residual_m_per_s2 < 3.0 * bound


def test_another_gravity_changes_all_scales_alike_and_no_offset() -> None:
    """At the equator a body is 0.27 % lighter than standard gravity."""
    local = 9.780 / G
    offset = G * np.array([0.02, -0.01, 0.015])
    result = result_of(held([local * raw + (1.0 - local) * offset for raw in all_readings(offset)]))
    np.testing.assert_allclose(result.offset_m_per_s2, offset, atol=EXACT * G)
    np.testing.assert_allclose(result.scale, 1.0 / local, atol=EXACT)


@pytest.mark.parametrize("chunk", [1, 7, 18, 64, 100])
def test_blocks_of_up_to_a_second_give_the_same_whatever_their_size(chunk: int) -> None:
    offset = G * np.array([0.02, -0.01, 0.015])
    positions, taken = fed(held(all_readings(offset)), chunk=chunk)
    assert taken == [*Face, "slanted"]
    result = positions.result()
    assert isinstance(result, OffsetsAndScales)
    np.testing.assert_allclose(result.offset_m_per_s2, offset, atol=EXACT * G)


@pytest.mark.parametrize("absent", list(Face))
def test_without_one_side_there_is_no_result_and_it_is_named(absent: Face) -> None:
    readings = [read(up_on(face)) for face in Face if face is not absent]
    positions, taken = fed(held([*readings, read(SLANTED)]))
    assert positions.missing == (absent,)
    # a slanted position counts once all sides were up
    assert "slanted" not in taken
    assert not positions.complete
    assert positions.result() == "not all positions were held"


def test_without_the_check_there_is_no_result() -> None:
    positions, taken = fed(held(all_readings()[:6]))
    assert taken == list(Face)
    assert positions.missing == ()
    assert not positions.complete
    assert positions.result() == "not all positions were held"


@pytest.mark.parametrize("chunk", [1, 40, 333, 5000])
def test_blocks_of_any_size_give_the_same_to_the_bit(chunk: int) -> None:
    """One block with several positions in it, too; and blocks without any samples."""
    rng = np.random.default_rng(7)
    samples = noisy(held(all_readings(G * np.array([0.02, -0.01, 0.015]))), rng)
    usual, taken = fed(samples)
    other, also_taken = fed(samples, chunk=chunk)
    assert taken == also_taken == [*Face, "slanted"]
    assert isinstance(usual.result(), OffsetsAndScales)
    assert other.result() == usual.result()
    assert other.feed(samples.part(0, 0)) == []


def test_a_first_block_without_samples_is_none() -> None:
    positions = SixPositions(PARAMETERS, STILLNESS)
    assert positions.feed(still(read(up_on(Face.X_UP)), 0.0)) == []
    assert positions.feed(still(read(up_on(Face.X_UP)), 2.6)) == [Face.X_UP]


def test_a_position_that_is_forgotten_begins_anew() -> None:
    """Two times 1.3 s of one side, and a clock that began anew between them."""
    positions = SixPositions(PARAMETERS, STILLNESS)
    half = still(read(up_on(Face.X_UP)), 1.3)
    assert positions.feed(half) == []
    positions.forget_position()
    assert positions.feed(half) == []
    assert positions.feed(half.part(0, 0)) == []
    positions.forget_position()
    assert positions.feed(still(read(up_on(Face.X_UP)), 2.6)) == [Face.X_UP]


@pytest.mark.parametrize("off_g", [0.065, 0.10, 0.14])
def test_a_sensor_that_is_further_off_than_a_rest_test_allows_is_calibrated(off_g: float) -> None:
    """More than the 60 mg that count as still elsewhere, on one axis and on all."""
    for offset in (G * np.array([0.0, 0.0, off_g]), G * np.array([off_g, -off_g, off_g])):
        result = result_of(held(all_readings(offset)))
        np.testing.assert_allclose(result.offset_m_per_s2, offset, atol=EXACT * G)


@pytest.mark.parametrize("off_g", [0.2, -0.3])
def test_a_sensor_that_is_broken_is_told_so_and_not_waited_for(off_g: float) -> None:
    reason = "an offset is larger than any sound sensor's"
    for axis in range(3):
        offset = np.zeros(3)
        offset[axis] = off_g * G
        assert refusal_of(held(all_readings(offset))) == reason


def test_how_far_off_a_still_sensor_may_be_is_a_setting() -> None:
    narrow = replace(PARAMETERS, force_error_m_per_s2=0.06 * G)
    samples = still(read(up_on(Face.Z_UP), np.array([0.0, 0.0, 0.08 * G])), 2.6)
    for parameters, taken in ((PARAMETERS, [Face.Z_UP]), (narrow, [])):
        assert SixPositions(parameters, STILLNESS).feed(samples) == taken


def test_nothing_gives_nothing() -> None:
    positions = SixPositions(PARAMETERS, STILLNESS)
    assert positions.missing == tuple(Face)
    assert positions.result() == "not all positions were held"


def test_a_side_counts_once_and_its_first_reading_stays() -> None:
    """Held again it is not told, not even where it reads otherwise: a check would not be one."""
    offset = G * np.array([0.01, 0.0, 0.0])
    readings = all_readings(offset)
    again = [read(up_on(Face.X_UP), 2.0 * offset), *readings[:1]]
    positions, taken = fed(held([*readings[:3], *again, *readings[3:]]))
    assert taken == [*Face, "slanted"]
    result = positions.result()
    assert isinstance(result, OffsetsAndScales)
    np.testing.assert_allclose(result.offset_m_per_s2, offset, atol=EXACT * G)


def test_the_same_side_six_times_is_one_side() -> None:
    positions, taken = fed(held([read(up_on(Face.Z_DOWN))] * 6))
    assert taken == [Face.Z_DOWN]
    assert positions.missing == (Face.X_UP, Face.X_DOWN, Face.Y_UP, Face.Y_DOWN, Face.Z_UP)


def test_a_position_held_for_long_is_taken_once() -> None:
    _, taken = fed(still(read(up_on(Face.Y_UP)), 15.0))
    assert taken == [Face.Y_UP]


def test_a_sensor_that_moves_gives_no_position() -> None:
    """Turned evenly, trembling, shaken: each for as long as all positions would take."""
    count = round(7 * HOLD_S * 100)
    time_s = np.arange(count) / 100.0
    turning = block_of(up_on(Face.X_UP), 7 * HOLD_S, rate_rad_per_s=(0.0, rad(20.0), 0.0))
    trembling = block_of(up_on(Face.X_UP), 7 * HOLD_S)
    trembling.gyroscope_rad_per_s[:, 2] = rad(5.0) * np.sin(2 * np.pi * 7.0 * time_s)
    shaken = block_of(up_on(Face.X_UP), 7 * HOLD_S)
    shaken.accelerometer_m_per_s2[:, 0] *= 1.0 + 0.04 * np.sin(2 * np.pi * 7.0 * time_s)
    for samples in (turning, trembling, shaken):
        positions, taken = fed(samples)
        assert taken == []
        assert positions.result() == "not all positions were held"


def test_a_position_held_too_short_is_not_taken() -> None:
    """Two seconds, less half an epoch that is lost to the epochs' grid."""
    raw = read(up_on(Face.X_UP))
    moving = block_of(raw / G, 3.0, start_s=1.5, rate_rad_per_s=(2.0, 0.0, 0.0))
    assert fed(end_to_end(still(raw, 1.5), moving))[1] == []
    assert fed(still(raw, 2.5))[1] == [Face.X_UP]


def test_a_position_at_the_end_of_the_range_is_not_taken() -> None:
    samples = still(read(up_on(Face.X_UP)), 2.5)
    assert fed(replace(samples, saturated=np.ones(len(samples), dtype=bool)))[1] == []


@pytest.mark.parametrize("face", list(Face))
@pytest.mark.parametrize(("tilt_deg", "counts"), [(25.0, True), (27.0, False), (31.0, False), (33.0, False)])
def test_a_side_is_up_to_a_tilt_of_25_degrees(face: Face, tilt_deg: float, counts: bool) -> None:
    """The share of gravity is the cosine: 0.9 at 25.8 degrees. Slanted counts after all sides alone."""
    for turn_rad in (0.0, 0.8, 2.0):
        _, taken = fed(still(read(up_on(face, rad(tilt_deg), turn_rad))))
        assert taken == ([face] if counts else [])


@pytest.mark.parametrize(("tilt_deg", "counts"), [(25.0, False), (30.0, False), (33.0, True), (45.0, True)])
def test_slanted_is_from_a_tilt_of_32_degrees_on(tilt_deg: float, counts: bool) -> None:
    """The share of gravity is the cosine: 0.85 at 31.8 degrees."""
    sides = all_readings()[:6]
    _, taken = fed(held([*sides, read(up_on(Face.Y_DOWN, rad(tilt_deg), 1.0))]))
    assert taken == [*Face, *(["slanted"] if counts else [])]


@pytest.mark.parametrize("axis", range(3))
@pytest.mark.parametrize("off", [0.90, 1.09])
def test_a_scale_that_no_sound_sensor_has_is_refused(axis: int, off: float) -> None:
    scale = np.ones(3)
    scale[axis] = off
    reason = "a scale is further from one than any sound sensor's"
    assert refusal_of(held(all_readings(scale=scale))) == reason
    scale[axis] = 1.0 + 0.7 * (off - 1.0)
    assert result_of(held(all_readings(scale=scale))).scale[axis] == pytest.approx(scale[axis])


@pytest.mark.parametrize("axis", range(3))
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_an_offset_that_no_sound_sensor_has_is_refused(axis: int, sign: float) -> None:
    offset = np.zeros(3)
    offset[axis] = sign * 0.16 * G
    reason = "an offset is larger than any sound sensor's"
    assert refusal_of(held(all_readings(offset))) == reason
    offset[axis] = sign * 0.14 * G
    found = result_of(held(all_readings(offset))).offset_m_per_s2[axis]
    assert found == pytest.approx(offset[axis])


@pytest.mark.parametrize(("changed_g", "agrees"), [(0.014, True), (0.020, False)])
def test_a_sensor_that_changed_before_the_check_is_refused(changed_g: float, agrees: bool) -> None:
    """An offset that came to one axis shows with its share in the slanted direction, 1 over the root of 3.

    14 mg show as 8 and 20 as 12; 10 are allowed.
    """
    readings = all_readings()
    readings[-1] = readings[-1] + np.array([changed_g * G, 0.0, 0.0])
    positions, _ = fed(held(readings))
    result = positions.result()
    if agrees:
        assert isinstance(result, OffsetsAndScales)
        # to first order; the square adds 1 %
        assert result.residual_m_per_s2 == pytest.approx(changed_g * G / math.sqrt(3.0), rel=0.02)
    else:
        assert result == "the check does not agree: the sensor moved, or its axes are not square"


@pytest.mark.parametrize(("askew_deg", "agrees"), [(1.0, True), (2.5, False)])
def test_axes_that_are_not_square_show_in_the_check(askew_deg: float, agrees: bool) -> None:
    """An x axis that leans towards y by e reads x cos e + y sin e: the slanted length is longer by e / 3."""
    lean = rad(askew_deg)
    skew = np.array([[math.cos(lean), math.sin(lean), 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    readings = [G * (skew @ up) for up in [*(up_on(face) for face in Face), SLANTED]]
    positions, _ = fed(held(readings))
    result = positions.result()
    if agrees:
        assert isinstance(result, OffsetsAndScales)
        assert result.residual_m_per_s2 == pytest.approx(G * lean / 3.0, rel=0.02)
    else:
        assert result == "the check does not agree: the sensor moved, or its axes are not square"


def test_positions_may_be_held_in_any_order_with_others_between() -> None:
    """Every second position is one that fits nothing: tilted by 29 degrees."""
    between = read(up_on(Face.X_UP, rad(29.0)))
    for order in itertools.islice(itertools.permutations(Face), 0, 720, 120):
        readings = [raw for face in order for raw in (between, read(up_on(face)))]
        _, taken = fed(held([*readings, between, read(SLANTED)]))
        assert taken == [*order, "slanted"]
