"""Counting on signals from formulas: what counts, what is partial, gaps, and that cutting changes nothing."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from motion_samples import deg, known, rad

from tracker.model import BoolArray, FloatArray, Repetition, Side
from tracker.motion.counting.closed import RepetitionClosed
from tracker.motion.counting.repetitions import RepetitionCounter
from tracker.motion.exercise import CountingRule, Exercise, FormLimits
from tracker.motion.grading.grader import Grader
from tracker.motion.parameters import RangeErrorParameters
from tracker.motion.signals.counted_samples import Channel, CountedSamples
from tracker.sensing.body.timeline import minimum_jerk

RULE = CountingRule()
RATE_HZ = 100.0


def knots(*points: tuple[float, float], rate_hz: float = RATE_HZ) -> tuple[FloatArray, FloatArray]:
    """Time and signal (rad) of minimum-jerk moves through points of time in s and angle in degrees."""
    time_s = np.arange(points[0][0], points[-1][0], 1.0 / rate_hz)
    signal = np.full(len(time_s), rad(points[0][1]))
    for (start_s, from_deg), (end_s, to_deg) in pairwise(points):
        share = minimum_jerk(np.clip((time_s - start_s) / (end_s - start_s), 0.0, 1.0))
        signal += share * rad(to_deg - from_deg)
    return time_s, signal


def waves(
    roms_deg: Sequence[float], move_s: float = 1.0, hold_s: float = 0.3, pause_s: float = 0.7
) -> tuple[FloatArray, FloatArray]:
    """Repetitions from zero, one after the other."""
    points, now_s = [(0.0, 0.0), (1.0, 0.0)], 1.0
    for rom_deg in roms_deg:
        for last_s, to_deg in ((move_s, rom_deg), (hold_s, rom_deg), (move_s, 0.0), (pause_s, 0.0)):
            now_s += last_s
            points.append((now_s, to_deg))
    return knots(*points, (now_s + 1.0, 0.0))


def counter_of(side: Side = Side.RIGHT, rule: CountingRule = RULE) -> RepetitionCounter:
    """A counter of one leg."""
    return RepetitionCounter(
        Grader(side, Exercise("waves", rule=rule), 1.0 / RATE_HZ, RangeErrorParameters())
    )


class Counted:
    """A counter that took a signal, with all that it told."""

    def __init__(
        self, time_s: FloatArray, signal: FloatArray, cuts: Sequence[int] = (), rule: CountingRule = RULE
    ) -> None:
        counter = counter_of(rule=rule)
        self.closed: list[RepetitionClosed] = []
        for start, stop in pairwise([0, *sorted(cuts), len(time_s)]):
            part = slice(start, stop)
            self.closed += counter.feed(CountedSamples.of(time_s[part], signal[part]))
        counter.pause()
        self.closed += counter.take_announced()
        self.repetitions: tuple[Repetition, ...] = counter.repetitions

    @property
    def counts(self) -> tuple[int, int]:
        """Valid and partial repetitions."""
        valid = sum(one.valid for one in self.repetitions)
        return valid, len(self.repetitions) - valid

    @property
    def roms_deg(self) -> list[float]:
        """Ranges of motion."""
        return [float(deg(known(one.rom_rad))) for one in self.repetitions]


def test_ten_repetitions_are_ten_with_their_range_of_motion() -> None:
    counted = Counted(*waves([30.0] * 10))
    assert counted.counts == (10, 0)
    assert counted.roms_deg == pytest.approx([30.0] * 10, abs=1e-6)


@pytest.mark.parametrize(
    ("roms_deg", "expected"),
    [
        ([30.0] * 8 + [10.0] * 3, (8, 3)),
        ([10.0, 30.0, 10.0, 30.0, 10.0], (2, 3)),
        ([15.1, 14.9], (1, 1)),
        ([6.5, 6.0], (0, 1)),
        ([30.0, 4.0, 30.0], (2, 0)),
        (np.linspace(30.0, 8.0, 12).tolist(), (8, 4)),
        ([120.0], (0, 1)),
        ([], (0, 0)),
    ],
    ids=["8 and 3", "between", "valid from 15", "kept from 6.25", "twitch", "fade", "too large", "nothing"],
)
def test_valid_and_partial(roms_deg: list[float], expected: tuple[int, int]) -> None:
    """Valid from 0.6 of 25 degrees, kept from 0.25 of them, at most 100."""
    counted = Counted(*waves(roms_deg))
    assert counted.counts == expected
    for one in counted.repetitions:
        assert one.valid is (not one.flags)


@pytest.mark.parametrize(("dip", "expected"), [(0.6, 8), (0.4, 16)])
def test_a_double_peak_counts_once_unless_it_falls_by_the_prominence(dip: float, expected: int) -> None:
    """Dips of 12 and 18 degrees around the prominence of 12.5."""
    points, now_s = [(0.0, 0.0), (1.0, 0.0)], 1.0
    for _ in range(8):
        for share in (1.0, dip, 1.0, 0.0):
            now_s += 0.8
            points.append((now_s, 30.0 * share))
    assert Counted(*knots(*points, (now_s + 1.0, 0.0))).counts == (expected, 0)


def test_pulses_without_full_return_count_each() -> None:
    points, now_s = [(0.0, 0.0), (1.0, 0.0)], 1.0
    for number in range(10):
        points += [(now_s + 0.8, 30.0), (now_s + 1.6, 9.0 if number < 9 else 0.0)]
        now_s += 1.6
    counted = Counted(*knots(*points, (now_s + 1.0, 0.0)))
    assert counted.counts == (10, 0)
    assert counted.roms_deg == pytest.approx([30.0] + [21.0] * 9, abs=0.01)


def test_holds_pauses_and_tempo_do_not_matter() -> None:
    for move_s, hold_s, pause_s in ((1.5, 8.0, 0.5), (0.6, 0.01, 0.01), (3.0, 0.3, 20.0), (10.0, 1.0, 1.0)):
        counted = Counted(*waves([30.0] * 5, move_s, hold_s, pause_s))
        assert counted.counts == (5, 0), (move_s, hold_s, pause_s)


def test_what_takes_too_long_is_no_repetition() -> None:
    """Half of the way back is done after 5 + 12 + 2.5 s: more than 16."""
    [one] = Counted(*waves([30.0], 5.0, 12.0)).repetitions
    assert (one.valid, one.flags) == (False, ("too long",))


def test_a_jerk_is_too_short_to_be_a_repetition() -> None:
    [one] = Counted(*waves([30.0], 0.15, 0.01)).repetitions
    assert (one.valid, one.flags) == (False, ("too short",))


@pytest.mark.parametrize("drift_deg", [-15.0, 30.0])
def test_drift_over_the_set_leaves_the_count_alone(drift_deg: float) -> None:
    time_s, signal = waves([30.0] * 12)
    drifting = signal + rad(drift_deg) * time_s / time_s[-1]
    assert Counted(time_s, drifting).counts == (12, 0)


@pytest.mark.parametrize("move_s", [1.0, 2.0, 3.0])
def test_phases_are_shortened_by_the_threshold_as_the_formula_says(move_s: float) -> None:
    """T' = T sqrt(1 - sqrt(limit / peak)) of a minimum-jerk move; published: 30 degrees in 2 s, 1.64 s."""
    hold_s = 1.0
    [one] = Counted(*waves([30.0], move_s, hold_s)).repetitions
    peak_dps = 1.875 * 30.0 / move_s
    limit_dps = max(3.0, 0.05 * peak_dps)
    shortened_s = move_s * math.sqrt(1.0 - math.sqrt(limit_dps / peak_dps))
    cut_off = float(minimum_jerk(np.array((1.0 - shortened_s / move_s) / 2.0)))
    mean_dps = 30.0 * (1.0 - 2.0 * cut_off) / shortened_s
    # a phase is cut at samples: one interval at each end
    assert one.concentric_s == pytest.approx(shortened_s, abs=0.02)
    assert one.eccentric_s == pytest.approx(shortened_s, abs=0.02)
    assert one.hold_s == pytest.approx(hold_s + move_s - shortened_s, abs=0.02)
    assert one.peak_s == pytest.approx(1.0 + move_s + hold_s / 2, abs=0.02)
    assert deg(known(one.peak_velocity_rad_per_s)) == pytest.approx(peak_dps, rel=0.002)
    assert deg(known(one.mean_velocity_rad_per_s)) == pytest.approx(mean_dps, rel=0.02)
    assert deg(one.phase_rate_rad_per_s) == pytest.approx(limit_dps, rel=0.002)
    if move_s == 2.0:
        assert round(shortened_s, 2) == 1.64


def test_it_is_announced_when_the_way_back_has_reached_the_prominence() -> None:
    time_s, signal = waves([30.0])
    [closed] = Counted(time_s, signal).closed
    back = (signal <= rad(30.0 - 12.5) + 1e-12) & (time_s > 2.0)
    assert closed.time_s == pytest.approx(time_s[np.argmax(back)], abs=1.5 / RATE_HZ)
    assert (closed.valid, closed.ordinal) == (True, 1)
    # long before the movement ends
    assert closed.time_s < 1.0 + 1.0 + 0.3 + 1.0 - 0.3


def test_a_set_that_ends_in_a_movement_counts_only_what_has_turned_back() -> None:
    time_s, signal = waves([30.0] * 2)
    second_s = 1.0 + 3.0
    for end_s, expected in ((second_s + 1.2, 1), (second_s + 1.9, 2)):
        before = time_s < end_s
        assert Counted(time_s[before], signal[before]).counts == (expected, 0)


def test_saturated_samples_mark_their_repetition_alone() -> None:
    time_s, signal = waves([30.0] * 3)
    counter = counter_of(Side.LEFT)
    closed = counter.feed(CountedSamples.of(time_s, signal, (time_s > 4.5) & (time_s < 4.6)))
    counter.pause()
    assert [one.flags for one in counter.repetitions] == [(), ("saturated",), ()]
    for told in (closed, counter.repetitions):
        assert [one.rom_rad is None for one in told] == [False, True, False]
    withheld = counter.repetitions[1]
    assert withheld.rom_uncertainty_rad is None
    assert withheld.peak_velocity_rad_per_s is withheld.mean_velocity_rad_per_s is None


def without(time_s: FloatArray, start_s: float, end_s: float) -> BoolArray:
    """Which samples are left outside a gap."""
    left: BoolArray = (time_s < start_s) | (time_s >= end_s)
    return left


@pytest.mark.parametrize("gap_s", [0.5, 1.0, 1.9])
def test_a_gap_that_is_kept_marks_the_repetition_that_it_lies_in(gap_s: float) -> None:
    time_s, signal = waves([30.0] * 4, 1.5, 0.5)
    begin_s = 1.0 + 4.2 + 1.3
    left = without(time_s, begin_s, begin_s + gap_s)
    counted = Counted(time_s[left], signal[left])
    assert counted.counts == (4, 0)
    assert [one.flags for one in counted.repetitions] == [(), ("gap",), (), ()]


@pytest.mark.parametrize("begin_s", np.arange(1.0, 9.0, 0.25).tolist())
@pytest.mark.parametrize("gap_s", [2.1, 3.5, 6.0])
def test_a_long_gap_never_makes_repetitions_and_marks_those_that_it_cuts(
    begin_s: float, gap_s: float
) -> None:
    time_s, signal = waves([30.0] * 6, 1.5, 0.5)
    period_s = 4.2
    left = without(time_s, begin_s, begin_s + gap_s)
    counted = Counted(time_s[left], signal[left])
    unseen = [
        number
        for number in range(6)
        if 1.0 + number * period_s < begin_s + gap_s and begin_s < 1.0 + number * period_s + 3.5
    ]
    valid, partial = counted.counts
    assert 6 - len(unseen) <= valid + partial <= 6
    for one in counted.repetitions:
        cut = one.start_s < begin_s + gap_s + 0.02 and one.end_s > begin_s - 0.02
        whole = one.rom_rad == pytest.approx(rad(30.0), abs=rad(0.1))
        assert whole or "gap" in one.flags
        if cut and not whole:
            assert "gap" in one.flags


RESTING = (
    (0.0, 0.0),
    (1.0, 0.0),
    (2.0, 25.0),
    (3.0, 0.3),
    (9.0, 0.3),
    (14.0, 0.5),
    (15.0, 25.0),
    (16.0, 0.5),
    (18.0, 0.5),
)
"""Two repetitions from 1 and 14 s on with a rest between them that creeps up from 9 s on."""


def counted_samples(
    time_s: FloatArray, signal: FloatArray, *, without_s: tuple[float, float] = (0.0, 0.0)
) -> CountedSamples:
    """Samples of which a stretch is missing."""
    kept = (time_s < without_s[0]) | (time_s >= without_s[1])
    return CountedSamples.of(time_s[kept], signal[kept])


def repetitions_of(samples: CountedSamples, counter: RepetitionCounter) -> tuple[Repetition, ...]:
    """What a counter makes of samples and an end."""
    counter.feed(samples)
    counter.pause()
    return counter.repetitions


@pytest.mark.parametrize("without_s", [(5.0, 5.5), (8.0, 8.5), (5.0, 8.0)])
def test_what_is_missing_in_the_rest_between_repetitions_spoils_none(without_s: tuple[float, float]) -> None:
    samples = counted_samples(*knots(*RESTING), without_s=without_s)
    found = repetitions_of(samples, counter_of())
    assert [(one.valid, one.flags) for one in found] == [(True, ()), (True, ())]


@pytest.mark.parametrize("without_s", [(1.1, 1.4), (2.6, 3.2), (13.8, 14.3)])
def test_what_hides_the_beginning_or_the_end_of_one_spoils_that_one(without_s: tuple[float, float]) -> None:
    samples = counted_samples(*knots(*RESTING), without_s=without_s)
    found = repetitions_of(samples, counter_of())
    late = without_s[0] > 10.0
    assert [one.flags for one in found] == [(() if late else ("gap",)), (("gap",) if late else ())]


def test_what_the_sensor_shows_in_the_rest_is_no_part_of_a_repetition() -> None:
    """A raised knee, a turned pelvis or the end of the sensor's range, three seconds before it begins."""
    time_s, signal = knots(*RESTING)
    samples = CountedSamples.of(time_s, signal)
    samples.table[Channel.SATURATED, (time_s > 9.5) & (time_s < 9.6)] = 1.0
    samples.table[Channel.ELEVATION] = np.where(time_s > 11.0, rad(12.0), 0.0)
    limits = FormLimits(elevation_change_rad=rad(10.0), strict=("elevation_change",))
    exercise = Exercise("waves", rule=RULE, form=limits)
    grader = Grader(Side.RIGHT, exercise, 1.0 / RATE_HZ, RangeErrorParameters())
    found = repetitions_of(samples, RepetitionCounter(grader))
    assert [(one.valid, one.flags) for one in found] == [(True, ()), (True, ())]
    assert [one.form and one.form.elevation_change_rad for one in found] == [0.0, 0.0]


@pytest.mark.parametrize("creep_deg", [1.0, 4.0, 8.0])
def test_a_leg_that_creeps_for_half_a_minute_before_it_moves_is_not_too_long(creep_deg: float) -> None:
    """Beyond a tenth of the range, where the bottom ends."""
    counted = Counted(
        *knots((0.0, 0.0), (30.0, creep_deg), (31.0, 28.0), (32.0, creep_deg), (33.0, creep_deg))
    )
    assert counted.counts == (1, 0)


@pytest.mark.parametrize("own_range_deg", [25.0, 8.0, 7.0, 5.0])
def test_twitches_are_not_counted_however_small_the_persons_own_range_is(own_range_deg: float) -> None:
    """Breathing and twitches reach 4 degrees, and nothing below 5 is kept."""
    rule = CountingRule(reference_rom_rad=rad(own_range_deg))
    assert Counted(*waves([4.4] * 5), rule=rule).counts == (0, 0)
    assert Counted(*waves([max(own_range_deg, 6.0)] * 3), rule=rule).counts == (3, 0)


def test_a_pause_of_the_counter_ends_the_run_without_a_gap() -> None:
    """As when the pose is left: what was counted stays and is whole."""
    time_s, signal = waves([30.0] * 3)
    counter = counter_of()
    counter.feed(CountedSamples.of(time_s[:350], signal[:350]))
    counter.pause()
    counter.feed(CountedSamples.of(time_s[350:], signal[350:]))
    counter.pause()
    assert [one.valid for one in counter.repetitions] == [True] * 3
    assert not any("gap" in one.flags for one in counter.repetitions)


def test_memory_stays_flat_over_a_long_set() -> None:
    time_s, signal = waves([30.0] * 20)
    counter = counter_of()
    sizes = []
    for round_number in range(30):
        counter.feed(CountedSamples.of(time_s + round_number * (time_s[-1] + 0.01), signal))
        sizes.append(counter._history._table.shape[1])
    # buffers grow to twice what they must hold
    assert max(sizes) <= 3 * len(time_s)
    assert sum(one.valid for one in counter.repetitions) == 30 * 20 - 1


def test_memory_stays_flat_in_a_long_rest_that_creeps() -> None:
    time_s, signal = knots((0.0, 0.0), (600.0, 2.0), (601.0, 30.0), (602.0, 2.0), (603.0, 2.0))
    counter = counter_of()
    for start in range(0, 60000, 50):
        part = slice(start, start + 50)
        counter.feed(CountedSamples.of(time_s[part], signal[part]))
    longest_s = RULE.maximum_duration_s + 1.0
    assert counter._history.stop - counter._history.first <= longest_s * RATE_HZ
    assert len(repetitions_of(CountedSamples.of(time_s[60000:], signal[60000:]), counter)) == 1


@pytest.mark.parametrize("stays_s", [5.0, 20.0, 90.0])
@pytest.mark.parametrize("chunk", [10, 500, 100_000])
def test_a_small_movement_that_stays_for_long_is_partial_all_the_same(stays_s: float, chunk: int) -> None:
    """Seven degrees, kept for a while, before a whole repetition: longer than what a rise may reach back."""
    points = [(0.0, 0.0), (30.0, 0.0), (31.0, 7.0), (31.0 + stays_s, 7.0), (32.0 + stays_s, 0.0)]
    after_s = 34.0 + stays_s
    time_s, signal = knots(
        *points, (after_s, 0.0), (after_s + 1, 30.0), (after_s + 2, 0.0), (after_s + 3, 0.0)
    )
    counted = Counted(time_s, signal, range(chunk, len(time_s), chunk))
    assert counted.counts == (1, 1)
    assert counted.roms_deg == pytest.approx([7.0, 30.0], abs=0.1)


@st.composite
def signals(draw: st.DrawFn) -> tuple[FloatArray, FloatArray]:
    """Movements through random turning points at random tempo, with noise, gaps and pauses of all lengths."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    count = draw(st.integers(1, 14))
    angles = rng.choice([0.0, 3.0, 7.0, 10.0, 13.0, 20.0, 30.0, 110.0], count + 1, p=[0.3] + [0.1] * 7)
    # some stay for longer than a rise may reach back
    moments = np.cumsum(rng.uniform(0.1, 1.5, count + 1) * rng.choice([1.0, 1.0, 1.0, 20.0], count + 1))
    time_s, signal = knots(*zip(moments.tolist(), angles.tolist(), strict=True), rate_hz=25.0)
    signal = signal + rng.normal(0.0, rad(draw(st.sampled_from([0.0, 0.05, 1.0]))), len(signal))
    for _ in range(draw(st.integers(0, 2))):
        time_s = time_s + np.where(
            np.arange(len(time_s)) > rng.integers(0, len(time_s)), rng.choice([0.1, 1.0, 3.0]), 0.0
        )
    return time_s, signal


@settings(deadline=None, max_examples=150)
@given(signals(), st.lists(st.integers(0, 500), max_size=10))
def test_any_cutting_gives_the_same_events_and_repetitions(
    made: tuple[FloatArray, FloatArray], cuts: list[int]
) -> None:
    time_s, signal = made
    whole = Counted(time_s, signal)
    cut = Counted(time_s, signal, [min(one, len(time_s)) for one in cuts])
    assert cut.closed == whole.closed
    assert cut.repetitions == whole.repetitions


@settings(deadline=None, max_examples=150)
@given(signals())
def test_what_was_announced_stays_true(made: tuple[FloatArray, FloatArray]) -> None:
    counted = Counted(*made)
    announced = sorted((known(one.rom_rad), one.valid) for one in counted.closed)
    assert announced == sorted((known(one.rom_rad), one.valid) for one in counted.repetitions)
    valid = 0
    for one in counted.closed:
        valid += one.valid
        assert one.ordinal == valid


@settings(deadline=None, max_examples=150)
@given(signals())
def test_repetitions_are_in_order_apart_and_add_up(made: tuple[FloatArray, FloatArray]) -> None:
    counted = Counted(*made)
    for one in counted.repetitions:
        assert one.start_s <= one.peak_s <= one.end_s
        assert one.concentric_s + one.hold_s + one.eccentric_s == pytest.approx(one.end_s - one.start_s)
        assert min(one.concentric_s, one.hold_s, one.eccentric_s) >= 0.0
        assert known(one.rom_rad) >= rad(6.25)
        assert one.valid is not bool(
            {"too small", "too short", "too long", "implausibly large"} & set(one.flags)
        )
        assert made[0][0] <= one.start_s
        assert one.end_s <= made[0][-1]
    for before, after in pairwise(counted.repetitions):
        assert before.end_s <= after.start_s + 1e-9
