"""The steps of a session that does what a plan asks for: one target after the other, with its rests."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from tracker.model import Placement, SetTarget
from tracker.plan.catalogue import Catalogue, CatalogueEntry
from tracker.session.guide import GuideParameters, Step, demonstration_step, set_step


def split_by_sensors(
    targets: Iterable[SetTarget], worn: Collection[Placement], catalogue: Catalogue
) -> tuple[tuple[SetTarget, ...], tuple[SetTarget, ...]]:
    """The targets that can be counted with the sensors that are worn, and those that cannot."""
    countable: list[SetTarget] = []
    others: list[SetTarget] = []
    for target in targets:
        needed = catalogue.find(target.exercise).placements
        legs = (*target.side.thighs, Placement.PELVIS)
        can = all(placement in worn for placement in needed if placement in legs)
        (countable if can else others).append(target)
    return tuple(countable), tuple(others)


def plan_steps(
    targets: Iterable[SetTarget],
    catalogue: Catalogue,
    parameters: GuideParameters,
    *,
    demonstrate: bool = False,
) -> tuple[Step, ...]:
    """All sets of all targets, each with the repetitions at the top of its range.

    The rest after a set is the wait before the next one, also where that is another exercise.

    Args:
        demonstrate: before the first set of each target the own range is shown.
    """
    steps: list[Step] = []
    rest_s = 0.0
    for target in targets:
        entry = catalogue.find(target.exercise)
        if demonstrate:
            text = f"{entry.start_pose} {entry.movement}"
            shown = demonstration_step(target.exercise, text, target.side, parameters)
            steps.append(_after(shown, rest_s))
            rest_s = 0.0
        for number in range(1, target.sets + 1):
            text = _text(entry, target, number)
            one = set_step(target.exercise, text, target.side, target.reps_high, parameters)
            steps.append(replace(_after(one, rest_s), tempo=target.tempo))
            rest_s = target.rest_s or 0.0
    return tuple(steps)


def _after(step: Step, rest_s: float) -> Step:
    """A step that is waited for at least so long."""
    return replace(step, wait_s=max(step.wait_s, rest_s))


def _text(entry: CatalogueEntry, target: SetTarget, number: int) -> str:
    """What is asked for, in one line: which set, how many, how held, with which band, and how it is done."""
    low, high = target.reps_low, target.reps_high
    asked = [f"{low} to {high}" if low < high else f"{high}"]
    if target.hold_s is not None:
        asked.append(f"hold each {target.hold_s:g} s")
    if target.tempo is not None:
        asked.append(f"tempo {target.tempo}")
    if target.band_placement not in (None, "none"):
        stretched = "" if target.elongation_percent is None else f" +{target.elongation_percent:g} %"
        asked.append(f"{target.band_colour or 'your'} band{stretched} at the {target.band_placement}")
    which = f"{entry.title}, set {number} of {target.sets}"
    return f"{which}: {', '.join(asked)}. {entry.start_pose} {entry.movement}"
