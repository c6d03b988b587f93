"""One link to one sensor with the driver on it, and what goes on over it while it streams."""

import asyncio
import logging
from contextlib import suppress

from tracker.errors import BluetoothError
from tracker.sensing.backfill import Backfill
from tracker.sensing.battery_watch import BatteryWatch
from tracker.sensing.drivers.driver import SensorDriver
from tracker.sensing.gatt import GattLink

_log = logging.getLogger(__name__)


class Connection:
    """One link; a new one is made for each try.

    Attributes:
        sensor_id: the sensor's own id, known once its driver is open.
        backfill: what fetches lost samples; None for sensors that keep none.
        stood: whether the link still stood when something before the stream failed.
    """

    def __init__(self, gatt: GattLink, driver: SensorDriver) -> None:
        self.gatt = gatt
        self.driver = driver
        self.sensor_id = ""
        self.backfill: Backfill | None = None
        self.stood = False
        self._works: list[asyncio.Task[None]] = []

    def begin_watching(self, battery: BatteryWatch) -> None:
        """From now on fetch what gets lost, and look after the charge."""
        self._works.append(asyncio.create_task(battery.run(self.driver)))
        if self.backfill is not None:
            self._works.append(asyncio.create_task(self.backfill.run()))

    async def close(self, *, stop_stream: bool) -> None:
        """Let go of the sensor, as far as the link still allows it. Never raises for a broken link.

        Args:
            stop_stream: end the session too, and fetch what is still missing; false where it is to go on
                after a reconnect.
        """
        for work in self._works:
            work.cancel()
        for outcome in await asyncio.gather(*self._works, return_exceptions=True):
            if isinstance(outcome, Exception):
                _log.error("work on the link to %s failed", self.gatt.name, exc_info=outcome)
        try:
            if stop_stream and self.gatt.is_connected:
                with suppress(BluetoothError):
                    await self.driver.stop()
                    if self.backfill is not None:
                        await self.backfill.finish()
        finally:
            await self.gatt.close()
