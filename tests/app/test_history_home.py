"""The simulated history has sessions, within the plan, whatever day of the week it is."""

from datetime import UTC, datetime, timedelta

import pytest
from history_home import begins_on, evenings

MONDAY = datetime(2026, 11, 30, 0, 20, tzinfo=UTC)


@pytest.mark.parametrize("weeks", [1, 6])
@pytest.mark.parametrize("day", range(7))
def test_each_session_lies_within_the_plan_and_before_today(day: int, weeks: int) -> None:
    now = MONDAY + timedelta(days=day)
    days = [started_at.date() for _, started_at in evenings(now, weeks)]
    assert len(days) >= 3 * weeks
    assert begins_on(now, weeks) == days[0] <= days[-1] < now.date()
