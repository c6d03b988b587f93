"""T18, T20 and T24: gyroscope offset, quick movements, smoothness."""

import math
from collections.abc import Sequence

import numpy as np
from checks import FORMULA, SIMULATED, Check, Scenario, at_most, holds, near
from motion_samples import felt
from pipeline_bench import THIGHS, run_session, worn
from scenario_bench import TEMPO, rad

from tracker.model import FloatArray, Posture, Side
from tracker.motion.frames.orientation import OrientationFilter
from tracker.motion.grading.smoothness import spectral_arc_lengths
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2, OrientationParameters
from tracker.sensing.body.angles import Posture as BodyPosture
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.mems import MemsModel
from tracker.session.set_counter import RELATIVE

OFFSET_DPS = 1.0
SUPINE_S, STANDING_S = 30.0, 60.0
RADIUS_M = 0.08
"""Of the sensor from the thigh's long axis."""


def t18() -> Sequence[Check]:
    mems = MemsModel(gyroscope_bias_rad_per_s=(rad(OFFSET_DPS),) * 3, seed=18)
    script = ScriptBuilder(BodyPosture.SUPINE).hold(SUPINE_S)
    script.take_posture(BodyPosture.UPRIGHT, 1.5).hold(STANDING_S)
    block = felt(script.build(), mems=mems)
    up, rate = OrientationFilter(100.0, OrientationParameters()).update(block)
    lying = block.time_s < SUPINE_S
    error = np.degrees(np.arctan2(up[:, 2], up[:, 0]))
    standing = block.time_s > SUPINE_S + 1.5
    raw = np.degrees((block.gyroscope_rad_per_s * up).sum(axis=1)[standing].sum() * 0.01)
    drift = np.degrees((rate * up).sum(axis=1)[standing].sum() * 0.01)
    return [
        at_most("supine: largest error before the offset is known", 0.85, float(np.abs(error[lying]).max())),
        at_most("supine: largest error of the last 10 s", 0.1, float(np.abs(error[lying][-1000:]).max())),
        near("standing, 60 s: drift of the raw rate", OFFSET_DPS * STANDING_S, abs(float(raw)), 1.0),
        at_most("standing, 60 s: drift less the estimated offset", 3.0, abs(float(drift))),
        *_standing(mems),
    ]


def _standing(mems: MemsModel) -> Sequence[Check]:
    """A rest test while standing, and a standing set."""
    script = ScriptBuilder().stand(5.0).hold(0.5).reference(5.0).hold(0.5)
    script.rest(6.0, posture=Posture.STANDING).hold(0.5)
    script.repetitions([rad(20.0)] * 5, TEMPO, exercise="standing_in_toeing", still_before_s=2.0)
    run = run_session(worn(script.build(), THIGHS, mems=mems))
    refused = [run.rest(side).refused for side in (Side.LEFT, Side.RIGHT)]
    flags = {flag for done in run.pipeline.sets for flag in done.flags}
    return [
        holds("standing: no rest test", refused, all(refused)),
        holds("standing: a set says that it is relative", sorted(flags), RELATIVE in flags),
    ]


def t20() -> Sequence[Check]:
    checks = []
    for tempo_s, fused in ((0.4, 1.0), (1.0, 0.3), (1.5, 0.3)):
        # Largest acceleration of a minimum-jerk move: 10 / sqrt(3) A / T^2.
        tangential = 10.0 / math.sqrt(3.0) * rad(30.0) / tempo_s**2 * RADIUS_M
        accelerometer = math.degrees(math.atan(tangential / STANDARD_GRAVITY_M_PER_S2))
        script = ScriptBuilder(BodyPosture.SUPINE).hold(5.0)
        script.repetitions([rad(30.0)] * 10, Tempo(tempo_s, 0.0, tempo_s, 0.3), side=Side.RIGHT)
        body = script.build()
        block = felt(body)
        true = body.true_hip_rotation_rad(Side.RIGHT, block.time_s)
        up, _ = OrientationFilter(100.0, OrientationParameters()).update(block)
        what = f"30 deg in {tempo_s:g} s, sensor 8 cm from the axis"
        alone = _largest_error_deg(block.accelerometer_m_per_s2, true)
        checks += [
            near(f"{what}: accelerometer alone", accelerometer, alone, 0.03 * accelerometer),
            at_most(f"{what}: fused", fused, _largest_error_deg(up, true)),
        ]
    return checks


def _largest_error_deg(up: FloatArray, true: FloatArray) -> float:
    return float(np.degrees(np.abs(np.arctan2(up[:, 2], up[:, 0]) - true)).max())


def t24() -> Sequence[Check]:
    time_s = np.arange(-1.0, 1.0, 0.01)
    [vector] = spectral_arc_lengths([np.exp(-5.0 * time_s**2)], 100.0)
    checks = [near("SPARC of exp(-5 t^2), 100 Hz", -1.41403, vector, 1e-4, "")]
    for duration_s in (0.8, 1.5, 3.0):
        arcs = []
        for rate_hz in (50.0, 100.0, 200.0):
            share = np.arange(0.0, 1.0, 1.0 / (duration_s * rate_hz))
            # Speed of a minimum-jerk move, Flash and Hogan 1985.
            speed = 30.0 * share**2 * (1.0 - share) ** 2
            arcs += spectral_arc_lengths([speed], rate_hz)
        known = [arc if arc is not None else math.nan for arc in arcs]
        what = f"minimum jerk in {duration_s:g} s, 50 to 200 Hz"
        checks.append(at_most(f"{what}: spread of SPARC", 0.01, max(known) - min(known), ""))
    return checks


ORIENTATION_SCENARIOS = (
    Scenario("T18", "Gyroscope offset of 1 deg/s, supine and standing", SIMULATED, t18),
    Scenario("T20", "Moves in 0.4 to 1.5 s against the sensor's own acceleration", SIMULATED, t20),
    Scenario("T24", "Smoothness: test vector and sample rates", FORMULA, t24),
)
