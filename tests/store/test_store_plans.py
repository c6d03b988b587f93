"""Plans, targets and what rules said come back from the store as they went in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from postgres_server import new_database
from sqlalchemy import Connection
from store_samples import STARTED_AT, analysis, begin

from tracker.errors import UsageError
from tracker.model import SetTarget, Side
from tracker.store.analyses import save_analysis
from tracker.store.database import Database, open_database
from tracker.store.persons import get_or_create_person
from tracker.store.plan_sets import PlanSet, plan_sessions, plan_sets, trained_exercises
from tracker.store.plans import (
    ACCEPTED,
    DECLINED,
    REPLACED,
    RuleVerdict,
    answer_verdict,
    changes_of,
    end_plan,
    last_judged_session,
    latest_verdicts,
    plan_on,
    plans_between,
    replace_waiting,
    save_targets,
    save_verdicts,
    start_plan,
    targets_of,
    verdicts_of,
)

FIRST = date(2026, 11, 2)
NOW = datetime(2026, 11, 17, 20, 0, tzinfo=UTC)
ASKS = RuleVerdict(
    None, None, "seated", "double_progression", True, "all at the top", {"effort": 5}, {"kind": "harder"}, NOW
)
SAYS_NO = replace(ASKS, acts=False, reason="1 of 2 sessions", change=None)


@pytest.fixture(params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    location = tmp_path / "tracker.db" if request.param == "sqlite" else new_database()
    opened: Database
    with open_database(location) as opened, opened.write() as writing:
        yield writing


def person_id(connection: Connection) -> int:
    """The default person."""
    return get_or_create_person(connection, time_zone="Europe/Berlin").person_id


def plan_of(connection: Connection, first: date = FIRST, last: date | None = None) -> int:
    """A plan of the default person."""
    return start_plan(connection, person_id(connection), "Own", "name = 'Own'", first, last)


def test_a_plan_comes_back_on_its_days(connection: Connection) -> None:
    plan_id = plan_of(connection, FIRST, FIRST + timedelta(days=9))
    who = person_id(connection)
    on = {days: plan_on(connection, who, FIRST + timedelta(days=days)) for days in (-1, 0, 9, 10)}
    assert [days for days, plan in on.items() if plan] == [0, 9]
    plan = on[0]
    assert plan is not None
    assert (plan.plan_id, plan.name, plan.toml) == (plan_id, "Own", "name = 'Own'")
    end_plan(connection, plan_id, FIRST)
    assert plan_on(connection, who, FIRST + timedelta(days=1)) is None


def test_a_plan_that_was_called_off_was_never_on(connection: Connection) -> None:
    plan_id = plan_of(connection)
    end_plan(connection, plan_id, FIRST - timedelta(days=1))
    week = (FIRST - timedelta(days=3), FIRST + timedelta(days=3))
    assert plans_between(connection, person_id(connection), *week) == ()


def test_targets_come_back(connection: Connection) -> None:
    session_id = begin(connection)
    targets = (
        SetTarget("a", "B", "seated_ir", Side.BOTH, 3, 8, 12, 2.5, 90.0, "2-1-3", "ankles", "red", 125.0),
        SetTarget("b", "B", "bridge", Side.LEFT, 2, 10, 10),
    )
    save_targets(connection, session_id, plan_of(connection), targets)
    assert targets_of(connection, [session_id, session_id + 1]) == {session_id: targets}


def test_verdicts_come_back_the_last_of_each_rule(connection: Connection) -> None:
    plan_id, session_id = plan_of(connection), begin(connection)
    said = [replace(one, session_id=session_id) for one in (SAYS_NO, replace(SAYS_NO, rule="other"), ASKS)]
    save_verdicts(connection, plan_id, said)
    stored = verdicts_of(connection, plan_id)
    assert [replace(one, verdict_id=None) for one in stored] == said
    assert {one.rule: one.acts for one in latest_verdicts(connection, plan_id, session_id)} == {
        "double_progression": True,
        "other": False,
    }
    assert changes_of(connection, plan_id) == stored[2:]
    assert last_judged_session(connection, plan_id) == session_id


@pytest.mark.parametrize("accept", [True, False])
def test_a_proposal_is_answered_once(connection: Connection, accept: bool) -> None:
    plan_id = plan_of(connection)
    save_verdicts(connection, plan_id, [ASKS, SAYS_NO])
    asks, says_no = verdicts_of(connection, plan_id)
    assert asks.verdict_id is not None and says_no.verdict_id is not None
    answer_verdict(connection, plan_id, asks.verdict_id, accept=accept, at=NOW)
    (answered,) = changes_of(connection, plan_id)
    assert (answered.answer, answered.answered_at) == (ACCEPTED if accept else DECLINED, NOW)
    for plan, number in (
        (plan_id, asks.verdict_id),
        (plan_id, says_no.verdict_id),
        (plan_id + 1, asks.verdict_id),
    ):
        with pytest.raises(UsageError, match="no proposal"):
            answer_verdict(connection, plan, number, accept=True)


def test_only_what_waits_is_replaced(connection: Connection) -> None:
    plan_id = plan_of(connection)
    save_verdicts(connection, plan_id, [ASKS, ASKS])
    first, second = (one.verdict_id for one in verdicts_of(connection, plan_id))
    assert first is not None and second is not None
    answer_verdict(connection, plan_id, first, accept=True)
    replace_waiting(connection, plan_id, [first, second], NOW)
    replace_waiting(connection, plan_id, [], NOW)
    assert [one.answer for one in changes_of(connection, plan_id)] == [ACCEPTED, REPLACED]


def test_sets_come_with_the_pelvis_s_share(connection: Connection) -> None:
    session_id = begin(connection)
    save_analysis(connection, session_id, analysis(version="old"))
    save_analysis(connection, session_id, analysis())
    left, none = plan_sets(connection, [session_id])
    assert left == PlanSet(session_id, left.set_number, "seated_ir", Side.LEFT, 8, 2, (0.1,) * 10)
    assert (none.exercise, none.side, none.valid_reps, none.partial_reps) == ("clamshell", None, 5, 0)


def test_sessions_and_exercises_of_a_span(connection: Connection) -> None:
    early, late = (
        begin(connection),
        begin(connection, started_at=STARTED_AT + timedelta(days=1), simulated=True),
    )
    for session_id in (early, late):
        save_analysis(connection, session_id, analysis())
    who, end = person_id(connection), STARTED_AT + timedelta(days=2)
    found = plan_sessions(connection, who, STARTED_AT, end)
    assert [(one.session_id, one.simulated) for one in found] == [(late, True), (early, False)]
    assert plan_sessions(connection, who, STARTED_AT, end, limit=1) == found[:1]
    trained = trained_exercises(connection, who, STARTED_AT, STARTED_AT + timedelta(hours=1))
    assert set(trained) == {(STARTED_AT, "seated_ir", Side.LEFT), (STARTED_AT, "clamshell", None)}
