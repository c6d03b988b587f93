"""What a person is asked to do next, and when: the steps of a session."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tracker.model import Edge, PhaseKind, PhaseMark, ReferenceRecipe, Side
from tracker.motion.counting.demonstration import SHOWN_REPETITIONS
from tracker.session.prompt import Prompt

THIGH_RECIPES = tuple(one for one in ReferenceRecipe if one is not ReferenceRecipe.PELVIS_LEVEL)
"""Recipes that give a thigh its zero; a worn pelvis takes its own with them, or after them."""

COUNTED = (PhaseKind.SET, PhaseKind.DEMONSTRATION)
"""What ends by its repetitions."""


@dataclass(frozen=True, slots=True)
class GuideParameters:
    """How long the steps of a guided session take.

    Attributes:
        prepare_s: from reading what comes next to its beginning.
        standing_s: upright and still; the measurement needs one second.
        reference_s: the neutral pose; the measurement needs one second.
        knee_lift_s: lifting one knee twice.
        settle_s: lying relaxed before the rest test begins: muscles let go within half a minute.
        settle_again_s: the same before the rest test is repeated.
        rest_s: the rest test; the measurement needs five still seconds.
        rest_repeats: how often reference pose and rest test are done in a session.
        refused_again: how often a pose, a knee lift or a rest test that could not be measured is asked for
            again by itself, before the session goes on without it; not while a sensor that it needs is away.
        set_end_s: a set ends when no repetition came for this long after the first one. They count at their
            end: one of 4 s a way that is held for 8 s takes 16 s, a hold of 10 s with its pause as long.
        set_finish_s: the same once the repetitions that were asked for are done.
        set_limit_s: a set ends after this in any case.
        finish_wait_s: after the last step, a session that is steered waits so long to be ended, or for a
            further rest test to be asked for: time to read the last verdict and to decide.
    """

    prepare_s: float = 6.0
    standing_s: float = 4.0
    reference_s: float = 5.0
    knee_lift_s: float = 8.0
    settle_s: float = 30.0
    settle_again_s: float = 12.0
    rest_s: float = 10.0
    rest_repeats: int = field(default=3, metadata={"above": 0})
    refused_again: int = 1
    set_end_s: float = 30.0
    set_finish_s: float = 3.0
    set_limit_s: float = 300.0
    finish_wait_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is asked for.

    Attributes:
        text: what to do, in one line.
        wait_s: time from showing the text to the beginning of the phase.
        duration_s: length of the phase; for a set its longest.
        repetitions: a set ends with this many valid repetitions of a leg; None leaves it to the pause.
        recipe: how a reference pose is made neutral.
        tempo: of a set: seconds there, held and back, as `2-1-3`; None where it does not matter.
        attempt: from 1; higher where the step is asked for again because it was refused.
        goes_on: of a set: a pause broke it off, and this is what follows.
    """

    kind: PhaseKind
    text: str
    wait_s: float
    duration_s: float
    side: Side | None = None
    exercise: str | None = None
    repetitions: int | None = None
    recipe: ReferenceRecipe | None = None
    tempo: str | None = None
    attempt: int = 1
    goes_on: bool = False

    def mark(self, edge: Edge, time_s: float) -> PhaseMark:
        """One of its edges."""
        return PhaseMark(time_s, self.kind, edge, self.side, self.exercise, self.recipe, goes_on=self.goes_on)


_REFERENCE_TEXTS = {
    ReferenceRecipe.PATELLA_UP: "Lie on your back, legs straight, kneecaps pointing straight up. Hold still.",
    ReferenceRecipe.FOOT_BLOCK: (
        "Lie on your back, legs straight, the feet's inner borders upright against the box. Hold still."
    ),
    ReferenceRecipe.HANGING_SHANK: "Sit on the table's edge, thighs level, shanks hanging. Hold still.",
    ReferenceRecipe.PELVIS_LEVEL: "Lie on your back, both front hip bones level. Hold still.",
}
_REST_TEXT = "Let your legs fall where they want to. Relax, and keep lying still."
_REST_AGAIN_TEXT = "Lift both legs a little, shake them, let them drop, and keep lying still."
_LIE_DOWN_TEXT = "Lie down on your back, legs straight."


def rest_test_steps(
    parameters: GuideParameters, recipe: ReferenceRecipe, repeats: int, *, pelvis_worn: bool = False
) -> tuple[Step, ...]:
    """Standing, then reference pose and rest test, as often as they are repeated.

    Args:
        pelvis_worn: a pelvis sensor takes its zero lying, also where the thighs take theirs sitting.
    """
    standing = "Stand upright and still, feet pointing forwards."
    steps = [Step(PhaseKind.STANDING, standing, parameters.prepare_s, parameters.standing_s)]
    for number in range(repeats):
        steps += one_rest_test(parameters, recipe, pelvis_worn=pelvis_worn, again=number > 0)
    return tuple(steps)


def one_rest_test(
    parameters: GuideParameters, recipe: ReferenceRecipe, *, pelvis_worn: bool, again: bool
) -> tuple[Step, ...]:
    """Reference pose and rest test once.

    Args:
        again: the person lies already, and the legs are shaken loose before.
    """
    prepare_s = parameters.prepare_s
    sits = recipe is ReferenceRecipe.HANGING_SHANK
    poses = [recipe, ReferenceRecipe.PELVIS_LEVEL] if sits and pelvis_worn else [recipe]
    # Lying down, or sitting up, takes twice the time of getting ready.
    wait_s = prepare_s if again and not sits else 2 * prepare_s
    references = [
        Step(PhaseKind.REFERENCE, _REFERENCE_TEXTS[pose], wait_s, parameters.reference_s, recipe=pose)
        for pose in poses
    ]
    text, settle_s = (
        (_REST_AGAIN_TEXT, parameters.settle_again_s) if again else (_REST_TEXT, parameters.settle_s)
    )
    if sits and not pelvis_worn:
        text, settle_s = f"{_LIE_DOWN_TEXT} {text}", settle_s + 2 * prepare_s
    return (*references, Step(PhaseKind.REST, text, settle_s, parameters.rest_s))


def knee_lift_steps(sides: Sequence[Side], parameters: GuideParameters) -> tuple[Step, ...]:
    """One knee after the other: tells which sensor is on which leg, and which way round it sits."""
    return tuple(
        Step(
            PhaseKind.KNEE_LIFT,
            f"Lie flat and still; then slide your {side.value} heel up and back, twice.",
            2 * parameters.prepare_s,
            parameters.knee_lift_s,
            side,
        )
        for side in sides
    )


def demonstration_step(exercise: str, text: str, side: Side | None, parameters: GuideParameters) -> Step:
    """Three repetitions that show the person's own range."""
    return Step(
        PhaseKind.DEMONSTRATION,
        f"Show {SHOWN_REPETITIONS} repetitions, as far as is comfortable. {text}",
        parameters.prepare_s,
        parameters.set_limit_s,
        side,
        exercise,
        SHOWN_REPETITIONS,
    )


def set_step(
    exercise: str, text: str, side: Side | None, repetitions: int | None, parameters: GuideParameters
) -> Step:
    """One set of an exercise."""
    return Step(
        PhaseKind.SET, text, parameters.prepare_s, parameters.set_limit_s, side, exercise, repetitions
    )


class Board(Protocol):
    """What a guide sees of the session that it leads through, and says to it."""

    @property
    def last_closed_s(self) -> float | None:
        """When the last repetition of the present set was closed; None before the first."""
        ...

    @property
    def most_valid(self) -> int:
        """Valid repetitions in the present set of the leg that has most."""
        ...

    def known_until_s(self, now_s: float) -> float:
        """Up to when it is known what the legs did."""
        ...

    def refused_since(self, kind: PhaseKind, since_s: float) -> bool:
        """Whether what ended after a time was refused, of any sensor, and may be taken if done again."""
        ...

    def lacking_since(self, kind: PhaseKind, since_s: float) -> str | None:
        """Why what ended after a time was refused, where the sensor that it lacked is still away."""
        ...

    def note(self, text: str) -> None:
        """Tell the person a line of news."""
        ...

    def begin_set(self) -> None:
        """A set begins: its counts are zero."""
        ...


class Conductor(Protocol):
    """Decides when phases begin and end, and what the person reads."""

    @property
    def done(self) -> bool:
        """True when the last phase has ended."""
        ...

    def advance(self, now_s: float, board: Board) -> list[PhaseMark]:
        """The marks that are due at a time of the recording's time line, in order."""
        ...

    def stop(self, now_s: float) -> list[PhaseMark]:
        """End what is on, because the person stops."""
        ...

    def prompt(self, now_s: float) -> Prompt:
        """What the person reads now."""
        ...


def is_over(step: Step, began_s: float, now_s: float, board: Board, parameters: GuideParameters) -> bool:
    """Whether the phase of a step that began at a time has lasted long enough, or has its repetitions."""
    if now_s >= began_s + step.duration_s:
        return True
    if step.kind not in COUNTED or board.last_closed_s is None:
        return False
    quiet_s = board.known_until_s(now_s) - board.last_closed_s
    enough = step.repetitions is not None and board.most_valid >= step.repetitions
    return quiet_s >= (parameters.set_finish_s if enough else parameters.set_end_s)
