"""Hip rotation over time against the script's own, and empty where it cannot be seen."""

import math

import numpy as np
import pytest
from pipeline_bench import (
    LEFT,
    PELVIS,
    RIGHT,
    THIGHS,
    lying,
    rad,
    run_blocks,
    simulated_blocks,
    without,
    worn,
)

from tracker.model import FloatArray, Placement, Side
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.sessions import SimulatedSession, demo_session
from tracker.session.pipeline import SessionPipeline
from tracker.session.traces import LegTrace, TraceCollector

GATE = 0.5
TEMPO = Tempo(1.0, 0.3, 1.0, 0.5)
SIDES = {Side.LEFT: LEFT, Side.RIGHT: RIGHT}


def traces(
    session: SimulatedSession,
    lost_s: dict[Placement, list[tuple[float, float]]] | None = None,
    chunk: int = 18,
) -> dict[Side, LegTrace]:
    """Traces of a simulated session's legs."""
    collector = TraceCollector(GATE)
    blocks = {
        place: without(block, (lost_s or {}).get(place, []))
        for place, block in simulated_blocks(session).items()
    }
    run = run_blocks(blocks, session.script.marks(), chunk=chunk, trace=collector)
    return {trace.side: trace for trace in collector.traces(run.pipeline)}


def rms_error_deg(trace: LegTrace, script: BodyScript, from_s: float) -> float:
    """RMS of a trace's error where it has values, from a time on."""
    error = trace.hip_rotation_rad - script.true_hip_rotation_rad(trace.side, trace.time_s)
    known = np.isfinite(error) & (trace.time_s >= from_s)
    assert known.sum() > 500
    return math.degrees(math.sqrt(float((error[known] ** 2).mean())))


def moving() -> BodyScript:
    """Standing, lying, repetitions of both legs, with the pelvis rolling meanwhile."""
    script = lying().relax(rad(-20.0), rad(-25.0), 1.0).hold(2.0).roll_pelvis(rad(6.0), 1.0)
    return script.repetitions([rad(30.0)] * 6, TEMPO, left_lag_s=0.1).hold(1.0).build()


def test_ideal_sensors_follow_the_hip_to_a_quarter_of_a_degree() -> None:
    """Each rate is taken for the 10 ms before it: half of that times the RMS rate, 30 deg/s, is 0.15."""
    script = moving()
    for side, trace in traces(worn(script)).items():
        assert rms_error_deg(trace, script, 6.0) < 0.25
        assert trace.side is side


@pytest.mark.parametrize("seed", range(4))
def test_usual_sensors_strapped_on_anyhow_follow_it_to_half_a_degree(seed: int) -> None:
    """5 mg SD of offset turn gravity by 0.3, in poses 25 degrees apart nearly alike; tilts add tenths."""
    rng = np.random.default_rng([31, seed])
    tilts = rng.normal(0.0, rad(4.0), (3, 3))
    mountings = {
        LEFT: Mounting.strapped(float(rng.uniform(-np.pi, np.pi)), tilts[0]),
        RIGHT: Mounting.strapped(float(rng.uniform(-np.pi, np.pi)), tilts[1]),
        PELVIS: Mounting.on_belt(tilts[2]),
    }
    script = moving()
    session = worn(script, tuple(Placement), mountings, {place: MemsModel.drawn(rng) for place in Placement})
    for trace in traces(session).values():
        assert rms_error_deg(trace, script, 6.0) < 0.5


def test_the_demonstration_is_followed_to_half_a_degree() -> None:
    session = demo_session()
    for trace in traces(session).values():
        assert rms_error_deg(trace, session.script, 5.5) < 0.5


def test_every_analysed_sample_of_each_thigh_has_a_row_in_sets_and_outside_them() -> None:
    session = worn(moving(), THIGHS)
    found = traces(session)
    for side, place in SIDES.items():
        np.testing.assert_array_equal(found[side].time_s, simulated_blocks(session)[place].time_s)


def test_standing_has_no_rotation() -> None:
    script = moving()
    for trace in traces(worn(script)).values():
        standing = trace.time_s < 2.9
        assert np.isnan(trace.hip_rotation_rad[standing]).all()
        assert (trace.observability[standing] < 0.05).all()
        lies = trace.time_s > 5.5
        assert np.isfinite(trace.hip_rotation_rad[lies]).all()


def test_a_value_is_given_exactly_where_observability_reaches_the_gate() -> None:
    """The legs rise from lying flat to vertical and come down again."""
    script = lying().take_posture(Posture.UPRIGHT, 3.0).take_posture(Posture.SUPINE, 3.0).hold(1.0).build()
    for trace in traces(worn(script, THIGHS)).values():
        np.testing.assert_array_equal(np.isfinite(trace.hip_rotation_rad), trace.observability >= GATE)
        assert trace.observability.min() < 0.1


def test_a_reference_counts_for_the_samples_before_it_too() -> None:
    """The strap sat as it does later, and so the rotation is told from the first lying sample on."""
    script = ScriptBuilder().stand(3.0).lie_down(1.5).relax(rad(-10.0), rad(-10.0), 1.0).hold(1.0)
    before_s = script.now_s - 0.5
    built = script.relax(0.0, 0.0, 1.0).reference(3.0).build()
    turned = {place: Mounting.strapped(strap_rotation_rad=rad(70.0)) for place in THIGHS}
    for trace in traces(worn(built, THIGHS, turned)).values():
        here = int(np.searchsorted(trace.time_s, before_s))
        # half a count of the accelerometer, twice, and what the filter still corrects of the way there
        assert math.degrees(trace.hip_rotation_rad[here]) == pytest.approx(-10.0, abs=0.1)


def test_without_reference_zero_is_patella_up_of_a_sensor_at_the_front() -> None:
    script = ScriptBuilder(Posture.SUPINE).relax(rad(-15.0), rad(-25.0), 1.0).hold(4.0).build()
    found = traces(worn(script, THIGHS))
    for side, true_deg in ((Side.LEFT, -15.0), (Side.RIGHT, -25.0)):
        last = float(found[side].hip_rotation_rad[-1])
        assert math.degrees(last) == pytest.approx(true_deg, abs=0.1)


def test_a_pelvis_sensor_that_never_got_its_axes_leaves_the_vertical() -> None:
    """Turned round the body by 60 degrees, and no pose to know that from."""
    script = (
        ScriptBuilder().hold(2.0).lie_down(1.5).hold(1.0).relax(rad(-20.0), rad(-20.0), 1.0).hold(2.0).build()
    )
    askew = traces(worn(script, mountings={PELVIS: Mounting.on_belt((0.0, rad(60.0), 0.0))}))
    alone = traces(worn(script, THIGHS))
    for side, trace in alone.items():
        np.testing.assert_array_equal(askew[side].hip_rotation_rad, trace.hip_rotation_rad)


def test_without_the_pelvis_for_a_while_nothing_is_known_against_it() -> None:
    script = moving()
    lost_s = (9.0, 11.0)
    for trace in traces(worn(script), {PELVIS: [lost_s]}).values():
        inside = (trace.time_s > lost_s[0]) & (trace.time_s < lost_s[1] - 0.01)
        assert np.isnan(trace.hip_rotation_rad[inside]).all()
        assert (trace.observability[inside] == 0.0).all()
        assert np.isfinite(trace.hip_rotation_rad[trace.time_s > lost_s[1]]).all()


def test_a_gap_of_a_thigh_has_no_rows_and_costs_little_after_it() -> None:
    """Anew from gravity in mid-movement: at most what the movement adds to gravity, 1.5 degrees in 1 s."""
    script = moving()
    lost_s = (12.0, 13.2)
    trace = traces(worn(script), {RIGHT: [lost_s]})[Side.RIGHT]
    assert not ((trace.time_s >= lost_s[0]) & (trace.time_s < lost_s[1])).any()
    error = trace.hip_rotation_rad - script.true_hip_rotation_rad(Side.RIGHT, trace.time_s)
    assert math.degrees(np.abs(error[trace.time_s > lost_s[1]]).max()) < 1.8


def test_traces_are_the_same_for_any_chunks() -> None:
    session = worn(moving(), mems=MemsModel(seed=4))
    expected, found = traces(session), traces(session, chunk=5)
    for side, trace in expected.items():
        np.testing.assert_array_equal(found[side].hip_rotation_rad, trace.hip_rotation_rad)
        np.testing.assert_array_equal(found[side].observability, trace.observability)


def test_the_pelvis_alone_has_no_trace() -> None:
    assert traces(worn(moving(), (PELVIS,))) == {}


def test_the_newest_angle_of_a_leg_is_the_trace_read_with_what_is_known_then() -> None:
    script = moving()
    session = worn(script)
    newest: dict[Side, list[tuple[float, float | None]]] = {side: [] for side in SIDES}

    def look(pipeline: SessionPipeline) -> None:
        for state in pipeline.leg_states():
            newest[state.side].append((state.time_s, state.hip_rotation_rad))

    run_blocks(simulated_blocks(session), script.marks(), each=look)
    for side in SIDES:
        late = [(time_s, angle) for time_s, angle in newest[side] if time_s > 9.0]
        times = np.array([time_s for time_s, _ in late])
        angles: FloatArray = np.array([angle for _, angle in late], dtype=np.float64)
        true = script.true_hip_rotation_rad(side, times)
        # half an interval of the fastest rate, 56 deg/s, and what the filter adds
        assert np.degrees(np.abs(angles - true)).max() < 0.5
        early = [angle for time_s, angle in newest[side] if time_s < 2.9]
        assert early
        assert set(early) == {None}
