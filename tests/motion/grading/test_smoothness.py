"""Spectral arc length against published numbers and against its published procedure, written out plainly."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from motion_samples import known

from tracker.model import FloatArray
from tracker.motion.grading.smoothness import spectral_arc_lengths

RATES_HZ = (50.0, 100.0, 200.0)


def gaussian(rate_hz: float = 100.0) -> FloatArray:
    """The published test vector, exp(-5 t^2) for t from -1 up to, not including, 1."""
    speed: FloatArray = np.exp(-5.0 * np.arange(-1.0, 1.0, 1.0 / rate_hz) ** 2)
    return speed


def minimum_jerk_speed(duration_s: float, rate_hz: float) -> FloatArray:
    """Speed of 30 degrees, deg/s: 30 A/T t^2 (1 - t)^2 (Flash and Hogan 1985)."""
    share = np.arange(0.0, 1.0, 1.0 / (duration_s * rate_hz))
    speed: FloatArray = 30.0 * 30.0 / duration_s * share**2 * (1.0 - share) ** 2
    return speed


def sparc(speed: FloatArray, rate_hz: float = 100.0) -> float:
    """The arc length of one profile."""
    [arc] = spectral_arc_lengths([speed], rate_hz)
    return known(arc)


def plain_sparc(speed: FloatArray, rate_hz: float) -> float:
    """The procedure of Balasubramanian 2015 as its authors give it, step by step."""
    length = 2 ** (math.ceil(math.log2(len(speed))) + 4)
    frequencies = np.arange(length) * rate_hz / length
    magnitude = np.abs(np.fft.fft(speed, length))
    share = magnitude / magnitude.max()
    low = frequencies <= 10.0
    frequencies, share = frequencies[low], share[low]
    enough = np.flatnonzero(share >= 0.05)
    frequencies, share = (part[enough[0] : enough[-1] + 1] for part in (frequencies, share))
    along = np.diff(frequencies) / (frequencies[-1] - frequencies[0])
    return -float(np.sqrt(along**2 + np.diff(share) ** 2).sum())


def test_the_published_vector_gives_the_published_number() -> None:
    """Five decimals are published; 1e-4 leaves room for the fast Fourier transform."""
    assert sparc(gaussian()) == pytest.approx(-1.41403, abs=1e-4)


@pytest.mark.parametrize("duration_s", [0.5, 0.8, 1.5, 2.0, 3.0, 4.0])
def test_a_minimum_jerk_move_is_as_smooth_at_any_rate_and_duration(duration_s: float) -> None:
    """Published: -1.403 to -1.406; within 0.01, as where the spectrum's steps lie depends on the length."""
    arcs = [sparc(minimum_jerk_speed(duration_s, rate_hz), rate_hz) for rate_hz in RATES_HZ]
    assert arcs == pytest.approx([-1.4045] * len(RATES_HZ), abs=0.01)
    # at another rate the steps are the same
    assert max(arcs) - min(arcs) < 1e-4


def test_smoothness_has_no_unit_and_no_direction_of_time() -> None:
    """It is of the spectrum's shape: exact but for rounding of sums of some thousand terms."""
    speed = minimum_jerk_speed(1.5, 100.0) * np.linspace(1.0, 0.2, 150)
    assert sparc(1e-3 * speed) == pytest.approx(sparc(speed), abs=1e-10)
    assert sparc(speed[::-1]) == pytest.approx(sparc(speed), abs=1e-10)


@pytest.mark.parametrize(("hold_s", "published"), [(0.0, -2.29), (2.0, -4.62)])
def test_there_and_back_together_look_rough_and_rougher_with_a_hold(hold_s: float, published: float) -> None:
    """Why phases are graded apart. Published for a tempo that is not told: here 1.5 s a way."""
    way = minimum_jerk_speed(1.5, 100.0)
    both = np.concatenate([way, np.zeros(round(100.0 * hold_s)), way])
    assert sparc(both) == pytest.approx(published, abs=0.05)


def test_tremor_makes_a_movement_less_smooth_the_more_of_it_there_is() -> None:
    way = minimum_jerk_speed(2.0, 100.0)
    tremor = np.sin(2.0 * np.pi * 6.0 * np.arange(len(way)) / 100.0)
    arcs = [sparc(way * (1.0 + size * tremor)) for size in (0.0, 0.3, 0.6, 0.9)]
    assert arcs == sorted(arcs, reverse=True)
    assert arcs[0] - arcs[-1] > 0.3


def test_what_oscillates_faster_than_10_hz_is_not_looked_at() -> None:
    """At 15 Hz over 2 s, the tremor's spectrum has all but vanished at 10."""
    way = minimum_jerk_speed(2.0, 200.0)
    tremor = np.sin(2.0 * np.pi * 15.0 * np.arange(len(way)) / 200.0)
    assert sparc(way * (1.0 + 0.5 * tremor), 200.0) == pytest.approx(sparc(way, 200.0), abs=1e-3)


@st.composite
def profiles(draw: st.DrawFn) -> list[FloatArray]:
    """Speeds of bumps with noise, of lengths from a few samples to some seconds."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    made = []
    for length in draw(st.lists(st.integers(4, 700), min_size=1, max_size=40)):
        bumps = np.sin(np.linspace(0.0, np.pi * rng.integers(1, 4), length)) ** 2
        made.append(bumps + rng.uniform(0.0, 0.5, length) * rng.integers(0, 2))
    return made


@settings(deadline=None, max_examples=60)
@given(profiles(), st.sampled_from([25.0, *RATES_HZ]))
def test_it_is_what_the_published_procedure_gives(made: list[FloatArray], rate_hz: float) -> None:
    found = [known(arc) for arc in spectral_arc_lengths(made, rate_hz)]
    # rounding of sums of some thousand terms
    assert found == pytest.approx([plain_sparc(speed, rate_hz) for speed in made], abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(profiles(), st.sampled_from([25.0, *RATES_HZ]))
def test_many_together_are_what_each_is_alone(made: list[FloatArray], rate_hz: float) -> None:
    """To the last bit, so that grading at another time gives the same repetition."""
    made = [*made, np.zeros(50), np.ones(3)]
    alone = [arc for speed in made for arc in spectral_arc_lengths([speed], rate_hz)]
    assert spectral_arc_lengths(made, rate_hz) == alone
    assert spectral_arc_lengths(made[::-1], rate_hz) == alone[::-1]


@pytest.mark.parametrize("count", [15, 16, 17, 33])
def test_none_of_many_alike_is_left_out(count: int) -> None:
    speeds = [minimum_jerk_speed(1.5, 100.0) * np.linspace(1.0, 0.1 * number, 150) for number in range(count)]
    assert spectral_arc_lengths(speeds, 100.0) == [sparc(speed) for speed in speeds]


def test_what_does_not_move_or_has_no_shape_has_no_smoothness() -> None:
    still, short = np.zeros(100), np.array([0.0, 1.0, 0.0])
    found = spectral_arc_lengths([still, gaussian(), short, np.empty(0)], 100.0)
    assert [arc is None for arc in found] == [True, False, True, True]
    assert spectral_arc_lengths([], 100.0) == []
