"""Frames that were lost and sent again come in the order of their samples; and waiting has an end."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from backfill_bench import delayed, disturbed, record_of
from frame_bench import FRAME_SAMPLES, ORIGIN_NS, Sender, identity
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_protocol import FrameFlag
from tracker.model import FloatArray, Notification, Placement, SensorQuality
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.session.backfill_parameters import NO_BACKFILL, BackfillParameters
from tracker.session.ingest import Ingested, SensorIngest

LEFT = Placement.LEFT_THIGH
FRAME_S = FRAME_SAMPLES / 100.0
SENSOR = identity(keeps_samples=True)
CREPT_S = 1e-4
"""What the envelope of arrivals creeps up by, 200 ppm, while 0.4 s of samples tell nothing of the clock."""
AFTER_GAP_S = 0.54 + 0.01 * np.arange(54)
"""Times of the fourth to sixth frame."""


def ingest(
    parameters: BackfillParameters | None = None, *, keeps: bool = True, others_wait: bool = False
) -> SensorIngest:
    """An ingest of one sensor."""
    return SensorIngest(
        LEFT,
        SENSOR if keeps else identity(),
        ORIGIN_NS,
        ClockParameters(),
        backfill=parameters,
        others_wait=others_wait,
    )


def frames(count: int) -> list[Notification]:
    """Frames of a sensor that sends without pause."""
    sender = Sender()
    return [sender.frame() for _ in range(count)]


def times(found: Ingested) -> FloatArray:
    """Times of all samples."""
    return np.concatenate([np.empty(0), *(one.samples.time_s for one in found.taken)])


def again(lost: Sequence[Notification], after: Notification) -> list[Notification]:
    """Frames sent again at once after another."""
    return [record_of(one, after.received_ns + 1 + number) for number, one in enumerate(lost)]


def test_frames_ahead_of_a_gap_wait_and_come_in_order_once_it_is_filled() -> None:
    one, sent = ingest(), frames(10)
    one.take(sent[:3])
    assert not one.take(sent[5:8]).taken
    first, second = again(sent[3:5], sent[7])
    np.testing.assert_allclose(times(one.take([first])), 0.54 + 0.01 * np.arange(18), atol=CREPT_S)
    found = one.take([second])
    np.testing.assert_allclose(times(found), 0.72 + 0.01 * np.arange(72), atol=CREPT_S)
    # what comes with one notification has its place
    assert [positions for one in found.taken for positions in one.positions.tolist()] == [0] * 4
    one.take(sent[8:])
    quality = one.quality()
    assert (quality.samples, quality.missing, quality.gaps) == (180, 0, ())
    assert (quality.backfilled, quality.duplicates, quality.bad_frames) == (36, 0, 0)


def test_copies_of_frames_that_wait_and_of_those_that_came_are_counted() -> None:
    one, sent = ingest(), frames(6)
    one.take([*sent[:2], *sent[3:], sent[4]])
    one.take(again([sent[4], sent[1], sent[2], sent[2]], sent[5]))
    quality = one.quality()
    assert (quality.samples, quality.missing, quality.backfilled) == (108, 0, 18)
    assert quality.duplicates == 4 * FRAME_SAMPLES


def test_records_that_are_cut_otherwise_than_the_frames_fill_the_gap_all_the_same() -> None:
    one, sent = ingest(), frames(6)
    one.take([*sent[:2], *sent[4:]])
    cut = Sender(index=30, tick=300_000)
    records = [cut.frame(25, flags=FrameFlag.BACKFILL) for _ in range(3)]
    found = [one.take([replace(record, received_ns=sent[5].received_ns)]) for record in records]
    np.testing.assert_allclose(
        np.concatenate([times(part) for part in found]), 0.36 + 0.01 * np.arange(72), atol=CREPT_S
    )
    quality = one.quality()
    # 36 to 71 were lost; of 30 to 54 and 55 to 79, 6 had come and 8 waited; 80 to 104 have come by then
    assert (quality.samples, quality.missing, quality.backfilled, quality.duplicates) == (108, 0, 44, 39)


def test_what_the_link_cannot_get_is_a_gap_and_comes_too_late_afterwards() -> None:
    one, sent = ingest(), frames(8)
    one.take([*sent[:2], *sent[3:5], *sent[6:]])
    np.testing.assert_allclose(times(one.release())[[0, -1]], [0.54, 1.43], atol=1e-6)
    assert len(times(one.release())) == 0
    one.take(again(sent[2:3], sent[7]))
    quality = one.quality()
    assert [gap.missing for gap in quality.gaps] == [18, 18]
    assert (quality.missing, quality.samples, quality.backfilled) == (36, 108, 0)


def waited_s(one: SensorIngest, sent: Sequence[Notification]) -> float:
    """How long frames after the second one, the third of which is lost, wait; seconds of arrival."""
    one.take(sent[:2])
    for frame in sent[3:]:
        if one.take([frame]).taken:
            return (frame.received_ns - sent[3].received_ns) * 1e-9
    raise AssertionError("they wait for ever")


def test_a_thigh_is_waited_for_since_it_sends_again() -> None:
    """30 s, told by the first frame after them."""
    assert waited_s(ingest(), frames(200)) == pytest.approx(30.0 + FRAME_S / 2, abs=FRAME_S / 2 + 1e-6)


def test_a_sensor_that_others_wait_for_is_waited_for_since_it_was_heard() -> None:
    """The frame that came last before the gap is two frames older than the first one after it."""
    found_s = waited_s(ingest(others_wait=True), frames(200))
    assert found_s == pytest.approx(30.0 - 2 * FRAME_S + FRAME_S / 2, abs=FRAME_S / 2 + 1e-6)


def test_a_sensor_that_keeps_nothing_is_not_waited_for_once_a_frame_could_have_overtaken_no_more() -> None:
    assert waited_s(ingest(keeps=False), frames(10)) == 0.0
    one, sent = ingest(keeps=False), frames(10)
    one.take([*sent[:2], *(delayed(sent[number], -0.2) for number in (3, 2))])
    quality = one.quality()
    assert (quality.samples, quality.missing, quality.duplicates) == (72, 0, 0)


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("others_wait", [True, False])
@pytest.mark.parametrize("parameters", [NO_BACKFILL, BackfillParameters(wait_s=0.0, reorder_s=0.0)])
def test_where_nothing_may_wait_a_gap_is_passed_at_once(
    parameters: BackfillParameters, others_wait: bool, keeps: bool
) -> None:
    assert waited_s(ingest(parameters, keeps=keeps, others_wait=others_wait), frames(5)) == 0.0


def test_a_loss_that_is_too_long_to_be_fetched_is_not_waited_for() -> None:
    sender = Sender()
    before = [sender.frame() for _ in range(3)]
    sender.skip(12_001)
    for extra, waits in ((0, False), (-2, True)):
        one = ingest()
        one.take(before)
        late = Sender(index=sender.index + extra, tick=sender.tick + extra * 10_000, now_s=sender.now_s)
        assert (not one.take([late.frame()]).taken) is waits


def test_what_is_released_by_time_goes_up_to_the_next_gap_only() -> None:
    one, sent = ingest(BackfillParameters(wait_s=1.0)), frames(20)
    # the third and the seventh are lost; when the fourth has waited for 1.1 s, the eighth has for 0.4 s
    one.take([*sent[:2], *sent[3:6], *sent[7:9]])
    assert one.quality().samples == 36
    np.testing.assert_allclose(times(one.take(sent[9:10])), AFTER_GAP_S, atol=1e-6)
    one.take(again(sent[6:7], sent[9]))
    quality = one.quality()
    assert ([gap.missing for gap in quality.gaps], quality.samples) == ([18], 162)


def test_no_more_than_a_bounded_number_of_samples_waits() -> None:
    one, sent = ingest(BackfillParameters(held_samples=90)), frames(12)
    one.take([*sent[:2], *sent[3:8]])
    assert one.quality().samples == 36
    # 108 wait after this one; the next frame finds that too many
    one.take(sent[8:9])
    assert one.take(sent[9:10]).taken
    assert one.quality().samples == 36 + 126


@pytest.mark.parametrize("flags", [FrameFlag.NONE, FrameFlag.TIME_JUMP])
def test_a_restart_ends_the_waiting(flags: FrameFlag) -> None:
    one, sent = ingest(), frames(6)
    one.take([*sent[:2], *sent[3:]])
    anew = Sender(tick=123_456_789, now_s=3.0)
    found = times(one.take([anew.frame(flags=flags)]))
    np.testing.assert_allclose(found, [*AFTER_GAP_S, *(3.0 + 0.01 * np.arange(18))], atol=1e-6)
    assert [(gap.cause, gap.missing) for gap in one.quality().gaps] == [("lost", 18), ("restart", 192)]


def test_another_sensor_ends_the_waiting_with_its_first_notification() -> None:
    one, sent = ingest(), frames(6)
    one.take([*sent[:2], *sent[3:]])
    one.begin(identity(number=1, keeps_samples=True))
    other = Sender(now_s=3.0)
    found = times(one.take([other.frame()]))
    np.testing.assert_allclose(found, [*AFTER_GAP_S, *(3.0 + 0.01 * np.arange(18))], atol=1e-6)


def test_the_same_sensor_after_a_reconnect_goes_on_waiting() -> None:
    one, sent = ingest(), frames(8)
    one.take([*sent[:2], *sent[3:6]])
    one.begin(SENSOR)
    assert not one.take(sent[6:7]).taken
    one.take(again(sent[2:3], sent[6]))
    assert (one.quality().samples, one.quality().missing) == (7 * FRAME_SAMPLES, 0)


def test_a_frame_that_is_refused_does_not_end_the_waiting() -> None:
    one, sent = ingest(), frames(8)
    one.take([*sent[:2], *sent[3:6]])
    slow = Sender(index=200, tick=2_000_000, rate_hz=20.0).frame()
    found = one.take([replace(sent[6], payload=b"nonsense"), replace(slow, received_ns=sent[6].received_ns)])
    assert (len(found.taken), len(found.notes)) == (0, 2)
    one.take(again(sent[2:3], sent[6]))
    assert one.quality().missing == 0


def test_a_jump_that_is_sent_again_is_over() -> None:
    """The first frame since power-on carries the flag, also when it comes a second time."""
    one, sender = ingest(), Sender()
    first = sender.frame(flags=FrameFlag.TIME_JUMP)
    rest = [sender.frame() for _ in range(4)]
    one.take([first, *rest, *again([first], rest[-1])])
    quality = one.quality()
    assert (quality.samples, quality.duplicates, quality.gaps) == (90, 18, ())


def test_when_a_frame_was_sent_again_says_nothing_of_the_clock() -> None:
    """Every third frame comes 5 s late: the residual of the fit is that of the others."""
    one, sender = ingest(), Sender(drift_ppm=20.0)
    sent = [sender.frame() for _ in range(300)]
    late = [number % 3 == 1 for number in range(300)]
    items = [frame for frame, is_late in zip(sent, late, strict=True) if not is_late]
    items += [record_of(frame, frame.received_ns + 5_000_000_000) for frame in sent[1:270:3]]
    one.take(sorted(items, key=lambda item: item.received_ns))
    quality = one.quality()
    assert quality.backfilled == 90 * FRAME_SAMPLES
    assert quality.clock_residual_s == pytest.approx(0.0, abs=1e-6)
    assert quality.drift_ppm == pytest.approx(20.0, abs=0.1)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 7, 50, 1000]), st.booleans())
def test_whatever_is_lost_doubled_and_overtaken_all_samples_come_in_order(
    seed: int, gather: int, others_wait: bool
) -> None:
    rng = np.random.default_rng(seed)
    stream = disturbed(frames(60), rng)
    (found, account), (single, same) = (
        run(ingest(others_wait=others_wait), stream, size) for size in (gather, 1)
    )
    np.testing.assert_array_equal(times(found), times(single))
    assert account == same
    assert (np.diff(times(found)) > 0.0).all()
    assert (account.samples, account.missing, account.gaps) == (60 * FRAME_SAMPLES, 0, ())
    assert account.duplicates + account.samples == len(stream) * FRAME_SAMPLES


def run(one: SensorIngest, stream: Sequence[Notification], gather: int) -> tuple[Ingested, SensorQuality]:
    """All that a stream brings, and the account of it."""
    found = [one.take(stream[at : at + gather]) for at in range(0, len(stream), gather)]
    found.append(one.release())
    taken = tuple(two for part in found for two in part.taken)
    return Ingested(taken, tuple(note for part in found for note in part.notes)), one.quality()
