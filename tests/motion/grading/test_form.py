"""What a repetition did beside its movement, up to its turning point, and what of that is a fault."""

import math
from collections.abc import Callable
from dataclasses import fields, replace
from typing import get_args

import numpy as np
import pytest
from motion_samples import deg, known, rad

from tracker.model import FloatArray, Form, Side
from tracker.motion.counting.repetitions import RepetitionCounter
from tracker.motion.exercise import CountedSignal, Exercise, FormLimits, LimitName
from tracker.motion.grading.form import FAULTS, Faults, faults_of, form_of
from tracker.motion.grading.grader import Grader
from tracker.motion.parameters import RangeErrorParameters
from tracker.motion.signals.counted_samples import Channel, CountedSamples
from tracker.sensing.body.angles import about_x, about_y, about_z

COUNT = 101
PEAK = 60
UP = np.array([0.0, 1.0, 0.0])
ROTATION, ELEVATION = CountedSignal.HIP_ROTATION, CountedSignal.ELEVATION
ALL_STRICT = get_args(LimitName)
BEYOND = Form(rad(11.0), rad(12.0), rad(13.0), rad(14.0), 0.5)
LIMITS = FormLimits(rad(10.0), rad(10.0), rad(10.0), rad(10.0), 0.25)


def there_and_back(by_deg: float, after_deg: float = 0.0) -> FloatArray:
    """An angle in degrees that goes by an amount up to the turning point, and on to another after it."""
    return np.interp(np.arange(COUNT), [0, PEAK, COUNT - 1], [0.0, by_deg, after_deg])


def samples_of(up: FloatArray | None = None, **degrees: FloatArray) -> CountedSamples:
    """Samples whose channels, by name, are angles in degrees; `up` is that of the pelvis, (N, 3)."""
    samples = CountedSamples.of(np.linspace(0.0, 1.0, COUNT), np.zeros(COUNT))
    for name, values in degrees.items():
        samples.table[Channel[name.upper()]] = np.radians(values)
    if up is not None:
        samples.table[Channel.PELVIS_UP_X : Channel.PELVIS_UP_Z + 1] = up.T
    return samples


def form(signal: CountedSignal, up: FloatArray | None = None, **degrees: FloatArray) -> Form:
    """The form of samples that turn at `PEAK`."""
    return form_of(samples_of(up, **degrees), PEAK, signal)


def test_what_is_not_known_is_not_seen() -> None:
    assert form(ROTATION) == Form()


def test_a_movement_about_an_unknown_axis_has_no_form() -> None:
    assert form(CountedSignal.MOVEMENT, elevation=there_and_back(20.0)) == Form()


@pytest.mark.parametrize("by_deg", [12.0, -12.0])
def test_elevation_is_the_largest_change_either_way_until_the_turning_point(by_deg: float) -> None:
    """What comes after it is no part of it, nor is where the leg began."""
    swing = np.interp(np.arange(COUNT), [0, 30, PEAK, COUNT - 1], [0.0, by_deg, 0.0, 3.0 * by_deg])
    for begin_deg in (0.0, 40.0):
        found = form(ROTATION, elevation=begin_deg + swing)
        assert deg(known(found.elevation_change_rad)) == pytest.approx(12.0, abs=1e-9)


@pytest.mark.parametrize("by_deg", [12.0, -12.0])
def test_heading_is_the_turn_from_the_beginning_to_the_turning_point(by_deg: float) -> None:
    found = form(ROTATION, heading=70.0 + there_and_back(by_deg, 3.0 * by_deg))
    assert deg(known(found.heading_change_rad)) == pytest.approx(12.0, abs=1e-9)


@pytest.mark.parametrize("signal", [one for one in CountedSignal if one is not CountedSignal.MOVEMENT])
def test_rotation_is_looked_at_where_another_angle_is_counted(signal: CountedSignal) -> None:
    found = form(signal, rotation=-25.0 + there_and_back(-12.0)).rotation_change_rad
    if signal in (ROTATION, CountedSignal.KNEE_ROLL):
        assert found is None
    else:
        assert deg(known(found)) == pytest.approx(12.0, abs=1e-9)


@pytest.mark.parametrize("turn", [about_x, about_y, about_z])
def test_the_pelvis_turns_by_the_angle_between_its_directions_of_up(
    turn: Callable[[FloatArray], FloatArray],
) -> None:
    """About any axis across the vertical; about the vertical itself it cannot be seen."""
    there = np.radians(np.interp(np.arange(COUNT), [0, 30, PEAK, COUNT - 1], [0.0, -9.0, 0.0, 50.0]))
    found = form(ROTATION, UP @ turn(there)).pelvis_turn_rad
    # the arc cosine of almost 1 loses half of the digits
    expected_deg = 0.0 if turn is about_y else 9.0
    assert deg(known(found)) == pytest.approx(expected_deg, abs=1e-5)


@pytest.mark.parametrize("place", [0, 20, PEAK])
def test_a_pelvis_that_is_unknown_in_between_has_no_turn(place: int) -> None:
    up = UP @ about_x(np.radians(there_and_back(9.0)))
    up[place] = np.nan
    assert form(ROTATION, up).pelvis_turn_rad is None
    up = UP @ about_x(np.radians(there_and_back(9.0)))
    up[PEAK + 1] = np.nan
    assert deg(known(form(ROTATION, up).pelvis_turn_rad)) == pytest.approx(9.0, abs=1e-5)


@pytest.mark.parametrize(
    ("pelvis_deg", "hip_deg", "share"),
    [(12.0, 18.0, 0.4), (-12.0, 18.0, 0.4), (12.0, -18.0, 0.4), (0.0, 30.0, 0.0), (30.0, 0.0, 1.0)],
)
def test_the_pelvis_has_its_share_of_what_both_turned(
    pelvis_deg: float, hip_deg: float, share: float
) -> None:
    """|pelvis| / (|pelvis| + |hip|) from the beginning to the turning point, whichever way they turn."""
    turns = {
        "pelvis_turn": 5.0 + there_and_back(pelvis_deg, 40.0),
        "rotation": -25.0 + there_and_back(hip_deg, 40.0),
    }
    assert form(ROTATION, **turns).pelvis_share == pytest.approx(share, abs=1e-12)
    assert form(ELEVATION, **turns).pelvis_share is None


def test_nothing_that_turned_has_no_share() -> None:
    still = there_and_back(0.0, 10.0)
    assert form(ROTATION, pelvis_turn=still, rotation=still).pelvis_share is None


def test_the_limits_without_their_unit_are_what_faults_are_named_by() -> None:
    """A limit that has no words, or words without a limit, would never be told."""
    of_limits = {field.name.removesuffix("_rad") for field in fields(FormLimits)} - {"strict"}
    assert set(FAULTS) == set(ALL_STRICT) == of_limits
    assert len(set(FAULTS.values())) == len(FAULTS)


def test_beyond_every_limit_all_faults_are_told_in_words() -> None:
    words = ("leg raised", "leg abducted", "leg rotated", "pelvis turned", "pelvis helped")
    assert faults_of(BEYOND, LIMITS) == Faults(told=words)
    assert faults_of(BEYOND, replace(LIMITS, strict=ALL_STRICT)) == Faults(strict=words)


@pytest.mark.parametrize("name", ALL_STRICT)
def test_a_strict_fault_is_apart_from_those_that_are_told(name: LimitName) -> None:
    found = faults_of(BEYOND, replace(LIMITS, strict=(name,)))
    assert found.strict == (FAULTS[name],)
    assert found.told == tuple(word for word in FAULTS.values() if word != FAULTS[name])


@pytest.mark.parametrize("name", ALL_STRICT)
def test_one_fault_is_told_alone(name: LimitName) -> None:
    field = name if name == "pelvis_share" else f"{name}_rad"
    within = Form(0.0, 0.0, 0.0, 0.0, 0.0)
    found = faults_of(replace(within, **{field: getattr(BEYOND, field)}), LIMITS)
    assert found == Faults(told=(FAULTS[name],))


def test_what_is_at_its_limit_or_not_seen_or_not_looked_at_is_no_fault() -> None:
    at_limit = Form(rad(10.0), rad(10.0), rad(10.0), rad(10.0), 0.25)
    for found, limits in ((at_limit, LIMITS), (Form(), LIMITS), (BEYOND, FormLimits(strict=ALL_STRICT))):
        assert faults_of(found, limits) == Faults()


@pytest.mark.parametrize(
    ("strict", "valid", "reasons"),
    [((), True, ()), (("elevation_change",), False, ("leg raised",))],
)
def test_a_strict_fault_makes_a_repetition_partial_and_a_told_one_only_flags_it(
    strict: tuple[LimitName, ...], valid: bool, reasons: tuple[str, ...]
) -> None:
    """The second of three repetitions raises the leg by 12 degrees, against a limit of 10."""
    time_s = np.arange(0.0, 13.0, 0.01)
    cycle = np.clip((time_s - 1.0) / 4.0, 0.0, 3.0)
    wave = 0.5 - 0.5 * np.cos(2.0 * math.pi * cycle)
    samples = CountedSamples.of(time_s, rad(30.0) * wave)
    samples.table[Channel.ELEVATION] = np.where((cycle >= 1.0) & (cycle < 2.0), rad(12.0) * wave, 0.0)
    limits = FormLimits(elevation_change_rad=rad(10.0), strict=strict)
    grader = Grader(Side.RIGHT, Exercise("waves", form=limits), 0.01, RangeErrorParameters())
    counter = RepetitionCounter(grader)
    closed = counter.feed(samples)
    counter.pause()
    assert [one.valid for one in counter.repetitions] == [True, valid, True]
    assert [one.flags for one in counter.repetitions] == [(), ("leg raised",), ()]
    assert [one.reasons for one in closed] == [(), reasons, ()]
    assert [one.ordinal for one in closed] == ([1, 2, 3] if valid else [1, 1, 2])
    changes_deg = [float(deg(known(one.form.elevation_change_rad))) for one in counter.repetitions]
    assert changes_deg == pytest.approx([0.0, 12.0, 0.0], abs=0.01)
