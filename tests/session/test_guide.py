"""The steps that a person is led through: what is asked for, how long, in which order, with which marks."""

from dataclasses import replace
from itertools import pairwise

import pytest
from frame_bench import PARAMETERS
from pipeline_bench import LEFT, RIGHT

from tracker.model import Edge, Phase, PhaseKind, PhaseMark, ReferenceRecipe, Side
from tracker.motion.counting.closed import RepetitionClosed
from tracker.plan.catalogue import load_catalogue
from tracker.session.analyser import SessionAnalyser
from tracker.session.events import KneeLifted
from tracker.session.guide import (
    Conductor,
    GuideParameters,
    Step,
    demonstration_step,
    knee_lift_steps,
    rest_test_steps,
    set_step,
)
from tracker.session.prompt import Prompt
from tracker.session.script_conductor import ScriptConductor
from tracker.session.status import StatusBoard
from tracker.session.steered_guide import StepConductor

GUIDE = GuideParameters(
    prepare_s=3.0,
    standing_s=4.0,
    reference_s=5.0,
    knee_lift_s=8.0,
    settle_s=30.0,
    settle_again_s=12.0,
    rest_s=10.0,
    set_end_s=15.0,
    set_finish_s=2.0,
    set_limit_s=120.0,
)
OF_THIGHS = (ReferenceRecipe.PATELLA_UP, ReferenceRecipe.FOOT_BLOCK, ReferenceRecipe.HANGING_SHANK)
SHOWN_IN_TEXT = {
    ReferenceRecipe.PATELLA_UP: "kneecaps pointing straight up",
    ReferenceRecipe.FOOT_BLOCK: "upright against the box",
    ReferenceRecipe.HANGING_SHANK: "Sit on the table's edge, thighs level, shanks hanging",
    ReferenceRecipe.PELVIS_LEVEL: "both front hip bones level",
}


def kinds(steps: tuple[Step, ...]) -> list[PhaseKind]:
    """What each step is."""
    return [step.kind for step in steps]


@pytest.mark.parametrize("recipe", OF_THIGHS)
@pytest.mark.parametrize("repeats", [1, 3, 10])
def test_reference_pose_and_rest_test_are_repeated_after_standing_once(
    recipe: ReferenceRecipe, repeats: int
) -> None:
    steps = rest_test_steps(GUIDE, recipe, repeats)
    assert kinds(steps) == [PhaseKind.STANDING, *[PhaseKind.REFERENCE, PhaseKind.REST] * repeats]
    references = [step for step in steps if step.kind is PhaseKind.REFERENCE]
    assert {step.recipe for step in references} == {recipe}
    assert all(SHOWN_IN_TEXT[recipe] in step.text for step in references)
    assert all(step.side is None and step.exercise is None for step in steps)


def test_each_step_takes_the_time_of_the_settings() -> None:
    steps = rest_test_steps(GUIDE, ReferenceRecipe.PATELLA_UP, 3)
    durations_s = {PhaseKind.STANDING: 4.0, PhaseKind.REFERENCE: 5.0, PhaseKind.REST: 10.0}
    assert [step.duration_s for step in steps] == [durations_s[step.kind] for step in steps]
    # Lying down from standing takes twice the time of getting ready; muscles let go once.
    assert [step.wait_s for step in steps] == [3.0, 6.0, 30.0, 3.0, 12.0, 3.0, 12.0]


def test_the_legs_are_lifted_and_dropped_before_a_rest_test_is_repeated() -> None:
    rests = [
        step.text
        for step in rest_test_steps(GUIDE, ReferenceRecipe.FOOT_BLOCK, 3)
        if step.kind is PhaseKind.REST
    ]
    assert rests[0] == "Let your legs fall where they want to. Relax, and keep lying still."
    assert rests[1:] == ["Lift both legs a little, shake them, let them drop, and keep lying still."] * 2


@pytest.mark.parametrize("pelvis_worn", [False, True])
def test_who_sat_for_the_reference_pose_is_told_to_lie_down_and_has_the_time_for_it(
    pelvis_worn: bool,
) -> None:
    """Sitting on an edge is no rest test on the back; only the pelvis's own pose would ask for lying."""
    steps = rest_test_steps(GUIDE, ReferenceRecipe.HANGING_SHANK, 2, pelvis_worn=pelvis_worn)
    for sitting, lying in pairwise(steps):
        if sitting.recipe is ReferenceRecipe.HANGING_SHANK:
            assert lying.text.startswith("Lie ")
            assert "on your back, " in lying.text
    rests = [step.wait_s for step in steps if step.kind is PhaseKind.REST]
    assert rests == ([30.0, 12.0] if pelvis_worn else [36.0, 18.0])
    assert {step.wait_s for step in steps if step.kind is PhaseKind.REFERENCE} == {6.0}


@pytest.mark.parametrize("pelvis_worn", [False, True])
@pytest.mark.parametrize("recipe", OF_THIGHS)
def test_only_a_worn_pelvis_needs_a_pose_of_its_own_and_only_where_the_thighs_sit(
    recipe: ReferenceRecipe, pelvis_worn: bool
) -> None:
    steps = rest_test_steps(GUIDE, recipe, 2, pelvis_worn=pelvis_worn)
    taken = [step.recipe for step in steps if step.kind is PhaseKind.REFERENCE]
    sits = recipe is ReferenceRecipe.HANGING_SHANK
    poses = [recipe, ReferenceRecipe.PELVIS_LEVEL] if sits and pelvis_worn else [recipe]
    assert taken == poses * 2
    last = [one for one, after in pairwise(steps) if after.kind is PhaseKind.REST]
    assert [step.recipe for step in last] == [poses[-1]] * 2
    assert SHOWN_IN_TEXT[poses[-1]] in last[0].text


def test_the_marks_of_a_step_tell_all_that_the_step_is() -> None:
    reference = rest_test_steps(GUIDE, ReferenceRecipe.FOOT_BLOCK, 1)[1]
    assert reference.mark(Edge.START, 7.5) == PhaseMark(
        7.5, PhaseKind.REFERENCE, Edge.START, recipe=ReferenceRecipe.FOOT_BLOCK
    )
    shown = demonstration_step("heel_slide", "Slide.", Side.LEFT, GUIDE)
    assert shown.mark(Edge.END, 9.0) == PhaseMark(
        9.0, PhaseKind.DEMONSTRATION, Edge.END, Side.LEFT, "heel_slide"
    )
    [lift] = knee_lift_steps([Side.RIGHT], GUIDE)
    assert lift.mark(Edge.START, 1.0) == PhaseMark(1.0, PhaseKind.KNEE_LIFT, Edge.START, Side.RIGHT)


@pytest.mark.parametrize("sides", [(), (Side.LEFT,), (Side.LEFT, Side.RIGHT), (Side.RIGHT, Side.LEFT)])
def test_one_knee_after_the_other_is_lifted_from_lying_flat(sides: tuple[Side, ...]) -> None:
    steps = knee_lift_steps(sides, GUIDE)
    assert [step.side for step in steps] == list(sides)
    for step, side in zip(steps, sides, strict=True):
        assert step.kind is PhaseKind.KNEE_LIFT
        assert (step.wait_s, step.duration_s) == (6.0, 8.0)
        assert step.text == f"Lie flat and still; then slide your {side.value} heel up and back, twice."


@pytest.mark.parametrize("side", [None, Side.LEFT, Side.BOTH])
def test_a_demonstration_asks_for_three_repetitions_as_far_as_is_comfortable(side: Side | None) -> None:
    step = demonstration_step("supine_in_toeing", "Roll both legs inwards.", side, GUIDE)
    assert step.kind is PhaseKind.DEMONSTRATION
    assert step.text == "Show 3 repetitions, as far as is comfortable. Roll both legs inwards."
    assert (step.exercise, step.side, step.repetitions) == ("supine_in_toeing", side, 3)
    assert (step.wait_s, step.duration_s) == (3.0, 120.0)


def test_a_set_asks_for_the_repetitions_that_were_asked_for() -> None:
    for repetitions in (None, 12):
        step = set_step("bridge", "Raise the pelvis.", Side.BOTH, repetitions, GUIDE)
        assert (step.kind, step.text) == (PhaseKind.SET, "Raise the pelvis.")
        assert (step.exercise, step.side, step.repetitions) == ("bridge", Side.BOTH, repetitions)
        assert (step.wait_s, step.duration_s) == (3.0, 120.0)


def test_every_text_is_one_line_and_says_something() -> None:
    steps = [
        *knee_lift_steps((Side.LEFT, Side.RIGHT), GUIDE),
        demonstration_step("bridge", "Raise the pelvis.", None, GUIDE),
    ]
    for recipe in ReferenceRecipe:
        steps += rest_test_steps(GUIDE, recipe, 2, pelvis_worn=True)
    for step in steps:
        assert len(step.text) > 20
        assert "\n" not in step.text
        assert step.text.endswith(".")


def test_phases_are_long_enough_for_what_is_measured_in_them() -> None:
    shipped, motion = GuideParameters(), PARAMETERS.motion
    assert shipped.standing_s > motion.alignment.minimum_still_s
    assert shipped.reference_s > motion.alignment.minimum_still_s
    assert shipped.rest_s > motion.rest_test.minimum_still_s


class Stage:
    """A conductor and the board that it looks at, asked every tenth of a second."""

    def __init__(self, conductor: Conductor, start_s: float = 0.0) -> None:
        self.conductor = conductor
        self.board = StatusBoard(SessionAnalyser((LEFT, RIGHT), 0, PARAMETERS))
        self.marks: list[PhaseMark] = []
        self._tick = round(start_s * 10)

    @property
    def now_s(self) -> float:
        """The present time."""
        return self._tick / 10

    def until(self, time_s: float) -> list[PhaseMark]:
        """Go on to a time; the marks up to and including it."""
        new: list[PhaseMark] = []
        while self._tick <= round(time_s * 10):
            new += self.conductor.advance(self.now_s, self.board)
            self._tick += 1
        self.marks += new
        return new

    def count(self, side: Side, *, valid: bool = True) -> None:
        """A repetition is closed now."""
        self.board.see_events([RepetitionClosed(side, self.now_s, 0.5, valid, 1)])


def test_a_knee_lift_that_shows_nothing_is_told_of_the_leg_that_was_asked() -> None:
    board = StatusBoard(SessionAnalyser((LEFT, RIGHT), 0, PARAMETERS))
    still = "the leg did not move"
    board.see_events([KneeLifted(place, Side.LEFT, 1.0, 9.0, 0.0, still) for place in (LEFT, RIGHT)])
    board.see_events([KneeLifted(RIGHT, Side.RIGHT, 10.0, 18.0, 0.5)])
    assert board.status(Prompt("")).notes == (f"knee lift of left_thigh not taken: {still}",)


def edges(marks: list[PhaseMark]) -> list[tuple[float, PhaseKind, Edge]]:
    """When what began or ended."""
    return [(mark.time_s, mark.kind, mark.edge) for mark in marks]


def test_steps_follow_each_other_with_their_waits_and_durations() -> None:
    steps = (
        *knee_lift_steps([Side.LEFT], GUIDE),
        *rest_test_steps(GUIDE, ReferenceRecipe.PATELLA_UP, 1),
    )
    stage = Stage(StepConductor(steps, GUIDE), start_s=100.0)
    stage.until(180.0)
    assert stage.conductor.done
    times = [mark.time_s for mark in stage.marks]
    assert [mark.edge for mark in stage.marks] == [Edge.START, Edge.END] * 4
    assert [mark.kind for mark in stage.marks[::2]] == kinds(steps)
    lasted = [end - start for start, end in zip(times[::2], times[1::2], strict=True)]
    assert lasted == pytest.approx([step.duration_s for step in steps])
    waited = [start - end for end, start in zip([100.0, *times[1:-1:2]], times[::2], strict=True)]
    # Up to a tenth passes until the next step is shown.
    assert waited == pytest.approx([step.wait_s for step in steps], abs=0.11)
    assert times == sorted(times)


def test_the_prompt_announces_a_step_and_then_counts_it_down() -> None:
    [lift] = knee_lift_steps([Side.LEFT], GUIDE)
    stage = Stage(StepConductor((lift,), GUIDE))
    before = stage.conductor.prompt(0.0)
    assert (before.text, before.kind, before.running) == (lift.text, PhaseKind.KNEE_LIFT, False)
    stage.until(1.0)
    assert stage.conductor.prompt(1.0).seconds_left == pytest.approx(5.0)
    stage.until(8.0)
    during = stage.conductor.prompt(8.0)
    assert during.running
    assert during.seconds_left == pytest.approx(6.0)
    # the last step ended at 14 s, and may be refused for three seconds
    stage.until(18.0)
    assert stage.conductor.prompt(18.0).text == "Done."


def shown_set(repetitions: int | None) -> Stage:
    """A set of the left leg that has begun at three seconds."""
    stage = Stage(StepConductor((set_step("bridge", "Up.", Side.LEFT, repetitions, GUIDE),), GUIDE))
    assert edges(stage.until(3.0)) == [(3.0, PhaseKind.SET, Edge.START)]
    return stage


def test_a_set_waits_for_its_first_repetition_and_ends_when_no_more_come() -> None:
    stage = shown_set(None)
    assert stage.until(60.0) == []
    assert stage.conductor.prompt(60.0).seconds_left is None
    stage.count(Side.LEFT)
    counted_s = stage.now_s
    [end] = stage.until(100.0)
    assert end.edge is Edge.END
    assert end.time_s == pytest.approx(counted_s + GUIDE.set_end_s, abs=0.11)


def test_a_set_ends_soon_after_the_repetitions_that_were_asked_for() -> None:
    stage = shown_set(2)
    for valid, side in ((True, Side.LEFT), (False, Side.LEFT), (True, Side.RIGHT)):
        stage.until(stage.now_s + 3.0)
        stage.count(side, valid=valid)
    # One valid one on each leg are no two of one leg.
    assert stage.until(stage.now_s + 3.0) == []
    stage.count(Side.LEFT)
    counted_s = stage.now_s
    [end] = stage.until(60.0)
    assert end.time_s == pytest.approx(counted_s + GUIDE.set_finish_s, abs=0.11)


def test_a_set_ends_at_its_limit_whatever_comes() -> None:
    stage = shown_set(None)
    while not stage.conductor.done:
        stage.count(Side.LEFT, valid=False)
        stage.until(stage.now_s + 5.0)
    assert stage.marks[-1].time_s == pytest.approx(3.0 + GUIDE.set_limit_s, abs=0.05)


def test_a_demonstration_ends_after_three_and_the_set_after_it_counts_from_zero() -> None:
    steps = (
        demonstration_step("bridge", "Up.", None, GUIDE),
        set_step("bridge", "Up.", None, 3, GUIDE),
    )
    stage = Stage(StepConductor(steps, GUIDE))
    stage.until(5.0)
    for _ in range(3):
        stage.until(stage.now_s + 2.0)
        stage.count(Side.RIGHT)
    stage.until(stage.now_s + 8.0)
    assert [(mark.kind, mark.edge) for mark in stage.marks] == [
        (PhaseKind.DEMONSTRATION, Edge.START),
        (PhaseKind.DEMONSTRATION, Edge.END),
        (PhaseKind.SET, Edge.START),
    ]
    assert stage.board.most_valid == 0
    assert stage.until(stage.now_s + 20.0) == []


def test_stopping_ends_what_is_on_and_nothing_that_has_not_begun() -> None:
    steps = rest_test_steps(GUIDE, ReferenceRecipe.PATELLA_UP, 1)
    stage = Stage(StepConductor(steps, GUIDE))
    stage.until(4.0)
    assert edges(stage.conductor.stop(4.5)) == [(4.5, PhaseKind.STANDING, Edge.END)]
    assert stage.conductor.stop(5.0) == []
    assert stage.conductor.stop(5.5) == []
    assert stage.conductor.done
    assert stage.conductor.stop(6.0) == []
    assert stage.conductor.advance(99.0, stage.board) == []


def test_a_script_is_followed_from_when_it_begins() -> None:
    phases = (
        Phase(1.0, 3.0, PhaseKind.REFERENCE, recipe=ReferenceRecipe.FOOT_BLOCK),
        Phase(3.0, 6.0, PhaseKind.DEMONSTRATION, Side.LEFT, "bridge"),
    )
    texts = {PhaseKind.REFERENCE: "Lie.", PhaseKind.DEMONSTRATION: "Show."}
    begins: list[float] = []
    script = ScriptConductor(phases, texts, lambda: begins[0] if begins else None, 8.0)
    stage = Stage(script)
    assert stage.until(20.0) == []
    assert script.prompt(20.0).text == "The sensors begin to send."
    begins.append(21.0)
    stage.until(25.0)
    # An end stands before the beginning that falls together with it.
    assert edges(stage.marks) == [
        (22.0, PhaseKind.REFERENCE, Edge.START),
        (24.0, PhaseKind.REFERENCE, Edge.END),
        (24.0, PhaseKind.DEMONSTRATION, Edge.START),
    ]
    assert {mark.recipe for mark in stage.marks[:2]} == {ReferenceRecipe.FOOT_BLOCK}
    assert (stage.marks[2].side, stage.marks[2].exercise) == (Side.LEFT, "bridge")
    assert script.prompt(25.0).text == "Show."
    assert edges(script.stop(25.5)) == [(25.5, PhaseKind.DEMONSTRATION, Edge.END)]
    assert script.done


def test_a_script_is_done_at_its_end() -> None:
    phase = Phase(1.0, 2.0, PhaseKind.STANDING)
    stage = Stage(ScriptConductor((phase,), {PhaseKind.STANDING: "Stand."}, lambda: 0.0, 4.0))
    done = []
    for time_s in (3.9, 4.0):
        stage.until(time_s)
        done.append(stage.conductor.done)
    assert done == [False, True]
    assert stage.conductor.prompt(4.0).text == "Done."
    assert stage.conductor.stop(4.0) == []


def test_a_step_of_no_length_begins_and_ends() -> None:
    quick = replace(GUIDE, prepare_s=0.0, standing_s=0.0)
    steps = rest_test_steps(quick, ReferenceRecipe.PATELLA_UP, 0)
    assert kinds(steps) == [PhaseKind.STANDING]
    stage = Stage(StepConductor(steps, quick))
    assert edges(stage.until(0.1)) == [
        (0.0, PhaseKind.STANDING, Edge.START),
        (0.1, PhaseKind.STANDING, Edge.END),
    ]


def test_a_set_waits_for_the_longest_movement_that_counts() -> None:
    """Repetitions and holds are counted at their end: until then nothing seems to come."""
    for exercise in load_catalogue().counting.values():
        longest_s = exercise.rule.maximum_duration_s if exercise.hold is None else exercise.hold.longest_s
        assert GuideParameters().set_end_s >= longest_s, exercise.name
