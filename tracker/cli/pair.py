"""`tracker pair`: which sensor is worn where."""

from typing import Annotated

import typer

_WHERE = "Address, name or id of the sensor worn here."
_BY_MOVEMENT = "Put the sensors on, and find out by lifting one knee after the other."


def pair(
    left_thigh: Annotated[str | None, typer.Option(help=_WHERE)] = None,
    right_thigh: Annotated[str | None, typer.Option(help=_WHERE)] = None,
    pelvis: Annotated[str | None, typer.Option(help=_WHERE)] = None,
    by_movement: Annotated[bool, typer.Option(help=_BY_MOVEMENT)] = False,
    simulated: Annotated[bool, typer.Option(help="Pair with simulated sensors.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say which sensor is worn where; without options each sensor that is found blinks and is asked for.

    Every sensor is connected once, to learn its id. A sensor belongs to one place.

    Example: tracker pair --left-thigh C6:54:48:47:4C:01 --right-thigh HIP-7A31
    """
    import asyncio

    from tracker.cli.output import SIMULATED, note, print_json, print_tables, printable
    from tracker.cli.pairing import hear_sensors, learn_identities
    from tracker.cli.placing import ask_placements, place_by_movement
    from tracker.cli.radio import any_radio
    from tracker.cli.workplace import workplace
    from tracker.errors import UsageError
    from tracker.model import Placement, SensorIdentity
    from tracker.sensing.body.sessions import knee_lift_session
    from tracker.sensing.found import FoundSensor
    from tracker.store.sensors import pair_sensor, paired_sensors

    place = workplace(simulated=simulated)
    given = {Placement.LEFT_THIGH: left_thigh, Placement.RIGHT_THIGH: right_thigh, Placement.PELVIS: pelvis}
    wanted = {placement: sensor for placement, sensor in given.items() if sensor is not None}
    if wanted and by_movement:
        raise UsageError(
            "sensors are named, and are to be found out by movement", advice="Leave the one or the other out."
        )

    if simulated:
        note(SIMULATED)

    async def learn(chosen: dict[Placement, str]) -> dict[Placement, SensorIdentity]:
        async with any_radio(simulated=simulated) as radio:
            return await learn_identities(chosen, radio, place.settings.link)

    async def hear() -> tuple[FoundSensor, ...]:
        async with any_radio(simulated=simulated) as radio:
            return await hear_sensors(radio, place.settings.link)

    async def watch() -> dict[Placement, SensorIdentity]:
        async with any_radio(simulated=simulated, make_body=knee_lift_session) as radio:
            return await place_by_movement(
                await hear_sensors(radio, place.settings.link), radio, place.settings.link
            )

    # Opened first: a database that cannot be used must be known before anybody answers or lifts a knee.
    with place.database() as database:
        if by_movement:
            identities = asyncio.run(watch())
        else:
            # The questions are asked outside of the event loop, where Ctrl-C ends them.
            chosen = wanted or ask_placements(
                asyncio.run(hear()), lambda: any_radio(simulated=simulated), place.settings.link
            )
            identities = asyncio.run(learn(chosen))
        with database.write() as connection:
            for placement, identity in identities.items():
                pair_sensor(connection, identity, placement)
            paired = paired_sensors(connection)
    rows = [
        {"placement": placement.value, "sensor_id": one.sensor_id, "address": one.address, "name": one.name}
        for placement, one in paired.items()
    ]
    if as_json:
        print_json({"simulated": simulated, "paired": rows})
    else:
        print_tables(*(printable(f"{row['placement']}: {row['name']} ({row['address']})") for row in rows))
