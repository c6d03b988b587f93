"""The person's own range: taken from what is shown, used for the sets that follow, refused in words."""

from collections.abc import Sequence

import pytest
from made_repetitions import repetition
from motion_samples import deg, known, rad
from pipeline_bench import THIGHS, Run, lying, run_blocks, simulated_blocks, worn

from tracker.model import PhaseKind, ReferenceRange, Side
from tracker.motion.counting.demonstration import SHOWN_REPETITIONS, ShownRange, shown_range
from tracker.motion.person import PersonalRecord
from tracker.sensing.body.builder import ScriptBuilder
from tracker.sensing.body.script import BodyScript
from tracker.session.events import RangeShown

DEMONSTRATION, SET = PhaseKind.DEMONSTRATION, PhaseKind.SET
NAME = "supine_in_toeing"
SIDES = (Side.LEFT, Side.RIGHT)
REST_DEG = -25.0
RANGE_DEG = 0.5
"""Ranges of simulated sensors: tolerance as published for ten repetitions of 30 degrees."""
CATALOGUE_DEG = 25.0


def shown(roms_deg: Sequence[float | None], largest_deg: float = 80.0) -> ShownRange:
    """What repetitions of these ranges give; None for a range that was withheld."""
    made = tuple(repetition(5.0 * number, rom_deg=rom_deg) for number, rom_deg in enumerate(roms_deg))
    return shown_range(made, rad(largest_deg))


@pytest.mark.parametrize(
    ("roms_deg", "expected_deg"),
    [
        ([40.0, 20.0, 30.0], 30.0),
        ([20.0, 40.0, 60.0, 62.0, 61.0], 61.0),
        ([40.0, 42.0, 44.0, 8.0, 6.5], 42.0),
        ([40.0, None, 42.0, 44.0], 42.0),
        ([50.0, 85.0, 40.0, 84.0, 60.0], 50.0),
        ([80.0, 80.0, 80.0], 80.0),
        ([40.0, 20.0, 20.0], 20.0),
    ],
    ids=["middle", "last three", "twitches", "withheld", "too large", "largest", "half of the largest"],
)
def test_the_range_is_the_middle_one_of_the_last_three_that_are_alike(
    roms_deg: list[float | None], expected_deg: float
) -> None:
    """Alike: at least half of the largest; up to 80 degrees."""
    found = shown(roms_deg)
    assert deg(known(found.rom_rad)) == pytest.approx(expected_deg, abs=1e-9)
    assert (found.shown, found.refused) == (SHOWN_REPETITIONS, None)


@pytest.mark.parametrize(
    ("roms_deg", "count"),
    [
        ([], 0),
        ([40.0, 42.0], 2),
        ([40.0, 42.0, 19.9], 2),
        ([40.0, 42.0, None], 2),
        ([40.0, 42.0, 80.1], 2),
        ([None, None, None], 0),
    ],
)
def test_too_few_are_refused_in_words(roms_deg: list[float | None], count: int) -> None:
    found = shown(roms_deg)
    assert (found.rom_rad, found.shown) == (None, count)
    assert found.refused == f"{count} repetitions shown, 3 are needed"


def test_what_would_be_partial_counts_as_shown() -> None:
    """A person's own range may be smaller than what the catalogue calls valid."""
    made = tuple(repetition(5.0 * number, rom_deg=10.0, valid=False) for number in range(3))
    assert deg(known(shown_range(made, rad(80.0)).rom_rad)) == pytest.approx(10.0, abs=1e-9)


def rotated(
    script: ScriptBuilder, kind: PhaseKind, roms_deg: Sequence[float], side: Side | None = None
) -> ScriptBuilder:
    """Stillness, then both legs there and back by some ranges; labelled for one leg or for both."""
    start_s = script.now_s
    script.hold(1.5)
    for rom_deg in roms_deg:
        there_rad = rad(REST_DEG + rom_deg)
        script.relax(there_rad, there_rad, 1.0).hold(0.3)
        script.relax(rad(REST_DEG), rad(REST_DEG), 1.0).hold(0.3)
    return script.hold(0.5).label(kind, start_s, side, NAME)


def demonstrated(*parts: tuple[PhaseKind, Sequence[float]], side: Side | None = None) -> BodyScript:
    """Poses, the legs 25 degrees outward, then demonstrations and sets; sets are of both legs."""
    script = lying().relax(rad(REST_DEG), rad(REST_DEG), 1.0)
    for kind, roms_deg in parts:
        rotated(script, kind, roms_deg, side if kind is DEMONSTRATION else None)
    return script.build()


def run(script: BodyScript, chunk: int | None = 18, person: PersonalRecord | None = None) -> Run:
    """The whole pipeline on ideal sensors at both thighs."""
    blocks = simulated_blocks(worn(script, THIGHS))
    return run_blocks(blocks, script.marks(), chunk=chunk, person=person or PersonalRecord())


def told(done: Run, side: Side) -> list[RangeShown]:
    """What was told of one leg's demonstrations."""
    return [one for one in done.events if isinstance(one, RangeShown) and one.side is side]


def assert_sets(done: Run, side: Side, *expected: tuple[float, int, list[bool]]) -> None:
    """Of each set of a leg: its reference in degrees, of how many shown, and which repetitions are valid."""
    sets = [one for one in done.pipeline.sets if one.side is side]
    references = [one.reference for one in sets if one.reference is not None]
    assert [(one.exercise, one.side) for one in references] == [(NAME, side)] * len(expected)
    assert [one.shown for one in references] == [shown for _, shown, _ in expected]
    assert [[rep.valid for rep in one.repetitions] for one in sets] == [valid for _, _, valid in expected]
    references_deg = [float(deg(one.rom_rad)) for one in references]
    assert references_deg == pytest.approx([range_deg for range_deg, _, _ in expected], abs=RANGE_DEG)


def ranges_deg(done: Run, side: Side) -> list[float]:
    """The ranges that were kept of one leg."""
    assert all(one.shown == SHOWN_REPETITIONS for one in done.pipeline.ranges)
    return [float(deg(one.rom_rad)) for one in done.pipeline.ranges if one.side is side]


@pytest.mark.parametrize("chunk", [18, None])
def test_a_shown_range_is_what_the_sets_after_it_are_held_against(chunk: int | None) -> None:
    """Valid from 0.6 of 40 degrees; without it from 0.6 of 25."""
    done = run(demonstrated((DEMONSTRATION, [41.0, 39.0, 40.0]), (SET, [26.0, 22.0, 26.0])), chunk)
    for side in SIDES:
        [one] = told(done, side)
        assert (one.exercise, one.refused) == (NAME, None)
        assert deg(known(one.rom_rad)) == pytest.approx(40.0, abs=RANGE_DEG)
        assert ranges_deg(done, side) == pytest.approx([40.0], abs=RANGE_DEG)
        assert_sets(done, side, (40.0, 3, [True, False, True]))


def test_without_a_demonstration_a_set_is_held_against_the_catalogue() -> None:
    done = run(demonstrated((SET, [26.0, 22.0, 26.0])))
    for side in SIDES:
        assert_sets(done, side, (CATALOGUE_DEG, 0, [True] * 3))


def test_a_demonstration_is_no_set() -> None:
    done = run(demonstrated((DEMONSTRATION, [40.0] * 3)))
    assert done.pipeline.sets == ()
    assert len(done.closed(Side.RIGHT)) == 3


def test_the_reference_is_frozen_within_a_set_and_does_not_follow_larger_movements() -> None:
    """Valid from 24 degrees; 0.6 of the 60 that come before would be 36."""
    roms_deg = [60.0, 60.0, 60.0, 26.0]
    done = run(demonstrated((DEMONSTRATION, [40.0] * 3), (SET, roms_deg), (SET, [26.0])))
    for side in SIDES:
        assert_sets(done, side, (40.0, 3, [True] * 4), (40.0, 3, [True]))


def test_a_later_demonstration_replaces_the_range_and_a_refused_one_does_not() -> None:
    done = run(
        demonstrated(
            (DEMONSTRATION, [40.0] * 3),
            (SET, [26.0]),
            (DEMONSTRATION, [50.0] * 3),
            (SET, [26.0]),
            (DEMONSTRATION, [30.0] * 2),
            (SET, [26.0]),
        )
    )
    for side in SIDES:
        assert_sets(done, side, (40.0, 3, [True]), (50.0, 3, [False]), (50.0, 3, [False]))
        assert ranges_deg(done, side) == pytest.approx([40.0, 50.0], abs=RANGE_DEG)
        assert [one.refused for one in told(done, side)] == [None, None, "2 repetitions shown, 3 are needed"]


def test_too_few_shown_leave_the_catalogues_range() -> None:
    done = run(demonstrated((DEMONSTRATION, [40.0, 41.0]), (SET, [26.0])))
    for side in SIDES:
        [one] = told(done, side)
        assert (one.rom_rad, one.refused) == (None, "2 repetitions shown, 3 are needed")
        assert_sets(done, side, (CATALOGUE_DEG, 0, [True]))
    assert done.pipeline.ranges == ()


def test_movements_without_stillness_before_them_are_not_shown() -> None:
    script = lying().relax(rad(REST_DEG), rad(REST_DEG), 1.0)
    start_s = script.now_s
    for _ in range(4):
        script.relax(rad(15.0), rad(15.0), 1.0).relax(rad(REST_DEG), rad(REST_DEG), 1.0)
    done = run(script.label(DEMONSTRATION, start_s, None, NAME).build())
    for side in SIDES:
        assert [one.refused for one in told(done, side)] == ["0 repetitions shown, 3 are needed"]


def test_a_demonstration_of_one_leg_leaves_the_other_ones_range() -> None:
    done = run(demonstrated((DEMONSTRATION, [40.0] * 3), (SET, [26.0]), side=Side.RIGHT))
    assert told(done, Side.LEFT) == []
    assert_sets(done, Side.RIGHT, (40.0, 3, [True]))
    assert_sets(done, Side.LEFT, (CATALOGUE_DEG, 0, [True]))


def test_a_small_own_range_counts_where_the_catalogues_would_not() -> None:
    """9 degrees are partial against 25, and turn back by less than its prominence."""
    roms_deg = [9.0] * 4
    shown_before = run(demonstrated((DEMONSTRATION, [9.0] * 3), (SET, roms_deg)))
    not_shown = run(demonstrated((SET, roms_deg)))
    for side in SIDES:
        assert_sets(shown_before, side, (9.0, 3, [True] * 4))
        assert_sets(not_shown, side, (CATALOGUE_DEG, 0, [False] * 4))


def test_a_demonstration_is_seen_however_large_the_range_before_it_was() -> None:
    """12 degrees are less than a partial repetition of 60."""
    done = run(demonstrated((DEMONSTRATION, [60.0] * 3), (DEMONSTRATION, [12.0] * 3), (SET, [12.0])))
    for side in SIDES:
        assert ranges_deg(done, side) == pytest.approx([60.0, 12.0], abs=RANGE_DEG)
        assert_sets(done, side, (12.0, 3, [True]))


def test_an_earlier_sessions_range_holds_until_another_one_is_shown() -> None:
    earlier = PersonalRecord(ranges=(ReferenceRange(NAME, Side.RIGHT, rad(50.0), 3),))
    script = demonstrated((SET, [26.0]), (DEMONSTRATION, [40.0] * 3), (SET, [26.0]))
    done = run(script, person=earlier)
    assert_sets(done, Side.RIGHT, (50.0, 3, [False]), (40.0, 3, [True]))
    assert_sets(done, Side.LEFT, (CATALOGUE_DEG, 0, [True]), (40.0, 3, [True]))
