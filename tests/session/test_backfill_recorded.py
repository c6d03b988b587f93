"""What is fetched is recorded as it arrived, and the replay gives the result of the live session."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from backfill_bench import arrives_ns, delayed, with_outages
from frame_bench import FRAME_SAMPLES, ORIGIN_NS, PARAMETERS, StreamItem, identity, sent
from pipeline_bench import PELVIS, RIGHT, lying, rad, worn

from firmware_protocol.backfill import is_backfill_record
from tracker.model import Notification, PhaseMark, Placement, Side, WallClockAnchor
from tracker.recording.events import RecordingEvent
from tracker.recording.header import RecordingHeader
from tracker.recording.reader import read_recording
from tracker.recording.writer import RecordingWriter
from tracker.sensing.body.builder import Tempo
from tracker.sensing.source import SensorSource
from tracker.session.analyser import SessionAnalyser
from tracker.session.live_step import LINK_EVENT, SENSOR_BEGINS, LiveStep
from tracker.session.replay import replay_opened
from tracker.session.status import StatusBoard

WORN = (RIGHT, PELVIS)
SENSORS = {place: identity(place, number, keeps_samples=True) for number, place in enumerate(WORN)}
ITEMS = with_outages(
    sent(
        worn(
            lying(2.0, 2.0)
            .repetitions(
                [rad(40.0)] * 6,
                Tempo(0.8, 0.2, 0.8, 0.3),
                side=Side.RIGHT,
                exercise="supine_roll_in",
                still_before_s=1.5,
                pelvis_share=0.25,
            )
            .hold(3.0)
            .build(),
            WORN,
        )
    ),
    {RIGHT: [(12.0, 14.0)], PELVIS: [(9.0, 11.5), (15.0, 16.0)]},
)


async def lived(path: Path, items: list[StreamItem]) -> SessionAnalyser:
    """A live session's analyser that has taken items one after the other, and recorded them."""
    analyser = SessionAnalyser(WORN, ORIGIN_NS, PARAMETERS)
    source = cast("SensorSource", SimpleNamespace(sensors=SENSORS))
    streaming: set[Placement] = set()
    header = RecordingHeader(WallClockAnchor(ORIGIN_NS, ORIGIN_NS), "test")
    with RecordingWriter(path, header, sync=False) as writer:
        step = LiveStep(source, analyser, writer, StatusBoard(analyser), ORIGIN_NS, streaming)
        for item in items:
            if isinstance(item, PhaseMark):
                await step.mark([item])
            else:
                await step.take([item])
    analyser.finish()
    return analyser


async def test_the_replay_of_a_session_with_backfill_is_the_session(tmp_path: Path) -> None:
    path = tmp_path / "backfilled.mcap"
    live = (await lived(path, ITEMS)).analysis()
    [done] = live.sets
    assert (done.valid_reps, done.flags) == (6, ())
    assert all(sensor.missing == 0 and sensor.backfilled > 180 for sensor in live.sensors)
    for gather in (1, 5, 1000):
        replayed, _ = replay_opened(read_recording(path), PARAMETERS, gather=gather)
        assert replayed.analysis == live


async def test_a_sensor_that_fetches_does_not_begin_anew(tmp_path: Path) -> None:
    """It begins at first, and once it is back after each loss."""
    path = tmp_path / "backfilled.mcap"
    await lived(path, ITEMS)
    events = [one for one in read_recording(path).items() if isinstance(one, RecordingEvent)]
    begins = [one.data["placement"] for one in events if one.kind == SENSOR_BEGINS]
    assert sorted(map(str, begins)) == sorted([PELVIS.value] * 3 + [RIGHT.value] * 2)
    states = [one.data["state"] for one in events if one.kind == LINK_EVENT]
    assert states.count("backfilling") == 3


async def test_what_the_link_gives_up_is_a_gap_live_and_from_the_file(tmp_path: Path) -> None:
    """Half of the records come 3 s after the link has said that no more does: too late."""
    path = tmp_path / "given_up.mcap"
    records = [one for one in ITEMS if isinstance(one, Notification) and is_backfill_record(one.payload)]
    late = [delayed(one, 3.0) for one in records[::2]]
    in_time = [one for one in ITEMS if one not in records[::2]]
    live = (await lived(path, sorted([*in_time, *late], key=arrives_ns))).analysis()
    for sensor in live.sensors:
        assert sensor.missing >= 5 * FRAME_SAMPLES
        assert sensor.backfilled >= 5 * FRAME_SAMPLES
    for gather in (1, 1000):
        replayed, _ = replay_opened(read_recording(path), PARAMETERS, gather=gather)
        assert replayed.analysis == live
