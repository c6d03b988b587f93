"""A plan on a day as a terminal shows it: weeks count from 1 there, as on the page, and from 0 in JSON."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from plan_bench import CATALOGUE, START, PlanBench
from rich.text import Text

from tracker.plan.plan_table import shipped_plan_text
from tracker.report.plan_tables import plan_object, plan_tables
from tracker.session.plan_view import PlanView, plan_view
from tracker.store.database import open_database


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[PlanBench]:
    """A person in the shipped plan."""
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        yield PlanBench.begun(connection, shipped_plan_text())


def seen(bench: PlanBench, days: int) -> PlanView:
    """The plan so many days after it began."""
    view = plan_view(bench.connection, bench.person_id, START + timedelta(days=days), CATALOGUE)
    assert view is not None
    return view


@pytest.mark.parametrize(("days", "week"), [(0, 0), (6, 0), (7, 1), (35, 5)])
def test_weeks_count_from_1_in_words_and_from_0_in_json(bench: PlanBench, days: int, week: int) -> None:
    view = seen(bench, days)
    lines = [one.plain for one in plan_tables(view, CATALOGUE) if isinstance(one, Text)]
    assert f"week {week + 1} of the plan, phase A: Activation (weeks 1 to 2)" in lines
    shown = plan_object(view)
    assert shown["week"] == week
    assert (shown["phase"]["from_week"], shown["phase"]["until_week"]) == (0, 2)
