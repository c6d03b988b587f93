"""Exercises of the catalogue as text."""

import math
from collections.abc import Iterable

from rich.console import RenderableType
from rich.text import Text

from tracker.motion.exercise import CountedSignal, Exercise
from tracker.motion.grading.form import FAULTS
from tracker.plan.catalogue import CatalogueEntry
from tracker.report.terminal import plain_table

_SIGNALS = {
    CountedSignal.HIP_ROTATION: "rotation of the hip, inwards",
    CountedSignal.KNEE_ROLL: "roll of the knee, inwards; no pure internal rotation",
    CountedSignal.ELEVATION: "tilt of the thigh against the level",
    CountedSignal.THIGH_PITCH: "turn of the thigh from level to upright",
    CountedSignal.FRONTAL_LEAN: "sideways lean of the upright thigh",
    CountedSignal.PELVIS_HIKE: "sideways tilt of the pelvis",
    CountedSignal.AXIAL_TURN: "turn of the upright leg, relative, by the gyroscope alone",
    CountedSignal.MOVEMENT: "turn about an axis that the first movements show",
}


def exercises_table(entries: Iterable[CatalogueEntry]) -> RenderableType:
    """Names and titles."""
    table = plain_table("Exercises", "name", "what it is", "band")
    for column in table.columns[1:]:
        column.justify = "left"
    for entry in entries:
        table.add_row(entry.name, entry.title, entry.band_placement)
    return table


def exercise_sheet(entry: CatalogueEntry) -> list[RenderableType]:
    """Everything about one exercise."""
    return [
        Text(f"{entry.title} ({entry.name})", style="bold"),
        *(Text(f"{key:>10}  {text}") for key, text in sheet_lines(entry)),
    ]


def sheet_lines(entry: CatalogueEntry) -> tuple[tuple[str, str], ...]:
    """Everything about one exercise: what each line is about, and the line."""
    worn = ", ".join(placement.value for placement in entry.placements) or "any one"
    return (
        ("start", entry.start_pose),
        ("do", entry.movement),
        ("sensors", worn),
        ("counted on", _SIGNALS[entry.counting.signal]),
        ("counts", counted_when(entry.counting)),
        ("band", f"{entry.band_placement}. {entry.band_effect}"),
        ("trains", entry.target),
        *(("caution", caution) for caution in entry.cautions),
    )


def counted_when(exercise: Exercise) -> str:
    """What makes a repetition valid or partial, in words."""
    rule, hold = exercise.rule, exercise.hold
    if hold is not None:
        text = (
            f"held still for {hold.valid * hold.target_s:g} s or more, between {_deg(hold.begin_rad)} and "
            f"{_deg(hold.maximum_rad)} from the rest level"
        )
    elif exercise.axis is not None:
        text = f"valid from {rule.valid:.0%} of the first movements' range on"
    else:
        reference = rule.reference_rom_rad
        partial = max(rule.partial * reference, rule.minimum_partial_rad)
        text = (
            f"valid from {_deg(rule.valid * reference)} on, partial from {_deg(partial)} on, until your own "
            "range is shown"
        )
    strict = [f"{FAULTS[name]} by more than {_limit(exercise, name)}" for name in exercise.form.strict]
    return f"{text}; partial when {', or '.join(strict)}" if strict else text


def _limit(exercise: Exercise, name: str) -> str:
    if name == "pelvis_share":
        return f"{exercise.form.pelvis_share or 0.0:.0%}"
    return _deg(getattr(exercise.form, f"{name}_rad") or 0.0)


def _deg(angle_rad: float) -> str:
    return f"{math.degrees(angle_rad):g}°"
