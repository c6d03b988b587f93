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
    from tracker.cli.output import SIMULATED, note, print_json, print_tables, printable
    from tracker.cli.pairing import who_is_where
    from tracker.errors import UsageError
    from tracker.model import Placement
    from tracker.session.workplace import workplace
    from tracker.store.sensors import pair_sensor, paired_sensors

    place = workplace(simulated=simulated)
    given = {Placement.LEFT_THIGH: left_thigh, Placement.RIGHT_THIGH: right_thigh, Placement.PELVIS: pelvis}
    named = {placement: sensor for placement, sensor in given.items() if sensor is not None}
    if named and by_movement:
        raise UsageError(
            "sensors are named, and are to be found out by movement", advice="Leave the one or the other out."
        )
    if simulated:
        note(SIMULATED)
    # Opened first: a database that cannot be used must be known before anybody answers or lifts a knee.
    with place.database() as database:
        identities = who_is_where(named, place.settings.link, by_movement=by_movement, simulated=simulated)
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
