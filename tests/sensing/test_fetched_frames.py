"""Frames that were sent again later get their times, and tell the clock nothing."""

import numpy as np
from clock_streams import FRAME_SAMPLES, INTERVAL_TICKS, TICK_RATE_HZ, frame_ends_s

from tracker.model import BoolArray, FloatArray
from tracker.sensing.clock_model.clock import FrameTicks, SensorClock
from tracker.sensing.clock_model.parameters import ClockParameters

OUTAGE = slice(100, 211)
"""20 s of frames."""


def feed(clock: SensorClock, fetched: BoolArray | None, arrival_s: FloatArray) -> FloatArray:
    """Times of all samples of frames from the first on."""
    ticks = np.arange(len(arrival_s) * FRAME_SAMPLES, dtype=np.int64) * INTERVAL_TICKS
    received_ns = np.round(arrival_s * 1e9).astype(np.int64)
    times, done = [], 0
    while done < len(arrival_s):
        rest = slice(done * FRAME_SAMPLES, None)
        counts = np.full(len(arrival_s) - done, FRAME_SAMPLES, dtype=np.int64)
        mask = None if fetched is None else fetched[done:]
        found = clock.sample_times(FrameTicks(ticks[rest], counts, received_ns[done:], mask))
        times.append(found.time_s)
        done += found.frames
    return np.concatenate(times)


def test_an_outage_that_was_fetched_later_leaves_the_time_line_where_it_was() -> None:
    """20 s of frames arrive 25 s late, in order before those that came in time: as if there had been none.

    Without them the envelope creeps on for 20 s at most: 200 ppm of that, less the drift of 50 ppm.
    """
    ends_s = frame_ends_s(50.0, 60.0)
    fetched = np.zeros(len(ends_s), dtype=np.bool_)
    fetched[OUTAGE] = True
    clock, plain = (SensorClock(TICK_RATE_HZ, 0, ClockParameters()) for _ in range(2))
    times_s = feed(clock, fetched, ends_s + 25.0 * fetched)
    undisturbed_s = feed(plain, None, ends_s)
    assert np.abs(times_s - undisturbed_s).max() < 20.0 * (200e-6 + 50e-6) + 1e-6
    assert clock.paces == ()
    assert clock.drift is not None
    assert abs(clock.drift.drift_ppm - 50.0) < 0.01
    assert clock.residual_s is not None
    assert clock.residual_s < 1e-6


def test_when_a_fetched_frame_arrived_makes_no_difference() -> None:
    """Not by a bit; also where it was early enough to be the lowest point of all."""
    ends_s = frame_ends_s(-700.0, 300.0)
    late_s = np.random.default_rng(2).uniform(0.0, 0.03, len(ends_s))
    fetched = np.zeros(len(ends_s), dtype=np.bool_)
    fetched[OUTAGE] = True
    found = []
    for delay_s in (-1.0, 0.0, 9.0):
        clock = SensorClock(TICK_RATE_HZ, 0, ClockParameters())
        times_s = feed(clock, fetched, ends_s + late_s + delay_s * fetched)
        found.append((times_s.tobytes(), clock.paces, clock.drift, clock.residual_s))
    assert found[0] == found[1] == found[2]


def test_a_clock_begins_by_its_first_frame_whatever_it_is() -> None:
    """There is no other time line; what comes in time then is made up for."""
    ends_s = frame_ends_s(0.0, 30.0)
    fetched = np.arange(len(ends_s)) < 5
    clock = SensorClock(TICK_RATE_HZ, 0, ClockParameters())
    times_s = feed(clock, fetched, ends_s + 0.5 * fetched)
    assert abs(times_s[FRAME_SAMPLES - 1] - (ends_s[0] + 0.5)) < 1e-6
    assert abs(times_s[-1] - ends_s[-1]) < 1e-6
