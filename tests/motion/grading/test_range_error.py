"""How far off a range may be: against the formulas it is made of, and those against a simulated move."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from motion_samples import deg, known, rad

from tracker.model import Form, Side
from tracker.motion.exercise import CountedSignal, Exercise
from tracker.motion.grading.grader import Grader
from tracker.motion.grading.range_error import RangeOfMove, range_half_width_rad
from tracker.motion.parameters import RangeErrorParameters
from tracker.sensing.body.timeline import minimum_jerk

PARAMETERS = RangeErrorParameters()
NORMAL_95 = 1.959964
NO_OTHER = replace(PARAMETERS, still_sd_rad=0.0, rate_share_s=0.0)
"""Leaves what elevation and gaps bring."""


def peak_dps(rom_deg: float, duration_s: float) -> float:
    """Largest rate of a minimum-jerk move."""
    return 1.875 * rom_deg / duration_s


def half_width_deg(
    rom_deg: float = 30.0,
    rate_dps: float = 0.0,
    *,
    gap_s: float = 0.0,
    elevation_deg: float = 0.0,
    parameters: RangeErrorParameters = PARAMETERS,
) -> float:
    """Half width of the 95 % interval, of a movement that changes the elevation by an angle."""
    move = RangeOfMove(rad(rom_deg), rad(rate_dps), gap_s, rad(elevation_deg))
    return float(deg(range_half_width_rad(move, parameters)))


def test_a_slow_movement_has_the_standard_deviation_of_rest() -> None:
    assert half_width_deg() == pytest.approx(NORMAL_95 * 0.4, rel=1e-6)


@pytest.mark.parametrize("signal", [one for one in CountedSignal if one is not CountedSignal.MOVEMENT])
@pytest.mark.parametrize("raised_deg", [None, 0.0, 45.0])
def test_raising_the_thigh_makes_a_counted_twist_unsure_and_nothing_else(
    signal: CountedSignal, raised_deg: float | None
) -> None:
    """A heel slide raises it by what is counted: that is seen by gravity alone."""
    form = Form(elevation_change_rad=None if raised_deg is None else rad(raised_deg))
    grader = Grader(Side.RIGHT, Exercise("waves", signal), 0.01, PARAMETERS)
    found = grader.range_half_width_rad(rad(45.0), 0.0, 0.0, form)
    raised = raised_deg if signal is CountedSignal.HIP_ROTATION and raised_deg else 0.0
    assert deg(known(found)) == pytest.approx(half_width_deg(45.0, elevation_deg=raised))


def test_a_range_that_is_withheld_has_no_error() -> None:
    grader = Grader(Side.RIGHT, Exercise("waves"), 0.01, PARAMETERS)
    assert grader.range_half_width_rad(None, 1.0, 0.0, Form()) is None


@pytest.mark.parametrize(("rate_dps", "published_deg"), [(200.0, 0.6), (600.0, 1.3)])
def test_the_rate_adds_2_ms_of_it(rate_dps: float, published_deg: float) -> None:
    """Hand-turned sensors against an optical reference: 0.6 to 1.3 degrees from 200 to 600 deg/s."""
    sd_deg = half_width_deg(rate_dps=rate_dps) / NORMAL_95
    assert sd_deg == pytest.approx(math.hypot(0.4, 0.002 * rate_dps), rel=1e-6)
    assert sd_deg == pytest.approx(published_deg, abs=0.05)


@pytest.mark.parametrize("elevation_deg", [2.0, 5.0, 10.0, 15.0])
def test_a_change_of_elevation_adds_the_crosstalk_of_an_abduction_that_is_not_known(
    elevation_deg: float,
) -> None:
    """Abduction is evenly distributed up to 15 degrees. The product is within 3 % of the exact formula."""
    sd_deg = half_width_deg(elevation_deg=elevation_deg, parameters=NO_OTHER) / NORMAL_95
    abduction = rad(15.0 / math.sqrt(3.0))
    flexion = rad(elevation_deg)
    crosstalk = math.atan2(math.sin(flexion) * math.sin(abduction), math.cos(flexion))
    exact_deg = math.degrees(crosstalk)
    assert sd_deg == pytest.approx(exact_deg, rel=0.03)
    together = half_width_deg(rate_dps=100.0, elevation_deg=elevation_deg) / NORMAL_95
    assert together == pytest.approx(math.hypot(0.4, 0.2, sd_deg), rel=1e-6)


def test_no_gap_adds_nothing_whatever_the_movement() -> None:
    for rom_deg in (1.0, 30.0, 120.0):
        assert half_width_deg(rom_deg, 50.0) == half_width_deg(30.0, 50.0)
        assert half_width_deg(rom_deg, 50.0, parameters=NO_OTHER) == 0.0


def test_a_gap_adds_what_it_may_hide_and_what_bridging_it_errs_by() -> None:
    """30 degrees in 1.5 s, 0.25 s missing, by hand.

    The gap may hide 0.17 degrees at the turning point; gravity felt anew errs by 0.63, less than the 0.69
    of interpolated rates.
    """
    hidden = 10.0 * 30.0 * (0.25 / 3.0) ** 3
    interpolated = 5.0 * 30.0 * (0.25 / 1.5) ** 3
    acceleration = 10.0 / math.sqrt(3.0) * rad(30.0) / 1.5**2 * 0.08
    felt_anew = math.degrees(math.atan(acceleration / 9.80665))
    assert (hidden, interpolated, felt_anew) == pytest.approx((0.174, 0.694, 0.628), abs=5e-4)
    sd_deg = math.hypot(0.4, 0.002 * 37.5, math.hypot(hidden, felt_anew) / math.sqrt(3.0))
    assert half_width_deg(30.0, 37.5, gap_s=0.25) == pytest.approx(NORMAL_95 * sd_deg, rel=1e-6)


def test_in_a_short_gap_interpolating_errs_by_less_than_gravity_felt_anew() -> None:
    """0.1 s of the same movement: 0.044 against 0.63 degrees; no more than it can be is charged."""
    hidden, interpolated = 10.0 * 30.0 * (0.1 / 3.0) ** 3, 5.0 * 30.0 * (0.1 / 1.5) ** 3
    sd_deg = math.hypot(hidden, interpolated) / math.sqrt(3.0)
    assert half_width_deg(30.0, 37.5, gap_s=0.1, parameters=NO_OTHER) == pytest.approx(
        NORMAL_95 * sd_deg, rel=1e-6
    )


@pytest.mark.parametrize("signal", [one for one in CountedSignal if one is not CountedSignal.KNEE_ROLL])
def test_what_the_gyroscope_alone_counts_is_not_put_right_by_gravity(signal: CountedSignal) -> None:
    """30 degrees in 1.5 s, 0.6 s missing: interpolated rates err by 9.6 degrees at most, gravity by 0.6."""
    found = Grader(Side.RIGHT, Exercise("waves", signal), 0.01, NO_OTHER).range_half_width_rad(
        rad(30.0), rad(37.5), 0.6, Form()
    )
    hidden, interpolated = 10.0 * 30.0 * 0.2**3, 5.0 * 30.0 * 0.4**3
    summed = signal in (CountedSignal.AXIAL_TURN, CountedSignal.MOVEMENT)
    bridged = interpolated if summed else 0.628
    expected = NORMAL_95 * math.hypot(hidden, bridged) / math.sqrt(3.0)
    assert deg(known(found)) == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize("gap_s", [0.05, 0.1, 0.2])
def test_interpolating_the_rate_of_a_move_errs_by_no_more_than_the_formula_says(gap_s: float) -> None:
    """Simulated at every place of the gap.

    Without a sensor's distance nothing but the turning point is left; with a very large one the
    interpolation is charged.
    """
    rom_deg, duration_s = 30.0, 1.5
    time_s = np.linspace(0.0, duration_s - gap_s, 2001)
    shares = [np.clip((time_s + after_s) / duration_s, 0.0, 1.0) for after_s in (0.0, gap_s)]
    before, after = (rom_deg * minimum_jerk(share) for share in shares)
    rates = [rom_deg / duration_s * 30.0 * share**2 * (1.0 - share) ** 2 for share in shares]
    largest_deg = float(np.abs(after - before - 0.5 * gap_s * (rates[0] + rates[1])).max())
    rate_dps = peak_dps(rom_deg, duration_s)
    far, near = (replace(NO_OTHER, sensor_radius_m=radius_m) for radius_m in (1e6, 0.0))
    of_both, of_hidden = (
        half_width_deg(rom_deg, rate_dps, gap_s=gap_s, parameters=one) / NORMAL_95 * math.sqrt(3.0)
        for one in (far, near)
    )
    bound_deg = math.sqrt(of_both**2 - of_hidden**2)
    # the formula is the first term; the whole error is that of a gap right after the move's begin
    share = gap_s / duration_s
    assert largest_deg == pytest.approx(bound_deg * (1.0 - 3.0 * share + 1.8 * share**2), rel=1e-9)


@pytest.mark.parametrize("gap_s", [0.05, 0.2, 0.5])
def test_a_gap_at_the_turning_point_hides_no_more_than_the_formula_says(gap_s: float) -> None:
    """There and back in 1.5 s each; the gap may lie anywhere over the turning point."""
    rom_deg, duration_s = 30.0, 1.5
    time_s = np.arange(0.0, 2.0 * duration_s, 0.001)
    angle_deg = rom_deg * minimum_jerk(1.0 - np.abs(time_s / duration_s - 1.0))
    hidden_deg = max(
        rom_deg - float(angle_deg[(time_s < begin_s + 1e-9) | (time_s > begin_s + gap_s - 1e-9)].max())
        for begin_s in np.linspace(duration_s - gap_s, duration_s, 51).tolist()
    )
    bound_deg = half_width_deg(
        rom_deg,
        peak_dps(rom_deg, duration_s),
        gap_s=gap_s,
        parameters=replace(NO_OTHER, sensor_radius_m=0.0),
    )
    bound_deg *= math.sqrt(3.0) / NORMAL_95
    # the formula is the first term; most is hidden where the turning point is in the middle
    share = 0.5 * gap_s / duration_s
    assert hidden_deg == pytest.approx(bound_deg * (1.0 - 1.5 * share + 0.6 * share**2), rel=1e-6)


def test_a_gap_cannot_hide_more_than_the_whole_movement() -> None:
    nothing_else = replace(NO_OTHER, sensor_radius_m=0.0)
    whole = NORMAL_95 * 30.0 / math.sqrt(3.0)
    for gap_s in (3.0, 60.0):
        found = half_width_deg(30.0, 37.5, gap_s=gap_s, parameters=nothing_else)
        assert found == pytest.approx(whole, rel=1e-6)


moves = st.tuples(st.floats(1.0, 100.0), st.floats(1.0, 600.0), st.floats(0.01, 3.0), st.floats(0.0, 30.0))


@given(moves, st.sampled_from(["rate", "gap", "elevation"]), st.floats(1.01, 3.0))
def test_more_of_anything_never_makes_a_range_surer(
    move: tuple[float, float, float, float], what: str, factor: float
) -> None:
    rom_deg, rate_dps, gap_s, elevation_deg = move
    less = half_width_deg(rom_deg, rate_dps, gap_s=gap_s, elevation_deg=elevation_deg)
    more = half_width_deg(
        rom_deg,
        rate_dps * (factor if what == "rate" else 1.0),
        gap_s=gap_s * (factor if what == "gap" else 1.0),
        elevation_deg=elevation_deg * (factor if what == "elevation" else 1.0),
    )
    assert more >= less * (1.0 - 1e-12)
    assert less > half_width_deg(rom_deg, rate_dps, elevation_deg=elevation_deg) * (1.0 - 1e-12)


@given(st.floats(1.0, 600.0), st.floats(0.0, 30.0), st.floats(1.1, 3.0))
def test_rate_and_elevation_each_add(rate_dps: float, elevation_deg: float, factor: float) -> None:
    found = half_width_deg(rate_dps=rate_dps, elevation_deg=elevation_deg)
    assert half_width_deg(rate_dps=factor * rate_dps, elevation_deg=elevation_deg) > found
    assert half_width_deg(rate_dps=rate_dps, elevation_deg=elevation_deg + factor) > found
