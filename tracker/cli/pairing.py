"""Learning which sensors there are, who they are, and where they are worn."""

import asyncio
from collections.abc import Mapping

from tracker.cli.output import note, printable
from tracker.cli.placing import ask_placements
from tracker.model import Placement, SensorIdentity
from tracker.sensing.body.sessions import knee_lift_session
from tracker.sensing.found import FoundSensor
from tracker.sensing.parameters import LinkParameters
from tracker.session.pairing import heard_sensors, identities_of
from tracker.session.placing import PlacingNews, place_by_movement
from tracker.session.radio import any_radio


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
            return await heard_sensors(radio, link)

    async def learn() -> Mapping[Placement, SensorIdentity]:
        async with any_radio(simulated=simulated) as radio:
            return await identities_of(chosen, radio, link)

    async def watch() -> Mapping[Placement, SensorIdentity]:
        async with any_radio(simulated=simulated, make_body=knee_lift_session) as radio:
            return await place_by_movement(await heard_sensors(radio, link), radio, link, _tell)

    if by_movement:
        return asyncio.run(watch())
    # The questions are asked outside of the event loop, where Ctrl-C ends them.
    chosen = named or ask_placements(asyncio.run(hear()), lambda: any_radio(simulated=simulated), link)
    return asyncio.run(learn())


def _tell(news: PlacingNews) -> None:
    note(printable(news.text))
