"""What a virtual sensor still has in memory, and what of it is being sent again."""

from dataclasses import dataclass

from firmware_protocol import (
    AnyAnswer,
    FetchAnswer,
    FetchRequest,
    RefusedAnswer,
    Request,
    ResumeAnswer,
    ResumeRequest,
    Status,
)

INDEX_WRAP = 1 << 32
"""Sample indices on the wire are counted modulo this."""


@dataclass(frozen=True, slots=True)
class Part:
    """Samples of one record.

    Attributes:
        first_index: index, since START, of the first one.
        samples: how many.
        sequence: number of the record since its request, from 0.
    """

    first_index: int
    samples: int
    sequence: int


class RingBuffer:
    """The last samples of a session, each overwritten by the one that comes `capacity` later.

    Indices in here are counted since START and do not wrap; those of requests and answers do.

    Args:
        capacity: samples that it holds.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._next = 0
        self._end = 0
        self._sequence = 0
        self._is_sending = False

    @property
    def is_sending(self) -> bool:
        """Whether a request is still being served: from its answer until its last record has left."""
        return self._is_sending

    def oldest(self, taken: int) -> int:
        """Index of the oldest sample that is there; `taken` where there is none.

        Args:
            taken: samples that have been taken since START.
        """
        return max(0, taken - self.capacity)

    def fetch(self, request: FetchRequest, taken: int) -> AnyAnswer:
        """Begin to send a range again, as far as it is still there."""
        if self._is_sending:
            return _refused(request, Status.BUSY)
        end = _unwrapped(request.end_sample_index, taken)
        first = _unwrapped(request.first_sample_index, end)
        if end > taken or first >= end:
            return _refused(request, Status.BAD_PARAMETER)
        if end <= self.oldest(taken):
            oldest = self.oldest(taken) % INDEX_WRAP
            return RefusedAnswer(request.opcode, request.request_id, Status.RANGE_GONE, oldest)
        first = self._begin(first, end, taken)
        return FetchAnswer(request.request_id, first % INDEX_WRAP, end % INDEX_WRAP)

    def resume(self, request: ResumeRequest, taken: int) -> AnyAnswer:
        """Begin to send again all from an index up to now; nothing where the receiver lacks nothing."""
        if self._is_sending:
            return _refused(request, Status.BUSY)
        first = _unwrapped(request.next_sample_index, taken)
        if first > taken:
            return _refused(request, Status.BAD_PARAMETER)
        return ResumeAnswer(request.request_id, self._begin(first, taken, taken) % INDEX_WRAP)

    def abort(self) -> None:
        """Send no more of what was asked for."""
        self._is_sending = False

    def upcoming(self, taken: int) -> int | None:
        """Index of the sample to send again next, or None; what was overwritten meanwhile is left out."""
        self._next = max(self._next, self.oldest(taken))
        # not before: a request that comes while the last record leaves is still BUSY
        self._is_sending = self._is_sending and self._next < self._end
        return self._next if self._is_sending else None

    def take(self, most: int) -> Part:
        """The samples to send again next.

        Args:
            most: how many may be in one record, at least 1.
        """
        part = Part(self._next, min(most, self._end - self._next), self._sequence)
        self._next += part.samples
        self._sequence += 1
        return part

    def _begin(self, first: int, end: int, taken: int) -> int:
        self._next, self._end, self._sequence = max(first, self.oldest(taken)), end, 0
        self._is_sending = self._next < end
        return self._next


def _unwrapped(index: int, near: int) -> int:
    """The index that is the given one modulo 2**32 and nearest to another."""
    half = INDEX_WRAP // 2
    return near + (index - near + half) % INDEX_WRAP - half


def _refused(request: Request, status: Status) -> RefusedAnswer:
    return RefusedAnswer(request.opcode, request.request_id, status)
