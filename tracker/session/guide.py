"""What a person is asked to do next, and when: the steps of a session."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tracker.model import Edge, Phase, PhaseKind, PhaseMark, ReferenceRecipe, Side
from tracker.motion.counting.demonstration import SHOWN_REPETITIONS
from tracker.session.status import Prompt, StatusBoard

THIGH_RECIPES = tuple(one for one in ReferenceRecipe if one is not ReferenceRecipe.PELVIS_LEVEL)
"""Recipes that give a thigh its zero; a worn pelvis takes its own with them, or after them."""

_COUNTED = (PhaseKind.SET, PhaseKind.DEMONSTRATION)


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
        set_end_s: a set ends when no repetition came for this long after the first one. They count at their
            end: one of 4 s a way that is held for 8 s takes 16 s, a hold of 10 s with its pause as long.
        set_finish_s: the same once the repetitions that were asked for are done.
        set_limit_s: a set ends after this in any case.
    """

    prepare_s: float = 6.0
    standing_s: float = 4.0
    reference_s: float = 5.0
    knee_lift_s: float = 8.0
    settle_s: float = 30.0
    settle_again_s: float = 12.0
    rest_s: float = 10.0
    rest_repeats: int = field(default=3, metadata={"above": 0})
    set_end_s: float = 30.0
    set_finish_s: float = 3.0
    set_limit_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is asked for.

    Attributes:
        text: what to do, in one line.
        wait_s: time from showing the text to the beginning of the phase.
        duration_s: length of the phase; for a set its longest.
        repetitions: a set ends with this many valid repetitions of a leg; None leaves it to the pause.
        recipe: how a reference pose is made neutral.
    """

    kind: PhaseKind
    text: str
    wait_s: float
    duration_s: float
    side: Side | None = None
    exercise: str | None = None
    repetitions: int | None = None
    recipe: ReferenceRecipe | None = None

    def mark(self, edge: Edge, time_s: float) -> PhaseMark:
        """One of its edges."""
        return PhaseMark(time_s, self.kind, edge, self.side, self.exercise, self.recipe)


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
    prepare_s = parameters.prepare_s
    standing = "Stand upright and still, feet pointing forwards."
    steps = [Step(PhaseKind.STANDING, standing, prepare_s, parameters.standing_s)]
    sits = recipe is ReferenceRecipe.HANGING_SHANK
    poses = [recipe, ReferenceRecipe.PELVIS_LEVEL] if sits and pelvis_worn else [recipe]
    for number in range(repeats):
        for pose in poses:
            # Lying down, or sitting up, takes twice the time of getting ready.
            wait_s = prepare_s if number and not sits else 2 * prepare_s
            text = _REFERENCE_TEXTS[pose]
            steps.append(Step(PhaseKind.REFERENCE, text, wait_s, parameters.reference_s, recipe=pose))
        text, wait_s = (
            (_REST_AGAIN_TEXT, parameters.settle_again_s) if number else (_REST_TEXT, parameters.settle_s)
        )
        if sits and not pelvis_worn:
            text, wait_s = f"{_LIE_DOWN_TEXT} {text}", wait_s + 2 * prepare_s
        steps.append(Step(PhaseKind.REST, text, wait_s, parameters.rest_s))
    return tuple(steps)


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


class Conductor(Protocol):
    """Decides when phases begin and end, and what the person reads."""

    @property
    def done(self) -> bool:
        """True when the last phase has ended."""
        ...

    def advance(self, now_s: float, board: StatusBoard) -> list[PhaseMark]:
        """The marks that are due at a time of the recording's time line, in order."""
        ...

    def stop(self, now_s: float) -> list[PhaseMark]:
        """End what is on, because the person stops."""
        ...

    def prompt(self, now_s: float) -> Prompt:
        """What the person reads now."""
        ...


class StepConductor:
    """Leads through steps one after the other, from the first call of `advance` on."""

    def __init__(self, steps: tuple[Step, ...], parameters: GuideParameters) -> None:
        self._steps = steps
        self._parameters = parameters
        self._number = 0
        self._shown_at_s: float | None = None
        self._began_at_s: float | None = None

    @property
    def done(self) -> bool:
        """True when the last step has ended."""
        return self._number >= len(self._steps)

    def advance(self, now_s: float, board: StatusBoard) -> list[PhaseMark]:
        """The marks that are due now."""
        if self.done:
            return []
        step = self._steps[self._number]
        if self._shown_at_s is None:
            self._shown_at_s = now_s
        if self._began_at_s is None:
            if now_s < self._shown_at_s + step.wait_s:
                return []
            self._began_at_s = now_s
            if step.kind in _COUNTED:
                board.begin_set()
            return [step.mark(Edge.START, now_s)]
        return self.stop(now_s) if self._is_over(step, self._began_at_s, now_s, board) else []

    def stop(self, now_s: float) -> list[PhaseMark]:
        """End the present step and go on to the next."""
        if self.done:
            return []
        step = self._steps[self._number]
        was_on = self._began_at_s is not None
        self._number += 1
        self._shown_at_s = self._began_at_s = None
        return [step.mark(Edge.END, now_s)] if was_on else []

    def prompt(self, now_s: float) -> Prompt:
        """The present step."""
        if self.done:
            return Prompt("Done.")
        step = self._steps[self._number]
        if self._began_at_s is None:
            shown_s = now_s if self._shown_at_s is None else self._shown_at_s
            return Prompt(step.text, step.kind, False, max(0.0, shown_s + step.wait_s - now_s))
        left_s = None if step.kind in _COUNTED else self._began_at_s + step.duration_s - now_s
        return Prompt(step.text, step.kind, True, left_s)

    def _is_over(self, step: Step, began_s: float, now_s: float, board: StatusBoard) -> bool:
        if now_s >= began_s + step.duration_s:
            return True
        if step.kind not in _COUNTED or board.last_closed_s is None:
            return False
        quiet_s = board.known_until_s(now_s) - board.last_closed_s
        enough = step.repetitions is not None and board.most_valid >= step.repetitions
        return quiet_s >= (self._parameters.set_finish_s if enough else self._parameters.set_end_s)


class ScriptConductor:
    """Follows a script that is known beforehand, as the simulated body does.

    Args:
        phases: phases by their times on the script.
        texts: what the person reads, by kind of phase.
        begins_s: when the script begins on the recording's time line; None while it has not begun.
    """

    def __init__(
        self,
        phases: tuple[Phase, ...],
        texts: Mapping[PhaseKind, str],
        begins_s: Callable[[], float | None],
        duration_s: float,
    ) -> None:
        self._phases = phases
        self._texts = texts
        self._begins_s = begins_s
        self._duration_s = duration_s
        edges = [(phase.start_s, Edge.START, phase) for phase in phases]
        edges += [(phase.end_s, Edge.END, phase) for phase in phases]
        self._edges = sorted(edges, key=lambda edge: (edge[0], edge[1] is Edge.START))
        self._open: Phase | None = None
        self._stopped = False

    @property
    def done(self) -> bool:
        """True when the script is over."""
        return self._stopped

    def advance(self, now_s: float, board: StatusBoard) -> list[PhaseMark]:
        """The marks that are due now."""
        begins_s = self._begins_s()
        marks: list[PhaseMark] = []
        while begins_s is not None and self._edges and begins_s + self._edges[0][0] <= now_s:
            _, edge, phase = self._edges.pop(0)
            marks.append(phase.mark(edge, now_s))
            self._open = phase if edge is Edge.START else None
            if edge is Edge.START and phase.kind in _COUNTED:
                board.begin_set()
        if begins_s is not None and now_s >= begins_s + self._duration_s:
            self._stopped = True
        return marks

    def stop(self, now_s: float) -> list[PhaseMark]:
        """End what is on, and the script."""
        self._stopped = True
        phase, self._open = self._open, None
        return [] if phase is None else [phase.mark(Edge.END, now_s)]

    def prompt(self, now_s: float) -> Prompt:
        """The phase that is on, or the one that comes."""
        begins_s = self._begins_s()
        if begins_s is None:
            return Prompt("The sensors begin to send.")
        if self._open is not None:
            text = self._texts[self._open.kind]
            return Prompt(text, self._open.kind, True, begins_s + self._open.end_s - now_s)
        if not self._edges:
            return Prompt("Done.")
        start_s, _, phase = self._edges[0]
        return Prompt(self._texts[phase.kind], phase.kind, False, begins_s + start_s - now_s)
