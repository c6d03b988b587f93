"""What asking again cannot mend: a pelvis sensor that is away, and straps that contradict each other."""

from collections.abc import Sequence

import pytest
from frame_bench import ORIGIN_NS, Air, sent, started
from pipeline_bench import LEFT, PELVIS, RIGHT, rad, worn
from test_steered_guide import END, GUIDE, REST, START, Led, bridge, kinds_ahead

from tracker.model import (
    Edge,
    Notification,
    PhaseKind,
    PhaseMark,
    ReferenceRecipe,
    RelativeTo,
    RestTest,
    Side,
)
from tracker.motion.frames.alignment import NO_POSE_SAMPLES
from tracker.motion.rest.rest_test import CONTRADICTION, NO_PELVIS_SAMPLES
from tracker.sensing.body.builder import ScriptBuilder
from tracker.sensing.source import LinkReport, LinkState
from tracker.session.events import PoseTaken
from tracker.session.guide import Step, rest_test_steps
from tracker.session.status import StatusBoard
from tracker.session.steered_guide import StepConductor

REST_TEST = [PhaseKind.REFERENCE, PhaseKind.REST]
LEFT_OUT = f"{NO_PELVIS_SAMPLES}: further rest tests are left out until the sensor sends again"
THREE = rest_test_steps(GUIDE, ReferenceRecipe.PATELLA_UP, 3, pelvis_worn=True)


def wearing(*steps: Step) -> Led:
    """A guide through steps with thighs and pelvis, all of them sending."""
    led = Led(*steps)
    for place in (LEFT, RIGHT, PELVIS):
        led.board.see_link(LinkReport(place, 0, LinkState.STREAMING))
    return led


def link(led: Led, state: LinkState) -> None:
    """What becomes of the pelvis sensor's link."""
    led.board.see_link(LinkReport(PELVIS, 0, state))


def refuse_rest(led: Led, reason: str, sides: Sequence[Side] = (Side.LEFT, Side.RIGHT)) -> None:
    """The rest test that ended last is refused."""
    start_s, end_s = (mark.time_s for mark in led.marks[-2:])
    led.board.see_events(
        [
            RestTest(side, start_s, end_s, None, None, RelativeTo.PELVIS, None, refused=reason)
            for side in sides
        ]
    )


def after_rest(led: Led, reason: str) -> None:
    """Go on until a rest test is over and both legs were refused."""
    led.until(PhaseKind.REST, END)
    led.run(0.4)
    refuse_rest(led, reason)
    led.run(0.1)


def notes(led: Led) -> list[str]:
    """What is told beside the steps."""
    return [one for one in led.board.status(led.guide.prompt(led.now_s)).notes if "left out" in one]


@pytest.mark.parametrize("state", [LinkState.LOST, LinkState.SEARCHING, LinkState.FAILED])
def test_rest_tests_without_the_pelvis_sensor_are_asked_for_no_more_and_that_is_told_once(
    state: LinkState,
) -> None:
    led = wearing(*THREE, bridge())
    led.until(PhaseKind.REST, START)
    link(led, state)
    after_rest(led, NO_PELVIS_SAMPLES)
    assert led.position.step == bridge()
    assert led.position.seconds_left == pytest.approx(bridge().wait_s, abs=0.11)
    led.run(2.0)
    assert notes(led) == [LEFT_OUT]
    assert kinds_ahead(led) == [PhaseKind.SET]


def test_a_sensor_that_is_back_before_the_next_step_gets_all_its_rest_tests() -> None:
    led = wearing(*THREE, bridge())
    led.until(PhaseKind.REST, START)
    link(led, LinkState.LOST)
    after_rest(led, NO_PELVIS_SAMPLES)
    led.run(1.0)
    link(led, LinkState.STREAMING)
    led.run(0.1)
    assert led.position.step is not None
    assert led.position.step.text.startswith("That could not be measured; once more. Lie on your back")
    assert led.position.seconds_left == pytest.approx(GUIDE.prepare_s, abs=0.11)
    assert kinds_ahead(led) == [*REST_TEST * 3, PhaseKind.SET]


def test_a_sensor_that_is_back_when_the_next_step_is_on_changes_nothing() -> None:
    led = wearing(*THREE, bridge())
    led.until(PhaseKind.REST, START)
    link(led, LinkState.LOST)
    after_rest(led, NO_PELVIS_SAMPLES)
    led.until(PhaseKind.SET, START)
    link(led, LinkState.STREAMING)
    led.run(1.0)
    assert led.position.running
    assert kinds_ahead(led) == []


def test_what_was_refused_for_a_sensor_that_is_back_already_is_asked_for_again() -> None:
    led = wearing(*THREE, bridge())
    after_rest(led, NO_PELVIS_SAMPLES)
    assert notes(led) == []
    assert kinds_ahead(led) == [*REST_TEST * 3, PhaseKind.SET]


@pytest.mark.parametrize("kind", [PhaseKind.STANDING, PhaseKind.REFERENCE])
@pytest.mark.parametrize("state", [LinkState.LOST, LinkState.STREAMING])
def test_a_pose_is_not_asked_for_again_while_its_sensor_is_away(kind: PhaseKind, state: LinkState) -> None:
    led = wearing(*REST, bridge())
    before = led.guide.steps
    link(led, state)
    end = led.until(kind, END)
    led.board.see_events([PoseTaken(PELVIS, kind, end.time_s, "housing", NO_POSE_SAMPLES)])
    led.run(0.2)
    assert (led.guide.steps == before) == (state is LinkState.LOST)


@pytest.mark.parametrize("state", [LinkState.LOST, LinkState.STREAMING])
def test_a_leg_that_moved_is_asked_for_again_unless_its_pelvis_sensor_is_away(state: LinkState) -> None:
    led = wearing(*THREE)
    link(led, state)
    led.until(PhaseKind.REST, END)
    refuse_rest(led, "moving: not still for 5 s", [Side.LEFT])
    refuse_rest(led, NO_PELVIS_SAMPLES, [Side.RIGHT])
    led.run(0.2)
    assert kinds_ahead(led) == ([] if state is LinkState.LOST else REST_TEST * 3)


@pytest.mark.parametrize(
    "reason", ["moving: not still for 5 s", "the thigh is turned by 95 deg: not lying supine"]
)
def test_what_a_person_can_mend_is_asked_for_again_at_each_repeat(reason: str) -> None:
    led = wearing(*THREE)
    for _ in range(6):
        after_rest(led, reason)
    assert led.position.step is None
    assert [mark.kind for mark in led.marks if mark.edge is END].count(PhaseKind.REST) == 6


def test_straps_that_contradict_each_other_after_a_new_reference_pose_too_are_asked_no_more() -> None:
    """A belt that slid since the reference pose is mended by the next one: the repeats are still done."""
    led = wearing(*THREE)
    for _ in range(4):
        after_rest(led, CONTRADICTION)
    assert led.position.step is None
    assert [mark.kind for mark in led.marks if mark.edge is END].count(PhaseKind.REST) == 4


def test_a_rest_test_that_the_person_asked_for_is_not_left_out() -> None:
    led = wearing(*THREE[:3], bridge())
    link(led, LinkState.LOST)
    after_rest(led, NO_PELVIS_SAMPLES)
    led.guide.repeat_rest_test()
    assert kinds_ahead(led) == [*REST_TEST, PhaseKind.SET]


@pytest.mark.parametrize(("back_s", "measured"), [(None, 0), (60.5, 3)])
def test_a_session_whose_pelvis_sensor_is_away_goes_on_without_rest_tests_until_it_is_back(
    back_s: float | None, measured: int
) -> None:
    """All parts but the radio are real: the first of three rest tests, from 48 to 58 s, lacks the pelvis."""
    away_s, until_s = 46.0, 200.0 if back_s is None else back_s
    body = ScriptBuilder().stand(8.0).lie_down(2.0).relax(rad(-10.0), rad(-15.0), 0.5).hold(150.0)
    air = {PELVIS: Air(lost_s=[(away_s, until_s)])}
    items = [one for one in sent(worn(body.build()), air, 50.0) if isinstance(one, Notification)]
    analyser = started((LEFT, RIGHT, PELVIS))
    board, guide = StatusBoard(analyser), StepConductor(THREE, GUIDE)
    marks: list[PhaseMark] = []
    lost = False
    for one in items:
        arrived_s = (one.received_ns - ORIGIN_NS) * 1e-9
        if not lost and away_s + 1.0 < arrived_s < until_s:
            lost = True
            board.see_link(LinkReport(PELVIS, one.received_ns, LinkState.LOST))
        if lost and one.placement is PELVIS:
            lost = False
            board.see_link(LinkReport(PELVIS, one.received_ns, LinkState.STREAMING))
        events = analyser.take_notifications([one])
        board.see_notification(one)
        board.see_events(events)
        for mark in guide.advance(max(arrived_s, analyser.pipeline.newest_s), board):
            marks.append(mark)
            analyser.take_mark(mark)
            board.see_mark(mark)
    assert guide.done
    refused = [test.refused for test in analyser.pipeline.rest_tests]
    assert refused == [NO_PELVIS_SAMPLES] * 2 + [None] * 2 * measured
    ended = [mark.kind for mark in marks if mark.edge is Edge.END]
    assert ended == [PhaseKind.STANDING, *REST_TEST * (1 + measured)]
