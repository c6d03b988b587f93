"""Short questions on a terminal. They go to standard error, as a program may read standard output."""

import sys
from collections.abc import Callable
from typing import TypeVar

import typer

from tracker.errors import UsageError
from tracker.plan.pain import HIGHEST, LOWEST

Answer = TypeVar("Answer")

NONE_WORD = "none"
"""Takes back what was said before."""

MAX_NOTES_CHARS = 2000


def can_ask(*, as_json: bool = False) -> bool:
    """True where a person can be asked: who wants JSON is a program."""
    return not as_json and all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def scale_value(text: str) -> int:
    """A pain or an effort.

    Raises:
        UsageError: not a whole number from 0 to 10.
    """
    word = text.strip()
    value = int(word) if word.isascii() and word.isdigit() else HIGHEST + 1
    if value > HIGHEST:
        raise UsageError(
            f"{text[:40]!r} is not on the scale",
            advice=f"Give a whole number from {LOWEST} (none) to {HIGHEST} (the worst you can think of).",
        )
    return value


def notes_value(text: str) -> str:
    """Notes.

    Raises:
        UsageError: too long, or with characters that do not show.
    """
    note = text.strip()
    if len(note) > MAX_NOTES_CHARS or not all(char.isprintable() or char == "\n" for char in note):
        raise UsageError(
            "these notes cannot be kept", advice=f"Give up to {MAX_NOTES_CHARS} letters that can be shown."
        )
    return note


def ask(question: str, read: Callable[[str], Answer]) -> Answer | None:
    """An answer, asked for again until it can be read; None where Enter skips it.

    Raises:
        typer.Abort: Ctrl-C, or the terminal is gone.
    """
    while True:
        text: str = typer.prompt(question, default="", show_default=False, err=True)
        if not text.strip():
            return None
        try:
            return read(text)
        except UsageError as error:
            typer.echo(f"  {error.message}. {error.advice}", err=True)


def ask_yes_no(question: str) -> bool:
    """Yes or no; Enter alone asks again.

    Raises:
        typer.Abort: Ctrl-C, or the terminal is gone.
    """
    while True:
        answer = ask(f"{question} (y/n)", str) or ""
        word = answer.strip().casefold()
        if word in ("y", "yes", "n", "no"):
            return word.startswith("y")
        typer.echo("  Answer with y or n.", err=True)
