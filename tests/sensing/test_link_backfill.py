"""What was lost on the way is fetched: nothing is missing afterwards, whatever the link did."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from virtual_bench import LEFT, QUICK, Bench, Collector, PatternFeed, settings_of

from firmware_protocol import Opcode, Status, decode_capabilities
from firmware_protocol.hip_imu_decoder import HipImuDecoder
from tracker.model import Notification
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.source import LinkState
from tracker.sensing.virtual.delivery import DeliveryFaults
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor

TIME_SCALE = 4.0
FETCH = frozenset({Opcode.FETCH})
NOTHING_COMES = DeliveryFaults(dropped=1.0)
LINK = replace(QUICK, fetch_delay_s=0.1, fetch_silence_s=0.5, last_fetch_s=8.0)


class Session:
    """One session with one sensor, and what came of it."""

    def __init__(self, got: Collector, sensor: VirtualSensor, capabilities: bytes) -> None:
        self.reports = got.reports(LEFT)
        payloads = [item.payload for item in got.items if isinstance(item, Notification)]
        decoder = HipImuDecoder(decode_capabilities(capabilities))
        batch = decoder.decode(payloads, np.zeros(len(payloads), dtype=np.int64))
        self.bad_frames = len(batch.bad_frames)
        heads = zip(batch.first_sample_indices.tolist(), batch.sample_counts.tolist(), strict=True)
        indices = [first + step for first, count in heads for step in range(count)]
        self.times_seen = Counter(indices)
        session = sensor.firmware.session
        assert session is not None
        self.end_index = session.next_index
        counts = np.concatenate([sensor.feed.counts(session.base_index + index, 1) for index in indices])
        scale = decode_capabilities(capabilities).scale
        self.right = np.array_equal(
            batch.accelerometer_m_per_s2, counts[:, :3] * scale.accelerometer_m_per_s2_per_count
        )

    @property
    def states(self) -> list[LinkState]:
        return [report.state for report in self.reports]

    @property
    def missing(self) -> list[int]:
        """Samples of the session that never came."""
        return sorted(set(range(self.end_index)) - set(self.times_seen))

    @property
    def details(self) -> str:
        return "; ".join(report.detail for report in self.reports)


async def session_of(
    faults: FaultScript, motion_s: float, *, link: LinkParameters = LINK, **settings: object
) -> Session:
    """Stream for a time of the motion, then stop."""
    settings = {"ring_buffer_s": 60.0, "records_per_s": 60.0, **settings}
    async with VirtualRadio(time_scale=TIME_SCALE) as air:
        sensor = VirtualSensor(air, PatternFeed(), settings_of(0, **settings), faults)
        async with sensor:
            made = Bench(air, {LEFT: sensor})
            async with made.source(link) as source:
                got = Collector(source)
                await got.until(lambda _got: air.motion.now_s > motion_s)
                await source.stop()
                await got.rest()
                capabilities = source.sensors[LEFT].capabilities
            return Session(got, sensor, capabilities)


@pytest.mark.parametrize("away_s", [0.1, 1.0, 3.0])
async def test_nothing_is_missing_after_a_lost_link(away_s: float) -> None:
    done = await session_of(FaultScript(drop_link_at_s=(4.0,), away_s=away_s), 8.0 + 8.0 * away_s)
    assert done.missing == []
    assert done.right
    before = done.states[: done.states.index(LinkState.BACKFILLING)]
    assert LinkState.LOST in before
    assert before[-4:] == [
        LinkState.SEARCHING,
        LinkState.CONNECTING,
        LinkState.CONFIGURING,
        LinkState.STREAMING,
    ]
    assert done.states[-2:] == [LinkState.STREAMING, LinkState.STOPPED]


async def test_dropped_doubled_and_swapped_notifications_leave_nothing_missing() -> None:
    way = DeliveryFaults(dropped=0.05, doubled=0.05, swapped=0.05, late=0.05, seed=3)
    done = await session_of(FaultScript(stream=way, backfill=replace(way, corrupted=0.05)), 40.0)
    assert done.missing == []
    assert done.right
    assert done.bad_frames <= sum(done.times_seen.values())


async def test_what_the_sensor_no_longer_has_is_told_and_given_up() -> None:
    done = await session_of(FaultScript(drop_link_at_s=(4.0,), away_s=2.0), 24.0, ring_buffer_s=3.0)
    assert done.missing
    assert "no longer in the sensor's memory" in done.details
    assert done.states[-2:] == [LinkState.STREAMING, LinkState.STOPPED]


async def test_all_that_is_given_up_is_told_where_it_is_asked_for_piece_by_piece() -> None:
    faults = FaultScript(drop_link_at_s=(4.0,), away_s=2.0)
    done = await session_of(faults, 24.0, link=replace(LINK, fetch_s=1.0), ring_buffer_s=3.0)
    told = [int(count) for count in re.findall(r"(\d+) samples are no longer", done.details)]
    # several times what one request asks for
    assert sum(told) == len(done.missing) > 2 * LINK.rate_hz


@pytest.mark.parametrize(
    ("faults", "told"),
    [
        (FaultScript(refuses={Opcode.FETCH: Status.STORAGE_FAILURE}), "STORAGE_FAILURE"),
        (FaultScript(refuses={Opcode.FETCH: Status.BAD_OPCODE}), "BAD_OPCODE"),
        (FaultScript(mute=FETCH, backfill=NOTHING_COMES), "did not answer FETCH"),
        (FaultScript(wrong_ids=FETCH, backfill=NOTHING_COMES), "did not answer FETCH"),
        (FaultScript(backfill=NOTHING_COMES), "although they were asked for"),
        (FaultScript(backfill=DeliveryFaults(corrupted=1.0)), "although they were asked for"),
    ],
)
async def test_a_sensor_that_does_not_send_again_ends_in_a_gap_and_a_reason(
    faults: FaultScript, told: str
) -> None:
    done = await session_of(replace(faults, drop_sequences=frozenset({10, 11})), 24.0)
    assert len(done.missing) == 2 * 19
    assert told in done.details
    # it goes on streaming, and says so
    assert done.states[-2:] == [LinkState.STREAMING, LinkState.STOPPED]
    assert LinkState.LOST not in done.states


async def test_a_sensor_without_memory_is_asked_for_nothing() -> None:
    done = await session_of(FaultScript(drop_sequences=frozenset({10, 11})), 12.0, ring_buffer_s=0.0)
    assert len(done.missing) == 2 * 19
    assert LinkState.BACKFILLING not in done.states
    assert "keeps nothing for later" in done.details


async def test_the_end_of_a_session_is_fetched_after_stop() -> None:
    # the last frames before STOP get lost: nothing after them shows it but the answer to STOP
    faults = FaultScript(silent_s=((8.0, 9.6),))
    done = await session_of(faults, 9.4)
    assert done.missing == []
    assert done.states[-1] is LinkState.STOPPED


async def test_a_restart_of_the_sensor_begins_a_new_account() -> None:
    # its first frame, which would tell so, gets lost; the frame of samples 380 to 398 does in both sessions
    faults = FaultScript(restart_at_s=(5.0,), away_s=0.2, drop_sequences=frozenset({0, 20}))
    done = await session_of(faults, 16.0)
    assert done.states.count(LinkState.LOST) == 1
    assert [done.times_seen[index] for index in range(380, 399)] == [2] * 19


async def test_a_sensor_that_falls_silent_while_it_is_fetched_from_counts_as_lost_alone() -> None:
    faults = FaultScript(mute=FETCH, drop_sequences=frozenset({6, 7}), silent_s=((2.2, 60.0),))
    link = replace(LINK, request_timeout_s=5.0)
    async with VirtualRadio(time_scale=TIME_SCALE) as air:
        sensor = VirtualSensor(air, PatternFeed(), settings_of(0, ring_buffer_s=60.0), faults)
        async with sensor, Bench(air, {LEFT: sensor}).source(link) as source:
            got = Collector(source)
            await got.until(lambda got: got.states(LEFT)[-1:] == [LinkState.LOST])
            await got.until(lambda got: got.states(LEFT)[-1] is LinkState.SEARCHING)
    # the link still stands when the fetching is called off, and streams no more
    assert got.states(LEFT)[-3:] == [LinkState.BACKFILLING, LinkState.LOST, LinkState.SEARCHING]
