"""All that a page asks the database finds its way by index: ten years cost what a week costs."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from week_samples import WEEK, Diary, both_legs, on, training

from tracker.home import shipped_text
from tracker.model import SessionFelt, SetFelt, Side
from tracker.plan.catalogue import load_catalogue
from tracker.progress.week_page import week_page
from tracker.store.database import open_database
from tracker.store.felt import save_session_felt, save_set_felt
from tracker.store.plans import start_plan

FEW_ROWS = ("person", "band")
"""Tables that do not grow with the years."""


@contextmanager
def remembered() -> Iterator[list[tuple[str, Any]]]:
    """The statements that are asked meanwhile."""
    asked: list[tuple[str, Any]] = []

    def remember(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:  # noqa: ANN401
        asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", remember)


@pytest.mark.parametrize("analyzed", [False, True])
def test_a_page_is_found_by_index(tmp_path: Path, analyzed: bool) -> None:
    with open_database(tmp_path / "tracker.db") as database:
        diary = Diary(database)
        person = diary.person
        sets = (training("bridge", Side.LEFT, 5), training("bridge", Side.RIGHT, 5))
        with database.write() as connection:
            start_plan(connection, person.person_id, "Plan", shipped_text("plan.toml"), WEEK.monday, None)
        for day in range(30):
            session_id = diary.add(on(0) - timedelta(days=day), *both_legs(25, 15), sets=sets)
            with database.write() as connection:
                save_session_felt(connection, session_id, SessionFelt(effort=6))
                save_set_felt(connection, session_id, 1, SetFelt(pain=1))
        if analyzed:
            with database.write() as connection:
                connection.execute(text("ANALYZE"))
        with remembered() as asked:
            page = week_page(database, person, load_catalogue(), WEEK, now=on(6))
    assert page.summary.sessions == 1
    selects = [one for one in asked if one[0].lstrip().startswith("SELECT")]
    assert len(selects) > 15
    with closing(sqlite3.connect(tmp_path / "tracker.db")) as plain:
        for statement, parameters in selects:
            steps = [row[3] for row in plain.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            scans = [step for step in steps if step.startswith("SCAN") and step.split()[1] not in FEW_ROWS]
            assert not [step for step in scans if "CONSTANT ROW" not in step], (statement, steps)
