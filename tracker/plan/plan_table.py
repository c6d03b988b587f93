"""Reads a plan from the TOML text that people write: `config/plan.toml`, and their own of the same form."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from tracker.errors import SettingsError
from tracker.home import shipped_text
from tracker.model import Side
from tracker.motion.exercise import Exercise
from tracker.plan.bands import BandLadder, BandLevel, BandLoad, BandPlacement, LadderBand
from tracker.plan.exercise_checks import MAX_NAME_CHARS, is_name
from tracker.plan.plan_checks import Fault, band_load_fault, plan_faults
from tracker.plan.prescription import (
    Plan,
    PlanPhase,
    PrescribedBand,
    Prescription,
    Range,
    RuleLimits,
    Target,
    Weekday,
)
from tracker.tables import parameters_from, parse_toml, validated

FILE_NAME = "plan.toml"

MAX_PHASE_CHARS = 32
"""A database keeps no longer name of a phase."""

_NO_BAND = "none"
_DAYS_IN_WEEK = 7
_MAX_SETS = 20
_MAX_REPS = 200
_MAX_WEEKS = 520
_LONGEST_HOLD_S = 600.0
_LONGEST_REST_S = 3600.0
_TEMPO = re.compile(r"\d+(\.\d+)?-\d+(\.\d+)?-\d+(\.\d+)?")


def _range_of(value: object) -> Range:
    numbers = value if isinstance(value, list) else [value, value]
    whole = [one for one in numbers if isinstance(one, int) and not isinstance(one, bool)]
    if len(numbers) != 2 or len(whole) != 2:
        raise PydanticCustomError("range", "write one whole number, or two of them as [low, high]")
    low, high = whole
    if low > high:
        text = "the low number {low} is more than the high one {high}"
        raise PydanticCustomError("range", text, {"low": low, "high": high})
    return Range(low, high)


def _within(lowest: int, highest: int) -> BeforeValidator:
    def check(value: object) -> Range:
        found = _range_of(value)
        for number in (found.low, found.high):
            if not lowest <= number <= highest:
                values = {"number": number, "lowest": lowest, "highest": highest}
                text = "{number} is not from {lowest} to {highest}"
                raise PydanticCustomError("range", text, values)
        return found

    return BeforeValidator(check)


def _tempo_of(value: object) -> object:
    if not isinstance(value, str) or _TEMPO.fullmatch(value) is None:
        raise PydanticCustomError("tempo", "write seconds there, held and back, for example 2-1-3")
    return value


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, arbitrary_types_allowed=True)


class _BandTable(_Table):
    placement: str
    colour: str | None = None
    elongation_percent: float | None = Field(default=None, strict=True, gt=0.0)
    loads: BandLoad | None = None


class _PrescriptionTable(_Table):
    exercise: str
    side: Side
    target: Target
    sets: Annotated[Range, _within(1, _MAX_SETS)]
    reps: Annotated[Range, _within(1, _MAX_REPS)]
    days_a_week: Annotated[Range, _within(1, _DAYS_IN_WEEK)]
    hours_between: int = Field(default=0, strict=True, ge=0, le=24 * _DAYS_IN_WEEK)
    hold_s: float | None = Field(default=None, strict=True, gt=0.0, le=_LONGEST_HOLD_S)
    rest_s: float | None = Field(default=None, strict=True, ge=0.0, le=_LONGEST_REST_S)
    tempo: Annotated[str | None, BeforeValidator(_tempo_of)] = None
    band: _BandTable | None = None
    weekdays: tuple[Weekday, ...] = ()


class _PhaseTable(_Table):
    title: str
    from_week: int = Field(strict=True, ge=0, le=_MAX_WEEKS)
    until_week: int = Field(strict=True, ge=1, le=_MAX_WEEKS)
    prescriptions: dict[str, _PrescriptionTable] = Field(min_length=1)


class _StrengthTable(_Table):
    colour: str = Field(min_length=1, max_length=32)
    force_100_n: float = Field(strict=True, gt=0.0)
    force_200_n: float = Field(strict=True, gt=0.0)


class _PlanTable(_Table):
    name: str
    notes: tuple[str, ...] = ()
    rules: dict[str, Any] = {}
    bands: tuple[_StrengthTable, ...] | None = None
    phases: dict[str, _PhaseTable] = Field(min_length=1)


def shipped_plan_text() -> str:
    """The plan that ships with the program."""
    return shipped_text(FILE_NAME)


def parse_plan(text: str, source: str, exercises: Mapping[str, Exercise] | None) -> Plan:
    """A plan from its text.

    Args:
        source: names the text in errors.
        exercises: those of the catalogue; None to read a plan again that was checked when it began, as an
            exercise may have gone from the catalogue since.

    Raises:
        SettingsError: a key is wrong or contradicts another; the error names it.
    """
    read = validated(_PlanTable, parse_toml(text, source), "", source)
    rules = parameters_from(RuleLimits, read.rules, "rules", source)
    plan = Plan(
        name=_named(read.name, "name", "the plan", source, MAX_NAME_CHARS),
        notes=read.notes,
        rules=rules,
        ladder=_ladder(read.bands, rules),
        phases=tuple(_phase(name, table, rules, source) for name, table in read.phases.items()),
    )
    _refuse(plan_faults(plan, exercises), source)
    return plan


def _ladder(tables: tuple[_StrengthTable, ...] | None, rules: RuleLimits) -> BandLadder:
    if tables is None:
        tables = _shipped_bands()
    return BandLadder(
        tuple(LadderBand(one.colour, one.force_100_n, one.force_200_n) for one in tables),
        rules.elongation_step_percent,
        rules.elongation_lowest_percent,
        rules.elongation_highest_percent,
    )


def _shipped_bands() -> tuple[_StrengthTable, ...]:
    shipped = validated(_PlanTable, parse_toml(shipped_plan_text(), FILE_NAME), "", FILE_NAME)
    return shipped.bands or ()


def _phase(name: str, table: _PhaseTable, rules: RuleLimits, source: str) -> PlanPhase:
    path = f"phases.{name}"
    _named(name, path, "a phase", source, MAX_PHASE_CHARS)
    return PlanPhase(
        name=name,
        title=table.title,
        from_week=table.from_week,
        until_week=table.until_week,
        prescriptions=tuple(
            _prescription(key, one, rules, f"{path}.prescriptions.{key}", source)
            for key, one in table.prescriptions.items()
        ),
    )


def _prescription(
    name: str, table: _PrescriptionTable, rules: RuleLimits, path: str, source: str
) -> Prescription:
    return Prescription(
        name=_named(name, path, "a prescription", source, MAX_NAME_CHARS),
        exercise=table.exercise,
        side=table.side,
        target=table.target,
        sets=table.sets,
        reps=table.reps,
        days_a_week=table.days_a_week,
        hours_between=table.hours_between,
        hold_s=table.hold_s,
        rest_s=table.rest_s,
        tempo=table.tempo,
        band=None if table.band is None else _band(table.band, rules, f"{path}.band", source),
        weekdays=table.weekdays,
    )


def _band(table: _BandTable, rules: RuleLimits, path: str, source: str) -> PrescribedBand | None:
    if table.placement == _NO_BAND:
        without = {"colour": table.colour, "elongation_percent": table.elongation_percent}
        given = [key for key, value in without.items() if value is not None]
        _refuse([(f"{path}.{key}", "there is no band, as placement says") for key in given], source)
        _refuse(band_load_fault(path, None, table.loads), source)
        return None
    if table.placement not in list(BandPlacement):
        known = ", ".join([*BandPlacement, _NO_BAND])
        _refuse([(f"{path}.placement", f"{table.placement[:40]!r} is none of {known}")], source)
    placement = BandPlacement(table.placement)
    _refuse(band_load_fault(path, placement, table.loads), source)
    if table.colour is None:
        raise SettingsError(
            f"{source}: {path}.colour is missing: without it the plan cannot grow",
            advice=f"Add the key {path}.colour.",
            source=source,
            key=f"{path}.colour",
        )
    elongation = table.elongation_percent
    lowest = rules.elongation_lowest_percent
    level = BandLevel(table.colour, lowest if elongation is None else elongation)
    return PrescribedBand(placement, level, table.loads)


def _named(name: str, key: str, what: str, source: str, longest: int) -> str:
    if not is_name(name) or len(name) > longest:
        raise SettingsError(
            f"{source}: {key[:60]}: {name[:40]!r} is no name of {what}",
            advice=f"Give 1 to {longest} letters in one line.",
            source=source,
            key=key,
        )
    return name


def _refuse(faults: Iterable[Fault], source: str) -> None:
    for key, what in faults:
        raise SettingsError(
            f"{source}: {key}: {what}", advice=f"Mend or remove the key {key}.", source=source, key=key
        )
