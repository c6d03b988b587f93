"""T16, T17, T22 and T23: what the link and the clocks do to counts, ranges and angles between sensors."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from checks import SIMULATED, Check, Scenario, at_least, at_most, holds, near, same, within
from frame_bench import ORIGIN_NS, Air, Item, Sender, analysed, identity, sent, taken
from pipeline_bench import LEFT, PELVIS, RIGHT, THIGHS, lying, run_blocks, simulated_blocks, worn
from scenario_bench import NOISY, TEMPO, counts, furthest, rad, roms_deg, scripted

from tracker.model import Analysis, ExerciseSet, NoticeKind, Notification, PhaseMark, Side
from tracker.sensing.body.builder import Tempo
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.sessions import SimulatedSession
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.session.ingest import SensorIngest
from tracker.session.pipeline import SessionPipeline
from tracker.session.set_counter import GAP
from tracker.session.traces import TraceCollector

TEN_MINUTES_S = 600.0
PEAK_S = 1.875 * 30.0 / 57.0
"""A minimum-jerk move of 30 deg that peaks at 57 deg/s."""
JITTER_S = 0.004
OUTAGES_S = ((0.5, 10), (1.0, 10), (3.5, 9), (6.0, 8))
"""Seconds, and the least count of ten."""


def t16() -> Sequence[Check]:
    script = scripted([30.0] * 10)
    session = worn(script, THIGHS, mems=NOISY)
    air = {place: Air(jitter_s=JITTER_S, seed=number) for number, place in enumerate(THIGHS)}
    rng = np.random.default_rng(16)
    blocks = {
        place: replace(block, time_s=block.time_s + rng.uniform(-JITTER_S, JITTER_S, len(block)))
        for place, block in simulated_blocks(session).items()
    }
    cases = {
        "arrivals up to 4 ms late": analysed(THIGHS, sent(session, air)).sets,
        "stamps off by up to 4 ms": run_blocks(blocks, script.marks()).pipeline.sets,
    }
    checks = []
    for what, sets in cases.items():
        for done in sets:
            checks.append(same(f"{what}, {done.side}: valid, partial", (10, 0), counts(done)))
            worst = furthest(roms_deg(done), 30.0)
            checks.append(near(f"{what}, {done.side}: range furthest off", 30.0, worst, 0.3))
    return [*checks, *_wrong_pace(-0.04), *_wrong_pace(0.04)]


def _wrong_pace(share: float) -> Sequence[Check]:
    """A sensor whose oscillator is off: found from arrivals while its wearer lies in the poses."""
    script = lying().hold(40.0).relax(rad(-25.0), rad(-25.0), 1.0)
    script.repetitions([rad(30.0)] * 10, TEMPO, still_before_s=2.0, still_after_s=1.0)
    body = script.build()
    found = _of_oscillator(body, share)
    [done] = found.sets
    [true] = _of_oscillator(body, 0.0).sets
    what = f"{abs(share):.0%} {'fast' if share > 0 else 'slow'}"
    return [
        same(f"{what}: valid, partial", (10, 0), counts(done)),
        near(f"{what}: range furthest off", 30.0, furthest(roms_deg(done), 30.0), 0.7),
        near(f"{what}: duration of a repetition", _duration_s(true), _duration_s(done), 0.01 * 4.0, "s"),
        same(f"{what}: named", [NoticeKind.CLOCK_RATE], [notice.kind for notice in found.notices]),
    ]


def _of_oscillator(script: BodyScript, share: float) -> Analysis:
    """The right leg's analysis by a sensor whose ticks and samples run faster by a share."""
    air = {RIGHT: Air(drift_ppm=share * 1e6)}
    return analysed((RIGHT,), sent(worn(script, (RIGHT,), mems=NOISY), air))


def _duration_s(done: ExerciseSet) -> float:
    return float(np.median([rep.end_s - rep.start_s for rep in done.repetitions]))


def t17() -> Sequence[Check]:
    script = scripted([30.0] * 10)
    session = worn(script, THIGHS, mems=NOISY)
    checks: list[Check] = []
    for share in (0.05, 0.20, 0.40):
        for done in analysed(THIGHS, _lossy(session, share)).sets:
            what = f"{share:.0%} of the packets of 8 samples lost, {done.side}"
            checks.append(same(f"{what}: valid", 10, done.valid_reps))
            checks.append(at_least(f"{what}: smallest range", 29.5, min(roms_deg(done))))
    start_s = next(phase.start_s for phase in script.phases if phase.exercise)
    for outage_s, least in OUTAGES_S:
        air = {place: Air(lost_s=[(start_s + 14.0, start_s + 14.0 + outage_s)]) for place in THIGHS}
        for done in analysed(THIGHS, sent(session, air, samples=8)).sets:
            what = f"outage of {outage_s:g} s, {done.side}"
            found = len(done.repetitions)
            checks.append(within(f"{what}: counted", least, 10, found, "repetitions"))
            flagged = GAP in done.flags or any("gap" in rep.flags for rep in done.repetitions)
            checks.append(holds(f"{what}: flagged", flagged, flagged))
    return checks


def _lossy(session: SimulatedSession, share: float) -> list[Item]:
    """Frames of 8 samples, each lost with a probability; never in the poses before the set."""
    rng = np.random.default_rng(17)
    kept: list[Item] = []
    in_set = False
    for item in sent(session, samples=8):
        in_set = in_set or (isinstance(item, PhaseMark) and item.exercise is not None)
        if not (isinstance(item, Notification) and in_set and rng.random() < share):
            kept.append(item)
    return kept


def t22() -> Sequence[Check]:
    script = lying()
    start_s = script.now_s
    script.repetitions([rad(30.0)] * 8, Tempo(PEAK_S, 0.2, PEAK_S, 0.2), side=Side.RIGHT, pelvis_share=0.5)
    session = worn(script.hold(1.0).build())
    checks = []
    for late_s, limit in ((0.020, 1.14), (0.100, 5.6)):
        blocks = simulated_blocks(session)
        blocks[PELVIS] = replace(blocks[PELVIS], time_s=blocks[PELVIS].time_s + late_s)
        collector = TraceCollector(0.5)
        run = run_blocks(blocks, session.script.marks(), trace=collector)
        error = _largest_error_deg(session.script, collector, run.pipeline, start_s)
        checks.append(at_most(f"pelvis {1000 * late_s:g} ms late, not corrected", limit, error))
    air = {
        LEFT: Air(jitter_s=JITTER_S, seed=1),
        RIGHT: Air(jitter_s=JITTER_S, seed=2, drift_ppm=50.0),
        PELVIS: Air(jitter_s=JITTER_S, seed=3, drift_ppm=-50.0),
    }
    collector = TraceCollector(0.5)
    analyser = taken(session.mountings, sent(session, air), trace=collector)
    error = _largest_error_deg(session.script, collector, analyser.pipeline, start_s)
    return [*checks, at_most("clocks fitted, +50 and -50 ppm, arrivals up to 4 ms late", 0.3, error)]


def _largest_error_deg(
    script: BodyScript, collector: TraceCollector, pipeline: SessionPipeline, start_s: float
) -> float:
    """Of the right hip's rotation from a time on; the last frame's pelvis may be missing."""
    [trace] = [one for one in collector.traces(pipeline) if one.side is Side.RIGHT]
    true = script.true_hip_rotation_rad(Side.RIGHT, trace.time_s)
    looked_at = (trace.time_s > start_s) & (trace.time_s < script.duration_s - 0.5)
    return float(np.degrees(np.abs(trace.hip_rotation_rad - true))[looked_at].max())


def t23() -> Sequence[Check]:
    rng = np.random.default_rng(23)
    checks, late_s = [], {}
    for place, drift_ppm in ((RIGHT, 50.0), (PELVIS, -50.0)):
        sender = Sender(place, drift_ppm=drift_ppm)
        ingest = SensorIngest(place, identity(place), ORIGIN_NS, ClockParameters())
        frames, true_s = [], []
        for _ in range(round(TEN_MINUTES_S * 100 / 18)):
            true_s.append(sender.now_s)
            frames.append(sender.frame(delay_s=float(rng.uniform(0.001, 0.009))))
        samples = np.concatenate([one.samples.time_s for one in ingest.take(frames).taken])
        late_s[place] = samples[::18] - np.array(true_s)
        found = ingest.quality().drift_ppm
        checks.append(near(f"drift of {drift_ppm:+g} ppm, ten minutes", drift_ppm, found, 2.0, "ppm"))
    apart_ms = 1000.0 * np.abs(late_s[RIGHT] - late_s[PELVIS])
    return [*checks, at_most("largest distance of the two time lines", 5.0, float(apart_ms.max()), "ms")]


LINK_SCENARIOS = (
    Scenario("T16", "Jitter of 4 ms; an oscillator that is 4 % off", SIMULATED, t16),
    Scenario("T17", "Lost packets and outages", SIMULATED, t17),
    Scenario("T22", "Thigh and pelvis out of step, 57 deg/s at most", SIMULATED, t22),
    Scenario("T23", "Clocks that drift apart for ten minutes", SIMULATED, t23),
)
