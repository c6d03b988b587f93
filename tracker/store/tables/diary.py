"""What a person tells: how it felt, bands, habits, safety questions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.tables.base import Table


class BandTable(Table):
    """A resistance band of a person. Lengths are metres, forces newtons at 100 and 200 % elongation."""

    __tablename__ = "band"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    brand: Mapped[str] = mapped_column(String(100))
    colour: Mapped[str] = mapped_column(String(32))
    rest_length_m: Mapped[float | None]
    is_loop: Mapped[bool]
    force_100_n: Mapped[float | None]
    force_200_n: Mapped[float | None]
    added_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class SessionFeltTable(Table):
    """How a session felt: pain and effort from 0 to 10."""

    __tablename__ = "session_felt"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    pain_before: Mapped[int | None]
    pain_worst: Mapped[int | None]
    pain_next_morning: Mapped[int | None]
    effort: Mapped[int | None]
    notes: Mapped[str | None]


class SetFeltTable(Table):
    """How a set felt, and the band that it was done with."""

    __tablename__ = "set_felt"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    set_number: Mapped[int] = mapped_column(primary_key=True)
    pain: Mapped[int | None]
    effort: Mapped[int | None]
    notes: Mapped[str | None]
    band_id: Mapped[int | None] = mapped_column(ForeignKey("band.id"), index=True)
    stretched_length_m: Mapped[float | None]


class HabitDayTable(Table):
    """What a person says of one habit on one day."""

    __tablename__ = "habit_day"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    habit: Mapped[str] = mapped_column(String(64), primary_key=True)
    amount: Mapped[str] = mapped_column(String(16))
    minutes: Mapped[int | None]


class ScreeningTable(Table):
    """Answers to the questions that tell when not to train; `answers` is JSON."""

    __tablename__ = "screening"
    __table_args__ = (Index("ix_screening_latest", "person_id", "asked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    occasion: Mapped[str] = mapped_column(String(16))
    answers: Mapped[str]
    flagged: Mapped[bool]
    emergency: Mapped[bool]
    note: Mapped[str | None]
    """Who cleared the training, and when, as the person says."""
