"""A Movesense sensor on the virtual radio, by way of bleak."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest
from stream_bench import FAST, came, decoded, jumps, notifications, sample_indices, source_of, streams
from virtual_bench import LEFT, QUICK, TEST_LIMIT_S, Collector, PatternFeed, eventually

from firmware_protocol.makers.movesense_control import ACCELEROMETER_RESOURCE, BATTERY_RESOURCE, Command
from firmware_protocol.makers.stream_settings import StreamSettings
from tracker.errors import BluetoothError
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.drivers.movesense import STREAM_REFERENCE
from tracker.sensing.drivers.refusals import SensorRefusedError
from tracker.sensing.scanner import scan
from tracker.sensing.source import LinkState
from tracker.sensing.virtual.feed import SampleFeed
from tracker.sensing.virtual.makers.movesense import FAULTLESS, MovesenseFaults, VirtualMovesense
from tracker.sensing.virtual.makers.played_feed import PlayedFeed
from tracker.sensing.virtual.radio import VirtualRadio

RATE_HZ = 104.0
SERIAL = "174630000192"
STREAM = "/Meas/IMU6/104"


@dataclass(frozen=True, slots=True)
class TurningFeed:
    """At rest with y up, turning about z at -45 deg/s; full scale 4 g and 1000 deg/s."""

    rate_hz: float = RATE_HZ

    def counts(self, first_index: int, count: int) -> npt.NDArray[np.int16]:  # noqa: ARG002 - always the same
        """Samples by index."""
        return np.tile(np.array([0, 8192, 0, 0, 0, -1475], dtype=np.int16), (count, 1))


@asynccontextmanager
async def movesense(
    feed: SampleFeed | None = None, faults: MovesenseFaults = FAULTLESS
) -> AsyncIterator[tuple[VirtualRadio, VirtualMovesense]]:
    """One sensor, switched on."""
    played = PlayedFeed(feed or PatternFeed(rate_hz=RATE_HZ))
    async with (
        asyncio.timeout(TEST_LIMIT_S),
        VirtualRadio(time_scale=FAST) as radio,
        VirtualMovesense(radio, played, SERIAL, faults=faults) as sensor,
    ):
        yield radio, sensor


async def test_scan_finds_it_with_its_kind() -> None:
    async with movesense() as (radio, sensor):
        (found,) = await scan(0.3, radio=radio.radio)
    assert (found.name, found.address) == (f"Movesense {SERIAL}", sensor.address)
    assert found.protocol == "movesense-gsp"


async def test_samples_are_those_of_the_feed() -> None:
    feed = PatternFeed(rate_hz=RATE_HZ)
    async with movesense(feed) as (radio, sensor), source_of(radio, sensor) as source:
        got = Collector(source)
        await got.until(came(40))
        identity = source.sensors[LEFT]
    batch = decoded(got, identity)
    assert batch.bad_frames == ()
    # two notifications for 8 samples
    assert len(batch) >= 20 * 8
    numbers = sample_indices(batch)
    np.testing.assert_array_equal(numbers, np.arange(len(batch)))
    acceleration, rate = PlayedFeed(feed).samples(0, len(batch))
    # float32 on the wire
    np.testing.assert_allclose(batch.accelerometer_m_per_s2, acceleration, rtol=2**-23, atol=1e-9)
    np.testing.assert_allclose(batch.gyroscope_rad_per_s, rate, rtol=2**-23, atol=1e-9)


async def test_gravity_and_a_known_rate() -> None:
    async with movesense(TurningFeed()) as (radio, sensor), source_of(radio, sensor) as source:
        got = Collector(source)
        await got.until(came(4))
        batch = decoded(got, source.sensors[LEFT])
    # 8192 of 32 768 counts at 4 g are 1 g; 1475 at 1000 deg/s are 45 deg/s to half a count
    np.testing.assert_allclose(batch.accelerometer_m_per_s2[0], [0, 9.80665, 0], atol=1e-5)
    half_count = math.radians(1000) / 65_536
    np.testing.assert_allclose(batch.gyroscope_rad_per_s[0], [0, 0, -math.pi / 4], atol=half_count)


@pytest.mark.parametrize(("wanted_hz", "rate_hz"), [(100, 104), (60, 52), (1000, 208)])
async def test_it_streams_at_the_nearest_rate_and_the_ranges_that_it_has(
    wanted_hz: int, rate_hz: int
) -> None:
    wanted = replace(QUICK, rate_hz=wanted_hz)
    async with movesense() as (radio, sensor), source_of(radio, sensor, wanted) as source:
        settings = StreamSettings.decode(source.sensors[LEFT].capabilities)
    assert settings == StreamSettings(rate_hz, 8, 2000, "Movesense Flash", "2.3.1")


async def test_ranges_that_it_does_not_tell_are_taken_as_delivered() -> None:
    faults = MovesenseFaults(refused={ACCELEROMETER_RESOURCE: 404})
    async with movesense(faults=faults) as (radio, sensor), source_of(radio, sensor) as source:
        assert StreamSettings.decode(source.sensors[LEFT].capabilities).accelerometer_range_g == 8


async def test_id_and_battery_are_told() -> None:
    async with movesense() as (radio, sensor), source_of(radio, sensor) as source:
        got = Collector(source)
        await got.until(streams(1))
        assert source.sensors[LEFT].sensor_id == SERIAL
    report = next(one for one in got.reports(LEFT) if one.state is LinkState.STREAMING)
    assert report.battery_percent == 87


async def test_battery_may_be_unknown() -> None:
    faults = MovesenseFaults(refused={BATTERY_RESOURCE: 503})
    async with movesense(faults=faults) as (radio, sensor), source_of(radio, sensor) as source:
        got = Collector(source)
        await got.until(streams(1))
    assert [one.battery_percent for one in got.reports(LEFT)] == [None] * len(got.reports(LEFT))


async def test_stop_leaves_it_not_streaming() -> None:
    async with movesense() as (radio, sensor):
        async with source_of(radio, sensor) as source:
            await Collector(source).until(came(4))
            assert len(sensor.streaming) == 1
        assert sensor.unsubscribed == [STREAM_REFERENCE]
        assert len(sensor.streaming) == 0


async def test_lost_link_comes_back_and_shows_as_a_gap() -> None:
    feed = PatternFeed(rate_hz=RATE_HZ)
    async with movesense(feed) as (radio, sensor), source_of(radio, sensor) as source:
        got = Collector(source)
        await got.until(came(20))
        await sensor.drop_link()
        await got.until(streams(2))
        before = len(notifications(got))
        await got.until(came(before + 10))
        batch = decoded(got, source.sensors[LEFT])
    numbers = sample_indices(batch)
    steps = np.diff(numbers)
    assert jumps(batch) == 0
    assert (steps >= 1).all()
    assert np.count_nonzero(steps > 1) == 1
    acceleration, _ = PlayedFeed(feed).samples(0, int(numbers.max()) + 1)
    np.testing.assert_allclose(batch.accelerometer_m_per_s2, acceleration[numbers], rtol=2**-23, atol=1e-9)


@pytest.mark.parametrize(("status", "name"), [(429, "TOO_MANY_REQUESTS"), (404, "NOT_FOUND"), (418, "418")])
async def test_refused_stream_says_why_and_what_to_do(status: int, name: str) -> None:
    async with movesense(faults=MovesenseFaults(refused={STREAM: status})) as (radio, sensor):
        with pytest.raises(SensorRefusedError, match=f"refused SUBSCRIBE {STREAM}") as caught:
            async with source_of(radio, sensor):
                pytest.fail("the source started")
    assert caught.value.data["status"] == name
    assert "off and on" in caught.value.advice


@pytest.mark.parametrize("command", [Command.HELLO, Command.SUBSCRIBE])
async def test_command_that_is_never_answered_ends_in_time(command: Command) -> None:
    once = replace(QUICK, connect_attempts=1)
    async with movesense(faults=MovesenseFaults(mute=frozenset({command}))) as (radio, sensor):
        with pytest.raises(BluetoothError, match=f"did not answer {command.name}.* within 1 s"):
            async with source_of(radio, sensor, once):
                pytest.fail("the source started")
        await eventually(lambda: sensor.connection is None)


async def test_it_is_found_by_its_serial_number() -> None:
    async with movesense() as (radio, sensor), BluetoothSource({LEFT: SERIAL}, QUICK, radio.radio) as source:
        assert source.sensors[LEFT].address == sensor.address
