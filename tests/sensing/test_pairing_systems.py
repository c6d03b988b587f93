"""Each system has its way to pair, and its words for what went wrong; here systems are only told of."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from bleak.exc import BleakDBusError, BleakError, BleakGATTProtocolError

from tracker.sensing.bluetooth_errors import bluetooth_error
from tracker.sensing.encryption import LinkEncryption, PairingError, asks_for_encryption

NOT_ENCRYPTED = BleakGATTProtocolError(0x0F)


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


def test_mac_that_cannot_connect_to_a_sensor_that_forgot_the_pairing_is_told_of() -> None:
    said = BleakError("Failed to connect", "CBErrorDomain Code=14 Peer removed pairing information")
    error = bluetooth_error(said, "connecting to HIP-B000")
    assert error.message == "connecting to HIP-B000: the sensor has forgotten that it was paired"
    assert "Remove the sensor" in error.advice


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


def test_read_that_bluez_leaves_unanswered_may_want_pairing() -> None:
    advice = bluetooth_error(TimeoutError(), "reading from HIP-B000").advice
    assert "close" in advice
    assert "bluetoothctl" in advice


@dataclass
class SlowClient:
    """A client that pairs until it is told to have done so."""

    may_end: asyncio.Event
    under_way: list[int]
    is_connected: bool = True

    async def pair(self) -> None:
        """Pair, and keep account of how many do at once."""
        self.under_way.append(self.under_way[-1] + 1)
        await self.may_end.wait()
        self.under_way.append(self.under_way[-1] - 1)


async def test_sensors_are_paired_one_after_the_other() -> None:
    may_end, under_way = asyncio.Event(), [0]
    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(encryption(mac=False).pair(SlowClient(may_end, under_way)))
        while len(under_way) == 1:  # noqa: ASYNC110 - both have had their turn once one has begun
            await asyncio.sleep(0)
        may_end.set()
    assert under_way == [0, 1, 0, 1, 0]
