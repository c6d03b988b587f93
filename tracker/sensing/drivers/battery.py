"""The charge of a sensor by the standard Battery service."""

import logging

from bleak.backends.device import BLEDevice

from firmware_protocol import BATTERY_LEVEL_UUID
from tracker.errors import BluetoothError
from tracker.sensing.bluez import BluezObjects, bluez_objects
from tracker.sensing.gatt import GattLink

_log = logging.getLogger(__name__)


async def standard_battery_percent(gatt: GattLink) -> int | None:
    """Charge, 0 to 100; None where the sensor does not tell."""
    try:
        if not gatt.offers(BATTERY_LEVEL_UUID):
            return await _kept_by_bluez(gatt.sensor.device)
        level = await gatt.read(BATTERY_LEVEL_UUID)
    except BluetoothError as error:
        _log.info("no battery level: %s", error.message)
        return None
    return level[0] if level and level[0] <= 100 else None


async def _kept_by_bluez(device: BLEDevice) -> int | None:
    """The charge where BlueZ has taken the Battery service for itself and hides it from programs."""
    # only BlueZ's devices have a path; whether it hides the service differs from connection to connection
    path = device.details.get("path") if isinstance(device.details, dict) else None
    return None if path is None else battery_in(await bluez_objects(), str(path))


def battery_in(objects: BluezObjects, path: str) -> int | None:
    """The charge of the device at a path, as BlueZ has read it; None where it has not.

    The property is `Percentage` of `org.bluez.Battery1`, see BlueZ's doc/org.bluez.Battery.rst.
    """
    percentage = objects.get(path, {}).get("org.bluez.Battery1", {}).get("Percentage")
    percent = getattr(percentage, "value", None)
    return percent if isinstance(percent, int) and 0 <= percent <= 100 else None
