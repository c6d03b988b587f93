"""Which samples of a session have not come yet, by index."""

from dataclasses import dataclass

INDEX_WRAP = 1 << 32
"""Sample indices on the wire are counted modulo this."""

_HALF_WRAP = INDEX_WRAP // 2

LONGEST_GAP = 1_000_000
"""No sensor keeps more, 80 minutes at 200 Hz: an index further ahead is no loss but a new count or damage."""


@dataclass(frozen=True, slots=True)
class IndexRange:
    """Samples `first` up to, not including, `end`; unwrapped."""

    first: int
    end: int


class MissingSamples:
    """The account of one session's samples; it lives through lost links.

    Indices are unwrapped inside: 2**32 samples are 497 days at 100 Hz, but a sensor may begin anywhere.

    Args:
        limit: ranges that are remembered; where more are missing, the oldest are forgotten.
    """

    def __init__(self, limit: int = 1024) -> None:
        self._limit = limit
        self._next: int | None = None
        self._missing: list[IndexRange] = []

    @property
    def ranges(self) -> tuple[IndexRange, ...]:
        """What is missing, oldest first."""
        return tuple(self._missing)

    def begin_anew(self) -> None:
        """The sensor counts from another beginning: what was missing before cannot be had any more."""
        self._next = None
        self._missing = []

    def see(self, first_index: int, samples: int) -> None:
        """Samples came, new ones or some of those that were missing.

        Args:
            first_index: index as sent, modulo 2**32; one too far ahead to be believed is passed over.
        """
        if self._next is None:
            self._next = first_index
        first = self._unwrapped(first_index)
        if first - self._next > LONGEST_GAP:
            return
        end = first + samples
        if first > self._next:
            self._missing.append(IndexRange(self._next, first))
            del self._missing[: -self._limit]
        self._next = max(self._next, end)
        self.drop(IndexRange(first, end))

    def end_at(self, end_index: int) -> None:
        """The session ended with the sample before this one: what has not come up to it is missing."""
        if self._next is not None:
            end = self._unwrapped(end_index)
            if end > self._next:
                self._missing.append(IndexRange(self._next, end))
                self._next = end

    def drop(self, gone: IndexRange) -> None:
        """Samples are no longer missing: they have come, or never will."""
        if self._missing and gone.first < self._missing[-1].end:
            left = [part for one in self._missing for part in _without(one, gone)]
            self._missing = left

    def _unwrapped(self, index: int) -> int:
        """The index nearest to the next one that is expected."""
        expected = self._next or 0
        return expected + (index - expected + _HALF_WRAP) % INDEX_WRAP - _HALF_WRAP


def _without(one: IndexRange, gone: IndexRange) -> list[IndexRange]:
    parts = (
        IndexRange(one.first, min(one.end, gone.first)),
        IndexRange(max(one.first, gone.end), one.end),
    )
    return [part for part in parts if part.first < part.end]
