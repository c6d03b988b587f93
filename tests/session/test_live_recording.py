"""A live session over the virtual radio, and its file: the same result, whatever happened to the link."""

import math
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tracker.errors import BluetoothError, DatabaseError, StorageError
from tracker.model import Analysis, PhaseMark, Placement, SensorIdentity, WallClockAnchor
from tracker.plan.catalogue import load_catalogue
from tracker.recording.header import RecordingHeader
from tracker.recording.reader import read_recording
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.feed import BodyFeed
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.script import BodyScript
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor
from tracker.sensing.virtual.settings import SensorSettings
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.guide import Conductor
from tracker.session.live import LiveOutcome, LiveSession, SessionKeeper
from tracker.session.replay import replay_opened
from tracker.session.script_conductor import ScriptConductor
from tracker.session.settings import load_settings
from tracker.session.simulation import TEXTS
from tracker.session.status import SessionStatus

LEFT = Placement.LEFT_THIGH
PELVIS = Placement.PELVIS
LINK = LinkParameters(first_backoff_s=0.2)


def short_script() -> BodyScript:
    """Poses and three repetitions of 30 deg, 12 s."""
    script = ScriptBuilder().stand(1.5).lie_down(1.0).reference(1.5)
    script = script.relax(left_rad=-0.3, right_rad=-0.4, duration_s=0.5)
    script.repetitions([math.radians(30)] * 3, [Tempo(0.8, 0.2, 0.8, 0.2)] * 3, still_before_s=1.3)
    return script.build()


def parameters() -> AnalysisParameters:
    settings = load_settings()
    return AnalysisParameters(settings.motion, settings.clock, load_catalogue().counting)


class RefusingKeeper:
    """A store that cannot be written."""

    def begin(self, header: RecordingHeader, path: Path, sensors: Mapping[Placement, SensorIdentity]) -> None:
        assert path.exists(), (header, sensors)
        raise DatabaseError("the database is locked", advice="Close the other program.")


class Keeper:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.begun: list[Path] = []

    def begin(self, header: RecordingHeader, path: Path, sensors: Mapping[Placement, SensorIdentity]) -> None:
        assert header.simulated
        assert sensors
        self.begun.append(path)


@asynccontextmanager
async def live_session(
    path: Path,
    faults: Mapping[Placement, FaultScript],
    view: Callable[[SessionStatus], None],
    keeper: SessionKeeper | None = None,
    ring_buffer_s: float = 120.0,
) -> AsyncIterator[LiveSession]:
    """A session with one sensor for each placement in `faults`."""
    script = short_script()
    async with AsyncExitStack() as stack:
        air = await stack.enter_async_context(VirtualRadio())
        addresses = {}
        for number, (placement, fault) in enumerate(faults.items()):
            settings = SensorSettings(device_id=bytes([number + 1] * 8), ring_buffer_s=ring_buffer_s)
            mounting = (
                Mounting.on_belt() if placement is PELVIS else Mounting.strapped(strap_rotation_rad=0.5)
            )
            feed = BodyFeed(script, placement, mounting, MemsModel.ideal())
            await stack.enter_async_context(VirtualSensor(air, feed, settings, fault))
            addresses[placement] = settings.address

        def conductor(now_s: Callable[[], float]) -> Conductor:
            return ScriptConductor(
                script.phases, TEXTS, lambda: now_s() - air.motion.now_s, script.duration_s
            )

        def header(anchor: WallClockAnchor) -> RecordingHeader:
            return RecordingHeader(anchor, "0", simulated=True)

        source = BluetoothSource(addresses, LINK, air.radio)
        yield LiveSession(
            source, path, header, lambda _sensors: parameters(), conductor, keeper or Keeper(), view
        )


def replayed(path: Path, gather: int) -> Analysis:
    return replay_opened(read_recording(path), parameters(), gather=gather)[0].analysis


async def recorded(
    path: Path, faults: Mapping[Placement, FaultScript], ring_buffer_s: float = 120.0
) -> LiveOutcome:
    async with live_session(path, faults, lambda _status: None, ring_buffer_s=ring_buffer_s) as session:
        return await session.run()


LOSSES = {
    LEFT: FaultScript(drop_link_at_s=(8.6,), away_s=1.0),
    PELVIS: FaultScript(drop_sequences=frozenset({20, 21}), double_sequences=frozenset({30})),
}
"""The left sensor is away for a second in mid-set; single frames of the pelvis get lost or doubled."""


@pytest.mark.slow
async def test_what_a_lost_link_cost_is_fetched_and_live_equals_replay(tmp_path: Path) -> None:
    path = tmp_path / "lost.mcap"
    outcome = await recorded(path, LOSSES)
    assert outcome.failure is None
    quality = {one.placement: one for one in outcome.analysis.sensors}
    for sensor in quality.values():
        assert (sensor.missing, sensor.gaps) == (0, ())
    assert quality[LEFT].backfilled > 80
    assert quality[PELVIS].backfilled > 0
    assert quality[PELVIS].duplicates > 0
    [done] = outcome.analysis.sets
    assert (done.valid_reps, done.flags) == (3, ())
    for gather in (1, 7, 300, 100_000):
        assert replayed(path, gather) == outcome.analysis


@pytest.mark.slow
async def test_lost_link_leaves_a_gap_and_live_equals_replay(tmp_path: Path) -> None:
    path = tmp_path / "lost.mcap"
    outcome = await recorded(path, LOSSES, ring_buffer_s=0.0)
    assert outcome.failure is None
    quality = {one.placement: one for one in outcome.analysis.sensors}
    [gap] = quality[LEFT].gaps
    assert gap.missing == quality[LEFT].missing
    # Away for a second, searched and started again in a few seconds at most.
    assert 0.8 < gap.end_s - gap.start_s < 5.0
    assert gap.missing == pytest.approx((gap.end_s - gap.start_s) * 100 - 1, abs=1.5)
    assert quality[PELVIS].missing > 0
    assert quality[PELVIS].duplicates > 0
    [done] = outcome.analysis.sets
    assert 1 <= done.valid_reps <= 3
    for gather in (1, 7, 300, 100_000):
        assert replayed(path, gather) == outcome.analysis


@pytest.mark.slow
async def test_stop_ends_phase_and_recording(tmp_path: Path) -> None:
    path = tmp_path / "stopped.mcap"
    seen: list[SessionStatus] = []
    async with live_session(path, {LEFT: FaultScript()}, lambda status: _note(status)) as session:

        def _note(status: SessionStatus) -> None:
            seen.append(status)
            if status.time_s > 2.0:
                session.stop()

        outcome = await session.run()
    assert outcome.failure is None
    assert outcome.analysis.duration_s < 5.0
    recording = read_recording(path)
    marks = [item for item in recording.items() if isinstance(item, PhaseMark)]
    assert recording.damage.whole
    assert [mark.edge for mark in marks][-1] == "end"
    assert replayed(path, 1) == outcome.analysis
    assert seen[-1].sensors[0].battery_percent == 100


async def test_sensor_that_never_answers_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "none.mcap"
    with pytest.raises(BluetoothError) as caught:
        await recorded(path, {LEFT: FaultScript(answers=False)})
    assert caught.value.advice
    assert not path.exists()


async def test_a_recording_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "there.mcap"
    path.write_bytes(b"precious")
    with pytest.raises(StorageError):
        await recorded(path, {LEFT: FaultScript()})
    assert path.read_bytes() == b"precious"


async def test_a_store_that_refuses_leaves_no_empty_recording(tmp_path: Path) -> None:
    path = tmp_path / "none.mcap"
    async with live_session(path, {LEFT: FaultScript()}, lambda _status: None, RefusingKeeper()) as session:
        with pytest.raises(DatabaseError):
            await session.run()
    assert not path.exists()
