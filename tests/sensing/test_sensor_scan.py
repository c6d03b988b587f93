"""Searching for sensors over the virtual radio, by the program's own scanner."""

import asyncio
import time

import pytest
from bumble.core import UUID, AdvertisingData
from virtual_bench import LEFT, QUICK, RIGHT, PatternFeed, bench, settings_of

from tracker.errors import NoSensorError, UsageError
from tracker.model import Placement
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.identity import advertised_name, may_be
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.scanner import find, no_sensor_error, scan
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor

MUTE = FaultScript(advertises=False)
SHORT_SCAN_S = 0.3


async def advertise_other_device(air: VirtualRadio) -> None:
    """Put a heart-rate strap on the radio."""
    node = await air.air.open_node("strap", "C6:11:22:33:44:55")
    kinds = AdvertisingData.Type
    data = AdvertisingData(
        [
            (kinds.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, bytes(UUID.from_16_bits(0x180D))),
            (kinds.COMPLETE_LOCAL_NAME, b"strap"),
        ]
    )
    await node.device.start_advertising(advertising_data=bytes(data), advertising_interval_min=20.0)


async def test_scan_finds_sensors_by_their_service_the_nearest_first() -> None:
    async with VirtualRadio() as air:
        far = VirtualSensor(air, PatternFeed(), settings_of(1, rssi_dbm=-80))
        near = VirtualSensor(air, PatternFeed(), settings_of(2, rssi_dbm=-45))
        async with far, near:
            await advertise_other_device(air)
            found = await scan(SHORT_SCAN_S, radio=air.radio)
    assert [(sensor.name, sensor.rssi_dbm) for sensor in found] == [("HIP-B002", -45), ("HIP-B001", -80)]
    assert found[0].address == near.settings.address


async def test_a_radio_sees_only_its_own_sensors() -> None:
    async with bench([LEFT]), VirtualRadio() as other:
        assert await scan(SHORT_SCAN_S, radio=other.radio) == ()


async def test_connected_sensor_is_not_found() -> None:
    async with bench([LEFT, RIGHT]) as made:
        left = made.sensors[LEFT].settings
        async with BluetoothSource({LEFT: left.address}, radio=made.air.radio):
            found = await scan(SHORT_SCAN_S, radio=made.air.radio)
        assert [sensor.address for sensor in found] == [made.sensors[RIGHT].settings.address]


async def test_search_ends_as_soon_as_all_are_heard() -> None:
    async with bench([LEFT, RIGHT]) as made:
        wanted = list(made.addresses.values())
        started_s = time.monotonic()
        found = await find(wanted, 10.0, radio=made.air.radio)
        assert time.monotonic() - started_s < 5.0
        assert set(found) == set(wanted)


@pytest.mark.parametrize("wanted", ["c6:00:00:aa:b0:00", "HIP-B000", "0000000000aab000"])
async def test_sensor_is_found_by_address_name_or_id(wanted: str) -> None:
    async with bench([LEFT]) as made:
        found = await find([wanted], 5.0, radio=made.air.radio)
        assert found[wanted].address == made.sensors[LEFT].settings.address


async def test_nothing_advertised_is_a_clear_error() -> None:
    async with bench([LEFT], faults={LEFT: MUTE}) as made:
        assert await scan(SHORT_SCAN_S, radio=made.air.radio) == ()
        source = made.source(LinkParameters(scan_s=SHORT_SCAN_S))
        with pytest.raises(NoSensorError) as caught:
            async with source:
                pytest.fail("a source without a sensor must not start")
    error = caught.value
    assert error.exit_code == 5
    assert "left_thigh" in error.message
    assert "Charge" in error.advice
    assert "phone" in error.advice


async def test_the_missing_one_of_two_is_named() -> None:
    async with bench([LEFT, RIGHT], faults={RIGHT: MUTE}) as made:
        with pytest.raises(NoSensorError, match="right_thigh") as caught:
            await made.source(LinkParameters(scan_s=SHORT_SCAN_S)).__aenter__()
        assert "left_thigh" not in caught.value.message


def test_error_of_a_scan_for_any_sensor() -> None:
    error = no_sensor_error(8.0)
    assert error.message == "no sensor (8 s searched)"
    assert error.data["missing"] == ()


@pytest.mark.parametrize("assignments", [{}, {Placement.LEFT_THIGH: "HIP-1", Placement.RIGHT_THIGH: "hip-1"}])
def test_assignments_that_make_no_sense_are_refused(assignments: dict[Placement, str]) -> None:
    with pytest.raises(UsageError):
        BluetoothSource(assignments)


async def test_one_sensor_named_in_two_ways_is_refused() -> None:
    async with bench([LEFT]) as made:
        settings = made.sensors[LEFT].settings
        source = BluetoothSource({LEFT: settings.address, RIGHT: settings.name}, QUICK, made.air.radio)
        with pytest.raises(UsageError, match="are one sensor") as caught:
            await source.__aenter__()
    assert settings.address in caught.value.message


def test_names_tell_ids_apart_by_their_last_bytes() -> None:
    assert advertised_name(bytes.fromhex("0123456789abcdef")) == "HIP-CDEF"
    assert may_be("0123456789ABCDEF", "AA:BB:CC:DD:EE:FF", "HIP-CDEF")
    assert not may_be("0123456789abcdef", "AA:BB:CC:DD:EE:FF", "HIP-CDEE")
    assert not may_be("0123456789abcdeg", "AA:BB:CC:DD:EE:FF", "HIP-CDEF")


async def test_scan_may_be_cancelled() -> None:
    async with bench([LEFT]) as made:
        task = asyncio.create_task(scan(30.0, radio=made.air.radio))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(await scan(SHORT_SCAN_S, radio=made.air.radio)) == 1
