"""The charge of a sensor by the standard Battery service."""

import logging

from firmware_protocol import BATTERY_LEVEL_UUID
from tracker.errors import BluetoothError
from tracker.sensing.gatt import GattLink

_log = logging.getLogger(__name__)


async def standard_battery_percent(gatt: GattLink) -> int | None:
    """Charge, 0 to 100; None where the sensor does not tell."""
    try:
        level = await gatt.read(BATTERY_LEVEL_UUID)
    except BluetoothError as error:
        _log.info("no battery level: %s", error.message)
        return None
    return level[0] if level and level[0] <= 100 else None
