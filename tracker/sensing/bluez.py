"""Linux's Bluetooth service (BlueZ), asked for what it knows."""

import asyncio
from collections.abc import Mapping
from typing import Any, TypeAlias

from tracker.sensing.bluetooth_errors import bluetooth_errors

BluezObjects: TypeAlias = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Adapters, devices and what belongs to them: by path, interface and property; values are variants."""

_ANSWER_S = 5.0
"""A service that is well answers within milliseconds."""


async def bluez_objects() -> BluezObjects:
    """All objects of the service.

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
    objects: BluezObjects = answer.body[0]
    return objects
