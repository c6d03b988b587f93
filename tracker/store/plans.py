"""Plans of a person, what they asked for, and what their rules said."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from tracker.errors import NotThereError
from tracker.model import SetTarget, Side
from tracker.store.analysis_rows import AnyRow
from tracker.store.tables import PlanTable, RuleVerdictTable, SessionTable, SessionTargetTable

ACCEPTED, DECLINED, REPLACED = "accepted", "declined", "replaced"


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as it was started.

    Attributes:
        toml: its text; how it grew since then is in the accepted verdicts.
        ends_on: its last day; None while that is open.
    """

    plan_id: int
    name: str
    toml: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What one rule said of one prescription after a session.

    Attributes:
        verdict_id: None while it is not stored.
        session_id: the session that it was said after; None where there was none, as at the end of a phase.
        prescription: its name in the plan; empty where the whole plan is meant.
        acts: the rule asks for a change.
        reason: why it does or does not, in plain words.
        inputs: what it looked at.
        change: what would become different, None where it does not act.
        answer: `accepted` or `declined`; `replaced` where a later session took its place before that; None
            while it waits, and where there is nothing to answer.
    """

    verdict_id: int | None
    session_id: int | None
    prescription: str
    rule: str
    acts: bool
    reason: str
    inputs: Mapping[str, Any]
    change: Mapping[str, Any] | None
    made_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None


def start_plan(
    connection: Connection, person_id: int, name: str, toml: str, starts_on: date, ends_on: date | None
) -> int:
    """Store a plan that begins; returns its id."""
    row = {
        "person_id": person_id,
        "name": name,
        "toml": toml,
        "starts_on": starts_on.isoformat(),
        "ends_on": None if ends_on is None else ends_on.isoformat(),
        "created_at": datetime.now(UTC),
    }
    return connection.execute(insert(PlanTable).returning(PlanTable.id), row).scalar_one()


def end_plan(connection: Connection, plan_id: int, ends_on: date) -> None:
    """Store a plan's last day; one before its start calls it off."""
    own = update(PlanTable).where(PlanTable.id == plan_id)
    connection.execute(own.values(ends_on=ends_on.isoformat()))


def plans_between(connection: Connection, person_id: int, first: date, last: date) -> tuple[StoredPlan, ...]:
    """The plans that were on at any day from the first to the last, in the order of their beginnings."""
    query = (
        select(PlanTable.__table__)
        .where(
            PlanTable.person_id == person_id,
            PlanTable.starts_on <= last.isoformat(),
            or_(PlanTable.ends_on.is_(None), PlanTable.ends_on >= first.isoformat()),
            # One that was called off ends before it starts.
            or_(PlanTable.ends_on.is_(None), PlanTable.ends_on >= PlanTable.starts_on),
        )
        .order_by(PlanTable.starts_on, PlanTable.id)
    )
    return tuple(map(_plan, connection.execute(query)))


def plan_on(connection: Connection, person_id: int, day: date) -> StoredPlan | None:
    """The plan of a day, the one begun last of several; None where there is none."""
    found = plans_between(connection, person_id, day, day)
    return found[-1] if found else None


def save_targets(connection: Connection, session_id: int, plan_id: int, targets: Iterable[SetTarget]) -> None:
    """Store what the plan asked for on the day of a session."""
    rows = [{"session_id": session_id, "plan_id": plan_id, **asdict(one)} for one in targets]
    if rows:
        connection.execute(insert(SessionTargetTable), rows)


def targets_of(connection: Connection, sessions: Collection[int]) -> dict[int, tuple[SetTarget, ...]]:
    """What was asked for on the days of some sessions, by session id.

    Of a session that was moved to another person the plan of the one before asks for nothing.
    """
    query = (
        select(SessionTargetTable.__table__)
        .join(SessionTable, SessionTable.id == SessionTargetTable.session_id)
        .join(PlanTable, PlanTable.id == SessionTargetTable.plan_id)
        .where(SessionTargetTable.session_id.in_(sessions), PlanTable.person_id == SessionTable.person_id)
        .order_by(SessionTargetTable.id)
    )
    found: dict[int, list[SetTarget]] = {}
    for row in connection.execute(query):
        found.setdefault(row.session_id, []).append(_target(row))
    return {session_id: tuple(targets) for session_id, targets in found.items()}


def save_verdicts(connection: Connection, plan_id: int, verdicts: Iterable[RuleVerdict]) -> None:
    """Store what the rules said; what they said of the same session before is kept beside it."""
    rows = [
        {
            "plan_id": plan_id,
            "session_id": one.session_id,
            "prescription": one.prescription,
            "rule": one.rule,
            "acts": one.acts,
            "reason": one.reason,
            "inputs": json.dumps(one.inputs, sort_keys=True),
            "change": None if one.change is None else json.dumps(one.change, sort_keys=True),
            "made_at": one.made_at,
            "answer": one.answer,
            "answered_at": one.answered_at,
        }
        for one in verdicts
    ]
    if rows:
        connection.execute(insert(RuleVerdictTable), rows)


def verdicts_of(connection: Connection, plan_id: int) -> tuple[RuleVerdict, ...]:
    """All that the rules said of a plan, in the order in which they said it."""
    query = select(RuleVerdictTable.__table__).where(RuleVerdictTable.plan_id == plan_id)
    return tuple(map(_verdict, connection.execute(query.order_by(RuleVerdictTable.id))))


def changes_of(connection: Connection, plan_id: int) -> tuple[RuleVerdict, ...]:
    """Those verdicts that ask for a change, answered or waiting, in the order in which they were said."""
    query = select(RuleVerdictTable.__table__).where(
        RuleVerdictTable.plan_id == plan_id, RuleVerdictTable.change.is_not(None)
    )
    return tuple(map(_verdict, connection.execute(query.order_by(RuleVerdictTable.id))))


def latest_verdicts(connection: Connection, plan_id: int, session_id: int) -> tuple[RuleVerdict, ...]:
    """What each rule said last of each prescription after a session."""
    query = select(RuleVerdictTable.__table__).where(
        RuleVerdictTable.plan_id == plan_id, RuleVerdictTable.session_id == session_id
    )
    rows = map(_verdict, connection.execute(query.order_by(RuleVerdictTable.id)))
    return tuple({(one.prescription, one.rule): one for one in rows}.values())


def last_judged_session(connection: Connection, plan_id: int) -> int | None:
    """The session that began last of those that the rules of a plan judged; None where they judged none."""
    query = (
        select(SessionTable.id)
        .join(RuleVerdictTable, RuleVerdictTable.session_id == SessionTable.id)
        .where(RuleVerdictTable.plan_id == plan_id, SessionTable.deleted_at.is_(None))
        .order_by(SessionTable.started_at.desc(), SessionTable.id.desc())
        .limit(1)
    )
    found: int | None = connection.execute(query).scalar()
    return found


def replace_waiting(connection: Connection, plan_id: int, verdicts: Collection[int], at: datetime) -> None:
    """Store that proposals which wait need no answer any more: a later session took their place."""
    waiting = update(RuleVerdictTable).where(
        RuleVerdictTable.id.in_(verdicts),
        RuleVerdictTable.plan_id == plan_id,
        RuleVerdictTable.answer.is_(None),
    )
    connection.execute(waiting.values(answer=REPLACED, answered_at=at))


def answer_verdict(
    connection: Connection, plan_id: int, verdict_id: int, *, accept: bool, at: datetime | None = None
) -> None:
    """Store the person's answer to a proposed change, once.

    Args:
        at: the instant of the answer; now where None.

    Raises:
        UsageError: the plan has no such proposal that waits for an answer.
    """
    waiting = update(RuleVerdictTable).where(
        RuleVerdictTable.id == verdict_id,
        RuleVerdictTable.plan_id == plan_id,
        RuleVerdictTable.change.is_not(None),
        RuleVerdictTable.answer.is_(None),
    )
    values = {"answer": ACCEPTED if accept else DECLINED, "answered_at": at or datetime.now(UTC)}
    if connection.execute(waiting.values(values)).rowcount == 0:
        raise NotThereError(
            f"no proposal {verdict_id} waits for an answer",
            advice="`tracker plan` shows those that do.",
            proposal=verdict_id,
        )


def _plan(row: AnyRow) -> StoredPlan:
    ends_on = None if row.ends_on is None else date.fromisoformat(row.ends_on)
    return StoredPlan(row.id, row.name, row.toml, date.fromisoformat(row.starts_on), ends_on)


def _target(row: AnyRow) -> SetTarget:
    return SetTarget(
        prescription=row.prescription,
        phase=row.phase,
        exercise=row.exercise,
        side=Side(row.side),
        sets=row.sets,
        reps_low=row.reps_low,
        reps_high=row.reps_high,
        hold_s=row.hold_s,
        rest_s=row.rest_s,
        tempo=row.tempo,
        band_placement=row.band_placement,
        band_colour=row.band_colour,
        elongation_percent=row.elongation_percent,
    )


def _verdict(row: AnyRow) -> RuleVerdict:
    return RuleVerdict(
        verdict_id=row.id,
        session_id=row.session_id,
        prescription=row.prescription,
        rule=row.rule,
        acts=row.acts,
        reason=row.reason,
        inputs=json.loads(row.inputs),
        change=None if row.change is None else json.loads(row.change),
        made_at=row.made_at,
        answer=row.answer,
        answered_at=row.answered_at,
    )
