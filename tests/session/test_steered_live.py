"""A live session that is steered and spoken to: what the person reads, the file, its replay and the store."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from frame_bench import ORIGIN_NS, PARAMETERS, identity, sent
from pipeline_bench import LEFT, RIGHT, THIGHS, lying, rad, worn

from tracker.errors import BluetoothError, UsageError
from tracker.home import Home
from tracker.model import (
    GOES_ON,
    Edge,
    Notification,
    PhaseKind,
    PhaseMark,
    Placement,
    SensorIdentity,
    SetFelt,
    Side,
    WallClockAnchor,
)
from tracker.recording.events import RecordingEvent
from tracker.recording.header import RecordingHeader
from tracker.recording.reader import read_recording
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.feed import BodyFeed
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.playback import PlaybackSource
from tracker.sensing.source import SourceItem
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor
from tracker.sensing.virtual.settings import SensorSettings
from tracker.session.guide import Conductor, GuideParameters, Step, set_step
from tracker.session.keeping import StoreKeeper
from tracker.session.keeping_answers import TAKEN_BACK
from tracker.session.live import LiveOutcome, LiveSession
from tracker.session.live_answers import LiveAnswers, SetAnswer, TakenBack
from tracker.session.replay import replay_opened
from tracker.session.script_conductor import ScriptConductor
from tracker.session.sensor_session import run_and_keep
from tracker.session.simulation import TEXTS
from tracker.session.status import ClosedNow, SessionStatus
from tracker.session.steered_guide import SteeredConductor
from tracker.session.traces import TraceCollector
from tracker.store.analyses import analyses_of
from tracker.store.database import Database, open_database
from tracker.store.felt import sets_felt
from tracker.store.found_sets import found_sets
from tracker.store.revisions import revisions_of

SCRIPT = (
    lying(1.5, 1.5)
    .relax(rad(-15.0), rad(-25.0), 0.5)
    .repetitions([rad(30.0)] * 3, Tempo(0.6, 0.1, 0.6, 0.2), still_before_s=1.2)
    .hold(0.5)
    .repetitions([rad(30.0)] * 2, Tempo(0.6, 0.1, 0.6, 0.2), still_before_s=1.2)
    .hold(0.5)
    .build()
)
SENSORS: dict[Placement, SensorIdentity] = {
    place: identity(place, number) for number, place in enumerate(THIGHS)
}


def header(anchor: WallClockAnchor) -> RecordingHeader:
    """Of a simulated recording."""
    return RecordingHeader(anchor, "test", simulated=True)


class LockstepSource(PlaybackSource):
    """Recorded frames of which the next few come as soon as a view has been shown what was made of the last.

    However busy the computer is, each step of the session takes the same frames.
    """

    def __init__(self, items: Sequence[Notification]) -> None:
        super().__init__(items, SENSORS)
        self._frames = items
        self._turn = asyncio.Event()

    def go_on(self) -> None:
        """The view was shown a status."""
        self._turn.set()

    async def items(self) -> AsyncIterator[SourceItem]:
        """A frame of each sensor at a time."""
        for number, frame in enumerate(self._frames, 1):
            if self._stopped.is_set():
                return
            yield frame
            if number % len(SENSORS) == 0:
                await self._turn.wait()
                self._turn.clear()

    async def stop(self) -> None:
        """End at once."""
        await super().stop()
        self.go_on()


class FailingSource(LockstepSource):
    """Sensors that cannot be told to stop after all was sent."""

    _failed = False

    async def stop(self) -> None:
        await super().stop()
        if not self._failed:
            self._failed = True
            raise BluetoothError("the adapter is gone", advice="Plug it in again.")


class Spoken:
    """A session of two sets with recorded frames, to which a view may speak.

    Args:
        speak: is called with the session and each status.
    """

    def __init__(
        self,
        folder: Path,
        speak: Callable[[LiveSession, SessionStatus], None],
        make_source: type[LockstepSource] = LockstepSource,
    ) -> None:
        self.home = Home(folder)
        self.home.create()
        self.path = self.home.recordings / "spoken.mcap"
        self.statuses: list[SessionStatus] = []
        self._speak = speak
        self._make_source = make_source
        self.live: LiveSession
        self._source: LockstepSource

    def _see(self, status: SessionStatus) -> None:
        self.statuses.append(status)
        self._speak(self.live, status)
        self._source.go_on()

    async def run(self, database: Database) -> tuple[LiveOutcome, int]:
        """Record, keep it, and hold the file against it; the session's id."""
        keeper = StoreKeeper(database, self.home)
        shift_ns = time.monotonic_ns() - ORIGIN_NS
        frames = [
            replace(item, received_ns=item.received_ns + shift_ns)
            for item in sent(worn(SCRIPT, THIGHS), {})
            if isinstance(item, Notification)
        ]

        def conductor(now_s: Callable[[], float]) -> Conductor:
            began_s = now_s()
            return ScriptConductor(SCRIPT.phases, TEXTS, lambda: min(began_s, 0.25), SCRIPT.duration_s)

        self._source = self._make_source(frames)
        self.live = LiveSession(
            self._source, self.path, header, lambda _sensors: PARAMETERS, conductor, keeper, self._see
        )
        outcome = await run_and_keep(self.live, keeper)
        again, _ = replay_opened(read_recording(self.path), PARAMETERS)
        assert again.analysis == outcome.analysis
        assert again.answers == outcome.answers
        assert keeper.session_id is not None
        return outcome, keeper.session_id


def valid_of(status: SessionStatus, side: Side) -> int:
    """Valid repetitions that a status shows of a leg."""
    return next((count.valid for count in status.counts if count.side is side), 0)


class Person:
    """Takes back the second repetition of the first set's left leg, and says how each set felt."""

    def __init__(self) -> None:
        self.after_taking_back: list[int] = []
        self._said_of: set[int] = set()

    def __call__(self, live: LiveSession, status: SessionStatus) -> None:
        if len(status.set_starts_s) == 1 and valid_of(status, Side.LEFT) == 2 and not self.after_taking_back:
            assert live.take_back(Side.LEFT)
            self.after_taking_back.append(1)
        elif self.after_taking_back and len(status.set_starts_s) == 1:
            self.after_taking_back.append(valid_of(status, Side.LEFT))
        done = sorted({one.start_s for one in status.sets})
        for number in range(1, len(done) + 1):
            if number not in self._said_of:
                self._said_of.add(number)
                live.say_of_set(number, pain=number, effort=None)
                live.say_of_set(number, effort=5)


async def test_what_was_said_is_in_the_count_the_file_and_the_store(tmp_path: Path) -> None:
    person = Person()
    spoken = Spoken(tmp_path, person)
    with open_database(spoken.home.database) as database:
        outcome, session_id = await spoken.run(database)
        assert outcome.failure is None
        with database.read() as connection:
            (analysis,) = analyses_of(connection, session_id)
            found = found_sets(connection, session_id, analysis.analysis_id)
            felt = sets_felt(connection, [session_id])[session_id]
            (revision,) = revisions_of(connection, session_id)
    # Two of three, and one less.
    assert max(person.after_taking_back) == 2
    first_s, second_s = spoken.statuses[-1].set_starts_s
    assert outcome.answers.of_sets()[0] == SetAnswer(first_s, 1, 5)
    assert TakenBack(first_s, Side.LEFT) in outcome.answers.entries
    # What was measured is as it was; what counts is less.
    assert [(one.set_number, one.valid_reps, one.counted_valid_reps) for one in found] == [
        (1, 3, 2),
        (1, 3, 3),
        (2, 2, 2),
        (2, 2, 2),
    ]
    assert [one.start_s for one in found] == [first_s, first_s, second_s, second_s]
    assert felt[1] == SetFelt(1, 5)
    assert revision.reason == TAKEN_BACK


async def test_each_repetition_is_heard_once_by_its_number(tmp_path: Path) -> None:
    spoken = Spoken(tmp_path, lambda _live, _status: None)
    with open_database(spoken.home.database) as database:
        outcome, _ = await spoken.run(database)
    heard: list[ClosedNow] = []
    for status in spoken.statuses:
        heard += [one for one in status.closed if one.serial > len(heard)]
    assert [one.serial for one in heard] == list(range(1, 11))
    assert [one.valid for one in heard] == [True] * 10
    assert [row.loss for row in spoken.statuses[-1].sensors] == [0.0, 0.0]
    assert [row.rate_hz for row in spoken.statuses[-1].sensors] == pytest.approx([100.0, 100.0], abs=0.5)
    for side in (Side.LEFT, Side.RIGHT):
        ranges = [
            one.rom_rad for done in outcome.analysis.sets if done.side is side for one in done.repetitions
        ]
        assert [one.rom_rad for one in heard if one.side is side] == ranges


async def test_notes_are_kept_in_their_order_until_the_recording_is_over(tmp_path: Path) -> None:
    told: list[int] = []
    refused: list[str] = []

    def speak(live: LiveSession, _status: SessionStatus) -> None:
        for _ in range(3):
            try:
                live.note("spoken", {"number": len(told)})
            except UsageError as error:
                refused.append(error.message)
            else:
                told.append(len(told))

    spoken = Spoken(tmp_path, speak)
    with open_database(spoken.home.database) as database:
        await spoken.run(database)
    items = list(read_recording(spoken.path).items())
    notes = [one for one in items if isinstance(one, RecordingEvent) and one.kind == "spoken"]
    assert [one.data["number"] for one in notes] == told
    assert len(told) > 100
    # The last status is shown when all is written.
    assert refused == ["the recording is over"] * 3
    times = [one.time_s for one in notes]
    assert times == sorted(times)


async def test_what_was_said_is_kept_also_where_the_sensors_fail_at_the_end(tmp_path: Path) -> None:
    spoken = Spoken(tmp_path, Person(), FailingSource)
    with open_database(spoken.home.database) as database:
        outcome, session_id = await spoken.run(database)
        with database.read() as connection:
            felt = sets_felt(connection, [session_id])[session_id]
    assert isinstance(outcome.failure, BluetoothError)
    assert felt[1] == SetFelt(1, 5)


async def test_what_cannot_be_said_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    refused: list[str] = []

    def speak(live: LiveSession, status: SessionStatus) -> None:
        said: Sequence[Callable[[], object]] = [
            lambda: live.say_of_set(0, pain=1),
            lambda: live.say_of_set(len(status.set_starts_s) + 1, pain=1),
            lambda: live.say_of_set(1, pain=11),
            lambda: live.note("far", {"too": "x" * 70_000}),
            lambda: live.note("no", {"number": math.nan}),
            lambda: live.note("mark", {}),
        ]
        for one in said:
            with pytest.raises((UsageError, ValueError)) as caught:
                one()
            refused.append(str(caught.value))
        assert not live.take_back(None)

    spoken = Spoken(tmp_path, speak)
    with open_database(spoken.home.database) as database:
        outcome, _ = await spoken.run(database)
    assert outcome.failure is None
    assert outcome.answers == LiveAnswers()
    assert spoken.statuses[-1].set_starts_s
    assert len(refused) == 6 * len(spoken.statuses)
    after = spoken.live
    with pytest.raises(UsageError) as caught:
        after.note("late", {})
    assert "over" in caught.value.message


def test_more_notes_than_a_person_says_are_refused(tmp_path: Path) -> None:
    source = PlaybackSource([], SENSORS, 1.0)
    database = open_database(Home(tmp_path).database)
    with database:
        keeper = StoreKeeper(database, Home(tmp_path))
        live = LiveSession(
            source,
            tmp_path / "never.mcap",
            header,
            lambda _sensors: PARAMETERS,
            lambda _now_s: SteeredConductor((), GuideParameters()),
            keeper,
            lambda _status: None,
        )
        for number in range(256):
            live.note("early", {"number": number})
        with pytest.raises(UsageError):
            live.note("early", {})
        assert not live.take_back(Side.LEFT)


ROUND = GuideParameters(prepare_s=0.5, set_end_s=30.0, set_finish_s=0.2)


def radio_steps() -> tuple[Step, ...]:
    """A reference pose while the body lies still, then a set of five."""
    lies = Step(PhaseKind.REFERENCE, "Lie still.", 2.6, 1.4)
    return lies, set_step("supine_in_toeing", "Roll both legs inwards.", None, 5, ROUND)


class Steering:
    """Pauses after two repetitions, goes on, takes one back, and finishes after the next two."""

    def __init__(self, guide: SteeredConductor) -> None:
        self._guide = guide
        self._did: list[str] = []
        self.live: LiveSession
        self.statuses: list[SessionStatus] = []

    def _once(self, what: str) -> bool:
        if what in self._did:
            return False
        self._did.append(what)
        return True

    def __call__(self, status: SessionStatus) -> None:
        self.statuses.append(status)
        valid, began = valid_of(status, Side.LEFT), len(status.set_starts_s)
        position = self._guide.position(status.time_s)
        if began == 1 and valid == 2 and self._once("pause"):
            self._guide.pause()
        elif position.paused and not position.running and self._once("resume"):
            assert self.live.take_back(Side.LEFT)
            assert self.live.take_back(Side.RIGHT)
            self.live.say_of_set(1, pain=2)
            self._guide.resume()
        elif began == 2 and valid == 1 and self._once("finish"):
            self._guide.finish()
        elif status.time_s > _LONGEST_S:
            self.live.stop()


_LONGEST_S = 30.0
"""The body is done by then: a session that goes on waits for something that does not come."""


@pytest.mark.slow
async def test_a_session_over_the_radio_is_paused_in_mid_set_and_live_equals_replay(tmp_path: Path) -> None:
    """The left sensor's link is lost for a while, too."""
    script = ScriptBuilder().stand(1.5).lie_down(1.0).reference(1.5)
    script.relax(left_rad=-0.3, right_rad=-0.4, duration_s=0.5)
    tempo = Tempo(0.8, 0.2, 0.8, 0.2)
    script.repetitions([rad(30.0)] * 2, tempo, still_before_s=2.0).hold(5.0)
    built = script.repetitions([rad(30.0)] * 2, tempo).hold(1.0).build()
    faults = {LEFT: FaultScript(drop_link_at_s=(9.0,), away_s=0.5), RIGHT: FaultScript()}
    guide = SteeredConductor(radio_steps(), ROUND)
    view = Steering(guide)
    home = Home(tmp_path)
    home.create()
    path = home.recordings / "steered.mcap"
    async with AsyncExitStack() as stack:
        air = await stack.enter_async_context(VirtualRadio())
        addresses = {}
        for number, (placement, fault) in enumerate(faults.items()):
            settings = SensorSettings(device_id=bytes([number + 1] * 8))
            feed = BodyFeed(built, placement, Mounting.strapped(strap_rotation_rad=0.5), MemsModel.ideal())
            await stack.enter_async_context(VirtualSensor(air, feed, settings, fault))
            addresses[placement] = settings.address
        source = BluetoothSource(addresses, LinkParameters(first_backoff_s=0.2), air.radio)
        with open_database(home.database) as database:
            keeper = StoreKeeper(database, home)
            view.live = LiveSession(
                source, path, header, lambda _sensors: PARAMETERS, lambda _now_s: guide, keeper, view
            )
            outcome = await run_and_keep(view.live, keeper)
    assert outcome.failure is None
    assert not outcome.stopped
    marks = [item for item in read_recording(path).items() if isinstance(item, PhaseMark)]
    assert [(one.kind, one.edge) for one in marks] == [
        (kind, edge)
        for kind in (PhaseKind.REFERENCE, PhaseKind.SET, PhaseKind.SET)
        for edge in (Edge.START, Edge.END)
    ]
    first_s, second_s = (one.time_s for one in marks[2::2])
    assert outcome.answers == LiveAnswers(
        (TakenBack(first_s, Side.LEFT), TakenBack(first_s, Side.RIGHT), SetAnswer(first_s, 2, None))
    )
    assert {one.start_s for one in outcome.analysis.sets} == {first_s, second_s}
    assert {one.start_s: one.flags for one in outcome.analysis.sets} == {first_s: (), second_s: (GOES_ON,)}
    # Five were asked for; two were done and one of them was none.
    texts = [status.prompt.text for status in view.statuses]
    assert "4 repetitions are still to do. Roll both legs inwards." in texts
    assert_traces_are_the_replays(path, outcome, view.statuses)


def assert_traces_are_the_replays(path: Path, outcome: LiveOutcome, shown: Sequence[SessionStatus]) -> None:
    """The file gives the same result, and the points that were shown lie on its traces."""
    collector = TraceCollector(PARAMETERS.motion.rest_test.refuse_observability)
    again, pipeline = replay_opened(read_recording(path), PARAMETERS, trace=collector)
    assert again.analysis == outcome.analysis
    assert again.answers == outcome.answers
    aligned_s = max(one.since_s for one in outcome.analysis.alignments)
    for trace in collector.traces(pipeline):
        points = [
            point for one in shown for part in one.traces if part.side is trace.side for point in part.points
        ]
        late = [(time_s, angle) for time_s, angle in points if time_s > aligned_s]
        assert len(late) > 100
        places = np.searchsorted(trace.time_s, [time_s for time_s, _ in late])
        angles = [math.nan if angle is None else angle for _, angle in late]
        np.testing.assert_allclose(angles, trace.hip_rotation_rad[places], rtol=0, atol=1e-12)
