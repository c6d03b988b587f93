"""A person's own range of one exercise, from the repetitions that they show."""

from dataclasses import dataclass
from statistics import median

from tracker.model import Repetition

SHOWN_REPETITIONS = 3
"""So many are shown; the middle one of them counts."""

_ALIKE_SHARE = 0.5
"""A movement of less than this share of the largest is none of those that are shown."""


@dataclass(frozen=True, slots=True)
class ShownRange:
    """What a demonstration gave.

    Attributes:
        rom_rad: median range; None where too few repetitions were shown.
        shown: how many were taken.
        refused: why there is none, in plain words.
    """

    rom_rad: float | None
    shown: int
    refused: str | None = None


def shown_range(repetitions: tuple[Repetition, ...], largest_rad: float) -> ShownRange:
    """The median range of the last three repetitions shown, valid or not.

    Args:
        largest_rad: a larger movement is another one.
    """
    roms = [rep.rom_rad for rep in repetitions if rep.rom_rad is not None and rep.rom_rad <= largest_rad]
    alike = [rom for rom in roms if rom >= _ALIKE_SHARE * max(roms)]
    if len(alike) < SHOWN_REPETITIONS:
        shown = "1 repetition" if len(alike) == 1 else f"{len(alike)} repetitions"
        return ShownRange(None, len(alike), f"{shown} shown, {SHOWN_REPETITIONS} are needed")
    return ShownRange(median(alike[-SHOWN_REPETITIONS:]), SHOWN_REPETITIONS)
