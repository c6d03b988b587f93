"""Plans, what they asked for, and what their rules said."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.tables.base import Table


class PlanTable(Table):
    """A plan as it was started, as TOML text; how it grew since then is in `rule_verdict`."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    toml: Mapped[str]
    starts_on: Mapped[str] = mapped_column(String(10))
    ends_on: Mapped[str | None] = mapped_column(String(10))
    """The last day; null while nobody has said when."""
    created_at: Mapped[datetime]


class RuleVerdictTable(Table):
    """What one rule said of one prescription after a session, also where it did not act.

    `inputs` and `change` are JSON; a verdict with a change waits until the person has answered it.
    """

    __tablename__ = "rule_verdict"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    prescription: Mapped[str] = mapped_column(String(100))
    rule: Mapped[str] = mapped_column(String(64))
    acts: Mapped[bool]
    reason: Mapped[str]
    inputs: Mapped[str]
    change: Mapped[str | None]
    made_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(String(16))
    answered_at: Mapped[datetime | None]


class SessionTargetTable(Table):
    """What the plan asked for on the day of a session."""

    __tablename__ = "session_target"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    prescription: Mapped[str] = mapped_column(String(100))
    phase: Mapped[str] = mapped_column(String(32))
    exercise: Mapped[str] = mapped_column(String(100))
    side: Mapped[str] = mapped_column(String(8))
    sets: Mapped[int]
    reps_low: Mapped[int]
    reps_high: Mapped[int]
    hold_s: Mapped[float | None]
    rest_s: Mapped[float | None]
    tempo: Mapped[str | None] = mapped_column(String(32))
    band_placement: Mapped[str | None] = mapped_column(String(100))
    band_colour: Mapped[str | None] = mapped_column(String(32))
    elongation_percent: Mapped[float | None]
