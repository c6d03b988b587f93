"""The program `tracker`: its commands, and how errors reach the person."""

import io
import signal
import sys
from contextlib import suppress
from typing import Annotated, NoReturn

import typer

from tracker import __version__
from tracker.cli import (
    app as page,
)
from tracker.cli import (
    backup,
    bands,
    calibrate,
    demo,
    doctor,
    exercises,
    export,
    feel,
    habits,
    import_csv,
    pair,
    persons,
    plan,
    reanalyze,
    record,
    recover,
    replay,
    restore,
    safety,
    scan,
    sessions,
    trend,
    week,
    weekly_backup,
)
from tracker.cli.wrong_values import PlainGroup
from tracker.errors import StorageError, TrackerError

_INTERRUPTED = 130
_SIGNALLED = 128
"""Exit code of a process that a signal ended, less the number of the signal."""

_HELP = """Measure how your legs rest and move: record thigh-worn motion sensors, replay, review the week.

It reports positions and movements and compares them with your own earlier ones. It is no medical device.
"""

_EPILOG = (
    "Exit codes: 0 done, 1 something was lost or refused, 2 wrong use, 3 unusable input, 4 Bluetooth, "
    "5 no sensor found, 6 files and disk, 7 database, 8 settings, 130 interrupted. "
    "TRACKER_HOME names the folder for everything that is written (default ~/.tracker)."
)

app = typer.Typer(
    cls=PlainGroup,
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
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback does it
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    if context.invoked_subcommand in weekly_backup.WRITING:
        context.call_on_close(weekly_backup.back_up_after)


for _name, _command in (
    ("demo", demo.demo),
    ("doctor", doctor.doctor),
    ("scan", scan.scan),
    ("pair", pair.pair),
    ("calibrate-sensor", calibrate.calibrate_sensor),
    ("exercises", exercises.exercises),
    ("record", record.record),
    ("rest", record.rest),
    ("feel", feel.feel),
    ("habits", habits.habits),
    ("safety", safety.safety),
    ("replay", replay.replay),
    ("recover", recover.recover),
    ("reanalyze", reanalyze.reanalyze),
    ("import", import_csv.import_csv),
    ("export", export.export),
    ("trend", trend.trend),
    ("week", week.week),
    ("app", page.app),
    ("backup", backup.backup),
    ("restore", restore.restore),
):
    app.command(_name)(_command)

for _name, _group in (
    ("sessions", sessions.sessions),
    ("bands", bands.bands),
    ("persons", persons.persons),
    ("plan", plan.plan),
):
    app.add_typer(_group, name=_name)


def run() -> None:
    """Run the command line; an error is one line with its cause and one with an advice."""
    _prepare_output()
    with suppress(AttributeError, ValueError):
        # A polite kill must leave nothing half-written behind.
        signal.signal(signal.SIGTERM, _end_politely)
        signal.signal(signal.SIGHUP, _end_politely)
    try:
        app()
    except TrackerError as error:
        _tell(error.message, error.advice, error.exit_code)
    except KeyboardInterrupt:
        typer.secho("interrupted", fg="yellow", err=True)
        sys.exit(_INTERRUPTED)
    except SystemExit as ending:
        if ending.code == _INTERRUPTED:
            typer.secho("interrupted", fg="yellow", err=True)
        raise
    except OSError as error:
        cause = f"the output cannot be written: {error.strerror or error}"
        _tell(cause, "Check the disk and where the output goes.", StorageError.exit_code)


def _prepare_output() -> None:
    """Characters that the output cannot show become question marks; without an output nothing is shown."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.StringIO())
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _end_politely(number: int, _frame: object) -> None:
    raise SystemExit(_SIGNALLED + number)


def _tell(message: str, advice: str, exit_code: int) -> NoReturn:
    from tracker.cli.output import printable

    # Names of files and what stands in them may hold characters that steer a terminal.
    typer.secho(f"error: {printable(message)}", fg="red", err=True)
    typer.secho(f"  {advice}", err=True)
    sys.exit(exit_code)


if __name__ == "__main__":
    run()
