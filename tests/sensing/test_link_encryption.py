"""What a link does where a sensor asks for encryption, and what the person is told where that fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest
from bumble.device import Connection
from bumble.gatt import Characteristic
from virtual_bench import (
    LEFT,
    QUICK,
    RIGHT,
    TEST_LIMIT_S,
    Bench,
    Collector,
    PatternFeed,
    check_counts,
    eventually,
    frames,
    settings_of,
)

from firmware_protocol import (
    STREAM_UUID,
    AnyAnswer,
    PingAnswer,
    PingRequest,
    RefusedAnswer,
    Request,
    Status,
)
from tracker.errors import BluetoothError
from tracker.model import Placement
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.drivers.control_point import ControlPoint
from tracker.sensing.encryption import PairingError
from tracker.sensing.gatt import GattLink
from tracker.sensing.parameters import Encryption, LinkParameters
from tracker.sensing.scanner import scan
from tracker.sensing.source import LinkState
from tracker.sensing.virtual.air import PROGRAM_ADDRESS
from tracker.sensing.virtual.backend_client import VirtualClientBackend
from tracker.sensing.virtual.bonds import PairingAnswer
from tracker.sensing.virtual.firmware import Firmware
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor
from tracker.session.settings import Settings
from tracker.tables import parameters_from

BRIEF = replace(QUICK, pairing_timeout_s=0.3)
"""Parameters for sensors that never pair."""


@asynccontextmanager
async def sensor_bench(*placements: Placement, encrypted: bool = True) -> AsyncIterator[Bench]:
    """Sensors, switched on, in motion five times as fast as life; one at the left where none is named."""
    async with asyncio.timeout(TEST_LIMIT_S), AsyncExitStack() as stack:
        made = Bench(await stack.enter_async_context(VirtualRadio(time_scale=5.0)))
        for number, placement in enumerate(placements or [LEFT]):
            settings = settings_of(number, encryption_required=encrypted)
            sensor = VirtualSensor(made.air, PatternFeed(number), settings)
            made.sensors[placement] = await stack.enter_async_context(sensor)
        yield made


def answer(made: Bench, how: PairingAnswer) -> None:
    """Let the sensor answer so who wants to pair."""
    made.air.air.bonds.set_answer(made.addresses[LEFT], how)


async def bonds(made: Bench, address: str) -> list[str]:
    """Whom a device remembers."""
    return sorted(name for name, _ in await made.air.air.bonds.keys_of(address).get_all())


async def failure_of(source: BluetoothSource) -> BluetoothError:
    """What starting a source ends with."""
    with pytest.raises(BluetoothError) as caught:
        await source.__aenter__()
    return caught.value


async def test_sensor_that_asks_for_encryption_is_paired_and_streams() -> None:
    async with sensor_bench() as made:
        async with made.source() as source:
            got = Collector(source)
            await got.until(frames(LEFT, 5))
        check_counts(got.blocks(LEFT), made.sensors[LEFT])
        assert await bonds(made, PROGRAM_ADDRESS) == [made.addresses[LEFT]]


async def test_lost_link_comes_back_encrypted_without_a_new_pairing() -> None:
    async with sensor_bench() as made, made.source() as source:
        got = Collector(source)
        await got.until(frames(LEFT, 2))
        answer(made, PairingAnswer.REFUSE)
        await made.sensors[LEFT].drop_link()
        await got.until(lambda got: got.states(LEFT).count(LinkState.STREAMING) == 2)
        before = len(got.blocks(LEFT))
        await got.until(frames(LEFT, before + 2))
        connection = made.sensors[LEFT].connection
        assert connection is not None
        assert connection.is_encrypted


async def test_two_sensors_are_both_paired() -> None:
    async with sensor_bench(LEFT, RIGHT) as made, made.source() as source:
        got = Collector(source)
        await got.until(frames(LEFT, 1))
        await got.until(frames(RIGHT, 1))
        assert await bonds(made, PROGRAM_ADDRESS) == sorted(made.addresses.values())


async def test_subscription_that_was_refused_once_delivers_once() -> None:
    async with sensor_bench() as made:
        (found,) = await scan(0.3, radio=made.air.radio)
        gatt = GattLink(found, parameters=QUICK, radio=made.air.radio)
        await gatt.connect()
        got: list[bytes] = []
        await gatt.subscribe(STREAM_UUID, lambda data, _received_ns: got.append(data))
        for payload in (b"first", b"second"):
            await made.sensors[LEFT].notify(made.sensors[LEFT]._stream, payload)
        await eventually(lambda: b"second" in got)
        assert got == [b"first", b"second"]
        await gatt.close()


async def test_sensor_that_asks_for_nothing_is_not_paired() -> None:
    async with sensor_bench(encrypted=False) as made:
        async with made.source() as source:
            await Collector(source).until(frames(LEFT, 1))
        assert await bonds(made, PROGRAM_ADDRESS) == []


async def test_each_sensor_is_paired_where_the_settings_say_always() -> None:
    async with sensor_bench(encrypted=False) as made:
        async with made.source(replace(QUICK, encrypt=Encryption.ALWAYS)) as source:
            await Collector(source).until(frames(LEFT, 1))
            connection = made.sensors[LEFT].connection
            assert connection is not None
            assert connection.is_encrypted
        assert await bonds(made, PROGRAM_ADDRESS) == [made.addresses[LEFT]]


def test_settings_say_when_links_are_encrypted_in_words() -> None:
    table = {"encrypt": "always"}
    assert parameters_from(LinkParameters, table, "link", "test").encrypt is Encryption.ALWAYS
    assert Settings().link.encrypt is Encryption.WHEN_ASKED


async def test_sensor_that_refuses_to_pair_is_told_of_once() -> None:
    async with sensor_bench() as made:
        answer(made, PairingAnswer.REFUSE)
        node = made.sensors[LEFT]._node
        assert node is not None
        links: list[Connection] = []
        node.device.on("connection", links.append)
        error = await failure_of(made.source())
    assert isinstance(error, PairingError)
    assert len(links) == 1
    assert "HIP-B000 cannot be paired" in error.message
    assert "button" in error.advice


async def test_sensor_that_refuses_is_not_used_in_the_clear_where_the_settings_say_always() -> None:
    async with sensor_bench(encrypted=False) as made:
        answer(made, PairingAnswer.REFUSE)
        error = await failure_of(made.source(replace(QUICK, encrypt=Encryption.ALWAYS)))
        assert made.sensors[LEFT].firmware.session is None
    assert isinstance(error, PairingError)


async def test_sensor_that_never_answers_the_pairing_is_given_up_in_time() -> None:
    async with sensor_bench() as made:
        answer(made, PairingAnswer.NONE)
        error = await failure_of(made.source(BRIEF))
    assert isinstance(error, PairingError)
    assert error.message == "HIP-B000 did not pair within 0.3 s"


async def test_sensor_that_has_forgotten_the_pairing_is_to_be_removed_from_the_system() -> None:
    async with sensor_bench() as made:
        async with made.source():
            pass
        await made.air.air.bonds.keys_of(made.addresses[LEFT]).delete_all()
        error = await failure_of(made.source())
        assert isinstance(error, PairingError)
        assert "has forgotten the pairing" in error.message
        assert "Remove the sensor" in error.advice
        assert made.addresses[LEFT] in error.advice
        # what the advice says helps
        await made.air.air.bonds.keys_of(PROGRAM_ADDRESS).delete_all()
        async with made.source() as source:
            await Collector(source).until(frames(LEFT, 1))


async def test_pairing_that_the_system_has_forgotten_is_made_anew() -> None:
    async with sensor_bench() as made:
        async with made.source():
            pass
        await made.air.air.bonds.keys_of(PROGRAM_ADDRESS).delete_all()
        async with made.source() as source:
            await Collector(source).until(frames(LEFT, 1))


def is_asked_to_pair(connection: Connection) -> bool:
    """Whether a request to pair has come on a link of the sensor's side."""
    return connection.handle in connection.device.smp_manager.sessions


async def test_link_that_breaks_while_pairing_is_tried_again() -> None:
    async with sensor_bench() as made:
        answer(made, PairingAnswer.NONE)
        sensor = made.sensors[LEFT]
        starting = asyncio.ensure_future(made.source().__aenter__())
        await eventually(lambda: sensor.connection is not None and is_asked_to_pair(sensor.connection))
        answer(made, PairingAnswer.ACCEPT)
        await sensor.drop_link()
        source = await starting
        await source.stop()
        assert await bonds(made, PROGRAM_ADDRESS) == [made.addresses[LEFT]]


async def refusing_until_encrypted(made: Bench, monkeypatch: pytest.MonkeyPatch) -> ControlPoint:
    """The control point of a sensor that is open to all, and answers NOT_ENCRYPTED to them."""
    usual = Firmware.answer

    def answer_of(self: Firmware, data: bytes, mtu: int) -> AnyAnswer | None:
        connection = made.sensors[LEFT].connection
        if connection is not None and not connection.is_encrypted:
            return RefusedAnswer(data[0], data[1], Status.NOT_ENCRYPTED)
        return usual(self, data, mtu)

    monkeypatch.setattr(Firmware, "answer", answer_of)
    (found,) = await scan(0.3, radio=made.air.radio)
    gatt = GattLink(found, parameters=QUICK, radio=made.air.radio)
    await gatt.connect()
    control = ControlPoint(gatt, QUICK.request_timeout_s)
    await control.open()
    return control


def ping(request_id: int) -> Request:
    """A request that changes nothing."""
    return PingRequest(request_id, host_stamp=0)


async def test_request_that_wants_encryption_is_made_again_after_pairing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with sensor_bench(encrypted=False) as made:
        control = await refusing_until_encrypted(made, monkeypatch)
        assert isinstance(await control.ask(ping, PingAnswer), PingAnswer)


async def test_request_that_wants_encryption_fails_where_the_sensor_does_not_pair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with sensor_bench(encrypted=False) as made:
        answer(made, PairingAnswer.REFUSE)
        control = await refusing_until_encrypted(made, monkeypatch)
        with pytest.raises(PairingError):
            await control.ask(ping, PingAnswer)


async def test_writing_of_a_request_may_take_as_long_as_pairing_does(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = VirtualClientBackend.pair

    async def pair_at_leisure(client: VirtualClientBackend) -> None:
        # the person looks for the button
        await asyncio.sleep(2 * link.request_timeout_s)
        await pair(client)

    monkeypatch.setattr(VirtualClientBackend, "pair", pair_at_leisure)
    link = replace(QUICK, request_timeout_s=0.3)
    async with sensor_bench(encrypted=False) as made:
        made.sensors[LEFT]._control.permissions |= Characteristic.Permissions.WRITE_REQUIRES_ENCRYPTION
        async with made.source(link) as source:
            await Collector(source).until(frames(LEFT, 1))
