"""How the repetitions of a week were done: range, tempo, loss of range within sets, share of the pelvis."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean, median

from tracker.model import Side
from tracker.store.trained import MovedRepetition, MovedSet

FEWEST_FOR_LOSS = 4
"""Fewer repetitions tell no loss: the last two would be half of all."""

_LAST = 2


@dataclass(frozen=True, slots=True)
class MovementWeek:
    """The valid repetitions of one exercise and side in a week; None where nothing tells.

    Attributes:
        rom_deg: median range of motion.
        rom_share: median range in the range that it was held against; 1 is all of it.
        concentric_s, hold_s, eccentric_s: median times there, held and back.
        rom_loss_percent: median over the sets of how far the last two repetitions' mean range lies below the
            largest one.
        pelvis_share: median share of the pelvis in the movement, 0 to 1; needs a pelvis sensor.
    """

    exercise: str
    side: Side | None
    repetitions: int
    rom_deg: float | None
    rom_share: float | None
    concentric_s: float | None
    hold_s: float | None
    eccentric_s: float | None
    rom_loss_percent: float | None
    pelvis_share: float | None


def movements_of(sets: Iterable[MovedSet]) -> tuple[MovementWeek, ...]:
    """By exercise and side, in alphabetical order."""
    groups: dict[tuple[str, Side | None], list[MovedSet]] = {}
    for one in sets:
        groups.setdefault((one.exercise, one.side), []).append(one)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    return tuple(_movement(exercise, side, own) for (exercise, side), own in ordered)


def valid_repetitions(done: MovedSet) -> list[MovedRepetition]:
    """The repetitions of a set that count."""
    return [one for one in done.repetitions if one.valid]


def _movement(exercise: str, side: Side | None, sets: list[MovedSet]) -> MovementWeek:
    valid = [one for done in sets for one in valid_repetitions(done)]
    return MovementWeek(
        exercise=exercise,
        side=side,
        repetitions=len(valid),
        rom_deg=_median(one.rom_deg for one in valid),
        rom_share=_median(
            one.rom_deg / done.reference_rom_deg
            for done in sets
            for one in valid_repetitions(done)
            if one.rom_deg is not None and done.reference_rom_deg
        ),
        concentric_s=_median(one.concentric_s for one in valid),
        hold_s=_median(one.hold_s for one in valid),
        eccentric_s=_median(one.eccentric_s for one in valid),
        rom_loss_percent=_median(_loss_percent(done) for done in sets),
        pelvis_share=_median(one.pelvis_share for one in valid),
    )


def _loss_percent(done: MovedSet) -> float | None:
    ranges = [one.rom_deg for one in valid_repetitions(done) if one.rom_deg is not None]
    if len(ranges) < FEWEST_FOR_LOSS or max(ranges) <= 0.0:
        return None
    return 100.0 * (max(ranges) - fmean(ranges[-_LAST:])) / max(ranges)


def _median(values: Iterable[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return median(known) if known else None
