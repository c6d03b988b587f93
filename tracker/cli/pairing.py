"""Learning which sensors there are, who they are, and where they are worn."""

import asyncio
from collections.abc import Mapping

from tracker.cli.placing import ask_placements, place_by_movement
from tracker.cli.radio import any_radio
from tracker.model import Placement, SensorIdentity
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.body.sessions import knee_lift_session
from tracker.sensing.found import FoundSensor
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.radio import Radio
from tracker.sensing.scanner import no_sensor_error, scan

_LISTEN_S = 5.0


def who_is_where(
    named: Mapping[Placement, str], link: LinkParameters, *, by_movement: bool, simulated: bool
) -> Mapping[Placement, SensorIdentity]:
    """The sensors by placement: as they are named, else by what is moved, else as the person answers.

    Raises:
        UsageError: nothing was chosen, or it could not be told.
        NoSensorError: none is heard, or not those that are named.
        BluetoothError: a sensor cannot be connected.
    """

    async def hear() -> tuple[FoundSensor, ...]:
        async with any_radio(simulated=simulated) as radio:
            return await _hear(radio, link)

    async def learn() -> Mapping[Placement, SensorIdentity]:
        async with any_radio(simulated=simulated) as radio, BluetoothSource(chosen, link, radio) as source:
            return source.sensors

    async def watch() -> Mapping[Placement, SensorIdentity]:
        async with any_radio(simulated=simulated, make_body=knee_lift_session) as radio:
            return await place_by_movement(await _hear(radio, link), radio, link)

    if by_movement:
        return asyncio.run(watch())
    # The questions are asked outside of the event loop, where Ctrl-C ends them.
    chosen = named or ask_placements(asyncio.run(hear()), lambda: any_radio(simulated=simulated), link)
    return asyncio.run(learn())


async def _hear(radio: Radio, link: LinkParameters) -> tuple[FoundSensor, ...]:
    """The sensors that are heard, the nearest first; NoSensorError where there is none."""
    listen_s = min(_LISTEN_S, link.scan_s)
    found = await scan(listen_s, radio=radio)
    if not found:
        raise no_sensor_error(listen_s)
    return found
