"""A link that brings the first frames late: what comes later must not be shifted for long."""

from collections.abc import Callable

import numpy as np
import pytest
from clock_streams import START_S, followed, frame_ends_s, jittered

from tracker.model import FloatArray
from tracker.sensing.clock_model.parameters import ClockParameters

PARAMETERS = ClockParameters()
JITTER_S = 0.03


def start(late: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """When each frame of a minute arrives, of a clock 50 ppm fast; late by time, and by jitter."""
    ends_s = frame_ends_s(50.0, 60.0)
    jitter_s = np.random.default_rng(7).uniform(0.0, JITTER_S, len(ends_s))
    return ends_s + late(ends_s) + jitter_s


@pytest.mark.parametrize("stall_s", [0.3, 1.0, 2.0, 5.0])
def test_frames_that_waited_together_shift_nothing_after_as_long_again(stall_s: float) -> None:
    """All of the first seconds arrive together. Times go on at half the pace: they are right to a tenth of a
    second twice as long after the first sample as that, which is as long again after the frames came; what is
    left is made up for at 5 %, beside the jitter of 30 ms."""
    arrival_s = start(lambda now_s: np.maximum(0.0, START_S + stall_s - now_s))
    found = followed(50.0, arrival_s)
    come_s = START_S + 2.0 * stall_s
    assert np.abs(found.between(come_s + 0.4, 60.0)).max() < PARAMETERS.stall_s + JITTER_S
    assert np.abs(found.between(come_s + 0.4 + PARAMETERS.stall_s / PARAMETERS.slew, 60.0)).max() < JITTER_S
    assert (np.diff(found.time_s) > 0.0).all()


def test_a_link_that_was_late_for_some_seconds_shifts_nothing_for_long() -> None:
    """By 0.3 s, for 6 s: 0.4 s later a tenth is left, of which 5 % make 2 s."""
    arrival_s = start(lambda now_s: np.where(now_s < START_S + 6.0, 0.3, 0.0))
    assert np.abs(followed(50.0, arrival_s).between(START_S + 6.4 + 2.4, 60.0)).max() < JITTER_S


@pytest.mark.parametrize("jitter_s", [0.01, 0.03, 0.09])
def test_jitter_at_the_start_is_made_up_for_slowly(jitter_s: float) -> None:
    """Less than a tenth of a second is no stall: samples keep their distance but for 5 % and what creeps."""
    found = jittered(0.0, 30.0, np.random.default_rng(8), jitter_s)
    assert np.diff(found.time_s).min() > 0.01 * (1.0 - PARAMETERS.slew) - 1e-9


def test_after_the_start_what_is_late_is_made_up_for_slowly() -> None:
    """A link that was 0.3 s late for half a minute: someone may be exercising when it no longer is."""
    arrival_s = start(lambda now_s: np.where(now_s < 30.0, 0.3, 0.0))
    assert np.diff(followed(50.0, arrival_s).time_s).min() > 0.01 * (1.0 - PARAMETERS.slew) - 1e-6


def test_a_start_that_is_still_late_after_20_s_is_made_up_for_to_its_end() -> None:
    """14 s came together: of 28 s at half the pace 8 s lie behind the start."""
    arrival_s = start(lambda now_s: np.maximum(0.0, START_S + 14.0 - now_s))
    found = followed(50.0, arrival_s)
    assert np.abs(found.between(START_S + 28.4 + PARAMETERS.stall_s / PARAMETERS.slew, 60.0)).max() < JITTER_S
