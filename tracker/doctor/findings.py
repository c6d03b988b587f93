"""What one look at one thing says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker.errors import TrackerError


class State(StrEnum):
    """How one thing is."""

    OK = "ok"
    NOTE = "note"
    """It works; something should be known or mended."""
    WRONG = "wrong"
    """What needs it does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: what was looked at, in a word or two.
        text: how it is, one line.
        advice: what to do; None where nothing is to be done.
        exit_code: that of the errors which it leads to; 0 unless it is wrong.
    """

    name: str
    state: State
    text: str
    advice: str | None = None
    exit_code: int = 0


def ok(name: str, text: str) -> Finding:
    """A thing that is as it should be."""
    return Finding(name, State.OK, text)


def noted(name: str, text: str, advice: str) -> Finding:
    """A thing that works and should be looked after."""
    return Finding(name, State.NOTE, text, advice)


def looked_at(name: str, look: Callable[[], Finding]) -> Finding:
    """What a look says; an error of the program is what is wrong."""
    try:
        return look()
    except TrackerError as error:
        return wrong(name, error)


def wrong(name: str, error: TrackerError) -> Finding:
    """A thing that an error was met at."""
    return Finding(name, State.WRONG, error.message, error.advice, error.exit_code)


def exit_code_of(findings: Iterable[Finding]) -> int:
    """That of the first thing that is wrong, 0 where nothing is: they stand in the order of mending."""
    return next((one.exit_code for one in findings if one.state is State.WRONG), 0)
