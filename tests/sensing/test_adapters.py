"""Adapters as BlueZ tells of them: from its objects, and asked over a real message bus."""

import sys
from pathlib import Path
from typing import Any

import pytest
from message_bus import message_bus

from tracker.errors import BluetoothError
from tracker.sensing.adapters import Adapter, adapters_of, bluez_adapters

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="BlueZ and D-Bus are Linux's own")


def objects() -> dict[str, Any]:
    """Two adapters and two devices, as `GetManagedObjects` answers."""
    from dbus_fast import Variant

    def adapter(*, powered: bool, discovering: bool) -> dict[str, Any]:
        return {
            "org.bluez.Adapter1": {
                "Powered": Variant("b", powered),
                "Discovering": Variant("b", discovering),
            }
        }

    def device(alias: str, *, connected: bool) -> dict[str, Any]:
        return {
            "org.bluez.Device1": {
                "Adapter": Variant("o", "/org/bluez/hci0"),
                "Alias": Variant("s", alias),
                "Connected": Variant("b", connected),
            }
        }

    return {
        "/org/bluez": {"org.bluez.AgentManager1": {}},
        "/org/bluez/hci1": adapter(powered=False, discovering=False),
        "/org/bluez/hci0": adapter(powered=True, discovering=True),
        "/org/bluez/hci0/dev_1": device("Watch", connected=True),
        "/org/bluez/hci0/dev_2": device("Thigh", connected=False),
    }


FOUND = (
    Adapter("hci0", powered=True, discovering=True, connected=("Watch",)),
    Adapter("hci1", powered=False, discovering=False, connected=()),
)


def test_adapters_are_read_from_the_services_objects() -> None:
    assert adapters_of(objects()) == FOUND
    assert adapters_of({}) == ()


def test_what_the_service_leaves_out_counts_as_off() -> None:
    [found] = adapters_of({"/org/bluez/hci3": {"org.bluez.Adapter1": {}}})
    assert found == Adapter("hci3", powered=False, discovering=False, connected=())


async def test_they_are_asked_for_over_the_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dbus_fast import Message, MessageType
    from dbus_fast.aio import MessageBus

    def answer(message: Message) -> Message | bool:
        if message.message_type is MessageType.METHOD_CALL and message.member == "GetManagedObjects":
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [objects()])
        return False

    async with message_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        service = await MessageBus(bus_address=address).connect()
        service.add_message_handler(answer)
        await service.request_name("org.bluez")
        assert await bluez_adapters() == FOUND
        service.disconnect()


async def test_a_bus_without_the_service_and_no_bus_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nothing'}")
    with pytest.raises(BluetoothError, match="was found on this computer"):
        await bluez_adapters()
    async with message_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        with pytest.raises(BluetoothError, match=r"\(BlueZ\) is running") as caught:
            await bluez_adapters()
    assert caught.value.exit_code == 4
    assert caught.value.advice
