"""`tracker pair`: which sensor is worn where."""

from typing import Annotated

import typer

_WHERE = "Address, name or id of the sensor worn here."


def pair(
    left_thigh: Annotated[str | None, typer.Option(help=_WHERE)] = None,
    right_thigh: Annotated[str | None, typer.Option(help=_WHERE)] = None,
    pelvis: Annotated[str | None, typer.Option(help=_WHERE)] = None,
    simulated: Annotated[bool, typer.Option(help="Pair with simulated sensors.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say which sensor is worn where; without options, be asked for each sensor that is found.

    Every sensor is connected once, to learn its id. A sensor belongs to one place.

    Example: tracker pair --left-thigh C6:54:48:47:4C:01 --right-thigh HIP-7A31
    """
    import asyncio

    from tracker.cli.output import SIMULATED, note, print_json, print_tables, printable
    from tracker.cli.pairing import ask_placements, hear_sensors, learn_identities
    from tracker.cli.radio import any_radio
    from tracker.cli.workplace import workplace
    from tracker.model import Placement, SensorIdentity
    from tracker.sensing.found import FoundSensor
    from tracker.store.sensors import pair_sensor, paired_sensors

    place = workplace(simulated=simulated)
    given = {Placement.LEFT_THIGH: left_thigh, Placement.RIGHT_THIGH: right_thigh, Placement.PELVIS: pelvis}
    wanted = {placement: sensor for placement, sensor in given.items() if sensor is not None}

    async def learn() -> dict[Placement, SensorIdentity]:
        async with any_radio(simulated=simulated) as radio:
            return await learn_identities(chosen, radio, place.settings.link)

    async def hear() -> tuple[FoundSensor, ...]:
        async with any_radio(simulated=simulated) as radio:
            return await hear_sensors(radio, place.settings.link)

    # The questions are asked outside of the event loop, where Ctrl-C ends them.
    chosen = wanted or ask_placements(asyncio.run(hear()))
    identities = asyncio.run(learn())
    with place.database() as database, database.write() as connection:
        for placement, identity in identities.items():
            pair_sensor(connection, identity, placement)
        paired = paired_sensors(connection)
    if simulated:
        note(SIMULATED)
    rows = [
        {"placement": placement.value, "sensor_id": one.sensor_id, "address": one.address, "name": one.name}
        for placement, one in paired.items()
    ]
    if as_json:
        print_json({"simulated": simulated, "paired": rows})
    else:
        print_tables(*(printable(f"{row['placement']}: {row['name']} ({row['address']})") for row in rows))
