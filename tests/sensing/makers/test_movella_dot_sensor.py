"""A Movella DOT on the virtual radio, through bleak: found, streaming at its rate, lost, stopped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from maker_bench import TurningFeed, asking, counts_of, notifications, place_in, streamed
from virtual_bench import QUICK, TEST_LIMIT_S, PatternFeed

from firmware_protocol.decoder import Lack
from firmware_protocol.makers.stream_settings import StreamSettings
from tracker.errors import BluetoothError
from tracker.sensing.drivers.movella_dot import PROTOCOL_NAME, MovellaDotDriver
from tracker.sensing.drivers.registry import decoder_of, kind_of
from tracker.sensing.gatt import GattLink
from tracker.sensing.scanner import scan
from tracker.sensing.source import LinkState
from tracker.sensing.virtual.feed import SampleFeed
from tracker.sensing.virtual.makers.movella_dot import VirtualMovellaDot
from tracker.sensing.virtual.makers.played_feed import PlayedFeed
from tracker.sensing.virtual.peripheral import STEADY, LinkScript
from tracker.sensing.virtual.radio import VirtualRadio

ADDRESS = "D4:22:CD:00:00:01"
SENSOR_ID = "d422cd000001"
FEED = PatternFeed(rate_hz=60.0)
FLOAT32_COUNTS = 2e-3
"""A float32 of 30,000 counts is off by less."""


@asynccontextmanager
async def on_air(
    feed: SampleFeed = FEED, script: LinkScript = STEADY, **traits: object
) -> AsyncIterator[tuple[VirtualRadio, VirtualMovellaDot]]:
    """A sensor, switched on, and its radio."""
    async with (
        asyncio.timeout(TEST_LIMIT_S),
        VirtualRadio(time_scale=4.0) as radio,
        VirtualMovellaDot(radio, PlayedFeed(feed, 16.0, 2000.0), ADDRESS, script, **traits) as sensor,  # type: ignore[arg-type]
    ):
        yield radio, sensor


async def test_it_is_found_as_what_it_is() -> None:
    async with on_air() as (radio, _):
        (found,) = await scan(0.3, radio=radio.radio)
    assert (found.name, found.address, found.protocol) == ("Movella DOT", ADDRESS, PROTOCOL_NAME)
    assert kind_of(found.protocol).title == "Movella DOT"


@pytest.mark.parametrize(
    ("address", "name", "may_be"),
    [
        (ADDRESS, "Movella DOT", True),
        ("D4:22:CD:00:00:02", "Movella DOT", False),
        ("7D2A3C4E-0000-1111-2222-333344445555", "Xsens Dot", True),
        ("7D2A3C4E-0000-1111-2222-333344445555", "HIP-AABB", False),
    ],
)
def test_which_one_may_be_a_paired_sensor(address: str, name: str, may_be: bool) -> None:
    assert kind_of(PROTOCOL_NAME).may_be(SENSOR_ID, address, name) is may_be


@pytest.mark.parametrize(("asked_hz", "rate_hz"), [(100, 60), (60, 60), (30, 30), (18, 20)])
async def test_samples_are_the_feeds_at_the_nearest_rate(asked_hz: int, rate_hz: int) -> None:
    async with on_air() as (radio, sensor):
        got = await streamed(radio, ADDRESS, notifications(40), asking(asked_hz))
        assert sensor.rate_hz == rate_hz
        assert not sensor.streams
    assert got.identity is not None
    assert got.identity.sensor_id == SENSOR_ID
    expected_settings = StreamSettings(rate_hz, 16.0, 2000.0, "XS-T02", "2.4.0")
    assert StreamSettings.decode(got.identity.capabilities) == expected_settings
    batch = got.batch()
    counts, step = counts_of(batch, 16.0, 2000.0), 60 // rate_hz
    first = place_in(FEED, counts[0])
    np.testing.assert_allclose(counts, FEED.counts(first, step * len(counts))[::step], atol=FLOAT32_COUNTS)
    assert np.diff(batch.first_sample_indices).tolist() == [1] * (len(batch) - 1)
    # ticks are whole microseconds
    seconds = np.diff(batch.first_ticks) * 1e-6
    np.testing.assert_allclose(seconds, 1 / rate_hz, atol=1e-6)
    assert batch.bad_frames == ()


async def test_gravity_and_a_known_rate() -> None:
    async with on_air(TurningFeed(60.0)) as (radio, _):
        got = await streamed(radio, ADDRESS, notifications(10), asking(60))
    batch = got.batch()
    # half a count of the feed's 16 g, and of its 2000 deg/s
    np.testing.assert_allclose(batch.accelerometer_m_per_s2, [[0, 0, 9.80665]] * len(batch), atol=0.0024)
    turning = np.radians([0.0, 0.0, 90.0])
    np.testing.assert_allclose(batch.gyroscope_rad_per_s, [turning] * len(batch), atol=np.radians(0.031))


async def test_link_loss_and_return_leave_a_gap_of_as_many_samples() -> None:
    script = LinkScript(drop_link_at_s=(1.0,), away_s=0.1)
    wrap = (1 << 32) - 1_200_000
    async with on_air(FEED, script, start_tick=wrap - wrap % 16_667) as (radio, sensor):
        got = await streamed(radio, ADDRESS, notifications(20, 10), asking(60))
        assert not sensor.streams
    assert LinkState.LOST in got.states
    before, after = got.batch(0), got.batch(1)
    ends_at = place_in(FEED, counts_of(before, 16.0, 2000.0)[-1])
    begins_at = place_in(FEED, counts_of(after, 16.0, 2000.0)[0])
    assert begins_at > ends_at
    ticks = (int(after.first_ticks[0]) - int(before.first_ticks[-1])) % (1 << 32)
    # its clock goes on without the link, in whole microseconds
    assert ticks * 60e-6 == pytest.approx(begins_at - ends_at, abs=1e-4)


async def test_what_it_lacks_is_told() -> None:
    async with on_air() as (radio, _):
        got = await streamed(radio, ADDRESS, notifications(1), asking(60))
    assert got.identity is not None
    assert decoder_of(got.identity).description.lacks == {Lack.BACKFILL}


async def test_charge() -> None:
    async with on_air(battery_percent=73) as (radio, _):
        got = await streamed(radio, ADDRESS, notifications(1), asking(60))
    charges = [report.battery_percent for report in got.reports if report.state is LinkState.STREAMING]
    assert charges == [73]


async def test_a_start_that_is_not_followed_is_told_with_advice() -> None:
    async with on_air(starts=False) as (radio, _):
        with pytest.raises(BluetoothError, match="Movella DOT did not start to measure") as raised:
            await streamed(radio, ADDRESS, notifications(1), asking(60))
    assert "recording" in raised.value.advice


async def test_a_rate_that_is_not_taken_is_told_with_advice() -> None:
    # 12 Hz is no whole part of 30
    async with on_air(PatternFeed(rate_hz=30.0), rate=30.0) as (radio, _):
        with pytest.raises(BluetoothError, match="did not take the rate of 12 Hz") as raised:
            await streamed(radio, ADDRESS, notifications(1), asking(12))
    assert "off and on" in raised.value.advice


async def test_a_sensor_that_measures_already_is_stopped_to_take_its_rate_and_then_blinks() -> None:
    async with on_air() as (radio, sensor):
        (found,) = await scan(0.3, radio=radio.radio)
        gatt = GattLink(found, parameters=QUICK, radio=radio.radio)
        came: list[bytes] = []
        await gatt.connect()
        for rate_hz in (60, 30):
            driver = MovellaDotDriver(gatt, asking(rate_hz), lambda data, _at: came.append(data))
            await driver.open()
            await driver.start(1)
            assert sensor.streams
            assert sensor.rate_hz == rate_hz
        assert await driver.identify(3)
        assert sensor.identified == 1
        await driver.stop()
        assert not sensor.streams
        await gatt.close()
