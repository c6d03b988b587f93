"""Straps that are put on anew, turn, or sit upside down: what a session then knows, and what it tells."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from motion_samples import Pose, block_of, end_to_end
from pipeline_bench import (
    LEFT,
    MOTION,
    NOBODY,
    PELVIS,
    RIGHT,
    THIGHS,
    Blocks,
    Run,
    lying,
    rad,
    run_blocks,
    simulated_blocks,
    without,
    worn,
)
from scenario_bench import LYING_POSE, STANDING_POSE, about

from tracker.model import (
    THIGH_SIDES,
    Edge,
    FloatArray,
    Notice,
    NoticeKind,
    PhaseKind,
    PhaseMark,
    Placement,
    Posture,
    RestTest,
    Side,
    TimedBlock,
)
from tracker.motion.parameters import MotionParameters
from tracker.motion.person import PersonalRecord
from tracker.motion.rest.resting import resting_rotations
from tracker.sensing.body.angles import Posture as BodyPosture
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.script import BodyScript
from tracker.session.events import KneeLifted, PoseTaken
from tracker.session.leg import PUT_ON_ANEW

ALL = (LEFT, RIGHT, PELVIS)
TRUE_DEG = {Side.LEFT: -15.0, Side.RIGHT: -25.0}
ANOTHER_DONNING = "no reference pose: the reference pose is from another strapping-on"
NO_TURN = np.eye(3)
QUANTISED_DEG = 0.02
"""Four half counts of an ideal sensor at 4 g."""


def at_rest(script: ScriptBuilder, rest_s: float = 5.5) -> ScriptBuilder:
    """The legs fall outwards and are measured, and lie straight again."""
    script.relax(rad(TRUE_DEG[Side.LEFT]), rad(TRUE_DEG[Side.RIGHT]), 0.8).hold(0.3).rest(rest_s)
    return script.relax(0.0, 0.0, 0.8).hold(0.3)


def worn_anew(
    script: BodyScript, at_s: float, strap_deg: float, placements: Sequence[Placement] = THIGHS
) -> Blocks:
    """Samples of thigh straps that sit turned by an angle from a time on."""
    turned = {place: Mounting.strapped(rad(strap_deg)) for place in THIGHS}
    before = simulated_blocks(worn(script, placements))
    after = simulated_blocks(worn(script, placements, turned))
    return {
        place: TimedBlock.joined(
            place, [without(before[place], [(at_s, 1e9)]), without(after[place], [(0.0, at_s)])]
        )
        for place in placements
    }


def rest_tests(run: Run, side: Side) -> list[RestTest]:
    """The rest tests of a leg in order."""
    return [test for test in run.pipeline.rest_tests if test.side is side]


def values_deg(run: Run, side: Side) -> list[float | None]:
    """Their hip rotations; None where refused."""
    return [
        None if test.hip_rotation_rad is None else math.degrees(test.hip_rotation_rad)
        for test in rest_tests(run, side)
    ]


def refusals(run: Run, side: Side) -> list[str | None]:
    """Why they were refused."""
    return [test.refused for test in rest_tests(run, side)]


def told(run: Run) -> list[tuple[NoticeKind, Placement | None]]:
    """What was told of which sensor, in order of time."""
    return [(notice.kind, notice.placement) for notice in run.pipeline.notices]


def donning_session(side: Side | None = None) -> tuple[BodyScript, float]:
    """Poses, a rest test, a donning, a rest test, a new reference pose, a rest test; when straps moved."""
    script = at_rest(lying(2.0, 2.0))
    moved_s = script.now_s + 1.0
    script.phase(PhaseKind.DONNING, 2.0, side)
    at_rest(script).reference(2.0)
    return at_rest(script).build(), moved_s


@pytest.mark.parametrize("placements", [THIGHS, ALL], ids=["thighs", "with pelvis"])
def test_after_a_donning_rest_tests_are_refused_until_a_new_reference_pose(
    placements: tuple[Placement, ...],
) -> None:
    script, moved_s = donning_session()
    run = run_blocks(worn_anew(script, moved_s, 40.0, placements), script.marks())
    for side, true in TRUE_DEG.items():
        assert refusals(run, side) == [None, ANOTHER_DONNING, None]
        first, _, last = values_deg(run, side)
        assert [first, last] == pytest.approx([true, true], abs=QUANTISED_DEG)
    # That a strap sits otherwise after a donning is no news.
    assert told(run) == []


def test_what_standing_gave_ends_with_a_donning_too() -> None:
    script, moved_s = donning_session()
    run = run_blocks(worn_anew(script, moved_s, 40.0), script.marks())
    for side in TRUE_DEG:
        recipes = [test.recipe for test in rest_tests(run, side)]
        assert recipes == ["standing+patella_up", "housing", "housing+patella_up"]
        flagged = ["long axis from the housing" in test.flags for test in rest_tests(run, side)]
        assert flagged == [False, False, True]


@pytest.mark.parametrize("strap_deg", [0.0, 40.0])
def test_rest_tests_of_two_donnings_are_told_apart(strap_deg: float) -> None:
    """The first one has stood, the second one has not, wherever its strap sits."""
    script, moved_s = donning_session()
    run = run_blocks(worn_anew(script, moved_s, strap_deg), script.marks())
    first, second = resting_rotations(
        run.pipeline.rest_tests, run.pipeline.alignments, MOTION.rest_test, MOTION.alignment
    )
    for number, found in ((1, first), (2, second)):
        assert (found.donning, found.posture, found.tests) == (number, Posture.SUPINE, 2)
        assert found.right is not None
        assert found.right.value_rad == pytest.approx(rad(TRUE_DEG[Side.RIGHT]), abs=rad(QUANTISED_DEG))


def test_alignments_are_kept_with_when_they_began_and_none_of_them_is_empty() -> None:
    script, moved_s = donning_session()
    run = run_blocks(worn_anew(script, moved_s, 40.0), script.marks())
    ends_s = {kind: [one.end_s for one in script.phases if one.kind is kind] for kind in PhaseKind}
    [standing_s] = ends_s[PhaseKind.STANDING]
    first_s, second_s = ends_s[PhaseKind.REFERENCE]
    for place in THIGHS:
        kept = [one for one in run.pipeline.alignments if one.placement is place]
        assert [(one.since_s, one.recipe) for one in kept] == [
            (standing_s, "standing"),
            (first_s, "standing+patella_up"),
            (second_s, "housing+patella_up"),
        ]
        track = run.pipeline.track(place)
        [donned_s] = ends_s[PhaseKind.DONNING]
        assert track.alignment_at(donned_s - 0.01).has_zero
        assert not track.alignment_at(donned_s).has_zero
        assert [len(donning) for donning in track.donnings] == [3, 2]


@pytest.mark.parametrize("placements", [THIGHS, ALL], ids=["thighs", "with pelvis"])
def test_a_donning_of_one_leg_leaves_the_other_leg_its_zero(placements: tuple[Placement, ...]) -> None:
    script, _ = donning_session(Side.LEFT)
    run = run_blocks(simulated_blocks(worn(script, placements)), script.marks())
    assert refusals(run, Side.LEFT) == [None, ANOTHER_DONNING, None]
    assert refusals(run, Side.RIGHT) == [None, None, None]
    assert values_deg(run, Side.RIGHT) == pytest.approx([-25.0] * 3, abs=QUANTISED_DEG)


def test_a_donning_before_any_pose_changes_nothing() -> None:
    script = ScriptBuilder().phase(PhaseKind.DONNING, 2.0).stand(2.0).lie_down(1.5).hold(0.5).reference(2.0)
    body = at_rest(script).build()
    run = run_blocks(simulated_blocks(worn(body, THIGHS)), body.marks())
    for side, true in TRUE_DEG.items():
        assert values_deg(run, side) == pytest.approx([true], abs=QUANTISED_DEG)
    marks = [mark for mark in body.marks() if mark.kind is not PhaseKind.REFERENCE]
    bare = run_blocks(simulated_blocks(worn(body, THIGHS)), marks)
    assert [refusals(bare, side) for side in TRUE_DEG] == [["no reference pose"]] * 2


def test_where_there_never_was_a_reference_pose_a_donning_or_an_absence_did_not_take_it() -> None:
    script = ScriptBuilder().stand(2.0).phase(PhaseKind.DONNING, 2.0).lie_down(1.5).hold(0.5)
    body = at_rest(script).build()
    run = run_blocks(simulated_blocks(worn(body, THIGHS)), body.marks())
    assert [refusals(run, side) for side in TRUE_DEG] == [["no reference pose"]] * 2
    blocks, marks = absent_for(130.0)
    run = run_blocks(blocks, [mark for mark in marks if mark.kind is not PhaseKind.REFERENCE])
    assert [refusals(run, side) for side in TRUE_DEG] == [["no reference pose"]] * 2


def test_a_donning_ends_the_phase_that_was_on_and_ends_with_the_next_phase() -> None:
    script = at_rest(lying(2.0, 2.0), rest_s=8.0)
    rest = script.build().phases[-1]
    script.rest(6.0)
    body = script.build()
    donned_s = rest.start_s + 6.0
    marks = [mark for mark in body.marks() if not (mark.time_s == rest.end_s and mark.edge is Edge.END)]
    marks.append(PhaseMark(donned_s, PhaseKind.DONNING, Edge.START))
    run = run_blocks(simulated_blocks(worn(body, THIGHS)), sorted(marks, key=lambda mark: mark.time_s))
    for side in TRUE_DEG:
        assert rest_tests(run, side)[0].end_s == donned_s
        assert refusals(run, side) == [None, ANOTHER_DONNING]


def test_a_reference_pose_that_is_refused_after_a_donning_does_not_bring_the_old_zero_back() -> None:
    script = at_rest(lying(2.0, 2.0)).phase(PhaseKind.DONNING, 1.0)
    moving_s = script.now_s
    for _ in range(4):
        script.relax(0.3, 0.3, 0.3).relax(0.0, 0.0, 0.3)
    script.label(PhaseKind.REFERENCE, moving_s, None)
    body = at_rest(script).build()
    run = run_blocks(simulated_blocks(worn(body, THIGHS)), body.marks())
    reason = "no reference pose: the sensor moved during the pose"
    for side in TRUE_DEG:
        assert refusals(run, side) == [None, reason]


def sets_around_a_donning(exercise: str, *, reference: bool, side: Side | None = None) -> Run:
    """A set, sensors put on anew, with or without a reference pose then, and a set."""
    script = lying(2.0, 2.0)
    tempo = Tempo(0.6, 0.1, 0.6, 0.2)

    def one_set() -> None:
        script.repetitions([rad(30.0)] * 3, tempo, exercise=exercise, still_before_s=1.5).hold(0.5)

    one_set()
    script.phase(PhaseKind.DONNING, 2.0, side).hold(0.5)
    if reference:
        script.reference(2.0)
    one_set()
    body = script.build()
    return run_blocks(simulated_blocks(worn(body, THIGHS)), body.marks())


def set_flags(run: Run, side: Side) -> list[bool]:
    """Whether each set of a leg is marked as counted without the leg's axes, in order."""
    return [PUT_ON_ANEW in done.flags for done in run.pipeline.sets if done.side is side]


@pytest.mark.parametrize("reference", [False, True])
def test_a_set_after_a_donning_without_a_reference_pose_says_so(reference: bool) -> None:
    run = sets_around_a_donning("supine_in_toeing", reference=reference)
    for side in TRUE_DEG:
        assert set_flags(run, side) == [False, not reference]


def test_a_donning_of_one_leg_marks_the_sets_of_that_leg() -> None:
    run = sets_around_a_donning("supine_in_toeing", reference=False, side=Side.LEFT)
    assert [set_flags(run, side) for side in TRUE_DEG] == [[False, True], [False, False]]


def test_an_exercise_that_finds_its_own_axis_needs_no_pose() -> None:
    run = sets_around_a_donning("generic", reference=False)
    assert [set_flags(run, side) for side in TRUE_DEG] == [[False, False]] * 2


def poses(*steps: tuple[float, FloatArray], placement: Placement = RIGHT) -> TimedBlock:
    """Eight seconds in each direction of up, (3,) in the sensor, from a time on."""
    blocks = [block_of(up, 7.99, start_s=start_s, placement=placement) for start_s, up in steps]
    return end_to_end(*blocks)


def up_of(pose: Pose, placement: Placement = RIGHT, turn: FloatArray = NO_TURN) -> FloatArray:
    """Up in a sensor that is turned on its segment, (3,)."""
    side = THIGH_SIDES.get(placement)
    up: FloatArray = (pose.pelvis_up() if side is None else pose.thigh_up(side))[0]
    return up @ turn


def phase_marks(*phases: tuple[PhaseKind, float, float]) -> list[PhaseMark]:
    """Begin and end of phases of all legs."""
    return [
        PhaseMark(start_s if edge is Edge.START else end_s, kind, edge)
        for kind, start_s, end_s in phases
        for edge in Edge
    ]


REST_POSE = Pose(internal_rotation_deg=-25.0)


def absent_for(
    away_s: float, *, absent: Sequence[Placement] = (RIGHT,), rate_hz: float = 100.0
) -> tuple[Blocks, list[PhaseMark]]:
    """Poses of all three sensors, some of which then send nothing for a time, and a rest test afterwards.

    Args:
        away_s: from the last sample before to the first one after.
    """
    count = round(7.99 * rate_hz)
    last_s = 8.0 + (count - 1) / rate_hz
    begins_s = last_s + away_s
    blocks = {}
    for place in ALL:
        before = [
            block_of(up_of(pose, place), 7.99, start_s=start_s, placement=place, rate_hz=rate_hz)
            for start_s, pose in ((0.0, STANDING_POSE), (8.0, LYING_POSE))
        ]
        after = block_of(up_of(REST_POSE, place), 8.0, start_s=begins_s, placement=place, rate_hz=rate_hz)
        between_s = np.arange(last_s + 0.5, begins_s, 0.5)
        filler = [] if place in absent else [replace(_sparse(before[-1], between_s), placement=place)]
        blocks[place] = end_to_end(*before, *filler, after)
    marks = phase_marks(
        (PhaseKind.STANDING, 1.0, 6.0),
        (PhaseKind.REFERENCE, 9.0, 14.0),
        (PhaseKind.REST, begins_s + 1.0, begins_s + 7.5),
    )
    return blocks, marks


def _sparse(like: TimedBlock, time_s: FloatArray) -> TimedBlock:
    """The last sample of a block again and again at some times."""
    count = len(time_s)
    return TimedBlock(
        like.placement,
        time_s,
        np.repeat(like.accelerometer_m_per_s2[-1:], count, axis=0),
        np.repeat(like.gyroscope_rad_per_s[-1:], count, axis=0),
        np.zeros(count, dtype=bool),
    )


def test_after_an_absence_of_two_minutes_a_new_reference_pose_is_needed() -> None:
    blocks, marks = absent_for(119.9)
    run = run_blocks(blocks, marks)
    assert values_deg(run, Side.RIGHT) == pytest.approx([-25.0], abs=1e-6)
    blocks, marks = absent_for(120.6)
    run = run_blocks(blocks, marks)
    reason = "no reference pose: the sensor was away for 121 s and may have been taken off"
    assert refusals(run, Side.RIGHT) == [reason]
    assert told(run) == []


@pytest.mark.parametrize("chunk", [1, 7, None])
@pytest.mark.parametrize("absent", [(RIGHT,), (PELVIS,), ALL], ids=["thigh", "pelvis", "all"])
def test_an_absence_is_seen_alike_in_any_chunks(chunk: int | None, absent: tuple[Placement, ...]) -> None:
    blocks, marks = absent_for(130.0, absent=absent, rate_hz=25.0)
    reference = run_blocks(blocks, marks, rate_hz=25.0).pipeline
    pipeline = run_blocks(blocks, marks, rate_hz=25.0, chunk=chunk).pipeline
    assert pipeline.rest_tests == reference.rest_tests
    assert pipeline.alignments == reference.alignments
    assert any(test.refused for test in reference.rest_tests)


def test_an_absence_concerns_the_sensor_that_was_away() -> None:
    blocks, marks = absent_for(130.0)
    run = run_blocks(blocks, marks)
    assert [refusals(run, side)[0] is None for side in TRUE_DEG] == [True, False]
    blocks, marks = absent_for(130.0, absent=(PELVIS,))
    run = run_blocks(blocks, marks)
    reason = "no reference pose of the pelvis: the sensor was away for 130 s and may have been taken off"
    assert [refusals(run, side) for side in TRUE_DEG] == [[reason]] * 2


def test_how_long_an_absence_may_be_is_a_setting() -> None:
    parameters = replace(MOTION, alignment=replace(MOTION.alignment, donning_gap_s=20.0))
    for away_s, refused in ((19.0, False), (21.0, True)):
        blocks, marks = absent_for(away_s)
        run = run_blocks(blocks, marks, parameters=parameters)
        assert [reason is not None for reason in refusals(run, Side.RIGHT)] == [refused]


def test_a_rest_test_with_a_long_absence_in_it_is_refused() -> None:
    blocks, marks = absent_for(130.0)
    rest_start, rest_end = marks[-2:]
    run = run_blocks(blocks, [*marks[:-2], replace(rest_start, time_s=14.5), rest_end])
    [reason] = refusals(run, Side.RIGHT)
    assert reason is not None
    assert "away for 130 s" in reason


def test_a_new_reference_pose_after_an_absence_measures_again() -> None:
    steps = [(0.0, STANDING_POSE), (8.0, LYING_POSE), (150.0, LYING_POSE), (158.0, REST_POSE)]
    turn = about("y", 60.0)
    block = poses(*((at_s, up_of(pose, turn=turn if at_s > 100 else NO_TURN)) for at_s, pose in steps))
    marks = phase_marks(
        (PhaseKind.STANDING, 1.0, 6.0),
        (PhaseKind.REFERENCE, 9.0, 14.0),
        (PhaseKind.REFERENCE, 151.0, 156.0),
        (PhaseKind.REST, 159.0, 165.5),
    )
    run = run_blocks({RIGHT: block}, marks)
    assert values_deg(run, Side.RIGHT) == pytest.approx([-25.0], abs=1e-6)
    assert told(run) == []


ANOTHER_STRAP_DEG = 40.0
AWAY_S = 184.01
"""From the last sample before to the first one after, of `put_on_anew`."""


def put_on_anew(*phases: tuple[PhaseKind, float, float], chunk: int | None = 18) -> Run:
    """Standing, lying, three minutes without a sample, and lying and at rest with the strap turned."""
    turn = about("y", ANOTHER_STRAP_DEG)
    block = poses(
        (0.0, up_of(STANDING_POSE)),
        (8.0, up_of(LYING_POSE)),
        (200.0, up_of(LYING_POSE, turn=turn)),
        (208.0, up_of(REST_POSE, turn=turn)),
    )
    return run_blocks({RIGHT: block}, phase_marks(*phases), chunk=chunk)


@pytest.mark.parametrize("chunk", [1, 18, None])
def test_a_pose_that_ends_during_an_absence_is_of_the_strap_before_it(chunk: int | None) -> None:
    """Its zero would be off by the strap's turn: 15 degrees inwards of a leg that lies 25 outwards."""
    run = put_on_anew(
        (PhaseKind.STANDING, 1.0, 6.0),
        (PhaseKind.REFERENCE, 9.0, 60.0),
        (PhaseKind.REST, 209.0, 215.5),
        chunk=chunk,
    )
    assert refusals(run, Side.RIGHT) == [
        f"no reference pose: the sensor was away for {AWAY_S:.0f} s and may have been taken off"
    ]
    kept = [(one.since_s, one.recipe) for one in run.pipeline.alignments]
    assert kept == [(6.0, "standing"), (60.0, "standing+patella_up")]


def test_a_pose_that_goes_on_through_an_absence_takes_what_came_after_it_only() -> None:
    standing = (PhaseKind.STANDING, 1.0, 6.0)
    rest = (PhaseKind.REST, 209.0, 215.5)
    long = put_on_anew(standing, (PhaseKind.REFERENCE, 9.0, 206.0), rest)
    assert values_deg(long, Side.RIGHT) == pytest.approx([-25.0], abs=1e-6)
    # Eight still seconds before, less than one after: those before are of another strap.
    short = put_on_anew(standing, (PhaseKind.REFERENCE, 8.0, 200.8), rest)
    assert refusals(short, Side.RIGHT) == ["no reference pose: the sensor moved during the pose"]


def test_a_pose_that_begins_during_an_absence_counts() -> None:
    run = put_on_anew(
        (PhaseKind.STANDING, 1.0, 6.0), (PhaseKind.REFERENCE, 60.0, 206.0), (PhaseKind.REST, 209.0, 215.5)
    )
    assert values_deg(run, Side.RIGHT) == pytest.approx([-25.0], abs=1e-6)


def test_a_rest_test_that_ends_during_an_absence_knows_the_zero_before_it() -> None:
    run = put_on_anew(
        (PhaseKind.STANDING, 1.0, 6.0), (PhaseKind.REFERENCE, 8.0, 10.0), (PhaseKind.REST, 10.0, 60.0)
    )
    [test] = rest_tests(run, Side.RIGHT)
    assert test.recipe == "standing+patella_up"
    assert test.hip_rotation_rad == pytest.approx(0.0, abs=1e-9)


def two_references(
    turn_deg: float,
    *,
    between: Sequence[tuple[PhaseKind, float, float]] = (),
    parameters: MotionParameters = MOTION,
    person: PersonalRecord = NOBODY,
) -> Run:
    """Standing, a reference pose, one with the strap turned, and a rest test of 25 degrees outward."""
    turn = about("y", turn_deg)
    block = poses(
        (0.0, up_of(STANDING_POSE)),
        (8.0, up_of(LYING_POSE)),
        (16.0, up_of(LYING_POSE, turn=turn)),
        (24.0, up_of(REST_POSE, turn=turn)),
    )
    marks = phase_marks(
        (PhaseKind.STANDING, 1.0, 6.0),
        (PhaseKind.REFERENCE, 9.0, 14.0),
        *between,
        (PhaseKind.REFERENCE, 17.0, 22.0),
        (PhaseKind.REST, 25.0, 31.5),
    )
    return run_blocks({RIGHT: block}, marks, parameters=parameters, person=person)


@pytest.mark.parametrize("turn_deg", [0.0, 4.9, -4.9])
def test_references_that_repeat_within_five_degrees_tell_nothing(turn_deg: float) -> None:
    assert told(two_references(turn_deg)) == []


@pytest.mark.parametrize(
    ("turn_deg", "shown"), [(5.1, "5"), (-5.1, "5"), (40.0, "40"), (-90.0, "90"), (179.0, "179")]
)
def test_references_of_one_donning_that_differ_tell_of_a_turned_strap(turn_deg: float, shown: str) -> None:
    run = two_references(turn_deg)
    text = (
        f"the reference pose is turned by {shown} deg since the pose before: "
        "the strap sits otherwise, or the pose was another one"
    )
    assert run.pipeline.notices == (Notice(22.0, NoticeKind.STRAP_TURNED, RIGHT, text),)
    # The newer reference counts: it turned with the strap.
    assert values_deg(run, Side.RIGHT) == pytest.approx([-25.0], abs=1e-6)


def test_a_donning_between_two_references_explains_the_turn() -> None:
    assert told(two_references(40.0, between=[(PhaseKind.DONNING, 15.0, 16.0)])) == []


def test_by_how_much_references_may_differ_is_a_setting() -> None:
    wider = replace(MOTION, alignment=replace(MOTION.alignment, reference_jump_rad=rad(12.0)))
    assert told(two_references(11.9, parameters=wider)) == []
    assert told(two_references(12.1, parameters=wider)) == [(NoticeKind.STRAP_TURNED, RIGHT)]


def test_only_the_sensor_whose_strap_turned_is_told_of() -> None:
    script = at_rest(lying(2.0, 2.0))
    moved_s = script.now_s
    body = at_rest(script.hold(0.5).reference(2.0)).build()
    blocks = worn_anew(body, moved_s, 20.0, ALL)
    still = simulated_blocks(worn(body, ALL))
    run = run_blocks({**blocks, LEFT: still[LEFT]}, body.marks())
    assert told(run) == [(NoticeKind.STRAP_TURNED, RIGHT)]


def test_a_pelvis_that_lies_otherwise_in_the_next_reference_is_told_once() -> None:
    script = at_rest(lying(2.0, 2.0)).roll_pelvis(rad(9.0), 0.8).hold(0.3).reference(2.0)
    body = at_rest(script).build()
    run = run_blocks(simulated_blocks(worn(body, (PELVIS, *THIGHS))), body.marks())
    # The thighs turned with the pelvis, and so did their own zero.
    assert told(run).count((NoticeKind.STRAP_TURNED, PELVIS)) == 1
    assert len(told(run)) == 3
    for side, true in TRUE_DEG.items():
        assert values_deg(run, side) == pytest.approx([true, true], abs=0.05)


def with_last_front(turn_deg: float, placement: Placement = RIGHT) -> PersonalRecord:
    """A person whose strap sat turned by an angle in the last session."""
    x, y, z = (up_of(LYING_POSE) @ about("y", turn_deg)).tolist()
    return PersonalRecord(fronts={placement: (x, y, z)})


@pytest.mark.parametrize("turn_deg", [0.0, 14.9, -14.9])
def test_a_strap_that_sits_about_as_in_the_last_session_tells_nothing(turn_deg: float) -> None:
    assert told(two_references(0.0, person=with_last_front(turn_deg))) == []


@pytest.mark.parametrize("turn_deg", [15.1, -15.1, 120.0])
def test_a_strap_that_sits_otherwise_than_in_the_last_session_is_told_once(turn_deg: float) -> None:
    run = two_references(0.0, person=with_last_front(turn_deg))
    [notice] = run.pipeline.notices
    assert (notice.time_s, notice.kind, notice.placement) == (14.0, NoticeKind.STRAP_TURNED, RIGHT)
    assert f"turned by {abs(turn_deg):.0f} deg since the last session" in notice.text


def test_the_last_session_of_another_sensor_says_nothing_of_this_one() -> None:
    assert told(two_references(0.0, person=with_last_front(60.0, LEFT))) == []


def test_a_turn_since_the_pose_before_and_one_since_the_last_session_are_told_each_in_its_place() -> None:
    run = two_references(30.0, person=with_last_front(30.0))
    since = ["since the last session" in notice.text for notice in run.pipeline.notices]
    assert [notice.time_s for notice in run.pipeline.notices] == [14.0, 22.0]
    assert since == [True, False]


def test_how_far_a_strap_may_sit_from_the_last_session_is_a_setting() -> None:
    wider = replace(MOTION, alignment=replace(MOTION.alignment, donning_jump_rad=rad(30.0)))
    assert told(two_references(0.0, parameters=wider, person=with_last_front(29.0))) == []
    assert len(told(two_references(0.0, parameters=wider, person=with_last_front(31.0)))) == 1


def upside_down(axis: str) -> Mounting:
    """A sensor on a thigh, half a turn about one of its own axes."""
    turn = np.zeros(3)
    turn["xyz".index(axis)] = math.pi
    return Mounting.strapped(0.5, turn)


@pytest.mark.parametrize("axis", ["x", "z"])
def test_an_upside_down_sensor_is_named_when_it_stood_and_its_leg_is_measured_all_the_same(
    axis: str,
) -> None:
    script = at_rest(lying(2.0, 2.0)).build()
    mountings = {LEFT: upside_down(axis)}
    run = run_blocks(simulated_blocks(worn(script, ALL, mountings)), script.marks())
    stood_s = script.phases[0].end_s
    text = "the sensor is upside down; that is corrected"
    assert run.pipeline.notices == (Notice(stood_s, NoticeKind.UPSIDE_DOWN, LEFT, text),)
    for side, true in TRUE_DEG.items():
        assert values_deg(run, side) == pytest.approx([true], abs=QUANTISED_DEG)


def test_a_sensor_that_is_turned_about_the_leg_alone_is_not_upside_down() -> None:
    script = at_rest(lying(2.0, 2.0)).build()
    mountings = {LEFT: upside_down("y"), RIGHT: Mounting.strapped(-2.5)}
    assert told(run_blocks(simulated_blocks(worn(script, ALL, mountings)), script.marks())) == []


def test_an_upside_down_pelvis_sensor_is_told_once_for_both_legs() -> None:
    script = at_rest(lying(2.0, 2.0)).build()
    mountings = {PELVIS: Mounting.on_belt((math.pi, 0.0, 0.0))}
    run = run_blocks(simulated_blocks(worn(script, ALL, mountings)), script.marks())
    assert told(run) == [(NoticeKind.UPSIDE_DOWN, PELVIS)]
    for side, true in TRUE_DEG.items():
        assert values_deg(run, side) == pytest.approx([true], abs=QUANTISED_DEG)


def test_every_donning_in_which_a_sensor_stands_upside_down_is_told() -> None:
    script = ScriptBuilder().stand(2.0).hold(0.5).phase(PhaseKind.DONNING, 1.0).hold(0.5).stand(2.0)
    body = script.build()
    run = run_blocks(simulated_blocks(worn(body, (RIGHT,), {RIGHT: upside_down("x")})), body.marks())
    stood_s = [phase.end_s for phase in body.phases if phase.kind is PhaseKind.STANDING]
    assert [notice.time_s for notice in run.pipeline.notices] == stood_s


def test_which_way_the_housing_points_is_a_setting() -> None:
    parameters = replace(MOTION, alignment=replace(MOTION.alignment, housing_arrow="-y"))
    script = lying(2.0, 2.0).build()
    for mounting, expected in ((upside_down("x"), []), (Mounting.strapped(), [NoticeKind.UPSIDE_DOWN])):
        blocks = simulated_blocks(worn(script, (RIGHT,), {RIGHT: mounting}))
        run = run_blocks(blocks, script.marks(), parameters=parameters)
        assert [notice.kind for notice in run.pipeline.notices] == expected


def test_a_knee_lift_after_the_reference_pose_shows_a_housing_that_points_the_wrong_way() -> None:
    script = lying(2.0, 2.0).lift_knee(Side.RIGHT, rad(30.0)).hold(0.5).build()
    marks = [mark for mark in script.marks() if mark.kind is not PhaseKind.STANDING]
    for mounting, told_of in ((upside_down("z"), True), (Mounting.strapped(), False)):
        blocks = simulated_blocks(worn(script, (RIGHT,), {RIGHT: mounting}))
        texts = [notice.text for notice in run_blocks(blocks, marks).pipeline.notices]
        wrong = "the sensor sits back to front or upside down; repeat standing and reference pose"
        assert texts == ([wrong] if told_of else [])


def lifts_first() -> ScriptBuilder:
    """The order of a guided session with knee lifts: lying, one knee after the other, standing, the pose."""
    script = ScriptBuilder().lie_down(1.5).hold(0.5)
    for side in TRUE_DEG:
        script.lift_knee(side, rad(30.0)).hold(0.5)
    return script.take_posture(BodyPosture.UPRIGHT, 1.5).stand(2.0).lie_down(1.5).hold(0.5).reference(2.0)


@pytest.mark.parametrize("axis", ["x", "z"])
def test_a_knee_lift_before_any_pose_shows_an_upside_down_sensor_and_standing_does_not_repeat_it(
    axis: str,
) -> None:
    script = at_rest(lifts_first()).build()
    mountings = {LEFT: upside_down(axis), RIGHT: upside_down("y")}
    run = run_blocks(simulated_blocks(worn(script, THIGHS, mountings)), script.marks())
    lifted_s = [phase.end_s for phase in script.phases if phase.kind is PhaseKind.KNEE_LIFT]
    text = "the sensor is upside down; that is corrected"
    assert run.pipeline.notices == (Notice(lifted_s[0], NoticeKind.UPSIDE_DOWN, LEFT, text),)
    for side, true in TRUE_DEG.items():
        assert values_deg(run, side) == pytest.approx([true], abs=QUANTISED_DEG)


@pytest.mark.parametrize(("strap_deg", "told_of"), [(180.0, True), (100.0, False), (0.0, False)])
def test_a_zero_that_contradicts_a_knee_lift_before_it_is_told_once(strap_deg: float, told_of: bool) -> None:
    """A strap that went half round the leg in between; a leg may lie turned by up to 90 degrees."""
    script = lifts_first()
    moved_s = script.now_s - 2.5
    body = script.hold(0.5).reference(2.0).build()
    run = run_blocks(worn_anew(body, moved_s, strap_deg), body.marks())
    wrong = "the sensor sits back to front or upside down; repeat standing and reference pose"
    assert [(notice.placement, notice.text) for notice in run.pipeline.notices] == (
        [(LEFT, wrong), (RIGHT, wrong)] if told_of else []
    )


def test_a_lift_that_was_refused_says_why() -> None:
    body = lifts_first().build()
    run = run_blocks(simulated_blocks(worn(body, THIGHS)), body.marks())
    lifts = [event for event in run.events if isinstance(event, KneeLifted)]
    asked = [lift.refused for lift in lifts if THIGH_SIDES[lift.placement] is lift.asked]
    others = [lift.refused for lift in lifts if THIGH_SIDES[lift.placement] is not lift.asked]
    assert (asked, others) == ([None, None], ["the leg did not move"] * 2)


def test_a_knee_lift_gives_the_long_axis_where_nobody_stood() -> None:
    """The leg lies straight, so that the axis that it is flexed about is the thigh's own."""
    script = ScriptBuilder().lie_down(1.5).hold(0.5).lift_knee(Side.RIGHT, rad(30.0)).hold(0.5)
    body = at_rest(script.reference(2.0)).build()
    mounting = Mounting.strapped(0.4, (0.0, 0.0, rad(10.0)))
    run = run_blocks(simulated_blocks(worn(body, (RIGHT,), {RIGHT: mounting})), body.marks())
    [test] = rest_tests(run, Side.RIGHT)
    assert test.recipe == "knee_lift+patella_up"
    assert test.hip_rotation_rad == pytest.approx(rad(-25.0), abs=rad(0.5))
    taken = [event.kind for event in run.events if isinstance(event, PoseTaken)]
    assert taken == [PhaseKind.REFERENCE]


def test_a_knee_that_is_lifted_while_standing_leaves_the_leg_its_axes() -> None:
    """Taken for a lift from the back it would turn the long axis by a right angle, on to the front."""
    script = ScriptBuilder().lie_down(1.5).hold(0.5).reference(2.0)
    script.take_posture(BodyPosture.UPRIGHT, 2.0).hold(1.0).lift_knee(Side.RIGHT, rad(45.0)).hold(0.5)
    body = at_rest(script.lie_down(1.5)).build()
    run = run_blocks(simulated_blocks(worn(body, THIGHS)), body.marks())
    lifted = [event for event in run.events if isinstance(event, KneeLifted) and event.placement is RIGHT]
    assert [event.refused for event in lifted] == [
        "the thigh was near vertical at the beginning; lie on your back"
    ]
    [test] = rest_tests(run, Side.RIGHT)
    assert test.recipe == "housing+patella_up"
    assert values_deg(run, Side.RIGHT) == pytest.approx([TRUE_DEG[Side.RIGHT]], abs=QUANTISED_DEG)
