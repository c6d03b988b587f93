"""The repeats of one donning together: median, difference and mean of the legs, and their half widths."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from motion_samples import Pose, rad

from tracker.model import Placement, Posture, RelativeTo, RestTest, RestUncertainty, SensorAlignment, Side
from tracker.motion.frames.hip_rotation import hip_rotation_rad, pelvis_turn_rad, twist_rad
from tracker.motion.parameters import AlignmentParameters, RestTestParameters
from tracker.motion.rest.resting import (
    RestingRotation,
    RestingValue,
    combined_half_width_rad,
    main_rotation,
    resting_rotation,
    resting_rotations,
)

PARAMETERS = RestTestParameters()
PELVIS, VERTICAL = RelativeTo.PELVIS, RelativeTo.VERTICAL
LEFT, RIGHT = Side.LEFT, Side.RIGHT
BOTH_LEGS = (LEFT, RIGHT)
USUAL = RestUncertainty(
    sensor_rad=rad(0.6),
    crosstalk_rad=rad(0.5),
    reference_rad=rad(1.0),
    donning_rad=rad(3.0),
    wander_rad=rad(0.2),
    coverage=2.3,
)
NOTHING = RestUncertainty(0.0, 0.0, 0.0, 0.0, 0.0, 1.0)

angles_deg = st.lists(st.floats(-60.0, 30.0), min_size=1, max_size=7)
parts_rad = st.floats(0.0, 0.1)
uncertainties = st.builds(
    RestUncertainty, parts_rad, parts_rad, parts_rad, parts_rad, parts_rad, st.floats(1.96, 2.5)
)


def rest_test(
    side: Side,
    rotation_deg: float,
    relative_to: RelativeTo = PELVIS,
    uncertainty: RestUncertainty = USUAL,
    start_s: float = 0.0,
) -> RestTest:
    """A test that was measured; internal rotation positive."""
    return RestTest(
        side=side,
        start_s=start_s,
        end_s=start_s + 6.0,
        hip_rotation_rad=rad(rotation_deg),
        uncertainty=uncertainty,
        relative_to=relative_to,
        observability=1.0,
    )


def refused(side: Side, relative_to: RelativeTo = PELVIS) -> RestTest:
    """A test that was not."""
    return replace(
        rest_test(side, 0.0, relative_to), hip_rotation_rad=None, uncertainty=None, refused="moving"
    )


def repeats(
    left_deg: Sequence[float], right_deg: Sequence[float], relative_to: RelativeTo = PELVIS
) -> list[RestTest]:
    """Tests of both legs at once, every 30 s."""
    return [
        rest_test(side, one, relative_to, start_s=30.0 * number)
        for side, angles in ((LEFT, left_deg), (RIGHT, right_deg))
        for number, one in enumerate(angles)
    ]


def resting(tests: Sequence[RestTest], parameters: RestTestParameters = PARAMETERS) -> RestingRotation:
    """The tests together; told of both legs only where there are both."""
    found = resting_rotation(tests, parameters)
    both = found.left is not None and found.right is not None
    assert (found.difference is not None) is (found.mean is not None) is both
    return found


def there(value: RestingValue | None) -> RestingValue:
    """A value that must be there."""
    assert value is not None
    return value


def value_deg(value: RestingValue | None) -> float:
    """Its angle."""
    return math.degrees(there(value).value_rad)


def width_deg(value: RestingValue | None) -> float:
    """Half the width of its interval."""
    return math.degrees(there(value).uncertainty_rad)


def test_right_25_and_left_15_outward_differ_by_10_around_20() -> None:
    """Outward is negative in the legs, positive in difference and mean."""
    found = resting(repeats([-15.0], [-25.0]))
    assert found.relative_to is PELVIS
    assert [value_deg(found.left), value_deg(found.right)] == pytest.approx([-15.0, -25.0])
    assert [value_deg(found.difference), value_deg(found.mean)] == pytest.approx([10.0, 20.0])


@pytest.mark.parametrize("roll_deg", [-5.0, 0.0, 5.0])
def test_a_pelvis_that_rolls_unseen_enters_the_difference_twice_and_the_mean_not_at_all(
    roll_deg: float,
) -> None:
    """Published: 25 and 15 with the pelvis rolled by 5 degrees read a difference of 0, by -5 one of 20."""
    outward_deg = {RIGHT: 25.0, LEFT: 15.0}
    tests = {PELVIS: list[RestTest](), VERTICAL: list[RestTest]()}
    for side, outward in outward_deg.items():
        pose = Pose(internal_rotation_deg=-outward, roll_deg=roll_deg)
        thigh = pose.thigh_up(side)
        turn = pelvis_turn_rad(pose.pelvis_up(), thigh)
        for relative_to, neutral in ((PELVIS, turn), (VERTICAL, 0.0)):
            rotation = float(hip_rotation_rad(side, twist_rad(thigh), neutral)[0])
            tests[relative_to].append(rest_test(side, math.degrees(rotation), relative_to))
    with_pelvis, without = resting(tests[PELVIS]), resting(tests[VERTICAL])
    assert value_deg(with_pelvis.difference) == pytest.approx(10.0)
    assert value_deg(without.difference) == pytest.approx(10.0 - 2.0 * roll_deg, abs=1e-9)
    assert [value_deg(with_pelvis.mean), value_deg(without.mean)] == pytest.approx([20.0, 20.0])


def test_the_half_width_of_the_difference_is_that_of_two_legs_and_of_the_mean_half_of_it() -> None:
    """By hand: 3 and 4 degrees make 5 for the difference and 2.5 for the mean."""
    three, four = replace(NOTHING, donning_rad=rad(3.0)), replace(NOTHING, sensor_rad=rad(4.0))
    found = resting([rest_test(LEFT, -15.0, uncertainty=three), rest_test(RIGHT, -25.0, uncertainty=four)])
    widths = [width_deg(one) for one in (found.left, found.right, found.difference, found.mean)]
    assert widths == pytest.approx([3.0, 4.0, 5.0, 2.5])


def test_independent_errors_of_the_legs_make_what_is_stated_of_difference_and_mean() -> None:
    """Errors of 1.5 and 2.5 degrees drawn for each leg 20000 times, five times the spread of a spread."""
    rng, number = np.random.default_rng(51), 20_000
    left, right = rng.normal(-15.0, 1.5, number), rng.normal(-25.0, 2.5, number)
    own = {LEFT: replace(NOTHING, donning_rad=rad(1.5)), RIGHT: replace(NOTHING, donning_rad=rad(2.5))}
    found = resting([rest_test(side, -20.0, uncertainty=own[side]) for side in BOTH_LEGS])
    tolerance = 5.0 / math.sqrt(2.0 * number)
    assert width_deg(found.difference) == pytest.approx(float(np.std(left - right)), rel=tolerance)
    assert width_deg(found.mean) == pytest.approx(float(np.std((left + right) / 2.0)), rel=tolerance)


def test_the_pelvis_s_sensor_enters_the_difference_twice_and_the_mean_not_at_all() -> None:
    """By hand: thighs of 3 and 4 degrees, the pelvis 6 in both: a hypot(3, 4, 12) = 13, and 5 / 2."""
    three, four = (
        replace(NOTHING, sensor_rad=rad(math.hypot(thigh, 6.0)), pelvis_rad=rad(6.0)) for thigh in (3.0, 4.0)
    )
    found = resting([rest_test(LEFT, -15.0, uncertainty=three), rest_test(RIGHT, -25.0, uncertainty=four)])
    assert [width_deg(found.difference), width_deg(found.mean)] == pytest.approx([13.0, 2.5])


def test_a_pelvis_that_is_seen_less_well_by_one_thigh_leaves_some_of_it_in_the_mean() -> None:
    """6 and 8 degrees of one error: 14 in the difference, a half of 2 in the mean."""
    six, eight = (replace(NOTHING, sensor_rad=rad(one), pelvis_rad=rad(one)) for one in (6.0, 8.0))
    found = resting([rest_test(LEFT, -15.0, uncertainty=six), rest_test(RIGHT, -25.0, uncertainty=eight)])
    assert [width_deg(found.difference), width_deg(found.mean)] == pytest.approx([14.0, 1.0])


def test_legs_that_wander_may_do_so_with_the_pelvis() -> None:
    """3 and 4 degrees together make 7 of the difference; against each other, by chance, 2.5 of the mean."""
    three, four = (replace(NOTHING, wander_rad=rad(one)) for one in (3.0, 4.0))
    found = resting([rest_test(LEFT, -15.0, uncertainty=three), rest_test(RIGHT, -25.0, uncertainty=four)])
    assert [width_deg(found.difference), width_deg(found.mean)] == pytest.approx([7.0, 2.5])


@pytest.mark.parametrize(
    ("values_deg", "middle_deg"),
    [
        ([-20.0], -20.0),
        ([-20.0, -23.0], -21.5),
        ([-40.0, -20.0, -21.0], -21.0),
        ([-30, -20, -22, -24], -23.0),
    ],
)
def test_the_median_of_the_repeats_counts(values_deg: list[float], middle_deg: float) -> None:
    """One test that went wrong does not carry the others with it."""
    found = resting(repeats(values_deg, [-25.0]))
    assert value_deg(found.left) == pytest.approx(middle_deg)
    assert there(found.left).tests == len(values_deg)
    spread_deg = max(values_deg) - min(values_deg)
    assert math.degrees(there(found.left).spread_rad) == pytest.approx(spread_deg)
    # the other leg was tested at the first of these times alone
    assert value_deg(found.difference) == pytest.approx(25.0 + values_deg[0])


def test_difference_and_mean_are_of_the_repeats_that_both_legs_have() -> None:
    """15 and 25, 16 and 28 outward: differences 10 and 12, means 20 and 22; a third left one is alone."""
    found = resting(repeats([-15.0, -16.0, -35.0], [-25.0, -28.0]))
    assert [value_deg(found.difference), value_deg(found.mean)] == pytest.approx([11.0, 21.0])
    assert [there(one).tests for one in (found.left, found.right, found.difference, found.mean)] == [
        3,
        2,
        2,
        2,
    ]
    spreads = [math.degrees(there(one).spread_rad) for one in (found.difference, found.mean)]
    assert spreads == pytest.approx([2.0, 2.0])


rolls_deg = st.floats(-8.0, 8.0)


@given(st.lists(st.tuples(st.floats(-60.0, 20.0), st.floats(-60.0, 20.0), rolls_deg), min_size=1, max_size=7))
def test_a_pelvis_that_rolls_from_repeat_to_repeat_leaves_the_mean(
    each: list[tuple[float, float, float]],
) -> None:
    """On the back a roll turns one leg in as far as the other one out, so every repeat's mean stays."""
    lain = resting(repeats([left for left, _, _ in each], [right for _, right, _ in each], VERTICAL))
    rolled = resting(
        repeats([left - roll for left, _, roll in each], [right + roll for _, right, roll in each], VERTICAL)
    )
    assert value_deg(rolled.mean) == pytest.approx(value_deg(lain.mean), abs=1e-9)
    assert math.degrees(there(rolled.mean).spread_rad) == pytest.approx(
        math.degrees(there(lain.mean).spread_rad), abs=1e-9
    )


def test_legs_that_always_differ_by_ten_degrees_differ_by_ten_though_both_change() -> None:
    """Medians of the legs taken apart, 15 and 27, would say 12."""
    found = resting(repeats([-15.0, -17.0, -11.0], [-25.0, -27.0, -31.0]))
    assert value_deg(found.difference) == pytest.approx(10.0)


def at_times(side: Side, *tests: tuple[float, float]) -> list[RestTest]:
    """Tests of one leg: when they began, and what they showed."""
    return [rest_test(side, angle, start_s=start_s) for start_s, angle in tests]


def difference_deg(right: Sequence[RestTest], left: Sequence[RestTest], *, pairs: int) -> float:
    """The difference, which must be that of so many pairs."""
    found = there(resting([*right, *left]).difference)
    assert found.tests == pairs
    return math.degrees(found.value_rad)


def test_where_both_legs_were_tested_at_once_the_rest_of_the_tests_is_in_no_pair() -> None:
    """The right one was refused at 0 s, the left one at 60 s: 30 s alone has both."""
    right, left = at_times(RIGHT, (30.0, -25.0), (60.0, -40.0)), at_times(LEFT, (0.0, -9.0), (30.0, -15.0))
    assert difference_deg(right, left, pairs=1) == pytest.approx(10.0)


def test_marks_of_both_legs_need_not_be_at_the_same_moment() -> None:
    right, left = at_times(RIGHT, (30.0, -25.0)), at_times(LEFT, (28.0, -15.0), (60.0, -2.0))
    assert difference_deg(right, left, pairs=1) == pytest.approx(10.0)


def test_legs_tested_one_after_the_other_are_paired_in_turn() -> None:
    """The second right one begins nearer to the first left one, which must not break up the others."""
    right = at_times(RIGHT, (0.0, -25.0), (19.0, -30.0), (40.0, -35.0))
    left = at_times(LEFT, (10.0, -15.0), (30.0, -20.0), (50.0, -25.0))
    assert difference_deg(right, left, pairs=3) == pytest.approx(10.0)


@pytest.mark.parametrize(("first", "second"), [(RIGHT, LEFT), (LEFT, RIGHT)])
def test_a_test_that_was_refused_leaves_its_partner_alone(first: Side, second: Side) -> None:
    """Three of one leg, of the other one the second is missing: the third belongs to the third."""
    whole = at_times(first, (0.0, -25.0), (20.0, -1.0), (40.0, -27.0))
    partly = at_times(second, (10.0, -15.0), (50.0, -17.0))
    sign = 1.0 if first is RIGHT else -1.0
    assert difference_deg(whole, partly, pairs=2) == pytest.approx(sign * 10.0)


@given(angles_deg, angles_deg, st.randoms(use_true_random=False))
def test_the_order_of_the_tests_does_not_matter(
    left_deg: list[float], right_deg: list[float], random: Random
) -> None:
    tests = repeats(left_deg, right_deg)
    shuffled = tests.copy()
    random.shuffle(shuffled)
    assert resting(shuffled) == resting(tests)


@given(angles_deg, angles_deg)
def test_mirrored_legs_change_places_and_the_difference_its_sign(
    left_deg: list[float], right_deg: list[float]
) -> None:
    found, mirrored = resting(repeats(left_deg, right_deg)), resting(repeats(right_deg, left_deg))
    assert (mirrored.left, mirrored.right) == (found.right, found.left)
    assert value_deg(mirrored.difference) == pytest.approx(-value_deg(found.difference), abs=1e-9)
    assert value_deg(mirrored.mean) == pytest.approx(value_deg(found.mean), abs=1e-9)
    assert width_deg(mirrored.difference) == pytest.approx(width_deg(found.difference))
    assert set(mirrored.repeat) == {LEFT if side is RIGHT else RIGHT for side in found.repeat}


def test_tests_against_pelvis_and_vertical_are_never_mixed() -> None:
    """Those against the pelvis are taken, few as they may be."""
    mixed = [*repeats([-5.0, -6.0], [-35.0, -36.0], VERTICAL), *repeats([-15.0], [-25.0], PELVIS)]
    for tests in (mixed, mixed[::-1]):
        found = resting(tests)
        assert found == resting(repeats([-15.0], [-25.0], PELVIS))
        assert found.relative_to is PELVIS


def test_a_leg_with_none_against_the_pelvis_has_no_value_beside_one_that_has() -> None:
    found = resting([rest_test(LEFT, -15.0, VERTICAL), rest_test(RIGHT, -25.0, PELVIS)])
    assert found.relative_to is PELVIS
    assert found.left is None
    assert value_deg(found.right) == pytest.approx(-25.0)
    assert (found.difference, found.mean) == (None, None)


def test_against_the_vertical_alone_the_values_are_told_as_such() -> None:
    found = resting(repeats([-15.0], [-25.0], VERTICAL))
    assert found.relative_to is VERTICAL
    assert value_deg(found.difference) == pytest.approx(10.0)


@given(angles_deg, angles_deg, st.sampled_from(RelativeTo), st.integers(1, 5))
def test_refused_tests_are_left_out(
    left_deg: list[float], right_deg: list[float], relative_to: RelativeTo, number: int
) -> None:
    tests = repeats(left_deg, right_deg, relative_to)
    not_measured = [refused(side, against) for side in BOTH_LEGS for against in RelativeTo] * number
    assert resting([*not_measured, *tests, *not_measured]) == resting(tests)


def test_refused_tests_against_the_pelvis_do_not_put_aside_those_against_the_vertical() -> None:
    found = resting([refused(LEFT, PELVIS), *repeats([-15.0], [-25.0], VERTICAL)])
    assert found.relative_to is VERTICAL
    assert value_deg(found.left) == pytest.approx(-15.0)


@pytest.mark.parametrize("tests", [[], [refused(LEFT), refused(RIGHT)]], ids=["none", "all refused"])
def test_nothing_measured_gives_nothing(tests: list[RestTest]) -> None:
    nothing = RestingRotation(relative_to=None, left=None, right=None, difference=None, mean=None, repeat=())
    assert resting(tests) == nothing


@pytest.mark.parametrize("side", BOTH_LEGS)
def test_one_leg_alone_has_its_value_and_no_difference(side: Side) -> None:
    found = resting([rest_test(side, -25.0), rest_test(side, -23.0)])
    own, other = (found.left, found.right) if side is LEFT else (found.right, found.left)
    assert value_deg(own) == pytest.approx(-24.0)
    assert other is None


@pytest.mark.parametrize(
    ("left_deg", "right_deg", "repeat"),
    [
        ([-15.0, -18.9], [-25.0, -28.9], ()),
        ([-15.0, -19.1], [-25.0, -28.9], (LEFT,)),
        ([-15.0, -18.9], [-25.0, -27.0, -29.1], (RIGHT,)),
        ([-15.0, -19.1], [-29.1, -25.0], (LEFT, RIGHT)),
        ([-15.0], [-25.0], ()),
    ],
)
def test_legs_whose_repeats_differ_by_more_than_4_degrees_are_to_be_done_again(
    left_deg: list[float], right_deg: list[float], repeat: tuple[Side, ...]
) -> None:
    assert resting(repeats(left_deg, right_deg)).repeat == repeat


def test_how_far_repeats_may_differ_is_a_parameter_and_refused_ones_do_not_count() -> None:
    tests = [*repeats([-15.0, -17.0], [-25.0, -25.0]), refused(LEFT)]
    strict = replace(PARAMETERS, repeat_spread_rad=rad(1.9))
    assert resting(tests, strict).repeat == (LEFT,)
    assert resting(tests).repeat == ()


def test_tests_against_the_vertical_ask_for_no_repeat_where_those_against_the_pelvis_count() -> None:
    found = resting([*repeats([-5.0, -30.0], [-25.0], VERTICAL), *repeats([-15.0], [-25.0], PELVIS)])
    assert found.repeat == ()


def rotations(
    tests: Sequence[RestTest], *alignments: SensorAlignment
) -> list[tuple[int, Posture | None, float]]:
    """Number, posture and the right leg's angle of each donning and posture of a session."""
    found = resting_rotations(tests, alignments, PARAMETERS, AlignmentParameters())
    return [(one.donning, one.posture, round(value_deg(one.right), 9)) for one in found]


def posed(
    since_s: float,
    front: tuple[float, float, float] | None,
    long_axis: tuple[float, float, float] | None = (0.0, 1.0, 0.0),
    placement: Placement = Placement.RIGHT_THIGH,
) -> SensorAlignment:
    """What a pose gave."""
    return SensorAlignment(placement, None, since_s, "standing+patella_up", long_axis, front)


def in_posture(posture: Posture, *tests: RestTest) -> list[RestTest]:
    """The tests done in a posture."""
    return [replace(test, posture=posture) for test in tests]


def test_a_test_that_overlaps_two_of_the_other_leg_is_held_against_one_alone() -> None:
    """The one it overlaps most; the other one is no second repeat of it."""
    right = replace(at_times(RIGHT, (0.0, -25.0))[0], end_s=20.0)
    first, second = at_times(LEFT, (1.0, -15.0), (8.0, -10.0))
    left = [replace(first, end_s=4.0), replace(second, end_s=18.0)]
    found = resting_rotation([right, *left], PARAMETERS)
    assert value_deg(found.difference) == pytest.approx(15.0)
    assert found.difference is not None
    assert found.difference.tests == 1


FRONT = (1.0, 0.0, 0.0)


def test_postures_are_never_mixed() -> None:
    """Prone a leg lies otherwise than on the back: there is no median of both."""
    tests = [
        *at_times(RIGHT, (0.0, -25.0), (60.0, -24.0)),
        *in_posture(Posture.PRONE, *at_times(RIGHT, (30.0, -5.0), (90.0, -8.0))),
    ]
    expected = [(1, Posture.SUPINE, -24.5), (1, Posture.PRONE, -6.5)]
    assert rotations(tests) == rotations(tests[::-1]) == expected


def test_donnings_of_a_session_are_never_mixed() -> None:
    """Put on anew at 100 s: the long axis is not known any more, and what comes after is told apart."""
    tests = at_times(RIGHT, (30.0, -25.0), (60.0, -26.0), (130.0, -20.0), (160.0, -22.0), (190.0, -21.0))
    anew = posed(120.0, FRONT, long_axis=None)
    expected = [(1, Posture.SUPINE, -25.5), (2, Posture.SUPINE, -21.0)]
    assert rotations(tests, posed(10.0, None), posed(20.0, FRONT), anew) == expected
    again = posed(120.0, FRONT)
    assert rotations(tests, posed(10.0, None), posed(20.0, FRONT), again) == [(1, Posture.SUPINE, -22.0)]


def test_of_a_donning_of_one_leg_the_other_one_has_its_partners_still() -> None:
    tests = [*at_times(RIGHT, (30.0, -25.0), (130.0, -30.0)), *at_times(LEFT, (30.0, -15.0), (130.0, -10.0))]
    found = resting_rotations(
        tests, [posed(20.0, FRONT), posed(120.0, FRONT, None)], PARAMETERS, AlignmentParameters()
    )
    assert [value_deg(one.difference) for one in found] == pytest.approx([10.0, 20.0])


def test_numbers_go_by_donnings_that_were_measured() -> None:
    """One whose tests were all refused is not counted."""
    tests = [replace(refused(RIGHT), start_s=30.0), *at_times(RIGHT, (130.0, -20.0))]
    assert rotations(tests, posed(20.0, FRONT), posed(120.0, FRONT, None)) == [(1, Posture.SUPINE, -20.0)]


def test_the_main_one_of_a_session_is_of_most_tests_and_the_latest_of_equals() -> None:
    poses = (posed(20.0, FRONT), posed(120.0, FRONT, None))
    tests = at_times(RIGHT, (30.0, -25.0), (60.0, -25.0), (130.0, -20.0))

    def main_deg(tests: Sequence[RestTest]) -> float:
        found = resting_rotations(tests, poses, PARAMETERS, AlignmentParameters())
        return value_deg(main_rotation(found).right)

    assert main_deg(tests) == pytest.approx(-25.0)
    assert main_deg(tests[1:]) == pytest.approx(-20.0)
    nothing = RestingRotation(relative_to=None, left=None, right=None, difference=None, mean=None, repeat=())
    assert main_rotation(()) == nothing


def spread_of_median(count: int, number: int = 100_000) -> float:
    """Standard deviation of the median of so many standard normal values, in simulation."""
    drawn = np.random.default_rng([52, count]).standard_normal((number, count))
    return float(np.median(drawn, axis=1).std())


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_what_is_new_in_each_repeat_is_worth_the_spread_of_their_median(count: int) -> None:
    """A standard deviation from 100000 draws is off by 0.22 %; five times that."""
    anew = replace(NOTHING, reference_rad=rad(3.0), wander_rad=rad(4.0))
    found = combined_half_width_rad([anew] * count)
    assert math.degrees(found) == pytest.approx(5.0 * spread_of_median(count), rel=0.011)


@pytest.mark.parametrize("count", [6, 7, 8, 9, 15, 40])
def test_of_many_repeats_the_median_is_stated_as_that_of_endlessly_many(count: int) -> None:
    """A variance of pi / 2 n: more than it is, by a tenth of the standard deviation at 6, less with more.

    The simulation's own spread of 0.22 %, five times.
    """
    anew = replace(NOTHING, reference_rad=1.0)
    found = combined_half_width_rad([anew] * count)
    assert found == pytest.approx(math.sqrt(math.pi / (2.0 * count)))
    assert -0.011 < found / spread_of_median(count) - 1.0 < 0.7 / count + 0.011


@pytest.mark.parametrize("count", range(1, 12))
@pytest.mark.parametrize("part", ["sensor_rad", "crosstalk_rad", "donning_rad"])
def test_what_is_the_same_in_all_repeats_is_not_averaged_away(part: str, count: int) -> None:
    same = replace(NOTHING, **{part: rad(2.0)}, coverage=1.96)
    assert math.degrees(combined_half_width_rad([same] * count)) == pytest.approx(3.92)


def test_of_three_repeats_the_parts_add_up_in_squares() -> None:
    """Published variance of the median of three: 0.4487 of one."""
    expected = 2.3 * math.sqrt(0.6**2 + 0.5**2 + 3.0**2 + 0.4487 * (1.0**2 + 0.2**2))
    assert math.degrees(combined_half_width_rad([USUAL] * 3)) == pytest.approx(expected)
    found = resting(repeats([-15.0, -16.0, -14.0], [-25.0]))
    assert width_deg(found.left) == pytest.approx(expected)
    assert width_deg(found.right) == pytest.approx(math.degrees(USUAL.half_width_rad))


def test_of_unlike_repeats_the_middle_width_counts() -> None:
    """A leg that was raised in one of three tests: its median is not that one's for certain."""
    raised = replace(USUAL, crosstalk_rad=rad(4.0))
    alike = combined_half_width_rad([USUAL] * 3)
    assert combined_half_width_rad([USUAL, raised, USUAL]) == pytest.approx(alike)
    assert combined_half_width_rad([raised, USUAL, raised]) == pytest.approx(
        combined_half_width_rad([raised] * 3)
    )


@given(st.lists(uncertainties, min_size=1, max_size=9))
def test_repeats_never_widen_the_interval_nor_narrow_it_below_what_they_share(
    each: list[RestUncertainty],
) -> None:
    found = combined_half_width_rad(each)
    assert found <= median(one.half_width_rad for one in each) + 1e-12
    shared = [one.coverage * math.hypot(one.sensor_rad, one.crosstalk_rad, one.donning_rad) for one in each]
    assert found >= median(shared) - 1e-12


@given(uncertainties)
def test_every_further_repeat_narrows_the_interval_or_leaves_it(one: RestUncertainty) -> None:
    widths = [combined_half_width_rad([one] * count) for count in range(1, 12)]
    for fewer, more in pairwise(widths):
        assert more <= fewer + 1e-12
