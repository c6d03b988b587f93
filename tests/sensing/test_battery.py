"""A sensor's charge: from its own Battery service, and from BlueZ where that keeps the service to itself."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from bleak.backends.device import BLEDevice
from message_bus import message_bus

from tracker.sensing.drivers.battery import battery_in, standard_battery_percent
from tracker.sensing.found import FoundSensor
from tracker.sensing.gatt import GattLink

PATH = "/org/bluez/hci0/dev_C6_00_00_00_00_01"


@dataclass(frozen=True, slots=True)
class Link:
    """A link on which the Battery service is seen, or is not."""

    sensor: FoundSensor
    level: bytes | None

    def offers(self, _uuid: str) -> bool:
        """Whether the service is seen."""
        return self.level is not None

    async def read(self, _uuid: str) -> bytes:
        """The level as the sensor tells it."""
        return self.level or b""


def link(level: bytes | None, details: object = None) -> GattLink:
    """A link to a sensor that bleak has such a handle of."""
    device = BLEDevice("C6:00:00:00:00:01", "sensor", details)
    return cast("GattLink", Link(FoundSensor(device.address, "sensor", -60, "hip_imu", device), level))


@pytest.mark.parametrize(("level", "percent"), [(b"\x57", 87), (b"\x00", 0), (b"\xff", None), (b"", None)])
async def test_the_sensors_own_word(level: bytes, percent: int | None) -> None:
    assert await standard_battery_percent(link(level)) == percent


async def test_a_sensor_without_the_service_tells_nothing() -> None:
    # elsewhere than on Linux bleak's handles are no dictionaries
    assert await standard_battery_percent(link(None, details=("peripheral", "manager"))) is None


@pytest.mark.skipif(sys.platform != "linux", reason="BlueZ and D-Bus are Linux's own")
async def test_bluez_is_asked_where_it_hides_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbus_fast import Message, MessageType, Variant
    from dbus_fast.aio import MessageBus

    objects = {PATH: {"org.bluez.Battery1": {"Percentage": Variant("y", 41)}}}

    def answer(message: Message) -> Message | bool:
        if message.message_type is MessageType.METHOD_CALL and message.member == "GetManagedObjects":
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [objects])
        return False

    async with message_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        hidden = link(None, details={"path": PATH, "props": {}})
        assert await standard_battery_percent(hidden) is None  # no BlueZ on this bus yet
        service = await MessageBus(bus_address=address).connect()
        service.add_message_handler(answer)
        await service.request_name("org.bluez")
        assert await standard_battery_percent(hidden) == 41
        service.disconnect()


@pytest.mark.parametrize(
    "objects", [{}, {PATH: {}}, {PATH: {"org.bluez.Battery1": {}}}, {"/other": {"org.bluez.Battery1": {}}}]
)
def test_what_bluez_has_not_read_is_not_known(objects: dict[str, Any]) -> None:
    assert battery_in(objects, PATH) is None
