"""Samples of a virtual sensor as frames of Stream and records of Backfill."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firmware_protocol import FrameFlag, encode_frame
from firmware_protocol.backfill import encode_backfill_record
from firmware_protocol.stream import SATURATED_COUNTS
from tracker.sensing.virtual.feed import SampleFeed
from tracker.sensing.virtual.ring_buffer import Part
from tracker.sensing.virtual.sample_times import SampleTimes

MEMORY_S = 10.0
"""Samples that could not be sent for longer than this are left out of Stream."""


@dataclass(slots=True)
class Session:
    """One stream from START to STOP.

    Attributes:
        number: chosen by the receiver.
        base_index: index in the feed of the session's first sample.
        frame_samples: samples in one frame.
        next_index: index, since START, of the first sample of the next frame.
        sequence: number of the next frame.
        dropped_samples: samples that were lost in the sensor.
        running: false after STOP.
        on_air: whether it streams over the present link.
    """

    number: int
    base_index: int
    frame_samples: int
    next_index: int = 0
    sequence: int = 0
    dropped_samples: int = 0
    running: bool = True
    on_air: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One notification that leaves the sensor.

    Attributes:
        payload: its bytes.
        copies: how often it arrives.
    """

    payload: bytes
    copies: int


class Framing:
    """Makes frames from when the sensor is switched on."""

    def __init__(self, feed: SampleFeed, times: SampleTimes) -> None:
        self._feed = feed
        self._times = times
        self._fresh = True

    def samples_ahead(self, session: Session) -> int:
        """Samples of the next frame."""
        return self.at_one_rate(session, session.next_index, session.frame_samples)

    def at_one_rate(self, session: Session, first: int, samples: int) -> int:
        """How many of the samples from an index on may be in one frame, which states but one rate."""
        return self._times.at_one_rate(session.base_index + first, samples)

    def complete_at_s(self, session: Session) -> float:
        """Time of the motion at which the last sample of the next frame is taken."""
        return self._taken_at_s(session, session.next_index + self.samples_ahead(session) - 1)

    def next_frame(self, session: Session, taken: int, oldest: int) -> bytes:
        """The next frame; the session goes on behind it.

        Args:
            taken: samples of the session so far.
            oldest: oldest sample that can still be fetched.
        """
        # ticks and index began anew when the sensor was switched on; the first frame must tell so
        flags = FrameFlag.TIME_JUMP if self._fresh else FrameFlag.NONE
        self._fresh = False
        if self._leave_out_old(session, taken, oldest):
            flags |= FrameFlag.OVERFLOW
        samples = self.samples_ahead(session)
        frame = self._frame(session, session.next_index, samples, session.sequence, flags)
        session.next_index += samples
        session.sequence += 1
        return frame

    def record(self, session: Session, part: Part) -> bytes:
        """Samples that are sent again, with their checksum."""
        frame = self._frame(session, part.first_index, part.samples, part.sequence, FrameFlag.BACKFILL)
        return encode_backfill_record(frame)

    def _leave_out_old(self, session: Session, taken: int, oldest: int) -> bool:
        """Skip what could not be sent for too long; whether any of it is lost for good."""
        first, end = session.next_index, taken - session.frame_samples
        waited_s = self._taken_at_s(session, taken) - self._taken_at_s(session, first)
        if waited_s <= MEMORY_S:
            return False
        session.next_index = end
        lost = max(0, min(end, oldest) - first)
        session.dropped_samples += lost
        return lost > 0

    def _taken_at_s(self, session: Session, index: int) -> float:
        return self._times.taken_at_s(session.base_index + index)

    def _frame(self, session: Session, first: int, samples: int, sequence: int, flags: FrameFlag) -> bytes:
        feed_index = session.base_index + first
        counts = self._feed.counts(feed_index, samples)
        return encode_frame(
            counts,
            first_sample_index=first,
            first_tick=self._times.tick_of(feed_index),
            interval_ticks=self._times.interval_ticks(feed_index),
            sequence=sequence,
            flags=flags | _saturation(counts),
        )


def _saturation(counts: npt.NDArray[np.int16]) -> FrameFlag:
    """The flags that tell that a range was not enough."""
    # int32: the magnitude of -32,768 does not fit int16
    peak = np.abs(counts.astype(np.int32)).max(axis=0) >= SATURATED_COUNTS
    flags = FrameFlag.ACCELEROMETER_SATURATED if peak[:3].any() else FrameFlag.NONE
    return flags | (FrameFlag.GYROSCOPE_SATURATED if peak[3:].any() else FrameFlag.NONE)
