"""Tables of what the person said, and of what the plan said."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.report.exchange.columns import AnySelect, Column, Kind, PersonScope, TidyTable
from tracker.report.exchange.tables_of_sessions import SESSION, SET_NUMBER, SIMULATED
from tracker.store.tables import (
    BandTable,
    HabitDayTable,
    PlanTable,
    RuleVerdictTable,
    ScreeningTable,
    SessionFeltTable,
    SessionRevisionTable,
    SessionTable,
    SetFeltTable,
)

_UNSAID = "nothing was said"
_BESIDE = Column("simulated", Kind.BOOLEAN, "true: all sessions that it stands beside are simulated")


def _columns_of(table: type, columns: Sequence[Column]) -> list[InstrumentedAttribute[object]]:
    return [getattr(table, column.name) for column in columns]


def _of_sessions(
    ids: Sequence[int],
    table: type[SessionFeltTable] | type[SetFeltTable] | type[SessionRevisionTable],
    columns: Sequence[Column],
    *order: ColumnElement[object] | InstrumentedAttribute[int],
) -> AnySelect:
    return (
        select(SessionTable.id.label("session_id"), SessionTable.simulated, *_columns_of(table, columns))
        .join(table, table.session_id == SessionTable.id)
        .where(SessionTable.id.in_(ids))
        .order_by(SessionTable.started_at, SessionTable.id, *order)
    )


def _beside(scope: PersonScope) -> ColumnElement[bool]:
    return literal(scope.simulated).label("simulated")


_SESSION_FELT = (
    Column("pain_before", Kind.INTEGER, "pain before, 0 none to 10", missing=_UNSAID),
    Column("pain_worst", Kind.INTEGER, "pain at worst, 0 none to 10", missing=_UNSAID),
    Column("pain_next_morning", Kind.INTEGER, "pain the next morning, 0 none to 10", missing=_UNSAID),
    Column("effort", Kind.INTEGER, "perceived exertion, 0 none to 10", missing=_UNSAID),
    Column("notes", Kind.TEXT, "in the person's words", missing=_UNSAID),
)
SESSION_FELT = TidyTable(
    "session_felt",
    "how one session felt, as the person said",
    (SESSION, SIMULATED, *_SESSION_FELT),
    lambda ids: _of_sessions(ids, SessionFeltTable, _SESSION_FELT),
)

_SET_FELT = (
    SET_NUMBER,
    Column("pain", Kind.INTEGER, "pain at worst in the set, 0 none to 10", missing=_UNSAID),
    Column("effort", Kind.INTEGER, "perceived exertion, 0 none to 10", missing=_UNSAID),
    Column("notes", Kind.TEXT, "in the person's words", missing=_UNSAID),
    Column("band_id", Kind.INTEGER, "the band, in the table `bands`", missing="none, or nothing was said"),
    Column("stretched_length_m", Kind.NUMBER, "length of the band at the movement's end", "m", _UNSAID),
)
SET_FELT = TidyTable(
    "set_felt",
    "how one set felt, and the band that it was done with, as the person said",
    (SESSION, SIMULATED, *_SET_FELT),
    lambda ids: _of_sessions(ids, SetFeltTable, _SET_FELT, SetFeltTable.set_number),
)

_REVISIONS = (
    Column("made_at", Kind.TIME, "when it was corrected"),
    Column("action", Kind.TEXT, "what was done"),
    Column("field", Kind.TEXT, "what was changed", missing="the session as a whole"),
    Column("set_number", Kind.INTEGER, "the set meant", missing="the session as a whole"),
    Column("side", Kind.TEXT, "`side` of the set", missing="the session as a whole, or the set has none"),
    Column("before", Kind.TEXT, "what stood there", missing="nothing"),
    Column("after", Kind.TEXT, "what stands there now", missing="nothing"),
    Column("reason", Kind.TEXT, "why, in the person's words"),
)
REVISIONS = TidyTable(
    "revisions",
    "one correction of a session by the person",
    (SESSION, SIMULATED, *_REVISIONS),
    lambda ids: _of_sessions(ids, SessionRevisionTable, _REVISIONS, SessionRevisionTable.id),
)

_BANDS = (
    Column("brand", Kind.TEXT, "its maker"),
    Column("colour", Kind.TEXT, "its colour; colours do not mean the same between makers"),
    Column("rest_length_m", Kind.NUMBER, "length of the slack band", "m", "nobody measured it"),
    Column("is_loop", Kind.BOOLEAN, "true: both of its strands pull"),
    Column("force_100_n", Kind.NUMBER, "estimate: force of a strand at 100 % elongation", "N", "not known"),
    Column("force_200_n", Kind.NUMBER, "estimate: force of a strand at 200 % elongation", "N", "not known"),
    Column("added_at", Kind.TIME, "when it was entered"),
    Column("retired_at", Kind.TIME, "when it was put away", missing="it is in use"),
)


def _bands(scope: PersonScope) -> AnySelect:
    band = BandTable
    return (
        select(_beside(scope), band.id.label("band_id"), *_columns_of(band, _BANDS))
        .where(band.person_id == scope.person_id)
        .order_by(band.id)
    )


BANDS = TidyTable(
    "bands",
    "one resistance band of the person",
    (Column("band_id", Kind.INTEGER, "number of the band"), _BESIDE, *_BANDS),
    of_person=_bands,
    by_days=False,
)

_HABITS = (
    Column("day", Kind.DAY, "the day, in the person's time zone"),
    Column("habit", Kind.TEXT, "name of the habit"),
    Column("amount", Kind.TEXT, "`none`, `some` or `much`"),
    Column("minutes", Kind.INTEGER, "how long", "min", "the person does not know"),
)


def _habits(scope: PersonScope) -> AnySelect:
    habit = HabitDayTable
    query = select(_beside(scope), *_columns_of(habit, _HABITS)).where(habit.person_id == scope.person_id)
    if scope.first is not None:
        query = query.where(habit.day >= scope.first.isoformat())
    if scope.last is not None:
        query = query.where(habit.day <= scope.last.isoformat())
    return query.order_by(habit.day, habit.habit)


HABITS = TidyTable(
    "habits", "one habit on one day, as the person said", (_BESIDE, *_HABITS), of_person=_habits
)

_PLANS = (
    Column("name", Kind.TEXT, "its name"),
    Column("starts_on", Kind.DAY, "its first day"),
    Column("ends_on", Kind.DAY, "its last day", missing="nobody has said when it ends"),
    Column("created_at", Kind.TIME, "when it was started in the program"),
    Column("toml", Kind.TEXT, "the plan in full, as TOML"),
)


def _plans(scope: PersonScope) -> AnySelect:
    plan = PlanTable
    query = select(_beside(scope), plan.id.label("plan_id"), *_columns_of(plan, _PLANS))
    query = query.where(plan.person_id == scope.person_id)
    if scope.last is not None:
        query = query.where(plan.starts_on <= scope.last.isoformat())
    if scope.first is not None:
        query = query.where(or_(plan.ends_on.is_(None), plan.ends_on >= scope.first.isoformat()))
    return query.order_by(plan.starts_on, plan.id)


PLANS = TidyTable(
    "plans",
    "one plan as it was started; how it grew is in `plan_verdicts`",
    (Column("plan_id", Kind.INTEGER, "number of the plan"), _BESIDE, *_PLANS),
    of_person=_plans,
)

_VERDICTS = (
    Column("plan_id", Kind.INTEGER, "the plan, in the table `plans`"),
    Column("prescription", Kind.TEXT, "its name in the plan; empty: the whole plan"),
    Column("rule", Kind.TEXT, "name of the rule"),
    Column("acts", Kind.BOOLEAN, "true: the rule asks for a change"),
    Column("reason", Kind.TEXT, "why it does or does not"),
    Column("inputs", Kind.TEXT, "what it looked at, as JSON"),
    Column("change", Kind.TEXT, "what would become different, as JSON", missing="it does not act"),
    Column("made_at", Kind.TIME, "when it was said"),
    Column(
        "answer",
        Kind.TEXT,
        "`accepted`, `declined`, or `replaced` by what a later session asked for",
        missing="it waits, or asks for nothing",
    ),
    Column("answered_at", Kind.TIME, "when it was answered", missing="it was not"),
)


def _verdicts(ids: Sequence[int]) -> AnySelect:
    verdict = RuleVerdictTable
    return (
        select(SessionTable.id.label("session_id"), SessionTable.simulated, *_columns_of(verdict, _VERDICTS))
        .join(verdict, verdict.session_id == SessionTable.id)
        .where(SessionTable.id.in_(ids))
        .order_by(SessionTable.started_at, SessionTable.id, verdict.id)
    )


def _verdicts_of_no_session(scope: PersonScope) -> AnySelect:
    verdict, plan = RuleVerdictTable, PlanTable
    query = (
        select(verdict.session_id, _beside(scope), *_columns_of(verdict, _VERDICTS))
        .join(plan, plan.id == verdict.plan_id)
        .where(plan.person_id == scope.person_id, verdict.session_id.is_(None))
    )
    within = _within(scope, verdict.made_at)
    return query.where(within).order_by(verdict.id)


def _within(scope: PersonScope, instant: InstrumentedAttribute[object]) -> ColumnElement[bool]:
    bounds: list[ColumnElement[bool]] = []
    if scope.since is not None:
        bounds.append(instant >= scope.since)
    if scope.until is not None:
        bounds.append(instant < scope.until)
    return and_(literal(True), *bounds)


VERDICTS = TidyTable(
    "plan_verdicts",
    "what one rule of a plan said of one prescription",
    (
        Column("session_id", Kind.INTEGER, "the session that it was said after", missing="after none"),
        _BESIDE,
        *_VERDICTS,
    ),
    _verdicts,
    _verdicts_of_no_session,
)

_SCREENINGS = (
    Column("asked_at", Kind.TIME, "when the questions were asked"),
    Column("occasion", Kind.TEXT, "why: `first`, `weekly`, `pain`, or `asked` by the person"),
    Column("answers", Kind.TEXT, "by the question's name, true for yes, as JSON"),
    Column("flagged", Kind.BOOLEAN, "true: an answer speaks for seeing a clinician first"),
    Column("emergency", Kind.BOOLEAN, "true: an answer speaks for emergency care"),
    Column("note", Kind.TEXT, "who cleared the training, and when, as the person says", missing=_UNSAID),
)


def _screenings(scope: PersonScope) -> AnySelect:
    asked = ScreeningTable
    query = select(_beside(scope), *_columns_of(asked, _SCREENINGS))
    query = query.where(asked.person_id == scope.person_id, _within(scope, asked.asked_at))
    return query.order_by(asked.asked_at, asked.id)


SCREENINGS = TidyTable(
    "screenings",
    "one round of the questions that tell when not to train",
    (_BESIDE, *_SCREENINGS),
    of_person=_screenings,
)
