"""A guide through a session's steps that the person steers: pause, go on, skip, once more, finish."""

from dataclasses import replace

from tracker.model import Edge, PhaseKind, PhaseMark, ReferenceRecipe
from tracker.session.asked_again import (
    REFUSABLE,
    after_pause,
    after_refusal,
    further_rest_tests,
    left_out_note,
)
from tracker.session.guide import COUNTED, Board, GuideParameters, Step, is_over, one_rest_test
from tracker.session.guide_position import GuidePosition
from tracker.session.prompt import Prompt

VERDICT_S = 3.0
"""So long after the last step the guide waits at least for the analysis to take or refuse it: some sensors
send every 2.5 s, and the legs wait a second for a pelvis that is away."""


class SteeredConductor:
    """Leads through steps one after the other, from the first call of `advance` on, and is steered meanwhile.

    What the person says acts with the next call of `advance`. A pose, knee lift or rest test that the
    analysis refuses is asked for again by itself; not while a sensor that it lacked is away, when further
    repeats of a rest test are left out too. After the last step the guide waits for `finish`, or for a
    further rest test, and ends by itself after `finish_wait_s`.
    """

    def __init__(self, steps: tuple[Step, ...], parameters: GuideParameters) -> None:
        self._steps = list(steps)
        self._parameters = parameters
        self._number = 0
        self._shown_at_s: float | None = None
        self._began_at_s: float | None = None
        self._paused = False
        self._paused_at_s: float | None = None
        self._broken_off = False
        self._asked_first: Step | None = None
        self._skips = False
        self._finished = False
        self._repeat_at = -1
        self._unjudged: tuple[Step, float] | None = None
        self._rest_began_s: float | None = None
        self._left_out: tuple[Step, ...] = ()

    @property
    def done(self) -> bool:
        """True when the session was finished, or nobody answered for long after the last step."""
        return self._finished and self._began_at_s is None

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps as they stand now, further rest tests among them."""
        return tuple(self._steps)

    def pause(self) -> None:
        """Let nothing go on: what is waited for stands still, a phase that is on ends now.

        After `resume` the same step is asked for again; a set with the repetitions that are still missing.
        That is measured apart, since what went on in between is not known, and counts as one set with it.
        """
        self._paused = True
        self._skips = False

    def resume(self) -> None:
        """Go on after a pause."""
        self._paused = False

    def skip(self) -> None:
        """Begin at once what is waited for, or end what is on; nothing in a pause.

        Twice before the guide looks at it is once: a bouncing key must not skip two steps.
        """
        self._skips = not self._paused and self._present is not None

    def say_done(self) -> None:
        """The person is done with what is on: it ends. Nothing happens while a step waits."""
        if self._began_at_s is not None:
            self.skip()

    def finish(self) -> None:
        """End the session: a phase that is on ends now, and no further one begins."""
        self._finished = True

    def repeat_rest_test(self) -> None:
        """Reference pose and rest test once more.

        They come after the present step, and not between a reference pose and its rest test; where further
        rest tests are asked for anyway, after the next one of them. Nothing happens while a further one that
        was asked for waits, or where the session has none.
        """
        if not self._can_repeat():
            return
        recipe, *others = self._first_references()
        place = self._place_of_repeat()
        self._steps[place:place] = one_rest_test(
            self._parameters, recipe, pelvis_worn=bool(others), again=True
        )
        self._repeat_at = place
        if place == self._number:
            self._shown_at_s = None

    def position(self, now_s: float) -> GuidePosition:
        """Where the session is at a time of the recording's time line."""
        step, total = self._present, len(self._steps)
        running = self._began_at_s is not None
        alike = [] if step is None or step.kind is not PhaseKind.SET else self._sets_like(step)
        return GuidePosition(
            step=step,
            number=min(self._number + 1, total),
            total=total,
            running=running,
            paused=self._paused,
            resting=step is not None and not running and self._comes_after_a_set(step),
            seconds_left=self._seconds_left(now_s),
            set_number=alike.index(self._number) + 1 if alike else None,
            sets=len(alike) or None,
            can_repeat_rest_test=self._can_repeat(),
        )

    def advance(self, now_s: float, board: Board) -> list[PhaseMark]:
        """The marks that are due at a time of the recording's time line, in order."""
        if self._finished:
            return self._end_phase(now_s)
        if self._paused:
            return self._stand_still(now_s)
        self._go_on(now_s, board)
        self._leave_out_or_put_back(board)
        self._ask_again_if_refused(board)
        skips, self._skips = self._skips, False
        if self._shown_at_s is None:
            self._shown_at_s = now_s
        step = self._present
        if step is None:
            verdict_s = 0.0 if self._unjudged is None else VERDICT_S
            self._finished = now_s >= self._shown_at_s + max(self._parameters.finish_wait_s, verdict_s)
            return []
        if self._began_at_s is None:
            if not skips and now_s < self._shown_at_s + step.wait_s:
                return []
            self._began_at_s = now_s
            self._unjudged, self._left_out = None, ()
            if step.kind is PhaseKind.REST:
                self._rest_began_s = now_s
            if step.kind in COUNTED:
                board.begin_set()
            return [step.mark(Edge.START, now_s)]
        if skips or is_over(step, self._began_at_s, now_s, board, self._parameters):
            if step.kind in REFUSABLE and not skips:
                self._unjudged = (step, self._began_at_s)
            marks = self._end_phase(now_s)
            self._next()
            return marks
        return []

    def stop(self, now_s: float) -> list[PhaseMark]:
        """End what is on, and the session."""
        self._finished = True
        return self._end_phase(now_s)

    def prompt(self, now_s: float) -> Prompt:
        """What the person reads now."""
        step, left_s = self._present, self._seconds_left(now_s)
        if self._finished:
            return Prompt("Done.")
        if self._paused:
            return Prompt("Paused.", None if step is None else step.kind)
        if step is None:
            return Prompt("All steps are done.", seconds_left=left_s)
        return Prompt(step.text, step.kind, self._began_at_s is not None, left_s)

    @property
    def _present(self) -> Step | None:
        return self._steps[self._number] if self._number < len(self._steps) else None

    def _next(self) -> None:
        self._number += 1
        self._shown_at_s = self._asked_first = None

    def _end_phase(self, now_s: float) -> list[PhaseMark]:
        step, was_on = self._present, self._began_at_s is not None
        self._shown_at_s = self._began_at_s = None
        return [step.mark(Edge.END, now_s)] if step is not None and was_on else []

    def _stand_still(self, now_s: float) -> list[PhaseMark]:
        if self._paused_at_s is not None:
            return []
        self._paused_at_s = now_s
        self._broken_off = self._began_at_s is not None
        return self._end_phase(now_s) if self._broken_off else []

    def _go_on(self, now_s: float, board: Board) -> None:
        """After a pause: a wait goes on where it stood still, what was broken off is asked for again."""
        paused_at_s, self._paused_at_s = self._paused_at_s, None
        if paused_at_s is None:
            return
        broken_off, self._broken_off = self._broken_off, False
        step = self._present
        if not broken_off or step is None:
            if self._shown_at_s is not None:
                self._shown_at_s += now_s - paused_at_s
            return
        if step.kind in COUNTED and self._asked_first is None:
            self._asked_first = step
        again = after_pause(step, self._asked_first or step, board.most_valid, self._parameters)
        if again is None:
            self._next()
        else:
            self._steps[self._number] = again

    def _ask_again_if_refused(self, board: Board) -> None:
        """What ended by itself and was refused comes once more, before the next step begins."""
        if self._unjudged is None or self._began_at_s is not None:
            return
        step, began_s = self._unjudged
        if step.attempt > self._parameters.refused_again or not board.refused_since(step.kind, began_s):
            return
        self._unjudged = None
        is_rest, references = step.kind is PhaseKind.REST, self._first_references()
        asked_for = self._repeat_at >= self._number
        if is_rest and (asked_for or not references):
            # the person was quicker, or there is no pose to begin with
            return
        again = after_refusal(step, references, self._parameters)
        self._steps[self._number : self._number] = again
        if is_rest:
            self._repeat_at = self._number
        elif asked_for:
            self._repeat_at += len(again)
        self._shown_at_s = self._asked_first = None
        # what was to begin at once was another step
        self._skips = False

    def _leave_out_or_put_back(self, board: Board) -> None:
        """Further rest tests go while the sensor is away that the last one lacked, and come back with it."""
        if self._rest_began_s is None or self._began_at_s is not None:
            return
        lacks, place = board.lacking_since(PhaseKind.REST, self._rest_began_s), self._number
        if lacks is None and self._left_out:
            self._steps[place:place] = self._left_out
            if self._repeat_at >= place:
                self._repeat_at += len(self._left_out)
            self._left_out = ()
        elif lacks is not None and self._repeat_at < place and further_rest_tests(self._steps, place):
            self._left_out = further_rest_tests(self._steps, place)
            del self._steps[place : place + len(self._left_out)]
            board.note(left_out_note(lacks))
        else:
            return
        self._shown_at_s, self._skips = None, False

    def _seconds_left(self, now_s: float) -> float | None:
        step = self._present
        if step is not None and self._began_at_s is not None:
            return None if step.kind in COUNTED else max(0.0, self._began_at_s + step.duration_s - now_s)
        wait_s = self._parameters.finish_wait_s if step is None else step.wait_s
        if self._broken_off:
            # How much is asked for again is decided when it goes on.
            return None
        still_s = now_s if self._paused_at_s is None else self._paused_at_s
        shown_at_s = still_s if self._shown_at_s is None else self._shown_at_s
        return max(0.0, shown_at_s + wait_s - still_s)

    def _sets_like(self, step: Step) -> list[int]:
        asked = (PhaseKind.SET, step.exercise, step.side)
        return [place for place, one in enumerate(self._steps) if (one.kind, one.exercise, one.side) == asked]

    def _comes_after_a_set(self, step: Step) -> bool:
        if self._number == 0 or self._asked_first is not None or self._broken_off:
            return False
        return step.kind in COUNTED and self._steps[self._number - 1].kind is PhaseKind.SET

    def _can_repeat(self) -> bool:
        has_begun = self._began_at_s is not None or self._broken_off
        waits = self._number < self._repeat_at or (self._number == self._repeat_at and not has_begun)
        return not self._finished and not waits and bool(self._first_references())

    def _first_references(self) -> tuple[ReferenceRecipe, ...]:
        """Recipes of the poses before the session's first rest test."""
        found: list[ReferenceRecipe] = []
        for step in self._steps:
            if step.kind is PhaseKind.REST:
                return tuple(found)
            if step.kind is not PhaseKind.REFERENCE or step.recipe is None:
                found = []
            elif step.recipe not in found:
                # a pose that was refused stands there twice
                found.append(step.recipe)
        return ()

    def _place_of_repeat(self) -> int:
        has_begun = self._began_at_s is not None or self._broken_off
        first = min(self._number + has_begun, len(self._steps))
        before_sets = first
        for place in range(first, len(self._steps)):
            kind = self._steps[place].kind
            if kind in COUNTED:
                break
            before_sets = place + 1
            if kind is PhaseKind.REST:
                break
        return before_sets


class StepConductor(SteeredConductor):
    """Leads through steps where nobody says when it is over: the session ends with the last of them."""

    def __init__(self, steps: tuple[Step, ...], parameters: GuideParameters) -> None:
        super().__init__(steps, replace(parameters, finish_wait_s=0.0))
