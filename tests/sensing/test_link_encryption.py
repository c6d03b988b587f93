"""What a link does where a sensor asks for encryption, and what the person is told where that fails."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from bleak.exc import BleakDBusError, BleakError, BleakGATTProtocolError
from bumble.device import Connection
from virtual_bench import (
    LEFT,
    QUICK,
    TEST_LIMIT_S,
    Bench,
    Collector,
    PatternFeed,
    check_counts,
    eventually,
    frames,
    settings_of,
)

from firmware_protocol import AnyAnswer, PingAnswer, PingRequest, RefusedAnswer, Request, Status
from tracker.errors import BluetoothError
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.drivers.control_point import ControlPoint
from tracker.sensing.encryption import LinkEncryption, PairingError, asks_for_encryption
from tracker.sensing.gatt import GattLink
from tracker.sensing.parameters import Encryption, LinkParameters
from tracker.sensing.scanner import scan
from tracker.sensing.source import LinkState
from tracker.sensing.virtual.air import PROGRAM_ADDRESS
from tracker.sensing.virtual.bonds import PairingAnswer
from tracker.sensing.virtual.firmware import Firmware
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor
from tracker.session.settings import Settings
from tracker.tables import parameters_from

BRIEF = replace(QUICK, pairing_timeout_s=0.3)
"""Parameters for sensors that never pair."""

NOT_ENCRYPTED = BleakGATTProtocolError(0x0F)


@asynccontextmanager
async def sensor_bench(*, encrypted: bool = True) -> AsyncIterator[Bench]:
    """One sensor, switched on, in motion five times as fast as life."""
    settings = settings_of(0, encryption_required=encrypted)
    async with (
        asyncio.timeout(TEST_LIMIT_S),
        VirtualRadio(time_scale=5.0) as air,
        VirtualSensor(air, PatternFeed(), settings) as sensor,
    ):
        yield Bench(air, {LEFT: sensor})


def answer(made: Bench, how: PairingAnswer) -> None:
    """Let the sensor answer so who wants to pair."""
    made.air.air.bonds.set_answer(made.addresses[LEFT], how)


async def bonds(made: Bench, address: str) -> list[str]:
    """Whom a device remembers."""
    return [name for name, _ in await made.air.air.bonds.keys_of(address).get_all()]


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


@pytest.mark.parametrize(
    ("error", "asks"),
    [
        (BleakGATTProtocolError(0x05), True),
        (BleakGATTProtocolError(0x0F), True),
        (BleakGATTProtocolError(0x02), False),
        (BleakDBusError("org.bluez.Error.NotPermitted", ["Not paired"]), True),
        (BleakDBusError("org.bluez.Error.NotPermitted", ["Notify acquired"]), False),
        (BleakDBusError("org.bluez.Error.NotPermitted", []), False),
        (BleakError("whatever"), False),
    ],
)
def test_each_system_has_its_words_for_wanting_encryption(error: Exception, asks: bool) -> None:
    assert asks_for_encryption(error) is asks


@dataclass
class FakeClient:
    """A client whose system pairs in its own way."""

    on_pair: Callable[[], None]
    is_connected: bool = True

    async def pair(self) -> None:
        """Pair, or not."""
        self.on_pair()


def no_program_can() -> None:
    """What bleak does on a Mac."""
    raise NotImplementedError


def encryption(*, mac: bool, pairing_timeout_s: float = 5.0) -> LinkEncryption:
    """The encryption of a link on a Mac, or elsewhere."""
    return LinkEncryption(
        "HIP-B000",
        "C6:00:00:00:00:01",
        request_timeout_s=0.05,
        pairing_timeout_s=pairing_timeout_s,
        pairs_by_itself=mac,
    )


async def test_mac_is_waited_for_until_it_has_paired() -> None:
    answers: list[bytes | Exception] = [NOT_ENCRYPTED, NOT_ENCRYPTED, b"value"]

    async def read() -> bytes:
        result = answers.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    assert await encryption(mac=True).carry_out(FakeClient(no_program_can), read) == b"value"
    assert not answers


async def test_first_access_on_a_mac_has_time_for_the_question_to_the_person() -> None:
    async def read() -> bytes:
        await asyncio.sleep(0.2)
        return b"value"

    mac = encryption(mac=True)
    assert await mac.carry_out(FakeClient(no_program_can), read) == b"value"
    with pytest.raises(TimeoutError):
        await mac.carry_out(FakeClient(no_program_can), read)


async def test_mac_that_does_not_pair_is_told_of_with_what_to_do_there() -> None:
    async def read() -> bytes:
        raise NOT_ENCRYPTED

    with pytest.raises(PairingError, match="this Mac has not paired") as caught:
        await encryption(mac=True, pairing_timeout_s=0.1).carry_out(FakeClient(no_program_can), read)
    assert "System Settings > Bluetooth" in caught.value.advice


async def test_mac_cannot_be_made_to_pair_always() -> None:
    with pytest.raises(PairingError, match="pairs by itself") as caught:
        await encryption(mac=True).pair(FakeClient(no_program_can))
    assert "when the sensor asks" in caught.value.advice


async def test_bluez_that_does_not_pair_is_told_of_with_what_to_do_there() -> None:
    def refuse() -> None:
        raise BleakDBusError("org.bluez.Error.AuthenticationFailed", ["Authentication Failed"])

    with pytest.raises(PairingError, match="Authentication Failed") as caught:
        await encryption(mac=False).pair(FakeClient(refuse))
    assert "bluetoothctl" in caught.value.advice


async def test_other_refusals_are_not_answered_by_pairing() -> None:
    paired: list[None] = []

    async def read() -> bytes:
        raise BleakGATTProtocolError(0x02)

    with pytest.raises(BleakGATTProtocolError):
        await encryption(mac=False).carry_out(FakeClient(lambda: paired.append(None)), read)
    assert not paired
