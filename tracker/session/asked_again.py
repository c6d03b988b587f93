"""What is asked for once more, as a pause broke it off or the analysis refused it, and what no more."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from tracker.model import PhaseKind, ReferenceRecipe
from tracker.session.guide import GuideParameters, Step, one_rest_test

REFUSABLE = (PhaseKind.STANDING, PhaseKind.REFERENCE, PhaseKind.KNEE_LIFT, PhaseKind.REST)
"""What the analysis takes or refuses once it is over."""

_OPEN_AGAIN = "The set goes on."
_ONE_AGAIN = "1 repetition is still to do."
_MANY_AGAIN = "{count} repetitions are still to do."
_REFUSED_AGAIN = "That could not be measured; once more."


def after_pause(step: Step, first: Step, most_valid: int, parameters: GuideParameters) -> Step | None:
    """A step that a pause broke off, to be done anew; a set goes on.

    Args:
        step: as it was asked for when it was broken off.
        first: as it was asked for before the first pause.
        most_valid: valid repetitions of it that were counted, of the leg that has most.

    Returns:
        What to ask for; None where nothing of it is missing.
    """
    if step.kind not in (PhaseKind.SET, PhaseKind.DEMONSTRATION):
        return step
    step = replace(step, wait_s=parameters.prepare_s)
    if step.kind is PhaseKind.DEMONSTRATION:
        return step
    step = replace(step, goes_on=True)
    if step.repetitions is None:
        return replace(step, text=f"{_OPEN_AGAIN} {first.text}")
    missing = step.repetitions - most_valid
    if missing <= 0:
        return None
    told = _ONE_AGAIN if missing == 1 else _MANY_AGAIN.format(count=missing)
    return replace(step, repetitions=missing, text=f"{told} {first.text}")


def after_refusal(
    step: Step, references: tuple[ReferenceRecipe, ...], parameters: GuideParameters
) -> tuple[Step, ...]:
    """A pose, a knee lift or a rest test that was refused, to be done anew.

    A rest test is done again with its reference pose, as every one is.

    Args:
        references: recipes of the poses before the session's first rest test; needed for a rest test.
    """
    attempt = step.attempt + 1
    if step.kind is not PhaseKind.REST:
        told = step if step.attempt > 1 else _told_why(step)
        return (replace(told, attempt=attempt),)
    recipe, *others = references
    first, *rest = one_rest_test(parameters, recipe, pelvis_worn=bool(others), again=True)
    rest[-1] = replace(rest[-1], attempt=attempt)
    return (_told_why(first), *rest)


def further_rest_tests(steps: Sequence[Step], place: int) -> tuple[Step, ...]:
    """The repeats from a place on, with nothing else in between; empty where no rest test was just before.

    Args:
        place: of a step that has not begun.
    """
    if place == 0 or steps[place - 1].kind is not PhaseKind.REST:
        return ()
    return tuple(takewhile(lambda one: one.kind in (PhaseKind.REFERENCE, PhaseKind.REST), steps[place:]))


def left_out_note(lacks: str) -> str:
    """What is said once where a sensor that is away makes further rest tests useless."""
    return f"{lacks}: further rest tests are left out until the sensor sends again"


def _told_why(first: Step) -> Step:
    return replace(first, text=f"{_REFUSED_AGAIN} {first.text}")
