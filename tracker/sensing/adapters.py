"""Bluetooth adapters as Linux's Bluetooth service (BlueZ) tells of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.sensing.bluez import BluezObjects, bluez_objects

_ADAPTER = "org.bluez.Adapter1"


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
    return adapters_of(await bluez_objects())


def adapters_of(objects: BluezObjects) -> tuple[Adapter, ...]:
    """The adapters among the service's objects."""
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
