"""The account of samples that have not come: the same as a plain set of indices would tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.sensing.missing_samples import INDEX_WRAP, LONGEST_GAP, IndexRange, MissingSamples

FRAME = 5


def missing_of(account: MissingSamples) -> list[int]:
    return [index for one in account.ranges for index in range(one.first, one.end)]


@given(
    start=st.sampled_from([0, 1000, INDEX_WRAP - 40, INDEX_WRAP - 1]),
    order=st.lists(st.integers(0, 30), min_size=1, max_size=60),
)
def test_what_is_missing_is_what_never_came(start: int, order: list[int]) -> None:
    account = MissingSamples()
    came: set[int] = set()
    for number in order:
        first = start + number * FRAME
        account.see(first % INDEX_WRAP, FRAME)
        came |= set(range(first, first + FRAME))
    begins = start + order[0] * FRAME
    expected = sorted(set(range(begins, max(came) + 1)) - came)
    # the account unwraps from the first index that it saw, as sent
    assert missing_of(account) == [index - begins + begins % INDEX_WRAP for index in expected]


def test_the_end_of_a_session_shows_what_its_last_notifications_held() -> None:
    account = MissingSamples()
    account.see(0, 10)
    account.end_at(35)
    assert missing_of(account) == list(range(10, 35))
    account.see(10, 25)
    assert missing_of(account) == []


def test_a_sensor_that_begins_anew_has_nothing_of_before() -> None:
    account = MissingSamples()
    account.see(0, 10)
    account.see(50, 10)
    account.begin_anew()
    account.see(0, 10)
    assert missing_of(account) == []


def test_an_index_that_cannot_be_believed_opens_no_gap() -> None:
    account = MissingSamples()
    account.see(0, 10)
    account.see(LONGEST_GAP + 11, 10)
    account.see(10, 10)
    assert missing_of(account) == []
    account.see(LONGEST_GAP + 20, 10)
    assert account.ranges == (IndexRange(20, LONGEST_GAP + 20),)


def test_ranges_are_bounded() -> None:
    account = MissingSamples(limit=3)
    for number in range(10):
        account.see(number * 20, 10)
    assert account.ranges == (IndexRange(130, 140), IndexRange(150, 160), IndexRange(170, 180))


@pytest.mark.parametrize(("gone", "left"), [((0, 12), 18), ((12, 15), 17), ((15, 100), 5), ((0, 100), 0)])
def test_what_is_gone_for_good_is_no_longer_missing(gone: tuple[int, int], left: int) -> None:
    account = MissingSamples()
    account.see(0, 10)
    account.see(30, 10)
    account.drop(IndexRange(*gone))
    assert len(missing_of(account)) == left
