"""Where counting is allowed: armed by stillness in the pose, voided by any other movement."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st
from motion_samples import rad

from tracker.model import FloatArray
from tracker.motion.counting.pose_gate import ArmingGate, PoseSamples, QuietTime
from tracker.motion.exercise import PoseGate
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2

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


def runs(samples: PoseSamples) -> list[tuple[int, int, str | None]]:
    """Armed runs of one block: from, to, why it ended."""
    return [(run.start, run.stop, run.voided) for run in ArmingGate(GATE).update(samples)]


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


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 200), max_size=8).map(sorted))
def test_quiet_time_is_the_same_for_any_cutting(seed: int, cuts: list[int]) -> None:
    time_s = np.arange(200) / 50.0
    rate = turning(np.random.default_rng(seed).choice([1.0, 1.0, 1.0, 20.0], 200), 200)
    whole, parts = QuietTime(rad(6.0)).update(time_s, rate), QuietTime(rad(6.0))
    cut = [parts.update(time_s[start:stop], rate[start:stop]) for start, stop in pairwise([0, *cuts, 200])]
    np.testing.assert_array_equal(np.concatenate(cut), whole)
