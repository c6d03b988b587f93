"""The exercise catalogue: shipped exercises, and those that a person adds or changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from tracker.errors import SettingsError, UsageError
from tracker.home import Home, own_text, shipped_text
from tracker.model import Placement
from tracker.motion.exercise import (
    CountedSignal,
    CountingRule,
    Exercise,
    FormLimits,
    HoldRule,
    PairRule,
    PoseGate,
    SelfFoundAxis,
)
from tracker.plan.exercise_checks import MAX_NAME_CHARS, faults, is_name
from tracker.tables import parameters_from, parse_toml, validated

FILE_NAME = "exercises.toml"


class _ExerciseTable(BaseModel):
    """The keys of one exercise's table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    start_pose: str
    movement: str
    placements: tuple[Placement, ...]
    signal: CountedSignal
    falling: bool = Field(default=False, strict=True)
    band_placement: str
    band_effect: str
    target: str
    cautions: tuple[str, ...] = ()
    count: dict[str, Any] = {}
    hold: dict[str, Any] | None = None
    gate: dict[str, Any] | None = None
    form: dict[str, Any] = {}
    pair: dict[str, Any] | None = None
    axis: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One exercise: what a person reads, and what the counter needs.

    Attributes:
        placements: sensors that it cannot be counted without; empty where any one will do.
        band_placement: where the band sits; it decides what the band loads.
        band_effect: what the band does there.
    """

    name: str
    title: str
    start_pose: str
    movement: str
    placements: tuple[Placement, ...]
    band_placement: str
    band_effect: str
    target: str
    cautions: tuple[str, ...]
    counting: Exercise


class Catalogue(Mapping[str, CatalogueEntry]):
    """Exercises by name."""

    def __init__(self, entries: Mapping[str, CatalogueEntry]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> CatalogueEntry:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, name: str) -> CatalogueEntry:
        """One exercise; UsageError names the known ones."""
        if name not in self._entries:
            known = ", ".join(sorted(self._entries))
            raise UsageError(f"unknown exercise {name!r}", advice=f"Use one of: {known}.", exercise=name)
        return self._entries[name]

    @property
    def counting(self) -> dict[str, Exercise]:
        """What the counter needs of every exercise."""
        return {name: entry.counting for name, entry in self._entries.items()}


def load_catalogue(home: Home | None = None) -> Catalogue:
    """The shipped exercises, and over them those of the person's own file.

    Raises:
        SettingsError: a table is wrong; the error names the key.
    """
    entries = _entries(shipped_text(FILE_NAME), FILE_NAME)
    own = own_text(home.exercises) if home else None
    if home and own is not None:
        entries |= _entries(own, str(home.exercises))
    return Catalogue(entries)


def _entries(text: str, source: str) -> dict[str, CatalogueEntry]:
    return {name: _entry(name, table, source) for name, table in parse_toml(text, source).items()}


def _entry(name: str, table: object, source: str) -> CatalogueEntry:
    if not is_name(name):
        raise SettingsError(
            f"{source}: {name[:40]!r} is no name of an exercise",
            advice=f"Give the table a plain name of 1 to {MAX_NAME_CHARS} letters, in one line.",
            source=source,
            key=name,
        )
    if not isinstance(table, dict):
        raise SettingsError(
            f"{source}: {name} is no table", advice=f"Write an exercise as [{name}].", source=source, key=name
        )
    read = validated(_ExerciseTable, table, name, source)
    axis = _part(SelfFoundAxis, read.axis, f"{name}.axis", source)
    if read.signal is CountedSignal.MOVEMENT:
        axis = axis or SelfFoundAxis()
        _refuse(read.hold is not None, f"{name}.hold", "an axis that is found needs movements", source)
    else:
        what = "only an exercise with the signal 'movement' finds its axis itself"
        _refuse(axis is not None, f"{name}.axis", what, source)
    counting = Exercise(
        name=name,
        signal=read.signal,
        falling=read.falling,
        rule=parameters_from(CountingRule, read.count, f"{name}.count", source),
        hold=_part(HoldRule, read.hold, f"{name}.hold", source),
        gate=_part(PoseGate, read.gate, f"{name}.gate", source),
        axis=axis,
        form=parameters_from(FormLimits, read.form, f"{name}.form", source),
        pair=_part(PairRule, read.pair, f"{name}.pair", source),
    )
    for key, what in faults(counting, read.placements):
        raise SettingsError(
            f"{source}: {name}.{key}: {what}",
            advice=f"Mend or remove the key {name}.{key}.",
            source=source,
            key=f"{name}.{key}",
        )
    return CatalogueEntry(
        name=name,
        title=read.title,
        start_pose=read.start_pose,
        movement=read.movement,
        placements=read.placements,
        band_placement=read.band_placement,
        band_effect=read.band_effect,
        target=read.target,
        cautions=read.cautions,
        counting=counting,
    )


Part = TypeVar("Part")


def _part(kind: type[Part], table: dict[str, Any] | None, path: str, source: str) -> Part | None:
    return None if table is None else parameters_from(kind, table, path, source)


def _refuse(wrong: bool, key: str, what: str, source: str) -> None:
    if wrong:
        raise SettingsError(
            f"{source}: {key}: {what}",
            advice=f"Remove the table {key}, or choose another signal.",
            source=source,
            key=key,
        )
