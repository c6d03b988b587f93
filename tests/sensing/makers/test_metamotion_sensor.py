"""A MetaMotion on the virtual radio, through bleak: found, streaming, lost, stopped, mute."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pytest
from virtual_bench import LEFT, QUICK, TEST_LIMIT_S, Collector, PatternFeed, eventually

from firmware_protocol.blocks import FloatArray
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.makers.metamotion_registers import (
    Chip,
    Module,
    battery_read,
    blink_commands,
    config_read,
    info_read,
)
from firmware_protocol.makers.stream_settings import StreamSettings
from tracker.errors import BluetoothError
from tracker.model import Notification
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.drivers.metamotion import PROTOCOL_NAME, MetaMotionDriver
from tracker.sensing.drivers.registry import decoder_of, kind_of
from tracker.sensing.gatt import GattLink
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.scanner import scan
from tracker.sensing.source import LinkState
from tracker.sensing.virtual.feed import SampleFeed
from tracker.sensing.virtual.makers.metamotion import MetaMotionFaults, VirtualMetaMotion
from tracker.sensing.virtual.makers.played_feed import PlayedFeed
from tracker.sensing.virtual.peripheral import STEADY, LinkScript
from tracker.sensing.virtual.radio import VirtualRadio

ADDRESS = "C6:12:00:00:00:01"
RANGE_G, RANGE_DPS = 4.0, 1000.0
GYROSCOPE_COUNT_RAD_PER_S = np.radians(1 / 32.8)
"""One count at 1000 deg/s, as the vendor's kit has it."""


@dataclass(frozen=True, slots=True)
class TurningFeed:
    """Upright with z up, turning about x at 90 deg/s; counts of 4 g and 1000 deg/s."""

    rate_hz: float = 100.0

    def counts(self, first_index: int, count: int) -> npt.NDArray[np.int16]:  # noqa: ARG002 - always the same
        """Samples by index."""
        return np.tile(np.array([0, 0, 8192, 2949, 0, 0], dtype=np.int16), (count, 1))


@dataclass(slots=True)
class Bench:
    """One sensor on a radio."""

    radio: VirtualRadio
    sensor: VirtualMetaMotion
    parameters: LinkParameters = field(default=QUICK)

    def source(self) -> BluetoothSource:
        """A source of the sensor."""
        return BluetoothSource({LEFT: ADDRESS}, self.parameters, self.radio.radio)

    async def driver(self) -> tuple[GattLink, MetaMotionDriver]:
        """A driver on a link that stands."""
        (found,) = await scan(0.3, radio=self.radio.radio)
        gatt = GattLink(found, parameters=self.parameters, radio=self.radio.radio)
        await gatt.connect()
        return gatt, MetaMotionDriver(gatt, self.parameters, lambda _data, _at_ns: None)


NO_FAULTS = MetaMotionFaults()


@asynccontextmanager
async def bench(
    feed: SampleFeed | None = None,
    *,
    chip: Chip = Chip.BMI270,
    script: LinkScript = STEADY,
    faults: MetaMotionFaults = NO_FAULTS,
    parameters: LinkParameters = QUICK,
) -> AsyncIterator[Bench]:
    """One sensor, switched on."""
    played = PlayedFeed(feed or PatternFeed(), RANGE_G, RANGE_DPS)
    async with (
        asyncio.timeout(TEST_LIMIT_S),
        VirtualRadio() as radio,
        VirtualMetaMotion(radio, played, ADDRESS, chip=chip, script=script, faults=faults) as sensor,
    ):
        yield Bench(radio, sensor, parameters)


def notifications(got: Collector) -> list[Notification]:
    return [item for item in got.items if isinstance(item, Notification)]


def decoded(came: list[Notification], source: BluetoothSource) -> FrameBatch:
    received_ns = np.array([one.received_ns for one in came], dtype=np.int64)
    return decoder_of(source.sensors[LEFT]).decode([one.payload for one in came], received_ns)


def check_is_the_feed(batch: FrameBatch, feed: SampleFeed) -> None:
    """Every sample of turning is the feed's, and acceleration the mean of the two around it."""
    acceleration, turning = PlayedFeed(feed, RANGE_G, RANGE_DPS).samples(0, 3000)
    nearest = np.abs(turning - batch.gyroscope_rad_per_s[0]).sum(axis=1)
    first = int(np.argmin(nearest))
    places = first + np.arange(len(batch))
    # rounded to whole counts
    tolerance = 0.51 * GYROSCOPE_COUNT_RAD_PER_S
    np.testing.assert_allclose(batch.gyroscope_rad_per_s, turning[places], atol=tolerance)
    # its notifications of turning end a sample later, and half a notification is taken: half a sample more
    means = (acceleration[places] + acceleration[places + 1]) / 2
    np.testing.assert_allclose(batch.accelerometer_m_per_s2, means, atol=1e-9)


async def test_scan_finds_it_with_its_kind() -> None:
    async with bench() as made:
        (found,) = await scan(0.3, radio=made.radio.radio)
    assert (found.name, found.address, found.protocol) == ("MetaWear", ADDRESS, PROTOCOL_NAME)


def test_boards_of_one_name_are_told_apart_by_their_address() -> None:
    kind = kind_of(PROTOCOL_NAME)
    assert kind.recognises("MetaWear", [])
    assert not kind.recognises("MetaWearable", [])
    assert kind.may_be(ADDRESS.casefold(), ADDRESS, "MetaWear")
    assert not kind.may_be(ADDRESS.casefold(), "C6:12:00:00:00:02", "MetaWear")


@pytest.mark.parametrize("chip", Chip)
async def test_samples_are_those_of_the_feed(chip: Chip) -> None:
    feed = PatternFeed()
    async with bench(feed, chip=chip) as made, made.source() as source:
        got = Collector(source)
        await got.until(lambda got: len(notifications(got)) >= 30)
        batch = decoded(notifications(got), source)
    assert batch.bad_frames == ()
    # three samples of each stream a notification, and two notifications may wait
    assert len(batch) >= 3 * 13
    check_is_the_feed(batch, feed)


async def test_gravity_and_a_known_rate() -> None:
    async with bench(TurningFeed()) as made, made.source() as source:
        got = Collector(source)
        await got.until(lambda got: len(notifications(got)) >= 10)
        batch = decoded(notifications(got), source)

    def off(values: FloatArray, expected: list[float]) -> float:
        return float(np.abs(values - expected).max())

    # 8192 counts are exactly 1 g; half a count of the feed and half of the wire for the rate
    assert off(batch.accelerometer_m_per_s2, [0, 0, 9.80665]) < 1e-9
    assert off(batch.gyroscope_rad_per_s, [np.pi / 2, 0, 0]) < 1.01 * GYROSCOPE_COUNT_RAD_PER_S


async def test_it_streams_at_the_nearest_rate_and_ranges_that_reach() -> None:
    parameters = replace(QUICK, rate_hz=60, accelerometer_range_g=3, gyroscope_range_dps=300)
    async with bench(PatternFeed(rate_hz=50.0), parameters=parameters) as made, made.source() as source:
        identity = source.sensors[LEFT]
    assert StreamSettings.decode(identity.capabilities) == StreamSettings(50.0, 4.0, 500.0, "8", "1.7.2")
    assert identity.sensor_id == ADDRESS.casefold()


async def test_charge_and_what_it_lacks_are_told_when_it_streams() -> None:
    async with bench() as made, made.source() as source:
        got = Collector(source)
        await got.until(lambda got: LinkState.STREAMING in got.states(LEFT))
    (report,) = [one for one in got.reports(LEFT) if one.state is LinkState.STREAMING]
    assert report.battery_percent == 87
    assert report.detail


async def test_stop_leaves_it_not_streaming() -> None:
    async with bench() as made:
        async with made.source() as source:
            await Collector(source).until(lambda got: len(notifications(got)) >= 4)
            assert made.sensor.streams
        assert made.sensor.switched_on == set()


async def test_link_loss_and_return() -> None:
    feed = PatternFeed()
    script = LinkScript(drop_link_at_s=(0.5,), away_s=0.1)
    async with bench(feed, script=script) as made, made.source() as source:
        got = Collector(source)
        await got.until(lambda got: got.states(LEFT).count(LinkState.STREAMING) == 2)
        lost_at = next(
            place for place, item in enumerate(got.items) if getattr(item, "state", None) is LinkState.LOST
        )
        before = [item for item in got.items[:lost_at] if isinstance(item, Notification)]
        await got.until(lambda got: len(notifications(got)) >= len(before) + 20)
        after = notifications(got)[len(before) :]
        for part in (before, after):
            batch = decoded(part, source)
            assert len(batch) > 20
            check_is_the_feed(batch, feed)


async def test_a_battery_that_is_not_told_is_no_failure() -> None:
    faults = MetaMotionFaults(mute=frozenset({battery_read()}))
    async with bench(faults=faults) as made, made.source() as source:
        got = Collector(source)
        await got.until(lambda got: LinkState.STREAMING in got.states(LEFT))
    (report,) = [one for one in got.reports(LEFT) if one.state is LinkState.STREAMING]
    assert report.battery_percent is None


@pytest.mark.parametrize(
    ("mute", "doing"),
    [
        (info_read(Module.ACCELEROMETER), "READ ACCELEROMETER"),
        (config_read(Module.GYROSCOPE), "CONFIGURE GYROSCOPE"),
    ],
)
async def test_a_sensor_that_never_answers_is_told_with_advice(mute: bytes, doing: str) -> None:
    async with bench(faults=MetaMotionFaults(mute=frozenset({mute}))) as made:
        with pytest.raises(BluetoothError, match=f"MetaWear did not answer {doing} within 1 s") as raised:
            async with made.source():
                pytest.fail("the source started")
        await eventually(lambda: made.sensor.connection is None)
        assert not made.sensor.streams
    assert "Switch the sensor off and on" in raised.value.advice


async def test_a_rate_that_is_not_taken_is_told_with_advice() -> None:
    async with bench(PatternFeed(rate_hz=80.0)) as made:
        with pytest.raises(BluetoothError, match="MetaWear did not take 100 Hz") as raised:
            async with made.source():
                pytest.fail("the source started")
        assert not made.sensor.streams
    assert "rate" in raised.value.advice


async def test_a_board_without_a_gyroscope_is_refused() -> None:
    async with bench(faults=MetaMotionFaults(has_gyroscope=False)) as made:
        with pytest.raises(BluetoothError, match="has no gyroscope") as raised:
            async with made.source():
                pytest.fail("the source started")
    assert "MetaMotion R, RL or S" in raised.value.advice


async def test_its_light_blinks_to_show_which_it_is() -> None:
    async with bench() as made:
        gatt, driver = await made.driver()
        assert await driver.open() == ADDRESS.casefold()
        assert await driver.identify(3)
        await eventually(lambda: len(made.sensor.blinks) == 3)
        assert tuple(made.sensor.blinks) == blink_commands(3)
        await gatt.close()


async def test_what_another_program_left_streaming_does_not_reach_the_session() -> None:
    feed = PatternFeed()
    async with bench(feed) as made:
        gatt, driver = await made.driver()
        await driver.open()
        await driver.start(1)
        await gatt.close()
        assert made.sensor.streams
        async with made.source() as source:
            got = Collector(source)
            await got.until(lambda got: len(notifications(got)) >= 20)
            batch = decoded(notifications(got), source)
    check_is_the_feed(batch, feed)
