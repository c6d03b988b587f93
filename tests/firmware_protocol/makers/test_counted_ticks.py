"""Samples that are only counted get the right times: rates off nominal, links that wait, pauses."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_protocol import FrameFlag
from firmware_protocol.makers.counted_ticks import CountedFrame, CountedTicks

RATE_HZ = 100.0
SAMPLES = 4
"""In one notification."""

INTERVAL_S = 0.03
"""Of connections: a notification waits for the next, now and then for the one after it."""

START_S = 1000.0

Span = tuple[float, float]


def arrivals(
    share: float, duration_s: float, seed: int, *, lost: Sequence[Span] = (), waiting: Sequence[Span] = ()
) -> list[tuple[float, int]]:
    """When each notification's last sample was taken in s, and its arrival in ns.

    Args:
        share: real rate, of the nominal one.
        lost: while these last, notifications are lost.
        waiting: while these last, notifications wait for the end.
    """
    random, newest_s, result = np.random.default_rng(seed), 0.0, []
    for last in range(SAMPLES - 1, int(duration_s * RATE_HZ * share), SAMPLES):
        taken_s = last / (RATE_HZ * share)
        if any(begin <= taken_s < end for begin, end in lost):
            continue
        arrival_s = (np.floor(taken_s / INTERVAL_S) + random.geometric(0.9)) * INTERVAL_S
        arrival_s = max([arrival_s, *(end for begin, end in waiting if begin <= taken_s < end)])
        newest_s = max(newest_s + 1e-4, arrival_s)
        result.append((taken_s, round((START_S + newest_s) * 1e9)))
    return result


def count(notifications: Sequence[tuple[float, int]]) -> list[CountedFrame]:
    counter = CountedTicks(RATE_HZ)
    return [frame for _, received_ns in notifications for frame in counter.take(SAMPLES, received_ns)]


def left_out(frames: Sequence[CountedFrame]) -> list[int]:
    """Samples missing before each frame but the first, where any are."""
    steps = [two.first_sample_index - one.first_sample_index - one.samples for one, two in pairwise(frames)]
    return [step for step in steps if step]


def assert_given_out(frames: Sequence[CountedFrame], notifications: Sequence[tuple[float, int]]) -> None:
    """All samples but those of the last second, which may be in doubt, are given out."""
    given_out = sum(frame.samples for frame in frames)
    assert SAMPLES * len(notifications) - RATE_HZ < given_out <= SAMPLES * len(notifications)


def test_the_first_sample_is_counted_back_from_the_arrival_of_the_last() -> None:
    (frame,) = CountedTicks(RATE_HZ).take(SAMPLES, 5_000_000_000)
    assert frame == CountedFrame(0, 5_000_000 - 3 * 10_000, 10_000, SAMPLES, FrameFlag.TIME_JUMP)


@settings(max_examples=25)
@given(share=st.floats(0.88, 1.12), seed=st.integers(0, 1000))
def test_a_rate_off_nominal_is_no_pause(share: float, seed: int) -> None:
    notifications = arrivals(share, 30.0, seed)
    frames = count(notifications)
    assert left_out(frames) == []
    assert_given_out(frames, notifications)
    assert [frame.flags for frame in frames[1:]] == [FrameFlag.NONE] * (len(frames) - 1)


@settings(max_examples=25)
@given(share=st.floats(0.95, 1.05), seed=st.integers(0, 1000), pause_s=st.sampled_from([0.0, 2.0]))
def test_ticks_follow_the_real_rate_once_it_is_known(share: float, seed: int, pause_s: float) -> None:
    notifications = arrivals(share, 80.0, seed, lost=[(40.0, 40.0 + pause_s)])
    frames = count(notifications)
    last_s = np.array([taken_s for taken_s, _ in notifications])
    ends = np.cumsum([frame.samples for frame in frames]) // SAMPLES - 1
    ticks = [frame.first_tick + (frame.samples - 1) * frame.interval_ticks for frame in frames]
    off_s = np.array(ticks) * 1e-6 - START_S - last_s[ends]
    # what five seconds at a rate 5 % off cost is made up within three times the time for it
    late = last_s[ends] > 25.0
    # the line of least lateness is good to 10 ms, a pause to a sample and 0.5 % of it besides
    assert np.ptp(off_s[late]) < 0.02 + (0.01 + 0.005 * pause_s if pause_s else 0.0)
    intervals = np.diff(ticks)[late[1:]] / np.diff(last_s[ends])[late[1:]]
    # on the whole it is a second a second
    assert np.median(intervals) * 1e-6 == pytest.approx(1.0, abs=2e-3)


@settings(max_examples=25)
@given(
    share=st.floats(0.95, 1.05),
    seed=st.integers(0, 1000),
    wait_s=st.floats(0.1, 9.0),
    begin_s=st.floats(6.0, 18.0),
)
def test_notifications_that_only_waited_lose_nothing(
    share: float, seed: int, wait_s: float, begin_s: float
) -> None:
    notifications = arrivals(share, 30.0, seed, waiting=[(begin_s, begin_s + wait_s)])
    frames = count(notifications)
    assert left_out(frames) == []
    assert_given_out(frames, notifications)


@settings(max_examples=25)
@given(
    share=st.floats(0.95, 1.05),
    seed=st.integers(0, 1000),
    pause_s=st.floats(0.2, 9.0),
    begin_s=st.floats(8.0, 20.0),
)
def test_a_pause_is_left_out_where_it_was(share: float, seed: int, pause_s: float, begin_s: float) -> None:
    notifications = arrivals(share, 35.0, seed, lost=[(begin_s, begin_s + pause_s)])
    frames = count(notifications)
    times_s = [taken_s for taken_s, _ in notifications]
    place = int(np.argmax(np.diff(times_s)))
    missing = round((times_s[place + 1] - times_s[place]) * RATE_HZ * share) - SAMPLES
    # what a line through 8 s of least lateness, good to 10 ms, leaves open over the pause, and one sample
    open_samples = 1 + RATE_HZ * (0.02 + 0.005 * pause_s)
    assert sum(left_out(frames)) == pytest.approx(missing, abs=open_samples)
    (after,) = (
        two for one, two in pairwise(frames) if two.first_sample_index != one.first_sample_index + one.samples
    )
    assert sum(frame.samples for frame in frames[: frames.index(after)]) == SAMPLES * (place + 1)


def test_a_loss_too_short_to_be_told_from_the_link_leaves_the_count_alone() -> None:
    # one notification of 40 ms
    notifications = arrivals(1.0, 30.0, 1)
    del notifications[400]
    assert left_out(count(notifications)) == []


def test_after_a_long_silence_the_count_begins_anew_from_the_arrival() -> None:
    notifications = arrivals(1.0, 40.0, 2, lost=[(10.0, 25.0)])
    frames = count(notifications)
    place = next(place for place, frame in enumerate(frames) if place and frame.flags)
    assert frames[place].flags == FrameFlag.TIME_JUMP
    received_us = notifications[place][1] / 1000
    # by then the rate is known to a part in a hundred, of three intervals
    assert frames[place].first_tick == pytest.approx(received_us - 30_000, abs=300)
    # arrivals are late by three connection intervals at most here
    assert sum(left_out(frames)) == pytest.approx(1500 - SAMPLES, abs=10)


def test_samples_held_in_doubt_are_given_out_before_a_count_that_begins_anew() -> None:
    notifications = arrivals(1.0, 40.0, 3, lost=[(10.0, 12.0), (12.5, 25.0)])
    frames = count(notifications)
    assert sum(frame.samples for frame in frames) == SAMPLES * len(notifications)
    assert all(step > 0 for step in left_out(frames))


def test_a_receiver_whose_clock_steps_back_begins_anew() -> None:
    counter = CountedTicks(RATE_HZ)
    counter.take(SAMPLES, 5_000_000_000)
    (frame,) = counter.take(SAMPLES, 4_000_000_000)
    assert frame.flags == FrameFlag.TIME_JUMP
    assert frame.first_tick == 4_000_000 - 3 * 10_000
