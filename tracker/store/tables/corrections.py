"""What a person says in place of what was found, and what was done without sensors."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.tables.base import Table


class SessionRevisionTable(Table):
    """One correction of a session: what was changed, when, why. Rows are only ever added."""

    __tablename__ = "session_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(16))
    field: Mapped[str | None] = mapped_column(String(64))
    set_number: Mapped[int | None]
    side: Mapped[str | None] = mapped_column(String(8))
    before: Mapped[str | None]
    after: Mapped[str | None]
    reason: Mapped[str]


class SetCorrectionTable(Table):
    """What a person says of a set in place of what was found; null where that stands.

    It belongs to the set and not to an analysis, so that it holds for later ones too. `side` is the counted
    set's, empty for none.
    """

    __tablename__ = "set_correction"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    set_number: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[str] = mapped_column(String(8), primary_key=True)
    exercise: Mapped[str | None] = mapped_column(String(100))
    valid_reps: Mapped[int | None]
    partial_reps: Mapped[int | None]
    left_out: Mapped[bool]


class ManualSetTable(Table):
    """Sets of one exercise and side that were done without sensors, as the person told."""

    __tablename__ = "manual_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    exercise: Mapped[str] = mapped_column(String(100))
    side: Mapped[str | None] = mapped_column(String(8))
    sets: Mapped[int]
    reps: Mapped[int]
    """Of each set."""
    hold_s: Mapped[float | None]
