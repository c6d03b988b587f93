"""Looks after a sensor's charge while it streams, and warns before it is empty."""

import asyncio
from collections.abc import Callable

from tracker.sensing.drivers.driver import SensorDriver
from tracker.sensing.parameters import LinkParameters

ChargeNews = Callable[[int, str], None]
"""Told the charge in percent, and a warning where it is low; empty where it is not."""


class BatteryWatch:
    """The charge of one sensor over a whole session; it warns once.

    Args:
        tell: is told of each charge that was read and is another than the one before; must not wait.
    """

    def __init__(self, parameters: LinkParameters, tell: ChargeNews) -> None:
        self._parameters = parameters
        self._tell = tell
        self._last_percent: int | None = None
        self._warned = False

    def see(self, percent: int | None) -> str:
        """A charge was read; the warning, where one is due."""
        if percent is None:
            return ""
        self._last_percent = percent
        if percent > self._parameters.low_battery_percent or self._warned:
            return ""
        self._warned = True
        return f"its battery is at {percent} %: charge it after this session"

    async def run(self, driver: SensorDriver) -> None:
        """Read the charge again and again over one link, until cancelled."""
        while True:
            await asyncio.sleep(self._parameters.battery_interval_s)
            before = self._last_percent
            percent = await driver.battery_percent()
            warning = self.see(percent)
            if percent is not None and percent != before:
                self._tell(percent, warning)
