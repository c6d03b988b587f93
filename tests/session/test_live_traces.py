"""The points of a running session's traces: those of the replay, fewer of them, and each told once."""

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

from tracker.model import Placement, Side
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.sessions import SimulatedSession
from tracker.session.live_traces import POINT_RATE_HZ, LiveTraces, TracePoint
from tracker.session.pipeline import SessionPipeline
from tracker.session.traces import LegTrace, TraceCollector

GATE = 0.5
ALIGNED_S = 9.0
"""All reference poses are over."""


def moving() -> BodyScript:
    """Standing, lying in the reference pose, and three repetitions of both legs."""
    script = lying().relax(rad(-20.0), rad(-25.0), 1.0)
    return script.repetitions([rad(30.0)] * 3, [Tempo(0.8, 0.2, 0.8, 0.2)] * 3).build()


class Lived:
    """A simulated session as a view sees it, and its replay's traces."""

    def __init__(
        self,
        session: SimulatedSession,
        *,
        chunk: int = 18,
        rate_hz: float = 100.0,
        lost: dict[Placement, list[tuple[float, float]]] | None = None,
        looks: bool = True,
    ) -> None:
        self.live = LiveTraces(GATE)
        self.parts: list[dict[Side, tuple[TracePoint, ...]]] = []
        blocks = {
            place: without(block, (lost or {}).get(place, []))
            for place, block in simulated_blocks(session, rate_hz).items()
        }

        def look(pipeline: SessionPipeline) -> None:
            self.live.read_with(pipeline)
            if looks:
                self.parts.append({part.side: part.points for part in self.live.take()})

        marks = session.script.marks()
        run_blocks(blocks, marks, chunk=chunk, rate_hz=rate_hz, trace=self.live, each=look)
        collector = TraceCollector(GATE)
        pipeline = run_blocks(blocks, marks, chunk=None, rate_hz=rate_hz, trace=collector).pipeline
        self.whole: dict[Side, LegTrace] = {trace.side: trace for trace in collector.traces(pipeline)}

    def points(self, side: Side, from_s: float = 1.0) -> list[TracePoint]:
        """All points of a leg from a time on, in the order in which they were told."""
        return [point for part in self.parts for point in part.get(side, ()) if point[0] >= from_s]


def assert_as_in_replay(lived: Lived, side: Side, from_s: float) -> None:
    """Each point has the value that the replay's trace has at its time."""
    whole, points = lived.whole[side], lived.points(side, from_s)
    assert len(points) > 100
    places = np.searchsorted(whole.time_s, [time_s for time_s, _ in points])
    np.testing.assert_array_equal(whole.time_s[places], [time_s for time_s, _ in points])
    found = [math.nan if angle is None else angle for _, angle in points]
    np.testing.assert_allclose(found, whole.hip_rotation_rad[places], rtol=0, atol=1e-12)


@pytest.mark.parametrize("placements", [THIGHS, (LEFT, RIGHT, PELVIS)])
def test_each_point_is_the_replays(placements: tuple[Placement, ...]) -> None:
    lived = Lived(worn(moving(), placements, mems=MemsModel(seed=4)))
    for side in (Side.LEFT, Side.RIGHT):
        assert_as_in_replay(lived, side, ALIGNED_S)


def test_a_leg_is_followed_through_gaps_and_not_where_the_pelvis_is_not_known() -> None:
    lost = {RIGHT: [(11.0, 11.6)], PELVIS: [(12.5, 13.1)]}
    lived = Lived(worn(moving()), lost=lost)
    for side in (Side.LEFT, Side.RIGHT):
        assert_as_in_replay(lived, side, ALIGNED_S)
    assert not [one for one in lived.points(Side.RIGHT) if 11.0 <= one[0] < 11.6]
    unknown = [angle for time_s, angle in lived.points(Side.LEFT) if 12.51 < time_s < 13.09]
    assert unknown
    assert set(unknown) == {None}


@pytest.mark.parametrize(("rate_hz", "expected_hz"), [(25.0, 25.0), (100.0, POINT_RATE_HZ)])
def test_there_are_no_more_points_than_a_line_needs(rate_hz: float, expected_hz: float) -> None:
    lived = Lived(worn(moving(), THIGHS), rate_hz=rate_hz)
    for side in (Side.LEFT, Side.RIGHT):
        times = [time_s for time_s, _ in lived.points(side)]
        assert times == sorted(set(times))
        assert len(times) == pytest.approx(expected_hz * (times[-1] - times[0]), rel=0.02)
        assert max(np.diff(times)) < 2.0 / min(rate_hz, POINT_RATE_HZ)


def test_the_points_are_the_same_however_the_samples_come() -> None:
    session = worn(moving(), THIGHS)
    assert Lived(session, chunk=5).points(Side.LEFT) == Lived(session, chunk=37).points(Side.LEFT)


def test_a_pelvis_sensor_without_its_axes_leaves_the_vertical() -> None:
    """No pose was taken: what is known at the end was known all the time."""
    script = ScriptBuilder(Posture.SUPINE).hold(1.0).relax(rad(-20.0), rad(-20.0), 1.0).hold(5.0).build()
    askew = {PELVIS: Mounting.on_belt((0.0, rad(60.0), 0.0))}
    assert_as_in_replay(Lived(worn(script, mountings=askew)), Side.LEFT, 1.0)


def test_a_leg_that_stands_shows_nothing() -> None:
    lived = Lived(worn(moving(), THIGHS))
    standing = {angle for time_s, angle in lived.points(Side.LEFT) if time_s < 2.9}
    assert standing == {None}


def test_what_was_taken_is_not_told_again() -> None:
    lived = Lived(worn(moving(), THIGHS), looks=False)
    first = lived.live.take()
    assert {part.side for part in first} == {Side.LEFT, Side.RIGHT}
    assert lived.live.take() == ()


def test_what_nobody_takes_does_not_grow() -> None:
    script = lying().hold(60.0).build()
    lived = Lived(worn(script, (LEFT,)), looks=False)
    (part,) = lived.live.take()
    assert len(part.points) == 1024
    # The newest are kept.
    assert part.points[-1][0] == pytest.approx(script.duration_s, abs=0.05)


def test_the_pelvis_alone_has_no_points() -> None:
    lived = Lived(worn(moving(), (PELVIS,)))
    assert [part for part in lived.parts if part] == []
