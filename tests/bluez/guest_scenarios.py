"""Runs the scenarios in the virtual machine, with stock bleak on BlueZ; one JSON object a line for each.

Arguments: names of scenarios; none for all.
"""

import asyncio
import json
import logging
import sys
import time
import traceback

from scenario import Scenario
from scenarios_of_links import LINKS
from scenarios_of_system import SYSTEM
from sensor_commands import command

from tracker.errors import BluetoothError
from tracker.sensing.adapters import bluez_adapters

SCENARIO_LIMIT_S = 120.0
"""Without hardware support the machine runs some ten times slower, and a search may take all its 8 s."""

SCENARIOS: tuple[Scenario, ...] = (*SYSTEM[:2], *LINKS, *SYSTEM[2:])


async def main(names: list[str]) -> None:
    """Run scenarios one after the other and tell what each showed."""
    await bluetooth_on()
    for scenario in SCENARIOS:
        if not names or scenario.name in names:
            print(json.dumps(await outcome(scenario)), flush=True)  # noqa: T201


async def bluetooth_on() -> None:
    """Wait until the sensors are there, and the adapter is switched on, as a computer does when it starts."""
    async with asyncio.timeout(SCENARIO_LIMIT_S):
        while not await is_on():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.1)


async def is_on() -> bool:
    """Whether the sensors are there, and the adapter is switched on."""
    try:
        adapters = await bluez_adapters()
        await command({})
    except (BluetoothError, OSError):
        return False
    return any(one.powered for one in adapters)


async def outcome(scenario: Scenario) -> dict[str, object]:
    """Name, whether all was as it must be, what was wrong, and the figures of one scenario."""
    began_s = time.monotonic()
    figures: dict[str, object] = {}
    try:
        async with asyncio.timeout(SCENARIO_LIMIT_S):
            wrong = await scenario.run(figures)
    except Exception as error:  # noqa: BLE001 - whatever one meets, the others are to be tried
        traceback.print_exc()
        wrong = [f"{type(error).__name__}: {error}"]
    took_s = round(time.monotonic() - began_s, 1)
    return {"scenario": scenario.name, "ok": not wrong, "wrong": wrong, "took_s": took_s, **figures}


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    asyncio.run(main(sys.argv[1:]))
