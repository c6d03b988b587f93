"""Sensors of every maker through the whole program: found, connected, recorded, counted, replayed."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tracker.model import NoticeKind, Placement, SensorIdentity, Side, WallClockAnchor
from tracker.plan.catalogue import load_catalogue
from tracker.recording.header import RecordingHeader
from tracker.recording.reader import read_recording
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.feed import BodyFeed
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.script import BodyScript
from tracker.sensing.drivers import metamotion, movella_dot, movesense, polar, witmotion
from tracker.sensing.scanner import scan
from tracker.sensing.virtual.makers.metamotion import VirtualMetaMotion
from tracker.sensing.virtual.makers.movella_dot import VirtualMovellaDot
from tracker.sensing.virtual.makers.movesense import VirtualMovesense
from tracker.sensing.virtual.makers.played_feed import PlayedFeed
from tracker.sensing.virtual.makers.polar import VirtualPolar
from tracker.sensing.virtual.makers.witmotion import VirtualWitMotion
from tracker.sensing.virtual.peripheral import VirtualPeripheral
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.guide import Conductor
from tracker.session.live import LiveOutcome, LiveSession
from tracker.session.replay import replay_opened
from tracker.session.script_conductor import ScriptConductor
from tracker.session.settings import load_settings
from tracker.session.simulation import TEXTS

pytestmark = pytest.mark.long

RIGHT = Placement.RIGHT_THIGH
ADDRESS = "C6:50:00:00:00:01"
REPETITIONS, ROM_DEG = 3, 30.0
ROM_TOLERANCE_DEG = 4.0
"""Of 30 deg: a sensor of 60 Hz with times of arrival, and cross-talk of a leg that is a little flexed."""

Maker = Callable[[VirtualRadio, PlayedFeed], VirtualPeripheral]
MAKERS: dict[str, tuple[float, Maker]] = {
    metamotion.KIND.protocol: (100.0, lambda radio, played: VirtualMetaMotion(radio, played, ADDRESS)),
    movella_dot.KIND.protocol: (60.0, lambda radio, played: VirtualMovellaDot(radio, played, ADDRESS)),
    movesense.KIND.protocol: (104.0, lambda radio, played: VirtualMovesense(radio, played, "123456789012")),
    polar.KIND.protocol: (104.0, lambda radio, played: VirtualPolar(radio, played, "1A2B3C4D")),
    witmotion.KIND.protocol: (100.0, lambda radio, played: VirtualWitMotion(radio, played, ADDRESS)),
}
"""Each kind with the rate that it has where 100 Hz are asked for."""


def body() -> BodyScript:
    """Poses, a rest test and three repetitions of 30 deg, 24 s."""
    script = ScriptBuilder().stand(2.0).lie_down(1.5).reference(3.0)
    script = script.relax(left_rad=-0.3, right_rad=-0.4, duration_s=1.0).rest(6.5)
    tempo = Tempo(0.8, 0.2, 0.8, 0.4)
    script.repetitions([math.radians(ROM_DEG)] * REPETITIONS, tempo, still_before_s=1.5, still_after_s=2.0)
    return script.build()


class Keeper:
    """Remembers who was recorded."""

    def __init__(self) -> None:
        self.sensors: dict[Placement, SensorIdentity] = {}

    def begin(self, header: RecordingHeader, path: Path, sensors: Mapping[Placement, SensorIdentity]) -> None:
        assert (header.simulated, path.exists()) == (True, True)
        self.sensors = dict(sensors)


def parameters() -> AnalysisParameters:
    settings = load_settings()
    return AnalysisParameters(settings.motion, settings.clock, load_catalogue().counting)


async def recorded(kind: str, path: Path, keeper: Keeper) -> LiveOutcome:
    """One session with one sensor of a kind on the right thigh."""
    script, (rate_hz, make) = body(), MAKERS[kind]
    mems = MemsModel.ideal(accelerometer_range_g=8.0, gyroscope_range_dps=1000.0)
    feed = BodyFeed(script, RIGHT, Mounting.strapped(strap_rotation_rad=0.5), mems, rate_hz)
    async with VirtualRadio() as air, make(air, PlayedFeed(feed, 8.0, 1000.0)):
        (found,) = await scan(0.3, radio=air.radio)
        assert found.protocol == kind

        def conductor(now_s: Callable[[], float]) -> Conductor:
            return ScriptConductor(
                script.phases, TEXTS, lambda: now_s() - air.motion.now_s, script.duration_s
            )

        def header(anchor: WallClockAnchor) -> RecordingHeader:
            return RecordingHeader(anchor, "0", simulated=True)

        source = BluetoothSource({RIGHT: found.address}, load_settings().link, air.radio)
        session = LiveSession(
            source, path, header, lambda _sensors: parameters(), conductor, keeper, lambda _status: None
        )
        return await session.run()


@pytest.mark.slow
@pytest.mark.parametrize("kind", MAKERS)
async def test_a_bought_sensor_measures_like_our_own(kind: str, tmp_path: Path) -> None:
    path, keeper = tmp_path / "session.mcap", Keeper()
    outcome = await recorded(kind, path, keeper)
    assert outcome.failure is None
    assert keeper.sensors[RIGHT].protocol == kind
    analysis = outcome.analysis
    (test,) = analysis.rest_tests
    assert test.refused is None
    assert test.hip_rotation_rad is not None
    assert math.degrees(test.hip_rotation_rad) == pytest.approx(math.degrees(-0.4), abs=ROM_TOLERANCE_DEG)
    (done,) = [one for one in analysis.sets if one.side is Side.RIGHT]
    assert done.valid_reps == REPETITIONS
    for repetition in done.repetitions:
        assert repetition.rom_rad is not None
        assert math.degrees(repetition.rom_rad) == pytest.approx(ROM_DEG, abs=ROM_TOLERANCE_DEG)
    lacks = [notice.text for notice in analysis.notices if notice.kind is NoticeKind.SENSOR_LACKS]
    # that nothing is kept for later fooled no number: nothing was lost
    assert len(lacks) == (kind not in (movesense.KIND.protocol, movella_dot.KIND.protocol))
    (quality,) = analysis.sensors
    assert (quality.missing, quality.bad_frames) == (0, 0)
    for gather in (1, 7, 100_000):
        assert replay_opened(read_recording(path), parameters(), gather=gather)[0].analysis == analysis
