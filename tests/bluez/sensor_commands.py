"""What the scenarios and the process of the virtual sensors share: which sensors, and how to command them."""

import asyncio
import json
from collections.abc import Sequence

from virtual_bench import LEFT, RIGHT, settings_of

from tracker.model import Placement
from tracker.sensing.virtual.settings import SensorSettings

SOCKET = "/run/sensors"
BATTERY_PERCENT = {LEFT: 87, RIGHT: 41}
SENSORS: dict[Placement, SensorSettings] = {
    placement: settings_of(number, battery_percent=BATTERY_PERCENT[placement])
    for number, placement in enumerate((LEFT, RIGHT))
}
ADDRESSES = {placement: settings.address for placement, settings in SENSORS.items()}


async def new_sensors(*, away_s: float = 0.0, keep_s: float = 0.0) -> None:
    """Switch the sensors off and new ones on.

    Args:
        away_s: how long they stay away after a lost link.
        keep_s: how long they keep their samples, to send them again.
    """
    await command({"new": {"away_s": away_s, "keep_s": keep_s}})


async def drop_links(placements: Sequence[Placement]) -> None:
    """Break links from the sensors' side."""
    await command({"drop": list(placements)})


async def command(wanted: dict[str, object]) -> None:
    """Give a command and wait until it is carried out; an empty one changes nothing."""
    reader, writer = await asyncio.open_unix_connection(SOCKET)
    writer.write(json.dumps(wanted).encode() + b"\n")
    await writer.drain()
    if not await reader.readline():
        raise ConnectionError(f"the virtual sensors did not carry out {wanted}")
    writer.close()
    await writer.wait_closed()
