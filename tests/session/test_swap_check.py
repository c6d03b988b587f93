"""Swapped sensors: what knee lifts and rest tests tell of them, and when they say nothing."""

import math
from dataclasses import replace

import pytest
from pipeline_bench import (
    LEFT,
    MOTION,
    PELVIS,
    RIGHT,
    THIGHS,
    Blocks,
    Run,
    lying,
    rad,
    rest_marks,
    run_blocks,
    simulated_blocks,
    worn,
)
from scenario_bench import NOISY, crossed

from tracker.model import Notice, NoticeKind, PhaseKind, Placement, RelativeTo, RestTest, Side
from tracker.sensing.body.script import BodyScript
from tracker.session.events import KneeLifted
from tracker.session.swap_check import SwapCheck

SIDES = (Side.LEFT, Side.RIGHT)
SWAPPED_AT_REST = "both legs lie turned inwards: unless they do, left and right are swapped"


def lifted(placement: Placement, asked: Side | None, range_deg: float, end_s: float = 10.0) -> KneeLifted:
    """One thigh's part of a knee lift."""
    return KneeLifted(placement, asked, end_s - 8.0, end_s, rad(range_deg))


def told_of_lifts(*lifts: KneeLifted, check: SwapCheck | None = None) -> list[Notice]:
    """All that is told of knee lifts that come in an order."""
    seeing = check or SwapCheck(MOTION)
    return [notice for lift in lifts for notice in seeing.see_knee_lift(lift)]


def rested(side: Side, inward_deg: float | None, start_s: float = 20.0) -> RestTest:
    """A rest test of ten seconds; refused where there is no angle."""
    return RestTest(
        side=side,
        start_s=start_s,
        end_s=start_s + 10.0,
        hip_rotation_rad=None if inward_deg is None else rad(inward_deg),
        uncertainty=None,
        relative_to=RelativeTo.VERTICAL,
        observability=1.0,
        refused="moving: not still for 5 s" if inward_deg is None else None,
    )


def told_of_tests(*tests: RestTest, check: SwapCheck | None = None) -> list[Notice]:
    """All that is told of rest tests that come in an order."""
    seeing = check or SwapCheck(MOTION)
    return [notice for test in tests for notice in seeing.see_rest_test(test)]


@pytest.mark.parametrize(("asked", "moved"), [(Side.RIGHT, LEFT), (Side.LEFT, RIGHT)])
def test_the_other_thigh_moving_alone_is_told_with_both_legs_named(asked: Side, moved: Placement) -> None:
    [still] = asked.thighs
    lifts = lifted(still, asked, 2.0), lifted(moved, asked, 30.4)
    other = "left" if asked is Side.RIGHT else "right"
    expected = Notice(
        10.0,
        NoticeKind.SWAPPED,
        None,
        f"the {asked.value} knee was to be lifted, and the {other} thigh's sensor moved by 30 deg: "
        "left and right are swapped, or it was the other knee",
    )
    assert told_of_lifts(*lifts) == [expected]
    assert told_of_lifts(*reversed(lifts)) == [expected]


@pytest.mark.parametrize(
    ("asked", "left_deg", "right_deg"),
    [
        (Side.RIGHT, 1.0, 30.0),
        (Side.RIGHT, 30.0, 30.0),
        (Side.RIGHT, 30.0, 15.0),
        (Side.RIGHT, 9.9, 0.0),
        (Side.LEFT, 0.0, 0.0),
        (Side.BOTH, 30.0, 1.0),
        (None, 1.0, 30.0),
    ],
    ids=["right one", "both alike", "the asked one by half", "none enough", "none", "either", "not said"],
)
def test_no_swap_is_told_where_a_lift_does_not_show_one(
    asked: Side | None, left_deg: float, right_deg: float
) -> None:
    assert told_of_lifts(lifted(LEFT, asked, left_deg), lifted(RIGHT, asked, right_deg)) == []


def test_the_range_that_counts_as_lifted_is_a_setting() -> None:
    lifts = lifted(RIGHT, Side.RIGHT, 1.0), lifted(LEFT, Side.RIGHT, 12.0)
    stricter = replace(MOTION, alignment=replace(MOTION.alignment, knee_lift_range_rad=rad(12.5)))
    assert len(told_of_lifts(*lifts)) == 1
    assert told_of_lifts(*lifts, check=SwapCheck(stricter)) == []


def test_one_thigh_alone_or_in_another_lift_tells_nothing() -> None:
    moved = lifted(LEFT, Side.RIGHT, 30.0)
    assert told_of_lifts(moved) == []
    assert told_of_lifts(moved, lifted(PELVIS, Side.RIGHT, 0.0)) == []
    assert told_of_lifts(moved, lifted(RIGHT, Side.RIGHT, 0.0, end_s=25.0)) == []


def test_every_lift_is_told_on_its_own() -> None:
    first = lifted(RIGHT, Side.RIGHT, 0.0), lifted(LEFT, Side.RIGHT, 30.0)
    second = lifted(RIGHT, Side.LEFT, 40.0, end_s=25.0), lifted(LEFT, Side.LEFT, 0.0, end_s=25.0)
    assert [notice.time_s for notice in told_of_lifts(*first, *second)] == [10.0, 25.0]


def test_two_legs_that_lie_turned_inwards_are_told_once_both_are_known() -> None:
    tests = rested(Side.LEFT, 25.0), rested(Side.RIGHT, 5.1)
    expected = Notice(30.0, NoticeKind.SWAPPED, None, SWAPPED_AT_REST)
    assert told_of_tests(tests[0]) == []
    assert told_of_tests(*tests) == [expected]
    assert told_of_tests(*reversed(tests)) == [expected]


@pytest.mark.parametrize(
    ("left_deg", "right_deg"),
    [(25.0, 4.9), (4.9, 25.0), (25.0, -15.0), (-15.0, -25.0), (25.0, None), (None, None)],
)
def test_no_swap_is_told_where_a_leg_lies_outwards_or_was_not_measured(
    left_deg: float | None, right_deg: float | None
) -> None:
    assert told_of_tests(rested(Side.LEFT, left_deg), rested(Side.RIGHT, right_deg)) == []


def test_rest_tests_of_different_times_are_not_put_together() -> None:
    assert told_of_tests(rested(Side.LEFT, 25.0), rested(Side.RIGHT, 25.0, start_s=40.0)) == []


def test_a_swap_is_told_once_for_as_long_as_the_sensors_are_worn() -> None:
    check = SwapCheck(MOTION)
    pairs = [(rested(Side.LEFT, 25.0, at_s), rested(Side.RIGHT, 15.0, at_s)) for at_s in (20.0, 60.0, 100.0)]
    told = [len(told_of_tests(*pair, check=check)) for pair in pairs]
    assert told == [1, 0, 0]
    # Put on anew, they may have been put on wrongly again.
    again = rested(Side.LEFT, 25.0, 150.0), rested(Side.RIGHT, 15.0, 150.0)
    assert len([notice for test in again for notice in check.see_rest_test(test, put_on_s=140.0)]) == 1


def test_a_swap_that_a_knee_lift_showed_is_not_told_again_by_rest_tests() -> None:
    check = SwapCheck(MOTION)
    assert len(told_of_lifts(lifted(RIGHT, Side.LEFT, 30.0), lifted(LEFT, Side.LEFT, 1.0), check=check)) == 1
    assert told_of_tests(rested(Side.LEFT, 25.0), rested(Side.RIGHT, 15.0), check=check) == []


def test_both_thighs_parts_of_a_lift_belong_together_whenever_each_of_them_ended() -> None:
    asked, other = lifted(LEFT, Side.LEFT, 1.0), lifted(RIGHT, Side.LEFT, 30.0)
    [notice] = told_of_lifts(asked, replace(other, end_s=asked.end_s + 0.4))
    assert notice.kind is NoticeKind.SWAPPED


def test_how_far_inwards_is_a_setting() -> None:
    tests = rested(Side.LEFT, 6.0), rested(Side.RIGHT, 6.0)
    wider = replace(MOTION, rest_test=replace(MOTION.rest_test, both_inward_rad=rad(6.5)))
    assert len(told_of_tests(*tests)) == 1
    assert told_of_tests(*tests, check=SwapCheck(wider)) == []


def session_blocks(script: BodyScript, *, pelvis: bool) -> Blocks:
    """Noisy samples of a script."""
    return simulated_blocks(worn(script, (*THIGHS, PELVIS) if pelvis else THIGHS, mems=NOISY))


def swap_of(blocks: Blocks) -> Blocks:
    """Left and right thigh's sensor swapped, the pelvis where it was."""
    pelvis = {PELVIS: blocks[PELVIS]} if PELVIS in blocks else {}
    return {**crossed(blocks), **pelvis}


def swaps_in(run: Run) -> list[float]:
    """When a swap was told."""
    assert all(notice.kind is NoticeKind.SWAPPED for notice in run.pipeline.notices)
    return [notice.time_s for notice in run.pipeline.notices]


@pytest.mark.parametrize("pelvis", [False, True], ids=["thighs", "with pelvis"])
def test_crossed_sensors_show_in_each_knee_lift_and_sensors_in_place_in_none(pelvis: bool) -> None:
    script = lying(2.0, 2.0)
    for side in SIDES:
        script.lift_knee(side, rad(25.0)).hold(0.5)
    body = script.build()
    blocks = session_blocks(body, pelvis=pelvis)
    ends_s = [phase.end_s for phase in body.phases if phase.kind == "knee_lift"]
    for chunk in (18, None):
        assert swaps_in(run_blocks(blocks, body.marks(), chunk=chunk)) == []
        assert swaps_in(run_blocks(swap_of(blocks), body.marks(), chunk=chunk)) == pytest.approx(ends_s)


@pytest.mark.parametrize("chunk", [7, 18, None])
def test_a_lift_that_no_mark_ends_is_told_too(chunk: int | None) -> None:
    """A recording that was cut: the sensors' last samples are not of the same time."""
    body = lying(2.0, 2.0).lift_knee(Side.RIGHT, rad(25.0)).build()
    marks = body.marks()[:-1]
    blocks = swap_of(session_blocks(body, pelvis=False))
    blocks = {
        place: block.part(0, len(block) - 10 * number) for number, (place, block) in enumerate(blocks.items())
    }
    assert len(swaps_in(run_blocks(blocks, marks, chunk=chunk))) == 1


@pytest.mark.parametrize("chunk", [18, None])
def test_crossed_sensors_show_once_in_a_session_and_again_after_a_donning(chunk: int | None) -> None:
    script = lying(2.0, 2.0)

    def rest_twice() -> None:
        for _ in range(2):
            script.relax(rad(-15.0), rad(-25.0), 1.0).hold(0.5).rest(6.0).relax(0.0, 0.0, 1.0).hold(0.5)

    rest_twice()
    script.phase(PhaseKind.DONNING, 1.0).hold(0.5).reference(2.0)
    rest_twice()
    body = script.build()
    run = run_blocks(swap_of(session_blocks(body, pelvis=False)), body.marks(), chunk=chunk)
    rests_s = [phase.end_s for phase in body.phases if phase.kind is PhaseKind.REST]
    assert swaps_in(run) == pytest.approx([rests_s[0], rests_s[2]])


def test_a_swap_is_told_live_right_after_the_lift_that_shows_it() -> None:
    body = lying(2.0, 2.0).lift_knee(Side.RIGHT, rad(25.0)).hold(0.5).build()
    events = run_blocks(swap_of(session_blocks(body, pelvis=False)), body.marks()).events
    kinds = [type(event) for event in events]
    assert kinds[-3:] == [KneeLifted, KneeLifted, Notice]


def test_the_range_of_each_thigh_in_a_lift_is_told() -> None:
    body = lying(2.0, 2.0).lift_knee(Side.LEFT, rad(25.0)).hold(0.5).build()
    events = run_blocks(session_blocks(body, pelvis=False), body.marks()).events
    ranges = {event.placement: event.range_rad for event in events if isinstance(event, KneeLifted)}
    # Summed up over two lifts at 100 Hz, with the noise of a usual chip.
    assert math.degrees(ranges[LEFT]) == pytest.approx(25.0, abs=0.5)
    assert math.degrees(ranges[RIGHT]) < 0.5


@pytest.mark.parametrize("pelvis", [False, True], ids=["thighs", "with pelvis"])
def test_crossed_sensors_show_in_a_rest_test_of_legs_that_lie_outwards(pelvis: bool) -> None:
    body = lying(2.0, 2.0).relax(rad(-15.0), rad(-25.0), 1.0).hold(0.5).rest(6.0).hold(0.5).build()
    blocks = session_blocks(body, pelvis=pelvis)
    assert swaps_in(run_blocks(blocks, body.marks())) == []
    run = run_blocks(swap_of(blocks), body.marks())
    assert swaps_in(run) == pytest.approx([body.phases[-1].end_s])
    assert [notice.text for notice in run.pipeline.notices] == [SWAPPED_AT_REST]


def test_crossed_sensors_do_not_show_where_a_leg_lies_straight_or_each_leg_is_tested_alone() -> None:
    straight = lying(2.0, 2.0).relax(rad(-4.0), rad(-25.0), 1.0).hold(0.5).rest(6.0).build()
    run = run_blocks(swap_of(session_blocks(straight, pelvis=False)), straight.marks())
    assert swaps_in(run) == []
    turned = lying(2.0, 2.0).relax(rad(-15.0), rad(-25.0), 1.0).hold(13.0).build()
    alone = [
        *rest_marks(turned.duration_s - 12.5, turned.duration_s - 6.5, Side.LEFT),
        *rest_marks(turned.duration_s - 6.4, turned.duration_s - 0.4, Side.RIGHT),
    ]
    run = run_blocks(swap_of(session_blocks(turned, pelvis=False)), [*turned.marks(), *alone])
    assert swaps_in(run) == []
    assert [test.refused for test in run.pipeline.rest_tests] == [None, None]
