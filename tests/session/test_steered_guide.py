"""A guide that the person steers: what pausing, skipping, a further rest test and finishing do to marks."""

from dataclasses import replace
from itertools import pairwise

import pytest
from frame_bench import PARAMETERS
from hypothesis import given
from hypothesis import strategies as st
from pipeline_bench import LEFT, RIGHT

from tracker.model import Edge, PhaseKind, PhaseMark, ReferenceRecipe, RelativeTo, RestTest, Side
from tracker.motion.counting.closed import RepetitionClosed
from tracker.session.analyser import SessionAnalyser
from tracker.session.events import KneeLifted, PoseTaken
from tracker.session.guide import (
    COUNTED,
    GuideParameters,
    Step,
    demonstration_step,
    knee_lift_steps,
    rest_test_steps,
    set_step,
)
from tracker.session.guide_position import GuidePosition
from tracker.session.status import StatusBoard
from tracker.session.steered_guide import SteeredConductor, StepConductor

GUIDE = GuideParameters(
    prepare_s=3.0,
    standing_s=4.0,
    reference_s=5.0,
    settle_s=30.0,
    settle_again_s=12.0,
    rest_s=10.0,
    set_end_s=15.0,
    set_finish_s=2.0,
    set_limit_s=120.0,
    finish_wait_s=60.0,
)
START, END = Edge.START, Edge.END
LATE = ((LEFT, 60.0), (RIGHT, 30.0))
"""When poses ended that were refused, in the order in which that became known."""


class Led:
    """A steered guide with its board, asked every tenth of a second."""

    def __init__(self, *steps: Step, parameters: GuideParameters = GUIDE) -> None:
        self.guide = SteeredConductor(steps, parameters)
        self.board = StatusBoard(SessionAnalyser((LEFT, RIGHT), 0, PARAMETERS))
        self.marks: list[PhaseMark] = []
        self._tick = 0

    @property
    def now_s(self) -> float:
        """The present time."""
        return self._tick / 10

    @property
    def position(self) -> GuidePosition:
        """Where the guide is now."""
        return self.guide.position(self.now_s)

    def is_done(self) -> bool:
        """Whether the session is over."""
        return self.guide.done

    def run(self, seconds: float) -> list[PhaseMark]:
        """Go on for so long; the marks meanwhile."""
        new: list[PhaseMark] = []
        for _ in range(round(seconds * 10)):
            new += self.guide.advance(self.now_s, self.board)
            self._tick += 1
        for mark in new:
            self.board.see_mark(mark)
        self.marks += new
        return new

    def until(self, kind: PhaseKind, edge: Edge) -> PhaseMark:
        """Go on until a phase of a kind begins or ends."""
        for _ in range(6000):
            for mark in self.run(0.1):
                if (mark.kind, mark.edge) == (kind, edge):
                    return mark
        raise AssertionError(f"no {kind} {edge}")

    def count(self, side: Side, times: int = 1) -> None:
        """So many valid repetitions are closed now."""
        for _ in range(times):
            self.board.see_events([RepetitionClosed(side, self.now_s, 0.5, True, 1)])

    def refuse(self, kind: PhaseKind) -> None:
        """The analysis refuses what ended last, of one leg."""
        start_s, end_s = (mark.time_s for mark in self.marks[-2:])
        if kind is PhaseKind.REST:
            relative_to = RelativeTo.VERTICAL
            self.board.see_events(
                [RestTest(Side.LEFT, start_s, end_s, None, None, relative_to, None, refused="moving")]
            )
        elif kind is PhaseKind.KNEE_LIFT:
            self.board.see_events([KneeLifted(LEFT, Side.LEFT, start_s, end_s, 0.0, "it did not move")])
        else:
            self.board.see_events([PoseTaken(LEFT, kind, end_s, "housing", "moving")])

    def until_refused(self, kind: PhaseKind) -> None:
        """Go on until a phase of a kind is over and was refused, with half a second for both."""
        self.until(kind, END)
        self.run(0.4)
        self.refuse(kind)
        self.run(0.1)


def bridge(repetitions: int | None = 5, wait_s: float = 3.0) -> Step:
    """A set of bridges."""
    return replace(set_step("bridge", "Raise the pelvis.", Side.BOTH, repetitions, GUIDE), wait_s=wait_s)


def edges(marks: list[PhaseMark]) -> list[tuple[PhaseKind, Edge]]:
    """What began or ended."""
    return [(mark.kind, mark.edge) for mark in marks]


REST = rest_test_steps(GUIDE, ReferenceRecipe.FOOT_BLOCK, 1)
SHOWN = demonstration_step("bridge", "Raise the pelvis.", Side.BOTH, GUIDE)
SESSION = (*knee_lift_steps([Side.LEFT], GUIDE), *REST, SHOWN, bridge(), bridge(None))


def test_what_is_waited_for_stands_still_in_a_pause() -> None:
    led = Led(REST[0])
    led.run(1.0)
    led.guide.pause()
    assert led.position.paused
    led.run(500.0)
    assert led.marks == []
    assert led.position.seconds_left == pytest.approx(2.0, abs=0.11)
    assert led.guide.prompt(led.now_s).text == "Paused."
    led.guide.resume()
    assert led.run(1.8) == []
    assert edges(led.run(0.4)) == [(PhaseKind.STANDING, START)]


def test_a_phase_that_is_on_ends_with_the_pause_and_is_asked_for_again_with_its_whole_wait() -> None:
    led = Led(*REST)
    led.until(PhaseKind.REST, START)
    led.run(4.0)
    led.guide.pause()
    assert edges(led.run(100.0)) == [(PhaseKind.REST, END)]
    assert led.position.seconds_left is None
    led.guide.resume()
    resumed_s = led.now_s
    began = led.until(PhaseKind.REST, START)
    # The muscles let go anew.
    assert began.time_s - resumed_s == pytest.approx(REST[2].wait_s, abs=0.11)
    ended = led.until(PhaseKind.REST, END)
    assert ended.time_s - began.time_s == pytest.approx(REST[2].duration_s)
    assert led.position.step is None


def test_a_set_goes_on_after_a_pause_with_the_repetitions_that_are_missing() -> None:
    led = Led(bridge(5, wait_s=90.0), bridge(5))
    led.until(PhaseKind.SET, START)
    led.count(Side.LEFT, 3)
    led.count(Side.RIGHT, 2)
    led.guide.pause()
    assert edges(led.run(60.0)) == [(PhaseKind.SET, END)]
    led.guide.resume()
    led.run(0.1)
    position = led.position
    assert position.step is not None
    assert position.step.repetitions == 2
    assert position.step.text == "2 repetitions are still to do. Raise the pelvis."
    # It is not the rest between sets that is waited for, and for the person it is the same set.
    assert position.seconds_left == pytest.approx(GUIDE.prepare_s, abs=0.11)
    assert (position.number, position.total, position.set_number, position.sets) == (1, 2, 1, 2)
    assert not position.resting
    led.until(PhaseKind.SET, START)
    assert led.board.most_valid == 0
    led.count(Side.LEFT, 2)
    led.until(PhaseKind.SET, END)
    assert led.position.step == bridge(5)
    assert [mark.goes_on for mark in led.marks if mark.edge is START] == [False, True]
    assert len(led.board.status(led.guide.prompt(led.now_s)).set_starts_s) == 2


def test_what_a_pause_left_of_a_set_does_not_wait_for_the_rest_between_sets() -> None:
    led = Led(bridge(5), bridge(5, wait_s=90.0))
    led.until(PhaseKind.SET, START)
    led.guide.say_done()
    led.until(PhaseKind.SET, START)
    resting = [led.position.resting]
    led.guide.pause()
    led.run(1.0)
    resting.append(led.position.resting)
    led.guide.resume()
    led.run(0.1)
    resting.append(led.position.resting)
    assert (resting, led.position.set_number) == ([False] * 3, 2)


def test_a_set_that_is_paused_twice_tells_once_what_is_missing() -> None:
    led = Led(bridge(5))
    for _ in range(2):
        led.until(PhaseKind.SET, START)
        led.count(Side.LEFT, 2)
        led.guide.pause()
        led.run(1.0)
        led.guide.resume()
        led.run(0.1)
    step = led.position.step
    assert step is not None
    assert step.text == "1 repetition is still to do. Raise the pelvis."
    assert step.repetitions == 1


def test_a_repetition_that_is_taken_back_in_the_pause_is_missing_too() -> None:
    led = Led(bridge(5))
    led.until(PhaseKind.SET, START)
    led.count(Side.LEFT, 4)
    led.guide.pause()
    led.run(1.0)
    assert led.board.take_back(Side.LEFT) is not None
    led.guide.resume()
    led.run(0.1)
    assert led.position.step is not None
    assert led.position.step.repetitions == 2


def test_nothing_is_asked_for_again_where_nothing_is_missing() -> None:
    led = Led(bridge(3), REST[0])
    led.until(PhaseKind.SET, START)
    led.count(Side.RIGHT, 3)
    led.guide.pause()
    led.run(1.0)
    led.guide.resume()
    led.run(0.1)
    assert led.position.step == REST[0]


@pytest.mark.parametrize("step", [SHOWN, bridge(None)])
def test_a_demonstration_and_an_open_set_are_asked_for_again_as_they_were(step: Step) -> None:
    led = Led(step)
    led.until(step.kind, START)
    led.count(Side.LEFT, 2)
    led.guide.pause()
    led.run(1.0)
    led.guide.resume()
    led.run(0.1)
    again = led.position.step
    assert again is not None
    assert (again.kind, again.repetitions) == (step.kind, step.repetitions)
    assert again.text.endswith(step.text)
    assert ("The set goes on." in again.text) == (step.kind is PhaseKind.SET)


def test_a_pause_that_ends_before_the_guide_looks_is_none() -> None:
    led = Led(bridge())
    led.until(PhaseKind.SET, START)
    led.guide.pause()
    led.guide.resume()
    assert led.run(5.0) == []
    assert led.position.running


def test_skipping_begins_what_is_waited_for_and_ends_what_is_on() -> None:
    led = Led(*REST)
    led.guide.skip()
    led.guide.skip()
    assert edges(led.run(0.1)) == [(PhaseKind.STANDING, START)]
    assert led.run(1.0) == []
    led.guide.skip()
    assert edges(led.run(0.1)) == [(PhaseKind.STANDING, END)]
    assert led.position.step == REST[1]


def test_being_done_ends_what_is_on_and_hurries_nothing() -> None:
    led = Led(bridge())
    led.guide.say_done()
    assert led.run(1.0) == []
    led.until(PhaseKind.SET, START)
    led.guide.say_done()
    assert edges(led.run(0.1)) == [(PhaseKind.SET, END)]


def test_nothing_is_skipped_in_a_pause_nor_after_it() -> None:
    led = Led(*REST)
    led.run(0.5)
    led.guide.skip()
    led.guide.pause()
    led.run(1.0)
    led.guide.resume()
    assert led.run(0.5) == []
    led.guide.pause()
    led.guide.skip()
    led.run(1.0)
    led.guide.resume()
    assert led.run(1.0) == []


def test_after_the_last_step_the_guide_waits_for_an_answer() -> None:
    led = Led(REST[0])
    led.until(PhaseKind.STANDING, END)
    led.run(59.0)
    assert not led.is_done()
    position = led.position
    assert (position.step, position.number, position.total, position.running) == (None, 1, 1, False)
    assert position.seconds_left == pytest.approx(1.0, abs=0.21)
    assert led.guide.prompt(led.now_s).text == "All steps are done."
    led.guide.pause()
    led.run(600.0)
    assert not led.is_done()
    led.guide.resume()
    led.run(2.0)
    assert led.is_done()
    assert led.guide.prompt(led.now_s).text == "Done."


@pytest.mark.parametrize("paused", [False, True])
def test_finishing_ends_what_is_on_and_the_session(*, paused: bool) -> None:
    led = Led(bridge(), bridge())
    led.until(PhaseKind.SET, START)
    if paused:
        led.guide.pause()
    led.guide.finish()
    assert not led.is_done()
    assert edges(led.run(1.0)) == [(PhaseKind.SET, END)]
    assert led.is_done()


@pytest.mark.parametrize("kind", [PhaseKind.KNEE_LIFT, PhaseKind.STANDING, PhaseKind.REFERENCE])
def test_a_pose_that_was_refused_is_asked_for_again_with_its_whole_wait(kind: PhaseKind) -> None:
    led = Led(*SESSION)
    step = next(one for one in SESSION if one.kind is kind)
    led.until_refused(kind)
    again = led.position
    assert again.step == replace(step, text=f"That could not be measured; once more. {step.text}", attempt=2)
    assert (again.total, again.running) == (len(SESSION) + 1, False)
    assert again.seconds_left == pytest.approx(step.wait_s, abs=0.11)
    led.until(kind, END)
    assert led.position.step == SESSION[SESSION.index(step) + 1]


def test_a_rest_test_that_was_refused_is_asked_for_again_with_its_pose_before_the_set() -> None:
    led = Led(*REST, bridge())
    led.until_refused(PhaseKind.REST)
    step = led.position.step
    assert step is not None
    assert step.kind is PhaseKind.REFERENCE
    assert step.text.startswith("That could not be measured; once more. Lie on your back")
    # it waits already: a further one is not asked for beside it
    assert not led.position.can_repeat_rest_test
    assert kinds_ahead(led) == [PhaseKind.REFERENCE, PhaseKind.REST, PhaseKind.SET]


@pytest.mark.parametrize("kind", [PhaseKind.STANDING, PhaseKind.REST])
@pytest.mark.parametrize("times", [0, 1, 3])
def test_it_is_asked_for_again_as_often_as_the_settings_say(kind: PhaseKind, times: int) -> None:
    led = Led(*REST, bridge(), parameters=replace(GUIDE, refused_again=times))
    for _ in range(times + 1):
        led.until_refused(kind)
    assert not [one for one in led.guide.steps[led.position.number - 1 :] if one.kind is kind]
    assert [mark.kind for mark in led.marks if mark.edge is END].count(kind) == times + 1
    for one in led.guide.steps:
        assert one.text.count("once more") <= 1


def test_what_was_taken_or_skipped_or_refused_long_ago_is_not_asked_for_again() -> None:
    led = Led(*REST, *rest_test_steps(GUIDE, ReferenceRecipe.FOOT_BLOCK, 1), bridge())
    led.until_refused(PhaseKind.STANDING)
    led.until(PhaseKind.STANDING, END)
    steps = led.guide.steps
    # the second standing of the session follows: what is known of the first does not count against it
    led.until(PhaseKind.STANDING, END)
    led.until(PhaseKind.REFERENCE, START)
    led.guide.skip()
    led.run(0.1)
    led.refuse(PhaseKind.REFERENCE)
    led.run(1.0)
    assert led.guide.steps == steps


def test_a_verdict_that_comes_when_the_next_step_is_on_changes_nothing() -> None:
    led = Led(*REST, bridge())
    led.until(PhaseKind.REST, END)
    ended = led.marks[-2:]
    led.until(PhaseKind.SET, START)
    led.marks += ended
    led.refuse(PhaseKind.REST)
    led.run(5.0)
    assert led.position.running
    assert len(led.guide.steps) == len(REST) + 1


def test_who_skips_the_wait_when_a_pose_is_refused_does_not_begin_it_unread() -> None:
    led = Led(*REST)
    led.until(PhaseKind.STANDING, END)
    led.refuse(PhaseKind.STANDING)
    led.guide.skip()
    led.run(0.2)
    again = led.position
    assert again.step is not None
    assert (again.step.kind, again.running) == (PhaseKind.STANDING, False)
    led.guide.skip()
    led.run(0.1)
    assert led.position.running


def test_who_was_quicker_than_the_guide_gets_one_rest_test_and_not_two() -> None:
    led = Led(*REST, bridge())
    led.until(PhaseKind.REST, END)
    led.guide.repeat_rest_test()
    led.refuse(PhaseKind.REST)
    led.run(1.0)
    assert kinds_ahead(led) == [PhaseKind.REFERENCE, PhaseKind.REST, PhaseKind.SET]


def test_a_pose_again_does_not_put_off_the_further_rest_test_that_was_asked_for() -> None:
    led = Led(*REST, bridge())
    led.until(PhaseKind.REFERENCE, START)
    led.guide.repeat_rest_test()
    led.until_refused(PhaseKind.REFERENCE)
    assert not led.position.can_repeat_rest_test
    rest_test = [PhaseKind.REFERENCE, PhaseKind.REST]
    assert kinds_ahead(led) == [*rest_test, *rest_test, PhaseKind.SET]


def test_the_last_rest_test_of_a_session_that_nobody_ends_is_asked_for_again_too() -> None:
    led = Led(*REST)
    led.guide = StepConductor(REST, GUIDE)
    led.until(PhaseKind.REST, END)
    # a sensor that sends every 2.5 s is heard so late
    led.run(2.7)
    led.refuse(PhaseKind.REST)
    led.run(0.1)
    assert not led.is_done()
    led.until(PhaseKind.REST, END)
    led.run(3.2)
    assert led.is_done()


def test_who_sits_and_wears_no_pelvis_sensor_is_not_asked_for_its_pose_after_refusals() -> None:
    steps = rest_test_steps(GUIDE, ReferenceRecipe.HANGING_SHANK, 1)
    led = Led(*steps)
    led.until_refused(PhaseKind.REFERENCE)
    led.until_refused(PhaseKind.REST)
    _, *again = led.guide.steps[led.position.number - 1 :]
    assert [one.recipe for one in led.guide.steps if one.kind is PhaseKind.REFERENCE] == (
        [ReferenceRecipe.HANGING_SHANK] * 3
    )
    assert "Lie down on your back" in again[0].text


def test_a_refusal_that_a_lost_link_brought_late_hides_none_that_is_newer() -> None:
    led = Led()
    led.board.see_events(
        [PoseTaken(one, PhaseKind.REFERENCE, end_s, "housing", "moving") for one, end_s in LATE]
    )
    assert led.board.refused_since(PhaseKind.REFERENCE, 50.0)
    assert not led.board.refused_since(PhaseKind.REFERENCE, 60.0)


def test_a_last_rest_test_is_done_once_more_where_the_person_asks_for_it() -> None:
    led = Led(*REST)
    led.until(PhaseKind.REST, END)
    led.run(20.0)
    can = [led.position.can_repeat_rest_test]
    for _ in range(2):
        led.guide.repeat_rest_test()
        can.append(led.position.can_repeat_rest_test)
    assert (can, led.position.total) == ([True, False, False], 5)
    asked_s = led.now_s
    reference = led.until(PhaseKind.REFERENCE, START)
    assert reference.recipe is ReferenceRecipe.FOOT_BLOCK
    assert reference.time_s - asked_s == pytest.approx(GUIDE.prepare_s, abs=0.11)
    assert led.position.can_repeat_rest_test
    end = led.until(PhaseKind.REFERENCE, END)
    assert led.position.step is not None
    assert led.position.step.text.startswith("Lift both legs a little")
    assert led.until(PhaseKind.REST, START).time_s - end.time_s == pytest.approx(12.0, abs=0.11)
    led.until(PhaseKind.REST, END)
    assert led.position.step is None


def kinds_ahead(led: Led) -> list[PhaseKind]:
    """The phases that begin from here on, each step skipped as soon as it is shown."""
    found: list[PhaseKind] = []
    while led.position.step is not None:
        led.guide.skip()
        found += [mark.kind for mark in led.run(0.1) if mark.edge is START]
    return found


@pytest.mark.parametrize(
    ("at", "edge", "ahead"),
    [
        # while standing, and while the reference pose is on: after the rest test that comes anyway
        ("standing", START, ["reference", "rest", "reference", "rest", "set", "set"]),
        ("reference", START, ["rest", "reference", "rest", "set", "set"]),
        # the rest test waits for its own pose, which must not be torn from it
        ("reference", END, ["rest", "reference", "rest", "set", "set"]),
        ("rest", START, ["reference", "rest", "set", "set"]),
        # the first set waits: before it
        ("rest", END, ["reference", "rest", "set", "set"]),
        ("set", START, ["reference", "rest", "set"]),
        ("set", END, ["reference", "rest", "set"]),
    ],
)
def test_where_a_further_rest_test_is_put(at: str, edge: Edge, ahead: list[str]) -> None:
    led = Led(*REST, bridge(), bridge())
    while not (led.marks and (led.marks[-1].kind, led.marks[-1].edge) == (PhaseKind(at), edge)):
        led.guide.skip()
        led.run(0.1)
    led.guide.repeat_rest_test()
    assert kinds_ahead(led) == [PhaseKind(kind) for kind in ahead]


@pytest.mark.parametrize("pelvis_worn", [False, True])
def test_who_sits_for_the_reference_pose_sits_for_it_again(*, pelvis_worn: bool) -> None:
    steps = rest_test_steps(GUIDE, ReferenceRecipe.HANGING_SHANK, 2, pelvis_worn=pelvis_worn)
    led = Led(*steps)
    kinds_ahead(led)
    led.guide.repeat_rest_test()
    again = []
    while (step := led.position.step) is not None:
        again.append(step)
        for _ in range(2):
            led.guide.skip()
            led.run(0.1)
    # As the second of the two that were asked for from the beginning.
    assert tuple(again) == steps[-len(again) :]
    assert len(again) == (3 if pelvis_worn else 2)


def test_one_that_was_broken_off_by_a_pause_can_be_asked_for_anew() -> None:
    """The further one has begun: what is asked for now is one more, after it."""
    led = Led(*REST)
    led.until(PhaseKind.REST, END)
    led.guide.repeat_rest_test()
    led.until(PhaseKind.REFERENCE, START)
    led.guide.pause()
    led.run(1.0)
    assert led.position.can_repeat_rest_test
    led.guide.repeat_rest_test()
    led.guide.resume()
    assert kinds_ahead(led) == [PhaseKind.REFERENCE, PhaseKind.REST] * 2


def test_a_further_one_comes_after_the_next_of_those_that_come_anyway() -> None:
    led = Led(*rest_test_steps(GUIDE, ReferenceRecipe.PATELLA_UP, 3), bridge())
    led.guide.repeat_rest_test()
    texts = [one.text for one in led.guide.steps if one.kind is PhaseKind.REST]
    assert len(texts) == 4
    # The second is the further one: it stands right behind the first.
    assert texts[0] != texts[1] == texts[2] == texts[3]
    assert not led.position.can_repeat_rest_test
    led.until(PhaseKind.REST, END)
    led.until(PhaseKind.REFERENCE, START)
    assert led.position.can_repeat_rest_test


def test_a_session_without_a_rest_test_has_none_to_repeat() -> None:
    led = Led(bridge())
    assert not led.position.can_repeat_rest_test
    led.guide.repeat_rest_test()
    assert led.position.total == 1


def test_sets_are_numbered_within_their_exercise_and_side() -> None:
    hike = set_step("hip_hike", "Hike.", Side.LEFT, 5, GUIDE)
    other = replace(hike, side=Side.RIGHT)
    led = Led(SHOWN, bridge(), hike, bridge(), other)
    seen = []
    while led.position.step is not None:
        position = led.position
        seen.append((position.number, position.set_number, position.sets, position.resting))
        led.until(position.step.kind if position.step else PhaseKind.SET, START)
        assert not led.position.resting
        led.guide.say_done()
        led.run(0.1)
    assert seen == [
        (1, None, None, False),
        (2, 1, 2, False),
        (3, 1, 1, True),
        (4, 2, 2, True),
        (5, 1, 1, True),
    ]


def test_a_session_of_no_steps_waits_to_be_finished() -> None:
    led = Led()
    led.run(1.0)
    assert (led.position.number, led.position.total, led.is_done()) == (0, 0, False)
    led.guide.finish()
    assert led.is_done()


OPERATIONS = st.one_of(
    st.sampled_from(
        [
            *("pause", "resume", "skip", "say_done", "repeat_rest_test", "count", "take_back"),
            *("refused", "look", "finish"),
        ]
    ),
    st.floats(0.0, 40.0),
)


@given(st.lists(st.sampled_from(SESSION), max_size=5), st.lists(OPERATIONS, max_size=40))
def test_marks_are_well_formed_whatever_is_said(steps: list[Step], said: list[str | float]) -> None:
    guide = SteeredConductor(tuple(steps), GUIDE)
    board = StatusBoard(SessionAnalyser((LEFT, RIGHT), 0, PARAMETERS))
    marks: list[PhaseMark] = []
    now_s = 5.0
    for one in said:
        match one:
            case float():
                now_s += one
                new = guide.advance(now_s, board)
                assert all(mark.time_s == now_s for mark in new)
                for mark in new:
                    board.see_mark(mark)
                marks += new
            case "count":
                board.see_events([RepetitionClosed(Side.LEFT, now_s, 0.5, True, 1)])
            case "refused":
                board.see_events([PoseTaken(LEFT, kind, now_s, "housing", "moving") for kind in PhaseKind])
            case "take_back":
                board.take_back(Side.LEFT)
            case "look":
                position, prompt = guide.position(now_s), guide.prompt(now_s)
                assert 0 <= position.number <= position.total
                assert position.running == (len(marks) % 2 == 1)
                assert position.seconds_left is None or position.seconds_left >= 0.0
                assert prompt.text
            case how:
                getattr(guide, str(how))()
    marks += guide.stop(now_s)
    assert guide.done
    assert guide.stop(now_s) == guide.advance(now_s, board) == []
    assert [mark.edge for mark in marks] == [START, END] * (len(marks) // 2)
    assert [one.time_s for one in marks] == sorted(one.time_s for one in marks)
    for begin, end in zip(marks[::2], marks[1::2], strict=True):
        assert replace(begin, edge=END, time_s=end.time_s) == end


@given(st.lists(st.sampled_from(["pause", "resume", "skip", "say_done", "repeat_rest_test"]), max_size=12))
def test_every_rest_test_has_its_reference_pose_right_before_it(said: list[str]) -> None:
    led = Led(*REST, bridge())
    for how in said:
        getattr(led.guide, how)()
        led.run(2.5)
    led.guide.resume()
    kinds_ahead(led)
    begun = [mark.kind for mark in led.marks if mark.edge is START]
    before = [one for one, after in pairwise(begun) if after is PhaseKind.REST]
    # One that was broken off by a pause is done again under the same pose.
    assert set(before) <= {PhaseKind.REFERENCE, PhaseKind.REST}
    assert COUNTED[0] in begun
