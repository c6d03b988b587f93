"""Streams that come apart: a frame's arrival is that of its samples, not that of what completed it."""

import numpy as np
import pytest

from firmware_protocol.makers.polar import TICK_RATE_HZ, PolarDecoder, PolarSettings
from firmware_protocol.makers.polar_frames import DIFFERENCES, Measurement, encode_frame
from tracker.model import FloatArray, Notification, Placement
from tracker.sensing.clock_model.clock import SensorClock
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.session.received_frames import ReceivedFrames

LEFT = Placement.LEFT_THIGH
RATE_HZ = 104.0
LINK_S = 0.01
"""Every notification arrives so long after its last sample."""
SETTINGS = PolarSettings(RATE_HZ, 4.0, 1000.0, gyroscope_factor=0.5)


def notifications(duration_s: float) -> list[Notification]:
    """Both streams, each in notifications of 30 to 110 samples, whose gyroscope counts number the samples."""
    generator = np.random.default_rng(2)
    sent = []
    for measurement in (Measurement.ACCELEROMETER, Measurement.GYROSCOPE):
        first = 0
        while first < duration_s * RATE_HZ:
            count = int(generator.integers(30, 110))
            counts = np.repeat(np.arange(first, first + count)[:, None], 3, axis=1)
            last_s = (first + count - 1) / RATE_HZ
            payload = encode_frame(measurement, 10**17 + round(last_s * 1e9), counts, frame_type=DIFFERENCES)
            sent.append(Notification(LEFT, payload, round((last_s + LINK_S) * 1e9)))
            first += count
    return sorted(sent, key=lambda one: one.received_ns)


def test_arrival_is_that_of_the_gyroscope_samples() -> None:
    sent = notifications(20.0)
    received_ns = np.array([one.received_ns for one in sent], dtype=np.int64)
    batch = PolarDecoder(SETTINGS).decode([one.payload for one in sent], received_ns)
    frames = ReceivedFrames.of(batch, received_ns[batch.positions])
    own = {one.received_ns for one in sent if one.payload[0] == Measurement.GYROSCOPE}
    assert set(frames.received_ns.tolist()) <= own


def times_and_numbers() -> tuple[FloatArray, FloatArray]:
    """(S,) time given to each sample, and which sample it is."""
    decoder, clock = PolarDecoder(SETTINGS), SensorClock(TICK_RATE_HZ, 0, ClockParameters())
    times_s, numbers = [], []
    for one in notifications(40.0):
        received_ns = np.array([one.received_ns], dtype=np.int64)
        batch = decoder.decode([one.payload], received_ns)
        frames = ReceivedFrames.of(batch, received_ns[batch.positions])
        if len(frames):
            times_s.append(clock.sample_times(frames.ticks).time_s)
            numbers.append(np.rint(np.degrees(frames.gyroscope_rad_per_s[:, 0]) / SETTINGS.gyroscope_factor))
    return np.concatenate(times_s), np.concatenate(numbers)


def test_samples_get_their_times_although_they_wait_up_to_a_second_for_the_other_stream() -> None:
    time_s, number = times_and_numbers()
    assert (np.diff(time_s) > 0).all()
    late_s = time_s - number / RATE_HZ
    # the link's own delay is not known to anyone; 42 us are the rounding of ticks in 110 samples
    settled = number > 15 * RATE_HZ
    assert late_s[settled] == pytest.approx(LINK_S, abs=1e-3)
