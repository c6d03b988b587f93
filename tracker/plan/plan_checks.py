"""What makes no sense in a plan though each of its values is one that the key may have."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from tracker.motion.exercise import Exercise
from tracker.plan.bands import (
    BandLadder,
    BandLoad,
    BandPlacement,
    band_load,
    loads_internal_rotation,
)
from tracker.plan.prescription import Plan, PlanPhase, PrescribedBand, Prescription, RuleLimits

Fault = tuple[str, str]
"""A key of the plan, and what is wrong with it."""

_HOURS_IN_DAY = 24
_DAYS_IN_WEEK = 7
_MOST_PAIN = 10
_MOST_EFFORT = 10


def plan_faults(plan: Plan, exercises: Mapping[str, Exercise] | None) -> Iterator[Fault]:
    """What contradicts itself; exercises are not looked at where None."""
    yield from rule_faults(plan.rules)
    yield from _ladder_faults(plan.ladder)
    yield from _phase_faults(plan.phases)
    for phase in plan.phases:
        for one in phase.prescriptions:
            path = f"phases.{phase.name}.prescriptions.{one.name}"
            yield from _prescription_faults(one, path)
            if one.band is not None:
                yield from _band_faults(one.band, plan, f"{path}.band")
            if exercises is not None:
                yield from _exercise_faults(one, exercises, path)


def rule_faults(rules: RuleLimits) -> Iterator[Fault]:
    """Rules that contradict each other, or that nothing could meet."""
    for key in ("progress_valid_share", "regress_valid_share", "progress_pelvis_share"):
        if getattr(rules, key) > 1.0:
            yield f"rules.{key}", f"a share is at most 1, and this is {getattr(rules, key):g}"
    if rules.regress_valid_share >= rules.progress_valid_share:
        below, least = f"{rules.regress_valid_share:g}", f"{rules.progress_valid_share:g}"
        yield "rules.regress_valid_share", f"{below} is not less than progress_valid_share, {least}"
    if rules.pain_stop_from > _MOST_PAIN:
        yield "rules.pain_stop_from", f"pain is at most {_MOST_PAIN}, so nothing would ever stop"
    if rules.pain_continue_up_to >= rules.pain_stop_from:
        most, stop = rules.pain_continue_up_to, rules.pain_stop_from
        yield "rules.pain_continue_up_to", f"{most} is not less than pain_stop_from, {stop}"
    if rules.progress_effort > _MOST_EFFORT:
        yield "rules.progress_effort", f"effort is at most {_MOST_EFFORT}"
    if rules.elongation_lowest_percent > rules.elongation_highest_percent:
        lowest, highest = rules.elongation_lowest_percent, rules.elongation_highest_percent
        yield (
            "rules.elongation_lowest_percent",
            f"{lowest:g} is more than elongation_highest_percent, {highest:g}",
        )


def band_load_fault(path: str, placement: BandPlacement | None, claimed: BandLoad | None) -> Iterator[Fault]:
    """A band that is said to load something else than it does where it sits.

    At ankles and feet it may load abduction too, in an exercise that raises the leg.
    """
    loads = band_load(placement)
    if claimed is None or claimed is loads:
        return
    if loads is BandLoad.INTERNAL_ROTATION and claimed is BandLoad.ABDUCTION:
        return
    where = "without a band it" if placement is None else f"a band at the {placement.value}"
    yield f"{path}.loads", f"{where} loads {_words(loads)}, not {_words(claimed)}"


def _words(load: BandLoad) -> str:
    return load.value.replace("_", " ")


def _ladder_faults(ladder: BandLadder) -> Iterator[Fault]:
    if not ladder.bands:
        yield "bands", "there is none"
    colours = [band.colour for band in ladder.bands]
    if len(set(colours)) < len(colours):
        yield "bands.colour", "a colour stands there twice"
    for weaker, band in pairwise(ladder.bands):
        if band.force_100_n <= weaker.force_100_n or band.force_200_n <= weaker.force_200_n:
            yield "bands", f"{band.colour} is not stronger than {weaker.colour} before it"
    for band in ladder.bands:
        if band.force_200_n <= band.force_100_n:
            yield "bands.force_200_n", f"{band.colour} does not pull more when it is stretched further"
        if band.force_n(ladder.lowest_percent) <= 0.0:
            yield "rules.elongation_lowest_percent", f"{band.colour} would not pull at all by its forces"


def _phase_faults(phases: tuple[PlanPhase, ...]) -> Iterator[Fault]:
    if phases[0].from_week != 0:
        yield f"phases.{phases[0].name}.from_week", "a plan begins with week 0"
    for phase in phases:
        if phase.until_week <= phase.from_week:
            until, begin = phase.until_week, phase.from_week
            yield f"phases.{phase.name}.until_week", f"it ends with {until}, not after from_week, {begin}"
    for before, phase in pairwise(phases):
        path, begin = f"phases.{phase.name}.from_week", phase.from_week
        if begin <= before.from_week:
            yield path, f"{begin} is not after {before.from_week}, where phase {before.name} begins"
        if begin > before.until_week:
            yield path, f"{begin} leaves a gap after week {before.until_week}, where {before.name} ends"
        if phase.until_week < before.until_week:
            yield f"phases.{phase.name}.until_week", f"it ends before phase {before.name} does"
    yield from _name_faults(phases)


def _name_faults(phases: tuple[PlanPhase, ...]) -> Iterator[Fault]:
    seen: set[str] = set()
    for phase in phases:
        for one in phase.prescriptions:
            if one.name in seen:
                yield f"phases.{phase.name}.prescriptions.{one.name}", "another one has this name"
            seen.add(one.name)
        yield from _doubled_exercises(phase)


def _doubled_exercises(phase: PlanPhase) -> Iterator[Fault]:
    taken: dict[tuple[str, str], str] = {}
    for one in phase.prescriptions:
        for leg in one.side.thighs:
            other = taken.setdefault((one.exercise, leg), one.name)
            if other != one.name:
                path = f"phases.{phase.name}.prescriptions.{one.name}.exercise"
                yield path, f"{other} is the same for the same leg: a set could be of either"


def _prescription_faults(one: Prescription, path: str) -> Iterator[Fault]:
    days = one.days_a_week
    if one.hours_between * days.high > _HOURS_IN_DAY * _DAYS_IN_WEEK:
        needed = f"{days.high} times {one.hours_between} hours are more than a week"
        yield f"{path}.hours_between", f"{needed}: days_a_week do not fit"
    numbers = sorted(day.number for day in one.weekdays)
    if numbers:
        if len(set(numbers)) < len(numbers):
            yield f"{path}.weekdays", "a day stands there twice"
        if not days.low <= len(numbers) <= days.high:
            yield f"{path}.weekdays", f"{len(numbers)} days do not fit days_a_week, {days.text}"
        following = [*numbers[1:], numbers[0] + _DAYS_IN_WEEK]
        closest = min(after - day for day, after in zip(numbers, following, strict=True))
        if closest * _HOURS_IN_DAY < one.hours_between:
            apart = closest * _HOURS_IN_DAY
            yield (
                f"{path}.weekdays",
                f"two days are {apart} hours apart, not hours_between, {one.hours_between}",
            )
    if one.tempo is not None and one.hold_s is not None:
        held_s = float(one.tempo.split("-")[1])
        if held_s != one.hold_s:
            yield f"{path}.tempo", f"it holds for {held_s:g} s, hold_s for {one.hold_s:g} s"


def _band_faults(band: PrescribedBand, plan: Plan, path: str) -> Iterator[Fault]:
    level, rules = band.level, plan.rules
    if not plan.ladder.knows(level.colour):
        known = ", ".join(one.colour for one in plan.ladder.bands)
        yield f"{path}.colour", f"{level.colour[:40]!r} is none of the bands {known}"
    lowest, highest = rules.elongation_lowest_percent, rules.elongation_highest_percent
    if not lowest <= level.elongation_percent <= highest:
        given = f"{level.elongation_percent:g}"
        yield f"{path}.elongation_percent", f"{given} is not from {lowest:g} to {highest:g}, as the rules say"


def _exercise_faults(one: Prescription, exercises: Mapping[str, Exercise], path: str) -> Iterator[Fault]:
    exercise = exercises.get(one.exercise)
    if exercise is None:
        name = one.exercise[:40]
        yield f"{path}.exercise", f"there is no exercise {name!r}: `tracker exercises` lists them"
        return
    band = one.band
    claimed = None if band is None else band.claimed
    if (
        band is not None
        and claimed is BandLoad.INTERNAL_ROTATION
        and not loads_internal_rotation(band.placement, exercise.signal)
    ):
        yield f"{path}.band.loads", f"{one.exercise} does not turn the thigh: it loads no internal rotation"
