"""Sensors that stream over encrypted links only: pairing, bonds, and strangers."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from bleak import BleakClient
from bleak.exc import BleakError, BleakGATTProtocolError, BleakGATTProtocolErrorCode
from bumble.att import ATT_Error
from bumble.device import Connection, Peer
from bumble.keys import PairingKeys
from virtual_bench import LEFT, TEST_LIMIT_S, Bench, PatternFeed, settings_of

from firmware_protocol import (
    BATTERY_LEVEL_UUID,
    CAPABILITIES_UUID,
    CONTROL_UUID,
    STATUS_UUID,
    STREAM_UUID,
    Feature,
    decode_capabilities,
)
from tracker.sensing.virtual.air import PROGRAM_ADDRESS
from tracker.sensing.virtual.bonds import PairingAnswer
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor
from tracker.sensing.virtual.services import FIRMWARE_UUID, MANUFACTURER_UUID

INSUFFICIENT_ENCRYPTION = BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION


@asynccontextmanager
async def encrypted_bench() -> AsyncIterator[Bench]:
    """One sensor that wants encryption, switched on."""
    settings = settings_of(0, encryption_required=True)
    async with (
        asyncio.timeout(TEST_LIMIT_S),
        VirtualRadio() as air,
        VirtualSensor(air, PatternFeed(), settings) as sensor,
    ):
        yield Bench(air, {LEFT: sensor})


def client_of(made: Bench) -> BleakClient:
    """The program's side of a link to the sensor, not yet connected."""
    return BleakClient(made.addresses[LEFT], backend=made.air.radio.client)


async def forget_on_the_sensor(made: Bench) -> None:
    """The sensor loses its bonds, as by a reset."""
    await made.air.air.bonds.keys_of(made.addresses[LEFT]).delete_all()


async def bonds_of(made: Bench, address: str) -> Sequence[str]:
    """Whom a device remembers, by address."""
    return [name for name, _ in await made.air.air.bonds.keys_of(address).get_all()]


@pytest.mark.parametrize("uuid", [CAPABILITIES_UUID, STATUS_UUID])
async def test_nothing_is_read_without_encryption(uuid: str) -> None:
    async with encrypted_bench() as made, client_of(made) as client:
        with pytest.raises(BleakGATTProtocolError) as refused:
            await client.read_gatt_char(uuid)
    assert refused.value.code == INSUFFICIENT_ENCRYPTION


@pytest.mark.parametrize("uuid", [CONTROL_UUID, STREAM_UUID])
async def test_nothing_is_subscribed_without_encryption(uuid: str) -> None:
    async with encrypted_bench() as made, client_of(made) as client:
        with pytest.raises(BleakGATTProtocolError) as refused:
            await client.start_notify(uuid, lambda _characteristic, _data: None)
    assert refused.value.code == INSUFFICIENT_ENCRYPTION


async def test_nothing_is_written_without_encryption() -> None:
    async with encrypted_bench() as made, client_of(made) as client:
        with pytest.raises(BleakGATTProtocolError) as refused:
            await client.write_gatt_char(CONTROL_UUID, b"\x01\x00", response=True)
    assert refused.value.code == INSUFFICIENT_ENCRYPTION


async def test_battery_and_device_information_are_open_to_all() -> None:
    async with encrypted_bench() as made, client_of(made) as client:
        assert await client.read_gatt_char(BATTERY_LEVEL_UUID) == bytes([100])
        for uuid in (MANUFACTURER_UUID, FIRMWARE_UUID):
            assert await client.read_gatt_char(f"0000{uuid}-0000-1000-8000-00805f9b34fb")


async def test_paired_program_reads_that_the_sensor_requires_encryption() -> None:
    async with encrypted_bench() as made, client_of(made) as client:
        await client.pair()
        capabilities = decode_capabilities(bytes(await client.read_gatt_char(CAPABILITIES_UUID)))
    assert capabilities.features & Feature.ENCRYPTION_REQUIRED


async def test_sensors_are_open_unless_told_otherwise() -> None:
    assert not settings_of(0).capabilities.features & Feature.ENCRYPTION_REQUIRED


async def test_bond_outlasts_the_link_and_a_sensor_that_is_switched_off() -> None:
    async with encrypted_bench() as made:
        async with client_of(made) as client:
            await client.pair()
        made.air.air.bonds.set_answer(made.addresses[LEFT], PairingAnswer.REFUSE)
        async with client_of(made) as client:
            assert await client.read_gatt_char(CAPABILITIES_UUID)
        await made.sensors[LEFT].__aexit__(None, None, None)
        async with made.sensors[LEFT], client_of(made) as client:
            assert await client.read_gatt_char(CAPABILITIES_UUID)
        assert await bonds_of(made, PROGRAM_ADDRESS) == [made.addresses[LEFT]]
        assert await bonds_of(made, made.addresses[LEFT]) == [PROGRAM_ADDRESS]


async def test_connecting_can_pair_at_once() -> None:
    async with encrypted_bench() as made:
        client = BleakClient(made.addresses[LEFT], pair=True, backend=made.air.radio.client)
        async with client:
            assert await client.read_gatt_char(CAPABILITIES_UUID)


async def test_unpairing_disconnects_and_forgets() -> None:
    async with encrypted_bench() as made:
        async with client_of(made) as client:
            await client.pair()
            await client.unpair()
            assert not client.is_connected
        async with client_of(made) as client:
            with pytest.raises(BleakGATTProtocolError):
                await client.read_gatt_char(CAPABILITIES_UUID)
            await client.pair()
            assert await client.read_gatt_char(CAPABILITIES_UUID)


async def test_pairing_that_the_sensor_refuses_is_an_error_and_leaves_no_bond() -> None:
    async with encrypted_bench() as made:
        made.air.air.bonds.set_answer(made.addresses[LEFT], PairingAnswer.REFUSE)
        async with client_of(made) as client:
            with pytest.raises(BleakError):
                await client.pair()
            with pytest.raises(BleakGATTProtocolError):
                await client.read_gatt_char(CAPABILITIES_UUID)
        assert await bonds_of(made, PROGRAM_ADDRESS) == []


async def test_sensor_that_forgot_its_bond_refuses_and_pairing_changes_nothing() -> None:
    async with encrypted_bench() as made:
        async with client_of(made) as client:
            await client.pair()
        await forget_on_the_sensor(made)
        async with client_of(made) as client:
            await client.pair()
            with pytest.raises(BleakGATTProtocolError) as refused:
                await client.read_gatt_char(CAPABILITIES_UUID)
            await client.unpair()
        assert refused.value.code == INSUFFICIENT_ENCRYPTION
        async with client_of(made) as client:
            await client.pair()
            assert await client.read_gatt_char(CAPABILITIES_UUID)


async def read_of_a_stranger(made: Bench, address: str) -> Connection:
    """Connect as another device, be refused the capabilities, and leave the link as it is."""
    node = await made.air.air.open_node("stranger", address)
    connection = await made.air.air.connect(node, made.addresses[LEFT])
    peer = Peer(connection)
    await peer.discover_services()
    (capabilities,) = await peer.discover_characteristics([CAPABILITIES_UUID])
    with pytest.raises(ATT_Error) as refused:
        await capabilities.read_value()
    assert refused.value.error_code == INSUFFICIENT_ENCRYPTION
    return connection


async def test_stranger_cannot_read_from_a_sensor_that_is_paired() -> None:
    async with encrypted_bench() as made:
        async with client_of(made) as client:
            await client.pair()
        await read_of_a_stranger(made, "F0:00:00:00:00:01")


async def test_stranger_with_the_programs_address_has_not_its_key() -> None:
    async with encrypted_bench() as made:
        async with client_of(made) as client:
            await client.pair()
        bonds = made.air.air.bonds.keys_of(PROGRAM_ADDRESS)
        connection = await read_of_a_stranger(made, PROGRAM_ADDRESS)
        await bonds.update(made.addresses[LEFT], PairingKeys(ltk=PairingKeys.Key(bytes(16))))
        with pytest.raises(asyncio.CancelledError):
            await connection.encrypt()
        assert made.sensors[LEFT].connection is None
