"""The recent past of counted samples, by sample number."""

import numpy as np

from tracker.model import FloatArray
from tracker.motion.signals.counted_samples import CHANNELS, Channel, CountedSamples

_FIRST_SIZE = 256


class SampleHistory:
    """Samples since a movable beginning, in a buffer that grows by doubling and is reused."""

    def __init__(self) -> None:
        self._first = 0
        self._offset = 0
        self._count = 0
        self._table: FloatArray = np.empty((CHANNELS, _FIRST_SIZE))

    @property
    def first(self) -> int:
        """Number of the oldest sample that is kept."""
        return self._first

    @property
    def stop(self) -> int:
        """Number of the sample that comes next."""
        return self._first + self._count

    @property
    def last_time_s(self) -> float | None:
        """Time of the newest sample; None before the first."""
        newest = self._offset + self._count - 1
        return float(self._table[Channel.TIME_S, newest]) if self._count else None

    def time_s(self, number: int) -> float:
        """Time of a sample that is still kept."""
        return float(self._table[Channel.TIME_S, self._offset + number - self._first])

    def at_or_after(self, time_s: float) -> int:
        """Number of the oldest kept sample of a time or later."""
        times = self._table[Channel.TIME_S, self._offset : self._offset + self._count]
        return self._first + int(np.searchsorted(times, time_s))

    def append(self, samples: CountedSamples) -> None:
        """Add samples at the end."""
        self._make_room(len(samples))
        start = self._offset + self._count
        self._table[:, start : start + len(samples)] = samples.table
        self._count += len(samples)

    def window(self, first: int, last: int) -> CountedSamples:
        """Samples `first` to `last`, both included and still kept; a view."""
        if first < self._first or last >= self.stop:
            raise IndexError(f"samples {first} to {last} are not within {self._first} to {self.stop - 1}")
        start = self._offset - self._first
        return CountedSamples(self._table[:, start + first : start + last + 1])

    def forget_before(self, number: int) -> None:
        """Let samples before `number` go; the newest one always stays."""
        drop = min(number, self.stop - 1) - self._first
        if drop > 0:
            self._first += drop
            self._offset += drop
            self._count -= drop

    def _make_room(self, extra: int) -> None:
        needed = self._count + extra
        size = self._table.shape[1]
        if self._offset + needed <= size:
            return
        kept = self._table[:, self._offset : self._offset + self._count]
        table = np.empty((CHANNELS, size if 2 * needed <= size else 2 * needed))
        table[:, : self._count] = kept
        self._table, self._offset = table, 0
