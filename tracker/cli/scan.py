"""`tracker scan`: which sensors can be heard."""

from typing import Annotated

import typer


def scan(
    seconds: Annotated[float, typer.Option(min=0.5, max=60.0, help="How long to listen.")] = 5.0,
    simulated: Annotated[bool, typer.Option(help="Hear three simulated sensors instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the sensors that are near and switched on.

    Example: tracker scan --seconds 8
    """
    import asyncio

    from tracker.cli.output import SIMULATED, note, print_json, print_tables, printable
    from tracker.sensing.drivers.registry import kind_of
    from tracker.sensing.found import FoundSensor
    from tracker.sensing.scanner import no_sensor_error
    from tracker.sensing.scanner import scan as listen
    from tracker.session.radio import any_radio

    async def hear() -> tuple[FoundSensor, ...]:
        async with any_radio(simulated=simulated) as radio:
            return await listen(seconds, radio=radio)

    found = asyncio.run(hear())
    if not found:
        raise no_sensor_error(seconds)
    if simulated:
        note(SIMULATED)
    if as_json:
        rows = [
            {"address": one.address, "name": one.name, "kind": one.protocol, "rssi_dbm": one.rssi_dbm}
            for one in found
        ]
        print_json({"simulated": simulated, "sensors": rows})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("address", "name", "kind", "signal"):
        table.add_column(column)
    for one in found:
        table.add_row(one.address, printable(one.name), kind_of(one.protocol).title, f"{one.rssi_dbm} dBm")
    print_tables(table, f"Say where each is worn: tracker pair{' --simulated' if simulated else ''}")
