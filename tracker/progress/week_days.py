"""The repetitions of a week, day by day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from tracker.progress.iso_week import IsoWeek
from tracker.store.values import SpanRows

_DAYS_IN_WEEK = 7


@dataclass(frozen=True, slots=True)
class DayWork:
    """One day; zeros where nothing was done.

    Attributes:
        sessions: that began on it.
        valid_reps, partial_reps: as the sensors counted them, corrected.
        told_reps: of sessions without sensors.
    """

    day: date
    sessions: int
    valid_reps: int
    partial_reps: int
    told_reps: int


def work_by_day(rows: SpanRows, week: IsoWeek, timezone: ZoneInfo) -> tuple[DayWork, ...]:
    """The seven days of a week, Monday first, from the rows of its sessions."""
    day_of = {one.session_id: one.started_at.astimezone(timezone).date() for one in rows.sessions}
    sessions: dict[date, int] = defaultdict(int)
    valid: dict[date, int] = defaultdict(int)
    partial: dict[date, int] = defaultdict(int)
    told: dict[date, int] = defaultdict(int)
    for day in day_of.values():
        sessions[day] += 1
    for one in rows.sets:
        valid[day_of[one.session_id]] += one.valid_reps
        partial[day_of[one.session_id]] += one.partial_reps
    for by_hand in rows.told:
        told[day_of[by_hand.session_id]] += by_hand.sets * by_hand.reps
    days = [week.monday + timedelta(days=number) for number in range(_DAYS_IN_WEEK)]
    return tuple(DayWork(day, sessions[day], valid[day], partial[day], told[day]) for day in days)
