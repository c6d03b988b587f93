"""bleak's own client and scanner over the virtual radio, without this program's client code."""

import asyncio

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError, BleakGATTProtocolError
from virtual_bench import LEFT, RIGHT, Bench, bench

from firmware_protocol import (
    BATTERY_LEVEL_UUID,
    CAPABILITIES_UUID,
    CONTROL_UUID,
    SERVICE_UUID,
    STATUS_UUID,
    STREAM_UUID,
    AnyAnswer,
    EventRequest,
    GetStatusAnswer,
    GetStatusRequest,
    IdentifyAnswer,
    IdentifyRequest,
    PingAnswer,
    PingRequest,
    RefusedAnswer,
    Request,
    SensorState,
    StartAnswer,
    StartRequest,
    Status,
    StopAnswer,
    StopRequest,
    decode_answer,
    decode_capabilities,
    decode_status,
    encode_request,
)

START = StartRequest(1, session=7, sample_rate_hz=100.0, accelerometer_range_g=4, gyroscope_range_dps=1000)


def client_for(made: Bench) -> BleakClient:
    """A client for the left sensor, not yet connected."""
    return BleakClient(made.addresses[LEFT], backend=made.air.radio.client, timeout=5.0)


class ControlPoint:
    """Requests and answers of one connected client."""

    def __init__(self, client: BleakClient) -> None:
        self._client = client
        self._answers: asyncio.Queue[AnyAnswer] = asyncio.Queue()

    async def open(self) -> None:
        """Subscribe to the answers."""
        await self._client.start_notify(CONTROL_UUID, self._on_answer)

    async def ask(self, request: bytes | Request) -> AnyAnswer:
        """Write a request and wait for its answer."""
        data = request if isinstance(request, bytes) else encode_request(request)
        await self._client.write_gatt_char(CONTROL_UUID, data, response=True)
        return await asyncio.wait_for(self._answers.get(), 5.0)

    def _on_answer(self, _characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        self._answers.put_nowait(decode_answer(data))


async def test_connection_shows_the_sensor_as_it_is() -> None:
    async with bench([LEFT]) as made, client_for(made) as client:
        assert client.mtu_size == 247
        found = {
            characteristic.uuid: characteristic for characteristic in client.services.characteristics.values()
        }
        assert found[CAPABILITIES_UUID].properties == ["read"]
        assert found[CONTROL_UUID].properties == ["write", "indicate"]
        assert found[STREAM_UUID].properties == ["notify"]
        assert found[STREAM_UUID].service_uuid == SERVICE_UUID
        assert [descriptor.uuid[4:8] for descriptor in found[STREAM_UUID].descriptors] == ["2902"]
        assert await client.read_gatt_char(BATTERY_LEVEL_UUID) == b"\x64"
        serial = await client.read_gatt_char("2a25")
        assert serial.decode() == made.sensors[LEFT].settings.device_id.hex()


async def test_long_values_are_read_whole_at_the_smallest_mtu() -> None:
    async with bench([LEFT], mtu=23) as made, client_for(made) as client:
        assert client.mtu_size == 23
        capabilities = decode_capabilities(await client.read_gatt_char(CAPABILITIES_UUID))
        assert capabilities == made.sensors[LEFT].settings.capabilities
        assert decode_status(await client.read_gatt_char(STATUS_UUID)).state is SensorState.IDLE


async def test_sensor_answers_what_it_is_asked() -> None:
    async with bench([LEFT]) as made, client_for(made) as client:
        control = ControlPoint(client)
        await control.open()
        assert await control.ask(StopRequest(0)) == RefusedAnswer(StopRequest.opcode, 0, Status.WRONG_STATE)
        assert await control.ask(START) == StartAnswer(1, 7, 0, 100.0)
        assert await control.ask(START) == StartAnswer(1, 7, 0, 100.0)
        ping = await control.ask(PingRequest(2, 123_456))
        assert isinstance(ping, PingAnswer)
        assert ping.host_stamp == 123_456
        status = await control.ask(GetStatusRequest(3))
        assert isinstance(status, GetStatusAnswer)
        assert (status.state, status.session, status.battery_percent) == (SensorState.STREAMING, 7, 100)
        assert status.ticks_now >= ping.sent_ticks
        assert await control.ask(IdentifyRequest(4, 9)) == IdentifyAnswer(4)
        assert made.sensors[LEFT].firmware.identify_s == 9
        refused = await control.ask(EventRequest(5, 1))
        assert refused == RefusedAnswer(EventRequest.opcode, 5, Status.BAD_OPCODE)
        assert await control.ask(b"\x02\x06") == RefusedAnswer(StartRequest.opcode, 6, Status.BAD_LENGTH)
        assert await control.ask(b"\x7f\x07") == RefusedAnswer(0x7F, 7, Status.BAD_OPCODE)
        assert isinstance(await control.ask(StopRequest(8)), StopAnswer)


async def test_repeated_start_makes_no_second_stream() -> None:
    async with bench([LEFT], time_scale=10.0) as made, client_for(made) as client:
        got: asyncio.Queue[bytes] = asyncio.Queue()
        control = ControlPoint(client)
        await control.open()
        await client.start_notify(STREAM_UUID, lambda _, data: got.put_nowait(bytes(data)))
        for _ in range(3):
            await control.ask(START)
        payloads = [await asyncio.wait_for(got.get(), 5.0) for _ in range(10)]
        assert len(set(payloads)) == 10


async def test_what_is_not_allowed_is_refused_as_by_any_radio() -> None:
    async with bench([LEFT]) as made:
        client = client_for(made)
        with pytest.raises(BleakError):
            await client.start_notify(STREAM_UUID, lambda *_: None)
        async with client:
            with pytest.raises(BleakGATTProtocolError):
                await client.write_gatt_char(BATTERY_LEVEL_UUID, b"\x01", response=True)
            with pytest.raises(BleakGATTProtocolError):
                await client.read_gatt_char(CONTROL_UUID)
            with pytest.raises(BleakError, match="already connected"):
                await client.connect()
        with pytest.raises(BleakError):
            await client.pair()
        assert not client.is_connected
        await client.disconnect()


async def test_descriptors_are_read() -> None:
    async with bench([LEFT]) as made, client_for(made) as client:
        stream = client.services.get_characteristic(STREAM_UUID)
        assert stream is not None
        switch = stream.descriptors[0].handle
        assert await client.read_gatt_descriptor(switch) == b"\x00\x00"
        await client.start_notify(STREAM_UUID, lambda *_: None)
        assert await client.read_gatt_descriptor(switch) == b"\x01\x00"
        await client.stop_notify(STREAM_UUID)
        assert await client.read_gatt_descriptor(switch) == b"\x00\x00"


async def test_link_loss_calls_back_and_ends_what_waits() -> None:
    async with bench([LEFT]) as made:
        lost = asyncio.Event()
        client = BleakClient(
            made.addresses[LEFT], lambda _: lost.set(), backend=made.air.radio.client, timeout=5.0
        )
        await client.connect()
        reading = asyncio.ensure_future(client.read_gatt_char(CAPABILITIES_UUID))
        await made.sensors[LEFT].drop_link()
        await asyncio.wait_for(lost.wait(), 5.0)
        assert not client.is_connected
        with pytest.raises(BleakError):
            await asyncio.wait_for(reading, 5.0)
        await client.disconnect()


async def test_connection_to_nobody_times_out_and_leaves_the_radio_usable() -> None:
    async with bench([LEFT]) as made:
        nobody = BleakClient("C6:99:99:99:99:99", backend=made.air.radio.client, timeout=0.2)
        with pytest.raises(TimeoutError):
            await nobody.connect()
        async with client_for(made) as client:
            assert client.is_connected


async def test_connection_may_be_called_off_at_any_moment() -> None:
    async with bench([LEFT]) as made:
        for turns in range(0, 60, 4):
            connecting = asyncio.ensure_future(client_for(made).connect())
            for _ in range(turns):
                await asyncio.sleep(0)
            connecting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await connecting
        async with client_for(made) as client:
            assert client.is_connected


async def test_two_connections_at_once_and_a_scan_beside_them() -> None:
    async with bench([LEFT, RIGHT]) as made:
        clients = [
            BleakClient(address, backend=made.air.radio.client, timeout=5.0)
            for address in made.addresses.values()
        ]
        async with BleakScanner(service_uuids=[SERVICE_UUID], backend=made.air.radio.scanner):
            await asyncio.gather(*(client.connect() for client in clients))
        assert all(client.is_connected for client in clients)
        await asyncio.gather(*(client.disconnect() for client in clients))
