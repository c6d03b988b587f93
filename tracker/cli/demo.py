"""`tracker demo`: the whole story on simulated sensors."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[
        Path | None, typer.Option(help="Folder of its own; default `demo` in the program's home folder.")
    ] = None,
) -> None:
    """Show the main job in a minute, on simulated sensors, in a folder of its own: record, replay, week.

    Example: tracker demo --folder demo
    """
    from tracker.session.radio import check_virtual_radio

    check_virtual_radio()
    from tracker.cli.demonstration import run_demonstration
    from tracker.home import home_from_environment

    run_demonstration((folder or home_from_environment().folder / "demo").resolve())
