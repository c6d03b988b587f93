"""The program `tracker`: its commands, and how errors reach the person."""

import sys
from typing import Annotated

import typer

from tracker import __version__
from tracker.cli import demo, import_csv, pair, record, recover, replay, scan, sessions, week
from tracker.errors import TrackerError

_INTERRUPTED = 130

_HELP = """Measure how your legs rest and move: record thigh-worn motion sensors, replay, review the week.

It reports positions and movements and compares them with your own earlier ones. It is no medical device.
"""

_EPILOG = (
    "Exit codes: 0 done, 1 something was lost or refused, 2 wrong use, 3 unusable input, 4 Bluetooth, "
    "5 no sensor found, 6 files and disk, 7 database, 8 settings, 130 interrupted. "
    "TRACKER_HOME names the folder for everything that is written (default ~/.tracker)."
)

app = typer.Typer(
    help=_HELP,
    epilog=_EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"tracker {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


for _name, _command in (
    ("demo", demo.demo),
    ("scan", scan.scan),
    ("pair", pair.pair),
    ("record", record.record),
    ("rest", record.rest),
    ("replay", replay.replay),
    ("recover", recover.recover),
    ("import", import_csv.import_csv),
    ("sessions", sessions.sessions),
    ("week", week.week),
):
    app.command(_name)(_command)


def run() -> None:
    """Run the command line; an error is one line with its cause and one with an advice."""
    try:
        app()
    except TrackerError as error:
        typer.secho(f"error: {error.message}", fg="red", err=True)
        typer.secho(f"  {error.advice}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.secho("interrupted", fg="yellow", err=True)
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    run()
