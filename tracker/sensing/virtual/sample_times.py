"""When a virtual sensor takes each sample, by true time and by its own ticks."""

import math

from tracker.sensing.virtual.faults import RateChange
from tracker.sensing.virtual.feed import MotionClock
from tracker.sensing.virtual.settings import SensorSettings


class SampleTimes:
    """Times and ticks of the samples of a feed; index 0 is taken when the motion begins.

    Args:
        switched_on_s: when the device clock began, on the host's clock of the motion.
        change: the rate changes once.
    """

    def __init__(
        self,
        settings: SensorSettings,
        motion: MotionClock,
        switched_on_s: float,
        change: RateChange | None = None,
    ) -> None:
        self._clock = settings.clock
        self._motion = motion
        self._switched_on_s = switched_on_s
        self._rate_hz = settings.true_rate_hz
        self._interval = settings.clock.interval_ticks(settings.rate_hz)
        self._later_interval = self._interval
        self._change_at: int | None = None
        if change is not None:
            self._change_at = math.ceil(change.at_s * self._rate_hz)
            self._later_interval = settings.clock.interval_ticks(change.rate_hz)

    def interval_ticks(self, index: int) -> int:
        """Ticks from a sample to the next one."""
        return self._interval if self._change_at is None or index < self._change_at else self._later_interval

    def taken_at_s(self, index: int) -> float:
        """Seconds of the motion at which a sample is taken."""
        if self._change_at is None or index <= self._change_at:
            # not by way of ticks: the feed's own times are these
            return index / self._rate_hz
        return self._ticks_since_beginning(index) / self._clock.true_tick_rate_hz

    def taken_by(self, motion_s: float) -> int:
        """Samples that have been taken before a time of the motion; the index that comes next."""
        index = math.ceil(motion_s * self._rate_hz)
        if self._change_at is None or index <= self._change_at:
            return index
        ticks = motion_s * self._clock.true_tick_rate_hz - self._change_at * self._interval
        return self._change_at + math.ceil(ticks / self._later_interval)

    def tick_of(self, index: int) -> int:
        """Device tick at which a sample is taken."""
        began_s = self._switched_on_s if self._motion.began_s is None else self._motion.began_s
        since_on = int((began_s - self._switched_on_s) * self._clock.true_tick_rate_hz)
        return self._clock.start_tick + since_on + self._ticks_since_beginning(index)

    def ticks_now(self) -> int:
        """The device clock."""
        uptime_s = self._motion.host_s - self._switched_on_s
        return self._clock.start_tick + int(uptime_s * self._clock.true_tick_rate_hz)

    def at_one_rate(self, index: int, samples: int) -> int:
        """How many of the samples from an index on are taken at one rate: a frame states but one."""
        if self._change_at is None or not index < self._change_at < index + samples:
            return samples
        return self._change_at - index

    def _ticks_since_beginning(self, index: int) -> int:
        later = 0 if self._change_at is None else max(0, index - self._change_at)
        return (index - later) * self._interval + later * self._later_interval
