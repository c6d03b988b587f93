"""Finding one sensor again, for many links at a time."""

import asyncio

from tracker.sensing.found import FoundSensor
from tracker.sensing.radio import Radio
from tracker.sensing.scanner import find, no_sensor_error


class Finder:
    """Finds single sensors for many links, one search after the other: BlueZ refuses a second at a time."""

    def __init__(self, radio: Radio) -> None:
        self._radio = radio
        self._lock = asyncio.Lock()

    async def find(self, wanted: str, timeout_s: float) -> FoundSensor:
        """The sensor, as soon as it is heard.

        Raises:
            NoSensorError: it was not heard in time.
            BluetoothError: Bluetooth is off, missing or forbidden.
        """
        async with self._lock:
            found = await find([wanted], timeout_s, radio=self._radio)
        if wanted not in found:
            raise no_sensor_error(timeout_s, [wanted])
        return found[wanted]
