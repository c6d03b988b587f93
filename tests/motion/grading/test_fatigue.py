"""What changes over a set, from repetitions made of numbers; slopes against another program's."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_repetitions import repetition, set_of
from scipy import stats

from tracker.motion.grading.fatigue import SetTrend, set_trend

PERCENT = 1e-9
"""Rounding of a handful of operations on some tens of percent."""

some_values = st.lists(st.floats(5.0, 100.0), min_size=4, max_size=15)


def trend(
    roms_deg: Sequence[float],
    *,
    peaks_dps: Sequence[float] | None = None,
    durations_s: Sequence[float] | None = None,
) -> SetTrend:
    """The changes over repetitions of these ranges; rates and durations are the same unless given."""
    peaks = peaks_dps or [40.0] * len(roms_deg)
    lasts = durations_s or [3.0] * len(roms_deg)
    found = set_trend(
        set_of(
            [
                repetition(10.0 * number, duration_s, rom_deg, peak_dps=peak)
                for number, (rom_deg, peak, duration_s) in enumerate(zip(roms_deg, peaks, lasts, strict=True))
            ]
        )
    )
    assert found is not None
    return found


def test_a_steady_set_changes_by_nothing() -> None:
    found = trend([30.0] * 8)
    assert found == SetTrend(0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("step_deg", [-1.0, 0.5])
def test_a_range_that_changes_evenly_has_that_slope_in_its_median(step_deg: float) -> None:
    roms_deg = [30.0 + step_deg * number for number in range(9)]
    assert trend(roms_deg).rom_slope_percent == pytest.approx(
        100.0 * step_deg / (30.0 + 4 * step_deg), abs=PERCENT
    )


def test_one_repetition_that_is_far_off_does_not_bend_the_slope() -> None:
    """Nine ranges that fall by a degree each, one of them at 60: 28 of 36 pairs still fall by that."""
    roms_deg = [30.0 - number for number in range(9)]
    roms_deg[2] = 60.0
    assert trend(roms_deg).rom_slope_percent == pytest.approx(-100.0 / 26.0, abs=PERCENT)


@given(some_values)
def test_slopes_are_those_of_theil_and_sen(values: list[float]) -> None:
    """As another implementation of the estimator has them, in the median."""
    middle = float(stats.scoreatpercentile(values, 50))
    expected = 100.0 * float(stats.theilslopes(values).slope) / middle
    assert trend(values).rom_slope_percent == pytest.approx(expected, rel=1e-6, abs=1e-6)
    slower = trend([30.0] * len(values), durations_s=values)
    assert slower.duration_slope_percent == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_a_tempo_that_slows_down_is_positive() -> None:
    found = trend([30.0] * 5, durations_s=[2.0, 2.1, 2.2, 2.3, 2.4])
    assert found.duration_slope_percent == pytest.approx(100.0 * 0.1 / 2.2, abs=PERCENT)
    assert found.rom_slope_percent == 0.0


def test_the_loss_is_that_of_the_last_two_against_the_best() -> None:
    """30 degrees at best, 24 and 21 in the end; 50 deg/s at best, 45 and 40 in the end."""
    found = trend([28.0, 30.0, 27.0, 24.0, 21.0], peaks_dps=[50.0, 48.0, 46.0, 45.0, 40.0])
    assert found.rom_loss_percent == pytest.approx(100.0 * (30.0 - 22.5) / 30.0, abs=PERCENT)
    assert found.velocity_loss_percent == pytest.approx(100.0 * (50.0 - 42.5) / 50.0, abs=PERCENT)


@given(some_values)
def test_no_set_loses_less_than_nothing_or_more_than_all(values: list[float]) -> None:
    found = trend(values, peaks_dps=values[::-1])
    for loss in (found.rom_loss_percent, found.velocity_loss_percent):
        assert -1e-9 <= loss < 100.0


def test_an_uneven_tempo_is_told_by_its_standard_deviation_in_the_mean() -> None:
    """2 and 4 s in turn: a standard deviation of 1 s around 3 s."""
    found = trend([30.0] * 6, durations_s=[2.0, 4.0] * 3)
    assert found.duration_cv_percent == pytest.approx(100.0 / 3.0, abs=PERCENT)


@given(some_values)
def test_the_scatter_of_the_tempo_is_that_of_all_repetitions(values: list[float]) -> None:
    found = trend([30.0] * len(values), durations_s=values)
    assert found.duration_cv_percent == pytest.approx(
        100.0 * float(stats.variation(values)), rel=1e-6, abs=1e-6
    )


def test_fewer_than_four_repetitions_tell_no_change() -> None:
    for count in range(4):
        assert set_trend(set_of([repetition(5.0 * number) for number in range(count)])) is None


def test_only_valid_repetitions_whose_range_is_known_are_looked_at() -> None:
    good = [repetition(10.0 * number, rom_deg=30.0 - number) for number in range(4)]
    beside = [
        repetition(2.0, 9.0, 5.0, valid=False),
        repetition(12.0, 9.0, None),
        repetition(22.0, 9.0, 80.0, peak_dps=None),
    ]
    mixed = sorted([*good, *beside], key=lambda one: one.start_s)
    assert set_trend(set_of(mixed)) == set_trend(set_of(good))
    assert set_trend(set_of([*good[:3], *beside])) is None
