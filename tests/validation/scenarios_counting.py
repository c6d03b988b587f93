"""T13 to T15, T19, T21 and T26: repetitions counted once, whatever the tempo, the body and the pelvis do."""

import math
from collections.abc import Sequence

import numpy as np
from checks import SIMULATED, Check, Scenario, holds, near, same
from frame_bench import analysed, sent
from motion_samples import felt, rotating_legs
from pipeline_bench import (
    LEFT,
    PELVIS,
    RIGHT,
    THIGHS,
    Run,
    lying,
    run_blocks,
    run_session,
    set_marks,
    simulated_blocks,
    worn,
)
from scenario_bench import NOISY, TEMPO, counts, furthest, rad, roms_deg, scripted

from tracker.model import ExerciseSet, FloatArray, Placement, Side
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.timeline import Joint


def through(*angles: float, move_s: float = 1.0) -> tuple[BodyScript, float]:
    """Poses, rest 25 degrees outward, moves of both legs from there by angles; and where the rest begins."""
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    start_s = script.now_s
    script.hold(2.0)
    for angle in angles:
        script.relax(rad(angle - 25.0), rad(angle - 25.0), move_s).hold(0.02)
    return script.hold(1.0).build(), start_s


def counted(script: BodyScript, start_s: float) -> Run:
    """A run with one set from a time to the script's end."""
    blocks = simulated_blocks(worn(script, THIGHS, mems=NOISY))
    return run_blocks(blocks, [*script.marks(), *set_marks(start_s, script.duration_s)])


def t13() -> Sequence[Check]:
    checks = []
    for rate_hz in (25.0, 50.0, 100.0, 200.0):
        mems = MemsModel(
            gyroscope_bias_rad_per_s=(rad(0.3),) * 3, bandwidth_hz=rate_hz / 2, seed=int(rate_hz)
        )
        run = run_session(worn(scripted([30.0] * 10), THIGHS, mems=mems), rate_hz=rate_hz)
        for done in run.pipeline.sets:
            what = f"{rate_hz:g} Hz, {done.side}"
            checks.append(same(f"{what}: valid, partial", (10, 0), counts(done)))
            checks.append(near(f"{what}: range furthest off", 30.0, furthest(roms_deg(done), 30.0), 0.5))
    return checks


def t14() -> Sequence[Check]:
    script = scripted([30.0, 28.0, 10.0, 31.0])
    session = worn(script, (LEFT, RIGHT, PELVIS), mems=NOISY)
    blocks = simulated_blocks(session)
    whole = run_blocks(blocks, script.marks(), chunk=None)
    checks = []
    for chunk in (1, 7, 64):
        cut = run_blocks(blocks, script.marks(), chunk=chunk)
        equal = cut.pipeline.sets == whole.pipeline.sets
        checks.append(holds(f"chunks of {chunk}: the same repetitions to the last bit", equal, equal))
    items = sent(session)
    live = analysed(Placement, items)
    for gather in (7, 1000):
        equal = analysed(Placement, items, gather) == live
        checks.append(holds(f"{gather} frames together as from a file: the same analysis", equal, equal))
    return checks


def t15() -> Sequence[Check]:
    def whole(roms: Sequence[float], tempo: Tempo = TEMPO) -> Run:
        return run_session(worn(scripted(roms, tempo), THIGHS, mems=NOISY))

    cases: list[tuple[str, Run, tuple[int, int]]] = [
        ("8 of 30 and 3 of 10 deg", whole([30.0] * 8 + [10.0] * 3), (8, 3)),
        ("8 with a dip to 0.6", counted(*through(*[30.0, 18.0, 30.0, 0.0] * 8, move_s=0.8)), (8, 0)),
        ("8 with a dip to 0.4", counted(*through(*[30.0, 12.0, 30.0, 0.0] * 8, move_s=0.8)), (16, 0)),
        ("10 pulses that return to 30 %", counted(*through(*[30.0, 9.0] * 9, 30.0, 0.0)), (10, 0)),
        ("5 with holds of 8 s", whole([30.0] * 5, Tempo(1.5, 8.0, 1.5, 0.5)), (5, 0)),
        ("12 that fade from 30 to 8 deg", whole(np.linspace(30.0, 8.0, 12).tolist()), (8, 4)),
    ]
    checks = [
        same(f"{what}, {done.side}: valid, partial", expected, counts(done))
        for what, run, expected in cases
        for done in run.pipeline.sets
    ]
    first, *others = roms_deg(cases[3][1].pipeline.sets[0])
    return [
        *checks,
        near("pulses: first range", 30.0, first, 0.5),
        near("pulses: range of the others, furthest off", 21.0, furthest(others, 21.0), 0.5),
    ]


def t19() -> Sequence[Check]:
    quick = scripted([45.0] * 6, Tempo(0.34, 0.1, 0.34, 0.4))
    mems = MemsModel(gyroscope_range_dps=125.0, seed=19)
    run = run_session(worn(quick, THIGHS, mems=mems))
    checks = []
    for done in run.pipeline.sets:
        flagged = sum("saturated" in rep.flags for rep in done.repetitions)
        withheld = sum(
            rep.rom_rad is None and rep.peak_velocity_rad_per_s is None for rep in done.repetitions
        )
        checks += [
            same(f"{done.side}: counted", 6, len(done.repetitions)),
            same(f"{done.side}: flagged `saturated`", 6, flagged),
            same(f"{done.side}: range and rate withheld", 6, withheld),
        ]
    return checks


def t21() -> Sequence[Check]:
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0).hold(2.0)
    start_s = script.now_s
    for _ in range(10):
        script.roll_pelvis(rad(15.0), 1.5).hold(0.3).roll_pelvis(rad(-15.0), 1.5).hold(0.3)
    body = script.hold(1.0).build()
    blocks = simulated_blocks(worn(body, mems=NOISY))
    only_pelvis = run_blocks(blocks, [*body.marks(), *set_marks(start_s, body.duration_s)])
    checks = [
        same(f"pelvis alone rolls by 30 deg, {done.side}: repetitions", 0, len(done.repetitions))
        for done in only_pelvis.pipeline.sets
    ]
    for share, expected in ((0.4, (10, 0)), (0.6, (0, 10))):
        done = _helped(share)
        found = [rep.form.pelvis_share for rep in done.repetitions if rep.form.pelvis_share is not None]
        flagged = sum("pelvis helped" in rep.flags for rep in done.repetitions)
        what, mean = f"pelvis share {share:g}", float(np.mean(roms_deg(done)))
        checks += [
            same(f"{what}: valid, partial", expected, counts(done)),
            near(f"{what}: mean range", 30.0 * (1 - share), mean, 0.5),
            near(f"{what}: share found, furthest off", share, furthest(found, share), 0.02, ""),
            same(f"{what}: flagged", 10, flagged),
        ]
    return checks


def _helped(share: float) -> ExerciseSet:
    """The right leg's set of ten repetitions in which the pelvis makes a share of the range."""
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    script.repetitions(
        [rad(30.0)] * 10,
        TEMPO,
        side=Side.RIGHT,
        pelvis_share=share,
        still_before_s=2.0,
        still_after_s=1.0,
    )
    return run_session(worn(script.build(), mems=NOISY)).set(Side.RIGHT)


def t26() -> Sequence[Check]:
    def breathing(time_s: FloatArray) -> FloatArray:
        """Breathing of 1 deg at 0.25 Hz, and thirty twitches of 4 deg in 0.4 s."""
        rng = np.random.default_rng(26)
        angle = rad(-25.0) + rad(1.0) * np.sin(2.0 * math.pi * 0.25 * time_s)
        for centre_s in rng.uniform(20.0, 590.0, 30):
            angle = angle + rad(4.0) * np.exp(-0.5 * ((time_s - centre_s) / 0.1) ** 2)
        return angle

    quiet = rotating_legs(600.0, breathing)
    blocks = {place: felt(quiet, placement=place, mems=NOISY) for place in THIGHS}
    lay = run_blocks(blocks, set_marks(5.0, 595.0))
    walk = walking(60.0)
    walked = run_blocks(
        simulated_blocks(worn(walk, mems=NOISY)), [*walk.marks(), *set_marks(6.0, walk.duration_s)]
    )
    return [
        same(f"{what}, {done.side}: valid, partial", (0, 0), counts(done))
        for what, run in (("10 min of lying", lay), ("60 s of walking", walked))
        for done in run.pipeline.sets
    ]


def walking(duration_s: float) -> BodyScript:
    """Standing, then steps: hips between 25 degrees flexed and 10 extended, the pelvis turning along."""
    script = ScriptBuilder().stand(4.0).hold(1.0)
    forward, turn = True, rad(5.0)
    while script.now_s < duration_s + 5.0:
        bent, straight = rad(25.0), rad(-10.0)
        sign = 1.0 if forward else -1.0
        script.move(
            0.5,
            {
                Joint.LEFT_FLEXION: bent if forward else straight,
                Joint.RIGHT_FLEXION: straight if forward else bent,
                Joint.LEFT_ROTATION: sign * rad(4.0),
                Joint.RIGHT_ROTATION: -sign * rad(4.0),
                Joint.PELVIS_ROLL: sign * turn,
                Joint.PELVIS_HEIGHT: 0.95 if forward else 0.93,
            },
        )
        forward = not forward
    return script.build()


COUNTING_SCENARIOS = (
    Scenario("T13", "10 repetitions of 30 deg at 25 to 200 Hz, gyroscope offset 0.3 deg/s", SIMULATED, t13),
    Scenario("T14", "The same stream in any chunks, live or from a file", SIMULATED, t14),
    Scenario("T15", "Partial ones, double peaks, pulses, holds, fading", SIMULATED, t15),
    Scenario("T19", "Gyroscope at the end of its range", SIMULATED, t19),
    Scenario("T21", "The pelvis rolls instead of the hip, or helps", SIMULATED, t21),
    Scenario("T26", "Lying with breathing and twitches; walking", SIMULATED, t26),
)
