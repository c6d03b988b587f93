"""MetaMotion's two streams take turns: brought together, with losses, pauses and streams that end."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from metamotion_streams import SETTINGS, START_S, decode, indices, notifications, numbered, places, without

from firmware_protocol import FrameFlag
from firmware_protocol.makers.metamotion import MetaMotionDecoder
from firmware_protocol.makers.metamotion_registers import Module


@pytest.mark.parametrize("behind", [0, 1, 2])
@pytest.mark.parametrize("first", [Module.ACCELEROMETER, Module.GYROSCOPE])
def test_acceleration_is_of_the_time_of_turning_to_half_a_notification(behind: int, first: Module) -> None:
    sent = notifications(*numbered(300), behind)
    if first is Module.GYROSCOPE:
        sent = without(sent, Module.ACCELEROMETER, [0])
    batch = decode(sent)
    assert len(batch) > 280
    accelerometer, gyroscope = places(batch)
    assert np.abs(accelerometer - gyroscope).max() <= 1.5 + 1e-9


@pytest.mark.parametrize("module", [Module.ACCELEROMETER, Module.GYROSCOPE])
@pytest.mark.parametrize("first", [Module.ACCELEROMETER, Module.GYROSCOPE])
@pytest.mark.parametrize("which", [[60], [60, 61], [60, 90, 91]])
def test_a_lost_notification_of_one_stream_is_left_out_of_both(
    module: Module, first: Module, which: list[int]
) -> None:
    sent = without(notifications(*numbered(400)), module, which)
    if first is Module.GYROSCOPE:
        sent = without(sent, Module.ACCELEROMETER, [0])
    batch = decode(sent)
    accelerometer, gyroscope = places(batch)
    numbers = np.array(indices(batch))
    after = numbers > 3 * which[-1] + 40
    assert after.sum() > 30
    assert np.abs(accelerometer - gyroscope)[after].max() <= 1.5 + 1e-9
    # where nothing is lost the index steps with the sample; what is lost is skipped by both
    offset = gyroscope - numbers
    np.testing.assert_allclose(offset[after], offset[0], atol=1e-9)
    assert numbers[-1] + 1 - numbers[0] - len(numbers) == 3 * len(which)


def test_turns_that_vary_are_no_loss() -> None:
    # both notifications are ready at once, and now and then the other goes first
    random, sent = np.random.default_rng(4), notifications(*numbered(1500), behind=0)
    swapped = [two[:: random.choice([-1, 1, 1, 1, 1])] for two in zip(sent[::2], sent[1::2], strict=True)]
    batch = decode([one for two in swapped for one in two])
    assert indices(batch) == list(range(len(batch)))
    accelerometer, gyroscope = places(batch)
    assert np.abs(accelerometer - gyroscope).max() <= 1.5 + 1e-9


def test_a_pause_of_both_is_a_gap_of_its_length() -> None:
    pause_s = 3.0
    sent = [one for one in notifications(*numbered(1600)) if not 8.0 <= one[0] - START_S < 8.0 + pause_s]
    batch = decode(sent)
    steps = np.diff(indices(batch))
    assert (steps > 1).sum() == 1
    # a line through 8 s of arrivals leaves half a percent of the pause open; turns begin anew within two
    # notifications of 30 ms
    assert steps.max() - 1 == pytest.approx(100 * pause_s, abs=0.5 + 0.005 * 100 * pause_s + 6)
    # samples after the pause stayed in the right turns
    accelerometer, gyroscope = places(batch)
    assert np.abs(accelerometer - gyroscope).max() <= 1.5 + 1e-9
    assert FrameFlag.TIME_JUMP not in batch.flags[1:]


def test_after_a_long_silence_times_begin_anew() -> None:
    sent = [one for one in notifications(*numbered(3000)) if not 8.0 <= one[0] - START_S < 22.0]
    batch = decode(sent)
    assert (batch.flags == FrameFlag.TIME_JUMP).sum() == 2


def test_a_stream_that_never_comes_gives_no_samples_and_fills_no_memory() -> None:
    for module in (Module.ACCELEROMETER, Module.GYROSCOPE):
        decoder = MetaMotionDecoder(SETTINGS)
        sent = [one for one in notifications(*numbered(5000)) if one[1][0] == module]
        assert len(decode(sent, decoder)) == 0
        assert sum(map(len, decoder._pairs._waiting.values())) <= 3


@pytest.mark.parametrize("module", [Module.ACCELEROMETER, Module.GYROSCOPE])
def test_a_stream_that_ends_and_comes_back_is_a_pause(module: Module) -> None:
    sent = notifications(*numbered(2000))
    batch = decode([one for one in sent if not (one[1][0] == module and 8.0 <= one[0] - START_S < 11.0)])
    accelerometer, gyroscope = places(batch)
    assert gyroscope[-1] > 1980
    assert np.abs(accelerometer - gyroscope)[np.array(indices(batch)) > 1150].max() <= 1.5 + 1e-9
    assert np.diff(indices(batch)).max() == pytest.approx(300, abs=20)


@given(
    sizes=st.lists(st.tuples(st.booleans(), st.integers(1, 85)), max_size=200),
    step_ns=st.integers(-(10**9), 2 * 10**10),
)
def test_no_turns_fill_the_memory(sizes: list[tuple[bool, int]], step_ns: int) -> None:
    decoder = MetaMotionDecoder(SETTINGS)
    payloads = [bytes((0x13 if of_gyroscope else 0x03, 5)) + bytes(6 * size) for of_gyroscope, size in sizes]
    decoder.decode(payloads, step_ns * np.arange(len(payloads), dtype=np.int64))
    # eight notifications of the largest size are watched, and eight more until a loss is certain
    assert all(len(waiting) <= 16 * 85 for waiting in decoder._pairs._waiting.values())


@pytest.mark.parametrize("behind", [0, 1, 2])
@pytest.mark.parametrize("begin_s", [8.0, 8.01, 8.02])
def test_notifications_that_only_waited_for_long_keep_their_numbers(behind: int, begin_s: float) -> None:
    sent = notifications(*numbered(1600), behind)
    begin_s, end_s = START_S + begin_s, START_S + 9.5
    waited = [(end_s if begin_s <= at_s < end_s else at_s, payload) for at_s, payload in sent]
    batch = decode(waited)
    accelerometer, gyroscope = places(batch)
    np.testing.assert_allclose(gyroscope - np.array(indices(batch)), behind, atol=1e-9)
    assert np.abs(accelerometer - gyroscope).max() <= 1.5 + 1e-9
    assert len(batch) > 1570


def test_turning_without_acceleration_for_a_while_is_left_out_by_its_count() -> None:
    sent = notifications(*numbered(2000))
    lost = [one for one in sent if not (one[1][0] == Module.ACCELEROMETER and 8.0 <= one[0] - START_S < 11.0)]
    batch = decode(lost)
    np.testing.assert_allclose(places(batch)[1] - np.array(indices(batch)), 1, atol=1e-9)
