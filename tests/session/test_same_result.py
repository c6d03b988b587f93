"""The same stream gives the same bits: for any chunks, live or from a file, whatever the radio does to it."""

import math
from dataclasses import replace

import numpy as np
import pytest
from frame_bench import Air, Item, Stall, analysed, sent
from hypothesis import example, given, settings
from hypothesis import strategies as st
from motion_samples import deg, known
from pipeline_bench import (
    LEFT,
    PELVIS,
    RIGHT,
    Run,
    lying,
    rad,
    run_blocks,
    set_marks,
    simulated_blocks,
    without,
    worn,
)

from tracker.model import FloatArray, PhaseKind, Placement, Side
from tracker.motion.counting.closed import RepetitionClosed
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.session.events import PipelineEvent

TEMPO = Tempo(0.8, 0.2, 0.8, 0.3)
SCRIPT = (
    lying(2.0, 2.0)
    .relax(rad(-15.0), rad(-25.0), 1.0)
    .rest(6.0)
    .repetitions(
        [rad(one) for one in (30.0, 10.0, 30.0, 28.0)],
        TEMPO,
        left_amplitudes_rad=[rad(one) for one in (29.0, 30.0, 9.0, 31.0)],
        left_lag_s=0.05,
        still_before_s=1.5,
    )
    .repetitions([rad(25.0)] * 4, Tempo(0.6, 0.1, 0.6, 0.1), side=Side.LEFT, exercise="generic")
    .hold(1.0)
    .build()
)
SESSION = worn(
    SCRIPT,
    tuple(Placement),
    {
        LEFT: Mounting.strapped(1.1, (0.05, -0.02, 0.03)),
        RIGHT: Mounting.strapped(-2.0, (0.02, 0.04, -0.03)),
        PELVIS: Mounting.on_belt((0.03, 0.02, -0.02)),
    },
    MemsModel(gyroscope_bias_rad_per_s=(rad(0.3), rad(-0.2), rad(0.1)), seed=21),
)
WHOLE = simulated_blocks(SESSION)
BROKEN = {
    LEFT: without(WHOLE[LEFT], [(2.0, 2.1), (17.1, 17.3), (20.0, 22.5)]),
    RIGHT: without(WHOLE[RIGHT], [(6.5, 7.0), (18.0, 18.02)]),
    PELVIS: without(WHOLE[PELVIS], [(10.0, 10.3), (16.2, 19.0)]),
}
REST_S = next(phase.start_s for phase in SCRIPT.phases if phase.kind is PhaseKind.REST)
SET_S = REST_S + 6.0
END_S = SCRIPT.duration_s


def told(run: Run) -> dict[object, list[PipelineEvent]]:
    """What was told, by kind and side, each in order: legs may take turns otherwise in other chunks."""
    found: dict[object, list[PipelineEvent]] = {}
    for event in run.events:
        found.setdefault((type(event), getattr(event, "side", getattr(event, "placement", None))), []).append(
            event
        )
    return found


def traced(chunk: int | None) -> tuple[Run, dict[Placement, list[FloatArray]]]:
    """A run over broken blocks, with the directions of up that it saw."""
    seen: dict[Placement, list[FloatArray]] = {}

    def trace(place: Placement, time_s: FloatArray, up: FloatArray, pelvis_up: FloatArray | None) -> None:
        assert pelvis_up is not None
        seen.setdefault(place, []).append(np.column_stack([time_s, up, pelvis_up]))

    return run_blocks(BROKEN, SCRIPT.marks(), chunk=chunk, trace=trace), seen


REFERENCE, REFERENCE_TRACE = traced(18)


def test_the_reference_run_has_something_to_compare() -> None:
    assert [done.valid_reps for done in REFERENCE.pipeline.sets if done.exercise == "generic"] == [4]
    assert sum(isinstance(event, RepetitionClosed) for event in REFERENCE.events) > 6
    assert all(test.refused is None for test in REFERENCE.pipeline.rest_tests)


@pytest.mark.parametrize("chunk", [1, 7, 64, None])
def test_any_chunks_of_three_sensors_give_identical_events_and_results(chunk: int | None) -> None:
    run, trace = traced(chunk)
    assert told(run) == told(REFERENCE)
    assert run.pipeline.rest_tests == REFERENCE.pipeline.rest_tests
    assert run.pipeline.sets == REFERENCE.pipeline.sets
    for place in (LEFT, RIGHT):
        np.testing.assert_array_equal(np.concatenate(trace[place]), np.concatenate(REFERENCE_TRACE[place]))


def test_one_sensor_after_the_other_gives_the_same_result() -> None:
    """As a file would whose sensors were written one by one; marks first."""
    run = run_blocks(dict(reversed(BROKEN.items())), SCRIPT.marks(), chunk=None)
    assert run.pipeline.rest_tests == REFERENCE.pipeline.rest_tests
    assert run.pipeline.sets == REFERENCE.pipeline.sets


AIRS: dict[str, dict[Placement, Air]] = {
    "clear": {},
    "jitter": {place: Air(jitter_s=0.04, seed=number) for number, place in enumerate(Placement)},
    "a thigh waits": {RIGHT: Air([Stall(SET_S + 2.0, SET_S + 3.8)])},
    "a thigh waits for long": {LEFT: Air([Stall(SET_S + 1.0, SET_S + 5.0)])},
    "the pelvis waits over the end of the rest test": {PELVIS: Air([Stall(SET_S - 0.7, SET_S + 1.4)])},
    "the pelvis waits over its beginning": {PELVIS: Air([Stall(REST_S - 0.7, REST_S + 1.4)])},
    "the pelvis waits in the set": {PELVIS: Air([Stall(SET_S + 2.0, SET_S + 4.5)])},
    "all wait in turn": {
        LEFT: Air([Stall(14.5, 16.0)]),
        RIGHT: Air([Stall(15.5, 17.5)]),
        PELVIS: Air([Stall(16.5, 18.0)]),
    },
    "the pelvis dies": {PELVIS: Air(lost_s=[(16.0, 99.0)])},
    "a thigh dies": {RIGHT: Air(lost_s=[(13.0, 99.0)])},
    "losses": {
        LEFT: Air(lost_s=[(9.0, 9.4), (17.0, 19.6)], jitter_s=0.03, seed=1),
        PELVIS: Air(lost_s=[(10.0, 10.5)], jitter_s=0.03, seed=2),
    },
}


@pytest.mark.parametrize("keep_samples", [False, True])
@pytest.mark.parametrize("air", AIRS.values(), ids=list(AIRS))
def test_one_by_one_as_live_and_many_together_as_from_a_file_are_the_same(
    air: dict[Placement, Air], keep_samples: bool
) -> None:
    """Also where the sensors could send again what was lost, and do not."""
    items = sent(SESSION, air)
    live = analysed(Placement, items, keep_samples=keep_samples)
    for gather in (2, 7, 300, 100_000):
        assert analysed(Placement, items, gather, keep_samples=keep_samples) == live


@pytest.mark.parametrize(("lead_s", "lost_s", "gap_s"), [(0.5, 0.5, 4.0), (0.5, 0.5, 6.0), (0.5, 2.0, 8.0)])
def test_a_pelvis_that_is_lost_over_the_end_of_a_pose_is_the_same_live_and_from_a_file(
    lead_s: float, lost_s: float, gap_s: float
) -> None:
    """What the pose gave must be known before the leg goes on without the pelvis."""
    script = lying(2.0, 4.0)
    pose_ends_s = script.now_s
    script.hold(lead_s).repetitions(
        [rad(30.0)] * 6, Tempo(0.8, 0.2, 0.8, 0.3), side=Side.RIGHT, exercise="supine_roll_in",
        still_before_s=0.5, pelvis_share=0.4,
    )  # fmt: skip
    lost = (pose_ends_s - lost_s, pose_ends_s - lost_s + gap_s)
    items = sent(worn(script.build()), {PELVIS: Air(lost_s=[lost])})
    live = analysed(Placement, items)
    for gather in (7, 1000):
        assert analysed(Placement, items, gather) == live
    # against the pelvis, whose share is not the hip's
    done = next(one for one in live.sets if one.side is Side.RIGHT)
    assert done.repetitions
    assert all(known(one.rom_rad) < rad(19.0) for one in done.repetitions)


def test_a_pelvis_that_comes_back_after_long_is_the_same_live_and_from_a_file() -> None:
    """Its zero is lost from there on, in the middle of what a file hands over at once."""
    script = lying(2.0, 2.0).hold(1.0)
    start_s = script.now_s
    script.hold(133.0).repetitions(
        [rad(30.0)] * 3, Tempo(0.8, 0.2, 0.8, 0.3), side=Side.RIGHT, exercise="supine_roll_in",
        still_before_s=1.5, pelvis_share=0.4,
    )  # fmt: skip
    body = script.build()
    begun = tuple(replace(one, start_s=start_s) if one.kind is PhaseKind.SET else one for one in body.phases)
    session = worn(replace(body, phases=begun))
    items = sent(session, {PELVIS: Air(lost_s=[(start_s + 1.0, start_s + 130.0)])})
    live = analysed(Placement, items)
    assert analysed(Placement, items, 1000) == live
    # against the vertical, where the pelvis helps
    done = next(one for one in live.sets if one.side is Side.RIGHT)
    assert [deg(known(one.rom_rad)) for one in done.repetitions] == pytest.approx([30.0] * 3, abs=0.5)


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 2**32 - 1))
@example(207614565)
def test_whatever_the_radio_does_live_and_file_are_the_same(seed: int) -> None:
    rng = np.random.default_rng(seed)

    def spans(count: int, longest_s: float) -> list[tuple[float, float]]:
        starts = rng.uniform(0.0, END_S, rng.integers(0, count + 1))
        return [(float(start), float(start + rng.uniform(0.1, longest_s))) for start in starts]

    air = {
        place: Air(
            [Stall(*span) for span in spans(2, 4.0)],
            spans(3, 3.0),
            float(rng.choice([0.0, 0.03, 0.3])),
            int(rng.integers(1000)),
        )
        for place in Placement
    }
    items = sent(SESSION, air, samples=int(rng.choice([7, 18, 41])))
    keep_samples = bool(rng.integers(2))
    live = analysed(Placement, items, keep_samples=keep_samples)
    for gather in (5, 300):
        assert analysed(Placement, items, gather, keep_samples=keep_samples) == live


@pytest.mark.parametrize("drift_ppm", [-40_000.0, 40_000.0])
@pytest.mark.parametrize("begins_s", [19.0, 20.0, 20.1])
def test_a_rate_that_changes_while_a_thigh_waits_for_the_pelvis_is_that_of_the_same_samples(
    begins_s: float, drift_ppm: float
) -> None:
    """A sensor that is 4 % off is corrected some 20 s on; a set that looks for its axis begins about then.

    Live a set begins before the rate changes, from a file with the newer samples already at hand. The axis is
    looked for every so many samples.
    """
    script = lying(2.0, 2.0).hold(begins_s - 6.0)
    assert script.now_s == begins_s
    script.repetitions([rad(25.0)] * 3, Tempo(1.0, 0.1, 1.0, 0.1), exercise="generic").hold(0.5)
    items = sent(worn(script.build()), {RIGHT: Air(drift_ppm=drift_ppm)})
    live = analysed(Placement, items)
    assert [notice.placement for notice in live.notices] == [RIGHT]
    for gather in (7, 50, 100_000):
        assert analysed(Placement, items, gather) == live


def test_jitter_of_the_radio_costs_less_than_what_it_is_allowed_to() -> None:
    """57 deg/s times the 20 ms that thigh and pelvis may be apart is 1.1 degrees; this leaves 2 ms."""
    air = {place: Air(jitter_s=0.015, seed=number) for number, place in enumerate(Placement)}
    result, clear = analysed(Placement, sent(SESSION, air)), analysed(Placement, sent(SESSION))
    for found, expected in zip(result.sets, clear.sets, strict=True):
        assert (found.valid_reps, found.partial_reps) == (expected.valid_reps, expected.partial_reps)
        for one, other in zip(found.repetitions, expected.repetitions, strict=True):
            assert math.degrees(abs(known(one.rom_rad) - known(other.rom_rad))) < 0.3
    for test, same in zip(result.rest_tests, clear.rest_tests, strict=True):
        assert test.hip_rotation_rad is not None
        assert same.hip_rotation_rad is not None
        assert math.degrees(abs(test.hip_rotation_rad - same.hip_rotation_rad)) < 0.02


def test_a_pelvis_alone_loses_nothing_where_its_frames_come_late() -> None:
    """There is no thigh that would have to wait for it."""
    script = ScriptBuilder(Posture.SUPINE).hold(1.0)
    for _ in range(6):
        script.roll_pelvis(rad(40.0), 1.0).roll_pelvis(0.0, 1.0)
    session = worn(script.hold(0.5).build(), (PELVIS,))
    marks = set_marks(0.5, session.script.duration_s, "generic")
    for air in ({}, {PELVIS: Air([Stall(3.0, 7.0)])}):
        items: list[Item] = [marks[0], *sent(session, air), marks[1]]
        for gather in (1, 300):
            [done] = analysed((PELVIS,), items, gather).sets
            assert (done.valid_reps, done.flags) == (6, ())
