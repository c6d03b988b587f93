"""What a sensor says about itself by the standard Device Information service."""

import logging

from tracker.errors import BluetoothError
from tracker.sensing.gatt import GattLink

MODEL_UUID = "00002a24-0000-1000-8000-00805f9b34fb"
FIRMWARE_UUID = "00002a26-0000-1000-8000-00805f9b34fb"
_LONGEST_TEXT = 64

_log = logging.getLogger(__name__)


async def device_text(gatt: GattLink, uuid: str) -> str:
    """One of its texts; empty where the sensor does not tell."""
    try:
        if not gatt.offers(uuid):
            return ""
        text = (await gatt.read(uuid)).decode(errors="replace")
    except BluetoothError as error:
        _log.info("no device information %s: %s", uuid, error.message)
        return ""
    return text.rstrip("\0").strip()[:_LONGEST_TEXT]
