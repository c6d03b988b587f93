"""What each exercise counts: the angle itself on both legs, rising with the movement, without jumps."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leg_samples import (
    INTERVAL_S,
    hip_deg,
    leg_samples,
    lying_pelvis,
    part_of,
    rolled_in,
    twist_of_bent_leg_deg,
)
from motion_samples import deg, rad

from tracker.model import FloatArray, Side
from tracker.motion.exercise import CountedSignal, Exercise, HoldRule, PoseGate
from tracker.motion.signals.counted_samples import Channel, CountedSamples
from tracker.motion.signals.leg_signals import LegSamples, LegSignals
from tracker.sensing.body.angles import Posture, about_x, pelvis_rotation

BOTH_SIDES = [Side.LEFT, Side.RIGHT]
EXACT_DEG = 1e-9
"""Rounding of a handful of operations on angles of some turns."""
RAMP_DEG = np.linspace(-40.0, 40.0, 161)
SIGNALS = [one for one in CountedSignal if one is not CountedSignal.MOVEMENT]


def counted(samples: LegSamples, side: Side | None, exercise: Exercise) -> CountedSamples:
    """What is counted of samples that come as one block."""
    return LegSignals(side, exercise).update(samples)


def signal_deg(
    samples: LegSamples, side: Side | None, signal: CountedSignal, *, falling: bool = False
) -> FloatArray:
    """The counted angle."""
    return deg(counted(samples, side, Exercise("one", signal, falling)).signal_rad)


def channel_deg(samples: LegSamples, side: Side, channel: Channel) -> FloatArray:
    """One of the other angles, of an exercise that counts hip rotation."""
    return deg(counted(samples, side, Exercise("one")).channel(channel))


def assert_near(found: FloatArray, expected: FloatArray | float) -> None:
    """The same angles in degrees but for rounding."""
    np.testing.assert_allclose(found, np.zeros(len(found)) + expected, atol=EXACT_DEG, rtol=0.0)


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_internal_rotation_rises_on_both_legs(side: Side) -> None:
    samples = leg_samples(side, hip_deg(internal_rotation_deg=RAMP_DEG), lying_pelvis())
    assert_near(signal_deg(samples, side, CountedSignal.HIP_ROTATION), RAMP_DEG)
    assert_near(channel_deg(samples, side, Channel.ROTATION), RAMP_DEG)


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_without_a_pelvis_sensor_its_roll_counts_inward_on_the_right_and_outward_on_the_left(
    side: Side,
) -> None:
    """Twist is rotation plus roll on the right leg, and less the rotation on the left one."""
    samples = leg_samples(side, hip_deg(internal_rotation_deg=-25.0), lying_pelvis(roll_deg=RAMP_DEG))
    assert_near(signal_deg(samples, side, CountedSignal.HIP_ROTATION), -25.0 + side.sign * RAMP_DEG)
    found = counted(samples, side, Exercise("one"))
    for unknown in (Channel.PELVIS_TURN, Channel.PELVIS_UP_X, Channel.PELVIS_UP_Y, Channel.PELVIS_UP_Z):
        assert np.isnan(found.channel(unknown)).all()


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_with_a_pelvis_sensor_its_roll_does_not_count_and_is_told(side: Side) -> None:
    hip, pelvis = hip_deg(internal_rotation_deg=-25.0), lying_pelvis(roll_deg=RAMP_DEG)
    samples = leg_samples(side, hip, pelvis, with_pelvis=True)
    assert_near(signal_deg(samples, side, CountedSignal.HIP_ROTATION), -25.0)
    assert_near(channel_deg(samples, side, Channel.PELVIS_TURN), RAMP_DEG)
    found = counted(samples, side, Exercise("one"))
    np.testing.assert_array_equal(
        found.table[Channel.PELVIS_UP_X : Channel.PELVIS_UP_Z + 1], pelvis[:, 1, :].T
    )


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize(
    ("posture", "flexion_deg", "roll_deg"),
    [
        (Posture.SUPINE, 30.0, 8.0),
        (Posture.SEATED, 80.0, -10.0),
        (Posture.LEFT_SIDE_DOWN, 45.0, 5.0),
        (Posture.RIGHT_SIDE_DOWN, 45.0, -5.0),
        (Posture.PRONE, 0.0, 6.0),
    ],
)
def test_against_the_pelvis_the_rotation_itself_counts_in_every_posture(
    side: Side, posture: Posture, flexion_deg: float, roll_deg: float
) -> None:
    """Without ab-/adduction it is exact at any flexion, also where the roll alone would leave 1.5 deg."""
    hip = hip_deg(flexion_deg, 0.0, RAMP_DEG)
    samples = leg_samples(side, hip, lying_pelvis(posture, roll_deg), with_pelvis=True)
    assert_near(signal_deg(samples, side, CountedSignal.HIP_ROTATION), RAMP_DEG)


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize("posture", [Posture.PRONE, Posture.LEFT_SIDE_DOWN, Posture.RIGHT_SIDE_DOWN])
def test_lying_otherwise_the_angle_has_another_zero_and_no_jump(side: Side, posture: Posture) -> None:
    """Prone the twist lies about half a turn, where its formula jumps; on the side about a quarter."""
    samples = leg_samples(side, hip_deg(internal_rotation_deg=RAMP_DEG), lying_pelvis(posture))
    found = signal_deg(samples, side, CountedSignal.HIP_ROTATION)
    assert_near(found - found[0], RAMP_DEG - RAMP_DEG[0])


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize("way", [1.0, -1.0])
def test_a_leg_that_turns_round_and_round_has_no_jump(side: Side, way: float) -> None:
    turning_deg = way * np.linspace(0.0, 1000.0, 401)
    rotating = leg_samples(side, hip_deg(internal_rotation_deg=turning_deg), lying_pelvis())
    assert_near(signal_deg(rotating, side, CountedSignal.HIP_ROTATION), turning_deg)
    bending = leg_samples(side, hip_deg(turning_deg), lying_pelvis(Posture.UPRIGHT))
    assert_near(signal_deg(bending, side, CountedSignal.THIGH_PITCH), 90.0 - turning_deg)


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_a_pelvis_that_is_not_known_leaves_the_angle_unknown_for_as_long_and_not_longer(side: Side) -> None:
    """The body rolls from 40 degrees to 230 to the left: past the front, where the roll's formula jumps."""
    roll_deg = np.linspace(40.0, 230.0, 191)
    samples = leg_samples(
        side, hip_deg(internal_rotation_deg=12.0), lying_pelvis(roll_deg=roll_deg), with_pelvis=True
    )
    assert samples.pelvis_up is not None
    unknown = (roll_deg > 160.0) & (roll_deg < 200.0)
    samples.pelvis_up[unknown] = np.nan
    leg, found = LegSignals(side, Exercise("one")), []
    # one of the blocks knows nothing of the pelvis
    for start, stop in pairwise([0, 100, 130, 150, len(samples)]):
        found.append(leg.update(part_of(samples, start, stop)).copy())
    table = np.concatenate([one.table for one in found], axis=1)
    for which in (Channel.SIGNAL, Channel.ROTATION, Channel.PELVIS_TURN, Channel.PELVIS_UP_X):
        np.testing.assert_array_equal(np.isnan(table[which]), unknown)
    assert_near(deg(table[Channel.SIGNAL, ~unknown]), 12.0)
    assert_near(deg(table[Channel.PELVIS_TURN, ~unknown]), roll_deg[~unknown])
    assert not np.isnan(table[[Channel.ELEVATION, Channel.HEADING, Channel.TIME_S]]).any()


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize(("flexion_deg", "published_deg"), [(45.0, 39.2), (60.0, 49.1)])
def test_a_knee_that_rolls_in_counts_by_its_roll_not_by_its_twist(
    side: Side, flexion_deg: float, published_deg: float
) -> None:
    """Gravity's twist of a bent leg overstates: published for 30 degrees of roll, one decimal."""
    roll_deg = np.linspace(-30.0, 30.0, 121)
    samples = leg_samples(side, rolled_in(flexion_deg, roll_deg, side), lying_pelvis())
    assert_near(signal_deg(samples, side, CountedSignal.KNEE_ROLL), roll_deg)
    twist_deg = float(channel_deg(samples, side, Channel.ROTATION)[-1])
    assert twist_deg == pytest.approx(twist_of_bent_leg_deg(flexion_deg, 30.0), abs=EXACT_DEG)
    assert twist_deg == pytest.approx(published_deg, abs=0.05)


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_raising_the_knee_raises_the_elevation_on_both_legs(side: Side) -> None:
    """Supine, sin(elevation) is sin(flexion) cos(abduction); rotation has no part in it."""
    flexion_deg = np.linspace(-10.0, 80.0, 91)
    for adduction_deg, rotation_deg in ((0.0, 0.0), (-20.0, 0.0), (-20.0, 30.0)):
        samples = leg_samples(side, hip_deg(flexion_deg, adduction_deg, rotation_deg), lying_pelvis())
        expected = np.arcsin(np.sin(np.radians(flexion_deg)) * math.cos(rad(adduction_deg)))
        assert_near(signal_deg(samples, side, CountedSignal.ELEVATION), deg(expected))
        assert_near(channel_deg(samples, side, Channel.ELEVATION), deg(expected))


@pytest.mark.parametrize(
    ("side", "posture"), [(Side.RIGHT, Posture.LEFT_SIDE_DOWN), (Side.LEFT, Posture.RIGHT_SIDE_DOWN)]
)
def test_raising_the_upper_leg_on_the_side_is_elevation(side: Side, posture: Posture) -> None:
    abduction_deg = np.linspace(0.0, 35.0, 71)
    samples = leg_samples(side, hip_deg(0.0, -abduction_deg, 5.0), lying_pelvis(posture))
    assert_near(signal_deg(samples, side, CountedSignal.ELEVATION), abduction_deg)


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize("signal", [CountedSignal.HIP_ROTATION, CountedSignal.ELEVATION])
def test_a_falling_exercise_counts_the_other_way_and_leaves_the_rest_alone(
    side: Side, signal: CountedSignal
) -> None:
    samples = leg_samples(side, hip_deg(RAMP_DEG + 45.0, 0.0, RAMP_DEG), lying_pelvis(), with_pelvis=True)
    rising = counted(samples, side, Exercise("up", signal))
    falling = counted(samples, side, Exercise("down", signal, falling=True))
    assert np.ptp(rising.signal_rad) > rad(60.0)
    for channel in Channel:
        sign = -1.0 if channel is Channel.SIGNAL else 1.0
        if channel is not Channel.RATE:
            np.testing.assert_array_equal(falling.channel(channel), sign * rising.channel(channel))


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_a_bridge_rises_while_its_thighs_come_down_to_the_level(side: Side) -> None:
    elevation_deg = np.linspace(45.0, 0.0, 91)
    samples = leg_samples(side, hip_deg(elevation_deg), lying_pelvis())
    found = signal_deg(samples, side, CountedSignal.ELEVATION, falling=True)
    assert_near(found - found[0], 45.0 - elevation_deg)


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize("lean_deg", [-30.0, 0.0, 15.0])
def test_thigh_pitch_goes_from_the_level_to_upright_and_past_both(side: Side, lean_deg: float) -> None:
    """The thigh's own lean counts, however the trunk leans meanwhile."""
    pitch_deg = np.linspace(-25.0, 110.0, 271)
    pelvis = pelvis_rotation(np.full(1, rad(lean_deg)), np.zeros(1))
    samples = leg_samples(side, hip_deg(90.0 - pitch_deg - lean_deg), pelvis)
    assert_near(signal_deg(samples, side, CountedSignal.THIGH_PITCH), pitch_deg)


@pytest.mark.parametrize(("shift_m", "published_deg"), [(0.05, 3.2), (0.02, 1.3)])
def test_a_side_shift_leans_both_thighs_alike(shift_m: float, published_deg: float) -> None:
    """A level pelvis goes to the right over legs of 0.9 m: adduction of the right hip, abduction of the left.

    Published to one decimal.
    """
    lean_deg = math.degrees(math.asin(shift_m / 0.9))
    for way in (1.0, -1.0):
        leans = []
        for side in BOTH_SIDES:
            hip = hip_deg(0.0, way * side.sign * lean_deg)
            samples = leg_samples(side, hip, lying_pelvis(Posture.UPRIGHT))
            leans.append(float(signal_deg(samples, side, CountedSignal.FRONTAL_LEAN)[0]))
        assert leans[0] == pytest.approx(leans[1], abs=EXACT_DEG)
        assert abs(leans[0]) == pytest.approx(lean_deg, abs=EXACT_DEG)
        assert abs(leans[0]) == pytest.approx(published_deg, abs=0.05)


def test_side_shifts_to_both_sides_have_opposite_signs() -> None:
    shifted_deg = np.linspace(-5.0, 5.0, 41)
    samples = leg_samples(Side.RIGHT, hip_deg(0.0, shifted_deg), lying_pelvis(Posture.UPRIGHT))
    found = signal_deg(samples, Side.RIGHT, CountedSignal.FRONTAL_LEAN)
    assert_near(found, -found[::-1])
    assert np.ptp(found) == pytest.approx(10.0, abs=EXACT_DEG)


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_a_hip_hike_rises_with_the_pelvis_on_the_other_legs_side(side: Side) -> None:
    """A turn about the front axis by a positive angle brings the right end of the pelvis down."""
    hike_deg = np.linspace(-5.0, 10.0, 61)
    pelvis = about_x(side.sign * np.radians(hike_deg))
    right_end_up = pelvis[:, 1, 2]
    assert (np.sign(right_end_up) == -side.sign * np.sign(hike_deg)).all()
    samples = leg_samples(side, hip_deg(), pelvis, with_pelvis=True)
    assert_near(signal_deg(samples, side, CountedSignal.PELVIS_HIKE), hike_deg)


def test_a_hip_hike_cannot_be_seen_without_a_pelvis_sensor() -> None:
    samples = leg_samples(Side.RIGHT, hip_deg(), about_x(np.radians(RAMP_DEG)))
    assert np.isnan(signal_deg(samples, Side.RIGHT, CountedSignal.PELVIS_HIKE)).all()


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_turning_inward_while_standing_counts_by_the_gyroscope_on_both_legs(side: Side) -> None:
    samples = leg_samples(side, hip_deg(internal_rotation_deg=RAMP_DEG), lying_pelvis(Posture.UPRIGHT))
    exercise = Exercise("disc", CountedSignal.AXIAL_TURN, gate=PoseGate(arm_still_s=1.0))
    found = deg(counted(samples, side, exercise).signal_rad)
    assert_near(found, RAMP_DEG - RAMP_DEG[0])


@pytest.mark.parametrize(("quiet_for_s", "turned_deg"), [(5.0, 0.0), (1.0, 0.0), (0.99, 3.0), (0.0, 3.0)])
def test_the_turn_is_held_once_the_leg_has_been_still_for_as_long_as_arming_takes(
    quiet_for_s: float, turned_deg: float
) -> None:
    """An offset of 0.05 deg/s adds up to 3 degrees in a minute."""
    still = leg_samples(
        Side.RIGHT,
        hip_deg(np.zeros(6001)),
        lying_pelvis(Posture.UPRIGHT),
        quiet_for_s=quiet_for_s,
    )
    samples = replace(still, axial_rate_rad_per_s=np.full(6001, rad(0.05)))
    exercise = Exercise("disc", CountedSignal.AXIAL_TURN, gate=PoseGate(arm_still_s=1.0))
    found = deg(counted(samples, Side.RIGHT, exercise).signal_rad)
    assert found[-1] == pytest.approx(turned_deg, abs=EXACT_DEG)


def test_after_stillness_the_turn_goes_on_from_where_it_was() -> None:
    count = 300
    samples = leg_samples(
        Side.LEFT,
        hip_deg(np.zeros(count)),
        lying_pelvis(Posture.UPRIGHT),
        quiet_for_s=np.where((np.arange(count) >= 100) & (np.arange(count) < 200), 2.0, 0.0),
    )
    # 20 deg/s outward on the left leg is a positive rate about its long axis; still it is an offset of 0.9
    rate = np.where(samples.quiet_for_s > 0.0, rad(0.9), rad(20.0))
    samples = replace(samples, axial_rate_rad_per_s=rate)
    exercise = Exercise("disc", CountedSignal.AXIAL_TURN, gate=PoseGate(arm_still_s=1.0))
    found = deg(counted(samples, Side.LEFT, exercise).signal_rad)
    # the interval in which it begins to turn again counts by the mean of both ends
    expected = -INTERVAL_S * np.array([99 * 20.0, 99 * 20.0, 99 * 20.0 + (0.9 + 20.0) / 2 + 99 * 20.0])
    np.testing.assert_allclose(found[[99, 199, 299]], expected, atol=EXACT_DEG)


@pytest.mark.parametrize(("move_s", "lost_deg"), [(3.0, 0.3), (6.0, 0.5)])
def test_a_slow_turn_loses_its_ends_alone(move_s: float, lost_deg: float) -> None:
    """20 degrees of minimum jerk are slower than 1 deg/s at both ends: for 1 % in 3 s, 2.4 % in 6 s."""
    time_s = np.arange(0.0, move_s, INTERVAL_S)
    share = time_s / move_s
    samples = leg_samples(
        Side.RIGHT, hip_deg(np.zeros(len(time_s))), lying_pelvis(Posture.UPRIGHT), quiet_for_s=9.0
    )
    rate = rad(20.0) / move_s * 30.0 * share**2 * (1.0 - share) ** 2
    exercise = Exercise("disc", CountedSignal.AXIAL_TURN, gate=PoseGate())
    found = deg(counted(replace(samples, axial_rate_rad_per_s=rate), Side.RIGHT, exercise).signal_rad)
    assert found[-1] == pytest.approx(20.0, abs=lost_deg)
    assert found[-1] < 20.0


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize("flexion_deg", [45.0, 70.0])
def test_a_knee_that_rolls_over_its_foot_is_not_raised_or_lowered(flexion_deg: float, side: Side) -> None:
    """Its knee end sinks; the midplane of the thigh stays as steep as it was."""
    samples = leg_samples(side, rolled_in(flexion_deg, RAMP_DEG, side), lying_pelvis())
    roll = counted(samples, side, Exercise("roll", CountedSignal.KNEE_ROLL))
    assert_near(deg(roll.channel(Channel.ELEVATION)), flexion_deg)
    assert_near(deg(roll.signal_rad), RAMP_DEG)


def test_of_a_pelvis_without_reference_pose_only_how_far_it_turns_is_known() -> None:
    roll_deg = np.linspace(0.0, 10.0, 21)
    askew = lying_pelvis(Posture.SUPINE, 40.0 + roll_deg)
    samples = leg_samples(Side.RIGHT, hip_deg(0.0, 0.0, RAMP_DEG[:21]), askew, with_pelvis=True)
    unknown = replace(samples, pelvis_has_zero=False)
    vertical = replace(samples, pelvis_up=None)
    assert_near(
        signal_deg(unknown, Side.RIGHT, CountedSignal.HIP_ROTATION),
        signal_deg(vertical, Side.RIGHT, CountedSignal.HIP_ROTATION),
    )
    assert np.isnan(channel_deg(unknown, Side.RIGHT, Channel.PELVIS_TURN)).all()
    np.testing.assert_array_equal(
        channel_deg(unknown, Side.RIGHT, Channel.PELVIS_UP_Z),
        channel_deg(samples, Side.RIGHT, Channel.PELVIS_UP_Z),
    )
    assert np.isnan(signal_deg(unknown, Side.RIGHT, CountedSignal.PELVIS_HIKE)).all()


@pytest.mark.parametrize("side", BOTH_SIDES)
def test_abduction_of_a_level_thigh_is_heading(side: Side) -> None:
    abduction_deg = np.linspace(0.0, 20.0, 81)
    samples = leg_samples(side, hip_deg(0.0, -abduction_deg, 10.0), lying_pelvis())
    assert_near(np.abs(channel_deg(samples, side, Channel.HEADING)), abduction_deg)
    assert_near(channel_deg(samples, side, Channel.ELEVATION), 0.0)


def test_turns_are_summed_over_real_time_also_across_missing_samples() -> None:
    samples = leg_samples(Side.RIGHT, hip_deg(np.zeros(200)), lying_pelvis())
    time_s = samples.time_s + np.where(np.arange(200) >= 120, 0.7, 0.0)
    samples = replace(samples, time_s=time_s, turn_rate_rad_per_s=np.full(200, rad(10.0)))
    heading = counted(samples, Side.RIGHT, Exercise("one")).channel(Channel.HEADING)
    assert_near(deg(heading), 10.0 * time_s)


def test_across_a_gap_a_turn_counts_by_the_mean_of_both_ends() -> None:
    """A rate that rises by 40 deg/s in a second: over any gap its mean is that of both ends, so none errs.

    By one end alone 0.7 s would err by half of what the rate changes in them times as long: 10 degrees.
    """
    time_s = np.concatenate([np.arange(0.0, 0.505, 0.01), np.arange(1.2, 2.005, 0.01)])
    samples = leg_samples(Side.RIGHT, hip_deg(np.zeros(len(time_s))), lying_pelvis(Posture.UPRIGHT))
    rate = np.radians(40.0 * time_s)
    samples = replace(samples, time_s=time_s, turn_rate_rad_per_s=rate, axial_rate_rad_per_s=rate)
    found = counted(samples, Side.RIGHT, Exercise("disc", CountedSignal.AXIAL_TURN))
    assert_near(deg(found.channel(Channel.HEADING)), 20.0 * time_s**2)
    assert_near(deg(found.signal_rad), 20.0 * time_s**2)


def test_only_holds_need_the_rate_and_it_is_the_whole_one() -> None:
    samples = leg_samples(Side.LEFT, hip_deg(RAMP_DEG, -RAMP_DEG / 2, RAMP_DEG / 3), lying_pelvis())
    found = counted(samples, Side.LEFT, Exercise("press", hold=HoldRule()))
    np.testing.assert_allclose(
        found.channel(Channel.RATE), np.linalg.norm(samples.rate_rad_per_s, axis=1), rtol=1e-12
    )
    assert found.channel(Channel.RATE)[1:].min() > 0.0


def test_a_sensor_on_no_leg_counts_like_one_on_the_right() -> None:
    samples = leg_samples(Side.RIGHT, hip_deg(internal_rotation_deg=RAMP_DEG), lying_pelvis())
    assert_near(signal_deg(samples, None, CountedSignal.HIP_ROTATION), RAMP_DEG)


def test_the_ends_of_the_range_and_the_times_are_handed_on() -> None:
    samples = leg_samples(Side.RIGHT, hip_deg(RAMP_DEG), lying_pelvis())
    samples = replace(samples, saturated=RAMP_DEG > 30.0)
    found = counted(samples, Side.RIGHT, Exercise("one"))
    np.testing.assert_array_equal(found.saturated, RAMP_DEG > 30.0)
    np.testing.assert_array_equal(found.time_s, samples.time_s)


def test_a_movement_about_an_unknown_axis_is_not_found_here() -> None:
    samples = leg_samples(Side.RIGHT, hip_deg(RAMP_DEG), lying_pelvis())
    with pytest.raises(ValueError, match="unknown axis"):
        counted(samples, Side.RIGHT, Exercise("any", CountedSignal.MOVEMENT))


@st.composite
def wandering(draw: st.DrawFn) -> LegSamples:
    """A leg and a pelvis that wander through every posture, the pelvis unknown at times."""
    rng, count = np.random.default_rng(draw(st.integers(0, 2**32 - 1))), 200

    def walk_deg(step_deg: float) -> FloatArray:
        walk: FloatArray = rng.uniform(-180.0, 180.0) + np.cumsum(rng.normal(0.0, step_deg, count))
        return walk

    hip = hip_deg(walk_deg(6.0), 0.2 * walk_deg(4.0), walk_deg(12.0))
    pelvis = pelvis_rotation(np.radians(walk_deg(5.0)), np.radians(walk_deg(12.0)))
    samples = leg_samples(
        draw(st.sampled_from(BOTH_SIDES)),
        hip,
        pelvis,
        with_pelvis=draw(st.booleans()),
        quiet_for_s=rng.choice([0.0, 2.0], count),
    )
    if samples.pelvis_up is not None:
        samples.pelvis_up[np.repeat(rng.random(20) < draw(st.sampled_from([0.0, 0.3, 1.0])), 10)] = np.nan
    return replace(samples, time_s=np.cumsum(rng.choice([0.01, 0.01, 0.01, 0.5], count)))


@settings(deadline=None)
@given(
    wandering(),
    st.sampled_from(BOTH_SIDES),
    st.sampled_from(SIGNALS),
    st.booleans(),
    st.lists(st.integers(0, 200), max_size=8).map(sorted),
)
def test_any_cutting_gives_the_same_bits(
    samples: LegSamples, side: Side, signal: CountedSignal, holds: bool, cuts: list[int]
) -> None:
    exercise = Exercise(
        "any", signal, falling=holds, hold=HoldRule() if holds else None, gate=PoseGate(arm_still_s=1.0)
    )
    whole = counted(samples, side, exercise)
    leg = LegSignals(side, exercise)
    cut = [leg.update(part_of(samples, start, stop)).table for start, stop in pairwise([0, *cuts, 200])]
    table = np.concatenate(cut, axis=1)
    for channel in Channel:
        if holds or channel is not Channel.RATE:
            np.testing.assert_array_equal(table[channel], whole.channel(channel))
