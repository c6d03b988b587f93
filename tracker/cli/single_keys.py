"""Single keys from a terminal, without Enter."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer


@contextmanager
def single_keys() -> Iterator[Callable[[], str]]:
    """Read keys as they are typed, those too that are typed ahead; call it for the next one.

    Ctrl-C raises KeyboardInterrupt; the end of the input is an empty text.
    """
    try:
        import termios
        import tty
    except ImportError:
        yield typer.getchar
        return
    place = sys.stdin.fileno()
    before = termios.tcgetattr(place)
    # Set once, before the first question: what is typed between two questions is not lost.
    tty.setcbreak(place, termios.TCSADRAIN)
    try:
        yield lambda: os.read(place, 1).decode(errors="replace")
    finally:
        termios.tcsetattr(place, termios.TCSADRAIN, before)
