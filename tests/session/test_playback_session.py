"""A live session fed by recorded frames, and its file analysed again: the same, also through bad air."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from frame_bench import ORIGIN_NS, PARAMETERS, Air, Item, Stall, analysed, identity, sent
from pipeline_bench import LEFT, PELVIS, RIGHT, lying, rad, worn

from tracker.model import (
    Edge,
    Notification,
    PhaseKind,
    PhaseMark,
    Placement,
    SensorIdentity,
    WallClockAnchor,
)
from tracker.recording.header import RecordingHeader
from tracker.recording.reader import read_recording
from tracker.sensing.body.builder import Tempo
from tracker.sensing.body.sessions import SimulatedSession, demo_session
from tracker.sensing.playback import PlaybackSource
from tracker.sensing.source import LinkReport, LinkState, SourceItem
from tracker.session.guide import Conductor
from tracker.session.live import LiveOutcome, LiveSession
from tracker.session.replay import replay, replay_opened
from tracker.session.script_conductor import ScriptConductor
from tracker.session.simulation import TEXTS, write_simulated_recording
from tracker.session.status import SessionStatus

SCRIPT = (
    lying(1.5, 1.5)
    .relax(rad(-15.0), rad(-25.0), 0.5)
    .rest(5.5)
    .repetitions([rad(30.0)] * 3, Tempo(0.6, 0.1, 0.6, 0.2), still_before_s=1.2)
    .hold(0.5)
    .build()
)
SESSION = worn(SCRIPT)
SENSORS: dict[Placement, SensorIdentity] = {
    place: identity(place, number) for number, place in enumerate(Placement)
}
SPEED = 8.0
BAD_AIR = {
    LEFT: Air([Stall(6.0, 7.6)], jitter_s=0.02, seed=1),
    RIGHT: Air(lost_s=[(12.5, 13.1)], jitter_s=0.02, seed=2),
    PELVIS: Air([Stall(10.6, 12.3)], lost_s=[(3.0, 3.3)]),
}


def arriving(items: Sequence[Item]) -> list[SourceItem]:
    """Notifications as if they were arriving from now on, with a link that is lost and restored."""
    shift_ns = time.monotonic_ns() - ORIGIN_NS
    frames = [
        replace(item, received_ns=item.received_ns + shift_ns)
        for item in items
        if isinstance(item, Notification)
    ]
    at_ns = frames[199].received_ns
    states = (LinkState.LOST, LinkState.SEARCHING, LinkState.STREAMING)
    return [*frames[:200], *(LinkReport(RIGHT, at_ns, state) for state in states), *frames[200:]]


class Keeper:
    """Takes note of the session's beginning."""

    def __init__(self) -> None:
        self.paths: list[Path] = []

    def begin(self, header: RecordingHeader, path: Path, sensors: Mapping[Placement, SensorIdentity]) -> None:
        """The recording has begun."""
        assert header.simulated
        assert set(sensors) == set(Placement)
        self.paths.append(path)


async def recorded(path: Path, air: Mapping[Placement, Air]) -> tuple[LiveOutcome, list[SessionStatus]]:
    """A live session over frames that are played back quickly."""
    shown: list[SessionStatus] = []
    keeper = Keeper()

    def header(anchor: WallClockAnchor) -> RecordingHeader:
        return RecordingHeader(anchor, "test", simulated=True)

    def conductor(now_s: Callable[[], float]) -> Conductor:
        began_s = now_s()
        return ScriptConductor(SCRIPT.phases, TEXTS, lambda: min(began_s, 0.25), SCRIPT.duration_s)

    source = PlaybackSource(arriving(sent(SESSION, air)), SENSORS, SPEED)
    live = LiveSession(source, path, header, lambda _sensors: PARAMETERS, conductor, keeper, shown.append)
    outcome = await live.run()
    assert keeper.paths == [path]
    return outcome, shown


@pytest.mark.parametrize("air", [{}, BAD_AIR], ids=["clear", "bad air"])
async def test_the_file_of_a_live_session_gives_the_same_result(
    tmp_path: Path, air: dict[Placement, Air]
) -> None:
    path = tmp_path / "live.mcap"
    outcome, shown = await recorded(path, air)
    assert outcome.failure is None
    assert len(outcome.analysis.rest_tests) == 2
    assert [done.side for done in outcome.analysis.sets] == ["left", "right"]
    for gather in (1, 7, 300):
        again, _ = replay_opened(read_recording(path), PARAMETERS, gather=gather)
        assert again.analysis == outcome.analysis
        assert again.damage.whole
    assert len(shown) > 10
    assert {row.placement for row in shown[-1].sensors} == set(Placement)


async def test_marks_stand_before_the_samples_that_follow_them(tmp_path: Path) -> None:
    path = tmp_path / "live.mcap"
    await recorded(path, {})
    recording = read_recording(path)
    newest_s = 0.0
    marks: list[PhaseMark] = []
    for item in recording.items():
        if isinstance(item, Notification):
            newest_s = max(newest_s, recording.header.time_s(item.received_ns))
        elif isinstance(item, PhaseMark):
            assert item.time_s >= newest_s - 1e-6
            marks.append(item)
    kinds = [PhaseKind.STANDING, PhaseKind.REFERENCE, PhaseKind.REST, PhaseKind.SET]
    assert [mark.kind for mark in marks if mark.edge is Edge.START] == kinds


def test_a_recording_written_from_a_script_measures_the_script(tmp_path: Path) -> None:
    session: SimulatedSession = demo_session()
    path = tmp_path / "demo.mcap"
    write_simulated_recording(session, path, datetime(2026, 3, 4, 18, tzinfo=UTC))
    result = replay(path, PARAMETERS)
    assert result.header.simulated
    assert result.header.started_at == datetime(2026, 3, 4, 18, tzinfo=UTC)
    for test in result.analysis.rest_tests:
        assert test.hip_rotation_rad is not None
        # offsets of 5 mg SD and straps tilted by 4 deg SD
        assert test.hip_rotation_rad == pytest.approx(
            rad(-15.0 if test.side == "left" else -25.0), abs=rad(1.0)
        )
    for done in result.analysis.sets:
        assert done.side is not None
        true = session.script.repetitions_of(done.side)
        assert [one.valid for one in done.repetitions] == [one.valid for one in true]
        for one, other in zip(done.repetitions, true, strict=True):
            assert one.rom_rad == pytest.approx(other.rom_rad, abs=rad(1.0))
    assert replay(path, PARAMETERS).analysis == result.analysis


def test_items_in_order_of_a_bench_are_what_a_file_holds() -> None:
    """The bench's own marks lie where a live session would set them."""
    newest_ns = 0
    for item in sent(SESSION, BAD_AIR):
        if isinstance(item, Notification):
            assert item.received_ns >= newest_ns
            newest_ns = item.received_ns
        else:
            assert ORIGIN_NS + item.time_s * 1e9 >= newest_ns - 1.0
    assert analysed(Placement, sent(SESSION, BAD_AIR)).rest_tests
