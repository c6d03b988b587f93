"""T1 to T12: what the rest test must measure, and what it must refuse or name."""

import math
from collections.abc import Sequence

import numpy as np
from checks import GEOMETRY, SIMULATED, Check, Scenario, at_least, holds, near, same
from motion_samples import Pose, block_of, end_to_end
from pipeline_bench import (
    LEFT,
    PELVIS,
    RIGHT,
    THIGHS,
    lying,
    run_blocks,
    run_session,
    simulated_blocks,
    worn,
)
from scenario_bench import (
    about,
    any_mountings,
    crossed,
    degrees_of,
    marks_of,
    rad,
    rotation_deg,
    still_session,
)

from tracker.model import NoticeKind, PhaseKind, Posture, Side
from tracker.motion.frames.alignment import Alignment, LongAxisFrom
from tracker.motion.frames.crosstalk import crosstalk_bound_rad
from tracker.motion.frames.hip_rotation import (
    hip_rotation_rad,
    neutral_twist_rad,
    twist_rad,
)
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2, RestTestParameters, StillnessParameters
from tracker.motion.rest.repeatability import Repeatability, assumed_repeatability
from tracker.motion.rest.rest_test import RestPhase, WornSensor, measure_rest
from tracker.motion.rest.resting import resting_rotation
from tracker.motion.rest.uncertainty import RestCircumstances, rest_uncertainty
from tracker.sensing.body.angles import HipAngles, pelvis_rotation
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel

PARAMETERS = RestTestParameters()
REST = {Side.RIGHT: Pose(internal_rotation_deg=-25.0), Side.LEFT: Pose(internal_rotation_deg=-15.0)}
IDEAL = Alignment(np.array([0.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.0]), LongAxisFrom.STANDING)
BMI270_UG = 160.0


def t1() -> Sequence[Check]:
    run = still_session(REST, mountings=any_mountings(1))
    resting = resting_rotation(run.pipeline.rest_tests, PARAMETERS)
    values = (resting.right, resting.left, resting.difference, resting.mean)
    expected = {"ER right": 25.0, "ER left": 15.0, "difference D": 10.0, "mean M": 20.0}
    signs = (-1.0, -1.0, 1.0, 1.0)
    return [
        near(what, value, None if got is None else sign * math.degrees(got.value_rad), 1e-6)
        for (what, value), got, sign in zip(expected.items(), values, signs, strict=True)
    ]


def t2() -> Sequence[Check]:
    mems = MemsModel(accelerometer_noise_ug=BMI270_UG, seed=2)
    script = lying().relax(rad(-15.0), rad(-25.0), 1.0).hold(0.5).rest(5.0).build()
    session = worn(script, THIGHS, mems=mems)
    run = run_session(session)
    checks = [
        near(f"internal rotation {side.value}", true, rotation_deg(run.rest(side)), 0.02)
        for side, true in ((Side.RIGHT, -25.0), (Side.LEFT, -15.0))
    ]
    rest = next(phase for phase in script.phases if phase.kind is PhaseKind.REST)
    feed = session.feed(RIGHT)
    counts = feed.counts(round(rest.start_s * 100) + 20, 400)
    force, _ = feed.mems.to_si(counts)
    spread = math.degrees(float(twist_rad(force / np.linalg.norm(force, axis=1, keepdims=True)).std()))
    return [*checks, near("spread of single samples", 0.064, spread, 0.01)]


def t3() -> Sequence[Check]:
    checks = []
    for axes, error in (((0, 0, 1), 1.05), ((1, 0, 1), 1.51)):
        block = block_of(Pose(internal_rotation_deg=-25.0).thigh_up(Side.RIGHT)[0])
        block.accelerometer_m_per_s2[:] += 0.020 * STANDARD_GRAVITY_M_PER_S2 * np.array(axes)
        phase = RestPhase(Side.RIGHT, 0.0, 6.0, WornSensor(block, IDEAL), None)
        sensor_only = Repeatability(0.0, math.inf, 0.0, math.inf)
        alone = measure_rest(phase, PARAMETERS, StillnessParameters(), sensor_only)
        whole = measure_rest(phase, PARAMETERS, StillnessParameters(), assumed_repeatability(PARAMETERS))
        what = "+20 mg on " + " and ".join(name for name, one in zip("xyz", axes, strict=True) if one)
        checks += [
            near(f"{what}: error", error, -25.0 * -1 + (rotation_deg(alone) or math.nan), 0.02),
            at_least(
                f"{what}: stated by the sensor's term alone", 1.145, degrees_of(alone.uncertainty_rad) or 0.0
            ),
            at_least(f"{what}: stated in all", 1.15, degrees_of(whole.uncertainty_rad) or 0.0),
        ]
    return checks


def t4() -> Sequence[Check]:
    mountings = any_mountings(4)
    strap = {place: about("y", 10.0) @ mountings[place] for place in THIGHS}
    moved = still_session(REST, mountings=mountings, rest_mountings=strap)
    anew = still_session(REST, mountings={**mountings, **strap})
    checks = []
    for side, true in ((Side.RIGHT, -25.0), (Side.LEFT, -15.0)):
        shift = (rotation_deg(moved.rest(side)) or math.nan) - true
        checks.append(near(f"{side.value}: reading shifts by", side.sign * 10.0, shift, 1e-6))
        checks.append(near(f"{side.value}: reference taken anew", true, rotation_deg(anew.rest(side)), 1e-6))
    return [*checks, *_strap_notice()]


def _strap_notice() -> Sequence[Check]:
    """Two references in one donning, the strap turned by 10 degrees between them."""
    up, on_strap = Pose().thigh_up(Side.RIGHT)[0], about("y", 10.0)
    block = end_to_end(
        block_of(up, 7.99, placement=RIGHT), block_of(up @ on_strap, 7.99, start_s=8.0, placement=RIGHT)
    )
    reference = PhaseKind.REFERENCE
    run = run_blocks({RIGHT: block}, marks_of((1.0, 6.0, reference, None), (9.0, 14.0, reference, None)))
    found = [notice.kind for notice in run.pipeline.notices]
    return [same("a turned strap between two references is named", [NoticeKind.STRAP_TURNED], found)]


def t5() -> Sequence[Check]:
    checks = []
    for roll in (5.0, -5.0):
        rest = {
            side: Pose(internal_rotation_deg=pose.internal_rotation_deg, roll_deg=roll)
            for side, pose in REST.items()
        }
        for placements, difference in (((LEFT, RIGHT, PELVIS), 10.0), (THIGHS, 10.0 - 2 * roll)):
            run = still_session(rest, placements=placements)
            resting = resting_rotation(run.pipeline.rest_tests, PARAMETERS)
            which = "with" if PELVIS in placements else "without"
            what = f"pelvis rolled {roll:+g} deg, {which} its sensor"
            d, m = resting.difference, resting.mean
            checks.append(
                near(f"{what}: D", difference, None if d is None else math.degrees(d.value_rad), 0.05)
            )
            checks.append(near(f"{what}: M", 20.0, None if m is None else math.degrees(m.value_rad), 0.05))
            if PELVIS not in placements:
                marked = all("pelvis not measured" in test.flags for test in run.pipeline.rest_tests)
                checks.append(holds(f"{what}: marked `pelvis not measured`", marked, marked))
    return checks


def t6() -> Sequence[Check]:
    checks = []
    for raised, error in ((0.0, 0.0), (10.0, 3.45), (20.0, 7.10)):
        pose = Pose(flexion_deg=raised, adduction_deg=-20.0)
        twist = twist_rad(pose.thigh_up(Side.RIGHT))
        known = neutral_twist_rad(pose.pelvis_up(), rad(raised), rad(-20.0), Side.RIGHT)
        corrected = hip_rotation_rad(Side.RIGHT, twist, known)
        bound = crosstalk_bound_rad(pose.pelvis_up()[0], pose.thigh_up(Side.RIGHT)[0], rad(20.0))
        what = f"20 deg abducted, {raised:g} deg flexed"
        checks += [
            near(f"{what}: error", error, abs(math.degrees(float(twist[0]))), 0.05),
            near(f"{what}: bound that is stated", error, degrees_of(bound), 0.05),
            near(f"{what}: corrected by the formula", 0.0, math.degrees(float(corrected[0])), 0.05),
        ]
    low = still_session(dict.fromkeys(REST, Pose(flexion_deg=10.0, adduction_deg=-15.0))).rest(Side.RIGHT)
    bound = degrees_of(low.crosstalk_bound_rad) or 0.0
    covered = abs(rotation_deg(low) or math.nan) <= bound + 1e-9
    raised_leg = still_session(dict.fromkeys(REST, Pose(flexion_deg=20.0, adduction_deg=-20.0)))
    refused = raised_leg.rest(Side.RIGHT).refused
    return [
        *checks,
        holds("15 deg abducted, 10 deg flexed: error within the bound of the test", covered, covered),
        holds("a leg raised by 20 deg is refused", refused, bool(refused and "leg raised" in refused)),
    ]


def t7() -> Sequence[Check]:
    tilted = Alignment(about("x", 10.0)[:, 1], np.array([1.0, 0.0, 0.0]), LongAxisFrom.STANDING)
    checks = []
    for elevation, error in ((0.0, 0.28), (10.0, 1.95)):
        up = Pose(flexion_deg=elevation, internal_rotation_deg=-20.0).thigh_up(Side.RIGHT)
        read = math.degrees(float(twist_rad(tilted.to_segment(up))[0]))
        checks.append(
            near(f"long axis 10 deg off, {elevation:g} deg elevated", error, abs(read + 20.0), 0.05)
        )
    return checks


def t8() -> Sequence[Check]:
    tests = {}
    for phi in range(0, 91, 5):
        pose = Pose(flexion_deg=90.0 - phi, internal_rotation_deg=-20.0)
        tests[phi] = still_session(dict.fromkeys(REST, pose), placements=THIGHS).rest(Side.RIGHT)
    steep = all(test.refused is not None for phi, test in tests.items() if phi < 30)
    numbers = [
        number
        for test in tests.values()
        for number in (test.hip_rotation_rad, test.uncertainty_rad, test.observability)
        if number is not None
    ]
    upright, base = tests[0].refused, _sensor_sd(90.0)
    return [
        holds("refused below an observability of 0.5", steep, steep),
        holds("never NaN or infinite, 90 to 0 deg", len(numbers), all(map(math.isfinite, numbers))),
        holds("upright refused", upright, bool(upright and "near vertical" in upright)),
        *(
            near(f"sensor's term at {phi:g} deg against that at 90", times, _sensor_sd(phi) / base, 0.02, "x")
            for phi, times in ((30.0, 2.0), (10.0, 5.76))
        ),
    ]


def _sensor_sd(phi: float) -> float:
    circumstances = RestCircumstances(
        math.sin(rad(phi)),
        0.0,
        0.0,
        None,
        calibrated=False,
        pelvis_calibrated=False,
    )
    return rest_uncertainty(circumstances, PARAMETERS, assumed_repeatability(PARAMETERS)).sensor_rad


T9_POSES = {
    "seated, level, 20 deg abducted": (
        Pose(flexion_deg=90.0, adduction_deg=-20.0, internal_rotation_deg=20.0, pitch_deg=0.0),
        Posture.SEATED,
        20.0,
    ),
    "prone": (Pose(internal_rotation_deg=15.0, roll_deg=180.0), Posture.PRONE, 15.0),
    "on the left side, 45 deg flexed": (
        Pose(flexion_deg=45.0, internal_rotation_deg=25.0, roll_deg=90.0),
        Posture.LEFT_SIDE_DOWN,
        25.0,
    ),
    "on the right side": (Pose(internal_rotation_deg=-30.0, roll_deg=-90.0), Posture.RIGHT_SIDE_DOWN, -30.0),
}


def t9() -> Sequence[Check]:
    checks = []
    for what, (pose, posture, true) in T9_POSES.items():
        for placements in ((LEFT, RIGHT, PELVIS), THIGHS):
            run = still_session(
                dict.fromkeys(REST, pose), placements=placements, posture=posture, mountings=any_mountings(9)
            )
            against = "pelvis" if PELVIS in placements else "vertical"
            for side in REST:
                test = run.rest(side)
                checks.append(
                    near(f"{what}, {side.value}, against the {against}", true, rotation_deg(test), 0.01)
                )
                if PELVIS in placements:
                    checks.append(same(f"{what}: posture seen", posture, test.posture))
    return checks


def t10() -> Sequence[Check]:
    checks = []
    for side in REST:
        bent = HipAngles.of(rad(45.0)).rolled(np.asarray(rad(30.0)), side)
        up = (np.array([0.0, 1.0, 0.0]) @ pelvis_rotation(rad(90.0), 0.0) @ bent.rotation(side))[
            np.newaxis, :
        ]
        roll = side.sign * math.degrees(math.asin(float(up[0, 2])))
        checks += [
            near(f"{side.value}: knee roll counted", 30.0, roll, 0.1),
            near(
                f"{side.value}: gravity's twist", 39.2, side.sign * math.degrees(float(twist_rad(up)[0])), 0.1
            ),
            near(
                f"{side.value}: ISB internal rotation",
                22.2,
                math.degrees(float(bent.internal_rotation_rad)),
                0.1,
            ),
            near(f"{side.value}: ISB adduction", 20.7, math.degrees(float(bent.adduction_rad)), 0.1),
        ]
    test = still_session(dict.fromkeys(REST, Pose(flexion_deg=45.0)), posture=Posture.HOOK_LYING).rest(
        Side.RIGHT
    )
    return [*checks, holds("no rest test in hook-lying", test.refused, test.refused is not None)]


def t11() -> Sequence[Check]:
    swapped = still_session(
        {Side.RIGHT: REST[Side.RIGHT], Side.LEFT: REST[Side.LEFT]}, placements=THIGHS, mountings=None
    )
    script = lying().relax(rad(-15.0), rad(-25.0), 1.0).hold(0.5).rest(6.0).build()
    session = worn(script, THIGHS)
    blocks = simulated_blocks(session)
    naive = run_blocks(crossed(blocks), script.marks())
    kinds = [notice.kind for notice in naive.pipeline.notices]
    right = [notice.kind for notice in swapped.pipeline.notices]
    checks = [
        near("swapped: naive reading, right", 15.0, rotation_deg(naive.rest(Side.RIGHT)), 0.05),
        near("swapped: naive reading, left", 25.0, rotation_deg(naive.rest(Side.LEFT)), 0.05),
        same("swapped: named at the rest test", [NoticeKind.SWAPPED], kinds),
        same("not swapped: nothing is named", [], right),
    ]
    return [*checks, *_lifts()]


def _lifts() -> Sequence[Check]:
    """Knee lifts of 11 to 45 degrees, right and crossed sensors: is the swap always named, and never else?"""
    rng, found = np.random.default_rng(11), {"right": 0, "crossed": 0}
    number = 20
    for _ in range(number):
        side = Side.RIGHT if rng.random() < 0.5 else Side.LEFT
        script = lying(2.0, 2.0)
        script.lift_knee(side, rad(float(rng.uniform(11.0, 45.0))), float(rng.uniform(0.4, 0.8)))
        body = script.hold(0.5).build()
        blocks = simulated_blocks(worn(body, THIGHS, mems=MemsModel.drawn(rng)))
        for name, worn_blocks in (("right", blocks), ("crossed", crossed(blocks))):
            run = run_blocks(worn_blocks, body.marks())
            found[name] += any(notice.kind is NoticeKind.SWAPPED for notice in run.pipeline.notices)
    return [
        same(f"{number} knee lifts with crossed sensors: named", number, found["crossed"]),
        same(f"{number} knee lifts with sensors in place: named", 0, found["right"]),
    ]


def t12() -> Sequence[Check]:
    checks = []
    rest = dict.fromkeys(REST, Pose(internal_rotation_deg=-20.0))
    raw = {"x": 20.0, "z": -160.0, "y": 160.0}
    for axis, reading in raw.items():
        upside_down = {place: about(axis, 180.0) for place in THIGHS}
        up = Pose(internal_rotation_deg=-20.0).thigh_up(Side.RIGHT) @ about(axis, 180.0)
        checks.append(
            near(
                f"180 deg about {axis}: raw twist, right",
                reading,
                math.degrees(float(twist_rad(up)[0])),
                1e-6,
            )
        )
        run = still_session(rest, placements=THIGHS, mountings=upside_down)
        checks.append(
            near(f"180 deg about {axis}: calibrated", -20.0, rotation_deg(run.rest(Side.RIGHT)), 1e-6)
        )
        if axis != "y":
            named = NoticeKind.UPSIDE_DOWN in [notice.kind for notice in run.pipeline.notices]
            checks.append(holds(f"180 deg about {axis}: named while standing", named, named))
    return [*checks, *_backwards()]


def _backwards() -> Sequence[Check]:
    """Without standing, the housing's arrow is believed: a knee lift shows that it points the wrong way."""
    checks = []
    for axis, wrong in (("x", True), ("z", True), (None, False)):
        turn = np.zeros(3)
        if axis is not None:
            turn["xyz".index(axis)] = math.pi
        script = lying(2.0, 2.0).lift_knee(Side.RIGHT, rad(30.0)).hold(0.5).build()
        session = worn(script, (RIGHT,), {RIGHT: Mounting.strapped(misalignment_rad=turn)})
        marks = [mark for mark in script.marks() if mark.kind is not PhaseKind.STANDING]
        run = run_blocks(simulated_blocks(session), marks)
        named = NoticeKind.UPSIDE_DOWN in [notice.kind for notice in run.pipeline.notices]
        what = "right way round" if axis is None else f"180 deg about {axis}"
        checks.append(same(f"one pose and a knee lift, {what}: named", wrong, named))
    return checks


REST_SCENARIOS = (
    Scenario("T1", "Supine, right 25 and left 15 deg outward, any mounting", GEOMETRY, t1),
    Scenario("T2", "The same with the noise of a BMI270, 5 s", SIMULATED, t2),
    Scenario("T3", "Accelerometer offset of 20 mg", GEOMETRY, t3),
    Scenario("T4", "Strap turned by 10 deg after calibration", GEOMETRY, t4),
    Scenario("T5", "Pelvis rolled by 5 deg", GEOMETRY, t5),
    Scenario("T6", "Thigh abducted by 20 deg, raised by 0 to 20 deg", GEOMETRY, t6),
    Scenario("T7", "Long axis 10 deg off about x", GEOMETRY, t7),
    Scenario("T8", "Thigh from level to vertical", GEOMETRY, t8),
    Scenario("T9", "Seated, prone, on the side", GEOMETRY, t9),
    Scenario("T10", "Hook-lying, knee rolled in by 30 deg", GEOMETRY, t10),
    Scenario("T11", "Left and right sensor swapped", SIMULATED, t11),
    Scenario("T12", "Sensor upside down or back to front", GEOMETRY, t12),
)
