"""A WitMotion sensor on the virtual radio, through bleak: found, streaming at its rate, lost, stopped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from maker_bench import TurningFeed, asking, counts_of, notifications, place_in, streamed
from virtual_bench import QUICK, TEST_LIMIT_S, PatternFeed

from firmware_protocol.decoder import Lack
from firmware_protocol.makers.stream_settings import StreamSettings
from firmware_protocol.makers.witmotion import COMMAND_GAP_S
from tracker.errors import BluetoothError
from tracker.sensing.drivers.registry import decoder_of, kind_of
from tracker.sensing.drivers.witmotion import PROTOCOL_NAME, WitMotionDriver
from tracker.sensing.gatt import GattLink
from tracker.sensing.scanner import scan
from tracker.sensing.source import LinkState
from tracker.sensing.virtual.feed import SampleFeed
from tracker.sensing.virtual.makers.played_feed import PlayedFeed
from tracker.sensing.virtual.makers.witmotion import NAME, VirtualWitMotion
from tracker.sensing.virtual.peripheral import STEADY, LinkScript
from tracker.sensing.virtual.radio import VirtualRadio

ADDRESS = "C6:11:00:00:00:01"
FEED = PatternFeed(rate_hz=200.0)


@asynccontextmanager
async def on_air(
    feed: SampleFeed = FEED, script: LinkScript = STEADY, **traits: object
) -> AsyncIterator[tuple[VirtualRadio, VirtualWitMotion]]:
    """A sensor, switched on, and its radio."""
    async with (
        asyncio.timeout(TEST_LIMIT_S),
        VirtualRadio() as radio,
        VirtualWitMotion(radio, PlayedFeed(feed, 16.0, 2000.0), ADDRESS, script, **traits) as sensor,  # type: ignore[arg-type]
    ):
        yield radio, sensor


async def test_it_is_found_as_what_it_is() -> None:
    async with on_air() as (radio, _):
        (found,) = await scan(0.3, radio=radio.radio)
    assert (found.name, found.address, found.protocol) == (NAME, ADDRESS, PROTOCOL_NAME)
    kind = kind_of(found.protocol)
    assert kind.title == "WitMotion"
    assert kind.may_be(ADDRESS.casefold(), ADDRESS, NAME)
    assert not kind.may_be(ADDRESS.casefold(), "C6:11:00:00:00:02", NAME)


@pytest.mark.parametrize("rate_hz", [100, 200])
async def test_samples_are_the_feeds_at_the_rate_that_was_asked_for(rate_hz: int) -> None:
    async with on_air() as (radio, sensor):
        got = await streamed(radio, ADDRESS, notifications(20), asking(rate_hz))
        assert sensor.rate_hz == rate_hz
        assert not sensor.streams
    assert got.identity is not None
    assert got.identity.sensor_id == ADDRESS.casefold()
    assert StreamSettings.decode(got.identity.capabilities) == StreamSettings(rate_hz, 16.0, 2000.0)
    batch = got.batch()
    counts, step = counts_of(batch, 16.0, 2000.0), 200 // rate_hz
    first = place_in(FEED, counts[0])
    expected = FEED.counts(first, step * len(counts))[::step]
    assert len(counts) >= 38
    # counts are whole numbers: float64 has them to a billionth
    np.testing.assert_allclose(counts, expected, atol=1e-6)
    assert batch.bad_frames == ()


async def test_gravity_and_a_known_rate() -> None:
    async with on_air(TurningFeed(100.0)) as (radio, _):
        got = await streamed(radio, ADDRESS, notifications(10), asking(100))
    batch = got.batch()
    # half a count of 16 g, and of 2000 deg/s
    np.testing.assert_allclose(batch.accelerometer_m_per_s2, [[0, 0, 9.80665]] * len(batch), atol=0.0024)
    turning = np.radians([0.0, 0.0, 90.0])
    np.testing.assert_allclose(batch.gyroscope_rad_per_s, [turning] * len(batch), atol=np.radians(0.031))


async def test_link_loss_and_return() -> None:
    script = LinkScript(drop_link_at_s=(0.7,), away_s=0.1)
    async with on_air(FEED, script) as (radio, sensor):
        got = await streamed(radio, ADDRESS, notifications(5, 10), asking(100))
        assert not sensor.streams
    assert LinkState.LOST in got.states
    assert got.states.count(LinkState.STREAMING) == 2
    before, after = (counts_of(got.batch(part), 16.0, 2000.0) for part in range(2))
    ends_at = place_in(FEED, before[-1])
    begins_at = place_in(FEED, after[0])
    np.testing.assert_allclose(after, FEED.counts(begins_at, 2 * len(after))[::2], atol=1e-6)
    # it comes back after 0.1 s at the earliest, and its rate takes three pauses between commands
    assert begins_at - ends_at > (0.1 + 2 * COMMAND_GAP_S) * FEED.rate_hz


async def test_what_it_lacks_is_told() -> None:
    async with on_air() as (radio, _):
        got = await streamed(radio, ADDRESS, notifications(1), asking(100))
    assert got.identity is not None
    assert decoder_of(got.identity).description.lacks == {Lack.TIMESTAMPS, Lack.LOSS_COUNT, Lack.BACKFILL}


@pytest.mark.parametrize(("centivolt", "percent"), [(399, 100), (382, 50), (330, 0)])
async def test_charge_is_told_when_it_streams(centivolt: int, percent: int) -> None:
    async with on_air(battery_centivolt=centivolt) as (radio, _):
        got = await streamed(radio, ADDRESS, notifications(1), asking(100))
    charges = [report.battery_percent for report in got.reports if report.state is LinkState.STREAMING]
    assert charges == [percent]
    assert got.batch().bad_frames == ()


async def test_a_sensor_that_never_answers_is_told_with_advice() -> None:
    async with on_air(mute_reads=3) as (radio, sensor):
        with pytest.raises(BluetoothError, match=f"{NAME} did not answer READ RATE within 1 s") as raised:
            await streamed(radio, ADDRESS, notifications(1), asking(100))
        assert not sensor.streams
    assert "Switch the sensor off and on" in raised.value.advice


async def test_a_command_that_gets_lost_is_sent_again() -> None:
    async with on_air(mute_reads=1) as (radio, sensor):
        got = await streamed(radio, ADDRESS, notifications(1), asking(200))
        assert sensor.rate_hz == 200.0
    assert got.states.count(LinkState.STREAMING) == 1


async def test_a_rate_that_is_not_taken_is_told_with_advice() -> None:
    # 50 Hz is no whole part of 80
    async with on_air(PatternFeed(rate_hz=80.0)) as (radio, sensor):
        with pytest.raises(BluetoothError, match=f"{NAME} did not take the rate of 50 Hz") as raised:
            await streamed(radio, ADDRESS, notifications(1), asking(50))
        assert sensor.rate_hz == 10.0
    assert "rate" in raised.value.advice


async def test_it_is_not_taken_for_a_sensor_of_its_maker_without_its_service() -> None:
    async with (
        asyncio.timeout(TEST_LIMIT_S),
        VirtualRadio() as radio,
        _WithoutService(radio, PlayedFeed(FEED), ADDRESS),
    ):
        with pytest.raises(BluetoothError, match="no sensor of WitMotion's"):
            await streamed(radio, ADDRESS, notifications(1))


class _WithoutService(VirtualWitMotion):
    def services(self) -> list[object]:  # type: ignore[override]
        return []


async def test_it_cannot_show_itself() -> None:
    async with on_air() as (radio, _):
        (found,) = await scan(0.3, radio=radio.radio)
        gatt = GattLink(found, parameters=QUICK, radio=radio.radio)
        driver = WitMotionDriver(gatt, QUICK, lambda _data, _at: None)
        assert not await driver.identify(3)
        assert await driver.battery_percent() is None
