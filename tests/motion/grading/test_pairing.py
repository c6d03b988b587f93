"""Repetitions that both legs made together, and how the legs compare."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_repetitions import repetition, set_of
from motion_samples import deg, known, rad
from pipeline_bench import EXERCISES, THIGHS, lying, run_session, worn

from tracker.model import Repetition, Side
from tracker.motion.exercise import PairRule
from tracker.motion.grading.pairing import Bilateral, bilateral, both_legs
from tracker.sensing.body.builder import Tempo

RULE = PairRule()
LEFT, RIGHT = Side.LEFT, Side.RIGHT


def pairing(left: Sequence[Repetition], right: Sequence[Repetition], rule: PairRule = RULE) -> Bilateral:
    """Both legs' repetitions held against each other."""
    return bilateral(set_of(left, LEFT), set_of(right, RIGHT), rule)


def places(found: Bilateral) -> list[tuple[int, int]]:
    """Which repetitions are pairs."""
    return [(pair.left, pair.right) for pair in found.pairs]


def flags(left: Repetition, right: Repetition, rule: PairRule = RULE) -> tuple[str, ...]:
    """What two repetitions made together did differently."""
    [pair] = pairing([left], [right], rule).pairs
    return pair.flags


def test_repetitions_made_together_are_pairs() -> None:
    left = [repetition(5.0 * number) for number in range(4)]
    right = [repetition(5.0 * number + 0.2) for number in range(4)]
    found = pairing(left, right)
    assert places(found) == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert (found.left_alone, found.right_alone) == ((), ())
    assert [pair.lag_s for pair in found.pairs] == pytest.approx([-0.2] * 4)


@pytest.mark.parametrize(("start_s", "together"), [(3.0, True), (3.01, False), (-1.0, True), (-1.01, False)])
def test_half_of_the_shorter_one_must_overlap(start_s: float, together: bool) -> None:
    """4 s on the right from 0 s, 2 s on the left: 1 s of them together is enough."""
    left, right = repetition(start_s, 2.0), repetition(0.0, 4.0)
    for found in (pairing([left], [right]), pairing([right], [left])):
        assert places(found) == ([(0, 0)] if together else [])
        assert (found.left_alone, found.right_alone) == (((), ()) if together else ((0,), (0,)))


def test_another_share_may_be_asked_for() -> None:
    left, right = repetition(1.0, 4.0), repetition(0.0, 4.0)
    for share, together in ((0.75, True), (0.76, False)):
        assert bool(pairing([left], [right], replace(RULE, minimum_overlap=share)).pairs) is together


def test_what_one_leg_does_alone_is_listed_apart() -> None:
    """The legs in turn, then together; then the right one alone."""
    left = [repetition(0.0), repetition(8.0), repetition(16.0)]
    right = [repetition(4.0), repetition(12.0), repetition(16.5), repetition(24.0)]
    found = pairing(left, right)
    assert places(found) == [(2, 2)]
    assert (found.left_alone, found.right_alone) == ((0, 1), (0, 1, 3))


def test_a_long_repetition_is_one_pair_and_not_two() -> None:
    found = pairing([repetition(0.0, 2.0), repetition(3.0, 2.0)], [repetition(0.0, 6.0)])
    assert places(found) == [(0, 0)]
    assert found.left_alone == (1,)


def test_of_two_that_overlap_enough_the_one_that_overlaps_most_is_the_pair() -> None:
    """The right leg's short first one lies within the left leg's by half, its second one as a whole."""
    both = pairing([repetition(1.0, 3.0)], [repetition(0.5, 1.0), repetition(1.6, 2.0)])
    assert [(one.left, one.right) for one in both.pairs] == [(0, 1)]
    assert both.right_alone == (0,)


def test_partial_repetitions_are_pairs_too() -> None:
    found = pairing([repetition(0.0, rom_deg=10.0, valid=False)], [repetition(0.0)])
    assert places(found) == [(0, 0)]
    assert found.rom_difference_rad is None


@pytest.mark.parametrize(
    ("left_s", "expected"),
    [
        (0.6, ("left leg begins late",)),
        (-0.6, ("right leg begins late",)),
        (0.5, ()),
        (-0.5, ()),
        (0.0, ()),
    ],
)
def test_a_leg_that_begins_late_is_told(left_s: float, expected: tuple[str, ...]) -> None:
    rule = replace(RULE, maximum_lag_s=0.5)
    assert flags(repetition(8.0 + left_s), repetition(8.0), rule) == expected
    assert flags(repetition(8.0 + left_s), repetition(8.0)) == ()


@pytest.mark.parametrize(
    ("left_deg", "right_deg", "expected"),
    [
        (17.0, 30.0, ("left leg does less",)),
        (30.0, 17.0, ("right leg does less",)),
        (19.0, 30.0, ()),
        (30.0, 19.0, ()),
        (30.0, 30.0, ()),
    ],
)
def test_a_leg_with_less_than_its_share_of_the_others_range_is_told(
    left_deg: float, right_deg: float, expected: tuple[str, ...]
) -> None:
    """0.6 of 30 degrees are 18."""
    left, right = repetition(rom_deg=left_deg), repetition(rom_deg=right_deg)
    assert flags(left, right) == expected
    [pair] = pairing([left], [right]).pairs
    assert pair.rom_ratio == pytest.approx(min(left_deg, right_deg) / max(left_deg, right_deg))


@pytest.mark.parametrize(("left_deg", "told"), [(34.9, False), (35.1, True), (25.1, False), (24.9, True)])
def test_a_difference_of_the_ranges_is_told_either_way(left_deg: float, told: bool) -> None:
    """Of more than 5 degrees, where that is looked at."""
    left, right = repetition(rom_deg=left_deg), repetition(rom_deg=30.0)
    expected = ("legs move unequally far",) if told else ()
    assert flags(left, right, replace(RULE, maximum_rom_difference_rad=rad(5.0))) == expected
    assert flags(left, right) == ()


def test_all_that_differs_is_told_together() -> None:
    rule = PairRule(maximum_rom_difference_rad=rad(5.0), maximum_lag_s=0.2)
    found = flags(repetition(0.3, rom_deg=10.0), repetition(0.0, rom_deg=30.0), rule)
    assert found == ("left leg does less", "legs move unequally far", "left leg begins late")


def test_a_range_that_was_withheld_is_not_compared_and_the_lag_is() -> None:
    rule = PairRule(maximum_rom_difference_rad=rad(5.0), maximum_lag_s=0.2)
    [pair] = pairing([repetition(0.3, rom_deg=None)], [repetition(0.0, rom_deg=30.0)], rule).pairs
    assert (pair.rom_ratio, pair.flags) == (None, ("left leg begins late",))


def test_the_legs_compare_by_the_medians_of_their_valid_repetitions() -> None:
    left = [repetition(5.0 * number, rom_deg=rom) for number, rom in enumerate([18.0, 24.0, 90.0])]
    left += [repetition(15.0, rom_deg=3.0, valid=False), repetition(20.0, rom_deg=None)]
    right = [repetition(5.0 * number, rom_deg=rom) for number, rom in enumerate([28.0, 30.0, 32.0, 40.0])]
    found = pairing(left, right)
    assert deg(known(found.rom_difference_rad)) == pytest.approx(24.0 - 31.0, abs=1e-9)
    assert found.symmetry_percent == pytest.approx(100.0 * 24.0 / 31.0)
    turned = pairing(right, left)
    assert deg(known(turned.rom_difference_rad)) == pytest.approx(31.0 - 24.0, abs=1e-9)
    assert turned.symmetry_percent == pytest.approx(100.0 * 24.0 / 31.0)


@pytest.mark.parametrize("without", [[], [repetition(0.0, rom_deg=None)], [repetition(0.0, valid=False)]])
def test_without_a_valid_range_on_both_legs_there_is_no_comparison(without: list[Repetition]) -> None:
    for found in (pairing(without, [repetition()]), pairing([repetition()], without)):
        assert (found.rom_difference_rad, found.symmetry_percent) == (None, None)


def test_sets_of_both_legs_are_those_of_one_exercise_that_began_together() -> None:
    sets = [
        set_of([], RIGHT, start_s=10.0),
        set_of([], LEFT, start_s=10.0, exercise="others"),
        set_of([], LEFT, start_s=10.0),
        set_of([], LEFT, start_s=90.0),
        set_of([], RIGHT, start_s=90.1),
        set_of([], None, start_s=200.0),
        set_of([], LEFT, start_s=200.0),
        set_of([], LEFT, start_s=300.0),
        set_of([], RIGHT, start_s=300.0),
    ]
    assert both_legs(sets) == [(sets[2], sets[0]), (sets[7], sets[8])]
    assert both_legs([]) == []


@st.composite
def made(draw: st.DrawFn) -> list[Repetition]:
    """Repetitions of one leg in order, apart from each other."""
    now_s, found = 0.0, []
    for pause_s, duration_s in draw(
        st.lists(st.tuples(st.floats(0.0, 4.0), st.floats(0.5, 5.0)), max_size=12)
    ):
        found.append(repetition(now_s + pause_s, duration_s))
        now_s += pause_s + duration_s
    return found


@given(made(), made())
def test_every_repetition_is_in_one_pair_at_most_and_none_is_lost(
    left: list[Repetition], right: list[Repetition]
) -> None:
    found = pairing(left, right)
    lefts, rights = ([pair.left for pair in found.pairs], [pair.right for pair in found.pairs])
    assert sorted([*lefts, *found.left_alone]) == list(range(len(left)))
    assert sorted([*rights, *found.right_alone]) == list(range(len(right)))
    assert (lefts, rights) == (sorted(lefts), sorted(rights))
    for one, other in places(found):
        common_s = min(left[one].end_s, right[other].end_s) - max(left[one].start_s, right[other].start_s)
        shorter_s = min(part.end_s - part.start_s for part in (left[one], right[other]))
        assert common_s >= 0.5 * shorter_s * (1.0 - 1e-9)


def test_a_lag_and_a_lazy_leg_are_found_on_simulated_sensors() -> None:
    """The left leg begins 0.7 s later and goes half as far; 0.5 s and 0.6 of the range are let pass."""
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    script.repetitions(
        [rad(36.0)] * 3,
        Tempo(1.5, 0.5, 1.5, 1.0),
        left_amplitudes_rad=[rad(18.0)] * 3,
        left_lag_s=0.7,
        still_before_s=2.0,
        still_after_s=1.0,
    )
    [(left, right)] = both_legs(run_session(worn(script.build(), THIGHS)).pipeline.sets)
    rule = EXERCISES["supine_in_toeing"].pair
    assert rule is not None
    found = bilateral(left, right, rule)
    assert places(found) == [(0, 0), (1, 1), (2, 2)]
    for pair in found.pairs:
        # phases are cut at 3 deg/s: 0.10 s into the larger movement, 0.15 s into the smaller one
        assert pair.lag_s == pytest.approx(0.75, abs=0.02)
        assert pair.rom_ratio == pytest.approx(0.5, abs=0.02)
        assert pair.flags == ("left leg does less", "left leg begins late")
    # ranges of simulated sensors: 0.5 degrees each, as published for ten of 30
    assert deg(known(found.rom_difference_rad)) == pytest.approx(-18.0, abs=1.0)
    assert found.symmetry_percent == pytest.approx(50.0, abs=2.0)
