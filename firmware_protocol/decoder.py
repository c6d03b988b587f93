"""What every sensor's module offers: the notifications of one connection, in their order, to samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from firmware_protocol.blocks import Int64Array
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.wire import Bytes


class Lack(StrEnum):
    """What a sensor cannot do; said before and after a session."""

    TIMESTAMPS = "timestamps"
    """It does not say when a sample was taken: times come from when notifications arrived."""
    LOSS_COUNT = "loss_count"
    """It does not number its samples: losses show only as a pause, and short ones do not show."""
    BACKFILL = "backfill"
    """It keeps nothing for later: what is lost while the link is gone stays lost."""
    COMMON_SAMPLING = "common_sampling"
    """Accelerometer and gyroscope are sampled apart: they are brought together by time."""
    GYROSCOPE = "gyroscope"
    """It measures no turning: it cannot be used."""


@dataclass(frozen=True, slots=True)
class StreamDescription:
    """What a stream's frames are counted in.

    Attributes:
        tick_rate_hz: ticks a second in which the frames of its decoder tell time.
        sample_rates_hz: nominal rates that its samples may have.
        lacks: what the sensor cannot do.
    """

    tick_rate_hz: int
    sample_rates_hz: tuple[float, ...]
    lacks: frozenset[Lack] = frozenset()


class StreamDecoder(Protocol):
    """Turns what one sensor sends after START into frames of samples. It may keep state in between.

    However the notifications are cut into calls, the samples are the same.
    """

    @property
    def description(self) -> StreamDescription:
        """What the frames are counted in."""
        ...

    def decode(self, payloads: Sequence[Bytes], received_ns: Int64Array) -> FrameBatch:
        """The frames that these notifications complete.

        Args:
            payloads: the next N notifications of the connection, in the order of arrival.
            received_ns: (N,) receiver's monotonic clock when each arrived, for sensors without timestamps.

        Returns:
            Good frames, each with the position of the notification that completed it, and the notifications
            that could not be read. It never raises for bytes, whatever they are.
        """
        ...
