"""Where counting is allowed: armed by stillness in the pose, voided by any other movement."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leg_samples import hip_deg, leg_samples, lying_pelvis
from motion_samples import rad

from tracker.model import FloatArray, Posture, Side
from tracker.motion.counting.pose_gate import ArmedRun, ArmingGate, PoseSamples, QuietTime
from tracker.motion.exercise import Exercise, PoseGate
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2
from tracker.motion.signals.leg_signals import LegSamples, LegSignals
from tracker.sensing.body.angles import Posture as BodyPosture

GATE = PoseGate()
Numbers = npt.ArrayLike


def pose(
    count: int = 100,
    *,
    observability: Numbers = 1.0,
    elevation_deg: Numbers = 0.0,
    pelvis_deg: Numbers = np.nan,
    force_g: Numbers = 1.0,
    quiet_for_s: Numbers = 5.0,
    in_posture: Numbers = 1.0,
) -> PoseSamples:
    """Samples of a leg that lies still, but for what is told."""
    zeros = np.zeros(count)
    turn_rad = zeros + np.radians(pelvis_deg)
    return PoseSamples(
        observability=zeros + np.asarray(observability),
        elevation_rad=zeros + np.radians(elevation_deg),
        pelvis_up=np.column_stack([np.cos(turn_rad), 0.0 * turn_rad, np.sin(turn_rad)]),
        in_posture=zeros + np.asarray(in_posture) > 0.0,
        force_m_per_s2=zeros + STANDARD_GRAVITY_M_PER_S2 * np.asarray(force_g),
        quiet_for_s=zeros + np.asarray(quiet_for_s),
    )


def runs(samples: PoseSamples, gate: PoseGate = GATE) -> list[tuple[int, int, str | None]]:
    """Armed runs of one block: from, to, why it ended."""
    return [(run.start, run.stop, run.voided) for run in ArmingGate(gate).update(samples)]


def from_sample(place: int, before: float, after: float, count: int = 100) -> FloatArray:
    """A value that changes at one sample."""
    return np.where(np.arange(count) < place, before, after)


def test_lying_still_arms_at_once() -> None:
    assert runs(pose()) == [(0, 100, None)]


def test_it_arms_when_it_has_been_still_for_long_enough() -> None:
    assert runs(pose(quiet_for_s=np.arange(100) / 50.0)) == [(50, 100, None)]


def test_it_never_arms_while_moving_or_out_of_the_pose() -> None:
    assert runs(pose(quiet_for_s=0.99)) == []
    assert runs(pose(observability=0.49)) == []
    assert runs(pose(elevation_deg=31.0)) == []
    assert runs(pose(elevation_deg=-31.0)) == []
    assert runs(pose(force_g=1.36)) == []


def test_once_armed_it_may_move() -> None:
    assert runs(pose(quiet_for_s=from_sample(10, 5.0, 0.0))) == [(0, 100, None)]


def test_it_is_voided_with_the_reason() -> None:
    quiet_s = from_sample(10, 5.0, 0.0)
    assert runs(pose(elevation_deg=from_sample(40, -5.0, 16.0), quiet_for_s=quiet_s)) == [
        (0, 40, "pose left")
    ]
    assert runs(pose(pelvis_deg=from_sample(40, 3.0, -18.0), quiet_for_s=quiet_s)) == [(0, 40, "pose left")]
    assert runs(pose(observability=from_sample(40, 1.0, 0.4), quiet_for_s=quiet_s)) == [
        (0, 40, "near vertical")
    ]
    assert runs(pose(force_g=from_sample(40, 1.0, 0.6), quiet_for_s=quiet_s)) == [(0, 40, "shaken")]


def test_what_is_small_enough_does_not_void() -> None:
    assert runs(pose(elevation_deg=from_sample(40, -5.0, 14.0))) == [(0, 100, None)]
    assert runs(pose(pelvis_deg=from_sample(40, 3.0, -16.0))) == [(0, 100, None)]


def test_a_pelvis_that_is_not_known_never_voids() -> None:
    assert runs(pose(pelvis_deg=from_sample(40, 3.0, np.nan))) == [(0, 100, None)]


def test_a_direction_that_is_too_short_ends_each_run_at_once_and_the_search_all_the_same() -> None:
    samples = pose(5, pelvis_deg=0.0)
    short = replace(samples, pelvis_up=0.6 * samples.pelvis_up)
    assert [(start, stop) for start, stop, _ in runs(short)] == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]


def test_it_arms_anew_in_another_pose_once_that_is_still() -> None:
    quiet_s = np.concatenate([np.full(40, 5.0), np.arange(60) / 50.0])
    assert runs(pose(elevation_deg=from_sample(40, 0.0, 25.0), quiet_for_s=quiet_s)) == [
        (0, 40, "pose left"),
        (90, 100, None),
    ]


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 200), max_size=8).map(sorted))
def test_any_cutting_gives_the_same_armed_samples(seed: int, cuts: list[int]) -> None:
    rng = np.random.default_rng(seed)

    def levels(values: list[float]) -> FloatArray:
        return np.repeat(rng.choice(values, 20), 10)

    samples = pose(
        200,
        observability=levels([1.0, 1.0, 0.4]),
        elevation_deg=levels([0.0, 5.0, 25.0]),
        pelvis_deg=levels([0.0, 10.0, 25.0, np.nan]),
        quiet_for_s=levels([0.0, 2.0, 2.0]),
    )

    def armed(edges: list[int]) -> tuple[list[int], list[str]]:
        gate = ArmingGate(GATE)
        found: list[int] = []
        voided: list[str] = []
        for start, stop in pairwise(edges):
            part = PoseSamples(
                samples.observability[start:stop],
                samples.elevation_rad[start:stop],
                samples.pelvis_up[start:stop],
                samples.in_posture[start:stop],
                samples.force_m_per_s2[start:stop],
                samples.quiet_for_s[start:stop],
            )
            for run in gate.update(part):
                found += range(start + run.start, start + run.stop)
                voided += [run.voided] if run.voided else []
        return found, voided

    assert armed([0, *cuts, 200]) == armed([0, 200])


def test_it_begins_anew_only_where_it_was_armed_anew() -> None:
    gate = ArmingGate(GATE)
    assert gate.update(pose()) == [ArmedRun(0, 100, True, None)]
    assert gate.update(pose(quiet_for_s=0.0)) == [ArmedRun(0, 100, False, None)]
    assert gate.update(pose(force_g=2.0)) == [ArmedRun(0, 0, False, "shaken")]
    assert gate.update(pose(quiet_for_s=0.0)) == []
    assert gate.update(pose()) == [ArmedRun(0, 100, True, None)]
    assert gate.update(pose(0)) == []


@pytest.mark.parametrize(
    ("elevation_deg", "armed"), [(19.0, False), (21.0, True), (45.0, True), (79.0, True), (81.0, False)]
)
def test_the_window_of_tilts_may_lie_anywhere(elevation_deg: float, armed: bool) -> None:
    """A bent knee: 20 to 80 degrees."""
    gate = replace(GATE, minimum_elevation_rad=rad(20.0), maximum_elevation_rad=rad(80.0))
    assert bool(runs(pose(elevation_deg=elevation_deg), gate)) is armed


@pytest.mark.parametrize(("by_deg", "armed"), [(19.5, True), (-19.5, True), (20.5, False), (-20.5, False)])
def test_it_is_voided_by_a_tilt_from_the_pose_that_it_was_armed_in_however_slow(
    by_deg: float, armed: bool
) -> None:
    tilts = np.linspace(0.0, by_deg, 100)
    [(start, stop, voided)] = runs(pose(elevation_deg=tilts + np.sign(by_deg) * -5.0, quiet_for_s=5.0))[:1]
    assert (start, voided) == (0, None if armed else "pose left")
    assert stop == (100 if armed else int(np.argmax(np.abs(tilts) > 20.0)))


@pytest.mark.parametrize(
    ("force_g", "voided"), [(1.34, None), (1.36, "shaken"), (0.66, None), (0.64, "shaken")]
)
def test_it_is_voided_by_a_force_far_from_1_g_either_way(force_g: float, voided: str | None) -> None:
    found = runs(pose(force_g=from_sample(40, 1.0, force_g), quiet_for_s=from_sample(10, 5.0, 0.0)))
    assert found == [(0, 100 if voided is None else 40, voided)]


def test_out_of_the_posture_it_does_not_arm_and_is_voided_as_turned_over() -> None:
    assert runs(pose(in_posture=0.0)) == []
    assert runs(pose(in_posture=from_sample(40, 1.0, 0.0))) == [(0, 40, "turned over")]
    assert runs(pose(in_posture=from_sample(40, 0.0, 1.0))) == [(40, 100, None)]


def test_of_several_reasons_that_is_told_which_explains_the_others() -> None:
    """A leg that is shaken has no direction of up, and one near vertical no twist."""
    turned, vertical, shaken = (from_sample(40, *values) for values in ((1.0, 0.0), (1.0, 0.4), (1.0, 2.0)))
    away = from_sample(40, 0.0, 29.0)
    assert runs(pose(elevation_deg=away, in_posture=turned)) == [(0, 40, "turned over")]
    assert runs(pose(elevation_deg=away, in_posture=turned, observability=vertical)) == [
        (0, 40, "near vertical")
    ]
    assert runs(pose(elevation_deg=away, in_posture=turned, observability=vertical, force_g=shaken)) == [
        (0, 40, "shaken")
    ]


EVERYWHERE = replace(
    GATE,
    minimum_observability=0.0,
    minimum_elevation_rad=rad(-90.0),
    maximum_elevation_rad=rad(90.0),
)
"""A gate that looks at nothing but the posture, which a test gives it."""

LYING_ON_THE_BACK = {Posture.SUPINE, Posture.HOOK_LYING}
UPRIGHT = {Posture.SEATED, Posture.STANDING}
TOLD_BY_PELVIS = {
    BodyPosture.SUPINE: LYING_ON_THE_BACK,
    BodyPosture.PRONE: {Posture.PRONE},
    BodyPosture.LEFT_SIDE_DOWN: {Posture.LEFT_SIDE_DOWN},
    BodyPosture.RIGHT_SIDE_DOWN: {Posture.RIGHT_SIDE_DOWN},
    BodyPosture.SEATED: UPRIGHT,
    BodyPosture.UPRIGHT: UPRIGHT,
}
"""The postures that a pelvis cannot be told to be in any other of."""
TOLD_BY_THIGH = {
    BodyPosture.SUPINE: {*LYING_ON_THE_BACK, *UPRIGHT},
    BodyPosture.SEATED: {*LYING_ON_THE_BACK, *UPRIGHT},
    BodyPosture.PRONE: {Posture.PRONE, Posture.STANDING},
    BodyPosture.LEFT_SIDE_DOWN: {Posture.LEFT_SIDE_DOWN, Posture.STANDING},
    BodyPosture.RIGHT_SIDE_DOWN: {Posture.RIGHT_SIDE_DOWN, Posture.STANDING},
}
"""The same for the twist of a level thigh; standing has none and fits all."""


def body(
    posture: BodyPosture,
    side: Side = Side.RIGHT,
    *,
    rotation_deg: Numbers = 0.0,
    roll_deg: Numbers = 0.0,
    with_pelvis: bool = True,
    has_zero: bool = True,
) -> LegSamples:
    """A still leg of a body in a posture, as many samples as there are angles."""
    flexion_deg = 90.0 if posture is BodyPosture.SEATED else 0.0
    return leg_samples(
        side,
        hip_deg(flexion_deg, 0.0, rotation_deg),
        lying_pelvis(posture, roll_deg),
        with_pelvis=with_pelvis,
        has_zero=has_zero,
        quiet_for_s=5.0,
    )


def of_body(samples: LegSamples, gate: PoseGate) -> PoseSamples:
    """What a gate looks at of a leg, by way of its signals."""
    return PoseSamples.of(samples, LegSignals(Side.RIGHT, Exercise("any")).update(samples), gate)


def fits(samples: LegSamples, *postures: Posture) -> bool:
    """Whether a still body arms a gate that asks for postures."""
    gate = replace(EVERYWHERE, postures=postures)
    return bool(runs(of_body(samples, gate), gate))


@pytest.mark.parametrize("posture", TOLD_BY_PELVIS)
@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_where_a_pelvis_sensor_is_worn_it_tells_the_posture(posture: BodyPosture, side: Side) -> None:
    for asked in Posture:
        assert fits(body(posture, side), asked) is (asked in TOLD_BY_PELVIS[posture])
        # it is asked even where the thigh has no zero
        assert fits(body(posture, side, has_zero=False), asked) is (asked in TOLD_BY_PELVIS[posture])


@pytest.mark.parametrize("posture", TOLD_BY_THIGH)
@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_without_one_the_thighs_twist_tells_the_posture(posture: BodyPosture, side: Side) -> None:
    for asked in Posture:
        found = fits(body(posture, side, with_pelvis=False), asked)
        assert found is (asked in TOLD_BY_THIGH[posture])


def test_without_a_pelvis_sensor_and_a_zero_every_posture_fits() -> None:
    for posture in TOLD_BY_THIGH:
        for asked in Posture:
            assert fits(body(posture, with_pelvis=False, has_zero=False), asked)


def test_a_pelvis_that_is_not_known_fits_every_posture() -> None:
    samples = body(BodyPosture.PRONE)
    assert not fits(samples, Posture.SUPINE)
    assert samples.pelvis_up is not None
    samples.pelvis_up[:] = np.nan
    assert fits(samples, Posture.SUPINE)


@pytest.mark.parametrize("with_pelvis", [True, False])
def test_any_of_the_postures_asked_for_will_do_and_none_asked_for_is_any(with_pelvis: bool) -> None:
    sides = (Posture.LEFT_SIDE_DOWN, Posture.RIGHT_SIDE_DOWN)
    for posture in TOLD_BY_THIGH:
        samples = body(posture, with_pelvis=with_pelvis)
        assert fits(samples)
        on_side = posture in (BodyPosture.LEFT_SIDE_DOWN, BodyPosture.RIGHT_SIDE_DOWN)
        assert fits(samples, *sides) is on_side


@pytest.mark.parametrize(
    ("roll_deg", "expected"), [(49.0, True), (-49.0, True), (51.0, False), (-51.0, False)]
)
def test_a_pelvis_may_be_50_degrees_from_its_posture(roll_deg: float, expected: bool) -> None:
    """The leg turns against it and has no part in that."""
    samples = body(BodyPosture.SUPINE, rotation_deg=-2.0 * roll_deg, roll_deg=roll_deg)
    assert fits(samples, Posture.SUPINE) is expected


@pytest.mark.parametrize(
    ("rotation_deg", "expected"), [(74.0, True), (-74.0, True), (76.0, False), (-76.0, False)]
)
@pytest.mark.parametrize(
    ("posture", "asked"),
    [
        (BodyPosture.SUPINE, Posture.SUPINE),
        (BodyPosture.PRONE, Posture.PRONE),
        (BodyPosture.LEFT_SIDE_DOWN, Posture.LEFT_SIDE_DOWN),
    ],
)
def test_a_thigh_may_be_turned_by_75_degrees_from_its_posture(
    rotation_deg: float, expected: bool, posture: BodyPosture, asked: Posture
) -> None:
    samples = body(posture, rotation_deg=rotation_deg, with_pelvis=False)
    assert fits(samples, asked) is expected


@pytest.mark.parametrize(
    ("with_pelvis", "void_pelvis_deg", "at_deg", "reason"),
    [(False, 20.0, 75.0, "turned over"), (True, 20.0, 20.0, "pose left"), (True, 80.0, 50.0, "turned over")],
)
@pytest.mark.parametrize("way", [1.0, -1.0])
def test_rolling_from_the_back_onto_a_side_is_voided_where_it_shows_first(
    with_pelvis: bool, void_pelvis_deg: float, at_deg: float, reason: str, way: float
) -> None:
    """By the pelvis's turn, by where the pelvis then lies, or without its sensor by the thigh's twist."""
    roll_deg = np.arange(0.4, 90.0, 0.9)
    gate = replace(EVERYWHERE, postures=(Posture.SUPINE,), void_pelvis_rad=rad(void_pelvis_deg))
    samples = of_body(body(BodyPosture.SUPINE, roll_deg=way * roll_deg, with_pelvis=with_pelvis), gate)
    # it is not still while it rolls
    samples = replace(samples, quiet_for_s=from_sample(1, 5.0, 0.0, len(roll_deg)))
    # the pelvis's turn counts from where it was armed
    limit_deg = at_deg + (roll_deg[0] if reason == "pose left" else 0.0)
    assert runs(samples, gate) == [(0, int(np.argmax(roll_deg > limit_deg)), reason)]


def turning(dps: npt.ArrayLike, count: int = 100) -> FloatArray:
    """Rates about one axis, (N, 3)."""
    rate = np.zeros((count, 3))
    rate[:, 1] = np.radians(dps)
    return rate


def test_quiet_time_runs_from_the_last_turn() -> None:
    time_s = np.arange(100) / 50.0
    quiet_s = QuietTime(rad(6.0)).update(time_s, turning(from_sample(30, 20.0, 1.0)))
    np.testing.assert_allclose(quiet_s[1:30], 0.0)
    np.testing.assert_allclose(quiet_s[30:], time_s[30:] - time_s[29])


def test_a_recording_that_begins_with_the_movement_is_quiet_up_to_its_first_sample() -> None:
    """What went before is not known; a file may hold nothing but the set."""
    quiet_s = QuietTime(rad(6.0)).update(np.arange(100) / 50.0, turning(20.0))
    assert quiet_s[0] == np.inf
    assert (quiet_s[1:] == 0.0).all()


@pytest.mark.parametrize("cut", [0, 30, 50, 70])
def test_what_was_not_seen_does_not_count_as_quiet(cut: int) -> None:
    """A second is missing before sample 50, whichever block that is in."""
    time_s = np.arange(100) / 50.0 + np.where(np.arange(100) >= 50, 1.0, 0.0)
    quiet = QuietTime(rad(6.0))
    parts = [
        quiet.update(time_s[:cut], turning(0.0, cut)),
        quiet.update(time_s[cut:], turning(0.0, 100 - cut)),
    ]
    quiet_s = np.concatenate(parts)
    assert (quiet_s[:50] == np.inf).all()
    np.testing.assert_allclose(quiet_s[50:], time_s[50:] - time_s[50])


def test_an_unaligned_pelvis_sensor_leaves_it_to_the_thigh_whether_the_pose_is_right() -> None:
    gate = PoseGate(postures=(Posture.SUPINE,))
    sideways = lying_pelvis(BodyPosture.LEFT_SIDE_DOWN)
    samples = leg_samples(
        Side.RIGHT,
        hip_deg(np.zeros(20)),
        lying_pelvis(),
        with_pelvis=True,
        pelvis_has_zero=False,
        quiet_for_s=5.0,
    )
    askew = replace(samples, pelvis_up=np.repeat(sideways[:, 1, :], 20, axis=0))
    counted = LegSignals(Side.RIGHT, Exercise("one", gate=gate)).update(askew)
    assert PoseSamples.of(askew, counted, gate).in_posture.all()
    aligned = replace(askew, pelvis_has_zero=True)
    assert not PoseSamples.of(aligned, counted, gate).in_posture.any()


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 200), max_size=8).map(sorted))
def test_quiet_time_is_the_same_for_any_cutting(seed: int, cuts: list[int]) -> None:
    time_s = np.arange(200) / 50.0
    rate = turning(np.random.default_rng(seed).choice([1.0, 1.0, 1.0, 20.0], 200), 200)
    whole, parts = QuietTime(rad(6.0)).update(time_s, rate), QuietTime(rad(6.0))
    cut = [parts.update(time_s[start:stop], rate[start:stop]) for start, stop in pairwise([0, *cuts, 200])]
    np.testing.assert_array_equal(np.concatenate(cut), whole)
