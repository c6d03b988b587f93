"""Bluetooth adapters as Linux's Bluetooth service (BlueZ) tells of them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.sensing.bluetooth_errors import bluetooth_errors

_ADAPTER = "org.bluez.Adapter1"
_ANSWER_S = 5.0
"""A service that is well answers within milliseconds."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """One Bluetooth adapter.

    Attributes:
        name: the system's, for example `hci0`.
        powered: whether it is switched on.
        discovering: whether some program is searching on it.
        connected: names or addresses of the devices that are connected through it.
    """

    name: str
    powered: bool
    discovering: bool
    connected: tuple[str, ...]


async def bluez_adapters() -> tuple[Adapter, ...]:
    """All adapters of this computer, by name.

    Raises:
        BluetoothError: there is no Bluetooth service, it forbids to be asked, or does not answer.
    """
    from bleak.exc import BleakDBusError
    from dbus_fast import BusType, Message, MessageType
    from dbus_fast.aio import MessageBus

    question = Message(
        destination="org.bluez",
        path="/",
        interface="org.freedesktop.DBus.ObjectManager",
        member="GetManagedObjects",
    )
    with bluetooth_errors("asking the Bluetooth service"):
        bus = await asyncio.wait_for(MessageBus(bus_type=BusType.SYSTEM).connect(), _ANSWER_S)
        try:
            answer = await asyncio.wait_for(bus.call(question), _ANSWER_S)
        finally:
            bus.disconnect()
        if answer is None or answer.message_type is MessageType.ERROR:
            raise BleakDBusError((answer and answer.error_name) or "", list(answer.body) if answer else [])
    return adapters_of(answer.body[0])


def adapters_of(objects: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> tuple[Adapter, ...]:
    """The adapters among the service's objects: by path, interface and property; values are variants."""
    connected: dict[str, list[str]] = {}
    for interfaces in objects.values():
        device = interfaces.get("org.bluez.Device1")
        if device is not None and _value(device, "Connected"):
            name = str(_value(device, "Alias") or _value(device, "Address"))
            connected.setdefault(str(_value(device, "Adapter")), []).append(name)
    found = [
        Adapter(
            name=path.rpartition("/")[2],
            powered=bool(_value(interfaces[_ADAPTER], "Powered")),
            discovering=bool(_value(interfaces[_ADAPTER], "Discovering")),
            connected=tuple(sorted(connected.get(path, ()))),
        )
        for path, interfaces in objects.items()
        if _ADAPTER in interfaces
    ]
    return tuple(sorted(found, key=lambda one: one.name))


def _value(properties: Mapping[str, Any], name: str) -> object:
    return getattr(properties.get(name), "value", None)
