"""`tracker doctor`: whether this computer can record, and what to do where it cannot."""

from typing import Annotated

import typer


def doctor(
    seconds: Annotated[float, typer.Option(min=0.5, max=60.0, help="How long to listen for sensors.")] = 3.0,
    simulated: Annotated[bool, typer.Option(help="Listen to three simulated sensors instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Look at all that recording needs: each line is ok, or says what to do.

    The exit code is 0, or that of the first line that is wrong. Example: tracker doctor
    """
    import asyncio
    import dataclasses

    from tracker.cli.output import SIMULATED, note, print_json, print_tables, printable
    from tracker.doctor.bluetooth import bluetooth
    from tracker.doctor.computer import computer
    from tracker.doctor.findings import Finding, State, exit_code_of
    from tracker.doctor.own_files import own_files
    from tracker.home import home_from_environment
    from tracker.session.radio import any_radio

    async def listen() -> list[Finding]:
        async with any_radio(simulated=simulated) as radio:
            return await bluetooth(seconds, radio)

    found = [*computer(), *own_files(home_from_environment()), *asyncio.run(listen())]
    if simulated:
        note(SIMULATED)
    if as_json:
        print_json({"simulated": simulated, "findings": [dataclasses.asdict(one) for one in found]})
    else:
        from rich.table import Table
        from rich.text import Text

        styles = {State.OK: "green", State.NOTE: "yellow", State.WRONG: "red"}
        table = Table(box=None, pad_edge=False, show_header=False)
        for one in found:
            table.add_row(Text(one.state, style=styles[one.state]), one.name, printable(one.text))
            if one.advice is not None:
                table.add_row("", "", f"  {printable(one.advice)}")
        print_tables(table)
    raise typer.Exit(exit_code_of(found))
