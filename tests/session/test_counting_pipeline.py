"""Counting from simulated sensors through the whole pipeline."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from motion_samples import known
from pipeline_bench import (
    EXERCISES,
    LEFT,
    PELVIS,
    RIGHT,
    THIGHS,
    Run,
    lying,
    rad,
    run_blocks,
    run_session,
    set_marks,
    simulated_blocks,
    without,
    worn,
)

from tracker.model import ExerciseSet, PhaseKind, Placement, Side
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.script import BodyScript
from tracker.session.set_counter import GAP, NOT_IN_POSE

SIDES = (Side.LEFT, Side.RIGHT)
TEMPO = Tempo(1.5, 0.5, 1.5, 0.5)
PERIOD_S = 4.0
NOISY = MemsModel(seed=7)
OFFSET = (rad(0.3),) * 3
"""0.3 deg/s on every axis of the gyroscope."""


def scripted(roms_deg: Sequence[float], tempo: Tempo = TEMPO) -> BodyScript:
    """Poses, then a set of both legs from 25 degrees outward."""
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    script.repetitions([rad(one) for one in roms_deg], tempo, still_before_s=2.0, still_after_s=1.0)
    return script.build()


def through(*angles_deg: float, move_s: float = 1.0) -> tuple[BodyScript, float]:
    """Poses, rest 25 degrees outward, moves of both legs from there by angles; and where the rest begins."""
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    start_s = script.now_s
    script.hold(2.0)
    for angle_deg in angles_deg:
        script.relax(rad(angle_deg - 25.0), rad(angle_deg - 25.0), move_s).hold(0.02)
    return script.hold(1.0).build(), start_s


def counted(script: BodyScript, start_s: float, placements: Sequence[Placement] = THIGHS) -> Run:
    """A run with one set from a time to the script's end."""
    blocks = simulated_blocks(worn(script, placements, mems=NOISY))
    return run_blocks(blocks, [*script.marks(), *set_marks(start_s, script.duration_s)])


def counts(done: ExerciseSet) -> tuple[int, int]:
    """Valid and partial repetitions."""
    return done.valid_reps, done.partial_reps


def roms_deg(done: ExerciseSet) -> list[float]:
    """Ranges of motion."""
    return [math.degrees(known(one.rom_rad)) for one in done.repetitions]


def set_start_s(script: BodyScript) -> float:
    """Where the script's set begins."""
    return next(phase.start_s for phase in script.phases if phase.kind is PhaseKind.SET)


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 100.0, 200.0])
def test_ten_repetitions_are_counted_at_every_rate_with_an_offset_of_the_gyroscope(rate_hz: float) -> None:
    mems = MemsModel(gyroscope_bias_rad_per_s=OFFSET, bandwidth_hz=rate_hz / 2, seed=3)
    script = scripted([30.0] * 10)
    run = run_session(worn(script, mems=mems), rate_hz=rate_hz)
    for side in SIDES:
        done = run.set(side)
        assert (*counts(done), done.flags) == (10, 0, ())
        # published: offset times time constant 0.24, noise, peak 0.04
        assert roms_deg(done) == pytest.approx([30.0] * 10, abs=0.5)
        for one, true in zip(done.repetitions, script.repetitions_of(side), strict=True):
            # phases are cut at 3 deg/s, later than the script's ends and earlier than its beginnings
            shortened_s = 1.5 * math.sqrt(1.0 - math.sqrt(3.0 / (1.875 * 30.0 / 1.5)))
            assert one.concentric_s == pytest.approx(shortened_s, abs=0.05 + 1.0 / rate_hz)
            assert one.eccentric_s == pytest.approx(shortened_s, abs=0.05 + 1.0 / rate_hz)
            assert one.peak_s == pytest.approx(true.peak_s + 0.25, abs=0.05 + 1.0 / rate_hz)
            assert one.flags == ()


def test_counting_does_not_depend_on_how_the_sensors_were_strapped_on() -> None:
    script = scripted([30.0] * 3 + [10.0])
    for number in range(5):
        rng = np.random.default_rng([13, number])
        tilts = rng.normal(0.0, rad(4.0), (3, 3))
        mountings = {
            LEFT: Mounting.strapped(float(rng.uniform(-np.pi, np.pi)), tilts[0]),
            RIGHT: Mounting.strapped(float(rng.uniform(-np.pi, np.pi)), tilts[1]),
            PELVIS: Mounting.on_belt(tilts[2]),
        }
        mems = {place: MemsModel.drawn(rng) for place in Placement}
        run = run_session(worn(script, tuple(Placement), mountings, mems))
        for side in SIDES:
            assert counts(run.set(side)) == (3, 1)
            # what a leg does beside its long axis: none here; tilts of 4 deg SD cost in the second order
            assert roms_deg(run.set(side)) == pytest.approx([30.0] * 3 + [10.0], abs=0.6)


@pytest.mark.parametrize(
    ("roms", "expected"),
    [([30.0] * 8 + [10.0] * 3, (8, 3)), (np.linspace(30.0, 8.0, 12).tolist(), (8, 4))],
    ids=["8 and 3 partial", "fade"],
)
def test_small_movements_are_partial(roms: list[float], expected: tuple[int, int]) -> None:
    run = run_session(worn(scripted(roms), THIGHS, mems=NOISY))
    for side in SIDES:
        assert counts(run.set(side)) == expected
        assert roms_deg(run.set(side)) == pytest.approx(roms, abs=0.3)
        assert [one.flags for one in run.set(side).repetitions if not one.valid] == [
            ("too small",)
        ] * expected[1]


@pytest.mark.parametrize(("dip", "expected"), [(0.6, 8), (0.4, 16)])
def test_double_peaks_count_once_unless_they_fall_by_the_prominence(dip: float, expected: int) -> None:
    script, start_s = through(*[30.0, 30.0 * dip, 30.0, 0.0] * 8, move_s=0.8)
    run = counted(script, start_s)
    assert [counts(run.set(side)) for side in SIDES] == [(expected, 0)] * 2


def test_pulses_that_return_by_70_percent_count_each() -> None:
    script, start_s = through(*[30.0, 9.0] * 9, 30.0, 0.0)
    run = counted(script, start_s)
    for side in SIDES:
        assert counts(run.set(side)) == (10, 0)
        assert roms_deg(run.set(side)) == pytest.approx([30.0] + [21.0] * 9, abs=0.3)


def test_holds_of_eight_seconds_are_one_repetition_each() -> None:
    run = run_session(worn(scripted([30.0] * 5, Tempo(1.5, 8.0, 1.5, 0.5)), THIGHS, mems=NOISY))
    for side in SIDES:
        assert counts(run.set(side)) == (5, 0)
        # the hold, and what the threshold takes off the phases before and after it
        assert [one.hold_s for one in run.set(side).repetitions] == pytest.approx([8.2] * 5, abs=0.15)


@pytest.mark.parametrize("outage_s", [0.5, 1.0, 3.5, 6.0])
@pytest.mark.parametrize("phase_s", np.arange(0.0, PERIOD_S, 0.5).tolist())
def test_an_outage_never_makes_repetitions_and_is_told(outage_s: float, phase_s: float) -> None:
    script = scripted([30.0] * 10)
    begin_s = set_start_s(script) + 2.0 + 2 * PERIOD_S + phase_s
    whole = simulated_blocks(worn(script, THIGHS, mems=NOISY))
    blocks = {place: without(block, [(begin_s, begin_s + outage_s)]) for place, block in whole.items()}
    run = run_blocks(blocks, script.marks())
    for side in SIDES:
        done = run.set(side)
        flagged = [one for one in done.repetitions if "gap" in one.flags]
        if outage_s <= 1.0:
            # shorter than what the counter's state is kept for: exact, and the repetition says so
            assert counts(done) == (10, 0)
            assert len(flagged) <= 1
            assert min(roms_deg(done)) > 29.0
            assert max(roms_deg(done)) < 31.0
            rests = phase_s >= 3.5 and outage_s <= 0.5
            assert len(flagged) == 1 or rests
        else:
            lost = 2 if outage_s <= PERIOD_S else 3
            assert 10 - lost <= done.valid_reps <= 10
            assert done.valid_reps + done.partial_reps <= 10
            assert done.flags == (GAP,)
            # what is not whole says so
            assert all(
                "gap" in one.flags for one in done.repetitions if math.degrees(known(one.rom_rad)) < 29.0
            )


def test_an_outage_over_the_begin_or_the_end_of_a_set_is_told_too() -> None:
    script = scripted([30.0] * 4)
    start_s = set_start_s(script)
    for span_s in ((start_s - 1.0, start_s + 3.0), (script.duration_s - 4.0, script.duration_s + 1.0)):
        whole = simulated_blocks(worn(script, THIGHS))
        run = run_blocks({**whole, LEFT: without(whole[LEFT], [span_s])}, script.marks())
        assert GAP in run.set(Side.LEFT).flags
        assert run.set(Side.LEFT).valid_reps < 4
        assert (run.set(Side.RIGHT).flags, run.set(Side.RIGHT).valid_reps) == ((), 4)


@pytest.mark.parametrize("loss", [0.05, 0.2, 0.4])
def test_lost_frames_cost_neither_repetitions_nor_a_degree(loss: float) -> None:
    """Frames of 8 samples; published: 10 of 10, and ranges of 29.5 degrees at least.

    Bridging a quarter of a second costs 0.7 degrees at the worst place, starting anew from gravity as much.
    """
    script = scripted([30.0] * 10)
    rng = np.random.default_rng(17)
    frames = np.flatnonzero(rng.random(int(script.duration_s / 0.08)) < loss)
    spans_s = [(0.08 * number, 0.08 * number + 0.08) for number in frames.tolist()]
    whole = simulated_blocks(worn(script, THIGHS, mems=NOISY))
    run = run_blocks({place: without(block, spans_s) for place, block in whole.items()}, script.marks())
    for side in SIDES:
        assert counts(run.set(side)) == (10, 0)
        assert min(roms_deg(run.set(side))) > 29.5
        assert max(roms_deg(run.set(side))) < 31.0


def rolling_pelvis(roll_deg: float) -> tuple[BodyScript, float]:
    """The pelvis rolls ten times there and back, and the legs with it."""
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    start_s = script.now_s
    script.hold(2.0)
    for _ in range(10):
        script.roll_pelvis(rad(roll_deg), 1.5).hold(0.5).roll_pelvis(0.0, 1.5).hold(0.5)
    return script.build(), start_s


@pytest.mark.parametrize("roll_deg", [18.0, 30.0])
def test_a_pelvis_that_rolls_instead_of_the_hip_counts_nothing(roll_deg: float) -> None:
    script, start_s = rolling_pelvis(roll_deg)
    with_pelvis = counted(script, start_s, tuple(Placement))
    assert [counts(with_pelvis.set(side)) for side in SIDES] == [(0, 0)] * 2
    # without its sensor it cannot be told from the hip
    without_pelvis = counted(script, start_s)
    assert without_pelvis.set(Side.RIGHT).valid_reps == 10


@pytest.mark.parametrize(("share", "expected"), [(0.4, (10, 0)), (0.6, (0, 10))])
def test_only_the_hips_share_of_a_movement_counts(share: float, expected: tuple[int, int]) -> None:
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    script.repetitions(
        [rad(30.0)] * 10, TEMPO, side=Side.RIGHT, pelvis_share=share, still_before_s=2.0, still_after_s=1.0
    )
    done = run_session(worn(script.build(), mems=NOISY)).set(Side.RIGHT)
    assert counts(done) == expected
    assert roms_deg(done) == pytest.approx([30.0 * (1.0 - share)] * 10, abs=0.5)


def test_a_pelvis_that_is_unknown_for_a_while_costs_no_more_than_that_while() -> None:
    script = scripted([30.0] * 6)
    begin_s = set_start_s(script) + 2.0 + 2 * PERIOD_S
    whole = simulated_blocks(worn(script, mems=NOISY))
    for missing_s, expected in ((1.0, 6), (5.0, 4)):
        blocks = {**whole, PELVIS: without(whole[PELVIS], [(begin_s, begin_s + missing_s)])}
        done = run_blocks(blocks, script.marks()).set(Side.RIGHT)
        assert expected <= done.valid_reps <= 6
        assert (GAP in done.flags) is (missing_s > 2.0)
        # the shorter one hides how a repetition began; what the longer one touches is not counted at all
        assert any("gap" in one.flags for one in done.repetitions) is (missing_s < 2.0)
    never = {**whole, PELVIS: without(whole[PELVIS], [(set_start_s(script) - 1.0, 1e9)])}
    done = run_blocks(never, script.marks()).set(Side.RIGHT)
    assert (*counts(done), GAP in done.flags) == (0, 0, True)


def test_ten_minutes_of_breathing_and_twitches_count_nothing() -> None:
    """Breathing by 1 degree at 0.25 Hz, on it thirty twitches of 4 degrees at the worst of moments."""
    rng = np.random.default_rng(3)
    twitches = set(rng.choice(150, 30, replace=False).tolist())
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    start_s = script.now_s
    for number in range(150):
        for breath_deg, twitching in ((1.0, number in twitches), (-1.0, False)):
            script.relax(rad(breath_deg - 25.0), rad(breath_deg - 25.0), 1.5)
            if twitching:
                script.relax(rad(breath_deg - 21.0), rad(breath_deg - 21.0), 0.25)
                script.relax(rad(breath_deg - 25.0), rad(breath_deg - 25.0), 0.25)
            else:
                script.hold(0.5)
    assert script.now_s - start_s == pytest.approx(600.0)
    run = counted(script.build(), start_s, tuple(Placement))
    for side in SIDES:
        assert (*counts(run.set(side)), run.set(side).flags) == (0, 0, ())
        assert run.closed(side) == []


def test_a_set_without_stillness_is_not_counted_and_says_so() -> None:
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    for _ in range(3):
        script.relax(rad(5.0), rad(5.0), 1.0).relax(rad(-25.0), rad(-25.0), 1.0)
    start_s = script.now_s
    for _ in range(8):
        script.relax(rad(5.0), rad(5.0), 1.0).relax(rad(-25.0), rad(-25.0), 1.0)
    run = counted(script.build(), start_s)
    for side in SIDES:
        assert (*counts(run.set(side)), run.set(side).flags) == (0, 0, (NOT_IN_POSE,))


def test_how_still_is_still_enough_is_the_exercises_own() -> None:
    """Rocking by 6 degrees in 2 s reaches 5.6 deg/s: still for the shipped limit of 6, not for one of 4."""
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    script.relax(rad(5.0), rad(5.0), 0.6)
    start_s = script.now_s
    for _ in range(4):
        script.relax(rad(-1.0), rad(-1.0), 2.0).relax(rad(5.0), rad(5.0), 2.0)
    built = script.relax(rad(-25.0), rad(-25.0), 1.5).build()
    shipped = EXERCISES["supine_in_toeing"]
    assert shipped.gate is not None
    strict = replace(shipped, gate=replace(shipped.gate, arm_rate_rad_per_s=rad(4.0), arm_still_s=1.5))
    lenient = replace(shipped, gate=replace(shipped.gate, arm_still_s=1.5))
    blocks = simulated_blocks(worn(built, THIGHS))
    marks = [*built.marks(), *set_marks(start_s, built.duration_s)]
    for exercise, armed in ((lenient, True), (strict, False)):
        run = run_blocks(blocks, marks, exercises={"supine_in_toeing": exercise})
        assert [NOT_IN_POSE not in done.flags for done in run.pipeline.sets] == [armed] * 2


def test_a_set_out_of_the_pose_is_not_counted_and_says_so() -> None:
    """Standing, rotation is heading."""
    script = ScriptBuilder().stand(3.0)
    script.repetitions([rad(30.0)] * 5, TEMPO, still_before_s=2.0, still_after_s=1.0)
    run = run_session(worn(script.build(), THIGHS))
    for side in SIDES:
        assert (*counts(run.set(side)), run.set(side).flags) == (0, 0, (NOT_IN_POSE,))


def test_getting_up_in_a_set_interrupts_it_and_keeps_what_was_counted() -> None:
    up = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    start_s = up.now_s
    up.hold(2.0)
    for _ in range(3):
        up.relax(rad(5.0), rad(5.0), 1.5).relax(rad(-25.0), rad(-25.0), 1.5)
    up.take_posture(Posture.UPRIGHT, 2.0).hold(2.0)
    run = counted(up.build(), start_s)
    for side in SIDES:
        assert run.set(side).valid_reps == 3
        assert any(flag.startswith("interrupted") for flag in run.set(side).flags)


@pytest.mark.parametrize("roms", [[30.0] * 4, [30.0, 10.0, 30.0, 7.0, 16.0]])
def test_what_was_announced_is_what_the_set_says_in_the_end(roms: list[float]) -> None:
    run = run_session(worn(scripted(roms), mems=NOISY))
    for side in SIDES:
        announced = [(one.valid, one.rom_rad) for one in run.closed(side)]
        kept = [(one.valid, one.rom_rad) for one in run.set(side).repetitions]
        assert sorted(announced) == sorted(kept)
        assert [one.ordinal for one in run.closed(side) if one.valid] == list(
            range(1, run.set(side).valid_reps + 1)
        )


def test_the_way_a_repetition_is_announced_before_it_has_ended() -> None:
    """It closes when the way back has reached the prominence: here 0.82 s before the end, as published."""
    script = scripted([30.0] * 3)
    run = run_session(worn(script), chunk=1)
    for closed, true in zip(run.closed(Side.RIGHT), script.repetitions_of(Side.RIGHT), strict=True):
        assert true.end_s - closed.time_s == pytest.approx(0.82, abs=0.03)


def test_saturation_is_told_with_the_repetition() -> None:
    """45 degrees in 0.35 s reach 241 deg/s; a range of 125 cuts that off."""
    mems = MemsModel(gyroscope_range_dps=125.0, accelerometer_range_g=8.0, seed=5)
    script = scripted([45.0] * 6, Tempo(0.35, 0.3, 0.35, 1.0))
    done = run_session(worn(script, THIGHS, mems=mems)).set(Side.RIGHT)
    assert done.valid_reps + done.partial_reps == 6
    assert all("saturated" in one.flags for one in done.repetitions)


def test_one_leg_alone_has_one_set() -> None:
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    script.repetitions([rad(30.0)] * 3, TEMPO, side=Side.LEFT, still_before_s=2.0, still_after_s=1.0)
    run = run_session(worn(script.build()))
    [done] = run.pipeline.sets
    assert (done.side, done.valid_reps) == (Side.LEFT, 3)


def test_sets_in_a_row_are_never_merged() -> None:
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    for count in (3, 2):
        script.repetitions([rad(30.0)] * count, TEMPO, still_before_s=1.5)
    run = run_session(worn(script.build(), THIGHS))
    assert [(done.side, done.valid_reps) for done in run.pipeline.sets] == [
        (Side.LEFT, 3),
        (Side.RIGHT, 3),
        (Side.LEFT, 2),
        (Side.RIGHT, 2),
    ]


def test_the_generic_exercise_finds_the_axis_itself_on_any_sensor() -> None:
    """Also without poses, and on the pelvis alone."""
    script = ScriptBuilder().hold(1.0)
    start_s = script.now_s
    script.repetitions([rad(35.0)] * 7, Tempo(0.8, 0.1, 0.8, 0.2)).hold(0.5)
    built = script.build()
    for placement, side in ((LEFT, Side.LEFT), (RIGHT, Side.RIGHT)):
        blocks = simulated_blocks(worn(built, (placement,), mems=NOISY))
        run = run_blocks(blocks, set_marks(start_s, built.duration_s, "generic"))
        assert counts(run.set(side)) == (7, 0)
        assert roms_deg(run.set(side)) == pytest.approx([35.0] * 7, abs=1.0)
    bowing, start_s = rolling_pelvis(40.0)
    blocks = simulated_blocks(worn(bowing, (PELVIS,), mems=NOISY))
    run = run_blocks(blocks, set_marks(start_s, bowing.duration_s, "generic"))
    assert counts(run.set(None)) == (10, 0)


def test_every_exercise_of_the_catalogue_can_begin_and_end() -> None:
    script = lying().hold(8.0).build()
    blocks = simulated_blocks(worn(script))
    for name in EXERCISES:
        run = run_blocks(blocks, [*script.marks(), *set_marks(8.5, 15.0, name)])
        assert [counts(done) for done in run.pipeline.sets] == [(0, 0)] * 2
