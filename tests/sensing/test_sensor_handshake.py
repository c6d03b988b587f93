"""Sensors that refuse, stay mute, or are not what was wanted."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError
from bumble.device import Peer
from virtual_bench import (
    LEFT,
    QUICK,
    RIGHT,
    Bench,
    Collector,
    PatternFeed,
    bench,
    eventually,
    frames,
    settings_of,
)

from firmware_protocol import Opcode, PlacementCode, SensorState, Status
from tracker.errors import BluetoothError, NoSensorError
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.drivers.hip_imu import HipImuDriver
from tracker.sensing.drivers.refusals import SensorRefusedError
from tracker.sensing.radio import Radio
from tracker.sensing.scanner import scan
from tracker.sensing.source import LinkReport, LinkState
from tracker.sensing.virtual.backend_client import VirtualClientBackend
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor
from tracker.sensing.visit import identify


async def failure_of(source: BluetoothSource) -> BluetoothError:
    """The error that a source does not start with."""
    with pytest.raises(BluetoothError) as caught:
        async with source:
            pytest.fail("the source started")
    return caught.value


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.OK, Status.RANGE_GONE}))
async def test_refused_start_says_why_and_what_to_do(status: Status) -> None:
    faults = {LEFT: FaultScript(refuse_start=status)}
    async with bench([LEFT], faults=faults) as made:
        error = await failure_of(made.source())
    assert isinstance(error, SensorRefusedError)
    assert error.data["status"] == status.name
    assert "HIP-B000 refused START" in error.message
    assert error.advice


async def test_request_that_is_never_answered_ends_in_time() -> None:
    async with bench([LEFT], faults={LEFT: FaultScript(answers=False)}) as made:
        started_s = time.monotonic()
        error = await failure_of(made.source())
        assert time.monotonic() - started_s < QUICK.request_timeout_s + 2.0
    assert error.message == "HIP-B000 did not answer START within 1 s"
    assert "off and on" in error.advice


async def test_one_sensor_that_refuses_lets_the_other_go() -> None:
    faults = {LEFT: FaultScript(refuse_start=Status.BUSY)}
    async with bench([LEFT, RIGHT], faults=faults) as made:
        await failure_of(made.source())
        right = made.sensors[RIGHT]
        assert right.firmware.status().state is SensorState.IDLE
        async with BluetoothSource({RIGHT: right.settings.address}, QUICK, made.air.radio) as source:
            assert source.sensors[RIGHT].name == right.settings.name


async def test_small_mtu_is_refused_with_advice() -> None:
    async with bench([LEFT], mtu=23) as made:
        error = await failure_of(made.source())
    assert error.data["status"] == "MTU_TOO_SMALL"
    assert "Bluetooth adapter" in error.advice


async def test_rate_that_is_not_offered_names_those_that_are() -> None:
    async with bench([LEFT]) as made:
        error = await failure_of(made.source(replace(QUICK, rate_hz=400)))
    assert error.message == "HIP-B000 does not offer 400 as rate in Hz"
    assert error.advice.startswith("Set link.rate_hz in the settings to one of: ")
    assert "100" in error.advice


async def test_other_sensor_with_the_same_name_is_not_taken() -> None:
    async with bench([LEFT]) as made:
        wanted = "11111111" + made.sensors[LEFT].settings.device_id.hex()[8:]
        error = await failure_of(BluetoothSource({LEFT: wanted}, QUICK, made.air.radio))
    assert isinstance(error, NoSensorError)
    assert wanted in error.message


async def test_link_that_breaks_during_the_handshake_is_tried_again() -> None:
    async with VirtualRadio() as air, VirtualSensor(air, PatternFeed(), settings_of(0)) as sensor:
        dropped: list[object] = []

        async def drop_first(connection: object) -> None:
            if not dropped:
                dropped.append(connection)
                await sensor.drop_link()

        assert sensor._node is not None
        sensor._node.device.on("connection", drop_first)
        async with BluetoothSource({LEFT: sensor.settings.address}, QUICK, air.radio) as source:
            assert source.sensors[LEFT].address == sensor.settings.address
        assert len(dropped) == 1


async def test_link_that_breaks_at_start_is_tried_again() -> None:
    faults = {LEFT: FaultScript(mute=frozenset({Opcode.START}))}
    async with bench([LEFT], faults=faults) as made:
        sensor = made.sensors[LEFT]
        tried: list[object] = []

        async def drop_soon(connection: object) -> None:
            tried.append(connection)
            await asyncio.sleep(0.3)
            await sensor.drop_link()

        assert sensor._node is not None
        sensor._node.device.on("connection", drop_soon)
        error = await failure_of(made.source(replace(QUICK, connect_attempts=3)))
        assert len(tried) == 3
    assert "broke" in error.message


async def test_link_that_comes_about_at_the_second_try_is_kept() -> None:
    async with bench([LEFT]) as made:
        tries: list[str] = []
        client = made.air.radio.client
        assert client is not None
        assert issubclass(client, VirtualClientBackend)

        class BreaksFirst(client):  # type: ignore[misc, valid-type]
            async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
                tries.append(self.address)
                if len(tries) == 1:
                    await made.sensors[LEFT].drop_link()
                    await eventually(lambda: not self.is_connected)
                    raise BleakError("Disconnected while services were sought")
                return await super()._discover(peer)  # type: ignore[no-any-return]

        radio = Radio(BreaksFirst, made.air.radio.scanner)
        async with BluetoothSource(made.addresses, QUICK, radio) as source:
            await Collector(source).until(frames(LEFT, 1))
        assert len(tries) == 2


class ShowsNothingAtFirst:
    """A radio whose first links say that the services are known and show none of them, as BlueZ may."""

    def __init__(self, made: Bench, empty: int) -> None:
        self.links: list[str] = []
        self.ends: list[Callable[[], None]] = []
        links, ends, client = self.links, self.ends, made.air.radio.client
        assert client is not None
        assert issubclass(client, VirtualClientBackend)

        class Client(client):  # type: ignore[misc, valid-type]
            async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
                links.append(self.address)
                found = await super()._discover(peer)
                return BleakGATTServiceCollection() if len(links) <= empty else found

            async def disconnect(self) -> None:
                told: Callable[[], None] | None = self._disconnected_callback
                self.set_disconnected_callback(None)
                await super().disconnect()
                if told is not None:
                    # as late as some systems tell it
                    ends.append(told)

        self.radio = Radio(Client, made.air.radio.scanner)


async def test_services_that_are_not_seen_at_first_are_seen_by_a_second_link() -> None:
    async with bench([LEFT]) as made:
        shows = ShowsNothingAtFirst(made, empty=1)
        async with BluetoothSource(made.addresses, QUICK, shows.radio) as source:
            collector = Collector(source)
            await collector.until(frames(LEFT, 1))
            (first_ends,) = shows.ends
            first_ends()
            await collector.until(frames(LEFT, 30))
        assert len(shows.links) == 2


async def test_services_that_are_never_seen_are_told_after_the_second_link() -> None:
    async with bench([LEFT]) as made:
        shows = ShowsNothingAtFirst(made, empty=9)
        error = await failure_of(BluetoothSource(made.addresses, QUICK, shows.radio))
        assert len(shows.links) == 2
    assert "HIP-B000: the sensor lacks the characteristic" in error.message
    assert "firmware" in error.advice


async def test_sensor_whose_services_are_not_seen_at_first_shows_itself() -> None:
    async with bench([LEFT]) as made:
        (found,) = await scan(0.3, radio=made.air.radio)
        shows = ShowsNothingAtFirst(made, empty=1)
        assert await identify(found, 30, parameters=QUICK, radio=shows.radio)
        assert made.sensors[LEFT].firmware.identify_s == 30


async def test_sensor_that_was_started_and_is_not_used_streams_no_longer() -> None:
    faults = {LEFT: FaultScript(mute=frozenset({Opcode.START}))}
    async with bench([LEFT], faults=faults) as made:
        await failure_of(made.source())
        assert made.sensors[LEFT].firmware.status().state is SensorState.IDLE


async def test_sensor_of_another_kind_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[HipImuDriver] = []

    async def refuse(driver: HipImuDriver) -> str:
        asked.append(driver)
        raise BluetoothError("it is of another kind", advice="Use another one.")

    monkeypatch.setattr(HipImuDriver, "open", refuse)
    async with bench([LEFT]) as made:
        await failure_of(made.source())
    assert len(asked) == 1


async def test_sensor_out_of_reach_ends_after_the_last_try() -> None:
    async with VirtualRadio() as air, VirtualSensor(air, PatternFeed(), settings_of(0)) as sensor:

        async def drop(_connection: object) -> None:
            await sensor.drop_link()

        assert sensor._node is not None
        sensor._node.device.on("connection", drop)
        parameters = replace(QUICK, connect_timeout_s=0.5, connect_attempts=2)
        error = await failure_of(BluetoothSource({LEFT: sensor.settings.address}, parameters, air.radio))
    assert "connecting to HIP-B000" in error.message
    assert "close" in error.advice


async def test_sensor_shows_itself_for_as_long_as_it_is_asked_to() -> None:
    async with bench([LEFT]) as made:
        (found,) = await scan(0.3, radio=made.air.radio)
        assert await identify(found, 30, parameters=QUICK, radio=made.air.radio)
        assert made.sensors[LEFT].firmware.identify_s == 30
        assert made.sensors[LEFT].firmware.status().state is SensorState.IDLE


async def test_sensor_that_was_heard_long_ago_is_searched_again_to_show_itself() -> None:
    async with bench([LEFT]) as made:
        (found,) = await scan(0.3, radio=made.air.radio)
        radio = made.air.radio
        assert radio.client is not None

        class Forgetful(radio.client):  # type: ignore[misc, name-defined]
            def __init__(self, device: BLEDevice, **kwargs: Any) -> None:  # noqa: ANN401 - handed on
                if device is found.device:
                    raise BleakDeviceNotFoundError(device.address)
                super().__init__(device, **kwargs)

        assert await identify(found, 30, parameters=QUICK, radio=Radio(Forgetful, radio.scanner))


async def test_sensor_that_never_answers_does_not_show_itself_for_ever() -> None:
    async with bench([LEFT], faults={LEFT: FaultScript(answers=False)}) as made:
        (found,) = await scan(0.3, radio=made.air.radio)
        with pytest.raises(BluetoothError, match="IDENTIFY"):
            await identify(found, 30, parameters=QUICK, radio=made.air.radio)


async def test_two_sensors_that_claim_one_placement_are_told_apart() -> None:
    async with VirtualRadio() as air:
        claims = {"placement": PlacementCode.LEFT_THIGH}
        sensors = [VirtualSensor(air, PatternFeed(), settings_of(number, **claims)) for number in (0, 1)]
        async with sensors[0], sensors[1]:
            wanted = {LEFT: sensors[0].address, RIGHT: sensors[1].address}
            async with BluetoothSource(wanted, QUICK, air.radio) as source:
                await source.stop()
                reports = [item async for item in source.items() if isinstance(item, LinkReport)]
    told = {report.placement: report.detail for report in reports if report.state is LinkState.STREAMING}
    assert "says that it is the one of left_thigh, and is paired at right_thigh" in told[RIGHT]
    assert "says that it is the one" not in told[LEFT]
