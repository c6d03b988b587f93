"""The recent past of a signal, by sample number."""

import numpy as np

from tracker.model import BoolArray, FloatArray


class SignalHistory:
    """Samples since a movable beginning, in buffers that grow by doubling and are reused."""

    def __init__(self) -> None:
        self._first = 0
        self._offset = 0
        self._count = 0
        self._time_s = np.empty(256)
        self._signal = np.empty(256)
        self._saturated = np.empty(256, dtype=bool)

    @property
    def stop(self) -> int:
        """Number of the sample that comes next."""
        return self._first + self._count

    @property
    def last_time_s(self) -> float | None:
        """Time of the newest sample; None before the first."""
        return float(self._time_s[self._offset + self._count - 1]) if self._count else None

    def append(self, time_s: FloatArray, signal: FloatArray, saturated: BoolArray) -> None:
        """Add samples, each (N,), at the end."""
        self._make_room(len(time_s))
        start = self._offset + self._count
        target = slice(start, start + len(time_s))
        self._time_s[target] = time_s
        self._signal[target] = signal
        self._saturated[target] = saturated
        self._count += len(time_s)

    def window(self, first: int, last: int) -> tuple[FloatArray, FloatArray, BoolArray]:
        """Time, signal and saturation of samples `first` to `last`, both included and still kept."""
        if first < self._first or last >= self.stop:
            raise IndexError(f"samples {first} to {last} are not within {self._first} to {self.stop - 1}")
        where = slice(self._offset + first - self._first, self._offset + last - self._first + 1)
        return self._time_s[where].copy(), self._signal[where].copy(), self._saturated[where].copy()

    def forget_before(self, number: int) -> None:
        """Let samples before `number` go; the newest one always stays."""
        drop = min(number, self.stop - 1) - self._first
        if drop > 0:
            self._first += drop
            self._offset += drop
            self._count -= drop

    def _make_room(self, extra: int) -> None:
        needed = self._count + extra
        if self._offset + needed <= len(self._time_s):
            return
        kept = slice(self._offset, self._offset + self._count)
        size = len(self._time_s) if 2 * needed <= len(self._time_s) else 2 * needed
        for name in ("_time_s", "_signal", "_saturated"):
            old = getattr(self, name)
            new = np.empty(size, dtype=old.dtype)
            new[: self._count] = old[kept]
            setattr(self, name, new)
        self._offset = 0
