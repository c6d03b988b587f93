"""Repetitions of both legs that belong together, and how the legs compare."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from tracker.model import ExerciseSet, Repetition, Side
from tracker.motion.exercise import PairRule


@dataclass(frozen=True, slots=True)
class RepetitionPair:
    """A repetition that both legs made together.

    Attributes:
        left, right: places of the repetitions in their sets.
        lag_s: by how much the left leg began later.
        rom_ratio: smaller range of the two in the larger one; None where one was withheld.
        flags: what the legs did differently.
    """

    left: int
    right: int
    lag_s: float
    rom_ratio: float | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bilateral:
    """Both legs' sets of one exercise beside each other.

    Attributes:
        pairs: repetitions made together, in order of time.
        left_alone, right_alone: places of those that one leg made alone.
        rom_difference_rad: median range of the left leg less that of the right one; None without both.
        symmetry_percent: smaller one of these in the larger one, 100 for equal.
    """

    pairs: tuple[RepetitionPair, ...]
    left_alone: tuple[int, ...]
    right_alone: tuple[int, ...]
    rom_difference_rad: float | None
    symmetry_percent: float | None


def both_legs(sets: Iterable[ExerciseSet]) -> list[tuple[ExerciseSet, ExerciseSet]]:
    """The left and the right leg's entries of sets that both did at the same time."""
    found: dict[tuple[str, float], dict[Side, ExerciseSet]] = {}
    for done in sets:
        if done.side is not None:
            found.setdefault((done.exercise, done.start_s), {})[done.side] = done
    return [
        (legs[Side.LEFT], legs[Side.RIGHT])
        for legs in found.values()
        if Side.LEFT in legs and Side.RIGHT in legs
    ]


def bilateral(left: ExerciseSet, right: ExerciseSet, rule: PairRule) -> Bilateral:
    """Pair the repetitions of both legs that overlap most, by the rule's share of the shorter one or more."""
    pairs, taken = [], 0
    paired_left, paired_right = set(), set()
    for place, one in enumerate(left.repetitions):
        shares = [_overlap_share(one, other) for other in right.repetitions[taken:]]
        if not shares or max(shares) < rule.minimum_overlap:
            continue
        other_place = taken + shares.index(max(shares))
        pairs.append(_pair(place, one, other_place, right.repetitions[other_place], rule))
        paired_left.add(place)
        paired_right.add(other_place)
        taken = other_place + 1
    left_rom, right_rom = _median_rom_rad(left), _median_rom_rad(right)
    difference, percent = None, None
    if left_rom is not None and right_rom is not None:
        difference = left_rom - right_rom
        percent = 100.0 * min(left_rom, right_rom) / max(left_rom, right_rom)
    return Bilateral(
        pairs=tuple(pairs),
        left_alone=tuple(one for one in range(len(left.repetitions)) if one not in paired_left),
        right_alone=tuple(one for one in range(len(right.repetitions)) if one not in paired_right),
        rom_difference_rad=difference,
        symmetry_percent=percent,
    )


def _overlap_share(one: Repetition, other: Repetition) -> float:
    common_s = min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
    shorter_s = min(one.end_s - one.start_s, other.end_s - other.start_s)
    return common_s / shorter_s if shorter_s > 0.0 else 0.0


def _pair(
    place: int, left: Repetition, other_place: int, right: Repetition, rule: PairRule
) -> RepetitionPair:
    lag_s, flags, ratio = left.start_s - right.start_s, [], None
    if left.rom_rad is not None and right.rom_rad is not None:
        smaller, larger = sorted((left.rom_rad, right.rom_rad))
        ratio = smaller / larger
        lazy = "left" if left.rom_rad < right.rom_rad else "right"
        if ratio < rule.minimum_rom_ratio:
            flags.append(f"{lazy} leg does less")
        limit = rule.maximum_rom_difference_rad
        if limit is not None and larger - smaller > limit:
            flags.append("legs move unequally far")
    if rule.maximum_lag_s is not None and abs(lag_s) > rule.maximum_lag_s:
        flags.append(f"{'left' if lag_s > 0 else 'right'} leg begins late")
    return RepetitionPair(place, other_place, lag_s, ratio, tuple(flags))


def _median_rom_rad(done: ExerciseSet) -> float | None:
    roms = [rep.rom_rad for rep in done.repetitions if rep.valid and rep.rom_rad is not None]
    return median(roms) if roms else None
