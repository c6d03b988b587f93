"""What a gauge shows of the movement that is counted, and from where on a repetition is large enough."""

import math
from itertools import pairwise

import numpy as np
import pytest
from leg_samples import hip_deg, leg_samples, lying_pelvis, part_of
from motion_samples import known
from pipeline_bench import (
    EXERCISES,
    LEFT,
    MOTION,
    PELVIS,
    THIGHS,
    lying,
    rad,
    run_blocks,
    set_marks,
    simulated_blocks,
    worn,
)

from tracker.model import Edge, FloatArray, PhaseKind, PhaseMark, Placement, ReferenceRange, Side
from tracker.motion.counting.closed import RepetitionClosed
from tracker.motion.exercise import CountedSignal
from tracker.motion.person import PersonalRecord
from tracker.motion.signals.leg_signals import LegSamples
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.timeline import minimum_jerk
from tracker.session.events import Gauge
from tracker.session.pipeline import SessionPipeline
from tracker.session.set_counter import LegInSet, SetCounter

REST_DEG = -25.0
OWN = PersonalRecord(ranges=(ReferenceRange("supine_in_toeing", Side.LEFT, rad(40.0), 3),))


def moving(*roms_deg: float) -> BodyScript:
    """A set of both legs from 25 degrees outward."""
    script = lying().relax(rad(REST_DEG), rad(REST_DEG), 1.0)
    tempo = Tempo(1.5, 0.5, 1.5, 0.5)
    return script.repetitions(
        [rad(one) for one in roms_deg], tempo, still_before_s=2.0, still_after_s=1.0
    ).build()


class Seen:
    """The gauges of a simulated session, looked at after each block of samples."""

    def __init__(
        self,
        script: BodyScript,
        placements: tuple[Placement, ...] = THIGHS,
        person: PersonalRecord | None = None,
        marks: list[PhaseMark] | None = None,
    ) -> None:
        self.of: dict[Side | None, list[Gauge]] = {}
        self.empty_s: list[float] = []

        def look(pipeline: SessionPipeline) -> None:
            if not pipeline.gauges():
                self.empty_s.append(pipeline.newest_s)
            for gauge in pipeline.gauges():
                self.of.setdefault(gauge.side, []).append(gauge)

        blocks = simulated_blocks(worn(script, placements))
        self.run = run_blocks(
            blocks, script.marks() if marks is None else marks, person=person or PersonalRecord(), each=look
        )

    def shown(self, side: Side | None) -> list[tuple[float, float]]:
        """Time and value of a leg's gauge, degrees, where there is one."""
        gauges = self.of[side]
        return [(one.time_s, math.degrees(one.value_rad)) for one in gauges if one.value_rad is not None]


def fixed_deg(gauges: list[Gauge]) -> tuple[float, float]:
    """From where a repetition is valid, and the target, degrees; the same throughout."""
    ((valid_from_rad, target_rad),) = {(one.valid_from_rad, one.target_rad) for one in gauges}
    return math.degrees(valid_from_rad), math.degrees(target_rad)


@pytest.mark.parametrize("placements", [THIGHS, (*THIGHS, PELVIS)])
def test_the_gauge_shows_how_far_the_leg_is_from_where_it_rests(placements: tuple[Placement, ...]) -> None:
    script = moving(30.0, 30.0, 20.0)
    seen = Seen(script, placements)
    for side in (Side.LEFT, Side.RIGHT):
        shown = seen.shown(side)
        assert len(shown) > 50
        times = np.array([time_s for time_s, _ in shown])
        true_deg = np.degrees(script.true_hip_rotation_rad(side, times)) - REST_DEG
        assert np.abs(true_deg - [value for _, value in shown]).max() < 0.5
        assert fixed_deg(seen.of[side]) == pytest.approx((15.0, 25.0))
        assert {(one.signal, one.hold_target_s) for one in seen.of[side]} == {
            (CountedSignal.HIP_ROTATION, None)
        }


@pytest.mark.parametrize("rom_deg", [10.0, 14.5, 15.5, 28.0])
def test_what_reaches_the_mark_of_the_gauge_is_a_valid_repetition(rom_deg: float) -> None:
    seen = Seen(moving(rom_deg, rom_deg))
    for side in (Side.LEFT, Side.RIGHT):
        reached = max(known(one.value_rad) for one in seen.of[side] if one.value_rad is not None)
        valid = [one.valid for one in seen.run.closed(side)]
        assert valid == [reached >= seen.of[side][0].valid_from_rad] * 2


def test_the_range_that_the_person_has_shown_is_the_target_of_that_leg() -> None:
    seen = Seen(moving(30.0), person=OWN)
    assert fixed_deg(seen.of[Side.LEFT]) == pytest.approx((24.0, 40.0))
    assert fixed_deg(seen.of[Side.RIGHT]) == pytest.approx((15.0, 25.0))


def test_there_is_a_gauge_while_a_set_is_on_and_no_longer() -> None:
    script = moving(30.0)
    seen = Seen(script)
    (phase,) = [one for one in script.phases if one.kind is PhaseKind.SET]
    assert seen.empty_s[0] < phase.start_s
    times = [one.time_s for one in seen.of[Side.LEFT]]
    assert phase.start_s <= times[0] < phase.start_s + 0.2
    assert phase.end_s - 0.2 < times[-1] <= phase.end_s
    assert [time_s for time_s in seen.empty_s if phase.start_s + 0.2 < time_s < phase.end_s] == []


def test_before_the_leg_is_still_in_the_pose_nothing_is_shown() -> None:
    script = ScriptBuilder().stand(3.0)
    start_s = script.now_s - 2.0
    built = script.lie_down(1.5).hold(3.0).build()
    seen = Seen(built, marks=[*built.marks(), *set_marks(start_s, built.duration_s)])
    for gauge in seen.of[Side.LEFT]:
        assert gauge.ready == (gauge.value_rad is not None)
    ready = [one.ready for one in seen.of[Side.LEFT]]
    assert (ready[0], ready[-1], sum(a != b for a, b in pairwise(ready))) == (False, True, 1)


def test_a_movement_that_finds_its_axis_is_shown_from_then_on() -> None:
    script = (
        ScriptBuilder().hold(1.0).repetitions([rad(35.0)] * 5, Tempo(0.8, 0.1, 0.8, 0.2)).hold(0.5).build()
    )
    seen = Seen(script, (LEFT,), marks=set_marks(1.0, script.duration_s, "generic"))
    gauges = seen.of[Side.LEFT]
    assert {one.signal for one in gauges} == {CountedSignal.MOVEMENT}
    # It takes at least four seconds of movement.
    assert gauges[0].time_s > 4.0
    values = [known(one.value_rad) for one in gauges]
    assert math.degrees(max(values)) == pytest.approx(35.0, abs=2.0)
    assert math.degrees(min(values)) == pytest.approx(0.0, abs=2.0)
    # The range of the first movement, less its outermost twentieths, is what later ones are held against.
    assert math.degrees(gauges[0].target_rad) == pytest.approx(35.0, abs=2.0)


def gauges_of(samples: LegSamples, side: Side, exercise: str) -> tuple[list[Gauge], list[RepetitionClosed]]:
    """The gauges of one leg in one set, after each tenth of a second, and what was closed."""
    start = PhaseMark(0.0, PhaseKind.SET, Edge.START, None, exercise)
    counter = SetCounter(LegInSet(side, 0.01, MOTION.range_error), EXERCISES[exercise], start)
    before = counter.gauge
    assert before is None
    gauges: list[Gauge] = []
    closed: list[RepetitionClosed] = []
    for first in range(0, len(samples), 10):
        closed += counter.feed(part_of(samples, first, min(first + 10, len(samples))))
        gauges += [] if counter.gauge is None else [counter.gauge]
    return gauges, closed


def there_and_back(times: int, to_deg: float, top_s: float = 0.5) -> FloatArray:
    """Two seconds of rest, then movements of a second each way, at 100 Hz."""
    up = to_deg * minimum_jerk(np.arange(1, 101) / 100.0)
    one = np.concatenate([up, np.full(round(100 * top_s), to_deg), to_deg - up, np.zeros(200)])
    return np.concatenate([np.zeros(200), np.tile(one, times)])


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_a_movement_downwards_is_shown_upwards(side: Side) -> None:
    """In a bridge the thighs go from 50 degrees of tilt down towards the level."""
    samples = leg_samples(side, hip_deg(50.0 - there_and_back(2, 40.0)), lying_pelvis(), quiet_for_s=5.0)
    gauges, closed = gauges_of(samples, side, "bridge")
    assert [one.valid for one in closed] == [True, True]
    values = [math.degrees(known(one.value_rad)) for one in gauges]
    assert max(values) == pytest.approx(40.0, abs=0.1)
    assert min(values) == pytest.approx(0.0, abs=0.1)
    assert {one.signal for one in gauges} == {CountedSignal.ELEVATION}
    assert math.degrees(gauges[0].target_rad) == pytest.approx(35.0)


@pytest.mark.parametrize("to_deg", [-5.0, 5.0])
def test_holds_are_shown_with_how_long_they_should_last(to_deg: float) -> None:
    """A side shift counts to both sides; its angle has only to leave the rest, its time is what matters."""
    hip = hip_deg(0.0, there_and_back(1, to_deg, top_s=10.0))
    samples = leg_samples(Side.RIGHT, hip, np.eye(3)[None], quiet_for_s=5.0)
    gauges, closed = gauges_of(samples, Side.RIGHT, "side_shift")
    assert [one.valid for one in closed] == [True]
    assert fixed_deg(gauges) == pytest.approx((1.2, 1.2))
    assert {one.hold_target_s for one in gauges} == {10.0}
    values = [one.value_rad for one in gauges]
    # There is no rest level before the leg has been still for a while.
    assert values[0] is None
    assert math.degrees(known(values[100])) == pytest.approx(5.0, abs=0.1)
    assert math.degrees(known(values[-1])) == pytest.approx(0.0, abs=0.2)


def test_a_leg_whose_pelvis_is_not_known_has_no_value() -> None:
    samples = leg_samples(
        Side.LEFT,
        hip_deg(0.0, 0.0, there_and_back(1, 30.0)),
        lying_pelvis(),
        with_pelvis=True,
        quiet_for_s=5.0,
    )
    assert samples.pelvis_up is not None
    samples.pelvis_up[300:320] = np.nan
    gauges, _ = gauges_of(samples, Side.LEFT, "supine_in_toeing")
    assert [number for number, one in enumerate(gauges) if one.value_rad is None] == [30, 31]
