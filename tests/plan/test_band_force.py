"""Estimated band forces against the maker's table in newtons, and what holds for any band."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.plan.band_force import (
    THERABAND_POUNDS,
    BandStrength,
    elongation_percent,
    estimated_force_n,
    estimated_torque_nm,
    theraband_strength,
)


def theraband(colour: str) -> BandStrength:
    strength = theraband_strength("TheraBand", colour)
    assert strength is not None
    return strength


# The table as it is printed in whole newtons: half a newton is its rounding.
@pytest.mark.parametrize(
    ("colour", "at_100_n", "at_200_n"),
    [
        ("yellow", 13, 19),
        ("red", 16, 24),
        ("green", 20, 30),
        ("blue", 26, 38),
        ("black", 32, 45),
    ],
)
def test_the_table_in_newtons(colour: str, at_100_n: float, at_200_n: float) -> None:
    strength = theraband(colour)
    assert estimated_force_n(strength, 100.0, is_loop=False) == pytest.approx(at_100_n, abs=0.5)
    assert estimated_force_n(strength, 200.0, is_loop=False) == pytest.approx(at_200_n, abs=0.5)


def test_each_colour_is_stronger_than_the_one_before() -> None:
    forces = list(THERABAND_POUNDS.values())
    assert forces == sorted(forces)
    assert list(THERABAND_POUNDS) == ["yellow", "red", "green", "blue", "black", "silver", "gold"]


@pytest.mark.parametrize("brand", ["TheraBand", "Thera-Band", "thera band", "THERABAND"])
def test_one_brand_is_known_however_it_is_written(brand: str) -> None:
    assert theraband_strength(brand, " Red ") == theraband("red")


@pytest.mark.parametrize(("brand", "colour"), [("Decathlon", "red"), ("TheraBand", "pink"), ("", "red")])
def test_colours_of_other_brands_have_no_force(brand: str, colour: str) -> None:
    assert theraband_strength(brand, colour) is None


def test_between_the_table_s_forces_there_are_straight_lines() -> None:
    strength = BandStrength(20.0, 30.0)
    found = [estimated_force_n(strength, percent, is_loop=False) for percent in (0, 50, 100, 150, 200)]
    assert found == [0.0, 10.0, 20.0, 25.0, 30.0]


def test_a_loop_pulls_with_both_strands() -> None:
    assert estimated_force_n(BandStrength(20.0, 30.0), 150.0, is_loop=True) == 50.0


@pytest.mark.parametrize("elongation", [-1.0, 200.1, float("nan"), float("inf")])
def test_outside_the_table_nothing_is_estimated(elongation: float) -> None:
    assert estimated_force_n(BandStrength(20.0, 30.0), elongation, is_loop=False) is None


def test_a_force_that_is_not_known_is_not_estimated() -> None:
    assert estimated_force_n(BandStrength(None, None), 50.0, is_loop=True) is None
    assert estimated_force_n(BandStrength(20.0, None), 50.0, is_loop=False) == 10.0
    assert estimated_force_n(BandStrength(20.0, None), 101.0, is_loop=False) is None


def test_elongation_is_the_length_beyond_rest() -> None:
    assert elongation_percent(0.30, 0.30) == 0.0
    assert elongation_percent(0.30, 0.60) == pytest.approx(100.0)
    assert elongation_percent(0.30, 0.675) == pytest.approx(125.0)
    for rest_m, stretched_m in ((0.0, 0.3), (-0.1, 0.3), (0.3, 0.0), (float("nan"), 0.3)):
        with pytest.raises(ValueError, match="above zero"):
            elongation_percent(rest_m, stretched_m)


# 6.3 and 7.8 N m at the ankle, 3.0 and 3.7 at the forefoot, as published levers give them, to a digit.
@pytest.mark.parametrize(
    ("colour", "placement", "torque_nm"),
    [("red", "ankles", 6.3), ("green", "ankles", 7.8), ("red", "forefeet", 3.0), ("green", "forefeet", 3.7)],
)
def test_turning_moments_of_one_strand_at_100_percent(colour: str, placement: str, torque_nm: float) -> None:
    force_n = estimated_force_n(theraband(colour), 100.0, is_loop=False)
    assert force_n is not None
    assert estimated_torque_nm(force_n, placement) == pytest.approx(torque_nm, abs=0.05)


def test_a_band_round_the_thighs_turns_nothing() -> None:
    assert estimated_torque_nm(100.0, "thighs") == 0.0


def test_no_lever_is_assumed_elsewhere() -> None:
    with pytest.raises(KeyError):
        estimated_torque_nm(10.0, "waist")


@given(
    st.floats(0.1, 500.0),
    st.floats(0.0, 500.0),
    st.floats(0.0, 200.0),
    st.floats(0.0, 200.0),
    st.booleans(),
)
def test_more_elongation_never_pulls_less(
    at_100_n: float, rise_n: float, one: float, other: float, is_loop: bool
) -> None:
    strength = BandStrength(at_100_n, at_100_n + rise_n)
    weaker = estimated_force_n(strength, min(one, other), is_loop=is_loop)
    stronger = estimated_force_n(strength, max(one, other), is_loop=is_loop)
    assert weaker is not None and stronger is not None
    # a rounding of the last digit
    assert weaker <= stronger * (1 + 1e-12)
