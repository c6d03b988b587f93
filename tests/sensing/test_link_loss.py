"""Links that break, fall silent, come back or don't."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from virtual_bench import LEFT, QUICK, RIGHT, Collector, bench, check_counts, eventually, frames, indices

from firmware_protocol import FrameFlag
from tracker.errors import BluetoothError
from tracker.model import Notification, SensorIdentity
from tracker.sensing.drivers.hip_imu import HipImuDriver
from tracker.sensing.source import LinkState
from tracker.sensing.virtual.backend_scanner import VirtualScannerBackend
from tracker.sensing.virtual.faults import FaultScript

FAST = 5.0
SAMPLES = 19


def streaming_again(times: int) -> Callable[[Collector], bool]:
    """Condition: the left link has been up so many times."""
    return lambda got: got.states(LEFT).count(LinkState.STREAMING) >= times


async def test_broken_link_is_reported_and_restored_at_a_later_index() -> None:
    faults = {LEFT: FaultScript(drop_link_at_s=(2.0,), away_s=0.1)}
    async with bench([LEFT, RIGHT], faults=faults, time_scale=FAST) as made:
        async with made.source() as source:
            got = Collector(source)
            await got.until(streaming_again(2))
            await got.until(frames(LEFT, len(got.blocks(LEFT)) + 5))
        assert got.states(LEFT) == [
            LinkState.SEARCHING,
            LinkState.CONNECTING,
            LinkState.CONFIGURING,
            LinkState.STREAMING,
            LinkState.LOST,
            LinkState.SEARCHING,
            LinkState.CONNECTING,
            LinkState.CONFIGURING,
            LinkState.STREAMING,
        ]
        detail = got.reports(LEFT)[4].detail
        assert detail == "the link broke: bring it closer; it is connected again by itself"
        left = indices(got.blocks(LEFT))
        steps = [later - earlier for earlier, later in pairwise(left)]
        # the new stream may begin before its state is told: what came before the loss is whole
        until_lost = got.items[: got.items.index(got.reports(LEFT)[4])]
        before = sum(isinstance(one, Notification) and one.placement is LEFT for one in until_lost)
        assert before >= 3
        assert set(steps[: before * SAMPLES - 1]) == {1}
        assert [step for step in steps if step != 1] == [max(steps)]
        check_counts(got.blocks(LEFT), made.sensors[LEFT])
        assert LinkState.LOST not in got.states(RIGHT)
        assert indices(got.blocks(RIGHT)) == list(range(SAMPLES * len(got.blocks(RIGHT))))


async def test_silent_sensor_counts_as_lost() -> None:
    faults = {LEFT: FaultScript(silent_s=((1.0, 6.0),))}
    async with bench([LEFT], faults=faults, time_scale=FAST) as made:
        async with made.source() as source:
            got = Collector(source)
            await got.until(streaming_again(2))
            await got.until(lambda got: indices(got.blocks(LEFT))[-1] > 600)
        lost = next(report for report in got.reports(LEFT) if report.state is LinkState.LOST)
        assert lost.detail.startswith("no data for 0.5 s: bring it closer")
        check_counts(got.blocks(LEFT), made.sensors[LEFT])


async def test_several_losses_in_a_row() -> None:
    faults = {LEFT: FaultScript(drop_link_at_s=(1.0, 4.0, 7.0))}
    async with bench([LEFT], faults=faults, time_scale=FAST) as made:
        async with made.source() as source:
            got = Collector(source)
            await got.until(streaming_again(4))
            await got.until(frames(LEFT, len(got.blocks(LEFT)) + 2))
        samples = indices(got.blocks(LEFT))
        assert samples == sorted(set(samples))


async def test_link_that_breaks_before_the_charge_is_read_is_restored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with bench([LEFT], time_scale=FAST) as made, made.source() as source:
        sensor, start = made.sensors[LEFT], HipImuDriver.start

        async def start_and_break(driver: HipImuDriver, session: int) -> SensorIdentity:
            identity = await start(driver, session)
            monkeypatch.setattr(HipImuDriver, "start", start)
            await sensor.drop_link()
            # a client without a link knows of no services
            await eventually(driver._gatt.lost.is_set)
            return identity

        got = Collector(source)
        await got.until(frames(LEFT, 2))
        monkeypatch.setattr(HipImuDriver, "start", start_and_break)
        await sensor.drop_link()
        await got.until(lambda got: got.states(LEFT).count(LinkState.LOST) == 2)
        await got.until(frames(LEFT, len(got.blocks(LEFT)) + 3))
        assert got.states(LEFT)[-1] is LinkState.STREAMING


async def test_sensor_that_stays_away_fails_and_ends_the_source() -> None:
    faults = {LEFT: FaultScript(drop_link_at_s=(0.5,), away_s=60.0)}
    async with bench([LEFT], faults=faults, time_scale=FAST) as made:
        async with made.source(replace(QUICK, reconnect_limit_s=0.4, scan_s=0.15)) as source:
            got = Collector(source)
            with pytest.raises(BluetoothError, match="every sensor was lost") as caught:
                await got.rest()
        assert "Charge" in caught.value.advice
        assert got.states(LEFT)[-1] is LinkState.FAILED
        assert got.reports(LEFT)[-1].detail == "not back after 0.4 s: charge it, and start a new session"
        assert got.states(LEFT).count(LinkState.SEARCHING) > 2


async def test_the_other_sensor_goes_on_where_one_is_given_up() -> None:
    faults = {LEFT: FaultScript(drop_link_at_s=(0.5,), away_s=60.0)}
    async with bench([LEFT, RIGHT], faults=faults, time_scale=FAST) as made:
        async with made.source(replace(QUICK, reconnect_limit_s=0.2, scan_s=0.1)) as source:
            got = Collector(source)
            await got.until(lambda got: LinkState.FAILED in got.states(LEFT))
            await got.until(frames(RIGHT, len(got.blocks(RIGHT)) + 5))
            await source.stop()
            await got.rest()
        assert got.states(LEFT)[-1] is LinkState.FAILED
        assert got.states(RIGHT)[-1] is LinkState.STOPPED


async def test_restarted_sensor_begins_anew_and_says_so() -> None:
    async with bench([LEFT], time_scale=FAST) as made:
        sensor = made.sensors[LEFT]
        async with made.source() as source:
            got = Collector(source)
            await got.until(frames(LEFT, 3))
            await sensor.__aexit__(None, None, None)
            await sensor.__aenter__()
            before = len(got.blocks(LEFT))
            await got.until(streaming_again(2))
            await got.until(lambda got: got.blocks(LEFT)[-1].first_sample_index > 2 * SAMPLES)
        assert before >= 3
        jumps = [block for block in got.blocks(LEFT) if block.flags & FrameFlag.TIME_JUMP]
        assert [block.first_sample_index for block in jumps] == [0, 0]


async def test_bluetooth_service_that_hangs_ends_the_search_and_then_the_source(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tracker.sensing.scanner.SERVICE_S", 0.1)
    link = replace(QUICK, reconnect_limit_s=0.4, scan_s=0.15)
    async with bench([LEFT], time_scale=FAST) as made, made.source(link) as source:
        got = Collector(source)
        await got.until(frames(LEFT, 2))

        async def never(_scanner: VirtualScannerBackend) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(VirtualScannerBackend, "start", never)
        await made.sensors[LEFT].drop_link()
        with pytest.raises(BluetoothError, match="every sensor was lost"):
            await got.rest()
        assert any("the Bluetooth service does not answer" in report.detail for report in got.reports(LEFT))


async def test_leaving_while_a_sensor_is_searched_is_quick_and_clean() -> None:
    faults = {LEFT: FaultScript(drop_link_at_s=(0.2,), away_s=60.0)}
    async with bench([LEFT], faults=faults, time_scale=FAST) as made:
        async with made.source() as source:
            got = Collector(source)
            await got.until(lambda got: got.states(LEFT)[-1:] == [LinkState.SEARCHING])
            await got.until(lambda got: got.states(LEFT).count(LinkState.SEARCHING) == 2)
            await source.stop()
            await got.rest()
        assert got.states(LEFT)[-1] is LinkState.STOPPED


async def test_what_is_missing_of_a_sensor_that_is_away_at_the_end_is_told() -> None:
    faults = {LEFT: FaultScript(drop_link_at_s=(1.0,), away_s=30.0)}
    async with bench([LEFT, RIGHT], faults=faults, time_scale=FAST) as made, made.source() as source:
        got = Collector(source)
        await got.until(lambda got: LinkState.LOST in got.states(LEFT))
        await source.stop()
        await got.rest()
    assert "out of reach at the end" in got.reports(LEFT)[-1].detail
    assert got.reports(RIGHT)[-1].detail == ""
