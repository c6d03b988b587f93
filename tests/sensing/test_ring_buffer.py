"""What is left in a ring buffer, where indices pass the end of their 32 bits."""

from hypothesis import given
from hypothesis import strategies as st

from firmware_protocol import (
    FetchAnswer,
    FetchRequest,
    Opcode,
    RefusedAnswer,
    ResumeAnswer,
    ResumeRequest,
    Status,
)
from tracker.sensing.virtual.ring_buffer import INDEX_WRAP, RingBuffer

CAPACITY = 1000
TAKEN = st.one_of(st.integers(CAPACITY, 3 * CAPACITY), st.integers(INDEX_WRAP - 2000, INDEX_WRAP + 2000))


def sent(ring: RingBuffer, taken: int, most: int) -> list[int]:
    """Indices, since START, of all that is still to be sent."""
    indices: list[int] = []
    while ring.upcoming(taken) is not None:
        part = ring.take(most)
        assert part.samples <= most
        indices += range(part.first_index, part.first_index + part.samples)
    return indices


@given(taken=TAKEN, back=st.integers(1, CAPACITY), span=st.integers(1, CAPACITY), most=st.integers(1, 41))
def test_a_range_that_is_there_is_sent_whole(taken: int, back: int, span: int, most: int) -> None:
    ring = RingBuffer(CAPACITY)
    first = taken - back
    end = min(first + span, taken)
    answer = ring.fetch(FetchRequest(1, first % INDEX_WRAP, end % INDEX_WRAP), taken)
    assert answer == FetchAnswer(1, first % INDEX_WRAP, end % INDEX_WRAP)
    assert sent(ring, taken, most) == list(range(first, end))


@given(taken=TAKEN, beyond=st.integers(1, CAPACITY))
def test_what_was_overwritten_and_what_has_not_been_taken_is_told_apart(taken: int, beyond: int) -> None:
    ring = RingBuffer(CAPACITY)
    oldest = taken - CAPACITY
    gone = FetchRequest(1, (oldest - beyond) % INDEX_WRAP, oldest % INDEX_WRAP)
    expected = RefusedAnswer(Opcode.FETCH, 1, Status.RANGE_GONE, oldest % INDEX_WRAP)
    assert ring.fetch(gone, taken) == expected
    future = FetchRequest(1, oldest % INDEX_WRAP, (taken + beyond) % INDEX_WRAP)
    assert ring.fetch(future, taken) == RefusedAnswer(Opcode.FETCH, 1, Status.BAD_PARAMETER)
    assert sent(ring, taken, 18) == []


@given(taken=TAKEN, back=st.integers(0, 3 * CAPACITY))
def test_resume_sends_what_is_there_up_to_now(taken: int, back: int) -> None:
    ring = RingBuffer(CAPACITY)
    wanted = max(0, taken - back)
    first = max(wanted, taken - CAPACITY)
    answer = ring.resume(ResumeRequest(1, 7, wanted % INDEX_WRAP), taken)
    assert answer == ResumeAnswer(1, first % INDEX_WRAP)
    assert sent(ring, taken, 18) == list(range(first, taken))
