"""What is wrong with a value on the command line, in words for a person."""

import re
from typing import Any

import typer
from typer.core import TyperGroup

_PLAINLY = (
    (re.compile(r"^Value error, "), ""),
    (re.compile(r"^Input should be a valid integer.*$"), "Give a whole number."),
    (re.compile(r"^Input should be a valid number.*$"), "Give a number."),
    (re.compile(r"^Input should be (.*)$"), r"It must be \1."),
    (
        re.compile(r"^(.*) does not match the formats '%Y-%m-%d'\.$"),
        r"\1 is no day. Give year, month and day, as in 2026-11-29.",
    ),
)
"""The words of the library that reads the values, and ours, one after the other."""


def plainly(message: str) -> str:
    """The same, without the words of programmers."""
    for pattern, words in _PLAINLY:
        message = pattern.sub(words, message)
    return message


class PlainGroup(TyperGroup):
    """All commands; tells plainly which value of them cannot be used."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the library's own type has no public name
        """Run the command that was asked for.

        Raises:
            typer.BadParameter: a value cannot be used.
        """
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = plainly(error.message)
            raise
