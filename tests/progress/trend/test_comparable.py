"""Unlike donnings never stand in one trend, and what is left out is named."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trend_series import ALIKE, donnings

from tracker.model import Posture, RelativeTo
from tracker.progress.trend.comparable import MeasuredDonning, latest_alike
from tracker.progress.trend.values import Comparable, LeftOut

OTHERS: dict[str, tuple[dict[str, Any], str]] = {
    "version": ({"analysis_version": "2"}, "analysed by version 2"),
    "reference": ({"relative_to": RelativeTo.VERTICAL}, "measured against the vertical"),
    "posture": ({"posture": Posture.PRONE}, "measured prone"),
    "recipe": ({"recipe": "standing+foot_block"}, "zero by standing+foot_block"),
    "simulated": ({"simulated": False}, "not simulated"),
    "no recipe": ({"recipe": ""}, "zero by the housing"),
}


def on(days: range, comparable: Comparable = ALIKE) -> list[MeasuredDonning]:
    return donnings([1.0] * len(days), comparable=comparable, days=list(days))


@pytest.mark.parametrize("other", OTHERS)
def test_what_differs_is_left_out_and_named(other: str) -> None:
    changed, reason = OTHERS[other]
    alike, left_out = latest_alike([*on(range(10), replace(ALIKE, **changed)), *on(range(10, 25))])
    assert [one.comparable for one in alike] == [ALIKE] * 15
    assert left_out == (LeftOut(10, reason),)


def test_several_differences_are_all_named() -> None:
    other = replace(ALIKE, analysis_version="1.5", posture=Posture.SEATED)
    _, left_out = latest_alike([*on(range(3), other), *on(range(3, 9))])
    assert left_out == (LeftOut(3, "analysed by version 1.5, measured seated"),)


def test_one_odd_session_at_the_end_does_not_hide_the_others() -> None:
    odd = replace(ALIKE, posture=Posture.SEATED)
    alike, left_out = latest_alike([*on(range(20)), *on(range(20, 21), odd)])
    assert len(alike) == 20
    assert left_out == (LeftOut(1, "measured seated"),)


def test_a_week_of_another_way_begins_a_new_trend() -> None:
    new = replace(ALIKE, analysis_version="2")
    alike, left_out = latest_alike([*on(range(20)), *on(range(20, 27), new)])
    assert [one.comparable for one in alike] == [new] * 7
    assert left_out == (LeftOut(20, "analysed by version 1"),)


def test_of_as_many_of_both_the_later_way_is_taken() -> None:
    new = replace(ALIKE, relative_to=RelativeTo.VERTICAL)
    alike, _ = latest_alike([*on(range(2)), *on(range(2, 4), new)])
    assert [one.comparable for one in alike] == [new] * 2


def test_nothing_is_alike_without_donnings() -> None:
    assert latest_alike([]) == ((), ())


@given(st.lists(st.sampled_from(["1", "2", "3"]), max_size=30))
def test_no_donning_is_lost_or_mixed(versions: list[str]) -> None:
    given_ones = [
        on(range(day, day + 1), replace(ALIKE, analysis_version=version))[0]
        for day, version in enumerate(versions)
    ]
    alike, left_out = latest_alike(given_ones)
    assert len({one.comparable for one in alike}) == bool(versions)
    assert len(alike) + sum(one.donnings for one in left_out) == len(versions)
