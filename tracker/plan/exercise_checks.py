"""What makes no sense in an exercise's table though each of its values is one that the key may have."""

import math
from collections.abc import Collection, Iterator

from tracker.model import THIGH_SIDES, Placement
from tracker.motion.exercise import CountedSignal, CountingRule, Exercise, FormLimits, HoldRule, PoseGate

MAX_NAME_CHARS = 100
"""A database keeps no longer name of an exercise."""

_FULL_TURN_RAD = 2.0 * math.pi

Fault = tuple[str, str]
"""A key within the exercise's table, and what is wrong with it."""


def is_name(text: str) -> bool:
    """True for what commands, recordings and the database can call an exercise."""
    return 0 < len(text.strip()) == len(text) <= MAX_NAME_CHARS and text.isprintable()


def faults(exercise: Exercise, placements: Collection[Placement]) -> Iterator[Fault]:
    """What contradicts itself in an exercise that cannot be counted without sensors at some places."""
    yield from _placement_faults(exercise.signal, placements)
    yield from _rule_faults(exercise.rule)
    if exercise.hold is not None:
        yield from _hold_faults(exercise.hold)
    if exercise.gate is not None:
        yield from _gate_faults(exercise.gate)
    yield from _form_faults(exercise.form)


def _placement_faults(signal: CountedSignal, placements: Collection[Placement]) -> Iterator[Fault]:
    if signal is CountedSignal.PELVIS_HIKE and Placement.PELVIS not in placements:
        yield "placements", f"the signal {signal.value} is that of a sensor at the pelvis"
    if (
        signal is not CountedSignal.MOVEMENT
        and placements
        and not any(one in THIGH_SIDES for one in placements)
    ):
        yield "placements", f"the signal {signal.value} needs a sensor on a thigh"


def _rule_faults(rule: CountingRule) -> Iterator[Fault]:
    if rule.partial > rule.valid:
        yield "count.partial", f"{rule.partial:g} is more than valid, {rule.valid:g}"
    if rule.maximum_duration_s <= rule.gap_keep_s:
        longest, gap = f"{rule.maximum_duration_s:g}", f"{rule.gap_keep_s:g}"
        yield "count.maximum_duration_s", f"{longest} is not more than gap_keep_s, {gap}"
    if rule.maximum_rom_rad > _FULL_TURN_RAD:
        yield "count.maximum_rom_deg", "a range is no more than a full turn, 360"
    if rule.maximum_rom_rad < rule.reference_rom_rad:
        largest, reference = _deg(rule.maximum_rom_rad), _deg(rule.reference_rom_rad)
        yield "count.maximum_rom_deg", f"{largest} is less than reference_rom_deg, {reference}"


def _hold_faults(hold: HoldRule) -> Iterator[Fault]:
    if hold.begin_rad >= hold.maximum_rad:
        begin, largest = _deg(hold.begin_rad), _deg(hold.maximum_rad)
        yield "hold.begin_deg", f"{begin} is not less than maximum_deg, {largest}"
    if hold.valid >= hold.longest:
        yield "hold.valid", f"{hold.valid:g} is not less than longest, {hold.longest:g}"


def _gate_faults(gate: PoseGate) -> Iterator[Fault]:
    if gate.lowest_elevation_rad > gate.maximum_elevation_rad:
        key = "maximum" if gate.minimum_elevation_rad is None else "minimum"
        lowest, highest = _deg(gate.lowest_elevation_rad), _deg(gate.maximum_elevation_rad)
        yield f"gate.{key}_elevation_deg", f"no thigh is tilted by at least {lowest} and at most {highest}"


def _form_faults(form: FormLimits) -> Iterator[Fault]:
    for name in form.strict:
        field, key = (name, name) if name == "pelvis_share" else (f"{name}_rad", f"{name}_deg")
        if getattr(form, field) is None:
            yield "form.strict", f"it names {name}, and {key} is not set"


def _deg(angle_rad: float) -> str:
    return f"{math.degrees(angle_rad):g}"
