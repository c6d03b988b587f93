"""One leg's set on samples from joint angles: what the counter of a leg makes of the other leg's movement."""

from dataclasses import replace

import numpy as np
import pytest
from leg_samples import hip_deg, leg_samples, part_of
from motion_samples import deg, known
from pipeline_bench import EXERCISES, MOTION

from tracker.model import Edge, ExerciseSet, FloatArray, PhaseKind, PhaseMark, Side
from tracker.motion.signals.leg_signals import LegSamples
from tracker.sensing.body.timeline import minimum_jerk
from tracker.session.set_counter import PELVIS_WITHOUT_ZERO, LegInSet, SetCounter

BLOCK = 18
LEGS = [Side.LEFT, Side.RIGHT]


def there_and_back(times: int, to_deg: float) -> FloatArray:
    """Two seconds of rest, then movements of a second each way with half a second at the top, at 100 Hz."""
    up = to_deg * minimum_jerk(np.arange(1, 101) / 100.0)
    one = np.concatenate([up, np.full(50, to_deg), to_deg - up, np.zeros(100)])
    return np.concatenate([np.zeros(200), np.tile(one, times)])


def hiking(side: Side, hike_deg: FloatArray, stands: Side) -> LegSamples:
    """Samples of one leg while the pelvis rises over the other leg than that which stands."""
    angle = stands.sign * np.radians(hike_deg)
    cosine, sine = np.cos(angle), np.sin(angle)
    pelvis = np.zeros((len(angle), 3, 3))
    pelvis[:, 0, 0] = 1.0
    pelvis[:, 1, 1], pelvis[:, 1, 2] = cosine, -sine
    pelvis[:, 2, 1], pelvis[:, 2, 2] = sine, cosine
    # both thighs stay upright: the hips ab- and adduct by what the pelvis tilts
    hip = hip_deg(0.0, -side.sign * np.degrees(angle))
    return leg_samples(side, hip, pelvis, with_pelvis=True, quiet_for_s=5.0)


def counted(samples: LegSamples, side: Side, exercise: str) -> ExerciseSet:
    """The set that a counter makes of samples in blocks."""
    start = PhaseMark(0.0, PhaseKind.SET, Edge.START, None, exercise)
    counter = SetCounter(LegInSet(side, 0.01, MOTION.range_error), EXERCISES[exercise], start)
    for first in range(0, len(samples), BLOCK):
        counter.feed(part_of(samples, first, min(first + BLOCK, len(samples))))
    return counter.finish(float(samples.time_s[-1]))[0]


@pytest.mark.parametrize("stands", LEGS)
@pytest.mark.parametrize("side", LEGS)
def test_a_hip_hike_counts_on_the_leg_that_stands_alone(side: Side, stands: Side) -> None:
    done = counted(hiking(side, there_and_back(6, 10.0), stands), side, "hip_hike")
    assert (done.valid_reps, done.partial_reps) == ((6, 0) if side is stands else (0, 0))
    for one in done.repetitions:
        assert deg(known(one.rom_rad)) == pytest.approx(10.0, abs=0.1)


@pytest.mark.parametrize("unknown", [1, 30, 120])
def test_a_hike_that_is_armed_while_the_pelvis_is_not_known_counts_from_where_it_is(unknown: int) -> None:
    samples = hiking(Side.RIGHT, there_and_back(6, 10.0), Side.RIGHT)
    assert samples.pelvis_up is not None
    pelvis_up = samples.pelvis_up.copy()
    pelvis_up[:unknown] = np.nan
    done = counted(replace(samples, pelvis_up=pelvis_up), Side.RIGHT, "hip_hike")
    assert (done.valid_reps, done.partial_reps) == (6, 0)


def test_a_hike_may_begin_a_little_below_where_it_was_armed() -> None:
    """The pelvis sags by 1.5 degrees after each; less than what would be a movement of its own."""
    hike_deg = there_and_back(3, 10.0)
    hike_deg[np.arange(len(hike_deg)) > 400] -= 1.5
    done = counted(hiking(Side.RIGHT, hike_deg, Side.RIGHT), Side.RIGHT, "hip_hike")
    assert done.valid_reps == 3


def test_a_pelvis_without_reference_pose_is_told_where_rotation_counts() -> None:
    turn_deg = there_and_back(3, 25.0)
    pelvis = np.array([[[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]])
    samples = leg_samples(
        Side.RIGHT,
        hip_deg(0.0, 0.0, turn_deg - 20.0),
        pelvis,
        with_pelvis=True,
        pelvis_has_zero=False,
        quiet_for_s=5.0,
    )
    done = counted(samples, Side.RIGHT, "supine_roll_in")
    assert (done.valid_reps, done.flags) == (3, (PELVIS_WITHOUT_ZERO,))
