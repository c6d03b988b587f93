"""A body that follows the guide: what the program measures is what the body did."""

import math
from collections.abc import Sequence
from itertools import pairwise

import pytest
from following_bench import GUIDE, Followed, Steering, follow

from tracker.model import Edge, ExerciseSet, PhaseKind, ReferenceRecipe, Side
from tracker.plan.catalogue import load_catalogue
from tracker.sensing.body.following import FollowingBody
from tracker.session.guide import Step, demonstration_step, knee_lift_steps, rest_test_steps, set_step
from tracker.session.steered_guide import SteeredConductor

ONCE = rest_test_steps(GUIDE, ReferenceRecipe.PATELLA_UP, 1, pelvis_worn=True)
TWICE = rest_test_steps(GUIDE, ReferenceRecipe.PATELLA_UP, 2, pelvis_worn=True)
CATALOGUE = load_catalogue()
SIDES = (Side.LEFT, Side.RIGHT)
REST_TOLERANCE_DEG = 1.5
ROM_TOLERANCE_DEG = 1.5


def a_set(repetitions: int | None, exercise: str = "supine_in_toeing", side: Side = Side.BOTH) -> Step:
    """One set."""
    return set_step(exercise, f"{exercise}.", side, repetitions, GUIDE)


def begins_s(followed: Followed, kind: PhaseKind) -> list[float]:
    """When the phases of a kind began."""
    return [mark.time_s for mark in followed.marks if mark.kind is kind and mark.edge is Edge.START]


def is_on(guide: SteeredConductor, now_s: float, kind: PhaseKind) -> bool:
    """Whether a phase of a kind is on."""
    position = guide.position(now_s)
    return position.running and position.step is not None and position.step.kind is kind


def sets_of(followed: Followed, side: Side) -> list[ExerciseSet]:
    """The sets of one leg."""
    return [one for one in followed.analysis.sets if one.side is side]


def check_rest_tests(followed: Followed, refused: Sequence[bool]) -> None:
    """Each rest test is as the legs lay, or refused."""
    starts_s = begins_s(followed, PhaseKind.REST)
    assert len(starts_s) == len(refused)
    for number, side in enumerate(SIDES):
        tests = [one for one in followed.analysis.rest_tests if one.side is side]
        assert [one.refused is not None for one in tests] == list(refused)
        for test, start_s in zip(tests, starts_s, strict=True):
            if test.hip_rotation_rad is not None:
                true_rad = followed.true_rotation_rad(start_s + 4.0)[number]
                off_deg = math.degrees(test.hip_rotation_rad - true_rad)
                assert abs(off_deg) < REST_TOLERANCE_DEG, (side, off_deg)


def check_sets(followed: Followed) -> None:
    """Every true repetition of each leg was counted as what it was, and as far as it went."""
    for side in SIDES:
        found = [one for done in sets_of(followed, side) for one in done.repetitions]
        true = followed.body.done().repetitions_of(side)
        assert [one.valid for one in found] == [one.valid for one in true]
        for one, scripted in zip(found, true, strict=True):
            assert one.rom_rad is not None
            assert math.degrees(one.rom_rad - scripted.rom_rad) == pytest.approx(0.0, abs=ROM_TOLERANCE_DEG)


def test_a_whole_session_gives_the_angles_and_counts_that_the_body_did() -> None:
    steps = (
        *knee_lift_steps([Side.LEFT], GUIDE),
        *TWICE,
        demonstration_step("supine_in_toeing", "Turn in.", Side.BOTH, GUIDE),
        a_set(10),
    )
    followed = follow(steps, FollowingBody())
    assert [mark.kind for mark in followed.marks if mark.edge is Edge.START] == [one.kind for one in steps]
    check_rest_tests(followed, [False, False])
    truth = followed.body.done()
    set_s = begins_s(followed, PhaseKind.SET)[0]
    for side in SIDES:
        (done,) = sets_of(followed, side)
        scripted = [one for one in truth.repetitions_of(side) if one.start_s > set_s - 1.0]
        assert (done.valid_reps, done.partial_reps) == (10, 1)
        assert [one.valid for one in done.repetitions] == [one.valid for one in scripted]
        assert len(truth.repetitions_of(side)) == 3 + 11
    assert followed.analysis.notices == ()


def test_it_varies_as_a_person_does_and_the_same_seed_does_the_same() -> None:
    first, again, other = (follow([*ONCE, a_set(6)], FollowingBody(seed)) for seed in (1, 1, 2))
    assert first.analysis == again.analysis
    assert first.body.done().repetitions == again.body.done().repetitions
    assert first.body.resting_rad != other.body.resting_rad
    roms_deg = [math.degrees(one.rom_rad) for one in first.body.done().repetitions_of(Side.RIGHT)]
    assert len(set(roms_deg)) == len(roms_deg)
    check_sets(first)
    check_sets(other)


@pytest.mark.parametrize("name", [*CATALOGUE.counting])
def test_every_exercise_is_done_and_counted_as_often_as_it_was_asked_for(name: str) -> None:
    side = Side.RIGHT if name != "generic" else Side.BOTH
    followed = follow([*ONCE, a_set(3, name, side)], FollowingBody())
    if name == "hip_hike":
        assert followed.body.done().repetitions == ()
        return
    assert max(done.valid_reps for done in followed.analysis.sets if done.exercise == name) == 3
    assert len(followed.body.done().repetitions_of(Side.RIGHT)) == 3


def test_a_set_without_a_number_ends_by_itself() -> None:
    followed = follow([*ONCE, a_set(None)], FollowingBody())
    check_sets(followed)
    start, end = (mark.time_s for mark in followed.marks if mark.kind is PhaseKind.SET)
    assert end - start < GUIDE.set_limit_s
    assert sets_of(followed, Side.RIGHT)[0].valid_reps == 8


def test_a_restless_rest_test_is_refused_and_measured_when_it_is_asked_for_again() -> None:
    followed = follow(ONCE, FollowingBody(restless_rests=1))
    check_rest_tests(followed, [True, False])


def test_a_further_rest_test_is_measured_after_two_that_were_refused() -> None:
    asked: list[float] = []

    def steer(now_s: float, guide: SteeredConductor) -> None:
        if not asked and guide.position(now_s).step is None:
            guide.repeat_rest_test()
            asked.append(now_s)

    followed = follow(ONCE, FollowingBody(restless_rests=2), steer)
    check_rest_tests(followed, [True, True, False])


def test_who_sits_for_the_reference_pose_lies_down_for_the_rest_test() -> None:
    followed = follow(
        rest_test_steps(GUIDE, ReferenceRecipe.HANGING_SHANK, 2, pelvis_worn=True), FollowingBody()
    )
    check_rest_tests(followed, [False, False])


def paused_between(start_s: float, end_s: float) -> Steering:
    """A pause that begins so long after the set, and ends so long after it."""
    begun: list[float] = []

    def steer(now_s: float, guide: SteeredConductor) -> None:
        if not begun and is_on(guide, now_s, PhaseKind.SET):
            begun.append(now_s)
        if begun and start_s <= now_s - begun[0] < end_s:
            guide.pause()
        elif guide.position(now_s).paused:
            guide.resume()

    return steer


def test_in_a_pause_the_body_ends_its_repetition_and_stays_and_then_goes_on() -> None:
    followed = follow([*ONCE, a_set(5)], FollowingBody(), paused_between(6.0, 16.0))
    starts_s = begins_s(followed, PhaseKind.SET)
    assert len(starts_s) == 2
    reps = followed.body.done().repetitions_of(Side.RIGHT)
    gaps_s = [after.start_s - before.end_s for before, after in pairwise(reps)]
    assert max(gaps_s) > 8.0
    assert sum(gap_s > 3.0 for gap_s in gaps_s) == 1
    assert sum(done.valid_reps for done in sets_of(followed, Side.RIGHT)) == 5


def test_what_is_skipped_is_not_done() -> None:
    def steer(now_s: float, guide: SteeredConductor) -> None:
        # once to begin it at once, and once to end it
        if guide.position(now_s).number == len(ONCE) + 1:
            guide.skip()

    followed = follow([*ONCE, a_set(5), a_set(3)], FollowingBody(), steer)
    first_s, second_s = begins_s(followed, PhaseKind.SET)
    assert second_s - first_s < 4.0
    for side in SIDES:
        assert [done.valid_reps for done in sets_of(followed, side)] == [0, 3]
