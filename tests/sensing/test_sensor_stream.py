"""Streaming from virtual sensors through the program's own Bluetooth client."""

import asyncio
import time
from dataclasses import replace

import numpy as np
import pytest
from virtual_bench import (
    LEFT,
    PELVIS,
    QUICK,
    RIGHT,
    Collector,
    PatternFeed,
    bench,
    check_counts,
    eventually,
    frames,
    indices,
    settings_of,
)

from firmware_protocol import SensorState, decode_capabilities
from tracker.model import Notification
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.body.sessions import demo_session
from tracker.sensing.drivers.hip_imu import HipImuDriver
from tracker.sensing.sensor_link import SensorLink
from tracker.sensing.source import LinkReport, LinkState, SensorSource
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.feed import TickClock
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor

FAST = 10.0


async def test_three_sensors_arrive_complete_and_exact() -> None:
    placements = [LEFT, RIGHT, PELVIS]
    async with bench(placements, time_scale=FAST) as made:
        source: SensorSource = made.source()
        async with source:
            got = Collector(source)
            await got.until(lambda got: all(frames(placement, 10)(got) for placement in placements))
            await source.stop()
            await got.rest()
        for placement in placements:
            blocks = got.blocks(placement)
            assert indices(blocks) == list(range(19 * len(blocks)))
            check_counts(blocks, made.sensors[placement])
            assert made.sensors[placement].firmware.status().state is SensorState.IDLE


async def test_sensors_are_identified_and_their_state_is_told() -> None:
    async with bench([LEFT, RIGHT], time_scale=FAST) as made:
        async with made.source() as source:
            identity = source.sensors[RIGHT]
            got = Collector(source)
            await got.until(frames(RIGHT, 1))
            await source.stop()
            await got.rest()
        settings = made.sensors[RIGHT].settings
        assert identity.sensor_id == settings.device_id.hex()
        assert (identity.address, identity.name) == (settings.address, settings.name)
        assert identity.protocol == "hip-imu"
        assert decode_capabilities(identity.capabilities).device_id == settings.device_id
        expected = [
            LinkState.SEARCHING,
            LinkState.CONNECTING,
            LinkState.CONFIGURING,
            LinkState.STREAMING,
            LinkState.STOPPED,
        ]
        assert got.states(RIGHT) == expected
        streaming = got.reports(RIGHT)[3]
        assert (streaming.battery_percent, streaming.rssi_dbm) == (100, -60)


async def test_notifications_are_stamped_on_the_monotonic_clock_in_order() -> None:
    async with bench([LEFT], time_scale=FAST) as made:
        before_ns = time.monotonic_ns()
        async with made.source() as source:
            got = Collector(source)
            await got.until(frames(LEFT, 5))
        stamps_ns = [item.received_ns for item in got.items if isinstance(item, Notification)]
        assert before_ns < stamps_ns[0]
        assert stamps_ns == sorted(stamps_ns)
        assert stamps_ns[-1] < time.monotonic_ns()


async def test_five_sessions_in_one_process() -> None:
    async with bench([LEFT, RIGHT], time_scale=FAST) as made:
        sessions = set()
        for _ in range(5):
            async with made.source() as source:
                got = Collector(source)
                await got.until(lambda got: frames(LEFT, 2)(got) and frames(RIGHT, 2)(got))
            for placement in (LEFT, RIGHT):
                blocks = got.blocks(placement)
                assert indices(blocks) == list(range(19 * len(blocks)))
                check_counts(blocks, made.sensors[placement])
            session = made.sensors[LEFT].firmware.session
            assert session is not None
            sessions.add(session.number)
        assert len(sessions) == 5


async def test_stop_may_be_called_again_and_source_left_without_reading() -> None:
    async with bench([LEFT]) as made:
        async with made.source() as source:
            await source.stop()
            await source.stop()
        assert [item async for item in source.items() if isinstance(item, LinkReport)][-1].state is (
            LinkState.STOPPED
        )


async def test_a_source_is_entered_once() -> None:
    async with bench([LEFT]) as made:
        async with made.source() as source:
            pass
        with pytest.raises(RuntimeError, match="entered once"):
            await source.__aenter__()


async def test_wanted_latency_makes_frames_short() -> None:
    async with bench([LEFT], time_scale=FAST) as made:
        async with made.source(replace(QUICK, max_latency_ms=50)) as source:
            got = Collector(source)
            await got.until(frames(LEFT, 3))
        assert {len(block) for block in got.blocks(LEFT)} == {6}


async def test_lost_and_doubled_frames_show_in_the_index_alone() -> None:
    faults = FaultScript(drop_sequences=frozenset({2, 3}), double_sequences=frozenset({5}))
    async with bench([LEFT], faults={LEFT: faults}, time_scale=FAST) as made:
        async with made.source() as source:
            got = Collector(source)
            await got.until(frames(LEFT, 7))
        blocks = got.blocks(LEFT)
        assert [block.sequence for block in blocks[:7]] == [0, 1, 4, 5, 5, 6, 7]
        assert blocks[2].first_sample_index == 4 * 19
        check_counts(blocks, made.sensors[LEFT])


async def test_ticks_go_on_through_their_wrap() -> None:
    clock = TickClock(start_tick=2**32 - 200_000)
    settings = settings_of(0, clock=clock)
    async with (
        VirtualRadio(time_scale=FAST) as air,
        VirtualSensor(air, PatternFeed(), settings),
        BluetoothSource({LEFT: settings.name}, QUICK, air.radio) as source,
    ):
        got = Collector(source)
        await got.until(frames(LEFT, 20))
    firsts = [int(block.device_ticks[0]) for block in got.blocks(LEFT)]
    assert firsts[-1] < 2**32
    assert set(np.diff(firsts) % 2**32) == {19 * 10_000}


async def test_frames_are_paced_by_absolute_deadlines_of_a_drifting_clock() -> None:
    clock = TickClock(drift_ppm=20_000.0)
    settings = settings_of(0, clock=clock)
    feed = PatternFeed(rate_hz=settings.true_rate_hz)
    assert settings.true_rate_hz == pytest.approx(102.0)
    async with (
        VirtualRadio() as air,
        VirtualSensor(air, feed, settings),
        BluetoothSource({LEFT: settings.address}, QUICK, air.radio) as source,
    ):
        got = Collector(source)
        await got.until(frames(LEFT, 8))
    began_s = air.motion.began_s
    assert began_s is not None
    stamps_s = [item.received_ns * 1e-9 for item in got.items if isinstance(item, Notification)]
    due_s = [began_s + (19 * (number + 1) - 1) / 102.0 for number in range(len(stamps_s))]
    late_s = np.subtract(stamps_s, due_s)
    # how late a frame is depends on the machine; lateness must not add up, so some frame is nearly in time
    assert late_s.min() > -1e-3
    assert late_s.min() < 0.05


async def test_simulated_body_can_be_worn_by_a_virtual_sensor() -> None:
    settings = settings_of(0)
    feed = demo_session().feed(RIGHT)
    async with (
        VirtualRadio(time_scale=FAST) as air,
        VirtualSensor(air, feed, settings),
        BluetoothSource({RIGHT: settings.name}, QUICK, air.radio) as source,
    ):
        got = Collector(source)
        await got.until(frames(RIGHT, 5))
    samples = np.vstack(
        [np.hstack([b.accelerometer_m_per_s2, b.gyroscope_rad_per_s]) for b in got.blocks(RIGHT)]
    )
    np.testing.assert_array_equal(samples, feed.counts(0, len(samples)))


async def test_feed_of_another_rate_than_the_clock_is_refused() -> None:
    async with VirtualRadio() as air:
        with pytest.raises(ValueError, match="the feed has 50"):
            await VirtualSensor(air, PatternFeed(rate_hz=50.0), settings_of(0)).__aenter__()


async def test_blocked_event_loop_loses_nothing() -> None:
    async with bench([LEFT]) as made:
        async with made.source() as source:
            got = Collector(source)
            await got.until(frames(LEFT, 1))
            time.sleep(1.5 * QUICK.watchdog_s)  # noqa: ASYNC251 - the point of this test
            await got.until(frames(LEFT, 7))
        assert LinkState.LOST not in got.states(LEFT)
        assert indices(got.blocks(LEFT)) == list(range(19 * len(got.blocks(LEFT))))


async def test_slow_consumer_is_told_what_it_missed() -> None:
    async with bench([LEFT, RIGHT], time_scale=FAST) as made:
        async with made.source(replace(QUICK, queue_items=8)) as source:
            await eventually(lambda: source.dropped.get(LEFT, 0) >= 5)
            dropped = dict(source.dropped)
            got = Collector(source)
            await got.until(lambda got: any("dropped" in report.detail for report in got.reports(LEFT)))
            await got.until(frames(LEFT, len(got.blocks(LEFT)) + 1))
        told = next(report for report in got.reports(LEFT) if "dropped" in report.detail)
        assert int(told.detail.split()[0]) >= dropped[LEFT]
        samples = indices(got.blocks(LEFT))
        assert samples[-1] + 1 == len(samples) + 19 * int(told.detail.split()[0])


async def test_defect_in_supervision_ends_the_source_and_reaches_the_caller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def defect(link: SensorLink) -> None:
        raise ZeroDivisionError(link)

    monkeypatch.setattr(SensorLink, "run", defect)
    async with bench([LEFT]) as made:
        source = await made.source().__aenter__()
        got = Collector(source)
        await got.rest()
        with pytest.raises(ExceptionGroup) as caught:
            await source.stop()
        assert caught.group_contains(ZeroDivisionError)
        assert made.sensors[LEFT].firmware.status().state is SensorState.IDLE


async def test_defect_of_one_driver_does_not_keep_the_other_sensor_running(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = HipImuDriver.stop

    async def stop(driver: HipImuDriver) -> None:
        if driver._gatt.sensor.address == made.addresses[LEFT]:
            raise ZeroDivisionError(driver)
        await usual(driver)

    monkeypatch.setattr(HipImuDriver, "stop", stop)
    async with bench([LEFT, RIGHT]) as made:
        source = await made.source().__aenter__()
        with pytest.raises(ZeroDivisionError):
            await source.stop()
        # the iteration ends
        await Collector(source).rest()
        assert made.sensors[RIGHT].firmware.status().state is SensorState.IDLE
        assert made.sensors[LEFT].connection is None


async def test_sessions_start_and_stop_any_number_of_times_in_one_process() -> None:
    async with bench([LEFT, RIGHT], time_scale=FAST) as made:
        tasks = len(asyncio.all_tasks())
        for _ in range(8):
            async with made.source() as source:
                got = Collector(source)
                await got.until(frames(RIGHT, 2))
                await source.stop()
                await got.rest()
            assert got.states(LEFT)[-1] is LinkState.STOPPED
            assert indices(got.blocks(LEFT))[0] == 0
        # nothing of a session stays behind on the event loop
        await eventually(lambda: len(asyncio.all_tasks()) <= tasks)
