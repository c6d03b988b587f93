"""A Polar Verity Sense on the virtual radio, by way of bleak."""

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

from firmware_protocol.blocks import FloatArray
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.makers.polar import PolarSettings
from firmware_protocol.makers.polar_control import Opcode, PolarError, get_settings_request
from firmware_protocol.makers.polar_frames import Measurement
from tracker.errors import BluetoothError
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.drivers.refusals import SensorRefusedError
from tracker.sensing.scanner import scan
from tracker.sensing.source import LinkState
from tracker.sensing.virtual.feed import SampleFeed
from tracker.sensing.virtual.makers.played_feed import PlayedFeed
from tracker.sensing.virtual.makers.polar import BOOTED_NS, FAULTLESS, PolarFaults, VirtualPolar
from tracker.sensing.virtual.radio import VirtualRadio

RATE_HZ = 104.0
DEVICE_ID = "8E1A2B3C"
SDK_MODE, GYROSCOPE = Measurement.SDK_MODE, Measurement.GYROSCOPE
START_GYROSCOPE, START_SDK_MODE = bytes((Opcode.START, GYROSCOPE)), bytes((Opcode.START, SDK_MODE))


@dataclass(frozen=True, slots=True)
class TurningFeed:
    """Upright at rest with z up, turning about x at 90 deg/s; at 4 g and 1000 deg/s, some counts of noise."""

    rate_hz: float = RATE_HZ

    def counts(self, first_index: int, count: int) -> npt.NDArray[np.int16]:
        """Samples by index."""
        noise = (np.arange(first_index, first_index + count)[:, None] * 7919 + np.arange(6) * 31) % 7 - 3
        counts: npt.NDArray[np.int16] = (noise + np.array([0, 0, 8192, 2949, 0, 0])).astype(np.int16)
        return counts


@asynccontextmanager
async def polar(
    feed: SampleFeed | None = None, faults: PolarFaults = FAULTLESS
) -> AsyncIterator[tuple[VirtualRadio, VirtualPolar]]:
    """One sensor, switched on."""
    played = PlayedFeed(feed or PatternFeed(rate_hz=RATE_HZ))
    async with (
        asyncio.timeout(TEST_LIMIT_S),
        VirtualRadio(time_scale=FAST) as radio,
        VirtualPolar(radio, played, DEVICE_ID, faults=faults) as sensor,
    ):
        yield radio, sensor


def check_is_the_feed(batch: FrameBatch, feed: SampleFeed) -> None:
    """Every sample is the feed's own at its time."""
    since_us = (int(batch.first_ticks[0]) - BOOTED_NS // 1000) % 2**32
    numbers = sample_indices(batch)
    places = round(since_us * 1e-6 * feed.rate_hz) + numbers - numbers[0]
    acceleration, rate = PlayedFeed(feed).samples(0, int(places.max()) + 1)
    # float32 of the factor
    np.testing.assert_allclose(batch.gyroscope_rad_per_s, rate[places], rtol=1e-6, atol=1e-9)
    # times are off by 100 ns after the 34 samples of a notification, of 9.6 ms in which 70 m/s² may come
    np.testing.assert_allclose(batch.accelerometer_m_per_s2, acceleration[places], rtol=1e-6, atol=1e-3)


async def test_scan_finds_it_with_its_kind() -> None:
    async with polar() as (radio, sensor):
        (found,) = await scan(0.3, radio=radio.radio)
    assert (found.name, found.address) == (f"Polar Sense {DEVICE_ID}", sensor.address)
    assert found.protocol == "polar-pmd"


async def test_samples_are_those_of_the_feed() -> None:
    feed = PatternFeed(rate_hz=RATE_HZ)
    async with polar(feed) as (radio, sensor), source_of(radio, sensor) as source:
        got = Collector(source)
        await got.until(came(40))
        identity = source.sensors[LEFT]
    batch = decoded(got, identity)
    assert batch.bad_frames == ()
    # notifications hold at most 34 samples of this feed, 3 of 40 may still wait for the other stream
    assert len(batch) >= 15 * 30
    check_is_the_feed(batch, feed)


async def test_gravity_and_a_known_rate() -> None:
    async with polar(TurningFeed()) as (radio, sensor), source_of(radio, sensor) as source:
        got = Collector(source)
        await got.until(came(12))
        batch = decoded(got, source.sensors[LEFT])

    def off(values: FloatArray, expected: list[float]) -> float:
        return float(np.abs(values.mean(axis=0) - expected).max())

    # 8192 counts are 1 g, 2949 are 90.0 deg/s to half a count; the noise is 2 counts in the mean at most
    assert off(batch.accelerometer_m_per_s2, [0, 0, 9.80665]) < 2 * 4 * 9.80665 / 32_768
    assert off(batch.gyroscope_rad_per_s, [math.pi / 2, 0, 0]) < 2 * math.radians(1000) / 32_768


async def test_it_streams_at_the_nearest_rate_and_ranges_that_reach() -> None:
    parameters = replace(QUICK, rate_hz=100, accelerometer_range_g=3, gyroscope_range_dps=700)
    async with polar() as (radio, sensor), source_of(radio, sensor, parameters) as source:
        settings = PolarSettings.decode(source.sensors[LEFT].capabilities)
    assert (settings.rate_hz, settings.accelerometer_range_g, settings.gyroscope_range_dps) == (104, 4, 1000)
    assert settings.accelerometer_factor == pytest.approx(4 / 32_768, rel=1e-7)
    assert settings.gyroscope_factor == pytest.approx(1000 / 32_768, rel=1e-7)
    assert (settings.model, settings.firmware) == ("INW4J", "2.2.5")


async def test_answers_may_take_several_indications() -> None:
    faults = PolarFaults(longest_answer_bytes=12)
    async with polar(faults=faults) as (radio, sensor), source_of(radio, sensor) as source:
        await Collector(source).until(came(2))
        settings = PolarSettings.decode(source.sensors[LEFT].capabilities)
    assert (settings.rate_hz, settings.accelerometer_range_g, settings.gyroscope_range_dps) == (104, 4, 1000)


@pytest.mark.parametrize(
    "faults",
    [
        PolarFaults(has_sdk_mode=False),
        PolarFaults(has_sdk_mode=False, unknown=frozenset({START_SDK_MODE})),
        PolarFaults(has_sdk_mode=False, mute=frozenset({START_SDK_MODE})),
    ],
    ids=["refused", "refused by ATT", "mute"],
)
async def test_firmware_without_the_sdk_mode_streams_at_its_one_rate(faults: PolarFaults) -> None:
    feed = PatternFeed(rate_hz=52.0)
    async with polar(feed, faults) as (radio, sensor), source_of(radio, sensor) as source:
        await Collector(source).until(came(2))
        settings = PolarSettings.decode(source.sensors[LEFT].capabilities)
    assert (settings.rate_hz, settings.accelerometer_range_g, settings.gyroscope_range_dps) == (52, 8, 2000)


async def test_id_and_battery_are_told() -> None:
    async with polar() as (radio, sensor), source_of(radio, sensor) as source:
        got = Collector(source)
        await got.until(streams(1))
        assert source.sensors[LEFT].sensor_id == DEVICE_ID
    report = next(one for one in got.reports(LEFT) if one.state is LinkState.STREAMING)
    assert report.battery_percent == 87
    assert "apart" in report.detail


async def test_stop_leaves_it_not_streaming_and_as_it_was() -> None:
    async with polar() as (radio, sensor):
        async with source_of(radio, sensor) as source:
            await Collector(source).until(came(2))
            streaming = (len(sensor.streaming), sensor.sdk_mode)
        # it leaves the SDK mode only once both streams have ended
        assert (streaming, (len(sensor.streaming), sensor.sdk_mode)) == ((2, True), (0, False))


async def test_lost_link_comes_back_and_shows_as_a_gap() -> None:
    feed = PatternFeed(rate_hz=RATE_HZ)
    async with polar(feed) as (radio, sensor), source_of(radio, sensor) as source:
        got = Collector(source)
        await got.until(came(14))
        await sensor.drop_link()
        await got.until(streams(2))
        before = len(notifications(got))
        await got.until(came(before + 14))
        batch = decoded(got, source.sensors[LEFT])
    assert LinkState.LOST in got.states(LEFT)
    steps = np.diff(sample_indices(batch))
    assert jumps(batch) == 0
    assert (steps >= 1).all()
    assert np.count_nonzero(steps > 1) == 1
    # the clock of the sensor went on: the numbers after the gap are those of the feed
    check_is_the_feed(batch, feed)


@pytest.mark.parametrize("error", [PolarError.IN_CHARGER, PolarError.INVALID_MTU, PolarError.INVALID_STATE])
async def test_refused_start_says_why_and_what_to_do(error: PolarError) -> None:
    async with polar(faults=PolarFaults(refused=((START_GYROSCOPE, error),))) as (radio, sensor):
        with pytest.raises(SensorRefusedError, match="refused START GYROSCOPE") as caught:
            async with source_of(radio, sensor):
                pytest.fail("the source started")
    assert caught.value.data["status"] == error.name
    assert caught.value.advice


@pytest.mark.parametrize("mute", [START_GYROSCOPE, bytes((Opcode.GET_SETTINGS,))])
async def test_request_that_is_never_answered_ends_in_time(mute: bytes) -> None:
    async with polar(faults=PolarFaults(mute=frozenset({mute}))) as (radio, sensor):
        with pytest.raises(BluetoothError, match=r"did not answer .* within 1 s"):
            async with source_of(radio, sensor):
                pytest.fail("the source started")
        await eventually(lambda: sensor.connection is None)
        assert sensor.streaming == set()


async def test_link_that_breaks_during_a_request_is_told_as_that() -> None:
    request = get_settings_request(Measurement.ACCELEROMETER)
    async with polar(faults=PolarFaults(mute=frozenset({request}))) as (radio, sensor):

        async def drop() -> None:
            await eventually(lambda: request in sensor.requests)
            await sensor.drop_link()

        dropping = asyncio.create_task(drop())
        once = replace(QUICK, connect_attempts=1)
        with pytest.raises(BluetoothError, match="broke during GET_SETTINGS ACCELEROMETER"):
            async with source_of(radio, sensor, once):
                pytest.fail("the source started")
        await dropping


async def test_it_is_found_by_the_id_that_is_printed_on_it() -> None:
    async with polar() as (radio, sensor), BluetoothSource({LEFT: DEVICE_ID}, QUICK, radio.radio) as source:
        assert source.sensors[LEFT].address == sensor.address
