"""Where commands print to: tables for people, JSON for programs, notes beside both."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.segment import Segment

_FILE_COLUMNS = 160
"""Width of tables that go to a file or another program: wide enough for a line a row."""

_STEERING = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "?")
del _STEERING[ord("\n")], _STEERING[ord("\t")]

SIMULATED = "SIMULATED: no person and no sensor was measured."


def print_json(document: Mapping[str, object]) -> None:
    """Print one JSON object to standard output; nothing else goes there then."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


class _Console(Console):
    """Prints no character that steers a terminal but its own: names and notes come from files and sensors."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else text.translate(_STEERING), style, control)


def console() -> Console:
    """Standard output; colour and width of the terminal where there is one."""
    width = None if is_terminal() else _FILE_COLUMNS
    # Names come from files and sensors: what looks like markup in them is not meant as such.
    return _Console(highlight=False, markup=False, emoji=False, width=width)


def is_terminal() -> bool:
    """True where a person looks at standard output."""
    return sys.stdout is not None and sys.stdout.isatty()


def print_tables(*tables: RenderableType) -> None:
    """Print what people read."""
    out = console()
    for table in tables:
        out.print(table)


@contextmanager
def progress_bar(doing: str) -> Iterator[Callable[[float], None]]:
    """A bar on a terminal once something takes longer than a second; call it with the share done, 0 to 1."""
    if not sys.stderr.isatty():
        yield lambda _share: None
        return
    began_s = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=1.0, visible=False)

        def advance(share: float) -> None:
            bar.update(task, completed=share, visible=time.monotonic() - began_s > 1.0)

        yield advance


def printable(text: str) -> str:
    """A text from a sensor or a file without the characters that steer a terminal."""
    return "".join(char if char.isprintable() else "?" for char in text)


def note(text: str) -> None:
    """Say something beside the result, on standard error."""
    typer.echo(text, err=True)
