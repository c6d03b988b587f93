"""What a band loads where it sits, and that a step up the ladder is more force and a step down less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_samples import SHIPPED

from tracker.motion.exercise import CountedSignal
from tracker.plan.bands import (
    BandLadder,
    BandLevel,
    BandLoad,
    LadderBand,
    band_load,
    loads_internal_rotation,
)

LADDER = SHIPPED.ladder
N_PER_LB = 4.448
MAKER_LB = {
    "yellow": (3.0, 4.3),
    "red": (3.7, 5.5),
    "green": (4.6, 6.7),
    "blue": (5.8, 8.6),
    "black": (7.3, 10.2),
    "silver": (10.2, 15.3),
    "gold": (14.2, 21.3),
}
"""Forces at 100 and 200 % elongation as the maker gives them."""


@pytest.mark.parametrize(
    ("placement", "load"),
    [
        ("ankles", BandLoad.INTERNAL_ROTATION),
        ("feet", BandLoad.INTERNAL_ROTATION),
        ("thighs", BandLoad.ABDUCTION),
        ("none", BandLoad.NOTHING),
        (None, BandLoad.NOTHING),
    ],
)
def test_a_band_loads_by_where_it_sits(placement: str | None, load: BandLoad) -> None:
    assert band_load(placement) is load


@pytest.mark.parametrize("signal", list(CountedSignal))
def test_a_band_at_the_thighs_is_never_load_on_internal_rotation(signal: CountedSignal) -> None:
    assert not loads_internal_rotation("thighs", signal)
    assert not loads_internal_rotation(None, signal)


def test_only_turning_the_thigh_is_internal_rotation() -> None:
    loaded = {signal for signal in CountedSignal if loads_internal_rotation("ankles", signal)}
    assert loaded == {CountedSignal.HIP_ROTATION, CountedSignal.AXIAL_TURN}


def test_an_unknown_placement_is_an_error() -> None:
    with pytest.raises(ValueError, match="knees"):
        band_load("knees")


def test_shipped_forces_are_those_of_the_maker() -> None:
    given_n = {one.colour: (one.force_100_n, one.force_200_n) for one in LADDER.bands}
    assert list(given_n) == list(MAKER_LB)
    for colour, forces_lb in MAKER_LB.items():
        # The table is rounded to 0.1 N.
        assert given_n[colour] == pytest.approx([N_PER_LB * one for one in forces_lb], abs=0.06)


def test_the_ladder_climbs_from_yellow_to_gold_with_more_force_at_each_step() -> None:
    level: BandLevel | None = LADDER.lightest
    forces_n, colours = [], []
    while level is not None:
        forces_n.append(LADDER.force_n(level))
        colours.append(level.colour)
        level = LADDER.harder(level)
    assert forces_n == sorted(set(forces_n))
    assert list(dict.fromkeys(colours)) == list(MAKER_LB)
    assert colours[0] == "yellow"


LEVELS = st.builds(
    BandLevel,
    st.sampled_from(list(MAKER_LB)),
    st.integers(0, 4).map(lambda steps: 100.0 + 25.0 * steps),
)


@given(LEVELS)
def test_up_is_more_force_and_down_is_less(level: BandLevel) -> None:
    up, down = LADDER.harder(level), LADDER.easier(level)
    here_n = LADDER.force_n(level)
    assert up is None or LADDER.force_n(up) > here_n
    assert down is None or LADDER.force_n(down) < here_n
    assert (up is None) == (level == BandLevel("gold", 200.0))
    assert (down is None) == (level == LADDER.lightest)


@given(LEVELS)
def test_elongation_goes_first_and_stays_within_what_is_known(level: BandLevel) -> None:
    up = LADDER.harder(level)
    if level.elongation_percent < 200.0:
        assert up == BandLevel(level.colour, level.elongation_percent + 25.0)
    for one in (up, LADDER.easier(level)):
        assert one is None or 100.0 <= one.elongation_percent <= 200.0


def test_force_is_on_a_straight_line_between_the_two_known() -> None:
    band = LadderBand("own", 10.0, 16.0)
    assert [band.force_n(one) for one in (100.0, 150.0, 200.0)] == [10.0, 13.0, 16.0]


def test_a_ladder_of_one_band_ends() -> None:
    ladder = BandLadder((LadderBand("own", 10.0, 16.0),), 50.0, 100.0, 200.0)
    assert ladder.harder(BandLevel("own", 200.0)) is None
    assert ladder.easier(BandLevel("own", 150.0)) == BandLevel("own", 100.0)
    assert ladder.easier(BandLevel("own", 100.0)) is None
