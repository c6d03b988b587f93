"""For how long legs wait for a pelvis that keeps its samples: told live, by what closes and when."""

from collections.abc import Sequence

import numpy as np
import pytest
from backfill_bench import arrives_ns, with_outages
from frame_bench import ORIGIN_NS, PARAMETERS, StreamItem, analysed, follow, identity, sent, started
from hypothesis import given
from hypothesis import strategies as st
from motion_samples import deg, known
from pipeline_bench import PELVIS, RIGHT, lying, rad, worn

from tracker.model import Edge, FloatArray, Notification, PhaseMark, Placement, Side, TimedBlock
from tracker.motion.counting.closed import RepetitionClosed
from tracker.sensing.body.builder import Tempo
from tracker.sensing.source import LinkReport
from tracker.session.analyser import SessionAnalyser
from tracker.session.guide import GuideParameters, set_step
from tracker.session.pelvis_wait import LATENESS_S, PelvisWait
from tracker.session.received_frames import TakenFrames
from tracker.session.status import StatusBoard
from tracker.session.steered_guide import StepConductor

GUIDE = GuideParameters()
WAIT_S = PARAMETERS.backfill.wait_s
SCRIPT = (
    lying(2.0, 2.0)
    .repetitions(
        [rad(40.0)] * 26,
        Tempo(0.8, 0.2, 0.8, 0.3),
        side=Side.RIGHT,
        exercise="supine_roll_in",
        still_before_s=1.5,
        pelvis_share=0.25,
    )
    .hold(1.0)
    .build()
)
SENT = sent(worn(SCRIPT, (RIGHT, PELVIS)))
ALONE = sent(
    worn(
        lying(2.0, 2.0)
        .repetitions(
            [rad(25.0)] * 30,
            Tempo(0.8, 0.2, 0.8, 0.3),
            side=Side.RIGHT,
            exercise="generic",
            still_before_s=1.5,
        )
        .hold(1.0)
        .build(),
        (RIGHT, PELVIS),
    )
)
"""A movement that is counted without the pelvis, and waits for it all the same."""
LOST_FROM_S = 15.0


def is_mark(item: StreamItem) -> bool:
    """True for the script's own marks."""
    return isinstance(item, PhaseMark)


def closed_live(items: Sequence[StreamItem]) -> list[tuple[float, RepetitionClosed]]:
    """What closed while a session went on, each with when that was told."""
    analyser = SessionAnalyser((RIGHT, PELVIS), ORIGIN_NS, PARAMETERS)
    for number, placement in enumerate((RIGHT, PELVIS)):
        analyser.begin_sensor(placement, identity(placement, number, keeps_samples=True))
    told: list[tuple[float, RepetitionClosed]] = []
    for item in items:
        if isinstance(item, Notification):
            events = analyser.take_notifications([item])
        elif isinstance(item, LinkReport):
            events = analyser.take_link(item)
        else:
            analyser.take_mark(item)
            continue
        now_s = (arrives_ns(item) - ORIGIN_NS) * 1e-9
        told += [(now_s, event) for event in events if isinstance(event, RepetitionClosed)]
    return told


def test_a_leg_goes_on_without_a_pelvis_that_is_gone_for_good() -> None:
    """Live, 31 s after it was last heard: its own frames wait for 30 s, and may come a second late."""
    told = closed_live(with_outages(ALONE, {PELVIS: [(LOST_FROM_S, 999.0)]}))
    before = [now_s for now_s, one in told if now_s < LOST_FROM_S + 1.0]
    assert before
    goes_on_s = LOST_FROM_S + WAIT_S + LATENESS_S
    after = [(now_s, one.time_s) for now_s, one in told[len(before) :]]
    # frames come every 0.18 s
    assert min(now_s for now_s, _ in after) == pytest.approx(goes_on_s, abs=0.4)
    # then live again: a repetition closes with the next one, 2.1 s on, and the leg lags by a second
    late_s = [now_s - time_s for now_s, time_s in after if time_s > goes_on_s]
    assert late_s
    assert max(late_s) < 3.6
    [done] = analysed(
        (RIGHT, PELVIS), with_outages(ALONE, {PELVIS: [(LOST_FROM_S, 999.0)]}), keep_samples=True
    ).sets
    assert done.valid_reps == 30


@pytest.mark.parametrize(("place", "until_s"), [(PELVIS, 999.0), (RIGHT, LOST_FROM_S + 28.0)])
def test_a_set_does_not_end_because_samples_are_waited_for(place: Placement, until_s: float) -> None:
    """It ends when nothing comes for 30 s; while samples may yet come, it is not known that nothing does."""
    items = [one for one in with_outages(ALONE, {place: [(LOST_FROM_S, until_s)]}) if not is_mark(one)]
    analyser = started((RIGHT, PELVIS), keep_samples=True)
    board = StatusBoard(analyser)
    conductor = StepConductor((set_step("generic", "", Side.RIGHT, None, GUIDE),), GUIDE)
    marks: list[PhaseMark] = []
    for item in items:
        if isinstance(item, LinkReport):
            board.see_events(analyser.take_link(item))
        elif isinstance(item, Notification):
            board.see_events(analyser.take_notifications([item]))
        for mark in conductor.advance((arrives_ns(item) - ORIGIN_NS) * 1e-9, board):
            analyser.take_mark(mark)
            marks.append(mark)
    assert [mark.edge for mark in marks] == [Edge.START]
    assert board.most_valid >= 26


def test_a_set_ends_all_the_same_where_nothing_comes_any_more() -> None:
    """A leg that is gone for good holds up no set."""
    analyser = started((RIGHT,), keep_samples=True)
    follow(analyser, [one for one in ALONE if isinstance(one, Notification) and one.placement is RIGHT][:100])
    ends_s = analyser.pipeline.newest_s
    assert analyser.known_until_s(ends_s + 0.2) == pytest.approx(ends_s)
    assert analyser.known_until_s(ends_s + 20.0) == pytest.approx(ends_s)
    gone_s = ends_s + WAIT_S + 3.0 * LATENESS_S
    assert analyser.known_until_s(gone_s - 0.1) == pytest.approx(ends_s)
    assert analyser.known_until_s(gone_s + 0.1) == gone_s + 0.1
    assert started((RIGHT,)).known_until_s(7.0) == 7.0


def test_after_the_wait_a_pelvis_that_is_back_is_not_waited_for_again() -> None:
    """What it sends again comes too late; what it sends now is used at once."""
    items = with_outages(SENT, {PELVIS: [(LOST_FROM_S, LOST_FROM_S + WAIT_S + 3.0)]})
    told = closed_live(items)
    late_s = [now_s - one.time_s for now_s, one in told if one.time_s > LOST_FROM_S + WAIT_S + 1.0]
    assert late_s
    assert max(late_s) < 3.0
    found = analysed((RIGHT, PELVIS), items, keep_samples=True)
    pelvis = next(one for one in found.sensors if one.placement is PELVIS)
    assert (len(pelvis.gaps), pelvis.backfilled) == (1, 0)
    # against the pelvis again: its quarter is not the hip's
    [done] = found.sets
    assert deg(known(done.repetitions[-1].rom_rad)) == pytest.approx(30.0, abs=0.5)
    for gather in (7, 1000):
        assert analysed((RIGHT, PELVIS), items, gather, keep_samples=True) == found


def test_a_leg_that_waits_for_its_own_samples_finds_the_pelvis_of_that_time() -> None:
    items = with_outages(SENT, {RIGHT: [(8.0, 8.0 + 45.0)]})
    [done] = analysed((RIGHT, PELVIS), items, keep_samples=True).sets
    [undisturbed] = analysed((RIGHT, PELVIS), SENT, keep_samples=True).sets
    assert done.valid_reps == undisturbed.valid_reps == 26
    ranges_deg = [deg(known(one.rom_rad)) for one in done.repetitions]
    assert ranges_deg == pytest.approx([30.0] * 26, abs=0.5)


def test_what_waits_of_a_thigh_that_never_sends_again_is_taken_when_the_time_is_over() -> None:
    """Told by what the pelvis sends: 30 s after the first frame that waits."""
    items = with_outages(SENT, {RIGHT: [(15.0, 15.5)]}, fetch=False)
    of_thigh = [one for one in items if isinstance(one, Notification) and one.placement is RIGHT]
    first_ns = next(arrives_ns(one) for one in of_thigh if arrives_ns(one) > ORIGIN_NS + 15_500_000_000)
    gone = [one for one in items if one not in of_thigh or arrives_ns(one) < first_ns + 1_000_000_000]
    analyser = started((RIGHT, PELVIS), keep_samples=True)
    waits_until_ns = first_ns + round(WAIT_S * 1e9)
    follow(analyser, [one for one in gone if arrives_ns(one) <= waits_until_ns])
    [thigh] = [one for one in analyser.quality() if one.placement is RIGHT]
    assert thigh.samples < 1500
    follow(analyser, [one for one in gone if arrives_ns(one) > waits_until_ns])
    [thigh] = [one for one in analyser.quality() if one.placement is RIGHT]
    # 1 s and what was lost is known to a frame
    assert thigh.samples == pytest.approx(1600, abs=18)
    assert thigh.missing == pytest.approx(50, abs=18)


def pelvis_frame(time_s: float, arrived_s: float, position: int, *, again: bool = False) -> TakenFrames:
    """A frame of one sample."""
    nothing: FloatArray = np.zeros((1, 3))
    block = TimedBlock(PELVIS, np.array([time_s]), nothing, nothing, np.zeros(1, dtype=np.bool_))
    received_ns = np.array([round(arrived_s * 1e9)])
    return TakenFrames(
        block, 100.0, np.array([position]), np.array([1]), received_ns, np.array([again]) if again else None
    )


def test_without_a_pelvis_that_keeps_samples_the_limit_lags_arrivals_by_a_second() -> None:
    wait = PelvisWait(0)
    seconds = [3.0, 4.0, 3.5, 6.0]
    found = wait.limits([round(one * 1e9) for one in seconds], [pelvis_frame(2.9, 3.0, 0)], [0], 0.0)
    np.testing.assert_allclose(found, [-np.inf, 2.0, 3.0, 3.0])
    assert wait.limit_s == 5.0


def test_the_limit_stays_where_the_pelvis_is_known_to_until_the_wait_is_over() -> None:
    wait = PelvisWait(0)
    arrivals_ns = [round(one * 1e9) for one in (3.0, 10.0, 34.0, 34.1)]
    wait.limits(arrivals_ns, [pelvis_frame(2.9, 3.0, 0)], [0], 30.0)
    # 3.0 + 30 + 1 is over with the last one
    assert wait.limit_s == pytest.approx(33.1)
    # samples that are sent again move the limit, and no new time to wait begins with them
    wait = PelvisWait(0)
    wait.limits(arrivals_ns[:1], [pelvis_frame(2.9, 3.0, 0)], [0], 30.0)
    wait.limits(arrivals_ns[1:3], [pelvis_frame(8.0, 10.0, 0, again=True)], [0], 30.0)
    assert wait.limit_s == 8.0
    wait.limits(arrivals_ns[3:], [], [], 30.0)
    assert wait.limit_s == pytest.approx(33.1)


@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.sampled_from([0.0, 2.0, 30.0]))
def test_the_limit_never_goes_back_and_is_the_same_in_chunks(seed: int, size: int, wait_s: float) -> None:
    rng = np.random.default_rng(seed)
    arrived_s = np.cumsum(rng.exponential(1.0, 40))
    of_pelvis = rng.uniform(size=40) < 0.4
    found = []
    for step in (size, 40):
        wait, limits = PelvisWait(0), []
        for start in range(0, 40, step):
            part = range(start, min(40, start + step))
            own = [place - start for place in part if of_pelvis[place]]
            frames = [
                pelvis_frame(arrived_s[start + at] - 0.2, arrived_s[start + at], number)
                for number, at in enumerate(own)
            ]
            received_ns = [round(arrived_s[place] * 1e9) for place in part]
            limits += [*wait.limits(received_ns, frames, own, wait_s).tolist()]
        found.append([*limits, wait.limit_s])
    assert found[0] == found[1]
    assert found[0] == sorted(found[0])
    # stamps are whole nanoseconds; frames are known 0.2 s before they come
    behind_s = arrived_s[-1] - found[0][-1]
    assert LATENESS_S - 1e-6 <= behind_s <= LATENESS_S + wait_s + 0.2 + 1e-6
