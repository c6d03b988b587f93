"""What this program takes for granted of the installed bleak and bumble; a new version may change it."""

import asyncio
import inspect
import subprocess
import sys

import pytest
from bleak import BleakClient, BleakScanner, exc
from bleak.args.bluez import BlueZNotifyArgs
from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner
from bumble.controller import Controller
from bumble.core import UUID
from bumble.device import Device
from bumble.gatt import Characteristic, Service
from bumble.hci import Address, HCI_LE_Create_Connection_Cancel_Command
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink
from virtual_bench import LEFT, bench, eventually

from firmware_protocol import SERVICE_UUID, STREAM_UUID
from tracker.errors import UsageError
from tracker.sensing.bluetooth_errors import LINK_ERRORS
from tracker.sensing.virtual import require_virtual_radio
from tracker.sensing.virtual.air import Air

ADVERTISEMENT_BYTES = 31


def test_every_error_of_bleak_has_one_root() -> None:
    errors = [
        kind
        for _, kind in inspect.getmembers(exc, inspect.isclass)
        if issubclass(kind, Exception) and kind.__module__ == exc.__name__
    ]
    assert len(errors) > 3
    assert all(issubclass(kind, exc.BleakError) for kind in errors)
    assert issubclass(TimeoutError, LINK_ERRORS)


@pytest.mark.parametrize("kind", [BleakClient, BleakScanner])
def test_bleak_takes_a_backend(kind: type) -> None:
    assert "backend" in inspect.signature(kind).parameters


def test_backends_have_to_offer_what_the_virtual_ones_do() -> None:
    assert BaseBleakScanner.__abstractmethods__ == {"start", "stop"}
    assert BaseBleakClient.__abstractmethods__ == {
        "connect",
        "disconnect",
        "is_connected",
        "mtu_size",
        "pair",
        "read_gatt_char",
        "read_gatt_descriptor",
        "start_notify",
        "stop_notify",
        "unpair",
        "write_gatt_char",
        "write_gatt_descriptor",
    }


def test_bluez_can_be_told_not_to_use_start_notify() -> None:
    assert "use_start_notify" in BlueZNotifyArgs.__annotations__
    assert "bluez" in inspect.signature(BleakClient.start_notify).parameters


async def test_bleak_reports_a_wanted_disconnect_like_an_unwanted_one() -> None:
    async with bench([LEFT]) as made:
        ended: list[BleakClient] = []
        client = BleakClient(made.addresses[LEFT], ended.append, backend=made.air.radio.client)
        await client.connect()
        await client.disconnect()
        assert ended == [client]


async def test_advertisement_of_a_sensor_fits() -> None:
    async with bench([LEFT]) as made:
        node = made.sensors[LEFT]._node
        assert node is not None
        assert len(node.device.advertising_data) <= ADVERTISEMENT_BYTES


async def test_link_hears_all_equally_loud_and_repeats_advertisements_as_scan_responses() -> None:
    air = Air()
    sensor = await air.open_node("sensor", "C6:00:00:00:00:01")
    central = await air.open_central()
    heard: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()
    central.device.on("advertisement", lambda seen: heard.put_nowait((seen.rssi, bytes(seen.data))))
    await sensor.device.start_advertising(advertising_data=b"\x02\x01\x06", advertising_interval_min=20.0)
    await central.device.start_scanning(active=True)
    first, second = [await asyncio.wait_for(heard.get(), 5.0) for _ in range(2)]
    assert first == (-50, b"\x02\x01\x06")
    assert second == (-50, b"\x02\x01\x06" * 2)
    await central.device.stop_scanning()
    await air.close()


async def test_controller_does_not_take_back_a_pending_connection() -> None:
    link = LocalLink()  # type: ignore[no-untyped-call]
    controller = Controller("central", link=link, public_address="F0:00:00:00:00:01")
    host = Host(controller, AsyncPipeSink(controller))
    device = Device("central", Address("F0:00:00:00:00:01"), host=host)
    await device.power_on()
    connecting = asyncio.ensure_future(device.connect(Address("C6:00:00:00:00:99"), timeout=None))
    await eventually(lambda: controller.pending_le_connection is not None)
    await device.send_sync_command(HCI_LE_Create_Connection_Cancel_Command())
    assert controller.pending_le_connection is not None
    connecting.cancel()
    await asyncio.wait({connecting})


async def test_server_cuts_a_notification_that_is_too_long() -> None:
    air = Air()
    sensor = await air.open_node("sensor", "C6:00:00:00:00:01")
    stream = Characteristic[bytes](
        STREAM_UUID, Characteristic.Properties.NOTIFY, Characteristic.Permissions.READABLE
    )
    sensor.device.add_services([Service(SERVICE_UUID, [stream])])
    await sensor.device.start_advertising(advertising_interval_min=20.0)
    central = await air.open_central()
    connection = await air.connect(central, "C6:00:00:00:00:01")
    got: asyncio.Queue[bytes] = asyncio.Queue()
    client = connection.gatt_client
    await client.discover_services()
    (proxy,) = await client.discover_characteristics([UUID(STREAM_UUID)], None)
    await client.subscribe(proxy, got.put_nowait)
    peer = next(iter(sensor.device.connections.values()))
    await sensor.device.notify_subscriber(peer, stream, bytes(100))
    assert len(await asyncio.wait_for(got.get(), 5.0)) == 20
    await air.close()


def test_live_sensing_does_without_the_virtual_radio() -> None:
    program = (
        "import sys; import tracker.sensing.bluetooth_source, tracker.sensing.playback,"
        " tracker.sensing.virtual.settings; sys.exit('bumble' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_missing_virtual_radio_is_told_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    require_virtual_radio()
    monkeypatch.setattr("tracker.sensing.virtual.find_spec", {}.get)
    with pytest.raises(UsageError, match="bumble") as caught:
        require_virtual_radio()
    assert "pip install" in caught.value.advice
