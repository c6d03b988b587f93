"""Learning which sensors there are and where they are worn."""

import asyncio
from collections.abc import Mapping

import typer

from tracker.errors import UsageError
from tracker.model import Placement, SensorIdentity
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.radio import Radio
from tracker.sensing.scanner import no_sensor_error, scan

_LISTEN_S = 5.0


async def ask_placements(radio: Radio, link: LinkParameters) -> dict[Placement, str]:
    """Show the sensors that are heard and ask where each is worn."""
    listen_s = min(_LISTEN_S, link.scan_s)
    found = await scan(listen_s, radio=radio)
    if not found:
        raise no_sensor_error(listen_s)
    chosen: dict[Placement, str] = {}
    names = ", ".join(placement.value for placement in Placement)
    for sensor in found:
        question = f"{sensor.name or sensor.address} ({sensor.rssi_dbm} dBm): worn at ({names}, none)"
        answer = await asyncio.to_thread(typer.prompt, question, default="none", show_default=True)
        if answer == "none":
            continue
        if answer not in list(Placement):
            raise UsageError(
                f"unknown placement {answer!r}", advice=f"Use one of: {names}.", placement=answer
            )
        chosen[Placement(answer)] = sensor.address
    if not chosen:
        raise UsageError("no sensor was chosen", advice="Name at least one placement.")
    return chosen


async def learn_identities(
    chosen: Mapping[Placement, str], radio: Radio, link: LinkParameters
) -> dict[Placement, SensorIdentity]:
    """Connect each sensor once and read who it is."""
    async with BluetoothSource(chosen, link, radio) as source:
        return dict(source.sensors)
