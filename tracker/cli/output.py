"""Where commands print to: tables for people, JSON for programs, notes beside both."""

import json
import sys
from collections.abc import Mapping

import typer
from rich.console import Console, RenderableType

_FILE_COLUMNS = 160
"""Width of tables that go to a file or another program: wide enough for a line a row."""

SIMULATED = "SIMULATED: no person and no sensor was measured."


def print_json(document: Mapping[str, object]) -> None:
    """Print one JSON object to standard output; nothing else goes there then."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def console() -> Console:
    """Standard output; colour and width of the terminal where there is one."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _FILE_COLUMNS)


def print_tables(*tables: RenderableType) -> None:
    """Print what people read."""
    out = console()
    for table in tables:
        out.print(table)


def note(text: str) -> None:
    """Say something beside the result, on standard error."""
    typer.echo(text, err=True)
