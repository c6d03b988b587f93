"""A body that follows: what was seen of it never changes, and it does what it is asked for."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.model import PhaseKind, Placement, Side
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.exercise_moves import EXERCISE_MOVES
from tracker.sensing.body.following import Asked, FollowingBody
from tracker.sensing.body.growing import GrowingTimeline
from tracker.sensing.body.mems import Counts
from tracker.sensing.body.timeline import Joint, Move, Timeline

LOOK_S = 0.1
KINDS = [*PhaseKind, None]

wishes = st.builds(
    Asked,
    kind=st.sampled_from(KINDS),
    running=st.booleans(),
    exercise=st.sampled_from([*EXERCISE_MOVES, "hip_hike", "unknown", None]),
    side=st.sampled_from([*Side, None]),
    sits=st.booleans(),
    repetitions=st.sampled_from([None, 1, 3]),
    counted=st.integers(0, 3),
    number=st.integers(0, 5),
)


def until(body: FollowingBody, asked: Asked, end_s: float, start_s: float = 0.0) -> float:
    """Ask for the same at each look from a time to another."""
    for look_s in np.arange(start_s, end_s, LOOK_S).tolist():
        body.follow(asked, look_s)
    return end_s


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(wishes, st.floats(0.01, 4.0)), min_size=1, max_size=12))
def test_samples_that_were_taken_never_change_whatever_is_asked_for(
    asked: list[tuple[Asked, float]],
) -> None:
    body = FollowingBody()
    feed = body.worn().feed(Placement.LEFT_THIGH)
    now_s = 0.0
    taken: list[Counts] = []
    for wish, pause_s in asked:
        body.follow(wish, now_s)
        now_s += pause_s
        first = sum(len(one) for one in taken)
        taken.append(feed.counts(first, math.ceil(now_s * feed.rate_hz) - first))
    np.testing.assert_array_equal(np.concatenate(taken), feed.counts(0, sum(len(one) for one in taken)))


def test_a_time_line_that_grew_is_the_one_that_was_known_beforehand() -> None:
    rng = np.random.default_rng(4)
    growing, moves = GrowingTimeline({Joint.PELVIS_HEIGHT: 0.95}), []
    for number in range(300):
        joint = Joint(int(rng.integers(len(Joint))))
        moves.append(Move(joint, 1.0 + number, float(rng.uniform(0.2, 1.0)), float(rng.normal())))
        growing.add(moves[-1:])
    whole = Timeline.of({Joint.PELVIS_HEIGHT: 0.95}, moves)
    time_s = rng.uniform(0.0, 310.0, 2000)
    np.testing.assert_array_equal(growing.at(time_s), whole.at(time_s))


@pytest.mark.parametrize(
    "late",
    [
        Move(Joint.LEFT_FLEXION, 1.5, 1.0, 0.5),
        Move(Joint.RIGHT_FLEXION, 0.5, 1.0, 0.5),
        Move(Joint.RIGHT_FLEXION, 3.0, 0.0, 0.5),
        Move(Joint.RIGHT_FLEXION, 2.5, 1.0, 0.5),
    ],
    ids=["before its joint has arrived", "before an earlier move", "without duration", "what was seen"],
)
def test_a_time_line_refuses_to_change_what_was_seen(late: Move) -> None:
    growing = GrowingTimeline({})
    growing.add([Move(Joint.LEFT_FLEXION, 1.0, 1.0, 0.3)])
    if late.start_s == 2.5:
        growing.at(np.array([2.5]))
    with pytest.raises(ValueError, match="cannot start to move"):
        growing.add([late])


def test_it_stays_as_it_is_where_nothing_is_asked_for() -> None:
    body = FollowingBody()
    until(body, Asked(), 20.0)
    pose = body.done().pose(np.array([0.0, 19.0]))
    np.testing.assert_array_equal(pose.pelvis[0], pose.pelvis[1])
    assert body.done().repetitions == ()


def test_it_takes_the_pose_that_is_announced_and_the_legs_lie_as_it_says() -> None:
    body = FollowingBody()
    until(body, Asked(PhaseKind.REST, number=1), 5.0)
    script = body.done()
    pose = script.pose(np.array([4.9]))
    assert math.degrees(math.acos(pose.pelvis[0, 0, 1] * -1.0)) == pytest.approx(0.0, abs=1e-6)
    left, right = (script.true_hip_rotation_rad(side, np.array([4.9]))[0] for side in (Side.LEFT, Side.RIGHT))
    assert (left, right) == pytest.approx(body.resting_rad)


def test_it_does_one_more_where_one_was_not_counted_and_none_where_all_were() -> None:
    missed, counted = FollowingBody(), FollowingBody()
    for body, most in ((missed, 2), (counted, 3)):
        asked = Asked(
            PhaseKind.SET, True, "supine_roll_in", Side.RIGHT, repetitions=3, counted=most, number=1
        )
        until(body, asked, 20.0)
    assert len(counted.done().repetitions) == 3
    assert len(missed.done().repetitions) > 3
    third, fourth = missed.done().repetitions[2:4]
    assert fourth.start_s - third.end_s > 5.0


def test_only_as_many_rest_tests_as_were_asked_for_are_spoilt() -> None:
    body = FollowingBody(restless_rests=1)
    now_s = until(body, Asked(PhaseKind.REST, number=1), 5.0)
    now_s = until(body, Asked(PhaseKind.REST, True, number=2), 12.0, now_s)
    now_s = until(body, Asked(PhaseKind.REST, number=3), 18.0, now_s)
    until(body, Asked(PhaseKind.REST, True, number=4), 25.0, now_s)
    script = body.done()
    moved, still = (
        float(np.ptp(script.true_hip_rotation_rad(Side.LEFT, np.arange(start_s, start_s + 5.0, 0.01))))
        for start_s in (6.0, 19.0)
    )
    assert math.degrees(moved) == pytest.approx(8.0, abs=0.1)
    assert still == 0.0


def test_the_lower_leg_of_a_body_on_its_side_stays() -> None:
    for side, posture in ((Side.LEFT, Posture.RIGHT_SIDE_DOWN), (Side.BOTH, Posture.LEFT_SIDE_DOWN)):
        moves = EXERCISE_MOVES["reverse_clamshell"]
        assert moves.posture_for(side) is posture
        assert moves.legs(side) is (Side.LEFT if side is Side.LEFT else Side.RIGHT)
